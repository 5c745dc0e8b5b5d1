"""One ear: the recogniser of the present state, and the judge over what it believes."""

from dataclasses import dataclass, replace

from voicecoach.listening.judge import Decision, Judge
from voicecoach.listening.recogniser import Hypothesis, Model, Recogniser, Word
from voicecoach.session.vocabulary import ListeningState, grammar
from voicecoach.sound import RATE_HZ, Samples

SWITCH_PATIENCE_S = 1.5
"""A new grammar waits for the end of the utterance that is under way, at most this long."""


@dataclass(frozen=True, slots=True)
class Noticed:
    """A decision and where its words lie in the sound, in seconds since the ear's first block."""

    decision: Decision
    word_start_s: float
    word_end_s: float


class Ear:
    def __init__(self, model: Model, state: ListeningState = ListeningState.HOLDING) -> None:
        self._model = model
        self._samples = 0
        self._wanted: ListeningState | None = None
        self._wanted_since_s = 0.0
        self._belief = Hypothesis("", final=True)
        self.judge = Judge(state)
        self._recogniser, self._offset_s = self._open(state), 0.0

    def _open(self, state: ListeningState) -> Recogniser:
        # a fresh recogniser for each grammar: SetGrammar on a running one can abort (AUDIO.md)
        return self._model.recogniser(grammar(state))

    @property
    def now_s(self) -> float:
        return self._samples / RATE_HZ

    def listen_for(self, state: ListeningState) -> None:
        """Use `state`'s grammar from the end of the present utterance on."""
        self._wanted = None if state is self.judge.state else state
        self._wanted_since_s = self.now_s

    def hear(self, block: Samples) -> list[Noticed]:
        """Listen to one block of 48 kHz mono; what it made certain."""
        self._switch_if_quiet()
        self._samples += len(block)
        self._belief = self._recogniser.accept(block)
        return self._judged(self._belief)

    def finish(self) -> list[Noticed]:
        """The recording is over: whatever was still open is final now."""
        return self._judged(self._recogniser.finish())

    def _judged(self, belief: Hypothesis) -> list[Noticed]:
        decisions = self.judge.consider(belief.text, belief.final, self.now_s)
        if not decisions:
            return []
        words = belief.words if belief.final else self._recogniser.partial_words()
        return [Noticed(d, *self._times(d, words)) for d in decisions]

    def _times(self, decision: Decision, words: tuple[Word, ...]) -> tuple[float, float]:
        """Start and end of the decided phrase, else of the whole utterance."""
        phrase = decision.text.split()
        for i in range(len(words) - len(phrase), -1, -1):
            if [w.text for w in words[i : i + len(phrase)]] == phrase:
                words = words[i : i + len(phrase)]
                break
        if not words:
            return self.now_s, self.now_s
        return self._offset_s + words[0].start_s, self._offset_s + words[-1].end_s

    def _switch_if_quiet(self) -> None:
        if self._wanted is None:
            return
        impatient = self.now_s - self._wanted_since_s > SWITCH_PATIENCE_S
        if self._belief.final or not self._belief.text or impatient:
            self.judge = replace(self.judge, state=self._wanted)
            self._recogniser, self._offset_s = self._open(self._wanted), self.now_s
            self._belief = Hypothesis("", final=True)
            self._wanted = None
