"""Drawings on the page: one that moves with the session, and one that stands still beside words."""

from functools import cache

from markupsafe import Markup
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.routing import BaseRoute, Route

from voicecoach.app import users_library
from voicecoach.care import Exercise, Side
from voicecoach.drawing import SCRIPT, scene, still, svg
from voicecoach.storage import Places


def picture(exercise: Exercise) -> Markup:
    """The movement's end, standing still, without a name of its own; nothing if there is no drawing."""
    return _still(exercise) if exercise.figure else Markup()


@cache
def _still(exercise: Exercise) -> Markup:
    assert exercise.figure is not None
    drawn = scene(exercise.figure, exercise.sides[0] if exercise.sides else None)
    return Markup(still(drawn, min(1, len(drawn.frames) - 1), exercise.name))


def routes(places: Places) -> list[BaseRoute]:
    async def moving(request: Request) -> Response:
        """A drawing for figure.js, as a part of a page."""
        exercise = (await run_in_threadpool(users_library, places)).exercises.get(request.path_params["id"])
        if exercise is None or exercise.figure is None:
            return Response(status_code=404)
        side = request.path_params["side"]
        return HTMLResponse(svg(exercise.figure, Side(side) if side in set(Side) else None, exercise.name))

    async def script(_: Request) -> Response:
        return FileResponse(SCRIPT, media_type="text/javascript")

    return [Route("/figure/{id}/{side}", moving), Route("/static/figure.js", script)]
