"""The lines that a language gives the coach: fields for the coach's own, keys for those of a care pack.

A line may contain placeholders in braces; each field says which. The lines guide, comfort and stop; they
never claim to treat or diagnose (docs/safety.md).
"""

from collections.abc import Mapping
from dataclasses import dataclass

from voicecoach.care.outcome import Outcome

Lines = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Counted:
    """One phrase for the number one, another for every other number; {n} is the number."""

    one: str
    other: str

    def of(self, n: int, said: str, **more: object) -> str:
        """The phrase for `n` things, with `said` as the spoken number."""
        return (self.one if n == 1 else self.other).format(n=said, **more)


@dataclass(frozen=True, slots=True)
class HowToAnswer:
    """A line for each kind of question."""

    yes_no: str
    number: str
    choice: str
    over: str
    """the choice once an exercise is over for today, when easing off is none"""


@dataclass(frozen=True, slots=True)
class RehearsalLines:
    """What the coach says in a rehearsal of microphone, loudspeaker and room."""

    introduction: str
    learning: Lines
    """spoken while the echo canceller adapts to the room"""
    ask: str
    """asks for "stop" in the silence that follows"""
    ask_over: str
    """asks for "stop" over `meanwhile`"""
    meanwhile: Lines


@dataclass(frozen=True, slots=True)
class CoachLines:
    """What the coach says with any care pack."""

    numbers: Lines
    """number words from zero up, as far as holds and repetitions are counted aloud"""

    listed: str
    """{first} and {last}: a list of things, in words"""

    # beginning and end
    greeting: Lines
    greeting_again: Lines
    """from the second session on"""
    needs: str
    """{things}: what the program needs"""
    hands_free: Lines
    """for a session started without a terminal: time to lie down"""
    prepare_questions: str
    begin: str
    one_moment: str
    """said if the first exercise has to wait until the voice is rendered"""
    left_out: str
    """{name}: an exercise that does not suit the user"""
    instead: str
    """{name}: what takes its place"""
    nothing_left: str
    """the user's answers leave no exercise"""
    few_left: str
    """few exercises suit the user: whom to ask for more"""
    the_end: str
    exercises_done: Counted
    """{done} of {n}"""
    duration: Counted
    """{n} minutes"""
    rest_before_rising: str
    farewell: str

    # stop and pause
    stopped: str
    """said after "stop" and a short silence"""
    stay_paused: Lines
    paused: Lines
    paused_too_long: Lines
    options_paused: Lines
    options_staying: Lines
    resumed: str
    misheard: str
    """a safety word that was not said is taken back"""
    say_continue: str

    fault: Lines
    """last words, when the program itself has failed"""

    # the safety stop
    report_somewhere: Lines
    """the way out when no exercise has begun, so no position is known"""
    breathe: str
    resting: Lines
    eased: str

    # conversation
    questions: Mapping[str, Lines]
    """the engine's own questions: doubt, hurt, over, mild"""
    how_to_answer: HowToAnswer
    """said when an answer was twice not understood"""
    by_keys: HowToAnswer
    """said with every question while nobody can be heard"""
    again: str
    ask_again: str
    no_effect: str
    """shown when a command does nothing where the session is"""
    options: Lines
    remaining: Counted
    """{n} minutes"""
    which_exercise: str
    """{n} of {total}"""

    # hearing and being heard
    deaf: Lines
    deaf_from_start: Lines
    hears_again: Lines
    mute: Lines
    speaks_again: Lines
    trouble: Mapping[str, str]
    """why the coach cannot hear or be heard: a sentence for each `session.Trouble`"""

    # exercises
    way_out: str
    """how to say "stop": part of the introduction whenever the position changes"""
    take_position: str
    """before the get-ready time: how to end it"""
    repetition: str
    """{n}, before every repetition but the first and the last"""
    last_repetition: str
    half_way: Lines
    """one of them in the middle of a long hold"""
    well_done: Lines
    """one of them after an exercise in which nothing hurt"""
    rest: str
    next_exercise: str
    """{name}"""
    change_position: str
    hold: Counted
    timed: Counted
    breaths: Counted
    rounds: Counted
    dose: str
    """{what}: for a dose that is done once"""
    dose_rounds: str
    """{what}, {rounds}"""
    each_side: str
    each_side_then_both: str

    rehearsal: RehearsalLines


@dataclass(frozen=True, slots=True)
class CareLines:
    """What the coach says about one programme of care."""

    first_run: Lines
    precaution: Lines
    questions: Mapping[str, Lines]
    """the protocol's; the last sentence opens the question"""
    advice: Mapping[Outcome, Lines]
    """{number}: the emergency number. Said twice, and shown"""
    remarks: Mapping[str, str]
    walk: str
    """said after a completed session: walking days belong to the plan"""
    get_up: Lines
    """how to get up from lying"""
    equipment: Mapping[str, str]
    """what an exercise may need, in words"""


def sentence(text: str) -> str:
    """`text` with a capital letter at its beginning."""
    return text[:1].upper() + text[1:]
