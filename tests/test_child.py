"""Processes beside the session: the memory they give back. That they die and hang is tested with what they
do (test_rendering.py, test_second.py)."""

import subprocess
import sys

import pytest

KEPT = """
from voicecoach.child import give_back

def resident_mb():
    return int(open("/proc/self/status").read().partition("VmRSS:")[2].split()[0]) / 1024

pieces = [bytes(100_000) for _ in range(1000)]
last = bytes(100_000)  # lies above the others, so that the C library cannot shrink the heap by itself
del pieces
before_mb = resident_mb()
give_back()
print(before_mb - resident_mb())
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="glibc alone keeps what was freed")
def test_memory_that_was_freed_is_given_back() -> None:
    done = subprocess.run([sys.executable, "-c", KEPT], capture_output=True, text=True, check=True)
    assert float(done.stdout) > 50, "of 100 MB"
