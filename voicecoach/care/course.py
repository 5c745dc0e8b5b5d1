"""How each exercise went, session after session: what hurt, and how the doses rose and fell."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from voicecoach.care.outcome import Outcome
from voicecoach.care.past import Hurt, Past
from voicecoach.care.protocol import MemoryQuestions, is_yes

MILD = 3
"""Pain up to here is an ache that exercise may bring; it has to settle by the next morning."""
RISE = 2
"""So much more pain after a session than before is worse."""
GOOD_SESSIONS = 3
"""So many sessions without pain, and an exercise may become harder, or one that hurt may come back."""
KNOWN = 2
"""An exercise that was played so often is known."""
MOST_STEPS, HALVED = 6, -1


@dataclass(slots=True)
class Course:
    steps: dict[str, int] = field(default_factory=dict)
    left_out: dict[str, int] = field(default_factory=dict)
    """by id: good sessions since it hurt"""
    outward: set[str] = field(default_factory=set)
    met: dict[str, int] = field(default_factory=dict)

    @property
    def again(self) -> str:
        """The one that was left out longest, if long enough."""
        return next((e for e, good in self.left_out.items() if good >= GOOD_SESSIONS), "")

    def lower(self, exercise: str) -> None:
        """A step back: from the dose as it is written to half of it, and no further."""
        self.steps[exercise] = max(HALVED, self.steps.get(exercise, 0) - 1)


def course_of(past: Sequence[Past], keys: MemoryQuestions) -> Course:
    """`past`: the oldest first."""
    course, previous = Course(), None
    for each in past:
        if is_yes(each.answers.get(keys.morning_after)) and previous is not None:
            _worse_morning(course, previous)
        if each.answers.get(keys.again) == "yes" and course.again:
            course.steps[course.again] = HALVED
            del course.left_out[course.again]
        if each.moved:
            _went(course, each, keys)
            previous = each
    return course


def _worse_morning(course: Course, previous: Past) -> None:
    """All of it was too much, and what hurt is left out."""
    for hurt in previous.hurt:
        if hurt.exercise:
            course.left_out[hurt.exercise] = 0
    for exercise in previous.done:
        course.lower(exercise)


def _went(course: Course, session: Past, keys: MemoryQuestions) -> None:
    for exercise in session.done:
        course.met[exercise] = course.met.get(exercise, 0) + 1
    for exercise in session.knew:
        course.met[exercise] = max(KNOWN, course.met.get(exercise, 0))
    for exercise in session.more:
        course.met[exercise] = 0
    if session.answers.get(keys.step) == "yes":
        for exercise in session.done:
            course.steps[exercise] = min(MOST_STEPS, course.steps.get(exercise, 0) + 1)
    if good(session, keys):
        for exercise in course.left_out:
            course.left_out[exercise] += 1
    for hurt in session.hurt:
        if not hurt.exercise:
            continue
        course.lower(hurt.exercise)
        if hurt.outward:
            course.outward.add(hurt.exercise)
        if not mild(hurt, session):
            course.left_out[hurt.exercise] = 0


def good(session: Past, keys: MemoryQuestions) -> bool:
    """Whether it was played to its end without pain, and left the user no worse."""
    before, after = (session.answers.get(key) for key in (keys.baseline, keys.afterwards))
    worse = isinstance(before, int) and isinstance(after, int) and after - before >= RISE
    return session.screened and session.outcome is Outcome.COMPLETED and not session.hurt and not worse


def mild(hurt: Hurt, session: Past) -> bool:
    """Whether a report was of an ache with which the session went on."""
    ended = session.outcome not in (Outcome.COMPLETED, Outcome.FINISHED_EARLY)
    return hurt.level is not None and hurt.level <= MILD and not ended and not hurt.outward
