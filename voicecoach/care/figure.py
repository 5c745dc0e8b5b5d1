"""How the body lies and moves in an exercise: key frames from which it is drawn.

Lengths are in centimetres of an adult of average height: x to the right of the picture, y up from the floor,
z toward the viewer. A figure is written for the right side; for the left it is mirrored.
"""

from dataclasses import dataclass
from enum import StrEnum

Point = tuple[float, float, float]
UPRIGHT_DEG = 90.0


class Phase(StrEnum):
    """The moment of an exercise that a key frame belongs to."""

    START = "start"
    HOLD = "hold"
    IN = "in"
    OUT = "out"
    LOOP = "loop"


class Part(StrEnum):
    RIGHT_ARM = "right_arm"
    LEFT_ARM = "left_arm"
    RIGHT_LEG = "right_leg"
    LEFT_LEG = "left_leg"
    TRUNK = "trunk"
    HEAD = "head"


class Support(StrEnum):
    """What may carry weight."""

    HEAD = "head"
    SHOULDERS = "shoulders"
    BACK = "back"
    HIPS = "hips"
    RIGHT_HAND = "right_hand"
    LEFT_HAND = "left_hand"
    RIGHT_ELBOW = "right_elbow"
    LEFT_ELBOW = "left_elbow"
    RIGHT_KNEE = "right_knee"
    LEFT_KNEE = "left_knee"
    RIGHT_FOOT = "right_foot"
    LEFT_FOOT = "left_foot"


@dataclass(frozen=True, slots=True)
class Limb:
    """An arm or a leg, from its far end."""

    to: Point
    """where wrist or ankle is; a point out of reach straightens the limb toward it"""
    bend: Point | None = None
    """the direction to which elbow or knee points"""
    tip: Point | None = None
    """the direction of fingers or toes"""


@dataclass(frozen=True, slots=True)
class Pose:
    hips: Point
    """the middle between the hip joints"""
    right_arm: Limb
    left_arm: Limb
    right_leg: Limb
    left_leg: Limb
    trunk_deg: float = UPRIGHT_DEG
    """where the pelvis points in the picture: 0 to the right (face down), 90 up, 180 to the left (face up)"""
    turn_deg: float = 0
    """turned about the body's own length, from facing right to facing the viewer (90)"""
    lumbar_deg: float = 0
    """the lower back rounded; negative if it is arched"""
    chest_deg: float = 0
    """the upper back rounded; negative if the chest is lifted"""
    neck_deg: float = 0
    """the chin toward the chest; negative if the head is lifted"""
    side_bend_deg: float = 0
    """leaning to the right"""
    twist_deg: float = 0
    """the chest turned to the right, against the pelvis"""


@dataclass(frozen=True, slots=True)
class Frame:
    phase: Phase
    pose: Pose
    rests: tuple[Support, ...]
    """what carries weight on the floor, a chair, a wall or a roller"""
    arrow: tuple[Point, ...] = ()
    """the way of the movement into this frame: two points, or three of a curve"""


class PropKind(StrEnum):
    MAT = "mat"
    FLOOR = "floor"
    CHAIR = "chair"
    WALL = "wall"
    ROLLER = "roller"


@dataclass(frozen=True, slots=True)
class Prop:
    """A thing beside the body."""

    kind: PropKind
    at: Point = (0, 0, 0)
    """its middle on the floor; of a chair, that of its seat"""
    turn_deg: float = 0
    """of a chair: 0 faces right, 90 the viewer"""


@dataclass(frozen=True, slots=True)
class View:
    """From where the drawing is seen: from the side, unless the body is turned."""

    around_deg: float = -14
    """the viewer goes to the left of the picture's middle; negative: to the right"""
    above_deg: float = 12


@dataclass(frozen=True, slots=True)
class Figure:
    frames: tuple[Frame, ...]
    """the first is the start; then those of the hold, of the breaths or of the loop, in their order"""
    moving: tuple[Part, ...]
    """what moves, when it is done with the right side"""
    props: tuple[Prop, ...] = (Prop(PropKind.MAT),)
    view: View = View()
    alternates: bool = False
    """each breath out, or round of the loop, is done by the other side in turn"""

    @property
    def start(self) -> Frame:
        return self.frames[0]
