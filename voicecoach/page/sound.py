"""Microphone and loudspeaker, tried out from the page: a level that moves, and a sentence to hear.

Neither is used while a session is played, and the microphone is open only while somebody looks at its level.
"""

import contextlib
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, replace

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from voicecoach.audio import AudioUnavailable, Level, Meter, is_there, list_devices
from voicecoach.background import Soon
from voicecoach.page.forms import form, one
from voicecoach.page.playing import Started
from voicecoach.page.watching import Watching
from voicecoach.storage import Places

PATIENCE_S = 5.0
"""How long the sound system may take to name its devices."""
LONGEST_S = 120.0
"""A page that is forgotten does not keep the microphone open."""
SENTENCE = "This is your coach. Lie down in comfort, and breathe softly. Can you hear me well?"
_OPTIONS = {"--voice": "voice", "--pace": "words_a_minute", "--speaker": "speaker"}
BUSY = "A session is being played. Try this when it is over."


@dataclass(frozen=True, slots=True)
class Devices:
    """Their names."""

    microphones: tuple[str, ...] = ()
    speakers: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    """chosen, and not there"""
    trouble: str = ""

    def with_chosen(self, microphone: str, speaker: str) -> "Devices":
        missing = []
        if microphone and not any(microphone.lower() in name.lower() for name in self.microphones):
            missing.append(microphone)
        if speaker and not any(speaker.lower() in name.lower() for name in self.speakers):
            missing.append(speaker)
        return replace(
            self,
            microphones=_with(self.microphones, microphone),
            speakers=_with(self.speakers, speaker),
            missing=tuple(missing),
        )


def _with(names: tuple[str, ...], chosen: str) -> tuple[str, ...]:
    return names if not chosen or chosen in names else (*names, chosen)


def devices() -> Devices:
    """Raises AudioUnavailable, also if the sound system hangs."""
    try:
        found = Soon(list_devices).result(PATIENCE_S)
    except TimeoutError:
        raise AudioUnavailable("The computer's sound system does not answer. Restart the computer.") from None
    return Devices(
        tuple(dict.fromkeys(d.name for d in found if d.inputs)),
        tuple(dict.fromkeys(d.name for d in found if d.outputs)),
    )


class Reading(msgspec.Struct, frozen=True, tag_field="type", tag="level"):
    mean_db: float
    peak_db: float


class Silent(msgspec.Struct, frozen=True, tag_field="type", tag="over"):
    """The level is not measured any more."""

    why: str = ""


def routes(_: Places, watching: Watching) -> list[BaseRoute]:
    spoken: list[Started] = []
    """the last sentence"""
    open_now: list[Meter] = []

    def close() -> None:
        while open_now:
            open_now.pop().close()

    async def messages(microphone: str | None) -> AsyncIterator[Reading | Silent]:
        if watching.playing:
            yield Silent(BUSY)
            return
        await run_in_threadpool(close)  # one microphone at a time
        until_s = time.monotonic() + LONGEST_S
        meter = None
        try:
            meter = await run_in_threadpool(_opened, microphone)
            open_now.append(meter)
            levels = meter.levels()
            while not watching.playing and time.monotonic() < until_s:
                level = await run_in_threadpool(_next, levels)
                if level is None:
                    break
                yield Reading(round(level.mean_db, 1), round(level.peak_db, 1))
            yield Silent(BUSY if watching.playing else "")
        except AudioUnavailable as error:
            yield Silent(str(error))
        finally:
            if meter is not None:
                with contextlib.suppress(ValueError):
                    open_now.remove(meter)
                meter.close()

    async def level(request: Request) -> Response:
        async def lines() -> AsyncIterator[bytes]:
            async for message in messages(request.query_params.get("microphone") or None):
                yield b"data: " + msgspec.json.encode(message) + b"\n\n"

        return StreamingResponse(lines(), media_type="text/event-stream")

    async def speak(request: Request) -> Response:
        if watching.playing:
            return PlainTextResponse(BUSY, 409)
        if not (spoken and spoken[-1].code is None):
            sent = await form(request)
            named = {option: one(sent, key) for option, key in _OPTIONS.items()}
            options = [each for pair in named.items() if pair[1] for each in pair]
            spoken[:] = [await run_in_threadpool(Started, "say", *options, "--", SENTENCE)]
        return PlainTextResponse("Listen.")

    async def speaking(_: Request) -> Response:
        last = spoken[-1] if spoken else None
        failed = last is not None and last.code not in (None, 0)
        runs = last is not None and last.code is None
        return JSONResponse({"runs": runs, "failed": last.said if last and failed else ""})

    return [
        Route("/sound/level", level),
        Route("/sound/say", speak, methods=["POST"]),
        Route("/sound/say", speaking),
    ]


def _opened(microphone: str | None) -> Meter:
    if microphone and not is_there(microphone, output=False):
        raise AudioUnavailable(f"The microphone {microphone!r} is not there. Plug it in, or choose another.")
    return Meter(microphone)


def _next(levels: Iterator[Level]) -> Level | None:
    return next(levels, None)
