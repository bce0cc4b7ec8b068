"""Contacts as a file: marked, free of formulas, whole, and only for those who may."""

import pytest
from django.test import Client

from hotline.domains.people.models import Agent
from hotline.foundation.models import AuditEntry, Tenant
from tests.factories.contacts import make_handled_contact
from tests.factories.customers import make_customer, make_queue
from tests.unit.domains.contacts.reading import csv_rows

pytestmark = pytest.mark.django_db
JSON = "application/json"


def test_export_says_what_is_simulated_and_cannot_carry_a_formula(
    tenant: Tenant, agent: Agent, supervisor: Client
) -> None:
    supervisor_user_language(supervisor)
    customer_id = make_customer(tenant, name='=HYPERLINK("x")')
    queue = make_queue(tenant)
    make_handled_contact(tenant, agent.pk, queue.pk, customer_id=str(customer_id), is_simulated=True)
    make_handled_contact(tenant, agent.pk, queue.pk)
    real, simulated = csv_rows(supervisor)
    assert (real["simulated"], simulated["simulated"]) == ("no", "yes")
    assert simulated["customer"] == '\'=HYPERLINK("x")'
    assert (real["wait s"], real["queue"], real["agent"]) == ("11.000", queue.name["en"], agent.user.name)
    assert AuditEntry.objects.filter(action="contact.exported", is_read=True).count() == 1


def supervisor_user_language(client: Client) -> None:
    client.patch("/api/v1/me/preferences", {"language": "en"}, content_type=JSON)


def test_export_goes_on_past_its_page(
    tenant: Tenant, agent: Agent, supervisor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hotline.domains.contacts.export.PAGE", 2)
    made = [make_handled_contact(tenant, agent.pk).contact_id for _ in range(5)]
    supervisor_user_language(supervisor)
    assert [row["contact"] for row in csv_rows(supervisor)] == made[::-1]


def test_export_needs_its_own_right(desk: Client) -> None:
    assert desk.get("/api/v1/contacts.csv").status_code == 403
