"""The process that names devices and measures a level: see apart.py."""

import contextlib
import os
import sys

from voicecoach.audio.apart import answer

with contextlib.suppress(OSError, KeyboardInterrupt):
    answer(*sys.argv[1:])
os._exit(0)  # a driver in trouble must not keep the microphone open
