"""The pop: everything for the ringing contact at once, in a fixed number of queries, for its agent only."""

from typing import Any

import msgspec
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from hotline.domains.contacts.fact_intake import take_facts
from hotline.domains.people.models import Agent
from hotline.foundation.models import Tenant
from hotline.kernel.ids import new_id
from hotline.messages.routing import OfferExpired
from tests.factories.contacts import Call, make_handled_contact, project
from tests.factories.customers import make_agent, make_customer, make_department, make_disposition, make_ticket_type
from tests.factories.foundation import client_of, make_tenant, make_user
from tests.factories.routing_log import Road

pytestmark = pytest.mark.django_db
# Session, user, memberships, agent (2), contact, customer (5), tickets, contacts (3), tree and tenant's day (2),
# ticket types, departments, other agents of the contact, verification.
QUERIES = 22


@pytest.fixture
def tenant() -> Tenant:
    return make_tenant()


@pytest.fixture
def agent(tenant: Tenant) -> Agent:
    return make_agent(tenant)


@pytest.fixture
def desk(agent: Agent) -> Client:
    return client_of(agent.user)


def pop(client: Client, contact_id: str) -> Any:
    return client.get(f"/api/v1/desk/contacts/{contact_id}")


def test_the_pop_brings_record_tickets_history_and_choices(tenant: Tenant, agent: Agent, desk: Client) -> None:
    customer_id = make_customer(tenant, name="陈玉", value_grade="gold")
    make_disposition(tenant)
    kind = make_ticket_type(tenant, make_department(tenant))
    earlier = make_handled_contact(tenant, agent.pk, customer_id=str(customer_id))
    payload = {"ticket_type_id": str(kind.pk), "text": "漏水", "contact_id": earlier.contact_id}
    ticket = desk.post("/api/v1/tickets", payload, content_type="application/json").json()["ticket"]
    call = Call(tenant)
    take_facts([call.arrived()])
    found = pop(desk, call.contact_id).json()
    assert (found["customer"]["name"], found["customer"]["addresses"][0]["meters"] != []) == ("陈玉", True)
    assert found["contact"]["caller"] == "139****0001"
    assert [open_ticket["number"] for open_ticket in found["open_tickets"]] == [ticket["number"]]
    assert [contact["id"] for contact in found["recent_contacts"]] == [earlier.contact_id]
    assert [len(found[name]) for name in ("dispositions", "ticket_types", "departments")] == [1, 1, 1]
    assert "13900000001" not in str(found)


def test_the_pop_takes_a_fixed_number_of_queries(tenant: Tenant, agent: Agent, desk: Client) -> None:
    customer_id = make_customer(tenant)
    call = Call(tenant)
    take_facts([call.arrived()])

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert pop(desk, call.contact_id).status_code == 200
        return len(captured)

    for expected in (QUERIES, QUERIES):
        make_handled_contact(tenant, agent.pk, customer_id=str(customer_id))
        make_disposition(tenant)
        make_ticket_type(tenant)
        make_department(tenant)
        assert queries() == expected


def test_a_shared_number_brings_candidates_and_no_history(tenant: Tenant, desk: Client) -> None:
    both = {str(make_customer(tenant)), str(make_customer(tenant))}
    call = Call(tenant)
    take_facts([call.arrived()])
    found = pop(desk, call.contact_id).json()
    assert (found["customer"], found["recent_contacts"]) == (None, [])
    assert {candidate["id"] for candidate in found["candidates"]} == both


def test_a_contact_not_yet_known_asks_to_come_again(desk: Client) -> None:
    answer = pop(desk, new_id())
    assert (answer.status_code, answer.json()["code"], answer["Retry-After"]) == (404, "desk.contact_not_yet", "1")


def test_the_pop_works_from_routing_alone_when_the_nodes_facts_are_late(tenant: Tenant, desk: Client) -> None:
    road = Road(tenant_id=str(tenant.pk), contact_id=new_id(), customer_id=str(make_customer(tenant)))
    project([road.queued(), road.offered()])
    assert pop(desk, road.contact_id).json()["customer"]["id"] == road.customer_id


def test_a_contact_that_somebody_else_has_is_not_shown(tenant: Tenant, desk: Client) -> None:
    road = Road(tenant_id=str(tenant.pk), contact_id=new_id(), agent_id=str(make_agent(tenant).pk))
    project([road.queued(), road.offered(), road.connected()])
    assert pop(desk, road.contact_id).status_code == 404


def test_a_contact_that_is_transferred_is_shown_to_whom_it_is_offered(
    tenant: Tenant, agent: Agent, desk: Client
) -> None:
    road = Road(tenant_id=str(tenant.pk), contact_id=new_id(), agent_id=str(make_agent(tenant).pk))
    talking = [road.queued(), road.offered(), road.connected()]
    project([*talking, road.next_agent(str(agent.pk)).offered(60_000, kind="consult")])
    assert pop(desk, road.contact_id).status_code == 200


def test_an_ended_contact_is_shown_to_its_agent_only(tenant: Tenant, agent: Agent, desk: Client) -> None:
    assert pop(desk, make_handled_contact(tenant, agent.pk).contact_id).status_code == 200
    assert pop(desk, make_handled_contact(tenant, make_agent(tenant).pk).contact_id).status_code == 404


def test_who_is_no_agent_gets_no_pop(tenant: Tenant) -> None:
    call = Call(tenant)
    take_facts([call.arrived()])
    answer = pop(client_of(make_user(tenant=tenant, role="supervisor")), call.contact_id)
    assert (answer.status_code, answer.json()["code"]) == (403, "contact.not_an_agent")


def test_an_agent_of_a_shared_pool_learns_whose_call_it_is_while_it_is_in_their_hands(tenant: Tenant) -> None:
    outsider = make_agent(make_tenant("outsourcer"))
    desk, somebody = client_of(outsider.user), client_of(make_agent(make_tenant("gas")).user)
    customer_id = make_customer(tenant, name="陈玉")
    road = Road(tenant_id=str(tenant.pk), agent_id=str(outsider.pk), customer_id=str(customer_id))
    by_pool = {"pool_id": new_id()}
    project([road.queued()])
    assert read_lent(desk, road).status_code == 404
    project([msgspec.structs.replace(road.offered(), **by_pool)])
    assert pop(desk, road.contact_id).json()["code"] == "desk.lent_contact"
    shown = read_lent(desk, road).json()
    assert (shown["tenant_name"], shown["customer_name"]) == (tenant.name, "陈玉")
    kept_back = {name: shown[name] for name in ("is_in_hand", "dispositions", "modules", "ticket_types")}
    assert kept_back == {"is_in_hand": False, "dispositions": [], "modules": [], "ticket_types": []}
    assert read_lent(somebody, road).status_code == 404
    project([msgspec.structs.replace(road.connected(), **by_pool)])
    assert read_lent(desk, road).status_code == 200
    project([road.interaction_ended(20_000), *road.wrapped_up(20_000, 5_000)])
    assert read_lent(desk, road).status_code == 404


def test_an_offer_that_went_on_to_an_own_agent_is_no_longer_the_pools(tenant: Tenant, agent: Agent) -> None:
    outsider = make_agent(make_tenant("outsourcer"))
    road = Road(tenant_id=str(tenant.pk), agent_id=str(outsider.pk))
    project([road.queued(), msgspec.structs.replace(road.offered(), pool_id=new_id())])
    project([OfferExpired(at_ms=road.asked_ms + 15_000, **road.offer_fields())])
    assert read_lent(client_of(outsider.user), road).status_code == 404
    project([road.next_agent(str(agent.pk)).offered(after_ms=15_001)])
    assert read_lent(client_of(outsider.user), road).status_code == 404


def read_lent(client: Client, road: Road) -> Any:
    return client.get(f"/api/v1/desk/lent-contacts/{road.contact_id}")
