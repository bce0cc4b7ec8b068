"""Letters wait for quiet hours, but never beyond their deadline, and never take a seat that is not there."""

from typing import Any

import pytest

from hotline.planning.staffing.movable import placed
from tests.unit.planning.staffing.day import problem, queue

_OPEN = queue("calls", calls=[10] * 6)


def _letters(**changes: Any) -> dict[str, Any]:
    """Six hours of work that come at once."""
    return {"id": "letters", "arrivals": [36, 0, 0, 0, 0, 0], "handle_s": 600, "deadline_h": 3} | changes


def test_work_goes_where_few_call_and_the_peak_stays() -> None:
    given = problem(queues=[_OPEN], work=[_letters()])
    agents = [10, 12, 12, 6, 8, 10]
    found = placed(given, agents, [None] * 6)
    assert max(a + b for a, b in zip(agents, found.people, strict=True)) == 12
    assert sum(found.people) == 12
    assert sum(found.hours["letters"]) == pytest.approx(6.0)
    assert found.people[3] == 6
    assert (found.late_h["letters"], found.left_h["letters"]) == (0.0, 0.0)


def test_a_deadline_is_kept_even_at_the_price_of_the_peak() -> None:
    given = problem(queues=[_OPEN], work=[_letters(deadline_h=1)])
    found = placed(given, [10] * 6, [None] * 6)
    assert sum(found.hours["letters"][:2]) == pytest.approx(6.0)
    assert max(found.people) == 6


def test_without_seats_what_is_late_is_told() -> None:
    given = problem(queues=[_OPEN], work=[_letters(deadline_h=1)])
    found = placed(given, [10] * 6, [12] * 6)
    assert all(people <= 2 for people in found.people)
    assert found.late_h["letters"] == pytest.approx(4.0)


def test_nobody_works_while_all_is_closed_or_before_the_work_has_come() -> None:
    calls = [10, 0, 10, 10, 10, 10]
    given = problem(queues=[queue("calls", calls=calls)], work=[_letters(arrivals=[6, 0, 6, 0, 0, 0], deadline_h=1)])
    found = placed(given, [4, 0, 4, 4, 4, 4], [None] * 6)
    assert found.people[1] == 0
    assert found.hours["letters"][0] == pytest.approx(1.0)
    assert sum(found.hours["letters"]) == pytest.approx(2.0)


def test_what_may_stay_for_tomorrow_stays_rather_than_raise_the_peak() -> None:
    given = problem(queues=[_OPEN], work=[_letters(deadline_h=24)])
    found = placed(given, [10, 10, 10, 10, 10, 8], [None] * 6)
    assert found.people == [0, 0, 0, 0, 0, 2]
    assert found.left_h["letters"] == pytest.approx(5.0)
