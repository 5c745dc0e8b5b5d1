"""Before a session: what can be played, what is needed for it, and what comes first on a first visit."""

from dataclasses import dataclass

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from voicecoach.app import library
from voicecoach.care import LOCKING, Exercise, Outcome, next_kept, program_for
from voicecoach.library import Library
from voicecoach.page.rendering import page
from voicecoach.page.watching import Watching
from voicecoach.session.sentences import listed
from voicecoach.storage import Places, Record, load_settings, record_of, rehearsals
from voicecoach.tables import InputError


@dataclass(frozen=True, slots=True)
class Card:
    """A program that can be started."""

    id: str
    name: str
    description: str
    minutes: int
    needs: str
    exercises: tuple[Exercise, ...]
    usual: bool
    """the one that is meant for the user now"""


@dataclass(frozen=True, slots=True)
class Broken:
    """A file of the user's that cannot be used."""

    id: str
    reason: str


@dataclass(frozen=True, slots=True)
class Home:
    cards: tuple[Card, ...]
    broken: tuple[Broken, ...]
    last: str
    """how the last session went, in words; "" if there was none"""
    locked: bool
    """the last session ended for the user's safety"""
    rehearsed: bool
    told: bool
    """the profile is complete"""
    played: bool


def home(places: Places) -> Home:
    """Raises InputError or JournalError."""
    settings = load_settings(places.settings)
    found = library(places, settings)
    record = record_of(places.journal, places.spares, found.protocol)
    answers = {question: kept.answer for question, kept in record.profile.items()}
    past = [account.past for account in record.accounts]
    usual = settings.program or program_for(found.protocol, past, answers)
    cards, broken = [], []
    for name in found.program_ids:
        try:
            cards.append(_card(found, name, usual))
        except InputError as error:
            broken.append(Broken(name, str(error)))
    return Home(
        cards=tuple(sorted(cards, key=lambda card: not card.usual)),
        broken=tuple(broken),
        last=_last(record),
        locked=bool(past) and past[-1].outcome in LOCKING,
        rehearsed=rehearsals.any_passed(places.rehearsals),
        told=next_kept(found.protocol, answers) is None,
        played=bool(record.accounts),
    )


def _card(found: Library, name: str, usual: str) -> Card:
    program = found.program(name)
    things = dict.fromkeys(thing for exercise in program.exercises for thing in exercise.equipment)
    needs = listed(found.language, [found.language.care.equipment[thing] for thing in things])
    minutes = found.minutes(program)
    return Card(name, program.name, program.description, minutes, needs, program.exercises, name == usual)


def _last(record: Record) -> str:
    if not record.accounts:
        return ""
    account = record.accounts[-1]
    ended = (
        "completed" if account.past.outcome is Outcome.COMPLETED else f"ended: {account.past.outcome.value}"
    )
    return f"{account.began:%A, %d %B}: {account.past.program}, {account.minutes:.0f} minutes, {ended}"


def routes(places: Places, watching: Watching) -> list[BaseRoute]:
    async def show(request: Request) -> Response:
        if watching.playing or watching.problem:
            return RedirectResponse(f"{request.scope['root_path']}/session", 303)
        return page(request, "home.html", home=await run_in_threadpool(home, places))

    return [Route("/", show)]
