"""The coach's fixed lines. Guides, comforts and stops; never claims to treat or diagnose."""

from voicecoach.session.commands import Outcome

GREETING = ("Hello. I am your voice coach.",)
HANDS_FREE = ("Starting in ten seconds.", "Make yourself comfortable on the floor.")
FIRST_RUN = (
    "This is general guidance, not medical advice.",
    "Always ask a health professional before you begin.",
    "Above all with a sore spine, or spinal conditions.",
)
PRECAUTION = ("If anything is uncomfortable, we end it at once.",)
PREPARE_QUESTIONS = "First, a few short questions."
WITH_CONDITION = "Then keep to what your professional agreed with you."
NOT_CONSULTED = "Please ask one before you do more of this."
BEGIN = "Thank you. Let us begin."
STOPPED = "All still. I have stopped."
"""The line after "stop": said when the silence has been heard."""
STAY_PAUSED = ("Then we are paused.", "Say continue when you want to move again.")
PAUSED = ("Paused.", "Say continue when you want to move again.")
PAUSED_TOO_LONG = ("I have not heard from you for a while.", "So we end here. Take care.")
OPTIONS_PAUSED = ("You can say continue, skip, or finish.",)
OPTIONS_STAYING = ("You can say continue or finish.",)
RESUMED = "Let us go on."
REPORT_SOMEWHERE = ("Let go of the position, slowly.", "Rest however you are most comfortable.")
BREATHE = "Breathe gently. There is no hurry."
AGAIN = "I did not catch that."
ASK_AGAIN = "I did not hear an answer."
RESTING = ("Rest as long as you like.", "Say continue when you want to move again.")
EASED = "Good. We take it more gently."
FAREWELL = "Rest a moment before you get up. Goodbye."
OPTIONS = (
    "You can say stop, pause, continue, repeat.",
    "Or skip, slower, louder, how long, or finish.",
)
DEAF = ("I cannot hear you, so we hold still.", "Please check the microphone, or use the keys.")
DEAF_FROM_START = ("I have no microphone, so please use the keys.", "Any key stops at once.")
HEARS_AGAIN = ("I can hear you again.", "Say continue when you want to move again.")

_LOCKED = "Your coach stays locked until you are cleared."


def advice(outcome: Outcome, emergency_number: str) -> tuple[str, ...]:
    """What is said, twice, and shown when a session ends, or does not begin, for safety."""
    number = " ".join(emergency_number)
    return {
        Outcome.EMERGENCY: (
            "We are finished. Please do not move more than needed.",
            f"Call your emergency number now: {number}.",
            _LOCKED,
        ),
        Outcome.TODAY: (
            "We are finished for today.",
            "Please contact a doctor today.",
            _LOCKED,
        ),
        Outcome.UNANSWERED: (
            "I have not heard you, so we stay still.",
            f"If you are in trouble, call {number}.",
            "Numbness, weakness, or bladder trouble is an emergency.",
        ),
        Outcome.ENDED_BY_PAIN: (
            "We end the session here, and rest.",
            "Please talk to a doctor or physical therapist.",
            f"If it gets much worse, call {number}.",
        ),
        Outcome.LOCKED: (
            "Then we do not exercise today.",
            "Please see a doctor or another health professional.",
            f"In an emergency, call {number}.",
        ),
        Outcome.NOT_STARTED: (
            "Then we do not exercise today.",
            "Please talk to a health professional first.",
            f"In an emergency, call {number}.",
        ),
    }[outcome]


def left_out(names: tuple[str, ...]) -> tuple[str, ...]:
    """Says which exercises the user's conditions exclude."""
    return tuple(f"For your safety I leave out: {name}." for name in names)


def summary(done: int, total: int, minutes: int) -> tuple[str, ...]:
    """Of a session that ended well, or early by the user's wish."""
    exercises = f"You did {done} of {total} exercise{'s' if total != 1 else ''}."
    duration = f"It took {minutes} minute{'s' if minutes != 1 else ''}."
    return ("That is the end of our session.", exercises, duration, FAREWELL)


def remaining(minutes: int, exercise: int, total: int) -> tuple[str, ...]:
    about = f"About {minutes} minute{'s' if minutes != 1 else ''} left."
    return (about, f"This is exercise {exercise} of {total}.")
