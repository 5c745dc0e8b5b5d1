"""Figures in a terminal: told apart in every size, and as large as there is room for."""

import pytest

from voicecoach.cli.terminal.figures import LEAST_ROWS, figures, pause_sign


@pytest.mark.parametrize("rows", range(LEAST_ROWS, 20))
def test_no_two_digits_look_alike(rows: int) -> None:
    drawn = {digit: tuple(figures(digit, 80, rows, "#")) for digit in "0123456789"}
    assert len(set(drawn.values())) == 10
    for lines in drawn.values():
        assert len(lines) == rows
        assert len({len(line) for line in lines}) == 1


def test_digits_take_the_height_unless_the_width_is_less() -> None:
    assert len(figures("8", 80, 10, "#")) == 10
    assert len(figures("45", 20, 10, "#")) < 10
    assert max(len(line) for line in figures("45", 20, 10, "#")) <= 20


def test_where_digits_would_not_be_legible_none_are_drawn() -> None:
    assert figures("8", 80, LEAST_ROWS - 1, "#") == []
    assert figures("120", 10, 24, "#") == []
    assert pause_sign(80, 2, "#") == []


def test_a_digit_is_drawn_in_its_seven_strokes() -> None:
    assert figures("2", 80, 5, "#") == ["######", "    ##", "######", "##    ", "######"]
