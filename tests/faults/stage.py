"""A session on the virtual clock whose devices fail when the test says so."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import SimpleNamespace
from typing import cast

from voicecoach.audio import Devices, Playback, SilentMicrophone, Source, Wiring, WiringWatch
from voicecoach.inbox import Key
from voicecoach.language import ListeningState
from voicecoach.listening import Verdict
from voicecoach.player import Player
from voicecoach.session import Mode
from voicecoach.sound import Frame, Samples, silence
from voicecoach.speaking import Mixer
from voicecoach.testing import FIXTURES, RememberingScreen, assembled, prepare_home
from voicecoach.units import BLOCK, RATE_HZ

SHORT = str(FIXTURES / "scenes" / "short.toml")


@dataclass
class Failing:
    """Microphone and loudspeaker, each with a switch. What the loudspeaker played is kept."""

    microphone: Source = field(default_factory=SilentMicrophone)
    hears: bool = True
    speaks: bool = True
    lost: bool = False
    wiring: Wiring | None = None
    played: list[Samples] = field(default_factory=list)
    failure: str = ""
    most_blocks: int = 15_000
    """a session that does not end by itself fails the test"""

    @property
    def output_latency_s(self) -> float:
        return 0.0

    def frames(self, playback: Playback) -> Iterator[Frame]:
        for block in range(self.most_blocks):
            played = playback.render(BLOCK)
            self.played.append(played if self.speaks else silence(BLOCK))
            heard = self.microphone.read(BLOCK)
            heard = heard + 1e-5 if self.hears else silence(BLOCK)  # no room is exactly silent
            yield Frame(block * BLOCK, heard, played, self.hears, self.speaks, self.lost)
        raise AssertionError("the session did not end")

    def close(self) -> None:
        pass

    def now_s(self) -> float:
        return len(self.played) * BLOCK / RATE_HZ


@dataclass
class Stage:
    """A returning user's session. `when` is called at every block, with the stage."""

    player: Player
    devices: Failing
    screen: RememberingScreen

    @property
    def now_s(self) -> float:
        return self.devices.now_s()

    @property
    def mode(self) -> Mode:
        return self.player.state.mode

    def press(self, key: str) -> None:
        self.player.inbox.append(Key(key))

    def said(self, text: str, after_s: float = 0.0) -> float:
        """When the coach began to say a line with `text`."""
        return next(
            at_ms / 1000
            for at_ms, line in self.screen.coach_lines
            if text in line and at_ms / 1000 >= after_s
        )

    def plays(self, when: Callable[["Stage"], None]) -> "Stage":
        """The session, played to its end."""
        self.player = replace(self.player, on_block=lambda _: when(self))
        self.player.run()
        return self


def stage(home: Path, devices: Failing | None = None, **settings: object) -> Stage:
    devices = devices or Failing()
    screen = RememberingScreen()
    places = prepare_home({"returning": True, "settings": {"wording": "minimal", **settings}}, home)
    player = assembled(SHORT, places, screen, devices)
    watch = cast(WiringWatch, _Watch(devices))
    player = replace(player, devices=Devices(watch, recorded=False), mixer=Mixer())
    if isinstance(devices.microphone, SilentMicrophone):
        player = replace(player, listener=HearsNothing())
    return Stage(player, devices, screen)


class HearsNothing:
    """An ear where nobody speaks: the real one would come to the same, in half a minute."""

    low = False
    failure = ""
    behind_s = stuck_s = 0.0

    hint = ""

    def hear(self, heard: Samples, played: Samples) -> list[Verdict]:
        return []

    def listen_for(self, state: ListeningState) -> None:
        pass

    def coach_says(self, text: str, duration_s: float) -> None:
        pass

    def forget_room(self) -> None:
        pass

    def close(self) -> None:
        pass


class _Watch(SimpleNamespace):
    """What the sound server would say of the devices."""

    def __init__(self, devices: Failing) -> None:
        self._devices = devices

    @property
    def wiring(self) -> Wiring | None:
        return self._devices.wiring

    def close(self) -> None:
        pass


class Answers:
    """Presses the keys that lead a returning user through the questions, then calls `then` at every block."""

    def __init__(self, then: Callable[[Stage], None]) -> None:
        self._then = then
        self._asked: int | None = None

    def __call__(self, it: Stage) -> None:
        state = it.player.state
        if state.mode is not Mode.INTAKE:
            self._then(it)
        elif state.asking and state.prompt_id != self._asked:
            self._asked = state.prompt_id
            it.press("1" if state.asking == state.protocol.baseline else "n")


def counting(it: Stage) -> bool:
    """Whether a hold is being counted."""
    lines = it.screen.coach_lines
    return it.mode is Mode.MOVING and bool(lines) and lines[-1][1] == "two"
