"""From beliefs to decisions. Pure: the only time it knows is the argument.

Raw partials come early (the graph emits a word once it is unique, before it ends) and are jumpy: on
0.48 h of other people's talk they showed a safety phrase 18 times; after 240 ms of persistence none was left,
while of 41 real "stop"s none more was lost (README, bench). So a safety phrase acts once it
has stood for Rule.persist_s, a symptom for Rule.symptom_persist_s or at its final (symptoms stood in talk
for some 0.4 s and in no final); every other command waits for the final and must be the whole utterance,
because a false "next" skips a rest.

While the coach can be heard a belief may be its own voice. Then the canceller's word counts (`Voices`): a
safety phrase with nobody felt beside the coach is doubtful, which hushes the coach and listens but stops
nothing, and it must have stood before its final, too; a phrase that the coach is just saying is doubtful even
with somebody there, and is nothing without.
"""

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Literal

from voicecoach.language import (
    SAFETY_COMMANDS,
    Command,
    ListeningState,
    Phrase,
    Vocabulary,
    meaning,
    occurrences,
    understood,
)


@dataclass(frozen=True, slots=True)
class Rule:
    """When a word is believed."""

    persist_s: float = 0.24
    """a safety phrase must have stood in the partials as long"""
    symptom_persist_s: float = 0.6
    """a symptom that stands there alone"""
    longest_word_s: float = 1.0
    """a word held longer is a hum or a fan that the grammar forced onto it: of 521 commands that people and
    synthetic voices said the longest took 0.87 s, a hum heard as "no" 1.08 s and more"""
    refractory_s: float = 2.0
    """the same command again within this time is an echo or a stutter; a safety
    word that comes in the same utterance within it is the same one"""

    def patience_s(self, phrases: Collection[Phrase]) -> float:
        """How long one of the safety phrases that stand in the partials must have stood."""
        return self.symptom_persist_s if all(phrase.patient for phrase in phrases) else self.persist_s


class Voices(StrEnum):
    """Who could have said what is believed."""

    USER = "user"
    """the coach is silent"""
    COACH = "coach"
    """the coach sounds, and nobody was felt beside it"""
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class Decision:
    command: Command | None
    """None: somebody spoke and it was no command of this state"""
    text: str
    at_s: float
    stage: Literal["partial", "final"]
    sure: bool = True
    """False: perhaps it was the coach's own voice"""
    stood_s: float = 0.0
    """how long the phrase had to stand in the partials for it"""


@dataclass(slots=True)
class Judge:
    vocabulary: Vocabulary
    state: ListeningState = ListeningState.HOLDING
    rule: Rule = field(default_factory=Rule)
    _since_s: dict[tuple[str, int], float] = field(default_factory=dict)
    """since when each safety phrase has stood in the partials so many times"""
    _settled: dict[str, tuple[int, float]] = field(default_factory=dict)
    """how many of each in this utterance were acted upon, and when: over a coach who talks on an utterance
    may not end for long, and the next "stop" in it is a new one"""
    _own: dict[str, int] = field(default_factory=dict)
    """how many of each that stand in the partials are the coach's own"""
    _masked_until_s: dict[str, float] = field(default_factory=dict)
    _last_s: dict[Command, float] = field(default_factory=dict)

    def mask(self, phrase: str, until_s: float) -> None:
        """The coach itself is saying `phrase` until then: its own voice must not command it."""
        self._masked_until_s[phrase] = max(until_s, self._masked_until_s.get(phrase, 0.0))

    def anew(self, state: ListeningState) -> "Judge":
        """This judge before a fresh recogniser: masks stay, but nothing stands in its partials yet."""
        return replace(self, state=state, _since_s={}, _settled={}, _own={})

    def consider(
        self,
        text: str,
        final: bool,
        at_s: float,
        longest_word_s: float = 0.0,
        voices: Voices = Voices.USER,
    ) -> list[Decision]:
        """What a belief at `at_s` seconds leads to; kinds of pain before stop.

        `longest_word_s`: duration of the longest word of a final.
        """
        text = understood(self.vocabulary, text, final=final)
        decisions = self._safety(text, final, at_s, voices)
        if final:
            open_still = not (decisions or self._settled or self._own) and voices is not Voices.COACH
            if open_still and text and longest_word_s <= self.rule.longest_word_s:
                decisions = self._whole(text, at_s)
            self._since_s.clear()
            self._settled.clear()
            self._own.clear()
        return sorted(decisions, key=lambda d: d.command is Command.STOP)

    def _safety(self, text: str, final: bool, at_s: float, voices: Voices) -> list[Decision]:
        standing = [(p, n) for p in self.vocabulary.safety if (n := occurrences(p.text, text))]
        self._since_s = {(p.text, n): self._since_s.get((p.text, n), at_s) for p, n in standing}
        texts = {phrase.text for phrase, _ in standing}
        self._own = {own: count for own, count in self._own.items() if own in texts}
        alone = voices is Voices.COACH
        patience_s = 0.0 if final and not alone else self.rule.patience_s([phrase for phrase, _ in standing])
        decided = []
        for safety, count in standing:
            phrase = safety.text
            since_s = self._since_s[phrase, count]
            own = voices is not Voices.USER and at_s <= self._masked_until_s.get(phrase, -1.0)
            if own and alone:
                self._own[phrase] = count
                continue
            settled, settled_s = self._settled.get(phrase, (0, -self.rule.refractory_s))
            anew = (
                count > max(settled, self._own.get(phrase, 0))
                and since_s - settled_s >= self.rule.refractory_s
            )
            if anew and at_s - since_s >= patience_s:
                self._settled[phrase] = (count, at_s)
                sure = not own and not alone
                stage: Literal["partial", "final"] = "final" if final else "partial"
                decided.append(Decision(safety.command, phrase, at_s, stage, sure, patience_s))
        return decided

    def _whole(self, text: str, at_s: float) -> list[Decision]:
        command = meaning(self.vocabulary, text, self.state)
        if command is None or command in SAFETY_COMMANDS:
            return [Decision(None, text, at_s, "final")]
        if at_s - self._last_s.get(command, -self.rule.refractory_s) < self.rule.refractory_s:
            return []
        self._last_s[command] = at_s
        return [Decision(command, text, at_s, "final")]
