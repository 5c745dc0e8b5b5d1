"""Wires the rooms (packages) together; nothing else does."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from voicecoach.audio import (
    AudioUnavailable,
    DeviceDuplex,
    Devices,
    Duplex,
    Recording,
    WiringWatch,
)
from voicecoach.background import Background, Directly, Soon
from voicecoach.care import Intake, Limits, Plan, Program, Standing, fitted, program_for, remembered
from voicecoach.hearing import ears, second_ear
from voicecoach.language import Language, ListeningState, all_words
from voicecoach.library import Library, Own
from voicecoach.listening import (
    Ears,
    InBackground,
    Inline,
    Listener,
    ModelError,
    RecognitionModel,
    VoskModel,
    can_serve,
)
from voicecoach.player import Player
from voicecoach.rehearsal import Rehearsal
from voicecoach.request import Request, absent, duplex_of, in_time, is_real_time
from voicecoach.screen import Screen
from voicecoach.session import Options, State, new_session
from voicecoach.session.sentences import opening_lines, safety_lines, to_render
from voicecoach.speaking import Mixer, PromptCache, candidates
from voicecoach.storage import (
    EventLog,
    Journal,
    ModelAbsent,
    Places,
    Settings,
    Shelf,
    alone,
    check_conditions,
    days_of,
    load_settings,
    rehearsals,
)
from voicecoach.tables import InputError

LEAVE_S = 1.0
"""How long a start that fails waits for PortAudio, which crashes if the program ends while it starts."""
UNATTENDED_S = 0.3
"""When the session has not looked at a block for so long, the loudspeaker falls silent."""


def shelf() -> Shelf:
    """The shipped recognition model and those the user added."""
    return Shelf(Places.of_user().models)


def library(places: Places, settings: Settings) -> Library:
    """The care pack and the language named in the settings, with the user's own programs.

    Raises InputError.
    """
    found = Library(users_own(places), settings.care, settings.language)
    check_conditions(places.settings, settings, found.protocol.conditions)
    return found


def users_own(places: Places) -> Own:
    return Own(places.own_programs, places.own_packs, places.own_exercises)


def users_library(places: Places) -> Library:
    """The library for the user's settings. Raises InputError."""
    return library(places, load_settings(places.settings))


def load_model(language: Language, name: str | None = None) -> RecognitionModel:
    """Load model `name` (default: the one in use) after checking every byte, and every word of `language`.

    Raises ShelfError or ModelError.
    """
    models = shelf()
    entry = models.entry(name or models.in_use())
    if entry.language and entry.language != language.model_language:
        raise ModelError(
            f"The recognition model {entry.name!r} knows {entry.language!r}, but the language "
            f"{language.id!r} needs a model for {language.model_language!r}. "
            "Choose another with `voicecoach model use NAME`."
        )
    return VoskModel(models.verified(entry.name), all_words(language.vocabulary))


def try_model(folder: Path) -> None:
    """Raises ModelError if the model in `folder` does not load or lacks a command word."""
    places = Places.of_user()
    can_serve(folder, all_words(users_library(places).language.vocabulary))


def assemble(request: Request, places: Places, screen: Screen, now: datetime | None = None) -> Player:
    """A session ready to run.

    Raises AlreadyRunning, InputError, ShelfError, ModelError, SoundFileError, SynthesisError or
    AudioUnavailable, each with a message for the user.
    """
    now = now or datetime.now()
    settings = load_settings(places.settings)
    request = _with_devices(request, settings)
    found = library(places, settings)
    limits = Limits(frozenset(settings.conditions))
    named = request.program or settings.program
    if named:
        _check_suits(places, found.program(named), limits, found)
    lock = alone(places.data)
    journal = Journal(places.journal, screen.notice, places.spares, now)
    earlier, told = journal.earlier(), journal.told(found.protocol)
    program = found.program(named or program_for(found.protocol, told.past, told.profile))
    memory = remembered(told.past, days_of(now), found.protocol.memory)
    plan = Plan(program, found.exercises, limits, memory)
    today = plan.today(found.protocol, told.profile)
    if not today.exercises and not told.profile:
        _check_suits(places, program, limits, found)
    guided_only = {Standing.GUIDED_ONLY} if any(e.opt_in for e in today.exercises) else set()
    state = new_session(
        today if today.exercises else program,  # the answers may have changed, so they are asked first
        found.protocol,
        found.language,
        Intake(earlier.first_run, earlier.locked, memory.standing | guided_only, told.profile),
        _options(settings, request.hands_free),
        plan,
    )
    prompts = _prompts(places, settings, found.language)
    real_time = is_real_time(request)
    opened = Soon(duplex_of, request) if real_time else None  # while all else is being loaded
    if real_time:
        prompts.ahead(to_render(state))
        prompts.ahead(safety_lines(state), needed=True)
    try:
        hears = _model(request, found.language, screen.notice)
    except BaseException:
        if opened is not None:
            opened.abandon(LEAVE_S)
        raise
    duplex = duplex_of(request) if opened is None else in_time(opened)
    for sentence in absent(request, duplex):
        screen.notice(sentence)
    _point_to_rehearsal(places, screen.notice, duplex)
    listener = _listener(request, found.language, hears, screen.notice, duplex, real_time)
    if real_time:
        _can_speak(prompts, state, screen.notice)
    out = request.out
    recording = Recording(out / "session.wav") if out else None  # also makes the folder, or reports why not
    return Player(
        state=state,
        duplex=duplex,
        prompts=prompts,
        listener=listener,
        journal=journal,
        log=EventLog(out / "events.jsonl" if out else None),
        screen=screen,
        recording=recording,
        devices=_devices(duplex) if real_time else None,
        aside=Background("recording", limit=10_000) if real_time and out else Directly(),
        real_time=real_time,
        lock=lock,
        mixer=Mixer(UNATTENDED_S if real_time else None),
    )


def _check_suits(places: Places, program: Program, limits: Limits, found: Library) -> None:
    """Raises InputError if the settings rule out all of it."""
    if not fitted(program, limits, found.exercises).exercises:
        raise InputError(
            f"The conditions in {places.settings} leave no exercise of {program.name!r}. "
            "Please ask a health professional which exercises suit you."
        )


def _devices(duplex: Duplex) -> Devices:
    """Files cannot fail, but the ear can, whatever it listens to."""
    real = isinstance(duplex, DeviceDuplex)
    recorded = not isinstance(duplex, DeviceDuplex) or duplex.input is None
    return Devices(WiringWatch(look=real), recorded)


def _with_devices(request: Request, settings: Settings) -> Request:
    return replace(request, usual_microphone=settings.microphone, usual_speaker=settings.speaker)


def _options(settings: Settings, hands_free: bool) -> Options:
    return Options(settings.wording, settings.words_a_minute, settings.number_to_call, hands_free)


def _point_to_rehearsal(places: Places, notice: Callable[[str], None], duplex: Duplex) -> None:
    """Suggest a rehearsal: nobody should find out in the middle of an exercise that they cannot be heard."""
    if not isinstance(duplex, DeviceDuplex) or duplex.input is None or duplex.output is None:
        return
    if not rehearsals.passed(places.rehearsals, rehearsals.pair(*duplex.names)):
        notice(
            "You have not yet rehearsed successfully with this microphone and loudspeaker: "
            "`voicecoach rehearse`."
        )


def rehearsal(request: Request, places: Places, tell: Callable[[str], None]) -> tuple[Rehearsal, str]:
    """A rehearsal ready to run, and the name of its pair of devices.

    Raises InputError, ShelfError, ModelError, SoundFileError, SynthesisError or AudioUnavailable.
    """
    settings = load_settings(places.settings)
    request = _with_devices(request, settings)
    duplex = duplex_of(request)
    for sentence in absent(request, duplex):
        tell(sentence)
    devices = f"{request.microphone} | {request.speaker}"
    if isinstance(duplex, DeviceDuplex):
        if not duplex.can_hear:
            raise AudioUnavailable("No microphone was found. Plug one in, then check `voicecoach devices`.")
        devices = rehearsals.pair(*duplex.names)
    language = library(places, settings).language
    prompts = _prompts(places, settings, language)
    return Rehearsal(duplex, prompts, load_model(language), language, tell), devices


def _model(request: Request, language: Language, notice: Callable[[str], None]) -> RecognitionModel | None:
    """The recognition model; None if there is none, or nobody is to be heard."""
    if request.deaf:
        return None
    try:
        return load_model(language)
    except ModelAbsent as error:
        if not request.keys:
            raise
        notice(f"{error} Until then, use the keys: {_KEYS}")
        return None


_KEYS = "space pauses, s stops, p is pain, ? lists more."


def _listener(
    request: Request,
    language: Language,
    model: RecognitionModel | None,
    notice: Callable[[str], None],
    duplex: Duplex,
    real_time: bool,
) -> Listener | None:
    """The ear at work. Without a microphone, tell the user to use keys, or raise if there are none: a session
    must never be deaf without saying so."""
    if model is None:
        return None
    if isinstance(duplex, DeviceDuplex) and not duplex.can_hear:
        text = "No microphone was found, so I cannot hear you."
        if not request.keys:
            raise AudioUnavailable(f"{text} Plug one in, or start from a terminal to use the keys.")
        notice(f"{text} Use the keys: {_KEYS}")
        return None

    def make_ear() -> Ears:
        second = second_ear(language, notice, real_time)
        return ears(model, second, language, ListeningState.QUESTION)

    return InBackground(make_ear, ListeningState.QUESTION) if real_time else Inline(make_ear())


def _prompts(places: Places, settings: Settings, language: Language) -> PromptCache:
    return PromptCache(places.prompts, candidates(settings.voice, language.voices))


def _can_speak(prompts: PromptCache, state: State, notice: Callable[[str], None]) -> None:
    """Wait for the first line. Raises SynthesisError if there is no voice."""
    prompts.clip(*next(opening_lines(state)))
    if prompts.rendered:
        notice("Some lines are being rendered for the first time; the next start will be faster.")
