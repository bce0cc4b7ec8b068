"""Customers whom the platform failed, and calls that were not taken."""

from datetime import datetime

import pytest
from django.test import Client

from hotline.domains.contacts.fact_intake import take_facts
from hotline.foundation.models import Tenant
from hotline.kernel.clock import to_datetime
from hotline.kernel.ids import new_id
from hotline.messages.facts import CallRefused
from tests.factories.contacts import ARRIVED_MS, Call
from tests.factories.customers import make_agent
from tests.factories.foundation import client_of, make_tenant

pytestmark = pytest.mark.django_db
JSON = "application/json"


def test_call_backs_are_listed_and_done_once(tenant: Tenant, supervisor: Client) -> None:
    call = Call(tenant)
    take_facts([call.arrived(), call.cut_short(asked_at_ms=ARRIVED_MS + 500)])
    (item,) = supervisor.get("/api/v1/call-backs").json()["items"]
    assert (item["caller"], item["done_at"]) == ("139****0001", None)
    assert datetime.fromisoformat(item["asked_at"]) == to_datetime(ARRIVED_MS + 500)
    done = [
        supervisor.post(f"/api/v1/call-backs/{item['id']}/done", {"note": note}, content_type=JSON).json()
        for note in ("reached", "again")
    ]
    assert [answer["done_note"] for answer in done] == ["reached", "reached"]
    assert supervisor.get("/api/v1/call-backs").json()["items"] == []
    assert len(supervisor.get("/api/v1/call-backs", {"is_done": True}).json()["items"]) == 1


def test_refused_calls_are_listed_to_whom_they_concern(tenant: Tenant, supervisor: Client) -> None:
    for owner, called in (("", "962740999"), (str(tenant.pk), "962740")):
        take_facts([refused_call(owner, called)])
    own, nobodys = ("962740", "139****0001"), ("962740999", "139****0001")
    assert sorted(refused(supervisor)) == [own, nobodys]  # whose installation it is alone
    neighbour = client_of(make_agent(make_tenant(), role="supervisor").user)
    assert refused(supervisor) == [own]
    assert refused(neighbour) == []


def refused(client: Client) -> list[tuple[str, str]]:
    items = client.get("/api/v1/refused-calls").json()["items"]
    assert {item["node_id"] for item in items} <= {"node-1"}
    return [(item["called_address"], item["caller"]) for item in items]


def refused_call(tenant_id: str, called: str) -> CallRefused:
    return CallRefused(
        fact_id=new_id(),
        at_ms=ARRIVED_MS,
        contact_id=new_id(),
        tenant_id=tenant_id,
        node_id="node-1",
        called_address=called,
        caller_address="13900000001",
        cause="unknown_number",
    )
