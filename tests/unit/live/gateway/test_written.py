"""Contacts in writing on the desk: taken with a click, told of new messages, given up with the browser."""

from typing import Any

import pytest

from hotline.live.gateway.presence import CLOSED_MS
from hotline.messages import routing
from hotline.messages.conversations import ConversationNews, WrittenMessage
from tests.unit.live.gateway.desk import Office, Tab
from tests.unit.live.switch.house import CONFIGURATION, OTHER_TENANT, TENANT, agent, queue

MIXED = {"voice": 1, "chat": 3, "sms": 3, "form": 1}
WRITTEN = routing.RoutingConfiguration(
    version=2,
    queues=(queue("repair"), queue("billing")),
    agents=(agent("ann", capacity=MIXED), agent("bob", capacity=MIXED)),
    interruptible=("form",),
    away_reasons=CONFIGURATION.away_reasons,
)


@pytest.fixture
async def desk(office: Office) -> Tab:
    """Ann's page."""
    await office.give(routing.ApplyConfiguration, configuration=WRITTEN)
    return await office.working("ann")


async def ask(office: Office, contact_id: str, channel: str = "chat", **given: Any) -> None:
    now_ms = office.house.clock.now_ms()
    asked = {"tenant_id": TENANT, "queue_id": "repair", "asked_at_ms": now_ms, "arrived_at_ms": now_ms, **given}
    node_id = "node-1" if channel == "voice" else routing.HOUSE_NODE
    await office.give(routing.EnqueueContact, contact_id=contact_id, channel=channel, node_id=node_id, **asked)


async def accept(office: Office, tab: Tab, contact_id: str, channel: str = "chat") -> None:
    await ask(office, contact_id, channel)
    await tab.catch_up()
    offer = next(one for key, one in tab.store.items() if key.startswith("offer/"))
    assert (offer["contact_id"], offer["channel"]) == (contact_id, channel)
    await tab.must("AcceptOffer", offer_id=offer["offer_id"])


async def answer(office: Office, contact_id: str) -> None:
    contact = office.house.switch.state.router.contact(contact_id)
    assert contact is not None
    await office.give(routing.AnswerOffer, offer_id=contact.offer_id)


def news(office: Office, *messages: tuple[str, int]) -> None:
    told = tuple(WrittenMessage(contact_id, seq) for contact_id, seq in messages)
    office.house.switch.take_news(ConversationNews(command_id="n", messages=told))


async def round_of(office: Office) -> None:
    """Let the switch look at the clock."""
    await office.give(routing.RestoreAgentConnection, agent_id="bob", session_id="none")


def in_hand(tab: Tab) -> dict[str, Any]:
    return {key.removeprefix("contact/"): one for key, one in tab.store.items() if key.startswith("contact/")}


async def test_three_chats_are_taken_on_the_desk_and_no_fourth(office: Office, desk: Tab) -> None:
    for contact_id in ("k1", "k2", "k3"):
        await accept(office, desk, contact_id)
    await ask(office, "k4")
    await desk.catch_up()
    assert {key: (one["channel"], one["state"]) for key, one in in_hand(desk).items()} == dict.fromkeys(
        ("k1", "k2", "k3"), ("chat", "talking")
    )
    assert not any(key.startswith("offer/") for key in desk.store)
    sue = await office.supervisor()
    assert sue.store["waiting/k4"]["channel"] == "chat"


async def test_the_desk_is_told_how_far_a_conversation_goes(office: Office, desk: Tab) -> None:
    await accept(office, desk, "k1")
    await accept(office, desk, "k2")
    assert in_hand(desk)["k1"]["message_seq"] == 0
    news(office, ("k1", 2), ("k1", 1), ("k2", 1))
    await desk.until("Changes")
    assert {key: one["message_seq"] for key, one in in_hand(desk).items()} == {"k1": 2, "k2": 1}


async def test_what_was_written_while_waiting_is_known_when_it_is_taken(office: Office, desk: Tab) -> None:
    await ask(office, "k1")
    news(office, ("k1", 3))
    await desk.catch_up()
    offer = next(one for key, one in desk.store.items() if key.startswith("offer/"))
    await desk.must("AcceptOffer", offer_id=offer["offer_id"])
    assert in_hand(desk)["k1"]["message_seq"] == 3


async def test_news_of_what_nobody_holds_is_not_kept(office: Office, desk: Tab) -> None:
    news(office, ("k1", 9))
    await round_of(office)
    await accept(office, desk, "k1")
    assert in_hand(desk)["k1"]["message_seq"] == 0
    news(office, ("k1", 9))
    await desk.until("Changes")
    await desk.must("HangUpContact", contact_id="k1")
    await desk.must("FinishWrapUp", contact_id="k1")
    assert office.hub._views._message_seqs == {}


async def test_after_a_restart_a_page_asks_web_until_the_next_message(office: Office, desk: Tab) -> None:
    await accept(office, desk, "k1")
    news(office, ("k1", 4))
    await desk.until("Changes")
    await office.restart()
    again = await office.reopen(desk, "ann")
    await again.until("Snapshot")
    assert in_hand(again)["k1"]["message_seq"] == 0
    news(office, ("k1", 5))
    await again.until("Changes")
    assert in_hand(again)["k1"]["message_seq"] == 5


async def test_a_defect_in_showing_news_stops_nothing(
    office: Office, desk: Tab, monkeypatch: pytest.MonkeyPatch
) -> None:
    await accept(office, desk, "k1")
    monkeypatch.setattr(office.hub, "written", lambda messages: 1 / 0)
    news(office, ("k1", 1))
    await desk.must("HangUpContact", contact_id="k1")
    assert office.house.switch.metrics.listener_failures._value.get() == 1


async def test_what_only_calls_can_is_refused_in_words(office: Office, desk: Tab) -> None:
    await accept(office, desk, "k1")
    answer = await desk.do("HoldContact", contact_id="k1")
    assert (answer["type"], answer["code"]) == ("Failed", "routing.calls_only")
    assert "calls only" in answer["sentence"]


async def test_a_form_is_shown_as_held_while_its_agent_has_a_call(office: Office, desk: Tab) -> None:
    await accept(office, desk, "f1", "form")
    await ask(office, "c1", "voice")
    await answer(office, "c1")
    await desk.catch_up()
    assert {key: one["state"] for key, one in in_hand(desk).items()} == {"f1": "held", "c1": "talking"}
    await desk.must("HangUpContact", contact_id="c1")
    await desk.must("FinishWrapUp", contact_id="c1")
    assert in_hand(desk)["f1"]["state"] == "talking"


async def lose_browser(office: Office, tab: Tab) -> None:
    """The tab is closed and does not come back within the time of a reload."""
    tab.leave()
    office.house.clock.advance_ms(CLOSED_MS + 1)
    office.hub.sweep()
    await round_of(office)


async def test_chats_go_back_when_the_browser_stays_away(office: Office, desk: Tab) -> None:
    await accept(office, desk, "k1")
    await lose_browser(office, desk)
    bob = await office.working("bob")
    for _ in range(10):
        office.house.clock.advance_ms(1_000)
        await round_of(office)
    await bob.catch_up()
    assert [one["contact_id"] for key, one in bob.store.items() if key.startswith("offer/")] == ["k1"]
    ann = office.house.switch.state.router.agent("ann")
    assert ann is not None
    assert (ann.state, ann.reason) == ("signed_out", "connection_lost")


async def test_chats_go_on_when_the_page_is_there_again(office: Office, desk: Tab) -> None:
    await accept(office, desk, "k1")
    await lose_browser(office, desk)
    mirror = await office.open("ann", takes_over=False)
    assert in_hand(mirror)["k1"]["state"] == "leg_lost"
    again = await office.reopen(desk, "ann")
    await round_of(office)
    await again.catch_up()
    assert in_hand(again)["k1"]["state"] == "talking"


async def test_a_page_loaded_anew_takes_the_chats_over(office: Office, desk: Tab) -> None:
    await accept(office, desk, "k1")
    await lose_browser(office, desk)
    fresh = await office.open("ann")
    await round_of(office)
    await fresh.catch_up()
    assert in_hand(fresh)["k1"]["state"] == "talking"


async def test_a_supervisor_sees_and_hears_the_call_of_who_also_writes(office: Office, desk: Tab) -> None:
    await accept(office, desk, "f1", "form")
    sue = await office.supervisor()
    assert sue.store["agent/ann"]["contact_id"] == "f1"
    refused = await sue.do("StartMonitoring", agent_id="ann", mode="listen")
    assert (refused["type"], refused["code"]) == ("Failed", "routing.calls_only")
    await ask(office, "c1", "voice")
    await answer(office, "c1")
    await sue.must("StartMonitoring", agent_id="ann", mode="listen")
    office.hub.publish_boards()
    await sue.catch_up()
    shown = sue.store["agent/ann"]
    assert (shown["contact_id"], [one["mode"] for one in shown["monitoring"]]) == ("c1", ["listen"])


async def test_writing_for_another_tenant_keeps_nobody_from_hearing_the_own_call(office: Office) -> None:
    both = agent("both", TENANT, OTHER_TENANT, capacity=MIXED)
    queues = (queue("repair"), queue("foreign", OTHER_TENANT))
    shared = routing.RoutingConfiguration(version=2, queues=queues, agents=(both,), interruptible=("form",))
    await office.give(routing.ApplyConfiguration, configuration=shared)
    tab = await office.working("both")
    await ask(office, "f1", "form", queue_id="foreign", tenant_id=OTHER_TENANT)
    await tab.catch_up()
    await tab.must("AcceptOffer", offer_id=next(key[6:] for key in tab.store if key.startswith("offer/")))
    sue = await office.supervisor()
    assert sue.store["agent/both"]["contact_id"] is None
    await ask(office, "c1", "voice")
    await answer(office, "c1")
    await sue.must("StartMonitoring", agent_id="both", mode="listen")
    office.hub.publish_boards()
    await sue.catch_up()
    assert sue.store["agent/both"]["contact_id"] == "c1"


async def test_a_restart_of_the_switch_leaves_a_lost_browser_the_rest_of_its_time(office: Office, desk: Tab) -> None:
    await accept(office, desk, "k1")
    await lose_browser(office, desk)
    await office.restart()
    again = await office.reopen(desk, "ann")
    await round_of(office)
    await again.catch_up()
    assert in_hand(again)["k1"]["state"] == "talking"
