"""What a scenario may say, and how a wrong one is refused: one sentence with the place in it."""

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from hotline.messages.configuration import QueueConfiguration
from hotline.simulation.errors import ScenarioInvalidError
from hotline.simulation.loading import load, parse, schema
from tests.unit.simulation.centre import ROOT, played, raw

SCENARIOS = ROOT / "scenarios"
MINE = (
    "shibei_day.json",
    "jiangsu_1800.json",
    "jiangsu_busy_hour.json",
    "jiangsu_site_failure.json",
    "surge_with_ladder.json",
)

WRONG: list[tuple[dict[str, Any], str]] = [
    ({"horizon_s": 0}, "horizon_s must be above 0"),
    ({"warm_up_s": 3599}, "warm_up_s leaves no whole interval for the totals"),
    ({"horizon": 1}, "unknown field 'horizon'"),
    ({"traffic": {"queue": "fire"}}, r"traffic\[0\] names the queue 'fire'; name one of routing.queues"),
    ({"traffic": {"talk": {"kind": "exponential"}}}, r"traffic\[0\].talk: object missing required field 'mean_s'"),
    ({"traffic": {"talk": {"kind": "gauss"}}}, r"traffic\[0\].talk"),
    ({"traffic": {"talk": {"kind": "exponential", "mean_s": -1}}}, r"traffic\[0\].talk.mean_s must be above 0"),
    ({"traffic": {"patience": {"kind": "empirical", "values_s": []}}}, "give observed values"),
    ({"traffic": {"arrivals": {"per_hour": 1, "counts": [1]}}}, "keep one"),
    ({"traffic": {"arrivals": {"stamps": [5, 3]}}}, "must ascend; sort them"),
    ({"traffic": {"arrivals": {"file": "nowhere.csv"}}}, "needs the columns at_s"),
    ({"traffic": {"arrivals": {}}}, r"traffic\[0\].arrivals says of nobody when they come"),
    ({"traffic": {"arrivals": {"counts": [], "stamps": []}}}, "says of nobody"),
    ({"traffic": {"arrivals": {"file": "calls.csv", "stamps": [5]}}}, "a file and other arrivals beside it; keep one"),
    ({"traffic": {"arrivals": {"stamps": [5, 1e300]}}}, r"arrivals.stamps must be 0 to 1e9 each"),
    ({"traffic": {"arrivals": {"stamps": [5], "talks_s": [1e300]}}}, r"arrivals.talks_s must be 0 to 1e9 each"),
    ({"traffic": {"arrivals": {"stamps": [3600]}}}, "all lie after horizon_s"),
    ({"traffic": {"arrivals": {"stamps": [5], "interval_cv": 1}}}, "interval_cv changes nothing"),
    ({"traffic": {"arrivals": {"stamps": [5]}}, "day_cv": 1}, "day_cv cannot change the arrivals"),
    (
        {"traffic": {"arrivals": {"stamps": [5]}}, "surges": [{"factor": 2, "from_s": 1, "to_s": 2}]},
        r"surges\[0\] cannot change the arrivals that traffic\[0\].arrivals.stamps gives; name other queues",
    ),
    ({"traffic": {"kinds": [{"share": 1e308}, {"share": 1e308}]}}, r"kinds\[0\].share must be above 0 and below 1e9"),
    ({"group": {"shifts": [[0, 1e300]]}}, "must be below 1e9"),
    ({"failures": [{"site": "east", "from_s": 1, "to_s": 1e300}]}, "needs 0 <= from_s < to_s < 1e9"),
    ({"group": {"count": 0}}, r"groups\[0\].count must be at least 1"),
    ({"group": {"skills": [["water", 12]]}}, "levels are 1 to 9"),
    ({"group": {"shifts": [[100, 50]]}}, r"groups\[0\].shifts must follow one another"),
    ({"group": {"settings": {"speed": 3}}}, "no field of an agent"),
    (
        {"traffic": {"call_back": {"after": {"kind": "fixed", "value_s": 1}, "acceptance": 1}}},
        "needs callback_attempts",
    ),
    ({"queue": {"rnak": 3}}, r"routing.queues\[0\] has no field 'rnak'; correct or remove it"),
    ({"queue": {"offer_timeout_s": 0}}, "offer time of 1 to 600 seconds"),
    ({"failures": [{"site": "west", "from_s": 1, "to_s": 2}]}, "'west' has no agents"),
    ({"surges": [{"factor": 2, "from_s": 1, "to_s": 2, "queues": ["fire"]}]}, "name queues of routing.queues"),
]


@pytest.mark.parametrize(("change", "sentence"), WRONG)
def test_a_wrong_scenario_is_refused_with_its_place(change: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ScenarioInvalidError, match=sentence):
        parse(json.dumps(raw(**change)), ROOT)


def test_what_is_not_json_or_not_there_is_refused() -> None:
    with pytest.raises(ScenarioInvalidError, match="not JSON"):
        parse("{", ROOT)
    with pytest.raises(ScenarioInvalidError, match="nested too deeply"):
        parse("[" * 100_000, ROOT)
    with pytest.raises(ScenarioInvalidError, match="cannot be read"):
        load(Path("nowhere.json"))


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999", "1" + 5000 * "0"])
@pytest.mark.parametrize(
    "change",
    [
        {"back_after_s": "?"},
        {"group": {"shifts": [[0, "?"]]}},
        {"group": {"pauses": [{"at_s": 1, "length_s": 1, "spread_s": "?"}]}},
        {"failures": [{"site": "east", "from_s": 1, "to_s": "?"}]},
        {"traffic": {"arrivals": {"stamps": [1, "?"]}}},
    ],
)
def test_numbers_without_end_are_refused(change: dict[str, Any], number: str) -> None:
    with pytest.raises(ScenarioInvalidError, match=r"write a (finite|smaller) one in its place"):
        parse(json.dumps(raw(**change)).replace('"?"', number), ROOT)


@pytest.mark.parametrize("queues", [None, 5, {"queue_id": "water"}, "water", [3]])
def test_queues_that_are_no_list_of_queues_are_refused(queues: Any) -> None:
    wrong = raw()
    wrong["routing"]["queues"] = queues
    with pytest.raises(ScenarioInvalidError, match=r"routing.queues.*: expected"):
        parse(json.dumps(wrong), ROOT)


def test_a_scenario_with_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    (tmp_path / "one.json").write_text(json.dumps(raw()), "utf-8-sig")
    assert load(tmp_path / "one.json").horizon_s == 3600


@pytest.mark.parametrize("name", MINE)
def test_the_shipped_scenarios_load(name: str) -> None:
    assert load(SCENARIOS / name).groups


def test_jiangsus_scenarios_are_what_their_generator_writes() -> None:
    sys.path.insert(0, str(SCENARIOS))
    try:
        import make_jiangsu
    finally:
        sys.path.pop(0)
    for name, make in make_jiangsu.FILES.items():
        assert (SCENARIOS / name).read_text("utf-8") == make_jiangsu.written(make()), name
    assert sum(group["count"] for group in make_jiangsu.groups()) == 1800
    assert min(make_jiangsu.staffed().values()) > 0


def test_the_schema_knows_every_setting_of_a_queue() -> None:
    known = schema()["$defs"]["QueueConfiguration"]["properties"]
    assert set(known) == set(QueueConfiguration.__struct_fields__)


def refused(rows: str, tmp_path: Path, sentence: str) -> None:
    (tmp_path / "calls.csv").write_text(rows, "utf-8")
    with pytest.raises(ScenarioInvalidError, match=sentence):
        parse(json.dumps(raw(traffic={"arrivals": {"file": "calls.csv"}})), tmp_path)


def test_a_csv_field_longer_than_any_number_is_refused(tmp_path: Path) -> None:
    refused("at_s\n" + 200_000 * "1", tmp_path, "calls.csv cannot be read as arrivals")


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ("", "calls.csv has no arrivals for the queue 'water'; write per_hour 0 where nobody calls"),
        ("at_s,queue\n1,fire\n", "no arrivals for the queue 'water'"),
        ("at_s\n1\nnan\n", "line 3: nan is not 0 to 1e9 seconds"),
        ("at_s,talk_s\n1,1e300\n", "line 2: 1e300 is not 0 to 1e9 seconds"),
        ("at_s,talk_s\n1,60\n2,\n", "a talk_s in some rows of the queue 'water' only"),
        ("when\n1\n", "it needs the columns at_s"),
    ],
)
def test_a_log_that_would_lose_callers_is_refused(tmp_path: Path, rows: str, sentence: str) -> None:
    refused(rows, tmp_path, sentence)


def test_a_log_with_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    (tmp_path / "calls.csv").write_text("at_s,talk_s\n10,60\n", "utf-8-sig")
    arrivals = parse(json.dumps(raw(traffic={"arrivals": {"file": "calls.csv"}})), tmp_path).traffic[0].arrivals
    assert (arrivals.stamps, arrivals.talks_s) == ((10.0,), (60.0,))


def test_arrivals_are_replayed_from_a_file_with_their_own_lengths(tmp_path: Path) -> None:
    (tmp_path / "calls.csv").write_text("at_s,queue,talk_s\n30,water,600\n10,water,60\n20,fire,9\n", "utf-8")
    text = json.dumps(raw(traffic={"arrivals": {"file": "calls.csv"}}))
    arrivals = parse(text, tmp_path).traffic[0].arrivals
    assert (arrivals.stamps, arrivals.talks_s) == ((10.0, 30.0), (60.0, 600.0))
    sums = played(traffic={"arrivals": {"stamps": [10, 30], "talks_s": [60, 600]}})
    assert sums.talk_sum.sum() == 660_000
    assert sums.time_integral(sums.working).tolist() == [630_000, 30_000, 0, 0, 0, 0]
