"""How reachable the centre was (row QH-05): blocked, abandoned and answered by quarters of an hour or days, against the
tenant's limits (0.1 % blocked and 5 % abandoned, where nobody says otherwise)."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta
from typing import Any, Final, Literal, NamedTuple

from django.db.models import Count, Q, QuerySet, Sum
from django.utils import timezone

from hotline.domains.contacts import rules
from hotline.domains.contacts.models import Contact, QueueInterval, RefusedCall
from hotline.domains.contacts.periods import Days, days_of
from hotline.domains.contacts.reports import tenants_in_scope
from hotline.domains.contacts.views import AccessReport, AccessRow
from hotline.foundation.models import Tenant

Grain = Literal["interval", "day"]
CLOSED: Final = "closed"  # the cause of a contact whose flow found the calendar closed
_QUARTER: Final = timedelta(minutes=15)
_FROM_QUEUES: Final = ("asked", "answered", "abandoned")
_LONGEST_WAIT: Final = timedelta(days=1)

Quarters = dict[datetime, Counter[str]]


def access_report(by: Grain, first_day: date | None, last_day: date | None) -> AccessReport:
    """Everybody who wanted a person on these local days of the tenants of the scope, by quarter of an hour or day, with
    the sum; only rows in which there was somebody. Without days, today.

    Raises what `periods.days_of` raises."""
    now = timezone.now()
    days = {
        tenant: days_of(first_day, last_day, rules.local_day(now, tenant.time_zone)) for tenant in tenants_in_scope()
    }
    rows: dict[tuple[date, datetime | None], Counter[str]] = defaultdict(Counter)
    for tenant, asked in days.items():
        for quarter, counts in _quarters(tenant, asked).items():
            day = rules.local_day(quarter, tenant.time_zone)
            rows[day, quarter if by == "interval" else None].update(counts)
    total: Counter[str] = sum(rows.values(), Counter())
    limits = _limits(days)
    first = max((asked.first for asked in days.values()), default=now.date())
    return AccessReport(
        by=by,
        first_day=first,
        last_day=max((asked.last for asked in days.values()), default=now.date()),
        as_of=now,
        blocked_limit=limits.blocked,
        abandoned_limit=limits.abandoned,
        rows=tuple(_row(rows[key], key, limits) for key in sorted(rows, key=_in_time)),
        total=_row(total, (first, None), limits),
        is_simulated=bool(total["simulated"]),
    )


class _Limits(NamedTuple):
    """In hundredths of a per cent."""

    blocked: int
    abandoned: int


def _limits(tenants: Collection[Tenant]) -> _Limits:
    """Of several tenants the strictest count; of none, those that a new one has."""
    known = tenants or [Tenant()]
    return _Limits(min(one.blocked_limit for one in known), min(one.abandoned_limit for one in known))


def _in_time(key: tuple[date, datetime | None]) -> tuple[date, float]:
    day, quarter = key
    return day, quarter.timestamp() if quarter is not None else 0.0


def _quarters(tenant: Tenant, days: Days) -> Quarters:
    begins, ends = days.bounds(tenant.time_zone)
    found: Quarters = defaultdict(Counter)
    _add_queues(found, tenant, begins, ends)
    _add(found, "turned_away", _turned_away(tenant, begins, ends))
    _add(found, "closed", _closed(tenant, begins, ends))
    refused = RefusedCall.objects.filter(tenant_id=tenant.pk, at__gte=begins, at__lt=ends)
    _add(found, "refused", ((at, False) for at in refused.values_list("at", flat=True)))
    return found


def _add_queues(found: Quarters, tenant: Tenant, begins: datetime, ends: datetime) -> None:
    within = QueueInterval.objects.filter(tenant_id=tenant.pk, starts_at__gte=begins, starts_at__lt=ends)
    sums: dict[str, Any] = {f"sum_of_{name}": Sum(name) for name in _FROM_QUEUES}
    simulated = Count("pk", filter=Q(is_simulated=True))
    rows: Iterable[Any] = within.values("starts_at").annotate(**sums, simulated=simulated).order_by()
    for row in rows:
        counts = {name: row[f"sum_of_{name}"] for name in _FROM_QUEUES}
        found[row["starts_at"]].update({**counts, "simulated": row["simulated"]})


def _turned_away(tenant: Tenant, begins: datetime, ends: datetime) -> Iterable[tuple[datetime, bool]]:
    """When those asked who came out of a queue without an agent and went."""
    rows = _contacts(tenant, begins - _LONGEST_WAIT).filter(
        outcome=Contact.Outcome.BLOCKED, asked_at__gte=begins, asked_at__lt=ends
    )
    return (
        (asked_at, is_simulated) for asked_at, is_simulated in rows.values_list("asked_at", "is_simulated") if asked_at
    )


def _closed(tenant: Tenant, begins: datetime, ends: datetime) -> Iterable[tuple[datetime, bool]]:
    """When those came who were told that the centre is closed, and neither asked for a person nor left a message."""
    rows = _contacts(tenant, begins).filter(
        outcome=Contact.Outcome.CONTAINED, cause=CLOSED, arrived_at__gte=begins, arrived_at__lt=ends
    )
    return rows.values_list("arrived_at", "is_simulated")


def _contacts(tenant: Tenant, since: datetime) -> QuerySet[Contact]:
    return Contact.objects.filter(tenant_id=tenant.pk, id__gte=rules.lowest_id(since))


def _add(found: Quarters, name: str, moments: Iterable[tuple[datetime, bool]]) -> None:
    for moment, is_simulated in moments:
        quarter = moment - timedelta(seconds=moment.timestamp() % _QUARTER.total_seconds())
        found[quarter].update({name: 1, "simulated": int(is_simulated)})


def _row(sums: Counter[str], on: tuple[date, datetime | None], limits: _Limits) -> AccessRow:
    """The sums of a row, and the shares that follow from them last."""
    blocked = sums["turned_away"] + sums["refused"] + sums["closed"]
    wanted = sums["asked"] + sums["refused"] + sums["closed"]
    day, quarter = on
    return AccessRow(
        day=day,
        starts_at=quarter,
        wanted=wanted,
        asked=sums["asked"],
        answered=sums["answered"],
        abandoned=sums["abandoned"],
        turned_away=sums["turned_away"],
        refused=sums["refused"],
        closed=sums["closed"],
        blocked=blocked,
        blocked_share=share_above(blocked, wanted),
        abandoned_share=share_above(sums["abandoned"], sums["asked"]),
        is_blocked_within=_within(blocked, wanted, limits.blocked),
        is_abandoned_within=_within(sums["abandoned"], sums["asked"], limits.abandoned),
    )


def share_above(count: int, whole: int) -> str:
    """The share in per cent with two decimals, such as `0.11`; empty when there was nobody.

    Rounded up, so that what is shown is never within a limit that was missed."""
    if not whole:
        return ""
    hundredths = -(-count * 10_000 // whole)
    return f"{hundredths // 100}.{hundredths % 100:02d}"


def _within(count: int, whole: int, limit: int) -> bool | None:
    """Whether the share keeps the limit, compared as fractions; None when there was nobody."""
    return count * 10_000 <= limit * whole if whole else None
