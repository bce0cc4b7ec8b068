"""Random small problems: what the solver says of its roster is what the independent checker counts."""

from typing import Any

import msgspec
import pytest
from hypothesis import given, settings

from hotline.planning.roster import month
from hotline.planning.roster.answer import document
from hotline.planning.roster.cpu_budget import Budget, cpu_seconds
from hotline.planning.roster.errors import NoLegalLineError
from hotline.planning.roster.month_check import check
from hotline.planning.roster.problem import Problem
from hotline.planning.roster.staffing_plan import Plan

from .random_months import problems


def solved(given: dict[str, Any], seconds: float = 2.0) -> dict[str, Any]:
    """The solver's answer to a problem as JSON would give it."""
    plan = Plan(msgspec.convert(given, Problem))
    return document(plan, month.solve(plan, Budget(seconds, start_s=cpu_seconds()), lambda ratio: None), 0.0)


@settings(max_examples=80)
@given(problems())
def test_no_hard_rule_is_broken_and_coverage_is_what_the_checker_counts(given: dict[str, Any]) -> None:
    try:
        answer = solved(given)
    except NoLegalLineError:
        return
    report = check(given, answer)
    assert report.breaches == ()
    assert answer["coverage_ratio"] == pytest.approx(report.coverage_ratio, abs=1e-6)
    assert answer["wishes_broken"] == report.wishes_broken
    assert report.coverage_ratio <= answer["coverage_at_most"] + 1e-6
