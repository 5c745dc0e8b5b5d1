"""For a start from the shortcut, without a terminal: errors are spoken, and kept in the log."""

import contextlib
import sys
import time
from collections.abc import Iterator

from voicecoach.audio import AudioUnavailable, DeviceDuplex, SilentMicrophone
from voicecoach.cli.errors import exit_code, log_failure
from voicecoach.speaking import DEFAULT_VOICE, Mixer, PromptCache, SynthesisError
from voicecoach.units import RATE_HZ


@contextlib.contextmanager
def errors_spoken(speaker: str | None) -> Iterator[None]:
    try:
        yield
    except Exception as error:
        where = log_failure(error)
        print(f"voicecoach: {error} {where}", file=sys.stderr)
        with contextlib.suppress(AudioUnavailable, SynthesisError):
            speak(f"I am sorry, I cannot begin. {error}", speaker)
        sys.exit(exit_code(error))


def speak(text: str, speaker: str | None) -> None:
    """Say `text` on a device, and wait until it has been played."""
    clip = PromptCache(None, DEFAULT_VOICE).clip(text[:400], 150)
    mixer = Mixer()
    mixer.play(clip, prompt_id=1)
    duplex = DeviceDuplex(SilentMicrophone(), speaker)
    until_s = time.monotonic() + len(clip) / RATE_HZ + 5.0
    for _ in duplex.frames(mixer):
        if mixer.finished or time.monotonic() > until_s:
            break
    time.sleep(0.3)  # let the device play the rest of its buffer
    duplex.close()
