"""The example that spreads planning over processors comes to the same as the commands."""

import csv
import json
import runpy
import subprocess
import sys
from pathlib import Path

import pytest

from hotline.planning.forecast.forecasting import forecast
from hotline.planning.forecast.reading import read_history
from hotline.simulation import loading
from hotline.simulation.running import results_of, simulate

ROOT = Path(__file__).parents[3]
EXAMPLE = ROOT / "examples" / "plan_in_parallel.py"


def lines_of(*arguments: str, capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    assert runpy.run_path(str(EXAMPLE))["main"]([*arguments, "--backend", "threading", "--jobs", "2"]) == 0
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_forecasts_are_those_of_one_after_the_other(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    history = tmp_path / "history.csv"
    with history.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["start", "calls", "queue"])
        for day in range(1, 61):
            date = f"2026-{3 + (day - 1) // 30:02}-{(day - 1) % 30 + 1:02}"
            for queue, usual in (("bills", 40), ("repair", 20)):
                rows.writerows([f"{date}T{hour:02}:00", usual + day % 7 + hour, queue] for hour in range(8, 18))
    told = lines_of(str(history), "--interval-min", "60", "--horizon-days", "7", capsys=capsys)
    expected = {one.key.label(): forecast(one, 7) for one in read_history(history, interval_s=3600)}
    assert {line["series"]: line["calls"] for line in told} == {
        name: round(float(found.calls.sum()), 1) for name, found in expected.items()
    }


def test_replications_are_those_of_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    path = ROOT / "scenarios" / "shibei_day.json"
    told = lines_of(str(path), "--replications", "2", "--seed", "5", capsys=capsys)
    scenario = loading.load(path)
    results = results_of(scenario, simulate(scenario, seed=5, replications=2, jobs=1))
    offered = next(line for line in told if line["metric"] == "offered")
    assert offered["value"] == next(f for f in results.totals() if f.metric == "offered").estimate.value


def test_it_says_how_it_is_asked() -> None:
    done = subprocess.run([sys.executable, str(EXAMPLE), "--help"], capture_output=True, text=True, check=False)
    assert done.returncode == 0
    assert "--backend" in done.stdout
