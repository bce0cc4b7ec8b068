"""Handle time by agent and by reason (SB-32): talk with holds inside, and wrap-up. Averages come last, from sums.

An interaction counts once its conversation has ended, as in the figures of queues, on the local day on which it began.
It stands under the first reason that its own agent filed for the contact, so that the reasons add up to the total."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import reduce
from operator import or_
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Count, F, Max, OuterRef, Q, QuerySet, Subquery, Sum, UUIDField
from django.utils import timezone

from hotline.domains.catalogue import queries as catalogue
from hotline.domains.contacts import rules
from hotline.domains.contacts.models import Interaction, Matter
from hotline.domains.contacts.periods import Days, days_of
from hotline.domains.contacts.reports import tenants_in_scope
from hotline.domains.contacts.views import HandleTime, HandleTimeReport, QueueChoice
from hotline.domains.people import queries as people
from hotline.domains.routing import queries as routing
from hotline.formulas.handle_time import average_s, conversation_ms, handle_ms
from hotline.foundation import audit
from hotline.foundation.actors import Actor
from hotline.foundation.models import Tenant

Names = Mapping[UUID, dict[str, str]]
_SUMS = ("interactions", "talk_ms", "hold_ms", "wrap_up_ms", "simulated")
_AGGREGATES: dict[str, Any] = {
    "sum_of_interactions": Count("pk"),
    "sum_of_talk_ms": Sum("talk_ms"),
    "sum_of_hold_ms": Sum("hold_ms"),
    "sum_of_wrap_up_ms": Sum("wrap_up_ms"),
    "sum_of_simulated": Count("pk", filter=Q(contact__is_simulated=True)),
    "longest_ms": Max(F("talk_ms") + F("hold_ms") + F("wrap_up_ms")),
}


@dataclass(frozen=True, slots=True)
class Question:
    """Local days, one alone standing for itself and none for today, and one queue or all."""

    first_day: date | None = None
    last_day: date | None = None
    queue_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class _Sums:
    """What was added up for one agent or reason."""

    subject_id: UUID | None
    values: dict[str, int]
    longest_ms: int | None


def by_agent(actor: Actor, question: Question) -> HandleTimeReport:
    """A row for each agent, by name. These are figures of single people: who looked is in the audit first.

    Raises what `periods.days_of` raises."""
    now = timezone.now()
    days = _days(question, now)
    _note(actor, question, days)
    sums = _sums(_ended(question, days), F("agent_id"))
    agents = people.agent_names(one.subject_id for one in sums if one.subject_id)
    return _report(now, days, sums, {agent_id: {"zh": name, "en": name} for agent_id, name in agents.items()})


def by_reason(question: Question) -> HandleTimeReport:
    """A row for each reason filed, by name, and one without a name for what has none.

    Raises what `periods.days_of` raises."""
    now = timezone.now()
    days = _days(question, now)
    own = Matter.objects.filter(contact_id=OuterRef("contact_id"), agent_id=OuterRef("agent_id"))
    first_reason = Subquery(own.order_by("position").values("disposition_id")[:1], output_field=UUIDField())
    return _report(now, days, _sums(_ended(question, days), first_reason), catalogue.reason_names())


def _days(question: Question, now: datetime) -> dict[Tenant, Days]:
    return {
        tenant: days_of(question.first_day, question.last_day, rules.local_day(now, tenant.time_zone))
        for tenant in tenants_in_scope()
    }


def _note(actor: Actor, question: Question, days: Mapping[Tenant, Days]) -> None:
    with transaction.atomic():
        for tenant, asked in days.items():
            details = {"first_day": str(asked.first), "last_day": str(asked.last)}
            details |= {"queue_id": str(question.queue_id)} if question.queue_id else {}
            audit.record_read(actor, "report.handle_times_of_agents_read", "tenant", tenant.pk, tenant.pk, details)


def _ended(question: Question, days: Mapping[Tenant, Days]) -> QuerySet[Interaction]:
    within = []
    for tenant, asked in days.items():
        begins, ends = asked.bounds(tenant.time_zone)
        within.append(Q(tenant_id=tenant.pk, started_at__gte=begins, started_at__lt=ends))
    rows = Interaction.objects.filter(reduce(or_, within, Q(pk__in=())), ended_at__isnull=False)
    return rows if question.queue_id is None else rows.filter(queue_id=question.queue_id)


def _sums(rows: QuerySet[Interaction], subject: Any) -> list[_Sums]:
    """One query, however many rows there are."""
    grouped: Iterable[Any] = rows.annotate(subject_id=subject).values("subject_id").annotate(**_AGGREGATES).order_by()
    return [
        _Sums(row["subject_id"], {name: row[f"sum_of_{name}"] for name in _SUMS}, row["longest_ms"]) for row in grouped
    ]


def _report(now: datetime, days: Mapping[Tenant, Days], sums: list[_Sums], names: Names) -> HandleTimeReport:
    rows = [_handle_time(one, _name(one.subject_id, names)) for one in sums]
    rows.sort(key=lambda row: (row.name is None, row.name["en"] if row.name else "", str(row.subject_id)))
    queues = [QueueChoice(queue_id=UUID(key), queue_name=name) for key, name in routing.spoken_names().items()]
    return HandleTimeReport(
        first_day=max((asked.first for asked in days.values()), default=now.date()),
        last_day=max((asked.last for asked in days.values()), default=now.date()),
        as_of=now,
        rows=tuple(rows),
        total=_handle_time(_added(sums), None),
        queues=tuple(sorted(queues, key=lambda queue: (queue.queue_name["en"], queue.queue_id))),
    )


def _name(subject_id: UUID | None, names: Names) -> dict[str, str] | None:
    """A reason that is gone is named by the id."""
    if subject_id is None:
        return None
    return names.get(subject_id) or {"zh": str(subject_id), "en": str(subject_id)}


def _added(sums: Iterable[_Sums]) -> _Sums:
    kept = list(sums)
    values = {name: sum(one.values[name] for one in kept) for name in _SUMS}
    return _Sums(None, values, max((one.longest_ms for one in kept if one.longest_ms is not None), default=None))


def _handle_time(sums: _Sums, name: dict[str, str] | None) -> HandleTime:
    count, talk_ms, hold_ms, wrap_up_ms, simulated = (sums.values[one] for one in _SUMS)
    return HandleTime(
        subject_id=sums.subject_id,
        name=name,
        is_simulated=simulated > 0,
        interactions=count,
        talk_ms=talk_ms,
        hold_ms=hold_ms,
        wrap_up_ms=wrap_up_ms,
        average_talk_s=average_s(conversation_ms(talk_ms, hold_ms), count),
        average_hold_s=average_s(hold_ms, count),
        average_wrap_up_s=average_s(wrap_up_ms, count),
        average_handle_s=average_s(handle_ms(talk_ms, hold_ms, wrap_up_ms), count),
        longest_s=average_s(sums.longest_ms, 1) if sums.longest_ms is not None else None,
    )
