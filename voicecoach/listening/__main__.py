"""The second ear's process, as second.py starts it: python -m voicecoach.listening"""

import contextlib

import msgspec
import numpy as np

from voicecoach.child import give_back, receive, send, served
from voicecoach.listening.intents import Understanding
from voicecoach.listening.second import Answered, Asked, Ready, Unfit
from voicecoach.listening.transcriber import TranscriberAbsent


def main() -> None:
    """Transcribe what standard input brings, until it ends."""
    requests, answers = served()
    with contextlib.suppress(BrokenPipeError):
        try:
            model = Understanding.of_english()
        except TranscriberAbsent as error:
            send(answers, Unfit(str(error)))
            return
        send(answers, Ready())
        give_back()
        while (data := receive(requests)) is not None:
            asked = msgspec.msgpack.decode(data, type=Asked)
            sound = np.frombuffer(asked.sound, np.float32)
            send(answers, Answered(model.transcribe(sound, asked.phrases)))
            give_back()


if __name__ == "__main__":
    main()
