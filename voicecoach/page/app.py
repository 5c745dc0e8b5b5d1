"""The page's addresses. What each one shows is in a module of its own."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from voicecoach.language import Command
from voicecoach.page import figures, history, home, own, profile, programs, session, settings, sound
from voicecoach.page.guard import Codes
from voicecoach.page.rendering import EXPECTED, events, failed
from voicecoach.page.watching import Watching
from voicecoach.storage import Places

STATIC = Path(__file__).with_name("static")


class Pressed(msgspec.Struct, frozen=True):
    """A button or key of the page."""

    command: Command
    asking: str | None = None


def application(places: Places, watching: Watching, codes: Codes) -> ASGIApp:
    """Everything behind the guard."""

    async def shown(_: Request) -> Response:
        return events(watching.shown())

    async def give(request: Request) -> Response:
        try:
            pressed = msgspec.json.decode(await request.body(), type=Pressed)
        except msgspec.DecodeError as error:
            return PlainTextResponse(f"That is no command: {error}.\n", 400)
        if not watching.give(pressed.command, pressed.asking):
            return PlainTextResponse("No session is being played.\n", 409)
        return Response(status_code=204)

    async def code(request: Request) -> Response:
        watching.problem = (await request.body()).decode("utf-8", "replace")
        watching.supersede()
        return PlainTextResponse(codes.new())

    routes: list[BaseRoute] = [
        Route("/events", shown),
        Route("/give", give, methods=["POST"]),
        Route("/code", code, methods=["POST"]),
        *home.routes(places, watching),
        *session.routes(places, watching),
        *programs.routes(places, watching),
        *profile.routes(places, watching),
        *settings.routes(places, watching),
        *sound.routes(places, watching),
        *history.routes(places, watching),
        *own.routes(places, watching),
        *figures.routes(places),
        Mount("/static", StaticFiles(directory=STATIC)),
    ]
    handlers: Mapping[Any, Any] = dict.fromkeys((HTTPException, *EXPECTED, Exception), failed)
    return Starlette(routes=routes, exception_handlers=handlers)
