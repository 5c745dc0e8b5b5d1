"""Shares with their intervals, percentiles, memory, and Markdown tables."""

from collections.abc import Iterable, Sequence
from math import sqrt
from pathlib import Path


def interval(k: int, n: int) -> tuple[float, float]:
    """Wilson's 95 % interval of k of n, as shares (Wilson 1927)."""
    if n == 0:
        return 0.0, 1.0
    z = 1.96
    p, d = k / n, 1 + z * z / n
    centre, half = p + z * z / (2 * n), z * sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return max(0.0, (centre - half) / d), min(1.0, (centre + half) / d)


def share(k: int, n: int) -> str:
    low, high = interval(k, n)
    return f"{100 * k / n:.1f} % ({100 * low:.0f}-{100 * high:.0f})" if n else "-"


def hourly(events: int, hours: float) -> str:
    """Events an hour; of none, what is still likely (3 / T, the rule of three)."""
    return f"{events} ({events / hours:.1f}/h)" if events else f"0 (below {3 / hours:.1f}/h)"


def peak_memory_mb() -> float:
    """The most this process has held, in MiB (Linux).

    Not getrusage's ru_maxrss: that begins at what the parent held when it forked, and a bench holds much.
    """
    status = Path("/proc/self/status").read_text("ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def percentile(values: Sequence[float], p: float) -> str:
    return f"{sorted(values)[min(len(values) - 1, int(p * len(values)))]:.0f}" if values else "-"


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> list[str]:
    lines = [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}"]
    return [*lines, *(f"| {' | '.join(map(str, row))} |" for row in rows)]
