"""What a page is shown of a session; and that the session does not notice what becomes of the page."""

import asyncio
import os
import signal
import socket
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from tests.page.browsing import Server
from tests.session.driver import moving
from voicecoach.care import Outcome
from voicecoach.control import Address, Control, Ended, Line, Seen
from voicecoach.language import Command
from voicecoach.page.server import another
from voicecoach.page.watching import Began, Gone, Watching
from voicecoach.session import view
from voicecoach.storage import Places

LINES = 2_000
AT_ONCE_S = 1.0
"""Not a measurement: what a session's thread spends on so many lines if nothing holds it up is far less."""


def playing(places: Places) -> tuple[Control, list[Command]]:
    """The door of a session; and the commands that come through it."""
    places.data.mkdir(parents=True, exist_ok=True)
    given: list[Command] = []
    control = Control(places.session)
    control.open(lambda command, source, asking: given.append(command))
    return control, given


def until(true: Callable[[], bool], within_s: float = 20.0) -> None:
    end_s = time.monotonic() + within_s
    while not true():
        assert time.monotonic() < end_s
        time.sleep(0.02)


def served(places: Places) -> Address:
    """Where the page is, once it is there."""
    until(lambda: Address.read(places.page) is not None)
    address = Address.read(places.page)
    assert address is not None
    return address


def lines_take_no_time(control: Control) -> None:
    coach = moving().in_hold()
    now = view(coach.state, coach.now_ms)
    before_s = time.monotonic()
    for n in range(LINES):
        control.coach(n, "Lift your hips, as high as is comfortable.")
        control.show(now)
    assert time.monotonic() - before_s < AT_ONCE_S


def test_a_page_sees_a_session_begin_go_on_and_end(tmp_path: Path) -> None:
    places = Places.inside(tmp_path)

    async def watch() -> list[object]:
        watching = Watching(places.session)
        watching.start()
        shown = watching.shown()
        seen: list[object] = [await anext(shown)]
        control, given = playing(places)
        seen.append(await anext(shown))
        coach = moving().in_hold()
        control.show(view(coach.state, coach.now_ms))
        control.coach(1, "two")
        seen += [await anext(shown), await anext(shown)]
        assert watching.give(Command.STOP, None)
        while not given:
            await asyncio.sleep(0.01)
        control.ended(Outcome.COMPLETED)
        control.close()
        seen += [await anext(shown), await anext(shown)]
        watching.stop()
        return seen

    seen = asyncio.run(asyncio.wait_for(watch(), 30))
    assert seen[0] == Gone()
    assert seen[1] == Began()
    assert {type(each) for each in seen[2:4]} == {Seen, Line}
    assert seen[4:] == [Ended(Outcome.COMPLETED), Gone()]


@pytest.mark.fault("the page's server is killed", "the session does not notice; the page can be opened again")
def test_a_killed_server_is_not_noticed(tmp_path: Path) -> None:
    places = Places.inside(tmp_path)
    control, given = playing(places)
    with Server(tmp_path) as server:
        served(places)
        os.kill(server.pid, signal.SIGKILL)
        lines_take_no_time(control)
    with Server(tmp_path) as again:
        assert "/open/" in again.address
        address = another(places.page)
        assert address is not None
        assert "No such page" not in urllib.request.urlopen(address, timeout=20).read().decode()
    assert given == []
    control.close()


@pytest.mark.fault("the page's server hangs", "the session does not notice")
def test_a_hung_server_is_not_noticed(tmp_path: Path) -> None:
    places = Places.inside(tmp_path)
    control, _ = playing(places)
    with Server(tmp_path) as server:
        served(places)
        os.kill(server.pid, signal.SIGSTOP)
        try:
            lines_take_no_time(control)
        finally:
            os.kill(server.pid, signal.SIGCONT)
    control.close()


@pytest.mark.fault("a page never reads what it is sent", "the server and the session go on")
def test_a_page_that_never_reads_holds_up_nobody(tmp_path: Path) -> None:
    places = Places.inside(tmp_path)
    control, given = playing(places)
    with Server(tmp_path):
        address = served(places)
        ask = f"GET /{address.secret}/events HTTP/1.1\r\nHost: 127.0.0.1:{address.port}\r\n\r\n"
        with socket.create_connection(("127.0.0.1", address.port)) as deaf:
            deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
            deaf.sendall(ask.encode())
            time.sleep(1.0)
            for _ in range(5):
                lines_take_no_time(control)
            pressed(address, Command.STOP)
            until(lambda: given == [Command.STOP])
    control.close()


@pytest.mark.fault("the page is loaded again and again", "every load is answered, and the session goes on")
def test_a_reload_loop_is_answered(tmp_path: Path) -> None:
    places = Places.inside(tmp_path)
    control, given = playing(places)
    with Server(tmp_path):
        address = served(places)
        for _ in range(60):
            where = f"http://127.0.0.1:{address.port}/{address.secret}/session"
            assert b"STOP" in urllib.request.urlopen(where, timeout=20).read()
            lines_take_no_time(control) if _ % 20 == 0 else None
        pressed(address, Command.PAUSE)
        until(lambda: given == [Command.PAUSE])
    control.close()


def pressed(address: Address, command: Command) -> None:
    """A button of the page, once its server has found the session."""
    origin = f"http://127.0.0.1:{address.port}"
    body = msgspec.json.encode({"command": command})
    request = urllib.request.Request(f"{origin}/{address.secret}/give", body, {"Origin": origin})

    def taken() -> bool:
        try:
            return bool(urllib.request.urlopen(request, timeout=20).status == 204)
        except urllib.error.HTTPError as error:
            error.close()
            return False

    until(taken)


def test_a_second_open_shows_the_same_page(tmp_path: Path) -> None:
    with Server(tmp_path) as first, Server(tmp_path) as second:
        assert first.address.rpartition("/")[0] == second.address.rpartition("/")[0]
        assert first.address != second.address
