"""Explain over the live socket: why a contact still waits, for those who may see the floor of its tenant."""

from typing import Any

import pytest

from hotline.messages import routing
from tests.unit.live.gateway.desk import SUPERVISOR, Office, Tab
from tests.unit.live.switch.house import OTHER_TENANT, TENANT


async def explained(tab: Tab, contact_id: str) -> dict[str, Any]:
    """The answer: Explained or Failed."""
    tab.say("Explain", id="q-1", contact_id=contact_id)
    while True:
        frame = await tab.next()
        if frame["type"] in ("Explained", "Failed") and frame["id"] == "q-1":
            return frame


async def call(office: Office, contact_id: str, queue_id: str = "repair", tenant_id: str = TENANT) -> None:
    now_ms = office.house.clock.now_ms()
    at = {"asked_at_ms": now_ms, "arrived_at_ms": now_ms}
    asked = {"contact_id": contact_id, "queue_id": queue_id, "tenant_id": tenant_id, "node_id": "node-1"}
    await office.give(routing.EnqueueContact, **asked, **at)


async def test_a_supervisor_is_told_why_somebody_waits_and_that_they_wait_no_more(office: Office) -> None:
    sue = await office.supervisor(TENANT)
    await call(office, "k1")
    frame = await explained(sue, "k1")
    why = frame["why"]
    assert (why["queue_id"], why["stage"], why["ahead"], why["able"]) == ("repair", "waiting", 0, {})
    assert (why["absent"], why["later"], why["unable"]) == (3, 0, 0)  # ann, bob and both
    assert frame["server_ms"] == office.house.clock.now_ms()
    await office.working("ann")
    assert (await explained(sue, "k1"))["why"]["offered_agent_id"] == "ann"
    assert (await explained(sue, "nobody"))["why"] is None


async def test_another_tenants_contact_does_not_exist(office: Office) -> None:
    await call(office, "secret", "foreign", OTHER_TENANT)
    sue = await office.supervisor(TENANT)
    assert (await explained(sue, "secret"))["why"] is None
    both = await office.supervisor(TENANT, OTHER_TENANT)
    assert (await explained(both, "secret"))["why"]["queue_id"] == "foreign"


@pytest.mark.parametrize("permissions", [("desk.use",), SUPERVISOR[1:]])
async def test_who_may_not_see_the_floor_is_told_nothing(office: Office, permissions: tuple[str, ...]) -> None:
    await call(office, "k1")
    ann = await office.open("ann", permissions)
    assert (await explained(ann, "k1"))["code"] == "live.forbidden"
