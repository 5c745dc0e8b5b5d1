"""Who may see the page: the user's own browser, and the page itself.

Another user of the computer can reach the port too, and any web page can make the browser send something to
it. So the address holds a secret; the Host must be the loopback interface, whatever name leads there (DNS
rebinding); what changes something must come from the page itself (Origin); and the page loads nothing from
elsewhere (CSP). There are no cookies, which a browser would send along by itself.
"""

import hmac
import secrets
import time
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders, QueryParams
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

CODE_S = 60.0
"""How long a code that opens the page once is good."""
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",  # with no-referrer a form would come without its Origin
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
    "X-Frame-Options": "DENY",
}


class Codes:
    """Codes that each open the page once.

    A browser is told on its command line where to go, which every user of the computer can read. So it is
    told a code; by the time somebody has read it, it is used up.
    """

    def __init__(self) -> None:
        self._good_until_s: dict[str, float] = {}

    def new(self) -> str:
        code = secrets.token_urlsafe(16)
        self._good_until_s[code] = time.monotonic() + CODE_S
        return code

    def used(self, code: str) -> bool:
        """Whether it was good; it is not any more."""
        return self._good_until_s.pop(code, 0.0) > time.monotonic()


class Guard:
    """Lets through to `app`, as its root, what begins with the secret and comes from the right place."""

    def __init__(self, app: ASGIApp, secret: str, port: int, codes: Codes) -> None:
        self._app, self._secret, self._codes = app, secret, codes
        self._hosts = frozenset({f"127.0.0.1:{port}", f"localhost:{port}"})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self._app(scope, receive, send)
            return  # no web sockets
        headers = Headers(scope=scope)
        refused = self._refused(scope, headers)
        if refused is not None:
            await refused(scope, receive, _with_headers(send))
            return
        inside = {**scope, "root_path": f"/{self._secret}"}
        await self._app(inside, receive, _with_headers(send))

    def _refused(self, scope: Scope, headers: Headers) -> Response | None:
        if headers.get("host", "") not in self._hosts:
            return PlainTextResponse("This is no place for you.\n", 403)
        first, _, rest = scope["path"].removeprefix("/").partition("/")
        if first == "open" and scope["method"] == "GET" and self._codes.used(rest):
            to = QueryParams(scope["query_string"]).get("to", "")
            return RedirectResponse(f"/{self._secret}/{to if to.isalpha() else ''}", 303)
        if not hmac.compare_digest(first.encode(), self._secret.encode()):
            return PlainTextResponse("The page is not here. Open it anew: voicecoach open\n", 404)
        if scope["method"] not in ("GET", "HEAD") and not self._from_the_page(headers):
            return PlainTextResponse("This came from another page.\n", 403)
        if headers.get("sec-fetch-site") == "cross-site" and headers.get("sec-fetch-mode") != "navigate":
            return PlainTextResponse("This came from another page.\n", 403)
        return None

    def _from_the_page(self, headers: Headers) -> bool:
        origin = urlsplit(headers.get("origin", ""))
        return origin.scheme == "http" and origin.netloc in self._hosts


def _with_headers(send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in _HEADERS.items():
                headers.setdefault(name, value)
            headers.setdefault("Content-Security-Policy", POLICY)
        await send(message)

    return sending
