"""Reserve teams: called in their order, at work after the call-up, sent back with hysteresis; each step logged with the
figures of the moment."""

from typing import Any

import pytest

from hotline.engine.errors import CommandInvalidError, TierCalledError, TierNotCalledError, TierUnknownError
from hotline.messages import routing as m
from hotline.messages.configuration import LadderConfiguration, TierConfiguration
from tests.unit.engine.centre import Centre, agent, names, queue

PEOPLE = (agent("ann", ("leaks", 1)), agent("bob", ("bills", 5)), agent("cai", ("bills", 5)), agent("dan"))


def tier(tier_id: str, *members: str, **settings: Any) -> TierConfiguration:
    given = {"trigger": "wait", "threshold": 30, "hold_s": 5, "stand_down": 10, "stand_down_s": 20, "call_up_s": 60}
    return TierConfiguration(
        tier_id=tier_id, name_zh="", name_en="", agent_ids=members, skills=(("leaks", 3),), **(given | settings)
    )


def centre_with(*tiers: TierConfiguration, **settings: Any) -> Centre:
    ladder = LadderConfiguration(ladder_id="reserve", tenant_id="t1", queue_ids=("water",), tiers=tiers)
    centre = Centre([queue("water", ("leaks", 1), offer_timeout_s=600, **settings)], PEOPLE, ladders=(ladder,))
    centre.enter("ann", "bob", "cai", "dan")
    return centre


def moves(events: Any) -> list[tuple[str, str]]:
    return [(event.tier_id, event.step) for event in events if isinstance(event, m.TierMoved)]


def finish(centre: Centre, agent_id: str, contact_id: str) -> None:
    centre.do(m.HangUpContact, agent_id=agent_id, contact_id=contact_id)
    centre.do(m.FinishWrapUp, agent_id=agent_id, contact_id=contact_id)


def test_a_team_is_called_after_the_hold_time_and_works_after_the_call_up() -> None:
    centre = centre_with(tier("first", "bob"))
    centre.talk("k0")
    centre.call("k1")
    assert moves(centre.wait(34)) == []
    called = centre.wait(4)
    assert moves(called) == [("first", "called")]
    (event,) = [one for one in called if isinstance(one, m.TierMoved)]
    assert (event.length, event.until_ms - event.at_ms) == (1, 60_000)
    assert 35 <= event.wait_s <= 37
    assert centre.offered_to("k1") is None
    assert moves(centre.wait(61)) == [("first", "started")]
    assert centre.offered_to("k1") == "bob"


def test_teams_are_called_in_their_order() -> None:
    centre = centre_with(tier("first", "bob"), tier("second", "cai"))
    centre.talk("k0")
    for number in range(1, 5):
        centre.call(f"k{number}")
    happened = moves(centre.wait(300))
    assert happened == [("first", "called"), ("first", "started"), ("second", "called"), ("second", "started")]
    assert (centre.offered_to("k1"), centre.offered_to("k2")) == ("bob", "cai")


def test_three_teams_come_one_after_the_other_the_first_within_two_minutes() -> None:
    """CQ-28's three tiers, with the times that a new ladder has: after a minute of hold, a minute to come."""
    tiers = [tier(name, member, hold_s=60) for name, member in (("1", "bob"), ("2", "cai"), ("3", "dan"))]
    centre = centre_with(*tiers)
    centre.talk("k0")
    for number in range(1, 6):
        centre.call(f"k{number}")
    began_ms = centre.now_ms + 30_000  # when the longest wait goes beyond its limit
    centre.wait(420)
    started = [(event.tier_id, event.at_ms) for event in centre.log if isinstance(event, m.TierMoved)]
    assert [name for name, _ in started] == ["1", "1", "2", "2", "3", "3"]
    assert started[1][1] - began_ms <= 122_000
    assert [centre.offered_to(f"k{number}") for number in range(1, 4)] == ["bob", "cai", "dan"]


def test_a_teams_hold_time_begins_when_the_one_before_it_works() -> None:
    centre = centre_with(
        tier("first", "bob", call_up_s=0),
        tier("second", "cai", trigger="length", threshold=1, stand_down=0, hold_s=600, call_up_s=0),
    )
    centre.talk("k0")
    for number in range(1, 4):
        centre.call(f"k{number}")
    centre.wait(60)  # the first works, the second's ten minutes have begun
    centre.do(m.StandDownTier, tier_id="first", supervisor_id="sue")
    for number in range(1, 4):
        centre.do(m.EndContact, contact_id=f"k{number}", ended_by="caller", cause="x")
    centre.wait(1200)
    for number in range(4, 7):
        centre.call(f"k{number}")
    assert moves(centre.wait(300)) == [("first", "started")]


def test_a_team_whose_ladder_is_taken_away_while_it_works_stands_down_in_the_log() -> None:
    centre = centre_with(tier("first", "bob", call_up_s=0), tier("second", "cai"))
    centre.talk("k0")
    centre.call("k1")
    centre.wait(40)
    events = centre.configure([queue("water", ("leaks", 1), offer_timeout_s=600)], PEOPLE)
    assert moves(events) == [("first", "stood_down")]
    (gone,) = [event for event in events if isinstance(event, m.TierMoved)]
    assert gone.length == 0  # it had taken who waited
    assert centre.offered_to("k1") is None  # and what rang goes back
    again = centre_with(tier("first", "bob", call_up_s=0))
    again.talk("k0")
    again.call("k1")
    again.wait(40)
    ladder = LadderConfiguration(
        ladder_id="reserve", tenant_id="t1", queue_ids=("water",), tiers=(tier("first", "bob", call_up_s=0),)
    )
    kept = again.configure([queue("water", ("leaks", 1), offer_timeout_s=600)], PEOPLE, ladders=(ladder,))
    assert moves(kept) == []


def test_a_team_stands_down_when_it_has_been_good_for_long_enough_and_gives_its_skills_back() -> None:
    centre = centre_with(tier("first", "bob", call_up_s=0))
    centre.talk("k0")
    centre.call("k1")
    centre.wait(40)
    assert centre.offered_to("k1") == "bob"
    centre.answer("k1")
    assert moves(centre.wait(15)) == []
    assert moves(centre.wait(10)) == [("first", "stood_down")]
    finish(centre, "bob", "k1")
    centre.call("k2")
    assert centre.offered_to("k2") is None


def test_what_rings_at_a_team_that_stands_down_goes_to_others() -> None:
    centre = centre_with(tier("first", "bob", call_up_s=0, trigger="length", threshold=1, stand_down=1))
    centre.talk("k0")
    centre.call("k1")
    centre.call("k2")
    centre.wait(7)
    assert centre.offered_to("k1") == "bob"
    centre.wait(25)
    assert moves(centre.log)[-1] == ("first", "stood_down")
    assert (centre.offered_to("k1"), centre.stage("k1")) == (None, "waiting")


def test_it_does_not_go_to_and_fro_between_trigger_and_stand_down() -> None:
    """Three wait: more than the two that call the team, and not the one at which it goes back."""
    centre = centre_with(tier("first", "dan", call_up_s=0, trigger="length", threshold=3, stand_down=1))
    centre.talk("k0")
    for number in range(1, 5):
        centre.call(f"k{number}")
    centre.wait(120)  # dan takes one, three are left
    assert moves(centre.log) == [("first", "started")]


@pytest.mark.parametrize(("trigger", "threshold", "stand_down"), [("service_level", 8_000, 9_000)])
def test_a_bad_service_level_calls(trigger: str, threshold: int, stand_down: int) -> None:
    centre = centre_with(tier("first", "bob", trigger=trigger, threshold=threshold, stand_down=stand_down))
    centre.talk("k0")  # answered in time
    centre.call("k1")
    centre.call("k2")
    assert moves(centre.wait(14)) == []  # nobody has missed the target yet
    called = [one for one in centre.wait(10) if isinstance(one, m.TierMoved)]
    assert [(one.step, one.service_level) for one in called] == [("called", 3_333)]


def test_callers_who_give_up_call() -> None:
    centre = centre_with(tier("first", "bob", trigger="abandoned", threshold=1_000, stand_down=500))
    centre.talk("k0")
    centre.call("k1")
    centre.do(m.EndContact, contact_id="k1", ended_by="caller", cause="x")
    assert moves(centre.wait(7)) == [("first", "called")]


def test_a_team_at_work_goes_on_after_a_snapshot_and_a_new_configuration() -> None:
    centre = centre_with(tier("first", "bob", call_up_s=0))
    centre.talk("k0")
    centre.call("k1")
    centre.call("k2")
    centre.wait(40)
    centre.router = type(centre.router).restore(centre.router.snapshot())
    assert [view.step for view in centre.router.tiers()] == ["started"]
    centre.answer("k1")
    finish(centre, "bob", "k1")
    assert centre.offered_to("k2") == "bob"


def test_quiet_ladders_are_not_looked_at() -> None:
    centre = centre_with(tier("first", "bob"))
    centre.wait(5)
    assert centre.router.next_due_ms() is None
    centre.call("k0")
    centre.do(m.EndContact, contact_id="k0", ended_by="caller", cause="x")
    centre.wait(16 * 60)
    assert centre.router.next_due_ms() is None
    assert "TierMoved" not in names(centre.log)


# --- by hand ----------------------------------------------------------------------------------------------------------


def by_hand(centre: Centre, tier_id: str = "first", kept_s: int = 0) -> list[m.TierMoved]:
    centre.do(m.CallTier, tier_id=tier_id, supervisor_id="sue", keep_until_ms=centre.now_ms + kept_s * 1000)
    return [event for event in centre.log if isinstance(event, m.TierMoved)]


def test_a_team_called_by_hand_comes_before_anybody_waits_too_long() -> None:
    centre = centre_with(tier("first", "bob"))
    centre.talk("k0")
    (called,) = by_hand(centre, kept_s=600)
    assert (called.step, called.actor_id, called.until_ms - called.at_ms) == ("called", "sue", 60_000)
    assert called.keep_until_ms == called.at_ms + 600_000
    centre.call("k1")
    (started,) = [event for event in centre.wait(61) if isinstance(event, m.TierMoved)]
    assert (started.step, started.actor_id, started.keep_until_ms) == ("started", None, called.keep_until_ms)
    assert centre.offered_to("k1") == "bob"


def test_a_kept_team_stays_while_all_is_good_and_then_goes_by_its_rule() -> None:
    centre = centre_with(tier("first", "bob", call_up_s=0))
    by_hand(centre, kept_s=300)
    assert moves(centre.wait(299)) == []
    assert moves(centre.wait(25)) == [("first", "stood_down")]


def test_a_team_higher_on_the_ladder_is_called_by_hand_and_the_ladder_goes_on_below_it() -> None:
    centre = centre_with(tier("first", "bob", call_up_s=0), tier("second", "cai"))
    centre.talk("k0")
    by_hand(centre, "second", kept_s=3600)
    assert moves(centre.wait(61)) == [("second", "started")]
    for number in (1, 2):
        centre.call(f"k{number}")
    assert centre.offered_to("k1") == "cai"
    assert moves(centre.wait(40)) == [("first", "started")]
    assert centre.offered_to("k2") == "bob"


def test_a_team_is_sent_back_by_hand_and_called_again_by_the_figures() -> None:
    centre = centre_with(tier("first", "bob", call_up_s=0))
    centre.talk("k0")
    by_hand(centre, kept_s=3600)
    centre.call("k1")
    assert centre.offered_to("k1") == "bob"
    centre.do(m.StandDownTier, tier_id="first", supervisor_id="sue")
    sent = [event for event in centre.log if isinstance(event, m.TierMoved)][-1]
    assert (sent.step, sent.actor_id, sent.keep_until_ms) == ("stood_down", "sue", 0)
    assert centre.offered_to("k1") is None
    assert moves(centre.wait(40)) == [("first", "started")]


def test_nobody_calls_what_is_called_nor_sends_back_what_is_not() -> None:
    centre = centre_with(tier("first", "bob"))
    with pytest.raises(TierNotCalledError):
        centre.do(m.StandDownTier, tier_id="first", supervisor_id="sue")
    by_hand(centre)
    with pytest.raises(TierCalledError):
        centre.do(m.CallTier, tier_id="first", supervisor_id="lea")
    with pytest.raises(TierUnknownError):
        centre.do(m.CallTier, tier_id="third", supervisor_id="lea")


def test_a_team_is_kept_for_a_day_at_most() -> None:
    centre = centre_with(tier("first", "bob"))
    much = centre.now_ms + 25 * 3_600_000
    with pytest.raises(CommandInvalidError):
        centre.do(m.CallTier, tier_id="first", supervisor_id="sue", keep_until_ms=much)
