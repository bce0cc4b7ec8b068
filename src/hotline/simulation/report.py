"""What a simulation tells: the document for programs and the table for people."""

from collections.abc import Mapping
from typing import Any, Final

from hotline.simulation.metrics import ALL, SHARES_OF_ONE, Figure, Results
from hotline.simulation.running import Replication

_NONE: Final[Mapping[tuple[str, str], list[Figure]]] = {}
_COLUMNS = (
    ("offered", "offered"),
    ("answered", "answered"),
    ("abandoned", "abandoned"),
    ("blocked", "blocked"),
    ("service_level", "service level"),
    ("abandon_probability", "abandon"),
    ("average_wait_s", "wait s"),
    ("wait_percentile90_s", "90 % wait s"),
    ("mean_queue", "queue"),
    ("own_agent_share", "own agent"),
    ("occupancy", "occupancy"),
    ("agents", "agents"),
    ("containment", "contained"),
)


def document(
    results: Results, replications: list[Replication], seed: int, kinds: Mapping[tuple[str, str], list[Figure]] = _NONE
) -> dict[str, Any]:
    """The result as it is written as JSON; bounds are null where one replication tells nothing of chance. `kinds` are
    the totals of those callers whose kind has a name, by queue and name."""
    return {
        "seed": seed,
        "replications": len(replications),
        "totals": [_row(figure) for figure in results.totals()],
        "kinds": [
            {**_row(figure), "queue": queue, "kind": kind} for (queue, kind), some in kinds.items() for figure in some
        ],
        "intervals": [{"start_s": figure.start_s, **_row(figure)} for figure in results.by_interval()],
        "cpu_s": sum(replication.cpu_s for replication in replications),
        "calls": sum(replication.calls for replication in replications),
    }


def _row(figure: Figure) -> dict[str, Any]:
    estimate = figure.estimate
    return {
        "queue": figure.queue,
        "metric": figure.metric,
        "value": estimate.value,
        "low": estimate.low,
        "high": estimate.high,
    }


def table(
    results: Results,
    replications: list[Replication],
    seed: int,
    name: str,
    kinds: Mapping[tuple[str, str], list[Figure]] = _NONE,
) -> str:
    """Totals by queue and kind of caller, and the whole by interval, each with its 99 % interval, to be read."""
    cpu_s = sum(replication.cpu_s for replication in replications)
    calls = sum(replication.calls for replication in replications)
    lines = [
        f"{name or 'Scenario'}: simulated, {len(replications)} replication(s), seed {seed}; "
        f"{calls:,} calls in {cpu_s:.1f} CPU s",
        "value ± half of the 99 % interval",
        "",
        *_table("queue", [(queue, figures) for queue, figures in by_queue(results.totals()).items()]),
        *_kinds_table(kinds),
        "",
        *_table("from", [(clock(start), figures) for start, figures in of_whole(results.by_interval()).items()]),
    ]
    return "\n".join(lines)


def _kinds_table(kinds: Mapping[tuple[str, str], list[Figure]]) -> list[str]:
    rows = [(f"{queue} {kind}", {figure.metric: figure for figure in some}) for (queue, kind), some in kinds.items()]
    return ["", *_table("callers", rows)] if rows else []


def in_per_cent(metric: str) -> bool:
    """Whether people read the metric as a percentage."""
    return metric in SHARES_OF_ONE


def by_queue(figures: list[Figure]) -> dict[str, dict[str, Figure]]:
    """The figures by queue and metric."""
    found: dict[str, dict[str, Figure]] = {}
    for figure in figures:
        found.setdefault(figure.queue, {})[figure.metric] = figure
    return found


def of_whole(figures: list[Figure]) -> dict[float, dict[str, Figure]]:
    """The figures of the whole by interval's begin and metric."""
    found: dict[float, dict[str, Figure]] = {}
    for figure in figures:
        if figure.queue == ALL and figure.start_s is not None:
            found.setdefault(figure.start_s, {})[figure.metric] = figure
    return found


def _table(first: str, rows: list[tuple[str, dict[str, Figure]]]) -> list[str]:
    cells = [[first, *(title for _, title in _COLUMNS)]]
    cells += [[label, *(_cell(figures.get(metric)) for metric, _ in _COLUMNS)] for label, figures in rows]
    widths = [max(len(row[n]) for row in cells) for n in range(len(cells[0]))]
    return ["  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in cells]


def _cell(figure: Figure | None) -> str:
    if figure is None or figure.estimate.value is None:
        return "–"
    scale, unit = (100, " %") if in_per_cent(figure.metric) else (1, "")
    estimate = figure.estimate
    shown = f"{figure.estimate.value * scale:,.1f}"
    if estimate.low is None or estimate.high is None:
        return shown + unit
    return f"{shown} ± {(estimate.high - estimate.low) / 2 * scale:,.1f}{unit}"


def clock(start_s: float) -> str:
    """Hours and minutes since the begin."""
    minutes, seconds = divmod(round(start_s), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02d}:{minutes:02d}" + (f":{seconds:02d}" if seconds else "")
