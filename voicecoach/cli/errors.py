"""Users see no traceback: an expected error is explained, the details of any other go to a log."""

import contextlib
import os
import sys
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import TextIO

import click

BAD_INPUT, NO_SOUND, BROKEN = 2, 3, 1
UNWRITTEN, UNREAD = 7, 141
"""The output cannot be written; nobody reads it any more (128 and the number of SIGPIPE, as `ls` has it)."""


def exit_code(error: Exception) -> int:
    return _expected(error) or BROKEN


def _expected(error: Exception) -> int | None:
    """The exit code of an error that says everything itself; None for any other.

    It imports half the program, which a command that goes well need not wait for.
    """
    from voicecoach.audio import AudioUnavailable, SoundFileError
    from voicecoach.control import NobodyThere
    from voicecoach.listening import ModelError
    from voicecoach.speaking import SynthesisError
    from voicecoach.storage import AlreadyRunning, JournalError, ShelfError
    from voicecoach.tables import InputError

    codes: dict[type[Exception], int] = {
        InputError: BAD_INPUT,
        SoundFileError: BAD_INPUT,
        ShelfError: 4,
        ModelError: 4,
        SynthesisError: 5,
        AudioUnavailable: NO_SOUND,
        AlreadyRunning: 6,
        JournalError: 8,
        NobodyThere: 9,
    }
    return next((code for kind, code in codes.items() if isinstance(error, kind)), None)


def log_failure(error: BaseException) -> str:
    """Write the details of `error` to the log; return a sentence that says where they are."""
    import traceback

    from voicecoach.storage import Places
    from voicecoach.tables import InputError

    details = "".join(traceback.format_exception(error))
    try:
        path = Places.of_user().log / "voicecoach.log"
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8") as file:
            file.write(f"{datetime.now().isoformat(timespec='seconds')}\n{details}\n")
    except (OSError, InputError):
        return "Its details could not be written to a log."
    return f"The details are in {path}."


@contextlib.contextmanager
def native_messages_kept(path: Path) -> Iterator[None]:
    """What C libraries write to standard error goes to `path`: ALSA and PortAudio would spill it over the
    transcript. What Python writes there is still seen."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        log = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        seen = os.dup(2)
    except OSError:
        yield
        return
    before = sys.stderr
    os.dup2(log, 2)
    os.close(log)
    sys.stderr = os.fdopen(seen, "w", buffering=1, encoding="utf-8", errors="replace", closefd=False)
    try:
        yield
    finally:
        sys.stderr = before
        os.dup2(seen, 2)
        os.close(seen)


@contextlib.contextmanager
def explained() -> Iterator[None]:
    """Turn every exception into a message and an exit code."""
    try:
        yield
    except (click.exceptions.Exit, click.exceptions.Abort):
        raise
    except click.ClickException as error:
        _tell(error.show)
        sys.exit(error.exit_code)
    except BrokenPipeError:
        _give_up(sys.stdout)
        sys.exit(UNREAD)
    except KeyboardInterrupt:
        sys.exit(130)
    except Exception as error:
        if (code := _expected(error)) is not None:
            _say(f"{error}")
            sys.exit(code)
        if isinstance(error, OSError) and error.filename is None and not _takes(sys.stdout):
            _say(f"The output cannot be written ({error.strerror}).")
            sys.exit(UNWRITTEN)
        _say(f"something failed that should not have ({error}). {log_failure(error)}")
        sys.exit(BROKEN)


def _say(text: str) -> None:
    _tell(lambda: click.echo(f"voicecoach: {text}", err=True))


def _tell(action: Callable[[], object]) -> None:
    """Write to standard error, if that takes anything: an error has its code even where it cannot be told."""
    try:
        action()
    except OSError:
        _give_up(sys.stderr)


def _takes(stream: TextIO | None) -> bool:
    """Whether a line can be written to `stream`."""
    try:
        if stream is not None:
            os.write(stream.fileno(), b"\n")
    except OSError:
        _give_up(stream)
        return False
    return True


def _give_up(stream: TextIO | None) -> None:
    """Without this, Python would complain again while closing it."""
    if stream is not None:
        with contextlib.suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
