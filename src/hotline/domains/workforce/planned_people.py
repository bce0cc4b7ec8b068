"""Who can be planned, by which rules: the database's side of the judge."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from hotline.domains.enterprise import queries as enterprise
from hotline.domains.people import queries as people
from hotline.domains.workforce import queries
from hotline.domains.workforce.break_rule import Step, break_minutes
from hotline.domains.workforce.judging import Horizon, Limits, Person, Work
from hotline.domains.workforce.models import (
    Absence,
    Contract,
    LabourRules,
    RosterShift,
    ShiftKind,
    WorkforceSettings,
)
from hotline.domains.workforce.rules import minute_of
from hotline.foundation.models import Tenant

LOOK_BACK_DAYS = 14  # works before a roster that count for rest and for days running


def time_zone(tenant_id: UUID) -> ZoneInfo:
    """The tenant's zone."""
    return ZoneInfo(Tenant.objects.values_list("time_zone", flat=True).get(pk=tenant_id))


def horizon(tenant_id: UUID, first: date, last: date) -> Horizon:
    """The days with the tenant's zone and public holidays; needs a scope."""
    holidays = enterprise.public_holidays(tenant_id, first, last)
    return Horizon(first=first, last=last, zone=time_zone(tenant_id), holidays=holidays)


def settings_of(tenant_id: UUID) -> WorkforceSettings:
    """The tenant's settings; what is usual where nobody has made any. Needs a scope."""
    return WorkforceSettings.objects.filter(tenant_id=tenant_id).first() or WorkforceSettings(tenant_id=tenant_id)


def planned_people(
    tenant_id: UUID,
    days: Horizon,
    moment: datetime,
    agent_ids: Collection[UUID | str] | None = None,
    wanted: Mapping[str, int] | None = None,
) -> dict[str, Person]:
    """Every agent of the tenant by id, or these, with what their work is judged by; inactive ones too. Needs a scope.

    A fixed number of queries, however many agents there are. `moment` says which holds are open, `wanted` by which
    skills, from which level, people are planned (nothing: by any)."""
    agents = people.planned_agents(moment, agent_ids)
    return people_of(tenant_id, days, agents, agent_ids, wanted)


def people_of(
    tenant_id: UUID,
    days: Horizon,
    agents: Iterable[people.PlannedAgent],
    agent_ids: Collection[UUID | str] | None = None,
    wanted: Mapping[str, int] | None = None,
) -> dict[str, Person]:
    """The same of agents that are already read; `agent_ids` when they are not all. Needs a scope."""
    first, last = days.first, days.last
    contracted = Contract.objects.filter(tenant_id=tenant_id).select_related("labour_rules")
    if agent_ids is not None:
        contracted = contracted.filter(agent_id__in=agent_ids)
    contracts = {str(row.agent_id): row for row in contracted}
    usual = LabourRules.objects.filter(tenant_id=tenant_id, is_default=True).first() or LabourRules(tenant_id=tenant_id)
    settings = settings_of(tenant_id)
    promises = queries.promises(first, last, agent_ids)
    away = _absences(tenant_id, days)
    on_call = on_call_kinds(tenant_id)
    found: dict[str, Person] = {}
    for agent in agents:
        if agent.tenant_id != str(tenant_id):
            continue
        contract = contracts.get(agent.agent_id)
        found[agent.agent_id] = Person(
            agent_id=agent.agent_id,
            limits=_limits(contract.labour_rules if contract else usual, contract, settings, days, on_call),
            promises=tuple(promises.get(agent.agent_id, ())),
            shift_kind_ids=frozenset(contract.shift_kind_ids) if contract else frozenset(),
            away=tuple(away[agent.agent_id]),
            holds=tuple((reason, _local(until, days.zone) if until else None) for reason, until in agent.holds),
            is_active=agent.is_active,
            employed=(contract.employed_from, contract.employed_to) if contract else (None, None),
            skill_ids=frozenset(
                skill_id for skill_id, _, valid_to in agent.skills if valid_to is None or valid_to >= first
            ),
            skill_ends=tuple(
                (skill_id, valid_to)
                for skill_id, _, valid_to in agent.skills
                if valid_to is not None and first <= valid_to < last
            ),
            skilled_until=_skilled_until(agent, wanted or {}, last),
        )
    return found


def _skilled_until(agent: people.PlannedAgent, wanted: Mapping[str, int], last: date) -> date | None:
    """The last day on which somebody can be planned by a skill, none where one of theirs lasts until `last`, or where
    they never had one: who is planned by hand without any, such as a trainer, loses nothing."""
    ends = [
        valid_to
        for skill_id, level, valid_to in agent.skills
        if not wanted or (skill_id in wanted and level >= wanted[skill_id])
    ]
    lapsing = [end for end in ends if end is not None and end < last]
    return max(lapsing) if lapsing and len(lapsing) == len(ends) else None


def works_of(shifts: Iterable[RosterShift]) -> dict[str, list[Work]]:
    """The shifts as works by agent id."""
    found: dict[str, list[Work]] = defaultdict(list)
    for shift in shifts:
        found[str(shift.agent_id)].append(work_of(shift))
    return dict(found)


def work_of(shift: RosterShift) -> Work:
    """One shift as the judge sees it."""
    return Work(
        day=shift.day,
        pieces=tuple((begin, end) for begin, end in shift.pieces),
        paid_min=shift.paid_min,
        shift_kind_id=str(shift.shift_kind_id),
        overtime_min=shift.overtime_min,
        excused_min=shift.excused_min,
        break_min=break_minutes(shift.pieces, shift.breaks),
    )


def works_around(
    tenant_id: UUID, first: date, last: date, agent_ids: Iterable[str] | None = None
) -> dict[str, list[Work]]:
    """Published works of the days before `first` and after `last` that count for rest and days running, by agent id.

    One query; needs a scope."""
    look = timedelta(days=LOOK_BACK_DAYS)
    rows = RosterShift.objects.filter(
        tenant_id=tenant_id, roster__state="published", day__gte=first - look, day__lte=last + look
    ).exclude(day__gte=first, day__lte=last)
    if agent_ids is not None:
        rows = rows.filter(agent_id__in=list(agent_ids))
    return works_of(rows)


def break_steps_of(labour: LabourRules) -> tuple[Step, ...]:
    """The breaks that the rules ask for, by how much work they begin."""
    return tuple(Step(**one) for one in labour.break_steps)


def on_call_kinds(tenant_id: UUID) -> frozenset[str]:
    """The kinds of shift in which people wait at home; needs a scope."""
    rows = ShiftKind.objects.filter(tenant_id=tenant_id, is_on_call=True)
    return frozenset(map(str, rows.values_list("pk", flat=True)))


def _limits(
    labour: LabourRules, contract: Contract | None, settings: WorkforceSettings, days: Horizon, on_call: frozenset[str]
) -> Limits:
    number = (days.last - days.first).days + 1
    week_min = contract.week_min if contract and contract.week_min is not None else labour.week_min
    usual, part = week_min * number / 7, labour.tolerance_percent / 100
    return Limits(
        rest_min=labour.rest_min,
        most_day_min=labour.most_day_min,
        most_days_running=labour.most_days_running,
        most_days_week=labour.most_days_week,
        most_week_min=labour.most_week_min,
        hours_min=(round(usual * (1 - part)), round(usual * (1 + part))),
        most_nights_running=labour.most_nights_running,
        most_nights=_over(labour.most_nights, number),
        most_weekends=_over(labour.most_weekends, number),
        most_holidays=labour.most_holidays,
        break_steps=break_steps_of(labour),
        break_free_kinds=on_call,
        night=(minute_of(settings.night_from), minute_of(settings.night_to)),
        night_min=settings.night_min,
    )


def _over(most_in_28_days: int | None, days: int) -> int | None:
    """The limit over so many days; not lessened for a shorter roster."""
    return None if most_in_28_days is None else max(most_in_28_days, most_in_28_days * days // 28)


def _absences(tenant_id: UUID, days: Horizon) -> dict[str, list[tuple[datetime, datetime]]]:
    """Local times of absence by agent id."""
    begin = datetime.combine(days.first - timedelta(days=1), time(), days.zone)
    end = datetime.combine(days.last + timedelta(days=2), time(), days.zone)
    rows = Absence.objects.filter(tenant_id=tenant_id, cancelled_at=None, starts_at__lt=end, ends_at__gt=begin)
    found: dict[str, list[tuple[datetime, datetime]]] = defaultdict(list)
    for agent_id, starts_at, ends_at in rows.order_by("starts_at").values_list("agent_id", "starts_at", "ends_at"):
        found[str(agent_id)].append((_local(starts_at, days.zone), _local(ends_at, days.zone)))
    return found


def _local(moment: datetime, zone: ZoneInfo) -> datetime:
    return moment.astimezone(zone).replace(tzinfo=None)
