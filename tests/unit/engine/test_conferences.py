"""An answered consultation becomes a conference: customer, sender and consulted side all talk, and either may leave."""

from typing import Any

import msgspec
import pytest

from hotline.engine.boundary import Router
from hotline.engine.effects import effects_for_node, effects_of
from hotline.engine.errors import NotYourTransferError, WrongStateError
from hotline.kernel.errors import HotlineError
from hotline.messages import effects as f
from hotline.messages import routing as m
from tests.unit.engine.centre import Centre, agent, names, only, queue


@pytest.fixture
def centre() -> Centre:
    """Ann has talked with k1 for 10 s; bob and cai are free."""
    centre = Centre([queue("water")], [agent("ann"), agent("bob"), agent("cai")])
    centre.enter("ann")
    centre.talk("k1")
    centre.enter("bob", "cai")
    centre.wait(10)
    return centre


def consult(centre: Centre, target_kind: str = "agent", target: str = "cai") -> None:
    """Ann consults, and is answered at once."""
    to: dict[str, Any] = {"kind": "consult", "target_kind": target_kind, "target": target}
    events = centre.do(m.StartTransfer, transfer_id="x1", agent_id="ann", contact_id="k1", **to)
    if target_kind == "number":
        centre.do(m.ReportTransferLeg, transfer_id="x1", outcome="answered")
    else:
        centre.do(m.AnswerOffer, offer_id=only(events, m.ContactOffered).offer_id)


def merge(centre: Centre, agent_id: str = "ann") -> tuple[m.RoutingEvent, ...]:
    return centre.do(m.MergeTransfer, agent_id=agent_id, transfer_id="x1")


def holder(centre: Centre) -> str | None:
    contact = centre.router.contact("k1")
    assert contact is not None
    return contact.agent_id


def ended(events: tuple[m.RoutingEvent, ...]) -> dict[str, tuple[int, int, str]]:
    """By agent: talk and hold in milliseconds, and who ended their part."""
    parts = [one for one in events if isinstance(one, m.InteractionEnded)]
    return {one.agent_id: (one.talk_ms, one.hold_ms, one.ended_by) for one in parts}


def test_all_three_talk_and_the_consulted_agents_interaction_begins(centre: Centre) -> None:
    consult(centre)
    centre.wait(4)
    events = merge(centre)
    assert names(events) == ["TransferMerged", "ContactConnected"]
    merged, connected = only(events, m.TransferMerged), only(events, m.ContactConnected)
    assert (merged.agent_id, merged.target_agent_id) == ("ann", "cai")
    assert connected.agent_id == "cai"
    assert centre.state("ann") == centre.state("cai") == ("busy", None)
    assert merge(centre) == ()


def test_from_the_merge_on_it_is_talk_and_no_longer_hold(centre: Centre) -> None:
    consult(centre)
    centre.wait(4)
    merge(centre)
    centre.wait(7)
    events = centre.do(m.EndContact, contact_id="k1", ended_by="caller", cause="x")
    assert ended(events) == {"ann": (17_002, 4_000, "caller"), "cai": (7_000, 0, "caller")}


def test_a_customer_on_hold_hears_the_sender_again_in_the_conference(centre: Centre) -> None:
    centre.do(m.HoldContact, agent_id="ann", contact_id="k1")
    centre.wait(3)
    consult(centre)
    merge(centre)
    centre.wait(2)
    events = centre.do(m.EndContact, contact_id="k1", ended_by="caller", cause="x")
    assert ended(events)["ann"] == (12_002, 3_000, "caller")


@pytest.mark.parametrize("command", ["complete", "hang up"])
def test_the_sender_leaves_and_the_customer_stays_with_the_consulted(centre: Centre, command: str) -> None:
    consult(centre)
    merge(centre)
    centre.wait(5)
    if command == "complete":
        events = centre.do(m.CompleteTransfer, agent_id="ann", transfer_id="x1")
    else:
        events = centre.do(m.HangUpContact, agent_id="ann", contact_id="k1")
    assert names(events) == ["TransferCompleted", "InteractionEnded", "WrapUpStarted", "AgentStateChanged"]
    assert holder(centre) == "cai"
    assert centre.state("ann") == ("wrap_up", None)
    centre.wait(6)
    events = centre.do(m.HangUpContact, agent_id="cai", contact_id="k1")
    assert ended(events) == {"cai": (11_000, 0, "agent")}
    assert only(events, m.ContactEnded).outcome == "handled"


@pytest.mark.parametrize(
    ("command", "cause", "ended_by"),
    [
        (m.HangUpContact, "target_left", "agent"),
        (m.LoseAgentLeg, "target_left", "platform"),
        (m.CancelTransfer, "cancelled", "agent"),
    ],
)
def test_the_consulted_agent_leaves_and_wraps_up(centre: Centre, command: type[Any], cause: str, ended_by: str) -> None:
    consult(centre)
    merge(centre)
    centre.wait(5)
    if command is m.CancelTransfer:
        events = centre.do(command, agent_id="ann", transfer_id="x1")
    else:
        events = centre.do(command, agent_id="cai", contact_id="k1")
    assert only(events, m.TransferFailed).cause == cause
    assert ended(events) == {"cai": (5_000, 0, ended_by)}
    assert centre.state("cai") == ("wrap_up", None)
    assert (holder(centre), centre.state("ann")) == ("ann", ("busy", None))
    centre.do(m.HoldContact, agent_id="ann", contact_id="k1")
    centre.do(m.RetrieveContact, agent_id="ann", contact_id="k1")


def test_the_customer_hanging_up_ends_it_for_all(centre: Centre) -> None:
    consult(centre)
    merge(centre)
    events = centre.do(m.EndContact, contact_id="k1", ended_by="caller", cause="x")
    assert only(events, m.ContactEnded).outcome == "handled"
    assert centre.state("ann") == centre.state("cai") == ("wrap_up", None)
    for agent_id in ("cai", "ann"):
        centre.do(m.FinishWrapUp, agent_id=agent_id, contact_id="k1")
        assert centre.state(agent_id) == ("available", None)
    assert centre.router.contact("k1") is None


def test_a_sender_who_vanishes_leaves_the_customer_to_the_consulted(centre: Centre) -> None:
    consult(centre)
    merge(centre)
    centre.do(m.LoseAgentLeg, agent_id="ann", contact_id="k1")
    centre.wait(3)
    centre.do(m.ResumeAgentLeg, agent_id="ann", contact_id="k1")
    assert holder(centre) == "ann"
    centre.do(m.LoseAgentLeg, agent_id="ann", contact_id="k1")
    centre.wait(10)
    assert holder(centre) == "cai"
    assert centre.state("ann") == ("signed_out", "connection_lost")


def test_a_conference_with_an_outside_number(centre: Centre) -> None:
    consult(centre, "number", "sealed")
    assert names(merge(centre)) == ["TransferMerged"]
    events = centre.do(m.ReportTransferLeg, transfer_id="x1", outcome="ended", cause="normal")
    assert only(events, m.TransferFailed).cause == "normal"
    assert holder(centre) == "ann"


def test_a_sender_who_leaves_an_outside_number_leaves_the_customer_with_it(centre: Centre) -> None:
    consult(centre, "number", "sealed")
    merge(centre)
    centre.do(m.CompleteTransfer, agent_id="ann", transfer_id="x1")
    assert centre.stage("k1") == "outside"
    events = centre.do(m.ReportTransferLeg, transfer_id="x1", outcome="ended")
    assert only(events, m.ContactEnded).outcome == "transferred_out"


def test_who_is_listened_to_stays_listened_to_when_the_other_leaves(centre: Centre) -> None:
    consult(centre)
    merge(centre)
    for supervisor, agent_id in (("u1", "ann"), ("u2", "cai")):
        fields = {"supervisor_id": supervisor, "agent_id": agent_id, "mode": "listen"}
        centre.do(m.StartMonitoring, monitoring_id=f"m-{agent_id}", **fields)
    events = centre.do(m.HangUpContact, agent_id="cai", contact_id="k1")
    assert only(events, m.MonitoringStopped).monitoring_id == "m-cai"
    assert [one.monitoring_id for one in centre.router.monitorings()] == ["m-ann"]


@pytest.mark.parametrize(
    ("state", "error"),
    [
        ("ringing", WrongStateError),
        ("blind", WrongStateError),
        ("handed on", WrongStateError),
        ("leg lost", WrongStateError),
        ("somebody else's", NotYourTransferError),
    ],
)
def test_what_cannot_be_merged(centre: Centre, state: str, error: type[HotlineError]) -> None:
    to: dict[str, Any] = {"kind": "consult", "target_kind": "agent", "target": "cai"}
    if state == "ringing":
        centre.do(m.StartTransfer, transfer_id="x1", agent_id="ann", contact_id="k1", **to)
    elif state == "blind":
        centre.do(m.StartTransfer, transfer_id="x1", agent_id="ann", contact_id="k1", **{**to, "kind": "blind"})
    elif state == "handed on":
        consult(centre, "number", "sealed")
        centre.do(m.CompleteTransfer, agent_id="ann", transfer_id="x1")
    else:
        consult(centre)
    if state == "leg lost":
        centre.do(m.LoseAgentLeg, agent_id="ann", contact_id="k1")
    before = centre.router.snapshot()
    with pytest.raises(error):
        merge(centre, "bob" if state == "somebody else's" else "ann")
    assert centre.router.snapshot() == before


def test_a_restored_engine_goes_on_with_the_conference(centre: Centre) -> None:
    consult(centre)
    merge(centre)
    restored = Router.restore(centre.router.snapshot())
    transfer = restored.transfer("x1")
    assert transfer is not None
    assert transfer.is_merged
    hang_up = m.HangUpContact(command_id="c", at_ms=centre.now_ms, agent_id="ann", contact_id="k1")
    restored.decide(hang_up, centre.now_ms, centre.new_id)
    contact = restored.contact("k1")
    assert contact is not None
    assert contact.agent_id == "cai"


def test_a_snapshot_from_before_there_were_conferences_is_read(centre: Centre) -> None:
    consult(centre)
    fields = msgspec.msgpack.decode(centre.router.snapshot())
    length, *transfer = fields[1]["transfers"]
    assert (length, transfer[10:]) == (14, [0, 0, 0, 0])
    fields[1]["transfers"] = [10, *transfer[:10]]
    assert fields.pop()[2] == []  # who may call again
    assert fields.pop() == [{}, {}]  # who sits where, and which seats are out of order
    assert fields.pop() == {}  # why transfers came back
    restored = Router.restore(msgspec.msgpack.encode(fields))
    assert restored.snapshot() == centre.router.snapshot()


def test_the_node_bridges_all_three_and_is_told_again_after_a_break(centre: Centre) -> None:
    consult(centre)
    expected = f.MergeTransferLeg(contact_id="k1", transfer_id="x1", agent_id="ann")
    said = [effect for event in merge(centre) for effect in effects_of(event, centre.router)]
    assert said == [("n1", expected)]
    assert effects_for_node("n1", centre.router) == [("n1", expected)]
