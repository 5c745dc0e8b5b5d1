"""Templates to answers. Every text is escaped by Jinja; a mistake is told in a sentence, on a page."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from pathlib import Path
from typing import Any

import msgspec
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response, StreamingResponse

from voicecoach.page.figures import picture
from voicecoach.storage import AlreadyRunning, JournalError, ShelfError
from voicecoach.tables import InputError

_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).with_name("templates")),
    autoescape=select_autoescape(),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_TEMPLATES.globals["picture"] = picture
EXPECTED = (InputError, JournalError, ShelfError, AlreadyRunning)
"""Errors that say themselves what is wrong and what can be done."""


def page(request: Request, template: str, code: int = 200, **values: Any) -> Response:
    """`template` with `values`; `root` begins every address in it, `here` is the page's own."""
    root = request.scope.get("root_path", "")
    here = request.url.path.removeprefix(root).strip("/").partition("/")[0]
    return HTMLResponse(_TEMPLATES.get_template(template).render(root=root, here=here, **values), code)


def events(messages: AsyncGenerator[msgspec.Struct]) -> Response:
    """Server-sent events, one a message; `messages` is closed when the page has gone."""

    async def lines() -> AsyncGenerator[bytes]:
        async with aclosing(messages):
            async for message in messages:
                yield b"data: " + msgspec.json.encode(message) + b"\n\n"

    return StreamingResponse(lines(), media_type="text/event-stream")


async def failed(request: Request, error: Exception) -> Response:
    """What went wrong, and what can be done."""
    if isinstance(error, HTTPException):
        text, code = "There is no such page.", error.status_code
    elif isinstance(error, EXPECTED):
        text, code = str(error), 422
    else:
        text, code = f"Something failed that should not have ({error}). `voicecoach doctor` may say why.", 500
    return page(request, "failed.html", code, text=text)
