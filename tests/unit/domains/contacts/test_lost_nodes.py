"""What the pages say when a node was lost: who waited is listed for call-back, promises are kept by another."""

import pytest

from hotline.messages import routing as events
from tests.factories.contacts import project
from tests.factories.foundation import client_of, make_tenant, make_user
from tests.factories.routing_log import ASKED_MS, Road

pytestmark = pytest.mark.django_db


def test_who_waited_at_a_lost_node_is_listed_for_call_back_and_a_promise_is_kept_by_another() -> None:
    tenant = make_tenant()
    lost, promised = Road(tenant_id=str(tenant.pk)), Road(tenant_id=str(tenant.pk))
    how = {"outcome": "platform_failure", "ended_by": "platform", "cause": "platform_failure", "wait_ms": 90_000}
    project(
        [
            lost.queued(),
            promised.queued(),
            events.CallbackPromised(
                at_ms=ASKED_MS + 1, contact_id=promised.contact_id, number="sealed", not_before_ms=0
            ),
            events.NodeConnectionLost(at_ms=ASKED_MS + 2, node_id="node-1", hold_ms=1, give_up_ms=2, clear_ms=3),
            events.NodeAbsent(at_ms=ASKED_MS + 3, node_id="node-1", step="held"),
            events.NodeAbsent(at_ms=ASKED_MS + 90_000, node_id="node-1", step="given_up"),
            events.ContactEnded(at_ms=ASKED_MS + 90_000, contact_id=lost.contact_id, **how),  # type: ignore[arg-type]
            events.CallbackMoved(at_ms=ASKED_MS + 90_001, contact_id=promised.contact_id, node_id="node-2"),
            events.NodeConnectionRestored(at_ms=ASKED_MS + 95_000, node_id="node-1"),
        ]
    )
    reader = client_of(make_user(tenant=tenant, role="supervisor"))
    listed = reader.get("/api/v1/call-backs").json()
    assert [row["contact_id"] for row in listed["items"]] == [lost.contact_id]
    page = reader.get(f"/api/v1/contacts/{promised.contact_id}").json()
    (moved,) = [step for step in page["timeline"] if step["kind"] == "callback_moved"]
    assert "node-2" in moved["explanation"]["zh"]
    foreign = client_of(make_user(tenant=make_tenant(), role="supervisor"))
    assert foreign.get(f"/api/v1/contacts/{promised.contact_id}").status_code == 404
