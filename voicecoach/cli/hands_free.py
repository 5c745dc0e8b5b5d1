"""For a start from the shortcut, without a terminal: errors are spoken, and kept in the log."""

import contextlib
import sys
import threading
from collections.abc import Iterator

from voicecoach.app import users_library
from voicecoach.audio import AudioUnavailable
from voicecoach.cli.errors import exit_code, log_failure
from voicecoach.cli.say import play
from voicecoach.desktop import notify
from voicecoach.speaking import PromptCache, SynthesisError
from voicecoach.storage import AlreadyRunning, Places
from voicecoach.tables import InputError


@contextlib.contextmanager
def errors_spoken(speaker: str | None) -> Iterator[threading.Event]:
    """Yields an event to be set when the session begins: from then on it says its last words itself."""
    began = threading.Event()
    try:
        yield began
    except Exception as error:
        where = log_failure(error)
        print(f"voicecoach: {error} {where}", file=sys.stderr)
        notify("voicecoach", str(error))
        with contextlib.suppress(AudioUnavailable, SynthesisError, InputError):
            if not (began.is_set() or isinstance(error, AlreadyRunning)):  # nobody talks over a coach
                speak(f"I am sorry, I cannot begin. {error}", speaker)
        sys.exit(exit_code(error))


def speak(text: str, speaker: str | None) -> None:
    """Say `text` on a device, and wait until it has been played."""
    prompts = PromptCache(None, users_library(Places.of_user()).language.voices)
    clip = prompts.clip(text[:400], 150)
    prompts.close()
    play(clip, speaker)
