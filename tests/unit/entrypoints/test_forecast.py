"""`hotline forecast`: JSON alone on standard output; what cannot be used is refused with exit code 2."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from hotline.entrypoints.command_line import main
from tests.unit.planning.forecast.centre import lines, office


def write(path: Path, rows: Sequence[str]) -> str:
    path.write_text("\n".join(rows) + "\n", "utf-8")
    return str(path)


@pytest.fixture
def history(tmp_path: Path) -> str:
    """Two queues of an office, a half-year until a Friday, and a third of three days."""
    repair, bills, new = office(180), office(180, seed=2, a_day=900.0, queue="bills"), office(180, queue="new")
    rows = [*lines(repair), *lines(bills)[1:], *[row for row in lines(new) if row >= "2025-07-02"][1:]]
    return write(tmp_path / "history.csv", [row for row in rows if row < "2025-07-05" or row.startswith("start")])


def run(capsys: pytest.CaptureFixture[str], *words: str, code: int = 0) -> Any:
    with pytest.raises(SystemExit) as ended:
        main(("forecast", *words))
    printed = capsys.readouterr()
    assert ended.value.code == code, printed.err
    if code:
        assert printed.out == ""
        return printed.err
    return json.loads(printed.out)


def test_a_file_of_queues_is_forecast_each_by_its_model(capsys: pytest.CaptureFixture[str], history: str) -> None:
    found = run(capsys, history, "--horizon", "14d", "--interval", "30min", "--json")
    assert found["interval_s"] == 1800
    assert set(found["backtest"]) >= {"wape", "mase", "bias"}
    assert 0 < found["backtest"]["wape"] < 0.2
    assert {row["queue"] for row in found["forecast"]} == {"repair", "bills", "new"}
    first = found["forecast"][0]
    assert first["start"] == "2025-07-07T08:00"
    assert 0 <= first["low"] <= first["calls"] <= first["high"]
    assert all("08:00" <= row["start"][11:] < "18:00" for row in found["forecast"])
    by_queue = {one["queue"]: one for one in found["series"]}
    assert by_queue["new"]["model"].startswith("profile borrowed from repair")
    tried = by_queue["repair"]["horizons"]["later"]["tried"]
    assert [one["wape"] for one in tried] == sorted(one["wape"] for one in tried)
    assert by_queue["repair"]["horizons"]["next_day"]["by_days_ahead"][0]["from"] == 1


def test_intervals_of_an_hour_and_a_count_of_them(capsys: pytest.CaptureFixture[str], history: str) -> None:
    found = run(capsys, history, "--horizon", "12", "--interval", "60min")
    rows = [row["start"] for row in found["forecast"] if row["queue"] == "repair"]
    assert rows[0] == "2025-07-07T08:00"
    assert rows[-1] == "2025-07-08T09:00"
    assert len(rows) == 12


def test_a_queue_to_come_borrows_what_it_is_told(capsys: pytest.CaptureFixture[str], history: str) -> None:
    found = run(capsys, history, "--horizon", "7d", "--like", "chat=bills:0.5")
    bills = sum(row["calls"] for row in found["forecast"] if row["queue"] == "bills")
    chat = sum(row["calls"] for row in found["forecast"] if row["queue"] == "chat")
    assert chat == pytest.approx(0.5 * bills, rel=1e-3)


def test_a_calendar_closes_a_day(capsys: pytest.CaptureFixture[str], history: str, tmp_path: Path) -> None:
    calendar = write(tmp_path / "calendar.csv", ["date,kind,queue", "2025-07-08,closed,bills"])
    found = run(capsys, history, "--horizon", "7d", "--calendar", calendar)
    days = {(row["queue"], row["start"][:10]) for row in found["forecast"]}
    assert ("bills", "2025-07-08") not in days
    assert ("repair", "2025-07-08") in days


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (("--interval", "7min"), "5, 10, 15, 20, 30 or 60"),
        (("--interval", "half an hour"), "--interval"),
        (("--horizon", "soon"), "--horizon"),
        (("--horizon", "0d"), "--horizon"),
        (("--horizon", "500d"), "1 to 400"),
        (("--coverage", "1.5"), "--coverage"),
        (("--country", "XX"), "'XX'"),
        (("--like", "chat=nobody"), "does not name a queue"),
        (("--like", "chat=bills"), "has no history"),
        (("--calendar", "absent.csv"), "cannot be read"),
    ],
)
def test_questions_that_cannot_be_are_refused(
    capsys: pytest.CaptureFixture[str], history: str, words: tuple[str, ...], part: str
) -> None:
    assert part in run(capsys, history, *words, code=2)


def test_a_history_that_cannot_be_is_refused_with_its_line(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    twice = write(tmp_path / "twice.csv", ["start,calls", "2026-03-02T07:00,1", "2026-03-02T07:00,2"])
    assert "line 3 gives 2026-03-02T07:00" in run(capsys, twice, code=2)
    nothing = write(tmp_path / "nothing.csv", ["start,calls", "2026-03-02T07:00,0"])
    assert "no call" in run(capsys, nothing, code=2)
