"""Shared pools in figures: what the tenant's own agents did for others, by client, and what others' did for it, by
lender. A month by local days or a year by months. No agent is named."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Any, Final, Literal
from uuid import UUID

import msgspec
from django.db.models import Case, Count, Q, SmallIntegerField, Sum, Value, When
from django.utils import timezone

from hotline.domains.contacts.export import BYTE_ORDER_MARK, YES_NO, csv_line
from hotline.domains.contacts.models import PoolDay
from hotline.domains.contacts.periods import Period, period_of
from hotline.domains.contacts.reports import tenants_in_scope
from hotline.domains.contacts.rules import seconds_text
from hotline.domains.routing import queries as routing
from hotline.formulas.handle_time import handle_ms
from hotline.foundation.models import Tenant
from hotline.foundation.text import in_language

Grain = Literal["day", "month"]
_SUMS: Final = ("offered", "served", "talk_ms", "hold_ms", "wrap_up_ms")
HEADERS: Final = {
    "en": (
        "side",
        "pool",
        "partner",
        "from",
        "contacts offered",
        "contacts served",
        "talk s",
        "hold s",
        "wrap-up s",
        "handle s",
        "simulated",
    ),
    "zh": (
        "方向",
        "共享坐席组",
        "对方企业",
        "起始日",
        "分配联络数",
        "服务联络数",
        "通话秒",
        "保持秒",
        "话后整理秒",
        "处理秒",
        "模拟数据",
    ),
}
_SIDES: Final = {"en": ("lent", "borrowed"), "zh": ("借出", "借入")}


class PoolFigures(msgspec.Struct, frozen=True, kw_only=True):
    """Sums of a day or month, or of the whole period; `handle_ms` is talk + hold + wrap-up."""

    first_day: date
    offered: int
    served: int
    talk_ms: int
    hold_ms: int
    wrap_up_ms: int
    handle_ms: int


class PoolPart(msgspec.Struct, frozen=True, kw_only=True):
    """A pool between the tenant and one partner: its client when `is_lent`, its lender else. `rows` are the days or
    months with figures; `pool_name` is None once the pool is gone."""

    tenant_id: UUID
    pool_id: UUID
    pool_name: dict[str, str] | None
    partner_id: UUID
    partner_name: dict[str, str]
    is_lent: bool
    is_simulated: bool
    rows: tuple[PoolFigures, ...]
    total: PoolFigures


class PoolReport(msgspec.Struct, frozen=True, kw_only=True):
    """Every pool of the scope's tenants with figures, those lent first, by name of the partner."""

    grain: Grain
    as_of: datetime
    parts: tuple[PoolPart, ...]


Sums = Mapping[str, int]
Key = tuple[UUID, UUID, UUID, bool]  # tenant, pool, partner, lent


def pool_report(month: str | None, year: str | None) -> PoolReport:
    """The figures of one month such as 2026-11 by days, or of one year such as 2026 by months.

    Raises ReportPeriodError."""
    period = period_of(month, year)
    found = _sums(period)
    partners = {key[2] for key in found}
    names = dict(Tenant.objects.filter(pk__in=partners).values_list("pk", "name"))
    pools = routing.pool_names() | routing.lent_pool_names() if found else {}
    parts = [_part(key, rows, period, pools.get(str(key[1])), names[key[2]]) for key, rows in found.items()]
    return PoolReport(
        grain="day" if month else "month",
        as_of=timezone.now(),
        parts=tuple(sorted(parts, key=lambda one: (not one.is_lent, one.partner_name["zh"], str(one.pool_id)))),
    )


def pool_lines(report: PoolReport, language: str) -> Iterator[str]:
    """The report as CSV: a line for each pool, partner and day or month."""
    yield BYTE_ORDER_MARK + csv_line(HEADERS[language])
    for part in report.parts:
        side = _SIDES[language][0 if part.is_lent else 1]
        pool = in_language(part.pool_name, language) if part.pool_name is not None else ""
        place = (side, pool, in_language(part.partner_name, language))
        for row in part.rows:
            times = map(seconds_text, (row.talk_ms, row.hold_ms, row.wrap_up_ms, row.handle_ms))
            counts = (row.first_day.isoformat(), str(row.offered), str(row.served))
            yield csv_line((*place, *counts, *times, YES_NO[language][0 if part.is_simulated else 1]))


def _sums(period: Period) -> dict[Key, dict[int, Sums]]:
    """By pool and partner, the sums of each row of the period that has any. One query."""
    edges = period.edges
    number = Case(
        *(When(day__lt=edge, then=Value(at)) for at, edge in enumerate(edges[1:])), output_field=SmallIntegerField()
    )
    tenants = [tenant.pk for tenant in tenants_in_scope()]
    within = PoolDay.objects.filter(tenant_id__in=tenants, day__gte=edges[0], day__lt=edges[-1])
    sums: dict[str, Any] = {f"sum_of_{name}": Sum(name) for name in _SUMS}
    simulated = Count("pk", filter=Q(is_simulated=True))
    cut = within.annotate(part=number).values("tenant_id", "pool_id", "partner_id", "is_lent", "part")
    rows: Iterable[Any] = cut.annotate(**sums, simulated=simulated).order_by()
    found: dict[Key, dict[int, Sums]] = defaultdict(dict)
    for row in rows:
        sums_of_part = {name: row[f"sum_of_{name}"] for name in _SUMS} | {"simulated": row["simulated"]}
        found[row["tenant_id"], row["pool_id"], row["partner_id"], row["is_lent"]][row["part"]] = sums_of_part
    return found


def _part(
    key: Key,
    rows: Mapping[int, Sums],
    period: Period,
    pool_name: dict[str, str] | None,
    partner_name: Mapping[str, str],
) -> PoolPart:
    tenant_id, pool_id, partner_id, is_lent = key
    total = {name: sum(row[name] for row in rows.values()) for name in _SUMS}
    return PoolPart(
        tenant_id=tenant_id,
        pool_id=pool_id,
        pool_name=pool_name,
        partner_id=partner_id,
        partner_name=dict(partner_name),
        is_lent=is_lent,
        is_simulated=any(row["simulated"] for row in rows.values()),
        rows=tuple(_figures(period.edges[at], rows[at]) for at in sorted(rows)),
        total=_figures(period.edges[0], total),
    )


def _figures(first_day: date, sums: Sums) -> PoolFigures:
    figures = {name: sums[name] for name in _SUMS}
    whole = handle_ms(sums["talk_ms"], sums["hold_ms"], sums["wrap_up_ms"])
    return PoolFigures(first_day=first_day, **figures, handle_ms=whole)
