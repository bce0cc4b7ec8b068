"""What agents did from when to when: state changes of the routing log as spans, kept by the projector in its
transaction.

A span says that somebody was at work (available, offered, busy, wrap-up: each contact is told of elsewhere) or away for
one reason; whoever is signed out has none. So a call costs no row here, and a day of one agent is about ten."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final
from uuid import UUID

import structlog
from django.db.models import Max

from hotline.domains.contacts.rules import contact_term
from hotline.domains.people.queries import homes_of_agents
from hotline.domains.workforce import adherence
from hotline.domains.workforce.models import AgentStateSpan
from hotline.foundation.models import Tenant
from hotline.foundation.tenancy import tenant_scope
from hotline.kernel.clock import to_datetime
from hotline.messages.routing import AgentStateChanged, RoutingEvent

KEPT_MONTHS: Final = 13  # where the tenant keeps contacts for ever: a year and the month before it, for comparisons

log = structlog.get_logger()


def store(happened: Iterable[tuple[int, RoutingEvent]]) -> None:
    """Fold these events, each with its order in the log, into the spans; needs a scope of all tenants.

    A log that is read again changes nothing: each span knows the newest event that is in it."""
    changes = [(order, event) for order, event in happened if isinstance(event, AgentStateChanged)]
    if not changes:
        return
    since = to_datetime(min(event.at_ms for _, event in changes))
    spans = _Spans({UUID(event.agent_id) for _, event in changes}, since)
    for order, event in changes:
        spans.take(order, event)
    spans.store()


def forget_old(now: datetime, limit: int) -> int:
    """Delete at most `limit` spans that ended longer ago than the tenant keeps what tells of contacts; how many."""
    left = limit
    for tenant_id, months in Tenant.objects.order_by("code").values_list("pk", "contact_months"):
        term = contact_term(now, months or KEPT_MONTHS)
        if term is None or left <= 0:
            continue
        with tenant_scope(tenant_id):
            old = AgentStateSpan.objects.filter(began_at__lt=term.before, ended_at__isnull=False)
            found = list(old.order_by("began_at").values_list("pk", flat=True)[:left])
            left -= AgentStateSpan.objects.filter(pk__in=found).delete()[0]
    return limit - left


class _Spans:
    """The open spans of some agents, read at once and written at once."""

    def __init__(self, agent_ids: set[UUID], since: datetime) -> None:
        self._homes = homes_of_agents(agent_ids)
        rows = AgentStateSpan.objects.filter(agent_id__in=agent_ids)
        self._open = {row.agent_id: row for row in rows.filter(ended_at=None)}
        # What ended later than these events was told by later ones: the log is read again.
        ended = rows.filter(ended_at__gte=since).values_list("agent_id").annotate(folded=Max("folded"))
        self._reached = dict(ended.order_by())
        self._new: dict[UUID, AgentStateSpan] = {}
        self._ended: list[AgentStateSpan] = []

    def take(self, order: int, event: AgentStateChanged) -> None:
        agent_id, at = UUID(event.agent_id), to_datetime(event.at_ms)
        if agent_id not in self._homes:
            log.warning("the state of an unknown agent is not kept", agent_id=event.agent_id)
            return
        doing = adherence.doing(event.state)
        reason = _reason_id(event.reason) if doing == "away" else None
        open_span = self._open.get(agent_id)
        if order <= max(self._reached.get(agent_id, -1), open_span.folded if open_span is not None else -1):
            return
        if open_span is not None:
            if (open_span.state, open_span.away_reason_id) == (doing, reason):
                return  # the same goes on
            open_span.ended_at, open_span.folded = max(at, open_span.began_at), order
            self._ended.append(self._open.pop(agent_id))
        if doing != "out":
            self._begin(agent_id, at, order, doing, reason)

    def _begin(self, agent_id: UUID, at: datetime, order: int, state: str, reason: UUID | None) -> None:
        span = AgentStateSpan(
            tenant_id=self._homes[agent_id],
            agent_id=agent_id,
            state=state,
            away_reason_id=reason,
            began_at=at,
            folded=order,
        )
        self._open[agent_id] = self._new[span.pk] = span

    def store(self) -> None:
        AgentStateSpan.objects.bulk_create(self._new.values())
        ended = [span for span in self._ended if span.pk not in self._new]
        AgentStateSpan.objects.bulk_update(ended, ["ended_at", "folded"])


def _reason_id(reason: str | None) -> UUID | None:
    """The away reason; None for the house's own codes."""
    try:
        return UUID(reason) if reason else None
    except ValueError:
        return None
