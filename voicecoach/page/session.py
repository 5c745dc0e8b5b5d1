"""During a session: the live page; starting one, and trying out the room."""

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from voicecoach.page.forms import go_to
from voicecoach.page.playing import Started
from voicecoach.page.rendering import page
from voicecoach.page.watching import Watching
from voicecoach.storage import Places

WELL = frozenset({0, 10, 130})
"""Exit codes of a session that has said itself how it ended."""


def routes(places: Places, watching: Watching) -> list[BaseRoute]:
    started: dict[str, Started] = {}
    """the last session and the last rehearsal that this page has started"""

    async def show(request: Request) -> Response:
        return page(request, "session.html")

    async def start(request: Request) -> Response:
        if not watching.playing and not _runs("session"):
            name, watching.problem = request.path_params["program"], ""
            watching.forget()
            started["session"] = await run_in_threadpool(Started, "start", "--hands-free", "--", name)
        return go_to(request, "session")

    async def state(_: Request) -> Response:
        """How the session that was started here is getting on, for a page that waits for it."""
        last = started.get("session")
        failed = last.said if last and not last.runs and last.code not in WELL else ""
        problem, watching.problem = watching.problem, ""  # told once
        return JSONResponse({"runs": _runs("session"), "failed": problem or failed})

    async def rehearse(request: Request) -> Response:
        if not watching.playing and not _runs("rehearsal"):
            started["rehearsal"] = await run_in_threadpool(Started, "rehearse")
        return go_to(request, "try")

    async def trying(request: Request) -> Response:
        return page(request, "try.html", playing=watching.playing)

    async def tried(_: Request) -> Response:
        last = started.get("rehearsal")
        if last is None:
            return JSONResponse({"runs": False, "code": None, "said": []})
        return JSONResponse({"runs": last.runs, "code": last.code, "said": last.said.splitlines()})

    def _runs(what: str) -> bool:
        last = started.get(what)
        return last is not None and last.runs

    return [
        Route("/session", show),
        Route("/session/state", state),
        Route("/start/{program}", start, methods=["POST"]),
        Route("/try", trying),
        Route("/try", rehearse, methods=["POST"]),
        Route("/try/state", tried),
    ]
