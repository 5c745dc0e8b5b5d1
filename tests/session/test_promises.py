"""R1, R2, R5 and R14: what a session promises whatever happens to it, in any order, at any time."""

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from voicecoach.care import (
    ADVISED,
    Answer,
    Breaths,
    Dose,
    Exercise,
    Hold,
    Intake,
    Memory,
    Outcome,
    Plan,
    Program,
    Side,
    Standing,
)
from voicecoach.language import NUMBERS, PAIN_COMMANDS, Command, ListeningState
from voicecoach.session import (
    Deaf,
    Doubtful,
    Earcon,
    End,
    Event,
    Heard,
    HearsAgain,
    Hush,
    Misheard,
    Mode,
    Mute,
    Options,
    Order,
    Output,
    Play,
    PromptDone,
    Quit,
    Say,
    SpeaksAgain,
    Started,
    State,
    Tick,
    Trouble,
    Unclear,
    Wording,
    step,
    view,
)
from voicecoach.session.facts import AnswerGiven, HoldBegan, Screened, TakenBack
from voicecoach.session.questions import OWN_QUESTIONS, listening_state, question
from voicecoach.session.script import Count
from voicecoach.session.sentences import fixed_lines
from voicecoach.session.state import CALM_PACES_WPM, PACES_WPM
from voicecoach.testing import ENGLISH, HEALTHY, LIBRARY, PHRASES, SAFETY, english_session, key_command
from voicecoach.units import BLOCK_MS, Milliseconds

from .driver import (
    LOCKED,
    NEW,
    Driver,
    breaths,
    exercise,
    hold,
    moving,
    program,
    replayed,
    three_holds,
    timed,
)

C = Command
HALF_WAY = "one of the lines for the middle of a hold"
NUMBER_WORDS = "zero one two three four five six seven eight nine ten".split()
WAITING_FOR_A_WORD = frozenset({Mode.STOPPED, Mode.PAUSED, Mode.SAFETY, Mode.STAYING, Mode.CLOSING})

EMERGENCIES = frozenset(
    {"saddle_numbness", "bladder_or_bowel", "both_legs", "both_legs_or_worsening", "chest_or_breath"}
)
REMEMBERED = {Standing.HURT, Standing.AGAIN, Standing.STEP, Standing.OFTEN, Standing.NO_BETTER}
RED_FLAGS = EMERGENCIES | {"leg_weakness", "injury", "unwell", "weight_loss", "unbearable", "unrelenting"}
PROGRAMS: dict[str, Program] = {
    "three holds": three_holds(),
    "sides": program(
        exercise("alpha", hold(2), (Side.LEFT, Side.RIGHT), sets=2), exercise("bravo", hold(12))
    ),
    "breaths": program(
        exercise("alpha", breaths(2)), exercise("bravo", breaths(1), sets=3), exercise("charlie")
    ),
    "twice the same": program(exercise("alpha"), exercise("bravo", timed(16)), exercise("alpha")),
    **{name: LIBRARY.program(name) for name in ("gentle", "desk", "roller")},
}


def movement_lines(of: Program) -> frozenset[str]:
    """Every line that tells the user to move, or announces a movement."""
    lines = {"Say ready when you are in position."}
    for e in of.exercises:
        said = e.lines
        lines |= {*said.set_up, *said.steps, *said.brief, *said.sides, said.begin, said.end}
        lines |= {f"{e.name}.", f"Next: {e.name}."}
    for e in of.exercises:
        lines -= set(e.lines.ease_out)
    return frozenset(lines - (set(fixed_lines(ENGLISH)) - {"Say ready when you are in position."}))


def length_ms(dose: Dose) -> int:
    if isinstance(dose, Breaths):
        return dose.breaths * (dose.in_s + dose.out_s) * 1000
    return (dose.hold_s if isinstance(dose, Hold) else dose.duration_s) * 1000


def promised_cues(of: Exercise) -> list[tuple[int, str]]:
    """When which line must sound, relative to the start of the hold (docs/voice.md, "Counting")."""
    dose, lines = of.dose, of.lines
    if isinstance(dose, Breaths):
        cycle = (dose.in_s + dose.out_s) * 1000
        into_ms = (dose.out_s, 0) if dose.out_first else (0, dose.in_s)
        return sorted(
            (n * cycle + s * 1000, line)
            for n in range(dose.breaths)
            for s, line in zip(into_ms, (lines.begin, lines.end), strict=True)
        )
    seconds = length_ms(dose) // 1000
    if seconds <= 10:
        return [(n * 1000, NUMBER_WORDS[n]) for n in range(1, seconds + 1)]
    half = [(seconds * 500, HALF_WAY)] if seconds >= 15 else []
    return half + [((seconds - n) * 1000, NUMBER_WORDS[n]) for n in (5, 4, 3, 2, 1)]


def is_word_that_moves(before: State, command: Command | None) -> bool:
    """The commands that resume movement, each only where it was offered."""
    if command is C.RESUME:
        return before.mode in (Mode.PAUSED, Mode.STAYING) or before.asking == "hurt"
    return command in {"mild": (C.EASE, C.NEXT), "over": (C.NEXT,)}.get(before.asking or "", ())


def is_movement(output: Output, lines: frozenset[str]) -> bool:
    match output:
        case Say(_, text, _, at_ms):
            return text in lines or at_ms is not None
        case Play(earcon):
            return earcon in (Earcon.HOLD_START, Earcon.HOLD_END)
        case HoldBegan():
            return True
    return False


class Promises(RuleBasedStateMachine):
    """Any user, any timing. Every step is checked as it happens; the whole session is replayed at the end."""

    @initialize(
        name=st.sampled_from(sorted(PROGRAMS)),
        first_run=st.booleans(),
        locked=st.booleans(),
        wording=st.sampled_from(Wording),
        can_hear=st.booleans(),
        hands_free=st.booleans(),
        screened=st.integers(0, 5),
        known=st.sampled_from([HEALTHY, HEALTHY, HEALTHY, {**HEALTHY, "floor": "no"}, {}]),
        memory=st.builds(
            Memory,
            standing=st.frozensets(st.sampled_from(sorted(REMEMBERED)), max_size=2),
            hurt=st.sampled_from([(), ("bridge",)]),
            left_out=st.frozensets(st.sampled_from(["pelvic_tilt", "cat_cow"])),
            again=st.sampled_from(["", "pelvic_tilt"]),
            steps=st.dictionaries(st.just("bridge"), st.integers(-1, 6)),
            met=st.dictionaries(st.sampled_from(["bridge", "knee_rolls"]), st.integers(0, 3)),
            usual=st.none() | st.just(1.0),
        ),
    )
    def begin(
        self,
        name: str,
        first_run: bool,
        locked: bool,
        wording: Wording,
        can_hear: bool,
        hands_free: bool,
        screened: int,
        known: dict[str, Answer],
        memory: Memory,
    ) -> None:
        options = Options(wording, hands_free=hands_free)
        of = PROGRAMS[name]
        plan = Plan(of, LIBRARY.exercises, memory=memory) if name in LIBRARY.program_ids else None
        intake = Intake(first_run, locked, memory.standing if plan else frozenset(), known)
        today = plan.today(LIBRARY.protocol, known) if plan else of
        self.start = self.state = english_session(today, intake, options, plan)
        others = tuple(plan.exercises.values()) if plan else ()
        self.lines = movement_lines(replace(of, exercises=(*of.exercises, *others)))
        self.now_ms = 0
        self.events: list[Event] = []
        self.outputs: list[Output] = []
        self.may_move = True
        self.screened = False
        self.hold: tuple[int, int, bool] | None = None
        """start, end, and whether it was not interrupted"""
        self.feed(Started(self.at, can_hear))
        while screened and self.state.mode is Mode.INTAKE:  # most examples begin in movement
            self.one_more()
            if self.state.asking:
                self.answer_well()

    @property
    def at(self) -> Milliseconds:
        return Milliseconds(self.now_ms)

    # -- one step, with every promise about a single step

    def feed(self, event: Event) -> None:
        before = self.state
        after, outputs = step(before, event)
        assert (after, outputs) == step(before, event), "the same step, twice"
        self.check_view(after, outputs)
        self.check_ended(before, after, outputs)
        self.check_stop(before, event, outputs)
        self.check_pain(before, event, after, outputs)
        self.check_movement(before, event, after, outputs)
        self.check_hold(before, event, after, outputs)
        self.state = after
        self.events.append(event)
        self.outputs += outputs

    def check_view(self, after: State, outputs: tuple[Output, ...]) -> None:
        """The loop that hears makes it: it never fails, and what an alarm or a question is about is on it."""
        outcome = next((each.outcome for each in outputs if isinstance(each, End)), None)
        seen = view(after, self.now_ms, outcome)
        if after.mode is Mode.STAYING or outcome in ADVISED:
            assert seen.advice, "what to do is not shown"
            assert seen.alarming
        assert bool(seen.question) == bool(after.asking) == bool(seen.answers)
        assert {Command.STOP, Command.PAIN} <= {each.command for each in seen.live}
        assert seen.clock.digit is None or 0 <= seen.clock.digit <= max(seen.clock.of_s, 1)
        for key, command in seen.keys.items():
            assert key_command(key, after.listening) is command

    def check_ended(self, before: State, after: State, outputs: tuple[Output, ...]) -> None:
        if before.mode is Mode.ENDED:
            assert after == before
            assert outputs == ()
        ends = [c for c in outputs if isinstance(c, End)]
        assert bool(ends) == (after.mode is Mode.ENDED and before.mode is not Mode.ENDED)
        if ends:
            rest = outputs[outputs.index(ends[0]) + 1 :]
            assert not any(isinstance(c, Say | Play) for c in rest), "nothing is said after the end"

    def check_stop(self, before: State, event: Event, outputs: tuple[Output, ...]) -> None:
        """R1: silence in the same step, and no instruction in it."""
        if isinstance(event, Heard) and event.command is C.STOP and before.mode is not Mode.ENDED:
            assert Hush() in outputs
            assert not any(isinstance(c, Say) for c in outputs), "the line after stop comes after a silence"

    def check_pain(self, before: State, event: Event, after: State, outputs: tuple[Output, ...]) -> None:
        """R2: pain takes precedence over everything, and only the answers to its questions lead out of it."""
        if before.mode is Mode.ENDED:
            return
        command = event.command if isinstance(event, Heard) else None
        if command in PAIN_COMMANDS:
            assert next(o for o in outputs if isinstance(o, Order)) == Hush()
            assert after.mode is Mode.SAFETY
        elif isinstance(event, Misheard) and before.before and before.before[0] is event.command:
            assert after.report == before.before[1].report  # nothing else was heard since that word
        elif before.mode is Mode.SAFETY and after.mode in (Mode.MOVING, Mode.INTAKE, Mode.PAUSED):
            offered = {"mild": {C.EASE, C.NEXT, C.REST}, "over": {C.NEXT, C.REST}}
            assert command in offered.get(before.asking or "", set()), f"{event} led out of a safety stop"
            assert (after.mode is Mode.PAUSED) == (command is C.REST)

    def check_movement(self, before: State, event: Event, after: State, outputs: tuple[Output, ...]) -> None:
        """R1, R2: after an interruption only an explicit word moves; before the questions nothing does."""
        self.screened |= any(isinstance(c, Screened) for c in outputs)
        command = event.command if isinstance(event, Heard) else None
        if (
            command in PAIN_COMMANDS
            or command in (C.STOP, C.PAUSE)
            or isinstance(event, Deaf)
            or after.mode in WAITING_FOR_A_WORD
        ):
            self.may_move = False
        elif is_word_that_moves(before, command):
            self.may_move = True
        elif any(isinstance(c, TakenBack) for c in outputs) and before.before is not None:
            self.may_move = before.before[1].mode in (Mode.MOVING, Mode.CHECKING)
        elif self.screened and before.mode is Mode.INTAKE:
            assert command in (*NUMBERS, C.NO), "only the answer to the last question begins the movement"
            self.may_move = True
        moved = [c for c in outputs if is_movement(c, self.lines)]
        if after.mode is Mode.CHECKING:
            assert not moved, "while it listens whether it is to stop"
        if before.mode is Mode.PAUSED and command in (C.NEXT, C.BACK):
            names = {f"{e.name}." for e in after.program.exercises}
            moved = [c for c in moved if not (isinstance(c, Say) and c.text in names)]
        if moved:
            assert self.screened, f"before the questions were answered: {moved}"
            assert self.may_move, f"without a word of the user: {moved}"
        if after.mode is Mode.MOVING:
            assert self.screened
            assert self.may_move

    def check_hold(self, before: State, event: Event, after: State, outputs: tuple[Output, ...]) -> None:
        """R5: exactly as long as promised, every number in its place, and never half a hold."""
        begun = [c for c in outputs if isinstance(c, HoldBegan)]
        natural = isinstance(event, Tick | PromptDone) and before.mode is Mode.MOVING
        left = after.part != before.part or after.mode is not Mode.MOVING
        if natural and left and len(begun) <= 1 and before.parts[before.part].repetition:
            assert self.hold is not None
            assert self.hold[2], f"the hold {self.hold} was interrupted and never repeated"
            assert self.hold[1] <= event.at_ms
        if len(begun) == 1:
            exercise = after.program.exercises[after.exercise]
            start, end = begun[0].start_ms, begun[0].end_ms
            assert end - start == length_ms(exercise.dose)
            said = [(c.at_ms - start, c.text) for c in outputs if isinstance(c, Say) and c.at_ms is not None]
            cues = [(at, HALF_WAY if text in ENGLISH.coach.half_way else text) for at, text in said]
            assert cues == promised_cues(exercise)
            assert start >= before_ms(self.events), "a cue in the past cannot sound in its place"
            assert Play(Earcon.HOLD_END, end) in outputs
        lengths = {length_ms(e.dose) for e in after.program.exercises}
        for fact in begun:
            assert fact.end_ms - fact.start_ms in lengths
            self.hold = (fact.start_ms, fact.end_ms, True)
        if Hush() in outputs and not begun and self.hold and event.at_ms < self.hold[1]:
            self.hold = (self.hold[0], self.hold[1], False)

    # -- what may happen

    @rule(gap_ms=st.one_of(st.integers(0, 3_000), st.integers(0, 400_000)), parts=st.lists(st.floats(0, 1)))
    def time_passes(self, gap_ms: int, parts: list[float]) -> None:
        """R5: the result does not depend on how often the stream ticks."""
        whole, outputs = step(self.state, Tick(Milliseconds(self.now_ms + gap_ms)))
        split: list[Output] = []
        state = self.state
        for part in sorted(parts):
            state, some = step(state, Tick(Milliseconds(self.now_ms + int(part * gap_ms))))
            split += some
        state, some = step(state, Tick(Milliseconds(self.now_ms + gap_ms)))
        assert state == whole
        assert (*split, *some) == outputs
        self.now_ms += gap_ms
        self.feed(Tick(self.at))

    def go_to(self, at_ms: int) -> None:
        """What happens comes at most one block after the last tick, as the player promises the machine."""
        if at_ms - BLOCK_MS > self.now_ms:
            self.now_ms = at_ms - BLOCK_MS
            self.feed(Tick(self.at))
        self.now_ms = at_ms

    def one_more(self) -> None:
        """The next event that happens without the user."""
        if self.state.prompt_id is not None:
            self.now_ms += 700
            self.feed(PromptDone(self.at, self.state.prompt_id))
        elif self.state.until_ms is not None and not self.state.asking:
            self.now_ms = max(self.now_ms, self.state.until_ms)
            self.feed(Tick(self.at))

    @rule(times=st.integers(1, 25))
    def things_go_on(self, times: int) -> None:
        for _ in range(times):
            self.one_more()

    @rule(times=st.integers(1, 6))
    def nobody_answers(self, times: int) -> None:
        for _ in range(times):
            self.one_more()
            if self.state.until_ms is not None:
                self.now_ms = max(self.now_ms, self.state.until_ms)
                self.feed(Tick(self.at))

    @precondition(lambda self: self.state.mode is Mode.MOVING)
    @rule(into_ms=st.integers(0, 12_000))
    def into_a_hold(self, into_ms: int) -> None:
        """Most defects were found while a position was being held."""
        for _ in range(60):
            if self.state.mode is Mode.MOVING and not isinstance(self.state.current, Count):
                self.one_more()
        self.now_ms += into_ms
        self.feed(Tick(self.at))

    @precondition(lambda self: self.state.mode is Mode.MOVING)
    @rule(into_ms=st.integers(0, 12_000), how=st.sampled_from([C.PAUSE, C.STOP, None]))
    def a_hold_broken_and_taken_up(self, into_ms: int, how: Command | None) -> None:
        self.into_a_hold(into_ms)
        if how:
            self.feed(Heard(self.at, how, how.value))
        else:
            self.feed(Deaf(self.at, Trouble.MICROPHONE_MUTED))
        for _ in range(8):
            if self.state.mode is Mode.STOPPED and not self.state.asking:
                self.one_more()
        self.feed(Heard(self.at, C.RESUME, "continue"))
        self.things_go_on(20)

    @precondition(lambda self: self.state.mode not in (Mode.ENDED, Mode.CLOSING))
    @rule(level=st.sampled_from(NUMBERS[:6]), words=st.sampled_from(["pain", "it hurts", "numb", "dizzy"]))
    def a_report_answered(self, level: Command, words: str) -> None:
        """Answers until the session offers how to go on, or gives advice."""
        self.feed(Heard(self.at, SAFETY[words], words))
        for _ in range(60):
            if self.state.asking in ("over", "mild") or self.state.mode is not Mode.SAFETY:
                return
            if self.state.asking:
                command = level if self.state.asking == "level" else C.NO
                self.feed(Heard(self.at, command, command.value))
            else:
                self.one_more()

    @precondition(
        lambda self: self.state.asking in ("over", "mild", "hurt") or self.state.mode is Mode.PAUSED
    )
    @rule(command=st.sampled_from([C.EASE, C.NEXT, C.REST, C.RESUME, C.NO, C.OPTIONS, C.BACK]))
    def a_choice(self, command: Command) -> None:
        self.feed(Heard(self.at, command, command.value))

    @precondition(lambda self: self.state.mode is Mode.STAYING)
    @rule(command=st.sampled_from([C.RESUME, C.OPTIONS, C.STOP, C.FINISH]))
    def a_word_after_the_silence(self, command: Command) -> None:
        self.feed(Heard(self.at, command, command.value))

    @precondition(lambda self: self.state.mode is Mode.MOVING)
    @rule(command=st.sampled_from([C.NEXT, C.BACK, C.REPEAT, C.SWITCH, C.READY, C.TIME, C.OPTIONS]))
    def a_way_about(self, command: Command) -> None:
        self.feed(Heard(self.at, command, command.value))

    @rule(back=st.integers(1, 10))
    def an_old_prompt_reports(self, back: int) -> None:
        stale = self.state.next_prompt_id - back
        if stale != self.state.prompt_id:
            before, outputs = self.state, len(self.outputs)
            self.feed(PromptDone(self.at, stale))
            assert self.state == before
            assert len(self.outputs) == outputs

    @rule(command=st.sampled_from(Command), ms=st.integers(0, 500))
    def any_command(self, command: Command, ms: int) -> None:
        self.go_to(self.now_ms + ms)
        self.feed(Heard(self.at, command, command.value))

    @rule(words=st.sampled_from(sorted(SAFETY)), ms=st.integers(0, 500))
    def a_safety_word(self, words: str, ms: int) -> None:
        self.go_to(self.now_ms + ms)
        self.feed(Heard(self.at, SAFETY[words], words))

    @rule(data=st.data())
    def a_live_word(self, data: st.DataObject) -> None:
        phrases = {p: c for p, c in PHRASES[self.state.listening].items() if p not in SAFETY}
        text = data.draw(st.sampled_from(sorted(phrases)))
        self.feed(Heard(self.at, phrases[text], text))

    @rule(key=st.one_of(st.sampled_from(" nbrcphs\x1b\r-+><t?qoeyu0123456789x"), st.characters()))
    def a_key(self, key: str) -> None:
        command = key_command(key, self.state.listening)
        self.feed(Heard(self.at, command, command.value, "key"))

    @precondition(lambda self: self.state.asking)
    @rule()
    def answer_well(self) -> None:
        asking = self.state.asking or ""
        kind = listening_state(question(self.state.protocol, asking))
        good = {"released": C.YES, "consulted": C.YES}
        command = {ListeningState.NUMBER: C.TWO, ListeningState.CHOICE: C.NEXT}.get(kind, C.NO)
        command = good.get(asking, command)
        self.feed(Heard(self.at, command, command.value))

    @rule(command=st.sampled_from([C.YES, C.NOT_SURE, C.NO, C.SEVEN, C.ONE, C.EASE, C.REST]))
    def some_answer(self, command: Command) -> None:
        for _ in range(6):
            if not self.state.asking:
                self.one_more()
        self.feed(Heard(self.at, command, command.value))

    @rule(words=st.sampled_from(sorted(SAFETY)), ms=st.integers(0, 500))
    def perhaps_a_safety_word(self, words: str, ms: int) -> None:
        self.go_to(self.now_ms + ms)
        self.feed(Doubtful(self.at, SAFETY[words], words))

    @rule(command=st.sampled_from(sorted(SAFETY.values())), ms=st.integers(0, 3_000))
    def it_was_not_said(self, command: Command, ms: int) -> None:
        self.go_to(self.now_ms + ms)
        self.feed(Misheard(self.at, command))

    @precondition(lambda self: self.state.mode is Mode.CHECKING)
    @rule(command=st.sampled_from([C.STOP, C.PAIN, C.NEXT, C.BACK, C.PAUSE, C.RESUME, C.YES, C.NO, C.FINISH]))
    def a_word_in_the_hush(self, command: Command) -> None:
        self.feed(Heard(self.at, command, command.value))

    @rule()
    def a_mumble(self) -> None:
        self.feed(Unclear(self.at, "[unk]"))

    @rule()
    def the_microphone_fails(self) -> None:
        self.feed(Deaf(self.at, Trouble.MICROPHONE_MUTED))

    @rule()
    def the_microphone_is_back(self) -> None:
        self.feed(HearsAgain(self.at))

    @rule()
    def the_loudspeaker_fails(self) -> None:
        self.feed(Mute(self.at, Trouble.SPEAKER_GONE))

    @rule()
    def the_loudspeaker_is_back(self) -> None:
        self.feed(SpeaksAgain(self.at))

    @rule(really=st.integers(0, 15))
    def the_computer_asks_us_to_leave(self, really: int) -> None:
        if really == 0:
            self.feed(Quit(self.at, "SIGTERM"))

    @rule()
    def the_stream_starts_again(self) -> None:
        self.feed(Started(self.at))

    # -- what always holds

    @invariant()
    def something_will_happen_next(self) -> None:
        """A session that waits for nothing stays silent for ever, with a user lying on the floor."""
        s = self.state
        assert s.mode is Mode.ENDED or s.prompt_id is not None or s.until_ms is not None

    @invariant()
    def the_grammar_fits_the_open_question(self) -> None:
        if self.state.asking:
            assert self.state.listening is listening_state(question(self.state.protocol, self.state.asking))
        assert set(SAFETY) <= set(PHRASES[self.state.listening])

    @invariant()
    def what_was_told_is_not_forgotten(self) -> None:
        """Once a red flag is reported, no outcome is milder than "today"."""
        told = {e.question for e in self.outputs if isinstance(e, AnswerGiven) and e.answer == "yes"}
        outcome = next((c.outcome for c in self.outputs if isinstance(c, End)), None)
        if outcome is not None and EMERGENCIES & told:
            assert outcome is Outcome.EMERGENCY
        elif outcome is not None and RED_FLAGS & told:
            assert outcome in (Outcome.EMERGENCY, Outcome.TODAY, Outcome.UNANSWERED)

    @invariant()
    def nobody_moves_who_should_not(self) -> None:
        """Which answers are required before any movement (docs/safety.md)."""
        s = self.state
        if s.mode is not Mode.MOVING:
            return
        assert isinstance(s.answers["baseline"], int)
        assert s.answers["baseline"] < 6
        assert not any(v in ("yes", "unanswered") for k, v in s.answers.items() if k in RED_FLAGS)
        assert s.answers.get("since_last", "no") == "no"
        assert s.exercise not in s.over, "this exercise is over for today"
        if s.intake.locked:
            assert s.answers["released"] == "yes"
        if s.intake.first_run:
            assert s.answers["consulted"] == "yes" or s.answers["condition"] == "no"

    def teardown(self) -> None:
        """R14: replaying the journalled events gives the same outputs; prompt ids are unique."""
        if not hasattr(self, "start"):
            return
        assert replayed(self.start, self.events) == (self.state, self.outputs)
        says = [c for c in self.outputs if isinstance(c, Say)]
        ids = [c.prompt_id for c in says]
        assert all(a < b for a, b in pairwise(ids))
        assert all(PACES_WPM[0] <= c.wpm <= PACES_WPM[-1] for c in says)
        questions = {ENGLISH.question(key)[-1] for key in (*LIBRARY.protocol.questions, *OWN_QUESTIONS)}
        assert all(c.wpm in CALM_PACES_WPM for c in says if c.text in questions)


def before_ms(events: list[Event]) -> int:
    return events[-1].at_ms if events else 0


TestPromises = Promises.TestCase
TestPromises.settings = settings(
    max_examples=600,
    stateful_step_count=50,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)


# -- one example of every outcome


def answered(driver: Driver, **answers: str) -> Driver:
    """Answer "no" and "two" except as given, until the exercises begin or the session ends."""
    while driver.mode() is Mode.INTAKE:
        key = driver.to_question()
        if key is None:
            break
        driver.hear(answers.get(key, "two" if key == "baseline" else "no"))
    return driver


def test_the_advice_that_is_spoken_is_the_gravest_that_was_owed() -> None:
    """Weak legs, then silence: "talk to a professional first" was said, "see a doctor today" was recorded."""
    driver = Driver(intake=NEW)
    while driver.to_question() != "both_legs_or_worsening":
        driver.hear("yes" if driver.state.asking in ("consulted", "leg_weakness") else "no")
    driver.until_ended()
    assert driver.outcome is Outcome.TODAY
    assert set(ENGLISH.care.advice[Outcome.TODAY]) <= set(driver.said)
    assert not set(ENGLISH.care.advice[Outcome.NOT_STARTED]) & set(driver.said)


def silent(driver: Driver) -> Driver:
    return driver.until_ended()


ENDINGS = {
    Outcome.COMPLETED: lambda: moving().until_ended(),
    Outcome.FINISHED_EARLY: lambda: moving().in_hold().hear("finish").until_ended(),
    Outcome.NOT_STARTED: lambda: answered(Driver(), baseline="six").until_ended(),
    Outcome.ENDED_BY_PAIN: lambda: moving().in_hold().reported("three", "no", "no", "yes").until_ended(),
    Outcome.TODAY: lambda: answered(Driver(intake=NEW), consulted="yes", unwell="yes").until_ended(),
    Outcome.EMERGENCY: lambda: answered(
        Driver(intake=NEW), consulted="yes", saddle_numbness="yes"
    ).until_ended(),
    Outcome.UNANSWERED: lambda: silent(moving().in_hold().hear("it hurts")),
    Outcome.LOCKED: lambda: answered(Driver(intake=LOCKED), released="no").until_ended(),
    Outcome.STOPPED_FOR_PAIN: lambda: (
        moving().in_hold().reported("two", "no", "no", "no", "finish").until_ended()
    ),
    Outcome.ABANDONED: lambda: silent(moving().in_hold().hear("pause")),
    Outcome.INTERRUPTED: lambda: moving().in_hold().quit(),
}


@pytest.mark.parametrize("outcome", list(Outcome))
def test_every_outcome_can_be_reached(outcome: Outcome) -> None:
    """An outcome that cannot be reached is an untested branch."""
    assert ENDINGS[outcome]().outcome is outcome


def test_every_listening_state_is_reached_in_one_session() -> None:
    """The grammar follows the conversation: a number is no answer to yes or no."""
    seen = {ListeningState.QUESTION}
    driver = moving().in_hold()
    seen.add(driver.state.listening)
    driver.hear("it hurts").asked("zero to ten")
    seen.add(driver.state.listening)
    for answer in ("one", "no", "no", "no"):
        driver.to_question()
        driver.hear(answer)
    driver.to_question()
    seen.add(driver.state.listening)
    driver.hear("rest")
    seen.add(driver.state.listening)
    assert seen == set(ListeningState)


def test_an_eased_dose_is_never_longer_than_before() -> None:
    """ "Ease off" once made a two-second hold last three seconds."""
    from voicecoach.care.exercise import eased

    for seconds in range(1, 121):
        assert length_ms(eased(hold(seconds))) <= seconds * 1000
        assert length_ms(eased(timed(seconds))) <= seconds * 1000
    assert eased(breaths(1)) == breaths(1)
