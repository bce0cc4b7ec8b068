"""The public shift-scheduling benchmark: reading it, solving it, and checking a solution independently."""

import itertools
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotline.planning.roster.board import Team
from hotline.planning.roster.cpu_budget import Budget, cpu_seconds
from hotline.planning.roster.curtois import Cover, Instance, Worker, read_instance, write_solution
from hotline.planning.roster.curtois_check import check, read_solution
from hotline.planning.roster.errors import NoLegalLineError, RosterFileError
from hotline.planning.roster.search import solve

_TEXT = """# small
SECTION_HORIZON
7
SECTION_SHIFTS
E,480,
L,480,E
SECTION_STAFF
A,E=7|L=7,2400,1440,5,2,2,1
B,E=7|L=2,2400,1440,5,2,2,1
SECTION_DAYS_OFF
A,3
SECTION_SHIFT_ON_REQUESTS
A,0,E,2
SECTION_SHIFT_OFF_REQUESTS
B,1,L,3
SECTION_COVER
0,E,1,100,1
1,L,1,100,1
"""


def _file(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "instance.txt"
    path.write_text(text, "utf-8")
    return path


def test_an_instance_is_read_as_it_stands(tmp_path: Path) -> None:
    instance = read_instance(_file(tmp_path, _TEXT))
    assert (instance.days, instance.minutes_of) == (7, {"E": 480, "L": 480})
    assert instance.not_after["L"] == {"E"}
    assert instance.workers["A"] == Worker("A", {"E": 7, "L": 7}, 2400, 1440, 5, 2, 2, 1, {3})
    assert instance.wishes_on == [("A", 0, "E", 2)]
    assert instance.cover[1] == Cover(1, "L", 1, 100, 1)


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("A,3", "Z,3", 11),
        ("A,3", "A,9", 11),
        ("0,E,1,100,1", "0,N,1,100,1", 17),
        ("1,L,1,100,1", "0,E,1,100,1", 18),
        ("480,E", "x,E", 6),
        ("A,E=7|L=7,2400", "A,E=7|L=7", 8),
    ],
)
def test_a_wrong_line_is_named(tmp_path: Path, old: str, new: str, line: int) -> None:
    with pytest.raises(RosterFileError, match=f"line {line}:"):
        read_instance(_file(tmp_path, _TEXT.replace(old, new, 1)))


@pytest.mark.parametrize("text", ["", "hello", "SECTION_HORIZON\n7\n"])
def test_what_is_no_instance_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(RosterFileError):
        read_instance(_file(tmp_path, text))


@pytest.mark.parametrize(
    ("line", "part"),
    [
        (["", "E", "E", "E", "", "", ""], "day off"),
        (["L", "E", "", "", "", "E", "E"], "must not follow"),
        (["E", "E", "", "", "", "", ""], "minutes"),
        (["E", "E", "", "E", "E", "", ""], "days off from day 2"),
        (["E", "E", "", "", "E", "", "E"], "days running from day 4"),
        (["E", "E", "E", "E", "E", "E", ""], "days running from day 0"),
        (["L", "L", "L", "", "", "", ""], "shifts L"),
    ],
)
def test_the_checker_names_what_is_broken(tmp_path: Path, line: list[str], part: str) -> None:
    instance = read_instance(_file(tmp_path, _TEXT.replace("A,3", "B,3")))
    held = {("B", day): shift for day, shift in enumerate(line) if shift}
    held |= {("A", day): "E" for day in range(3)}
    assert any(part in breach for breach in check(instance, held).breaches), check(instance, held)


def test_the_checker_counts_cost_by_the_benchmarks_rules(tmp_path: Path) -> None:
    instance = read_instance(_file(tmp_path, _TEXT))
    # A's wish for E on day 0 is unkept (2), B works L on day 1 against a wish (3), E on day 0 is missing (100).
    assert check(instance, {("B", 1): "L"}).cost == 105
    assert check(instance, {("A", 0): "E", ("B", 0): "E"}).cost == 101


@pytest.mark.parametrize("row", ["C,0,E", "A,7,E", "A,x,E", "A,0,N", "A,0", "A,0,E\nA,0,L"])
def test_a_wrong_row_of_a_solution_is_named(tmp_path: Path, row: str) -> None:
    path = tmp_path / "solution.csv"
    path.write_text(f"employee,day,shift\n{row}\n", "utf-8")
    with pytest.raises(RosterFileError, match=r"line [23]:"):
        read_solution(path, read_instance(_file(tmp_path, _TEXT)))


def test_a_written_solution_is_read_back(tmp_path: Path) -> None:
    instance = read_instance(_file(tmp_path, _TEXT))
    path = tmp_path / "solution.csv"
    write_solution(path, {"A": ["E", "", "", "", "", "", "L"], "B": [""] * 7})
    assert read_solution(path, instance) == {("A", 0): "E", ("A", 6): "L"}


@st.composite
def _small_instances(draw: st.DrawFn) -> Instance:
    days = draw(st.integers(4, 7))
    minutes = {"E": 480, "L": draw(st.sampled_from([480, 600]))}
    instance = Instance(
        days=days, minutes_of=minutes, not_after={"E": set(), "L": draw(st.sampled_from([set(), {"E"}]))}
    )
    for name in "AB":
        most = {"E": draw(st.integers(1, days)), "L": draw(st.integers(0, 3))}
        least_minutes = 480 * draw(st.integers(0, 3))
        instance.workers[name] = Worker(
            name,
            most,
            least_minutes + draw(st.integers(480, 1500)),
            least_minutes,
            draw(st.integers(2, 5)),
            draw(st.integers(1, 2)),
            draw(st.integers(1, 3)),
            draw(st.integers(0, 1)),
            draw(st.sets(st.integers(0, days - 1), max_size=1)),
        )
    for day in range(days):
        instance.cover += [Cover(day, shift, draw(st.integers(0, 2)), draw(st.integers(1, 9)), 1) for shift in "EL"]
    instance.wishes_on = [("A", draw(st.integers(0, days - 1)), "L", draw(st.integers(1, 5)))]
    instance.wishes_off = [("B", draw(st.integers(0, days - 1)), "E", draw(st.integers(1, 5)))]
    return instance


def _legal_lines(instance: Instance, name: str) -> list[tuple[str, ...]]:
    """Every legal line, by trying all and asking the checker."""
    one = Instance(instance.days, instance.minutes_of, instance.not_after, {name: instance.workers[name]})
    lines = itertools.product(("", "E", "L"), repeat=instance.days)
    return [line for line in lines if not check(one, {(name, d): s for d, s in enumerate(line) if s}).breaches]


@settings(max_examples=12)
@given(_small_instances(), st.integers(0, 1000))
def test_the_line_program_finds_the_cheapest_of_all_legal_lines(instance: Instance, seed: int) -> None:
    team = Team(instance)
    price = np.random.default_rng(seed).integers(-9, 9, (instance.days, 2)).astype(float)
    found = team.cheapest(0, price)
    legal = _legal_lines(instance, "A")
    if not legal:
        assert not found.is_found
        return
    total = team.wish[0] + price + 0.0
    costs = [sum(total[d, "EL".index(s)] for d, s in enumerate(line) if s) for line in legal]
    cheapest = min(costs) + float(team.wish_floor[0])
    assert found.bound <= cheapest + 1e-3
    if found.is_found:
        names = tuple("" if number < 0 else "EL"[number] for number in found.line)
        assert names in legal
        if found.bound > cheapest - 1e-3:
            assert team.line_cost(0, found.line) + sum(
                price[d, s] for d, s in enumerate(found.line) if s >= 0
            ) == pytest.approx(cheapest, abs=1e-3)


@settings(max_examples=8)
@given(_small_instances())
def test_no_brute_force_roster_is_better_and_the_checker_agrees(instance: Instance) -> None:
    legal = [_legal_lines(instance, name)[:400] for name in "AB"]
    if not all(legal):
        return
    try:
        solved = solve(instance, Budget(0.5, start_s=cpu_seconds()))
    except NoLegalLineError:
        return
    roster = solved.board.roster()
    verdict = check(instance, {(n, d): s for n, line in roster.items() for d, s in enumerate(line) if s})
    assert verdict.breaches == ()
    assert verdict.cost == solved.board.cost
    best = min(
        check(instance, {(n, d): s for n, line in zip("AB", pair, strict=True) for d, s in enumerate(line) if s}).cost
        for pair in itertools.islice(itertools.product(*legal), 3000)
    )
    assert solved.bound <= best
    assert verdict.cost <= best
