"""The people that a roster is made for: per skill a number for each interval of its days, as every reader sees them."""

from datetime import date

from hotline.domains.workforce.models import Roster, StaffingPlan
from hotline.domains.workforce.planning_runs import unpacked

Demand = dict[str, list[int]]  # skill id -> people wanted per interval
_DAY_MIN = 1440


def demand_of(roster: Roster) -> Demand:
    """People wanted in each interval of the roster's days; a list that is kept shorter (a day, a week) repeats."""
    kept: Demand = unpacked(roster.demand) or {}
    slots = ((roster.last_day - roster.first_day).days + 1) * _DAY_MIN // roster.interval_min
    return {skill: [row[slot % len(row)] if row else 0 for slot in range(slots)] for skill, row in kept.items()}


def demand_of_plan(plan: StaffingPlan, first: date, last: date) -> Demand:
    """The plan's requirement on these days; nobody on days that the plan does not have."""
    whole: Demand = unpacked(plan.content) or {}
    a_day = _DAY_MIN // plan.interval_min
    skipped = (first - plan.first_day).days * a_day
    wanted = ((last - first).days + 1) * a_day
    return {
        skill: [row[slot] if 0 <= slot < len(row) else 0 for slot in range(skipped, skipped + wanted)]
        for skill, row in whole.items()
    }
