"""What stands where on a terminal of a session: a pure function of what there is to show and of the room.

The digits come first, then the name, what can be said, the ear, and what the coach said. A small terminal
shows fewer of these, and never a part of one. Colours say nothing that words do not.
"""

from dataclasses import dataclass

from rich.text import Text

from voicecoach.cli.figures import LEAST_ROWS, figures, pause_sign
from voicecoach.cli.rows import BLOCKS, Block, Glyphs, cut, ends, gap, listed, placed, stacked, words
from voicecoach.language.commands import NUMBERS, Command
from voicecoach.session import Live, Mode, Phase, View

_PHASES = {
    Phase.LISTEN: "Listen",
    Phase.READY: "Get ready",
    Phase.MOVE: "Move",
    Phase.HOLD: "Hold",
    Phase.GO: "Keep moving",
    Phase.IN: "Breathe in",
    Phase.OUT: "Breathe out",
    Phase.RELEASE: "Let go slowly",
    Phase.REST: "Rest",
}
_MODES = {
    Mode.INTAKE: "Before we begin",
    Mode.CHECKING: "One moment",
    Mode.STOPPED: "Stopped: let go",
    Mode.PAUSED: "Paused",
    Mode.SAFETY: "SAFETY STOP",
    Mode.STAYING: "STAY STILL",
    Mode.CLOSING: "The end",
    Mode.ENDED: "The end",
}
_KEYS = {" ": "space", "\r": "enter", "\n": "enter", "\x1b": "esc"}
_FIRST: dict[Mode | Phase, tuple[Command, ...]] = {
    Mode.PAUSED: (Command.RESUME,),
    Mode.STAYING: (Command.RESUME, Command.FINISH),
    Phase.READY: (Command.STOP, Command.PAIN, Command.READY),
    Phase.REST: (Command.STOP, Command.PAIN, Command.READY),
}
"""What is most likely to be said then."""
_ANSWERS = {Command.YES, Command.NO, Command.NOT_SURE, Command.EASE, Command.REST, *NUMBERS}
"""They are shown with their question, and not before."""
LEAST = 99
"""Matters less than anything else."""
_BANNER, _EDGE = "bold white on red", "red"
FRAME_COLUMNS, FRAME_ROWS = 40, 14
"""From this size on, a safety stop has a frame."""
WIDE_COLUMNS = 60


@dataclass(frozen=True, slots=True)
class Shown:
    """All that a terminal shows."""

    view: View
    coach: str = ""
    """the coach's last line"""
    heard: str = ""
    """what the user has just said or pressed; "" for nothing"""
    source: str = "voice"
    """by what: "voice", "key", another program"""
    notice: str = ""
    """what should be read now"""


@dataclass(frozen=True, slots=True)
class Room:
    columns: int
    rows: int
    glyphs: Glyphs = BLOCKS


def page(shown: Shown, room: Room) -> list[Text]:
    """Exactly as many rows as there are, none of them too wide."""
    if shown.view.alarming:
        return _alarm(shown, room)
    view, clock = shown.view, shown.view.clock
    counting = clock.digit is not None or clock.phase in (Phase.HOLD, Phase.GO)
    said = words(shown.coach, room.columns, room.glyphs, "cyan", 3, 2, "center")
    if view.question:
        middle = [gap(20, room.rows // 6), *_question(view, room)]
    elif counting or view.mode is Mode.PAUSED:
        middle = [_big(view, room), gap(9), _bar(view, room), gap(9), said]
    else:
        middle = [
            gap(20, room.rows // 6),
            words(shown.coach, room.columns, room.glyphs, "bold cyan", 0, 6, "center"),
        ]
    rest = gap(LEAST, room.rows)  # so that the foot stands at the bottom
    return stacked([*_head(view, room), *middle, rest, *_foot(shown, room)], room.rows)


def _head(view: View, room: Room) -> list[Block]:
    place = f"{view.nth} of {view.exercises}" if view.name else ""
    if place and room.columns >= WIDE_COLUMNS:
        place = f"exercise {place}"
    title = ends(view.name or view.program, place, room.columns, room.glyphs)
    sides = {"": "", "left": "left side", "right": "right side"}
    details = [sides.get(view.side, f"{view.side} sides")] if view.name else []
    if view.name and view.sets > 1 and view.repetition:
        details.append(f"round {view.repetition} of {view.sets}")
    phase = _PHASES[view.clock.phase] if view.mode is Mode.MOVING else _MODES[view.mode]
    detail = room.glyphs.dot.join(filter(None, details)) or view.program
    left = f"{view.minutes_left} min left" if view.minutes_left else "under 1 min left"
    blocks = [Block(1, lambda _: [Text(title, "bold")])]
    if view.name:
        line = ends(detail, left, room.columns, room.glyphs)
        blocks.append(Block(6, lambda _: [Text(line)]))
    calling = placed(Text(cut(phase.upper(), room.columns, room.glyphs), "bold"), room.columns)
    return [*blocks, gap(9), Block(4, lambda _: [calling]), gap(10)]


def _big(view: View, room: Room) -> Block:
    """The digits, or a sign: two fifths of the height, and never less than a tenth."""

    def draw(rows: int) -> list[Text]:
        if view.mode is Mode.PAUSED:
            lines = pause_sign(room.columns, rows, room.glyphs.ink)
        elif view.clock.digit is None:
            return [Text()] * rows
        else:
            lines = figures(str(view.clock.digit), room.columns, rows, room.glyphs.ink)
            lines = lines or [str(view.clock.digit)[: room.columns]]
        return [placed(Text(line, "bold"), room.columns) for line in lines]

    least = max(LEAST_ROWS, room.rows * 2 // 5)
    return Block(0, draw, min(least, room.rows), least + 1)


def _bar(view: View, room: Room) -> Block:
    clock, glyphs = view.clock, room.glyphs
    if not clock.of_s or view.mode is not Mode.MOVING:
        return gap(8)
    of = f" {clock.past_s} of {clock.of_s} s"
    width = min(60, room.columns - 2 * len(of))
    full = min(width, width * clock.past_s // clock.of_s)
    bar = Text.assemble((glyphs.ink * full, "green"), glyphs.track * (width - full), of)
    drawn = [placed(bar, room.columns)] if width >= 8 else []
    return Block(8, lambda _: drawn, min(1, len(drawn)), len(drawn))


def _question(view: View, room: Room) -> list[Block]:
    return [
        words(view.question, room.columns, room.glyphs, "bold", 0, 5, "center"),
        gap(8),
        _choices([_answers(view)] if view.answers else [], room),
    ]


def _choices(sets: list[list[str]], room: Room) -> Block:
    lines = [line for items in sets for line in listed(items, room.columns, 3)]
    drawn = [placed(Text(line, "bold green"), room.columns) for line in lines]
    return Block(1, lambda rows: drawn[:rows], min(1, len(drawn)), len(drawn))


def _answers(view: View) -> list[str]:
    if view.answers[0].command in NUMBERS:
        return [f"{_named(view.answers[0])} to {_named(view.answers[-1])}"]
    return [_named(live) for live in view.answers]


def _named(live: Live) -> str:
    """A command's words and its key."""
    return f"{live.say} ({_KEYS.get(live.key, live.key)})" if live.key else live.say


def _foot(shown: Shown, room: Room) -> list[Block]:
    view, glyphs = shown.view, room.glyphs
    notice = shown.notice if shown.notice != " ".join(view.advice) else ""
    then = f"Next: {view.then}" if view.then and view.mode in (Mode.MOVING, Mode.PAUSED) else ""
    blocks = [
        words(f"! {notice}", room.columns, glyphs, "bold yellow", 3, 3, least=2),
        words(then, room.columns, glyphs, "", 7),
        _ear(shown, room),
        _say(view, room),
    ]
    return [block for block, text in zip(blocks, (notice, then, "ear", "say"), strict=True) if text]


def _ear(shown: Shown, room: Room) -> Block:
    by = "Heard" if shown.source == "voice" else shown.source.capitalize()
    heard = f"{by}: {shown.heard}" if shown.heard else ""
    if not shown.view.hears:
        text = ends("I cannot hear you: use the keys", heard, room.columns, room.glyphs)
        if room.columns < 31:
            text = cut("Deaf: use the keys", room.columns, room.glyphs)
        return Block(2, lambda _: [Text(text, "bold black on yellow")])
    text = cut(heard or "Listening", room.columns, room.glyphs)
    return Block(5, lambda _: [Text(text, "bold green" if heard else "green")])


def _say(view: View, room: Room) -> Block:
    """What else can be said now, the likeliest first."""
    first = (*_FIRST.get(view.mode, ()), *_FIRST.get(view.clock.phase, ()))
    rank = {command: i for i, command in enumerate(first)}
    said_now = [each for each in view.live if each.command not in _ANSWERS]
    live = sorted(said_now, key=lambda each: rank.get(each.command, len(rank)))
    items = [_named(each) for each in live]
    rows = max(1, room.rows // 8)
    verb = ("Say: " if view.hears else "Keys: ") if room.columns >= FRAME_COLUMNS else ""
    lines = listed([verb + items[0], *items[1:]], room.columns, rows) if items else []
    return Block(2, lambda given: [Text(line) for line in lines[:given]], min(1, len(lines)), len(lines))


# -- a safety stop, and what it led to


def _alarm(shown: Shown, room: Room) -> list[Text]:
    view, framed = shown.view, room.columns >= FRAME_COLUMNS and room.rows >= FRAME_ROWS
    inner = Room(room.columns - 8, room.rows - 2, room.glyphs) if framed else room
    banner = _MODES[view.mode] if view.mode in (Mode.SAFETY, Mode.STAYING) else "FOR YOUR SAFETY"
    blocks = [*_danger(shown, inner), gap(8)]
    if not framed:
        blocks.insert(0, Block(0, lambda _: [_across(banner, room)]))
    lines = stacked([*blocks, gap(LEAST, inner.rows), *_foot(shown, inner)], inner.rows)
    if not framed:
        return lines
    ink = room.glyphs.ink
    edge = (ink * 2, _EDGE)
    sides = [
        Text.assemble(edge, "  ", line, " " * (inner.columns - line.cell_len), "  ", edge) for line in lines
    ]
    return [_across(banner, room), *sides, Text(ink * room.columns, _EDGE)]


def _across(text: str, room: Room) -> Text:
    """A bar with a text in its middle, which stands out without colours, too."""
    said = cut(f" {text} ", room.columns, room.glyphs)
    before = (room.columns - len(said)) // 2
    after = room.columns - len(said) - before
    ink = room.glyphs.ink
    return Text.assemble((ink * before, _EDGE), (said, _BANNER), (ink * after, _EDGE))


def _danger(shown: Shown, room: Room) -> list[Block]:
    """The question and its answers, or what to do now; and whom to call."""
    view, glyphs = shown.view, room.glyphs
    blocks = [gap(9, 2)]
    if view.question:
        blocks += _question(view, room)
    for line in view.advice:
        blocks.append(words(line, room.columns, glyphs, "bold", 1, 2, "center"))
    if shown.coach and shown.coach not in (view.question, *view.advice):
        blocks += [gap(8), words(shown.coach, room.columns, glyphs, "bold cyan", 3, 2, "center")]
    return [*blocks, gap(7), _emergency(view, room)]


def _emergency(view: View, room: Room) -> Block:
    """The emergency number, as large as there is room for."""
    labels = (f"In an emergency, call {view.number}", f"Emergency: {view.number}", view.number)
    label = next((each for each in labels if len(each) <= room.columns), view.number[: room.columns])
    tall = max(LEAST_ROWS, room.rows // 3)

    def draw(rows: int) -> list[Text]:
        digits = figures(view.number, room.columns, min(tall, rows - 1), room.glyphs.ink)
        below = [""] if rows - 1 > len(digits) else []
        return [placed(Text(line, "bold"), room.columns) for line in (label, *below, *digits)]

    return Block(2, draw, 1, tall + (2 if room.rows >= FRAME_ROWS else 1), whole=True)
