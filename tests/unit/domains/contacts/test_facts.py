"""Facts of the nodes: each stored once, in any order, in few queries; refused calls are kept too."""

from itertools import permutations
from typing import Any
from uuid import UUID

import msgspec
import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from hotline.domains.contacts.fact_intake import take_facts
from hotline.domains.contacts.models import CallBackNeeded, Contact, Recording, RefusedCall, TimelineEvent
from hotline.domains.customers.numbers import number_index
from hotline.foundation.models import Tenant
from hotline.foundation.tenancy import tenant_scope
from hotline.kernel.clock import to_datetime
from hotline.kernel.ids import new_id
from hotline.messages import facts
from tests.factories.contacts import ARRIVED_MS, Call, project, stored
from tests.factories.customers import CALLER, make_customer
from tests.factories.foundation import make_tenant
from tests.factories.routing_log import Road, answered_call

pytestmark = pytest.mark.django_db


@pytest.fixture
def tenant() -> Tenant:
    return make_tenant()


def post(body: bytes, secret: str | None = None) -> Any:
    client = Client(headers={"X-Hotline-Internal": secret or settings.HOTLINE.secret("internal").hex()})
    return client.post("/internal/facts", body, content_type="application/json")


def test_facts_are_accepted_by_id_and_make_the_contact(tenant: Tenant) -> None:
    customer_id = make_customer(tenant)
    call = Call(tenant)
    told = [call.arrived(), call.step("menu", "1"), call.left("contained")]
    answer = post(msgspec.json.encode(told))
    assert answer.json() == {"accepted": [fact.fact_id for fact in told]}
    contact = stored(call)
    assert (contact.outcome, contact.stage, contact.is_simulated) == ("contained", "ended", False)
    assert (contact.arrived_at, contact.ended_at) == (to_datetime(ARRIVED_MS), to_datetime(ARRIVED_MS + 9_000))
    assert (contact.customer_id, contact.caller) == (customer_id, "+8613900000001")
    assert contact.caller_index == number_index(CALLER)
    with tenant_scope(tenant.pk):
        kinds = list(TimelineEvent.objects.order_by("at", "id").values_list("kind", flat=True))
    assert kinds == ["arrived", "flow_step", "left_flow"]


def test_the_same_facts_again_change_nothing(tenant: Tenant) -> None:
    call = Call(tenant)
    told = [call.arrived(), call.step("menu", "1"), call.recording(), call.cut_short()]
    take_facts(told)
    before = everything(tenant)
    take_facts(told)
    take_facts(list(reversed(told)))
    assert everything(tenant) == before


def everything(tenant: Tenant) -> list[list[dict[str, Any]]]:
    with tenant_scope(tenant.pk):
        return [
            list(model.objects.order_by("id").values(*columns(model)))
            for model in (Contact, TimelineEvent, Recording, CallBackNeeded)
        ]


def columns(model: Any) -> list[str]:
    volatile = {"created_at", "updated_at", *(["id"] if model is CallBackNeeded else [])}
    return [field.attname for field in model._meta.concrete_fields if field.attname not in volatile]


def test_facts_and_routing_events_end_alike_in_every_order(tenant: Tenant) -> None:
    customer_id = make_customer(tenant)
    outcomes = []
    for order in permutations(["arrived", "left", "recording", "routing"]):
        call = Call(tenant)
        road = Road(contact_id=call.contact_id, tenant_id=str(tenant.pk), asked_ms=ARRIVED_MS + 9_000)
        for part in order:
            if part == "routing":
                project(answered_call(road))
            else:
                take_facts([{"arrived": call.arrived, "left": call.left, "recording": call.recording}[part]()])
        row = stored(call)
        outcomes.append(
            (
                row.outcome,
                row.stage,
                row.arrived_at,
                row.asked_at,
                row.answered_at,
                row.ended_at,
                row.customer_id,
                row.caller,
                row.language,
                row.flow_version,
                row.talk_ms,
            )
        )
    assert len(set(outcomes)) == 1
    assert outcomes[0][:2] == ("handled", "ended")
    assert customer_id in outcomes[0]


def test_a_contact_in_routing_does_not_end_by_a_late_fact(tenant: Tenant) -> None:
    call = Call(tenant)
    road = Road(contact_id=call.contact_id, tenant_id=str(tenant.pk))
    project([road.queued()])
    take_facts([call.left("contained")])
    assert (stored(call).stage, stored(call).outcome) == ("waiting", "")


def test_a_call_cut_short_is_listed_once_with_its_wait_clock(tenant: Tenant) -> None:
    call = Call(tenant)
    take_facts([call.arrived(), call.cut_short(asked_at_ms=ARRIVED_MS + 500), call.cut_short(ARRIVED_MS + 500)])
    with tenant_scope(tenant.pk):
        (row,) = CallBackNeeded.objects.all()
    assert row.asked_at == to_datetime(ARRIVED_MS + 500)


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_a_call_cut_short_in_the_flow_ends_as_platform_failure(tenant: Tenant, order: tuple[int, int]) -> None:
    call = Call(tenant)
    told = [call.cut_short(), call.left("failed", "platform_failure")]
    take_facts([call.arrived(), *(told[place] for place in order)])
    assert (stored(call).outcome, stored(call).stage) == ("platform_failure", "ended")


def test_a_refused_call_is_kept_without_tenant_and_its_caller_is_sealed() -> None:
    refused = facts.CallRefused(
        fact_id=new_id(),
        at_ms=ARRIVED_MS,
        contact_id=new_id(),
        tenant_id="",
        node_id="node-1",
        called_address="sip:\x00nobody",
        caller_address=CALLER,
        cause="unknown_number",
    )
    take_facts([refused])
    take_facts([refused])
    (row,) = RefusedCall.objects.all()
    assert (row.called_address, row.cause, row.caller) == ("sip:nobody", "unknown_number", "+8613900000001")
    with connection.cursor() as cursor:
        cursor.execute("SELECT caller FROM contacts_refusedcall")
        assert "13900000001" not in cursor.fetchone()[0]


@pytest.mark.parametrize("caller", [None, "", "anonymous", "sip:alice@example.invalid", "+" * 500, "\x00139"])
def test_odd_callers_are_taken_as_they_come(tenant: Tenant, caller: str | None) -> None:
    call = Call(tenant)
    take_facts([call.arrived(caller=caller)])
    assert stored(call).customer_id is None


def test_a_fact_of_an_unknown_tenant_or_with_broken_ids_stops_nobody_else(tenant: Tenant) -> None:
    call, stranger, broken = Call(tenant), Call(tenant, tenant_id=new_id()), Call(tenant, contact_id="no-id")
    told = [stranger.arrived(), broken.arrived(), call.arrived()]
    assert take_facts(told) == [fact.fact_id for fact in told]
    assert stored(call).arrived_at == to_datetime(ARRIVED_MS)


@pytest.mark.parametrize("body", [b"", b"{}", b'[{"type":"Unknown"}]', b"[1]", b'[{"type":"ContactArrived"}]'])
def test_what_is_no_list_of_facts_is_refused(body: bytes) -> None:
    answer = post(body)
    assert (answer.status_code, answer.json()["code"]) == (422, "contact.facts_invalid")


def test_facts_are_for_the_centre_only() -> None:
    assert post(b"[]", secret="00" * 32).status_code == 403


def test_the_number_of_queries_does_not_grow_with_the_batch(tenant: Tenant) -> None:
    def queries_for(calls: int) -> int:
        told = [fact for _ in range(calls) for fact in Call(tenant).everything()]
        with CaptureQueriesContext(connection) as captured:
            take_facts(told)
        # SQLite takes at most 999 values per statement, so that one insert may be several of the same kind.
        return len({query["sql"][:40] for query in captured})

    assert queries_for(30) <= queries_for(2)


def test_a_long_batch_is_stored_in_pieces(tenant: Tenant) -> None:
    calls = [Call(tenant) for _ in range(501)]
    take_facts([call.arrived() for call in calls])
    with tenant_scope(tenant.pk):
        assert Contact.objects.filter(id__in=[UUID(call.contact_id) for call in calls]).count() == 501
