"""What happens in a simulated world: nobody is lost, and every part of a scenario has its effect."""

import os
import subprocess
import sys

import msgspec
import pytest

from hotline.formulas.queueing_models import figures
from hotline.simulation.counters import Counters
from hotline.simulation.loading import load
from hotline.simulation.metrics import Results
from hotline.simulation.preparing import Prepared
from hotline.simulation.running import replicate, simulate
from tests.unit.simulation.centre import ROOT, played, scenario

BUSY = {"arrivals": {"per_hour": 900}}  # 15 erlangs on 10 agents


def accounted(sums: Counters) -> bool:
    """Whether everybody who asked was answered, gave up, was turned away or called back in vain."""
    return bool((sums.offered == sums.answered + sums.abandoned + sums.blocked + sums.unreached).all())


def test_everybody_who_asks_is_accounted_for() -> None:
    sums = played(traffic=BUSY)
    assert accounted(sums)
    assert sums.abandoned.sum() > 0
    assert sums.entered.sum() == sums.offered.sum()


def test_time_at_work_is_the_length_of_conversations() -> None:
    sums = played(traffic={"arrivals": {"per_hour": 200}}, horizon_s=86_400, interval_s=86_400)
    working = sums.time_integral(sums.working).sum()
    assert working == pytest.approx(sums.talk_sum[:-1].sum(), rel=0.005)  # some go on beyond the day
    assert sums.time_integral(sums.on_duty).sum() == 10 * 86_400_000


def test_waiting_time_is_split_among_the_intervals_it_was_spent_in() -> None:
    sums = played(
        group={"count": 1},
        traffic={"arrivals": {"stamps": [0, 500], "talks_s": [1300, 10]}, "patience": None},
    )
    assert sums.waiting_ms[:4, 0].tolist() == [100_000, 600_000, 100_000, 0]
    assert sums.wait_sum[:, 0].tolist() == [800_000, 0, 0, 0, 0, 0, 0]


def test_a_long_run_of_erlang_a_agrees_with_the_formula() -> None:
    made = scenario(horizon_s=400_000, interval_s=4_000)
    sums = replicate(Prepared(made), 5, 0).counters
    params = {"agents": 10, "arrivals_per_h": 600.0, "handle_time_s": 60.0, "patience_mean_s": 120.0}
    exact = figures("erlang_a", {**params, "threshold_s": 20.0})
    found = {f.metric: f.estimate for f in Results([sums], ["water"], 1).totals() if f.queue == "*"}
    for metric in ("abandon_probability", "wait_probability", "average_wait_s", "service_level", "occupancy"):
        estimate = found[metric]
        assert estimate.low is not None
        assert estimate.high is not None
        width = estimate.high - estimate.low
        assert estimate.low - width / 2 <= exact[metric]() <= estimate.high + width / 2, metric
        assert width < 0.25 * exact[metric](), metric


def test_the_same_seed_gives_the_same_sums_with_any_number_of_processes() -> None:
    made = scenario(traffic=BUSY)
    alone = simulate(made, 7, 3, 1)
    together = simulate(made, 7, 3, 2)
    assert [r.counters.waits for r in alone] == [r.counters.waits for r in together]
    assert alone[0].counters.waits != alone[1].counters.waits
    assert simulate(made, 8, 1, 1)[0].counters.waits != alone[0].counters.waits


def test_the_hash_seed_changes_nothing() -> None:
    code = (
        "from tests.unit.simulation.centre import played;"
        "s = played(traffic={'ring': {'kind': 'uniform', 'low_s': 1, 'high_s': 30}});"
        "print(s.waits, s.abandoned.tolist())"
    )
    outputs = []
    for seed in ("1", "4711"):
        env = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}"}
        run = subprocess.run(
            [sys.executable, "-c", code], cwd=ROOT, env=env, capture_output=True, text=True, check=True
        )
        outputs.append(run.stdout)
    assert outputs[0] == outputs[1]
    assert len(outputs[0]) > 100


def test_contained_callers_never_ask() -> None:
    ivr = {"stay": {"kind": "fixed", "value_s": 30}, "containment": 0.9}
    sums = played(traffic={"arrivals": {"per_hour": 6000}, "ivr": ivr})
    assert sums.entered.sum() == sums.contained.sum() + sums.offered.sum()
    assert sums.contained.sum() / sums.entered.sum() == pytest.approx(0.9, abs=0.01)


def test_a_surge_multiplies_the_callers_of_its_time() -> None:
    surge = [{"factor": 3, "from_s": 1200, "to_s": 1800}]
    usual, surged = played(), played(surges=surge)
    assert surged.offered[2, 0] > 2 * usual.offered[2, 0]
    assert surged.offered[[0, 1, 3, 4, 5]].sum() < 1.2 * usual.offered[[0, 1, 3, 4, 5]].sum()


def test_counts_by_interval_and_their_overdispersion() -> None:
    counts = [0, 100, 0, 0, 300, 0]
    sums = played(traffic={"arrivals": {"counts": counts, "interval_s": 600}})
    assert sums.offered[[0, 2, 3, 5]].sum() == 0
    assert 60 < sums.offered[1, 0] < 140
    made = scenario(horizon_s=60_000, traffic={"arrivals": {"per_hour": 3600, "interval_cv": 0.3, "interval_s": 600}})
    offered = replicate(Prepared(made), 1, 0).counters.offered[:-1, 0]
    assert offered.std() / offered.mean() == pytest.approx(0.3, abs=0.08)  # Poisson alone: 0.04


def test_who_gives_up_may_try_again() -> None:
    retry = {"probability": 1.0, "after": {"kind": "fixed", "value_s": 60}}
    once, again = played(traffic=BUSY), played(traffic={**BUSY, "retry": retry})
    assert accounted(again)
    assert again.offered.sum() > once.offered.sum() + 100
    assert again.entered.sum() == once.entered.sum()


def test_shifts_and_pauses_are_kept() -> None:
    group = {"shifts": [[600, 2400]], "pauses": [{"at_s": 1200, "length_s": 300}]}
    sums = played(group=group, traffic={"arrivals": {"per_hour": 60}})
    agents = sums.time_integral(sums.on_duty) / 600_000
    assert agents[[0, 5]].tolist() == [0, 0]
    assert agents[1] == 10
    assert 4.9 < agents[2] < 6.5  # a pause begins when the conversation is over
    assert 9.9 < agents[3] <= 10


def test_a_site_that_fails_loses_nobody_and_comes_back() -> None:
    groups = [{"id": site, "count": 10, "site": site, "skills": [["water", 5]]} for site in ("east", "west")]
    sums = played(groups=groups, failures=[{"site": "west", "from_s": 1200, "to_s": 2400}])
    assert accounted(sums)
    agents = sums.time_integral(sums.on_duty) / 600_000
    assert agents[1] == 20
    assert agents[3] == 10
    assert agents[5] == 20


def test_rings_by_site_keep_the_other_site_out_until_the_customer_has_waited() -> None:
    groups = [{"id": site, "count": 10, "site": site, "skills": [["water", 5]]} for site in ("east", "west")]
    rings = [{"after_s": 0, "site_ids": ["east"]}, {"after_s": 60, "site_ids": ["west"]}]
    alone = played(groups=groups[:1], traffic=BUSY)
    helped = played(groups=groups, traffic=BUSY, queue={"rings": rings})
    free = played(groups=groups, traffic=BUSY)
    assert alone.answered.sum() < helped.answered.sum()
    assert free.wait_sum.sum() < helped.wait_sum.sum()


def test_who_misses_an_offer_is_away_for_a_while_and_the_caller_goes_to_the_next() -> None:
    ring = {"kind": "empirical", "values_s": [1.0, 1.0, 1.0, 1.0, 99.0]}  # every fifth does not answer in 15 s
    sums = played(back_after_s=120, traffic={"arrivals": {"per_hour": 100}, "ring": ring, "patience": None})
    assert accounted(sums)
    assert sums.abandoned.sum() == 0
    agents = sums.time_integral(sums.on_duty)[:-1] / 600_000
    assert (agents < 10).all()
    assert agents.mean() > 8


def test_patience_goes_on_while_the_telephone_rings() -> None:
    ring = {"kind": "fixed", "value_s": 10}
    sums = played(
        group={"count": 1},
        traffic={"arrivals": {"stamps": [10]}, "ring": ring, "patience": {"kind": "fixed", "value_s": 4}},
    )
    assert (sums.abandoned.sum(), sums.wait_sum.sum(), sums.queued.sum()) == (1, 4_000, 0)


def test_waiting_places_and_lines_turn_people_away() -> None:
    stamps = {"arrivals": {"stamps": [1, 2, 3, 4]}, "talk": {"kind": "fixed", "value_s": 100}, "patience": None}
    places = played(group={"count": 1}, waiting_places=1, traffic=stamps)
    assert (places.answered.sum(), places.blocked.sum(), places.queued.sum()) == (2, 2, 1)
    lines = played(group={"count": 1}, lines=3, traffic=stamps)
    assert (lines.answered.sum(), lines.blocked.sum()) == (3, 1)


def test_priority_and_further_skills_of_a_kind_reach_the_rules() -> None:
    kinds = [{"share": 0.5}, {"share": 0.5, "skills": [["french", 1]]}]
    sums = played(traffic={"kinds": kinds})
    assert sums.answered.sum() == pytest.approx(sums.offered.sum() / 2, rel=0.15)  # nobody speaks French


def test_a_full_queue_and_too_long_a_wait_send_people_away_by_the_live_rules() -> None:
    stamps = {"arrivals": {"stamps": [1, 2, 3]}, "talk": {"kind": "fixed", "value_s": 100}, "patience": None}
    full = played(group={"count": 1}, queue={"max_waiting": 1}, traffic=stamps)
    assert (full.answered.sum(), full.blocked.sum()) == (2, 1)
    late = played(group={"count": 1}, queue={"max_wait_s": 30}, traffic=stamps)
    assert (late.answered.sum(), late.blocked.sum()) == (1, 2)
    assert late.waiting_ms.sum() == 60_000


def test_who_accepts_a_call_back_waits_off_the_line_and_is_answered_late() -> None:
    call_back = {"after": {"kind": "fixed", "value_s": 10}, "acceptance": 1.0}
    traffic = {"arrivals": {"stamps": [0, 5]}, "talk": {"kind": "fixed", "value_s": 100}, "call_back": call_back}
    changes = {"group": {"count": 1}, "queue": {"callback_attempts": 1}}
    reached = played(**changes, traffic=traffic)
    assert (reached.called_back.sum(), reached.answered.sum(), reached.in_time.sum()) == (1, 2, 1)
    assert (reached.waiting_ms.sum(), reached.wait_sum.sum()) == (10_000, 0)
    vain = played(**changes, traffic={**traffic, "call_back": {**call_back, "reach": 0.0}})
    assert (vain.answered.sum(), vain.unreached.sum()) == (1, 1)
    assert accounted(vain)


def test_a_ladder_brings_its_teams_in_a_surge_and_sends_them_back() -> None:
    made = load(ROOT / "scenarios" / "surge_with_ladder.json")
    sums = replicate(Prepared(made), 1, 0).counters
    assert accounted(sums)
    teams = sums.time_integral(sums.tiers) / 600_000
    assert teams[:6].max() < 1.5  # before the surge
    assert teams[8:15].max() >= 2
    assert teams[-1] == 0
    alone = msgspec.structs.replace(made, routing=msgspec.structs.replace(made.routing, ladders=()))
    without = replicate(Prepared(alone), 1, 0).counters
    assert without.abandoned.sum() > 1.5 * sums.abandoned.sum()
