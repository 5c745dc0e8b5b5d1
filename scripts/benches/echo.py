"""Hearing "stop" over the coach's own voice, and never obeying the coach: P3 and P4 of the benchmark.

P3, double talk: real people (the dev part of the shared speech) say "stop" over the coach, in four rooms at
four signal-to-echo ratios; voicecoach and other systems in one run. P4, far end alone: whole sessions, each
program in each voice, with a silent user and the full echo. Writes Markdown tables, a JSON report and plots.

signal to echo        level of the user's speech over the echo in the microphone
missed                no certain "stop" was decided within the recording or 1.5 s after it
hushed, first try     a doubtful "stop", which hushes the coach and stops nothing; it counts as missed
latency               decision minus the end of the word (negative: before its end), first tries
false alarms          commands decided for certain outside the tries
"""

import argparse
import json
import os
import sys
from collections import defaultdict
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, replace
from functools import cached_property
from pathlib import Path

import matplotlib
import numpy as np
from recipe.corpus import recordings

from scripts.benches import alone
from scripts.benches.cancellers import installed
from scripts.benches.ear import ROOT, SPEECH, Clip, word_end
from scripts.benches.figures import Report, hourly, percentile, share, table
from scripts.benches.over_coach import BARE, OURS, SPHINX, Job, Outcome, Trial, as_dict, run
from scripts.benches.room import Setting
from voicecoach.app import shelf
from voicecoach.language import ListeningState
from voicecoach.library import Library

ROOMS = (
    Setting("bedroom, 0.25 s", 0.25, 40.0, 3.0),
    Setting("living room, 0.5 s", 0.5, 120.0, 0.0),
    Setting("recorded room, 0.65 s", "rooms/spatialaudio_rir/rir_clap_f822.flac", 90.0),
    Setting("recorded room, 1 s", "rooms/oramics_ir/ruby_room_40cc.flac", 70.0),
)
SIGNAL_TO_ECHO_DB = (10.0, 0.0, -5.0, -10.0)
ADVERSE = (
    replace(ROOMS[0], name="overdriven loudspeaker", overdrive=3.0),
    replace(ROOMS[0], name="loudspeaker that saturates softly", overdrive=3.0, soft=True),
    replace(ROOMS[0], name="microphone moved after 3 min", moved_s=180.0),
    replace(ROOMS[0], name="clocks 10 ppm apart", drift_ppm=10.0),
    replace(ROOMS[0], name="clocks 40 ppm apart", drift_ppm=-40.0),
)
COMPARED_ROOM = ROOMS[1]
THRESHOLDS = (2.0, 4.0, 8.0, 16.0, 32.0)


def trials(most: int) -> tuple[tuple[Trial, ...], int]:
    """A trial for each recording of "stop" in the dev part, `most` at most, and of how many people."""
    paths: dict[str, list[str]] = defaultdict(list)
    for recording in [r for r in recordings(SPEECH, "dev") if r.text == "stop"][:most]:
        paths[recording.speaker].append(str(recording.path))
    found = [
        Trial(path, own[(k + 1) % len(own)], word_end(Clip(path, "stop", ListeningState.HOLDING)))
        for own in paths.values()
        for k, path in enumerate(own)
    ]
    return tuple(found), len(paths)


def row(found: Outcome) -> tuple[str, str, str, str, str]:
    """The cells under `HEAD`."""
    return (
        share(found.trials - found.hits_first_try, found.trials),
        share(found.trials - found.hits_in_two_tries, found.trials),
        str(found.only_hushed_first_try),
        f"{percentile(found.latency_ms, 0.5)} / {percentile(found.latency_ms, 0.95)}",
        hourly(len(found.false_alarms), found.hours),
    )


PARTS = ("rooms", "compared", "adverse", "curve", "own_voice")
HEAD = (
    "missed, first try",
    "missed in two tries",
    "hushed, first try",
    "latency p50 / p95 ms",
    "false alarms",
)


class Bench(Report):
    def __init__(self, folder: Path, pool: ProcessPoolExecutor, out: Path, most: int) -> None:
        super().__init__()
        self._pool, self._out, self._folder, self._most = pool, out, folder, most
        self.report: dict[str, object] = {}

    @cached_property
    def _tried(self) -> tuple[tuple[Trial, ...], int]:
        return trials(self._most)

    @property
    def _trials(self) -> tuple[Trial, ...]:
        return self._tried[0]

    def _run(self, plan: Sequence[tuple[str, Setting, float]]) -> list[Outcome]:
        jobs = [Job(name, self._folder, where, ratio, self._trials, SPEECH) for name, where, ratio in plan]
        found = list(self._pool.map(run, jobs))
        for (name, where, ratio), each in zip(plan, found, strict=True):
            self.report[f"{name}, {where.name}, {ratio:+.0f} dB"] = as_dict(each)
        return found

    def rooms(self) -> None:
        """Each room, with voicecoach and with its recogniser without a canceller."""
        plan = [
            (name, room, r) for name in ("no canceller", OURS) for room in ROOMS for r in SIGNAL_TO_ECHO_DB
        ]
        found = dict(zip(plan, self._run(plan), strict=True))
        cells = [
            (room.name, f"{r:+.0f} dB", *row(found["no canceller", room, r])[:2], *row(found[OURS, room, r]))
            for room in ROOMS
            for r in SIGNAL_TO_ECHO_DB
        ]
        head = ("room", "signal to echo", *(f"no canceller: {h}" for h in HEAD[:2]), *HEAD)
        self.say(
            f'P3, "stop" in {len(self._trials)} recordings of {self._tried[1]} real people over the coach:',
            "",
            *table(head, cells),
        )

    def compared(self) -> None:
        """Other systems and other cancellers, in one room."""
        here, missing = installed()
        names = [OURS, BARE, SPHINX, *here]
        plan = [(name, COMPARED_ROOM, r) for name in names for r in SIGNAL_TO_ECHO_DB]
        found = dict(zip(plan, self._run(plan), strict=True))
        cells = [
            (name, f"{r:+.0f} dB", *row(found[name, COMPARED_ROOM, r]))
            for name in names
            for r in SIGNAL_TO_ECHO_DB
        ]
        self.say(
            f"Side by side in the {COMPARED_ROOM.name}:",
            "",
            *table(("system", "signal to echo", *HEAD), cells),
        )
        if missing:
            self.say(f"Not installed here, left out: {', '.join(missing)}.")
        by_name = {name: [found[name, COMPARED_ROOM, r] for r in SIGNAL_TO_ECHO_DB] for name in names}
        draw_misses(by_name, self._out / "missed.png")
        draw_latency(by_name[OURS], self._out / "latency.png")

    def adverse(self) -> None:
        """Echo paths that a linear, time-invariant filter does not model."""
        plan = [(OURS, where, r) for where in ADVERSE for r in (0.0, -10.0)]
        cells = [
            (where.name, f"{r:+.0f} dB", *row(found))
            for (_, where, r), found in zip(plan, self._run(plan), strict=True)
        ]
        self.say("Adverse echo paths:", "", *table(("echo path", "signal to echo", *HEAD), cells))

    def curve(self) -> None:
        """The threshold of near-end speech detection: misses against false alarms of the coach alone."""
        rooms = (ROOMS[1], ROOMS[3])
        over = [
            Job(OURS, self._folder, where, -10.0, self._trials, SPEECH, threshold)
            for where in rooms
            for threshold in THRESHOLDS
        ]
        alone_jobs = [
            alone.SilentSession("floor", alone.VOICE, where, self._folder, SPEECH, threshold)
            for where in rooms
            for threshold in THRESHOLDS
        ]
        said, silent = list(self._pool.map(run, over)), list(self._pool.map(alone.run, alone_jobs))
        for job, found, coach_alone in zip(over, said, silent, strict=True):
            self.report[f"threshold {job.threshold:g}, {job.setting.name}"] = {
                "double talk": as_dict(found),
                "far end alone": asdict(coach_alone),
            }
        cells = [
            (
                job.setting.name,
                f"{job.threshold:g}",
                *row(found)[:3],
                hourly(coach_alone.false_commands.total(), coach_alone.hours),
                hourly(coach_alone.false_hushes.total(), coach_alone.hours),
                f"{100 * coach_alone.ducked_s / (3600 * coach_alone.hours):.1f} %",
            )
            for job, found, coach_alone in zip(over, said, silent, strict=True)
        ]
        head = ("room", "threshold", *HEAD[:3], "coach alone: false commands", "false hushes", "ducked")
        self.say("Threshold of near-end speech detection, signal to echo -10 dB:", "", *table(head, cells))

    def own_voice(self) -> None:
        """The coach alone: whole sessions of a silent user."""
        jobs = [
            alone.SilentSession(program, alone.VOICE, room, self._folder, SPEECH)
            for room in ROOMS
            for program in Library().program_ids
        ]
        hours, commands, hushes, ducked_s, ended = 0.0, 0, 0, 0.0, []
        cells = []
        for found in self._pool.map(alone.run, jobs):
            print(found, file=sys.stderr, flush=True)  # half of this bench is better than none of it
            hours += found.hours
            commands += found.false_commands.total()
            hushes += found.false_hushes.total()
            ducked_s += found.ducked_s
            ended.append(found.ended)
            if found.false_commands or found.false_hushes:
                cells.append((found.name, dict(found.false_commands) or "-", dict(found.false_hushes) or "-"))
        self.report["own voice"] = {
            "hours": hours,
            "false_commands": commands,
            "false_hushes": hushes,
            "ended": ended,
        }
        self.say(
            f"P4, {len(jobs)} whole sessions, {hours:.2f} h, user silent, full echo: commands from the "
            f"coach's own voice {hourly(commands, hours)}; false hushes {hourly(hushes, hours)}; "
            f"ducked {100 * ducked_s / (3600 * hours):.1f} % of the time; "
            f"{ended.count('completed')} of {len(ended)} completed.",
            *(["", *table(("session", "false commands", "false hushes"), cells)] if cells else []),
        )


def draw_misses(found: dict[str, list[Outcome]], path: Path) -> None:
    """Miss rate against signal-to-echo ratio, a line a system."""
    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(7, 4.5))
    for name, each in found.items():
        missed = [100 * (o.trials - o.hits_first_try) / o.trials for o in each]
        axes.plot(SIGNAL_TO_ECHO_DB, missed, "o-", label=name, linewidth=2.5 if name == OURS else 1.2)
    axes.set(xlabel="signal-to-echo ratio, dB", ylabel='miss rate of "stop", first try, %', ylim=(-3, 103))
    axes.grid(alpha=0.3)
    axes.legend(fontsize=8)
    figure.savefig(path, dpi=120, bbox_inches="tight")
    pyplot.close(figure)


def draw_latency(found: list[Outcome], path: Path) -> None:
    """Cumulative share of all "stop"s decided against latency, a line a signal-to-echo ratio."""
    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(7, 4.5))
    for ratio, each in zip(SIGNAL_TO_ECHO_DB, found, strict=True):
        late = np.sort(each.latency_ms)
        if len(late):
            axes.step(
                late, np.arange(1, len(late) + 1) / each.trials * 100, where="post", label=f"{ratio:+.0f} dB"
            )
    axes.axvline(0, color="grey", linewidth=0.8)
    axes.set(xlabel="decision after the end of the word, ms", ylabel='of all "stop"s, %', ylim=(0, 100))
    axes.grid(alpha=0.3)
    axes.legend(title="signal-to-echo ratio", fontsize=8)
    figure.savefig(path, dpi=120, bbox_inches="tight")
    pyplot.close(figure)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--model", metavar="NAME|FOLDER", help="default: the one in use")
    parser.add_argument("--out", type=Path, default=ROOT / "out" / "bench")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--most", type=int, default=1000, help="maximum number of recordings")
    parser.add_argument("--only", choices=PARTS, action="append")
    options = parser.parse_args()
    if not (SPEECH / "index.tsv").exists():
        sys.exit(f"SKIPPED: no speech at {SPEECH}. Set VOICECOACH_SPEECH to the folder that holds index.tsv.")
    options.out.mkdir(parents=True, exist_ok=True)
    name = options.model or shelf().in_use()
    folder = Path(name) if Path(name).is_dir() else shelf().verified(name)
    with ProcessPoolExecutor(options.jobs) as pool:
        bench = Bench(folder, pool, options.out, options.most)
        for part in PARTS:
            if not options.only or part in options.only:
                getattr(bench, part)()
    bench.save(options.out / "echo.md")
    (options.out / "echo.json").write_text(json.dumps(bench.report, indent=1, default=str), "utf-8")


if __name__ == "__main__":
    main()
