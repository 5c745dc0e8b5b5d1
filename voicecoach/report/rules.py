"""The rules of care as tables: what is asked when, what an answer leads to, what is remembered.

Made from the protocol and from the table of memory's rules, the same data that a session and its tests use.
"""

from collections.abc import Iterator

from voicecoach.care import RULES, Kept, Limits, Program, Protocol, fitted
from voicecoach.care.protocol import Step, When
from voicecoach.language import Language
from voicecoach.library import Library


def tables(library: Library) -> Iterator[str]:
    """Lines of Markdown."""
    protocol, language = library.protocol, library.language
    conversations = (
        ("Before anything moves", protocol.before),
        ("After a report of pain", protocol.after_pain),
        ("After the last movement", protocol.after),
    )
    for title, steps in conversations:
        yield from ("", f"### {title}", "", "From the top after every answer; a question is asked once.", "")
        yield from _table(("when", "question or end", "not sure counts as"), _rows(protocol, language, steps))
    yield from ("", "### Red flags", "", "Whenever they are answered; silence counts as yes.", "")
    flags = ((_any(flag.when), f"**{flag.outcome.value}**") for flag in protocol.red_flags)
    yield from _table(("answers", "outcome"), flags)
    yield from ("", "### What is remembered", "")
    yield from _table(("rule", "what it does", "source"), ((r.key, r.means, r.source) for r in RULES))
    yield from ("", "### What is left", "")
    yield "Exercises of each program for a user with one condition; in brackets: with that and any second,"
    yield "the fewest. After the stroke: the same for somebody who cannot get to the floor. 0: advice, and no"
    yield "session."
    yield ""
    programs = [library.program(name) for name in library.program_ids]
    rows = ((c, *(_left(library, p, c) for p in programs)) for c in sorted(protocol.conditions))
    yield from _table(("condition", *(program.id for program in programs)), rows)


def _left(library: Library, program: Program, condition: str) -> str:
    def count(*conditions: str, no_floor: bool) -> int:
        limits = Limits(frozenset(conditions), no_floor=no_floor)
        return len(fitted(program, limits, library.exercises).exercises)

    alone = [count(condition, no_floor=no_floor) for no_floor in (False, True)]
    if not alone[0]:
        return "0"
    others = [c for c in library.protocol.conditions if count(c, no_floor=False)]
    fewest = [min(count(condition, c, no_floor=no_floor) for c in others) for no_floor in (False, True)]
    return f"{alone[0]} ({fewest[0]}) / {alone[1]} ({fewest[1]})"


def _rows(protocol: Protocol, language: Language, steps: tuple[Step, ...]) -> Iterator[tuple[str, str, str]]:
    for step in steps:
        when, key = _any(step.when), step.ask
        if step.outcome is not None:
            yield when, f"**{step.outcome.value}**", ""
        elif step.owed:
            yield when, "the outcome of a red flag, if there is one", ""
        elif key is not None and key in protocol.questions:
            question = protocol.questions[key]
            kept = "" if question.kept is Kept.NEVER else " (kept)"
            unsure = question.unsure if question.kind.value == "yes_no" else ""
            text = language.question(key)[-1].replace("{number}", "112")
            yield when, f"`{key}`{kept}: {text}", unsure
        elif key is not None:
            yield when, f"`{key}`: {language.question(key)[-1]}", ""


def _any(alternatives: tuple[When, ...]) -> str:
    return "; or ".join(filter(None, map(_all, alternatives))) or "always"


def _all(when: When) -> str:
    parts = [f"{key} = yes" for key in when.yes] + [f"{key} is not yes" for key in when.no]
    parts += [f"{key} >= {n}" for key, n in when.at_least.items()]
    parts += [f"{key} < {n}" for key, n in when.below.items()]
    if when.standing:
        parts.append(" or ".join(s.value.replace("_", " ") for s in when.standing))
    if when.symptoms:
        parts.append("said: " + " or ".join(s.value for s in when.symptoms))
    if when.reports:
        parts.append(f"report {when.reports} or later")
    if when.above_baseline is not None:
        parts.append(f"pain {when.above_baseline} or more above the baseline")
    return ", ".join(parts)


def _table(head: tuple[str, ...], rows: Iterator[tuple[str, ...]]) -> Iterator[str]:
    yield "| " + " | ".join(head) + " |"
    yield "|" + "---|" * len(head)
    for row in rows:
        yield "| " + " | ".join(row) + " |"
