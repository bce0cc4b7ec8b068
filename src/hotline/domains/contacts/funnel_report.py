"""What each level of the funnel solved (CQ-55), of everything and of each business. Shares are rounded so that they add
up to 100 %."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.db.models import Count, Q
from django.utils import timezone

from hotline.domains.catalogue.queries import module_names
from hotline.domains.contacts import rules
from hotline.domains.contacts.models import Contact, Matter
from hotline.domains.contacts.periods import Days, days_of
from hotline.domains.contacts.reports import tenants_in_scope
from hotline.domains.contacts.views import FunnelBusiness, FunnelReport, FunnelRow
from hotline.domains.routing import funnel
from hotline.domains.routing.funnel_rules import self_service_level
from hotline.formulas.shares import shares
from hotline.foundation.models import Tenant

Names = Mapping[int, dict[str, str]]


def funnel_report(first_day: date | None, last_day: date | None) -> FunnelReport:
    """Matters of contacts that arrived on these local days, by the level that solved them; without days, today's.

    Raises what `periods.days_of` raises."""
    now = timezone.now()
    days = {
        tenant: days_of(first_day, last_day, rules.local_day(now, tenant.time_zone)) for tenant in tenants_in_scope()
    }
    counted = {tenant.pk: _solved(tenant, asked) for tenant, asked in days.items()}
    names = _level_names()
    rows: list[FunnelRow] = []
    businesses: list[FunnelBusiness] = []
    for tenant_id in sorted(counted):
        found = counted[tenant_id]
        numbers = sorted({*names[tenant_id], *found.by_level})
        rows += _rows(tenant_id, numbers, names[tenant_id], found.by_level)
        businesses += _businesses(tenant_id, numbers, names[tenant_id], found)
    return FunnelReport(
        first_day=max((asked.first for asked in days.values()), default=now.date()),
        last_day=max((asked.last for asked in days.values()), default=now.date()),
        as_of=now,
        rows=tuple(rows),
        businesses=tuple(businesses),
        unsolved=sum(found.unsolved for found in counted.values()),
        outside=sum(found.outside for found in counted.values()),
        is_simulated=any(found.simulated for found in counted.values()),
    )


@dataclass(slots=True)
class _Business:
    """The matters of a business: solved by level, and passed on."""

    by_level: Counter[int] = field(default_factory=Counter)
    unsolved: int = 0


@dataclass(slots=True)
class _Counted:
    """A tenant's matters: solved by level, not solved, solved in a queue of no level; how many were simulated; those
    that were filed under a business, by its id."""

    by_level: Counter[int] = field(default_factory=Counter)
    unsolved: int = 0
    outside: int = 0
    simulated: int = 0
    businesses: dict[UUID, _Business] = field(default_factory=lambda: defaultdict(_Business))


def _solved(tenant: Tenant, days: Days) -> _Counted:
    begins, ends = days.bounds(tenant.time_zone)
    contacts = Contact.objects.filter(
        tenant_id=tenant.pk, id__gte=rules.lowest_id(begins), arrived_at__gte=begins, arrived_at__lt=ends
    )
    matters = Matter.objects.filter(tenant_id=tenant.pk, contact__in=contacts)
    alike = matters.values("module_id", "solved_level", "is_solved").order_by("module_id", "solved_level", "is_solved")
    found = _Counted()
    for row in alike.annotate(count=Count("pk"), made_up=Count("pk", filter=Q(contact__is_simulated=True))):
        found.simulated += row["made_up"]
        business = found.businesses[row["module_id"]] if row["module_id"] is not None else _Business()
        if row["solved_level"] is not None:
            found.by_level[row["solved_level"]] += row["count"]
            business.by_level[row["solved_level"]] += row["count"]
        elif row["is_solved"]:
            found.outside += row["count"]
        else:
            found.unsolved += row["count"]
            business.unsolved += row["count"]
    alone = self_service_level(funnel.levels_by_tenant().get(tenant.pk, []))
    if alone is not None:
        contained = contacts.filter(outcome=Contact.Outcome.CONTAINED)
        found.by_level[alone.number] += contained.count()
        found.simulated += contained.filter(is_simulated=True).count()
    return found


def _level_names() -> dict[UUID, dict[int, dict[str, str]]]:
    """The names of the levels there are, by tenant and number."""
    found: dict[UUID, dict[int, dict[str, str]]] = defaultdict(dict)
    for (tenant_id, number), name in funnel.level_names().items():
        found[tenant_id][number] = name
    return found


def _rows(tenant_id: UUID, numbers: list[int], names: Names, solved: Counter[int]) -> list[FunnelRow]:
    """Every level there is, and former ones that solved something."""
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


def _businesses(tenant_id: UUID, numbers: list[int], names: Names, counted: _Counted) -> list[FunnelBusiness]:
    """Each business with a matter in the time, in the catalogue's order."""
    called = module_names(tenant_id)
    return [
        FunnelBusiness(
            tenant_id=tenant_id,
            module_id=module_id,
            name=called[module_id],
            rows=tuple(_rows(tenant_id, numbers, names, counted.businesses[module_id].by_level)),
            unsolved=counted.businesses[module_id].unsolved,
        )
        for module_id in called
        if module_id in counted.businesses
    ]
