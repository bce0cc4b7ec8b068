"""What agents and supervisors see, field by field, and what they do not see."""

from typing import Any

import msgspec
import pytest

from hotline.live.gateway.hub import UNWATCHED_EACH_MS
from hotline.messages import routing
from hotline.messages.configuration import PoolConfiguration
from hotline.messages.live import Grant
from tests.unit.live.gateway.desk import SUPERVISOR, Office, Tab
from tests.unit.live.switch.house import CONFIGURATION, OTHER_TENANT, TENANT


async def call(office: Office, contact_id: str, queue_id: str = "repair", **given: Any) -> None:
    now_ms = office.house.clock.now_ms()
    fields: dict[str, Any] = {
        "tenant_id": TENANT,
        "node_id": "node-1",
        "asked_at_ms": now_ms,
        "arrived_at_ms": now_ms,
        "customer_id": "customer-7",
        "menu_path": ("1", "leak"),
        **given,
    }
    await office.give(routing.EnqueueContact, contact_id=contact_id, queue_id=queue_id, **fields)


async def answer(office: Office, contact_id: str) -> None:
    contact = office.house.switch.state.router.contact(contact_id)
    assert contact is not None
    await office.give(routing.AnswerOffer, offer_id=contact.offer_id)


async def talking(office: Office, user: str = "ann", contact_id: str = "c-1", **given: Any) -> Tab:
    tab = await office.working(user)
    await call(office, contact_id, **given)
    await answer(office, contact_id)
    await tab.catch_up()
    return tab


async def test_an_offer_pops_with_everything_the_desk_needs(office: Office) -> None:
    tab, bystander = await office.working("ann"), await office.open("bob")
    asked_ms = office.house.clock.now_ms()
    await call(office, "c-1", priority=3)
    await tab.catch_up()
    await bystander.catch_up()
    (key,) = [key for key in tab.store if key.startswith("offer/")]
    assert tab.store[key] == {
        "offer_id": key.removeprefix("offer/"),
        "contact_id": "c-1",
        "channel": "voice",
        "kind": "queue",
        "queue_id": "repair",
        "queue_name": {"zh": "repair队", "en": "repair"},
        "expires_ms": asked_ms + 15_000,
        "asked_ms": asked_ms,
        "customer_id": "customer-7",
        "priority": 3,
        "language": "zh",
        "menu_path": ["1", "leak"],
        "returned": None,
        "is_simulated": False,
    }
    assert tab.me["state"] == "offered"
    assert tab.me["queues"] == ["repair", "billing"]
    assert tab.me["capacity"] == {"voice": 1}
    assert set(bystander.store) == {"me", "system"}


async def test_a_conversation_from_answer_to_finished_wrap_up(office: Office) -> None:
    tab = await office.working("ann")
    await call(office, "c-1")
    office.house.clock.advance_ms(4_000)
    connected_ms = office.house.clock.now_ms()
    await answer(office, "c-1")
    await tab.catch_up()
    contact = tab.store["contact/c-1"]
    assert contact["interaction_id"]
    assert {**contact, "interaction_id": ""} == {
        "contact_id": "c-1",
        "channel": "voice",
        "message_seq": 0,
        "state": "talking",
        "interaction_id": "",
        "queue_id": "repair",
        "connected_ms": connected_ms,
        "hold_ms": 0,
        "held_since_ms": None,
        "wrap_until_ms": None,
        "transfer": None,
        "returned": None,
        "is_node_away": False,
        "promises": [],
        "wait_ms": 4_000,
        "customer_id": "customer-7",
        "is_simulated": False,
        "monitored": False,
    }
    assert not any(key.startswith("offer/") for key in tab.store)
    office.house.clock.advance_ms(1_000)
    await tab.must("HoldContact", contact_id="c-1")
    assert tab.store["contact/c-1"]["state"] == "held"
    assert tab.store["contact/c-1"]["held_since_ms"] == connected_ms + 1_000
    office.house.clock.advance_ms(2_500)
    await tab.must("RetrieveContact", contact_id="c-1")
    assert tab.store["contact/c-1"]["hold_ms"] == 2_500
    await tab.must("HangUpContact", contact_id="c-1")
    assert tab.store["contact/c-1"]["state"] == "wrap_up"
    assert tab.store["contact/c-1"]["wrap_until_ms"] == office.house.clock.now_ms() + 30_000
    await tab.must("ExtendWrapUp", contact_id="c-1", extend_s=60)
    assert tab.store["contact/c-1"]["wrap_until_ms"] >= office.house.clock.now_ms() + 60_000
    await tab.must("FinishWrapUp", contact_id="c-1")
    assert "contact/c-1" not in tab.store
    assert tab.me["state"] == "available"


async def test_a_wish_during_work_is_shown(office: Office) -> None:
    tab = await talking(office)
    await tab.must("SetAgentState", state="away", reason_id="lunch")
    assert (tab.me["state"], tab.me["requested_state"]) == ("busy", "away")


async def test_a_lost_leg_is_shown(office: Office) -> None:
    tab = await talking(office)
    await office.give(routing.LoseAgentLeg, contact_id="c-1", agent_id="ann")
    await tab.catch_up()
    assert tab.store["contact/c-1"]["state"] == "leg_lost"


async def test_a_conversation_on_a_node_that_is_out_of_reach_says_so_until_it_is_back(office: Office) -> None:
    tab = await talking(office)
    assert not tab.store["contact/c-1"]["is_node_away"]
    node_id = office.house.switch.state.router.node_of("c-1")
    times = {"hold_after_ms": 1_000, "give_up_after_ms": 90_000, "clear_after_ms": 900_000}
    await office.give(routing.LoseNodeConnection, node_id=node_id, **times)
    await pass_time(office, 1_000)
    await tab.catch_up()
    assert tab.store["contact/c-1"]["is_node_away"]
    held = (routing.NodeContact("c-1", (tab.me["agent_id"],)),)
    await office.give(routing.ReconcileNode, node_id=node_id, contacts=held)
    await tab.catch_up()
    assert not tab.store["contact/c-1"]["is_node_away"]


async def test_both_sides_of_a_consultation_see_it(office: Office) -> None:
    sender, target = await talking(office), await office.working("bob")
    arguments = {"contact_id": "c-1", "kind": "consult", "target_kind": "agent", "target": "bob"}
    await sender.must("StartTransfer", **arguments)
    await target.catch_up()
    (key,) = [key for key in target.store if key.startswith("offer/")]
    assert target.store[key]["kind"] == "consult"
    transfer = sender.store["contact/c-1"]["transfer"]
    assert (transfer["target"], transfer["is_answered"], transfer["is_target"]) == ("bob", False, False)
    await office.give(routing.AnswerOffer, offer_id=key.removeprefix("offer/"))
    for tab, is_target in ((sender, False), (target, True)):
        await tab.catch_up()
        assert tab.store["contact/c-1"]["state"] == "consulting"
        assert tab.store["contact/c-1"]["transfer"]["is_answered"]
        assert tab.store["contact/c-1"]["transfer"]["is_target"] is is_target
    await sender.must("CompleteTransfer", transfer_id=transfer["transfer_id"])
    await target.catch_up()
    assert sender.store["contact/c-1"]["state"] == "wrap_up"
    assert target.store["contact/c-1"]["state"] == "talking"
    assert target.store["contact/c-1"]["transfer"] is None


async def test_the_sender_is_told_why_a_transfer_came_back(office: Office) -> None:
    sender, target = await talking(office), await office.working("bob")
    await sender.must("StartTransfer", contact_id="c-1", kind="blind", target_kind="agent", target="bob")
    await target.catch_up()
    (key,) = [key for key in target.store if key.startswith("offer/")]
    await target.must("RefuseOffer", offer_id=key.removeprefix("offer/"))
    await sender.catch_up()
    (key,) = [key for key in sender.store if key.startswith("offer/")]
    expected = {"agent_id": "ann", "cause": "offer_refused", "at_ms": office.house.clock.now_ms()}
    assert (sender.store[key]["kind"], sender.store[key]["returned"]) == ("transfer", expected)
    await office.give(routing.AnswerOffer, offer_id=key.removeprefix("offer/"))
    await sender.catch_up()
    assert sender.store["contact/c-1"]["returned"] == expected


async def promised_and_called_again(office: Office, user: str = "ann") -> Tab:
    """Customer 7 was promised a call-back in c-1, calls again in c-2, and talks with the agent."""
    rules = [msgspec.structs.replace(queue, callback_attempts=3) for queue in CONFIGURATION.queues]
    changed = msgspec.structs.replace(CONFIGURATION, version=CONFIGURATION.version + 1, queues=tuple(rules))
    await office.give(routing.ApplyConfiguration, configuration=changed)
    await call(office, "c-1")
    await office.give(routing.RequestCallback, contact_id="c-1", number="sealed")
    await call(office, "c-2", priority=100)
    tab = await office.working(user)
    await answer(office, "c-2")
    await tab.catch_up()
    return tab


async def test_the_agent_is_told_of_a_promised_call_back_and_settles_it(office: Office) -> None:
    asked_ms = office.house.clock.now_ms()
    tab = await promised_and_called_again(office)
    (promise,) = tab.store["contact/c-2"]["promises"]
    assert promise == {
        "contact_id": "c-1",
        "queue_id": "repair",
        "queue_name": {"zh": "repair队", "en": "repair"},
        "asked_ms": asked_ms,
        "attempts": 0,
        "is_kept": False,
    }
    await tab.must("SettleCallback", contact_id="c-1", is_done=False)
    assert [one["is_kept"] for one in tab.store["contact/c-2"]["promises"]] == [True]
    await tab.must("SettleCallback", contact_id="c-1", is_done=True)
    assert tab.store["contact/c-2"]["promises"] == []
    assert office.house.switch.state.router.contact("c-1") is None


async def test_a_supervisor_who_cancels_the_call_back_takes_it_from_the_agents_screen(office: Office) -> None:
    tab = await promised_and_called_again(office)
    sue = await office.supervisor(TENANT)
    office.hub.publish_boards()
    await sue.catch_up()
    assert sue.store["callback/c-1"]["due_ms"] is None
    await sue.must("CancelCallback", contact_id="c-1")
    await tab.catch_up()
    assert tab.store["contact/c-2"]["promises"] == []


async def test_only_who_has_the_customer_settles_the_promise(office: Office) -> None:
    await promised_and_called_again(office)
    bob = await office.working("bob")
    refusal = await bob.do("SettleCallback", contact_id="c-1", is_done=True)
    assert refusal["code"] == "routing.not_your_contact"
    assert office.house.switch.state.router.contact("c-1") is not None


async def test_both_agents_of_a_conference_see_it(office: Office) -> None:
    sender, target = await talking(office), await office.working("bob")
    arguments = {"contact_id": "c-1", "kind": "consult", "target_kind": "agent", "target": "bob"}
    await sender.must("StartTransfer", **arguments)
    await target.catch_up()
    (key,) = [key for key in target.store if key.startswith("offer/")]
    await office.give(routing.AnswerOffer, offer_id=key.removeprefix("offer/"))
    await sender.catch_up()
    transfer_id = sender.store["contact/c-1"]["transfer"]["transfer_id"]
    assert not sender.store["contact/c-1"]["transfer"]["is_merged"]
    await sender.must("MergeTransfer", transfer_id=transfer_id)
    for tab, is_target in ((sender, False), (target, True)):
        await tab.catch_up()
        document = tab.store["contact/c-1"]
        assert document["state"] == "conference"
        assert document["held_since_ms"] is None
        assert document["transfer"] | {"transfer_id": ""} == {
            "transfer_id": "",
            "kind": "consult",
            "target_kind": "agent",
            "target": "bob",
            "target_agent_id": "bob",
            "agent_id": "ann",
            "is_answered": True,
            "is_merged": True,
            "is_target": is_target,
        }
    assert target.store["contact/c-1"]["connected_ms"] == office.house.clock.now_ms()
    await target.must("HangUpContact", contact_id="c-1")
    await sender.catch_up()
    assert target.store["contact/c-1"]["state"] == "wrap_up"
    assert (sender.store["contact/c-1"]["state"], sender.store["contact/c-1"]["transfer"]) == ("talking", None)


async def test_an_outside_number_is_never_shown(office: Office) -> None:
    tab = await talking(office)
    sealed = "azE6c2VhbGVk"
    arguments = {"contact_id": "c-1", "kind": "consult", "target_kind": "number", "target": sealed}
    await tab.must("StartTransfer", **arguments)
    assert tab.store["contact/c-1"]["transfer"]["target"] is None
    assert sealed not in str(tab.store)


# --- floor and wallboard ----------------------------------------------------------------------------------------------


async def test_the_floor_shows_agents_queues_totals_and_who_waits(office: Office) -> None:
    sue = await office.supervisor()
    assert {key.split("/")[0] for key in sue.store} == {"me", "system", "queue", "total", "agent"}
    await talking(office)
    asked_ms = office.house.clock.now_ms()
    await call(office, "c-2", is_simulated=True)
    office.hub.publish_boards()
    await sue.catch_up()
    assert sue.store["agent/ann"] | {"since_ms": 0} == {
        "agent_id": "ann",
        "name": "Ann",
        "team_id": "north",
        "site_id": None,
        "seat_id": None,
        "tenant_ids": [TENANT],
        "state": "busy",
        "reason": None,
        "since_ms": 0,
        "contact_id": "c-1",
        "queue_id": "repair",
        "is_simulated": False,
        "monitoring": [],
    }
    assert sue.store["waiting/c-2"] == {
        "contact_id": "c-2",
        "channel": "voice",
        "tenant_id": TENANT,
        "queue_id": "repair",
        "asked_ms": asked_ms,
        "priority": 0,
        "language": "zh",
        "customer_id": "customer-7",
        "is_offered": False,
        "is_simulated": True,
    }
    repair = {
        "queue_id": "repair",
        "tenant_id": TENANT,
        "name": {"zh": "repair队", "en": "repair"},
        "waiting": 1,
        "longest_asked_ms": asked_ms,
        "service_level_interval": {"answered_in_time": 1, "asked": 1},
        "service_level_today": {"answered_in_time": 1, "asked": 1},
        "target": 8500,
        "threshold_s": 15,
        "asked_today": 2,
        "abandoned_today": 0,
        "blocked_lately": 0,
        "expected_wait_s": None,
        "expected_wait_error_s": None,
        "agents": {"available": 0, "offered": 0, "busy": 1, "wrap_up": 0, "away": 0},
        "is_disaster": False,
        "disaster_since_ms": None,
        "disaster_by_name": None,
        "is_simulated": True,
    }
    assert sue.store["queue/repair"] == repair
    of_queues = (
        *("queue_id", "name", "expected_wait_s", "expected_wait_error_s"),
        *("is_disaster", "disaster_since_ms", "disaster_by_name"),
    )
    total = {key: value for key, value in repair.items() if key not in of_queues}
    assert sue.store[f"total/{TENANT}"] == total


async def test_who_still_waits_counts_against_the_level_only_after_the_threshold(office: Office) -> None:
    sue = await office.supervisor(boards=("wallboard",))
    await call(office, "c-1")
    asked: list[int] = []
    for wait_ms in (15_000, 1_000):
        office.house.clock.advance_ms(wait_ms)
        sue.say("Ping", sent_ms=1)
        office.hub.publish_boards()
        await sue.catch_up()
        asked.append(sue.store["queue/repair"]["service_level_interval"]["asked"])
    assert asked == [0, 1]


async def test_a_new_quarter_starts_at_zero_and_the_day_goes_on(office: Office) -> None:
    sue = await office.supervisor(boards=("wallboard",))
    await call(office, "c-1")
    await office.give(routing.EndContact, contact_id="c-1", ended_by="caller", cause="gone")
    office.house.clock.advance_ms(15 * 60_000)
    office.hub.publish_boards()
    fresh = await office.supervisor(boards=("wallboard",))
    for tab in (sue, fresh):
        await tab.catch_up()
        assert tab.store["queue/repair"]["service_level_interval"] == {"answered_in_time": 0, "asked": 0}
        assert tab.store["queue/repair"]["service_level_today"] == {"answered_in_time": 0, "asked": 1}
        assert tab.store["queue/repair"]["abandoned_today"] == 1


async def test_the_wallboard_shows_no_persons(office: Office) -> None:
    sue = await office.supervisor(boards=("wallboard",))
    await call(office, "c-1")
    office.hub.publish_boards()
    await sue.catch_up()
    assert {key.split("/")[0] for key in sue.store} == {"me", "system", "queue", "total"}


async def test_many_commits_become_one_frame_for_the_board(office: Office) -> None:
    sue = await office.supervisor()
    for number in range(20):
        await call(office, f"c-{number}")
    sue.kinds.clear()
    office.hub.publish_boards()
    await sue.catch_up()
    assert sue.kinds.count("Changes") == 1
    assert sue.store["queue/repair"]["waiting"] == 20


async def test_boards_that_nobody_watches_are_counted_now_and_then_and_right_when_opened(office: Office) -> None:
    boards = office.hub._views._boards
    office.hub.publish_boards()
    await call(office, "c-1")
    office.hub.publish_boards()
    assert boards._uncounted_contacts
    office.house.clock.advance_ms(UNWATCHED_EACH_MS)
    office.hub.publish_boards()
    assert not boards._uncounted_contacts
    await call(office, "c-2")
    sue = await office.supervisor()
    assert sue.store["queue/repair"]["waiting"] == 2


async def test_a_board_is_watched_and_left_on_the_same_connection(office: Office) -> None:
    sue = await office.supervisor(boards=())
    assert set(sue.store) == {"me", "system"}
    sue.say("Watch", boards=["floor"])
    await sue.until("Changes")
    assert "agent/ann" in sue.store
    sue.say("Watch", boards=["wallboard"])
    await sue.until("Changes")
    assert "agent/ann" not in sue.store
    assert "queue/repair" in sue.store
    sue.say("Watch", boards=[])
    await sue.until("Changes")
    assert set(sue.store) == {"me", "system"}


async def test_without_permission_no_board_is_shown(office: Office) -> None:
    tab = await office.open("ann", boards=("floor",))
    assert set(tab.store) == {"me", "system"}
    await tab.until("Failed", code="live.forbidden_board")
    tab.say("Watch", boards=["wallboard"])
    await tab.until("Failed", code="live.forbidden_board")
    await tab.catch_up()
    assert set(tab.store) == {"me", "system"}


async def test_nodes_that_come_and_go_or_lose_their_voice_are_told_to_everybody(office: Office) -> None:
    tab = await office.open("ann")
    assert not tab.store["system"]["has_voice"]
    office.nodes["node-1"] = True
    office.hub.publish_boards()
    await tab.catch_up()
    assert tab.store["system"]["has_voice"]
    office.voiceless.add("node-1")
    office.hub.publish_boards()
    await tab.catch_up()
    assert not tab.store["system"]["has_voice"]
    assert tab.store["system"]["nodes"] == [{"node_id": "node-1", "is_connected": True, "has_voice": False}]
    office.nodes["node-1"] = False
    office.hub.publish_boards()
    await tab.catch_up()
    assert tab.store["system"]["nodes"] == [{"node_id": "node-1", "is_connected": False, "has_voice": False}]


async def test_a_change_of_configuration_reaches_desks_and_boards(office: Office) -> None:
    import msgspec

    ann, sue = await office.open("ann"), await office.supervisor()
    queues = tuple(queue for queue in CONFIGURATION.queues if queue.queue_id != "billing")
    configuration = msgspec.structs.replace(CONFIGURATION, version=2, queues=queues)
    await office.give(routing.ApplyConfiguration, configuration=configuration)
    office.hub.publish_boards()
    await ann.catch_up()
    await sue.catch_up()
    assert ann.me["queues"] == ["repair"]
    assert "queue/billing" not in sue.store


# --- the wall between tenants -----------------------------------------------------------------------------------------


async def test_nothing_of_another_tenant_is_visible(office: Office) -> None:
    sue = await office.supervisor(TENANT)
    both = await office.working("both")
    await call(office, "secret", "foreign", tenant_id=OTHER_TENANT)
    await answer(office, "secret")
    await call(office, "secret-2", "foreign", tenant_id=OTHER_TENANT)
    office.hub.publish_boards()
    await sue.catch_up()
    await both.catch_up()
    assert "contact/secret" in both.store
    assert sue.store["agent/both"]["state"] == "busy"
    assert sue.store["agent/both"]["contact_id"] is None
    assert sue.store["agent/both"]["tenant_ids"] == [TENANT]
    for trace in ("secret", "foreign", "'eve'", "/eve", OTHER_TENANT):
        assert trace not in str(sue.store)


async def test_supervisors_of_two_tenants_see_each_their_own(office: Office) -> None:
    mine, theirs = await office.supervisor(TENANT), await office.supervisor(OTHER_TENANT)
    assert {key for key in mine.store if key.startswith("queue/")} == {"queue/repair", "queue/billing"}
    assert {key for key in theirs.store if key.startswith("queue/")} == {"queue/foreign"}
    assert {key for key in theirs.store if key.startswith("agent/")} == {"agent/both", "agent/eve"}


async def test_who_supervises_one_tenant_and_serves_another_supervises_only_the_one(office: Office) -> None:
    grants = (
        Grant(tenant_ids=(TENANT,), permissions=SUPERVISOR),
        Grant(tenant_ids=(OTHER_TENANT,), permissions=("desk.use",)),
    )
    sue = await office.open("sue", boards=["floor"], given={"agent_id": None, "grants": grants})
    alarm_id = await alarmed(office, "foreign", OTHER_TENANT)
    await sue.catch_up()
    assert {key for key in sue.store if key.startswith("queue/")} == {"queue/repair", "queue/billing"}
    assert not {key for key in sue.store if key.startswith(("alarm/", "waiting/"))}
    forced = {"agent_id": "eve", "state": "away", "reason": "lunch"}
    assert (await sue.do("ForceAgentState", **forced))["code"] == "live.unknown_target"
    assert (await sue.do("TakeAlarm", alarm_id=alarm_id))["code"] == "live.unknown_target"


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("ForceAgentState", {"agent_id": "eve", "state": "away", "reason": "lunch"}),
        ("ForceAgentState", {"agent_id": "nobody", "state": "away", "reason": "lunch"}),
        ("StartMonitoring", {"agent_id": "eve", "mode": "listen"}),
        ("StartMonitoring", {"agent_id": "both", "mode": "listen"}),
    ],
)
async def test_a_supervisor_cannot_reach_over_to_another_tenant(
    office: Office, name: str, arguments: dict[str, Any]
) -> None:
    sue = await office.supervisor(TENANT)
    await office.working("both")
    await call(office, "secret", "foreign", tenant_id=OTHER_TENANT)
    await answer(office, "secret")
    assert (await sue.do(name, **arguments))["code"] == "live.unknown_target"


@pytest.mark.parametrize(("kind", "target"), [("queue", "foreign"), ("queue", "none"), ("agent", "eve")])
async def test_a_contact_is_not_transferred_out_of_its_tenant(office: Office, kind: str, target: str) -> None:
    tab = await talking(office)
    arguments = {"contact_id": "c-1", "kind": "blind", "target_kind": kind, "target": target}
    assert (await tab.do("StartTransfer", **arguments))["code"] == "live.unknown_target"


async def test_monitoring_belongs_to_the_supervisor_who_started_it(office: Office) -> None:
    tab, sue = await talking(office), await office.supervisor()
    await sue.must("StartMonitoring", agent_id="ann", mode="listen")
    office.hub.publish_boards()
    await sue.catch_up()
    await tab.catch_up()
    assert tab.store["contact/c-1"]["monitored"]
    (session,) = sue.store["agent/ann"]["monitoring"]
    assert (session["supervisor_id"], session["mode"]) == ("user-sue", "listen")
    max_ = await office.open("max", ("floor.view", "floor.monitor"), given={"agent_id": None})
    other = {"monitoring_id": session["monitoring_id"]}
    assert (await max_.do("ChangeMonitoring", mode="barge", **other))["code"] == "live.unknown_target"
    assert (await max_.do("StopMonitoring", **other))["code"] == "live.unknown_target"
    await sue.must("ChangeMonitoring", mode="whisper", **other)
    await sue.must("StopMonitoring", **other)
    await tab.catch_up()
    assert not tab.store["contact/c-1"]["monitored"]


async def test_a_forced_state_is_seen_by_the_agent(office: Office) -> None:
    ann, sue = await office.working("ann"), await office.supervisor()
    await sue.must("ForceAgentState", agent_id="ann", state="away", reason="lunch")
    await ann.catch_up()
    assert (ann.me["state"], ann.me["reason"]) == ("away", "lunch")


async def test_a_simulated_contact_marks_the_whole_centre_for_everybody(office: Office) -> None:
    tab = await office.open("bob")
    assert not tab.store["system"]["is_simulated"]
    await call(office, "c-1", is_simulated=True)
    await office.give(routing.EndContact, contact_id="c-1", ended_by="caller", cause="gone")
    office.hub.publish_boards()
    await tab.catch_up()
    assert tab.store["system"]["is_simulated"]


# --- alarms -----------------------------------------------------------------------------------------------------------


async def alarmed(office: Office, queue_id: str = "repair", tenant_id: str = TENANT) -> str:
    """Five callers have waited too long for too long; the alarm's id."""
    for number in range(5):
        await call(office, f"{queue_id}-{number}", queue_id, tenant_id=tenant_id)
    for _ in range(2):
        await pass_time(office, 70_000)
    (found,) = [alarm.alarm_id for alarm in office.house.switch.state.alarms.open() if alarm.queue_id == queue_id]
    return found


async def pass_time(office: Office, milliseconds: int) -> None:
    office.house.clock.advance_ms(milliseconds)
    await office.house.switch.step()
    office.hub.publish_boards()


async def test_an_alarm_comes_by_itself_with_everything_a_leader_needs(office: Office) -> None:
    sue = await office.supervisor(TENANT)
    asked_ms = office.house.clock.now_ms()
    alarm_id = await alarmed(office)
    await sue.catch_up()
    assert sue.store[f"alarm/{alarm_id}"] == {
        "alarm_id": alarm_id,
        "tenant_id": TENANT,
        "queue_id": "repair",
        "queue_name": {"zh": "repair队", "en": "repair"},
        "kind": "service_level",
        "since_ms": asked_ms + 70_000,
        "raised_ms": asked_ms + 140_000,
        "level": {"answered_in_time": 0, "asked": 5},
        "target": 8500,
        "threshold_s": 15,
        "owner_id": None,
        "owner_name": None,
        "acknowledged_ms": None,
        "silence_reason": None,
        "is_simulated": False,
    }


async def test_who_takes_an_alarm_is_named_to_all_others(office: Office) -> None:
    alarm_id = await alarmed(office)
    sue, lea = await office.supervisor(TENANT), await office.open("lea", ("floor.view",), boards=["alarms"])
    await sue.must("TakeAlarm", alarm_id=alarm_id)
    office.hub.publish_boards()
    await lea.catch_up()
    document = lea.store[f"alarm/{alarm_id}"]
    assert (document["owner_id"], document["owner_name"]) == ("user-sue", "Sue")
    assert document["acknowledged_ms"] == office.house.clock.now_ms()
    assert {key.partition("/")[0] for key in lea.store} == {"me", "system", "alarm"}


async def test_an_alarm_outlives_the_switch_and_is_gone_when_it_ends(office: Office) -> None:
    alarm_id = await alarmed(office)
    await office.restart()
    sue = await office.supervisor(TENANT)
    assert f"alarm/{alarm_id}" in sue.store
    for number in range(5):
        await office.give(routing.EndContact, contact_id=f"repair-{number}", ended_by="caller", cause="gone")
    for _ in range(2):
        await pass_time(office, 16 * 60_000)
    await sue.catch_up()
    assert f"alarm/{alarm_id}" not in sue.store


async def test_watching_alarms_is_not_handling_them(office: Office) -> None:
    alarm_id = await alarmed(office)
    lea = await office.open("lea", ("floor.view",), boards=["alarms"])
    for name in ("TakeAlarm", "AcknowledgeAlarm", "SilenceAlarm"):
        assert (await lea.do(name, alarm_id=alarm_id, reason="known_cause"))["code"] == "live.forbidden"
    ann = await office.open("ann", boards=["alarms"])
    assert not [key for key in ann.store if key.startswith("alarm/")]


async def test_alarms_of_another_tenant_do_not_exist(office: Office) -> None:
    alarm_id = await alarmed(office, "foreign", OTHER_TENANT)
    sue = await office.supervisor(TENANT)
    assert not [key for key in sue.store if key.startswith("alarm/")]
    assert (await sue.do("TakeAlarm", alarm_id=alarm_id))["code"] == "live.unknown_target"
    assert (await sue.do("TakeAlarm", alarm_id="of-yesterday"))["code"] == "routing.alarm_unknown"


async def test_who_serves_by_a_shared_pool_sees_the_contact_and_not_the_customer(office: Office) -> None:
    """And neither floor sees more: the client's not whose agent it is, the lender's not whom the agent serves."""
    lent = PoolConfiguration(
        pool_id="spare", tenant_id=OTHER_TENANT, name_zh="机动", name_en="Spare", client_tenant_ids=(TENANT,)
    )
    repair = msgspec.structs.replace(CONFIGURATION.queues[0], max_waiting=0, full_pool_id="spare")
    changed = msgspec.structs.replace(CONFIGURATION, version=2, queues=(repair, CONFIGURATION.queues[2]), pools=(lent,))
    await office.give(routing.ApplyConfiguration, configuration=changed)
    tab = await office.working("eve")
    client, lender = await office.supervisor(), await office.supervisor(OTHER_TENANT)
    await call(office, "c-1")
    await tab.catch_up()
    (offer,) = [shown for key, shown in tab.store.items() if key.startswith("offer/")]
    assert (offer["queue_name"]["en"], offer["customer_id"], offer["menu_path"]) == ("repair", None, [])
    await answer(office, "c-1")
    office.hub.publish_boards()
    for one in (tab, client, lender):
        await one.catch_up()
    assert (tab.store["contact/c-1"]["state"], tab.store["contact/c-1"]["customer_id"]) == ("talking", None)
    assert "agent/eve" not in client.store
    assert lender.store["agent/eve"]["state"] == "busy"
    assert "c-1" not in str(lender.store)
