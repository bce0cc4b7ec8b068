"""A recorded day under the recorded set-up gives the recorded figures; under another one what that set-up would do."""

from collections.abc import Iterable
from itertools import count
from typing import Any

import msgspec
import pytest

from hotline.messages import routing as m
from hotline.messages.configuration import (
    LadderConfiguration,
    OverflowConfiguration,
    RoutingConfiguration,
    SeatConfiguration,
    SiteConfiguration,
    SkillConfiguration,
    TierConfiguration,
)
from hotline.simulation.errors import RecordingEmptyError
from hotline.simulation.moving import Move
from hotline.simulation.newcomers import duties_with_newcomers
from hotline.simulation.recording import Recorder
from hotline.simulation.what_if import Stretch, document, table
from tests.unit.engine.centre import Centre, agent, queue
from tests.unit.engine.seeded_day import Day
from tests.unit.simulation.recorded_day import BEGIN_MS, HOUR_MS, QUARTER_MS, RecordedDay, set_up

END_MS = BEGIN_MS + 3 * HOUR_MS
_BUSY = RecordedDay(set_up()).log


def asked(
    changed: RoutingConfiguration, log: Iterable[m.RoutingEvent] = _BUSY, seeds: Iterable[int] = (1, 2, 3)
) -> dict[str, Any]:
    """The document of the question what had been under `changed`."""
    stretch = Stretch(BEGIN_MS, END_MS)
    stretch.read(log)
    return document(stretch.compare(changed, seeds))


def figure(told: dict[str, Any], metric: str, queue_id: str = "*") -> dict[str, Any]:
    (row,) = [row for row in told["figures"] if (row["queue"], row["metric"]) == (queue_id, metric)]
    return dict(row)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_day_replayed_as_it_was_gives_its_own_figures(seed: int) -> None:
    """With everything recorded nothing is left to chance: counts to the contact, times to the millisecond."""
    set_up_then = set_up(water={"max_waiting": 6})
    told = asked(set_up_then, RecordedDay(set_up_then, seed=seed, missed=0).log)
    assert figure(told, "abandoned")["recorded"] > 30
    for row in told["figures"]:
        assert row["before"] == pytest.approx(row["recorded"], rel=1e-9), row
        assert row["difference"] == 0


SITES = tuple(
    SiteConfiguration(
        site_id=site_id,
        tenant_id="t1",
        name_zh="",
        name_en="",
        seats=tuple(SeatConfiguration(f"{site_id[0]}{number}", "") for number in range(1, 7)),
    )
    for site_id in ("nanjing", "huaian")
)
HELPERS = ("h1", "h2", "h3")


def with_reserve() -> RoutingConfiguration:
    """A day's house with a team that no figure calls: only people do."""
    helpers = TierConfiguration(
        tier_id="helpers",
        name_zh="",
        name_en="",
        agent_ids=HELPERS,
        trigger="wait",
        threshold=36_000,
        hold_s=60,
        stand_down=36_000,
        stand_down_s=60,
        skills=(("water", 5), ("bills", 5)),
    )
    ladder = LadderConfiguration(ladder_id="reserve", tenant_id="t1", queue_ids=("water", "bills"), tiers=(helpers,))
    house = set_up(9)
    extra = tuple(agent(name, ("letters", 1)) for name in HELPERS)
    return msgspec.structs.replace(house, agents=(*house.agents, *extra), ladders=(ladder,))


def test_a_reserve_team_called_by_hand_is_called_in_the_replay() -> None:
    """Before the stretch begins and within it, with how long it was to be kept; sent back by hand, too."""
    who = {"tier_id": "helpers", "supervisor_id": "lin"}
    minutes = 60_000
    kept = {**who, "keep_until_ms": BEGIN_MS + 20 * minutes}
    by_hand = (
        (-50 * minutes, m.CallTier, kept),
        (70 * minutes, m.CallTier, {**who, "keep_until_ms": BEGIN_MS + 200 * minutes}),
        (120 * minutes, m.StandDownTier, who),
    )
    log = RecordedDay(with_reserve(), missed=0, by_hand=by_hand).log
    steps = [(event.step, event.actor_id) for event in log if isinstance(event, m.TierMoved)]
    assert steps == [
        ("called", "lin"),
        ("started", None),
        ("stood_down", None),
        ("called", "lin"),
        ("started", None),
        ("stood_down", "lin"),
    ]
    told = asked(with_reserve(), log)
    for row in told["figures"]:
        assert row["before"] == pytest.approx(row["recorded"], rel=1e-9), row
    nobody = asked(msgspec.structs.replace(with_reserve(), ladders=()), log, seeds=(1,))
    assert nobody["refused_after"]["routing.tier_unknown"] == 3
    assert figure(nobody, "abandoned")["after"] > figure(nobody, "abandoned")["before"]


def test_missed_offers_cost_what_they_cost() -> None:
    """How long who missed one stays away is drawn: within five hundredths of the recorded figures."""
    log = RecordedDay(set_up(), missed=0.1).log
    told = asked(set_up(), log)
    for metric in ("answered", "service_level", "occupancy"):
        row = figure(told, metric)
        assert row["before"] == pytest.approx(row["recorded"], rel=0.05)


def test_more_agents_serve_sooner_and_fewer_later() -> None:
    more, fewer = asked(set_up(15)), asked(set_up(9))
    for metric, sign in (("service_level", 1), ("answered", 1), ("abandoned", -1), ("average_wait_s", -1)):
        assert figure(more, metric)["difference"] * sign > 0
        assert figure(fewer, metric)["difference"] * sign < 0
    assert figure(more, "occupancy")["after"] < figure(more, "occupancy")["before"]


def test_a_skill_for_everybody_helps_the_queue_that_needs_it() -> None:
    old = set_up()
    taught = msgspec.structs.replace(
        old, agents=tuple(msgspec.structs.replace(one, skills=(("water", 5), ("bills", 5))) for one in old.agents)
    )
    told = asked(taught)
    assert figure(told, "service_level", "bills")["difference"] > 0
    assert figure(told, "abandoned", "bills")["difference"] < 0


def test_a_short_queue_sends_people_away_and_an_overflow_elsewhere() -> None:
    full = asked(set_up(water={"max_waiting": 1}))
    assert figure(full, "blocked", "water")["after"] > 0 == figure(full, "blocked", "water")["before"]
    over = asked(set_up(bills={"overflows": (OverflowConfiguration(after_s=5, queue_id="water"),)}))
    assert figure(over, "overflowed", "bills")["after"] > 0 == figure(over, "overflowed", "bills")["before"]
    assert figure(over, "average_wait_s", "bills")["difference"] < 0


def test_a_queue_that_is_gone_takes_nobody() -> None:
    old = set_up()
    told = asked(msgspec.structs.replace(old, queues=old.queues[:1]))
    row = figure(told, "blocked", "bills")
    assert row["after"] == figure(told, "asked", "bills")["after"] == figure(told, "asked", "bills")["recorded"]
    assert told["refused_after"]["routing.queue_unknown"] > 0


def test_both_set_ups_meet_the_same_customers_and_a_seed_gives_the_same_answer() -> None:
    told = asked(set_up(15))
    assert figure(told, "asked")["before"] == figure(told, "asked")["after"] == figure(told, "asked")["recorded"]
    assert asked(set_up(15)) == told
    assert len(told["quarters"]) == (END_MS - BEGIN_MS) // QUARTER_MS
    assert sum(quarter["recorded"]["asked"] for quarter in told["quarters"]) == figure(told, "asked")["recorded"]


def test_the_table_names_queues_and_says_what_was_recorded() -> None:
    stretch = Stretch(BEGIN_MS, END_MS)
    stretch.read(_BUSY)
    shown = table(stretch.compare(set_up(15), (1,)), {"water": "Water"})
    assert "Water" in shown
    assert "as it was" in shown


def test_nothing_served_is_nothing_to_replay() -> None:
    stretch = Stretch(BEGIN_MS, END_MS, set_up())
    with pytest.raises(RecordingEmptyError):
        stretch.compare(set_up(), (1,))


def test_an_unruly_day_is_played_to_its_end() -> None:
    """Transfers, conferences, lost legs, sites, disaster mode, call-backs, changed set-ups: whatever there is."""
    day = Day(3, steps=3_000)
    day.run()
    begin_ms = day.centre.log[0].at_ms
    begin_ms += -begin_ms % QUARTER_MS
    stretch = Stretch(begin_ms, begin_ms + QUARTER_MS * 3)
    stretch.read(day.centre.log)
    configuration = stretch.configuration()
    assert configuration is not None
    told = document(stretch.compare(configuration, (1,)))
    row = figure(told, "asked")
    assert row["after"] == pytest.approx(row["recorded"], rel=0.05)
    assert told["left_out"]


# --- what is recorded ------------------------------------------------------------------------------------------------


def recorded(centre: Centre) -> Recorder:
    recorder = Recorder(centre.log[0].at_ms)
    for event in centre.log:
        recorder.apply(event)
    return recorder


def test_needs_and_points_that_the_rules_gave_are_not_the_customers_own() -> None:
    language = SkillConfiguration(skill_id="english", tenant_id="t1", kind="language", values=("en",))
    centre = Centre([queue("water", attributes={"language": "required"})], [agent("ann")], skills=(language,))
    centre.call("k1", language="en", needs=(m.SkillNeed("bills", 2),), priority=3)
    (caller,) = recorded(centre).recording().callers
    assert (caller.needs, caller.priority) == ((m.SkillNeed("bills", 2),), 3)


def test_a_transfer_to_a_queue_is_a_second_part_of_the_conversation() -> None:
    centre = Centre([queue("water"), queue("leaks")], [agent("ann"), agent("bob")])
    centre.enter("ann", "bob")
    centre.talk("k1")
    centre.wait(30)
    to = {"kind": "blind", "target_kind": "queue", "target": "leaks"}
    centre.do(m.StartTransfer, transfer_id="t", agent_id="ann", contact_id="k1", **to)
    centre.answer("k1")
    centre.wait(20)
    centre.do(m.EndContact, contact_id="k1", ended_by="caller", cause="hung_up")
    (caller,) = recorded(centre).recording().callers
    assert [(leg.talk_ms, leg.then) for leg in caller.legs] == [(30_000, "leaks"), (20_000, None)]


def test_who_was_there_before_is_there_from_the_beginning() -> None:
    centre = Centre()
    centre.enter("ann")
    centre.do(m.SignIn, agent_id="bob", session_id="s")
    centre.wait(600)
    centre.do(m.SignOut, agent_id="bob")
    begin_ms = centre.now_ms - 300_000
    recorder = Recorder(begin_ms)
    for event in centre.log:
        recorder.apply(event)
    duties = [(duty.at_ms - begin_ms, duty.agent_id, duty.step) for duty in recorder.recording().duties]
    assert duties == [
        (0, "ann", "sign_in"),
        (0, "ann", "available"),
        (0, "bob", "sign_in"),
        (0, "bob", "away"),
        (300_000, "bob", "sign_out"),
    ]


def test_where_agents_sat_is_recorded() -> None:
    """Who sat there before too."""
    centre = Centre(sites=SITES)
    centre.do(m.SignIn, agent_id="ann", session_id="s", seat_id="n1")
    centre.do(m.SignIn, agent_id="bob", session_id="s", seat_id="n2")
    centre.do(m.SignIn, agent_id="bob", session_id="s", seat_id="h1")
    centre.wait(60)
    begin_ms = centre.now_ms
    centre.do(m.SignIn, agent_id="ann", session_id="other", seat_id="n2")
    centre.do(m.SignIn, agent_id="cai", session_id="s", seat_id="n1")
    centre.do(m.SignOut, agent_id="cai")
    centre.do(m.SignIn, agent_id="cai", session_id="s")
    recorder = Recorder(begin_ms)
    for event in centre.log:
        recorder.apply(event)
    duties = [(duty.agent_id, duty.step, duty.seat_id) for duty in recorder.recording().duties]
    assert [duty for duty in duties if duty[1] in ("sign_in", "move")] == [
        ("ann", "sign_in", "n1"),
        ("bob", "sign_in", "h1"),
        ("ann", "move", "n2"),
        ("cai", "sign_in", "n1"),
        ("cai", "sign_in", None),
    ]


def test_agents_sit_in_the_replay_where_they_sat() -> None:
    """Half of a team from Huai'an sits in Nanjing, which is down for an hour; without those seats nobody is missing."""
    house = set_up(sites=SITES)
    house = msgspec.structs.replace(
        house, agents=tuple(msgspec.structs.replace(one, site_id="huaian") for one in house.agents)
    )
    down = {"site_id": "nanjing", "supervisor_id": "lin"}
    by_hand = (
        (HOUR_MS, m.MarkSite, {**down, "is_down": True}),
        (2 * HOUR_MS, m.MarkSite, {**down, "is_down": False}),
    )
    seats = {f"a{number:02}": f"n{number + 1}" for number in range(6)}
    log = RecordedDay(house, missed=0, by_hand=by_hand, seats=seats).log
    told = asked(house, log)
    assert figure(told, "abandoned")["recorded"] > 30
    for row in told["figures"]:
        assert row["before"] == pytest.approx(row["recorded"], rel=1e-9), row
    at_home = asked(msgspec.structs.replace(house, sites=SITES[1:]), log, seeds=(1,))
    assert at_home["refused_after"] == {"routing.seat_unknown": 6, "routing.site_unknown": 2}
    assert figure(at_home, "abandoned")["after"] < figure(at_home, "abandoned")["before"] - 50


def test_a_newcomer_keeps_the_hours_of_the_colleague_most_alike() -> None:
    centre = Centre(agents=[agent("ann", ("a", 1), team_id="north"), agent("bob", ("b", 1), team_id="south")])
    centre.enter("ann")
    centre.wait(60)
    centre.enter("bob")
    recording = recorded(centre).recording()
    configuration = recording.configurations[0][1]
    new = agent("new", ("a", 1), team_id="south")
    grown = msgspec.structs.replace(configuration, agents=(*configuration.agents, new))
    hours = [duty for duty in duties_with_newcomers(recording, grown) if duty.agent_id == "new"]
    assert {duty.at_ms for duty in hours} == {duty.at_ms for duty in recording.duties if duty.agent_id == "bob"}
    assert duties_with_newcomers(recording, configuration) == recording.duties


def test_a_changed_funnel_leads_those_who_ask_by_a_business_elsewhere_and_nobody_else() -> None:
    """Every second caller of the water queue asked by the business `leak`, which begins in the new queue."""
    numbers = count()
    log = [_by_business(event, next(numbers)) for event in _BUSY]
    changed = msgspec.structs.replace(set_up(), queues=(*set_up().queues, queue("leaks", ("water", 1))))
    stretch = Stretch(BEGIN_MS, END_MS)
    stretch.read(log)
    comparison = stretch.compare(
        changed, (1, 2), moves=(Move("leak", "water", "leaks"), Move("other", "bills", "leaks"))
    )
    told = document(comparison)
    asked = {name: figure(told, "asked", name) for name in ("water", "bills", "leaks", "*")}
    moved = sum(
        event.queue_id == "water" and bool(event.attributes) and BEGIN_MS <= event.asked_at_ms < END_MS
        for event in log
        if isinstance(event, m.ContactQueued)
    )
    assert moved > 50
    assert (asked["leaks"]["recorded"], asked["leaks"]["before"], asked["leaks"]["after"]) == (None, None, moved)
    assert asked["water"]["after"] == pytest.approx(asked["water"]["before"] - moved, abs=2)
    assert asked["bills"]["difference"] == pytest.approx(0, abs=2)
    assert asked["*"]["difference"] == pytest.approx(0, abs=2)


def _by_business(event: m.RoutingEvent, number: int) -> m.RoutingEvent:
    if isinstance(event, m.ContactQueued) and number % 2:
        return msgspec.structs.replace(event, attributes={"business": "leak"})
    return event
