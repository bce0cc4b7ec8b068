"""Cases of queueing theory: what passes, what an altered value does, what is no queueing system."""

import json
import math
from pathlib import Path
from typing import Any

import msgspec
import pytest

from hotline.entrypoints.command_line import main
from hotline.simulation.checking import Case, agrees, check, formula_of, is_good, read_cases, summary
from hotline.simulation.errors import CasesInvalidError
from tests.unit.simulation.centre import ROOT

EFFORT = 0.2  # short runs: what is tested is not how narrow chance is
SMALL = {"agents": 3, "load_erlangs": 2.0}


def case(**changes: Any) -> Case:
    given = {
        "id": "c",
        "model": "erlang_c",
        "params": SMALL,
        "metric": "wait_probability",
        "value": 0.4444444444444444,
        "tolerance": 1e-9,
        "tolerance_kind": "rel",
    }
    return Case(**{**given, **changes})


def test_a_true_value_passes_and_one_altered_by_a_per_cent_fails_though_chance_is_wide() -> None:
    true, altered = check([case(), case(id="d", value=0.4444444 * 1.005)], 1, 1, EFFORT)
    assert true.has_passed()
    assert not altered.has_passed()
    assert not any(altered.is_outside)  # chance alone would not have told
    counts = summary([true, altered])
    assert counts == {"passed": 1, "failed": 1, "unknown": 0, "outside_99": 0, "outside_9999": 0}
    assert not is_good(counts)


@pytest.mark.parametrize("model", ["erlang_b", "erlang_c", "erlang_a", "mmc_finite_queue"])
def test_exact_rows_of_the_file_fail_when_altered_by_a_per_cent_either_way(model: str) -> None:
    """Without chance: the formula tells, so that a shorter run lets nothing pass. Left out are printed values that
    are rounded to less than a per cent."""
    rows = read_cases(ROOT / "tests" / "unit" / "formulas" / "data" / "queueing_cases.jsonl")
    mine = [row for row in rows if row.model == model and row.is_exact() and row.width() < 0.005 * abs(row.value)]
    assert mine
    for row in mine[:4]:
        formula = formula_of(row)
        assert formula is not None
        assert agrees(row, formula)
        for factor in (0.99, 1.01):
            assert not agrees(msgspec.structs.replace(row, value=row.value * factor), formula)


def test_rows_about_one_system_share_its_run_whatever_their_threshold() -> None:
    params = {"agents": 3, "arrivals_per_h": 120.0, "handle_time_s": 60.0}
    rows = [
        case(params=params, value=0.4444444444444444),
        case(params={**params, "threshold_s": 20.0}, metric="service_level", value=1 - 4 / 9 * math.exp(-1 / 3)),
        case(params={**params, "threshold_s": 60.0}, metric="service_level", value=1 - 4 / 9 * math.exp(-1)),
    ]
    verdicts = list(check([Case(**{**_fields(row), "tolerance": 1e-6}) for row in rows], 1, 1, EFFORT))
    assert [verdict.has_passed() for verdict in verdicts] == [True, True, True]


def _fields(row: Case) -> dict[str, Any]:
    return {name: getattr(row, name) for name in row.__struct_fields__}


def test_what_is_no_queueing_system_is_unknown_and_not_failed() -> None:
    rows = [
        case(model="erlang_c_agents", metric="agents", value=3.0),
        case(model="erlang_x", metric="total_arrivals_per_h", value=3.0),
        case(model="my_own"),
        case(metric="happiness"),
    ]
    verdicts = list(check(rows, 1, 1, EFFORT))
    assert [verdict.has_passed() for verdict in verdicts] == [None] * 4
    assert summary(verdicts)["unknown"] == 4
    assert is_good(summary(verdicts))


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("{", "line 1"),
        ('{"id": "a"}', "missing required field"),
        ("", "has no cases"),
    ],
)
def test_a_file_that_is_none_of_cases_is_refused(tmp_path: Path, line: str, sentence: str) -> None:
    path = tmp_path / "cases.jsonl"
    path.write_text(line, "utf-8")
    with pytest.raises(CasesInvalidError, match=sentence):
        read_cases(path)


def test_missing_and_impossible_parameters_are_named() -> None:
    with pytest.raises(CasesInvalidError, match="'agents'"):
        list(check([case(params={"load_erlangs": 2.0})], 1, 1, EFFORT))
    with pytest.raises(CasesInvalidError, match="grows for ever"):
        list(check([case(params={"agents": 2, "load_erlangs": 2.0})], 1, 1, EFFORT))


def test_the_command_prints_a_line_for_each_case_and_the_sums(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOTLINE_DATA_DIR", str(tmp_path / "var"))
    path = tmp_path / "cases.jsonl"
    path.write_text(json.dumps(_fields(case(value=0.5))) + "\n", "utf-8")
    with pytest.raises(SystemExit) as ended:
        main(["simulate", "--check", str(path)])
    assert ended.value.code == 1
    printed = capsys.readouterr()
    row, sums = (json.loads(line) for line in printed.out.splitlines())
    names = "id model metric expected got low high low_9999 high_9999 exact pass"
    assert list(row) == names.split()
    assert sums["failed"] == 1
    assert "the formula gives 0.444" in printed.err


def test_the_interval_is_narrow_enough_to_tell_systems_apart() -> None:
    params = {"agents": 10, "arrivals_per_h": 600.0, "handle_time_s": 60.0, "patience_mean_s": 120.0}
    ten = {"params": params, "model": "erlang_a", "metric": "abandon_probability"}
    (right,) = check([case(**ten, value=0.103913212326)], 2, 1, EFFORT)
    assert right.has_passed()
    low, high = right.intervals[0]
    assert high - low < 0.02  # with 11 agents it would be 0.068
