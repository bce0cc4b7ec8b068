"""Contacts past their months are emptied of personal data, in portions, for good; their figures stay."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.utils import timezone

from hotline.domains.contacts.fact_intake import take_facts
from hotline.domains.contacts.models import (
    CallBackNeeded,
    Contact,
    Draft,
    Interaction,
    Matter,
    RefusedCall,
    TimelineEvent,
    WrapUp,
)
from hotline.domains.contacts.retention import anonymise_old_contacts
from hotline.domains.customers import queries as customers
from hotline.domains.people.models import Agent
from hotline.foundation.models import AuditEntry, Tenant
from hotline.foundation.tenancy import tenant_scope
from hotline.kernel.ids import new_id
from hotline.messages.facts import CallRefused
from tests.factories.contacts import ARRIVED_MS, Call, make_handled_contact, stored
from tests.factories.customers import make_customer, make_disposition, make_queue
from tests.factories.routing_log import ASKED_MS

pytestmark = pytest.mark.django_db
JSON = "application/json"
LIMIT = 100


@dataclass(frozen=True)
class Told:
    """A contact that tells of somebody in every way it can."""

    contact_id: str
    queue_id: UUID


def telling_contact(tenant: Tenant, agent: Agent, desk: Client) -> Told:
    """A handled contact with caller, customer, keyed digits, notes, an unsent text and a call-back's note."""
    queue_id, customer_id = make_queue(tenant).pk, make_customer(tenant)
    contact_id = make_handled_contact(tenant, agent.pk, queue_id).contact_id
    call = Call(tenant, contact_id=contact_id)
    take_facts([call.arrived(), call.step("collect", "310101199001011234"), call.left(), call.cut_short()])
    matters = [{"disposition_id": str(make_disposition(tenant).pk), "note": "at 5 Lake Road"}]
    place = f"/api/v1/desk/contacts/{contact_id}"
    assert desk.post(f"{place}/wrap-up", {"matters": matters, "note": "Mr Chen"}, content_type=JSON).status_code == 204
    link = {"customer_id": str(customer_id)}
    assert desk.put(f"{place}/customer", link, content_type=JSON).status_code == 204
    assert desk.put(f"{place}/drafts/note", {"text": "Chen said"}, content_type=JSON).status_code == 200
    with tenant_scope(tenant.pk):
        CallBackNeeded.objects.update(done_note="Mr Chen is content", done_at=timezone.now())
        take_facts([call.arrived()])
    return Told(contact_id, queue_id)


def everything_told(tenant: Tenant) -> str:
    """All that is stored of the tenant's contacts, as it reads once it is unsealed."""
    models = (Contact, Interaction, TimelineEvent, Matter, WrapUp, CallBackNeeded, Draft)
    with tenant_scope(tenant.pk):
        return str([list(model.objects.order_by("id").values()) for model in models])


SECRETS = ("13900000001", "310101199001011234", "Lake Road", "Chen")


def run_to_the_end(now: datetime, limit: int = LIMIT) -> list[int]:
    sizes = []
    while done := anonymise_old_contacts(limit, now):
        sizes.append(done)
    return sizes


def figures_told(client: Client, day: str) -> list[Any]:
    """What the reports say of a day."""
    intervals = client.get("/api/v1/reports/intervals", {"date": day}).json()["queues"]
    url = "/api/v1/reports/handle-times"
    return [intervals, *(client.get(f"{url}/{by}", {"first_day": day}).json()["rows"] for by in ("agents", "reasons"))]


def test_a_contact_past_its_months_tells_of_nobody_and_its_figures_stay(
    tenant: Tenant, agent: Agent, desk: Client, supervisor: Client
) -> None:
    told = telling_contact(tenant, agent, desk)
    day = datetime.fromtimestamp(ASKED_MS / 1000, UTC).date().isoformat()
    figures = figures_told(supervisor, day)
    before = supervisor.get(f"/api/v1/contacts/{told.contact_id}").json()
    assert [secret for secret in SECRETS if secret not in everything_told(tenant)] == []
    later = timezone.now().replace(microsecond=0) + timedelta(days=80)
    assert run_to_the_end(later) == []  # the rule is: for ever
    Tenant.objects.filter(pk=tenant.pk).update(contact_months=2)
    assert run_to_the_end(timezone.now() + timedelta(days=50)) == []
    assert run_to_the_end(later) != []
    assert [secret for secret in SECRETS if secret in everything_told(tenant)] == []
    contact = stored(Call(tenant, contact_id=told.contact_id))
    assert (contact.caller, contact.caller_index, contact.customer_id) == ("", "", None)
    after = supervisor.get(f"/api/v1/contacts/{told.contact_id}").json()
    assert (datetime.fromisoformat(after["anonymised_at"]), after["anonymised_after"]) == (later, 2)
    kept = ("arrived_at", "outcome", "wait_ms", "talk_ms", "hold_ms", "wrap_up_ms", "queue_id", "interactions")
    assert {name: after[name] for name in kept} == {name: before[name] for name in kept}
    assert [step["kind"] for step in after["timeline"]] == [step["kind"] for step in before["timeline"]]
    assert all(figures)
    assert figures_told(supervisor, day) == figures
    (line,) = AuditEntry.objects.filter(action="contact.anonymised")
    assert (line.tenant_id, line.details["count"], line.details["unit"]) == (tenant.pk, 1, "months")


def test_nothing_personal_comes_back_to_a_contact_that_was_anonymised(
    tenant: Tenant, agent: Agent, desk: Client, supervisor: Client
) -> None:
    told = telling_contact(tenant, agent, desk)
    Tenant.objects.filter(pk=tenant.pk).update(contact_months=1)
    run_to_the_end(timezone.now() + timedelta(days=40))
    before = everything_told(tenant)
    call = Call(tenant, contact_id=told.contact_id)
    late = [call.arrived(), call.step("collect", "310101199001011234")]
    assert take_facts(late) == [fact.fact_id for fact in late]  # a node that was away for long: it need not tell again
    place = f"/api/v1/desk/contacts/{told.contact_id}"
    matters = [{"disposition_id": str(make_disposition(tenant).pk), "note": "Chen"}]
    customer = {"customer_id": str(make_customer(tenant, name="New"))}
    answers = [
        desk.post(f"{place}/wrap-up", {"matters": matters, "note": "Chen"}, content_type=JSON),
        desk.put(f"{place}/drafts/note", {"text": "Chen"}, content_type=JSON),
        desk.put(f"{place}/customer", customer, content_type=JSON),
        supervisor.post(
            f"/api/v1/contacts/{told.contact_id}/caller/reveal", {"reason": "call back"}, content_type=JSON
        ),
    ]
    assert {(answer.status_code, answer.json()["code"]) for answer in answers} == {(410, "contact.anonymised")}
    assert everything_told(tenant) == before


def test_a_number_told_while_its_contact_is_emptied_does_not_come_back(
    tenant: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The worker empties it in the very moment in which web looks for the caller's customer."""
    Tenant.objects.filter(pk=tenant.pk).update(contact_months=1)
    call = Call(tenant)
    take_facts([call.arrived()])
    look_up = customers.sole_customers_by_index

    def meanwhile(indexes: Any) -> Any:
        run_to_the_end(timezone.now() + timedelta(days=40))
        return look_up(indexes)

    monkeypatch.setattr(customers, "sole_customers_by_index", meanwhile)
    take_facts([call.arrived(), call.step("collect", "310101199001011234")])
    assert (stored(call).caller, stored(call).caller_index) == ("", "")
    assert "310101199001011234" not in everything_told(tenant)


def test_a_contact_of_many_steps_is_emptied_in_portions(tenant: Tenant) -> None:
    Tenant.objects.filter(pk=tenant.pk).update(contact_months=1)
    call = Call(tenant)
    take_facts([call.arrived(), *(call.step("collect", str(number)) for number in range(25))])
    assert run_to_the_end(timezone.now() + timedelta(days=40), limit=10) == [10, 10, 6]
    with tenant_scope(tenant.pk):
        assert set(map(str, TimelineEvent.objects.filter(kind="flow_step").values_list("detail", flat=True))) == {"{}"}
    counts = [line.details["count"] for line in AuditEntry.objects.filter(action="contact.anonymised").order_by("id")]
    assert counts == [0, 0, 1]


def test_callers_of_refused_calls_are_forgotten_too(tenant: Tenant) -> None:
    Tenant.objects.filter(pk=tenant.pk).update(contact_months=1)
    refused = {
        "at_ms": ARRIVED_MS,
        "contact_id": new_id(),
        "node_id": "node-1",
        "called_address": "962999",
        "caller_address": "13900000001",
        "cause": "broken_rule",
    }
    owned, nobodys = ({"fact_id": new_id(), "tenant_id": one} for one in (str(tenant.pk), ""))
    take_facts([CallRefused(**refused, **owned), CallRefused(**refused, **nobodys)])
    assert run_to_the_end(timezone.now()) == [1]
    assert set(RefusedCall.objects.values_list("tenant_id", "caller")) == {(tenant.pk, ""), (None, "+8613900000001")}
