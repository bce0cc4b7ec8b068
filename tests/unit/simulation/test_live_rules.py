"""The simulator runs the live rules: break one of them, and the engine's test and the simulation's test both notice."""

from typing import Any

import pytest

from hotline.engine import matching
from hotline.engine.records import Agent
from hotline.formulas.queueing_models import figures
from hotline.simulation.metrics import percentile_s
from hotline.simulation.preparing import Prepared
from hotline.simulation.running import replicate
from tests.unit.engine.centre import Centre, agent, queue
from tests.unit.simulation.centre import scenario


def live_serves_in_order_of_asking() -> bool:
    centre = Centre([queue("water")], [agent("ann")])
    for contact in ("first", "second", "third"):
        centre.call(contact)
        centre.wait(1)
    centre.enter("ann")
    return centre.offered_to("first") == "ann"


def simulation_serves_in_order_of_asking() -> bool:
    """First come, first served has Erlang C's distribution of waits; any other order has another."""
    made = scenario(horizon_s=400_000, interval_s=400_000, traffic={"arrivals": {"per_hour": 540}, "patience": None})
    sums = replicate(Prepared(made), 3, 0).counters
    exact = figures("erlang_c", {"agents": 10, "arrivals_per_h": 540.0, "handle_time_s": 60.0})["wait_percentile90_s"]()
    return bool(percentile_s(sums, 0.9, slice(0, 1), slice(None)) == pytest.approx(exact, rel=0.1))


def live_chooses_the_longest_idle() -> bool:
    centre = Centre([queue("water")], [agent("ann"), agent("bob"), agent("cai")])
    centre.enter("ann", "bob", "cai")
    return centre.talk("k") == "ann"


def simulation_chooses_the_longest_idle() -> bool:
    """With work for one, every one of ten gets some when the longest idle is next; else the same ones again."""
    world = Prepared(scenario(traffic={"arrivals": {"per_hour": 60}})).world(1, 0)
    world.run(iter([(list(range(60_000, 3_660_000, 60_000)), [0] * 60, [])]), 3_700_000)
    return all(person.last_contact for person in world.engine.agents.values())


def test_both_keep_the_rules() -> None:
    assert live_serves_in_order_of_asking()
    assert simulation_serves_in_order_of_asking()
    assert live_chooses_the_longest_idle()
    assert simulation_chooses_the_longest_idle()


def test_a_reversed_order_of_contacts_breaks_both(monkeypatch: pytest.MonkeyPatch) -> None:
    place_of = matching.place_of

    def last_come_first_served(contact: Any) -> Any:
        band, due, order, *rest = place_of(contact)
        return (band, -due, -order, *rest)

    monkeypatch.setattr(matching, "place_of", last_come_first_served)
    assert not live_serves_in_order_of_asking()
    assert not simulation_serves_in_order_of_asking()


def test_a_reversed_choice_of_agents_breaks_both(monkeypatch: pytest.MonkeyPatch) -> None:
    idle_key = matching.idle_key

    def shortest_idle_first(load: int, agent: Agent) -> int:
        return -idle_key(load, agent)

    monkeypatch.setattr(matching, "idle_key", shortest_idle_first)
    assert not live_chooses_the_longest_idle()
    assert not simulation_chooses_the_longest_idle()
