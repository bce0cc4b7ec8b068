"""What a flow learns of a calling number, and whom it asks for first: the account's manager, else the last agent."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from hotline.domains.contacts import look_ups, rules
from hotline.domains.contacts.models import Contact, TimelineEvent
from hotline.domains.customers.numbers import number_index
from hotline.foundation.models import Tenant
from hotline.foundation.tenancy import tenant_scope
from hotline.kernel.ids import new_id
from tests.factories.customers import CALLER, make_agent, make_customer
from tests.factories.foundation import client_of, make_tenant, make_user
from tests.factories.key_accounts import make_key_account

pytestmark = pytest.mark.django_db
JSON = "application/json"
NOBODY = {"customer_id": None, "language": None, "segment": "unknown"}


@pytest.fixture
def tenant() -> Tenant:
    return make_tenant()


def look_up(tenant_id: UUID, caller: str | None) -> dict[str, Any]:
    """The answer, without what is empty."""
    header = settings.HOTLINE.secret("internal").hex()
    payload = {"tenant_id": str(tenant_id), "caller_address": caller, "called_address": "962740"}
    answer = Client(headers={"X-Hotline-Internal": header}).post("/internal/lookup", payload, content_type=JSON)
    assert answer.status_code == 200, answer.content
    return {name: value for name, value in answer.json().items() if value != ""}


def served(tenant: Tenant, customer_id: UUID, agent_id: UUID, days_ago: int) -> None:
    """A contact of the customer that this agent answered last."""
    with tenant_scope(tenant.pk):
        arrived_at = timezone.now() - timedelta(days=days_ago)
        Contact.objects.create(
            id=UUID(new_id()), tenant=tenant, arrived_at=arrived_at, customer_id=customer_id, last_agent_id=agent_id
        )


def test_look_up_tells_the_flow_who_has_the_number(tenant: Tenant) -> None:
    customer_id = make_customer(
        tenant, value_grade="gold", language="en", brand="gotone", province="32", is_vip=True, is_rural=True
    )
    assert look_up(tenant.pk, "+86 139-0000-0001") == {
        "customer_id": str(customer_id),
        "language": "en",
        "segment": "person.gold",
        "brand": "gotone",
        "region": "32",
        "value_grade": "gold",
        "vip": "yes",
        "rural": "yes",
    }


@pytest.mark.parametrize("caller", [None, "", "anonymous", "13900000099"])
def test_look_up_of_an_unknown_or_withheld_number_finds_nobody(tenant: Tenant, caller: str | None) -> None:
    make_customer(tenant)
    assert look_up(tenant.pk, caller) == NOBODY


def test_look_up_of_a_tenant_that_is_gone_finds_nobody() -> None:
    assert look_up(UUID(new_id()), CALLER) == NOBODY


def test_a_shared_number_means_none_of_its_owners(tenant: Tenant) -> None:
    make_customer(tenant)
    make_customer(tenant)
    assert look_up(tenant.pk, CALLER)["customer_id"] is None


def test_look_up_stays_within_the_tenant(tenant: Tenant) -> None:
    make_customer(make_tenant())
    assert look_up(tenant.pk, CALLER)["customer_id"] is None


def test_province_is_never_read_out_of_the_number(tenant: Tenant) -> None:
    make_customer(tenant, phones=[{"number": "02563000000", "label": "Nanjing"}])
    assert "region" not in look_up(tenant.pk, "02563000000")


def test_key_accounts_manager_goes_before_who_served_last(tenant: Tenant) -> None:
    customer_id, manager, other = make_customer(tenant), make_agent(tenant), make_agent(tenant)
    served(tenant, customer_id, other.pk, days_ago=1)
    found = look_up(tenant.pk, CALLER)
    assert (found["wanted_agent_id"], found["wanted_cause"]) == (str(other.pk), "last_agent")
    assert "key_account" not in found
    make_key_account(tenant, customer_id, manager, tier="a")
    found = look_up(tenant.pk, CALLER)
    assert (found["wanted_agent_id"], found["wanted_cause"]) == (str(manager.pk), "key_account")
    assert found["key_account"] == "a"


@pytest.mark.parametrize(
    ("valid_from", "valid_to", "is_valid"), [(-5, None, True), (0, 0, True), (-9, -1, False), (1, None, False)]
)
def test_key_account_counts_on_its_days(tenant: Tenant, valid_from: int, valid_to: int | None, is_valid: bool) -> None:
    today = look_ups.rules.local_day(timezone.now(), tenant.time_zone)
    days: dict[str, date | None] = {
        "valid_from": today + timedelta(days=valid_from),
        "valid_to": None if valid_to is None else today + timedelta(days=valid_to),
    }
    make_key_account(tenant, make_customer(tenant), make_agent(tenant), **days)
    assert ("wanted_agent_id" in look_up(tenant.pk, CALLER)) == is_valid


def test_who_served_too_long_ago_is_not_asked_for(tenant: Tenant) -> None:
    customer_id, agent = make_customer(tenant), make_agent(tenant)
    served(tenant, customer_id, agent.pk, days_ago=31)
    assert "wanted_agent_id" not in look_up(tenant.pk, CALLER)
    served(tenant, customer_id, agent.pk, days_ago=29)
    assert look_up(tenant.pk, CALLER)["wanted_agent_id"] == str(agent.pk)


@pytest.mark.parametrize(("days", "is_asked_for"), [(0, False), (28, False), (30, True), (60, True)])
def test_the_tenant_says_for_how_long_the_last_agent_is_asked_for(
    tenant: Tenant, days: int, is_asked_for: bool
) -> None:
    Tenant.objects.filter(pk=tenant.pk).update(last_agent_days=days)
    served(tenant, make_customer(tenant), make_agent(tenant).pk, days_ago=29)
    assert ("wanted_agent_id" in look_up(tenant.pk, CALLER)) == is_asked_for


def test_look_up_is_five_queries_at_most(tenant: Tenant) -> None:
    make_customer(tenant)
    with CaptureQueriesContext(connection) as captured:
        look_ups.look_up(tenant.pk, CALLER)
    assert len(captured) == 5


def test_look_up_is_for_the_centre_only(tenant: Tenant) -> None:
    agent = client_of(make_user(tenant=tenant, role="agent"))
    payload = {"tenant_id": str(tenant.pk), "caller_address": CALLER}
    assert agent.post("/internal/lookup", payload, content_type=JSON).status_code == 403


def promised_to(tenant: Tenant, caller: str, stage: str = "waiting", days_ago: int = 0) -> UUID:
    """A contact of this number to which a call-back is promised."""
    arrived_at = timezone.now() - timedelta(days=days_ago)
    contact_id = UUID(int=rules.lowest_id(arrived_at + timedelta(days=1)).int | UUID(new_id()).int % 2**80)
    with tenant_scope(tenant.pk):
        contact = Contact.objects.create(
            id=contact_id, tenant=tenant, arrived_at=arrived_at, caller_index=number_index(caller), stage=stage
        )
        TimelineEvent.objects.create(
            tenant=tenant, contact=contact, at=arrived_at, source="routing", kind="callback_promised"
        )
    return contact.pk


def test_a_call_back_that_is_promised_to_the_number_is_told(tenant: Tenant) -> None:
    contact_id = promised_to(tenant, CALLER)
    assert look_up(tenant.pk, "+86 139-0000-0001") == {**NOBODY, "pending_callback": str(contact_id)}
    assert look_up(tenant.pk, "13900000002") == NOBODY
    assert look_up(tenant.pk, None) == NOBODY
    assert look_up(make_tenant().pk, CALLER) == NOBODY


@pytest.mark.parametrize(("stage", "days_ago"), [("talking", 0), ("ended", 0), ("waiting", 30)])
def test_a_call_back_that_was_made_or_is_long_past_is_not_told(tenant: Tenant, stage: str, days_ago: int) -> None:
    promised_to(tenant, CALLER, stage, days_ago)
    assert look_up(tenant.pk, CALLER) == NOBODY


def test_who_waits_on_the_line_is_no_promise(tenant: Tenant) -> None:
    with tenant_scope(tenant.pk):
        Contact.objects.create(
            id=UUID(new_id()),
            tenant=tenant,
            arrived_at=timezone.now(),
            caller_index=number_index(CALLER),
            stage="waiting",
        )
    assert look_up(tenant.pk, CALLER) == NOBODY
