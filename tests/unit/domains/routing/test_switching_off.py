"""A queue is not switched off under those who lead callers to it, and nobody begins to lead to one that is off."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from hotline.domains.channels import actions as channels
from hotline.domains.channels import flow_actions
from hotline.domains.channels import queries as channel_queries
from hotline.domains.routing import queries
from hotline.domains.routing.versions import keep_versions
from hotline.flows import InvalidFlowError
from hotline.foundation import outbox
from hotline.foundation.models import AuditEntry, Tenant
from tests.factories import setup
from tests.factories.foundation import client_of, make_tenant, make_user

pytestmark = pytest.mark.django_db
ADMIN = "/api/v1/admin"
Use = Callable[[Tenant, UUID], object]


@pytest.fixture
def water() -> Tenant:
    return make_tenant("water")


@pytest.fixture
def admin(water: Tenant) -> Client:
    return client_of(make_user(tenant=water, language="en"))


def switch_off(client: Client, queue: UUID, version: int = 1) -> Any:
    body = {"version": version, "is_active": False}
    return client.patch(f"{ADMIN}/queues/{queue}", body, content_type="application/json")


def to_queue(queue: UUID) -> dict[str, Any]:
    return {"first_step": "person", "steps": {"person": {"kind": "queue", "queue_id": str(queue)}}}


def flow_to(tenant: Tenant, queue: UUID) -> UUID:
    return setup.make_flow(tenant, to_queue(queue), code="main")


def number_to(tenant: Tenant, queue: UUID, **values: Any) -> UUID:
    return setup.make_entry_point(tenant, "96900000", fallback_queue_id=queue, **values)


def department_to(tenant: Tenant, queue: UUID) -> UUID:
    values = {"department_id": setup.make_department(tenant, code="pipes"), "queue_id": queue}
    return channels.department_lines.create(setup.administrator_of(tenant), values)


def level_to(tenant: Tenant, queue: UUID) -> UUID:
    return setup.make_funnel_level(tenant, 2, queue)


USES: dict[str, Use] = {
    "flow main": flow_to,
    "entry point 96900000": number_to,
    "department pipes": department_to,
    "funnel level 2": level_to,
}


@pytest.mark.parametrize("user", USES)
def test_what_still_leads_to_a_queue_is_named_and_the_queue_stays_on(user: str, water: Tenant, admin: Client) -> None:
    queue = setup.make_queue(water, code="repair")
    USES[user](water, queue)
    told, audited = len(outbox.pending("routing.configuration")), AuditEntry.objects.count()
    refused = switch_off(admin, queue)
    assert (refused.status_code, refused.json()["code"]) == (409, "setup.still_led_to")
    assert refused.json()["sentence"] == (
        f"The queue repair is still used by {user}. Remove it there first, then switch it off."
    )
    assert user in admin.delete(f"{ADMIN}/queues/{queue}?version=1").json()["sentence"]
    chinese = switch_off(client_of(make_user(tenant=water, language="zh")), queue).json()["sentence"]
    assert chinese.startswith("队列 repair 仍被")
    assert not {"queue", *user.split()[:-1]} & set(chinese.split())
    assert [one.queue_id for one in queries.current_configuration().queues] == [str(queue)]
    assert admin.get(f"{ADMIN}/queues/{queue}").json()["version"] == 1
    assert (len(outbox.pending("routing.configuration")), AuditEntry.objects.count()) == (told, audited)


def test_a_queue_can_be_switched_off_when_nothing_in_use_leads_to_it(water: Tenant, admin: Client) -> None:
    queue, other = setup.make_queue(water), setup.make_queue(water)
    flow = flow_to(water, queue)
    number = number_to(water, queue, is_active=False)
    setup.make_flow(water, to_queue(queue), is_published=False)
    setup.make_ladder(water, [queue], setup.make_tier(setup.make_agent(water)))
    assert switch_off(admin, queue).status_code == 409
    flow_actions.save_draft(setup.administrator_of(water), flow, 2, to_queue(other))
    flow_actions.publish(setup.administrator_of(water), flow, 3, 2)
    assert switch_off(admin, queue).status_code == 200
    assert [one.queue_id for one in queries.current_configuration().queues] == [str(other)]
    # A number that is off may keep it, and cannot be switched on with it.
    body = {"version": 1, "is_active": True}
    refused = admin.patch(f"{ADMIN}/entry-points/{number}", body, content_type="application/json")
    assert (refused.status_code, refused.json()["code"]) == (422, "setup.switched_off")
    assert admin.get(f"{ADMIN}/entry-points/{number}").json()["is_active"] is False


def test_a_flow_that_names_a_queue_that_is_off_is_not_published(water: Tenant) -> None:
    queue = setup.make_queue(water, is_active=False)
    with pytest.raises(InvalidFlowError, match="gone or switched off: choose another"):
        flow_to(water, queue)
    assert channel_queries.current_node_configuration().flows == ()


@pytest.mark.parametrize(("path", "column"), [("entry-points", "fallback_queue_id"), ("funnel-levels", "queue_id")])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_is_saved_cannot_begin_to_lead_to_a_queue_that_is_off(
    path: str, column: str, language: str, water: Tenant
) -> None:
    client = client_of(make_user(tenant=water, language=language))
    queue = setup.make_queue(water, code="repair", is_active=False)
    made = setup.make_entry_point(water) if path == "entry-points" else setup.make_funnel_level(water, 1)
    body = {"version": 1, column: str(queue)}
    refused = client.patch(f"{ADMIN}/{path}/{made}", body, content_type="application/json")
    assert (refused.status_code, refused.json()["code"]) == (422, "setup.switched_off")
    told = {
        "en": f"The {column} repair is switched off. Switch it on first, or choose another.",
        "zh": f"{column} repair 已停用。请先启用它，或另选一个。",
    }
    assert refused.json()["sentence"] == told[language]


def test_what_an_earlier_release_left_does_not_keep_anybody_from_other_changes(water: Tenant, admin: Client) -> None:
    queue = setup.make_queue(water)
    number = number_to(water, queue)
    setup.switch_off_behind(water, queue)
    body = {"version": 1, "recording": "none"}
    assert admin.patch(f"{ADMIN}/entry-points/{number}", body, content_type="application/json").status_code == 200


def test_going_back_does_not_switch_off_a_queue_that_a_flow_has_come_to_use(water: Tenant, admin: Client) -> None:
    setup.make_queue(water)
    keep_versions(queries.current_configuration())
    older = admin.get(f"{ADMIN}/routing/versions").json()["items"][0]["number"]
    newer = setup.make_queue(water, code="newer")
    flow_to(water, newer)
    keep_versions(queries.current_configuration())
    refused = admin.post(f"{ADMIN}/routing/versions/{older}/restore")
    assert (refused.status_code, refused.json()["code"]) == (409, "setup.still_led_to")
    assert "queue newer is still used by flow main" in refused.json()["sentence"]
    assert str(newer) in {one.queue_id for one in queries.current_configuration().queues}


def test_another_tenants_administrator_neither_switches_it_off_nor_learns_what_uses_it(water: Tenant) -> None:
    queue = setup.make_queue(water)
    flow_to(water, queue)
    stranger = client_of(make_user(tenant=make_tenant("gas"), language="en"))
    refused = switch_off(stranger, queue)
    assert (refused.status_code, refused.json()["code"]) == (404, "object.not_found")
    assert "main" not in refused.content.decode()
