"""Serves the page until nobody needs it any more: no page is open, and no session is being played."""

import asyncio
import contextlib
import logging
import os
import secrets
import signal
import socket
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import uvicorn
from filelock import FileLock, Timeout

from voicecoach.control import Address
from voicecoach.files import write_whole
from voicecoach.page.app import application
from voicecoach.page.guard import Codes, Guard
from voicecoach.page.watching import Watching
from voicecoach.storage import Places

NEEDED_S = 60.0
"""How long the server stays although nobody looks: a page that is loaded anew is away for a moment."""
LOOK_S = 1.0
ANSWER_S = 2.0
BEGIN_S = 5.0
"""How long another server that is just beginning may take."""


def serve(
    places: Places, ready: Callable[[str], None], problem: str = "", needed_s: float = NEEDED_S
) -> bool:
    """Serve the page; `ready` is called with an address that opens it once. Returns when nobody needs it.

    `problem`: why a session that was started elsewhere could not begin.

    False, at once, if another process of the user's serves it already. Raises OSError if none can.
    """
    places.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    lock = FileLock(places.data / "page.lock", mode=0o600, thread_local=False)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        return False
    try:
        with socket.create_server(("127.0.0.1", 0)) as listening:
            asyncio.run(_serve(places, listening, ready, problem, needed_s))
    finally:
        places.page.unlink(missing_ok=True)
        lock.release()
    return True


class _Server(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """A signal ends it in order; uvicorn would raise it again, and nothing would be tidied up."""

        def leave(_number: int, _frame: object) -> None:
            self.should_exit = True

        numbers = [getattr(signal, name) for name in ("SIGTERM", "SIGINT", "SIGHUP") if hasattr(signal, name)]
        before = {number: signal.signal(number, leave) for number in numbers}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


async def _serve(
    places: Places,
    listening: socket.socket,
    ready: Callable[[str], None],
    problem: str,
    needed_s: float,
) -> None:
    secret, codes, port = secrets.token_urlsafe(32), Codes(), listening.getsockname()[1]
    watching = Watching(places.session)
    watching.problem = problem
    app = Guard(application(places, watching, codes), secret, port, codes)
    config = uvicorn.Config(
        app, log_level="critical", access_log=False, ws="none", lifespan="off", timeout_graceful_shutdown=1,
        server_header=False, timeout_keep_alive=30,
    )  # fmt: skip
    logging.getLogger("asyncio").setLevel(logging.CRITICAL)  # it would tell of every page that has gone
    server = _Server(config)
    watching.start()
    write_whole(places.page, msgspec.json.encode(Address(port, secret, os.getpid())).decode(), mode=0o600)
    running = asyncio.create_task(server.serve(sockets=[listening]))
    loop = asyncio.get_running_loop()
    loop.run_in_executor(None, ready, f"http://127.0.0.1:{port}/open/{codes.new()}")  # a browser may be slow
    try:
        needed_at_s = time.monotonic()
        while not running.done() and time.monotonic() - needed_at_s < needed_s:
            await asyncio.wait([running], timeout=LOOK_S)
            if watching.readers or watching.playing:
                needed_at_s = time.monotonic()
    finally:
        server.should_exit = True
        watching.stop()
        await running


def another(place: Path, problem: str = "") -> str | None:
    """An address that opens once the page that another process serves; None if there is none."""
    until_s = time.monotonic() + BEGIN_S
    while time.monotonic() < until_s:
        address = Address.read(place)
        if address is not None:
            origin = f"http://127.0.0.1:{address.port}"
            asked = urllib.request.Request(
                f"{origin}/{address.secret}/code", problem.encode(), {"Origin": origin}, method="POST"
            )
            direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
            with (
                contextlib.suppress(OSError),
                direct.open(asked, timeout=ANSWER_S) as answer,
            ):
                return f"{origin}/open/{answer.read().decode()}"
        time.sleep(0.1)
    return None
