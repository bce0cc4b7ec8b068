"""What the live rules make of a scenario's callers: points, attributes, own agents, old places, pools of others."""

from typing import Any

import pytest

from hotline.simulation.counters import Counters
from hotline.simulation.errors import ScenarioInvalidError
from hotline.simulation.metrics import Figure
from hotline.simulation.preparing import Prepared
from hotline.simulation.running import kinds_of, replicate
from tests.unit.simulation.centre import played, raw, scenario

TWO = [{"share": 0.2, "name": "vip", "attributes": {"vip": "yes"}}, {"share": 0.8, "name": "others"}]


def with_rules(queue: dict[str, Any], traffic: dict[str, Any], **rules: Any) -> dict[str, Any]:
    """The plain scenario under more load, with rules of the switch."""
    busy = {"arrivals": {"per_hour": 620}, **traffic}
    made = raw(queue=queue, traffic=busy, horizon_s=7200)
    made["routing"].update(rules)
    return made


def by_kind(made: dict[str, Any]) -> dict[str, dict[str, float]]:
    """Value of each metric by kind, of one replication."""
    loaded = scenario(**made)
    told: dict[tuple[str, str], list[Figure]] = kinds_of(loaded, [replicate(Prepared(loaded), 1, 0)])
    return {
        kind: {figure.metric: figure.estimate.value for figure in figures if figure.estimate.value is not None}
        for (_, kind), figures in told.items()
    }


def test_who_has_points_waits_less_than_the_others_of_the_same_run() -> None:
    points = [{"tenant_id": "t", "kind": "vip", "value": "yes", "points": 5}]
    with_points = by_kind(with_rules({}, {"kinds": TWO}, priorities=points))
    assert with_points["vip"]["average_wait_s"] < 0.5 * with_points["others"]["average_wait_s"]
    without = by_kind(with_rules({}, {"kinds": TWO}))
    assert without["vip"]["average_wait_s"] == pytest.approx(without["others"]["average_wait_s"], rel=0.3)
    assert with_points["vip"]["offered"] == without["vip"]["offered"]  # the same callers


def test_waiting_for_their_own_agent_brings_more_callers_to_that_agent() -> None:
    kinds = [{"share": 1, "name": "known", "own_agent": {"share": 0.5, "group": "all"}}]
    shares = [
        by_kind(with_rules({"relationship_s": seconds}, {"kinds": kinds}))["known"]["own_agent_share"]
        for seconds in (0, 30)
    ]
    assert shares[0] == pytest.approx(0.1, abs=0.06)  # one of ten, by chance
    assert shares[1] > shares[0] + 0.2


def test_a_language_asks_for_the_people_who_speak_it() -> None:
    made = with_rules(
        {"attributes": {"language": "required"}},
        {"kinds": [{"share": 0.9, "name": "zh"}, {"share": 0.1, "name": "en", "language": "en"}]},
        skills=[{"skill_id": "english", "tenant_id": "t", "kind": "language", "values": ["en"]}],
    )
    nobody = by_kind(made)
    made["groups"][0]["skills"].append(["english", 1])
    everybody = by_kind(made)
    assert (nobody["en"]["answered"], nobody["zh"]["answered"] > 0) == (0, True)
    assert everybody["en"]["answered"] > 0


def test_the_queue_after_an_overflow_asks_for_the_language_too() -> None:
    following = {"queue_id": "next", "attributes": {"language": "required"}}
    made = with_rules(
        {"skills": [["nobody", 1]], "overflows": [{"after_s": 1, "queue_id": "next"}]},
        {"kinds": [{"share": 0.5, "name": "zh"}, {"share": 0.5, "name": "en", "language": "en"}]},
        skills=[{"skill_id": "english", "tenant_id": "t", "kind": "language", "values": ["en"]}],
    )
    made["routing"]["queues"].append({**made["routing"]["queues"][0], "skills": [], "overflows": [], **following})
    nobody = by_kind(made)
    assert (nobody["en"]["answered"], nobody["zh"]["answered"] > 0) == (0, True)
    made["groups"][0]["skills"].append(["english", 1])
    assert by_kind(made)["en"]["answered"] > 0


def asked_again(queue: dict[str, Any], **rules: Any) -> Counters:
    retry = {"probability": 1, "after": {"kind": "fixed", "value_s": 10}}
    made = with_rules(queue, {"arrivals": {"per_hour": 900}, "retry": retry}, **rules)
    return played(**made)


@pytest.mark.parametrize(
    ("queue", "rules"),
    [
        ({"reclaim_s": 600}, {}),
        ({}, {"priorities": [{"tenant_id": "t", "kind": "repeat", "points": 10, "within_s": 600}]}),
    ],
)
def test_who_gave_up_and_asks_again_is_not_behind_everybody(queue: dict[str, Any], rules: dict[str, Any]) -> None:
    """Under overload those who come back get through sooner, so that fewer of all askings are new attempts."""
    with_rule, without = asked_again(queue, **rules), asked_again({})
    assert with_rule.offered.sum() != without.offered.sum()
    assert with_rule.entered.sum() == without.entered.sum()


def test_who_was_sent_away_and_asks_again_has_the_old_place() -> None:
    """Nobody gives up here: whoever goes unanswered was sent away by the rules."""
    patient = {"arrivals": {"per_hour": 700}, "patience": {"kind": "fixed", "value_s": 7200}}
    retry = {"probability": 1, "after": {"kind": "fixed", "value_s": 10}}
    with_rule = played(**with_rules({"reclaim_s": 600, "max_wait_s": 30}, {**patient, "retry": retry}))
    without = played(**with_rules({"max_wait_s": 30}, {**patient, "retry": retry}))
    assert with_rule.abandoned.sum() == without.abandoned.sum() == 0
    assert with_rule.entered.sum() == without.entered.sum()
    assert with_rule.offered.sum() != without.offered.sum()


def test_the_old_place_is_that_of_the_first_asking() -> None:
    made = scenario(
        **with_rules({"reclaim_s": 60}, {"retry": {"probability": 1, "after": {"kind": "fixed", "value_s": 1}}})
    )
    admitting = Prepared(made).admitting
    assert admitting.again(0, 5_000, 40_000, 90_000) == (0, 5_000)
    assert admitting.again(0, 5_000, 40_000, 100_001) == (0, 100_001)  # too late


def test_another_tenants_pool_takes_what_overflows() -> None:
    made = with_rules(
        {"overflows": [{"after_s": 20, "pool_id": "spare"}]},
        {},
        pools=[{"pool_id": "spare", "tenant_id": "t2", "name_zh": "", "name_en": "", "client_tenant_ids": ["t"]}],
    )
    alone = played(**raw(traffic={"arrivals": {"per_hour": 620}}, horizon_s=7200, group={"tenant_ids": ["t"]}))
    made["groups"][0]["tenant_ids"] = ["t"]
    made["groups"].append({"id": "spare", "count": 5, "skills": [], "tenant_ids": ["t2"]})
    assert played(**made).abandoned.sum() < 0.6 * alone.abandoned.sum()


@pytest.mark.parametrize(
    ("kind", "place"),
    [
        ({"attributes": {"vipp": "yes"}}, "kinds[0].attributes"),
        ({"attributes": {"vip": "true"}}, "kinds[0].attributes.vip"),
        ({"brand": "a", "attributes": {"brand": "b"}}, "kinds[0].brand"),
        ({"own_agent": {"share": 1.5, "group": "all"}}, "kinds[0].own_agent.share"),
        ({"own_agent": {"share": 0.5, "group": "nobody"}}, "kinds[0].own_agent.group"),
        ({"own_agents": {}}, "kinds[0]"),
    ],
)
def test_what_a_kind_cannot_be_is_refused_by_its_place(kind: dict[str, Any], place: str) -> None:
    with pytest.raises(ScenarioInvalidError) as refused:
        scenario(traffic={"kinds": [{"share": 1, **kind}]})
    assert f"traffic[0].{place}" in str(refused.value)


def test_names_of_kinds_are_told_apart_and_a_pool_must_be_shared() -> None:
    with pytest.raises(ScenarioInvalidError, match="alike"):
        scenario(traffic={"kinds": [{"share": 1, "name": "a"}, {"share": 1, "name": "a"}]})
    with pytest.raises(ScenarioInvalidError, match="not shared with its tenant"):
        scenario(queue={"overflows": [{"after_s": 1, "pool_id": "spare"}]})


def test_kinds_without_names_are_not_told_apart() -> None:
    loaded = scenario(traffic={"kinds": [{"share": 1, "attributes": {"vip": "yes"}}]})
    assert kinds_of(loaded, [replicate(Prepared(loaded), 1, 0)]) == {}
