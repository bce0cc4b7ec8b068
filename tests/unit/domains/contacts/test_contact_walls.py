"""Walls between tenants: a second one is refused at every address of contacts, and its lists are empty."""

import json
from datetime import UTC, datetime
from string import Template
from typing import Any

import pytest
from django.test import Client

from hotline.domains.contacts.fact_intake import take_facts
from hotline.domains.contacts.models import Contact
from hotline.domains.people.models import Agent
from hotline.foundation.models import AuditEntry, Tenant
from hotline.foundation.tenancy import tenant_scope
from tests.factories.contacts import Call, make_recorded_contact
from tests.factories.customers import make_customer, make_disposition
from tests.factories.routing_log import ASKED_MS
from tests.unit.domains.contacts.reading import csv_rows, listed

pytestmark = pytest.mark.django_db
JSON = "application/json"


FOREIGN_ROUTES = [
    ("get", "contacts/{contact}", None, 404),
    ("post", "contacts/{contact}/caller/reveal", {"reason": "why not"}, 404),
    ("get", "contacts/{contact}/recordings/{recording}/audio?reason=x", None, 404),
    ("post", "call-backs/{call_back}/done", {"note": ""}, 404),
    ("post", "desk/contacts/{contact}/wrap-up", {"matters": [{"disposition_id": "$node"}]}, 404),
    ("put", "desk/contacts/{contact}/customer", {"customer_id": "$customer"}, 404),
    ("put", "desk/contacts/{contact}/drafts/note", {"text": "x"}, 404),
    ("get", "desk/contacts/{contact}", None, 404),
]


@pytest.mark.parametrize(("method", "path", "payload", "status"), FOREIGN_ROUTES)
def test_a_second_tenant_is_refused(
    tenant: Tenant, agent: Agent, stranger: Client, method: str, path: str, payload: Any, status: int
) -> None:
    contact_id, recording_id = make_recorded_contact(tenant, agent.pk)
    take_facts([Call(tenant, contact_id=contact_id).cut_short()])
    with tenant_scope(tenant.pk):
        call_back = Contact.objects.get(pk=contact_id).call_back.pk
    ids = {
        "contact": contact_id,
        "recording": recording_id,
        "call_back": call_back,
        "node": make_disposition(tenant).pk,
        "customer": make_customer(tenant),
    }
    url = "/api/v1/" + path.format(**ids)
    filled = None if payload is None else json.loads(Template(json.dumps(payload)).substitute(ids))
    send = getattr(stranger, method)
    answer = send(url) if filled is None else send(url, filled, content_type=JSON)
    assert answer.status_code == status, answer.content
    assert not AuditEntry.objects.filter(action__in=["recording.listened", "contact.caller_revealed"]).exists()


def test_lists_of_a_second_tenant_are_empty(tenant: Tenant, agent: Agent, stranger: Client) -> None:
    contact_id, _ = make_recorded_contact(tenant, agent.pk)
    take_facts([Call(tenant, contact_id=contact_id).cut_short()])
    assert listed(stranger) == []
    assert csv_rows(stranger) == []
    assert stranger.get("/api/v1/call-backs").json()["items"] == []
    day = datetime.fromtimestamp(ASKED_MS / 1000, UTC).date().isoformat()
    assert stranger.get("/api/v1/reports/intervals", {"date": day}).json()["queues"] == []
    assert stranger.get(f"/api/v1/desk/contacts/{contact_id}/drafts").json()["items"] == []
