"""voicecoach hear: what the ear hears in recordings. The benches measure with it.

It is exactly a session's listening path: 20 ms blocks at 48 kHz, the grammar of a state, the judge.
"""

import json
import os
import sys
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NotRequired, TypedDict

import click
import numpy as np

from voicecoach.app import load_model, users_library
from voicecoach.audio import SoundFileError, read_sound
from voicecoach.hearing import transcriber
from voicecoach.language import Language, ListeningState
from voicecoach.listening import (
    AtOnce,
    Ear,
    Noticed,
    RecognitionModel,
    TakenBack,
    Transcriber,
    TranscriberAbsent,
    TwoEars,
    Verdict,
)
from voicecoach.sound import Samples, gain, silence
from voicecoach.storage import Places
from voicecoach.units import BLOCK, ms_to_samples

CLOSING_SILENCE_S = 1.2
"""Appended to every recording, because in a session silence ends an utterance."""


class Heard(TypedDict):
    """A command that was decided on; times in seconds from the start of the file."""

    command: str
    text: str
    decided_at_s: float
    word_start_s: float
    word_end_s: float
    stage: str
    ear: str
    """first or second"""
    transcript: NotRequired[str]
    """what the second ear heard, if it decided"""


class NotSaid(TypedDict):
    """A safety word of the first ear that was taken back."""

    command: str
    decided_at_s: float
    taken_back_at_s: float
    transcript: str


class Line(TypedDict):
    """The output for a recording: what was heard, or why it could not be read."""

    file: str
    heard: NotRequired[list[Heard]]
    doubtful: NotRequired[list[Heard]]
    taken_back: NotRequired[list[NotSaid]]
    error: NotRequired[str]


@dataclass(frozen=True, slots=True)
class Conditions:
    state: ListeningState
    coach: Path | None
    echo_db: float
    delay_ms: float
    first_only: bool = False


@cache
def _language() -> Language:
    return users_library(Places.of_user()).language


@cache
def _model() -> RecognitionModel:
    return load_model(_language())


@cache
def _transcriber() -> Transcriber | None:
    """None, said once, if there is no second ear."""
    try:
        return transcriber(_language())
    except TranscriberAbsent as error:
        click.echo(f"{error} Only the first ear listens.", err=True)
        return None


@cache
def _coach(path: Path) -> Samples:
    return read_sound(path)


def with_echo(user: Samples, played: Samples, echo_db: float, delay_ms: float) -> Samples:
    """`user` with `played` mixed in as an echo: `delay_ms` later, its level changed by `echo_db`."""
    echo = silence(len(user))
    start = min(ms_to_samples(delay_ms), len(user))
    piece = played[: len(user) - start]
    echo[start : start + len(piece)] = piece
    return user + echo * gain(echo_db)


def hear_file(path: str, conditions: Conditions) -> Line:
    try:
        sound, played = read_sound(Path(path)), None
        if conditions.coach is not None:
            played = silence(len(sound))
            coach = _coach(conditions.coach)[: len(sound)]
            played[: len(coach)] = coach
            sound = with_echo(sound, played, conditions.echo_db, conditions.delay_ms)
    except SoundFileError as error:
        return {"file": path, "error": str(error)}
    verdicts = listen(sound, conditions.state, played, conditions.first_only)
    commands = [v for v in verdicts if isinstance(v, Noticed)]
    line: Line = {"file": path, "heard": [_json(n) for n in commands if n.decision.sure]}
    if doubtful := [_json(n) for n in commands if not n.decision.sure]:
        line["doubtful"] = doubtful
    if taken_back := [_not_said(v) for v in verdicts if isinstance(v, TakenBack)]:
        line["taken_back"] = taken_back
    return line


def listen(
    sound: Samples, state: ListeningState, played: Samples | None = None, first_only: bool = False
) -> list[Verdict]:
    """Every command decided on in `sound` (mono, 48 kHz), in order, while `played` was sounding."""
    first = Ear(_model(), _language().vocabulary, state)
    second = None if first_only else _transcriber()
    ear = TwoEars(first, AtOnce(second), _language(), state) if second else first
    coach = silence(len(sound)) if played is None else played
    padding = ms_to_samples(CLOSING_SILENCE_S * 1000) + -len(sound) % BLOCK
    heard: list[Verdict] = []
    placed = 0
    for start in range(0, len(sound) + padding, BLOCK):
        heard += ear.hear(_block(sound, start), _block(coach, start))
        if first.utterance_ended:
            heard[placed:] = [_placed(first, verdict) for verdict in heard[placed:]]
            placed = len(heard)
    heard += ear.finish()
    heard[placed:] = [_placed(first, verdict) for verdict in heard[placed:]]
    return [verdict for verdict in heard if verdict.decision.command is not None]


def _placed(ear: Ear, verdict: Verdict) -> Verdict:
    return ear.placed(verdict) if isinstance(verdict, Noticed) and verdict.ear == "first" else verdict


def _not_said(taken_back: TakenBack) -> NotSaid:
    assert taken_back.decision.command is not None
    return {
        "command": taken_back.decision.command.value,
        "decided_at_s": round(taken_back.decision.at_s, 3),
        "taken_back_at_s": round(taken_back.at_s, 3),
        "transcript": taken_back.transcript,
    }


def _json(noticed: Noticed) -> Heard:
    decision = noticed.decision
    assert decision.command is not None
    heard: Heard = {
        "command": decision.command.value,
        "text": decision.text,
        "decided_at_s": round(decision.at_s, 3),
        "word_start_s": round(noticed.word_start_s, 3),
        "word_end_s": round(noticed.word_end_s, 3),
        "stage": decision.stage,
        "ear": noticed.ear,
    }
    if noticed.transcript:
        heard["transcript"] = noticed.transcript
    return heard


def _block(sound: Samples, start: int) -> Samples:
    """The block at `start`, padded with silence after the end of `sound`."""
    block = sound[start : start + BLOCK]
    return block if len(block) == BLOCK else np.concatenate([block, silence(BLOCK - len(block))])


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option(
    "--state",
    type=click.Choice([state.value for state in ListeningState]),
    default="holding",
    show_default=True,
    help="The listening state whose grammar applies.",
)
@click.option(
    "--coach",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="A recording of the coach, mixed in as its echo.",
)
@click.option(
    "--echo-db", type=float, default=-10.0, show_default=True, help="The echo's level relative to --coach."
)
@click.option(
    "--delay-ms", type=click.FloatRange(0), default=60.0, show_default=True, help="The echo's delay."
)
@click.option("--jobs", type=click.IntRange(1), default=lambda: os.cpu_count() or 1, show_default="all cores",
              help="Number of processes.")  # fmt: skip
@click.option("--first-only", is_flag=True, help="Without the second ear.")
@click.pass_context
def hear(
    ctx: click.Context,
    files: tuple[str, ...],
    state: str,
    coach: Path | None,
    echo_db: float,
    delay_ms: float,
    jobs: int,
    first_only: bool,
) -> None:
    """Print what the ear hears in each FILE, one JSON line per file, in the order given.

    \b
    Examples:  voicecoach hear stop.wav pain.flac
               voicecoach hear --coach coach.wav --echo-db -6 stop.wav
               ls *.wav | voicecoach hear -

    WAV, FLAC, Ogg Vorbis or Ogg Opus, at 8 to 384 kHz, up to two hours. What was heard over the coach and
    may have been the coach itself is listed under "doubtful": it hushes a session, but does not stop it. A
    safety word that the second ear takes back is listed under "heard" and under "taken_back". A single "-"
    reads the list of files from standard input.
    Exit code 2 if a file could not be read; its line then contains "error".
    """
    if files == ("-",):
        files = tuple(line for line in sys.stdin.read().splitlines() if line)
    conditions = Conditions(ListeningState(state), coach, echo_db, delay_ms, first_only)
    if coach is not None:
        _coach(coach)  # so that a bad file is reported once, not for every FILE
    _model()  # loaded and checked once; on systems that fork, the processes inherit it
    failed = False
    jobs = min(jobs, len(files))
    if jobs <= 1:
        for path in files:
            failed |= _print(hear_file(path, conditions))
    else:
        with ProcessPoolExecutor(jobs) as pool:
            for line in pool.map(hear_file, files, [conditions] * len(files), chunksize=4):
                failed |= _print(line)
    if failed:
        ctx.exit(2)


def _print(line: Line) -> bool:
    click.echo(json.dumps(line))
    return "error" in line
