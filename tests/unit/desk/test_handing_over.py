"""Nobody asks the customer twice: who gets a transferred contact sees what the agent before knew."""

from typing import Any

import msgspec
import pytest
from django.test import Client

from hotline.domains.people.models import Agent
from hotline.foundation.models import Tenant
from hotline.kernel.ids import new_id
from tests.factories.contacts import project
from tests.factories.customers import make_agent, make_customer, make_disposition
from tests.factories.foundation import client_of, make_tenant
from tests.factories.routing_log import Road

pytestmark = pytest.mark.django_db


@pytest.fixture
def tenant() -> Tenant:
    return make_tenant()


@pytest.fixture
def sender(tenant: Tenant) -> Agent:
    return make_agent(tenant)


@pytest.fixture
def receiver(tenant: Tenant) -> Agent:
    return make_agent(tenant)


@pytest.fixture
def road(tenant: Tenant, sender: Agent, receiver: Agent) -> Road:
    """The sender talks, and the contact is offered to the receiver."""
    road = Road(tenant_id=str(tenant.pk), contact_id=new_id(), agent_id=str(sender.pk))
    talking = [road.queued(), road.offered(), road.connected()]
    project([*talking, road.next_agent(str(receiver.pk)).offered(60_000, kind="transfer")])
    return road


def put(client: Client, path: str, body: Any = None) -> Any:
    return client.put(f"/api/v1/desk/contacts/{path}", msgspec.json.encode(body), content_type="application/json")


def pop(client: Client, road: Road) -> Any:
    answer = client.get(f"/api/v1/desk/contacts/{road.contact_id}")
    assert answer.status_code == 200, answer.content
    return answer.json()


def type_draft(client: Client, road: Road, field: str, value: Any) -> None:
    text = msgspec.json.encode(value).decode()
    assert put(client, f"{road.contact_id}/drafts/{field}", {"text": text}).status_code == 200


def test_receiver_sees_customer_verification_path_and_what_was_typed(
    tenant: Tenant, sender: Agent, receiver: Agent, road: Road
) -> None:
    before, after = client_of(sender.user), client_of(receiver.user)
    customer_id = str(make_customer(tenant, name="陈玉"))
    reason = str(make_disposition(tenant).pk)
    assert put(before, f"{road.contact_id}/customer", {"customer_id": customer_id}).status_code == 204
    assert put(before, f"{road.contact_id}/verification").status_code == 204
    matter = {"disposition_id": reason, "outcome_id": None, "note": "六楼"}
    type_draft(before, road, "wrap_up", {"matters": [matter], "note": "请今天回电"})
    ticket = {"ticket_type_id": "", "text": "六楼无水", "department_id": "", "due_at": ""}
    type_draft(before, road, "ticket", ticket)
    found = pop(after, road)
    assert found["customer"]["name"] == "陈玉"
    assert found["contact"]["menu_path"] == ["1", "2"]
    assert found["verified"]["agent_id"] == str(sender.pk)
    (noted,) = found["handed_over"]
    assert (noted["agent_id"], noted["agent_name"]) == (str(sender.pk), sender.user.name)
    assert (noted["matters"], noted["note"], noted["ticket"]) == ([matter], "请今天回电", ticket)
    assert pop(before, road)["handed_over"] == []


def test_what_was_filed_takes_the_place_of_what_was_typed(
    tenant: Tenant, sender: Agent, receiver: Agent, road: Road
) -> None:
    before = client_of(sender.user)
    type_draft(before, road, "wrap_up", {"matters": [], "note": "old"})
    matter = {"disposition_id": str(make_disposition(tenant).pk), "outcome_id": None, "note": ""}
    body = {"matters": [matter], "note": "filed"}
    path = f"/api/v1/desk/contacts/{road.contact_id}/wrap-up"
    assert before.post(path, msgspec.json.encode(body), content_type="application/json").status_code == 204
    (noted,) = pop(client_of(receiver.user), road)["handed_over"]
    assert (noted["matters"], noted["note"]) == ([matter], "filed")


@pytest.mark.parametrize("text", ["", "not json", '{"matters": 7}', '{"matters": [], "note": ""}'])
def test_nothing_typed_or_nothing_readable_is_not_shown(sender: Agent, receiver: Agent, road: Road, text: str) -> None:
    put(client_of(sender.user), f"{road.contact_id}/drafts/wrap_up", {"text": text})
    assert pop(client_of(receiver.user), road)["handed_over"] == []


def test_verification_holds_for_the_customer_who_was_verified(tenant: Tenant, sender: Agent, road: Road) -> None:
    desk = client_of(sender.user)
    refused = put(desk, f"{road.contact_id}/verification")
    assert (refused.status_code, refused.json()["code"]) == (409, "contact.customer_needed")
    for _ in range(2):
        customer_id = str(make_customer(tenant))
        put(desk, f"{road.contact_id}/customer", {"customer_id": customer_id})
        assert pop(desk, road)["verified"] is None
        assert put(desk, f"{road.contact_id}/verification").status_code == 204
        first = pop(desk, road)["verified"]
        put(desk, f"{road.contact_id}/verification")
        assert pop(desk, road)["verified"] == first


def test_only_who_has_the_contact_says_that_the_customer_is_verified(tenant: Tenant, road: Road) -> None:
    answer = put(client_of(make_agent(tenant).user), f"{road.contact_id}/verification")
    assert answer.status_code == 404
    foreign = put(client_of(make_agent(make_tenant()).user), f"{road.contact_id}/verification")
    assert foreign.status_code == 404
