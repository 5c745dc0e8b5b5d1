"""Reconciles two ears. Pure: time is an argument.

The first ear is quick and knows few words; the second understands sentences, a moment later. So the first
one hushes, and the second judges (the table is in docs/listening.md):
- A safety word of the first ear acts at once. If the second then hears a clear sentence about something else,
  it is taken back.
- A safety meaning that only the second ear hears acts as soon as it has heard it.
- Any other command of the first ear acts at once, unless the second ear is very sure that it heard something
  else; while people are talking, sure. In the midst of longer speech it waits for the second ear, and comes
  to nothing if that speech goes on. (Answers are not contradicted: in a question the grammar is small, and to
  be asked again is worse.)
- What only the second ear understands acts when the utterance is over.
Without a second ear everything is as the first one says.
"""

from collections.abc import Collection
from dataclasses import dataclass, field

from voicecoach.language import NUMBERS, PAIN_COMMANDS, SAFETY_COMMANDS, Command, Understood
from voicecoach.listening.ear import Noticed
from voicecoach.listening.judge import Decision

ANSWERS = frozenset({*NUMBERS, Command.YES, Command.NO, Command.NOT_SURE, Command.EASE, Command.REST})
SURE_LOG_PROBABILITY = -1.0
"""A transcript is sure from this mean log-probability of its tokens on."""
VERY_SURE_LOG_PROBABILITY = -0.2
"""A command of the first ear, said alone, is contradicted only by a transcript of two words or more that is
this sure: of 182 commands in synthetic voices 28 were surely, but wrongly, another word, and 4 very surely
("pause" was "Plus.")."""
TALK_S = 6.0
"""So long after a sentence about something else people are still talking: then being sure is enough."""
WAIT_S = 1.0
"""How long a first ear's command, or its speech that is none, waits for the second ear."""
LAG_S = 1.3
"""How long after the end of an utterance a word that the first ear decides on may seem to begin."""
LEAD_S = 0.4
"""How long before an utterance, whose onset is found late, its first word may begin."""
TAIL_S = 0.3
"""How long after the end of a sentence a word may seem to begin that was part of it: a partial result has no
times, and comes a little later than the word."""
SAME_WORD_S = 0.5
"""A word of the first ear that begins later than this after an utterance is another one: a partial result
has no times, and the word seems to begin when the first ear first believed in it."""
REMEMBERED_S = 8.0
"""A decision older than this is not taken back: much may have happened since."""
TWICE_S = 20.0
"""After a word was taken back, none is for so long: whoever repeats it means it."""


@dataclass(frozen=True, slots=True)
class Opinion:
    """What the second ear says of an utterance; times in seconds since the ear's first block."""

    start_s: float
    end_s: float
    over: bool
    """whether the utterance has ended; before, only a safety meaning counts"""
    understood: Understood
    transcript: str
    log_probability: float
    """of the transcript: mean of its tokens, natural logarithm"""
    likely: Command | None = None
    """the command that it may have been, though that is not probable enough to act"""

    def covers(self, noticed: Noticed, lag_s: float = LAG_S) -> bool:
        """Whether `noticed` may be of what was said here."""
        return self.start_s - LEAD_S <= noticed.word_start_s <= self.end_s + lag_s

    def refutes(self, noticed: Noticed) -> bool:
        """Whether it is sure that `noticed` was part of a sentence about something else. What was said after
        the sentence is not."""
        return self.is_other and self.covers(noticed, TAIL_S)

    @property
    def sure(self) -> bool:
        """Whether the recogniser is sure of the transcript."""
        return bool(self.transcript) and self.log_probability >= SURE_LOG_PROBABILITY

    @property
    def is_other(self) -> bool:
        """Whether it was surely a sentence about something else."""
        return self.over and self.sure and self.understood.command is None and self.understood.is_other

    def contradicts(self, noticed: Noticed, in_talk: bool) -> bool:
        """Whether it is sure that something else was said. `in_talk`: people are talking to each other."""
        command = noticed.decision.command
        says_nothing = self.understood.command is None and self.likely is not command
        words = len(self.transcript.split()) > 1
        sure = self.sure if in_talk else words and self.log_probability >= VERY_SURE_LOG_PROBABILITY
        return says_nothing and sure and command not in ANSWERS and self.covers(noticed)


@dataclass(frozen=True, slots=True)
class TakenBack:
    """The user did not say that: it was part of a sentence about something else."""

    decision: Decision
    transcript: str
    at_s: float


Verdict = Noticed | TakenBack


def _as_grave(command: Command | None) -> Collection[Command | None]:
    """`command`, and what is graver: "stop" is no news after pain."""
    return {command, *PAIN_COMMANDS} if command is Command.STOP else {command}


@dataclass(slots=True)
class Policy:
    _held: list[Noticed] = field(default_factory=list)
    """decisions of the first ear that wait for the second"""
    _acted: list[Noticed] = field(default_factory=list)
    """sure decisions of the last REMEMBERED_S"""
    _opinions: list[Opinion] = field(default_factory=list)
    """of the last REMEMBERED_S"""
    _taken_back_s: float = -TWICE_S

    def first(self, noticed: Noticed, amid_speech: bool) -> list[Verdict]:
        """A decision of the first ear. `amid_speech`: there is clearly more speech than its words take."""
        decision = noticed.decision
        if not decision.sure:
            return [noticed]
        if decision.command in SAFETY_COMMANDS:
            return [] if self._known(noticed) or self._refuted(noticed) else self._act(noticed)
        in_talk = any(o.is_other and 0 < noticed.word_start_s - o.end_s <= TALK_S for o in self._opinions)
        if self._judged(noticed) or any(o.contradicts(noticed, in_talk) for o in self._opinions):
            return []
        if decision.command is None or amid_speech:
            self._held.append(noticed)
            return []
        return self._act(noticed)

    def second(self, opinion: Opinion, at_s: float) -> list[Verdict]:
        """An opinion of the second ear, come at `at_s`."""
        self._opinions = [o for o in self._opinions if at_s - o.end_s <= REMEMBERED_S] + [opinion]
        command = opinion.understood.command
        if command in SAFETY_COMMANDS:
            assert command is not None
            self._drop_held(opinion)
            if any(n.decision.command in _as_grave(command) and opinion.covers(n) for n in self._acted):
                return []
            return self._act(self._noticed(opinion, command, at_s))
        if not opinion.over:
            return []
        if command is not None:
            if any(opinion.covers(n) for n in self._acted):
                return []
            self._drop_held(opinion)
            return self._act(self._noticed(opinion, command, at_s))
        self._held = [n for n in self._held if n.decision.command is None or not opinion.refutes(n)]
        return self._take_back(opinion, at_s)

    def pass_time(self, at_s: float, talk_since_s: float | None = None) -> list[Verdict]:
        """What has waited for the second ear in vain. `talk_since_s`: when the speech began that still goes
        on: a command in its midst was none."""
        late = [n for n in self._held if at_s - n.decision.at_s >= WAIT_S]
        self._held = [n for n in self._held if n not in late]
        self._acted = [n for n in self._acted if at_s - n.decision.at_s <= REMEMBERED_S]
        if talk_since_s is not None:
            late = [n for n in late if n.decision.command is None or n.word_start_s < talk_since_s - LEAD_S]
        return [verdict for n in late for verdict in self._act(n)]

    def flush(self) -> list[Verdict]:
        """Nothing more will come: all that waits."""
        held, self._held = self._held, []
        return [verdict for n in held for verdict in self._act(n)]

    # -- details

    def _act(self, noticed: Noticed) -> list[Verdict]:
        if noticed.decision.command is not None:
            self._acted.append(noticed)
        return [noticed]

    def _noticed(self, opinion: Opinion, command: Command, at_s: float) -> Noticed:
        decision = Decision(command, opinion.understood.phrase, at_s, "final" if opinion.over else "partial")
        return Noticed(decision, opinion.start_s, opinion.end_s, "second", opinion.transcript)

    def _judged(self, noticed: Noticed) -> bool:
        """Whether the second ear has acted on the utterance that the first one is at."""
        return any(n.ear == "second" and noticed.word_start_s <= n.word_end_s + LAG_S for n in self._acted)

    def _known(self, noticed: Noticed) -> bool:
        """Whether the second ear has acted on this safety word, or on a graver one beside it."""
        same = _as_grave(noticed.decision.command)
        seconds = [n for n in self._acted if n.ear == "second" and n.decision.command in same]
        return any(noticed.word_start_s <= n.word_end_s + SAME_WORD_S for n in seconds)

    def _drop_held(self, opinion: Opinion) -> None:
        self._held = [n for n in self._held if not opinion.covers(n)]

    def _refuted(self, noticed: Noticed) -> bool:
        """Whether a safety word comes late, in a final, of a sentence that is known to be about something
        else: as good as taken back."""
        late = noticed.decision.stage == "final" and any(o.refutes(noticed) for o in self._opinions)
        return late and self._not_twice(noticed.decision.at_s)

    def _take_back(self, opinion: Opinion, at_s: float) -> list[Verdict]:
        acted = [n for n in self._acted if n.decision.command in SAFETY_COMMANDS]
        wrong = [n for n in acted if opinion.refutes(n)]
        if not wrong or not self._not_twice(at_s):
            return []
        self._acted = [n for n in self._acted if n not in wrong]
        return [TakenBack(n.decision, opinion.transcript, at_s) for n in wrong[:1]]

    def _not_twice(self, at_s: float) -> bool:
        """Whether a word may be taken back now; if so, the next may not for TWICE_S."""
        if at_s - self._taken_back_s < TWICE_S:
            return False
        self._taken_back_s = at_s
        return True
