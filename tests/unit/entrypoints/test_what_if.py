"""`hotline what-if` on a log that a switch has written."""

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from hotline.entrypoints.command_line import main
from hotline.kernel.clock import to_datetime
from hotline.live.switch.log import RoutingLog
from hotline.live.switch.stores import SqliteStore
from tests.unit.simulation.recorded_day import BEGIN_MS, HOUR_MS, RecordedDay, set_up

_TIME = ("--from", to_datetime(BEGIN_MS).isoformat(), "--to", to_datetime(BEGIN_MS + 2 * HOUR_MS).isoformat())


@pytest.fixture(autouse=True)
def recorded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The data directory with two hours of log."""
    data_dir = tmp_path / "var"
    monkeypatch.setenv("HOTLINE_DATA_DIR", str(data_dir))
    log = RoutingLog(SqliteStore(data_dir / "routing.sqlite3"), "main")
    log.take_lead()
    events = RecordedDay(set_up(), hours=2).log
    for first in range(0, len(events), 50):
        log.append(tuple(events[first : first + 50]))
    log.close()
    return data_dir


def run(capsys: pytest.CaptureFixture[str], *words: str, code: int = 0) -> Any:
    """What the command printed: its output, or the one sentence of complaint."""
    with pytest.raises(SystemExit) as ended:
        main(("what-if", *words))
    printed = capsys.readouterr()
    assert ended.value.code == code, printed.err
    assert not (printed.err if code == 0 else printed.out)
    return printed.out or printed.err


def written(tmp_path: Path, configuration: Any) -> str:
    path = tmp_path / "new.json"
    path.write_bytes(msgspec.json.encode(configuration))
    return str(path)


def test_the_set_up_shown_can_be_changed_and_asked_about(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    shown = json.loads(run(capsys, "--show", *_TIME))
    shown["queues"][0]["max_waiting"] = 0
    told = json.loads(run(capsys, "--configuration", written(tmp_path, shown), *_TIME, "--json", "--replays", "2"))
    (row,) = [row for row in told["figures"] if (row["queue"], row["metric"]) == ("water", "blocked")]
    assert row["after"] > row["before"] == row["recorded"] == 0
    assert told["replays"] == 2


def test_a_table_is_for_people(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    shown = run(capsys, "--configuration", written(tmp_path, set_up(15)), *_TIME, "--replays", "1")
    assert "service level" in shown


def test_the_log_is_left_as_it_was(capsys: pytest.CaptureFixture[str], tmp_path: Path, recorded: Path) -> None:
    before = (recorded / "routing.sqlite3").read_bytes()
    run(capsys, "--configuration", written(tmp_path, set_up(15)), *_TIME, "--replays", "1")
    assert (recorded / "routing.sqlite3").read_bytes() == before


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ((), "--configuration"),
        (("--show", "--day", "1999-01-01"), "there is no log for that time"),
        (("--show", "--day", "tomorrow"), "is no day"),
        (("--show", "--from", "2026-03-02T09:00"), "go together"),
        (("--show", "--from", "2026-03-02T09:01", "--to", "2026-03-02T10:00"), "quarter of an hour"),
        (("--show", "--from", "2026-03-02T09:00", "--to", "2026-03-09T09:00"), "25 hours"),
        (("--show", "--pool", "elsewhere"), "no routing log of pool elsewhere"),
        (("--configuration", "/nowhere.json"), "cannot be read"),
    ],
)
def test_bad_input_is_answered_with_one_sentence(
    capsys: pytest.CaptureFixture[str], words: tuple[str, ...], sentence: str
) -> None:
    (line,) = run(capsys, *words, code=2).splitlines()
    assert sentence in line


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"offer_timeout_s": 0}, "offer time of 1 to 600"),
        ({"skills": (("nothing", 1),)}, "needs the unknown skill nothing"),
        ({"max_waiting": 3, "full_queue_id": "water"}, "loop"),
    ],
)
def test_a_set_up_that_cannot_be_is_refused_as_the_house_refuses_it(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, changes: dict[str, Any], sentence: str
) -> None:
    old = set_up()
    wrong = msgspec.structs.replace(old, queues=(msgspec.structs.replace(old.queues[0], **changes), *old.queues[1:]))
    assert sentence in run(capsys, "--configuration", written(tmp_path, wrong), *_TIME, code=2)


def test_what_is_no_set_up_is_named(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert "is no routing set-up" in run(capsys, "--configuration", written(tmp_path, {"queues": 3}), *_TIME, code=2)
