"""Why this caller: the agent reads it of the contact that rings or that they have, and of no other."""

from typing import Any

import msgspec
import pytest
from django.test import Client

from hotline.domains.people.models import Agent
from hotline.foundation.models import Tenant
from hotline.kernel.ids import new_id
from hotline.messages.routing import ContactQueued, ContactRequeued, ContactWidened, OfferRefused
from tests.factories.contacts import make_handled_contact, project
from tests.factories.customers import make_agent
from tests.factories.foundation import client_of, make_tenant, make_user
from tests.factories.routing_log import ASKED_MS, Road

pytestmark = pytest.mark.django_db


@pytest.fixture
def tenant() -> Tenant:
    return make_tenant()


@pytest.fixture
def agent(tenant: Tenant) -> Agent:
    return make_agent(tenant)


@pytest.fixture
def desk(agent: Agent) -> Client:
    return client_of(agent.user)


def road_to(agent: Agent) -> Road:
    return Road(tenant_id=str(agent.tenant_id), agent_id=str(agent.pk))


def reasons(client: Client, road: Road) -> Any:
    return client.get(f"/api/v1/desk/contacts/{road.contact_id}/reasons")


def queued(road: Road, **more: Any) -> ContactQueued:
    return msgspec.structs.replace(road.queued(), **more)


def test_the_agent_reads_why_it_came_to_them_while_it_rings_and_afterwards(agent: Agent, desk: Client) -> None:
    road = road_to(agent)
    why = {"candidates": 5, "chosen_figure": ASKED_MS + 72_000 - 48_000}
    offered = msgspec.structs.replace(road.offered(72_000), **why)
    project([queued(road, points={"value_grade": 5}), offered])
    found = reasons(desk, road).json()
    assert found["waited_ms"] == 72_000
    assert [step["explanation"]["en"] for step in found["steps"]] == [
        "+5 points (value grade +5), each worth a minute of waiting.",
        f"{agent.user.name} had been idle longest of the 5 idle agents who could take it: no contact since 14:13:44"
        " (48 s).",
    ]
    assert "48 秒" in found["steps"][1]["explanation"]["zh"]
    handled = make_handled_contact(Tenant.objects.get(pk=agent.tenant_id), agent.pk)
    assert reasons(desk, handled).json()["steps"]


def test_what_came_after_the_offer_to_them_is_not_told(agent: Agent, desk: Client) -> None:
    road = road_to(agent)
    moved = ContactRequeued(at_ms=ASKED_MS + 90_000, contact_id=road.contact_id, queue_id=new_id(), cause="transfer")
    project([road.queued(), road.offered(), road.connected(), moved])
    assert len(reasons(desk, road).json()["steps"]) == 2


def test_nobody_elses_contact_is_explained(tenant: Tenant, agent: Agent, desk: Client) -> None:
    colleague = make_agent(tenant)
    ringing = road_to(colleague)
    project([ringing.queued(), ringing.offered()])
    assert reasons(client_of(colleague.user), ringing).status_code == 200
    answer = reasons(desk, ringing)
    assert (answer.status_code, answer.json()["code"], answer["Retry-After"]) == (404, "desk.contact_not_yet", "1")
    waiting = road_to(agent)
    project([waiting.queued()])
    assert reasons(desk, waiting).status_code == 404


def test_who_refused_an_offer_reads_no_more_of_it(tenant: Tenant, agent: Agent, desk: Client) -> None:
    road = road_to(agent)
    refused = OfferRefused(at_ms=ASKED_MS + 3_000, **road.offer_fields(), reason_id=None)
    other = road.next_agent(str(make_agent(tenant).pk))
    project([road.queued(), road.offered(), refused, other.offered(4_000)])
    assert reasons(desk, road).status_code == 404


def test_another_tenant_and_who_is_no_agent_are_refused(tenant: Tenant, agent: Agent) -> None:
    road = road_to(agent)
    project([road.queued(), road.offered(), road.connected()])
    stranger = make_agent(make_tenant("gas"))
    assert reasons(client_of(stranger.user), road).status_code == 404
    supervisor = reasons(client_of(make_user(tenant=tenant, role="supervisor")), road)
    assert (supervisor.status_code, supervisor.json()["code"]) == (403, "contact.not_an_agent")


def test_an_agent_of_a_shared_pool_is_not_told_how_the_other_company_routes(tenant: Tenant) -> None:
    outsider = make_agent(make_tenant("outsourcer"))
    road = Road(tenant_id=str(tenant.pk), agent_id=str(outsider.pk))
    project([road.queued(), msgspec.structs.replace(road.offered(), pool_id=new_id())])
    assert reasons(client_of(outsider.user), road).status_code == 404


def test_the_contact_page_tells_choice_overflow_and_ring_too(tenant: Tenant, agent: Agent) -> None:
    road, there = road_to(agent), new_id()
    overflow = ContactRequeued(at_ms=ASKED_MS + 30, contact_id=road.contact_id, queue_id=there, cause="overflow")
    widened = ContactWidened(at_ms=ASKED_MS + 60, contact_id=road.contact_id, queue_id=there, ring=1, relax=2)
    offered = msgspec.structs.replace(road.offered(), candidates=3, chosen_figure=ASKED_MS - 5_000)
    project([road.queued(), overflow, widened, offered])
    reader = client_of(make_user(tenant=tenant, role="supervisor"))
    steps = reader.get(f"/api/v1/contacts/{road.contact_id}").json()["timeline"]
    told = [step["explanation"]["en"] for step in steps]
    assert told[1].startswith("It had waited in its queue for as long as is allowed there")
    assert told[2].endswith("more agents may take it, with levels lower by 2.")
    assert told[3].startswith(f"{agent.user.name} had been idle longest of the 3")
