"""Where files are: the user's folders, from platformdirs, and our own data, in the wheel or the checkout."""

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from voicecoach.tables import InputError

_PACKAGE = Path(__file__).resolve().parent.parent
_CHECKOUT = _PACKAGE.parent


@dataclass(frozen=True, slots=True)
class Places:
    """`data`: journal, own programs, added models; `cache`: rendered lines; `config`: settings; `log`."""

    data: Path
    cache: Path
    config: Path
    log: Path

    @classmethod
    def of_user(cls) -> "Places":
        """The user's folders. VOICECOACH_HOME, if set, is one folder for everything (tests, a USB stick).

        Raises InputError if the system knows no home: a folder named ~, wherever one stands, would have a
        journal, and a lock, of its own.
        """
        home = os.environ.get("VOICECOACH_HOME")
        if home:
            return cls.inside(Path(home))
        dirs = platformdirs.PlatformDirs("voicecoach", appauthor=False)
        try:
            found = cls(dirs.user_data_path, dirs.user_cache_path, dirs.user_config_path, dirs.user_log_path)
        except RuntimeError:
            found = None
        if found is None or not found.data.is_absolute():
            raise InputError(
                "There is no home folder to keep your journal in. "
                "Set HOME, or VOICECOACH_HOME to a folder of yours."
            )
        return found

    @classmethod
    def inside(cls, folder: Path) -> "Places":
        return cls(folder / "data", folder / "cache", folder / "config", folder / "log")

    @property
    def journal(self) -> Path:
        return self.data / "journal.sqlite3"

    @property
    def spares(self) -> tuple[Path, ...]:
        """Where a session is remembered if the journal's disk takes nothing: perhaps these are on another."""
        user = os.getuid() if hasattr(os, "getuid") else "user"  # on Windows the folder is the user's own
        return (self.cache / "unwritten", Path(tempfile.gettempdir()) / f"voicecoach-{user}")

    @property
    def own_programs(self) -> Path:
        return self.data / "programs"

    @property
    def own_exercises(self) -> Path:
        return self.data / "exercises"

    @property
    def own_packs(self) -> Path:
        """Languages and care packs that the user added."""
        return self.data / "packs"

    @property
    def models(self) -> Path:
        """Recognition models that the user added."""
        return self.data / "models"

    @property
    def session(self) -> Path:
        """Where the session that is being played can be reached; only the user can read it."""
        return self.data / "session.json"

    @property
    def page(self) -> Path:
        """Where the page that is being served can be reached, likewise."""
        return self.data / "page.json"

    @property
    def rehearsals(self) -> Path:
        return self.data / "rehearsals.json"

    @property
    def prompts(self) -> Path:
        return self.cache / "prompts"

    @property
    def settings(self) -> Path:
        return self.config / "settings.toml"


def shipped(name: str) -> Path:
    """A file or folder that ships with voicecoach: inside the wheel, or else in the checkout."""
    inside = _PACKAGE / "_data" / name
    if inside.exists():
        return inside
    return _CHECKOUT / (name if name.startswith("models") else f"audio_fixtures/{name}")
