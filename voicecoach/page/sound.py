"""Microphone and loudspeaker, tried out from the page: a level that moves, and a sentence to hear.

Neither is used while a session is played, and the microphone is open only while somebody looks at its level.
"""

import time
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, replace

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from voicecoach.audio import AudioUnavailable
from voicecoach.audio.apart import devices_now, levels
from voicecoach.page.forms import form, one
from voicecoach.page.playing import Started
from voicecoach.page.rendering import events
from voicecoach.page.watching import Watching
from voicecoach.storage import Places

LONGEST_S = 120.0
"""A page that is forgotten does not keep the microphone open."""
SENTENCE = "This is your coach. Lie down in comfort, and breathe softly. Can you hear me well?"
BUSY = "A session is being played. Try this when it is over."
_OPTIONS = {"--voice": "voice", "--pace": "words_a_minute", "--speaker": "speaker"}


@dataclass(frozen=True, slots=True)
class Devices:
    """Their names."""

    microphones: tuple[str, ...] = ()
    speakers: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    """chosen, and not there"""
    trouble: str = ""
    """why none can be named"""

    def with_chosen(self, microphone: str, speaker: str) -> "Devices":
        chosen = ((microphone, self.microphones), (speaker, self.speakers))
        missing = (name for name, there in chosen if name and not _is_among(name, there))
        return replace(
            self,
            microphones=_with(self.microphones, microphone),
            speakers=_with(self.speakers, speaker),
            missing=() if self.trouble else tuple(missing),
        )


def _is_among(name: str, there: tuple[str, ...]) -> bool:
    return any(name.lower() in each.lower() for each in there)


def _with(names: tuple[str, ...], chosen: str) -> tuple[str, ...]:
    return names if not chosen or chosen in names else (*names, chosen)


def devices() -> Devices:
    try:
        found = devices_now()
    except AudioUnavailable as error:
        return Devices(trouble=str(error))
    return Devices(
        tuple(dict.fromkeys(d.name for d in found if d.inputs)),
        tuple(dict.fromkeys(d.name for d in found if d.outputs)),
    )


class Reading(msgspec.Struct, frozen=True, tag_field="type", tag="level"):
    mean_db: float
    peak_db: float


class Over(msgspec.Struct, frozen=True, tag_field="type", tag="over"):
    """The level is not measured any more."""

    why: str = ""


def routes(_: Places, watching: Watching) -> list[BaseRoute]:
    spoken: list[Started] = []
    """the last sentence"""

    async def readings(microphone: str | None) -> AsyncGenerator[Reading | Over]:
        until_s = time.monotonic() + LONGEST_S
        try:
            async with aclosing(levels(microphone)) as measured:
                while not watching.playing and time.monotonic() < until_s:
                    level = await anext(measured)
                    yield Reading(round(level.mean_db, 1), round(level.peak_db, 1))
        except AudioUnavailable as error:
            yield Over(str(error))
            return
        yield Over(BUSY if watching.playing else "")

    async def level(request: Request) -> Response:
        return events(readings(request.query_params.get("microphone")))

    async def speak(request: Request) -> Response:
        if watching.playing:
            return PlainTextResponse(BUSY, 409)
        if not (spoken and spoken[-1].runs):
            sent = await form(request)
            named = {option: one(sent, key) for option, key in _OPTIONS.items()}
            options = [each for pair in named.items() if pair[1] for each in pair]
            spoken[:] = [await run_in_threadpool(Started, "say", *options, "--", SENTENCE)]
        return PlainTextResponse("Listen.")

    async def speaking(_: Request) -> Response:
        last = spoken[-1] if spoken else None
        failed = last.said if last and not last.runs and last.code else ""
        return JSONResponse({"runs": bool(last and last.runs), "failed": failed})

    return [
        Route("/sound/level", level),
        Route("/sound/say", speak, methods=["POST"]),
        Route("/sound/say", speaking),
    ]
