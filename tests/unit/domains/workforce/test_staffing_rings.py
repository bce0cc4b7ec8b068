"""From what wait on somebody may take a queue's contacts, and where these go when nobody does."""

from typing import Any

import pytest

from hotline.domains.workforce.staffing_rings import served_after, ways_out
from hotline.messages.configuration import OverflowConfiguration, QueueConfiguration, RingConfiguration


def rule(**values: Any) -> QueueConfiguration:
    whole: Any = {"queue_id": "q", "tenant_id": "t", "name_zh": "q", "name_en": "q", "skills": (("a", 5),), **values}
    return QueueConfiguration(**whole)


RINGS = (
    RingConfiguration(after_s=0, group_ids=("north",), is_preference_kept=True),
    RingConfiguration(after_s=10, group_ids=("north",)),
    RingConfiguration(after_s=30, relax=2),
)


@pytest.mark.parametrize(
    ("values", "held", "teams", "after_s"),
    [
        ({}, {"a": 5}, set(), 0),
        ({}, {"a": 4}, set(), None),
        ({"preferred": (("p", 3),), "prefer_s": 20}, {"a": 5}, set(), 20),
        ({"preferred": (("p", 3),), "prefer_s": 20}, {"a": 5, "p": 3}, set(), 0),
        ({"preferred": (("p", 3),)}, {"a": 5}, set(), 0),
        ({"rings": RINGS, "preferred": (("p", 3),)}, {"a": 5, "p": 3}, {"north"}, 0),
        ({"rings": RINGS, "preferred": (("p", 3),)}, {"a": 5}, {"north"}, 10),
        ({"rings": RINGS}, {"a": 5}, {"south"}, 30),
        ({"rings": RINGS}, {"a": 3}, {"north"}, 30),
        ({"rings": RINGS}, {"a": 2}, {"north"}, None),
    ],
)
def test_rings_open_by_team_and_level(
    values: dict[str, Any], held: dict[str, int], teams: set[str], after_s: int | None
) -> None:
    assert served_after(rule(**values), {"a": 5}, held, teams) == after_s


@pytest.mark.parametrize(("site_id", "after_s"), [("nanjing", 0), ("huaian", 20), (None, None)])
def test_rings_open_by_site(site_id: str | None, after_s: int | None) -> None:
    rings = (RingConfiguration(after_s=0, site_ids=("nanjing",)), RingConfiguration(after_s=20, site_ids=("huaian",)))
    assert served_after(rule(rings=rings), {"a": 5}, {"a": 5}, set(), site_id) == after_s


def test_who_serves_a_queue_without_settings_serves_it_at_once() -> None:
    assert served_after(None, {"a": 1}, {"a": 1}, set()) == 0


@pytest.mark.parametrize(
    ("values", "ways"),
    [
        ({}, []),
        ({"overflows": (OverflowConfiguration(after_s=60, queue_id="x"),)}, [("x", 60)]),
        ({"overflows": (OverflowConfiguration(after_s=60, pool_id="x"),)}, []),  # other companies' people are not ours
        ({"max_waiting": 9, "full_queue_id": "x", "max_wait_s": 300, "late_queue_id": "y"}, [("y", 300), ("x", None)]),
        ({"max_waiting": 9, "max_wait_s": 300}, []),
    ],
)
def test_customers_leave_by_overflow_full_and_late_queue(values: dict[str, Any], ways: list[Any]) -> None:
    assert ways_out(rule(**values)) == ways
