"""voicecoach history: how earlier sessions ended."""

import click

from voicecoach.storage import Journal, Places


@click.command()
@click.option("--count", default=20, show_default=True, help="How many sessions to show, newest first.")
def history(count: int) -> None:
    """Show how earlier sessions ended."""
    places = Places.of_user()
    rows = []
    if places.journal.exists():
        rows = Journal(places.journal, lambda text: click.echo(text, err=True)).history()
    if not rows:
        click.echo("No session yet.")
    for row in rows[:count]:
        minutes = f"{row.duration_ms / 60_000:.1f} min"
        pain = "" if row.pain_before is None else f"  pain {row.pain_before}"
        if row.pain_reported is not None:
            pain += f" -> {row.pain_reported} ({row.exercise or 'before an exercise'})"
        done = f"  {row.done}" if row.done else ""
        click.echo(
            f"{row.began[:16].replace('T', ' ')}  {row.program:<10} {minutes:>9}  {row.outcome}{done}{pain}"
        )
