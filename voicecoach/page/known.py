"""What the pages between sessions begin with: settings and library, as far as the user's files can be used.

A session refuses a file with a mistake. A page tells it and goes on with what is left, as this is where the
user finds out what to mend.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from voicecoach.app import users_own
from voicecoach.care import Limits, Memory, Program, program_for, remembered
from voicecoach.library import Library
from voicecoach.library.loader import PACKS
from voicecoach.report.planned import Planned, planned
from voicecoach.storage import Places, Record, Settings, check_conditions, days_of, load_settings, record_of
from voicecoach.tables import InputError


@dataclass(frozen=True, slots=True)
class Known:
    settings: Settings
    library: Library
    wrong_exercises: dict[Path, InputError]
    """files of the user's own exercises that cannot be used, and why"""
    mistakes: tuple[str, ...] = ()
    """what else cannot be used, in sentences: the settings, the packs"""

    @property
    def told(self) -> tuple[str, ...]:
        """Every mistake, in sentences."""
        return (*self.mistakes, *(str(error) for error in self.wrong_exercises.values()))

    def program_name(self, name: str) -> str:
        """What the program with this id is called; the id of one that is not there any more."""
        try:
            return self.library.program(name).name
        except InputError:
            return name


@dataclass(frozen=True, slots=True)
class User:
    """What earlier sessions and the profile say."""

    record: Record
    memory: Memory
    usual: str
    """id of the program that is meant for the user now"""


def known(places: Places) -> Known:
    mistakes: list[str] = []
    settings = Settings()
    try:
        settings = load_settings(places.settings)
    except InputError as error:
        mistakes.append(str(error))
    own = users_own(places)
    wrong: dict[Path, InputError] = {}
    try:
        library = Library(own, settings.care, settings.language, wrong)
    except InputError as error:
        mistakes.append(str(error))
        wrong.clear()
        library = Library(replace(own, packs=PACKS), mistakes=wrong)
    try:
        check_conditions(places.settings, settings, library.protocol.conditions)
    except InputError as error:
        mistakes.append(str(error))
    return Known(settings, library, wrong, tuple(mistakes))


def user_of(places: Places, here: Known) -> User:
    """Raises JournalError. The journal of a session that is being played is not disturbed: it is copied."""
    protocol = here.library.protocol
    record = record_of(places.journal, places.spares, protocol)
    memory = remembered(record.past, days_of(datetime.now()), protocol.memory)
    usual = here.settings.program or program_for(protocol, record.past, record.answers)
    return User(record, memory, usual)


def next_time(program: Program, here: Known, user: User) -> Planned:
    """`program` as this user would be led through it."""
    limits = Limits(frozenset(here.settings.conditions))
    record = user.record
    return planned(program, here.library, limits, user.memory, record.answers, record.accounts)
