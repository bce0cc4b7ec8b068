"""A node without a connection: its callers keep their places and are offered to nobody, nobody is blamed for what could
not ring, and one that stays away is given up (row JS-01)."""

from typing import Any

import msgspec
import pytest

from hotline.engine.boundary import Router
from hotline.engine.effects import effects_for_node
from hotline.engine.errors import WrongStateError
from hotline.kernel.errors import HotlineError
from hotline.messages import effects as f
from hotline.messages import routing as m
from tests.unit.engine.centre import Centre, agent, names, only, queue

HOLD_S, GIVE_UP_S, CLEAR_S = 5, 90, 900
AGENTS = ("ann", "bob", "cec", "dan")


def centre_of(*agent_ids: str, **rules: Any) -> Centre:
    centre = Centre([queue("water", **rules)], [agent(agent_id) for agent_id in agent_ids])
    centre.enter(*agent_ids)
    return centre


def lose(centre: Centre, node_id: str = "n1", *, is_judged_anew: bool = False) -> tuple[m.RoutingEvent, ...]:
    return centre.do(
        m.LoseNodeConnection,
        node_id=node_id,
        hold_after_ms=HOLD_S * 1000,
        give_up_after_ms=GIVE_UP_S * 1000,
        clear_after_ms=CLEAR_S * 1000,
        is_judged_anew=is_judged_anew,
    )


def restore(centre: Centre, node_id: str = "n1", *, but: tuple[str, ...] = ()) -> tuple[m.RoutingEvent, ...]:
    """The node is back with all that it had, but for some."""
    held = []
    for contact_id in centre.router.contact_ids_of_node(node_id):
        contact = centre.router.contact(contact_id)
        if contact is not None and contact_id not in but:
            held.append(m.NodeContact(contact_id, (contact.agent_id,) if contact.agent_id else ()))
    return centre.do(m.ReconcileNode, node_id=node_id, contacts=tuple(held))


def replay_is_the_same(centre: Centre) -> None:
    replica = Router()
    for event in msgspec.msgpack.decode(msgspec.msgpack.encode(centre.log), type=list[m.RoutingEvent]):
        replica.apply(event)
    live = centre.router.snapshot()
    assert replica.snapshot() == live
    assert Router.restore(live).snapshot() == live
    assert Router.restore(live).next_due_ms() == centre.router.next_due_ms()


def state_of_all(centre: Centre) -> set[str]:
    return {one.state for one in centre.router.agents()}


def test_callers_of_a_dead_node_put_nobody_away_and_the_other_site_is_served_within_30_s() -> None:
    """Four of its callers ring, four wait; all agents go on for the other node (row JS-01)."""
    centre = centre_of(*AGENTS, offer_timeout_s=15)
    asked = {f"dead{number}": centre.now_ms for number in range(8)}
    for contact_id in asked:
        centre.call(contact_id)
    lose(centre)
    centre.wait(HOLD_S)
    assert [centre.stage(contact_id) for contact_id in asked] == ["waiting"] * 8
    assert state_of_all(centre) == {"available"}
    for number in range(12):
        centre.call(f"living{number}", node_id="n2")
        assert centre.stage(f"living{number}") == "proposed"
        taker = centre.talk(f"more{number}", node_id="n2")
        centre.do(m.HangUpContact, agent_id=taker, contact_id=f"more{number}")
        centre.do(m.FinishWrapUp, agent_id=taker, contact_id=f"more{number}")
        centre.do(m.EndContact, contact_id=f"living{number}", ended_by="caller", cause="x")
        centre.wait(1)
    assert not [event for event in centre.log if isinstance(event, m.OfferExpired)]
    restore(centre)
    for contact_id, asked_ms in asked.items():
        contact = centre.router.contact(contact_id)
        assert contact is not None
        assert contact.asked_at_ms == asked_ms
    assert [contact_id for contact_id in asked if centre.offered_to(contact_id)] == list(asked)[:4]
    replay_is_the_same(centre)


def test_a_reconnect_of_a_moment_leaves_what_rings_ringing() -> None:
    centre = centre_of("ann")
    centre.call("k1")
    offer_id = centre.offer_of("k1")
    assert names(lose(centre)) == ["NodeConnectionLost"]
    assert lose(centre) == ()
    centre.wait(1)
    assert names(restore(centre)) == ["NodeConnectionRestored"]
    centre.wait(HOLD_S)
    assert centre.offer_of("k1") == offer_id
    assert restore(centre) == ()


def test_what_rang_is_withdrawn_without_blame_and_its_agent_takes_the_next_caller() -> None:
    centre = centre_of("ann")
    centre.call("dead")
    centre.wait(1)
    centre.call("living", node_id="n2")
    lose(centre)
    happened = centre.wait(HOLD_S)
    assert only(happened, m.OfferWithdrawn).cause == "node_lost"
    assert only(happened, m.NodeAbsent).step == "held"
    assert centre.offered_to("living") == "ann"


def test_an_offer_that_runs_out_before_its_node_is_held_blames_nobody() -> None:
    centre = centre_of("ann", offer_timeout_s=3)
    lose(centre)
    centre.call("dead")
    happened = centre.wait(3)
    assert only(happened, m.OfferWithdrawn).cause == "node_lost"
    assert "OfferExpired" not in names(happened)
    centre.wait(HOLD_S)
    assert centre.state("ann") == ("available", None)
    assert centre.stage("dead") == "waiting"


def test_who_calls_while_the_node_is_held_waits_too_and_all_come_back_in_their_order() -> None:
    centre = centre_of("ann")
    centre.talk("busy", node_id="n2")
    centre.call("first")
    lose(centre)
    centre.wait(HOLD_S)
    centre.call("other", node_id="n2")
    centre.call("late")
    assert centre.router.contact("late") is not None
    restore(centre)
    (view,) = centre.router.queues()
    assert view.waiting_ids == ("first", "other", "late")
    centre.do(m.HangUpContact, agent_id="ann", contact_id="busy")
    centre.do(m.FinishWrapUp, agent_id="ann", contact_id="busy")
    assert centre.offered_to("first") == "ann"
    replay_is_the_same(centre)


def test_what_the_node_has_lost_ends_and_the_rest_goes_on() -> None:
    centre = centre_of("ann")
    for contact_id in ("k1", "k2"):
        centre.call(contact_id)
    lose(centre)
    centre.wait(HOLD_S)
    events = restore(centre, but=("k1",))
    assert only(events, m.ContactEnded).contact_id == "k1"
    assert centre.offered_to("k2") == "ann"


def test_who_waits_for_one_agent_is_not_offered_either_and_is_when_the_node_is_back() -> None:
    centre = centre_of("ann", "bob", relationship_s=60)
    centre.talk("k0", node_id="n2", wanted_agent_id="ann")
    centre.call("dead", wanted_agent_id="ann")
    lose(centre)
    centre.wait(HOLD_S)
    centre.do(m.HangUpContact, agent_id="ann", contact_id="k0")
    centre.do(m.FinishWrapUp, agent_id="ann", contact_id="k0")
    assert centre.state("ann") == ("available", None)
    restore(centre)
    assert centre.offered_to("dead") == "ann"
    replay_is_the_same(centre)


def test_steps_of_waiting_rest_meanwhile_and_are_taken_when_the_node_is_back() -> None:
    centre = centre_of("ann", max_wait_s=20)
    centre.talk("busy", node_id="n2")
    centre.call("dead")
    lose(centre)
    centre.wait(40)
    assert centre.stage("dead") == "waiting"
    restore(centre)
    assert only(centre.wait(1), m.ContactDiverted).contact_id == "dead"


def test_they_do_not_fill_the_queue_for_those_who_can_be_served() -> None:
    centre = centre_of("ann", max_waiting=2)
    centre.talk("busy", node_id="n2")
    for number in range(2):
        centre.call(f"dead{number}")
    lose(centre)
    centre.wait(HOLD_S)
    for number in range(2):
        centre.call(f"living{number}", node_id="n2")
        assert centre.stage(f"living{number}") == "waiting"
    replay_is_the_same(centre)


def test_who_waited_at_a_node_that_stays_away_is_lost_and_reclaims_the_place_by_another() -> None:
    centre = centre_of("ann", reclaim_s=600)
    centre.talk("busy", node_id="n2")
    asked_ms = centre.now_ms
    centre.call("dead", caller_ref="caller-1")
    lose(centre)
    happened = centre.wait(GIVE_UP_S)
    ended = only(happened, m.ContactEnded)
    assert (ended.contact_id, ended.outcome, ended.ended_by) == ("dead", "platform_failure", "platform")
    assert ended.wait_ms == GIVE_UP_S * 1000
    again = only(centre.call("again", node_id="n2", caller_ref="caller-1"), m.ContactQueued)
    assert again.place_ms == asked_ms
    held = m.NodeContact("dead")
    centre.do(m.ReconcileNode, node_id="n1", contacts=(held,))
    assert f.ForgetContact(contact_id="dead") in [effect for _, effect in effects_for_node("n1", centre.router, [held])]
    replay_is_the_same(centre)


def test_an_agent_ends_a_conversation_whose_node_is_dead() -> None:
    centre = centre_of("ann")
    centre.talk("dead")
    lose(centre)
    centre.wait(GIVE_UP_S + 1)
    assert centre.state("ann") == ("busy", None)
    ended = only(centre.do(m.HangUpContact, agent_id="ann", contact_id="dead"), m.ContactEnded)
    assert ended.outcome == "handled"
    centre.do(m.FinishWrapUp, agent_id="ann", contact_id="dead")
    centre.call("living", node_id="n2")
    assert centre.offered_to("living") == "ann"


def test_conversations_that_nobody_ends_are_over_at_last_and_agents_wrap_up() -> None:
    centre = centre_of("ann", "bob")
    centre.talk("dead")
    centre.talk("outside")
    centre.do(
        m.StartTransfer,
        transfer_id="x1",
        agent_id="bob",
        contact_id="outside",
        kind="blind",
        target_kind="number",
        target="sealed",
    )
    lose(centre)
    happened = centre.wait(CLEAR_S)
    assert [event.step for event in happened if isinstance(event, m.NodeAbsent)] == ["held", "given_up", "cleared"]
    ended = {event.contact_id: event.outcome for event in happened if isinstance(event, m.ContactEnded)}
    assert ended == {"dead": "platform_failure", "outside": "platform_failure"}
    assert centre.state("ann") == ("wrap_up", None)
    assert centre.wait(10 * CLEAR_S) == ()
    replay_is_the_same(centre)


def test_conversations_go_on_when_the_node_is_back_after_it_was_given_up() -> None:
    centre = centre_of("ann")
    centre.talk("k1")
    lose(centre)
    centre.wait(GIVE_UP_S + 1)
    assert names(restore(centre)) == ["NodeConnectionRestored"]
    assert centre.stage("k1") == "talking"


@pytest.mark.parametrize("kind", ["blind", "consult"])
def test_nothing_is_passed_on_that_nobody_can_carry(kind: str) -> None:
    centre = centre_of("ann", "bob")
    centre.talk("k1")
    lose(centre)
    centre.wait(HOLD_S)
    passing = {"transfer_id": "x1", "agent_id": "ann", "contact_id": "k1", "kind": kind}
    with pytest.raises(WrongStateError):
        centre.do(m.StartTransfer, **passing, target_kind="agent", target="bob")
    restore(centre)
    centre.do(m.StartTransfer, **passing, target_kind="agent", target="bob")


@pytest.mark.parametrize("kind", ["blind", "consult"])
@pytest.mark.parametrize("target", [("agent", "bob"), ("queue", "water")])
def test_a_transfer_that_rings_is_off_and_nobody_else_is_rung_for_it(kind: str, target: tuple[str, str]) -> None:
    centre = centre_of("ann", "bob", "cec")
    centre.talk("k1")
    fields = {"agent_id": "ann", "contact_id": "k1", "kind": kind, "target_kind": target[0], "target": target[1]}
    centre.do(m.StartTransfer, transfer_id="x1", **fields)
    lose(centre)
    happened = centre.wait(HOLD_S)
    assert only(happened, m.OfferWithdrawn).cause == "node_lost"
    assert "ContactOffered" not in names(happened)
    assert centre.state("bob") == ("available", None)
    assert centre.stage("k1") == ("talking" if kind == "consult" else "waiting")
    replay_is_the_same(centre)


def promise(centre: Centre, contact_id: str) -> None:
    centre.call(contact_id)
    centre.do(m.RequestCallback, contact_id=contact_id, number="sealed")


def test_promised_call_backs_stay_and_another_node_makes_them() -> None:
    centre = centre_of("ann", callback_attempts=2)
    centre.talk("busy", node_id="n2")
    promise(centre, "k1")
    lose(centre)
    moving = {"node_id": "n1", "to_node_id": "n2"}
    centre.wait(HOLD_S)
    assert centre.do(m.MoveCallbacks, **moving) == ()
    centre.wait(GIVE_UP_S)
    assert centre.stage("k1") == "waiting"
    assert centre.router.nodes_given_up() == ["n1"]
    assert only(centre.do(m.MoveCallbacks, **moving), m.CallbackMoved).node_id == "n2"
    assert centre.router.node_of("k1") == "n2"
    centre.do(m.HangUpContact, agent_id="ann", contact_id="busy")
    centre.do(m.FinishWrapUp, agent_id="ann", contact_id="busy")
    assert centre.offered_to("k1") == "ann"
    held = m.NodeContact("k1")
    centre.do(m.ReconcileNode, node_id="n1", contacts=(held,))
    assert [effect for _, effect in effects_for_node("n1", centre.router, [held])] == [f.ForgetContact(contact_id="k1")]
    replay_is_the_same(centre)


def test_a_new_leader_judges_anew_what_it_could_not_have_heard() -> None:
    centre = centre_of("ann")
    centre.talk("busy", node_id="n2")
    centre.call("dead")
    lose(centre)
    centre.wait(GIVE_UP_S - 1)
    centre.router = Router.restore(centre.router.snapshot())
    assert names(lose(centre, is_judged_anew=True)) == ["NodeConnectionLost"]
    centre.wait(GIVE_UP_S - 1)
    assert centre.stage("dead") == "waiting"
    assert only(centre.wait(1), m.ContactEnded).contact_id == "dead"
    centre.wait(CLEAR_S)
    assert lose(centre, is_judged_anew=True) == ()
    replay_is_the_same(centre)


def test_who_cannot_wait_is_served_before_what_waits_for_a_quiet_hour() -> None:
    letters = queue("letters", is_background=True, reserve=1, background_s=3600)
    centre = Centre([queue("water"), letters], [agent("ann"), agent("bob")])
    centre.call("letter", "letters")
    centre.call("call")
    lose(centre)
    centre.wait(HOLD_S)
    centre.enter("ann", "bob")
    restore(centre)
    assert centre.offered_to("call") == "ann"
    assert centre.stage("letter") == "waiting"


def test_who_asks_why_it_waits_is_told() -> None:
    centre = centre_of("ann", max_wait_s=60)
    centre.talk("busy", node_id="n2")
    centre.call("dead")
    lose(centre)
    centre.wait(HOLD_S)
    why = centre.router.why_waiting("dead")
    assert why is not None
    assert (why.is_node_away, why.next_step) == (True, None)
    restore(centre)
    why = centre.router.why_waiting("dead")
    assert why is not None
    assert (why.is_node_away, why.next_step is not None) == (False, True)


def test_a_new_configuration_leaves_held_callers_where_they_are() -> None:
    centre = centre_of("ann")
    centre.talk("busy", node_id="n2")
    centre.call("dead")
    lose(centre)
    centre.wait(HOLD_S)
    centre.configure([queue("water", rank=2)], [agent("ann"), agent("bob")])
    centre.enter("bob")
    assert centre.state("bob") == ("available", None)
    restore(centre)
    assert centre.offered_to("dead") == "bob"


def test_a_snapshot_from_before_nodes_could_be_lost_is_read() -> None:
    centre = centre_of("ann")
    centre.call("dead")
    saved = msgspec.msgpack.decode(centre.router.snapshot())
    rows, name_columns = saved[1], saved[2]
    del rows["absent"]
    name_columns.pop()
    centre.router = Router.restore(msgspec.msgpack.encode(saved))
    lose(centre)
    centre.wait(HOLD_S)
    assert centre.stage("dead") == "waiting"
    assert centre.state("ann") == ("available", None)


def test_times_that_run_backwards_are_refused() -> None:
    centre = centre_of("ann")
    before = centre.router.snapshot()
    with pytest.raises(HotlineError, match="held first"):
        centre.do(m.LoseNodeConnection, node_id="n1", hold_after_ms=5, give_up_after_ms=4, clear_after_ms=9)
    assert centre.router.snapshot() == before
