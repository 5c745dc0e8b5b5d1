"""What a form of the page sends."""

from collections.abc import Mapping, Sequence
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

_MOST_FIELDS = 200

Form = Mapping[str, Sequence[str]]


async def form(request: Request) -> Form:
    body = (await request.body()).decode("utf-8", "replace")
    return parse_qs(body, keep_blank_values=True, max_num_fields=_MOST_FIELDS)


def one(sent: Form, name: str) -> str:
    """The value of a field; "" if it is missing."""
    return sent.get(name, [""])[-1].strip()


def go_to(request: Request, place: str) -> Response:
    """After a form was taken: the page is got anew, so that loading it again sends nothing."""
    return RedirectResponse(f"{request.scope['root_path']}/{place}", 303)
