"""Customers through HTTP: found, made, changed, revealed; a second tenant sees nothing of them."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client

from hotline.domains.customers import actions
from hotline.foundation.actors import Actor
from hotline.foundation.errors import InvalidInputError
from hotline.foundation.models import AuditEntry, Tenant
from hotline.foundation.tenancy import tenant_scope
from tests.factories.customers import CALLER, make_customer
from tests.factories.foundation import client_of, make_tenant, make_user

pytestmark = pytest.mark.django_db
JSON = "application/json"


@pytest.fixture
def tenant() -> Tenant:
    return make_tenant()


@pytest.fixture
def agent(tenant: Tenant) -> Client:
    return client_of(make_user(tenant=tenant, role="agent"))


@pytest.fixture
def supervisor(tenant: Tenant) -> Client:
    return client_of(make_user(tenant=tenant, role="supervisor"))


def found_names(client: Client, text: str) -> list[str]:
    answer = client.get("/api/v1/customers", {"search": text})
    assert answer.status_code == 200, answer.content
    return [item["name"] for item in answer.json()["items"]]


@pytest.mark.parametrize(
    "text", ["陈玉", "江路12号", "88213", "139 0000 0001", "+8613900000001", "SB-000007", "sb-000007", "8821"]
)
def test_customer_is_found_by_name_address_meter_phone_and_number(tenant: Tenant, agent: Client, text: str) -> None:
    addresses = [{"text": "江路12号3-402", "meters": ["88213"]}]
    make_customer(tenant, name="陈玉", number="SB-000007", addresses=addresses)
    make_customer(tenant, name="赵磊", phones=[{"number": "13900000002"}], addresses=[])
    assert found_names(agent, text) == ["陈玉"]


def test_search_of_one_character_says_what_to_do(agent: Client) -> None:
    answer = agent.get("/api/v1/customers", {"search": "陈"})
    assert (answer.status_code, answer.json()["code"]) == (422, "customer.search_too_short")


def test_quick_create_gives_the_next_number_and_masks_the_phone(agent: Client) -> None:
    payload = {"name": " 赵磊 ", "phones": [{"number": CALLER}], "addresses": [{"text": "海路1号"}]}
    first = agent.post("/api/v1/customers", payload, content_type=JSON)
    second = agent.post("/api/v1/customers", {"name": "王芳"}, content_type=JSON)
    assert (first.status_code, first.json()["number"], second.json()["number"]) == (201, "C-000001", "C-000002")
    assert first.json()["name"] == "赵磊"
    assert first.json()["phones"][0]["masked"] == "139****0001"


def test_a_taken_number_is_refused_and_nothing_is_half_written(tenant: Tenant, agent: Client) -> None:
    make_customer(tenant, number="SB-1")
    answer = agent.post("/api/v1/customers", {"name": "赵磊", "number": "SB-1"}, content_type=JSON)
    assert (answer.status_code, answer.json()["code"]) == (409, "customer.number_taken")
    assert found_names(agent, "赵磊") == []


def test_what_is_not_a_phone_number_is_refused(agent: Client) -> None:
    answer = agent.post("/api/v1/customers", {"name": "赵磊", "phones": [{"number": "abc"}]}, content_type=JSON)
    assert (answer.status_code, answer.json()["code"]) == (422, "phone.invalid")


def test_change_needs_the_version_that_was_read(tenant: Tenant, agent: Client) -> None:
    url = f"/api/v1/customers/{make_customer(tenant)}"
    changed = agent.patch(url, {"version": 1, "value_grade": "gold"}, content_type=JSON)
    stale = agent.patch(url, {"version": 1, "value_grade": "silver"}, content_type=JSON)
    assert (changed.json()["value_grade"], changed.json()["version"]) == ("gold", 2)
    assert (stale.status_code, stale.json()["code"]) == (409, "object.stale")


def test_the_same_phone_twice_is_one_phone(tenant: Tenant, agent: Client) -> None:
    url = f"/api/v1/customers/{make_customer(tenant)}"
    ids = {
        agent.post(f"{url}/phones", {"number": text}, content_type=JSON).json()["id"]
        for text in (CALLER, "+8613900000001")
    }
    assert len(ids) == 1
    assert len(agent.get(url).json()["phones"]) == 1


def test_consent_is_kept_with_its_time(tenant: Tenant, agent: Client) -> None:
    url = f"/api/v1/customers/{make_customer(tenant)}"
    answer = agent.put(f"{url}/consents", {"kind": "recommendations", "is_given": False}, content_type=JSON)
    assert [(c["kind"], c["is_given"]) for c in answer.json()["consents"]] == [
        ("recommendations", False),
        ("sms", True),
    ]
    answer = agent.put(f"{url}/consents", {"kind": "sms", "is_given": False}, content_type=JSON)
    assert [c["is_given"] for c in answer.json()["consents"]] == [False, False]


def test_revealing_a_phone_needs_the_right_and_a_reason_and_is_audited(
    tenant: Tenant, agent: Client, supervisor: Client
) -> None:
    url = f"/api/v1/customers/{make_customer(tenant)}"
    reveal = f"{url}/phones/{agent.get(url).json()['phones'][0]['id']}/reveal"
    assert agent.post(reveal, {"reason": "curious"}, content_type=JSON).status_code == 403
    assert (
        supervisor.post(reveal, {"reason": " "}, content_type=JSON).json()["code"] == "customer.reveal_reason_missing"
    )
    answer = supervisor.post(reveal, {"reason": "call back"}, content_type=JSON)
    assert answer.json() == {"number": "+8613900000001"}
    (entry,) = AuditEntry.objects.filter(action="customer.phone_revealed")
    assert (entry.is_read, entry.details["reason"]) == (True, "call back")


def test_numbers_cannot_be_read_in_the_database(tenant: Tenant) -> None:
    make_customer(tenant)
    with tenant_scope(tenant.pk), connection.cursor() as cursor:
        cursor.execute("SELECT number, number_index FROM customers_customerphone")
        assert "13900000001" not in repr(cursor.fetchall())


FOREIGN_ROUTES = [
    ("get", "", None),
    ("patch", "", {"version": 1, "name": "x"}),
    ("post", "/phones", {"number": CALLER}),
    ("put", "/consents", {"kind": "sms", "is_given": True}),
    ("post", "/phones/{phone}/reveal", {"reason": "why not"}),
]


@pytest.mark.parametrize(("method", "path", "payload"), FOREIGN_ROUTES)
def test_a_second_tenant_is_refused(
    tenant: Tenant, supervisor: Client, method: str, path: str, payload: dict[str, Any] | None
) -> None:
    url = f"/api/v1/customers/{make_customer(tenant)}"
    before = supervisor.get(url).json()
    stranger = client_of(make_user(tenant=make_tenant(), role="supervisor"))
    send = getattr(stranger, method)
    target = url + path.format(phone=before["phones"][0]["id"])
    answer = send(target) if payload is None else send(target, payload, content_type=JSON)
    assert (answer.status_code, answer.json()["code"]) == (404, "object.not_found")
    assert found_names(stranger, "江路") == []
    assert supervisor.get(url).json() == before


def test_a_customer_cannot_be_made_in_a_foreign_tenant(agent: Client) -> None:
    payload = {"name": "赵磊", "tenant_id": str(make_tenant().pk)}
    assert agent.post("/api/v1/customers", payload, content_type=JSON).status_code == 403


def test_import_is_repeatable(tenant: Tenant) -> None:
    rows = [
        {"number": f"SB-{n:03d}", "name": f"客户{n}", "phones": [{"number": f"139000001{n:02d}"}]} for n in range(90)
    ]
    actor = Actor.system("example", [tenant.pk])
    assert actions.import_customers(actor, rows) == actions.Imported(created=90, known=0)
    assert actions.import_customers(actor, rows) == actions.Imported(created=0, known=90)


def test_import_names_the_row_that_cannot_be_read(tenant: Tenant) -> None:
    rows = [{"number": "SB-1", "name": "客户"}, {"number": "SB-2"}]
    with pytest.raises(InvalidInputError, match="row 2, name"):
        actions.import_customers(Actor.system("example", [tenant.pk]), rows)
