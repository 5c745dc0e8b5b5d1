"""The program for today: a program as it is written, for this user, after their answers. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import product

from voicecoach.care.course import GOOD_SESSIONS, HALVED, good
from voicecoach.care.exercise import Exercise, eased, raised
from voicecoach.care.fitting import Limits, fitted
from voicecoach.care.memory import Memory
from voicecoach.care.past import Past
from voicecoach.care.program import Program
from voicecoach.care.protocol import Answer, Answers, Protocol, is_yes
from voicecoach.care.screening import next_kept

FLARE = 2
"""So much above the usual pain is a flare: today the dose falls."""


def program_for(protocol: Protocol, past: Sequence[Past], profile: Answers) -> str:
    """The id of the program for a user who has named none: a gentle one until a few sessions went well."""
    programs = protocol.programs
    if profile.get(protocol.memory.floor) == "no" and programs.upright:
        return programs.upright
    new = sum(good(session, protocol.memory) for session in past) < GOOD_SESSIONS
    return (programs.first if new else "") or programs.usual


@dataclass(frozen=True, slots=True)
class Plan:
    program: Program
    """as it is written"""
    exercises: Mapping[str, Exercise] = field(default_factory=dict)
    """all there are, by id"""
    limits: Limits = field(default_factory=Limits)
    memory: Memory = field(default_factory=Memory)

    def today(self, protocol: Protocol, answers: Answers) -> Program:
        """The program after the user's `answers`; before the first one, as it will be if all is well."""
        keys = protocol.memory
        worse = is_yes(answers.get(keys.morning_after))
        program = fitted(self.program, self.limits_today(protocol, answers), self.exercises)
        if answers.get(keys.guided) in ("no", "unanswered"):
            program = replace(program, exercises=tuple(e for e in program.exercises if not e.opt_in))
        more = answers.get(keys.step) == "yes" and not worse
        less = worse or self._flare(answers.get(protocol.baseline))
        doses = (self._dosed(e, more, less) for e in program.exercises)
        return replace(program, exercises=tuple(doses))

    def limits_today(self, protocol: Protocol, answers: Answers) -> Limits:
        """What keeps the user from an exercise today: the settings, the answers, and what is remembered."""
        keys, memory = protocol.memory, self.memory
        worse = is_yes(answers.get(keys.morning_after))
        out = memory.left_out | (frozenset(memory.hurt) if worse else frozenset())
        if answers.get(keys.again) == "yes" and not worse:
            out -= {memory.again}
        gone = frozenset(m for e in memory.outward if e in self.exercises for m in self.exercises[e].movement)
        return replace(
            self.limits,
            conditions=self.limits.conditions | protocol.conditions_in(answers),
            missing=self.limits.missing | protocol.missing_in(answers),
            no_floor=self.limits.no_floor or answers.get(keys.floor) == "no",
            exercises=self.limits.exercises | out,
            movements=self.limits.movements | (gone & protocol.directions),
        )

    def may_bring(self, protocol: Protocol, answers: Answers) -> tuple[Exercise, ...]:
        """Every exercise that may be played, whatever is still answered: all there are, until the first
        meeting is over."""
        if next_kept(protocol, answers, aloud=True) is not None:
            others = tuple(e for e in self.exercises.values() if not e.opt_in)
            return (*self.program.exercises, *others)
        asked = (protocol.memory.morning_after, protocol.memory.again, protocol.memory.guided)
        replies: list[Answer] = ["yes", "no"]
        said = (dict(zip(asked, reply, strict=True)) for reply in product(replies, repeat=len(asked)))
        return tuple(e for each in said for e in self.today(protocol, {**answers, **each}).exercises)

    def _flare(self, baseline: object) -> bool:
        usual = self.memory.usual
        return isinstance(baseline, int) and usual is not None and baseline >= usual + FLARE

    def _dosed(self, exercise: Exercise, more: bool, less: bool) -> Exercise:
        steps = self.memory.steps.get(exercise.id, 0) + more
        if exercise.id == self.memory.again:
            steps = HALVED
        if less or steps < 0:
            return replace(exercise, dose=eased(exercise.dose))
        return raised(exercise, steps)
