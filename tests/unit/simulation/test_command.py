"""`hotline simulate SCENARIO`: what it prints and writes, and that nothing else is on standard output."""

import json
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import pytest

from hotline.entrypoints.command_line import main
from hotline.simulation.metrics import COUNTS, NAMES, PERCENTILE, RATIOS
from tests.unit.simulation.centre import raw

Run = Callable[..., tuple[int, str, str]]
KINDS = [{"share": 0.5, "name": "gold"}, {"share": 0.5}]
OF_QUEUE = {*COUNTS, *RATIOS, PERCENTILE}


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Plays a small scenario with these options; exit code, standard output, standard error."""
    monkeypatch.setenv("HOTLINE_DATA_DIR", str(tmp_path / "var"))
    monkeypatch.chdir(tmp_path)
    given = raw(name="东城 <day>", about="A & B", replications=2, traffic={"kinds": KINDS})
    (tmp_path / "scenario.json").write_text(json.dumps(given), "utf-8")

    def ran(*options: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as ended:
            main(["simulate", "scenario.json", *options])
        printed = capsys.readouterr()
        return int(ended.value.code or 0), printed.out, printed.err

    return ran


def test_json_is_one_document_and_nothing_else(run: Run) -> None:
    code, out, err = run("--json", "--seed", "0")
    assert (code, err) == (0, "")
    assert out.endswith("}\n")
    assert out.count("\n") == 1
    found = json.loads(out, parse_constant=lambda name: pytest.fail(f"{name} is no JSON"))
    assert list(found) == ["seed", "replications", "totals", "kinds", "intervals", "cpu_s", "calls"]
    assert (found["seed"], found["replications"]) == (0, 2)
    totals = {(row["queue"], row["metric"]): row for row in found["totals"]}
    assert set(totals) == {("*", name) for name in NAMES} | {("water", name) for name in OF_QUEUE}
    assert all(list(row) == ["queue", "metric", "value", "low", "high"] for row in found["totals"])
    offered = totals["water", "offered"]
    assert offered["low"] <= offered["value"] <= offered["high"]
    assert found["calls"] == 2 * offered["value"]
    assert {(row["queue"], row["kind"]) for row in found["kinds"]} == {("water", "gold")}
    assert sorted({row["start_s"] for row in found["intervals"]}) == [0, 600, 1200, 1800, 2400, 3000]
    by_interval = [row["value"] for row in found["intervals"] if (row["queue"], row["metric"]) == ("water", "offered")]
    assert sum(by_interval) == pytest.approx(offered["value"])


def test_the_same_seed_prints_the_same_and_another_seed_something_else(run: Run) -> None:
    def told(seed: str) -> object:
        return {**json.loads(run("--json", "--seed", seed)[1]), "cpu_s": None}

    assert told("5") == told("5") != told("6")


def test_options_go_before_what_the_scenario_says(run: Run) -> None:
    assert json.loads(run("--json", "--replications", "1")[1])["replications"] == 1


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: dict[str, int] = {}
        self.fetched: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] = self.tags.get(tag, 0) + 1
        self.fetched += [value or "" for name, value in attrs if name in ("src", "href")]


def test_the_page_stands_alone_in_both_languages_beside_the_json(run: Run, tmp_path: Path) -> None:
    code, out, err = run("--json", "--page", "day.html")
    assert (code, err) == (0, "")
    assert json.loads(out)["replications"] == 2
    text = (tmp_path / "day.html").read_text("utf-8")
    page = _Page()
    page.feed(text)
    assert page.fetched == []
    assert "script" not in page.tags
    assert page.tags["svg"] == 6
    assert page.tags["table"] >= 1
    assert all(
        words in text for words in ("东城 &lt;day&gt;", "A &amp; B", "服务水平", "Service level", "模拟", "imulated")
    )


def test_a_page_that_cannot_be_written_is_refused_and_nothing_printed(run: Run) -> None:
    code, out, err = run("--json", "--page", "nowhere/day.html")
    assert (code, out) == (2, "")
    assert "--page nowhere/day.html cannot be written" in err


def test_without_json_a_table_is_printed(run: Run) -> None:
    code, out, err = run()
    assert (code, err) == (0, "")
    assert "simulated, 2 replication(s), seed 1" in out
    assert "service level" in out
