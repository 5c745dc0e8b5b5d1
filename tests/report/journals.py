"""Journals to look at: a user with three months of sessions, and one who hurts all the time."""

import json
import random
import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import asdict
from datetime import date, datetime, time, timedelta

from voicecoach.care import Answer, Outcome
from voicecoach.session.facts import AnswerGiven, ExerciseDone, Fact, PainReported
from voicecoach.storage import Places, SessionRow
from voicecoach.storage.migrations import prepare
from voicecoach.storage.rows import Row, insert, values
from voicecoach.testing import HEALTHY, LIBRARY

Maker = Callable[[Places], Places]
FIRST = date(2026, 9, 7)
PROTOCOL = LIBRARY.protocol


def played(
    places: Places,
    began: datetime,
    *facts: Fact,
    program: str = "floor",
    outcome: Outcome = Outcome.COMPLETED,
    minutes: float = 18.0,
    screened: bool = True,
    pain: int | None = None,
    profile: Mapping[str, Answer] | None = None,
    words: str = "",
) -> str:
    """A session as the player leaves it, and its key; `words`: what was heard in it."""
    key = began.isoformat(timespec="milliseconds")
    rows: list[tuple[str, Row]] = [("profile", (q, json.dumps(a), key)) for q, a in (profile or {}).items()]
    facts = facts if pain is None else (AnswerGiven(PROTOCOL.baseline, pain), *facts)
    reports = [fact for fact in facts if isinstance(fact, PainReported)]
    levels = [f.answer for f in facts if isinstance(f, AnswerGiven) and f.question == PROTOCOL.level]
    if words:
        rows.append(("events", (key, 0, 0, "Heard", json.dumps({"text": words, "command": "next"}))))
    for n, fact in enumerate(facts, 1):
        rows.append(("events", (key, n, 1000 * n, type(fact).__name__, json.dumps(asdict(fact)))))
    finished = sum(isinstance(fact, ExerciseDone) for fact in facts)
    last = levels[-1] if levels else None
    row = SessionRow(
        key,
        program,
        round(minutes * 60_000),
        outcome.value,
        screened,
        pain,
        last if isinstance(last, int) else None,
        reports[-1].exercise if reports else "",
        f"{finished}/7",
    )
    places.journal.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(places.journal)) as db:
        prepare(db)
        db.execute("PRAGMA journal_mode=WAL")
        db.execute("PRAGMA synchronous=OFF")
        insert(db, [*rows, ("sessions", values(key, row))])
        db.commit()
    return key


def hurt(exercise: str, level: int, report: int = 1, **answers: Answer) -> tuple[Fact, ...]:
    told = (AnswerGiven(question, answer) for question, answer in answers.items())
    return (PainReported("it hurts", exercise, report), AnswerGiven(PROTOCOL.level, level), *told)


FLOOR = tuple(e.id for e in LIBRARY.program("floor").exercises)


def realistic(places: Places) -> Places:
    """Twelve weeks, two to four sessions in each, one week without: with the pain going down slowly, one
    exercise that hurt, one that went down the leg, and one red flag."""
    chance = random.Random(7)
    profile: dict[str, Answer] = {
        **HEALTHY,
        "condition": "yes",
        "disc_problem": "yes",
        "stenosis": "no",
        "cleared": "yes",
    }
    profile |= {"limbs": "yes", "knee_problem": "yes", "wrist_problem": "no"}
    n = 0
    for week in range(12):
        for day in sorted(chance.sample(range(6), 0 if week == 6 else 3 if week % 3 else 2)):
            began = datetime.combine(FIRST + timedelta(weeks=week, days=day), time(18, 5 + n % 40))
            before = max(1, round(5 - n / 9 + chance.uniform(-1.2, 1.2)))
            facts: list[Fact] = [ExerciseDone(e) for e in FLOOR]
            outcome, screened = Outcome.COMPLETED, True
            if n == 14:
                facts[3:] = hurt("knee_to_chest", 5, spread="no", leg_symptoms="no", sharp="no")
                outcome = Outcome.FINISHED_EARLY
            elif n == 19:
                facts[2:] = hurt("knee_rolls", 6, spread="yes", leg_symptoms="no", further_down="yes")
                outcome = Outcome.ENDED_BY_PAIN
            elif n == 23:
                facts, outcome, screened = [AnswerGiven("leg_weakness", "yes")], Outcome.TODAY, False
            elif n == 27:
                facts[5:5] = hurt("bridge", 2, spread="no", leg_symptoms="no", sharp="no")
            if screened and outcome is Outcome.COMPLETED:
                after: Answer = "unanswered" if n % 9 == 4 else max(0, before - chance.choice((0, 1, 1)))
                facts += [AnswerGiven("afterwards", after), AnswerGiven("effort", chance.choice((3, 4, 5)))]
            if n == 26:
                facts.insert(0, AnswerGiven("step", "yes"))
            played(
                places,
                began,
                *facts,
                pain=before,
                outcome=outcome,
                screened=screened,
                minutes=chance.uniform(15, 20) if screened else 1.5,
                program="gentle" if n < 3 else "floor",
                profile=profile if n == 0 else None,
                words="my back is killing me today",
            )
            n += 1
    return places


def as_full_as_can_be(places: Places, sessions: int = 200) -> Places:
    """Sessions twice a day, each with two reports and every red flag: everything that a sheet can hold."""
    kept: dict[str, Answer] = {q: "yes" for q, asked in PROTOCOL.questions.items() if asked.kept != "never"}
    kept |= {**dict.fromkeys(PROTOCOL.lacks, "no"), "floor": "no"}
    flags = dict.fromkeys(q for f in PROTOCOL.red_flags for when in f.when for q in when.yes)
    every = tuple(LIBRARY.exercises)
    for n in range(sessions):
        began = datetime.combine(FIRST + timedelta(days=n // 2), time(8 + 10 * (n % 2), 30))
        reports = (
            *hurt(every[n % len(every)], n % 11, spread="yes", further_down="yes"),
            *hurt(every[-1 - n % len(every)], 9, report=2, spread="unanswered"),
        )
        red = (AnswerGiven(q, "yes" if n % 2 else "unanswered") for q in flags)
        done = (ExerciseDone(e) for e in every)
        after = (AnswerGiven("afterwards", (n * 3) % 11), AnswerGiven("effort", n % 11))
        outcomes = tuple(Outcome)
        played(
            places,
            began,
            *reports,
            *red,
            *done,
            *after,
            program="full",
            pain=n % 11,
            outcome=outcomes[(n + 4) % len(outcomes)],
            profile=kept if n == 0 else None,
        )
    return places
