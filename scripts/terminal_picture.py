"""Make docs/terminal.png again: a session on terminals of three sizes.

    .venv/bin/python scripts/terminal_picture.py

Needs Chromium. The session is played by the driver of tests/session.
"""

import io
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import TerminalTheme
from rich.text import Text

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.report import browser  # noqa: E402
from tests.session.driver import Driver  # noqa: E402
from voicecoach.cli.terminal.layout import page  # noqa: E402
from voicecoach.cli.terminal.parts import Room, Shown  # noqa: E402
from voicecoach.session import Alarm, Phase, Say, view  # noqa: E402
from voicecoach.testing import LIBRARY  # noqa: E402

PICTURE = ROOT / "docs" / "terminal.png"
WIDTH, HEIGHT = 1224, 1000
MOST_BYTES = 200_000
LARGE, MIDDLE, SMALL = Room(80, 24), Room(40, 12), Room(20, 8)
STYLE = """
body { background: #fff; margin: 12px; width: 1200px; font: 14px "DejaVu Sans", sans-serif; color: #333 }
figure { display: inline-block; margin: 0 10px 14px 0; vertical-align: top }
figcaption { margin-bottom: 4px }
pre { font: 12px/14px "DejaVu Sans Mono", monospace; background: #111; color: #ddd; padding: 5px; margin: 0 }
"""
THEME = TerminalTheme(
    (17, 17, 17),
    (221, 221, 221),
    [(0, 0, 0), (205, 49, 49), (13, 188, 121), (229, 229, 16), (36, 114, 200), (188, 63, 188), (17, 168, 205),
     (229, 229, 229)],
    [(102, 102, 102), (241, 76, 76), (35, 209, 139), (245, 245, 67), (59, 142, 234), (214, 112, 214),
     (41, 184, 219), (255, 255, 255)],
)  # fmt: skip


def shown(coach: Driver, heard: str = "", notice: str = "") -> Shown:
    said = [order.text for order in coach.outputs if isinstance(order, Say) and order.at_ms is None]
    return Shown(view(coach.state, coach.now_ms, coach.outcome), said[-1], heard, "voice", notice)


def in_hold(after_ms: int = 6_200) -> Driver:
    """In the first hold of the third exercise of `floor`."""
    coach = Driver(LIBRARY.program("floor")).screened().until("Cat and cow")
    for name in ("Pelvic tilt", "Knee to chest"):
        coach.hear("next").until(name)
    return coach.in_hold(after_ms)


def resting(coach: Driver) -> Driver:
    while view(coach.state, coach.now_ms).clock.phase is not Phase.REST:
        coach.wait(500)
    return coach


def figure(caption: str, shown: Shown, room: Room) -> str:
    console = Console(record=True, file=io.StringIO(), width=room.columns, force_terminal=True,
                      color_system="standard", highlight=False)  # fmt: skip
    for line in page(shown, room):
        console.print(Text.assemble(line, " " * (room.columns - line.cell_len)))
    drawn = console.export_html(theme=THEME, code_format="{code}", inline_styles=True)
    size = f"{room.columns} by {room.rows}"
    return f"<figure><figcaption>{caption}, {size}</figcaption><pre>{drawn.rstrip()}</pre></figure>"


def main() -> None:
    if browser.PROGRAM is None:
        raise SystemExit("There is no Chromium on this computer. On Debian: apt-get install chromium")
    held = shown(in_hold())
    stopped = shown(in_hold().hear("pain").asked("zero to ten"), heard="pain")
    deaf = in_hold().go_deaf()
    muted = next(order.text for order in reversed(deaf.outputs) if isinstance(order, Alarm))
    figures = (
        figure("Hold", held, LARGE),
        figure("Rest", shown(resting(in_hold()).wait(1_000)), LARGE),
        figure("Safety stop", stopped, LARGE),
        figure("It cannot hear", shown(deaf, notice=muted), LARGE),
        figure("Hold", held, MIDDLE),
        figure("Hold", held, SMALL),
    )
    with tempfile.TemporaryDirectory() as folder:
        html = Path(folder) / "terminal.html"
        html.write_text(f"<meta charset=utf-8><style>{STYLE}</style>{''.join(figures)}", "utf-8")
        browser.photographed(html, PICTURE, WIDTH, HEIGHT)
    size = PICTURE.stat().st_size
    if size > MOST_BYTES:
        raise SystemExit(f"{PICTURE} has {size} bytes, more than {MOST_BYTES}.")
    print(f"Written to {PICTURE}, {size} bytes")


if __name__ == "__main__":
    main()
