"""figure.js in a real browser: what moves in a page is what Python has drawn."""

import base64
import json
import re
from pathlib import Path

import pytest

from tests.report import browser
from voicecoach.care import Side
from voicecoach.care.figure import Phase
from voicecoach.drawing import SCRIPT, svg
from voicecoach.drawing.outline import path
from voicecoach.drawing.scene import scene
from voicecoach.testing import LIBRARY

pytestmark = [
    pytest.mark.skipif(browser.PROGRAM is None, reason="there is no Chromium on this computer"),
    pytest.mark.xdist_group("chromium"),
]
STILL = "--force-prefers-reduced-motion"
HALFWAY_MS, LATER_MS, DURATION_MS = 450, 2_000, 900
Look = list[list[float]]


def looks(tmp_path: Path, name: str, steps: str, *arguments: str) -> dict[str, Look]:
    """What `steps`, a script, has kept by `keep(NAME)` of the drawing of an exercise."""
    exercise = LIBRARY.exercises[name]
    assert exercise.figure is not None
    module = base64.b64encode(SCRIPT.read_bytes()).decode()
    page = tmp_path / f"{name}.html"
    page.write_text(
        f"""<!DOCTYPE html><meta charset="utf-8">
        <body>{svg(exercise.figure, _side(name), exercise.name)}<script type="module">
        // The browser's virtual time, in which no test waits, paints no frames.
        window.requestAnimationFrame = (step) => setTimeout(() => step(performance.now()), 16);
        window.cancelAnimationFrame = clearTimeout;
        const {{ pose }} = await import("data:text/javascript;base64,{module}");
        const svg = document.querySelector("svg"), kept = {{}};
        const wait = (ms) => new Promise((done) => setTimeout(done, ms));
        const keep = (name) => {{
          kept[name] = [...svg.querySelectorAll(".part path:last-child")].map((p) => p.getAttribute("d"));
        }};
        {steps}
        document.body.textContent = JSON.stringify(kept);
        </script></body>""",
        "utf-8",
    )
    kept: dict[str, list[str]] = json.loads(browser.ran(page, *arguments))
    return {name: [numbers(data) for data in paths] for name, paths in kept.items()}


def _side(name: str) -> Side | None:
    sides = LIBRARY.exercises[name].sides
    return sides[0] if sides else None


def drawn(name: str, phase: Phase, cycle: int = 0) -> Look:
    """The same by Python."""
    figure = LIBRARY.exercises[name].figure
    assert figure is not None
    shots = [shot for shot in scene(figure, _side(name)).frames if shot.phase is phase]
    return [numbers(path(outline)) for outline in shots[cycle].outlines]


def numbers(data: str) -> list[float]:
    return [float(number) for number in re.findall(r"-?\d+\.?\d*", data)]


def alike(one: Look, other: Look) -> bool:
    """But for the rounding of two languages: a tenth of a centimetre."""
    return [len(part) for part in one] == [len(part) for part in other] and all(
        abs(a - b) < 0.21
        for this, that in zip(one, other, strict=True)
        for a, b in zip(this, that, strict=True)
    )


def test_a_hold_is_reached_smoothly_and_left_again(tmp_path: Path) -> None:
    seen = looks(
        tmp_path,
        "bridge",
        f"""keep("first");
        pose(svg, "hold", 0, {DURATION_MS}); await wait({HALFWAY_MS}); keep("between");
        await wait({LATER_MS}); keep("hold");
        pose(svg, "start", 0, {DURATION_MS}); await wait({LATER_MS}); keep("start");""",
    )
    assert alike(seen["first"], drawn("bridge", Phase.START))
    assert alike(seen["hold"], drawn("bridge", Phase.HOLD))
    assert alike(seen["start"], drawn("bridge", Phase.START))
    assert not alike(seen["between"], seen["first"])
    assert not alike(seen["between"], seen["hold"])


def test_the_left_side_moves_as_it_is_drawn(tmp_path: Path) -> None:
    seen = looks(tmp_path, "bird_dog", 'pose(svg, "hold", 0, 0); keep("hold");')
    assert alike(seen["hold"], drawn("bird_dog", Phase.HOLD))


def test_legs_that_alternate_change_with_each_breath(tmp_path: Path) -> None:
    seen = looks(
        tmp_path,
        "heel_slides",
        """for (const breath of [0, 1, 2]) { pose(svg, "out", breath, 0); keep(`out ${breath}`); }""",
    )
    assert alike(seen["out 0"], drawn("heel_slides", Phase.OUT, 0))
    assert alike(seen["out 1"], drawn("heel_slides", Phase.OUT, 1))
    assert alike(seen["out 2"], seen["out 0"])
    assert not alike(seen["out 1"], seen["out 0"])


def test_a_moment_that_the_exercise_does_not_have_is_its_start(tmp_path: Path) -> None:
    seen = looks(tmp_path, "bridge", 'pose(svg, "hold", 0, 0); pose(svg, "what", 0, 0); keep("what");')
    assert alike(seen["what"], drawn("bridge", Phase.START))


def test_who_stops_in_the_middle_of_a_movement_sees_it_turn_back(tmp_path: Path) -> None:
    seen = looks(
        tmp_path,
        "bridge",
        f"""pose(svg, "hold", 0, {DURATION_MS}); await wait({HALFWAY_MS});
        pose(svg, "start", 0, {DURATION_MS}); await wait({LATER_MS}); keep("start");""",
    )
    assert alike(seen["start"], drawn("bridge", Phase.START))


def test_a_movement_goes_on_until_it_is_over(tmp_path: Path) -> None:
    seen = looks(
        tmp_path,
        "standing_march",
        """pose(svg, "loop", 0, 600); await wait(300); keep("early"); await wait(900); keep("later");
        pose(svg, "loop", 1, 600); await wait(900); keep("latest");
        pose(svg, "start", 0, 600); await wait(2000); keep("over"); await wait(2000); keep("still over");""",
    )
    assert not alike(seen["early"], seen["later"])
    assert not alike(seen["later"], seen["latest"])
    assert alike(seen["over"], drawn("standing_march", Phase.START))
    assert alike(seen["still over"], seen["over"])


def test_who_asked_for_less_motion_sees_no_movement(tmp_path: Path) -> None:
    seen = looks(tmp_path, "bridge", f'pose(svg, "hold", 0, {DURATION_MS}); keep("hold");', STILL)
    assert alike(seen["hold"], drawn("bridge", Phase.HOLD))
    seen = looks(
        tmp_path,
        "standing_march",
        'pose(svg, "loop", 0, 600); keep("a"); await wait(2000); keep("b");',
        STILL,
    )
    assert alike(seen["a"], seen["b"])
