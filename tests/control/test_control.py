"""The door of a session: who has the secret sees it and gives it commands; nobody can hold it up."""

import json
import socket
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from stat import S_IMODE

import msgspec
import pytest

from tests.session.driver import moving
from voicecoach.care import Outcome
from voicecoach.control import Connection, Control, Ended, Line, NobodyThere, Notice, Seen, connected
from voicecoach.control.messages import Address, Give, Hello
from voicecoach.language import Command
from voicecoach.session import View, view

Given = tuple[Command, str, str | None]


def seen() -> View:
    coach = moving().in_hold()
    return view(coach.state, coach.now_ms)


@contextmanager
def door(place: Path) -> Iterator[tuple[Control, list[Given]]]:
    control, given = Control(place), list[Given]()
    control.open(lambda *each: given.append(each))
    try:
        yield control, given
    finally:
        control.close()


def test_a_command_arrives_with_who_gave_it_and_what_it_answers(tmp_path: Path) -> None:
    with door(tmp_path / "s.json") as (_, given), closing(connected(tmp_path / "s.json")) as session:
        session.give(Command.STOP, "send")
        assert session.given()
        session.give(Command.YES, "page", "released")
        assert session.given()
    assert given == [(Command.STOP, "send", None), (Command.YES, "page", "released")]


def test_whoever_watches_is_shown_what_was_and_what_comes(tmp_path: Path) -> None:
    now = seen()
    with door(tmp_path / "s.json") as (control, _):
        control.coach(0, "Hello.")
        control.show(now)
        with closing(connected(tmp_path / "s.json", watch=True)) as session:
            shown = session.messages()
            assert next(shown) == Line(0, "coach", "Hello.")
            assert next(shown) == Seen(now)
            control.user(1000, "stop", "voice")
            control.alarm("Deaf.")
            assert next(shown) == Line(1000, "you", "stop")
            assert next(shown) == Notice("Deaf.", alarm=True)
            control.ended(Outcome.COMPLETED)
            control.close()
            assert list(shown) == [Ended(Outcome.COMPLETED)]


def test_only_the_user_can_read_where_it_is_and_it_is_gone_with_the_session(tmp_path: Path) -> None:
    place = tmp_path / "s.json"
    with door(place):
        assert S_IMODE(place.stat().st_mode) == 0o600
        assert len(json.loads(place.read_text())["secret"]) >= 40
    assert not place.exists()
    with pytest.raises(NobodyThere):
        connected(place)


def test_a_guessed_secret_is_refused_and_gives_no_command(tmp_path: Path) -> None:
    with door(tmp_path / "s.json") as (_, given):
        address = Address.read(tmp_path / "s.json")
        assert address is not None
        with pytest.raises(NobodyThere):
            Connection(msgspec.structs.replace(address, secret="guessed"), watch=True)
        with socket.create_connection(("127.0.0.1", address.port)) as stranger:
            stranger.sendall(msgspec.json.encode(Give(Command.STOP)) + b"\n")
            assert stranger.recv(100) == b""
    assert given == []


def test_nonsense_and_endless_lines_are_shown_out(tmp_path: Path) -> None:
    with door(tmp_path / "s.json") as (_, given):
        address = Address.read(tmp_path / "s.json")
        assert address is not None
        for sent in (b"\xff\x00\n", b"x" * 200_000, b'{"type":"hello"}\n'):
            with socket.create_connection(("127.0.0.1", address.port)) as stranger:
                stranger.settimeout(5)
                try:
                    stranger.sendall(sent)
                    assert stranger.recv(100) == b""
                except ConnectionError:
                    pass
        with closing(connected(tmp_path / "s.json")) as session:
            session.give(Command.NEXT, "send")
            assert session.given()
    assert [each[0] for each in given] == [Command.NEXT]


@pytest.mark.fault("a program that watches the session never reads", "the session is not held up")
def test_a_visitor_that_never_reads_holds_up_nobody(tmp_path: Path) -> None:
    now = seen()
    with door(tmp_path / "s.json") as (control, _):
        address = Address.read(tmp_path / "s.json")
        assert address is not None
        with socket.create_connection(("127.0.0.1", address.port)) as deaf:
            deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            deaf.sendall(msgspec.json.encode(Hello(address.secret, watch=True)) + b"\n")
            with closing(connected(tmp_path / "s.json", watch=True)) as reader:
                shown = reader.messages()
                for n in range(3000):  # far more than the buffers of a connection hold
                    control.coach(n, "A line that takes some room. " * 20)
                    control.show(now)
                control.ended(Outcome.COMPLETED)
                assert any(isinstance(message, Ended) for message in shown)


def test_more_visitors_than_it_has_room_for_are_shown_out(tmp_path: Path) -> None:
    with door(tmp_path / "s.json"):
        inside = [connected(tmp_path / "s.json", watch=True) for _ in range(16)]
        time.sleep(0.1)
        with pytest.raises(NobodyThere):
            connected(tmp_path / "s.json")
        for each in inside:
            each.close()


def test_a_file_left_by_a_session_that_was_killed_is_nobody(tmp_path: Path) -> None:
    place = tmp_path / "s.json"
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    place.write_bytes(msgspec.json.encode(Address(port, "secret", 1)))
    with pytest.raises(NobodyThere):
        connected(place)
    place.write_text("not json")
    with pytest.raises(NobodyThere):
        connected(place)
