"""Both ears on one stream: the first hushes, the second understands (docs/listening.md, "Two ears")."""

import difflib
from collections import deque
from dataclasses import dataclass, field, replace
from itertools import chain

from voicecoach.language import SAFETY_COMMANDS, Language, ListeningState, Understood, phrases, plain
from voicecoach.listening.ear import Ear, Noticed
from voicecoach.listening.meaning import understood
from voicecoach.listening.policy import Opinion, Policy, Verdict
from voicecoach.listening.second import SecondEar
from voicecoach.listening.transcriber import Transcript
from voicecoach.listening.utterances import SileroDetector, SpeechDetector, Utterance, Utterances
from voicecoach.sound import Samples

AMID_SPEECH_S = 0.6
"""A command stands amid speech if there is this much more of it before the command's first word ..."""
SPEECH_AFTER_S = 0.25
"""... or this much after its last."""
OWN_SHARE = 0.6
"""A transcript is the coach's own if this share of its words stands in the coach's last lines, in order."""
OWN_S = 8.0
"""How long the coach's lines are remembered after their end."""
FORGOTTEN_S = 15.0
"""An utterance that began longer ago and was not answered never will be."""
NEAR_S = 0.3
"""Over the coach, speech counts this long after near-end speech was detected: it comes in bursts."""


@dataclass(slots=True)
class _Line:
    words: list[str]
    until_s: float


@dataclass(slots=True)
class _Spoken:
    """What is known of an utterance, and how it stood meanwhile."""

    state: ListeningState
    coach: bool = False
    """whether the coach sounded"""
    asked_s: float = -1.0
    """the end of the cut that was sent last"""
    opinion: Opinion | None = None
    """of that cut"""
    over: bool = False


@dataclass(slots=True)
class TwoEars:
    """Used like an `Ear`; what it returns may also be `TakenBack`."""

    first: Ear
    second: SecondEar
    language: Language
    state: ListeningState
    detector: SpeechDetector = field(default_factory=SileroDetector)
    _utterances: Utterances = field(default_factory=Utterances)
    _policy: Policy = field(default_factory=Policy)
    _lines: deque[_Line] = field(default_factory=deque)
    _near_s: float = -1.0
    _spoken: dict[float, _Spoken] = field(default_factory=dict)
    """by the start of the utterance, until its opinion is known"""

    @property
    def now_s(self) -> float:
        return self.first.now_s

    @property
    def low(self) -> bool:
        return self.first.low

    @property
    def hint(self) -> str:
        """Why there is no second ear any more."""
        return self.second.failure

    def listen_for(self, state: ListeningState) -> None:
        self.state = state
        self.first.listen_for(state)

    def coach_says(self, text: str, until_s: float) -> None:
        self.first.coach_says(text, until_s)
        self._lines.append(_Line(plain(text).split(), until_s))

    def forget_room(self) -> None:
        self.first.forget_room()

    def hear(self, heard: Samples, played: Samples | None = None) -> list[Verdict]:
        """Listen to one block, as `Ear.hear` does."""
        noticed = self.first.hear(heard, played)
        if self.second.failure:
            return [*self._policy.flush(), *noticed]
        verdicts: list[Verdict] = []
        for each in noticed:
            verdicts += self._policy.first(each, self._amid_speech(each))
        self._cut(urgent=any(n.decision.command in SAFETY_COMMANDS for n in noticed))
        for utterance, transcript in self.second.answers():
            verdicts += self._judge(utterance, transcript)
        verdicts += self._end()
        return [*verdicts, *self._policy.pass_time(self.now_s, self._utterances.start_s)]

    def finish(self) -> list[Verdict]:
        """The recording is over."""
        verdicts: list[Verdict] = []
        for each in self.first.finish():
            verdicts += self._policy.first(each, self._amid_speech(each))
        return [*verdicts, *self._policy.flush()]

    def close(self) -> None:
        self.second.close()

    # -- utterances

    def _cut(self, urgent: bool) -> None:
        now_s, ear = self.now_s, self.first
        if ear.near_end_speech:
            self._near_s = now_s
        # what the canceller leaves of the coach's voice is speech to the detector, so it is not asked
        somebody = not ear.coach_sounds or now_s - self._near_s <= NEAR_S
        speech = somebody and self.detector(ear.cleaned.block)
        start_s = self._utterances.start_s
        cut = self._utterances.hear(ear.cleaned.block, speech, now_s)
        start_s = self._utterances.start_s if start_s is None else start_s
        if start_s is None:
            return
        here = self._spoken.setdefault(start_s, _Spoken(self.state))
        here.coach |= ear.coach_sounds
        if cut is not None:
            here.asked_s, here.opinion = cut.end_s, None
            self.second.ask(cut, self._expected(here.state), urgent)
        here.over |= self._utterances.over

    def _expected(self, state: ListeningState) -> tuple[str, ...]:
        rivals = self.language.sentences.rivals.values()
        return (*phrases(self.language.vocabulary, state), *chain(*rivals))

    def _amid_speech(self, noticed: Noticed) -> bool:
        """Whether somebody talks for a while before the command, or goes on after it."""
        start_s = self._utterances.start_s
        if start_s is None:
            covering = [s for s, u in self._spoken.items() if u.over and s <= noticed.word_start_s]
            start_s = max(covering, default=None)
        if start_s is None:
            return False
        before_s, after_s = noticed.word_start_s - start_s, self._utterances.end_s - noticed.word_end_s
        return before_s > AMID_SPEECH_S or after_s > SPEECH_AFTER_S

    # -- opinions

    def _judge(self, utterance: Utterance, transcript: Transcript) -> list[Verdict]:
        here = self._spoken.get(utterance.start_s)
        if here is None or utterance.end_s != here.asked_s:
            return []  # more has been said since
        own = here.coach and self._is_own(transcript.text)
        here.opinion = Opinion(
            utterance.start_s,
            utterance.end_s,
            over=False,
            understood=Understood() if own else understood(transcript, here.state, self.language),
            transcript=transcript.text,
            log_probability=transcript.log_probability,
            likely=phrases(self.language.vocabulary, here.state).get(transcript.phrase),
        )
        return self._policy.second(here.opinion, self.now_s)

    def _end(self) -> list[Verdict]:
        """The utterances that are over: their last transcript counts, whenever it came."""
        verdicts: list[Verdict] = []
        for start_s, here in list(self._spoken.items()):
            if here.over and here.opinion:
                del self._spoken[start_s]
                verdicts += self._policy.second(replace(here.opinion, over=True), self.now_s)
            elif self.now_s - start_s > FORGOTTEN_S:
                del self._spoken[start_s]
        return verdicts

    def _is_own(self, text: str) -> bool:
        """Whether the coach has just said that: its echo."""
        self._lines = deque(line for line in self._lines if line.until_s > self.now_s - OWN_S)
        said = [word for line in self._lines for word in line.words]
        words = plain(text).split()
        blocks = difflib.SequenceMatcher(None, words, said, autojunk=False).get_matching_blocks()
        return bool(words) and sum(block.size for block in blocks) >= OWN_SHARE * len(words)
