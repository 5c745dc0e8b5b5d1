"""Decides when the coach is ducked, so that a user who speaks over it is heard better. Pure.

Ducking starts at once; whether a command was spoken is decided later.
"""

from dataclasses import dataclass

LINGER_S = 0.6
"""Hangover: how long the coach stays ducked after near-end speech, to bridge the pauses between words."""
LONGEST_S = 1.5
"""Maximum length of a duck. No command is longer. A television talks on, and must not silence the coach."""
FIRST_REST_S, LONGEST_REST_S = 1.0, 30.0
"""Minimum time between ducks if no command followed. It doubles with each such duck, up to the maximum."""


@dataclass(slots=True)
class Ducker:
    _since_s: float | None = None
    _felt_s: float = 0.0
    _rest_s: float = FIRST_REST_S
    _not_before_s: float = 0.0

    def ducks(self, somebody: bool, at_s: float) -> bool:
        """Whether the coach is to be low at `at_s`, in seconds. To be called once a block.

        `somebody`: whether there is near-end speech over the coach in this block.
        """
        if self._since_s is None:
            if somebody and at_s >= self._not_before_s:
                self._since_s = self._felt_s = at_s
        else:
            if somebody:
                self._felt_s = at_s
            if at_s - self._felt_s > LINGER_S or at_s - self._since_s > LONGEST_S:
                self._since_s = None
                self._not_before_s = at_s + self._rest_s
                self._rest_s = min(2 * self._rest_s, LONGEST_REST_S)
        return self._since_s is not None

    def answered(self) -> None:
        """A command was recognised: the next duck may come at once."""
        self._rest_s, self._not_before_s = FIRST_REST_S, 0.0
