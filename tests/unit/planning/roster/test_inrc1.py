"""The nurse rostering competition: both forms read alike, costs counted by hand, lines as cheap as trying all."""

import itertools
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotline.planning.roster.contest_team import ContestTeam
from hotline.planning.roster.cpu_budget import Budget, cpu_seconds
from hotline.planning.roster.errors import RosterFileError
from hotline.planning.roster.inrc1 import ANY, LIMITS, Contract, Instance, Nurse, Rule
from hotline.planning.roster.inrc1_check import check, line_cost
from hotline.planning.roster.inrc1_read import read_instance
from hotline.planning.roster.search import solve_team

# Friday 1 January 2010 to Thursday; one contract, three nurses, two shifts of which DH needs a head nurse.
_TEXT = """////////
SCHEDULING_PERIOD;
////////
own, 2010-01-01, 2010-01-07;

SKILLS = 2;
HeadNurse Nurse;

SHIFT_TYPES = 2;
D, Day shift, 08:30:00, 16:30:00, 1, Nurse;
N, Night, 22:30:00, 06:30:00, 1, HeadNurse;

CONTRACTS = 1;
0, full, (1|1), (1|2|4), (1|3|2), (1|5|3), (1|7|2), (1|11|2), (1|13|2), (0|0|9), (0|0|1), (0|0|0), SaturdaySunday, \
(1|17), (1|19), (0|0), (0|0), (1|23), 2, 0 1;

PATTERNS = 2;
0, 29, 2 (N|Any) (D|Any);
1, 31, 3 (None|Friday) (Any|Saturday) (Any|Sunday);

EMPLOYEES = 2;
a, Anna, 0, 2, HeadNurse Nurse;
b, Ben, 0, 1, Nurse;

DAY_OF_WEEK_COVER = 2;
Monday, D, 1;
Tuesday, N, 1;

DATE_SPECIFIC_COVER = 1;
2010-01-07, D, 2;

DAY_OFF_REQUESTS = 1;
a, 2010-01-05, 37;

DAY_ON_REQUESTS = 1;
b, 2010-01-06, 41;

SHIFT_OFF_REQUESTS = 1;
b, 2010-01-04, D, 43;

SHIFT_ON_REQUESTS = 1;
b, 2010-01-01, N, 47;
"""

_RULES = """<MaxNumAssignments on="1" weight="2">4</MaxNumAssignments>
<MinNumAssignments on="1" weight="3">2</MinNumAssignments>
<MaxConsecutiveWorkingDays on="1" weight="5">3</MaxConsecutiveWorkingDays>
<MinConsecutiveWorkingDays on="1" weight="7">2</MinConsecutiveWorkingDays>
<MaxConsecutiveFreeDays on="1" weight="11">2</MaxConsecutiveFreeDays>
<MinConsecutiveFreeDays on="1" weight="13">2</MinConsecutiveFreeDays>
<MaxConsecutiveWorkingWeekends on="0" weight="0">9</MaxConsecutiveWorkingWeekends>"""
_XML = f"""<?xml version="1.0" encoding="UTF-8"?>
<SchedulingPeriod ID="own"><StartDate>2010-01-01</StartDate><EndDate>2010-01-07</EndDate>
<Skills><Skill>HeadNurse</Skill><Skill>Nurse</Skill></Skills>
<ShiftTypes>
<Shift ID="D"><StartTime>08:30:00</StartTime><EndTime>16:30:00</EndTime><Skills><Skill>Nurse</Skill></Skills></Shift>
<Shift ID="N"><StartTime>22:30:00</StartTime><EndTime>06:30:00</EndTime>
<Skills><Skill>HeadNurse</Skill></Skills></Shift>
</ShiftTypes>
<Patterns><Pattern ID="0" weight="29"><PatternEntries>
<PatternEntry index="0"><ShiftType>N</ShiftType><Day>Any</Day></PatternEntry>
<PatternEntry index="1"><ShiftType>D</ShiftType><Day>Any</Day></PatternEntry></PatternEntries></Pattern>
<Pattern ID="1" weight="31"><PatternEntries>
<PatternEntry index="1"><ShiftType>Any</ShiftType><Day>Saturday</Day></PatternEntry>
<PatternEntry index="0"><ShiftType>None</ShiftType><Day>Friday</Day></PatternEntry>
<PatternEntry index="2"><ShiftType>Any</ShiftType><Day>Sunday</Day></PatternEntry></PatternEntries></Pattern></Patterns>
<Contracts><Contract ID="0">{_RULES}<WeekendDefinition>SaturdaySunday</WeekendDefinition>
<CompleteWeekends weight="17">true</CompleteWeekends>
<IdenticalShiftTypesDuringWeekend weight="19">true</IdenticalShiftTypesDuringWeekend>
<NoNightShiftBeforeFreeWeekend weight="0">false</NoNightShiftBeforeFreeWeekend>
<AlternativeSkillCategory weight="23">true</AlternativeSkillCategory>
<UnwantedPatterns><Pattern>0</Pattern><Pattern>1</Pattern></UnwantedPatterns></Contract></Contracts>
<Employees>
<Employee ID="a"><ContractID>0</ContractID><Skills><Skill>HeadNurse</Skill><Skill>Nurse</Skill></Skills></Employee>
<Employee ID="b"><ContractID>0</ContractID><Skills><Skill>Nurse</Skill></Skills></Employee></Employees>
<CoverRequirements>
<DayOfWeekCover><Day>Monday</Day><Cover><Shift>D</Shift><Preferred>1</Preferred></Cover></DayOfWeekCover>
<DayOfWeekCover><Day>Tuesday</Day><Cover><Shift>N</Shift><Preferred>1</Preferred></Cover></DayOfWeekCover>
<DateSpecificCover><Date>2010-01-07</Date><Cover><Shift>D</Shift><Preferred>2</Preferred></Cover></DateSpecificCover>
</CoverRequirements>
<DayOffRequests><DayOff weight="37"><EmployeeID>a</EmployeeID><Date>2010-01-05</Date></DayOff></DayOffRequests>
<DayOnRequests><DayOn weight="41"><EmployeeID>b</EmployeeID><Date>2010-01-06</Date></DayOn></DayOnRequests>
<ShiftOffRequests><ShiftOff weight="43"><ShiftTypeID>D</ShiftTypeID><EmployeeID>b</EmployeeID><Date>2010-01-04</Date>
</ShiftOff></ShiftOffRequests>
<ShiftOnRequests><ShiftOn weight="47"><ShiftTypeID>N</ShiftTypeID><EmployeeID>b</EmployeeID><Date>2010-01-01</Date>
</ShiftOn></ShiftOnRequests>
</SchedulingPeriod>"""


def _read(tmp_path: Path, text: str) -> Instance:
    path = tmp_path / "instance.txt"
    path.write_text(text, "utf-8")
    return read_instance(path)


def test_text_and_xml_say_the_same(tmp_path: Path) -> None:
    instance = _read(tmp_path, _TEXT)
    assert instance == _read(tmp_path, _XML)
    assert (instance.days, instance.minutes_of) == (7, {"D": 480, "N": 480})
    assert instance.wanted[3, "D"] == instance.wanted[4, "N"] == 1
    assert instance.wanted[6, "D"] == 2
    assert sum(instance.wanted.values()) == 4
    assert instance.contracts["0"].most_weekends_running == Rule()


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("a, 2010-01-05, 37;", "c, 2010-01-05, 37;", "line"),
        ("a, 2010-01-05, 37;", "a, 2010-02-05, 37;", "line"),
        ("Monday, D, 1;", "Funday, D, 1;", "line"),
        ("SaturdaySunday", "Never", "line"),
        (_TEXT, "hello", "line 1"),
        (_TEXT, "<SchedulingPeriod>", "line 1"),
        (_TEXT, "<SchedulingPeriod/>", "StartDate"),
        (_TEXT, '<!DOCTYPE x [<!ENTITY y "z">]><SchedulingPeriod/>', "entities"),
        (_TEXT, "", "no period"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_place(tmp_path: Path, old: str, new: str, place: str) -> None:
    with pytest.raises(RosterFileError, match=place):
        _read(tmp_path, _TEXT.replace(old, new))


# Weights are different primes, so that each sum has one reading.
@pytest.mark.parametrize(
    ("line", "cost"),
    [
        # D D D on Friday to Sunday, two free, D D: 5 shifts (2 x 1).
        ("DDD--DD", 2),
        # Two runs of one day (7 each); one free day between and two (13, 0) at the ends, no weekend worked.
        ("--" + "-D-D-", 7 * 2 + 11 + 13 * 2),
        # Six running (5 x 3), six shifts (2 x 2), Friday free (13) before a whole weekend (31).
        ("-DDDDDD", 15 + 4 + 13 + 31),
        # Saturday alone: half a weekend (17), one shift (3), a run of one (7), one day free (13) and five (11 x 3).
        ("-D-----", 17 + 3 + 7 + 13 + 11 * 3),
        # Different shifts in a whole weekend count twice (19 x 2); N then D (29); four free days (11 x 2).
        ("DND----", 38 + 29 + 22),
        ("-------", 3 * 2 + 11 * 5),
    ],
)
def test_each_rule_costs_what_the_competition_says(tmp_path: Path, line: str, cost: int) -> None:
    instance = _read(tmp_path, _TEXT)
    shifts = ["" if shift == "-" else shift for shift in line]
    assert line_cost(instance, instance.contracts["0"], {"HeadNurse", "Nurse"}, shifts) == cost


def test_requests_skills_and_cover_are_counted(tmp_path: Path) -> None:
    instance = _read(tmp_path, _TEXT)
    held = {("a", 4): "N", ("b", 3): "D", ("a", 6): "D", ("b", 6): "D"}
    with_requests = check(instance, held)
    assert with_requests.breaches == ()
    instance.workers["a"].off, instance.workers["b"].off, instance.workers["b"].on = [], [], []
    assert with_requests.cost - check(instance, held).cost == 37 + 41 + 43 + 47
    contract = instance.contracts["0"]
    night = ["", "", "", "", "N", "", ""]
    alone = line_cost(instance, contract, {"Nurse"}, night) - line_cost(instance, contract, {"HeadNurse"}, night)
    assert alone == 23
    assert check(instance, held | {("a", 3): "D"}).breaches == ("day 3, shift D: 2 people, wanted 1",)


def test_without_an_alternative_skill_a_shift_needs_its_own(tmp_path: Path) -> None:
    instance = _read(tmp_path, _TEXT.replace("(1|23)", "(0|23)"))
    night = {("b", 4): "N", ("b", 3): "D", ("a", 6): "D", ("b", 6): "D"}
    assert check(instance, night).breaches == ("day 4, shift N: b has no skill HeadNurse",)
    solved = solve_team(ContestTeam(instance), Budget(0.5, start_s=cpu_seconds()))
    assert solved.board.roster()["a"][4] == "N"


@pytest.mark.parametrize(
    ("days", "cost"),
    [("DD-", 1), ("D--", 2), ("-D-", 2), ("D-D", 4), ("DDD", 0), ("DDN", 0), ("---", 0)],
)
def test_a_weekend_of_three_days_costs_more_where_it_is_split(tmp_path: Path, days: str, cost: int) -> None:
    instance = _read(tmp_path, _TEXT.replace("SaturdaySunday", "FridaySaturdaySunday"))
    contract = _contract(weekend=(4, 5, 6), complete_weekends=1)
    shifts = ["" if shift == "-" else shift for shift in days + "----"]
    assert line_cost(instance, contract, {"Nurse"}, shifts) == cost


def _contract(**rules: Any) -> Contract:
    none = {name: Rule() for name in LIMITS}
    usual = {"weekend": (5, 6), "complete_weekends": 0, "identical_weekends": 0, "alternative_skill": 0, "patterns": []}
    return Contract(**(none | usual | rules))


_rules = st.builds(Rule, st.integers(0, 4), st.integers(1, 4))


@st.composite
def _instances(draw: st.DrawFn, tmp: Instance) -> Instance:
    """The small instance with other rules, requests and cover; it begins on any day of the week."""
    rules = {name: draw(_rules) for name in LIMITS}
    weights = ("complete_weekends", "identical_weekends", "alternative_skill")
    rules |= {name: draw(st.integers(0, 3)) for name in weights}
    weekend = draw(st.sampled_from([(5, 6), (4, 5, 6)]))
    patterns = draw(st.lists(st.sampled_from(["0", "1"]), unique=True))
    asked = st.tuples(st.integers(0, 5), st.sampled_from([ANY, "D", "N"]), st.integers(1, 3))
    nurses = {
        name: Nurse("0", {"Nurse"}, draw(st.lists(asked, max_size=2)), draw(st.lists(asked, max_size=2)))
        for name in "ab"
    }
    found = Instance(tmp.start.replace(day=draw(st.integers(1, 7))), 6, tmp.minutes_of, tmp.skills_of)
    found.contracts["0"] = Contract(**rules, weekend=weekend, patterns=patterns)
    found.patterns, found.workers = tmp.patterns, nurses
    found.wanted = {(day, shift): draw(st.integers(0, 1)) for day in range(6) for shift in "DN"}
    return found


@settings(max_examples=25)
@given(st.data())
def test_a_nurses_line_is_as_cheap_as_the_cheapest_of_all(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    instance = data.draw(_instances(_read(tmp_path_factory.getbasetemp(), _TEXT)))
    price = np.random.default_rng(data.draw(st.integers(0, 99))).integers(-9, 9, (6, 2)).astype(float)
    team = ContestTeam(instance)
    found = team.cheapest(0, price)
    costs = {}
    for line in itertools.product((-1, 0, 1), repeat=6):
        alone = {("a", day): "DN"[shift] for day, shift in enumerate(line) if shift >= 0}
        others = check(instance, {}).cost - team.line_cost(0, np.full(6, -1))
        own = check(instance, alone).cost - others
        assert own == team.line_cost(0, np.array(line))
        costs[line] = own + sum(price[day, shift] for day, shift in enumerate(line) if shift >= 0)
    assert found.bound == pytest.approx(min(costs.values()), abs=1e-6)
    assert costs[tuple(found.line.tolist())] == pytest.approx(found.bound, abs=1e-6)


@settings(max_examples=6)
@given(st.data())
def test_a_solved_instance_has_exact_cover_and_the_cost_that_the_checker_counts(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    instance = data.draw(_instances(_read(tmp_path_factory.getbasetemp(), _TEXT)))
    solved = solve_team(ContestTeam(instance), Budget(0.5, start_s=cpu_seconds()))
    held = {(n, d): s for n, line in solved.board.roster().items() for d, s in enumerate(line) if s}
    verdict = check(instance, held)
    assert verdict.breaches == ()
    assert verdict.cost == solved.board.cost >= solved.bound
