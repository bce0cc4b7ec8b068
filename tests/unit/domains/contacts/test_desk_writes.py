"""What agents write into their contacts: wrap-ups, who called, drafts."""

from typing import Any

import pytest
from django.test import Client

from hotline.domains.contacts.models import Contact
from hotline.domains.people.models import Agent
from hotline.foundation.models import AuditEntry, Tenant
from hotline.foundation.tenancy import tenant_scope
from hotline.kernel.ids import new_id
from tests.factories.contacts import make_handled_contact
from tests.factories.customers import make_agent, make_customer, make_disposition
from tests.factories.foundation import client_of, make_tenant

pytestmark = pytest.mark.django_db
JSON = "application/json"


def wrap_up(client: Client, contact_id: str, *dispositions: Any, **values: Any) -> Any:
    matters = [{"disposition_id": str(node.pk), "note": "漏水"} for node in dispositions]
    payload = {"matters": matters, "note": "关阀"} | values
    return client.post(f"/api/v1/desk/contacts/{contact_id}/wrap-up", payload, content_type=JSON)


def test_wrap_up_files_several_matters_and_may_be_sent_again(tenant: Tenant, agent: Agent, desk: Client) -> None:
    road = make_handled_contact(tenant, agent.pk)
    leak, bill = make_disposition(tenant), make_disposition(tenant)
    assert wrap_up(desk, road.contact_id, leak, bill).status_code == 204
    assert wrap_up(desk, road.contact_id, leak, bill).status_code == 204
    found = desk.get(f"/api/v1/contacts/{road.contact_id}").json()
    assert [matter["disposition_id"] for matter in found["matters"]] == [str(leak.pk), str(bill.pk)]
    assert (found["matters"][0]["note"], found["wrap_ups"][0]["note"]) == ("漏水", "关阀")
    assert AuditEntry.objects.filter(action="contact.wrap_up_filed").count() == 1
    assert wrap_up(desk, road.contact_id, bill).status_code == 204
    found = desk.get(f"/api/v1/contacts/{road.contact_id}").json()
    assert [matter["disposition_id"] for matter in found["matters"]] == [str(bill.pk)]


def test_wrap_up_needs_a_reason_from_the_own_tree(tenant: Tenant, agent: Agent, desk: Client) -> None:
    contact_id = make_handled_contact(tenant, agent.pk).contact_id
    assert wrap_up(desk, contact_id).json()["code"] == "contact.matter_needed"
    foreign, outcome = make_disposition(make_tenant()), make_disposition(tenant, "outcome")
    assert wrap_up(desk, contact_id, foreign).json()["code"] == "contact.disposition_unknown"
    assert wrap_up(desk, contact_id, outcome).json()["code"] == "contact.disposition_unknown"
    assert desk.get(f"/api/v1/contacts/{contact_id}").json()["matters"] == []


def test_wrap_up_of_somebody_elses_contact_is_refused(tenant: Tenant, desk: Client) -> None:
    contact_id = make_handled_contact(tenant, make_agent(tenant).pk).contact_id
    answer = wrap_up(desk, contact_id, make_disposition(tenant))
    assert (answer.status_code, answer.json()["code"]) == (403, "contact.not_yours")


def test_wrap_up_of_a_contact_on_its_way_here_asks_to_wait(tenant: Tenant, desk: Client) -> None:
    answer = wrap_up(desk, new_id(), make_disposition(tenant))
    assert (answer.status_code, answer.json()["code"], answer["Retry-After"]) == (404, "desk.contact_not_yet", "1")


def test_who_is_no_agent_cannot_wrap_up(tenant: Tenant, supervisor: Client) -> None:
    answer = wrap_up(supervisor, new_id(), make_disposition(tenant))
    assert (answer.status_code, answer.json()["code"]) == (403, "contact.not_an_agent")


def test_the_agent_says_who_called(tenant: Tenant, agent: Agent, desk: Client) -> None:
    contact_id = make_handled_contact(tenant, agent.pk).contact_id
    customer_id, foreign = make_customer(tenant), make_customer(make_tenant())
    url = f"/api/v1/desk/contacts/{contact_id}/customer"
    assert desk.put(url, {"customer_id": str(foreign)}, content_type=JSON).status_code == 404
    assert desk.put(url, {"customer_id": str(customer_id)}, content_type=JSON).status_code == 204
    assert desk.get(f"/api/v1/contacts/{contact_id}").json()["customer_id"] == str(customer_id)


@pytest.mark.parametrize(("caller", "masked"), [("13900000001", ["139****0001"]), ("anonymous", []), ("", [])])
def test_a_new_customer_gets_the_calling_number_that_the_desk_never_saw(
    tenant: Tenant, agent: Agent, desk: Client, caller: str, masked: list[str]
) -> None:
    contact_id = make_handled_contact(tenant, agent.pk).contact_id
    with tenant_scope(tenant.pk):
        Contact.objects.filter(pk=contact_id).update(caller=caller)
    made = desk.post("/api/v1/customers", {"name": "新客户"}, content_type=JSON).json()
    url = f"/api/v1/desk/contacts/{contact_id}/customer"
    for _ in range(2):  # sent twice: one number
        payload = {"customer_id": made["id"], "takes_number": True}
        assert desk.put(url, payload, content_type=JSON).status_code == 204
    customer = desk.get(f"/api/v1/customers/{made['id']}").json()
    assert [phone["masked"] for phone in customer["phones"]] == masked
    assert AuditEntry.objects.filter(action="customer.phone_added").count() == len(masked)


def test_drafts_are_kept_per_person_and_field(tenant: Tenant, agent: Agent, desk: Client) -> None:
    contact_id = make_handled_contact(tenant, agent.pk).contact_id
    url = f"/api/v1/desk/contacts/{contact_id}/drafts"
    for text in ("漏", "漏水"):
        assert desk.put(f"{url}/note", {"text": text}, content_type=JSON).json()["text"] == text
    desk.put(f"{url}/matter.1", {"text": "x"}, content_type=JSON)
    assert [(d["field"], d["text"]) for d in desk.get(url).json()["items"]] == [("matter.1", "x"), ("note", "漏水")]
    assert client_of(make_agent(tenant).user).get(url).json()["items"] == []
    assert desk.put(f"{url}/note", {"text": ""}, content_type=JSON).status_code == 204
    assert [d["field"] for d in desk.get(url).json()["items"]] == ["matter.1"]


def test_a_draft_over_64_kb_is_refused_and_the_former_one_stays(tenant: Tenant, agent: Agent, desk: Client) -> None:
    url = f"/api/v1/desk/contacts/{make_handled_contact(tenant, agent.pk).contact_id}/drafts"
    assert desk.put(f"{url}/note", {"text": "水" * 21_845}, content_type=JSON).status_code == 200
    answer = desk.put(f"{url}/note", {"text": "水" * 21_846}, content_type=JSON)
    assert (answer.status_code, answer.json()["code"]) == (413, "contact.draft_too_large")
    assert len(desk.get(url).json()["items"][0]["text"]) == 21_845
    assert desk.put(f"{url}/a b", {"text": "x"}, content_type=JSON).json()["code"] == "contact.draft_field_invalid"
