"""The decoding graph: HCLr.fst (phones to words, with look-ahead), Gr.fst (any word), words.txt.

Vosk composes HCLr.fst with a grammar at run time and does not relabel that grammar. So words.txt must have
the word numbers after `fstconvert --fst_type=olabel_lookahead --save_relabel_opairs`: with the numbers from
before, each word comes out as another one. Needs OpenFST's command-line tools (Debian: libfst-tools
libfst22-plugins-base).
"""

import math
import os
import subprocess
import tempfile
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from recipe.phones import SILENCE, SPEECH, Units, dictionary

STAY = 0.6
"""Self-loop probability: that a phone lasts for another 30 ms."""
_PLUGINS = "/usr/lib/x86_64-linux-gnu/fst/22"
_BOUNDARIES = {"B": "begin", "E": "end", "I": "internal", "S": "singleton"}


class ToolMissing(Exception):
    """OpenFST's tools cannot be found."""


@dataclass(frozen=True)
class Costs:
    """Costs and probabilities of the graph. Costs are negative natural logarithms (nats).

    Of the costs, the training loss uses `shared_spelling` only. The others were chosen on dev speakers, on
    the curve of misses against false alarms (TRIALS.md).
    """

    shared_spelling: float = 0.5
    """Spelling a word with the shared phones although it has phones of its own."""
    filler: float = 5.5
    """Entering the filler "some speech", which is [unk]."""
    decoy: float = 2.5
    """A decoy: a word that sounds like a command and that nobody acts on ("pen" beside "pain")."""
    per_word: Mapping[str, float] = field(
        default_factory=lambda: {
            "right": 2.0,
            "ouch": 2.0,
            "hurts": 4.0,
            "numb": 2.0,
            "dizzy": 1.0,
            "tingling": 1.0,
            "help": -1.25,
        }
    )
    """Positive for words that are recognised where nobody says them ("ouch" in "a ounce", "dizzy" before
    "five", "right" after "one"); negative for "help", which is lost to the filler."""
    filler_stay: float = 0.9
    """Self-loop probability of the filler, whose single state lasts longer than a phone."""
    silence: float = 0.5
    """Probability of silence before a word."""


class Phones:
    """Kaldi's position-dependent phones: each output at the beginning, inside, at the end, and as a word."""

    def __init__(self, units: Units) -> None:
        self.names = ["SIL", "SPN"]
        self.outputs = [SILENCE, SPEECH]
        for output, name in enumerate(units.names[2:], start=2):
            for place in _BOUNDARIES:
                self.names.append(f"{name}_{place}")
                self.outputs.append(output)
        self._first = {output: 1 + self.outputs.index(output) for output in set(self.outputs)}

    def at(self, outputs: Sequence[int]) -> list[int]:
        """The phone numbers, from 1, of a word that is spelt with `outputs`."""
        places = ["S"] if len(outputs) == 1 else ["B", *"I" * (len(outputs) - 2), "E"]
        return [self._first[o] + "BEIS".index(p) for o, p in zip(outputs, places, strict=True)]

    def boundaries(self) -> str:
        lines = ["1 nonword", "2 singleton"]
        lines += [f"{k} {_BOUNDARIES[name[-1]]}" for k, name in enumerate(self.names[2:], start=3)]
        return "\n".join(lines) + "\n"


class _Arcs:
    """The arcs of HCLr.fst. A phone has one state; its transition-ids are 2 x phone - 1 for the self-loop and
    2 x phone to enter it."""

    def __init__(self) -> None:
        self.lines: list[tuple[int, int, int, int, float]] = []
        self._states = 0

    def state(self) -> int:
        self._states += 1
        return self._states - 1

    def skip(self, start: int, end: int, cost: float = 0.0) -> None:
        self.lines.append((start, end, 0, 0, cost))

    def phone(self, start: int, phone: int, word: int = 0, cost: float = 0.0, stay: float = STAY) -> int:
        end = self.state()
        self.lines.append((start, end, 2 * phone, word, cost - math.log(1 - stay)))
        self.lines.append((end, end, 2 * phone - 1, 0, -math.log(stay)))
        return end


def spellings(
    word: str, units: Units, costs: Costs, *, shared_only: bool = False
) -> list[tuple[list[int], float]]:
    """Each pronunciation as outputs, with its cost. A word with phones of its own is also spelt with the
    shared phones, or with these alone (`shared_only`)."""
    found = []
    for pronunciation in dictionary()[word]:
        shared = units.shared(pronunciation)
        own = shared if shared_only else units.of(word, pronunciation)
        found.append((own, 0.0))
        if own != shared:
            found.append((shared, costs.shared_spelling))
    return found


def _arcs(
    words: list[str],
    number: dict[str, int],
    units: Units,
    phones: Phones,
    costs: Costs,
    decoys: Collection[str],
) -> str:
    arcs = _Arcs()
    root, between = arcs.state(), arcs.state()
    arcs.skip(root, between, -math.log(1 - costs.silence))
    silence = arcs.phone(root, 1, cost=-math.log(costs.silence))
    arcs.skip(silence, between)
    tree: dict[tuple[int, ...], int] = {(): between}
    for word in words:
        extra = costs.decoy if word in decoys else costs.per_word.get(word, 0.0)
        for outputs, cost in spellings(word, units, costs):
            spelt = phones.at(outputs)
            for k in range(1, len(spelt)):
                prefix = tuple(spelt[:k])
                if prefix not in tree:
                    tree[prefix] = arcs.phone(tree[prefix[:-1]], prefix[-1])
            arcs.skip(arcs.phone(tree[tuple(spelt[:-1])], spelt[-1], number[word], cost + extra), root)
    arcs.skip(arcs.phone(between, 2, number["[unk]"], costs.filler, costs.filler_stay), root)
    # OpenFST's start state is the one of the first line
    ordered = sorted(arcs.lines, key=lambda line: line[0] != root)
    text = "".join(f"{a} {b} {i} {o} {cost:.5f}\n" for a, b, i, o, cost in ordered)
    return text + f"{root} 0\n{silence} 0\n"


def _run(pipeline: str) -> None:
    inherited = os.environ.get("LD_LIBRARY_PATH", "")
    environment = os.environ | {"LD_LIBRARY_PATH": f"{_PLUGINS}:{inherited}"}
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", pipeline], env=environment, capture_output=True, text=True
    )
    if done.returncode:
        raise ToolMissing(
            f"OpenFST failed ({done.stderr.strip()[-200:]}). "
            "On Debian: apt-get install libfst-tools libfst22-plugins-base"
        )


def build(folder: Path, words: Iterable[str], units: Units, costs: Costs, decoys: Collection[str]) -> Phones:
    """Writes graph/ for `words`, of which some are `decoys`, and [unk]. Raises ToolMissing."""
    known = [w for w in dict.fromkeys(words) if w in dictionary()]
    phones = Phones(units)
    (folder / "phones").mkdir(parents=True, exist_ok=True)
    (folder / "phones" / "word_boundary.int").write_text(phones.boundaries())
    (folder / "disambig_tid.int").write_text(f"{2 * len(phones.names) + 1}\n")
    first = {word: k for k, word in enumerate(["<eps>", "[unk]", *known, "#0", "<s>", "</s>"])}
    with tempfile.TemporaryDirectory() as temporary:
        t = Path(temporary)
        (t / "hcl.txt").write_text(_arcs(known, first, units, phones, costs, decoys))
        _run(
            f"fstcompile {t}/hcl.txt | fstarcsort --sort_type=olabel > {t}/hcl.fst && fstconvert "
            f"--fst_type=olabel_lookahead --save_relabel_opairs={t}/pairs {t}/hcl.fst '{folder}/HCLr.fst'"
        )
        numbers = [line.split() for line in (t / "pairs").read_text().splitlines() if line]
        pairs = {int(old): int(new) for old, new in numbers}
        number = _relabelled(first, pairs)
        lines = sorted(number.items(), key=lambda item: item[1])
        (folder / "words.txt").write_text("".join(f"{word} {k}\n" for word, k in lines))
        cost = math.log(len(known) + 1)
        arcs = [f"0 0 {number[w]} {number[w]} {cost:.5f}\n" for w in ("[unk]", *known)]
        (t / "g.txt").write_text("".join(arcs) + "0 0\n")
        _run(
            f"fstcompile {t}/g.txt | fstarcsort --sort_type=ilabel | "
            f"fstconvert --fst_type=const > '{folder}/Gr.fst'"
        )
    return phones


def _relabelled(first: dict[str, int], pairs: dict[int, int]) -> dict[str, int]:
    free = max(pairs.values(), default=0) + 1
    number = {"<eps>": 0}
    for word, k in first.items():
        if k == 0:
            continue
        if k in pairs:
            number[word] = pairs[k]
        else:
            number[word], free = free, free + 1
    return number
