"""What stands where on a terminal of a session: a pure function of what there is to show and of the room.

The digits come first, then the name, what can be said, the ear, and what the coach said. A small terminal
shows fewer of these, and never a part of one. Colours say nothing that words do not.
"""

from rich.text import Text

from voicecoach.cli.terminal.alarm import alarm
from voicecoach.cli.terminal.figures import LEAST_ROWS, figures, pause_sign
from voicecoach.cli.terminal.parts import Room, Shown, foot, question
from voicecoach.cli.terminal.rows import LEAST, Block, cut, ends, gap, placed, stacked, words
from voicecoach.session import Mode, Phase, View

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
    Mode.CLOSING: "The end",
    Mode.ENDED: "The end",
}
WIDE_COLUMNS = 60


def page(shown: Shown, room: Room) -> list[Text]:
    """Exactly as many rows as there are, none of them too wide."""
    if shown.view.alarming:
        return alarm(shown, room)
    view, clock = shown.view, shown.view.clock
    counting = clock.digit is not None or clock.phase in (Phase.HOLD, Phase.GO)
    said = words(shown.coach, room.columns, room.glyphs, "cyan", 3, 2, "center")
    if view.question:
        middle = [gap(20, room.rows // 6), *question(view, room)]
    elif counting or view.mode is Mode.PAUSED:
        middle = [_big(view, room), gap(9), _bar(view, room), gap(9), said]
    else:
        middle = [
            gap(20, room.rows // 6),
            words(shown.coach, room.columns, room.glyphs, "bold cyan", 0, 6, "center"),
        ]
    rest = gap(LEAST, room.rows)  # so that the foot stands at the bottom
    return stacked([*_head(view, room), *middle, rest, *foot(shown, room)], room.rows)


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
