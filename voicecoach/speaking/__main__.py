"""The process that renders lines, as rendering.py starts it: python -m voicecoach.speaking VOICE"""

import contextlib
import sys

import msgspec
import numpy as np

from voicecoach.child import give_back, receive, send, served
from voicecoach.speaking.loudness import levelled
from voicecoach.speaking.pace import Paced
from voicecoach.speaking.pyttsx3_voice import Pyttsx3Voice
from voicecoach.speaking.rendering import Refused, Rendered, Started, Wanted
from voicecoach.speaking.synthesiser import SynthesisError


def main(voice: str) -> None:
    """Render what standard input asks for, until it ends."""
    requests, answers = served()
    with contextlib.suppress(BrokenPipeError):
        try:
            synthesiser = Paced(Pyttsx3Voice(voice))
        except SynthesisError as error:
            send(answers, Refused(str(error)))
            return
        send(answers, Started())
        while (data := receive(requests)) is not None:
            wanted = msgspec.msgpack.decode(data, type=Wanted)
            try:
                clip, rate_hz = synthesiser.render(wanted.text, wanted.wpm)
                pcm = np.round(levelled(clip, rate_hz) * 32_767).astype(np.int16)
                send(answers, Rendered(pcm.tobytes(), rate_hz))
            except SynthesisError as error:
                send(answers, Refused(str(error)))
            give_back()


if __name__ == "__main__":
    main(sys.argv[1])
