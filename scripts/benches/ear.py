"""How well models recognise real people: several models in one run, and PocketSphinx for comparison.

Runs a session's listening path over the dev part of the shared speech (not in the repository; at
../shared/speech or $VOICECOACH_SPEECH) and over the held-out synthetic voices of audio_fixtures/words. Writes
Markdown tables, a JSON report, and the curve of misses against false alarms. Each share has n and a 95 %
interval (Wilson); each rate of false alarms has the hours of audio.

heard      the word was in some partial or final result, before any decision
final      the final result was the word and nothing else
hit        the word's command was decided
only       the word's command was decided, and no other
latency    from the end of the word's last phone (forced alignment) to the decision; it can be negative
"""

import argparse
import csv
import json
import os
import subprocess
import sys
from collections import Counter, defaultdict
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from recipe import align, corpus

from scripts.benches import curve
from scripts.benches.conditions import CONDITIONS, MOMENTS, heard_in, noise_paths
from scripts.benches.figures import Report, hourly, percentile, share, table
from scripts.benches.listeners import Listener, SphinxListener, VoskListener
from voicecoach.app import shelf
from voicecoach.language import NUMBERS, SAFETY_COMMANDS, ListeningState
from voicecoach.testing import PHRASES, SAFETY

ROOT = Path(__file__).resolve().parents[2]
SPEECH = Path(os.environ.get("VOICECOACH_SPEECH", ROOT.parent / "shared" / "speech"))
WORDS = ROOT / "audio_fixtures" / "words"
TALK_SOURCES = ("picovoice_s2i", "picovoice_wakeword")
HELD_OUT_VOICES = ("festival-kal", "festival-slt", "flite-slt", "espeak-gb-m3", "espeak-scot-f3")
ALARMS = frozenset(str(c) for c in SAFETY_COMMANDS)


@dataclass(frozen=True)
class Clip:
    path: str
    text: str
    state: ListeningState
    condition: str = "quiet"


@dataclass
class Row:
    """The results of one listener for one word in one condition."""

    n: int = 0
    heard: int = 0
    final: int = 0
    hits: int = 0
    only: int = 0
    false: Counter[str] = field(default_factory=Counter)
    instead: Counter[str] = field(default_factory=Counter)
    latency_ms: list[float] = field(default_factory=list)


def expected_state(word: str) -> ListeningState:
    """A state in which `word` is a command; for other words, holding."""
    if word in {n.value for n in NUMBERS}:
        return ListeningState.NUMBER
    for state in (ListeningState.HOLDING, ListeningState.QUESTION, ListeningState.CHOICE):
        if word in PHRASES[state]:
            return state
    return ListeningState.HOLDING


def one(job: tuple[Listener, Clip]) -> dict[str, Any]:
    """A listener's results for a clip, as plain data because they come from another process."""
    listener, clip = job
    sound, moved_s = heard_in(Path(clip.path), clip.condition, SPEECH)
    listened = listener.listen(sound, clip.state)
    return {
        "seen": listened.seen(),
        "final": listened.final(),
        "decisions": [(str(d.command), d.text, d.at_s - moved_s) for d in listened.decisions if d.command],
        "beliefs": listened.beliefs,
        "seconds": len(sound) / 48000,
    }


def word_end(clip: Clip) -> float | None:
    """The end of the last phone in seconds; None if the clip does not align (truncated or mislabelled)."""
    utterance = align.aligned(corpus.read(Path(clip.path)), clip.text, "", pad=False)
    return utterance.words[-1].end / 100 if utterance and utterance.words else None


def tally(rows: dict[str, Row], clip: Clip, found: dict[str, Any], end_s: float | None) -> None:
    row = rows[clip.text]
    command = PHRASES[clip.state].get(clip.text)
    own = [d for d in found["decisions"] if d[0] == command]
    row.n += 1
    row.heard += set(clip.text.split()) <= found["seen"]
    row.final += found["final"] == clip.text
    row.hits += bool(own)
    row.only += bool(own) and len(found["decisions"]) == len(own)
    row.false.update({d[0] for d in found["decisions"] if d[0] != command})
    if found["final"] != clip.text:
        row.instead[found["final"] or "-"] += 1
    if own and end_s is not None:
        row.latency_ms.append(1000 * (own[0][2] - end_s))


def listed(counter: Counter[str], most: int = 4) -> str:
    return ", ".join(f"{name} {n}" for name, n in counter.most_common(most)) or "0"


def command_rows(rows: dict[str, Row]) -> list[str]:
    head = (
        "word",
        "n",
        "heard",
        "final",
        "hit",
        "only",
        "false hits",
        "latency p50 / p95 ms",
        "final instead",
    )
    cells = []
    for word, r in sorted(rows.items(), key=lambda item: -item[1].n):
        latency = f"{percentile(r.latency_ms, 0.5)} / {percentile(r.latency_ms, 0.95)}"
        shares = [share(k, r.n) for k in (r.heard, r.final, r.hits, r.only)]
        cells.append((word, r.n, *shares, listed(r.false), latency, listed(r.instead)))
    return table(head, cells)


def other_rows(rows: dict[str, Row]) -> list[str]:
    """Words that are not commands, so that every decision is false."""
    n = sum(r.n for r in rows.values())
    alarms = sum(k for r in rows.values() for c, k in r.false.items() if c in ALARMS)
    cells = [
        (word, r.n, share(r.heard, r.n), share(r.final, r.n), listed(r.false))
        for word, r in sorted(rows.items(), key=lambda item: -item[1].n)
        if r.n >= 8
    ]
    lines = [f"Other words, {n} clips: stop, pain or help in {share(alarms, n)}.", ""]
    return [*lines, *table(("word", "n", "heard", "final", "false hits"), cells)]


def dev_clips(min_clips: int) -> tuple[list[Clip], list[Clip]]:
    """The single words that have at least `min_clips` clips, and talk."""
    words: dict[str, list[str]] = defaultdict(list)
    talk = []
    with (SPEECH / "index.tsv").open(encoding="utf-8") as lines:
        for entry in csv.DictReader(lines, delimiter="\t"):
            path = SPEECH / entry["path"]
            held = entry["path"].startswith("dev/") or corpus.held_out_speech(path)
            if held and (entry["source"] in TALK_SOURCES or corpus.held_out_speech(path)):
                talk.append(Clip(str(path), "", ListeningState.HOLDING))
            elif held and entry["text"]:
                words[entry["text"].lower()].append(str(path))
    clips = [
        Clip(path, word, expected_state(word)) for word, paths in words.items() if len(paths) >= min_clips
        for path in paths
    ]  # fmt: skip
    return clips, talk


def noise_clips() -> list[Clip]:
    """The held-out noises, and the synthetic ones of audio_fixtures (music, hum, knocks, breathing,
    noise)."""
    made = (p for p in sorted(WORDS.glob("oov_*.flac")) if not p.name.startswith("oov_t"))
    return [Clip(str(path), "", ListeningState.HOLDING) for path in (*noise_paths(SPEECH), *made)]


def held_out_clips() -> dict[str, list[Clip]]:
    """Every phrase in the held-out synthetic voices, by voice."""
    clips: dict[str, list[Clip]] = defaultdict(list)
    for path in sorted(WORDS.glob("*.flac")):
        phrase, _, voice = path.stem.rpartition("_")
        text = phrase.replace("_", " ")
        if voice in HELD_OUT_VOICES and any(text in live for live in PHRASES.values()):
            state = next(s for s in _STATE_ORDER if text in PHRASES[s])
            clips[voice].append(Clip(str(path), text, state))
    return clips


_STATE_ORDER = (
    ListeningState.HOLDING,
    ListeningState.QUESTION,
    ListeningState.NUMBER,
    ListeningState.CHOICE,
)


class Bench(Report):
    def __init__(
        self, listeners: list[Listener], options: argparse.Namespace, pool: ProcessPoolExecutor
    ) -> None:
        super().__init__()
        self._listeners, self._options, self._pool = listeners, options, pool
        self.report: dict[str, Any] = {}

    def listen(self, listener: Listener, clips: list[Clip]) -> list[dict[str, Any]]:
        return list(self._pool.map(one, [(listener, clip) for clip in clips], chunksize=8))

    def run(self) -> None:
        words, talk = dev_clips(self._options.min_clips)
        noises = noise_clips()
        commands = [c for c in words if c.text in PHRASES[c.state]]
        others = [c for c in words if c.text not in PHRASES[c.state]]
        stops = [c for c in commands if c.text == "stop"]
        ends = dict(
            zip((c.path for c in commands), self._pool.map(word_end, commands, chunksize=8), strict=True)
        )
        for listener in self._listeners:
            self.say(f"## {listener.name}")
            if isinstance(listener, VoskListener):
                self.say(cost(listener.folder))
            rows, quiet = self.words(listener, "commands", commands, ends)
            self.say("Commands, real voices, quiet:", "", *command_rows(rows))
            rows, other = self.words(listener, "other words", others, {})
            self.say(*other_rows(rows))
            talked = self.listen(listener, talk)
            self.say(events_line("Talk", talked))
            self.say(events_line("Noise, music and breath", self.listen(listener, noises)))
            self.conditions(listener, stops, ends)
            self.held_out_voices(listener)
            if isinstance(listener, VoskListener):
                stop_beliefs = [
                    f["beliefs"] for c, f in zip(commands, quiet, strict=True) if c.text == "stop"
                ]
                measured = curve.Measured(
                    stop_beliefs,
                    [f["beliefs"] for f in other],
                    [f["beliefs"] for f in talked],
                    hours_of(talked),
                )
                points = curve.points(measured)
                self.say(*curve.rows(points))
                curve.draw(points, self._options.out / f"curve-{listener.name}.png", listener.name)

    def words(
        self, listener: Listener, what: str, clips: list[Clip], ends: dict[str, float | None]
    ) -> tuple[dict[str, Row], list[dict[str, Any]]]:
        """The rows by word, and each clip's results. `what` is the clips' name in the JSON report."""
        rows: dict[str, Row] = defaultdict(Row)
        found = self.listen(listener, clips)
        for clip, each in zip(clips, found, strict=True):
            tally(rows, clip, each, ends.get(clip.path))
        self.report.setdefault(listener.name, {})[what] = {w: vars(r) for w, r in rows.items()}
        return dict(rows), found

    def conditions(self, listener: Listener, stops: list[Clip], ends: dict[str, float | None]) -> None:
        cells = []
        for condition in CONDITIONS:
            clips = [Clip(c.path, c.text, c.state, condition) for c in stops]
            rows, _ = self.words(listener, f"stop, {condition}", clips, ends)
            r = rows["stop"]
            latency = f"{percentile(r.latency_ms, 0.5)} / {percentile(r.latency_ms, 0.95)}"
            cells.append((condition, r.n, share(r.n - r.hits, r.n), latency))
        head = ("stop, condition", "n", "missed", "latency p50 / p95 ms")
        self.say(
            "Real voices; speaking manners and off axis are simulated (recipe/manners.py):",
            "",
            *table(head, cells),
        )

    def held_out_voices(self, listener: Listener) -> None:
        """Each clip as it is, then at several start times and levels.

        Lists the wrong final results, and the safety phrases that were not acted on. A safety phrase that is
        in the partial results long enough is acted on, whatever the final result is.
        """
        cells = []
        wrong: Counter[str] = Counter()
        at_moments: dict[tuple[str, str], Row] = {}
        for voice, clips in held_out_clips().items():
            as_it_is, _ = self.words(listener, voice, clips, {})
            moved = [replace(clip, condition=moment) for clip in clips for moment in MOMENTS]
            moments, _ = self.words(listener, f"{voice}, moments", moved, {})
            for rows, what in ((as_it_is, "as it is"), (moments, f"{len(MOMENTS)} moments")):
                n, heard, final, only = (
                    sum(getattr(r, k) for r in rows.values()) for k in ("n", "heard", "final", "only")
                )
                cells.append((voice, what, n, share(heard, n), share(final, n), share(only, n)))
            wrong.update(text for text, r in as_it_is.items() if r.final < r.n)
            at_moments |= {(text, voice): r for text, r in moments.items()}
        head = ("held-out voice", "", "phrases", "heard", "final", "only")
        self.say("Synthetic voices:", "", *table(head, cells), "", f"wrong finals: {listed(wrong, 40)}")
        unstable = Counter({f"{text} ({voice})": r.n - r.final for (text, voice), r in at_moments.items()})
        self.say(f"wrong finals, of {len(MOMENTS)} moments: {listed(+unstable, 60)}")
        safety = {f"{text} ({voice})": r for (text, voice), r in at_moments.items() if text in SAFETY}
        lost = Counter({name: r.n - r.hits for name, r in safety.items()})
        n = sum(r.n for r in safety.values())
        self.say(f"safety phrases not acted on: {lost.total()} of {n}: {listed(+lost, 60)}")


def hours_of(listened: list[dict[str, Any]]) -> float:
    return float(sum(found["seconds"] for found in listened)) / 3600


def events_line(what: str, listened: list[dict[str, Any]]) -> str:
    events = Counter(d[0] for found in listened for d in found["decisions"])
    hours = hours_of(listened)
    rates = ", ".join(f"{c} {hourly(n, hours)}" for c, n in events.most_common()) or hourly(0, hours)
    return f"{what}, {len(listened)} recordings, {hours:.2f} h, state holding: {rates}."


def cost(folder: Path) -> str:
    """Size, load time, memory and processor time, measured in a separate process."""
    command = [sys.executable, "-m", "scripts.benches.cost", str(folder)]
    return subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT).stdout.strip()


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--model", action="append", metavar="NAME|FOLDER", help="default: the model in use")
    parser.add_argument("--sphinx", action="store_true", help="also run PocketSphinx")
    parser.add_argument("--out", type=Path, default=ROOT / "out" / "bench")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--min-clips", type=int, default=4, help="leave out words with fewer clips")
    options = parser.parse_args()
    if not (SPEECH / "index.tsv").exists():
        sys.exit(f"SKIPPED: no speech at {SPEECH}. Set VOICECOACH_SPEECH to the folder that holds index.tsv.")
    options.out.mkdir(parents=True, exist_ok=True)
    listeners: list[Listener] = [SphinxListener()] if options.sphinx else []
    for name in options.model or [shelf().in_use()]:
        folder = Path(name) if Path(name).is_dir() else shelf().verified(name)
        listeners.append(VoskListener(folder.parent.name if folder.name == "model" else folder.name, folder))
    with ProcessPoolExecutor(options.jobs) as pool:
        bench = Bench(listeners, options, pool)
        bench.run()
    bench.save(options.out / "ear.md")
    (options.out / "ear.json").write_text(json.dumps(bench.report, indent=1, default=str), "utf-8")


if __name__ == "__main__":
    main()
