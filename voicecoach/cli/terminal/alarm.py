"""A safety stop on the terminal, and what it led to."""

from rich.text import Text

from voicecoach.cli.terminal.figures import LEAST_ROWS, figures
from voicecoach.cli.terminal.parts import Room, Shown, foot, question
from voicecoach.cli.terminal.rows import LEAST, Block, cut, gap, placed, stacked, words
from voicecoach.session import Mode, View

_BANNER, _EDGE = "bold white on red", "red"
FRAME_COLUMNS, FRAME_ROWS = 40, 14
"""From this size on, a safety stop has a frame."""
_BANNERS = {Mode.SAFETY: "SAFETY STOP", Mode.STAYING: "STAY STILL"}


def alarm(shown: Shown, room: Room) -> list[Text]:
    """A page with a frame, where there is room for one."""
    view, framed = shown.view, room.columns >= FRAME_COLUMNS and room.rows >= FRAME_ROWS
    inner = Room(room.columns - 8, room.rows - 2, room.glyphs) if framed else room
    banner = _BANNERS.get(view.mode, "FOR YOUR SAFETY")
    blocks = [*_danger(shown, inner), gap(8)]
    if not framed:
        blocks.insert(0, Block(0, lambda _: [_across(banner, room)]))
    lines = stacked([*blocks, gap(LEAST, inner.rows), *foot(shown, inner)], inner.rows)
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
        blocks += question(view, room)
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
