"""A rehearsal in the user's room: is "stop" heard in this microphone, even over this loudspeaker?

The coach is silent, then speaks, then asks for the word three times, the last time while it is speaking. The
measurements become a verdict in plain words, with a remedy; it is remembered for this pair of devices.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np

from voicecoach.audio import AudioUnavailable, Duplex
from voicecoach.language import Command, Language, ListeningState
from voicecoach.listening import NARROW_REMEDY, Bandwidth, Ear, RecognitionModel, is_narrow
from voicecoach.sound import Samples, level_db
from voicecoach.speaking import Mixer, PromptCache
from voicecoach.units import BLOCK, RATE_HZ

WPM = 150
NOISE_S, ANSWER_S, GAP_S = 2.0, 4.0, 0.6
GONE_S = 3.0
LOUD_PEAK = 0.95
OVERDRIVEN_DB = 3.0
"""Peaks this far over what the loudspeaker can play sound as a rasp, and hide words spoken over the coach."""
NOISY_DB = -38.0
INAUDIBLE_DB = 6.0
"""The microphone picks up the coach if the echo is this much louder than the room."""


@dataclass(frozen=True, slots=True)
class Measured:
    """The measurements. Levels are relative to full scale, over whole blocks."""

    noise_db: float
    echo_db: float
    """level in the microphone while the coach spoke"""
    echo_peak: float
    echo_loss_db: float
    """how much of `echo_db` the canceller removes"""
    delay_ms: float | None
    over_db: float
    """how far the coach's peaks exceed what the loudspeaker can play"""
    quiet: tuple[bool, ...]
    """for each request while the coach was silent: whether "stop" was heard"""
    over: bool
    """whether "stop" was heard while the coach spoke"""
    limit_hz: float | None
    """up to which frequency the microphone passes sound; None: not enough was heard"""


@dataclass(frozen=True, slots=True)
class Verdict:
    passed: bool
    sentences: tuple[str, ...]


def judged(m: Measured) -> Verdict:
    """What the measurements mean, and what to do. Pure."""
    heard_back = m.echo_db - m.noise_db > INAUDIBLE_DB
    passed = all(m.quiet) and m.over
    said = []
    if passed:
        said.append("Well done: I hear you, also while I speak.")
    elif all(m.quiet):
        said.append("I hear you while I am silent, but not over my own voice.")
        said.append("Turn me down, or use a headset with a cable, and rehearse again.")
    else:
        said.append(f"I heard you {sum(m.quiet)} of {len(m.quiet)} times while I was silent.")
        said.append("Move the microphone nearer, or keep a hand on the keyboard: any key stops.")
    if is_narrow(m.limit_hz):
        said.append("The microphone passes no high tones, as a Bluetooth headset in a call: I miss words.")
        said.append(NARROW_REMEDY)
    if m.echo_peak > LOUD_PEAK:
        said.append("I am so loud that the microphone is overdriven: turn me down.")
    if m.over_db > OVERDRIVEN_DB:
        said.append("The loudspeaker is overdriven: turn me down a little, and I hear you better.")
    if m.noise_db > NOISY_DB:
        said.append("It is loud in the room: close the window, or move the microphone nearer.")
    if heard_back and m.delay_ms is None:
        said.append("I could not find my own voice in the microphone: another program may be changing it.")
    return Verdict(passed, tuple(said))


@dataclass(slots=True)
class Rehearsal:
    duplex: Duplex
    prompts: PromptCache
    model: RecognitionModel
    language: Language
    tell: Callable[[str], None]
    """called with every line the coach says, for the screen"""
    _mixer: Mixer = field(default_factory=Mixer)
    _bandwidth: Bandwidth = field(default_factory=Bandwidth)
    _stopped: bool = False

    def run(self) -> Measured:
        """Rehearse and return the measurements.

        Raises AudioUnavailable if the devices deliver nothing, or SynthesisError.
        """
        lines = self.language.coach.rehearsal
        talk = (lines.introduction, *lines.learning)
        said = (*talk, lines.ask, lines.ask_over, *lines.meanwhile)
        self.prompts.ahead((line, WPM) for line in said)
        for line in said:
            self.prompts.clip(line, WPM)  # now, so that nothing is rendered while the stream runs
        self.prompts.close()
        ear = Ear(self.model, self.language.vocabulary, ListeningState.HOLDING)
        try:
            frames = self._frames(ear)
            next(frames)
            noise = np.concatenate([heard for heard, _ in self._for(frames, NOISE_S)])
            spoken = [pair for line in talk for pair in self._say(frames, line)]
            echo, left = map(np.concatenate, zip(*spoken[len(spoken) // 2 :], strict=True))
            quiet = tuple(self._asked(frames, ear, (lines.ask,), over=False) for _ in range(2))
            over = self._asked(frames, ear, (lines.ask_over, *lines.meanwhile), over=True)
        finally:
            self.duplex.close()
        delay_s = ear.echo_delay_s
        echo_db = level_db(echo)
        return Measured(
            noise_db=level_db(noise),
            echo_db=echo_db,
            echo_peak=max(float(np.abs(heard).max()) for heard, _ in spoken),
            echo_loss_db=echo_db - level_db(left),
            delay_ms=None if delay_s is None else 1000 * delay_s,
            over_db=ear.loudspeaker_over_db,
            quiet=quiet,
            over=over,
            limit_hz=self._bandwidth.limit_hz,
        )

    def _frames(self, ear: Ear) -> Iterator[tuple[Samples, Samples]]:
        """What was heard, and what the canceller left of it, block by block; "stop" sets `_stopped`."""
        missing = 0
        for frame in self.duplex.frames(self._mixer):
            missing = 0 if frame.hears and frame.speaks else missing + 1
            if missing * BLOCK > GONE_S * RATE_HZ:
                raise AudioUnavailable(
                    "The sound devices deliver nothing. Unplug them and plug them in again."
                )
            self._bandwidth.hear(frame.heard)
            noticed = ear.hear(frame.heard, frame.played)
            self._stopped |= any(n.decision.command is Command.STOP and n.decision.sure for n in noticed)
            yield frame.heard, ear.cleaned.block

    def _for(
        self, frames: Iterator[tuple[Samples, Samples]], seconds: float
    ) -> Iterator[tuple[Samples, Samples]]:
        until = self._mixer.at_sample + round(seconds * RATE_HZ)
        while self._mixer.at_sample < until:
            yield next(frames)

    def _say(self, frames: Iterator[tuple[Samples, Samples]], line: str) -> Iterator[tuple[Samples, Samples]]:
        clip = self.prompts.clip(line, WPM)
        self.tell(line)
        self._mixer.play(clip)
        yield from self._for(frames, len(clip) / RATE_HZ)

    def _asked(
        self, frames: Iterator[tuple[Samples, Samples]], ear: Ear, lines: tuple[str, ...], over: bool
    ) -> bool:
        """Whether "stop" was heard after the first line: over the other lines, or in the silence."""
        first, *others = lines
        ear.coach_says(first, ear.now_s + len(self.prompts.clip(first, WPM)) / RATE_HZ)
        list(self._say(frames, first))
        self._stopped = False
        for line in others:
            list(self._say(frames, line))
            list(self._for(frames, GAP_S))
        if not over:
            list(self._for(frames, ANSWER_S))
        return self._stopped
