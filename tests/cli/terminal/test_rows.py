"""Who gets the rows of a small terminal, and what becomes of texts that are too long for it."""

from rich.cells import cell_len
from rich.text import Text

from voicecoach.cli.terminal.rows import ASCII, BLOCKS, Block, Glyphs, cut, ends, gap, listed, stacked, words


def shown(*blocks: Block, rows: int) -> list[str]:
    return [line.plain for line in stacked(blocks, rows)]


def line(text: str, matters: int) -> Block:
    return Block(matters, lambda _: [Text(text)])


def test_what_matters_least_gives_way_and_the_order_stays() -> None:
    blocks = (line("name", 1), line("next", 7), line("digits", 0))
    assert shown(*blocks, rows=2) == ["name", "digits"]
    assert shown(*blocks, rows=1) == ["digits"]
    assert shown(*blocks, rows=4) == ["name", "next", "digits", ""]


def test_an_empty_row_never_takes_the_place_of_a_word() -> None:
    long = words("one two three", 5, BLOCKS, matters=9, most=3)
    assert shown(gap(0), long, rows=3) == ["", "one", "two…"]
    assert shown(gap(10), long, rows=3) == ["one", "two", "three"]


def test_what_needs_all_or_nothing_leaves_the_rest_to_others() -> None:
    digits = Block(0, lambda rows: [Text("#")] * rows, 1, 6, whole=True)
    more = words("one two", 3, BLOCKS, matters=1, most=2)
    assert shown(digits, more, rows=3) == ["#", "one", "two"]


def test_a_long_sentence_ends_in_an_ellipsis_also_in_wide_letters() -> None:
    assert cut("Seated rotation", 8, BLOCKS) == "Seated…"
    assert cut("Seated rotation", 8, ASCII) == "Seate..."
    assert cut("Kürzer – 背背背背", 12, BLOCKS) == "Kürzer – 背…"
    for columns in range(1, 20):
        assert cell_len(cut("背背背背背背背背", columns, BLOCKS)) <= columns


def test_the_right_end_of_a_row_gives_way_to_the_left() -> None:
    assert ends("Bridge", "2 of 9", 20, BLOCKS) == "Bridge        2 of 9"
    assert ends("Seated rotation", "2 of 9", 20, BLOCKS) == "Seated rotation"


def test_commands_are_listed_whole_or_not_at_all() -> None:
    assert listed(["stop (s)", "pain (p)", "next (n)"], 20, 1) == ["stop (s)  pain (p)"]
    assert listed(["stop (s)"], 5, 1) == []


def test_a_terminal_without_block_letters_gets_ascii() -> None:
    assert Glyphs.of("utf-8") == BLOCKS
    assert Glyphs.of("ascii") == Glyphs.of("latin-1") == ASCII


def test_a_name_from_a_file_moves_no_cursor() -> None:
    [drawn] = shown(words("Bridge\x1b[2J\nand more", 40, BLOCKS), rows=1)
    assert drawn == "Bridge [2J and more"
