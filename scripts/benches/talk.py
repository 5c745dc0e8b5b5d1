"""Both ears on people whom nobody tuned on, on talk that is not for the coach, and on sentences.

Four parts (--only):
cries      single words by strangers (shared speech, strangers/cries): heard by the first ear alone and by
           both, by word and by manner, with the latency of each ear
talk       what should lead to nothing: strangers' telephone talk, other words and rooms; dev talk and noise
price      of the safety words that the first ear caught, dev speakers and held-out voices: how many the
           second one takes back
sentences  the sentences of tests/language, said by voices that no model here was trained on

Speech is read from ../shared/speech or $VOICECOACH_SPEECH; without it, its parts are skipped. The sentences
need flite, festival and espeak-ng. Each share has n and a 95 % interval (Wilson); latency is from the end of
the word's last phone (forced alignment) to the decision.
"""

import argparse
import csv
import os
import sys
import tempfile
from collections import Counter, defaultdict
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile
from recipe.intents import LISTS, read

from scripts.benches.ear import (
    HELD_OUT_VOICES,
    ROOT,
    SPEECH,
    WORDS,
    Clip,
    dev_clips,
    expected_state,
    noise_clips,
    word_end,
)
from scripts.benches.figures import Report, hourly, percentile, share, table
from scripts.fixtures_words import VOICES, Voice, spoken
from voicecoach.audio import read_sound
from voicecoach.cli.hear import listen
from voicecoach.language import SAFETY_COMMANDS, Command, ListeningState
from voicecoach.listening import Noticed, TakenBack, Verdict
from voicecoach.listening.intents import NOTHING
from voicecoach.sound import Samples, silence
from voicecoach.testing import SAFETY
from voicecoach.units import EAR_RATE_HZ, RATE_HZ

STRANGERS = SPEECH / "strangers"
LEAD_S, TAIL_S = 0.3, 1.5
"""Silence around a recording: most end with their last word, which the second ear judges a little later."""
PARTS = ("cries", "talk", "price", "sentences")


@dataclass(frozen=True)
class Result:
    """What one or both ears decided on a clip."""

    clip: Clip
    seconds: float
    verdicts: list[Verdict]

    @property
    def noticed(self) -> list[Noticed]:
        return [v for v in self.verdicts if isinstance(v, Noticed) and v.decision.sure]

    @property
    def taken_back(self) -> list[TakenBack]:
        return [v for v in self.verdicts if isinstance(v, TakenBack)]

    @property
    def kept(self) -> list[Noticed]:
        """The safety words that stand."""
        wrong = [t.decision for t in self.taken_back]
        return [n for n in self.noticed if n.decision.command in SAFETY_COMMANDS and n.decision not in wrong]

    def first_of(self, command: Command) -> Noticed | None:
        return next((n for n in self.noticed if n.decision.command is command), None)


def one(job: tuple[Clip, bool]) -> Result:
    clip, first_only = job
    return heard(read_sound(Path(clip.path)), clip, first_only)


def heard(sound: Samples, clip: Clip, first_only: bool = False) -> Result:
    """What is decided on `clip`, which sounds as `sound`."""
    lead, tail = silence(round(LEAD_S * RATE_HZ)), silence(round(TAIL_S * RATE_HZ))
    sound = np.concatenate([lead, sound, tail])
    return Result(clip, len(sound) / RATE_HZ, listen(sound, clip.state, first_only=first_only))


def cries() -> list[tuple[Clip, str]]:
    """The strangers' words that are commands, and how each was said."""
    found = []
    with (STRANGERS / "index.tsv").open(encoding="utf-8") as lines:
        for entry in csv.DictReader(lines, delimiter="\t"):
            parts = Path(entry["path"]).parts
            word = parts[1] if parts[0] == "cries" else ""
            if word in {"stop", "help", "yes", "no"}:
                manner = Path(entry["path"]).stem.split("_")[1]
                found.append((Clip(str(STRANGERS / entry["path"]), word, expected_state(word)), manner))
    return found


def talk() -> dict[str, list[Clip]]:
    """What is not for the coach, by kind."""
    kinds = {
        "strangers on the telephone": sorted((STRANGERS / "telephone").glob("*")),
        "strangers, other words": sorted((STRANGERS / "cries" / "unknown").glob("*")),
        "strangers' rooms": sorted((STRANGERS / "cries" / "background").glob("*")),
    }
    holding = ListeningState.HOLDING
    clips = {kind: [Clip(str(path), "", holding) for path in paths] for kind, paths in kinds.items()}
    words, dev_talk = dev_clips(1)
    commands = {"stop", "help", "pain", "ouch", "next", "back", "again", "wait", "time", "ready", "done"}
    others = [Clip(c.path, c.text, holding) for c in words if c.text not in commands and " " not in c.text]
    clips |= {"dev, other words": others, "dev talk": dev_talk, "noise, music, breath": noise_clips()}
    return clips


def safety_words() -> dict[str, list[Clip]]:
    """Safety words of the dev speakers, and of the synthetic voices held out."""
    words, _ = dev_clips(1)
    dev = [Clip(c.path, c.text, ListeningState.HOLDING) for c in words if c.text in SAFETY]
    voices = [
        Clip(str(path), phrase, ListeningState.HOLDING)
        for phrase in sorted(SAFETY)
        for voice in HELD_OUT_VOICES
        if (path := WORDS / f"{phrase.replace(' ', '_')}_{voice}.flac").exists()
    ]
    return {"dev speakers": dev, "held-out synthetic voices": voices}


@dataclass(frozen=True)
class Sentence:
    state: ListeningState
    expected: frozenset[str]
    text: str


def sentences(name: str) -> list[Sentence]:
    return [
        Sentence(ListeningState(example.state), frozenset(example.intents) - {NOTHING}, example.text)
        for example in read(LISTS / f"{name}.tsv")
    ]


def rendered(said: list[Sentence], voice: Voice, folder: Path) -> list[Clip]:
    clips = []
    for i, sound in enumerate(spoken(voice, [sentence.text for sentence in said])):
        path = folder / f"{voice.name}-{i}.wav"
        soundfile.write(path, 0.5 * sound / np.abs(sound).max(), EAR_RATE_HZ)
        clips.append(Clip(str(path), said[i].text, said[i].state))
    return clips


class Bench(Report):
    def __init__(self, pool: ProcessPoolExecutor) -> None:
        super().__init__()
        self._pool = pool

    def listen(self, clips: list[Clip], first_only: bool = False) -> list[Result]:
        return list(self._pool.map(one, [(clip, first_only) for clip in clips], chunksize=4))

    def cries(self) -> None:
        found = cries()
        clips = [clip for clip, _ in found]
        ends = list(self._pool.map(word_end, clips, chunksize=8))
        alone, both = self.listen(clips, first_only=True), self.listen(clips)
        by: dict[tuple[str, str], list[int]] = defaultdict(list)
        for i, (clip, manner) in enumerate(found):
            by[clip.text, "all"].append(i)
            by[clip.text, manner].append(i)
        rows = []
        for (word, manner), chosen in sorted(by.items(), key=lambda item: (item[0][0], item[0][1] != "all")):
            command = Command(word)
            hits = [sum(r[i].first_of(command) is not None for i in chosen) for r in (alone, both)]
            lost = sum(bool(both[i].taken_back) for i in chosen)
            caught = sum(bool(alone[i].kept) for i in chosen)
            late = [latency_ms(both, ends, chosen, command, ear) for ear in ("first", "second")]
            kept_back = share(lost, caught) if word in SAFETY_COMMANDS else "-"
            rows.append((word, manner, len(chosen), *(share(h, len(chosen)) for h in hits), kept_back, *late))
        head = ("word", "manner", "n", "first alone", "both", "taken back", "first, ms", "second, ms")
        self.say("Strangers; latency p50 / p95 of the ear that decided:", "", *table(head, rows))

    def talk(self) -> None:
        rows = []
        for kind, clips in talk().items():
            alone, both = self.listen(clips, first_only=True), self.listen(clips)
            hours = sum(r.seconds for r in both) / 3600
            rows += [(kind, f"{hours:.2f}", *false_alarms(r, hours, who)) for r, who in
                     ((alone, "first alone"), (both, "both"))]  # fmt: skip
        head = ("kind", "h", "ears", "pain or help kept", "stop kept", "taken back", "other commands")
        self.say("What should lead to nothing:", "", *table(head, rows))

    def price(self) -> None:
        rows = []
        for kind, clips in safety_words().items():
            both = self.listen(clips)
            caught = [r for r in both if any(n.ear == "first" for n in r.noticed) or r.taken_back]
            lost = [r for r in caught if r.taken_back]
            wrong = ", ".join(f"{r.clip.text} ({r.taken_back[0].transcript})" for r in lost)
            rows.append((kind, len(clips), len(caught), share(len(lost), len(caught)), wrong))
        head = ("kind", "n", "caught by the first ear", "taken back", "which")
        self.say("Safety words that were taken back:", "", *table(head, rows))

    def sentences(self, name: str) -> None:
        said = sentences(name)
        with tempfile.TemporaryDirectory() as folder:
            rows = []
            for voice in (v for v in VOICES if v.name in HELD_OUT_VOICES):
                clips = rendered(said, voice, Path(folder))
                rows.append((voice.name, *right_and_wrong(said, self.listen(clips))))
        head = (
            "voice",
            "for the coach: right",
            "nothing",
            "something else",
            "others: led to something",
            "wrong",
        )
        self.say(f"Sentences ({name}):", "", *table(head, rows))


def latency_ms(
    results: list[Result], ends: list[float | None], chosen: list[int], command: Command, ear: str
) -> str:
    late = []
    for i in chosen:
        first, end_s = results[i].first_of(command), ends[i]
        if first is not None and end_s is not None and first.ear == ear:
            late.append(1000 * (first.decision.at_s - LEAD_S - end_s))
    return f"{percentile(late, 0.5)} / {percentile(late, 0.95)} (n {len(late)})"


def false_alarms(results: list[Result], hours: float, who: str) -> tuple[str, ...]:
    kept = Counter(n.decision.command for r in results for n in r.kept)
    other = Counter(
        str(n.decision.command) for r in results for n in r.noticed
        if n.decision.command not in SAFETY_COMMANDS
    )  # fmt: skip
    listed = ", ".join(f"{name} {n}" for name, n in other.most_common(4))
    flows = kept[Command.PAIN] + kept[Command.HELP]
    taken = sum(len(r.taken_back) for r in results)
    return (
        who,
        hourly(flows, hours),
        hourly(kept[Command.STOP], hours),
        hourly(taken, hours),
        f"{hourly(other.total(), hours)} {listed}",
    )


def right_and_wrong(said: list[Sentence], results: list[Result]) -> tuple[str, ...]:
    right = nothing = other = false = 0
    wrong = []
    ours = sum(bool(s.expected) for s in said)
    for sentence, result in zip(said, results, strict=True):
        kept = [n for n in result.noticed if n in result.kept or n.decision.command not in SAFETY_COMMANDS]
        found = {str(n.decision.command) for n in kept}
        if not sentence.expected:
            false += bool(found)
        elif found & sentence.expected:
            right += 1
            continue
        else:
            nothing, other = nothing + (not found), other + bool(found)
            found = found or {"-"}
        if found:
            wrong.append(f"{sentence.text!r}: {' '.join(sorted(found))}")
    return (
        share(right, ours), share(nothing, ours), share(other, ours), share(false, len(said) - ours),
        "; ".join(wrong),
    )  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", action="append", choices=PARTS)
    parser.add_argument("--sentences", default="sentences_test", help="a file of tests/language")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--out", type=Path, default=ROOT / "out" / "bench")
    options = parser.parse_args()
    parts = options.only or PARTS
    options.out.mkdir(parents=True, exist_ok=True)
    with ProcessPoolExecutor(options.jobs) as pool:
        bench = Bench(pool)
        if not (STRANGERS / "index.tsv").exists():
            print(f"SKIPPED cries, talk and price: no speech at {STRANGERS}.", file=sys.stderr)
            parts = [part for part in parts if part == "sentences"]
        if "cries" in parts:
            bench.cries()
        if "talk" in parts:
            bench.talk()
        if "price" in parts:
            bench.price()
        if "sentences" in parts:
            bench.sentences(options.sentences)
    bench.save(options.out / "talk.md")


if __name__ == "__main__":
    main()
