"""A session's door for other programs of the same user: they see what it shows, and give it commands.

A socket on the loopback interface, with a secret in a file that only the user can read. `voicecoach send` and
the page come in through it. Nobody outside can hold up the session: each visitor has threads of its own, and
one that does not read is shown out.
"""

from .client import NO_ANSWER, Connection, NobodyThere, connected
from .messages import Address, Ended, Give, Line, Message, Notice, Seen
from .server import Control

__all__ = [
    "NO_ANSWER",
    "Address",
    "Connection",
    "Control",
    "Ended",
    "Give",
    "Line",
    "Message",
    "NobodyThere",
    "Notice",
    "Seen",
    "connected",
]
