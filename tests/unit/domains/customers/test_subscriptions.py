"""Products under one account (GZ-04): added, corrected and ended at the desk, and what of them a call is about."""

import importlib
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.test import Client

from hotline.domains.customers import actions, queries
from hotline.domains.customers.models import Subscription
from hotline.domains.customers.rules import MOST_SUBSCRIPTIONS, Product, product_of
from hotline.foundation.actors import Actor
from hotline.foundation.errors import InvalidInputError
from hotline.foundation.models import AuditEntry, Tenant
from hotline.foundation.tenancy import MIGRATION, tenant_scope, without_scope
from hotline.kernel.ids import new_id
from tests.factories.customers import CALLER, make_customer
from tests.factories.foundation import client_of, make_tenant, make_user

pytestmark = pytest.mark.django_db
JSON = "application/json"
TODAY = date(2026, 3, 2)
FIVE = ("mobile_3g", "adsl", "fixed_line", "phs", "card")


@pytest.fixture
def tenant() -> Tenant:
    return make_tenant()


@pytest.fixture
def agent(tenant: Tenant) -> Client:
    return client_of(make_user(tenant=tenant, role="agent"))


def add(client: Client, customer: UUID, **values: Any) -> Any:
    return client.post(f"/api/v1/customers/{customer}/subscriptions", values, content_type=JSON)


def change(client: Client, customer: UUID, subscription: str, version: int = 1, **values: Any) -> Any:
    url = f"/api/v1/customers/{customer}/subscriptions/{subscription}"
    return client.patch(url, {"version": version, **values}, content_type=JSON)


def products(client: Client, customer: UUID) -> list[dict[str, Any]]:
    told: list[dict[str, Any]] = client.get(f"/api/v1/customers/{customer}").json()["subscriptions"]
    return told


def looked_up(tenant: Tenant, caller: str = CALLER) -> dict[str, str]:
    return queries.look_up(tenant.pk, caller, TODAY).attributes


def test_an_account_has_five_products_in_the_order_in_which_they_came(tenant: Tenant, agent: Client) -> None:
    customer = make_customer(tenant)
    for line in FIVE:
        assert add(agent, customer, product_line=line, label=f"my {line}").status_code == 201
    assert [(held["product_line"], held["label"]) for held in products(agent, customer)] == [
        (line, f"my {line}") for line in FIVE
    ]
    lines = AuditEntry.objects.filter(action="customer.subscription_added", object_id=str(customer))
    assert {line.details["values"]["product_line"] for line in lines} == set(FIVE)


def test_a_product_that_is_sent_twice_under_one_key_is_there_once(tenant: Tenant, agent: Client) -> None:
    customer = make_customer(tenant)
    url, key = f"/api/v1/customers/{customer}/subscriptions", {"Idempotency-Key": new_id()}
    first = agent.post(url, {"product_line": "adsl"}, content_type=JSON, headers=key)
    assert agent.post(url, {"product_line": "adsl"}, content_type=JSON, headers=key).json() == first.json()
    assert len(products(agent, customer)) == 1


def test_a_product_ends_and_begins_again_and_another_version_is_refused(tenant: Tenant, agent: Client) -> None:
    customer = make_customer(tenant, subscriptions=[{"product_line": "mobile", "valid_from": "2026-01-01"}])
    (held,) = products(agent, customer)
    ended = change(agent, customer, held["id"], valid_to="2026-03-01").json()["subscriptions"]
    assert (ended[0]["valid_from"], ended[0]["valid_to"]) == ("2026-01-01", "2026-03-01")
    assert "product_line" not in looked_up(tenant)
    assert change(agent, customer, held["id"], valid_to=None).status_code == 409
    assert change(agent, customer, held["id"], 2, valid_to=None, label="work").status_code == 200
    assert looked_up(tenant)["product_line"] == "mobile"
    entry = AuditEntry.objects.filter(action="customer.subscription_changed").last()
    assert entry is not None
    assert entry.details["difference"] == {"label": ["", "work"], "valid_to": ["2026-03-01", None]}


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"product_line": "steam"}, "customer.attribute_unknown"),
        ({"product_line": "mobile", "brand": "nobrand"}, "customer.attribute_unknown"),
        ({"product_line": ""}, "request.invalid"),
        (
            {"product_line": "mobile", "valid_from": "2026-03-02", "valid_to": "2026-03-01"},
            "subscription.days_reversed",
        ),
    ],
)
def test_what_cannot_be_a_product_is_refused(tenant: Tenant, agent: Client, values: dict[str, str], code: str) -> None:
    customer = make_customer(tenant)
    answer = add(agent, customer, **values)
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert products(agent, customer) == []


def test_a_line_that_has_left_the_list_stays_and_is_not_taken_anew(tenant: Tenant, agent: Client) -> None:
    customer = make_customer(tenant, product_line="of_old")
    (held,) = products(agent, customer)
    assert change(agent, customer, held["id"], product_line="of_old", label="kept").status_code == 200
    assert change(agent, customer, held["id"], 2, product_line="steam").status_code == 422


def test_there_is_a_limit_to_the_products_of_one_customer(tenant: Tenant, agent: Client) -> None:
    customer = make_customer(tenant)
    with tenant_scope(tenant.pk):
        Subscription.objects.bulk_create(
            Subscription(tenant=tenant, customer_id=customer, product_line="mobile") for _ in range(MOST_SUBSCRIPTIONS)
        )
    assert add(agent, customer, product_line="adsl").json()["code"] == "subscription.too_many"


def test_the_number_of_a_product_is_masked_sealed_and_told_once_with_a_reason(tenant: Tenant, agent: Client) -> None:
    customer = make_customer(tenant)
    subscription = add(agent, customer, product_line="adsl", service_number="ad-hz-88213001").json()["id"]
    assert products(agent, customer)[0]["service_number"] == "ad-****3001"
    found = agent.get("/api/v1/customers", {"search": "ad-hz-88213001"}).json()["items"]
    assert [one["id"] for one in found] == [str(customer)]
    assert agent.get("/api/v1/customers", {"search": "88213001"}).json()["items"] == []
    assert "88213001" not in str(list(AuditEntry.objects.values_list("details", flat=True)))
    with tenant_scope(tenant.pk), connection.cursor() as cursor:
        cursor.execute("SELECT service_number FROM customers_subscription")
        assert "8821" not in cursor.fetchone()[0]
    url = f"/api/v1/customers/{customer}/subscriptions/{subscription}/reveal"
    supervisor = client_of(make_user(tenant=tenant, role="supervisor"))
    assert supervisor.post(url, {"reason": " "}, content_type=JSON).status_code == 422
    assert supervisor.post(url, {"reason": "fault"}, content_type=JSON).json() == {"number": "ad-hz-88213001"}
    assert AuditEntry.objects.filter(action="customer.subscription_revealed", object_id=subscription).count() == 1
    assert agent.post(url, {"reason": "fault"}, content_type=JSON).status_code == 403


def test_another_tenants_products_are_out_of_reach(tenant: Tenant, agent: Client) -> None:
    customer = make_customer(tenant)
    subscription = add(agent, customer, product_line="adsl", service_number=CALLER).json()["id"]
    stranger = client_of(make_user(tenant=make_tenant(), role="agent"))
    assert add(stranger, customer, product_line="adsl").status_code == 404
    assert change(stranger, customer, subscription, label="mine").status_code == 404
    url = f"/api/v1/customers/{customer}/subscriptions/{subscription}/reveal"
    foreign = client_of(make_user(tenant=make_tenant(), role="supervisor"))
    assert foreign.post(url, {"reason": "mine"}, content_type=JSON).status_code == 404
    assert change(agent, make_customer(tenant), subscription, label="other customer").status_code == 404
    handler = client_of(make_user(tenant=tenant, role="department_handler"))
    assert add(handler, customer, product_line="adsl").status_code == 403


@pytest.mark.parametrize(
    ("held", "expected"),
    [
        ([], ("", "")),
        ([Product("mobile", "gotone", False)], ("mobile", "gotone")),
        ([Product("mobile", "gotone", False), Product("mobile", "mzone", False)], ("mobile", "")),
        ([Product("mobile", "gotone", False), Product("adsl", "gotone", False)], ("", "gotone")),
        ([Product("mobile", "gotone", True), Product("adsl", "", False)], ("mobile", "gotone")),
        ([Product("mobile", "gotone", True), Product("adsl", "", True)], ("", "")),
    ],
)
def test_a_call_is_about_what_its_number_says_or_all_products_share(
    held: list[Product], expected: tuple[str, str]
) -> None:
    assert product_of(held) == expected


def test_the_only_product_of_a_day_steers_several_leave_it_open_and_the_calling_number_says(tenant: Tenant) -> None:
    ended = {"product_line": "phs", "valid_to": "2026-03-01"}
    coming = {"product_line": "card", "valid_from": "2026-03-03"}
    mobile = {"product_line": "mobile", "brand": "gotone", "valid_from": "2026-03-02", "valid_to": "2026-03-02"}
    make_customer(tenant, brand="own", subscriptions=[ended, coming, mobile])
    assert looked_up(tenant) == {"product_line": "mobile", "brand": "gotone", "value_grade": "standard"}
    phones = [{"number": "13900000002"}, {"number": "02163000018"}]
    adsl = {"product_line": "adsl", "service_number": "021-6300 0018"}
    make_customer(tenant, phones=phones, subscriptions=[mobile, adsl], service_language="yue")
    assert looked_up(tenant, "13900000002") == {"service_language": "yue", "value_grade": "standard"}
    assert looked_up(tenant, "02163000018")["product_line"] == "adsl"


def test_who_calls_from_a_products_number_is_known_by_it_while_it_lasts(tenant: Tenant) -> None:
    adsl = {"product_line": "adsl", "service_number": "02163000018", "valid_to": "2026-03-02"}
    customer = make_customer(tenant, subscriptions=[adsl, {"product_line": "mobile"}])
    assert queries.look_up(tenant.pk, "02163000018", TODAY).customer_id == str(customer)
    assert looked_up(tenant, "02163000018")["product_line"] == "adsl"
    assert queries.look_up(tenant.pk, "02163000018", date(2026, 3, 3)) == queries.NOBODY
    assert queries.look_up(make_tenant().pk, "02163000018", TODAY) == queries.NOBODY
    with tenant_scope(tenant.pk):
        assert [one.id for one in queries.candidates(tenant.pk, "02163000018")] == [customer]
    make_customer(tenant, phones=[{"number": "02163000018"}])  # shared: nobody is meant
    assert queries.look_up(tenant.pk, "02163000018", TODAY) == queries.NOBODY


def test_products_are_imported_with_their_customer(tenant: Tenant) -> None:
    actor = Actor.system("test", [tenant.pk])
    rows = [
        {"number": "A", "name": "A", "product_line": "mobile"},
        {"number": "B", "name": "B", "subscriptions": [{"product_line": line} for line in FIVE]},
    ]
    assert actions.import_customers(actor, rows).created == 2
    with tenant_scope(tenant.pk):
        kept = Subscription.objects.order_by("customer__number", "position")
        assert list(kept.values_list("customer__number", "product_line", "position")) == [
            ("A", "mobile", 0), *(("B", line, position) for position, line in enumerate(FIVE)),
        ]  # fmt: skip
    both = {"number": "C", "name": "C", "product_line": "mobile", "subscriptions": [{"product_line": "adsl"}]}
    with pytest.raises(InvalidInputError):
        actions.import_customers(actor, [both])


@pytest.mark.skipif(settings.HOTLINE.is_postgresql, reason="only the owner of the table may add the former column")
def test_the_line_that_a_customer_had_becomes_a_product_and_is_given_back(tenant: Tenant) -> None:
    name = "0005_product_lines_as_subscriptions"
    step = importlib.import_module(f"hotline.domains.customers.migrations.{name}").Migration.operations[0]
    old = MigrationLoader(None).project_state(("customers", "0004_subscriptions")).apps
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE customers_customer ADD COLUMN product_line varchar(32) DEFAULT '' NOT NULL")
    had, none = make_customer(tenant), make_customer(tenant)
    with without_scope(MIGRATION):
        old.get_model("customers", "Customer").objects.filter(pk=had).update(product_line="adsl")
        step.code(old, None)
        kept = Subscription.objects.values_list("tenant", "customer", "product_line", "valid_from", "valid_to")
        assert list(kept) == [(tenant.pk, had, "adsl", None, None)]
        Subscription.objects.create(tenant=tenant, customer_id=none, product_line="phs", valid_to=TODAY)
        Subscription.objects.create(tenant=tenant, customer_id=none, product_line="card", position=1)
        step.reverse_code(old, None)
        lines = dict(old.get_model("customers", "Customer").objects.values_list("pk", "product_line"))
    assert lines == {had: "adsl", none: "card"}
