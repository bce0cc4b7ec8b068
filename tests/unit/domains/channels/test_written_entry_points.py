"""Entry points of chats, web forms and short messages: what they need, what nodes hear, and a gateway's secret."""

from typing import Any

import pytest
from django.test import Client

from hotline.domains.channels import queries
from hotline.domains.channels.models import EntryPoint
from hotline.foundation.models import AuditEntry, Tenant
from hotline.foundation.tenancy import tenant_scope
from tests.factories.foundation import client_of, make_tenant, make_user
from tests.factories.setup import make_calendar, make_flow, make_queue

pytestmark = pytest.mark.django_db
JSON = "application/json"
PATH = "/api/v1/admin/entry-points"


@pytest.fixture
def tenant() -> Tenant:
    return make_tenant()


@pytest.fixture
def admin(tenant: Tenant) -> Client:
    return client_of(make_user(tenant=tenant))


def create(admin: Client, tenant: Tenant, **values: Any) -> Any:
    """Make an entry point; answers the response."""
    whole = {
        "name": {"zh": "在线咨询", "en": "Chat"},
        "address": "water-chat",
        "channel": "chat",
        "fallback_queue_id": str(make_queue(tenant)),
        **values,
    }
    return admin.post(PATH, {name: value for name, value in whole.items() if value is not None}, content_type=JSON)


@pytest.mark.parametrize(("channel", "address"), [("chat", "water-chat"), ("form", "water-form"), ("sms", "1069 0000")])
def test_what_comes_in_writing_needs_a_queue_and_no_flow(
    admin: Client, tenant: Tenant, channel: str, address: str
) -> None:
    made = create(admin, tenant, channel=channel, address=address, calendar_id=str(make_calendar(tenant)))
    assert made.status_code == 201, made.content
    assert (made.json()["flow_id"], made.json()["has_secret"]) == (None, False)
    assert queries.public_entry_point(channel, made.json()["address"]) is not None
    assert queries.current_node_configuration().entry_points == ()


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"fallback_queue_id": None}, "channels.queue_needed"),
        ({"address": "two words"}, "channels.public_key"),
        ({"address": "ab"}, "channels.public_key"),
        ({"channel": "voice", "address": "962740"}, "channels.flow_needed"),
        ({"channel": "sms", "address": "not a number"}, "channels.address"),
    ],
)
def test_what_cannot_work_is_refused_in_words(admin: Client, tenant: Tenant, values: Any, code: str) -> None:
    refused = create(admin, tenant, **values)
    assert (refused.status_code, refused.json()["code"]) == (422, code)


def test_what_nobody_would_read_is_refused(admin: Client, tenant: Tenant) -> None:
    flow_id, calendar_id = str(make_flow(tenant)), str(make_calendar(tenant))
    assert create(admin, tenant, flow_id=flow_id).json()["code"] == "channels.flow_unused"
    voice = create(admin, tenant, channel="voice", address="962740", flow_id=flow_id, calendar_id=calendar_id)
    assert voice.json()["code"] == "channels.calendar_unused"


def test_an_entry_point_that_is_off_or_anothers_is_not_found_by_its_key(admin: Client, tenant: Tenant) -> None:
    made = create(admin, tenant).json()
    off = admin.patch(f"{PATH}/{made['id']}", {"version": 1, "is_active": False}, content_type=JSON)
    assert off.status_code == 200
    assert queries.public_entry_point("chat", "water-chat") is None
    assert queries.public_entry_point("form", "water-chat") is None


def test_a_secret_is_told_once_and_stands_neither_in_the_list_nor_in_the_audit(admin: Client, tenant: Tenant) -> None:
    made = create(admin, tenant, channel="sms", address="10690000").json()
    path = f"{PATH}/{made['id']}/secret"
    first, second = (admin.post(path).json()["secret"] for _ in range(2))
    assert first != second
    shown = admin.get(f"{PATH}/{made['id']}")
    assert shown.json()["has_secret"] is True
    told = shown.content.decode() + str(list(AuditEntry.objects.values_list("action", "details")))
    assert "entry_point.secret_made" in told
    with tenant_scope(tenant.pk):
        told += str(EntryPoint.objects.select_related("secret").get().secret.sha256)
    assert second not in told


def test_only_who_configures_the_number_makes_its_secret(admin: Client, tenant: Tenant) -> None:
    made = create(admin, tenant, channel="sms", address="10690000").json()
    chat = create(admin, tenant).json()
    path = f"{PATH}/{made['id']}/secret"
    assert client_of(make_user(tenant=tenant, role="supervisor")).post(path).status_code == 403
    assert client_of(make_user(tenant=make_tenant())).post(path).status_code == 404
    assert admin.post(f"{PATH}/{chat['id']}/secret").json()["code"] == "channels.secret_unused"
