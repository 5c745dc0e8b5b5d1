"""What is read out of PulseAudio's lists: a coach that hears only itself, or is muted, has to know it."""

from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest

from voicecoach.audio import Wiring, WiringWatch
from voicecoach.audio.wiring import wiring_of

PID, ANOTHER_PID = 4711, 12
FULL, ZERO = SimpleNamespace(value_flat=1.0), SimpleNamespace(value_flat=0.0)
SILENT = ({"mute": 1}, {"volume": ZERO})


def stream(pid: int = PID, index: int = 1, **at: int) -> SimpleNamespace:
    """A stream as pulsectl describes it: `at` is `source=` or `sink=` with the index of a device."""
    ours = {"application.process.id": str(pid)}
    return SimpleNamespace(index=index, proplist=ours, mute=0, volume=FULL, **at)


def device(name: str, index: int, monitor_of: str | None = None) -> SimpleNamespace:
    return SimpleNamespace(
        name=name,
        index=index,
        mute=0,
        state="running",
        volume=FULL,
        monitor_of_sink_name=monitor_of,
    )


@dataclass
class Server:
    """Stands in for a connected pulsectl.Pulse: two microphones, two loudspeakers and their monitors."""

    takes: list[SimpleNamespace] = field(default_factory=lambda: [stream(source=10)])
    gives: list[SimpleNamespace] = field(default_factory=lambda: [stream(sink=20)])
    sources: list[SimpleNamespace] = field(
        default_factory=lambda: [
            device("desk microphone", 10),
            device("webcam", 11),
            device("desk speaker.monitor", 12, monitor_of="desk speaker"),
            device("television.monitor", 13, monitor_of="television"),
        ]
    )
    sinks: list[SimpleNamespace] = field(
        default_factory=lambda: [device("desk speaker", 20), device("television", 21)]
    )

    def source_output_list(self) -> list[SimpleNamespace]:
        return self.takes

    def sink_input_list(self) -> list[SimpleNamespace]:
        return self.gives

    def source_list(self) -> list[SimpleNamespace]:
        return self.sources

    def sink_list(self) -> list[SimpleNamespace]:
        return self.sinks

    @property
    def wiring(self) -> Wiring:
        return wiring_of(self, PID)


def changed(where: str, **what: Any) -> Server:
    """A server in which the first of a list is different."""
    server = Server()
    vars(getattr(server, where)[0]).update(what)
    return server


def test_streams_at_working_devices_have_their_names_and_nothing_to_report() -> None:
    assert Server().wiring == Wiring(source="desk microphone", sink="desk speaker")


def test_a_stream_that_was_moved_is_at_its_new_device() -> None:
    assert changed("takes", source=11).wiring == Wiring(source="webcam", sink="desk speaker")
    assert changed("gives", sink=21).wiring == Wiring(source="desk microphone", sink="television")


@pytest.mark.parametrize(("monitor", "own"), [(12, True), (13, False)])
def test_only_the_monitor_of_our_own_loudspeaker_is_our_own_sound(monitor: int, own: bool) -> None:
    assert changed("takes", source=monitor).wiring.own_sound is own


def test_a_loudspeaker_that_moves_to_the_one_we_listen_to_makes_it_our_own_sound() -> None:
    server = changed("takes", source=13)
    server.gives[0].sink = 21
    assert server.wiring.own_sound


@pytest.mark.parametrize("what", SILENT)
@pytest.mark.parametrize("where", ["takes", "sources"])
def test_a_microphone_is_muted_as_a_device_for_us_alone_or_by_a_volume_of_zero(
    where: str, what: dict[str, Any]
) -> None:
    assert changed(where, **what).wiring == Wiring("desk microphone", source_muted=True, sink="desk speaker")


@pytest.mark.parametrize("what", SILENT)
@pytest.mark.parametrize("where", ["gives", "sinks"])
def test_a_loudspeaker_is_muted_as_a_device_for_us_alone_or_by_a_volume_of_zero(
    where: str, what: dict[str, Any]
) -> None:
    assert changed(where, **what).wiring == Wiring("desk microphone", sink="desk speaker", sink_muted=True)


def test_a_device_that_the_server_suspended_is_asleep_and_one_without_sound_is_not() -> None:
    asleep = changed("sources", state="suspended").wiring
    assert asleep == Wiring("desk microphone", source_asleep=True, sink="desk speaker")
    asleep = changed("sinks", state="suspended").wiring
    assert asleep == Wiring("desk microphone", sink="desk speaker", sink_asleep=True)
    assert changed("sinks", state="idle").wiring == Server().wiring


def test_what_other_programs_are_connected_to_does_not_concern_us() -> None:
    server = Server(takes=[stream(ANOTHER_PID, source=12)], gives=[stream(ANOTHER_PID, sink=20)])
    assert server.wiring == Wiring()
    server.takes[0].proplist, server.gives[0].proplist = {}, {}
    assert server.wiring == Wiring()


@pytest.mark.parametrize("newest_first", [True, False])
def test_the_stream_that_was_opened_last_counts(newest_first: bool) -> None:
    """The one before, of a device that hangs, may not be closed yet."""
    takes = [stream(index=2, source=11), stream(index=1, source=12)]
    assert Server(takes=takes if newest_first else takes[::-1]).wiring.source == "webcam"


def test_of_a_device_that_has_just_vanished_nothing_is_known() -> None:
    assert Server(sources=[], sinks=[]).wiring == Wiring()


def test_a_watch_that_has_not_looked_knows_nothing() -> None:
    assert WiringWatch(look=False).wiring is None
