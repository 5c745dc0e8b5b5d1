"""What a session says: lines are handed to the mixer once they are rendered.

With a real stream nothing waits for the synthesiser: a line that is not there yet is looked for again at
every block. On the virtual clock it is waited for.
"""

import contextlib
from collections import deque
from dataclasses import dataclass, field

from voicecoach.listening import Listener
from voicecoach.screen import Screen
from voicecoach.session import Say, State
from voicecoach.sound import Samples, silence
from voicecoach.speaking import Finished, Mixer, PromptCache, SynthesisError
from voicecoach.units import RATE_HZ, ms_to_samples, samples_to_ms

PATIENT_S = 1.0
"""How long the first exercise waits for the voice before the user is told."""
UNSAID_S = 3.0
"""How long a line may be waited for before the session is told that it cannot be said."""
_STAGGER_MS_A_WORD = 400


@dataclass(slots=True)
class Speech:
    prompts: PromptCache
    mixer: Mixer
    screen: Screen
    listener: Listener | None
    real_time: bool
    _said: dict[int, Say] = field(default_factory=dict)
    """handed to the mixer, by prompt"""
    _waiting: deque[tuple[Say, int]] = field(default_factory=deque)
    """not rendered yet, and since which sample they have been waited for"""
    _held_since: int | None = None
    """the sample since which the first movement waits for the voice"""
    _not_before: int = 0
    """the sample at which the request for patience ends"""
    _unsaid: bool = False

    def say(self, say: Say, state: State) -> None:
        """Say a line as soon as it is rendered, and all before it are said."""
        if say.at_ms is None:
            self.screen.coach(samples_to_ms(self.mixer.at_sample), say.text)
        self._waiting.append((say, self.mixer.at_sample))
        self.prompts.hurry((line, say.wpm) for line in _lines(say))
        if not self.real_time:
            self.prompts.wait()
        self.go_on(state)

    def go_on(self, state: State) -> None:
        """Hand over what is rendered by now. The first movement waits for all lines of a safety stop."""
        while self._waiting:
            say, since = self._waiting[0]
            if self.real_time and state.began_ms is not None and not self.prompts.complete:
                self._wait_for_the_voice(say, state)
                return
            if self.mixer.at_sample < self._not_before:
                return
            clip = self._clip(say, (self.mixer.at_sample - since) / RATE_HZ)
            if clip is None:
                return
            self._waiting.popleft()
            self._said[say.prompt_id] = say
            self.mixer.play(clip, None if say.at_ms is None else ms_to_samples(say.at_ms), say.prompt_id)
            if self.listener:
                self.listener.coach_says(say.text, len(clip) / RATE_HZ)

    def finished(self, done: Finished) -> None:
        """A number of a count is shown when it has sounded, anything else when it begins."""
        said = self._said.pop(done.prompt_id, None)
        if said is not None and said.at_ms is not None:
            self.screen.coach(samples_to_ms(done.start_sample), said.text)

    def hush(self) -> None:
        self._said.clear()
        self._waiting.clear()
        self.mixer.hush()

    def take_unsaid(self) -> bool:
        """Whether a line could not be said since this was last asked."""
        unsaid, self._unsaid = self._unsaid, False
        return unsaid

    def _wait_for_the_voice(self, say: Say, state: State) -> None:
        """The line has its own time from when it may be said; after a while the user is told."""
        now = self.mixer.at_sample
        self._held_since = now if self._held_since is None else self._held_since
        self._waiting[0] = (say, now)
        if self._not_before or now - self._held_since < PATIENT_S * RATE_HZ:
            return
        text = state.language.coach.one_moment
        with contextlib.suppress(SynthesisError):
            clip = self.prompts.said((text,), state.wpm)
            if clip is not None:
                self.screen.coach(samples_to_ms(self.mixer.at_sample), text)
                self.mixer.play(clip)
                self._not_before = self.mixer.at_sample + len(clip)

    def _clip(self, say: Say, waited_s: float) -> Samples | None:
        """The line's sound, None if it is not rendered yet; silence if it cannot be said.

        That is shown, the session pauses (docs/promises.md, R4), and the silence lasts as long as speaking
        would take.
        """
        try:
            clip = self.prompts.said(_lines(say), say.wpm, waited_s)
            if clip is not None or waited_s < UNSAID_S:
                return clip
            reason = f"The voice did not say {say.text!r} within {UNSAID_S:g} s."
        except SynthesisError as error:
            reason = str(error)
        self.screen.notice(reason)
        self._unsaid = True
        return silence(ms_to_samples(_STAGGER_MS_A_WORD * len(say.text.split())))


def _lines(say: Say) -> tuple[str, ...]:
    return say.parts or (say.text,)
