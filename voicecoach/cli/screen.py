"""The live transcript: everything audible is also on the screen."""

from rich.console import Console
from rich.text import Text


class Transcript:
    """Plain lines, with colour where the terminal has it. Times are the session's clock."""

    def __init__(self) -> None:
        self._console = Console(highlight=False, emoji=False, soft_wrap=True)

    def coach(self, at_ms: int, text: str) -> None:
        self._line(at_ms, "coach", text, "cyan")

    def user(self, at_ms: int, text: str, source: str) -> None:
        self._line(at_ms, "you", f"{text}  ({source})" if source != "voice" else text, "bold green")

    def notice(self, text: str) -> None:
        if "\a" in text:
            self._console.bell()
        self._console.print(Text(f"  ! {text.replace(chr(7), '')}", style="bold yellow"))

    def _line(self, at_ms: int, who: str, text: str, style: str) -> None:
        minutes, seconds = divmod(at_ms / 1000, 60)
        self._console.print(
            Text.assemble(f"{int(minutes):2d}:{seconds:04.1f}  ", (f"{who:<5}  {text}", style))
        )
