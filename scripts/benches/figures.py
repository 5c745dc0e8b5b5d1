"""Shares and rates with their bounds, percentiles, peak memory, Markdown tables, and a report of them."""

from collections.abc import Iterable, Sequence
from pathlib import Path


def interval(k: int, n: int) -> tuple[float, float]:
    """The 95 % interval of the share k of n (Wilson)."""
    if n == 0:
        return 0.0, 1.0
    from scipy.stats import binomtest  # here, as scipy's memory must not count as a model's in cost.py

    low, high = binomtest(k, n).proportion_ci(method="wilson")
    return float(low), float(high)


def share(k: int, n: int) -> str:
    """k of n in percent, with its 95 % interval."""
    low, high = interval(k, n)
    return f"{100 * k / n:.1f} % ({100 * low:.0f}-{100 * high:.0f})" if n else "-"


def hourly(events: int, hours: float) -> str:
    """The number of events and their hourly rate; for no events, the rate's upper 95 % bound (the rule of
    three)."""
    return f"{events} ({events / hours:.1f}/h)" if events else f"0 (below {3 / hours:.1f}/h)"


def peak_memory_mb() -> float:
    """Peak resident memory of this process in MiB, on Linux.

    Not getrusage's ru_maxrss: it starts at the parent's memory at the fork, and a benchmark is large.
    """
    status = Path("/proc/self/status").read_text("ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def percentile(values: Sequence[float], p: float) -> str:
    """The value that a share `p` of the values are below."""
    return f"{sorted(values)[min(len(values) - 1, int(p * len(values)))]:.0f}" if values else "-"


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> list[str]:
    """The lines of a Markdown table."""
    lines = [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}"]
    return [*lines, *(f"| {' | '.join(map(str, row))} |" for row in rows)]


class Report:
    """Markdown that is printed as it comes, and kept for a file."""

    def __init__(self) -> None:
        self._lines: list[str] = []

    def say(self, *lines: str) -> None:
        """One more paragraph or table."""
        self._lines += [*lines, ""]
        print("\n".join(lines), end="\n\n", flush=True)

    def save(self, path: Path) -> None:
        path.write_text("\n".join(self._lines) + "\n", "utf-8")
