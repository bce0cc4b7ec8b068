"""What nodes are asked to do, event by event and after they come back."""

from collections.abc import Iterable
from typing import Any

import pytest

from hotline.engine.effects import effects_for_node, effects_of
from hotline.messages import effects as f
from hotline.messages import routing as m
from tests.unit.engine.centre import Centre, agent, queue


class Watched(Centre):
    """A centre that keeps the effects of each decision."""

    def give(self, command: m.RoutingCommand) -> tuple[m.RoutingEvent, ...]:
        events = super().give(command)
        self.keep(events)
        return events

    def wait(self, seconds: float) -> tuple[m.RoutingEvent, ...]:
        events = super().wait(seconds)
        self.keep(events)
        return events

    def keep(self, events: Iterable[m.RoutingEvent]) -> None:
        self.effects = [effect for event in events for effect in effects_of(event, self.router)]

    def said(self) -> list[str]:
        return [type(effect).__name__ for _, effect in self.effects]


@pytest.fixture
def centre() -> Watched:
    """Ann and bob are free."""
    centre = Watched([queue("water", offer_timeout_s=12), queue("bills", ("bills", 1))], [agent("ann"), agent("bob")])
    centre.enter("ann", "bob")
    return centre


def transfer(centre: Watched, kind: str, target_kind: str, target: str) -> tuple[m.RoutingEvent, ...]:
    to: dict[str, Any] = {"kind": kind, "target_kind": target_kind, "target": target}
    return centre.do(m.StartTransfer, transfer_id="x1", agent_id="ann", contact_id="k1", **to)


def test_an_offer_rings_the_agent_at_the_contacts_node(centre: Watched) -> None:
    centre.call("k1", node_id="n7")
    contact = centre.router.contact("k1")
    assert contact is not None
    assert contact.offer_id is not None
    offer = centre.router.offer(contact.offer_id)
    assert offer is not None
    expected = f.RingAgent(
        contact_id="k1",
        offer_id=contact.offer_id,
        agent_id="ann",
        timeout_s=12,
        interaction_id=offer.interaction_id,
    )
    assert centre.effects == [("n7", expected)]


def test_an_expired_offer_stops_ringing_and_rings_the_next(centre: Watched) -> None:
    centre.call("k1")
    centre.wait(12)
    assert centre.said() == ["StopRinging", "RingAgent"]


def test_a_caller_who_leaves_stops_everything(centre: Watched) -> None:
    centre.call("k1")
    centre.do(m.EndContact, contact_id="k1", ended_by="caller", cause="cancelled")
    assert centre.said() == ["StopRinging", "HangUp"]
    assert {node for node, _ in centre.effects} == {"n1"}


def test_answering_asks_nothing_since_the_node_has_bridged_already(centre: Watched) -> None:
    centre.talk("k1")
    assert centre.effects == []


def test_hold_and_hang_up(centre: Watched) -> None:
    centre.talk("k1")
    centre.do(m.HoldContact, agent_id="ann", contact_id="k1")
    assert centre.effects == [("n1", f.HoldCustomer(contact_id="k1", agent_id="ann"))]
    centre.do(m.RetrieveContact, agent_id="ann", contact_id="k1")
    assert centre.effects == [("n1", f.RetrieveCustomer(contact_id="k1", agent_id="ann"))]
    centre.do(m.HangUpContact, agent_id="ann", contact_id="k1")
    assert centre.effects == [("n1", f.HangUp(contact_id="k1", cause="agent_hung_up"))]


def test_a_lost_agent_lets_the_customer_hear_the_queue_again(centre: Watched) -> None:
    centre.talk("k1")
    centre.do(m.LoseAgentLeg, agent_id="ann", contact_id="k1")
    assert centre.effects == []
    centre.wait(10)
    assert centre.said() == ["PlayQueue", "RingAgent"]


@pytest.mark.parametrize(
    ("kind", "target_kind", "target", "said"),
    [
        ("blind", "queue", "water", ["PlayQueue", "RingAgent"]),
        ("blind", "agent", "bob", ["PlayQueue", "RingAgent"]),
        ("blind", "number", "sealed", ["StartTransferLeg", "ReleaseAgentLeg"]),
        ("consult", "agent", "bob", ["StartTransferLeg", "RingTransferTarget"]),
        ("consult", "queue", "water", ["StartTransferLeg", "RingTransferTarget"]),
        ("consult", "number", "sealed", ["StartTransferLeg"]),
    ],
)
def test_transfers_begin(centre: Watched, kind: str, target_kind: str, target: str, said: list[str]) -> None:
    centre.talk("k1")
    transfer(centre, kind, target_kind, target)
    assert centre.said() == said


def test_a_consultation_completes_or_is_cancelled_at_the_node(centre: Watched) -> None:
    centre.talk("k1")
    for last in (m.CancelTransfer, m.CompleteTransfer):
        transfer(centre, "consult", "agent", "bob")
        (offer_id,) = [effect.offer_id for _, effect in centre.effects if isinstance(effect, f.RingTransferTarget)]
        centre.do(m.AnswerOffer, offer_id=offer_id)
        assert centre.effects == []
        centre.do(last, agent_id="ann", transfer_id="x1")
        expected = f.CancelTransferLeg if last is m.CancelTransfer else f.CompleteTransferLeg
        assert centre.effects == [("n1", expected(contact_id="k1", transfer_id="x1", agent_id="ann"))]


def test_a_blind_transfer_that_returns_plays_the_queue_until_the_sender_answers(centre: Watched) -> None:
    centre.talk("k1")
    transfer(centre, "blind", "agent", "bob")
    centre.wait(12)
    assert centre.said() == ["StopRinging", "PlayQueue", "RingAgent"]


def test_the_caller_leaving_a_consultation_only_hangs_up(centre: Watched) -> None:
    centre.talk("k1")
    transfer(centre, "consult", "number", "sealed")
    centre.do(m.EndContact, contact_id="k1", ended_by="caller", cause="x")
    assert centre.said() == ["HangUp"]


def test_accepting_on_the_desk_answers_the_leg(centre: Watched) -> None:
    centre.call("k1")
    centre.do(m.AcceptOffer, agent_id="ann", offer_id=centre.offer_of("k1"))
    assert centre.said() == ["AnswerAgentLeg"]


def test_monitoring(centre: Watched) -> None:
    centre.talk("k1")
    who = {"monitoring_id": "m1", "supervisor_id": "u-sue"}
    centre.do(m.StartMonitoring, agent_id="ann", mode="listen", **who)
    started = f.StartMonitoringLeg(
        contact_id="k1", monitoring_id="m1", supervisor_user_id="u-sue", agent_id="ann", mode="listen"
    )
    assert centre.effects == [("n1", started)]
    centre.do(m.ChangeMonitoring, mode="barge", **who)
    assert centre.effects == [("n1", f.ChangeMonitoringLeg(contact_id="k1", monitoring_id="m1", mode="barge"))]
    centre.do(m.StopMonitoring, **who)
    assert centre.effects == [("n1", f.StopMonitoringLeg(contact_id="k1", monitoring_id="m1"))]


def test_a_node_that_comes_back_is_told_what_the_state_asks_of_it(centre: Watched) -> None:
    centre.talk("talking")
    centre.do(m.HoldContact, agent_id="ann", contact_id="talking")
    centre.call("ringing")
    centre.call("waiting")
    centre.call("elsewhere", node_id="n2")
    centre.call("gone")
    centre.do(m.EndContact, contact_id="gone", ended_by="caller", cause="x")
    held = [m.NodeContact("gone"), m.NodeContact("talking", ("ann",)), m.NodeContact("unheard of")]
    effects = effects_for_node("n1", centre.router, held)
    assert {node for node, _ in effects} == {"n1"}
    assert [(type(effect).__name__, effect.contact_id) for _, effect in effects] == [
        ("ForgetContact", "gone"),
        ("HoldCustomer", "talking"),
        ("PlayQueue", "ringing"),
        ("RingAgent", "ringing"),
        ("PlayQueue", "waiting"),
        ("StopRinging", "waiting"),
    ]


def test_a_node_that_comes_back_goes_on_with_transfers_and_monitoring(centre: Watched) -> None:
    centre.talk("k1")
    who = {"monitoring_id": "m1", "supervisor_id": "u-sue"}
    centre.do(m.StartMonitoring, agent_id="ann", mode="listen", **who)
    transfer(centre, "consult", "agent", "bob")
    effects = effects_for_node("n1", centre.router)
    assert [type(effect).__name__ for _, effect in effects] == [
        "StartTransferLeg",
        "RingTransferTarget",
        "StartMonitoringLeg",
    ]


def test_a_node_that_missed_the_end_of_a_hold_is_told_again(centre: Watched) -> None:
    centre.talk("k1")
    centre.do(m.HoldContact, agent_id="ann", contact_id="k1")
    centre.do(m.RetrieveContact, agent_id="ann", contact_id="k1")
    effects = [effect for _, effect in effects_for_node("n1", centre.router)]
    assert effects == [f.RetrieveCustomer(contact_id="k1", agent_id="ann")]
