"""What each level of the funnel solved (CQ-55). Shares are rounded so that they add up to 100 %."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.db.models import Count, Q
from django.utils import timezone

from hotline.domains.contacts import rules
from hotline.domains.contacts.models import Contact, Matter
from hotline.domains.contacts.periods import Days, days_of
from hotline.domains.contacts.reports import tenants_in_scope
from hotline.domains.contacts.views import FunnelReport, FunnelRow
from hotline.domains.routing import funnel
from hotline.domains.routing.funnel_rules import self_service_level
from hotline.formulas.shares import shares
from hotline.foundation.models import Tenant

Solved = dict[UUID, Counter[int]]


def funnel_report(first_day: date | None, last_day: date | None) -> FunnelReport:
    """Matters of contacts that arrived on these local days, by the level that solved them; without days, today's.

    Raises what `periods.days_of` raises."""
    now = timezone.now()
    days = {
        tenant: days_of(first_day, last_day, rules.local_day(now, tenant.time_zone)) for tenant in tenants_in_scope()
    }
    solved: Solved = defaultdict(Counter)
    unsolved = outside = simulated = 0
    for tenant, asked in days.items():
        counted = _solved(tenant, asked)
        solved[tenant.pk] += counted.by_level
        unsolved, outside = unsolved + counted.unsolved, outside + counted.outside
        simulated += counted.simulated
    return FunnelReport(
        first_day=max((asked.first for asked in days.values()), default=now.date()),
        last_day=max((asked.last for asked in days.values()), default=now.date()),
        as_of=now,
        rows=tuple(row for tenant_id in sorted(solved) for row in _rows(tenant_id, solved[tenant_id])),
        unsolved=unsolved,
        outside=outside,
        is_simulated=simulated > 0,
    )


@dataclass(slots=True)
class _Counted:
    """A tenant's matters: solved by level, not solved, solved in a queue of no level; how many were simulated."""

    by_level: Counter[int] = field(default_factory=Counter)
    unsolved: int = 0
    outside: int = 0
    simulated: int = 0


def _solved(tenant: Tenant, days: Days) -> _Counted:
    begins, ends = days.bounds(tenant.time_zone)
    contacts = Contact.objects.filter(
        tenant_id=tenant.pk, id__gte=rules.lowest_id(begins), arrived_at__gte=begins, arrived_at__lt=ends
    )
    matters = Matter.objects.filter(tenant_id=tenant.pk, contact__in=contacts)
    alike = matters.values("solved_level", "is_solved").order_by("solved_level", "is_solved")
    found = _Counted()
    for row in alike.annotate(count=Count("pk"), made_up=Count("pk", filter=Q(contact__is_simulated=True))):
        found.simulated += row["made_up"]
        if row["solved_level"] is not None:
            found.by_level[row["solved_level"]] += row["count"]
        elif row["is_solved"]:
            found.outside += row["count"]
        else:
            found.unsolved += row["count"]
    alone = self_service_level(funnel.levels_by_tenant().get(tenant.pk, []))
    if alone is not None:
        contained = contacts.filter(outcome=Contact.Outcome.CONTAINED)
        found.by_level[alone.number] += contained.count()
        found.simulated += contained.filter(is_simulated=True).count()
    return found


def _rows(tenant_id: UUID, solved: Counter[int]) -> list[FunnelRow]:
    """Every level there is, and former ones that solved something."""
    names = {number: name for (tenant, number), name in funnel.level_names().items() if tenant == tenant_id}
    numbers = sorted({*names, *solved})
    parts = shares([solved[number] for number in numbers])
    return [
        FunnelRow(
            tenant_id=tenant_id,
            level=number,
            name=names.get(number) or {"zh": str(number), "en": str(number)},
            solved=solved[number],
            share=share,
        )
        for number, share in zip(numbers, parts, strict=True)
    ]
