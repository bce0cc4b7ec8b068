"""What steers whom a customer comes to, changed at the desk: from the lists only, once, audited, within the tenant."""

from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from hotline.domains.customers.models import Customer
from hotline.foundation.models import AuditEntry, Tenant
from hotline.foundation.tenancy import tenant_scope
from tests.factories.customers import make_customer
from tests.factories.foundation import client_of, make_tenant, make_user

pytestmark = pytest.mark.django_db
JSON = "application/json"
BRAND = {"kind": "brand", "code": "gotone", "name": {"zh": "全球通", "en": "GoTone"}}
DIAMOND = {"kind": "value_grade", "code": "diamond", "name": {"zh": "钻石卡", "en": "Diamond"}}


@pytest.fixture
def tenant() -> Tenant:
    return make_tenant()


@pytest.fixture
def agent(tenant: Tenant) -> Client:
    admin = client_of(make_user(tenant=tenant))
    for value in (BRAND, DIAMOND):
        assert admin.post("/api/v1/admin/attribute-values", value, content_type=JSON).status_code == 201
    return client_of(make_user(tenant=tenant, role="agent"))


def change(client: Client, customer: UUID, version: int = 1, **values: Any) -> Any:
    return client.patch(f"/api/v1/customers/{customer}", {"version": version, **values}, content_type=JSON)


def test_everything_that_routing_reads_is_changed_at_once_and_audited(tenant: Tenant, agent: Client) -> None:
    customer = make_customer(tenant)
    wanted = {
        "province": "50", "brand": "gotone", "language": "en", "service_language": "ug", "value_grade": "diamond",
        "is_vip": True, "is_rural": True,
    }  # fmt: skip
    told = change(agent, customer, **wanted).json()
    assert {name: told[name] for name in wanted} == wanted
    assert told["version"] == 2
    line = AuditEntry.objects.get(action="customer.changed", object_id=str(customer))
    assert line.details["difference"]["province"] == ["", "50"]
    assert line.details["difference"]["is_vip"] == [False, True]
    assert change(agent, customer, province="11").status_code == 409
    assert change(agent, customer, 2, brand="", service_language="").json()["brand"] == ""


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"brand": "nobrand"}, "customer.attribute_unknown"),
        ({"value_grade": "wooden"}, "customer.attribute_unknown"),
        ({"province": "99"}, "request.invalid"),
        ({"language": "xx"}, "request.invalid"),
        ({"service_language": "xx"}, "request.invalid"),
    ],
)
def test_what_is_in_no_list_is_refused(tenant: Tenant, agent: Client, values: dict[str, str], code: str) -> None:
    customer = make_customer(tenant)
    answer = change(agent, customer, **values)
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    with tenant_scope(tenant.pk):
        assert Customer.objects.get(pk=customer).version == 1


def test_what_stands_there_stays_though_it_has_left_the_list(tenant: Tenant, agent: Client) -> None:
    customer = make_customer(tenant, brand="of_old")
    assert change(agent, customer, brand="of_old", is_vip=True).json()["is_vip"] is True


def test_the_choices_are_the_tenants_own_and_the_standard_ones(tenant: Tenant, agent: Client) -> None:
    choices = agent.get("/api/v1/customers/steering-choices", {"tenant_id": str(tenant.pk)}).json()
    codes: dict[str, list[str]] = {}
    for choice in choices:
        codes.setdefault(choice["field"], []).append(choice["code"])
    assert codes["value_grade"] == ["standard", "silver", "gold", "platinum", "diamond"]
    assert (codes["brand"], len(codes["province"]), len(codes["product_line"])) == (["gotone"], 31, 8)
    assert (codes["service_language"][0], len(codes["service_language"])) == ("zh", 18)


def test_another_tenants_customer_and_lists_are_out_of_reach(tenant: Tenant, agent: Client) -> None:
    other = make_tenant()
    stranger = client_of(make_user(tenant=other, role="agent"))
    assert change(stranger, make_customer(tenant), is_vip=True).status_code == 404
    assert stranger.get("/api/v1/customers/steering-choices", {"tenant_id": str(tenant.pk)}).status_code == 403
    assert "gotone" not in stranger.get("/api/v1/customers/steering-choices").content.decode()
    handler = client_of(make_user(tenant=tenant, role="department_handler"))
    assert change(handler, make_customer(tenant, number="SB-2"), is_vip=True).status_code == 403
