"""Key accounts through HTTP: who looks after whom, reviews that are due, and the accounts' own report."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.utils import timezone

from hotline.domains.catalogue.queries import local_day
from hotline.domains.contacts.models import Contact, Interaction
from hotline.foundation.models import AuditEntry, Tenant
from hotline.foundation.tenancy import tenant_scope
from hotline.kernel.ids import new_id
from tests.factories.customers import make_agent, make_customer
from tests.factories.foundation import client_of, make_tenant, make_user
from tests.factories.key_accounts import make_key_account

pytestmark = pytest.mark.django_db
JSON = "application/json"
URL = "/api/v1/admin/key-accounts"
REPORT = "/api/v1/reports/key-accounts"


@pytest.fixture
def tenant() -> Tenant:
    return make_tenant()


@pytest.fixture
def admin(tenant: Tenant) -> Client:
    return client_of(make_user(tenant=tenant, role="administrator"))


def body(own_manager: UUID, **values: Any) -> dict[str, Any]:
    return {
        "customer_number": "SB-7",
        "manager_id": str(own_manager),
        "tier": "a",
        "valid_from": "2026-01-01",
        "review_due_on": "2026-12-01",
    } | values


def test_account_is_made_by_the_customers_number(tenant: Tenant, admin: Client) -> None:
    customer_id, manager = make_customer(tenant, number="SB-7", name="海港酒店"), make_agent(tenant)
    answer = admin.post(URL, body(manager.pk), content_type=JSON)
    assert answer.status_code == 201, answer.content
    made = answer.json()
    assert (made["customer_id"], made["customer_name"], made["tier"]) == (str(customer_id), "海港酒店", "a")
    again = admin.post(URL, body(manager.pk), content_type=JSON)
    assert again.status_code == 409


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"customer_number": "nobody"}, "customer.number_unknown"),
        ({"valid_to": "2025-12-31"}, "key_account.days_reversed"),
        ({"manager_id": new_id()}, "setup.unknown_reference"),
    ],
)
def test_account_that_cannot_be_says_why(tenant: Tenant, admin: Client, values: dict[str, Any], code: str) -> None:
    make_customer(tenant, number="SB-7")
    answer = admin.post(URL, body(make_agent(tenant).pk, **values), content_type=JSON)
    assert (answer.status_code, answer.json()["code"]) == (422, code)


def test_foreign_customers_number_is_unknown(admin: Client, tenant: Tenant) -> None:
    make_customer(make_tenant(), number="SB-7")
    answer = admin.post(URL, body(make_agent(tenant).pk), content_type=JSON)
    assert answer.json()["code"] == "customer.number_unknown"


def test_reviews_due_are_listed(tenant: Tenant, admin: Client) -> None:
    manager = make_agent(tenant)
    days = {"late": "2026-10-01", "soon": "2026-12-31", "later": "2027-06-01"}
    for name, day in days.items():
        make_key_account(tenant, make_customer(tenant, name=name), manager, review_due_on=day)
    make_key_account(
        tenant, make_customer(tenant, name="gone"), manager, review_due_on="2026-10-01", valid_to="2026-11-01"
    )
    answer = admin.get(URL, {"review_due_by": "2026-12-31"})
    assert {row["customer_name"] for row in answer.json()["items"]} == {"late", "soon"}


def call(tenant: Tenant, customer_id: UUID, agent_id: UUID | None, wait_ms: int = 4_000) -> None:
    with tenant_scope(tenant.pk):
        now = timezone.now() - timedelta(minutes=1)
        contact = Contact.objects.create(
            id=UUID(new_id()),
            tenant=tenant,
            arrived_at=now,
            asked_at=now,
            customer_id=customer_id,
            wait_ms=wait_ms,
            outcome="handled" if agent_id else "abandoned",
        )
        if agent_id:
            Interaction.objects.create(
                tenant=tenant, contact=contact, agent_id=agent_id, offer_id=UUID(new_id()), position=1, started_at=now
            )


def test_report_says_which_share_came_to_the_own_manager(tenant: Tenant) -> None:
    supervisor = client_of(make_user(tenant=tenant, role="supervisor"))
    manager, other = make_agent(tenant), make_agent(tenant)
    customer_id = make_customer(tenant, number="SB-1")
    make_key_account(tenant, customer_id, manager, tier="a")
    make_key_account(tenant, make_customer(tenant, number="SB-2"), other)
    for agent in (manager, manager, manager, other):
        call(tenant, customer_id, agent.pk)
    call(tenant, customer_id, None, wait_ms=90_000)
    call(tenant, make_customer(tenant), other.pk)  # no key account
    today = local_day(tenant.pk, timezone.now())
    asked = {"first_day": today - timedelta(days=1), "last_day": today}  # midnight may lie between the calls and now
    first, second = supervisor.get(REPORT, asked).json()["rows"]
    assert (first["asked"], first["answered"], first["abandoned"], first["answered_by_manager"]) == (5, 4, 1, 3)
    assert (first["own_share"], first["average_wait_s"]) == (0.75, 4.0)
    assert [row["answered"] for row in first["answered_by"]] == [3, 1]
    assert (second["asked"], second["own_share"], second["average_wait_s"]) == (0, None, None)
    assert AuditEntry.objects.filter(action="report.key_accounts_read").count() == 1


def test_second_tenant_sees_nothing_of_it(tenant: Tenant) -> None:
    make_key_account(tenant, make_customer(tenant), make_agent(tenant))
    stranger = client_of(make_user(tenant=make_tenant(), role="administrator"))
    assert stranger.get(REPORT).json()["rows"] == []
    assert stranger.get(URL).json()["items"] == []
