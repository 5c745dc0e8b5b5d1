"""voicecoach exercise: exercises of one's own, with all that the coach says in them."""

import click

from voicecoach.app import users_library
from voicecoach.cli.own import begin
from voicecoach.library import meant
from voicecoach.storage import Places
from voicecoach.tables import InputError

_TEMPLATE = """\
# An exercise of your own. To see what is wrong with it: voicecoach exercise check {name}
# To see how it will be spoken: voicecoach show {name}
# At most ten words a sentence, one idea each; position, movement, how long, the way out.
section = "Own"
position = "back"        # back, side, front, hands_and_knees, kneeling, chair, standing
equipment = ["mat"]      # mat, chair, foam roller
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
"""


@click.group()
def exercise() -> None:
    """Make exercises of your own, for programs of your own.

    \b
    Examples:  voicecoach exercise new heel_lift       writes a file to begin with
               voicecoach exercise check heel_lift
    """


@exercise.command()
@click.argument("name")
def new(name: str) -> None:
    """Write a template of exercise NAME into your folder.

    \b
    Examples:  voicecoach exercise new heel_lift
    """
    begin(Places.of_user().own_exercises, name, _TEMPLATE)


@exercise.command()
@click.argument("exercise", metavar="NAME")
def check(exercise: str) -> None:
    """Check exercise NAME of your folder.

    \b
    Examples:  voicecoach exercise check heel_lift
    """
    library = users_library(Places.of_user())  # refuses a wrong file with its key
    found = library.exercises.get(exercise)
    if found is None:
        known = f"The exercises are {', '.join(library.exercises)}."
        raise InputError(f"There is no exercise {exercise!r}.{meant(exercise, library.exercises)} {known}")
    click.echo(f"{found.name}: as it should be. To read it: voicecoach show {found.id}")
