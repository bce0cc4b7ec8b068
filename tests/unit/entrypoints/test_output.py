"""Commands whose answer does not arrive: no traceback, and a code that is neither success
nor that of a failed check."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.unit.simulation.centre import raw

READER_GONE, ONLY_THE_OPERATOR = 141, 3
CASE = {
    "id": "one",
    "model": "erlang_b",
    "params": {"lines": 1, "load_erlangs": 1.0},
    "metric": "blocking_probability",
    "value": 0.5,
    "tolerance": 0.0,
    "tolerance_kind": "abs",
}
COMMANDS = [
    ("calc", "erlang-b", "--load", "5", "--lines", "6"),
    ("calc", "--check", "cases.jsonl"),
    ("simulate", "--schema"),
    ("simulate", "scenario.json", "--json"),
]


@pytest.fixture(autouse=True)
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOTLINE_DATA_DIR", str(tmp_path / "var"))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "cases.jsonl").write_text(json.dumps(CASE), "utf-8")
    (tmp_path / "scenario.json").write_text(json.dumps(raw(replications=1)), "utf-8")


def ran(words: tuple[str, ...], output: int) -> tuple[int, str]:
    command = [sys.executable, "-m", "hotline.entrypoints", *words]
    done = subprocess.run(command, stdout=output, stderr=subprocess.PIPE, text=True, check=False, timeout=120)
    return done.returncode, done.stderr


@pytest.mark.parametrize("words", COMMANDS)
def test_a_reader_who_has_enough_ends_the_command_quietly(words: tuple[str, ...]) -> None:
    reads, writes = os.pipe()
    os.close(reads)
    try:
        assert ran(words, writes) == (READER_GONE, "")
    finally:
        os.close(writes)


def test_a_full_disk_is_told() -> None:
    with Path("/dev/full").open("w") as full:
        code, said = ran(COMMANDS[0], full.fileno())
    assert code == ONLY_THE_OPERATOR
    assert said == (
        "hotline: The answer could not be written to standard output (No space left on device): "
        "send it elsewhere and ask again.\n"
    )


def test_a_closed_output_is_told() -> None:
    command = ["sh", "-c", 'exec "$@" >&-', "sh", sys.executable, "-m", "hotline.entrypoints", "simulate", "--schema"]
    done = subprocess.run(command, stderr=subprocess.PIPE, text=True, check=False, timeout=120)
    assert done.returncode == ONLY_THE_OPERATOR
    assert "(it is closed)" in done.stderr
    assert len(done.stderr.splitlines()) == 1
