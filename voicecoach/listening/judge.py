"""Decides on commands from the recogniser's hypotheses. Pure: time is an argument.

Partial hypotheses come early (Vosk's graph emits a word as soon as it is unique, before it ends) and are
unstable. In 0.48 h of other people's talk they showed a safety phrase 18 times. A persistence of 240 ms left
none of these false alarms, and of 41 real "stop"s it missed no more than before (docs/measured.md,
`scripts/bench ear`). So each kind of command has its rule:
- A safety phrase acts once it has persisted in the partials for Rule.persist_s.
- A symptom acts after Rule.symptom_persist_s, or at its final. (In talk, symptoms persisted for some 0.4 s,
  and never in a final.)
- Every other command waits for the final and must be the whole utterance, because a false "next" skips a
  rest.

While the coach sounds, a hypothesis may be its own voice. Then near-end speech detection matters (`Voices`):
- A safety phrase without near-end speech is doubtful: it hushes the coach, which then listens, but it stops
  nothing. It must have persisted, even if it stands in a final.
- A phrase that the coach itself is just saying is doubtful even with near-end speech, and ignored without.
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
    """When a hypothesis is acted on."""

    persist_s: float = 0.24
    """persistence: how long a safety phrase must have stood in the partials"""
    symptom_persist_s: float = 0.6
    """the same where only symptoms stand there"""
    longest_word_s: float = 1.0
    """a longer word is a hum or a fan, which the grammar forces into some word. Of 521 commands by people and
    synthetic voices the longest took 0.87 s; a hum recognised as "no" took 1.08 s and more"""
    refractory_s: float = 2.0
    """refractory time: the same command within it is an echo or a stutter, and a safety phrase that comes
    again in the same utterance within it is still the first one"""

    def patience_s(self, phrases: Collection[Phrase]) -> float:
        """How long one of `phrases`, all the safety phrases in the partials, must have stood there to act."""
        return self.symptom_persist_s if all(phrase.patient for phrase in phrases) else self.persist_s


class Voices(StrEnum):
    """Whose voice the hypothesis may be."""

    USER = "user"
    """the coach is silent"""
    COACH = "coach"
    """the coach sounds, and there was no near-end speech"""
    BOTH = "both"
    """the coach sounds, and there was near-end speech"""


@dataclass(frozen=True, slots=True)
class Decision:
    command: Command | None
    """None: speech that is no command of this state"""
    text: str
    at_s: float
    stage: Literal["partial", "final"]
    sure: bool = True
    """False: doubtful, it may have been the coach's own voice"""
    stood_s: float = 0.0
    """the persistence that was required, in seconds"""


@dataclass(slots=True)
class Judge:
    vocabulary: Vocabulary
    state: ListeningState = ListeningState.HOLDING
    rule: Rule = field(default_factory=Rule)
    _since_s: dict[tuple[str, int], float] = field(default_factory=dict)
    """(phrase, count): since when the safety phrase has stood in the partials that many times"""
    _settled: dict[str, tuple[int, float]] = field(default_factory=dict)
    """phrase: how many of its occurrences in this utterance were acted on, and when. While the coach talks
    on, an utterance may not end for long, and the next "stop" in it is a new one"""
    _own: dict[str, int] = field(default_factory=dict)
    """phrase: how many of its occurrences in the partials are the coach's own"""
    _masked_until_s: dict[str, float] = field(default_factory=dict)
    _last_s: dict[Command, float] = field(default_factory=dict)

    def mask(self, phrase: str, until_s: float) -> None:
        """The coach itself is saying `phrase`, until `until_s`: its own voice must not command it."""
        self._masked_until_s[phrase] = max(until_s, self._masked_until_s.get(phrase, 0.0))

    def anew(self, state: ListeningState) -> "Judge":
        """A judge for a fresh recogniser: the masks stay; the history of the partials is dropped."""
        return replace(self, state=state, _since_s={}, _settled={}, _own={})

    def consider(
        self,
        text: str,
        final: bool,
        at_s: float,
        longest_word_s: float = 0.0,
        voices: Voices = Voices.USER,
    ) -> list[Decision]:
        """The decisions that a hypothesis leads to at `at_s` seconds. "stop" comes after pain and help.

        `text`, `final`: the hypothesis. `longest_word_s`: duration of the longest word of a final. `voices`:
        whose voice it may be. To be called once a block, also while the hypothesis stays the same.
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
