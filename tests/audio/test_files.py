"""Sound files instead of devices: any common format is read as 48 kHz mono; both sides are recorded."""

import os
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest
import soundfile

from voicecoach.audio import (
    FileDuplex,
    FileMicrophone,
    FileSpeaker,
    Recording,
    SilentMicrophone,
    SoundFileError,
    Unhurried,
    read_sound,
)
from voicecoach.sound import Samples, silence
from voicecoach.units import BLOCK, RATE_HZ

ROOT = Path(__file__).resolve().parents[2]
TONE_HZ = 440


def tone(rate_hz: int, seconds: float = 1.0, level: float = 0.5) -> Samples:
    at_s = np.arange(int(rate_hz * seconds)) / rate_hz
    return (level * np.sin(2 * np.pi * TONE_HZ * at_s)).astype(np.float32)


def pitch_hz(sound: Samples) -> float:
    spectrum = np.abs(np.fft.rfft(sound * np.hanning(len(sound))))
    return float(spectrum.argmax() * RATE_HZ / len(sound))


@pytest.mark.parametrize("rate_hz", [8_000, 16_000, 44_100, 48_000, 96_000])
@pytest.mark.parametrize(
    ("suffix", "subtype"), [("wav", "PCM_16"), ("wav", "FLOAT"), ("flac", "PCM_16"), ("ogg", "VORBIS")]
)
def test_every_format_and_rate_is_the_same_tone_inside(
    tmp_path: Path, rate_hz: int, suffix: str, subtype: str
) -> None:
    path = tmp_path / f"user.{suffix}"
    soundfile.write(path, tone(rate_hz), rate_hz, subtype=subtype)
    sound = read_sound(path)
    assert sound.dtype == np.float32
    assert sound.ndim == 1
    assert len(sound) == pytest.approx(RATE_HZ, rel=0.01)
    assert pitch_hz(sound) == pytest.approx(TONE_HZ, abs=2)
    assert np.sqrt(np.mean(sound**2)) == pytest.approx(0.5 / np.sqrt(2), rel=0.06)


@pytest.mark.parametrize("rate_hz", [8_000, 16_000, 48_000])
def test_a_voice_message_in_opus_is_read(tmp_path: Path, rate_hz: int) -> None:
    path = tmp_path / "message.opus"
    soundfile.write(path, tone(rate_hz), rate_hz, format="OGG", subtype="OPUS")
    assert pitch_hz(read_sound(path)) == pytest.approx(TONE_HZ, abs=2)


def test_both_channels_of_a_stereo_recording_count_the_same(tmp_path: Path) -> None:
    """A user recorded on the right channel only was silence when the left one was taken."""
    path = tmp_path / "stereo.wav"
    soundfile.write(path, np.column_stack([silence(RATE_HZ), tone(RATE_HZ)]), RATE_HZ)
    np.testing.assert_allclose(read_sound(path), tone(RATE_HZ) / 2, atol=1e-3)


def test_an_empty_recording_is_a_user_who_says_nothing(tmp_path: Path) -> None:
    for rate_hz in (RATE_HZ, 16_000):
        soundfile.write(tmp_path / "empty.wav", np.zeros(0), rate_hz)
        assert len(read_sound(tmp_path / "empty.wav")) == 0
        assert len(FileMicrophone(tmp_path / "empty.wav").read(BLOCK)) == BLOCK


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SoundFileError, match=r"nobody\.wav: there is no such file"):
        read_sound(tmp_path / "nobody.wav")


@pytest.mark.parametrize("content", [b"", b"RIFF", b"no sound at all" * 50], ids=["empty", "cut", "text"])
def test_a_file_that_is_not_sound_is_named_with_the_formats_that_work(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "broken.flac"
    path.write_bytes(content)
    with pytest.raises(SoundFileError, match=r"broken\.flac: cannot be read.*Opus"):
        read_sound(path)


def claiming(path: Path, rate_hz: int, channels: int = 1, samples: int = 100) -> Path:
    """A sound file of `samples` samples whose header claims this rate and so many channels."""
    soundfile.write(path, np.zeros((samples, channels)), rate_hz, subtype="PCM_16")
    return path


@pytest.mark.fault("a sound file that claims a rate of 1 Hz, or of 2 GHz", "refused with the remedy")
@pytest.mark.parametrize("rate_hz", [1, 7_999, 384_001, 2_000_000_000])
def test_a_sample_rate_that_no_microphone_has_is_refused_with_the_remedy(
    tmp_path: Path, rate_hz: int
) -> None:
    """Resampling a second at 1 Hz took half a minute."""
    path = claiming(tmp_path / "odd.wav", rate_hz)
    with pytest.raises(SoundFileError, match=rf"odd\.wav: .*{rate_hz} Hz.*8000 to 384000.*ffmpeg"):
        read_sound(path)


@pytest.mark.parametrize("rate_hz", [8_000, 11_025, 384_000])
def test_every_rate_that_a_microphone_has_is_read(tmp_path: Path, rate_hz: int) -> None:
    sound = read_sound(claiming(tmp_path / "user.wav", rate_hz, samples=rate_hz // 10))
    assert len(sound) == pytest.approx(RATE_HZ // 10, abs=5)


def test_a_file_of_a_hundred_channels_is_refused_with_the_remedy(tmp_path: Path) -> None:
    path = claiming(tmp_path / "choir.wav", RATE_HZ, channels=100)
    with pytest.raises(SoundFileError, match=r"choir\.wav: .*100 channels.*at most 32.*ffmpeg"):
        read_sound(path)


def test_a_recording_of_days_is_refused_with_the_remedy(tmp_path: Path) -> None:
    """Its header is enough: a few megabytes of FLAC unpack to days of silence, and they filled the memory."""
    path = tmp_path / "days.flac"
    claiming(path, RATE_HZ, samples=5_000)
    data = bytearray(path.read_bytes())
    data[21] |= 0x0F  # the upper bits of the number of samples, 36 bits in all
    path.write_bytes(data)
    with pytest.raises(SoundFileError, match=r"days\.flac: .*22369 minutes.*at most 120.*ffmpeg"):
        read_sound(path)


def test_a_file_without_a_header_is_refused_with_the_formats_that_work(tmp_path: Path) -> None:
    (tmp_path / "user.raw").write_bytes(b"\0" * 100)
    with pytest.raises(SoundFileError, match=r"user\.raw: cannot be read.*FLAC"):
        read_sound(tmp_path / "user.raw")


def test_a_folder_is_not_a_sound_file(tmp_path: Path) -> None:
    with pytest.raises(SoundFileError, match="there is no such file"):
        read_sound(tmp_path)


def test_when_a_recording_ends_the_user_has_fallen_silent(tmp_path: Path) -> None:
    path = tmp_path / "user.wav"
    soundfile.write(path, np.full(BLOCK + 100, 0.5, np.float32), RATE_HZ, subtype="FLOAT")
    microphone = FileMicrophone(path)
    assert (microphone.read(BLOCK) == 0.5).all()
    last = microphone.read(BLOCK)
    assert (last[:100] == 0.5).all()
    assert not last[100:].any()
    for _ in range(3):
        assert len(block := microphone.read(BLOCK)) == BLOCK
        assert not block.any()


def test_the_recording_holds_the_coach_left_and_the_user_right(tmp_path: Path) -> None:
    recording = Recording(tmp_path / "deep/out/session.wav")
    for _ in range(10):
        recording.add(np.full(BLOCK, 0.25, np.float32), np.full(BLOCK, -0.5, np.float32))
    recording.close()
    sound, rate_hz = soundfile.read(tmp_path / "deep/out/session.wav")
    assert (sound.shape, rate_hz) == ((10 * BLOCK, 2), RATE_HZ)
    assert sound[:, 0] == pytest.approx(0.25, abs=1e-3)
    assert sound[:, 1] == pytest.approx(-0.5, abs=1e-3)


@pytest.mark.parametrize("name", ["coach.xyz", "coach", "file/coach.wav"])
def test_a_loudspeaker_file_that_cannot_be_written_is_named(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(SoundFileError, match=r"coach.*cannot be written"):
        FileSpeaker(tmp_path / name)


CRASH = """
import os, sys
from pathlib import Path
import numpy as np
from voicecoach.audio import Recording
recording = Recording(Path(sys.argv[1]))
for _ in range(100):
    recording.add(np.full(960, 0.25, np.float32), np.zeros(960, np.float32))
os._exit(9)
"""


@pytest.mark.fault("a crash while `--out` records", "the file has what was recorded so far")
def test_a_crash_leaves_what_was_recorded_so_far(tmp_path: Path) -> None:
    path = tmp_path / "session.wav"
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    assert subprocess.run([sys.executable, "-c", CRASH, path], env=env).returncode == 9
    assert soundfile.read(path)[0].shape == (100 * BLOCK, 2)


FULL = """
import resource, signal, sys
from pathlib import Path
import numpy as np
from voicecoach.audio import FileSpeaker, Recording
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
block = np.full(960, 0.25, np.float32)
recording = Recording(Path(sys.argv[1]) / "session.wav")
for _ in range(100):
    recording.add(block, block)
recording.close()
print(recording.failure)
speaker = FileSpeaker(Path(sys.argv[1]) / "coach.wav")
for _ in range(100):
    speaker.write(block)
speaker.close()
print(speaker.failure)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="needs a limit on file size")
@pytest.mark.fault("the disk is full while `--out` records", "the recording ends, the session does not")
def test_a_full_disk_ends_the_recording_and_not_the_session(tmp_path: Path) -> None:
    """The recording, or the loudspeaker's file, raised in the middle of a session and ended its safety stop
    (R13)."""
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    ran = subprocess.run([sys.executable, "-c", FULL, tmp_path], env=env, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    recording, speaker = ran.stdout.splitlines()
    assert "session.wav: cannot be written any further" in recording
    assert "coach.wav: cannot be written any further" in speaker
    assert len(soundfile.read(tmp_path / "session.wav")[0]) > BLOCK
    assert len(soundfile.read(tmp_path / "coach.wav")[0]) > BLOCK


@pytest.mark.fault("`--speaker FILE`, and there is such a file", "refused; the file is as it was")
@pytest.mark.parametrize("link", [False, True], ids=["a file", "a link that leads nowhere"])
def test_a_loudspeakers_file_never_takes_the_place_of_another(tmp_path: Path, link: bool) -> None:
    """`--speaker user.wav` overwrote the recording that was the microphone."""
    path = tmp_path / "user.wav"
    if link:
        path.symlink_to(tmp_path / "elsewhere.wav")
    else:
        soundfile.write(path, tone(RATE_HZ), RATE_HZ)
    with pytest.raises(SoundFileError, match=r"user\.wav: exists already; choose another name"):
        FileSpeaker(path)
    assert not (tmp_path / "elsewhere.wav").exists()
    assert link or len(read_sound(path)) == RATE_HZ


def test_a_recording_takes_the_place_of_the_one_before(tmp_path: Path) -> None:
    for blocks in (3, 2):
        recording = Recording(tmp_path / "session.wav")
        for _ in range(blocks):
            recording.add(silence(BLOCK), silence(BLOCK))
        recording.close()
    assert len(read_sound(tmp_path / "session.wav")) == 2 * BLOCK


class Sink:
    failure = ""

    def __init__(self) -> None:
        self.written: list[Samples] = []
        self.closed = False

    def write(self, data: Samples) -> None:
        self.written.append(data)

    def close(self) -> None:
        self.closed = True


@pytest.mark.fault("`--speaker FILE` is on a disk that hangs", "the loop that listens does not wait for it")
def test_a_loudspeakers_file_whose_disk_hangs_keeps_nobody_waiting() -> None:
    answers, hung = threading.Event(), Sink()
    write = hung.write

    def hang(data: Samples) -> None:
        answers.wait(5.0)
        write(data)

    hung.write = hang  # type: ignore[method-assign]
    sink = Unhurried(hung)
    for level in (0.1, 0.2):
        sink.write(np.full(BLOCK, level, np.float32))  # would take five seconds
    assert not hung.written
    answers.set()
    sink.close()
    assert [block[0] for block in hung.written] == pytest.approx([0.1, 0.2])
    assert hung.closed


class Ramp:
    """Plays 0.00, 0.01, 0.02, a block each."""

    def __init__(self) -> None:
        self._levels = iter(range(100))
        self.at_sample = 0

    def render(self, samples: int) -> Samples:
        self.at_sample += samples
        return np.full(samples, next(self._levels) / 100, np.float32)

    hold = render


def test_two_files_are_a_duplex_stream_on_one_clock() -> None:
    sink = Sink()
    duplex = FileDuplex(SilentMicrophone(), sink)
    frames = duplex.frames(Ramp())
    for i in range(5):
        frame = next(frames)
        assert frame.at_sample == i * BLOCK
        assert frame.end_ms == (i + 1) * 20
        assert frame.played[0] == pytest.approx(i / 100)
        assert len(frame.heard) == BLOCK
        assert len(sink.written) == i + 1, "nothing is rendered before the previous frame was handled"
    duplex.close()
    assert sink.closed
