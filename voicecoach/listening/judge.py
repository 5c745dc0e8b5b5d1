"""From beliefs to decisions. Pure: the only time it knows is the argument.

Raw partials come early (the graph emits a word once it is unique, some 0.3 s before its end) and
are jumpy: on 0.39 h of other people's talk they showed "stop" 10 times, after 240 ms of persistence
twice, while of 41 real "stop"s none more was lost (README, bench). So a safety phrase acts once it
has stood for PERSIST_S; every other command waits for the final and must be the whole utterance,
because a false "next" skips a rest.
"""

from dataclasses import dataclass, field, replace
from typing import Literal

from voicecoach.session.vocabulary import SAFETY, SAFETY_COMMANDS, Command, ListeningState, meaning

PERSIST_S = 0.24
LONGEST_WORD_S = 1.5
"""A word held longer is a hum or a fan that the grammar forced onto it."""
REFRACTORY_S = 2.0
"""The same command again within this time is an echo or a stutter; safety words have none."""


@dataclass(frozen=True, slots=True)
class Decision:
    command: Command | None
    """None: somebody spoke and it was no command of this state"""
    text: str
    at_s: float
    stage: Literal["partial", "final"]


@dataclass(slots=True)
class Judge:
    state: ListeningState = ListeningState.HOLDING
    _since_s: dict[str, float] = field(default_factory=dict)
    """since when each safety phrase has stood in the partials"""
    _settled: set[str] = field(default_factory=set)
    """safety phrases of this utterance that were acted upon, or were the coach's own"""
    _masked_until_s: dict[str, float] = field(default_factory=dict)
    _last_s: dict[Command, float] = field(default_factory=dict)

    def mask(self, phrase: str, until_s: float) -> None:
        """The coach itself is saying `phrase` until then: its own voice must not command it."""
        self._masked_until_s[phrase] = max(until_s, self._masked_until_s.get(phrase, 0.0))

    def anew(self, state: ListeningState) -> "Judge":
        """This judge before a fresh recogniser: masks stay, but nothing stands in its partials yet."""
        return replace(self, state=state, _since_s={}, _settled=set())

    def consider(self, text: str, final: bool, at_s: float, longest_word_s: float = 0.0) -> list[Decision]:
        """What a belief at `at_s` seconds leads to; kinds of pain before stop.

        `longest_word_s`: duration of the longest word of a final.
        """
        decisions = self._safety(text, final, at_s)
        if final:
            if not decisions and not self._settled and text and longest_word_s <= LONGEST_WORD_S:
                decisions = self._whole(text, at_s)
            self._since_s.clear()
            self._settled.clear()
        return sorted(decisions, key=lambda d: d.command is Command.STOP)

    def _safety(self, text: str, final: bool, at_s: float) -> list[Decision]:
        padded = f" {text} "
        standing = [phrase for phrase in SAFETY if f" {phrase} " in padded]
        self._since_s = {p: self._since_s.get(p, at_s) for p in standing}
        decided = []
        for phrase in standing:
            if at_s <= self._masked_until_s.get(phrase, -1.0):
                self._settled.add(phrase)
            if phrase not in self._settled and (final or at_s - self._since_s[phrase] >= PERSIST_S):
                self._settled.add(phrase)
                decided.append(Decision(SAFETY[phrase], phrase, at_s, "final" if final else "partial"))
        return decided

    def _whole(self, text: str, at_s: float) -> list[Decision]:
        command = meaning(text, self.state)
        if command is None or command in SAFETY_COMMANDS:
            return [Decision(None, text, at_s, "final")]
        if at_s - self._last_s.get(command, -REFRACTORY_S) < REFRACTORY_S:
            return []
        self._last_s[command] = at_s
        return [Decision(command, text, at_s, "final")]
