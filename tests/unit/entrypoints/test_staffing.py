"""`hotline staffing`: the plan alone on standard output; what cannot be used is refused with exit code 2."""

import json
from pathlib import Path
from typing import Any

import pytest

from hotline.entrypoints.command_line import main

_SAMPLE = Path(__file__).parents[3] / "scenarios" / "staffing_three_brands.json"


def run(capsys: pytest.CaptureFixture[str], *words: str, code: int = 0) -> Any:
    with pytest.raises(SystemExit) as ended:
        main(("staffing", *words))
    printed = capsys.readouterr()
    assert ended.value.code == code, printed.err
    if code:
        assert printed.out == ""
        return printed.err
    return printed.out


def _written(tmp_path: Path, **changes: Any) -> str:
    given = {
        "start": "2026-12-07T08:00",
        "zone": "Asia/Shanghai",
        "targets": {"service_level": 0.85, "within_s": 15},
        "queues": [{"id": "calls", "calls": [40, 89, 40], "aht_s": 240}],
        "shrinkage": [{"reason": "leave", "share": 0.2}],
        "seats": 19,
    }
    path = tmp_path / "problem.json"
    path.write_text(json.dumps(given | changes), "utf-8")
    return str(path)


def test_one_queue_gets_agents_people_and_seats(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    found = json.loads(run(capsys, _written(tmp_path), "--json"))
    assert found["intervals"] == ["2026-12-07T08:00", "2026-12-07T08:30", "2026-12-07T09:00"]
    assert found["queues"]["calls"]["stationary"][1] == found["agents"][1] == 16
    assert found["people"][1] == 20
    assert found["seats_taken"][1] == 16
    assert found["is_simulated"] is False
    assert found["seats"] == {"there": 19, "short": []}


def test_too_few_seats_are_told_with_the_interval(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    found = json.loads(
        run(capsys, _written(tmp_path, seats=13), "--json", "--check-by-simulation", "--replications", "4")
    )
    assert max(found["seats_taken"]) <= 13
    short = [note for note in found["notes"] if note["key"] == "staffing.seats_short"]
    assert short[0] == {
        "key": "staffing.seats_short",
        "interval": 1,
        "seats_wanted": 16,
        "agents_wanted": 16,
        "agents": 13,
    }
    assert found["queues"]["calls"]["required"][2] > found["queues"]["calls"]["stationary"][2]
    assert {"staffing.target_missed", "staffing.carried_over"} <= {note["key"] for note in found["notes"]}
    assert found["is_simulated"] is True
    assert found["simulated"]["replications"] == 10


def test_the_three_brand_sample_is_planned_whole(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """A morning of it, so that the test is quick; the whole day is in docs/staffing.md."""
    sample = json.loads(_SAMPLE.read_text("utf-8"))
    for queue in sample["queues"]:
        queue["calls"] = queue["calls"][:4]
    sample["work"][0]["arrivals"], sample["work"][0]["deadline_h"] = [6, 0, 0, 0], 2
    del sample["shifts"]
    path = tmp_path / "morning.json"
    path.write_text(json.dumps(sample), "utf-8")
    found = json.loads(run(capsys, str(path), "--json", "--quiet", "--replications", "6"))
    assert set(found["groups"]) == {"household team", "youth team", "business team", "mixed team"}
    for brand, goal in (("household", 0.85), ("youth", 0.85), ("business", 0.9)):
        assert found["simulated"]["totals"][brand]["high"] >= goal
    assert sum(found["work"]["hours"]["letters"]) == pytest.approx(1.0)
    assert found["headcount"]["letters"]["letters"]["needed_h"] == pytest.approx(1.15)  # as much more as the growth
    assert found["headcount"]["factor_in_time"] <= found["headcount"]["factor"]
    assert {option["key"] for option in found["headcount"]["options"]} == {
        "staffing.self_service",
        "staffing.cross_training",
        "staffing.specialise",
    }
    assert found["capacity"]["wanted"]["seats"] == 16
    assert max(found["seats_taken"]) <= 40


def test_people_read_a_table(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    lines = run(capsys, _written(tmp_path, capacity={"aht_s": 240, "seats": 16})).splitlines()
    assert lines[0].split() == ["from", "calls", "agents", "at", "work", "people", "seats"]
    assert lines[2].split() == ["2026-12-07", "08:30", "16", "16", "16", "20", "16"]
    assert any("16 seats, 178.5 calls/h" in line for line in lines)


def test_a_problem_may_ask_for_capacity_alone(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    found = json.loads(run(capsys, _written(tmp_path, queues=[], capacity={"aht_s": 240, "seats": 16}), "--json"))
    assert int(found["capacity"]["carried"]["calls_per_h"]) == 178
    assert found["agents"] == []


def test_the_schema_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert "Targets" in json.loads(run(capsys, "schema"))["$defs"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--time-limit", "0"), "--time-limit: give CPU seconds"),
        (("--replications", "0"), "--replications: must be 1"),
        (("--seed", "-1"), "--seed: must be 0"),
    ],
)
def test_numbers_that_make_no_sense_are_refused(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, words: tuple[str, ...], said: str
) -> None:
    assert said in run(capsys, _written(tmp_path), *words, code=2)


def test_a_problem_that_cannot_be_is_refused(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert "zone: 'x' is no time zone" in run(capsys, _written(tmp_path, zone="x"), code=2)
    assert "cannot be read" in run(capsys, str(tmp_path / "none.json"), code=2)
