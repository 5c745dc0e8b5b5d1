"""Programs and exercises of the user's own: a template to begin with, and what is wrong with each file."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from voicecoach.files import write_new
from voicecoach.library import Library
from voicecoach.storage import Places
from voicecoach.tables import InputError


class Kind(StrEnum):
    PROGRAM = "program"
    EXERCISE = "exercise"


@dataclass(frozen=True, slots=True)
class OwnFile:
    kind: Kind
    path: Path
    title: str = ""
    """what it is called, if it is as it should be"""
    mistake: str = ""

    @property
    def id(self) -> str:
        return self.path.stem


def folder(places: Places, kind: Kind) -> Path:
    return places.own_programs if kind is Kind.PROGRAM else places.own_exercises


def begin(places: Places, kind: Kind, name: str) -> Path:
    """Write a template called `name`. Raises InputError if there is such a file, or no such name."""
    if not name.isidentifier() or len(name) > LONGEST_NAME:
        raise InputError(f"{name!r} cannot be a name: use letters, digits and _, and begin with a letter.")
    path = folder(places, kind) / f"{name}.toml"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_new(path, _TEMPLATES[kind].format(name=name, title=name.replace("_", " ").strip().capitalize()))
    except FileExistsError:
        raise InputError(f"{path} is there already: change it, or choose another name.") from None
    except OSError as error:
        raise InputError(f"{path}: cannot be written ({error}).") from error
    return path


def own_files(places: Places, library: Library, mistakes: dict[Path, InputError]) -> tuple[OwnFile, ...]:
    """Every file, checked. `library` was loaded with these `mistakes`."""
    exercises = (_exercise(path, library, mistakes) for path in sorted(places.own_exercises.glob("*.toml")))
    programs = (_program(path, library) for path in sorted(places.own_programs.glob("*.toml")))
    return (*programs, *exercises)


def _exercise(path: Path, library: Library, mistakes: dict[Path, InputError]) -> OwnFile:
    if path in mistakes:
        return OwnFile(Kind.EXERCISE, path, mistake=str(mistakes[path]))
    return OwnFile(Kind.EXERCISE, path, library.exercises[path.stem].name)


def _program(path: Path, library: Library) -> OwnFile:
    try:
        return OwnFile(Kind.PROGRAM, path, library.program(path.stem).name)
    except InputError as error:
        return OwnFile(Kind.PROGRAM, path, mistake=str(error))


LONGEST_NAME = 40

_TEMPLATES = {
    Kind.PROGRAM: """\
# A program of your own. To see what is wrong with it: voicecoach program check {name}
# To see how it will be spoken: voicecoach show {name}. The exercises: voicecoach show anything
name = "{title}"
description = "What it is for, in a few words."
gentle = false           # true: the shorter holds of a first session
# prescribed = true      # a professional has set these doses: holds may be longer than usual
exercises = [
    {{ id = "pelvic_tilt", sets = 5 }},
    {{ id = "knee_rolls", breaths = 6 }},
    {{ id = "bridge", hold_s = 5, sets = 5 }},
]
""",
    Kind.EXERCISE: """\
# An exercise of your own. To see what is wrong with it: voicecoach exercise check {name}
# To see how it will be spoken: voicecoach show {name}
# At most ten words a sentence, one idea each; position, movement, how long, the way out.
section = "Own"
position = "back"        # back, side, front, hands_and_knees, kneeling, chair, standing
equipment = ["mat"]      # mat, chair, wall, foam roller
movement = ["flexion"]   # flexion, extension, rotation, side_bend, stability
sides = []               # ["left", "right"], with a line for each in lines.sides
sets = 3
setup_s = 10             # time to get ready
rest_s = 5
contraindications = []   # the conditions with which it is left out: voicecoach profile show
substitutes = ["seated_pelvic_tilt"]   # what may take its place, the most alike first

[dose]
kind = "hold"            # or breath (breaths, in_s, out_s), or timed (duration_s, gentle_duration_s)
hold_s = 5
hold_max_s = 10          # no program may ask for more, unless a professional prescribes it
gentle_hold_s = 3

[lines]
name = "{title}"
set_up = ["Lie on your back.", "Bend both knees, feet flat on the floor."]
steps = ["Say here what moves, and where to."]
way_out = "To come out, let everything sink down."
brief = ["The movement in one sentence."]
begin = "Begin, and hold."
end = "And let go."
ease_out = ["Let everything sink down.", "Rest there, and breathe softly."]
cautions = []
""",
}
