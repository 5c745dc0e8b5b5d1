"""The ear: echo canceller, recogniser with the grammar of the present state, and judge of its hypotheses."""

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from voicecoach.language import ListeningState, Vocabulary, grammar, plain
from voicecoach.listening.ducker import Ducker
from voicecoach.listening.echo import LATENCY_S, Cleaned, EchoCanceller
from voicecoach.listening.judge import Decision, Judge, Voices
from voicecoach.listening.recogniser import Hypothesis, Recogniser, RecognitionModel
from voicecoach.sound import Samples, is_sound, silence
from voicecoach.units import RATE_HZ

OWN_WORD_TAIL_S = 0.4
"""A phrase of the coach's own stays masked this long after the line that says it: the recogniser lags."""
SWITCH_PATIENCE_S = 1.5
"""A new grammar waits at most this long for the end of the present utterance."""
COACH_TAIL_S = 1.0
"""How long after its last sound in the room the coach may still be recognised: the recogniser lags."""
ECHO_TAIL_S = 0.4
"""Time after the coach's last sound in the room by which the recogniser has processed all of it. If there was
no near-end speech, the hypothesis at that time is residual echo and is dropped. Otherwise it would spoil the
user's answer, because only a whole utterance is a command."""
NEAR_TAIL_S = 1.2
"""How old near-end speech in the present hypothesis may be: the length of a word plus the recogniser's
lag."""
_AUDIBLE = 1e-4
"""Amplitude, of full scale, above which a played block sounds in the room."""


@dataclass(frozen=True, slots=True)
class Noticed:
    """A decision and the times of its words, in seconds since the ear's first block.

    Vosk gives word times only in finals. For a decision on a partial, the word is taken to last from when it
    first stood in the partials to the decision, until `Ear.placed` finds it in the utterance's final.
    """

    decision: Decision
    word_start_s: float
    word_end_s: float
    ear: Literal["first", "second"] = "first"
    transcript: str = ""
    """what the second ear heard"""


class Ear:
    def __init__(
        self,
        model: RecognitionModel,
        vocabulary: Vocabulary,
        state: ListeningState = ListeningState.HOLDING,
    ) -> None:
        self._model = model
        self._vocabulary = vocabulary
        self._samples = 0
        self.echo = EchoCanceller()
        self.cleaned = Cleaned(silence(0), near_end_speech=False, reliable=False)
        """the canceller's output for the last block"""
        self._wanted_since_s = 0.0
        self._played_s = self._near_s = -np.inf
        self._coach_spoke = False
        self._ducker = Ducker()
        self.low = False
        """whether the coach is to be ducked, because the user speaks over it"""
        self.judge = Judge(vocabulary, state)
        self._begin(state)

    def _begin(self, state: ListeningState) -> None:
        # a fresh recogniser for each grammar: SetGrammar can abort the process (docs/audio.md)
        self.judge = self.judge.anew(state)
        self._recogniser: Recogniser = self._model.recogniser(grammar(self._vocabulary, state))
        self._offset_s = self.now_s
        self._belief = Hypothesis("", final=True)
        self._wanted: ListeningState | None = None

    @property
    def now_s(self) -> float:
        return self._samples / RATE_HZ

    def listen_for(self, state: ListeningState) -> None:
        """Use the grammar of `state` from the end of the present utterance on."""
        self._wanted = None if state is self.judge.state else state
        self._wanted_since_s = self.now_s

    def coach_says(self, text: str, until_s: float) -> None:
        """The coach's voice sounds with `text` until then: a safety phrase in it is not the user's.

        "Stopped" begins as "stop" does, so it counts too. It stays masked a little longer, as the recogniser
        lags.
        """
        said = f" {plain(text)}"
        for phrase in self._vocabulary.safety:
            if f" {phrase.text}" in said:
                self.judge.mask(phrase.text, until_s + OWN_WORD_TAIL_S)

    def forget_room(self) -> None:
        """Other devices: the way from the loudspeaker to the microphone is another one."""
        self.echo = EchoCanceller()
        self._played_s = self._near_s = -np.inf

    @property
    def echo_delay_s(self) -> float | None:
        """How late the coach's voice arrives at the microphone; None: it was not found there."""
        return self.echo.delay_s

    @property
    def loudspeaker_over_db(self) -> float:
        """By how much the coach's peaks exceed what the loudspeaker can play."""
        return self.echo.loudspeaker.over_db

    def hear(self, heard: Samples, played: Samples | None = None) -> list[Noticed]:
        """Listen to one block; returns what was decided on it.

        `heard`, `played`: shape (960,) at 48 kHz, the microphone's and the loudspeaker's block of one moment.
        """
        self._switch_if_quiet()
        self._samples += len(heard)
        played = silence(len(heard)) if played is None else played
        if not is_sound(heard):  # one NaN would stay in the canceller's filter for good
            heard = silence(len(heard))
        self.cleaned = cleaned = self.echo.clean(heard, played)
        if np.abs(played).max() > _AUDIBLE or cleaned.echo_audible:
            self._played_s, self._coach_spoke = self.now_s, True
        if not cleaned.reliable:
            self._near_s = -np.inf
        elif cleaned.near_end_speech:
            self._near_s = self.now_s
        if self._coach_spoke and self.now_s - self._played_s > ECHO_TAIL_S:
            self._coach_spoke = False
            if self._belief.text and self.voices is Voices.COACH and not cleaned.near_end_speech:
                self._begin(self._wanted or self.judge.state)
        self._belief = self._recogniser.accept(cleaned.block)
        noticed = self._judged()
        if not all(n.decision.sure for n in noticed):
            self._begin(self.judge.state)  # what is said in the hush is judged by itself
        if noticed:
            self._ducker.answered()
        self.low = self._ducker.ducks(self._somebody, self.now_s)
        return noticed

    @property
    def voices(self) -> Voices:
        """Whose voice the hypothesis may be: a final's at the time of its last word, a partial's now."""
        at_s = self.now_s
        if self._belief.final and self._belief.words:
            at_s = self._offset_s - LATENCY_S + self._belief.words[-1].end_s
        if at_s - self._played_s > COACH_TAIL_S:
            return Voices.USER
        return Voices.BOTH if at_s - self._near_s <= NEAR_TAIL_S else Voices.COACH

    @property
    def coach_sounds(self) -> bool:
        """Whether what is heard now may be the coach's own voice."""
        return self.now_s - self._played_s <= COACH_TAIL_S

    @property
    def near_end_speech(self) -> bool:
        """Whether there was near-end speech over the coach in the last block."""
        return self.now_s == self._near_s

    @property
    def _somebody(self) -> bool:
        """Whether there is near-end speech over the coach in the last block."""
        return self.near_end_speech and self.coach_sounds

    def finish(self) -> list[Noticed]:
        """The recording is over: returns what is decided on the last hypothesis, now final."""
        self._belief = self._recogniser.finish()
        return self._judged()

    def placed(self, noticed: Noticed) -> Noticed:
        """`noticed` with the word times of the final that has just come, if its words are in that."""
        phrase = noticed.decision.text.split()
        words = self._belief.words
        for i in range(len(words) - len(phrase), -1, -1):
            if [w.text for w in words[i : i + len(phrase)]] == phrase:
                offset_s = self._offset_s - LATENCY_S
                start_s, end_s = words[i].start_s, words[i + len(phrase) - 1].end_s
                return replace(noticed, word_start_s=offset_s + start_s, word_end_s=offset_s + end_s)
        return noticed

    @property
    def hint(self) -> str:
        """What the user should know of it though it hears."""
        return ""

    def close(self) -> None:
        """There is nothing to close."""

    @property
    def utterance_ended(self) -> bool:
        """Whether the last block, or `finish`, gave a final."""
        return self._belief.final

    def _judged(self) -> list[Noticed]:
        belief = self._belief
        longest_s = max((w.end_s - w.start_s for w in belief.words), default=0.0)
        decisions = self.judge.consider(belief.text, belief.final, self.now_s, longest_s, self.voices)
        return [self.placed(Noticed(d, d.at_s - d.stood_s, d.at_s)) for d in decisions]

    def _switch_if_quiet(self) -> None:
        if self._wanted is None:
            return
        impatient = self.now_s - self._wanted_since_s > SWITCH_PATIENCE_S
        if self._belief.final or not self._belief.text or impatient:
            self._begin(self._wanted)
