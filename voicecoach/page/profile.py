"""The profile: what is asked once, and what the answers mean. Each answer is saved by itself."""

from dataclasses import dataclass
from typing import get_args

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from voicecoach.care import Answer, kept_questions, next_kept
from voicecoach.page.forms import form, go_to, one
from voicecoach.page.known import Known, known, next_time, user_of
from voicecoach.page.rendering import page
from voicecoach.page.watching import Watching
from voicecoach.profile import Reply, asked, keep, meant
from voicecoach.report.planned import LeftOut
from voicecoach.storage import AlreadyRunning, Places
from voicecoach.tables import InputError

_REPLIES = (*get_args(Reply), "unanswered")


@dataclass(frozen=True, slots=True)
class Asked:
    key: str
    text: str
    answer: Answer
    unsure: str
    """what "not sure" counts as"""
    detail: bool
    """asked only because of another answer"""
    saved: str = ""
    """what has just been done with its answer"""


@dataclass(frozen=True, slots=True)
class Shown:
    questions: tuple[Asked, ...]
    complete: bool
    asked_aloud: bool
    """the coach still has questions about it"""
    conditions: tuple[str, ...]
    program: str
    """the name of the program that comes next"""
    left_out: tuple[LeftOut, ...]
    nothing_left: bool
    number: str
    """to call in an emergency"""
    mistakes: tuple[str, ...]


def shown(places: Places, saved: str = "", reply: str = "") -> Shown:
    """`saved`, `reply`: the answer that has just been saved. Raises InputError or JournalError."""
    here = known(places)
    user = user_of(places, here)
    answers, protocol = user.record.answers, here.library.protocol
    # an answer that stays in force is shown, even if the one that led to it has changed
    keys = dict.fromkeys((*kept_questions(protocol, answers), *answers))
    order = [*(step.ask for step in protocol.before), *protocol.lacks]
    always = kept_questions(protocol, {})
    plan = next_time(here.library.program(user.usual), here, user)
    return Shown(
        questions=tuple(
            Asked(
                key,
                asked(here.library.language, key, here.settings.number_to_call),
                answers.get(key, "unanswered"),
                protocol.questions[key].unsure,
                key not in always,
                _said(here, key, reply) if key == saved else "",
            )
            for key in sorted(keys, key=order.index)
        ),
        complete=next_kept(protocol, answers) is None,
        asked_aloud=next_kept(protocol, answers, aloud=True) is not None,
        conditions=tuple(sorted(c.replace("_", " ") for c in _conditions(here, answers))),
        program=plan.name,
        left_out=plan.left_out,
        nothing_left=not plan.exercises,
        number=here.settings.number_to_call,
        mistakes=here.told,
    )


def _conditions(here: Known, answers: dict[str, Answer]) -> frozenset[str]:
    return here.library.protocol.conditions_in(answers) | frozenset(here.settings.conditions)


def _said(here: Known, key: str, reply: str) -> str:
    given = _given(reply)
    if given is None:
        return "Taken back. The coach will ask you."
    answer = meant(here.library.protocol.questions[key], given)
    if not here.library.protocol.keeps(key, answer):
        return "Understood. The coach asks you this again before a session."
    return f"Saved. Not sure counts as {answer}, the careful answer." if reply == "unsure" else "Saved."


def _given(reply: str) -> Reply | None:
    return next((each for each in get_args(Reply) if each == reply), None)


def _keep(places: Places, key: str, reply: str) -> list[str]:
    """What the journal had to say. Raises HTTPException or AlreadyRunning."""
    questions = known(places).library.protocol.questions
    if key not in questions or reply not in _REPLIES:
        raise HTTPException(404)
    given = _given(reply)
    answer: Answer = "unanswered" if given is None else meant(questions[key], given)
    said: list[str] = []
    keep(places, key, answer, said.append)
    return said


def routes(places: Places, _: Watching) -> list[BaseRoute]:
    async def show(request: Request) -> Response:
        asks = request.query_params
        found = await run_in_threadpool(shown, places, asks.get("saved", ""), asks.get("reply", ""))
        return page(request, "profile.html", shown=found, mistakes=found.mistakes, trouble="")

    async def save(request: Request) -> Response:
        key, reply = request.path_params["question"], one(await form(request), "reply")
        try:
            trouble, code = "\n".join(await run_in_threadpool(_keep, places, key, reply)), 200
        except (AlreadyRunning, InputError) as error:
            trouble, code = f"This was not saved. {error}", 409
        if not trouble:
            return go_to(request, f"profile?saved={key}&reply={reply}#q-{key}")
        found = await run_in_threadpool(shown, places)
        return page(request, "profile.html", code, shown=found, mistakes=found.mistakes, trouble=trouble)

    return [Route("/profile", show), Route("/profile/{question}", save, methods=["POST"])]
