"""Faults in a session on the virtual sound card: how soon it is hushed, what is said, and when it is over.

Each fault begins within a line of the first exercise, and is undone after some seconds. Measured are the
times from then until

hushed      the recorded loudspeaker sounds the alert that replaces what was being said, or nothing at all
noticed     the screen names a trouble
recovered   the screen has said of each trouble that it is over; from when the fault was undone, or from its
            beginning if there is nothing to undo

and whether a spoken "stop" is obeyed afterwards. A cause is named rightly if every trouble that the screen
named, but that the sound was interrupted, is one of those that the fault may be called. Nothing else should
run on the machine: a session that is in trouble before the fault does not count. `--out DIR` keeps the
transcripts.
"""

import argparse
import random
import signal
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from scripts.benches.faulty_card import BUSY_S, Coach, Monitor, Stage
from scripts.benches.figures import table
from tests.card.card import Card
from voicecoach.session import Trouble
from voicecoach.testing import ENGLISH, prepare_home

BEGINS_S, WITHIN_LINE_S = 2.0, (0.3, 0.9)
"""The fault begins within the first line that begins so long after the questions."""
LASTS_S = 6.0
STAYS_S, RECOVERS_WITHIN_S, OBEYS_WITHIN_S = 3.0, 20.0, 8.0
CTRL_S, CTRL_Q = "\x13", "\x11"
HANGS = """
import os, time
from {module} import {name} as it
do, hung = it.{method}, []
def hang(*arguments):
    if not hung and os.path.exists(os.environ["HANGS"]):
        hung.append(it)
        print("HANGS", flush=True)
        time.sleep(1_000)  # as in native code, the interpreter is free
    return do(*arguments)
it.{method} = hang
"""


@dataclass(frozen=True)
class Fault:
    name: str
    begin: Callable[[Stage], object]
    undo: Callable[[Stage], object] | None = None
    """None: nothing has to be undone"""
    causes: frozenset[Trouble] = frozenset()
    """what it may be called; empty if there is nothing to be noticed"""
    lasts_s: float = LASTS_S
    over: str = ""
    """the line with which it is over, where no trouble is named"""
    silent_s: float = LASTS_S
    """how long the loudspeaker is silent if it is hushed and sounds no alert"""
    before: str = ""
    """statements that run first in the session's process"""


def any_of(*troubles: Trouble) -> frozenset[Trouble]:
    return frozenset(troubles)


def pactl(*arguments: str) -> Callable[[Stage], object]:
    return lambda it: it.pactl(*arguments)


def hang(module: str, name: str, method: str) -> str:
    return HANGS.format(module=module, name=name, method=method)


T = Trouble
FAULTS = (
    Fault("microphone suspended", pactl("suspend-sink", "mic", "1"), pactl("suspend-sink", "mic", "0"),
          any_of(T.MICROPHONE_ASLEEP)),
    Fault("microphone unloaded, loaded again", lambda it: it.unload("mic"), Stage.plug_in_microphone,
          any_of(T.MICROPHONE_GONE, T.OWN_SOUND)),
    Fault("microphone changed for another", Stage.change_microphone, None, any_of(T.MICROPHONE_MOVED)),
    Fault("loudspeaker unloaded, loaded again", lambda it: it.unload("speaker"), Stage.plug_in_loudspeaker,
          any_of(T.SPEAKER_GONE, T.SPEAKER_MOVED, T.OWN_SOUND)),  # to the only other sink, `mic`
    Fault("loudspeaker muted", pactl("set-sink-mute", "speaker", "1"),
          pactl("set-sink-mute", "speaker", "0"), any_of(T.SPEAKER_MUTED)),
    Fault("loudspeaker suspended", pactl("suspend-sink", "speaker", "1"),
          pactl("suspend-sink", "speaker", "0"), any_of(T.SPEAKER_ASLEEP)),
    Fault("sound server killed, started again", lambda it: it.card.kill(), lambda it: it.card.start(),
          any_of(T.MICROPHONE_GONE, T.SPEAKER_GONE)),
    Fault("two busy processes a core for a minute", Stage.be_busy, Stage.be_patient,
          any_of(T.BUSY), BUSY_S),
    Fault("recogniser hangs", Stage.let_hang, None, any_of(T.EAR_STUCK),
          before=hang("voicecoach.listening.vosk", "VoskRecogniser", "accept")),
    Fault("synthesiser hangs, slower asked for", Stage.let_hang, None, any_of(T.NO_VOICE),
          over="coach  ", before=hang("voicecoach.speaking.rendering", "VoiceProcess", "render")),
    Fault("terminal stopped (Ctrl-S), stop pressed", lambda it: it.coach.press(CTRL_S + "s"),
          lambda it: it.coach.press(CTRL_Q), over=ENGLISH.coach.stopped, silent_s=0.5),
)  # fmt: skip


@dataclass
class Seen:
    """Times are from the fault's beginning, that of recovery from its end."""

    hushed_s: float | None
    noticed_s: float | None
    named: tuple[Trouble, ...]
    recovered_s: float | None
    obeyed: bool = False

    def rightly(self, causes: frozenset[Trouble]) -> bool:
        named = set(self.named) - {Trouble.INTERRUPTED}
        return bool(named) and named <= causes


def named(lines: Sequence[tuple[float, str]]) -> list[tuple[float, Trouble]]:
    """The troubles that the screen names, and when."""
    found = []
    for at_s, line in lines:
        said = {text: key for key, text in ENGLISH.coach.trouble.items() if f"! {text}" in line}
        if said:
            found.append((at_s, Trouble(said[max(said, key=len)])))  # one begins as another one does
    return found


def all_well(lines: Sequence[tuple[float, str]]) -> bool:
    """Whether the screen has said of both directions that their troubles are over."""
    coach = ENGLISH.coach
    for trouble, again in ((coach.deaf[0], coach.hears_again[0]), (coach.mute[0], coach.speaks_again[0])):
        last = next((line for _, line in reversed(lines) if trouble in line or again in line), "")
        if trouble in last:
            return False
    return True


def recovered(fault: Fault, coach: Coach, fault_s: float, undone_s: float) -> float | None:
    """How long it took until the screen said that all is well, and it stayed so."""
    if fault.over:
        at_s = coach.until(fault.over, undone_s, RECOVERS_WITHIN_S)
        return None if at_s is None else at_s - undone_s
    again = (ENGLISH.coach.hears_again[0], ENGLISH.coach.speaks_again[0])
    while time.monotonic() < undone_s + RECOVERS_WITHIN_S:
        lines = [(at_s, line) for at_s, line in list(coach.lines) if at_s >= fault_s]
        well_s = max((at_s for at_s, line in lines if any(text in line for text in again)), default=undone_s)
        if all_well(lines) and time.monotonic() > max(well_s, undone_s) + STAYS_S:
            return max(0.0, well_s - undone_s)
        time.sleep(0.05)
    return None


def play(
    fault: Fault, home: Path, folder: Path, within_line_s: float, transcript: Path | None
) -> Seen | None:
    """One session with the fault; None if it was in trouble before, as on a busy machine."""
    card = Card(folder / "card")
    monitor = Monitor(card)
    coach = Coach(card, home, folder / "hangs", fault.before)
    it = Stage(card, coach, folder / "hangs")
    try:
        for question, key in (("since_last", "n"), ("baseline", "1")):
            if coach.until(ENGLISH.question(question)[-1], 0.0, 60.0) is None:
                return None
            coach.press(key)
        begun_s = coach.until(ENGLISH.coach.begin, 0.0, 10.0) or time.monotonic()
        coach.until("coach  ", begun_s + BEGINS_S, 10.0)
        time.sleep(within_line_s)
        if named(coach.lines):
            return None
        fault_s = time.monotonic()
        fault.begin(it)
        if fault.before:
            fault_s = coach.until("HANGS", fault_s, 10.0) or fault_s
        time.sleep(max(0.0, fault_s + fault.lasts_s - time.monotonic()))
        undone_s = time.monotonic() if fault.undo else fault_s
        hushed_s = monitor.hushed_s(fault_s, time.monotonic(), fault.silent_s)
        if fault.undo:
            fault.undo(it)
        recovered_s = recovered(fault, coach, fault_s, undone_s)
        troubles = named([line for line in coach.lines if line[0] >= fault_s])
        seen = Seen(
            None if hushed_s is None else hushed_s - fault_s,
            troubles[0][0] - fault_s if troubles else None,
            tuple(dict.fromkeys(trouble for _, trouble in troubles)),
            recovered_s,
        )
        asked_s = time.monotonic()
        card.speak("stop_festival-kal", it.microphone)
        seen.obeyed = coach.until("you    stop", asked_s, OBEYS_WITHIN_S) is not None
        return seen
    finally:
        coach.close()
        monitor.close()
        if transcript:
            lines = "\n".join(f"{at_s - coach.lines[0][0]:7.2f}  {line}" for at_s, line in coach.lines)
            transcript.write_text(lines + "\n", "utf-8")


def figures(values: Sequence[float | None]) -> str:
    """Median and range of the values there are, and how many these are if some are missing."""
    there = [value for value in values if value is not None]
    if not there:
        return "-"
    text = f"{statistics.median(there):.2f} ({min(there):.2f} to {max(there):.2f})"
    return text if len(there) == len(values) else f"{text}, {len(there)} of {len(values)}"


def row(fault: Fault, seen: Sequence[Seen]) -> list[str]:
    n = len(seen)
    said = Counter(", then ".join(it.named) for it in seen if it.named)
    rightly = sum(it.rightly(fault.causes) for it in seen)
    return [
        fault.name,
        str(n),
        figures([it.hushed_s for it in seen]),
        figures([it.noticed_s for it in seen]),
        "; ".join(f"{text.replace('_', ' ')} ({k})" for text, k in said.most_common()) or "-",
        f"{rightly} of {sum(bool(it.named) for it in seen)}" if said else "-",
        figures([it.recovered_s for it in seen]) if said or fault.over else "-",
        f"{sum(it.obeyed for it in seen)} of {n}",
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("-n", type=int, default=5, help="sessions a fault")
    parser.add_argument("--only", default="", metavar="TEXT", help="faults with this in their names")
    parser.add_argument("--out", type=Path, metavar="DIR", help="where to keep the transcripts")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # the sound server is not left behind
    if options.out:
        options.out.mkdir(parents=True, exist_ok=True)
    head = ("fault", "n", "hushed, s", "noticed, s", "named", "rightly", "recovered, s", "obeys afterwards")
    print("\n".join(table(head, [])), flush=True)
    chance = random.Random(1)
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        prepare_home({"returning": True}, home)
        for fault in (fault for fault in FAULTS if options.only in fault.name):
            seen: list[Seen] = []
            for i in range(2 * options.n):
                fresh = Path(tempfile.mkdtemp(dir=folder))
                transcript = options.out / f"{fault.name}, {i + 1}.txt" if options.out else None
                it = play(fault, home, fresh, chance.uniform(*WITHIN_LINE_S), transcript)
                print(f"{fault.name}: {it or 'was in trouble before'}", file=sys.stderr)
                seen += [it] if it else []
                if len(seen) == options.n:
                    break
            print(f"| {' | '.join(row(fault, seen))} |", flush=True)


if __name__ == "__main__":
    main()
