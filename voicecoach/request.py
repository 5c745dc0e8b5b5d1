"""What stands at the two ends of a session: devices or files, as the user asked."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from voicecoach.audio import (
    AudioUnavailable,
    DeviceDuplex,
    Duplex,
    FileDuplex,
    FileMicrophone,
    FileSpeaker,
    SilentMicrophone,
    Sink,
    SoundFileError,
    Source,
    Unhurried,
    is_there,
)
from voicecoach.background import Soon

SOUND_SUFFIXES = frozenset({".wav", ".flac", ".ogg", ".opus", ".oga", ".aif", ".aiff", ".mp3", ".raw"})
VIRTUAL, REAL = "virtual", "real"
DEVICES_S = 10.0
"""How long the sound system may take to name its devices; a moment is usual."""


@dataclass(frozen=True, slots=True)
class Request:
    """What the user asks of `start`, `demo` and `rehearse`."""

    program: str | None = None
    microphone: str | None = None
    """a sound file, or a device's number or part of its name; None for the default device"""
    speaker: str | None = None
    speed: str | None = None
    out: Path | None = None
    hands_free: bool = False
    deaf: bool = False
    """do not use a microphone; the user controls the session by keys"""
    keys: bool = False
    """there is a keyboard to control a session that cannot hear"""
    usual_microphone: str | None = None
    """that of the settings: taken where none was asked for, and if it is there"""
    usual_speaker: str | None = None


def is_sound_file(name: str | None) -> bool:
    return name is not None and (Path(name).suffix.lower() in SOUND_SUFFIXES or Path(name).is_file())


def in_time(opened: Soon[Duplex]) -> Duplex:
    """Raises AudioUnavailable, also if the sound system hangs."""
    try:
        return opened.result(DEVICES_S)
    except TimeoutError:
        raise AudioUnavailable(
            f"The computer's sound system has not answered for {DEVICES_S:g} s. Restart it, or the computer."
        ) from None


def is_real_time(request: Request) -> bool:
    """Whether a device keeps the time, or two files as if they were one."""
    files = (request.deaf or is_sound_file(request.microphone)) and is_sound_file(request.speaker)
    return not files or request.speed == REAL


def duplex_of(request: Request) -> Duplex:
    """The requested pair of microphone and loudspeaker."""
    source: Source | None = None
    if request.deaf:
        source = SilentMicrophone()
    elif request.microphone is not None and is_sound_file(request.microphone):
        source = FileMicrophone(Path(request.microphone))
    sink: Sink | None = None
    if request.speaker is not None and is_sound_file(request.speaker):
        sink = FileSpeaker(Path(request.speaker))
        sink = Unhurried(sink) if is_real_time(request) else sink
    if source is not None and sink is not None:
        return FileDuplex(source, sink, real_time=request.speed == REAL)
    if request.speed == VIRTUAL:
        raise SoundFileError(
            "The virtual clock needs files for both: give --microphone FILE.wav and --speaker FILE.wav."
        )
    microphone = source or request.microphone or _present(request.usual_microphone, output=False)
    return DeviceDuplex(microphone, sink or request.speaker or _present(request.usual_speaker, output=True))


def _present(name: str | None, output: bool) -> str | None:
    return name if name and is_there(name, output) else None


def absent(request: Request, duplex: Duplex) -> Iterator[str]:
    """A sentence for each device of the settings in whose place another one was taken."""
    if not isinstance(duplex, DeviceDuplex):
        return
    microphone, speaker = duplex.names
    for kind, asked_for, usual, index, taken in (
        ("microphone", request.microphone, request.usual_microphone, duplex.input, microphone),
        ("loudspeaker", request.speaker, request.usual_speaker, duplex.output, speaker),
    ):
        named = {str(index), taken}
        if usual and not asked_for and index is not None and not any(_names(usual, each) for each in named):
            yield f"The {kind} {usual!r} of your settings is not there, so {taken!r} is used."


def _names(wanted: str, device: str) -> bool:
    return wanted.lower() in device.lower()
