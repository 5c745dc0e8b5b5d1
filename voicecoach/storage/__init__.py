"""What stays on the disk: journal, settings, and the shelf of recognition models."""

from voicecoach.storage.eventlog import EventLog
from voicecoach.storage.journal import Journal, Memory, SessionRow
from voicecoach.storage.places import Places, shipped
from voicecoach.storage.settings import Settings, SettingsError, load_settings
from voicecoach.storage.shelf import ModelAbsent, ShelfError, verified_model

__all__ = [
    "EventLog",
    "Journal",
    "Memory",
    "ModelAbsent",
    "Places",
    "SessionRow",
    "Settings",
    "SettingsError",
    "ShelfError",
    "load_settings",
    "shipped",
    "verified_model",
]
