"""voicecoach profile: what is asked once, answered on the screen."""

import json
import re

import click

from voicecoach.app import users_library
from voicecoach.care import Answer, next_kept
from voicecoach.language import Language
from voicecoach.library import Library
from voicecoach.library import meant as near
from voicecoach.profile import Reply, asked, keep, meant
from voicecoach.storage import Journal, Places, load_settings, set_values

_REPLIES: dict[str, Reply] = {"y": "yes", "n": "no", "?": "unsure"}


@click.group(invoke_without_command=True)
@click.pass_context
def profile(context: click.Context) -> None:
    """Answer what the coach asks once: conditions, what is at hand, the floor. Not sure counts as careful.

    \b
    Examples:  voicecoach profile                  asks what is not answered yet
               voicecoach profile show
               voicecoach profile change floor     asks one question again

    Answers are kept in your journal, and used to leave out or replace exercises.
    """
    if context.invoked_subcommand is None:
        _fill_in()


@profile.command()
@click.option("--json", "as_json", is_flag=True, help="As one JSON object.")
def show(as_json: bool) -> None:
    """Show your answers, and what they mean.

    \b
    Examples:  voicecoach profile show
               voicecoach profile show --json
    """
    places, library, answers = _known()
    if as_json:
        click.echo(json.dumps(answers, indent=2))
        return
    for key, answer in answers.items():
        click.echo(f"{key:<22} {answer:<4} {_text(places, library.language, key)}")
    _tell_what_it_means(library, answers)


@profile.command()
@click.argument("question")
def change(question: str) -> None:
    """Answer QUESTION anew; its name is in `voicecoach profile show`.

    \b
    Examples:  voicecoach profile change floor
    """
    places, library, answers = _known()
    kept = {key for key in library.protocol.questions if library.protocol.keeps(key, "yes")}
    if question not in kept:
        known = f"These are: {', '.join(sorted(kept))}."
        raise click.UsageError(f"There is no question {question!r}.{near(question, kept)} {known}")
    answers[question] = _ask(places, library, question)
    _keep(places, question, answers[question])
    _tell_what_it_means(library, answers)
    if next_kept(library.protocol, answers):
        _fill_in()


@profile.command()
@click.argument("number")
def number(number: str) -> None:
    """Set the emergency NUMBER that the coach tells you to call.

    \b
    Examples:  voicecoach profile number 112
    """
    if not re.fullmatch("[0-9]+", number):
        raise click.UsageError(f"{number!r} is no telephone number: give digits only, such as 112.")
    set_values(Places.of_user().settings, {"emergency_number": number})
    click.echo(f"In an emergency the coach says: call {number}.")


def _known() -> tuple[Places, Library, dict[str, Answer]]:
    """Raises InputError."""
    places = Places.of_user()
    library = users_library(places)
    if not places.journal.exists():
        return places, library, {}
    journal = Journal(places.journal, lambda text: click.echo(text, err=True), places.spares)
    answers = dict(journal.told(library.protocol).profile)
    journal.close()
    return places, library, answers


def _fill_in() -> None:
    places, library, answers = _known()
    click.echo("Answer y (yes), n (no) or ? (not sure). Ctrl-C leaves; what you have answered is kept.")
    click.echo("This is general guidance. No clinician has reviewed it.\n")
    while (key := next_kept(library.protocol, answers)) is not None:
        answers[key] = _ask(places, library, key)
        _keep(places, key, answers[key])
    _tell_what_it_means(library, answers)


def _ask(places: Places, library: Library, key: str) -> Answer:
    text = _text(places, library.language, key)
    said: str = click.prompt(text, type=click.Choice([*_REPLIES]), prompt_suffix=" ")
    return meant(library.protocol.questions[key], _REPLIES[said])


def _text(places: Places, language: Language, key: str) -> str:
    return asked(language, key, load_settings(places.settings).number_to_call)


def _keep(places: Places, question: str, answer: Answer) -> None:
    keep(places, question, answer, lambda text: click.echo(text, err=True))


def _tell_what_it_means(library: Library, answers: dict[str, Answer]) -> None:
    protocol = library.protocol
    conditions = sorted(protocol.conditions_in(answers))
    if conditions:
        click.echo(f"\nConditions: {', '.join(c.replace('_', ' ') for c in conditions)}.")
    if answers.get("number") == "no":
        click.echo("Set your emergency number: voicecoach profile number NUMBER")
    left = "" if next_kept(protocol, answers) is None else " Some questions are open: voicecoach profile."
    click.echo(f"{len(answers)} answers kept.{left}")
