"""Makes the environment. The stamp is deleted first and written last: an interrupted install starts over."""

import importlib
import os
import shutil
import signal
import sys
import time
from importlib.util import find_spec
from typing import IO, Never

from . import debian
from .progress import Cannot, last_lines, run, say
from .stamp import LOCKS, PYTHON, STAMP, is_ready, python_of, read_stamp, write_stamp

LOCK = "voicecoach-lock"
LOG = "voicecoach-setup.log"
OURS = "voicecoach-made-this"  # we made an environment with this file; any other is never emptied


def install(root: str, venv: str, mark: str, group: str) -> None:
    """Bring venv up to date under a lock: a second start waits here, and then finds the work done."""
    _prepare_process()
    os.makedirs(venv, exist_ok=True)
    log = os.path.join(venv, LOG)
    with lock(os.path.join(venv, LOCK)) as held:
        if is_ready(venv, mark, group):
            return
        foreign = is_foreign(venv)
        old, groups = read_stamp(venv)
        if os.path.exists(os.path.join(venv, STAMP)):
            os.remove(os.path.join(venv, STAMP))
        with open(log, "wb"):
            pass
        # Without a stamp, the last install was interrupted, and pip may have left half a package behind.
        if not foreign and (not old or python_version(venv) != PYTHON or not os.path.exists(python_of(venv))):
            ensure_ensurepip(log)
            make_venv(venv, log, held)
        groups = sorted({*filter(lambda old: has_lock(root, old), groups), group} - {""})
        pip_install(root, venv, groups, log, held)
        compile_ours(root, venv, log, held)
        write_stamp(venv, mark, groups)


def is_foreign(venv: str) -> bool:
    """Whether somebody made this environment by hand; we install into it, but never empty it."""
    if os.path.exists(os.path.join(venv, OURS)) or not os.path.exists(os.path.join(venv, "pyvenv.cfg")):
        return False
    if os.path.exists(python_of(venv)):
        return True
    raise Cannot(
        f"{venv} was not made by voicecoach, and has no working Python.\n"
        "It was left as it is. Remove or rename it, then start voicecoach again."
    )


def make_venv(venv: str, log: str, held: IO[str]) -> None:
    with open(os.path.join(venv, OURS), "w", encoding="utf-8"):
        pass
    for name in os.listdir(venv):
        path = os.path.join(venv, name)
        if os.path.isdir(path) and not os.path.islink(path):
            shutil.rmtree(path)
        elif name not in (LOCK, LOG, OURS):
            os.remove(path)
    what, command = "making its own Python environment", [sys.executable, "-m", "venv", venv]
    if run(what, command, log, keep_open=[held.fileno()]) != 0:
        raise Cannot(
            f"Python could not make an environment in {venv}. Its last lines:\n{last_lines(log)}\n"
            f"The whole log: {log}"
        )


def pip_install(root: str, venv: str, groups: list[str], log: str, held: IO[str]) -> None:
    """Install the locked packages, each file checked against its hash, then the checkout itself.

    Nothing is resolved, and only the locked files are fetched: build tools are locked, too.
    """
    locked = ["--require-hashes", "--no-deps", "--no-build-isolation"]
    named = [lock_of(root, group) for group in ("runtime", *groups)]
    steps = [
        ("installing the build tools", [*locked, "-r", lock_of(root, "build")]),
        ("installing (once; a minute or two)", [*locked, *(word for name in named for word in ("-r", name))]),
        ("installing voicecoach itself", ["--no-deps", "--no-build-isolation", "-e", "."]),
    ]
    for group in groups:  # see scripts/lock
        name = f"{LOCKS}/{group}-unhashed.txt"
        if os.path.exists(os.path.join(root, name)):
            steps.append((f"installing the packages of the group {group} without hashes", ["-r", name]))
    pip = [python_of(venv), "-P", "-m", "pip", "install", "--no-input", "--disable-pip-version-check"]
    pip += ["--progress-bar", "off"]
    # pip inherits the lock: if this process is killed, pip may still be installing.
    env = {**os.environ, "PIP_USER": "0", "PYTHONUNBUFFERED": "1"}
    for what, arguments in steps:  # paths are relative to root, whose name may contain any character
        if run(what, [*pip, *arguments], log, cwd=root, env=env, keep_open=[held.fileno()]) != 0:
            raise Cannot(
                "it could not be installed: pip failed. Its last lines:\n"
                f"{last_lines(log)}\nThe whole log: {log}\n"
                "Check the network connection and the free disk space, then start voicecoach again;\n"
                "the installation will start over."
            )


def compile_ours(root: str, venv: str, log: str, held: IO[str]) -> None:
    """Spare the first start a tenth of a second. pip compiles what it copies, but our package stays here.

    A checkout that cannot be written is compiled at every start.
    """
    command = [python_of(venv), "-m", "compileall", "-q", "voicecoach"]
    run("preparing a quick start", command, log, cwd=root, keep_open=[held.fileno()])


def lock_of(root: str, group: str) -> str:
    """The path of the group's lock, relative to root."""
    if not has_lock(root, group):
        raise Cannot(
            f"there is no {LOCKS}/{group}.txt: the checkout is incomplete, or it has no group {group!r}."
        )
    return f"{LOCKS}/{group}.txt"


def has_lock(root: str, group: str) -> bool:
    return os.path.exists(os.path.join(root, LOCKS, f"{group}.txt"))


def ensure_ensurepip(log: str) -> None:
    """Make sure there is ensurepip, which venv needs. Debian has it in a separate package."""
    if has_ensurepip():
        return
    version = f"python{PYTHON}"
    standard = os.path.basename(os.path.realpath("/usr/bin/python3")) == version
    package = ("python3" if standard else version) + "-venv"
    if debian.may_install() and debian.install([package], log) and has_ensurepip():
        return
    raise Cannot(
        f"this Python ({sys.executable}) cannot make virtual environments: its venv module is incomplete.\n"
        "Nothing was installed. On Debian, Ubuntu and similar systems, type:\n"
        f"  sudo apt-get install -y {package}\nthen start voicecoach again."
    )


def has_ensurepip() -> bool:
    importlib.invalidate_caches()
    return find_spec("venv") is not None and find_spec("ensurepip") is not None


def python_version(venv: str) -> str:
    """ "3.11" for an environment of Python 3.11.x; "" if the version cannot be found."""
    try:
        with open(os.path.join(venv, "pyvenv.cfg"), encoding="utf-8") as file:
            lines = [line.partition("=") for line in file]
    except (OSError, UnicodeDecodeError):
        return ""
    version = next((value for key, _, value in lines if key.strip() == "version"), "")
    return ".".join(version.strip().split(".")[:2])


def lock(path: str) -> IO[str]:
    """Wait until no other start is installing. The open file holds the lock until its last process ends."""
    file = open(path, "a+")  # noqa: SIM115 (stays open for as long as the lock is held)
    waiting = "voicecoach: another start is installing; waiting for it (Ctrl-C to give up)"
    if sys.platform == "win32":
        import msvcrt

        while True:
            try:
                file.seek(0)
                msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
                return file
            except OSError:
                say(waiting)
                time.sleep(5)
    import fcntl

    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        say(waiting)
        fcntl.flock(file, fcntl.LOCK_EX)
    except OSError:
        pass  # a network file system without locks: installing without one is better than not at all
    return file


def _prepare_process() -> None:
    while os.open(os.devnull, os.O_RDWR) <= 2:  # else, with stdin closed, the lock becomes stdin
        pass
    for name in ("SIGTERM", "SIGHUP"):  # closing the terminal window must not leave pip running
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), _interrupted)


def _interrupted(number: int, frame: object) -> Never:
    raise KeyboardInterrupt
