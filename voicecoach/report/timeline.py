"""timeline.png: a session at a glance, one minute per row: what was said, heard, held and hushed."""

import math
import textwrap
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import soundfile

from voicecoach.audio import SoundFileError
from voicecoach.language import SAFETY_COMMANDS
from voicecoach.report.events import read_events
from voicecoach.session import Mode
from voicecoach.tables import InputError
from voicecoach.units import RATE_HZ

ROW_S = 60.0
_MOST_ROWS = 90
"""A session of more minutes than this gets longer rows, because the height of a PNG is limited."""
_BINS_A_SECOND = 30
_WIDTH_IN, _UNIT_IN, _DPI = 20.0, 0.31, 100
"""The picture's width and resolution; `_UNIT_IN` is the height of one label, or half a waveform."""
_MARGIN_IN = 0.55
_LETTER_IN = 0.068
"""Width of a letter in a label: a little more than the font's mean."""
_LABEL_PT = 7.8
_LETTERS_A_LINE = 26

_COACH, _USER, _URGENT, _QUIET = "#1f5f8b", "#2b7a3d", "#c01818", "#777777"
_SHADES = {"hold": "#f6d98b", "paused": "#cccccc", "stopped": "#e3b9b9", "safety": "#f2a0a0"}
_SHADED = {Mode.PAUSED: "paused", Mode.STAYING: "paused", Mode.STOPPED: "stopped", Mode.SAFETY: "safety"}
_SHADE_NAMES = {
    "hold": "hold",
    "paused": "paused",
    "stopped": "stopped: asking whether it hurts",
    "safety": "safety stop",
}


@dataclass(frozen=True, slots=True)
class Label:
    at_s: float
    text: str
    colour: str
    user: bool
    bold: bool = False

    @property
    def lines(self) -> list[str]:
        return textwrap.wrap(self.text, max(_LETTERS_A_LINE, math.ceil(len(self.text) / 2) + 4)) or [""]

    @property
    def width_in(self) -> float:
        return max(map(len, self.lines)) * _LETTER_IN * (1.1 if self.bold else 1.0) + 0.06


@dataclass(frozen=True, slots=True)
class Band:
    kind: str
    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True)
class Story:
    """The content of events.jsonl, with times in seconds of the session."""

    labels: list[Label]
    bands: list[Band]
    hushes: list[float]


def draw_timeline(out: Path) -> None:
    """Write out/timeline.png from out/session.wav and out/events.jsonl. Raises SoundFileError, InputError."""
    envelope = _envelope(out / "session.wav")
    events = out / "events.jsonl"
    try:
        story = read_story(read_events(events))
    except KeyError as error:
        raise InputError(f"{events}: a line lacks {error}, so there is no timeline.") from error
    seconds = max(envelope.shape[2] / _BINS_A_SECOND, *(label.at_s for label in story.labels), 1.0)
    row_s = max(ROW_S, math.ceil(seconds / _MOST_ROWS))
    rows = [i * row_s for i in range(math.ceil(seconds / row_s))]
    _draw(out / "timeline.png", envelope, story, rows, row_s)


# -- what is drawn


def _envelope(path: Path) -> npt.NDArray[np.float32]:
    """Lowest and highest value of each bin: [channel, low or high, bin], each channel scaled to its peak."""
    size = RATE_HZ // _BINS_A_SECOND
    parts = []
    try:
        # read a minute at a time: an hour in one piece would take a gigabyte
        for block in soundfile.blocks(path, blocksize=size * _BINS_A_SECOND * 60, dtype="float32"):
            stereo = block if block.ndim == 2 else np.column_stack([block, np.zeros_like(block)])
            stereo = np.pad(stereo[:, :2], ((0, -len(stereo) % size), (0, 0)))
            bins = stereo.T.reshape(2, -1, size)
            parts.append(np.stack([bins.min(axis=2), bins.max(axis=2)], axis=1))
    except (soundfile.LibsndfileError, OSError, RuntimeError) as error:
        raise SoundFileError(f"{path}: cannot be read, so there is no timeline ({error}).") from error
    whole = np.concatenate(parts, axis=2) if parts else np.zeros((2, 2, 1), np.float32)
    peaks = np.maximum(np.abs(whole).max(axis=(1, 2), keepdims=True), 0.02)
    return np.asarray(whole / peaks, np.float32)


def read_story(events: list[dict[str, Any]]) -> Story:
    hushes = sorted({float(e["at_s"]) for e in events if e["name"] == "Hush"})
    end_s = max((float(e["at_s"]) for e in events), default=0.0)
    labels = [*_coach_labels(events, hushes), *_user_labels(events)]
    return Story(sorted(labels, key=lambda label: label.at_s), [*_bands(events, hushes, end_s)], hushes)


def _coach_labels(events: list[dict[str, Any]], hushes: list[float]) -> Iterator[Label]:
    """Every line that sounded; one that was cut short ends in a dash. Lines hushed before are left out."""
    done = {e["prompt_id"]: e for e in events if e["name"] == "PromptDone"}
    for e in events:
        if e["name"] != "Say":
            continue
        ordered_s = float(e["at_s"])
        if e["prompt_id"] in done:
            start_s = done[e["prompt_id"]].get("start_sample", ordered_s * RATE_HZ) / RATE_HZ
            yield Label(start_s, e["text"], _COACH, user=False)
            continue
        start_s = ordered_s if e["at_ms"] is None else max(ordered_s, e["at_ms"] / 1000)
        # a line ordered in the same turn as a hush comes after it
        later = bisect_right(hushes, ordered_s)
        if later == len(hushes) or hushes[later] > start_s:
            yield Label(start_s, f"{e['text']} —", _QUIET, user=False)


def _user_labels(events: list[dict[str, Any]]) -> Iterator[Label]:
    for e in events:
        at_s = float(e["at_s"])
        if e["name"] == "Heard":
            text = e["text"] if e.get("source", "voice") == "voice" else f"{e['text']} ({e['source']})"
            urgent = e["command"] in SAFETY_COMMANDS
            yield Label(at_s, text, _URGENT if urgent else _USER, user=True, bold=True)
        elif e["name"] == "Unclear":
            yield Label(at_s, f"({e.get('text') or 'not understood'})", _QUIET, user=True)
        elif e["name"] == "Deaf":
            yield Label(at_s, f"cannot hear: {e['reason']}", _URGENT, user=True)
        elif e["name"] == "HearsAgain":
            yield Label(at_s, "hears again", _QUIET, user=True)
        elif e["name"] == "Quit":
            yield Label(at_s, f"quit ({e['reason']})", _URGENT, user=True)
        elif e["name"] == "End":
            yield Label(at_s, f"end: {e['outcome']}", "black", user=True, bold=True)


def _bands(events: list[dict[str, Any]], hushes: list[float], end_s: float) -> Iterator[Band]:
    """Holds, until they end or are hushed, and the modes in which nothing moves."""
    kind, since_s = "", 0.0
    for e in events:
        at_s = float(e["at_s"])
        if e["name"] == "HoldBegan":
            start_s = e["start_ms"] / 1000
            cut = bisect_left(hushes, start_s)
            yield Band("hold", start_s, min(e["end_ms"] / 1000, *hushes[cut : cut + 1], end_s))
        elif e["name"] == "ModeChanged":
            if kind:
                yield Band(kind, since_s, at_s)
            kind, since_s = _SHADED.get(e["mode"], ""), at_s
    if kind:
        yield Band(kind, since_s, end_s)


# -- how it is drawn


def stacked(labels: list[Label], row_start_s: float, row_s: float) -> list[tuple[Label, float, int]]:
    """Each label with its left edge in seconds from the start of the row, and the lowest free level there."""
    s_an_inch = row_s / (_WIDTH_IN - 2 * _MARGIN_IN)
    free_from: list[float] = []
    placed = []
    for label in labels:
        width_s = label.width_in * s_an_inch
        left_s = max(0.0, min(label.at_s - row_start_s, row_s - width_s))
        level = next((i for i, free_s in enumerate(free_from) if free_s <= left_s), len(free_from))
        free_from[level : level + 1] = [left_s + width_s]
        placed.append((label, left_s, level))
    return placed


def _draw(
    path: Path, envelope: npt.NDArray[np.float32], story: Story, rows: list[float], row_s: float
) -> None:
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib.figure import Figure
    from matplotlib.patches import Patch

    def levels(start_s: float, user: bool) -> list[tuple[Label, float, int]]:
        mine = [x for x in story.labels if x.user is user and start_s <= x.at_s < start_s + row_s]
        if start_s == rows[-1]:
            mine += [x for x in story.labels if x.user is user and x.at_s >= start_s + row_s]
        return stacked(mine, start_s, row_s)

    placed = [(levels(start_s, False), levels(start_s, True)) for start_s in rows]
    above = [max((level for *_, level in coach), default=0) + 1 for coach, _ in placed]
    below = [max((level for *_, level in user), default=0) + 1 for _, user in placed]
    # units of height: labels, two waveforms of 2 each, labels, and the axis with its gap
    heights = [a + 4.4 + 0.7 * b for a, b in zip(above, below, strict=True)]
    head, foot, gap = 2.0, 0.6, 1.5
    total = head + sum(heights) + gap * len(rows) + foot
    figure = Figure(figsize=(_WIDTH_IN, total * _UNIT_IN), dpi=_DPI)

    left, width = _MARGIN_IN / _WIDTH_IN, 1 - 2 * _MARGIN_IN / _WIDTH_IN
    top = total - head
    for i, start_s in enumerate(rows):
        axes = figure.add_axes((left, (top - heights[i]) / total, width, heights[i] / total))
        top -= heights[i] + gap
        axes.set_xlim(0, row_s)
        axes.set_ylim(-2.2 - 0.7 * below[i], 2.2 + above[i])
        _draw_row(axes, envelope, story, start_s, row_s, placed[i])
    shown = [kind for kind in _SHADES if any(band.kind == kind for band in story.bands)]
    handles: list[Any] = [Patch(color=_SHADES[kind], label=_SHADE_NAMES[kind]) for kind in shown]
    handles.append(Patch(color=_URGENT, label="| hushed;  user's words in red: stop, pain, help"))
    figure.legend(handles=handles, loc="upper right", ncols=len(handles), fontsize=10, frameon=False)
    figure.text(
        left, 1 - 0.45 / total, "Session: coach above, user below", fontsize=13, fontweight="bold", va="top"
    )
    figure.savefig(path)


def _draw_row(
    axes: Any,
    envelope: npt.NDArray[np.float32],
    story: Story,
    start_s: float,
    row_s: float,
    placed: tuple[list[tuple[Label, float, int]], list[tuple[Label, float, int]]],
) -> None:
    for band in story.bands:
        from_s, to_s = max(0.0, band.start_s - start_s), min(row_s, band.end_s - start_s)
        if from_s < to_s:
            axes.fill_between([from_s, to_s], -2.1, 2.1, color=_SHADES[band.kind], linewidth=0, zorder=0)
    first = round(start_s * _BINS_A_SECOND)
    low_high = envelope[:, :, first : first + round(row_s * _BINS_A_SECOND)]
    at_s = np.arange(low_high.shape[2]) / _BINS_A_SECOND
    for channel, middle, colour in ((0, 1.05, _COACH), (1, -1.05, _USER)):
        low, high = low_high[channel] + middle
        axes.fill_between(at_s, low - 0.01, high + 0.01, color=colour, linewidth=0, zorder=2)
    for hush_s in story.hushes:
        if start_s <= hush_s < start_s + row_s:
            axes.vlines(hush_s - start_s, 0.1, 2.15, color=_URGENT, linewidth=1.8, zorder=3)
    coach, user = placed
    for label, left_s, level in coach:
        _draw_label(axes, label, left_s, 2.2 + level, 2.1, label.at_s - start_s)
    for label, left_s, level in user:
        _draw_label(axes, label, left_s, -2.2 - 0.7 * (level + 1), -2.1, label.at_s - start_s)
    axes.set_xticks(np.arange(0, row_s + 1, 5))
    axes.set_xticks(np.arange(0, row_s + 1, 1), minor=True)
    axes.set_xticklabels([clock(start_s + s) for s in np.arange(0, row_s + 1, 5)], fontsize=8.5)
    axes.set_yticks([1.05, -1.05], ["coach", "user"], fontsize=9, rotation=90, va="center")
    axes.tick_params(axis="y", length=0)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)


def _draw_label(axes: Any, label: Label, left_s: float, bottom: float, wave: float, at_s: float) -> None:
    """A label with a thin line from its first letter to its moment in the waveform."""
    axes.plot([at_s, at_s], [wave, bottom + 0.3], color=label.colour, linewidth=0.7, alpha=0.6, zorder=1)
    axes.text(
        left_s,
        bottom + 0.06,
        "\n".join(label.lines),
        fontsize=_LABEL_PT + (1.2 if label.bold else 0.0),
        color=label.colour,
        fontweight="bold" if label.bold else "normal",
        va="bottom",
        linespacing=1.0,
        zorder=4,
        parse_math=False,
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.6, "alpha": 0.9},
    )


def clock(seconds: float) -> str:
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"
