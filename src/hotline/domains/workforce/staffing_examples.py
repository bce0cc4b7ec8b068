"""Examples of staffing plans for the API's description."""

from datetime import date
from typing import Any, Final

from ninja import Schema

from hotline.domains.workforce.planning_run_examples import RUN_EXAMPLE
from hotline.domains.workforce.planning_run_schemas import PlanningRunOut
from hotline.domains.workforce.staffing_schemas import (
    StaffingBasis,
    StaffingBrief,
    StaffingCurveOut,
    StaffingDay,
    StaffingFigures,
    StaffingGroup,
    StaffingGroupCurve,
    StaffingGroupIn,
    StaffingGroupOut,
    StaffingHeadcount,
    StaffingIn,
    StaffingLetters,
    StaffingOut,
    StaffingPart,
    StaffingQueueOut,
    StaffingSkillOut,
    StaffingTargets,
    StaffingWay,
    StaffingWorkIn,
)
from hotline.foundation.examples import REPAIR_QUEUE, SHIBEI, at, example_id

_FIRST, _LAST = date(2026, 3, 30), date(2026, 4, 26)
_SKILL: Final = example_id(43)
_REPAIR: Final = {"zh": "报修", "en": "Repair"}
_RUN: Final = PlanningRunOut(
    **RUN_EXAMPLE | {"kind": "staffing", "steps": 5, "steps_done": 5, "figures": {}}, state="done", ended_at=at(8, 1)
)
_FIGURES: Final = StaffingFigures(
    agent_hours=1210.5,
    paid_hours=1613.9,
    most_agents=9,
    most_people=10,
    most_seats=10,
    seats_short=0,
    carried_over=3,
    late_h=0,
    left_h=0,
    separate_hours=1290.0,
    saved=616,
    trials=41,
    is_finished=True,
    missed=0,
)
_BRIEF: Final[dict[str, Any]] = {
    "id": example_id(131),
    "tenant_id": SHIBEI,
    "version": 2,
    "name": "2026-04",
    "forecast_id": example_id(121),
    "forecast_name": "2026-04",
    "first_day": _FIRST,
    "last_day": _LAST,
    "interval_min": 30,
    "is_ready": True,
    "figures": _FIGURES,
    "run": _RUN,
}
_TARGETS: Final = StaffingTargets(
    service_level=8500, within_s=15, abandoned=500, occupancy=8500, average_wait_s=None, patience_s=None, seats=16
)
_PART: Final[dict[str, Any]] = {
    "id": f"{REPAIR_QUEUE}/{_SKILL}",
    "queue_id": REPAIR_QUEUE,
    "queue_name": _REPAIR,
    "skill_id": _SKILL,
    "skill_name": _REPAIR,
    "brands": [],
    "kind": "calls",
    "channel": "voice",
    "concurrency": 1,
    "deadline_h": None,
    "calls": 5160.4,
}
_QUEUE: Final = StaffingQueueOut(**_PART, agent_hours=1210.5, most_agents=9, separate_hours=1290.0)
_GROUP: Final = StaffingGroup(parts=[str(_PART["id"])], later={}, people=12, most=None)
_WAY: Final = StaffingWay(part=str(_PART["id"]), to=str(_PART["id"]), after_s=60)
_PLANNED: Final = StaffingGroupOut(**_GROUP.dict(), id="0", agent_hours=1210.5, most_agents=9)
_OF_GROUP: Final = StaffingGroupCurve(id="0", agents=[6])
_OF_SKILL: Final = StaffingSkillOut(
    skill_id=str(_SKILL), skill_name=_REPAIR, brands=[], people_hours=1402.0, most_people=10
)
_OF_LETTERS: Final = StaffingLetters(needed_h=6.5, done_h=6.5, undone_h=0, late_h=0.5, undone=0)
_HEADCOUNT: Final = StaffingHeadcount(
    day=date(2026, 4, 10),
    people=12,
    at_work_h=72.0,
    hours=8,
    growth=0,
    factor=1.18,
    needed_h=61.2,
    missing_h=0,
    fits=True,
    factor_in_time=1.09,
    letters={str(_PART["id"]): _OF_LETTERS},
    options=[],
)
_DAY: Final = StaffingDay(day=_FIRST, agent_hours=52.5, most_agents=9, seats_short=0)

STAFFING_EXAMPLES: Final[tuple[Schema, ...]] = (
    StaffingIn(name="2026-04", forecast_id=example_id(121), first_day=_FIRST, last_day=_LAST, seats=16),
    _TARGETS,
    _FIGURES,
    _OF_LETTERS,
    _HEADCOUNT,
    StaffingWorkIn(queue_id=REPAIR_QUEUE, kind="chats", concurrency=3),
    StaffingGroupIn(parts=[str(_PART["id"])], people=12),
    StaffingPart(**_PART),
    _GROUP,
    StaffingBasis(queues=[StaffingPart(**_PART)], groups=[_GROUP], ways=[_WAY]),
    _QUEUE,
    _PLANNED,
    _OF_GROUP,
    _OF_SKILL,
    StaffingBrief(**_BRIEF),
    StaffingOut(
        **_BRIEF,
        targets=_TARGETS,
        shrinkage={"sick": 300, "breaks": 800},
        is_pooled=True,
        queues=[_QUEUE],
        groups=[_PLANNED],
        ways=[_WAY],
        skills=[_OF_SKILL],
        headcount=_HEADCOUNT,
    ),
    _DAY,
    StaffingCurveOut(
        days=[_DAY],
        day=_FIRST,
        begins=["2026-03-30T08:00"],
        calls=[41.2],
        required=[6],
        agents=[6],
        separate=[7],
        people=[7],
        seats_taken=[7],
        service_level=[0.881],
        abandoned=[0.021],
        low=[0.862],
        high=[0.9],
        groups=[_OF_GROUP],
    ),
)
