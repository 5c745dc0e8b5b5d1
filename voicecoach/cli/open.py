"""voicecoach open: the page in the browser."""

import click

from voicecoach.desktop import browse, notify
from voicecoach.storage import Places

NO_BROWSER = "No browser was found. Use the terminal: voicecoach start"


PAGES = ("try", "profile", "history", "own", "settings")


@click.command("open")
@click.argument("page", required=False, type=click.Choice(PAGES))
@click.option("--no-browser", is_flag=True, help="Print the address, which works once, and open nothing.")
@click.option("--problem", default="", hidden=True, help="Why a session could not begin.")
def command(page: str | None, no_browser: bool, problem: str) -> None:
    """Open PAGE, by default the programs, or the session that is being played.

    \b
    Examples:  voicecoach open
               voicecoach open try           the rehearsal
               voicecoach open --no-browser

    It is served to your own browser on this computer only, as long as it is open or a session is played.
    """
    from voicecoach.page.server import another, serve

    def ready(address: str) -> None:
        address += f"?to={page}" if page else ""
        if no_browser:
            click.echo(address)
        elif not browse(address):
            click.echo(NO_BROWSER, err=True)
            notify("voicecoach", NO_BROWSER)

    places = Places.of_user()
    if serve(places, ready, problem):
        return
    address = another(places.page, problem)
    if address is None:
        raise click.ClickException(
            "The page is being served already, but does not answer. End it, and try again."
        )
    ready(address)
