"""A stored roster as the problem that the solver reads: shift kinds, people with their rules, demand, seats."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID

from hotline.domains.enterprise import queries as enterprise
from hotline.domains.people import queries as people
from hotline.domains.people.queries import PlannedAgent
from hotline.domains.workforce import roster_carrying, roster_promises
from hotline.domains.workforce.break_rule import Step, break_minutes, lacking
from hotline.domains.workforce.judging import Horizon, Limits, Person, Work, hours_owed
from hotline.domains.workforce.models import Contract, LabourRules, Roster, RosterShift, ShiftKind, SkillBorrowing, Wish
from hotline.domains.workforce.planned_people import horizon, planned_people, works_around
from hotline.domains.workforce.roster_demand import demand_of, skills_wanted
from hotline.domains.workforce.roster_fairness import Year, year_until
from hotline.domains.workforce.roster_shifts import (
    interval_of,
    kinds_in_use,
    solver_kind,
    wanted_people,
    without_those_there,
)
from hotline.domains.workforce.rules import clock_text
from hotline.domains.workforce.shift_times import breaks_at, paid_min_of, pieces_at
from hotline.domains.workforce.skill_sets import JOINT, few_enough, filled_by, skills_of
from hotline.planning.roster import problem as roster_problem
from hotline.planning.roster.staffing_plan import MOST_SKILLS

_DAY_MIN: Final = 24 * 60
_DAY: Final = timedelta(days=1)
_YEAR_DAYS: Final = 365.25
Clock = tuple[int | None, int | None]


@dataclass(slots=True)
class Asked:
    """The problem, and who is not in it with the code of why (and the reason of a hold, in both languages)."""

    problem: roster_problem.Problem
    left_out: list[dict[str, Any]]


@dataclass(slots=True)
class _Team:
    """Everything that is read once for all people of a roster."""

    roster: Roster
    days: Horizon
    interval_min: int
    kinds: list[ShiftKind]
    people: dict[str, Person]
    agents: dict[str, PlannedAgent]
    around: Mapping[str, Sequence[Work]]
    wishes: Mapping[str, Sequence[Wish]]
    year: Year
    contracts: Mapping[str, Contract]
    usual: LabourRules
    wanted: Mapping[str, int]  # skills that are asked for, or whose people may help out, and their least levels
    rules: dict[tuple[Limits, int | None, int], roster_problem.RuleSet] = field(default_factory=dict)
    rotations: dict[roster_promises.Pattern, roster_problem.Rotation] = field(default_factory=dict)


def question_of(roster: Roster, moment: datetime, *, is_incremental: bool) -> Asked:
    """The roster's problem as of that moment; needs a scope. A fixed number of queries, however many people there are.

    With `is_incremental` its present shifts are kept as far as they can be."""
    tenant = roster.tenant_id
    wanted = skills_wanted(roster)
    demand = few_enough(demand_of(roster), MOST_SKILLS - len(wanted))
    sets = sorted(key for key in demand if JOINT in key)
    borrowing = _borrowing(tenant, demand)
    team = _team(roster, wanted, moment)
    left_out: list[dict[str, Any]] = []
    planned = []
    for agent_id, person in team.people.items():
        agent = team.agents[agent_id]
        skills = _skills(team, agent, person.skilled_until)
        why = _why_not(team, person, skills)
        if why is None:
            planned.append(_person(team, person, [*skills, *sorted(_sets_filled(skills, sets, borrowing))]))
        elif person.is_active:
            left_out.append({"agent_id": agent_id, "name": agent.name, **why})
    rows = {key: wanted_people(roster, row, team.interval_min) for key, row in sorted(demand.items())}
    without_those_there(rows, _from_the_day_before(roster), team.interval_min)
    found = roster_problem.Problem(
        start=team.days.first,
        days=(team.days.last - team.days.first).days + 1,
        zone=str(team.days.zone),
        interval_min=team.interval_min,
        skills=[*sorted(team.wanted), *sets],
        shifts=[solver_kind(kind, frozenset([*team.wanted, *sets])) for kind in team.kinds],
        rules=list(team.rules.values()),
        people=planned,
        demand=[roster_problem.Demand(skill=key, wanted=row) for key, row in rows.items()],
        rotations=list(team.rotations.values()),
        borrowing=borrowing,
        holidays=sorted(team.days.holidays),
        night=_night(team),
        night_min=_limits(team).night_min,
        seats=roster.seats if roster.seats is not None else usable_seats(),
        previous=_previous(roster) if is_incremental else [],
    )
    return Asked(found, left_out)


def usable_seats() -> int | None:
    """Seats of the scope at which somebody can work; None where no seat is registered. Needs a scope."""
    seats = enterprise.seats_standing()
    return sum(seat.fault is None and not seat.is_reserve for seat in seats) if seats else None


def _team(roster: Roster, wanted: Mapping[str, int], moment: datetime) -> _Team:
    tenant, first, last = roster.tenant_id, roster.first_day, roster.last_day
    days = horizon(tenant, first, last)
    found = planned_people(tenant, days, moment, wanted=wanted)
    kinds = kinds_in_use(tenant, frozenset(wanted))
    rows = Contract.objects.filter(tenant_id=tenant).select_related("labour_rules")
    wishes: dict[str, list[Wish]] = defaultdict(list)
    for wish in Wish.objects.filter(tenant_id=tenant, day__gte=first, day__lte=last).order_by("day", "pk"):
        wishes[str(wish.agent_id)].append(wish)
    holidays = enterprise.public_holidays(tenant, first.replace(month=1, day=1), first)
    return _Team(
        roster=roster,
        days=days,
        interval_min=interval_of(roster, kinds, next((person.limits for person in found.values()), Limits()).night),
        kinds=kinds,
        people=found,
        agents={agent.agent_id: agent for agent in people.planned_agents(moment)},
        around=works_around(tenant, first, last),
        wishes=wishes,
        year=year_until(tenant, first, found, holidays),
        contracts={str(row.agent_id): row for row in rows},
        usual=LabourRules.objects.filter(tenant_id=tenant, is_default=True).first() or LabourRules(tenant_id=tenant),
        wanted=wanted,
    )


def _skills(team: _Team, agent: PlannedAgent, until: date | None) -> list[str]:
    """The skills by which somebody can be planned: those that last as long as the person can be."""
    end = team.days.last if until is None else max(until, team.days.first)
    return sorted(
        skill
        for skill, level, valid_to in agent.skills
        if skill in team.wanted and level >= team.wanted[skill] and (valid_to is None or valid_to >= end)
    )


def _own_kinds(team: _Team, person: Person) -> list[ShiftKind]:
    """The kinds of shift that the contract, the longest day and the rule of breaks allow."""
    most, steps = person.limits.most_day_min, person.limits.break_steps
    return [
        kind
        for kind in team.kinds
        if (not person.shift_kind_ids or str(kind.pk) in person.shift_kind_ids)
        and (most is None or paid_min_of(kind) <= most)
        and (kind.is_on_call or not lacks_break(steps, kind))
    ]


def lacks_break(steps: Sequence[Step], kind: ShiftKind) -> bool:
    """Whether every shift of the kind has too little break."""
    pieces = pieces_at(kind, 0)
    return lacking(steps, pieces, break_minutes(pieces, breaks_at(kind, 0)))[1] is not None


def _why_not(team: _Team, person: Person, skills: Sequence[str]) -> dict[str, Any] | None:
    """Why somebody cannot be planned at all, None when they can."""
    first, last = person.employed
    end = datetime.combine(team.days.last + _DAY, time())
    if not person.is_active:
        return {"code": "inactive"}
    for reason, until in person.holds:
        if until is None or until >= end:
            return {"code": "held", "reason": reason}
    if (first is not None and first > team.days.last) or (last is not None and last < team.days.first):
        return {"code": "not_employed"}
    if not skills:
        return {"code": "no_skill"}
    if not _own_kinds(team, person):
        return {"code": "no_shift_kind"}
    return None


def _person(team: _Team, person: Person, skills: list[str]) -> roster_problem.Person:
    days = team.days
    own = _own_kinds(team, person)
    longest = max(paid_min_of(kind) for kind in own)
    contract = team.contracts.get(person.agent_id)
    pattern = roster_promises.pattern_of(person.promises, days)
    earliest, latest = roster_promises.home_times(person.promises, days)
    spans = [
        *person.away,
        *_not_there(person, days),
        *roster_promises.barred_by(person.promises, days),
        *roster_carrying.barred_by(person.limits, team.around.get(person.agent_id, ()), days, longest),
    ]
    return roster_problem.Person(
        id=person.agent_id,
        skills=skills,
        rules=_rules(team, person.limits, contract, longest).id,
        rotation=_rotation(team, pattern).id if pattern else None,
        hours=_hours(person, days),
        shifts=None if len(own) == len(team.kinds) else sorted(str(kind.pk) for kind in own),
        earliest_start=_clock(earliest, team.interval_min, is_up=True),
        latest_end=_clock(latest, team.interval_min, is_up=False),
        unavailable=[roster_problem.Span(start=_text(begin), end=_text(end)) for begin, end in spans if end > begin],
        wishes=[_wish(team, wish) for wish in team.wishes.get(person.agent_id, ())],
        seniority=_seniority(contract, days.first),
        nights_before=team.year.nights_before(person.agent_id),
    )


def _not_there(person: Person, days: Horizon) -> Iterable[tuple[datetime, datetime]]:
    """The times before and after employment, until a hold is over, and after the last skill has ended."""
    begin, end = datetime.combine(days.first, time()), datetime.combine(days.last + 2 * _DAY, time())
    first, last = person.employed
    ends = [day for day in (last, person.skilled_until) if day is not None]
    if first is not None and first > days.first:
        yield begin, datetime.combine(first, time())
    if ends and min(ends) < days.last:
        yield datetime.combine(min(ends) + _DAY, time()), end
    yield from ((begin, until) for _, until in person.holds if until is not None and until > begin)


def _hours(person: Person, days: Horizon) -> tuple[float, float]:
    owed = hours_owed(person, days)
    assert owed is not None
    return owed[0] / 60, owed[1] / 60


def _rules(team: _Team, limits: Limits, contract: Contract | None, longest: int) -> roster_problem.RuleSet:
    """The rule set of these limits, made once. The paid minutes of a week become days of the longest shift, because
    minutes would multiply what the solver has to remember."""
    fair = (contract.labour_rules if contract else team.usual).fair_nights
    most_days = limits.most_days_week or 7
    if limits.most_week_min is not None:
        most_days = max(1, min(most_days, limits.most_week_min // max(1, longest)))
    key = limits, fair, most_days
    if key not in team.rules:
        assert limits.hours_min is not None
        least, most = limits.hours_min
        team.rules[key] = roster_problem.RuleSet(
            id=f"rules-{len(team.rules) + 1}",
            rest_min=limits.rest_min,
            most_days_running=limits.most_days_running or 6,
            most_days_week=most_days,
            hours=(least / 60, most / 60),
            most_nights_running=limits.most_nights_running,
            most_nights=limits.most_nights,
            fair_nights=fair,
            most_weekends=limits.most_weekends,
            most_holidays=limits.most_holidays,
        )
    return team.rules[key]


def _rotation(team: _Team, pattern: roster_promises.Pattern) -> roster_problem.Rotation:
    if pattern not in team.rotations:
        team.rotations[pattern] = roster_problem.Rotation(
            id=f"pattern-{len(team.rotations) + 1}",
            rest_block_days=pattern.rest_block_days,
            hours_ratio=pattern.hours_ratio,
            forbids_split=pattern.forbids_split,
        )
    return team.rotations[pattern]


def _wish(team: _Team, wish: Wish) -> roster_problem.Wish:
    is_rest_day = wish.day.weekday() > 4 or wish.day in team.days.holidays
    kind = str(wish.shift_kind_id) if wish.kind == Wish.Kind.SHIFT_KIND else wish.kind
    return roster_problem.Wish(
        day=wish.day, kind=kind, weight=team.year.weight(str(wish.agent_id), wish.weight, is_rest_day=is_rest_day)
    )


def _seniority(contract: Contract | None, first: date) -> float:
    """Whole and part years of employment."""
    since = contract.employed_from if contract else None
    return 0.0 if since is None else round(max(0, (first - since).days) / _YEAR_DAYS, 2)


def _borrowing(tenant_id: UUID, demand: Mapping[str, Any]) -> list[roster_problem.Borrowing]:
    rows = SkillBorrowing.objects.filter(tenant_id=tenant_id).order_by("pk").values_list("lender_id", "borrower_id")
    pairs = [(str(lender), str(borrower)) for lender, borrower in rows]
    asked = skills_of(demand)
    return [roster_problem.Borrowing(lender=a, borrower=b) for a, b in pairs if b in asked]


def _sets_filled(
    skills: Sequence[str], sets: Sequence[str], borrowing: Iterable[roster_problem.Borrowing]
) -> frozenset[str]:
    """The sets of skills that somebody can fill, with what these skills may lend to."""
    return filled_by({*skills, *(one.borrower for one in borrowing if one.lender in skills)}, sets)


def _from_the_day_before(roster: Roster) -> Mapping[str, Sequence[tuple[int, int]]]:
    """When somebody of the published roster before is still at work on the first day, by the skill that they serve."""
    rows = RosterShift.objects.filter(
        tenant_id=roster.tenant_id, roster__state="published", day=roster.first_day - _DAY
    ).exclude(roster=roster)
    found: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for skill_id, pieces, breaks in rows.values_list("skill_id", "pieces", "breaks"):
        for begin, end in pieces:
            since = begin
            for leaves, returns in [*sorted(breaks), [end, end]]:
                if max(since, _DAY_MIN) < min(leaves, end):
                    found[str(skill_id)].append((max(since, _DAY_MIN) - _DAY_MIN, min(leaves, end) - _DAY_MIN))
                since = max(since, returns)
    return found


def _previous(roster: Roster) -> list[roster_problem.Assignment]:
    found = []
    for agent_id, day, kind_id, pieces in roster.shifts.values_list("agent_id", "day", "shift_kind_id", "pieces"):
        midnight = datetime.combine(day, time())
        begin, end = (midnight + timedelta(minutes=minute) for minute in (pieces[0][0], pieces[-1][1]))
        found.append(
            roster_problem.Assignment(person=str(agent_id), start=_text(begin), end=_text(end), shift=str(kind_id))
        )
    return found


def _limits(team: _Team) -> Limits:
    return next((person.limits for person in team.people.values()), Limits())


def _night(team: _Team) -> tuple[str, str]:
    begin, end = _limits(team).night
    return clock_text(begin), clock_text(end)


def _clock(minute: int | None, grid: int, *, is_up: bool) -> str | None:
    """A time of day on the grid, on the safe side of the promise."""
    if minute is None:
        return None
    return clock_text(-(-minute // grid) * grid if is_up else minute // grid * grid)


def _text(moment: datetime) -> str:
    return moment.isoformat(timespec="minutes")
