"""One ear: the recogniser of the present state, and the judge over what it believes."""

from dataclasses import dataclass, replace

from voicecoach.listening.judge import PERSIST_S, Decision, Judge
from voicecoach.listening.recogniser import Hypothesis, Model, Recogniser
from voicecoach.session.vocabulary import ListeningState, grammar
from voicecoach.sound import RATE_HZ, Samples

SWITCH_PATIENCE_S = 1.5
"""A new grammar waits for the end of the utterance that is under way, at most this long."""


@dataclass(frozen=True, slots=True)
class Noticed:
    """A decision and where its words lie in the sound, in seconds since the ear's first block.

    Of a partial Vosk knows no word times: the word then stretches from where it was first believed to
    the decision, until `Ear.placed` finds it in the utterance's final.
    """

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
        return self._judged()

    def finish(self) -> list[Noticed]:
        """The recording is over: whatever was still open is final now."""
        self._belief = self._recogniser.finish()
        return self._judged()

    def placed(self, noticed: Noticed) -> Noticed:
        """`noticed` with the times of the final that has just come, if its words are in it."""
        phrase = noticed.decision.text.split()
        words = self._belief.words
        for i in range(len(words) - len(phrase), -1, -1):
            if [w.text for w in words[i : i + len(phrase)]] == phrase:
                start_s, end_s = words[i].start_s, words[i + len(phrase) - 1].end_s
                return replace(
                    noticed, word_start_s=self._offset_s + start_s, word_end_s=self._offset_s + end_s
                )
        return noticed

    @property
    def utterance_ended(self) -> bool:
        """Whether the last block, or `finish`, brought a final."""
        return self._belief.final

    def _judged(self) -> list[Noticed]:
        belief = self._belief
        longest_s = max((w.end_s - w.start_s for w in belief.words), default=0.0)
        decisions = self.judge.consider(belief.text, belief.final, self.now_s, longest_s)
        noticed = [Noticed(d, d.at_s - (0.0 if belief.final else PERSIST_S), d.at_s) for d in decisions]
        return [self.placed(n) for n in noticed]

    def _switch_if_quiet(self) -> None:
        if self._wanted is None:
            return
        impatient = self.now_s - self._wanted_since_s > SWITCH_PATIENCE_S
        if self._belief.final or not self._belief.text or impatient:
            self.judge = self.judge.anew(self._wanted)
            self._recogniser, self._offset_s = self._open(self._wanted), self.now_s
            self._belief = Hypothesis("", final=True)
            self._wanted = None
