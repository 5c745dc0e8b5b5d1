"""Duck first, decide later: when the coach lowers its voice for somebody who speaks over it. Pure."""

from dataclasses import dataclass

LINGER_S = 0.6
"""A pause between two words lifts nothing."""
LONGEST_S = 1.5
"""No command is longer. A television is, and must not take the coach's voice away."""
FIRST_REST_S, LONGEST_REST_S = 1.0, 30.0
"""After a duck that no command followed, the next may not come sooner; twice as long each time."""


@dataclass(slots=True)
class Ducker:
    _since_s: float | None = None
    _felt_s: float = 0.0
    _rest_s: float = FIRST_REST_S
    _not_before_s: float = 0.0

    def ducks(self, somebody: bool, at_s: float) -> bool:
        """Whether the coach is to be low at `at_s`; once a block."""
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
        """Somebody did say a command: the next duck may come at once."""
        self._rest_s, self._not_before_s = FIRST_REST_S, 0.0
