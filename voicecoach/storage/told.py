"""What the user has told in earlier sessions, as the rules of care look at it: from the journal's facts."""

import json
import sqlite3
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from voicecoach.care import Answer, Answers, Hurt, Outcome, Past, Protocol, is_yes
from voicecoach.language import Command
from voicecoach.session.facts import (
    AnswerGiven,
    AskedForMore,
    ExerciseDone,
    KnewIt,
    PainReported,
    TakenBack,
)
from voicecoach.storage.rows import SessionRow

_KINDS = tuple(
    kind.__name__ for kind in (AnswerGiven, PainReported, ExerciseDone, AskedForMore, KnewIt, TakenBack)
)


@dataclass(frozen=True, slots=True)
class Earlier:
    """What earlier sessions mean for this one."""

    first_run: bool
    locked: bool


@dataclass(frozen=True, slots=True)
class Told:
    past: tuple[Past, ...] = ()
    """the oldest first"""
    profile: Answers = field(default_factory=dict)
    """the last answer to each question that is asked once"""


@dataclass(slots=True)
class Facts:
    """What was told in one session."""

    answers: dict[str, Answer] = field(default_factory=dict)
    """the last one to each question"""
    given: list[tuple[str, Answer]] = field(default_factory=list)
    """every answer, in order"""
    reports: list[tuple[str, dict[str, Answer]]] = field(default_factory=list)
    """(exercise, answers in the safety stop)"""
    done: list[str] = field(default_factory=list)
    more: list[str] = field(default_factory=list)
    knew: list[str] = field(default_factory=list)

    def add(self, kind: str, data: dict[str, Any]) -> None:
        if kind == PainReported.__name__:
            self.reports.append((data["exercise"], {}))
        elif kind == ExerciseDone.__name__:
            self.done.append(data["exercise"])
        elif kind == AskedForMore.__name__:
            self.more.append(data["exercise"])
        elif kind == KnewIt.__name__:
            self.knew.append(data["exercise"])
        elif kind == TakenBack.__name__:
            # only what the word itself began can be taken back, and "stop" begins no report
            if data["command"] != Command.STOP and self.reports and not self.reports[-1][1]:
                self.reports.pop()
        else:
            self.answers[data["question"]] = data["answer"]
            self.given.append((data["question"], data["answer"]))
            if self.reports:
                self.reports[-1][1].setdefault(data["question"], data["answer"])


def told_in(db: sqlite3.Connection, rows: list[SessionRow], protocol: Protocol) -> Told:
    """`rows`: the sessions, the newest first. Raises sqlite3.Error, also if a record makes no sense."""
    try:
        facts = facts_in(db)
        past = tuple(past_of(row, facts[row.began], protocol) for row in reversed(rows))
        kept = {q: json.loads(answer) for q, answer in db.execute("SELECT question, answer FROM profile")}
    except (ValueError, KeyError, TypeError) as error:
        raise sqlite3.DatabaseError(f"one of its records makes no sense: {error}") from error
    return Told(past, {q: answer for q, answer in kept.items() if protocol.keeps(q, answer)})


def facts_in(db: sqlite3.Connection) -> defaultdict[str, Facts]:
    """By session. Raises sqlite3.Error, ValueError, KeyError or TypeError."""
    facts: defaultdict[str, Facts] = defaultdict(Facts)
    marks = ", ".join("?" * len(_KINDS))
    query = f"SELECT session, kind, data FROM events WHERE kind IN ({marks}) ORDER BY session, n"
    for session, kind, data in db.execute(query, _KINDS):
        facts[session].add(kind, json.loads(data))
    return facts


def days_of(local: datetime) -> float:
    """Local time in days since 1970."""
    return (local.replace(tzinfo=None) - datetime(1970, 1, 1)) / timedelta(days=1)


def past_of(row: SessionRow, told: Facts, protocol: Protocol) -> Past:
    return Past(
        day=days_of(datetime.fromisoformat(row.began)),
        program=row.program,
        outcome=Outcome(row.outcome),
        screened=row.screened,
        answers=told.answers,
        hurt=tuple(_hurt(exercise, said, protocol) for exercise, said in told.reports),
        done=tuple(told.done),
        more=tuple(told.more),
        knew=tuple(told.knew),
        minutes=row.duration_ms / 60_000,
    )


def _hurt(exercise: str, said: dict[str, Answer], protocol: Protocol) -> Hurt:
    told = said.get(protocol.level)
    outward = is_yes(said.get(protocol.memory.further_down))
    return Hurt(exercise, told if isinstance(told, int) else None, outward)
