"""Nobody is shown a position that no body can take, or that floats, or that sinks into the floor."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from tests.drawing.anatomy import ARMS, END, FLOOR_CM, JOINT, LEGS, MIDDLE, in_the_air, strains
from voicecoach.care import Exercise, Side
from voicecoach.care.figure import Figure, Frame, Limb, Part, Pose
from voicecoach.drawing.body import FOREARM, SHIN, THIGH, UPPER_ARM, body, lowest
from voicecoach.drawing.motion import between, motion
from voicecoach.testing import LIBRARY

EXERCISES = list(LIBRARY.exercises.values())
every_exercise = pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.id)


def figure_of(exercise: Exercise) -> Figure:
    assert exercise.figure is not None
    return exercise.figure


def frames_of(exercise: Exercise) -> list[Frame]:
    """The key frames of all sides."""
    sides = exercise.sides or (None,)
    return [frame for side in sides for frame in motion(figure_of(exercise), side).frames]


def ways_of(exercise: Exercise) -> list[Pose]:
    """Poses that are seen between two key frames."""
    poses = [frame.pose for frame in frames_of(exercise)]
    pairs = [*pairwise(poses), *((poses[0], other) for other in poses[1:])]
    return [between(one, other, part) for one, other in pairs for part in (0.25, 0.5, 0.75)]


@every_exercise
def test_no_joint_of_a_drawing_is_bent_the_wrong_way_or_too_far(exercise: Exercise) -> None:
    for frame in frames_of(exercise):
        assert list(strains(frame.pose)) == [], frame.phase
    assert [strain for pose in ways_of(exercise) for strain in strains(pose)] == []


@every_exercise
def test_nobody_sinks_into_the_floor(exercise: Exercise) -> None:
    assert min(lowest(pose) for pose in [f.pose for f in frames_of(exercise)]) >= -FLOOR_CM
    assert min(lowest(pose) for pose in ways_of(exercise)) >= -FLOOR_CM


@every_exercise
def test_what_carries_weight_rests_on_something(exercise: Exercise) -> None:
    for frame in frames_of(exercise):
        assert list(in_the_air(figure_of(exercise), frame)) == [], frame.phase


@every_exercise
def test_bones_keep_their_lengths_and_limbs_hang_on_the_trunk(exercise: Exercise) -> None:
    for pose in [*(frame.pose for frame in frames_of(exercise)), *ways_of(exercise)]:
        shapes = body(pose)
        trunk = shapes[Part.TRUNK]
        for limb, upper, lower in (
            *((leg, THIGH, SHIN) for leg in LEGS),
            *((a, UPPER_ARM, FOREARM) for a in ARMS),
        ):
            centres = np.array(shapes[limb].centres)
            assert np.linalg.norm(centres[MIDDLE] - centres[JOINT]) == pytest.approx(upper)
            assert np.linalg.norm(centres[END] - centres[MIDDLE]) == pytest.approx(lower)
            gaps = [np.linalg.norm(centres[JOINT] - centre) for centre in np.array(trunk.centres)]
            assert min(gaps) < 4, limb
        assert shapes[Part.HEAD].centres[0] == trunk.centres[-1]


def broken(pose: Pose) -> dict[str, Pose]:
    """What a slip of the pen would draw."""
    leg, back = pose.right_leg, (-1.0, -1.0, 0.0)
    return {
        "knee": replace(pose, right_leg=Limb(leg.to, back)),
        "hip": replace(pose, left_leg=Limb((-70.0, 30.0, -10.0))),
        "back": replace(pose, lumbar_deg=75),
        "neck": replace(pose, neck_deg=-80),
    }


@pytest.mark.parametrize("joint", ["knee", "hip", "back", "neck"])
def test_a_joint_that_is_broken_is_noticed(joint: str) -> None:
    start = figure_of(LIBRARY.exercises["bridge"]).start.pose
    assert list(strains(start)) == []
    assert any(joint in strain for strain in strains(broken(start)[joint]))


def test_a_body_in_the_air_or_in_the_floor_is_noticed() -> None:
    figure = figure_of(LIBRARY.exercises["bridge"])
    start = figure.start
    x, y, z = start.pose.hips
    risen = replace(start, pose=replace(start.pose, hips=(x, y + 6, z)))
    assert any("hips" in gap for gap in in_the_air(figure, risen))
    assert lowest(replace(start.pose, hips=(x, y - 6, z))) < -FLOOR_CM


def test_with_both_knees_drawn_in_both_feet_leave_the_floor() -> None:
    both = motion(figure_of(LIBRARY.exercises["knee_to_chest"]), Side.BOTH).frames[-1].pose
    shapes = body(both)
    assert min(shapes[leg].centres[END][1] for leg in LEGS) > 30
