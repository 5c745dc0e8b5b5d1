"""A synthesiser that fails: before a session it is refused, in one nothing of a safety stop depends on it."""

import random
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.faults.stage import Answers, Stage, counting, stage
from tests.session.driver import Driver
from voicecoach.care import ADVISED, Intake, Outcome
from voicecoach.language import NUMBERS, Command, ListeningState
from voicecoach.session import Event, Mode, Options, Say
from voicecoach.session.sentences import advice, to_render
from voicecoach.sound import Samples
from voicecoach.speaking import SynthesisError
from voicecoach.testing import ENGLISH, LIBRARY, english_session


@pytest.mark.fault("the synthesiser fails in a session", "the session pauses; screen and bell show the line")
def test_a_line_that_cannot_be_said_pauses_the_session(tmp_path: Path) -> None:
    """The bell rang, and the exercise went on without the line."""
    failed_s = 0.0

    def then(it: Stage) -> None:
        nonlocal failed_s
        if not failed_s and counting(it):
            failed_s = it.now_s

            def fail(lines: Sequence[str], wpm: int, waited_s: float = 0.0) -> Samples | None:
                if "Bridge." in lines:
                    raise SynthesisError("The voice returned no sound for 'Bridge.'.")
                return said(lines, wpm, waited_s)

            said = it.player.prompts.said
            it.player.prompts.said = fail  # type: ignore[method-assign]
        if failed_s and it.now_s > failed_s + 30:
            assert it.mode is Mode.PAUSED
            it.player.inbox.append("enough")

    it = stage(tmp_path).plays(Answers(then))
    assert any("no sound for 'Bridge.'" in line for line in it.screen.notices)
    assert it.said("I cannot say the next line") > failed_s


SAFETY_MODES = (Mode.STOPPED, Mode.SAFETY, Mode.STAYING)


class Walker(Driver):
    """Remembers each line that was said, its pace, and whether a safety stop said it."""

    def feed(self, event: Event) -> Driver:
        super().feed(event)
        said: set[tuple[str, int, bool]] = self.__dict__.setdefault("lines", set())
        for say in self.last:
            if isinstance(say, Say):
                for line in say.parts or (say.text,):
                    said.add((line, say.wpm, self.state.mode in SAFETY_MODES))
        return self


ANSWERS = (Command.YES, Command.NO, Command.NOT_SURE, *NUMBERS)


def walk(name: str, seed: int) -> set[tuple[str, int, bool]]:
    """A session with answers, silences, keys, paces and failing devices by chance; much pain."""
    rng = random.Random(seed)
    intake = Intake(first_run=seed % 5 == 0, locked=seed % 7 == 0)
    walker = Walker(LIBRARY.program(name), intake, Options(wpm=rng.choice([110, 150, 220])))
    usual = rng.choice([Command.NO, Command.NO, Command.YES])
    likely = [*[Command.PAIN] * 40, *[Command.SLOWER, Command.FASTER, Command.NEXT, Command.RESUME] * 5]
    for _ in range(200):
        if walker.mode() is Mode.ENDED:
            break
        chance = rng.random()
        if walker.mode() is Mode.INTAKE and chance < 0.99:  # it is to come to move
            if walker.state.asking:
                well = {"consulted": Command.YES, "baseline": Command.ONE}
                walker.say_anyway(well.get(walker.state.asking, Command.NO))
            walker.wait(3_000)
            continue
        if walker.state.asking and chance < 0.8:
            number = walker.state.listening is ListeningState.NUMBER
            walker.say_anyway(rng.choice(NUMBERS) if number else rng.choice([*[usual] * 6, *ANSWERS[:3]]))
        elif chance < 0.9:
            walker.wait(rng.choice([500, 3_000, 9_000, 30_000, 150_000]))
        elif chance < 0.92:
            walker.go_deaf()
        elif chance < 0.94:
            walker.mumble()
        else:
            walker.say_anyway(rng.choice([*(c for c in Command if c is not Command.FINISH), *likely]))
    return set(walker.__dict__["lines"])


@pytest.mark.fault(
    "nothing can be rendered any more once the session moves",
    "every line of a safety stop, at every pace, is in memory",
)
def test_every_line_of_a_safety_stop_was_rendered_before_anything_moved() -> None:
    """With no space for temporary files, "pain" and silence crashed instead of the emergency wording: lines
    joined in one place were rendered apart in another, and after "slower" not even the way out was there."""
    reached: set[str] = set()
    for name in ("floor", "gentle", "desk"):
        for wpm in (110, 150):
            state = english_session(LIBRARY.program(name), Intake(first_run=True), Options(wpm=wpm))
            ready = set(to_render(state))
            texts = {text for text, _ in ready}
            for seed in range(100):
                for line, pace_wpm, in_safety_stop in walk(name, seed):
                    reached.add(line)
                    assert line in texts
                    calm = in_safety_stop and line not in ENGLISH.coach.options_staying
                    assert not calm or (line, pace_wpm) in ready, (line, pace_wpm)
    came_to = {outcome for outcome in ADVISED if set(advice(ENGLISH, outcome, "112")) <= reached}
    assert {Outcome.EMERGENCY, Outcome.UNANSWERED, Outcome.ENDED_BY_PAIN, Outcome.LOCKED} <= came_to
    assert ENGLISH.coach.ask_again in reached
