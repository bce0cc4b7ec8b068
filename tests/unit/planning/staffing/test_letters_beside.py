"""Letters in what calls leave of a fixed headcount: what is done, what stays every day, what is late at once."""

import math
from typing import Any

import pytest

from hotline.planning.roster.cpu_budget import Budget, cpu_seconds
from hotline.planning.staffing import answer, fixed_headcount
from hotline.planning.staffing.fixed_headcount import Ask, answered, hours_of
from hotline.planning.staffing.letters_beside import Served, letters_beside
from hotline.planning.staffing.plan import Effort, plan
from tests.unit.planning.staffing.day import problem, queue

_ALL_DAY = [10.0] * 4


def _letters(id: str = "letters", **changes: Any) -> dict[str, Any]:
    return {"id": id, "arrivals": _ALL_DAY, "handle_s": 360, "deadline_h": 24} | changes


def _given(people: int, *work: dict[str, Any], skills: tuple[str, ...] = ("calls",), **headcount: Any) -> Any:
    """Two hours; each person is there for all of it. Ten letters of six minutes come every half-hour: four hours."""
    group = {"id": "all", "skills": list(skills), "people": people}
    return problem(groups=[group], work=list(work), headcount={"hours": 2, **headcount})


def _spare_h(given: Any) -> float:
    """Hours beside those of the calls."""
    headcount = given.headcount
    return sum(group.people * headcount.hours for group in given.groups) - hours_of(given, Ask(headcount), 1.0).needed


def test_letters_get_what_calls_leave_and_the_rest_stays_every_day() -> None:
    for people in (10, 11, 12, 13, 20):
        given = _given(people, _letters())
        spare = _spare_h(given)
        one = answered(given).grown.letters["letters"]
        assert one.needed_h == pytest.approx(4.0)
        assert one.done_h == pytest.approx(min(4.0, max(0.0, spare)), abs=1e-4)
        assert one.undone == pytest.approx(one.undone_h * 10)


def test_calls_are_never_given_up_for_letters() -> None:
    without, beside = answered(_given(8)), answered(_given(8, _letters()))
    assert beside.grown.missing == pytest.approx(without.grown.missing)
    assert beside.factor == pytest.approx(without.factor)
    assert without.grown.missing > 0
    assert beside.grown.letters["letters"].done_h == pytest.approx(0.0, abs=1e-4)


def test_where_hours_are_short_the_shorter_deadline_goes_first() -> None:
    given = _given(12, _letters("soon", deadline_h=4), _letters("later", deadline_h=72))
    spare = _spare_h(given)
    assert 0 < spare < 8
    found = answered(given).grown.letters
    assert found["soon"].done_h == pytest.approx(min(4.0, spare), abs=1e-4)
    assert found["soon"].done_h + found["later"].done_h == pytest.approx(spare, abs=1e-4)


def test_who_lacks_the_skill_does_no_letters() -> None:
    given = _given(30, _letters(skill="writing"))
    assert answered(given).grown.letters["letters"].done_h == pytest.approx(0.0, abs=1e-6)
    trained = _given(30, _letters(skill="writing"), skills=("calls", "writing"))
    assert answered(trained).grown.letters["letters"].is_in_time
    option = next(one for one in answered(given).options if one.names.get("skill") == "writing")
    assert (option.key, option.late_h) == ("staffing.cross_training", pytest.approx(0.0, abs=1e-4))


def _alone(free: list[int], work: dict[str, Any]) -> Served:
    """Letters beside nobody: so many people free in each half-hour, no choice of when."""
    given = problem(groups=[{"id": "all", "skills": ["calls"], "people": 9, "most": 9}], work=[work])

    def calls(program: Any) -> Any:
        agents = [[program.column(0.0, 9)] for _ in free]
        for (column,), many in zip(agents, free, strict=True):
            program.at_least({column: 1.0}, 9 - many)
        return agents, [program.column(0.0) for _ in free]

    return letters_beside(given, calls, [18.0], 1.0)["letters"]


@pytest.mark.parametrize(
    ("free", "deadline_h", "late_h"),
    [
        ([2, 2, 2, 2], 0.5, 0.0),  # done as they come
        ([0, 0, 4, 4], 2.0, 0.0),  # what came in the first hour may wait for the second
        ([0, 0, 4, 4], 0.5, 2.0),  # both half-hours' letters are late at the end of the first hour
        ([0, 8, 0, 0], 2.0, 0.0),  # what comes afterwards waits for tomorrow
        ([0, 8, 0, 0], 1.5, 1.0),
    ],
)
def test_letters_are_late_when_nobody_is_free_within_their_deadline(
    free: list[int], deadline_h: float, late_h: float
) -> None:
    """Ten letters of six minutes a half-hour are two people's work; days are alike."""
    one = _alone(free, _letters(deadline_h=deadline_h))
    assert one.undone_h == pytest.approx(0.0, abs=1e-6)
    assert one.late_h == pytest.approx(late_h, abs=1e-6)


def test_who_stays_undone_makes_no_others_late() -> None:
    one = _alone([1, 1, 1, 1], _letters(deadline_h=0.5))  # half of the work, in every half-hour
    assert (one.undone_h, one.late_h) == (pytest.approx(2.0), pytest.approx(0.0, abs=1e-6))


def test_what_fits_and_how_much_more_counts_the_letters() -> None:
    tight = answered(_given(11, _letters()))
    assert tight.grown.missing == 0.0
    assert not tight.fits
    assert tight.factor_in_time < 1.0 <= tight.factor
    roomy = answered(_given(20, _letters()))
    assert roomy.fits
    assert 1.0 < roomy.factor_in_time < roomy.factor
    told = fixed_headcount.document(tight)
    assert told["letters"]["letters"]["undone_h"] > 0
    assert told["factor_in_time"] < told["factor"]
    assert "letters" not in fixed_headcount.document(answered(_given(11)))


def test_self_service_goes_on_until_letters_are_in_time() -> None:
    reasons = [{"id": "balance", "share": 0.5, "aht_s": 240, "self_service_share": 0.8}]
    group = {"id": "all", "skills": ["calls"], "people": 11}
    given = problem(queues=[queue("calls", reasons=reasons)], groups=[group], work=[_letters()], headcount={"hours": 2})
    found = answered(given)
    assert found.grown.missing == 0.0
    assert found.grown.late > 0
    assert [step.names["reason"] for step in found.steps] == ["balance"]
    assert found.steps[0].late_h < found.grown.late
    assert found.fits
    assert all(math.isnan(one.late_h) for one in answered(_given(8)).options)


def test_the_table_says_what_becomes_of_letters() -> None:
    given = _given(11, _letters())
    made = plan(given, Effort(Budget(9.0, start_s=cpu_seconds())))
    lines = answer.table(answer.document(made)).splitlines()
    assert any("hours) stay every day" in line for line in lines if line.startswith("  letters letters: "))
    assert any(line.startswith("  with all letters in time 0.") for line in lines)
