"""Plays a recorded scene through the real application and lays out what happened."""

import json
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from voicecoach.app import assemble
from voicecoach.care import Outcome
from voicecoach.request import VIRTUAL, Request
from voicecoach.sound import Samples
from voicecoach.testing import FIXTURES, RememberingScreen, prepare_home, program_of
from voicecoach.units import RATE_HZ

SCENES = FIXTURES / "scenes"
_AUDIBLE = 0.01
"""Full scale 1: the least peak of a count that can be heard."""
_BEGINS = 0.02
"""A count begins at this share of its peak, so one that is ducked begins no later."""


@dataclass(frozen=True)
class Performance:
    """One session: how it ended, its event stream, its sound."""

    name: str
    outcome: Outcome
    events: list[dict[str, Any]]
    coach: Samples
    user: Samples
    home: Path
    screen: RememberingScreen

    def named(self, name: str) -> list[dict[str, Any]]:
        return [e for e in self.events if e["name"] == name]

    @property
    def heard(self) -> list[str]:
        return [e["text"] for e in self.named("Heard")]

    @property
    def said(self) -> list[str]:
        return [e["text"] for e in self.named("Say")]

    def said_after(self, at_sample: int) -> list[str]:
        return [e["text"] for e in self.named("Say") if e["at_sample"] >= at_sample]


def of_scenes(*names: str) -> pytest.MarkDecorator:
    """The test's argument `performance` is each of these in turn."""
    scenes = [pytest.param(n, id=n, marks=pytest.mark.xdist_group(f"scene {n}")) for n in names]
    return pytest.mark.parametrize("performance", scenes, indirect=True)


def perform(name: str, home: Path) -> Performance:
    """The scene NAME.flac as the microphone of a session in `home`."""
    script = tomllib.loads((SCENES / f"{name}.toml").read_text("utf-8"))
    places = prepare_home(script, home)
    screen = RememberingScreen()
    out = home / "out"
    request = Request(
        program=program_of(script, SCENES),
        microphone=str(SCENES / f"{name}.flac"),
        speaker=str(home / "coach.wav"),
        speed=VIRTUAL,
        out=out,
    )
    outcome = assemble(request, places, screen).run()
    lines = (out / "events.jsonl").read_text("utf-8").splitlines()
    sound, rate_hz = soundfile.read(out / "session.wav", dtype="float32")
    assert rate_hz == RATE_HZ
    events = [json.loads(line) for line in lines]
    return Performance(name, outcome, events, sound[:, 0], sound[:, 1], home, screen)


def onset(sound: Samples, near: int) -> int | None:
    """The first sample that sounds from 150 ms before `near` to 300 ms after it, or None if all is silent."""
    start = max(0, near - RATE_HZ * 150 // 1000)
    window = np.abs(sound[start : near + RATE_HZ * 300 // 1000])
    peak = window.max(initial=0.0)
    return start + int(np.argmax(window > _BEGINS * peak)) if peak > _AUDIBLE else None
