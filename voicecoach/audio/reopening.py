"""Opens a stream again and again, in a thread of its own, until its device delivers."""

import threading
import time
from collections.abc import Callable

from voicecoach.audio.devices import AudioUnavailable
from voicecoach.audio.stream import Stream

FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.3, 5.0
TRIAL_S = 1.0
"""How long a stream may take to deliver its first blocks."""
ENOUGH_CALLS = 3
_ONE_AT_A_TIME = threading.Lock()
"""PortAudio must not open two streams at once."""
_PATIENCE_S = 0.5


class Reopening:
    """`open` makes a stream that is not live yet, or raises AudioUnavailable; it may also hang."""

    def __init__(self, open: Callable[[], Stream]) -> None:
        self.found: Stream | None = None
        """a stream that delivers; it is still to be made live"""
        self._open = open
        self._over = threading.Event()
        threading.Thread(target=self._try, daemon=True, name="reopen stream").start()

    def give_up(self) -> None:
        self._over.set()
        if self.found:
            self.found.close()

    def _try(self) -> None:
        pause_s = FIRST_PAUSE_S
        while not self._over.is_set():
            stream = self._opened()
            if stream is not None:
                until_s = time.monotonic() + TRIAL_S
                while stream.calls < ENOUGH_CALLS and time.monotonic() < until_s:
                    time.sleep(0.02)
                if stream.calls >= ENOUGH_CALLS and not self._over.is_set():
                    self.found = stream
                    return
                stream.close()
            self._over.wait(pause_s)
            pause_s = min(2 * pause_s, LONGEST_PAUSE_S)

    def _opened(self) -> Stream | None:
        taken = _ONE_AT_A_TIME.acquire(timeout=_PATIENCE_S)  # else the other direction hangs in opening
        try:
            return self._open()
        except AudioUnavailable:
            return None
        finally:
            if taken:
                _ONE_AT_A_TIME.release()
