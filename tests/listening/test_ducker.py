"""When the coach is ducked, block by block."""

from collections.abc import Callable

from voicecoach.listening.ducker import FIRST_REST_S, LINGER_S, LONGEST_REST_S, LONGEST_S, Ducker

BLOCK_S = 0.02


def low(ducker: Ducker, from_s: float, to_s: float, somebody: Callable[[float], bool]) -> list[float]:
    """The times at which the coach is ducked. `somebody(at_s)`: whether there is near-end speech."""
    times = [from_s + k * BLOCK_S for k in range(round((to_s - from_s) / BLOCK_S))]
    return [at for at in times if ducker.ducks(somebody(at), at)]


def test_the_coach_is_ducked_at_once_through_short_pauses_and_for_a_hangover_only() -> None:
    found = low(Ducker(), 0.0, 5.0, lambda at: 1.0 <= at < 1.3 or 1.5 <= at < 1.6)
    assert found[0] == 1.0
    assert abs(found[-1] - (1.6 + LINGER_S)) < 0.05
    assert len(found) == round((found[-1] - found[0]) / BLOCK_S) + 1, "without a gap"


def test_a_television_does_not_take_the_coachs_voice_away() -> None:
    """It talks all the time: the coach is ducked for less and less of that."""
    found = low(Ducker(), 0.0, 120.0, lambda at: True)
    assert found[-1] - found[0] > 60, "it is ducked again now and then"
    assert len(found) * BLOCK_S < 10 * LONGEST_S
    late = [at for at in found if at > 60]
    assert len(late) * BLOCK_S <= 60 / LONGEST_REST_S * 1.1 * LONGEST_S


def test_after_a_command_the_next_duck_comes_at_once() -> None:
    ducker = Ducker()
    low(ducker, 0.0, 60.0, lambda at: True)
    ducker.answered()
    assert low(ducker, 61.0, 61.0 + FIRST_REST_S / 2, lambda at: True)[0] == 61.0
