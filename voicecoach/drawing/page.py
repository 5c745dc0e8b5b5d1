"""Drawings and the spoken lines beside them, as one page of HTML: nothing is fetched, and nothing runs."""

from collections.abc import Iterable, Iterator, Sequence
from html import escape

from voicecoach.care.exercise import Exercise, ExerciseLines
from voicecoach.care.figure import Phase
from voicecoach.drawing.scene import Scene, scene
from voicecoach.drawing.svg import still

_STYLE = """\
:root { color-scheme: light dark; }
* { box-sizing: border-box; }
body { margin: 0; background: Canvas; color: CanvasText; font: 1rem/1.45 system-ui, Arial, sans-serif; }
main { max-width: 70rem; margin: 0 auto; padding: 1.5rem; }
h1 { font-size: 2rem; margin: 0; }
h2 { font-size: 1.5rem; margin: 0 0 .5rem; }
section { border-top: 2px solid; padding: 1rem 0 1.5rem; margin-top: 1.5rem; break-inside: avoid; }
.frames { display: flex; flex-wrap: wrap; gap: 1rem 2rem; }
figure { margin: 0; flex: 0 1 auto; max-width: 21rem; }
figure svg { display: block; max-width: 100%; height: 13rem; }
figcaption p { margin: .25rem 0 0; font-weight: 600; }
.words { display: flex; flex-wrap: wrap; gap: 0 2.5rem; }
.words > div { flex: 1 1 16rem; }
h3 { font-size: 1rem; margin: 1rem 0 .25rem; }
.words p { margin: 0; }
@page { margin: 14mm; }
@media print { :root { color-scheme: light; } body { font-size: 9pt; line-height: 1.3; } main { padding: 0; }
  h1 { font-size: 18pt; } h2 { font-size: 13pt; margin: 0; } h3 { font-size: 9pt; margin: 2mm 0 0; }
  section { margin-top: 3mm; padding: 2mm 0 0; } .frames, .words { gap: 0 5mm; }
  .words > div { flex: 1 1 50mm; } figure { max-width: 58mm; } figure svg { height: 32mm; }
  body { -webkit-print-color-adjust: exact; print-color-adjust: exact; } }
"""


def page(title: str, description: str, exercises: Sequence[Exercise]) -> str:
    """The whole document; a printed page begins with no half of an exercise."""
    body = "\n".join(_exercise(each, each.name != title) for each in exercises)
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
        "style-src 'unsafe-inline'\">\n"
        f"<title>{escape(title)}</title>\n<style>\n{_STYLE}</style>\n</head>\n<body>\n<main>\n"
        f"<header><h1>{escape(title)}</h1><p>{escape(description)}</p></header>\n{body}\n"
        "</main>\n</body>\n</html>\n"
    )


def _exercise(exercise: Exercise, named: bool) -> str:
    lines = exercise.lines
    drawings = f'<div class="frames">{"".join(_drawings(exercise))}</div>'
    words = [
        _words("Getting ready", lines.set_up),
        _words("The movement", lines.steps),
        _words("Coming out", (lines.way_out,)),
        _words("Take care", lines.cautions),
        _words("If it hurts", lines.ease_out),
    ]
    return (
        f"<section>{f'<h2>{escape(exercise.name)}</h2>' if named else ''}{drawings}"
        f'<div class="words">{"".join(words)}</div></section>'
    )


def _words(title: str, lines: Sequence[str]) -> str:
    said = "".join(f"<p>{escape(line)}</p>" for line in lines)
    return f"<div><h3>{title}</h3>{said}</div>" if lines else ""


def _drawings(exercise: Exercise) -> Iterator[str]:
    """Every key frame of the first side, then the last one of each other side."""
    if exercise.figure is None:
        return
    first, *others = exercise.sides or (None,)
    drawn = scene(exercise.figure, first)
    for frame in drawn.different:
        yield _drawing(exercise.name, drawn, frame, _captions(exercise, drawn, frame))
    for side, line in zip(others, exercise.lines.sides[1:], strict=True):
        other = scene(exercise.figure, side)
        yield _drawing(exercise.name, other, other.different[-1], (line,))


def _drawing(name: str, drawn: Scene, frame: int, captions: Iterable[str]) -> str:
    said = "".join(f"<p>{escape(line)}</p>" for line in captions)
    return f"<figure>{still(drawn, frame, name)}<figcaption>{said}</figcaption></figure>"


def _captions(exercise: Exercise, drawn: Scene, frame: int) -> Iterator[str]:
    """The line of each moment that looks like `frame`, once; at the start, that of the first side as well."""
    shot = drawn.frames[frame]
    alike = [each.phase for each in drawn.frames if each.outlines == shot.outlines]
    yield from dict.fromkeys(_line(exercise.lines, phase) for phase in alike)
    if frame == 0:
        yield from exercise.lines.sides[:1]


def _line(lines: ExerciseLines, phase: Phase) -> str:
    """What is said as it begins, or first of how to get there."""
    match phase:
        case Phase.HOLD | Phase.IN | Phase.LOOP:
            return lines.begin
        case Phase.OUT:
            return lines.end
        case Phase.START:
            return lines.set_up[0]
