"""Why the coach cannot hear or be heard: minutes of it in microseconds."""

from dataclasses import replace

import numpy as np
import pytest

from voicecoach.audio import LoudspeakerPulse, MicrophonePulse, Wiring
from voicecoach.audio.device_duplex import DEAD_S
from voicecoach.audio.pulse import (
    DEAF_AFTER_S,
    LOST_LATELY,
    MUTED_AFTER_S,
    RECOVERED_S,
    SETTLED_S,
    SPEECHLESS_AFTER_S,
    UNDECIDED_S,
)
from voicecoach.session import Trouble
from voicecoach.sound import Frame, silence
from voicecoach.units import BLOCK, RATE_HZ

BLOCKS_A_SECOND = RATE_HZ // BLOCK
ROOM = Frame(0, np.full(BLOCK, 1e-5, np.float32), silence(BLOCK))
ZEROS = replace(ROOM, heard=silence(BLOCK))
NO_MICROPHONE = replace(ZEROS, hears=False)
NO_SPEAKER = replace(ROOM, speaks=False)
NOTHING = replace(ZEROS, hears=False, speaks=False)
LOST = replace(ROOM, lost=True)
WIRED = Wiring(source="desk microphone", sink="desk speaker")


def felt(pulse: MicrophonePulse, frame: Frame, seconds: float, wiring: Wiring | None = None) -> list[Trouble]:
    """The reasons reported during `seconds` of `frame`."""
    said = [pulse.felt(frame, wiring) for _ in range(round(seconds * BLOCKS_A_SECOND))]
    return [reason for reason in said if reason]


def spoken(
    pulse: LoudspeakerPulse, frame: Frame, seconds: float, wiring: Wiring | None = None
) -> list[Trouble]:
    said = [pulse.felt(frame, wiring) for _ in range(round(seconds * BLOCKS_A_SECOND))]
    return [reason for reason in said if reason]


def test_a_quiet_room_is_not_taken_for_a_muted_microphone() -> None:
    pulse = MicrophonePulse()
    assert felt(pulse, ROOM, 60, WIRED) == []
    assert not pulse.deaf


@pytest.mark.fault(
    "the microphone is muted: exact zeros", "deaf after ten seconds, or at once if the system says so"
)
def test_exact_zeros_are_a_muted_microphone_and_are_reported_once() -> None:
    pulse = MicrophonePulse()
    assert felt(pulse, ZEROS, MUTED_AFTER_S - 0.1) == []
    assert felt(pulse, ZEROS, 60) == [Trouble.MICROPHONE_MUTED]


def test_what_the_system_says_is_muted_is_muted_at_once() -> None:
    muted = replace(WIRED, source_muted=True)
    assert felt(MicrophonePulse(), ZEROS, DEAF_AFTER_S, muted) == [Trouble.MICROPHONE_MUTED]


def test_any_sound_restarts_the_time_until_muted() -> None:
    pulse = MicrophonePulse()
    for _ in range(5):
        assert felt(pulse, ZEROS, MUTED_AFTER_S - 1) == []
        pulse.felt(ROOM)


def test_missing_frames_are_a_microphone_that_has_gone() -> None:
    pulse = MicrophonePulse()
    assert felt(pulse, NO_MICROPHONE, DEAF_AFTER_S - 0.02) == []
    assert felt(pulse, NO_MICROPHONE, 60) == [Trouble.MICROPHONE_GONE]


@pytest.mark.fault(
    "frames cease in both directions", "the hold is frozen after half a second; the cause is named later"
)
def test_while_both_directions_are_missing_the_cause_is_not_guessed() -> None:
    pulse = MicrophonePulse()
    assert felt(pulse, NOTHING, UNDECIDED_S - 0.02) == [Trouble.INTERRUPTED]
    assert felt(pulse, NOTHING, 60) == [Trouble.MICROPHONE_GONE]


def test_if_the_loudspeaker_was_the_cause_the_microphone_is_not_blamed() -> None:
    pulse = MicrophonePulse()
    blocks = round((UNDECIDED_S - 0.1) * BLOCKS_A_SECOND)
    assert not any(pulse.felt(NOTHING, WIRED, explained=True) for _ in range(blocks))
    assert felt(pulse, ROOM, 5, WIRED) == []


@pytest.mark.fault(
    "the sound system suspends the microphone", "that is said, and nothing else while it lasts"
)
def test_a_microphone_put_to_sleep_is_called_that_also_while_it_is_opened_again() -> None:
    pulse = MicrophonePulse()
    asleep = replace(WIRED, source_asleep=True)
    assert felt(pulse, NO_MICROPHONE, 1, asleep) == [Trouble.MICROPHONE_ASLEEP]
    assert felt(pulse, NO_MICROPHONE, 5, Wiring()) == []


@pytest.mark.fault(
    "frames come too late, but the sound system still has the microphone", "the computer is called busy"
)
def test_frames_that_are_late_while_the_system_has_the_microphone_are_a_busy_computer() -> None:
    assert felt(MicrophonePulse(), NO_MICROPHONE, DEAD_S - 0.1, WIRED) == [Trouble.BUSY]


@pytest.mark.fault(
    "1 % and 20 % of blocks lost sound", "single ones are not noticed; many are a busy computer"
)
@pytest.mark.parametrize(("every", "reasons"), [(100, []), (5, [Trouble.BUSY])])
def test_lost_sound_is_a_busy_computer_if_it_happens_often(every: int, reasons: list[Trouble]) -> None:
    """A busy computer was called "The microphone has gone", and the flags were never read."""
    pulse = MicrophonePulse()
    felt(pulse, ROOM, SETTLED_S)
    said = [pulse.felt(LOST if i % every == 0 else ROOM) for i in range(60 * BLOCKS_A_SECOND)]
    assert [reason for reason in said if reason] == reasons


def test_a_stream_that_has_just_begun_may_lose_some_blocks() -> None:
    assert felt(MicrophonePulse(), LOST, SETTLED_S - 0.1) == []
    assert LOST_LATELY < (SETTLED_S - 0.1) * BLOCKS_A_SECOND


def test_a_recogniser_that_lags_is_a_busy_computer_and_one_that_does_not_return_is_stuck() -> None:
    assert MicrophonePulse().felt(ROOM, behind_s=0.49) is None
    assert MicrophonePulse().felt(ROOM, behind_s=0.5) is Trouble.BUSY
    assert MicrophonePulse().felt(ROOM, behind_s=0.5, stuck_s=0.5) is Trouble.EAR_STUCK


@pytest.mark.fault(
    "capture moves to another microphone", "that is said; after two good seconds it is the one to use"
)
def test_another_microphone_than_chosen_is_noticed_and_then_taken() -> None:
    """A microphone was unplugged, the server took another, and frames never ceased: 75 s of exercise."""
    pulse = MicrophonePulse()
    assert felt(pulse, ROOM, 5, WIRED) == []
    other = replace(WIRED, source="webcam")
    assert felt(pulse, ROOM, RECOVERED_S, other) == [Trouble.MICROPHONE_MOVED]
    assert not pulse.recovered()
    pulse.felt(ROOM, other)
    assert pulse.recovered()


@pytest.mark.fault(
    "capture moves to the monitor of the loudspeaker", "deaf for as long as that lasts; nothing heard counts"
)
def test_hearing_nothing_but_itself_is_deafness_for_as_long_as_it_lasts() -> None:
    pulse = MicrophonePulse()
    felt(pulse, ROOM, 1, WIRED)
    own = Wiring(source="desk speaker.monitor", own_sound=True, sink="desk speaker")
    assert felt(pulse, ROOM, 60, own) == [Trouble.OWN_SOUND]
    assert not pulse.recovered()


def test_recovery_needs_two_good_seconds_and_is_reported_once() -> None:
    """At its limit a computer flapped between "gone" and "I can hear you again" for minutes."""
    pulse = MicrophonePulse()
    felt(pulse, NO_MICROPHONE, 1)
    felt(pulse, ROOM, RECOVERED_S - 0.1)
    assert not pulse.recovered()
    felt(pulse, NO_MICROPHONE, 1)
    felt(pulse, ROOM, RECOVERED_S)
    assert pulse.recovered()
    assert not pulse.recovered()


def test_after_recovery_deafness_is_reported_again() -> None:
    pulse = MicrophonePulse()
    assert felt(pulse, ZEROS, MUTED_AFTER_S + 1) == [Trouble.MICROPHONE_MUTED]
    felt(pulse, ROOM, RECOVERED_S)
    assert pulse.recovered()
    assert felt(pulse, ZEROS, MUTED_AFTER_S + 1) == [Trouble.MICROPHONE_MUTED]
    assert felt(pulse, NO_MICROPHONE, 1) == [Trouble.MICROPHONE_GONE], "another reason is told, too"


@pytest.mark.fault(
    "samples that are no sound (NaN, infinite, 1e30)", "deaf after half a second; heard again afterwards"
)
@pytest.mark.parametrize("sample", [np.nan, np.inf, -np.inf, 1e30])
def test_numbers_that_are_no_sound_are_deafness_after_half_a_second(sample: float) -> None:
    """The pulse reported health while the canceller's output was NaN for good."""
    pulse, block = MicrophonePulse(), ROOM.heard.copy()
    block[100] = sample
    invalid = replace(ROOM, heard=block)
    assert felt(pulse, invalid, DEAF_AFTER_S - 0.02) == []
    assert felt(pulse, invalid, 1) == [Trouble.MICROPHONE_INVALID]
    assert not pulse.recovered()
    felt(pulse, ROOM, RECOVERED_S)
    assert pulse.recovered()


def test_a_loudspeaker_that_takes_nothing_for_two_seconds_has_gone() -> None:
    pulse = LoudspeakerPulse()
    assert spoken(pulse, NO_SPEAKER, SPEECHLESS_AFTER_S - 0.02) == []
    assert spoken(pulse, NO_SPEAKER, 60) == [Trouble.SPEAKER_GONE]
    assert spoken(pulse, ROOM, RECOVERED_S) == []
    assert pulse.recovered()


@pytest.mark.fault(
    "the loudspeaker is muted, or its volume is zero",
    "the session is told at once, and pauses",
)
def test_a_muted_loudspeaker_is_noticed_at_once() -> None:
    muted = replace(WIRED, sink_muted=True)
    assert spoken(LoudspeakerPulse(), ROOM, 5, muted) == [Trouble.SPEAKER_MUTED]


@pytest.mark.fault(
    "the sound system suspends the loudspeaker", "it is called that, and not a microphone that has gone"
)
def test_a_loudspeaker_put_to_sleep_is_called_that() -> None:
    asleep = replace(WIRED, sink_asleep=True)
    pulse = LoudspeakerPulse()
    assert spoken(pulse, NO_SPEAKER, 1, asleep) == [Trouble.SPEAKER_ASLEEP]
    assert spoken(pulse, NO_SPEAKER, 5, Wiring()) == [], "also while it is opened again"


def test_another_loudspeaker_is_noticed_and_the_session_can_go_on_with_it() -> None:
    pulse = LoudspeakerPulse()
    assert spoken(pulse, ROOM, 5, WIRED) == []
    other = replace(WIRED, sink="television")
    assert spoken(pulse, ROOM, RECOVERED_S + 0.1, other) == [Trouble.SPEAKER_MOVED]
    assert pulse.recovered()
