"""The people that a roster is made for: a number for each interval of its days, per skill or set of skills that one
person has to hold (`skill_sets`), as every reader sees them."""

from datetime import date
from zoneinfo import ZoneInfo

from hotline.domains.routing import queries as routing
from hotline.domains.workforce.models import Roster, SkillBorrowing, StaffingPlan
from hotline.domains.workforce.planning_runs import unpacked
from hotline.domains.workforce.skill_sets import skills_of
from hotline.domains.workforce.wall_time import minute_at
from hotline.planning.staffing.moments import moments

Demand = dict[str, list[int]]  # skill id, or a set's key -> people wanted per interval
_DAY_MIN = 1440


def demand_of(roster: Roster) -> Demand:
    """People wanted in each interval of the roster's days; a list that is kept shorter (a day, a week) repeats."""
    kept: Demand = unpacked(roster.demand) or {}
    slots = ((roster.last_day - roster.first_day).days + 1) * _DAY_MIN // roster.interval_min
    return {skill: [row[slot % len(row)] if row else 0 for slot in range(slots)] for skill, row in kept.items()}


def demand_of_plan(plan: StaffingPlan, first: date, last: date) -> Demand:
    """The plan's requirement on these days of the clock on the wall; nobody on days that the plan does not have.

    An interval that the clocks jump over wants nobody, one that comes twice the greater number."""
    whole: Demand = unpacked(plan.content) or {}
    slots = ((last - first).days + 1) * _DAY_MIN // plan.interval_min
    found = {skill: [0] * slots for skill in whole}
    for at, minute in enumerate(_wall_minutes(plan, first)):
        slot = minute // plan.interval_min
        if 0 <= slot < slots:
            for skill, row in whole.items():
                found[skill][slot] = max(found[skill][slot], row[at] if at < len(row) else 0)
    return found


def _wall_minutes(plan: StaffingPlan, first: date) -> list[int]:
    """Where each of the plan's intervals begins, in minutes of the wall's clock from the midnight of `first` on."""
    if "zone" in plan.basis:
        zone = ZoneInfo(plan.basis["zone"])
        begins = moments(plan.first_day, plan.last_day, zone, plan.interval_min)
        return [minute_at(first, begin, zone) for begin in begins]
    days = (plan.last_day - plan.first_day).days + 1  # made when every day was taken for 24 hours
    begin = (plan.first_day - first).days * _DAY_MIN
    return list(range(begin, begin + days * _DAY_MIN, plan.interval_min))


def wanted_min(demand: Demand, interval_min: int) -> int:
    """The minutes that the demand asks of people."""
    return sum(map(sum, demand.values())) * interval_min


def skills_wanted(roster: Roster) -> dict[str, int]:
    """The least level of each skill by which somebody can be planned in the roster: what it asks for, and whose people
    may help out with that. Nothing where it asks for nobody. Needs a scope."""
    asked = skills_of(unpacked(roster.demand) or {})
    lent = SkillBorrowing.objects.filter(tenant_id=roster.tenant_id).values_list("lender_id", "borrower_id")
    wanted = asked | {str(lender) for lender, borrower in lent if str(borrower) in asked}
    levels = routing.least_levels(roster.tenant_id) if wanted else {}
    return {skill: levels.get(skill, 1) for skill in sorted(wanted)}
