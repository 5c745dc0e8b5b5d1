"""What is kept on disk: journal, settings, and the recognition models (the shelf)."""

from voicecoach.storage import rehearsals
from voicecoach.storage.accounts import (
    AFTERWARDS,
    EFFORT,
    Account,
    JournalError,
    KeptAnswer,
    Record,
    Report,
    everything,
    record_of,
)
from voicecoach.storage.adding import Wanted
from voicecoach.storage.adding import add as add_model
from voicecoach.storage.alone import AlreadyRunning, alone
from voicecoach.storage.aside import is_unusable
from voicecoach.storage.eventlog import EventLog
from voicecoach.storage.forgetting import Forgotten, forget
from voicecoach.storage.journal import Journal
from voicecoach.storage.migrations import version_of
from voicecoach.storage.places import Places, shipped
from voicecoach.storage.rows import SessionRow, locking, row_of
from voicecoach.storage.settings import (
    Settings,
    Value,
    check_conditions,
    checked,
    load_settings,
    set_values,
    written,
)
from voicecoach.storage.shelf import SHIPPED, SHIPPED_MODEL, Entry, ModelAbsent, Shelf, ShelfError
from voicecoach.storage.told import Earlier, Told, days_of

__all__ = [
    "AFTERWARDS",
    "EFFORT",
    "SHIPPED",
    "SHIPPED_MODEL",
    "Account",
    "AlreadyRunning",
    "Earlier",
    "Entry",
    "EventLog",
    "Forgotten",
    "Journal",
    "JournalError",
    "KeptAnswer",
    "ModelAbsent",
    "Places",
    "Record",
    "Report",
    "SessionRow",
    "Settings",
    "Shelf",
    "ShelfError",
    "Told",
    "Value",
    "Wanted",
    "add_model",
    "alone",
    "check_conditions",
    "checked",
    "days_of",
    "everything",
    "forget",
    "is_unusable",
    "load_settings",
    "locking",
    "record_of",
    "rehearsals",
    "row_of",
    "set_values",
    "shipped",
    "version_of",
    "written",
]
