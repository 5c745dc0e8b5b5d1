"""What may block happens in the background of the loop, and never holds it up."""

import threading

import pytest

from voicecoach.background import Background, Soon


def test_calls_are_made_in_their_order_and_all_before_it_closes() -> None:
    done: list[int] = []
    background = Background("test")
    for i in range(100):
        background.call(done.append, i)
    assert background.close(within_s=10)
    assert done == list(range(100))


@pytest.mark.fault("a disk or terminal that never returns", "holds up nobody")
def test_a_call_that_never_returns_holds_up_nobody() -> None:
    hung = threading.Event()
    done: list[int] = []
    background = Background("test", limit=3)
    background.call(hung.wait)
    for i in range(50):
        background.call(done.append, i)
    assert background.dropped >= 47
    assert not background.close(within_s=0.05)
    hung.set()


def test_a_call_that_is_made_soon_gives_its_result_or_its_error() -> None:
    assert Soon(lambda: 3).result(5) == 3

    def fail() -> int:
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        Soon(fail).result(5)


def test_a_call_that_does_not_return_is_not_waited_for() -> None:
    goes_on = threading.Event()
    with pytest.raises(TimeoutError):
        Soon(goes_on.wait, 30).result(0.05)
    goes_on.set()
