"""Before a session: what can be played, what is needed for it, and what comes first on a first visit."""

from dataclasses import dataclass

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from voicecoach.care import Exercise, Outcome, next_kept
from voicecoach.library import Library
from voicecoach.page.forms import go_to
from voicecoach.page.known import Known, known, user_of
from voicecoach.page.rendering import page
from voicecoach.page.watching import Watching
from voicecoach.report.days import spelled
from voicecoach.session.sentences import equipment
from voicecoach.storage import Places, Record, rehearsals
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
    mistakes: tuple[str, ...]

    @property
    def first(self) -> Card | None:
        """What a new user is led to."""
        return next((card for card in self.cards if card.usual), None)


def home(places: Places) -> Home:
    """Raises JournalError."""
    here = known(places)
    user = user_of(places, here)
    cards, broken = [], []
    for name in here.library.program_ids:
        try:
            cards.append(_card(here.library, name, user.usual))
        except InputError as error:
            broken.append(Broken(name, str(error)))
    return Home(
        cards=tuple(sorted(cards, key=lambda card: not card.usual)),
        broken=tuple(broken),
        last=_last(here, user.record),
        locked=user.record.locking is not None,
        rehearsed=rehearsals.any_passed(places.rehearsals),
        told=next_kept(here.library.protocol, user.record.answers) is None,
        played=bool(user.record.accounts),
        mistakes=here.told,
    )


def _card(found: Library, name: str, usual: str) -> Card:
    program = found.program(name)
    needs, minutes = equipment(found.language, program), found.minutes(program)
    return Card(name, program.name, program.description, minutes, needs, program.exercises, name == usual)


def _last(here: Known, record: Record) -> str:
    if not record.accounts:
        return ""
    account = record.accounts[-1]
    outcome = account.past.outcome
    ended = "completed" if outcome is Outcome.COMPLETED else f"ended: {outcome.value}"
    program = here.program_name(account.past.program)
    return f"{spelled(account.day)}, {program}, {account.minutes:.0f} minutes, {ended}"


def routes(places: Places, watching: Watching) -> list[BaseRoute]:
    async def show(request: Request) -> Response:
        if watching.playing or watching.problem:
            return go_to(request, "session")
        found = await run_in_threadpool(home, places)
        return page(request, "home.html", home=found, mistakes=found.mistakes)

    return [Route("/", show)]
