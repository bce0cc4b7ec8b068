"""A recorded stretch of time under the recorded configuration and under a changed one, side by side.

The same customers and the same chance meet both. What was really recorded stands beside, so that the reader sees how
far the replay itself is off."""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from hotline.engine.tally import INTERVAL_MS
from hotline.messages import routing as m
from hotline.messages.configuration import RoutingConfiguration
from hotline.simulation import estimates
from hotline.simulation.errors import RecordingEmptyError
from hotline.simulation.moving import Move, moved
from hotline.simulation.outcome import Measure, QueueOutcome
from hotline.simulation.recording import Recorder, Recording
from hotline.simulation.replay import Replay, World

ALL = "*"
LEVEL = 0.99
MARGIN_MS = 3_600_000  # played before and after the window, and not counted: nobody begins in an empty house
SHARES = ("service_level", "abandon_probability", "occupancy")
_CURVES = ("asked", "abandoned", "service_level", "average_wait_s", "wait_percentile95_s")

Metrics = dict[str, float | None]


@dataclass(frozen=True, slots=True)
class Played:
    """One replay: metrics by queue, `*` is the whole; the same by quarter of an hour; refusals by error code."""

    queues: dict[str, Metrics]
    quarters: dict[str, list[Metrics]]
    refused: dict[str, int]


@dataclass(frozen=True, slots=True)
class Comparison:
    """What was recorded, and one replay for each seed under each configuration."""

    recorded: Played
    before: list[Played]
    after: list[Played]
    recording: Recording
    begin_ms: int
    end_ms: int


class Stretch:
    """Reads the events of a stretch once: for the recording and for what it came to."""

    def __init__(
        self,
        begin_ms: int,
        end_ms: int,
        configuration: RoutingConfiguration | None = None,
        tenant_id: str | None = None,
    ) -> None:
        """Both bounds at quarters of an hour. `configuration` was in force before the first event. The whole pool is
        played; with `tenant_id` the figures are that tenant's alone."""
        self.begin_ms, self.end_ms, self._tenant_id = begin_ms, end_ms, tenant_id
        self._recorder = Recorder(begin_ms - MARGIN_MS, configuration)
        self._measure = Measure(begin_ms, end_ms, tenant_id)
        if configuration is not None:
            self._measure.apply(m.ConfigurationApplied(at_ms=begin_ms, configuration=configuration))

    def read(self, events: Iterable[m.RoutingEvent]) -> None:
        """Take events, in order, up to a margin after the end; those before the margin tell who was there."""
        for event in events:
            if event.at_ms < self.end_ms + MARGIN_MS:
                self._recorder.apply(event)
                self._measure.apply(event)

    def compare(
        self,
        changed: RoutingConfiguration,
        seeds: Iterable[int],
        played: Callable[[], None] = lambda: None,
        moves: Sequence[Move] = (),
    ) -> Comparison:
        """Calls `played` after each replay, of which there are two for each seed. `moves` are for the changed one.

        Raises RecordingEmptyError when nobody was served or no configuration is known."""
        recording = self._recorder.recording()
        world = World(recording)
        recorded = _played(self._measure, {})
        if not recording.configurations or not world.is_playable or not recorded.queues[ALL]["asked"]:
            raise RecordingEmptyError
        begin_ms = recording.begin_ms
        elsewhere = World(moved(recording, moves)) if moves else world
        before, after = [], []
        for seed in seeds:
            before.append(self._play(world, recording.configurations, seed))
            played()
            after.append(self._play(elsewhere, [(begin_ms, changed)], seed))
            played()
        return Comparison(recorded, before, after, recording, self.begin_ms, self.end_ms)

    def configuration(self) -> RoutingConfiguration | None:
        """The configuration in force at the end of what was read."""
        return self._recorder.configuration

    def _play(self, world: World, configurations: list[tuple[int, RoutingConfiguration]], seed: int) -> Played:
        measure = Measure(self.begin_ms, self.end_ms, self._tenant_id)
        replay = Replay(world, configurations, seed, measure)
        replay.run()
        return _played(measure, replay.refused)


def _played(measure: Measure, refused: dict[str, int]) -> Played:
    whole = measure.of_all().metrics()
    if measure.tenant_id is None:
        whole["occupancy"] = measure.occupancy()
    starts = range(measure.begin_ms, measure.end_ms, INTERVAL_MS)
    queues: dict[str, Metrics] = {ALL: whole}
    quarters = {ALL: [_curve(measure.of_all(start)) for start in starts]}
    for queue_id in sorted(measure.queue_ids()):
        queues[queue_id] = measure.of_queue(queue_id).metrics()
        quarters[queue_id] = [_curve(measure.of_queue(queue_id, start)) for start in starts]
    return Played(queues, quarters, dict(refused))


def _curve(outcome: QueueOutcome) -> Metrics:
    metrics = outcome.metrics()
    return {name: metrics[name] for name in _CURVES}


def queues_of(comparison: Comparison) -> list[str]:
    """The whole and every queue that anybody asked for, in what was recorded or in a replay."""
    played = [comparison.recorded, *comparison.before, *comparison.after]
    return [ALL, *sorted({queue for one in played for queue in one.queues} - {ALL})]


# --- what is told ----------------------------------------------------------------------------------------------------


def document(comparison: Comparison) -> dict[str, Any]:
    """The result as it is written as JSON: means over the replays and the difference, each with its 99 % interval (null
    where one replay tells nothing of chance). `quarters` are of the whole."""
    return {
        "begin_ms": comparison.begin_ms,
        "end_ms": comparison.end_ms,
        "replays": len(comparison.before),
        "figures": [row for queue in queues_of(comparison) for row in _rows(comparison, queue)],
        "quarters": quarters(comparison),
        "left_out": comparison.recording.left_out,
        "refused_before": _sums(comparison.before),
        "refused_after": _sums(comparison.after),
        "configurations_recorded": len(comparison.recording.configurations),
    }


def _rows(comparison: Comparison, queue: str) -> list[dict[str, Any]]:
    rows = []
    recorded_of = comparison.recorded.queues.get(queue, {})
    played = [recorded_of, *(one.queues.get(queue, {}) for one in (*comparison.before, *comparison.after))]
    for metric in next(filter(None, played)):
        recorded = recorded_of.get(metric)
        before = _values(comparison.before, queue, metric)
        after = _values(comparison.after, queue, metric)
        difference = estimates.mean(after - before, LEVEL)
        one, two = _estimated(metric, before), _estimated(metric, after)
        row = {"queue": queue, "metric": metric, "recorded": recorded, "before": one.value, "after": two.value}
        row |= {"before_low": one.low, "before_high": one.high, "after_low": two.low, "after_high": two.high}
        rows.append({**row, "difference": difference.value, "low": difference.low, "high": difference.high})
    return rows


def _estimated(metric: str, values: estimates.Floats) -> estimates.Estimate:
    """Shares are 0-1; nothing else is below 0 either."""
    return estimates.mean(values, LEVEL).within(0, 1 if metric in SHARES else math.inf)


def _values(played: list[Played], queue: str, metric: str) -> estimates.Floats:
    found = [one.queues.get(queue, {}).get(metric) for one in played]
    return np.array([np.nan if value is None else value for value in found], np.float64)


def quarters(comparison: Comparison, queue: str = ALL) -> list[dict[str, Any]]:
    """A queue's curves by quarter of an hour: recorded, and the means over the replays before and after."""
    sides = {"before": comparison.before, "after": comparison.after}
    rows = []
    nobody: list[Metrics] = [dict.fromkeys(_CURVES) for _ in comparison.recorded.quarters[ALL]]
    for number, recorded in enumerate(comparison.recorded.quarters.get(queue, nobody)):
        row: dict[str, Any] = {"start_ms": comparison.begin_ms + number * INTERVAL_MS, "recorded": recorded}
        for name, played in sides.items():
            found = [one.quarters[queue][number] for one in played if queue in one.quarters]
            row[name] = {metric: _known_mean([one[metric] for one in found]) for metric in _CURVES}
        rows.append(row)
    return rows


def _known_mean(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None


def _sums(played: list[Played]) -> dict[str, int]:
    total: dict[str, int] = {}
    for one in played:
        for code, many in one.refused.items():
            total[code] = total.get(code, 0) + many
    return total


_TITLES = {
    "asked": "asked",
    "answered": "answered",
    "abandoned": "abandoned",
    "blocked": "blocked",
    "overflowed": "overflowed",
    "service_level": "service level",
    "average_wait_s": "average wait, s",
    "wait_percentile95_s": "95 % wait, s",
    "occupancy": "occupancy",
}


def table(comparison: Comparison, names: dict[str, str]) -> str:
    """The comparison to be read; `names` of queues by id."""
    told = document(comparison)
    lines = [
        f"Replayed through the live rules: {len(comparison.before)} replays of each configuration, same customers.",
        "recorded: what happened. as it was: replayed under the recorded set-up, which shows how far a replay is off.",
        "",
        f"{'queue':24} {'':16} {'recorded':>10} {'as it was':>10} {'changed':>10} {'difference (99 %)':>22}",
    ]
    for row in told["figures"]:
        if row["metric"] in _TITLES:
            lines.append(_line(row, names))
    return "\n".join([*lines, *_notes(told)])


def _line(row: dict[str, Any], names: dict[str, str]) -> str:
    scale, unit = (100, " %") if row["metric"] in SHARES else (1, "")
    queue = "all" if row["queue"] == ALL else names.get(row["queue"], row["queue"])
    cells = [_cell(row[name], scale, unit) for name in ("recorded", "before", "after")]
    return f"{queue:24} {_TITLES[row['metric']]:16} {cells[0]:>10} {cells[1]:>10} {cells[2]:>10} {_change(row):>22}"


def _cell(value: float | None, scale: int, unit: str) -> str:
    return "–" if value is None else f"{value * scale:,.1f}{unit}"


def _change(row: dict[str, Any]) -> str:
    if row["difference"] is None:
        return "–"
    scale = 100 if row["metric"] in SHARES else 1
    shown = f"{row['difference'] * scale:+,.1f}"
    return shown if row["low"] is None else f"{shown} ± {(row['high'] - row['low']) / 2 * scale:,.1f}"


def _notes(told: dict[str, Any]) -> list[str]:
    notes = [f"Not played: {many} {what.replace('_', ' ')}." for what, many in told["left_out"].items()]
    if told["configurations_recorded"] > 1:
        many = told["configurations_recorded"]
        notes.append(f"The set-up changed during the recording ({many} versions): “as it was” follows each.")
    notes += [f"Refused under the changed set-up: {many} × {code}." for code, many in told["refused_after"].items()]
    return ["", *notes] if notes else []
