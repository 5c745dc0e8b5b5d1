"""The decision rule's operating curve: miss rate of "stop" against false alarms per hour, by persistence."""

from dataclasses import dataclass
from pathlib import Path

from scripts.benches.figures import hourly, share, table
from scripts.benches.listeners import Belief, decided
from voicecoach.language import SAFETY_COMMANDS, Command
from voicecoach.listening import Judge, Rule
from voicecoach.testing import VOCABULARY

PERSISTENCE_S = (0.0, 0.06, 0.12, 0.18, 0.24, 0.3, 0.36, 0.48, 0.6)


@dataclass(frozen=True)
class Measured:
    """What the recogniser believed of clips of "stop", of clips of other words, and of `hours` of talk."""

    stops: list[list[Belief]]
    others: list[list[Belief]]
    talk: list[list[Belief]]
    hours: float


@dataclass(frozen=True)
class Point:
    """The judge at one setting."""

    rule: Rule
    missed: int
    stops: int
    false_alarms: int
    """stop, pain or help decided in talk"""
    hours: float
    words_confused: int
    """other words of which stop, pain or help was decided"""
    words: int


def points(measured: Measured) -> list[Point]:
    found = []
    for persist_s in PERSISTENCE_S:
        rule = Rule(persist_s=persist_s)
        missed = sum(
            all(d.command is not Command.STOP for d in decided(Judge(VOCABULARY, rule=rule), b))
            for b in measured.stops
        )
        false_alarms = sum(
            d.command in SAFETY_COMMANDS
            for b in measured.talk
            for d in decided(Judge(VOCABULARY, rule=rule), b)
        )
        words_confused = sum(
            any(d.command in SAFETY_COMMANDS for d in decided(Judge(VOCABULARY, rule=rule), b))
            for b in measured.others
        )
        found.append(
            Point(
                rule=rule,
                missed=missed,
                stops=len(measured.stops),
                false_alarms=false_alarms,
                hours=measured.hours,
                words_confused=words_confused,
                words=len(measured.others),
            )
        )
    return found


def rows(found: list[Point]) -> list[str]:
    head = ("persistence", "stop missed", "false alarms in talk", "other words taken for stop, pain or help")
    cells = [
        (
            f"{1000 * p.rule.persist_s:.0f} ms",
            share(p.missed, p.stops),
            hourly(p.false_alarms, p.hours),
            share(p.words_confused, p.words),
        )
        for p in found
    ]
    return table(head, cells)


def draw(found: list[Point], path: Path, title: str) -> None:
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(6, 4))
    axes.plot([p.false_alarms / p.hours for p in found], [100 * p.missed / p.stops for p in found], "o-")
    for p in found:
        at = (p.false_alarms / p.hours, 100 * p.missed / p.stops)
        axes.annotate(f"{1000 * p.rule.persist_s:.0f} ms", at, xytext=(4, 4), textcoords="offset points")
    axes.set_xlabel("false alarms (stop, pain, help) per hour of talk")
    axes.set_ylabel('miss rate of "stop", %')
    axes.set_title(title)
    axes.grid(alpha=0.3)
    figure.tight_layout()
    figure.savefig(path, dpi=120)
    pyplot.close(figure)
