"""Seats on desk and floor (row JS-03): who sits where, what is free, in use and broken, and who may say so."""

from typing import Any

import pytest
from msgspec.structs import replace

from hotline.messages import routing
from hotline.messages.configuration import SeatConfiguration, SiteConfiguration
from hotline.messages.live import Grant
from tests.unit.live.gateway.desk import Office, Tab
from tests.unit.live.switch.house import CONFIGURATION, OTHER_TENANT, TENANT, agent

_SEATS = (SeatConfiguration("s1", "A001"), SeatConfiguration("s2", "A002"), SeatConfiguration("s3", "R001", None, True))
_NANJING = SiteConfiguration(site_id="nanjing", tenant_id=TENANT, name_zh="南京", name_en="Nanjing", seats=_SEATS)
_THEIRS = SiteConfiguration(
    site_id="theirs", tenant_id=OTHER_TENANT, name_zh="别处", name_en="Theirs", seats=(SeatConfiguration("t1", "B001"),)
)
SEATED = replace(
    CONFIGURATION,
    version=2,
    agents=(
        agent("ann", site_id="nanjing"),
        agent("bob", site_id="nanjing"),
        agent("eve", OTHER_TENANT, site_id="theirs"),
    ),
    sites=(_NANJING, _THEIRS),
)

_HUAIAN = SiteConfiguration(
    site_id="huaian", tenant_id=TENANT, name_zh="淮安", name_en="Huai'an", seats=(SeatConfiguration("h1", "H001"),)
)
TWO_SITES = replace(SEATED, version=3, sites=(_NANJING, _HUAIAN, _THEIRS))


@pytest.fixture
async def centre(office: Office) -> Office:
    await office.give(routing.ApplyConfiguration, configuration=SEATED)
    return office


async def look(centre: Office, tab: Tab) -> dict[str, Any]:
    """What the floor holds after the next rhythm of the boards."""
    centre.hub.publish_boards()
    await tab.catch_up()
    return tab.store


def where(tab: Tab) -> dict[str, int]:
    """By site, how many are available there."""
    return {site_id: tab.store[f"site/{site_id}"]["agents"]["available"] for site_id in ("nanjing", "huaian")}


def rings(tab: Tab) -> bool:
    return any(key.startswith("offer/") for key in tab.store)


def asking(centre: Office, contact_id: str) -> dict[str, Any]:
    now_ms = centre.house.clock.now_ms()
    at = {"asked_at_ms": now_ms, "arrived_at_ms": now_ms}
    return {"contact_id": contact_id, "queue_id": "repair", "tenant_id": TENANT, "node_id": "node-1", **at}


async def test_who_signs_in_at_a_seat_has_it_on_the_desk_and_the_floor_sees_it(centre: Office) -> None:
    sue = await centre.supervisor(TENANT)
    assert sue.store["site/nanjing"]["seats"] == {"free": 3, "in_use": 0, "broken": 0, "reserve": 1}
    ann = await centre.open("ann")
    await ann.must("SignIn", seat_id="s1")
    await ann.catch_up()
    assert ann.me["seat"] == {"seat_id": "s1", "site_id": "nanjing", "label": "A001"}
    store = await look(centre, sue)
    assert store["site/nanjing"]["seats"] == {"free": 2, "in_use": 1, "broken": 0, "reserve": 1}
    assert (store["seat/s1"]["agent_id"], store["agent/ann"]["seat_id"]) == ("ann", "s1")
    await ann.must("SignOut")
    store = await look(centre, sue)
    assert (store["seat/s1"]["agent_id"], store["agent/ann"]["seat_id"]) == (None, None)
    assert store["site/nanjing"]["seats"]["in_use"] == 0


async def test_a_seat_that_somebody_has_is_refused_and_names_them(centre: Office) -> None:
    ann, bob = await centre.open("ann"), await centre.open("bob")
    await ann.must("SignIn", seat_id="s1")
    refused = await bob.do("SignIn", seat_id="s1")
    assert (refused["code"], refused["data"]) == ("routing.seat_taken", {"seat": "A001", "agent": "Ann"})


async def test_a_second_window_that_takes_over_stays_at_the_seat(centre: Office) -> None:
    ann = await centre.open("ann")
    await ann.must("SignIn", seat_id="s1")
    again = await centre.open("ann")
    await again.must("SignIn")
    await again.catch_up()
    assert again.me["seat"]["label"] == "A001"
    await again.must("SignIn", seat_id="s2")
    await again.catch_up()
    assert again.me["seat"]["label"] == "A002"


async def test_a_supervisor_marks_a_seat_and_everybody_on_the_floor_is_told_in_the_next_frame(centre: Office) -> None:
    sue, wu = await centre.supervisor(TENANT), await centre.supervisor(TENANT)
    at_ms = centre.house.clock.now_ms()
    await sue.must("MarkSeat", seat_id="s2", is_broken=True, reason="headset")
    store = await look(centre, wu)
    assert store["seat/s2"] == {
        "seat_id": "s2",
        "site_id": "nanjing",
        "tenant_id": TENANT,
        "label": "A002",
        "is_reserve": False,
        "agent_id": None,
        "fault": "headset",
        "fault_since_ms": at_ms,
        "fault_by_name": "Sue",
    }
    assert store["site/nanjing"]["seats"] == {"free": 2, "in_use": 0, "broken": 1, "reserve": 1}
    bob = await centre.open("bob")
    assert (await bob.do("SignIn", seat_id="s2"))["code"] == "routing.seat_broken"
    await sue.must("MarkSeat", seat_id="s2", is_broken=False)
    assert (await look(centre, wu))["seat/s2"]["fault"] is None
    await bob.must("SignIn", seat_id="s2")


async def test_seats_and_marks_outlive_the_switch(centre: Office) -> None:
    ann, sue = await centre.open("ann"), await centre.supervisor(TENANT)
    await ann.must("SignIn", seat_id="s1")
    await sue.must("MarkSeat", seat_id="s2", is_broken=True, reason="power")
    await centre.restart()
    store = (await centre.supervisor(TENANT)).store
    assert (store["seat/s1"]["agent_id"], store["seat/s2"]["fault"]) == ("ann", "power")


async def test_a_seat_that_leaves_the_registry_leaves_the_floor(centre: Office) -> None:
    sue, ann = await centre.supervisor(TENANT), await centre.open("ann")
    await ann.must("SignIn", seat_id="s1")
    rest = replace(SEATED, version=3, sites=(replace(_NANJING, seats=_SEATS[1:]), _THEIRS))
    await centre.give(routing.ApplyConfiguration, configuration=rest)
    store = await look(centre, sue)
    assert "seat/s1" not in store
    assert store["agent/ann"]["seat_id"] is None
    await ann.catch_up()
    assert ann.me["seat"] is None


async def test_the_floor_counts_agents_where_they_sit(centre: Office) -> None:
    await centre.give(routing.ApplyConfiguration, configuration=TWO_SITES)
    sue, ann = await centre.supervisor(TENANT), await centre.working("ann")
    await look(centre, sue)
    assert where(sue) == {"nanjing": 1, "huaian": 0}
    await ann.must("SignIn", seat_id="h1")
    await look(centre, sue)
    assert (where(sue), sue.store["agent/ann"]["site_id"]) == ({"nanjing": 0, "huaian": 1}, "huaian")
    fresh = await centre.supervisor(TENANT)
    assert where(fresh) == {"nanjing": 0, "huaian": 1}
    moved = (_NANJING, replace(_HUAIAN, seats=()))
    await centre.give(routing.ApplyConfiguration, configuration=replace(TWO_SITES, version=4, sites=moved))
    store = await look(centre, sue)
    assert (store["site/nanjing"]["agents"]["available"], store["agent/ann"]["site_id"]) == (1, "nanjing")


async def test_who_sits_at_a_site_that_is_marked_down_loses_what_rings_and_others_of_their_team_do_not(
    centre: Office,
) -> None:
    """Huai'an has seats and no team."""
    await centre.give(routing.ApplyConfiguration, configuration=TWO_SITES)
    sue, ann, bob = await centre.supervisor(TENANT), await centre.working("ann"), await centre.working("bob")
    await ann.must("SignIn", seat_id="h1")
    await centre.give(routing.EnqueueContact, **asking(centre, "c-1"))
    await ann.catch_up()
    assert rings(ann)
    await sue.must("MarkSite", site_id="huaian", is_down=True)
    for tab in (ann, bob):
        await tab.catch_up()
    assert (rings(ann), rings(bob)) == (False, True)
    store = await look(centre, sue)
    assert (store["site/huaian"]["is_down"], store["site/nanjing"]["is_down"]) == (True, False)
    await centre.give(routing.EnqueueContact, **asking(centre, "c-2"))
    await ann.must("SignIn", seat_id="s1")
    await ann.catch_up()
    assert rings(ann)


async def test_a_site_with_seats_is_marked_by_its_owner_and_by_nobody_else(centre: Office) -> None:
    await centre.give(routing.ApplyConfiguration, configuration=TWO_SITES)
    stranger = await centre.supervisor(OTHER_TENANT)
    refused = await stranger.do("MarkSite", site_id="huaian", is_down=True)
    assert (refused["code"], "site/huaian" in stranger.store) == ("live.unknown_target", False)
    sue = await centre.supervisor(TENANT)
    assert (sue.store["site/huaian"]["tenant_ids"], sue.store["site/huaian"]["is_shared"]) == ([TENANT], False)
    await sue.must("MarkSite", site_id="huaian", is_down=True)


async def test_who_serves_two_tenants_makes_the_site_shared_while_they_sit_there(centre: Office) -> None:
    both = agent("both", TENANT, OTHER_TENANT)
    agents = (*TWO_SITES.agents, both)
    await centre.give(routing.ApplyConfiguration, configuration=replace(TWO_SITES, agents=agents))
    sue, wu = await centre.supervisor(TENANT), await centre.supervisor(TENANT, OTHER_TENANT)
    other = await centre.supervisor(OTHER_TENANT)
    tab = await centre.open("both")
    await tab.must("SignIn", seat_id="h1")
    store = await look(centre, sue)
    await other.catch_up()
    assert (store["site/huaian"]["is_shared"], store["site/nanjing"]["is_shared"]) == (True, False)
    assert other.store["site/huaian"]["seats"] is None
    assert (await sue.do("MarkSite", site_id="huaian", is_down=True))["code"] == "live.shared_site"
    await wu.must("MarkSite", site_id="huaian", is_down=True)
    await tab.must("SignOut")
    await look(centre, sue)
    await other.catch_up()
    assert (sue.store["site/huaian"]["is_shared"], "site/huaian" in other.store) == (False, False)
    await sue.must("MarkSite", site_id="huaian", is_down=False)


async def test_another_tenants_seats_do_not_exist(centre: Office) -> None:
    eve = await centre.open("eve", given={"grants": (grant_of(OTHER_TENANT),)})
    await eve.must("SignIn", seat_id="t1")
    sue = await centre.supervisor(TENANT)
    assert {key for key in sue.store if key.startswith(("seat/", "site/"))} == {
        "site/nanjing",
        *(f"seat/{seat.seat_id}" for seat in _SEATS),
    }
    for seat_id in ("t1", "nowhere"):
        refused = await sue.do("MarkSeat", seat_id=seat_id, is_broken=True, reason="other")
        assert refused["code"] == "live.unknown_target"
    ann = await centre.open("ann")
    assert (await ann.do("SignIn", seat_id="t1"))["code"] == "routing.seat_unknown"


@pytest.mark.parametrize("reason", ["because", "x" * 500, 7])
async def test_a_reason_is_one_of_the_codes(centre: Office, reason: object) -> None:
    sue = await centre.supervisor(TENANT)
    refused = await sue.do("MarkSeat", seat_id="s1", is_broken=True, reason=reason)
    assert refused["code"] == "live.bad_arguments"


async def test_an_agent_may_not_mark_seats(centre: Office) -> None:
    ann = await centre.open("ann")
    refused = await ann.do("MarkSeat", seat_id="s1", is_broken=True, reason="other")
    assert refused["code"] == "live.forbidden"


def grant_of(tenant_id: str) -> Any:
    return Grant(tenant_ids=(tenant_id,), permissions=("desk.use",))
