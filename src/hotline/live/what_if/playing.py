"""The question of a what-if answered from the routing log. No Django here: it runs in the player's process."""

from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from hotline.engine.configuration import check
from hotline.kernel.clock import to_datetime
from hotline.live.switch.history import History
from hotline.live.what_if.errors import NotRecordedError
from hotline.messages.configuration import RoutingConfiguration
from hotline.simulation import what_if
from hotline.simulation.moving import Move

LOOK_BACK_MS = 24 * 3_600_000  # for who has been signed in since before
_BUSIEST = 30  # queues with curves; all others have their figures only
_CURVED = ("asked", "abandoned", "service_level", "average_wait_s", "wait_percentile95_s")


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be played of which log, and whose figures are wanted."""

    data_dir: str
    database_url: str
    pool: str
    tenant_id: str
    begin_ms: int
    end_ms: int
    time_zone: str
    replays: int
    changed: RoutingConfiguration
    moves: tuple[Move, ...] = ()


def answer(question: Question, history: History, told: Callable[[int], None]) -> dict[str, Any]:
    """The result, as JSON values; `told` is called with the number of steps done: reading is one, each replay another.

    Raises NotRecordedError, RecordingEmptyError, and ConfigurationInvalidError when the engine refuses the set-up."""
    check(question.changed)
    _check_recorded(question, history)
    begin_ms, end_ms = question.begin_ms, question.end_ms
    look_from_ms = begin_ms - LOOK_BACK_MS
    before = history.configuration_before(look_from_ms)
    stretch = what_if.Stretch(begin_ms, end_ms, before, question.tenant_id)
    stretch.read(history.between(look_from_ms, end_ms + what_if.MARGIN_MS))
    steps = 1
    told(steps)

    def played() -> None:
        nonlocal steps
        steps += 1
        told(steps)

    return _told(question, stretch.compare(question.changed, range(1, question.replays + 1), played, question.moves))


def _check_recorded(question: Question, history: History) -> None:
    first_ms, last_ms = history.span()
    if question.end_ms <= first_ms or question.begin_ms > last_ms:
        zone = ZoneInfo(question.time_zone)
        first, last = (to_datetime(at).astimezone(zone).strftime("%Y-%m-%d %H:%M") for at in (first_ms, last_ms))
        raise NotRecordedError(first=first, last=last)


def _told(question: Question, comparison: what_if.Comparison) -> dict[str, Any]:
    document = what_if.document(comparison)
    recorded = comparison.recording.configurations[-1][1]
    # What is not replayed, and what was refused, may be another tenant's.
    is_alone = {queue.tenant_id for queue in (*recorded.queues, *question.changed.queues)} == {question.tenant_id}
    return {
        "queues": _queues(question, recorded, comparison),
        "figures": [_figure(row) for row in document["figures"]],
        "curves": [curve for queue in _curved(comparison) for curve in _curves(comparison, queue)],
        "recorded_version": recorded.version,
        "recorded_versions": document["configurations_recorded"],
        "left_out": document["left_out"] if is_alone else {},
        "refused": document["refused_after"] if is_alone else {},
    }


def _queues(question: Question, recorded: RoutingConfiguration, comparison: what_if.Comparison) -> list[dict[str, Any]]:
    names = {
        queue.queue_id: {"zh": queue.name_zh, "en": queue.name_en}
        for queue in (*recorded.queues, *question.changed.queues)
        if queue.tenant_id == question.tenant_id
    }
    asked = [queue for queue in what_if.queues_of(comparison) if queue != what_if.ALL]
    return [{"queue_id": queue, "name": names.get(queue, {"zh": queue, "en": queue})} for queue in asked]


def _figure(row: dict[str, Any]) -> dict[str, Any]:
    def estimate(value: str, low: str, high: str) -> dict[str, float | None]:
        return {"value": _short(row[value]), "low": _short(row[low]), "high": _short(row[high])}

    return {
        "queue_id": _queue_id(row["queue"]),
        "metric": row["metric"],
        "recorded": _short(row["recorded"]),
        "before": estimate("before", "before_low", "before_high"),
        "after": estimate("after", "after_low", "after_high"),
        "difference": estimate("difference", "low", "high"),
    }


def _curved(comparison: what_if.Comparison) -> list[str]:
    played = [comparison.recorded, *comparison.after]

    def asked(queue: str) -> float:
        return max(one.queues.get(queue, {}).get("asked") or 0 for one in played)

    busiest = sorted(
        (queue for queue in what_if.queues_of(comparison) if queue != what_if.ALL), key=lambda one: -asked(one)
    )
    return [what_if.ALL, *busiest[:_BUSIEST]]


def _curves(comparison: what_if.Comparison, queue: str) -> list[dict[str, Any]]:
    rows = what_if.quarters(comparison, queue)
    return [
        {
            "queue_id": _queue_id(queue),
            "metric": metric,
            **{side: [_short(row[side][metric]) for row in rows] for side in ("recorded", "before", "after")},
        }
        for metric in _CURVED
    ]


def _queue_id(queue: str) -> str | None:
    return None if queue == what_if.ALL else queue


def _short(value: float | None) -> float | None:
    return None if value is None else round(value, 5)
