"""The rest of the day by hand: required and present people, effects and proposals."""

from datetime import UTC, datetime, timedelta

import pytest

from hotline.domains.workforce.adherence import Segment
from hotline.domains.workforce.intraday import (
    Crew,
    QueueDay,
    QueueTargets,
    count_present,
    level_with,
    reforecast,
    required,
)
from hotline.domains.workforce.proposals import Means, Movable, Proposal, ShiftEnd, Tier, proposals
from hotline.domains.workforce.quiet_times import Place, mean_pressure, quietest
from hotline.formulas import erlang_c

MIDNIGHT = datetime(2026, 3, 4, tzinfo=UTC)
TARGETS = QueueTargets(0.8, 20)
REPAIR, BILLS = "repair", "bills"


def at(clock: str) -> datetime:
    hour, minute = clock.split(":")
    return MIDNIGHT + timedelta(hours=int(hour), minutes=int(minute))


def queue(queue_id: str = REPAIR, calls: float = 50.0, known: int = 0, came: int = 50) -> QueueDay:
    """The same number of calls of three minutes each quarter, of which the first ones are over."""
    made = QueueDay(
        queue_id=queue_id,
        targets=TARGETS,
        planned=[calls] * 96,
        handle_s=[180.0] * 96,
        actual=[came if k < known else None for k in range(96)],
    )
    reforecast(made)
    return made


def crew(agent_id: str, begins: str, ends: str, *queues: str) -> Crew:
    return Crew(agent_id, frozenset(queues or (REPAIR,)), (Segment("work", at(begins), at(ends)),))


def test_required_is_the_published_erlang_c_staffing() -> None:
    """50 calls of 180 s in a quarter of an hour are 10 erlangs: 80 % in 20 s takes 14 agents (published tables)."""
    assert required(TARGETS, 50, 180) == 14
    assert required(TARGETS, 50, 180) == erlang_c.fewest_agents(10, 180, 20, 0.8)
    assert required(TARGETS, 0.0, 180) == 0
    assert required(QueueTargets(0.8, 20, occupancy=0.6), 50, 180) == 17


def test_more_calls_than_expected_raise_the_rest_of_the_day_and_keep_what_came() -> None:
    more, as_expected = queue(known=40, came=60), queue(known=40, came=50)
    assert more.calls[:40] == [60.0] * 40
    assert 1.15 < more.level <= 1.2  # after 2,000 expected calls the counts say nearly all
    assert more.calls[50] == pytest.approx(50 * more.level, abs=0.01)
    assert more.required[50] > as_expected.required[50]
    assert as_expected.level == pytest.approx(1.0)
    assert more.low[50] < more.calls[50] < more.high[50]


def test_present_counts_parts_of_quarters_and_leaves_out_breaks() -> None:
    made = queue()
    shift = Crew(
        "ann",
        frozenset({REPAIR}),
        (Segment("work", at("8:05"), at("9:00")), Segment("break", at("9:00"), at("9:30"))),
    )
    count_present([made], [shift], MIDNIGHT)
    assert made.present[31:39] == [0, pytest.approx(0.67, abs=0.01), 1, 1, 1, 0, 0, 0]


def test_who_serves_two_queues_is_divided_by_what_they_need() -> None:
    large, small = queue(REPAIR, 50), queue(BILLS, 5)
    count_present([large, small], [crew("ann", "8:00", "9:00", REPAIR, BILLS)], MIDNIGHT)
    assert large.present[33] + small.present[33] == pytest.approx(1, abs=0.011)
    assert large.present[33] / small.present[33] == pytest.approx(large.required[33] / small.required[33], rel=0.1)


def test_the_level_between_whole_people_lies_between_theirs() -> None:
    low, high = level_with(TARGETS, 50, 180, 11), level_with(TARGETS, 50, 180, 12)
    between = level_with(TARGETS, 50, 180, 11.5)
    assert low < between < high
    assert between == pytest.approx((low + high) / 2)
    assert level_with(TARGETS, 50, 180, 0) == 0
    assert level_with(TARGETS, 0, 180, 0) == 1


def test_short_of_people_everything_that_helps_is_proposed_with_its_effect() -> None:
    made = queue()
    count_present([made], [crew(str(n), "8:00", "10:00") for n in range(11)], MIDNIGHT)
    both = frozenset({REPAIR})
    means = Means(
        activities=[Movable("a", "t", 1, at("9:00"), at("10:00"), both)],
        breaks=[Movable("b", "s", 1, at("9:30"), at("9:45"), both, index=0)],
        shift_ends=[ShiftEnd("c", "s", at("9:15"), both), ShiftEnd("d", "s", at("20:00"), both)],
        tiers=[Tier("one", {"en": "Tier 1"}, both, 4), Tier("two", {"en": "Other"}, frozenset({BILLS}), 9)],
    )
    found = {one.kind: one for one in proposals([made], means, MIDNIGHT, at("8:50"))}
    assert set(found) == {"move_training", "move_breaks", "overtime", "call_tier"}
    assert all(one.level_after > one.level_before for one in found.values())
    assert found["overtime"].agent_ids == ("c",)
    assert found["call_tier"].people == 4
    assert found["move_training"].begins == at("9:00")


def test_too_many_people_may_leave_early_as_far_as_the_surplus_goes() -> None:
    made = queue()
    count_present([made], [crew(str(n), "8:00", "16:00") for n in range(16)], MIDNIGHT)
    ends = [ShiftEnd(str(n), "s", at("10:00"), frozenset({REPAIR})) for n in range(5)]
    (one,) = proposals([made], Means(shift_ends=ends), MIDNIGHT, at("8:50"))
    assert (one.kind, one.people) == ("leave_early", 2)
    assert one.hours == -2
    assert one.level_after >= 0.8


def test_enough_people_need_nothing() -> None:
    made = queue()
    count_present([made], [crew(str(n), "8:00", "16:00") for n in range(14)], MIDNIGHT)
    ends = [ShiftEnd("1", "s", at("10:00"), frozenset({REPAIR}))]
    found: list[Proposal] = proposals([made], Means(shift_ends=ends), MIDNIGHT, at("8:50"))
    assert found == []


# --- quiet times -----------------------------------------------------------------------------------------------------

SHIFT = ((480, 960),)


def test_a_break_goes_to_the_quietest_allowed_time_and_to_the_nearest_of_equals() -> None:
    place = Place(30, 660, 780, SHIFT)

    def quiet_after_noon(begin: int, end: int) -> float:
        return 2.0 if begin < 735 else -1.0

    assert quietest(place, 700, quiet_after_noon) == 735
    assert quietest(place, 740, quiet_after_noon) is None
    assert quietest(place, 700, lambda begin, end: 0.0) is None


def test_a_break_stays_within_its_window_its_shift_and_beside_everything_else() -> None:
    place = Place(30, 931, 960, SHIFT, taken=((900, 935),))
    assert list(place.starts()) == []
    free = Place(30, 480, 540, SHIFT, taken=((500, 515),))
    assert list(free.starts()) == [515, 520, 525, 530, 535, 540]


def test_pressure_is_the_mean_of_the_quarters_that_are_touched() -> None:
    assert mean_pressure([0.0, 4.0, 8.0], 0.5, 2.0) == pytest.approx((0.5 * 0 + 4) / 1.5)
    assert mean_pressure([], 1.0, 2.0) == 0
