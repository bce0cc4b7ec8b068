"""What a node no longer holds has ended; what it holds goes on."""

from hotline.messages import routing as m
from tests.unit.engine.centre import Centre, names, only


def reconcile(centre: Centre, node_id: str, *held: m.NodeContact) -> tuple[m.RoutingEvent, ...]:
    return centre.do(m.ReconcileNode, node_id=node_id, contacts=held)


def test_missing_contacts_end_as_platform_failure_and_agents_wrap_up() -> None:
    centre = Centre()
    centre.enter("ann", "bob")
    centre.talk("talking")
    centre.call("ringing")
    centre.call("waiting")
    centre.call("elsewhere", node_id="n2")
    events = reconcile(centre, "n1")
    ended = [event for event in events if isinstance(event, m.ContactEnded)]
    assert [event.contact_id for event in ended] == ["talking", "ringing", "waiting"]
    assert {event.outcome for event in ended} == {"platform_failure"}
    assert {event.ended_by for event in ended} == {"platform"}
    assert centre.state("ann") == ("wrap_up", None)
    assert centre.offered_to("elsewhere") == "bob"


def test_contacts_that_are_held_go_on() -> None:
    centre = Centre()
    centre.enter("ann")
    centre.talk("k1")
    centre.call("k2")
    assert reconcile(centre, "n1", m.NodeContact("k1", ("ann",)), m.NodeContact("k2"), m.NodeContact("new")) == ()


def test_a_conversation_without_the_agents_leg_waits_for_its_return() -> None:
    centre = Centre()
    centre.enter("ann")
    centre.talk("k1")
    assert names(reconcile(centre, "n1", m.NodeContact("k1"))) == ["AgentLegLost"]
    assert reconcile(centre, "n1", m.NodeContact("k1")) == ()
    assert names(centre.do(m.ResumeAgentLeg, agent_id="ann", contact_id="k1")) == ["AgentLegResumed"]


def test_a_contact_in_wrap_up_is_not_missed() -> None:
    centre = Centre()
    centre.enter("ann")
    centre.talk("k1")
    centre.do(m.HangUpContact, agent_id="ann", contact_id="k1")
    assert reconcile(centre, "n1") == ()


def test_a_contact_may_be_asked_for_again_after_the_switch_forgot_it_but_not_after_it_ended() -> None:
    centre = Centre()
    events = centre.call("k1")
    assert only(events, m.ContactQueued).contact_id == "k1"
    assert centre.call("k1") == ()
    centre.do(m.EndContact, contact_id="k1", ended_by="caller", cause="x")
    assert centre.call("k1") == ()
