"""Figures that can be read from three metres, made of whole cells of a terminal.

They have the strokes of an alarm clock's, so they can be drawn in any size and with any character.
"""

LEAST_ROWS = 5
"""Lower ones cannot be told apart."""
_STROKES = {
    "0": "abcdef", "2": "abdeg", "3": "abcdg", "4": "bcfg", "5": "acdfg",
    "6": "acdefg", "7": "abc", "8": "abcdefg", "9": "abcdfg",
}  # fmt: skip
"""a: top, b and c: right, d: bottom, e and f: left, g: middle"""


def figures(digits: str, columns: int, rows: int, ink: str) -> list[str]:
    """`digits` as large as the room allows; [] if they would not be legible in it."""
    for height in range(rows, LEAST_ROWS - 1, -1):
        drawn = [_figure(digit, height, ink) for digit in digits]
        gap = " " * _stroke(height)[1]
        lines = [gap.join(figure[row] for figure in drawn) for row in range(height)]
        if len(lines[0]) <= columns:
            return lines
    return []


def pause_sign(columns: int, rows: int, ink: str) -> list[str]:
    """Two upright bars."""
    if rows < LEAST_ROWS - 2 or columns < rows * 2:
        return []
    bar = ink * max(2, rows * 2 // 3)
    return [bar + " " * len(bar) + bar] * rows


def _stroke(height: int) -> tuple[int, int]:
    """How many rows a lying stroke is thick, and how many columns an upright one; a cell is twice as high as
    wide."""
    return (1, 2) if height < 7 else (1, 3) if height < 11 else (2, 4)


def _figure(digit: str, height: int, ink: str) -> list[str]:
    thick, upright = _stroke(height)
    if digit == "1":  # with a foot: two bars would be a pause sign
        head, stem = ink * upright * 2 + " " * upright, " " * upright + ink * upright + " " * upright
        return [head] * thick + [stem] * (height - 2 * thick) + [ink * upright * 3] * thick
    strokes = _STROKES[digit]
    width = round(height * 1.3)
    middle = (height - thick) // 2
    lines = []
    for row in range(height):
        upper, lower = row < middle + thick, row >= middle
        lying = (
            ("a" in strokes and row < thick)
            or ("g" in strokes and upper and lower)
            or ("d" in strokes and row >= height - thick)
        )
        left = ("f" in strokes and upper) or ("e" in strokes and lower)
        right = ("b" in strokes and upper) or ("c" in strokes and lower)
        ends = [(ink if lying or there else " ") * upright for there in (left, right)]
        between = (ink if lying else " ") * (width - 2 * upright)
        lines.append(between.join(ends))
    return lines
