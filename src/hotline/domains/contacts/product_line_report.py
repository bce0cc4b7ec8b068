"""To which product line contacts were coded at wrap-up, beside the one with which they asked (JS-07, GZ-04).

The first matter of the wrap-up that was filed first codes the whole contact, however many matters it had: so each
contact counts for one line. Its line is the one that the root of the matter's reason names."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, OuterRef, Q, Subquery, UUIDField
from django.db.models.fields.json import KT
from django.utils import timezone

from hotline.domains.catalogue.queries import attribute_names, lines_by_reason
from hotline.domains.contacts.attribute_report import asked_within, days_by_tenant, first_and_last
from hotline.domains.contacts.models import Matter
from hotline.domains.contacts.periods import Days
from hotline.domains.contacts.views import CodedElsewhere, ProductLineReport, ProductLineRow
from hotline.formulas.shares import WHOLE
from hotline.foundation.models import Tenant

_Names = Mapping[tuple[str, str], dict[str, str]]


@dataclass(slots=True)
class _Counted:
    """Contacts by (line asked for, line coded), empty for none; and why some are coded to none."""

    pairs: Counter[tuple[str, str]] = field(default_factory=Counter)
    without_line: int = 0
    uncoded: int = 0
    unanswered: int = 0
    simulated: int = 0


def product_line_report(first_day: date | None, last_day: date | None) -> ProductLineReport:
    """Contacts that asked for an agent and arrived on these local days, by product line; without days, today's.

    Raises what `periods.days_of` raises."""
    now = timezone.now()
    days = days_by_tenant(first_day, last_day, now)
    counted, names = _counted(days), attribute_names()
    first, last = first_and_last(days, now)
    return ProductLineReport(
        first_day=first,
        last_day=last,
        as_of=now,
        rows=_rows(counted.pairs, names),
        elsewhere=_elsewhere(counted.pairs, names),
        contacts=counted.pairs.total(),
        without_line=counted.without_line,
        uncoded=counted.uncoded,
        unanswered=counted.unanswered,
        is_simulated=counted.simulated > 0,
    )


def _counted(days: Mapping[Tenant, Days]) -> _Counted:
    """Two queries, however many tenants there are."""
    lines, found = lines_by_reason(), _Counted()
    by_reason = asked_within(days).annotate(line=KT("attributes__product_line"), reason=_first_reason())
    rows = by_reason.values("line", "reason").annotate(
        contacts=Count("pk"),
        unanswered=Count("pk", filter=Q(answered_at=None)),
        simulated=Count("pk", filter=Q(is_simulated=True)),
    )
    row: Mapping[str, Any]
    for row in rows.order_by():
        reason: UUID | None = row["reason"]
        coded = lines.get(reason, "") if reason is not None else ""
        found.pairs[row["line"] or "", coded] += row["contacts"]
        found.simulated += row["simulated"]
        if reason is None:
            found.unanswered += row["unanswered"]
            found.uncoded += row["contacts"] - row["unanswered"]
        elif not coded:
            found.without_line += row["contacts"]
    return found


def _first_reason() -> Subquery:
    """Ids are given in the order of filing."""
    filed = Matter.objects.filter(contact_id=OuterRef("pk")).order_by("position", "id")
    return Subquery(filed.values("disposition_id")[:1], output_field=UUIDField())


def _rows(pairs: Counter[tuple[str, str]], names: _Names) -> tuple[ProductLineRow, ...]:
    """The most coded first. What was asked for and coded to no line cannot be compared."""
    asked, coded, compared = Counter[str](), Counter[str](), Counter[str]()
    for (line, to), count in pairs.items():
        asked[line] += count
        coded[to] += count
        if to:
            compared[line] += count
    lines = sorted({*asked, *coded} - {""}, key=lambda line: (-coded[line], -asked[line], line))
    return tuple(
        ProductLineRow(
            line=line,
            name=_name(line, names),
            asked=asked[line],
            coded=coded[line],
            compared=compared[line],
            agreed=pairs[line, line],
            agreement=pairs[line, line] * WHOLE // compared[line] if compared[line] else None,
        )
        for line in lines
    )


def _elsewhere(pairs: Counter[tuple[str, str]], names: _Names) -> tuple[CodedElsewhere, ...]:
    """What was coded to another line than it was asked for with, the most frequent first."""
    others = [(line, to, count) for (line, to), count in pairs.items() if line and to and line != to]
    return tuple(
        CodedElsewhere(asked=_name(line, names), coded=_name(to, names), contacts=count)
        for line, to, count in sorted(others, key=lambda one: (-one[2], one[0], one[1]))
    )


def _name(line: str, names: _Names) -> dict[str, str]:
    return names.get(("product_line", line)) or {"zh": line, "en": line}
