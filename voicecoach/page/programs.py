"""A program or an exercise: what it looks like, how it will be spoken, who should leave it out."""

from collections.abc import Callable
from dataclasses import dataclass

from markupsafe import Markup
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from voicecoach.care import Breaths, Exercise, Hold, Program, Timed
from voicecoach.drawing import scene, still
from voicecoach.page.known import Known, known, next_time, user_of
from voicecoach.page.rendering import page
from voicecoach.page.watching import Watching
from voicecoach.report.planned import Planned
from voicecoach.report.spoken import Line, alone, spoken
from voicecoach.session.sentences import equipment
from voicecoach.storage import Places


@dataclass(frozen=True, slots=True)
class Step:
    """An exercise of the program."""

    exercise: Exercise
    dose: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    program: Program
    minutes: int
    needs: str
    steps: tuple[Step, ...]
    planned: Planned | None
    """as it would be played for this user; None for an exercise alone"""
    frames: tuple[Markup, ...]
    """drawings of an exercise alone"""
    unsuited: tuple[str, ...]
    """the conditions with which something of it is left out"""
    mistakes: tuple[str, ...]


def program_shown(places: Places, name: str) -> Shown:
    """Raises HTTPException if there is none, InputError or JournalError."""
    here = known(places)
    if name not in here.library.program_ids:
        raise HTTPException(404)
    program = here.library.program(name)
    return _shown(here, program, next_time(program, here, user_of(places, here)))


def exercise_shown(places: Places, name: str) -> Shown:
    """Raises HTTPException if there is none."""
    here = known(places)
    if name not in here.library.exercises:
        raise HTTPException(404)
    return _shown(here, alone(here.library.exercises[name]), None)


def _shown(here: Known, program: Program, planned: Planned | None) -> Shown:
    language = here.library.language
    lines = [*spoken(program, language, here.settings.wording)]
    unsuited = {c.replace("_", " ") for e in program.exercises for c in e.contraindications}
    return Shown(
        program=program,
        minutes=here.library.minutes(program),
        needs=equipment(language, program),
        steps=tuple(
            Step(exercise, _dose(exercise), tuple(line for line in lines if line.exercise == exercise.id))
            for exercise in {e.id: e for e in program.exercises}.values()
        ),
        planned=planned,
        frames=_frames(program.exercises[0]) if planned is None else (),
        unsuited=tuple(sorted(unsuited)),
        mistakes=here.told,
    )


def _dose(exercise: Exercise) -> str:
    match exercise.dose:
        case Hold(hold_s=hold_s):
            one = f"{hold_s} seconds"
        case Breaths(breaths=breaths):
            one = f"{breaths} breaths"
        case Timed(duration_s=duration_s):
            one = f"{duration_s} seconds"
    rounds = f"{exercise.sets} times {one}" if exercise.sets > 1 else one
    return f"{rounds} on each side" if exercise.sides else rounds


def _frames(exercise: Exercise) -> tuple[Markup, ...]:
    """The drawing at each moment of the movement; none if there is no drawing."""
    if exercise.figure is None:
        return ()
    drawn = scene(exercise.figure, exercise.sides[0] if exercise.sides else None)
    names = (f"{exercise.name}, {n} of {len(drawn.frames)}" for n in range(1, len(drawn.frames) + 1))
    return tuple(Markup(still(drawn, n, name)) for n, name in enumerate(names))


def routes(places: Places, _: Watching) -> list[BaseRoute]:
    def shows(template: str, found: Callable[[Places, str], Shown]) -> Callable[[Request], object]:
        async def show(request: Request) -> Response:
            shown = await run_in_threadpool(found, places, request.path_params["name"])
            return page(request, template, shown=shown, mistakes=shown.mistakes)

        return show

    return [
        Route("/program/{name}", shows("program.html", program_shown)),
        Route("/exercise/{name}", shows("exercise.html", exercise_shown)),
    ]
