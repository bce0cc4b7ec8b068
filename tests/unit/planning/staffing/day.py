"""Small staffing problems for tests."""

from typing import Any

import msgspec

from hotline.planning.staffing.checking import check
from hotline.planning.staffing.problem import Problem


def problem(**changes: Any) -> Problem:
    """One queue of four half-hours, 85 % within 15 s, checked."""
    given: dict[str, Any] = {
        "start": "2026-12-07T08:00",
        "zone": "Asia/Shanghai",
        "targets": {"service_level": 0.85, "within_s": 15},
        "queues": [queue("calls")],
    }
    found = msgspec.convert(given | changes, Problem)
    check(found)
    return found


def queue(id: str, **changes: Any) -> dict[str, Any]:
    """Some calls of 240 s."""
    return {"id": id, "calls": [40, 60, 50, 30], "aht_s": 240} | changes
