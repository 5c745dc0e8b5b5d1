"""Checks every part a session needs, one by one; each failure comes with its remedy."""

import contextlib
import os
import platform
import sqlite3
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from voicecoach import app
from voicecoach.audio import AudioUnavailable, Device, list_devices
from voicecoach.care import Limits, fitted
from voicecoach.hearing import try_second_ear
from voicecoach.language import all_words
from voicecoach.listening import SLOW_S, TranscriberAbsent
from voicecoach.speaking import PromptCache, candidates
from voicecoach.storage import ModelAbsent, Places, Settings, is_unusable, load_settings, version_of
from voicecoach.units import RATE_HZ

OLDEST_PYTHON = (3, 11)
_REMEDIES = {
    "Python": "Install Python 3.11 or newer, and start voicecoach with it.",
    "settings": "Correct the file, or move it away: without it, the defaults hold.",
    "program": "Choose another in the settings: `voicecoach list` names them.",
    "own programs": "Correct the file, or move it away. The others can be played.",
    "voice": "Correct `voice` in the settings, or reinstall voicecoach.",
    "model": "Reinstall voicecoach, or choose another: `voicecoach model use NAME`.",
    "second ear": "Reinstall voicecoach. Until then I understand single words only.",
    "PortAudio": "Install it, or restart the computer's sound system.",
    "microphone": "Plug one in or pair it, then check `voicecoach devices`. Until then, control a session by "
    "keys.",
    "loudspeaker": "Plug one in or pair it, then check `voicecoach devices`.",
    "journal": "Sessions can still be played, but are not remembered. Close other sessions, free some space "
    "or move the file away.",
    "spoken lines": "Make it a folder that you can write. Until then, each session starts more slowly.",
    "keys": "Start from a terminal to control a session by keys, too.",
}
"""for every finding that is not ok and names no remedy of its own"""


@dataclass(frozen=True, slots=True)
class Finding:
    verdict: Literal["ok", "missing", "broken"]
    reason: str
    remedy: str = ""
    usable: bool = False
    """whether a session can be played all the same"""


@dataclass(frozen=True, slots=True)
class Check:
    name: str
    look: Callable[[], Finding]
    remedy: str


def playable(found: dict[str, Finding]) -> bool:
    """Whether `start` would work: everything it needs is ok, and it can be controlled by voice or keys."""
    well = {name for name, finding in found.items() if finding.verdict == "ok" or finding.usable}
    needed = {"Python", "voice", "loudspeaker", "settings", "program"}
    # keys can replace a missing model or microphone, but a damaged model is refused
    leads = {"model", "microphone"} <= well or ("keys" in well and found["model"].verdict != "broken")
    return needed <= well and leads


def checks(places: Places, has_keyboard: bool) -> list[Check]:
    """A check for everything a session needs, in the order of the report."""
    devices: list[Device] | AudioUnavailable
    try:
        devices = list_devices()
    except AudioUnavailable as error:
        devices = error
    except Exception as error:
        devices = AudioUnavailable(f"PortAudio, the sound library, failed ({error}).")
    looks: dict[str, Callable[[], Finding]] = {
        "Python": _python,
        "settings": lambda: _settings(places),
        "program": lambda: _program(places),
        "own programs": lambda: _own_programs(places),
        "voice": lambda: _voice(places),
        "model": lambda: _model(places),
        "second ear": lambda: _second_ear(places),
        "PortAudio": lambda: _portaudio(devices),
        "microphone": lambda: _device(devices, output=False),
        "loudspeaker": lambda: _device(devices, output=True),
        "journal": lambda: _journal(places.journal),
        "spoken lines": lambda: _cache(places.prompts),
        "keys": lambda: _keys(has_keyboard),
    }
    return [Check(name, look, _REMEDIES[name]) for name, look in looks.items()]


def _second_ear(places: Places) -> Finding:
    language = app.library(places, _usable_settings(places)).language
    try:
        took_s = try_second_ear(language)
    except TranscriberAbsent as error:
        return Finding("missing", str(error))
    if took_s is None:
        return Finding("ok", f"none for the language {language.id!r}: I understand single words")
    if took_s > SLOW_S:
        return Finding("broken", f"takes {took_s:.1f} s for 3 s of speech, too long", "Close other programs.")
    return Finding("ok", f"understands sentences; takes {took_s:.2f} s for 3 s of speech")


def looked(check: Check) -> Finding:
    """The check's finding, with a remedy unless all is well. An exception counts as a finding, too."""
    try:
        finding = check.look()
    except Exception as error:
        finding = Finding("broken", str(error) or type(error).__name__)
    if finding.verdict == "ok" or finding.remedy:
        return finding
    return replace(finding, remedy=check.remedy)


def _python() -> Finding:
    text = f"{platform.python_version()} on {platform.system()} {platform.machine()}"
    version = tuple(map(int, platform.python_version_tuple()[:2]))
    if version < OLDEST_PYTHON:
        return Finding("broken", f"{text}; voicecoach needs 3.11 or newer")
    return Finding("ok", text)


def _settings(places: Places) -> Finding:
    settings = load_settings(places.settings)
    if not places.settings.exists():
        return Finding("ok", f"the defaults; to change them, write {places.settings}")
    program = f"program {settings.program}, " if settings.program else ""
    return Finding("ok", f"{places.settings} ({program}{settings.words_a_minute} words/min)")


def _usable_settings(places: Places) -> Settings:
    """The settings, or the defaults if the file is broken, which another check reports."""
    try:
        return load_settings(places.settings)
    except Exception:
        return Settings()


def _program(places: Places) -> Finding:
    settings = _usable_settings(places)
    library = app.library(places, settings)
    limits = Limits(frozenset(settings.conditions))
    usual = settings.program or library.protocol.programs.usual
    program = fitted(library.program(usual), limits, library.exercises)
    if not program.exercises:
        return Finding(
            "broken",
            f"{program.name}: the conditions in {places.settings} leave no exercise",
            "Ask a health professional which exercises suit you.",
        )
    return Finding("ok", f"{program.name}, {len(program.exercises)} exercises")


def _own_programs(places: Places) -> Finding:
    own = sorted(places.own_programs.glob("*.toml")) if places.own_programs.is_dir() else []
    library = app.library(places, _usable_settings(places))
    wrong = []
    for path in own:
        try:
            library.program(path.stem)
        except Exception as error:
            wrong.append(str(error))
    if wrong:
        return Finding("broken", "; ".join(wrong))
    return Finding("ok", f"{len(own)} in {places.own_programs}")


def _voice(places: Places) -> Finding:
    settings = _usable_settings(places)
    language = app.library(places, settings).language
    began_s = time.perf_counter()
    prompts = PromptCache(None, candidates(settings.voice, language.voices))
    clip = prompts.clip("ready", 150)
    prompts.close()
    took_s = time.perf_counter() - began_s
    said = f"{prompts.voice} said a word of {len(clip) / RATE_HZ:.1f} s in {took_s:.1f} s"
    if prompts.failure:
        return Finding("broken", f"{prompts.failure} {said}", usable=True)
    return Finding("ok", said)


def _model(places: Places) -> Finding:
    language = app.library(places, _usable_settings(places)).language
    began_s = time.perf_counter()
    try:
        app.load_model(language)
    except ModelAbsent as error:
        return Finding("missing", str(error), "Until then, control a session by keys.")
    took_s = time.perf_counter() - began_s
    words = len(all_words(language.vocabulary))
    return Finding("ok", f"every file verified, all {words} words known, loaded in {took_s:.1f} s")


def _portaudio(devices: list[Device] | AudioUnavailable) -> Finding:
    if isinstance(devices, AudioUnavailable):
        return Finding("missing", str(devices))
    systems = sorted({d.system for d in devices})
    return Finding("ok", f"{len(devices)} devices" + (f" ({', '.join(systems)})" if systems else ""))


def _device(devices: list[Device] | AudioUnavailable, output: bool) -> Finding:
    if isinstance(devices, AudioUnavailable):
        return Finding("missing", "unknown without PortAudio", "See PortAudio above.")
    usable = [d for d in devices if (d.outputs if output else d.inputs) > 0]
    if not usable:
        return Finding("missing", "none found")
    default = [d for d in usable if (d.default_output if output else d.default_input)]
    device = (default or usable)[0]
    return Finding(
        "ok", f"{device.index} {device.name}" + ("" if default else " (no default; the first one)")
    )


_SET_ASIDE = "The next session renames it and begins a fresh one. All questions are then asked again."


def _journal(path: Path) -> Finding:
    if not path.exists():
        if _writable(path.parent):
            return Finding("ok", f"none yet; the first session creates {path}")
        return Finding("broken", f"{path.parent} cannot be written")
    try:
        with contextlib.closing(sqlite3.connect(path, timeout=2.0)) as db:
            version_of(db)
            if (verdict := db.execute("PRAGMA quick_check").fetchone()[0]) != "ok":
                return Finding("broken", f"{path}: {verdict}")
            sessions = db.execute("SELECT COUNT(*) FROM sessions").fetchone()[0]
            db.execute("BEGIN IMMEDIATE")  # takes the lock that a write needs, but writes nothing
            db.execute("UPDATE sessions SET began = began WHERE 0")
            db.rollback()
    except (sqlite3.Error, OSError) as error:
        return Finding("broken", f"{path}: {error}", _SET_ASIDE if is_unusable(error) else "")
    if not os.access(path, os.W_OK):
        return Finding("broken", f"{path} cannot be written")
    return Finding("ok", f"{sessions} sessions in {path}")


def _writable(folder: Path) -> bool:
    """Whether `folder` can be written, or created if it is missing."""
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    return folder.is_dir() and os.access(folder, os.W_OK)


def _cache(folder: Path) -> Finding:
    if not _writable(folder):
        return Finding("broken", f"{folder} cannot be written")
    sizes = [p.stat().st_size for p in folder.glob("*.wav")] if folder.is_dir() else []
    return Finding("ok", f"{len(sizes)} kept, {sum(sizes) / 1e6:.1f} MB in {folder}")


def _keys(has_keyboard: bool) -> Finding:
    if has_keyboard:
        return Finding("ok", "this terminal takes single keys")
    return Finding("missing", "no terminal here")
