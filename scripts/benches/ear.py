"""What the ear hears of real people: hits, misses and false hits for each word.

Runs `voicecoach hear`'s own listening path over the dev part of the shared speech (never committed;
found at ../shared/speech or $VOICECOACH_SPEECH) and writes a Markdown table and a JSON report. Every
share carries n and its 95 % interval (Wilson); events on talk carry the hours.
"""

import argparse
import csv
import json
import os
import sys
from collections import defaultdict
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from math import sqrt
from pathlib import Path
from typing import Any

from voicecoach.cli.hear import Conditions, hear_file
from voicecoach.session import ListeningState
from voicecoach.session.vocabulary import NUMBERS, PHRASES, SAFETY_COMMANDS

ROOT = Path(__file__).resolve().parents[2]
SPEECH = Path(os.environ.get("VOICECOACH_SPEECH", ROOT.parent / "shared" / "speech"))
TALK_SOURCES = ("picovoice_s2i", "picovoice_wakeword")
LISTED_NEGATIVES = 8


@dataclass
class Row:
    """One word, listened to in one state."""

    word: str
    state: ListeningState
    n: int = 0
    hits: int = 0
    """the word's command was decided, once or more"""
    exact: int = 0
    """it was the only decision"""
    false: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    """clips in which another command was decided, by command"""
    latency_ms: list[float] = field(default_factory=list)
    """decision minus the word's end"""


def interval(k: int, n: int) -> tuple[float, float]:
    """Wilson's 95 % interval of k of n, as shares (Wilson 1927)."""
    if n == 0:
        return 0.0, 1.0
    z = 1.96
    p, d = k / n, 1 + z * z / n
    centre, half = p + z * z / (2 * n), z * sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return max(0.0, (centre - half) / d), min(1.0, (centre + half) / d)


def share(k: int, n: int) -> str:
    low, high = interval(k, n)
    return f"{100 * k / n:.1f} % ({100 * low:.0f}-{100 * high:.0f})" if n else "-"


def percentile(values: list[float], p: float) -> str:
    return f"{sorted(values)[min(len(values) - 1, int(p * len(values)))]:.0f}" if values else "-"


def expected_state(word: str) -> ListeningState:
    """The state in which `word` is a command, else holding, where it is a near word or talk."""
    if word in {n.value for n in NUMBERS}:
        return ListeningState.NUMBER
    for state in (ListeningState.HOLDING, ListeningState.QUESTION):
        if word in PHRASES[state]:
            return state
    return ListeningState.HOLDING


def listen(paths: list[str], state: ListeningState, jobs: int) -> list[dict[str, Any]]:
    conditions = [Conditions(state, None, 0.0, 0.0)] * len(paths)
    with ProcessPoolExecutor(jobs) as pool:
        return list(pool.map(hear_file, paths, conditions, chunksize=8))


def word_rows(clips: dict[str, list[str]], jobs: int) -> list[Row]:
    by_state: dict[ListeningState, list[tuple[str, str]]] = defaultdict(list)
    for word, paths in clips.items():
        by_state[expected_state(word)] += [(word, path) for path in paths]
    rows: dict[str, Row] = {}
    for state, items in by_state.items():
        for (word, _), line in zip(items, listen([p for _, p in items], state, jobs), strict=True):
            row = rows.setdefault(word, Row(word, state))
            add(row, line["heard"])
    return list(rows.values())


def add(row: Row, heard: list[dict[str, Any]]) -> None:
    command = PHRASES[row.state].get(row.word)
    mine = [h for h in heard if h["command"] == command]
    row.n += 1
    row.hits += bool(mine)
    row.exact += bool(mine) and len(heard) == len(mine)
    for other in {h["command"] for h in heard if h["command"] != command}:
        row.false[other] += 1
    if mine:
        row.latency_ms.append(1000 * (mine[0]["decided_at_s"] - mine[0]["word_end_s"]))


def talk_events(paths: list[str], jobs: int) -> dict[str, int]:
    events: dict[str, int] = defaultdict(int)
    for line in listen(paths, ListeningState.HOLDING, jobs):
        for heard in line["heard"]:
            events[heard["command"]] += 1
    return dict(events)


def command_table(rows: Iterable[Row]) -> list[str]:
    lines = [
        "| word | state | n | hit, 95 % | missed | only it | false hits | latency p50 / p95 ms |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for row in rows:
        false = ", ".join(f"{c} {n}" for c, n in sorted(row.false.items(), key=lambda x: -x[1])) or "0"
        latency = f"{percentile(row.latency_ms, 0.5)} / {percentile(row.latency_ms, 0.95)}"
        hit, only = share(row.hits, row.n), share(row.exact, row.n)
        cells = (row.word, row.state.value, row.n, hit, row.n - row.hits, only, false, latency)
        lines.append(f"| {' | '.join(map(str, cells))} |")
    return lines


def other_table(rows: list[Row]) -> list[str]:
    """Words that are no command: every decision is false."""
    n = sum(row.n for row in rows)
    false: dict[str, int] = defaultdict(int)
    for row in rows:
        for command, count in row.false.items():
            false[command] += count
    safety = sum(c for command, c in false.items() if command in SAFETY_COMMANDS)
    lines = [f"Other words, {n} clips in state holding: stop, pain or help in {share(safety, n)}.", ""]
    lines += ["| word | n | false hits |", "|---|---|---|"]
    for row in sorted(rows, key=lambda r: -r.n)[:LISTED_NEGATIVES]:
        hits = ", ".join(f"{c} {k}" for c, k in sorted(row.false.items(), key=lambda x: -x[1])) or "0"
        lines.append(f"| {row.word} | {row.n} | {hits} |")
    return lines


def talk_line(events: dict[str, int], hours: float, files: int) -> str:
    found = ", ".join(f"{c} {n} ({n / hours:.1f}/h)" for c, n in sorted(events.items(), key=lambda x: -x[1]))
    found = found or f"nothing (below {3 / hours:.1f}/h)"
    return f"Talk, {files} recordings, {hours:.2f} h, state holding: {found}."


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--out", type=Path, default=ROOT / "out" / "bench")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--least", type=int, default=4, help="words with fewer clips are left out")
    options = parser.parse_args()
    index = SPEECH / "index.tsv"
    if not index.exists():
        sys.exit(f"SKIPPED: no speech at {SPEECH}. Set VOICECOACH_SPEECH to the folder that holds index.tsv.")
    clips: dict[str, list[str]] = defaultdict(list)
    talk, talk_s = [], 0.0
    for entry in csv.DictReader(index.open(encoding="utf-8"), delimiter="\t"):
        if not entry["path"].startswith("dev/"):
            continue
        if entry["source"] in TALK_SOURCES:
            talk.append(str(SPEECH / entry["path"]))
            talk_s += float(entry["seconds"])
        elif entry["text"]:
            clips[entry["text"]].append(str(SPEECH / entry["path"]))
    rows = word_rows({w: p for w, p in clips.items() if len(p) >= options.least}, options.jobs)
    commands = sorted((r for r in rows if r.word in PHRASES[r.state]), key=lambda r: (r.state, -r.n))
    others = [r for r in rows if r.word not in PHRASES[r.state]]
    events = talk_events(talk, options.jobs)
    text = [
        *command_table(commands),
        "",
        *other_table(others),
        "",
        talk_line(events, talk_s / 3600, len(talk)),
    ]
    options.out.mkdir(parents=True, exist_ok=True)
    (options.out / "ear.md").write_text("\n".join(text) + "\n", "utf-8")
    report = {"words": [vars(r) for r in rows], "talk": {"hours": talk_s / 3600, "events": events}}
    (options.out / "ear.json").write_text(json.dumps(report, indent=1, default=str), "utf-8")
    print("\n".join(text))


if __name__ == "__main__":
    main()
