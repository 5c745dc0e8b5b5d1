"""The settings: what can be chosen, saved together, with every mistake beside its field."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import groupby

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from voicecoach.page.forms import Form, form, go_to, one
from voicecoach.page.known import Known, known
from voicecoach.page.rendering import page
from voicecoach.page.sound import Devices, devices
from voicecoach.page.watching import Watching
from voicecoach.session import Wording
from voicecoach.speaking import briefly, offered
from voicecoach.storage import Places, Settings, Value, check_conditions, checked, set_values, written
from voicecoach.tables import InputError

WORDINGS = {
    Wording.LEARNING: "Fewer words for what I know already",
    Wording.FULL: "Always explain everything",
    Wording.BRIEF: "Explain briefly",
    Wording.MINIMAL: "As few words as possible",
}
_TEXTS = ("program", "voice", "wording", "emergency_number", "microphone", "speaker")
_PACE = "words_a_minute"
_CONDITIONS = "conditions"
KEYS = (*_TEXTS, _PACE, _CONDITIONS)


@dataclass(frozen=True, slots=True)
class Choice:
    value: str
    words: str


@dataclass(frozen=True, slots=True)
class Shown:
    values: Mapping[str, str]
    """what stands in each field; "" for what the coach chooses"""
    conditions: tuple[str, ...]
    """that are chosen"""
    wrong: Mapping[str, str]
    """by key: why a value cannot be used"""
    programs: tuple[Choice, ...]
    voices: tuple[Choice, ...]
    known_conditions: tuple[Choice, ...]
    devices: Devices
    usual_number: str
    """the emergency number of the system's region"""
    usual_pace: int
    path: str
    mistakes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Entered:
    """What the user has typed, and what is wrong with it."""

    values: Mapping[str, str] = field(default_factory=dict)
    conditions: tuple[str, ...] = ()
    wrong: Mapping[str, str] = field(default_factory=dict)


def shown(places: Places, entered: Entered | None = None) -> Shown:
    here = known(places)
    found = written(places.settings)
    values = {key: str(found.get(key, "")) for key in KEYS}
    named = found.get(_CONDITIONS)
    conditions = tuple(map(str, named)) if isinstance(named, list) else ()
    reasons = {key: _reason(places, here, key, found[key]) for key in KEYS if key in found}
    wrong = {key: reason for key, reason in reasons.items() if reason}
    if entered is not None:
        values, conditions, wrong = dict(entered.values), entered.conditions, dict(entered.wrong)
    every = here.library.protocol.conditions | set(conditions)
    return Shown(
        values=values,
        conditions=conditions,
        wrong=wrong,
        programs=_with(_programs(here), values["program"]),
        voices=_with(_voices(here), values["voice"]),
        known_conditions=tuple(Choice(c, c.replace("_", " ")) for c in sorted(every)),
        devices=devices().with_chosen(values["microphone"], values["speaker"]),
        usual_number=Settings().number_to_call,
        usual_pace=Settings().words_a_minute,
        path=str(places.settings),
        mistakes=() if wrong else here.told,
    )


def _with(choices: list[Choice], chosen: str) -> tuple[Choice, ...]:
    """Also what is chosen and not there."""
    if chosen and chosen not in [choice.value for choice in choices]:
        choices.append(Choice(chosen, f"{chosen} (not found)"))
    return tuple(choices)


def _programs(here: Known) -> list[Choice]:
    return [Choice(name, here.program_name(name)) for name in here.library.program_ids]


def _voices(here: Known) -> list[Choice]:
    usual = here.library.language.voices
    groups = groupby(offered(usual, here.settings.voice), lambda each: each.driver)
    found = (each.voice for _, group in groups for each in briefly([*group], usual) if each.voice)
    named = dict.fromkeys((*(voice.partition(":")[0] for voice in usual), *found))
    return [Choice(voice, voice.replace(":", ": ")) for voice in named]


def _reason(places: Places, here: Known, key: str, value: object) -> str:
    """Why `value` cannot be that of `key`; "" if it can."""
    try:
        checked(places.settings, key, value)
        if isinstance(value, tuple | list):
            conditions = Settings(conditions=tuple(map(str, value)))
            check_conditions(places.settings, conditions, here.library.protocol.conditions)
        if key == "program":
            here.library.program(str(value))
    except InputError as error:
        return error.reason
    return ""


def save(places: Places, sent: Form) -> Entered:
    """Write what has changed, if nothing of it is wrong. Raises InputError if the file takes nothing."""
    here, found = known(places), written(places.settings)
    values, conditions = {key: one(sent, key) for key in (*_TEXTS, _PACE)}, tuple(sent.get(_CONDITIONS, ()))
    wanted: dict[str, Value | None] = {key: value or None for key, value in values.items()}
    if (pace := values[_PACE]).isdecimal() and pace.isascii() and len(pace) < 10:
        wanted[_PACE] = int(pace)
    wanted[_CONDITIONS] = conditions or None
    changed = {key: value for key, value in wanted.items() if _plain(value) != found.get(key)}
    wrong = {
        key: reason
        for key, value in changed.items()
        if value is not None and (reason := _reason(places, here, key, value))
    }
    if changed and not wrong:
        set_values(places.settings, changed)
    return Entered(values, conditions, wrong)


def _plain(value: Value | None) -> object:
    return list(value) if isinstance(value, tuple) else value


def routes(places: Places, _: Watching) -> list[BaseRoute]:
    async def show(request: Request) -> Response:
        return await _page(request, None, said="Saved." if "saved" in request.query_params else "")

    async def take(request: Request) -> Response:
        sent = await form(request)
        try:
            entered = await run_in_threadpool(save, places, sent)
        except InputError as error:
            return await _page(request, None, said=str(error), code=422)
        if entered.wrong:
            said = "Nothing was saved yet. Please look at the fields that are marked."
            return await _page(request, entered, said=said, code=422)
        return go_to(request, "settings?saved")

    async def _page(request: Request, entered: Entered | None, said: str, code: int = 200) -> Response:
        found = await run_in_threadpool(shown, places, entered)
        return page(
            request, "settings.html", code, shown=found, wordings=WORDINGS, said=said, mistakes=found.mistakes
        )

    return [Route("/settings", show), Route("/settings", take, methods=["POST"])]
