"""Contacts by what is known of the caller: province with the rural flag (CQ-04), product line (JS-07), brand, grade."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.fields.json import KT
from django.utils import timezone

from hotline.domains.catalogue.queries import attribute_names
from hotline.domains.contacts import rules
from hotline.domains.contacts.models import Contact
from hotline.domains.contacts.periods import Days, days_of
from hotline.domains.contacts.reports import tenants_in_scope
from hotline.domains.contacts.views import AttributeReport, AttributeRow
from hotline.formulas.handle_time import average_s
from hotline.formulas.shares import shares
from hotline.foundation.models import Tenant

_YES = "yes"  # how an attribute that is so is written; what is not so is left out
_SUMS = ("asked", "answered", "abandoned", "rural", "wait_ms", "simulated")


def attribute_report(by: str, first_day: date | None, last_day: date | None) -> AttributeReport:
    """Contacts that asked for an agent and arrived on these local days, by the value of the attribute; without days,
    today's. The most asked first, those without the attribute last.

    Raises what `periods.days_of` raises."""
    now = timezone.now()
    days = days_by_tenant(first_day, last_day, now)
    first, last = first_and_last(days, now)
    sums = _sums(by, days)
    values = sorted(sums, key=lambda value: (value is None, -sums[value]["asked"], value or ""))
    names = attribute_names()
    parts = shares([sums[value]["asked"] for value in values])
    return AttributeReport(
        by=by,
        first_day=first,
        last_day=last,
        as_of=now,
        rows=tuple(
            _row(value, names.get((by, value or "")), sums[value], share)
            for value, share in zip(values, parts, strict=True)
        ),
        is_simulated=any(row["simulated"] for row in sums.values()),
    )


def days_by_tenant(first_day: date | None, last_day: date | None, now: datetime) -> dict[Tenant, Days]:
    """The days asked for, of each tenant of the scope; without days its own today. Raises what `days_of` raises."""
    tenants = tenants_in_scope()
    return {tenant: days_of(first_day, last_day, rules.local_day(now, tenant.time_zone)) for tenant in tenants}


def first_and_last(days: Mapping[Tenant, Days], now: datetime) -> tuple[date, date]:
    """The days that the report tells of."""
    first = max((asked.first for asked in days.values()), default=now.date())
    return first, max((asked.last for asked in days.values()), default=now.date())


def asked_within(days: Mapping[Tenant, Days]) -> QuerySet[Contact]:
    """The contacts that asked for an agent and arrived on these local days."""
    return Contact.objects.filter(reduce(or_, _spans(days), Q(pk__in=())), asked_at__isnull=False)


def _sums(by: str, days: Mapping[Tenant, Days]) -> dict[str | None, dict[str, int]]:
    """By value; one query, however many tenants there are."""
    within = asked_within(days)
    counted: dict[str, Any] = {
        "asked": Count("pk"),
        "answered": Count("pk", filter=Q(answered_at__isnull=False)),
        "abandoned": Count("pk", filter=Q(outcome="abandoned")),
        "rural": Count("pk", filter=Q(attributes__rural=_YES)),
        "simulated": Count("pk", filter=Q(is_simulated=True)),
        "sum_of_wait_ms": Sum("wait_ms", filter=Q(answered_at__isnull=False)),
    }
    rows: Iterable[Any] = within.annotate(value=KT(f"attributes__{by}")).values("value").annotate(**counted).order_by()
    found: dict[str | None, dict[str, int]] = defaultdict(lambda: dict.fromkeys(_SUMS, 0))
    for row in rows:
        sums = found[row["value"] or None]
        for name in _SUMS:
            sums[name] += row["sum_of_wait_ms" if name == "wait_ms" else name] or 0
    return found


def _spans(days: Mapping[Tenant, Days]) -> Iterable[Q]:
    for tenant, asked in days.items():
        begins, ends = asked.bounds(tenant.time_zone)
        yield Q(tenant_id=tenant.pk, id__gte=rules.lowest_id(begins), arrived_at__gte=begins, arrived_at__lt=ends)


def _row(value: str | None, name: dict[str, str] | None, sums: dict[str, int], share: int) -> AttributeRow:
    return AttributeRow(
        value=value,
        name=name or ({"zh": value, "en": value} if value is not None else None),
        asked=sums["asked"],
        answered=sums["answered"],
        abandoned=sums["abandoned"],
        rural=sums["rural"],
        average_wait_s=average_s(sums["wait_ms"], sums["answered"]),
        share=share,
    )
