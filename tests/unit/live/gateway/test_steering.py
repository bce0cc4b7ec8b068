"""Sites, disaster mode, reserve teams and call-backs: what supervisors see and do, and what they may not."""

from typing import Any

import pytest
from msgspec.structs import replace

from hotline.messages import routing
from hotline.messages.configuration import LadderConfiguration, SiteConfiguration, TierConfiguration
from hotline.messages.live import Grant
from tests.unit.live.gateway.desk import SUPERVISOR, Office
from tests.unit.live.switch.house import CONFIGURATION, OTHER_TENANT, TENANT, agent, queue

SITES = ("nanjing", "huaian", "shared")
_NANJING = SiteConfiguration(site_id="nanjing", tenant_id=TENANT, name_zh="南京", name_en="Nanjing")
_TIER = TierConfiguration(
    tier_id="tier-1",
    name_zh="后备一队",
    name_en="Reserve one",
    agent_ids=("bob",),
    trigger="length",
    threshold=0,
    hold_s=0,
    stand_down=0,
    stand_down_s=10,
    call_up_s=120,
    skills=(("leaks", 5),),
    skill_names=(("漏水", "Leaks"),),
)
TWO_SITES = replace(
    CONFIGURATION,
    version=2,
    queues=(
        queue("repair", skills=(("leaks", 1),), callback_attempts=2),
        queue("foreign", OTHER_TENANT),
    ),
    agents=(
        agent("ann", site_id="nanjing", skills=(("leaks", 9),)),
        agent("bob", site_id="huaian"),
        agent("both", TENANT, OTHER_TENANT, site_id="shared"),
        agent("eve", OTHER_TENANT, site_id="theirs"),
    ),
    sites=(_NANJING,),
    ladders=(
        LadderConfiguration(ladder_id="ladder", tenant_id=TENANT, queue_ids=("repair",), tiers=(_TIER,)),
        LadderConfiguration(
            ladder_id="other",
            tenant_id=OTHER_TENANT,
            queue_ids=("foreign",),
            tiers=(replace(_TIER, tier_id="theirs", agent_ids=("eve",)),),
        ),
    ),
)


@pytest.fixture
async def centre(office: Office) -> Office:
    await office.give(routing.ApplyConfiguration, configuration=TWO_SITES)
    return office


async def call(office: Office, contact_id: str, queue_id: str = "repair", tenant_id: str = TENANT) -> None:
    now_ms = office.house.clock.now_ms()
    at = {"asked_at_ms": now_ms, "arrived_at_ms": now_ms}
    asked = {"contact_id": contact_id, "queue_id": queue_id, "tenant_id": tenant_id, "node_id": "node-1"}
    await office.give(routing.EnqueueContact, **asked, **at)


async def test_a_site_marked_down_gives_its_ringing_call_to_the_other_and_everybody_sees_it(centre: Office) -> None:
    sue = await centre.supervisor(TENANT)
    ann = await centre.working("ann")
    await call(centre, "c-1")
    await ann.catch_up()
    assert any(key.startswith("offer/") for key in ann.store)
    at_ms = centre.house.clock.now_ms()
    await sue.must("MarkSite", site_id="nanjing", is_down=True)
    centre.hub.publish_boards()
    await sue.catch_up()
    await ann.catch_up()
    assert not any(key.startswith("offer/") for key in ann.store)
    assert sue.store["site/nanjing"] == {
        "site_id": "nanjing",
        "name": {"zh": "南京", "en": "Nanjing"},
        "tenant_ids": [TENANT],
        "is_shared": False,
        "agents": {"available": 1, "offered": 0, "busy": 0, "wrap_up": 0, "away": 0},
        "seats": {"free": 0, "in_use": 0, "broken": 0, "reserve": 0},
        "is_down": True,
        "down_since_ms": at_ms,
        "down_by_name": "Sue",
    }
    await sue.must("MarkSite", site_id="nanjing", is_down=False)
    await ann.catch_up()
    assert any(key.startswith("offer/") for key in ann.store)


async def test_marks_outlive_the_switch(centre: Office) -> None:
    sue = await centre.supervisor(TENANT)
    await sue.must("MarkSite", site_id="huaian", is_down=True)
    await sue.must("SetDisasterMode", queue_id="repair", is_on=True)
    await sue.catch_up()
    at_ms = centre.house.clock.now_ms()
    await centre.restart()
    again = await centre.supervisor(TENANT)
    assert (again.store["site/huaian"]["is_down"], again.store["site/huaian"]["down_since_ms"]) == (True, at_ms)
    document = again.store["queue/repair"]
    assert (document["is_disaster"], document["disaster_since_ms"], document["disaster_by_name"]) == (
        True,
        at_ms,
        "Sue",
    )
    await again.must("SetDisasterMode", queue_id="repair", is_on=False)
    centre.hub.publish_boards()
    await again.catch_up()
    assert (again.store["queue/repair"]["is_disaster"], again.store["queue/repair"]["disaster_by_name"]) == (
        False,
        None,
    )


@pytest.mark.parametrize(
    ("name", "arguments", "code"),
    [
        ("MarkSite", {"site_id": "theirs", "is_down": True}, "live.unknown_target"),
        ("MarkSite", {"site_id": "nowhere", "is_down": True}, "live.unknown_target"),
        ("MarkSite", {"site_id": "shared", "is_down": True}, "live.shared_site"),
        ("SetDisasterMode", {"queue_id": "foreign", "is_on": True}, "live.unknown_target"),
        ("SetDisasterMode", {"queue_id": "nowhere", "is_on": True}, "live.unknown_target"),
        ("CancelCallback", {"contact_id": "secret"}, "live.unknown_target"),
        ("CallTier", {"tier_id": "theirs"}, "live.unknown_target"),
        ("CallTier", {"tier_id": "nowhere"}, "live.unknown_target"),
        ("StandDownTier", {"tier_id": "theirs"}, "live.unknown_target"),
    ],
)
async def test_what_is_another_tenants_cannot_be_steered(
    centre: Office, name: str, arguments: dict[str, Any], code: str
) -> None:
    await call(centre, "secret", "foreign", OTHER_TENANT)
    sue = await centre.supervisor(TENANT)
    assert (await sue.do(name, **arguments))["code"] == code
    assert centre.house.switch.state.router.sites_down() == []


async def test_who_supervises_all_tenants_of_a_shared_site_may_mark_it(centre: Office) -> None:
    sue = await centre.supervisor(TENANT, OTHER_TENANT)
    await sue.must("MarkSite", site_id="shared", is_down=True)
    assert centre.house.switch.state.router.sites_down() == ["shared"]


async def test_watching_the_floor_is_not_steering_it(centre: Office) -> None:
    grants = (Grant(tenant_ids=(TENANT,), permissions=tuple(one for one in SUPERVISOR if one != "floor.steer")),)
    lea = await centre.open("lea", boards=["floor"], given={"agent_id": None, "grants": grants})
    for name, arguments in (
        ("MarkSite", {"site_id": "nanjing", "is_down": True}),
        ("SetDisasterMode", {"queue_id": "repair", "is_on": True}),
        ("CancelCallback", {"contact_id": "c-1"}),
        ("CallTier", {"tier_id": "tier-1"}),
        ("StandDownTier", {"tier_id": "tier-1"}),
    ):
        assert (await lea.do(name, **arguments))["code"] == "live.forbidden"


async def test_a_shared_site_counts_only_agents_whom_the_viewer_may_see(centre: Office) -> None:
    configuration = replace(
        TWO_SITES,
        version=3,
        agents=(agent("ann", site_id="nanjing"), agent("eve", OTHER_TENANT, site_id="nanjing")),
        ladders=(),
    )
    await centre.give(routing.ApplyConfiguration, configuration=configuration)
    await centre.working("ann")
    await centre.working("eve")
    sue = await centre.supervisor(TENANT)
    document = sue.store["site/nanjing"]
    assert (document["agents"]["available"], document["is_shared"], document["tenant_ids"]) == (1, True, [TENANT])


async def test_a_promised_call_back_is_seen_and_cancelled(centre: Office) -> None:
    sue = await centre.supervisor(TENANT)
    await call(centre, "c-1")
    due_ms = centre.house.clock.now_ms() + 600_000
    await centre.give(routing.RequestCallback, contact_id="c-1", number="sealed", not_before_ms=due_ms)
    centre.hub.publish_boards()
    await sue.catch_up()
    assert sue.store["callback/c-1"] == {
        "contact_id": "c-1",
        "tenant_id": TENANT,
        "queue_id": "repair",
        "asked_ms": centre.house.clock.now_ms(),
        "due_ms": due_ms,
        "attempts": 0,
        "is_simulated": False,
    }
    await sue.must("CancelCallback", contact_id="c-1")
    centre.hub.publish_boards()
    await sue.catch_up()
    assert "callback/c-1" not in sue.store


async def test_a_reserve_team_that_is_called_is_seen_by_leaders_and_told_on_its_desks(centre: Office) -> None:
    sue, bob, ann = await centre.supervisor(TENANT), await centre.working("bob"), await centre.open("ann")
    assert (sue.store["tier/tier-1"]["step"], bob.me["reserves"]) == (None, [])
    await call(centre, "c-1")
    await centre.house.later(5_000)
    called_ms = centre.house.clock.now_ms()
    centre.hub.publish_boards()
    for tab in (sue, bob, ann):
        await tab.catch_up()
    tier = sue.store["tier/tier-1"]
    assert (tier["step"], tier["name"]["en"], tier["members"]) == ("called", "Reserve one", 1)
    assert tier["since_ms"] <= called_ms
    assert tier["until_ms"] == tier["since_ms"] + 120_000
    assert tier["before"] == {"wait_s": 5, "length": 1, "service_level": -1, "abandoned": -1}
    assert bob.me["reserves"] == [
        {
            "tier_id": "tier-1",
            "name": {"zh": "后备一队", "en": "Reserve one"},
            "step": "called",
            "until_ms": tier["until_ms"],
            "skills": [{"zh": "漏水", "en": "Leaks"}],
        }
    ]
    assert ann.me["reserves"] == []
    await centre.house.later(121_000)
    centre.hub.publish_boards()
    await sue.catch_up()
    await bob.catch_up()
    tier = sue.store["tier/tier-1"]
    assert (tier["step"], tier["until_ms"], tier["before"]["length"]) == ("started", None, 1)
    assert bob.me["reserves"][0]["step"] == "started"
    await centre.give(routing.EndContact, contact_id="c-1", ended_by="caller", cause="gone")
    for _ in range(12):
        await centre.house.later(1_000)
    centre.hub.publish_boards()
    await sue.catch_up()
    await bob.catch_up()
    assert (sue.store["tier/tier-1"]["step"], sue.store["tier/tier-1"]["before"]) == (None, None)
    assert bob.me["reserves"] == []


async def test_a_reserve_team_is_called_and_sent_back_by_hand_and_everybody_sees_by_whom(centre: Office) -> None:
    sue, lea, bob = await centre.supervisor(TENANT), await centre.supervisor(TENANT), await centre.working("bob")
    until_ms = centre.house.clock.now_ms() + 3_600_000
    await sue.must("CallTier", tier_id="tier-1", keep_until_ms=until_ms)
    centre.hub.publish_boards()
    for tab in (lea, bob):
        await tab.catch_up()
    tier = lea.store["tier/tier-1"]
    assert (tier["step"], tier["is_by_hand"], tier["by_name"], tier["keep_until_ms"]) == (
        "called",
        True,
        "Sue",
        until_ms,
    )
    assert [one["step"] for one in bob.me["reserves"]] == ["called"]
    assert (await lea.do("CallTier", tier_id="tier-1"))["code"] == "routing.tier_called"
    await lea.must("StandDownTier", tier_id="tier-1")
    centre.hub.publish_boards()
    await lea.catch_up()
    await bob.catch_up()
    tier = lea.store["tier/tier-1"]
    assert (tier["step"], tier["is_by_hand"], tier["by_name"], tier["keep_until_ms"]) == (None, False, None, None)
    assert bob.me["reserves"] == []
