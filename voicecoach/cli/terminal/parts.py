"""What every page of the terminal has: a question and its answers, notices, the ear, what can be said."""

from dataclasses import dataclass

from rich.text import Text

from voicecoach.cli.terminal.rows import BLOCKS, Block, Glyphs, cut, ends, gap, listed, placed, words
from voicecoach.language.commands import NUMBERS, Command
from voicecoach.session import Live, Mode, Phase, View

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
VERB_COLUMNS = 40
"""From this width on, it is said whether a word is to be said or a key to be pressed."""
_DEAF = ("I cannot hear you: use the keys", "Deaf: use the keys")


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


def question(view: View, room: Room) -> list[Block]:
    return [
        words(view.question, room.columns, room.glyphs, "bold", 0, 5, "center"),
        gap(8),
        _choices(_answers(view), room),
    ]


def _choices(items: list[str], room: Room) -> Block:
    drawn = [placed(Text(line, "bold green"), room.columns) for line in listed(items, room.columns, 3)]
    return Block(1, lambda rows: drawn[:rows], min(1, len(drawn)), len(drawn))


def _answers(view: View) -> list[str]:
    if view.answers and view.answers[0].command in NUMBERS:
        return [f"{_named(view.answers[0])} to {_named(view.answers[-1])}"]
    return [_named(live) for live in view.answers]


def _named(live: Live) -> str:
    """A command's words and its key."""
    return f"{live.say} ({_KEYS.get(live.key, live.key)})" if live.key else live.say


def foot(shown: Shown, room: Room) -> list[Block]:
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
        deaf = next((each for each in _DEAF if len(each) <= room.columns), _DEAF[-1])
        text = ends(deaf, heard, room.columns, room.glyphs)
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
    verb = ("Say: " if view.hears else "Keys: ") if room.columns >= VERB_COLUMNS else ""
    lines = listed([verb + items[0], *items[1:]], room.columns, rows) if items else []
    return Block(2, lambda given: [Text(line) for line in lines[:given]], min(1, len(lines)), len(lines))
