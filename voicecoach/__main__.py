"""`python -m voicecoach` and the command `voicecoach`."""

import os

from voicecoach.cli import main as run

PRIVATE = 0o077
"""What others may do with the files we make, taken away: nothing."""


def main() -> None:
    os.umask(PRIVATE)
    run()


if __name__ == "__main__":
    main()
