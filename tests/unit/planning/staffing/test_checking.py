"""What cannot be is refused in one sentence that names the place."""

from pathlib import Path
from typing import Any

import pytest

from hotline.planning.staffing.checking import starts
from hotline.planning.staffing.errors import StaffingFileError, StaffingProblemError
from hotline.planning.staffing.problem import read, schema
from tests.unit.planning.staffing.day import problem, queue

_GROUP = {"id": "team", "skills": ["calls"]}
_LETTERS = {"id": "letters", "arrivals": [9, 0, 0, 0], "handle_s": 600, "deadline_h": 1}


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"queues": []}, "queues: is empty"),
        ({"queues": [queue("calls", calls=[])]}, "queues[0].calls: is empty"),
        ({"queues": [queue("calls", aht_s=0)]}, "queues[0].aht_s: must be above 0"),
        ({"queues": [queue("calls", aht_s=4)]}, "queues[0].aht_s: 4 looks like minutes"),
        ({"queues": [queue("calls", aht_s=240000)]}, "looks like milliseconds"),
        ({"queues": [queue("calls", aht_s=[240, 240, 0, 240])]}, "queues[0].aht_s[2]: must be above 0"),
        ({"queues": [queue("calls", aht_s=[240])]}, "has 1 values for 4 intervals"),
        ({"queues": [queue("calls"), queue("more", calls=[1])]}, "queues[1].calls: has 1 intervals"),
        ({"queues": [queue("calls"), queue("calls")]}, "queues[1].id: 'calls' is there already"),
        ({"queues": [queue("calls", calls=[1, -2, 3, 4])]}, "queues[0].calls[1]: must be 0"),
        ({"queues": [queue("calls", concurrency=2)]}, "queues[0].concurrency: must be 1 for calls"),
        ({"queues": [queue("calls", retrial={"probability": 0.5, "after_s": 60})]}, "retrial: needs patience_s"),
        ({"queues": [queue("calls", channel="fax")]}, "queues[0].channel: must be one of voice"),
        ({"queues": [queue("calls", reasons=[{"id": "a", "share": 0.7, "aht_s": 60}] * 2)]}, "add up to 1.4"),
        (
            {"queues": [queue("a", channel="chat", concurrency=2), queue("b", channel="chat", concurrency=3)]},
            "queues[1].concurrency: differs from the 2",
        ),
        ({"groups": [{"id": "team", "skills": []}]}, "groups[0].skills: is empty"),
        (
            {"queues": [queue("a", overflows=[{"queue": "b", "after_s": 9}])]},
            "queues[0]: overflows to 'b', which is no",
        ),
        (
            {"queues": [queue("a", overflows=[{"queue": "b", "after_s": 0}]), queue("b")]},
            "queues[0].overflows[0].after_s: must grow, from 1 s",
        ),
        (
            {
                "queues": [
                    queue("a", overflows=[{"queue": "b", "after_s": 9}]),
                    queue("b", most_waiting=3, full_queue="a"),
                ]
            },
            "queues[0]: overflows to 'b', which leads back",
        ),
        ({"queues": [queue("a", full_queue="a")]}, "queues[0].full_queue: needs most_waiting"),
        ({"queues": [queue("a", most_waiting=-1)]}, "queues[0].most_waiting: must be 0"),
        ({"targets": {}}, "targets: has no target"),
        ({"targets": {"service_level": 85}}, "85 looks like per cent, write 0.85"),
        ({"start": "2026-12-07T08:00+08:00"}, "start: has an offset of its own beside the zone"),
        ({"start": "Monday"}, "start: 'Monday' is no local date"),
        ({"start": "2026-12-07T08:10"}, "start: must begin an interval"),
        ({"zone": "Shanghai"}, "zone: 'Shanghai' is no time zone"),
        ({"interval_min": 20}, "interval_min: must be 15 or 30"),
        ({"groups": [{"id": "team", "skills": ["bills"]}]}, "groups[0].skills[0]: 'bills' is needed by no queue"),
        (
            {"queues": [queue("calls"), queue("bills")], "groups": [_GROUP]},
            "queues[1]: needs the skill 'bills', which no group has",
        ),
        ({"groups": [_GROUP], "borrowing": [{"group": "x", "skill": "calls"}]}, "borrowing[0].group: 'x' is no group"),
        ({"groups": [_GROUP], "borrowing": [{"group": "team", "skill": "calls"}]}, "is the group's own"),
        ({"work": [_LETTERS | {"arrivals": [1]}]}, "work[0].arrivals: has 1 intervals of 4"),
        ({"work": [_LETTERS | {"deadline_h": 0.1}]}, "work[0].deadline_h: must be at least one interval"),
        ({"shrinkage": [{"reason": "sick", "share": 5}]}, "shrinkage[0].share"),
        ({"shrinkage": [{"reason": "a", "share": 0.6}, {"reason": "b", "share": 0.5}]}, "shrinkage: adds up to 1.1"),
        ({"headcount": {"growth": 0.1}}, "groups: is empty"),
        ({"groups": [_GROUP], "headcount": {"growth": 0.1}}, "groups[0].people: is missing"),
        ({"capacity": {"aht_s": 240}}, "capacity: asks nothing"),
        ({"capacity": {"aht_s": 240, "seats": 5, "wrap_up_s": 240}}, "capacity.wrap_up_s: must be 0 or more and below"),
    ],
)
def test_the_sentence_names_the_place(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(StaffingProblemError) as refused:
        problem(**changes)
    assert said in str(refused.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "truncated"),
        ('{"start": "2026-12-07T08:00", "zone": "UTC", "targets": {"servicelevel": 1}}', "servicelevel"),
        ('{"start": "2026-12-07T08:00", "zone": "UTC"}', "targets"),
    ],
)
def test_a_file_that_is_no_problem_is_refused_with_its_place(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "p.json"
    path.write_text(text, "utf-8")
    with pytest.raises(StaffingFileError) as refused:
        read(path)
    assert said in str(refused.value)
    assert "p.json" in str(refused.value)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(StaffingFileError, match="cannot be read"):
        read(tmp_path / "none.json")


def test_intervals_go_on_when_the_clock_is_put_back() -> None:
    given = problem(start="2026-10-25T01:30", zone="Europe/Berlin")
    times = ["2026-10-25T01:30", "2026-10-25T02:00", "2026-10-25T02:30", "2026-10-25T02:00"]
    assert starts(given) == times


def test_the_schema_knows_every_part() -> None:
    parts = set(schema()["$defs"])
    assert {"Queue", "Group", "Work", "Shrinkage", "Headcount", "Capacity", "Shifts", "Targets"} <= parts
