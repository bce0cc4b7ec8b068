"""`hotline calc`: what it prints, with which exit code, and what it says of input it cannot use."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hotline.entrypoints import calc_check
from hotline.entrypoints.command_line import main

WELL, CHECK_FAILED, BAD_INPUT = 0, 1, 2
CASES = Path(__file__).parents[1] / "formulas/data/queueing_cases.jsonl"
# Only a simulation gives these: agents with two skills of six, and the order in which agents with all skills choose.
ONLY_SIMULATED = {"Q194", "Q195", "Q196", "Q202"}
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs `hotline calc` with these words; exit code, standard output, standard error."""
    monkeypatch.setenv("HOTLINE_DATA_DIR", str(tmp_path / "var"))

    def ran(*words: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as ended:
            main(["calc", *words])
        printed = capsys.readouterr()
        assert not (tmp_path / "var").exists(), "a calculation makes no data directory"
        return int(ended.value.code or 0), printed.out, printed.err

    return ran


POOLS = {
    "pool_agents": [9, 9],
    "arrivals_per_h": [500.0, 500.0],
    "handle_time_s": 60.0,
    "patience_means_s": [60.0, 60.0],
}


def case(**changes: Any) -> dict[str, Any]:
    """A case that passes, with changes."""
    return {
        "id": "one",
        "model": "erlang_c",
        "params": {"agents": 14, "load_erlangs": 10.0},
        "metric": "wait_probability",
        "value": 0.1741319335950498,
        "tolerance": 1e-9,
        "tolerance_kind": "rel",
        **changes,
    }


@pytest.fixture
def file_of(tmp_path: Path) -> Callable[..., str]:
    def written(*lines: dict[str, Any] | str) -> str:
        path = tmp_path / "cases.jsonl"
        path.write_text("\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines), "utf-8")
        return str(path)

    return written


def rows(out: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in out.splitlines()]


def test_every_published_and_computed_case_holds(run: Run, tmp_path: Path) -> None:
    with_formula = [
        line for line in CASES.read_text("utf-8").splitlines() if json.loads(line)["id"] not in ONLY_SIMULATED
    ]
    path = tmp_path / "with_formula.jsonl"
    path.write_text("\n".join(with_formula), "utf-8")
    code, out, err = run("--check", str(path))
    assert (code, err) == (WELL, "")
    assert rows(out)[-1] == {"passed": 130, "failed": 0, "unknown": 0}


@pytest.mark.slow  # 1.6 million calls
def test_every_case_of_the_file_holds_those_that_only_a_simulation_gives_too(run: Run) -> None:
    code, out, err = run("--check", str(CASES))
    assert rows(out)[-1] == {"passed": 134, "failed": 0, "unknown": 0}
    assert code == WELL
    assert all(id in err for id in ONLY_SIMULATED)


@pytest.fixture
def short_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calc_check, "EFFORT", 0.02)


SKILLED = {
    "model": "balanced_skills",
    "params": {
        "queues": 3,
        "arrivals_per_h_each": 120.0,
        "handle_time_s": 60.0,
        "agents": 9,
        "waiting_places": 5,
        "skills_per_agent": 2,
    },
    "metric": "blocking_probability",
    "tolerance_kind": "abs",
}


@pytest.mark.usefixtures("short_runs")
def test_what_has_no_formula_is_simulated_which_is_said_and_held_against_the_tolerance(
    run: Run, file_of: Callable[..., str]
) -> None:
    near, far = case(**SKILLED, value=0.02, tolerance=0.02), case(**SKILLED, id="far", value=0.2, tolerance=0.02)
    first = run("--check", file_of(near, far, case(id="two")))
    code, out, err = first
    *verdicts, sums = rows(out)
    assert [(verdict["id"], verdict["pass"]) for verdict in verdicts] == [("one", True), ("far", False), ("two", True)]
    assert verdicts[0]["got"] == verdicts[1]["got"] > 0
    assert (code, sums) == (CHECK_FAILED, {"passed": 2, "failed": 1, "unknown": 0})
    assert "simulating" in err
    assert "one, far:" in err
    assert run("--check", file_of(near, far, case(id="two"))) == first


@pytest.mark.usefixtures("short_runs")
def test_what_the_simulation_refuses_is_named_by_its_line(run: Run, file_of: Callable[..., str]) -> None:
    crowd = {**SKILLED, "params": {**SKILLED["params"], "agents": 30_000_000}}
    code, out, err = run("--check", file_of(case(), case(**crowd, value=0.0)))
    assert (code, out) == (BAD_INPUT, "")
    assert "line 2" in err
    assert "20,000" in err


def test_a_case_that_holds_is_told_with_all_its_words(run: Run, file_of: Callable[..., str]) -> None:
    code, out, err = run("--check", file_of(case(), "", case(id="two")))
    first, second, sums = rows(out)
    assert list(first) == ["id", "model", "metric", "expected", "got", "tolerance", "tolerance_kind", "pass"]
    assert (first["id"], second["id"], first["pass"]) == ("one", "two", True)
    assert (code, err, sums) == (WELL, "", {"passed": 2, "failed": 0, "unknown": 0})


def test_an_expected_value_that_is_one_per_cent_off_fails(run: Run, tmp_path: Path) -> None:
    """Every case of the file with a tolerance below 1 %: printed tables of two digits cannot tell so small a change."""
    altered = [json.loads(line) for line in CASES.read_text("utf-8").splitlines()]
    altered = [row for row in altered if row["id"] not in ONLY_SIMULATED and is_sharp(row)]
    for row in altered:
        row["value"] *= 1.01
    path = tmp_path / "altered.jsonl"
    path.write_text("\n".join(map(json.dumps, altered)), "utf-8")
    code, out, _ = run("--check", str(path))
    *verdicts, sums = rows(out)
    assert len(verdicts) > 90
    assert [verdict["id"] for verdict in verdicts if verdict["pass"]] == []
    assert (code, sums["failed"]) == (CHECK_FAILED, len(altered))


def is_sharp(row: dict[str, Any]) -> bool:
    return bool(row["tolerance_kind"] == "rel" or row["tolerance"] < 0.004 * abs(row["value"]))


@pytest.mark.parametrize(
    "change",
    [
        {"model": "erlang_z"},
        {"metric": "happiness"},
        {"model": "n_design", "params": POOLS, "metric": "wait_probability[2]"},
    ],
)
def test_an_unknown_word_fails_and_is_called_unknown(
    run: Run, file_of: Callable[..., str], change: dict[str, Any]
) -> None:
    code, out, err = run("--check", file_of(case(**change), case()))
    unknown, known, sums = rows(out)
    assert (unknown["got"], unknown["pass"], known["pass"]) == ("unknown", False, True)
    assert (code, err, sums) == (CHECK_FAILED, "", {"passed": 1, "failed": 1, "unknown": 1})


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{", "line 2"),
        ("[1]", "line 2"),
        (case(value=None), "line 2"),
        (json.dumps(case(value=float("nan"))), "line 2"),
        (case(tolerance=-1), "line 2"),
        (case(tolerance_kind="about"), "line 2"),
        ({key: value for key, value in case().items() if key != "value"}, "value"),
        (case(params={"agents": 14}), "load_erlangs"),
        (case(params={"load_erlangs": 10.0}), "agents"),
        (case(params={"agents": 14.5, "load_erlangs": 10.0}), "agents is 14.5"),
        (case(params={"agents": "many", "load_erlangs": 10.0}), 'agents is "many"'),
        (case(params={"agents": 14, "load_erlangs": -10.0}), "load_erlangs is -10.0"),
        (case(params={"agents": 9, "load_erlangs": 10.0}), "take at least 11 agents"),
        (case(params={"agents": 1e300, "load_erlangs": 10.0}), "from 1 to 2,000,000,000"),
        (case(model="n_design", params={**POOLS, "pool_agents": [900, 900]}, metric="mean_queue[0]"), "pool_agents"),
        (case(model="n_design", params={**POOLS, "pool_agents": [9]}, metric="mean_queue[0]"), "two numbers"),
        (case(metric="service_level"), "handle_time_s"),
    ],
)
def test_a_line_that_cannot_be_used_is_named_and_nothing_is_printed(
    run: Run, file_of: Callable[..., str], line: dict[str, Any] | str, said: str
) -> None:
    code, out, err = run("--check", file_of(case(), line))
    assert (code, out) == (BAD_INPUT, "")
    assert "line 2" in err
    assert said in err
    assert len(err.splitlines()) == 1


def test_a_file_that_is_not_there_or_empty_is_named(run: Run, file_of: Callable[..., str], tmp_path: Path) -> None:
    for path in (str(tmp_path / "none.jsonl"), str(tmp_path), file_of("")):
        code, out, err = run("--check", path)
        assert (code, out) == (BAD_INPUT, "")
        assert path in err


QUESTIONS = [
    ("erlang-b --load 20 --lines 10", "blocking_probability", 0.5379631686320729),
    ("line-load --lines 5 --blocking 0.01", "load_erlangs", 1.36),
    ("lines --load 33.3333 --blocking 0.01", "lines", 45),
    ("lines --load 5.5 --blocking 0.03 --retry 0.5", "lines", 11),
    ("erlang-c --calls-per-hour 200 --handle-time 180 --agents 14 --threshold 20", "service_level", 0.888350),
    ("erlang-c --load 8 --agents 10", "wait_probability", 0.409180),
    ("erlang-a --calls-per-hour 2880 --handle-time 60 --agents 50 --patience 120", "abandon_probability", 0.030912),
    ("fixed-patience --calls-per-hour 3300 --handle-time 60 --agents 50 --patience 60", "average_wait_s", 49.309),
    (
        "mixed-patience --load 52 --handle-time 60 --agents 50 --first-share 0.3 --patience-means 6 240",
        "wait_probability",
        0.512934,
    ),
    (
        "erlang-x --calls-per-hour 2880 --handle-time 60 --agents 50 --patience 120 --redial 0.5",
        "total_arrivals_per_h",
        2935.281,
    ),
    ("finite-queue --load 84 --agents 90 --waiting-places 30", "mean_queue", 3.766420),
    (
        "n-design --pool-agents 10 10 --calls-per-hour 540 540 --handle-time 60 --patience-means 120 120",
        "wait_probability[0]",
        0.265813,
    ),
    ("agents --calls-per-hour 200 --handle-time 240 --service-level 0.8", "agents", 17),
    ("agents --load 50 --handle-time 240 --service-level 0.8 --max-occupancy 0.8", "agents", 63),
    ("agents --load 50 --handle-time 240 --max-occupancy 0.8", "agents", 63),
    ("agents --load 5 --handle-time 60 --abandon 0.05", "agents", 6),
    ("line-load --lines 5 --blocking 1e-50", "load_erlangs", 2.605171e-10),
    ("what-if --calls-per-hour 178 --handle-time 240 --service-level 0.85 --threshold 15", "seats", 16),
    (
        "containment --calls-per-hour 466667 --seats 1800 --handle-time 150 --service-level 0.85 --threshold 15",
        "needed_containment",
        0.908172,
    ),
    (
        "containment --calls 140000000 --agent-hours 277200 --handle-time 150 --max-occupancy 0.8",
        "needed_containment",
        0.961984,
    ),
    ("containment --entered 10 --ended-in-ivr 9", "containment_ratio", 0.9),
]


@pytest.mark.parametrize(("words", "name", "expected"), QUESTIONS)
def test_each_question_is_answered_in_json_and_in_words(run: Run, words: str, name: str, expected: float) -> None:
    code, out, err = run(*words.split(), "--json")
    assert (code, err) == (WELL, "")
    assert json.loads(out)[name] == pytest.approx(expected, rel=1e-3)
    code, text, err = run(*words.split())
    assert (code, err) == (WELL, "")
    assert name.removesuffix("_s").replace("_", " ") in text


def test_a_service_level_is_never_shown_as_reaching_a_target_that_it_misses(run: Run) -> None:
    words = ("erlang-c", "--calls-per-hour", "178.4906", "--handle-time", "240", "--agents", "16", "--threshold", "15")
    level = json.loads(run(*words, "--json")[1])["service_level"]
    assert 0.84995 < level < 0.85
    (shown,) = (line for line in run(*words)[1].splitlines() if line.startswith("service level"))
    assert shown.split()[-1] == "84.99%"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("", "name a question"),
        ("--check none.jsonl erlang-c --load 5 --agents 8", "name a question"),
        ("erlang-c --load 20 --agents 16", "take at least 21 agents"),
        ("erlang-c --load -20 --agents 16", "--load is -20.0"),
        ("erlang-c --load nan --agents 16", "--load is nan"),
        ("erlang-c --load inf --agents 16", "--load is inf"),
        ("erlang-c --load 5 --agents 0", "--agents is 0"),
        (
            "erlang-c --load 5 --calls-per-hour 1000 --handle-time 60 --agents 8",
            "--load is 5.0: give the load alone, or",
        ),
        ("erlang-c --load 5 --calls-per-hour 1000 --agents 8", "--load is 5.0: give the load alone, or"),
        ("line-load --lines 5 --blocking 1e-320", "--blocking is 1e-320: give a share of 1e-300 or more"),
        ("containment --entered 9 --ended-in-ivr 5 --calls 5", "--calls is 5.0: give either it or --entered"),
        ("erlang-c --agents 16", "add --load, or --calls-per-hour and --handle-time"),
        ("erlang-a --load 5 --handle-time 240 --agents 6 --patience 0", "--patience is 0.0"),
        ("agents --load 5 --handle-time 240", "--service-level"),
        ("agents --load 5 --service-level 0.8", "--handle-time"),
        ("agents --load 5 --handle-time 240 --service-level 1.5", "--service-level is 1.5"),
        ("lines --load 5 --blocking 0", "--blocking is 0.0"),
        ("what-if --calls-per-hour 9 --handle-time 240 --service-level 0.8 --wrap-up 300", "--wrap-up is 300"),
        ("containment --calls 100 --handle-time 60", "--agent-hours"),
        ("containment --entered 5 --ended-in-ivr 6", "--entered is 5"),
        (
            "balanced-skills --queues 6 --agents 90 --waiting-places 30 --skills-per-agent 2 "
            "--calls-per-hour-each 84 --handle-time 600",
            "--skills-per-agent is 2",
        ),
    ],
)
def test_what_cannot_be_computed_is_told_in_a_sentence_that_names_the_option(run: Run, words: str, said: str) -> None:
    code, out, err = run(*words.split(), *(["--json"] if words.split()[:1] not in ([], ["--check"]) else []))
    assert (code, out) == (BAD_INPUT, "")
    assert said in err
    assert len(err.splitlines()) == 1


@pytest.mark.parametrize("words", ["erlang-c --load five --agents 8", "erlang-z --load 5", "erlang-b --load 5"])
def test_options_that_cannot_be_read_end_with_bad_input(run: Run, words: str) -> None:
    code, out, err = run(*words.split())
    assert (code, out) == (BAD_INPUT, "")
    assert err.strip()
