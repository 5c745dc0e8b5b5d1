"""A TOML file that nobody would write by hand is refused quickly, with its name, the line and the reason."""

import time
from pathlib import Path

import pytest

from voicecoach.tables import InputError, read_table

BAD = {
    "a dotted key of 10,000 parts": ("\n" + ".".join("a" * 10_000) + " = 1", "line 2", "20003 characters"),
    "a dotted table of 10,000 parts": ("[" + ".".join("a" * 10_000) + "]", "line 1", "20001 characters"),
    "a number of 5,000 digits": ("\n\na = " + "9" * 5_000, "line 3", "5004 characters"),
    "a hexadecimal number of 5,000 digits": ("a = 0x" + "f" * 5_000, "line 1", "5006 characters"),
    "lists in lists": ("b = 1\na = [\n" + "[\n" * 30 + "]\n" * 31, "a: ", "nested more than 20 deep"),
    "lists without end": ("a = [\n" + "[\n" * 40_000, "the file", "nested more than 20 deep"),
    "tables in tables": ("a = " + "{a = " * 30 + "1" + "}" * 30, "a: ", "nested more than 20 deep"),
    "a dotted key of 900 parts": (".".join("a" * 900) + " = 1", "a: ", "nested more than 20 deep"),
}


@pytest.mark.fault(
    "a dotted key of 10,000 parts, a number of 5,000 digits, tables nested without end",
    "refused within a second with place and reason",
)
@pytest.mark.parametrize("case", sorted(BAD))
def test_a_monstrous_file_is_refused_with_place_and_reason(tmp_path: Path, case: str) -> None:
    """A dotted key of 20 KB took 5.6 seconds, and a number of 5,000 digits ended the program."""
    text, place, reason = BAD[case]
    path = tmp_path / "mine.toml"
    path.write_text(text, "utf-8")
    began_s = time.monotonic()
    with pytest.raises(InputError) as refusal:
        read_table(path)
    assert time.monotonic() - began_s < 1.0
    message = str(refusal.value)
    assert message.startswith(f"{path}: ")
    assert place in message
    assert reason in message
    assert message.isprintable()


@pytest.mark.fault("fifty dotted keys of a thousand parts each", "refused within two seconds")
def test_many_dotted_keys_are_read_quickly(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text("\n".join(f"b{i}.{'.'.join('a' * 990)} = 1" for i in range(50)), "utf-8")
    began_s = time.process_time()
    with pytest.raises(InputError, match="nested"):
        read_table(path)
    assert time.process_time() - began_s < 2.0


def test_brackets_in_texts_and_comments_nest_nothing(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text('a = ["[[[[[[[[[[[[[\\"[[[[[[", \'[[[[[[{{{{{"{{{{\']  # [[[[[[[[[[[[[\n', "utf-8")
    assert len(read_table(path)["a"]) == 2


def test_as_many_tables_as_fit_are_no_nesting(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text("[[a]]\nb = [1, [2]]\n" * 3_000, "utf-8")
    assert len(read_table(path)["a"]) == 3_000
