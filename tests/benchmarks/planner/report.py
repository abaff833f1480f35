"""The tables: one line for each instance, time and contender, medians over the seeds."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from statistics import median
from typing import Any

from tests.benchmarks.planner.results import Measurement

HEADER = (
    *("instance", "s", "contender", "seeds", "valid", "held", "required empty", "placed after", "cost"),
    *("moved / rehoused / restaffed", "bound", "best ever", "over best", "over bound", "wall s", "MiB"),
)
_REPLANNED = ("moved", "rehoused", "restaffed")


def report(rows: Iterable[Measurement], best: Mapping[str, Any], calibration: Iterable[float]) -> str:
    """Return the table as markdown, with the seconds of the calibration model above it."""
    groups: dict[tuple[str, float, str], list[Measurement]] = defaultdict(list)
    for row in rows:
        groups[row.instance, row.seconds, row.contender].append(row)
    speeds = ", ".join(f"{seconds:.2f}" for seconds in calibration)
    lines = [f"Seconds of the calibration model: {speeds or 'not measured'}", ""]
    lines += [_line(HEADER), _line(["---"] * len(HEADER))]
    lines += [_line(_cells(group, best)) for group in groups.values()]
    return "\n".join(lines) + "\n"


def _cells(group: list[Measurement], best: Mapping[str, Any]) -> list[str]:
    first = group[0]
    cost = _median(row.cost for row in group)
    bound = _median(row.bound for row in group)
    known = best.get(first.instance, {}).get("cost")
    replanned = [_shown(_median(row.amounts.get(name) for row in group)) for name in _REPLANNED]
    return [
        first.instance,
        f"{first.seconds:g}",
        first.contender,
        str(len(group)),
        "yes" if all(row.valid for row in group) else "no plan" if cost is None else "**no**",
        f"{_shown(_median(row.held for row in group))}/{first.sessions}",
        _shown(_median(row.amounts.get("required") for row in group)),
        _placed(group),
        _shown(cost),
        " / ".join(replanned) if first.instance.endswith("replan") else "",
        _shown(bound),
        _shown(known),
        _over(cost, known),
        _over(cost, bound),
        f"{median(row.wall for row in group):.1f}",
        f"{max(row.memory for row in group):.0f}",
    ]


def _placed(group: list[Measurement]) -> str:
    """Return the median of when everything was held and staffed; “–” if half of the runs never came so far."""
    times = sorted(float("inf") if row.placed is None else row.placed for row in group)
    middle = median(times)
    return "–" if middle == float("inf") else f"{middle:.1f}"


def _median(values: Iterable[int | None]) -> float | None:
    found = [value for value in values if value is not None]
    return median(found) if found else None


def _over(cost: float | None, least: float | None) -> str:
    """Return how far a cost is above another, in units and as a share of it."""
    if cost is None or least is None:
        return "–"
    share = f" ({100 * (cost - least) / abs(least):+.1f} %)" if least else ""
    return f"{_shown(cost - least)}{share}"


def _shown(value: float | None) -> str:
    return "–" if value is None else f"{value:,.0f}"


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"
