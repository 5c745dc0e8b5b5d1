"""Every synthetic word, in each state whose grammar has it, through the listening path of a session.

The first ear listens alone; the words of safety are heard by both as well.

heard.tsv holds what was recognised when the clips were made: a regression must not go unnoticed. Vosk dithers
its input at random, so a few borderline clips may fall either way.

On every run: what means stop or pain in every voice, each other word in one voice; with --all in the others.
"""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.faults.report import Measured
from voicecoach.cli.hear import Conditions, hear_file
from voicecoach.language import ListeningState
from voicecoach.testing import FIXTURES, SAFETY

WORDS = FIXTURES / "words"
BORDERLINE = 0.02
"""Share of the clips that may be recognised in one run and not in the next."""


@dataclass(frozen=True)
class Row:
    """A line of heard.tsv: a clip in a state."""

    file: str
    state: str
    ok: bool

    @property
    def phrase(self) -> str:
        return Path(self.file).stem.rsplit("_", 1)[0].replace("_", " ")

    @property
    def is_word(self) -> bool:
        return not self.file.startswith("oov_")

    def heard(self) -> list[str]:
        conditions = Conditions(ListeningState(self.state), None, 0.0, 0.0, first_only=True)
        return [h["text"] for h in hear_file(str(WORDS / self.file), conditions)["heard"]]


def rows() -> list[Row]:
    with (WORDS / "heard.tsv").open(encoding="utf-8") as table:
        return [Row(r["file"], r["state"], r["ok"] == "yes") for r in csv.DictReader(table, delimiter="\t")]


ROWS = rows()
REPORTS = [row for row in ROWS if row.phrase in SAFETY]
OTHERS = [row for row in ROWS if row.is_word and row.phrase not in SAFETY]
NOISES = [row for row in ROWS if not row.is_word]
VOICES = sorted({row.file.rsplit("_", 1)[1] for row in OTHERS})
PHRASES = sorted({row.phrase for row in OTHERS})
ONE_VOICE = [
    row for row in OTHERS if row.file.endswith(f"_{VOICES[PHRASES.index(row.phrase) % len(VOICES)]}")
]
"""Each word in one voice, and all voices in turn."""


def in_groups(rows: Iterable[Row], *, of: str) -> pytest.MarkDecorator:
    """A test for each state of the session; the rows of a test are all heard in one worker."""
    states = {state: [row for row in rows if row.state == state] for state in ListeningState}
    return pytest.mark.parametrize(
        "rows",
        [
            pytest.param(found, id=state.value, marks=pytest.mark.xdist_group(f"words {of} {state.value}"))
            for state, found in states.items()
            if found
        ],
    )


def worse(heard: list[tuple[Row, list[str]]]) -> list[str]:
    """The words that were heard once and are not now, if they are more than the borderline ones may be."""
    known = [(row, texts) for row, texts in heard if row.ok]
    lost = [row.file for row, texts in known if texts != [row.phrase]]
    return lost if len(lost) > max(1, BORDERLINE * len(known)) else []


def test_the_table_is_whole() -> None:
    assert len(ROWS) == len(REPORTS) + len(OTHERS) + len(NOISES)
    assert len(REPORTS) == len(SAFETY) * 7 * 4
    assert len(ONE_VOICE) == len(OTHERS) / len(VOICES)
    assert sum(row.ok for row in ROWS if row.is_word) > 600


@in_groups(REPORTS, of="safety")
def test_stop_and_pain_are_heard_in_every_voice_and_state(rows: list[Row]) -> None:
    heard = [(row, row.heard()) for row in rows]
    surely = ("stop", "pain", "it hurts", "help")
    assert not [row.file for row, texts in heard if row.phrase in surely and not set(texts) & set(SAFETY)]
    assert not worse(heard)


@in_groups([row for row in REPORTS if row.state == "holding"], of="safety, both ears")
def test_the_second_ear_loses_no_word_of_safety(rows: list[Row]) -> None:
    """None is taken back, and it hears some that the first ear misses."""
    conditions = Conditions(ListeningState.HOLDING, None, 0.0, 0.0)
    heard = [(row, hear_file(str(WORDS / row.file), conditions)) for row in rows]
    assert not [row.file for row, line in heard if "taken_back" in line]
    missed = [
        row.file
        for row, line in heard
        if not {h["command"] for h in line["heard"]} & {"stop", "pain", "help"}
    ]
    assert len(missed) <= 1, missed


@in_groups(ONE_VOICE, of="others")
def test_what_was_heard_once_is_heard_still(rows: list[Row]) -> None:
    assert not worse([(row, row.heard()) for row in rows])


@pytest.mark.slow
@in_groups([row for row in OTHERS if row not in ONE_VOICE], of="other voices")
def test_what_was_heard_once_is_heard_still_in_the_other_voices(rows: list[Row]) -> None:
    assert not worse([(row, row.heard()) for row in rows])


@in_groups(NOISES, of="noise")
@pytest.mark.fault("noise, music and other people's talk", "no command")
def test_noise_and_talk_lead_to_nothing(rows: list[Row], measured: Measured) -> None:
    heard = {row.file: texts for row in rows if (texts := row.heard())}
    assert heard == {}
    measured(f"{rows[0].state}: none in {len(rows)} recordings")
