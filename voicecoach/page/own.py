"""The user's own programs and exercises: what is wrong with each file, and a template for a new one."""

from dataclasses import dataclass

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from voicecoach.own import Kind, OwnFile, begin, folder, own_files
from voicecoach.page.forms import form, go_to, one
from voicecoach.page.known import known
from voicecoach.page.rendering import page
from voicecoach.page.watching import Watching
from voicecoach.storage import Places
from voicecoach.tables import InputError


@dataclass(frozen=True, slots=True)
class Shown:
    files: tuple[OwnFile, ...]
    folders: tuple[tuple[Kind, str], ...]
    mistakes: tuple[str, ...]


def shown(places: Places) -> Shown:
    here = known(places)
    files = own_files(places, here.library, here.wrong_exercises)
    folders = tuple((kind, str(folder(places, kind))) for kind in Kind)
    return Shown(files, folders, here.mistakes)  # those of the exercises stand beside their files


def routes(places: Places, _: Watching) -> list[BaseRoute]:
    async def show(request: Request) -> Response:
        return await _page(request, made=request.query_params.get("made", ""))

    async def new(request: Request) -> Response:
        sent = await form(request)
        kind = Kind.EXERCISE if one(sent, "kind") == Kind.EXERCISE else Kind.PROGRAM
        name = "_".join(one(sent, "name").lower().split())
        try:
            path = await run_in_threadpool(begin, places, kind, name)
        except InputError as error:
            return await _page(request, wrong=str(error), name=name, code=422)
        return go_to(request, f"own?made={path.stem}")

    async def _page(
        request: Request, made: str = "", wrong: str = "", name: str = "", code: int = 200
    ) -> Response:
        found = await run_in_threadpool(shown, places)
        return page(
            request, "own.html", code, shown=found, made=made, wrong=wrong, name=name, mistakes=found.mistakes
        )

    return [Route("/own", show), Route("/own", new, methods=["POST"])]
