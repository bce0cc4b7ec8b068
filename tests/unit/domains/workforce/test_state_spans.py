"""The routing log as spans of agents at work and away: once each, by tenant, and forgotten in time."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from hotline.domains.contacts.models import ProjectorCursor
from hotline.domains.workforce import state_spans
from hotline.domains.workforce.models import AgentStateSpan
from hotline.foundation.models import Tenant
from hotline.foundation.tenancy import tenant_scope
from hotline.kernel.clock import to_datetime
from hotline.kernel.ids import new_id
from hotline.live.projector import Projector
from hotline.messages import routing as m
from hotline.messages.routing import RoutingEvent
from tests.factories.contacts import routing_log
from tests.factories.foundation import make_tenant
from tests.factories.routing_log import ASKED_MS
from tests.factories.setup import make_agent

pytestmark = pytest.mark.django_db
LUNCH = new_id()
Told = tuple[str, str | None, float, float | None]


@pytest.fixture
def tenant() -> Tenant:
    return make_tenant()


def changed(agent_id: UUID | str, minute: float, state: Any, reason: str | None = None) -> m.AgentStateChanged:
    at_ms = ASKED_MS + round(minute * 60_000)
    return m.AgentStateChanged(at_ms=at_ms, agent_id=str(agent_id), state=state, reason=reason)


def morning(agent_id: UUID) -> list[RoutingEvent]:
    """Signs in, works through a call, has lunch, comes back and goes home."""
    states: list[tuple[float, Any, str | None]] = [
        (0, "away", "signed_in"),
        (1, "available", None),
        (2, "offered", None),
        (2.1, "busy", None),
        (5, "wrap_up", None),
        (6, "available", None),
        (60, "away", LUNCH),
        (90, "available", None),
        (240, "signed_out", None),
    ]
    return [changed(agent_id, *state) for state in states]


def project(events: list[RoutingEvent], chunk: int = 150) -> None:
    projector = Projector(routing_log([events]), "main", chunk)
    while projector.step():
        pass


def told(tenant: Tenant, agent_id: UUID) -> list[Told]:
    start = to_datetime(ASKED_MS)

    def minutes(moment: Any) -> float | None:
        return None if moment is None else (moment - start) / timedelta(minutes=1)

    with tenant_scope(tenant.pk):
        rows = AgentStateSpan.objects.filter(agent_id=agent_id).order_by("began_at", "pk")
        return [
            (
                row.state,
                str(row.away_reason_id) if row.away_reason_id else None,
                minutes(row.began_at) or 0,
                minutes(row.ended_at),
            )
            for row in rows
        ]


MORNING: list[Told] = [("away", None, 0, 1), ("work", None, 1, 60), ("away", LUNCH, 60, 90), ("work", None, 90, 240)]


@pytest.mark.parametrize("chunk", [1, 2, 150])
def test_a_morning_is_four_spans_whatever_the_chunks(tenant: Tenant, chunk: int) -> None:
    agent = make_agent(tenant)
    project(morning(agent), chunk)
    assert told(tenant, agent) == MORNING


@pytest.mark.parametrize("upto", range(1, 10))
def test_a_log_that_is_read_again_changes_nothing(tenant: Tenant, upto: int) -> None:
    agent = make_agent(tenant)
    project(morning(agent)[:upto], 2)
    before = told(tenant, agent)
    for chunk in (1, 3, 150):
        ProjectorCursor.objects.all().delete()
        project(morning(agent)[:upto], chunk)
        assert told(tenant, agent) == before


def test_the_last_span_is_open_until_the_next_change(tenant: Tenant) -> None:
    agent = make_agent(tenant)
    project(morning(agent)[:2])
    assert told(tenant, agent) == [("away", None, 0, 1), ("work", None, 1, None)]


def test_spans_belong_to_the_agents_home_and_an_unknown_agent_has_none(tenant: Tenant) -> None:
    other = make_tenant()
    agent = make_agent(tenant)
    project([*morning(agent), changed(new_id(), 3, "available")])
    assert told(other, agent) == []
    with tenant_scope(tenant.pk, other.pk):
        assert set(AgentStateSpan.objects.values_list("tenant_id", flat=True)) == {tenant.pk}


@pytest.mark.parametrize(("months", "kept"), [(1, 0), (24, 4), (0, 0)])
def test_spans_are_forgotten_with_what_tells_of_contacts(tenant: Tenant, months: int, kept: int) -> None:
    """After a year and a half: by the tenant's rule, or after 13 months where contacts are kept for ever."""
    Tenant.objects.filter(pk=tenant.pk).update(contact_months=months)
    agent = make_agent(tenant)
    project(morning(agent))
    now = to_datetime(ASKED_MS) + timedelta(days=550)
    portions = [state_spans.forget_old(now, 3) for _ in range(3)]
    assert len(told(tenant, agent)) == kept
    assert sum(portions) == 4 - kept
    assert max(portions) <= 3


def test_an_open_span_is_never_forgotten(tenant: Tenant) -> None:
    agent = make_agent(tenant)
    project(morning(agent)[:2])
    state_spans.forget_old(to_datetime(ASKED_MS) + timedelta(days=2000), 100)
    assert [span[0] for span in told(tenant, agent)] == ["work"]
