"""What each level of the funnel solved (CQ-55). Shares are rounded so that they add up to 100 %."""

from collections import Counter, defaultdict
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
    unsolved, simulated = 0, 0
    for tenant, asked in days.items():
        counts, without, of_them_simulated = _solved(tenant, asked)
        solved[tenant.pk] += counts
        unsolved, simulated = unsolved + without, simulated + of_them_simulated
    return FunnelReport(
        first_day=max((asked.first for asked in days.values()), default=now.date()),
        last_day=max((asked.last for asked in days.values()), default=now.date()),
        as_of=now,
        rows=tuple(row for tenant_id in sorted(solved) for row in _rows(tenant_id, solved[tenant_id])),
        unsolved=unsolved,
        is_simulated=simulated > 0,
    )


def _solved(tenant: Tenant, days: Days) -> tuple[Counter[int], int, int]:
    """Solved by level, how many were not, and how many of all were simulated."""
    begins, ends = days.bounds(tenant.time_zone)
    contacts = Contact.objects.filter(
        tenant_id=tenant.pk, id__gte=rules.lowest_id(begins), arrived_at__gte=begins, arrived_at__lt=ends
    )
    matters = Matter.objects.filter(tenant_id=tenant.pk, contact__in=contacts)
    by_level = matters.values("solved_level").order_by("solved_level")
    found: Counter[int] = Counter()
    unsolved = simulated = 0
    for row in by_level.annotate(count=Count("pk"), made_up=Count("pk", filter=Q(contact__is_simulated=True))):
        simulated += row["made_up"]
        if row["solved_level"] is None:
            unsolved += row["count"]
        else:
            found[row["solved_level"]] = row["count"]
    alone = self_service_level(funnel.levels_by_tenant().get(tenant.pk, []))
    if alone is not None:
        contained = contacts.filter(outcome=Contact.Outcome.CONTAINED)
        found[alone.number] += contained.count()
        simulated += contained.filter(is_simulated=True).count()
    return found, unsolved, simulated


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
