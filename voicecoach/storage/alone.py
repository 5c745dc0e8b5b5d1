"""One coach at a time: two would talk over each other, and each take the other for crashed."""

from pathlib import Path

from filelock import FileLock, Timeout


class AlreadyRunning(Exception):
    """Another session of this user is being played."""


def alone(folder: Path) -> FileLock | None:
    """Hold the returned lock for as long as the session lasts; the system lets go of it if the process dies.

    None: this disk knows no locks, or takes no file. That keeps nobody from exercising. Raises
    AlreadyRunning.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock = FileLock(folder / "session.lock", mode=0o600, thread_local=False)
        lock.acquire(timeout=0)
    except Timeout:
        raise AlreadyRunning(
            "Another session is being played already. End it first: say finish, or press q in its window."
        ) from None
    except (OSError, NotImplementedError):
        return None
    return lock


def somebody_plays(folder: Path) -> bool:
    """Whether a session of this user is being played."""
    try:
        lock = alone(folder)
    except AlreadyRunning:
        return True
    if lock is not None:
        lock.release()
    return False
