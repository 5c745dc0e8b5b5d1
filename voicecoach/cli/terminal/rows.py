"""Room on a terminal: what there is to show is given rows by how much it matters, and never more columns than
there are."""

import io
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.text import Text

LEAST = 99
"""Matters less than anything else."""
Align = Literal["left", "center"]


@dataclass(frozen=True, slots=True)
class Glyphs:
    """The characters to draw with."""

    ink: str = "█"
    track: str = "░"
    ellipsis: str = "…"
    dot: str = " · "

    @classmethod
    def of(cls, encoding: str) -> "Glyphs":
        """Those that `encoding` has."""
        try:
            "█░…·".encode(encoding)
        except (UnicodeEncodeError, LookupError):
            return ASCII
        return BLOCKS


BLOCKS, ASCII = Glyphs(), Glyphs("#", "-", "...", ", ")


@dataclass(frozen=True, slots=True)
class Block:
    """Rows that belong together."""

    matters: int
    """0: more than anything else"""
    draw: Callable[[int], list[Text]]
    """draws it in so many rows, or in fewer"""
    least: int = 1
    most: int = 1
    whole: bool = False
    """whether it can do nothing with more than the least, unless that is the most"""


def stacked(blocks: Iterable[Block], rows: int) -> list[Text]:
    """The blocks below one another, without those for which there is no room, in exactly `rows`."""
    order = list(blocks)
    given: dict[int, int] = {}
    ranked = sorted(range(len(order)), key=lambda i: order[i].matters)
    for i in ranked:
        if sum(given.values()) + order[i].least <= rows:
            given[i] = order[i].least
    for i in ranked:
        if i in given:
            spare, more = rows - sum(given.values()), order[i].most - order[i].least
            given[i] += more if more <= spare else 0 if order[i].whole else spare
    lines: list[Text] = []
    for i in sorted(given):
        drawn = order[i].draw(given[i])
        lines += [*drawn, *(Text() for _ in range(given[i] - len(drawn)))]
    return [*lines, *(Text() for _ in range(rows - len(lines)))]


def gap(matters: int, most: int = 1) -> Block:
    """Empty rows, if nothing else needs them."""
    return Block(matters, lambda _: [], 0, most)


def words(
    text: str,
    columns: int,
    glyphs: Glyphs,
    style: str = "",
    matters: int = 0,
    most: int = 1,
    align: Align = "left",
    least: int = 1,
) -> Block:
    """A sentence in as many rows as it needs, up to `most`; what is cut off ends in an ellipsis."""
    lines = wrapped(printable(text), columns)

    def draw(rows: int) -> list[Text]:
        kept = lines[:rows]
        if len(lines) > rows:
            kept[-1] = cut(f"{kept[-1]} {lines[rows]}", columns, glyphs, over=True)
        return [placed(Text(line, style), columns, align) for line in kept]

    needed = min(most, len(lines))
    return Block(matters, draw, min(least, needed), needed)


def placed(text: Text, columns: int, align: Align = "center") -> Text:
    if align == "left":
        return text
    return Text.assemble(" " * ((columns - text.cell_len) // 2), text)


def wrapped(text: str, columns: int) -> list[str]:
    return [line.plain.rstrip() for line in Text(text).wrap(_RULER, columns, overflow="fold")] or [""]


def cut(text: str, columns: int, glyphs: Glyphs, over: bool = False) -> str:
    """`text` in one row. `over`: it goes on after its end."""
    if cell_len(text) <= columns and not over:
        return text
    room = max(0, columns - cell_len(glyphs.ellipsis))
    short = text if cell_len(text) <= room else set_cell_size(text, room)
    return set_cell_size(short.rstrip() + glyphs.ellipsis, columns).rstrip()


def ends(left: str, right: str, columns: int, glyphs: Glyphs) -> str:
    """One row with a text at each end; the right one only if there is room for both."""
    left, right = printable(left), printable(right)
    spare = columns - cell_len(left) - cell_len(right)
    return left + " " * spare + right if right and spare >= 2 else cut(left, columns, glyphs)


def listed(items: list[str], columns: int, rows: int) -> list[str]:
    """As many whole items as there is room for, side by side."""
    lines: list[str] = []
    for item in items:
        if lines and cell_len(lines[-1]) + 2 + cell_len(item) <= columns:
            lines[-1] += f"  {item}"
        elif len(lines) < rows and cell_len(item) <= columns:
            lines.append(item)
        else:
            break
    return lines


def printable(text: str) -> str:
    """A name from a file, or a message of the system, cannot move the cursor."""
    return "".join(c if c.isprintable() else " " for c in text)


_RULER = Console(file=io.StringIO())
