"""What a roster's demand costs with the shift kinds that are set up, beside fixed shifts only (row GZ-45).

Fixed shifts are the kinds of one piece with the longest paid time, each at its first start: three or four shifts round
the clock. All skills are taken together; who works the shifts is not looked at."""

from typing import Final
from uuid import UUID

from django.db.models import Sum

from hotline.domains.workforce.models import Roster, ShiftKind
from hotline.domains.workforce.planned_people import settings_of, time_zone
from hotline.domains.workforce.roster_demand import demand_of
from hotline.domains.workforce.roster_shifts import interval_of, kinds_in_use, solver_kind, wanted_people
from hotline.domains.workforce.roster_solving_schemas import ShiftCostsOut
from hotline.domains.workforce.rules import minute_of
from hotline.domains.workforce.shift_times import paid_min_of
from hotline.domains.workforce.skill_sets import skills_of
from hotline.foundation.actors import Actor
from hotline.foundation.errors import NotFoundError
from hotline.foundation.tenancy import scope_of
from hotline.planning.roster import duty
from hotline.planning.roster import problem as roster_problem
from hotline.planning.roster.shift_cost import least_cost

SHARE: Final = 9800  # hundredths of a per cent of the demand that both cover
_WHOLE: Final = 10_000
_MOST_DAYS: Final = 14  # of which the cost is asked; a longer roster's first ones


def shift_costs(actor: Actor, roster_id: UUID) -> ShiftCostsOut:
    """Least paid minutes with fixed shifts and with all kinds, and what the roster pays. Raises NotFoundError."""
    with scope_of(actor.narrowed("planning.edit")):
        roster = Roster.objects.filter(pk=roster_id).first()
        if roster is None:
            raise NotFoundError(object_type=Roster.object_type, object_id=str(roster_id))
        demand = demand_of(roster)
        kinds = [kind for kind in kinds_in_use(roster.tenant_id, frozenset(skills_of(demand))) if not kind.is_on_call]
        settings = settings_of(roster.tenant_id)
        night = minute_of(settings.night_from), minute_of(settings.night_to)
        interval_min = interval_of(roster, kinds, night)
        rows = [wanted_people(roster, row, interval_min) for row in demand.values()]
        wanted = [sum(people) for people in zip(*rows, strict=True)][: _MOST_DAYS * 24 * 60 // interval_min]
        paid = roster.shifts.aggregate(paid=Sum("paid_min"))["paid"] or 0
        zone = str(time_zone(roster.tenant_id))
    fixed = _cost(roster, _fixed(kinds), wanted, interval_min, zone)
    flexible = _cost(roster, [solver_kind(kind, frozenset(demand)) for kind in kinds], wanted, interval_min, zone)
    return ShiftCostsOut(
        share=SHARE,
        days=len(wanted) * interval_min // (24 * 60),
        fixed_min=fixed,
        flexible_min=flexible,
        saving=(fixed - flexible) * _WHOLE // fixed if fixed and flexible is not None else None,
        roster_min=paid,
    )


def _fixed(kinds: list[ShiftKind]) -> list[roster_problem.ShiftKind]:
    whole = [kind for kind in kinds if len(kind.pieces) == 1 and kind.starts]
    longest = max((paid_min_of(kind) for kind in whole), default=0)
    return [
        solver_kind(_at_first_start(kind), frozenset(kind.skill_ids)) for kind in whole if paid_min_of(kind) == longest
    ]


def _at_first_start(kind: ShiftKind) -> ShiftKind:
    return ShiftKind(
        pk=kind.pk,
        pieces=kind.pieces,
        starts=kind.starts[:1],
        breaks=kind.breaks,
        paid_min=kind.paid_min,
        skill_ids=kind.skill_ids,
    )


def _cost(
    roster: Roster, kinds: list[roster_problem.ShiftKind], wanted: list[int], interval_min: int, zone: str
) -> int | None:
    """Least paid minutes; None where these kinds cannot cover so much."""
    if not kinds or not any(wanted):
        return None
    problem = roster_problem.Problem(
        start=roster.first_day,
        days=1,
        zone=zone,
        interval_min=interval_min,
        skills=[],
        shifts=kinds,
        rules=[],
        people=[],
        demand=[],
    )
    found = least_cost(duty.options_of(problem), wanted, 24 * 60 // interval_min, SHARE / _WHOLE)
    return None if found is None else found.paid_min
