"""What earlier sessions mean for the next one. One table of rules, one pure function.

Each rule of RULES looks at everything that is remembered and adds to a `Memory`; none takes away what
another one has found, so more pain never leads to more exercise (tests/care/test_memory.py). The sources are
explained in docs/safety.md, "What is remembered".
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from statistics import mean, median

from voicecoach.care.course import GOOD_SESSIONS, MILD, Course, course_of, good
from voicecoach.care.past import Past
from voicecoach.care.protocol import MemoryQuestions, Standing

BETWEEN_STEPS_DAYS = 7
FORTNIGHT_DAYS = 14
TOO_MANY = 3
"""sessions with pain in a fortnight"""
FEWEST_BASELINES = 4
"""So many sessions tell whether the pain eases."""


@dataclass(frozen=True, slots=True)
class Memory:
    """What earlier sessions mean for the next."""

    standing: frozenset[Standing] = frozenset()
    hurt: tuple[str, ...] = ()
    """ids of the exercises that hurt in the last session"""
    left_out: frozenset[str] = frozenset()
    """ids of exercises that hurt and are not offered"""
    again: str = ""
    """id of one of them that may be offered again, if the user wishes"""
    outward: frozenset[str] = frozenset()
    """ids of exercises whose direction sent the pain down the leg"""
    steps: Mapping[str, int] = field(default_factory=dict)
    """by id: how much the dose was raised; negative after pain"""
    met: Mapping[str, int] = field(default_factory=dict)
    """by id: how often it was played since it was last explained at the user's wish"""
    usual: float | None = None
    """the pain before a session as it usually is"""


@dataclass(frozen=True, slots=True)
class Remembered:
    """All that the rules may look at."""

    past: tuple[Past, ...]
    """the oldest first"""
    today: float
    """in days of local time"""
    keys: MemoryQuestions
    course: Course

    @property
    def moved(self) -> tuple[Past, ...]:
        return tuple(p for p in self.past if p.moved)

    @property
    def last(self) -> Past | None:
        moved = self.moved
        return moved[-1] if moved else None

    @property
    def baselines(self) -> list[int]:
        answers = (p.answers.get(self.keys.baseline) for p in self.past)
        return [a for a in answers if isinstance(a, int)]

    def since(self, question: str, answer: str) -> tuple[Past, ...]:
        """The sessions from the last one on in which `question` had this answer; all, if it never had."""
        found = [i for i, p in enumerate(self.past) if p.answers.get(question) == answer]
        return self.past[found[-1] :] if found else self.past


@dataclass(frozen=True, slots=True)
class Rule:
    key: str
    means: str
    """what it does, for docs/safety.md"""
    source: str
    found: Callable[[Remembered, Memory], Memory]


def remembered(past: Sequence[Past], today: float, keys: MemoryQuestions) -> Memory:
    """`past`: the oldest first. `today`: in days of local time."""
    seen, memory = Remembered(tuple(past), today, keys, course_of(past, keys)), Memory()
    for rule in RULES:
        memory = rule.found(seen, memory)
    return memory


# -- the rules


def _with(memory: Memory, standing: Standing) -> Memory:
    return replace(memory, standing=memory.standing | {standing})


def _named(seen: Remembered, memory: Memory) -> Memory:
    if seen.last is None or not seen.last.hurt:
        return memory
    ids = tuple(dict.fromkeys(h.exercise for h in seen.last.hurt if h.exercise))
    return _with(replace(memory, hurt=ids), Standing.HURT)


def _left_out(seen: Remembered, memory: Memory) -> Memory:
    return replace(memory, left_out=memory.left_out | frozenset(seen.course.left_out))


def _again(seen: Remembered, memory: Memory) -> Memory:
    again = seen.course.again
    if not again or Standing.HURT in memory.standing:
        return memory
    return _with(replace(memory, again=again), Standing.AGAIN)


def _outward(seen: Remembered, memory: Memory) -> Memory:
    return replace(memory, outward=memory.outward | frozenset(seen.course.outward))


def _steps(seen: Remembered, memory: Memory) -> Memory:
    return replace(memory, steps=dict(seen.course.steps))


def _step_due(seen: Remembered, memory: Memory) -> Memory:
    lately = [p for p in seen.moved[-GOOD_SESSIONS:] if good(p, seen.keys)]
    asked = any(seen.keys.step in p.answers for p in lately)
    if len(lately) < GOOD_SESSIONS or asked or memory.standing:
        return memory
    stepped = [p.day for p in seen.past if p.answers.get(seen.keys.step) == "yes"]
    if stepped and seen.today - max(stepped) < BETWEEN_STEPS_DAYS:
        return memory
    return _with(memory, Standing.STEP)


def _frequent(seen: Remembered, memory: Memory) -> Memory:
    since = seen.since(seen.keys.acknowledged, "yes")
    painful = [p for p in since if p.hurt and seen.today - p.day <= FORTNIGHT_DAYS]
    return _with(memory, Standing.OFTEN) if len(painful) >= TOO_MANY else memory


def _no_better(seen: Remembered, memory: Memory) -> Memory:
    since = seen.since(seen.keys.acknowledged_no_better, "yes")
    told = [(p.day, a) for p in since if isinstance(a := p.answers.get(seen.keys.baseline), int)]
    if len(told) < FEWEST_BASELINES or told[-1][0] - told[0][0] < FORTNIGHT_DAYS:
        return memory
    first, last = (mean(level for _, level in part) for part in (told[:2], told[-2:]))
    return _with(memory, Standing.NO_BETTER) if last >= first and last >= MILD else memory


def _usual(seen: Remembered, memory: Memory) -> Memory:
    baselines = seen.baselines[-5:]
    return replace(memory, usual=median(baselines) if baselines else None)


def _met(seen: Remembered, memory: Memory) -> Memory:
    return replace(memory, met=dict(seen.course.met))


_FLOW = "design: the safety-stop flow, 6"
RULES: tuple[Rule, ...] = (
    Rule(
        "named",
        "an exercise that hurt in the last session is named, and the morning after is asked about",
        _FLOW,
        _named,
    ),
    Rule(
        "left_out",
        "one that hurt by more than 3, ended the session, or was worse the next morning is left out",
        f"{_FLOW}; Arthritis Research UK HO13 (the morning after is the test)",
        _left_out,
    ),
    Rule(
        "again",
        "after three good sessions the user is asked whether to try it again, with half the dose",
        _FLOW,
        _again,
    ),
    Rule(
        "outward",
        "a direction of movement that sent the pain down the leg is not offered again",
        "direction: ask after an exercise that hurt",
        _outward,
    ),
    Rule(
        "steps",
        "the dose of an exercise that hurt a little is halved; after a worse morning, that of all",
        "Versus Arthritis, CSP: in a flare reduce, do not stop",
        _steps,
    ),
    Rule(
        "often",
        "pain in three sessions of 14 days: see a professional, to be acknowledged",
        _FLOW,
        _frequent,
    ),
    Rule(
        "no_better",
        "pain of 3 or more that is no less after 14 days: see a professional, to be acknowledged",
        _FLOW,
        _no_better,
    ),
    Rule(
        "step_due",
        "after three good sessions, and a good morning after, one step more is offered; once a week at most",
        "NHS pacing guides: small planned increases",
        _step_due,
    ),
    Rule(
        "met",
        "an exercise that was played twice, or cut short, gets its name, dose and one cue; whole on request",
        "our own: the coach talked more than the body moved",
        _met,
    ),
    Rule("usual", "2 or more above the usual pain: today half the dose", "NHS pacing guides", _usual),
)
