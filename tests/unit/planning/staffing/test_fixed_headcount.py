"""No more people: what can be served, and what to change first."""

from typing import Any

import msgspec
import pytest

from hotline.planning.staffing import fixed_headcount
from hotline.planning.staffing.fixed_headcount import Answer, answered, specialised, without
from hotline.planning.staffing.problem import Specialisation
from tests.unit.planning.staffing.day import problem, queue

_REASONS = [
    {"id": "balance", "share": 0.4, "aht_s": 120, "self_service_share": 0.5},
    {"id": "address", "share": 0.1, "aht_s": 120, "self_service_share": 0.5},
]


def _given(people: tuple[int, int], growth: float = 0.2, **changes: Any) -> Any:
    queues = [queue("bills", reasons=_REASONS), queue("repairs", calls=[20, 30, 25, 15])]
    groups = [
        {"id": "billers", "skills": ["bills"], "people": people[0]},
        {"id": "menders", "skills": ["repairs"], "people": people[1]},
    ]
    headcount = {"hours": 2, "growth": growth}
    return problem(queues=queues, groups=groups, headcount=headcount | changes)


def _option(found: Answer, key: str, **names: str) -> fixed_headcount.Option:
    return next(one for one in found.options if one.key == key and dict(one.names) == names)


def test_enough_people_need_no_change() -> None:
    found = answered(_given((30, 30)))
    assert (found.grown.missing, found.steps, found.fits) == (0.0, [], True)
    assert found.factor > 1.2
    assert found.calls["bills"] == pytest.approx(found.factor * 180)


def test_the_volume_served_is_the_most_that_fits() -> None:
    given = _given((10, 30))
    found = answered(given)
    ask = fixed_headcount.Ask(given.headcount)
    assert fixed_headcount.hours_of(given, ask, found.factor).missing == 0.0
    assert fixed_headcount.hours_of(given, ask, 1.02 * found.factor).missing > 0.0


def test_self_service_takes_over_what_saves_most_first_until_it_fits() -> None:
    found = answered(_given((10, 30)))
    assert found.grown.missing > 0
    assert found.steps[0].names["reason"] == "balance"
    left = [found.grown.missing, *(step.missing_h for step in found.steps)]
    assert left == sorted(left, reverse=True)
    balance = _option(found, "staffing.self_service", queue="bills", reason="balance")
    address = _option(found, "staffing.self_service", queue="bills", reason="address")
    assert balance.calls_moved == pytest.approx(1.2 * 180 * 0.2)
    # Whole agents: few calls less may save nobody.
    assert balance.hours_saved > address.hours_saved >= 0


def test_a_skill_for_those_who_have_time_wins_and_one_for_the_others_does_not() -> None:
    found = answered(_given((10, 30)))
    assert found.grown.missing > 0
    best = found.options[0]
    assert (best.key, best.names) == ("staffing.cross_training", {"group": "menders", "skill": "bills"})
    assert best.missing_h == 0.0
    useless = _option(found, "staffing.cross_training", group="billers", skill="repairs")
    assert useless.missing_h >= best.missing_h


def test_moved_calls_are_the_short_ones_so_the_rest_is_longer() -> None:
    given = _given((10, 10))
    bills = given.queues[0]
    rest = without(bills, bills.reasons[0])
    assert sum(rest.calls) == pytest.approx(0.8 * 180)
    # All work: 180 × 240 s; gone: 36 × 120 s.
    assert sum(rest.calls) * rest.mean_aht_s() == pytest.approx(180 * 240 - 36 * 120)
    assert sum(one.share for one in rest.reasons) == pytest.approx((0.5 - 0.2) / 0.8)


def test_a_group_that_keeps_to_fewer_skills_is_quicker_by_its_part() -> None:
    given = _given((30, 10))
    both = msgspec.structs.replace(given.groups[1], skills=["repairs", "bills"])
    given = msgspec.structs.replace(given, groups=[given.groups[0], both])
    found = specialised(given, 1, Specialisation(group="menders", skills=["bills"], aht_ratio=0.8))
    assert found.groups[1].skills == ["bills"]
    assert found.queues[0].aht_s == pytest.approx(240 * (1 - 10 / 40 * 0.2))
    assert found.queues[1].aht_s == 240


def test_a_group_that_may_not_grow_leaves_hours_missing() -> None:
    given = _given((30, 30))
    small = msgspec.structs.replace(given.groups[0], most=3)
    given = msgspec.structs.replace(given, groups=[small, given.groups[1]])
    found = answered(given)
    assert found.grown.missing > 0
    assert found.factor < 1.0


def test_what_simulation_added_makes_the_people_serve_less() -> None:
    given = _given((14, 30))
    assert answered(given, 1.2).factor < answered(given).factor
