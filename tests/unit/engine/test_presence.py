"""Signing in and out, connections, the agent's own state and the supervisor's."""

import pytest

from hotline.engine.errors import AgentUnknownError, AwayReasonUnknownError, SignedOutError
from hotline.messages import routing as m
from tests.unit.engine.centre import Centre, agent, names, only


def test_who_signs_in_is_away_until_they_say_available() -> None:
    centre = Centre()
    centre.call("k1")
    events = centre.do(m.SignIn, agent_id="ann", session_id="s1")
    assert names(events) == ["AgentSignedIn", "AgentStateChanged"]
    assert centre.state("ann") == ("away", "signed_in")
    assert centre.stage("k1") == "waiting"
    centre.do(m.SetAgentState, agent_id="ann", state="available")
    assert centre.offered_to("k1") == "ann"


def test_a_second_browser_takes_over_and_loses_nothing() -> None:
    centre = Centre()
    centre.enter("ann")
    centre.talk("k1")
    events = centre.do(m.SignIn, agent_id="ann", session_id="s2")
    assert names(events) == ["AgentSignedIn"]
    assert centre.do(m.SignIn, agent_id="ann", session_id="s2") == ()
    assert centre.state("ann") == ("busy", None)
    assert centre.do(m.LoseAgentConnection, agent_id="ann", session_id="s-ann") == ()
    assert names(centre.do(m.LoseAgentConnection, agent_id="ann", session_id="s2")) == ["AgentConnectionLost"]


def test_unknown_and_inactive_agents_cannot_sign_in() -> None:
    centre = Centre(agents=[agent("ann", is_active=False)])
    for agent_id in ("ann", "eve"):
        with pytest.raises(AgentUnknownError):
            centre.do(m.SignIn, agent_id=agent_id, session_id="s1")


def test_signing_out_without_work_is_at_once_and_twice_is_nothing() -> None:
    centre = Centre()
    centre.enter("ann")
    assert names(centre.do(m.SignOut, agent_id="ann")) == ["AgentSignedOut", "AgentStateChanged"]
    assert centre.do(m.SignOut, agent_id="ann") == ()
    centre.call("k1")
    assert centre.stage("k1") == "waiting"


def test_signing_out_during_work_takes_effect_after_wrap_up() -> None:
    centre = Centre()
    centre.enter("ann")
    centre.talk("k1")
    assert names(centre.do(m.SignOut, agent_id="ann")) == ["AgentStateRequested"]
    centre.do(m.HangUpContact, agent_id="ann", contact_id="k1")
    assert centre.state("ann") == ("wrap_up", None)
    events = centre.do(m.FinishWrapUp, agent_id="ann", contact_id="k1")
    assert names(events) == ["WrappedUp", "AgentSignedOut", "AgentStateChanged"]


def test_signing_out_while_ringing_passes_the_offer_on() -> None:
    centre = Centre()
    centre.enter("ann", "bob")
    centre.call("k1")
    events = centre.do(m.SignOut, agent_id="ann")
    assert only(events, m.OfferWithdrawn).cause == "signed_out"
    assert centre.state("ann")[0] == "signed_out"
    assert centre.offered_to("k1") == "bob"


def test_states_need_a_post() -> None:
    centre = Centre()
    with pytest.raises(SignedOutError):
        centre.do(m.SetAgentState, agent_id="ann", state="available")


@pytest.mark.parametrize("reason_id", [None, "nap", "signed_in"])
def test_away_needs_a_configured_reason(reason_id: str | None) -> None:
    centre = Centre()
    centre.enter("ann")
    with pytest.raises(AwayReasonUnknownError):
        centre.do(m.SetAgentState, agent_id="ann", state="away", reason_id=reason_id)


def test_without_configured_reasons_away_needs_none() -> None:
    centre = Centre(away_reasons=())
    centre.enter("ann")
    centre.do(m.SetAgentState, agent_id="ann", state="away")
    assert centre.state("ann") == ("away", None)
    with pytest.raises(AwayReasonUnknownError):
        centre.do(m.SetAgentState, agent_id="ann", state="away", reason_id="lunch")


def test_asking_for_the_present_state_is_nothing() -> None:
    centre = Centre()
    centre.enter("ann")
    assert centre.do(m.SetAgentState, agent_id="ann", state="available") == ()
    centre.do(m.SetAgentState, agent_id="ann", state="away", reason_id="lunch")
    assert centre.do(m.SetAgentState, agent_id="ann", state="away", reason_id="lunch") == ()
    assert names(centre.do(m.SetAgentState, agent_id="ann", state="away", reason_id="training")) == [
        "AgentStateChanged"
    ]


# --- the browser is gone ----------------------------------------------------------------------------------------------


def test_a_lost_browser_gets_no_offers_and_comes_back_as_it_was() -> None:
    centre = Centre()
    centre.enter("ann")
    events = centre.do(m.LoseAgentConnection, agent_id="ann", session_id="s-ann")
    assert names(events) == ["AgentConnectionLost", "AgentStateChanged"]
    assert centre.state("ann") == ("away", "connection_lost")
    assert centre.do(m.LoseAgentConnection, agent_id="ann", session_id="s-ann") == ()
    centre.call("k1")
    assert centre.stage("k1") == "waiting"
    events = centre.do(m.RestoreAgentConnection, agent_id="ann", session_id="s-ann")
    assert names(events)[:2] == ["AgentConnectionRestored", "AgentStateChanged"]
    assert centre.offered_to("k1") == "ann"
    assert centre.do(m.RestoreAgentConnection, agent_id="ann", session_id="s-ann") == ()


def test_signing_in_again_with_the_same_session_restores_too() -> None:
    centre = Centre()
    centre.enter("ann")
    centre.do(m.LoseAgentConnection, agent_id="ann", session_id="s-ann")
    centre.do(m.SignIn, agent_id="ann", session_id="s-ann")
    assert centre.state("ann") == ("available", None)


def test_lunch_survives_a_lost_browser() -> None:
    centre = Centre()
    centre.enter("ann")
    centre.do(m.SetAgentState, agent_id="ann", state="away", reason_id="lunch")
    assert names(centre.do(m.LoseAgentConnection, agent_id="ann", session_id="s-ann")) == ["AgentConnectionLost"]
    centre.do(m.RestoreAgentConnection, agent_id="ann", session_id="s-ann")
    assert centre.state("ann") == ("away", "lunch")


def test_a_browser_lost_while_ringing_passes_the_offer_on_without_blame() -> None:
    centre = Centre()
    centre.enter("ann", "bob")
    centre.call("k1")
    events = centre.do(m.LoseAgentConnection, agent_id="ann", session_id="s-ann")
    assert only(events, m.OfferWithdrawn).cause == "connection_lost"
    assert centre.offered_to("k1") == "bob"
    centre.do(m.RestoreAgentConnection, agent_id="ann", session_id="s-ann")
    assert centre.state("ann") == ("available", None)


def test_a_conversation_goes_on_without_the_browser() -> None:
    centre = Centre()
    centre.enter("ann")
    centre.talk("k1")
    assert names(centre.do(m.LoseAgentConnection, agent_id="ann", session_id="s-ann")) == ["AgentConnectionLost"]
    centre.wait(30)
    centre.do(m.EndContact, contact_id="k1", ended_by="caller", cause="x")
    centre.do(m.FinishWrapUp, agent_id="ann", contact_id="k1")
    assert centre.state("ann") == ("away", "connection_lost")


# --- the supervisor ---------------------------------------------------------------------------------------------------


def force(centre: Centre, state: str, reason: str = "drill") -> tuple[m.RoutingEvent, ...]:
    return centre.do(m.ForceAgentState, supervisor_id="u-sue", agent_id="ann", state=state, reason=reason)


def test_a_forced_state_names_its_reason_and_who_forced_it() -> None:
    centre = Centre()
    centre.enter("ann")
    changed = only(force(centre, "away"), m.AgentStateChanged)
    assert (changed.state, changed.reason, changed.actor_id) == ("away", "drill", "u-sue")
    changed = only(force(centre, "available", "enough"), m.AgentStateChanged)
    assert (changed.state, changed.reason, changed.actor_id) == ("available", "enough", "u-sue")


def test_force_never_cuts_a_conversation() -> None:
    centre = Centre()
    centre.enter("ann")
    centre.talk("k1")
    assert names(force(centre, "signed_out")) == ["AgentStateRequested"]
    assert centre.state("ann") == ("busy", None)
    centre.do(m.EndContact, contact_id="k1", ended_by="caller", cause="x")
    events = centre.do(m.FinishWrapUp, agent_id="ann", contact_id="k1")
    assert only(events, m.AgentSignedOut).cause == "forced"
    assert only(events, m.AgentStateChanged).actor_id == "u-sue"


def test_force_frees_an_agent_who_is_stuck_in_wrap_up() -> None:
    centre = Centre()
    centre.enter("ann")
    centre.talk("k1")
    centre.do(m.HangUpContact, agent_id="ann", contact_id="k1")
    centre.do(m.LoseAgentConnection, agent_id="ann", session_id="s-ann")
    events = force(centre, "signed_out")
    assert names(events) == ["AgentStateRequested", "WrappedUp", "AgentSignedOut", "AgentStateChanged"]
    assert centre.state("ann") == ("signed_out", "drill")


def test_forcing_out_while_ringing_passes_the_offer_on() -> None:
    centre = Centre()
    centre.enter("ann", "bob")
    centre.call("k1")
    force(centre, "signed_out")
    assert centre.offered_to("k1") == "bob"


def test_nobody_is_forced_to_work_who_is_not_there() -> None:
    centre = Centre()
    assert force(centre, "signed_out") == ()
    with pytest.raises(SignedOutError):
        force(centre, "available")
    before = centre.router.snapshot()
    with pytest.raises(SignedOutError):
        force(centre, "away", "a reason never heard before")
    assert centre.router.snapshot() == before


def test_a_forced_state_is_nobodys_doing_the_next_time() -> None:
    centre = Centre()
    centre.enter("ann")
    centre.talk("k1")
    centre.do(m.SetAgentState, agent_id="ann", state="away", reason_id="lunch")
    force(centre, "available")
    centre.do(m.HangUpContact, agent_id="ann", contact_id="k1")
    changed = only(centre.do(m.FinishWrapUp, agent_id="ann", contact_id="k1"), m.AgentStateChanged)
    assert (changed.reason, changed.actor_id) == ("drill", "u-sue")
    centre.talk("k2")
    centre.do(m.HangUpContact, agent_id="ann", contact_id="k2")
    changed = only(centre.do(m.FinishWrapUp, agent_id="ann", contact_id="k2"), m.AgentStateChanged)
    assert (changed.reason, changed.actor_id) == (None, None)


def test_two_agents_may_name_their_sessions_alike() -> None:
    centre = Centre()
    for agent_id in ("ann", "bob"):
        centre.do(m.SignIn, agent_id=agent_id, session_id="same")
    centre.do(m.SignOut, agent_id="ann")
    assert centre.router.agent("ann").session_id is None
    assert centre.router.agent("bob").session_id == "same"
    assert names(centre.do(m.LoseAgentConnection, agent_id="bob", session_id="same"))[0] == "AgentConnectionLost"
