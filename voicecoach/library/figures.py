"""Loads the drawing of an exercise: what a key frame leaves out is as it was at the start."""

from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Annotated, Any

from msgspec import Meta

from voicecoach.care.exercise import Breaths, Dose, Hold, Side
from voicecoach.care.figure import Figure, Frame, Limb, Part, Phase, Pose, Prop, PropKind, Support, View
from voicecoach.tables import refused

Coordinate = Annotated[float, Meta(ge=-300, le=300)]
_Place = tuple[Coordinate, Coordinate, Coordinate]
_Degrees = Annotated[float, Meta(ge=-360, le=360)]
_Bend = Annotated[float, Meta(ge=-90, le=90)]


@dataclass(frozen=True, slots=True)
class _LimbTable:
    to: _Place
    bend: _Place | None = None
    tip: _Place | None = None


@dataclass(frozen=True, slots=True)
class _FrameTable:
    phase: Phase
    rests: Annotated[tuple[Support, ...], Meta(min_length=1, max_length=len(Support))] | None = None
    hips: _Place | None = None
    trunk_deg: _Degrees | None = None
    turn_deg: _Degrees | None = None
    lumbar_deg: _Bend | None = None
    chest_deg: _Bend | None = None
    neck_deg: _Bend | None = None
    side_bend_deg: _Bend | None = None
    twist_deg: _Bend | None = None
    arrow: Annotated[tuple[_Place, ...], Meta(min_length=2, max_length=3)] = ()
    right_arm: _LimbTable | None = None
    left_arm: _LimbTable | None = None
    right_leg: _LimbTable | None = None
    left_leg: _LimbTable | None = None


@dataclass(frozen=True, slots=True)
class _PropTable:
    kind: PropKind
    at: _Place = (0, 0, 0)
    turn_deg: _Degrees = 0


@dataclass(frozen=True, slots=True)
class _ViewTable:
    around_deg: _Degrees = View().around_deg
    above_deg: Annotated[float, Meta(ge=0, le=90)] = View().above_deg


@dataclass(frozen=True, slots=True)
class FigureTable:
    """The table `figure` of an exercise's file."""

    moving: Annotated[tuple[Part, ...], Meta(min_length=1, max_length=len(Part))]
    frames: Annotated[tuple[_FrameTable, ...], Meta(min_length=2, max_length=6)]
    props: Annotated[tuple[_PropTable, ...], Meta(max_length=4)] = (_PropTable(PropKind.MAT),)
    view: _ViewTable = _ViewTable()
    alternates: bool = False


_NEEDED = ("rests", "hips", "right_arm", "left_arm", "right_leg", "left_leg")
_ANGLES = tuple(field.name for field in fields(Pose) if field.name.endswith("_deg"))


def figure_of(path: Path, table: FigureTable, dose: Dose, sides: tuple[Side, ...]) -> Figure:
    """The figure in `path`, with every key frame that its dose needs. Raises InputError."""
    phases = tuple(frame.phase for frame in table.frames)
    if phases[0] is not Phase.START:
        raise refused(
            path, "figure.frames[0].phase", f"is {phases[0].value!r}, but the first must be 'start'"
        )
    needed = _needed(dose)
    for phase in needed:
        if phase not in phases[1:]:
            raise refused(path, "figure.frames", f"none of them has phase = {phase.value!r}")
    for i, phase in enumerate(phases[1:], 1):
        if phase not in needed:
            others = " or ".join(repr(each.value) for each in needed)
            reason = f"is {phase.value!r}, but after the start this dose has {others}"
            raise refused(path, f"figure.frames[{i}].phase", reason)
    if table.alternates and sides:
        raise refused(path, "figure.alternates", "does not go together with sides")
    for key in _NEEDED:
        if getattr(table.frames[0], key) is None:
            raise refused(path, f"figure.frames[0].{key}", "is missing: the start must have it")
    start, *later = table.frames
    frames = [_frame(each) for each in (start, *(_completed(each, start) for each in later))]
    return Figure(
        frames=tuple(frames),
        moving=table.moving,
        props=tuple(Prop(each.kind, each.at, each.turn_deg) for each in table.props),
        view=View(table.view.around_deg, table.view.above_deg),
        alternates=table.alternates,
    )


def _needed(dose: Dose) -> tuple[Phase, ...]:
    if isinstance(dose, Hold):
        return (Phase.HOLD,)
    if isinstance(dose, Breaths):
        return (Phase.IN, Phase.OUT)
    return (Phase.LOOP,)


def _completed(table: _FrameTable, start: _FrameTable) -> _FrameTable:
    given = {each.name: getattr(table, each.name) for each in fields(table)}
    return replace(start, **{name: value for name, value in given.items() if value is not None})


def _frame(table: _FrameTable) -> Frame:
    assert table.hips is not None
    assert table.rests is not None
    angles: dict[str, Any] = {name: angle for name in _ANGLES if (angle := getattr(table, name)) is not None}
    pose = Pose(
        table.hips,
        right_arm=_limb(table.right_arm),
        left_arm=_limb(table.left_arm),
        right_leg=_limb(table.right_leg),
        left_leg=_limb(table.left_leg),
    )
    return Frame(table.phase, replace(pose, **angles), table.rests, table.arrow)


def _limb(table: _LimbTable | None) -> Limb:
    assert table is not None
    return Limb(table.to, table.bend, table.tip)
