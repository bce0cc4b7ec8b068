"""Sites that fail, certificates that lapse: who may take what changes at that instant, and nobody is lost by it."""

from typing import Any

import msgspec
import pytest

from hotline.engine.boundary import Router
from hotline.engine.errors import SkillLapsedError
from hotline.messages import routing as m
from hotline.messages.configuration import LadderConfiguration, TierConfiguration
from tests.unit.engine.centre import START_MS, Centre, agent, names, only, queue


def two_sites() -> Centre:
    people = [agent(f"n{number}", site_id="nanjing") for number in range(2)]
    people += [agent(f"h{number}", site_id="huaian") for number in range(2)]
    return Centre([queue("water", offer_timeout_s=600)], people)


def test_the_longest_idle_at_either_site_is_chosen() -> None:
    centre = two_sites()
    centre.enter("h0", "n0", "h1", "n1")
    for number in range(4):
        centre.call(f"k{number}")
    assert [centre.offered_to(f"k{number}") for number in range(4)] == ["h0", "n0", "h1", "n1"]


def test_a_site_that_is_down_gets_nothing_and_what_rings_there_goes_to_the_other_with_its_wait() -> None:
    centre = two_sites()
    centre.enter("n0", "n1", "h0")
    asked_ms = centre.now_ms
    centre.call("k0")
    centre.call("k1")
    assert (centre.offered_to("k0"), centre.offered_to("k1")) == ("n0", "n1")
    centre.wait(5)
    down = centre.do(m.MarkSite, site_id="nanjing", is_down=True, supervisor_id="u-sue")
    assert names(down)[0] == "SiteMarked"
    assert [event.cause for event in down if isinstance(event, m.OfferWithdrawn)] == ["site_down", "site_down"]
    assert (centre.offered_to("k0"), centre.stage("k1")) == ("h0", "waiting")
    assert centre.state("n0")[0] == "available"  # nobody is to blame
    centre.wait(20)
    centre.enter("h1")
    centre.answer("k1")
    connected = only(centre.log, m.ContactConnected)
    assert (connected.agent_id, connected.wait_ms) == ("h1", centre.now_ms - asked_ms)
    assert centre.do(m.MarkSite, site_id="nanjing", is_down=True, supervisor_id="u-sue") == ()


def test_a_site_that_is_up_again_takes_its_share() -> None:
    centre = two_sites()
    centre.enter("n0")
    centre.do(m.MarkSite, site_id="nanjing", is_down=True, supervisor_id="u-sue")
    centre.call("k0")
    assert centre.stage("k0") == "waiting"
    centre.do(m.MarkSite, site_id="nanjing", is_down=False, supervisor_id="u-sue")
    assert centre.offered_to("k0") == "n0"


def test_conversations_of_a_site_that_is_down_go_on() -> None:
    centre = two_sites()
    centre.enter("n0")
    centre.talk("k0")
    centre.do(m.MarkSite, site_id="nanjing", is_down=True, supervisor_id="u-sue")
    assert centre.stage("k0") == "talking"


def test_a_site_whose_agents_all_vanish_is_routed_around_within_thirty_seconds() -> None:
    """Nobody marks anything: the gateway tells of each lost connection, at the latest after its grace time."""
    centre = two_sites()
    centre.enter("n0", "n1", "h0", "h1")
    centre.call("k0")
    centre.call("k1")
    asked_ms = centre.now_ms
    centre.wait(10)
    for agent_id in ("n0", "n1"):
        centre.do(m.LoseAgentConnection, agent_id=agent_id, session_id=f"s-{agent_id}")
    assert {centre.offered_to("k0"), centre.offered_to("k1")} == {"h0", "h1"}
    assert centre.now_ms - asked_ms <= 30_000


def test_a_site_stays_down_over_a_snapshot_and_a_new_configuration() -> None:
    centre = two_sites()
    centre.enter("n0")
    centre.do(m.MarkSite, site_id="nanjing", is_down=True, supervisor_id="u-sue")
    centre.router = type(centre.router).restore(centre.router.snapshot())
    people = [agent("n0", site_id="nanjing", weight=3)]
    centre.configure([queue("water")], people)
    assert centre.router.sites_down() == ["nanjing"]
    centre.call("k0")
    assert centre.stage("k0") == "waiting"


def certified(end_s: int) -> Centre:
    people = [agent("ann", ("gas", 3), skill_ends=(("gas", START_MS + end_s * 1000),)), agent("bob", ("gas", 1))]
    return Centre([queue("water", ("gas", 1), offer_timeout_s=600)], people)


def test_a_certificate_lapses_at_its_instant() -> None:
    centre = certified(60)
    centre.enter("ann")
    assert centre.wait(59.9) == ()
    lapsed = only(centre.wait(0.1), m.AgentSkillLapsed)
    assert (lapsed.agent_id, lapsed.skill_id, lapsed.at_ms) == ("ann", "gas", START_MS + 60_000)
    centre.call("k0")
    assert centre.stage("k0") == "waiting"


def test_what_rings_when_the_certificate_lapses_goes_to_somebody_who_has_it() -> None:
    centre = certified(60)
    centre.enter("ann")
    centre.wait(50)
    centre.call("k0")
    centre.enter("bob")
    assert centre.offered_to("k0") == "ann"
    centre.wait(10)
    assert centre.offered_to("k0") == "bob"


def test_a_conversation_goes_on_when_the_certificate_lapses() -> None:
    centre = certified(60)
    centre.enter("ann")
    centre.talk("k0")
    centre.wait(120)
    assert centre.stage("k0") == "talking"


def test_a_set_up_that_still_lists_a_lapsed_skill_does_not_give_it_back() -> None:
    centre = certified(60)
    centre.enter("ann")
    centre.wait(70)
    centre.call("k0")
    people = [agent("ann", ("gas", 9), skill_ends=(("gas", START_MS + 60_000),))]
    centre.configure([queue("water", ("gas", 1))], people)
    assert centre.stage("k0") == "waiting"


def test_a_lapse_is_told_once_whatever_is_configured_afterwards() -> None:
    centre = certified(60)
    centre.enter("ann")
    centre.wait(70)
    listed = [agent("ann", ("gas", 9), skill_ends=(("gas", START_MS + 60_000),))]
    for _ in range(3):
        assert m.AgentSkillLapsed not in map(type, centre.configure([queue("water", ("gas", 1))], listed))
    replica = Router()
    for event in centre.log:
        replica.apply(event)
    assert replica.snapshot() == centre.router.snapshot()


def reserve(*agent_ids: str) -> LadderConfiguration:
    """A team that is lent the skill as soon as somebody has waited for more than five seconds."""
    limits = {"trigger": "wait", "threshold": 5, "hold_s": 1, "stand_down": 1, "stand_down_s": 60, "call_up_s": 0}
    named = {"tier_id": "t", "name_zh": "", "name_en": "", "agent_ids": agent_ids, "skills": (("gas", 3),)}
    team = msgspec.convert({**named, **limits}, TierConfiguration)
    return LadderConfiguration(ladder_id="l", tenant_id="t1", queue_ids=("water",), tiers=(team,))


def test_a_reserve_team_is_not_lent_what_has_lapsed() -> None:
    ladders = (reserve("ann", "bob"),)
    people = [agent("ann", ("gas", 5), skill_ends=(("gas", START_MS + 1000),)), agent("bob")]
    centre = Centre([queue("water", ("gas", 1), offer_timeout_s=600)], people, ladders=ladders)
    centre.enter("ann", "bob")
    centre.wait(5)
    # A later set-up no longer lists the skill, only when it ended.
    later = [agent("ann", skill_ends=(("gas", START_MS + 1000),)), agent("bob")]
    centre.configure([queue("water", ("gas", 1), offer_timeout_s=600)], later, ladders=ladders)
    centre.call("k1")
    centre.call("k2")
    centre.wait(30)
    assert (centre.offered_to("k1"), centre.stage("k2")) == ("bob", "waiting")


def to_ann(centre: Centre, kind: str) -> None:
    names = {"agent_id": "bob", "contact_id": "k0", "transfer_id": "x1"}
    centre.do(m.StartTransfer, kind=kind, target_kind="agent", target="ann", **names)


@pytest.mark.parametrize("kind", ["blind", "consult"])
def test_nobody_passes_a_contact_on_to_a_colleague_whose_certificate_has_lapsed(kind: str) -> None:
    centre = certified(60)
    centre.enter("bob")
    centre.talk("k0")
    centre.enter("ann")
    centre.wait(61)
    before = centre.router.snapshot()
    with pytest.raises(SkillLapsedError):
        to_ann(centre, kind)
    assert centre.router.snapshot() == before


def test_who_never_had_the_skill_may_be_handed_the_contact_by_name() -> None:
    centre = Centre([queue("water", ("gas", 1))], [agent("ann"), agent("bob", ("gas", 1))])
    centre.enter("bob")
    centre.talk("k0")
    centre.enter("ann")
    to_ann(centre, "blind")
    assert centre.offered_to("k0") == "ann"


def test_what_was_passed_on_by_name_goes_back_when_the_certificate_lapses_before_the_answer() -> None:
    centre = certified(60)
    centre.enter("bob")
    centre.talk("k0")
    centre.enter("ann")
    centre.wait(55)
    to_ann(centre, "blind")
    assert centre.offered_to("k0") == "ann"
    centre.wait(6)
    assert centre.offered_to("k0") == "bob"


@pytest.mark.parametrize("what", ["skill", "ladder"])
def test_what_rings_goes_to_somebody_else_when_the_set_up_takes_the_skill_away(what: str) -> None:
    rules: dict[str, Any] = {"ladders": (reserve("ann"),)} if what == "ladder" else {}
    queues = [queue("water", ("gas", 1), offer_timeout_s=600, relationship_s=600)]
    bob = agent("bob", ("gas", 1))
    centre = Centre(queues, [agent("ann", *[("gas", 3)] * (what == "skill")), bob], **rules)
    centre.enter("ann")
    centre.call("k0")
    centre.wait(20)
    assert centre.offered_to("k0") == "ann"
    centre.call("k1", wanted_agent_id="ann")
    centre.enter("bob")
    centre.configure(queues, [agent("ann"), bob])
    assert centre.offered_to("k0") == "bob"
    waiting = centre.router.contact("k1")
    assert waiting is not None
    assert waiting.kept_for_id is None
    assert centre.state("ann") == ("available", None)
    replica = Router()
    for event in centre.log:
        replica.apply(event)
    assert replica.snapshot() == centre.router.snapshot()


def test_a_certificate_that_was_renewed_counts_and_lapses_anew() -> None:
    centre = certified(60)
    centre.enter("ann")
    centre.wait(70)
    renewed = [agent("ann", ("gas", 1), skill_ends=(("gas", START_MS + 100_000),))]
    centre.configure([queue("water", ("gas", 1))], renewed)
    centre.call("k0")
    assert centre.offered_to("k0") == "ann"
    assert only(centre.wait(60), m.AgentSkillLapsed).at_ms == START_MS + 100_000
