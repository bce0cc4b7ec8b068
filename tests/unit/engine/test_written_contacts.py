"""Contacts in writing: web holds them, no node does; agents work on them in the browser, beside calls."""

from typing import Any

import pytest

from hotline.engine.boundary import Router
from hotline.engine.effects import effects_of
from hotline.engine.errors import (
    AtCapacityError,
    CallbackRefusedError,
    CallsOnlyError,
    CommandInvalidError,
    ContactUnknownError,
    WrongStateError,
)
from hotline.messages import routing as m
from tests.unit.engine.centre import Centre, agent, names, only, queue

MIXED = {"voice": 1, "chat": 3, "sms": 3, "form": 2}
BLIND: dict[str, Any] = {"transfer_id": "x1", "kind": "blind"}
CONSULT: dict[str, Any] = {"transfer_id": "x1", "kind": "consult"}


class Desk(Centre):
    """A centre whose contacts in writing are held by web, and which keeps every effect that a node is told."""

    def __init__(self, *people: str, **rules: Any) -> None:
        self.effects: list[Any] = []
        super().__init__([queue("water"), queue("bills")], [agent(one, capacity=MIXED) for one in people], **rules)

    def give(self, command: m.RoutingCommand) -> tuple[m.RoutingEvent, ...]:
        events = super().give(command)
        self.effects += [effect for event in events for effect in effects_of(event, self.router)]
        return events

    def write(self, contact_id: str, channel: str = "chat", **fields: Any) -> tuple[m.RoutingEvent, ...]:
        """A customer asks for a person in writing."""
        return self.call(contact_id, node_id=m.HOUSE_NODE, channel=channel, **fields)

    def accept(self, contact_id: str) -> tuple[m.RoutingEvent, ...]:
        """Whoever is offered it says yes on the desk."""
        return self.do(m.AcceptOffer, agent_id=self.offered_to(contact_id), offer_id=self.offer_of(contact_id))

    def converse(self, *contact_ids: str, channel: str = "chat") -> None:
        for contact_id in contact_ids:
            self.write(contact_id, channel)
            self.accept(contact_id)

    def lose(self, agent_id: str = "ann") -> tuple[m.RoutingEvent, ...]:
        return self.do(m.LoseAgentConnection, agent_id=agent_id, session_id=f"s-{agent_id}")

    def find(self, agent_id: str = "ann") -> tuple[m.RoutingEvent, ...]:
        return self.do(m.RestoreAgentConnection, agent_id=agent_id, session_id=f"s-{agent_id}")

    def restart(self) -> None:
        """The switch dies and comes back."""
        self.router = Router.restore(self.router.snapshot())


@pytest.fixture
def desk() -> Desk:
    """Ann is there, Bob and Cai may come."""
    desk = Desk("ann", "bob", "cai")
    desk.enter("ann")
    return desk


def test_a_chat_travels_from_asking_to_the_end_without_any_node(desk: Desk) -> None:
    desk.write("k1")
    assert names(desk.accept("k1")) == ["OfferAccepted", "ContactConnected", "AgentStateChanged"]
    desk.wait(30)
    ended = desk.do(m.EndContact, contact_id="k1", ended_by="caller", cause="left")
    assert only(ended, m.InteractionEnded).talk_ms == 30_000
    assert only(ended, m.ContactEnded).outcome == "handled"
    desk.do(m.FinishWrapUp, agent_id="ann", contact_id="k1")
    assert desk.state("ann") == ("available", None)
    assert desk.effects == []
    assert desk.router.nodes_in_use() == []


def test_what_happens_to_a_chat_later_asks_nothing_of_any_node_either(desk: Desk) -> None:
    desk.enter("bob")
    desk.write("k1")
    desk.do(m.RefuseOffer, agent_id="ann", offer_id=desk.offer_of("k1"))
    desk.accept("k1")
    desk.do(m.SetAgentState, agent_id="ann", state="available")
    desk.do(m.StartTransfer, **BLIND, agent_id="bob", contact_id="k1", target_kind="agent", target="ann")
    desk.wait(60)  # nobody takes it
    desk.do(m.EndContact, contact_id="k1", ended_by="caller", cause="left")
    assert desk.effects == []


def test_a_call_has_a_node(desk: Desk) -> None:
    with pytest.raises(CommandInvalidError, match="node"):
        desk.call("k1", node_id=m.HOUSE_NODE)


def test_nobody_speaks_for_the_house_as_if_it_were_a_node(desk: Desk) -> None:
    desk.converse("k1")
    before = desk.router.snapshot()
    patience = {"hold_after_ms": 1, "give_up_after_ms": 2, "clear_after_ms": 3}
    for command, fields in (
        (m.ReconcileNode, {"node_id": m.HOUSE_NODE, "contacts": ()}),
        (m.LoseNodeConnection, {"node_id": m.HOUSE_NODE, **patience}),
        (m.MoveCallbacks, {"node_id": m.HOUSE_NODE, "to_node_id": "n1"}),
        (m.MoveCallbacks, {"node_id": "n1", "to_node_id": m.HOUSE_NODE}),
    ):
        with pytest.raises(CommandInvalidError, match="node"):
            desk.do(command, **fields)
    assert desk.router.snapshot() == before


def test_the_loss_of_a_node_does_not_touch_what_is_in_writing(desk: Desk) -> None:
    desk.converse("k1")
    desk.write("k2")
    patience = {"hold_after_ms": 1_000, "give_up_after_ms": 2_000, "clear_after_ms": 3_000}
    desk.do(m.LoseNodeConnection, node_id="n1", **patience)
    desk.wait(5)
    desk.do(m.ReconcileNode, node_id="n1", contacts=())
    assert (desk.stage("k1"), desk.stage("k2")) == ("talking", "proposed")


# --- what only calls can ----------------------------------------------------------------------------------------------


def test_what_only_calls_can_is_refused_and_changes_nothing(desk: Desk) -> None:
    desk.enter("bob")
    desk.converse("k1")
    before = desk.router.snapshot()
    own = {"agent_id": "ann", "contact_id": "k1"}
    for command, fields in (
        (m.HoldContact, own),
        (m.LoseAgentLeg, own),
        (m.ResumeAgentLeg, own),
        (m.StartTransfer, {**own, **CONSULT, "target_kind": "agent", "target": "bob"}),
        (m.StartTransfer, {**own, **CONSULT, "target_kind": "queue", "target": "bills"}),
        (m.StartTransfer, {**own, **BLIND, "target_kind": "number", "target": "sealed"}),
        (m.StartMonitoring, {"monitoring_id": "m1", "supervisor_id": "u", "agent_id": "ann", "mode": "listen"}),
    ):
        with pytest.raises(CallsOnlyError):
            desk.do(command, **fields)
    assert desk.do(m.RetrieveContact, **own) == ()  # it was never held
    assert desk.router.snapshot() == before


def test_who_writes_is_not_called_back(desk: Desk) -> None:
    desk.configure([queue("water", callback_attempts=2)], [agent("ann", capacity=MIXED)])
    desk.converse("k1", "k2", "k3")
    desk.write("k4")
    with pytest.raises(CallbackRefusedError, match="no call"):
        desk.do(m.RequestCallback, contact_id="k4", number="sealed")
    with pytest.raises(CallbackRefusedError, match="no call"):
        desk.write("k5", callback="sealed")


def test_a_supervisor_listens_to_the_call_and_not_to_what_is_written_beside_it() -> None:
    desk = Desk("ann", interruptible=("chat",))
    desk.enter("ann")
    desk.converse("k1")
    desk.call("k2")
    desk.answer("k2")
    listening = {"monitoring_id": "m1", "supervisor_id": "u", "agent_id": "ann", "mode": "listen"}
    assert only(desk.do(m.StartMonitoring, **listening), m.MonitoringStarted).contact_id == "k2"


# --- passing on -------------------------------------------------------------------------------------------------------


def test_a_chat_is_passed_to_a_queue(desk: Desk) -> None:
    desk.enter("bob")
    desk.converse("k1")
    desk.do(m.StartTransfer, **BLIND, agent_id="ann", contact_id="k1", target_kind="queue", target="bills")
    assert desk.offered_to("k1") == "bob"
    desk.accept("k1")
    found = desk.router.contact("k1")
    assert found is not None
    assert (found.agent_id, found.queue_id) == ("bob", "bills")


def test_a_chat_is_passed_to_an_agent_who_has_room_and_to_nobody_else(desk: Desk) -> None:
    desk.enter("bob")
    to_bob = {**BLIND, "agent_id": "ann", "contact_id": "k1", "target_kind": "agent", "target": "bob"}
    desk.converse("k1")
    desk.call("c1")
    assert desk.offered_to("c1") == "bob"
    desk.answer("c1")
    with pytest.raises(AtCapacityError):
        desk.do(m.StartTransfer, **to_bob)
    desk.do(m.HangUpContact, agent_id="bob", contact_id="c1")
    desk.do(m.FinishWrapUp, agent_id="bob", contact_id="c1")
    desk.do(m.StartTransfer, **to_bob)
    assert desk.offered_to("k1") == "bob"


# --- the browser is gone ----------------------------------------------------------------------------------------------


def test_chats_of_an_agent_whose_browser_stays_away_go_before_everybody_else(desk: Desk) -> None:
    desk.converse("k1", "k2")
    desk.wait(5)
    assert names(desk.lose()) == ["AgentConnectionLost", "AgentLegLost", "AgentLegLost"]
    desk.write("k3", priority=99)
    assert desk.wait(9.999) == ()
    events = desk.wait(0.001)
    assert [event.contact_id for event in events if isinstance(event, m.ContactRequeued)] == ["k1", "k2"]
    assert only(events, m.AgentSignedOut).cause == "connection_lost"
    assert desk.state("ann") == ("signed_out", "connection_lost")
    desk.enter("bob")
    assert [desk.offered_to(one) for one in ("k1", "k2", "k3")] == ["bob", "bob", "bob"]
    offered = [
        event.contact_id for event in desk.log if isinstance(event, m.ContactOffered) and event.agent_id == "bob"
    ]
    assert offered == ["k1", "k2", "k3"]


def test_an_agent_who_is_back_in_time_goes_on(desk: Desk) -> None:
    desk.converse("k1", "k2")
    desk.wait(5)
    desk.lose()
    desk.wait(9)
    assert names(desk.find()) == ["AgentConnectionRestored", "AgentLegResumed", "AgentLegResumed"]
    assert desk.wait(60) == ()
    ended = only(desk.do(m.HangUpContact, agent_id="ann", contact_id="k1"), m.InteractionEnded)
    assert (ended.talk_ms, ended.hold_ms) == (65_000, 9_000)


def test_a_page_that_was_loaded_anew_goes_on_with_the_chats(desk: Desk) -> None:
    desk.converse("k1")
    desk.lose()
    desk.wait(9)
    events = desk.do(m.SignIn, agent_id="ann", session_id="s-new")
    assert names(events) == ["AgentSignedIn", "AgentLegResumed"]
    assert desk.wait(60) == ()
    assert desk.stage("k1") == "talking"


def test_taking_over_in_another_window_interrupts_nothing(desk: Desk) -> None:
    desk.converse("k1")
    assert names(desk.do(m.SignIn, agent_id="ann", session_id="s-new")) == ["AgentSignedIn"]
    assert desk.lose() == ()  # the window that was taken over
    assert desk.wait(60) == ()


@pytest.mark.parametrize("asked", ["sign_out", "force", "nothing"])
def test_chats_of_who_is_on_the_way_out_go_back_too_when_the_browser_is_gone(desk: Desk, asked: str) -> None:
    desk.converse("k1")
    if asked == "sign_out":
        desk.do(m.SignOut, agent_id="ann")
    elif asked == "force":
        desk.do(m.ForceAgentState, supervisor_id="u", agent_id="ann", state="signed_out", reason="drill")
    assert desk.stage("k1") == "talking"
    desk.lose()
    desk.wait(10)
    assert (desk.stage("k1"), desk.state("ann")[0]) == ("waiting", "signed_out")


@pytest.mark.parametrize("down_s", [3, 30])
def test_a_switch_that_restarts_in_between_keeps_the_grace(desk: Desk, down_s: int) -> None:
    desk.converse("k1")
    desk.lose()
    desk.wait(1)
    desk.now_ms += down_s * 1000
    desk.restart()
    if down_s < 9:
        assert desk.wait(9 - down_s - 0.001) == ()
    assert only(desk.wait(0.001), m.ContactRequeued).cause == "agent_lost"
    desk.enter("bob")
    assert desk.offered_to("k1") == "bob"


def test_a_chat_in_hand_counts_while_the_browser_is_gone(desk: Desk) -> None:
    desk.converse("k1", "k2", "k3")
    desk.lose()
    desk.write("k4")
    desk.find()
    assert desk.stage("k4") == "waiting"
    desk.do(m.EndContact, contact_id="k1", ended_by="caller", cause="left")
    desk.do(m.FinishWrapUp, agent_id="ann", contact_id="k1")
    assert desk.offered_to("k4") == "ann"


def test_a_customer_may_leave_while_the_browser_is_gone(desk: Desk) -> None:
    desk.converse("k1")
    desk.lose()
    ended = desk.do(m.EndContact, contact_id="k1", ended_by="caller", cause="left")
    assert only(ended, m.ContactEnded).outcome == "handled"
    assert desk.wait(60) == ()
    assert desk.state("ann") == ("wrap_up", None)


def test_a_call_by_telephone_goes_on_while_the_chat_beside_it_goes_back() -> None:
    desk = Desk("ann", interruptible=("chat",))
    desk.enter("ann")
    desk.converse("k1")
    desk.call("c1")
    desk.answer("c1")
    assert names(desk.lose()) == ["AgentConnectionLost", "AgentLegLost"]
    desk.wait(10)
    assert (desk.stage("k1"), desk.stage("c1")) == ("waiting", "talking")
    desk.do(m.EndContact, contact_id="c1", ended_by="caller", cause="x")
    desk.do(m.FinishWrapUp, agent_id="ann", contact_id="c1")
    assert desk.state("ann") == ("signed_out", "connection_lost")


def test_a_chat_whose_browser_is_gone_cannot_be_passed_on(desk: Desk) -> None:
    desk.enter("bob")
    desk.converse("k1")
    desk.lose()
    with pytest.raises(WrongStateError):
        desk.do(m.StartTransfer, **BLIND, agent_id="ann", contact_id="k1", target_kind="agent", target="bob")


def test_a_node_that_returns_takes_no_chat_out_of_an_agents_hands(desk: Desk) -> None:
    """As in tests and simulations, where a node may say that it carries one."""
    desk.call("k1", channel="chat")
    desk.accept("k1")
    assert desk.do(m.ReconcileNode, node_id="n1", contacts=(m.NodeContact("k1"),)) == ()


# --- capacity ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("channels", "taken"),
    [
        (("voice", "voice", "chat", "sms", "form"), ["voice"]),
        (("chat", "chat", "chat", "chat", "voice", "sms"), ["chat", "chat", "chat"]),
        (("chat", "sms", "sms", "sms", "voice", "chat"), ["chat", "sms", "sms"]),
        (("form", "form", "form", "sms"), ["form", "form"]),
        (("form", "sms", "form", "chat"), ["form", "sms"]),
    ],
)
def test_one_call_or_three_chats_or_one_chat_and_two_messages(desk: Desk, channels: Any, taken: list[str]) -> None:
    for number, channel in enumerate(channels):
        if channel == "voice":
            desk.call(f"k{number}")
        else:
            desk.write(f"k{number}", channel)
        if desk.offered_to(f"k{number}") is not None:
            (desk.answer if channel == "voice" else desk.accept)(f"k{number}")
    found = desk.router.agent("ann")
    assert found is not None
    contacts = [desk.router.contact(one) for one in found.contact_ids]
    assert [one.details.channel for one in contacts if one is not None] == taken


def test_a_form_waits_under_a_call_and_its_time_counts_as_hold() -> None:
    desk = Desk("ann", interruptible=("form",))
    desk.enter("ann")
    desk.converse("f1", channel="form")
    desk.wait(10)
    desk.call("c1")
    desk.answer("c1")
    (form,) = [one for one in desk.router.interactions_of("ann") if one.contact_id == "f1"]
    assert form.paused_since_ms == desk.now_ms
    assert form.is_interrupted
    desk.wait(20)
    desk.do(m.HangUpContact, agent_id="ann", contact_id="c1")
    desk.do(m.FinishWrapUp, agent_id="ann", contact_id="c1")
    desk.wait(5)
    ended = only(desk.do(m.HangUpContact, agent_id="ann", contact_id="f1"), m.InteractionEnded)
    assert (ended.talk_ms, ended.hold_ms) == (15_000, 20_000)


def test_forms_of_a_background_queue_are_served_when_little_is_going_on() -> None:
    people = [agent(one, capacity={"voice": 1, "form": 1}) for one in ("ann", "bob", "cai")]
    centre = Centre([queue("water"), queue("forms", is_background=True, reserve=1)], people)
    centre.enter("ann")
    form = {"node_id": m.HOUSE_NODE, "channel": "form"}
    centre.call("f1", "forms", **form)
    assert centre.stage("f1") == "waiting"
    centre.enter("bob")
    assert centre.offered_to("f1") is not None
    centre.call("f2", "forms", **form)
    assert centre.stage("f2") == "waiting"


# --- out of the queue, and why it waits -------------------------------------------------------------------------------


def test_a_customer_who_leaves_after_the_queue_has_let_them_go_ends_nothing(desk: Desk) -> None:
    desk.configure([queue("water", max_waiting=0)], [agent("ann", capacity={"voice": 1})])
    assert only(desk.write("k1"), m.ContactDiverted).cause == "full"
    assert desk.do(m.EndContact, contact_id="k1", ended_by="caller", cause="left") == ()
    with pytest.raises(ContactUnknownError):
        desk.do(m.EndContact, contact_id="never", ended_by="caller", cause="left")


def test_it_is_told_why_a_chat_waits(desk: Desk) -> None:
    desk.enter("bob")
    desk.call("c1")
    desk.answer("c1")
    desk.converse("k1", "k2", "k3")
    desk.write("k4")
    why = desk.router.why_waiting("k4")
    assert why is not None
    assert (why.able, why.ahead, why.is_node_away) == ({"busy": 2}, 0, False)


# --- a promised call-back ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("channel", "is_met"), [("chat", True), ("sms", False), ("form", False)])
def test_a_promised_call_back_is_met_where_the_customer_is_there(channel: str, is_met: bool) -> None:
    people = [agent("ann", capacity=MIXED), agent("bob", capacity={"voice": 1})]
    desk = Desk("ann")
    desk.configure([queue("water", callback_attempts=2)], people)
    desk.call("c1", caller_ref="me")
    desk.do(m.RequestCallback, contact_id="c1", number="sealed", not_before_ms=desk.now_ms + 3_600_000)
    desk.enter("ann")
    desk.write("k1", channel, caller_ref="me")
    assert ("CallbackMet" in names(desk.accept("k1"))) is is_met
