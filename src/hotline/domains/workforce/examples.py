"""Examples of rotations and applications for the API's description."""

from datetime import date, time
from typing import Final

from ninja import Schema

from hotline.domains.setup_routes import Names
from hotline.domains.workforce import request_examples
from hotline.domains.workforce.day_examples import DAY_EXAMPLES
from hotline.domains.workforce.forecast_examples import FORECAST_EXAMPLES
from hotline.domains.workforce.planning_run_examples import PLANNING_RUN_EXAMPLES
from hotline.domains.workforce.roster_examples import ROSTER_EXAMPLES
from hotline.domains.workforce.schemas import (
    ApplicationIn,
    DecisionIn,
    LessonIn,
    MembershipOut,
    OpenRotationOut,
    ReasonsOut,
    RotationIn,
    RotationOut,
    WithdrawalIn,
)
from hotline.domains.workforce.staffing_examples import STAFFING_EXAMPLES
from hotline.domains.workforce.work_rule_examples import WORK_RULE_EXAMPLES
from hotline.foundation.examples import AGENT, SHIBEI, at, example_id

_HAPPY_FAMILY: Final = example_id(101)
_MEMBERSHIP: Final = example_id(102)
_NAME: Final = Names(zh="幸福家庭", en="Happy Family")
_FIRST, _LAST = date(2026, 3, 1), date(2026, 8, 31)
_LESSON: Final = LessonIn(weekday=2, starts=time(18), ends=time(20, 30), valid_from=_FIRST, valid_to=date(2026, 6, 30))

EXAMPLES: Final[tuple[Schema, ...]] = (
    RotationIn(
        code="happy-family",
        name=_NAME,
        valid_from=date(2026, 1, 1),
        most_members=120,
        needs_evidence=True,
        asks_latest_end=True,
        allows_split=False,
    ),
    RotationOut(
        id=_HAPPY_FAMILY,
        tenant_id=SHIBEI,
        version=3,
        updated_at=at(0),
        code="happy-family",
        name=_NAME,
        valid_from=date(2026, 1, 1),
        valid_to=None,
        team_ids=[],
        most_members=120,
        longest_months=12,
        needs_evidence=True,
        rest_block_days=None,
        hours_tolerance_percent=None,
        asks_latest_end=True,
        asks_earliest_start=False,
        allows_split=False,
        closed_hours=[],
        asks_timetable=False,
        travel_minutes=0,
    ),
    OpenRotationOut(
        id=_HAPPY_FAMILY,
        name=_NAME,
        valid_from=date(2026, 1, 1),
        valid_to=None,
        longest_months=12,
        needs_evidence=True,
        rest_block_days=None,
        hours_tolerance_percent=None,
        asks_latest_end=True,
        asks_earliest_start=False,
        allows_split=False,
        closed_hours=[],
        asks_timetable=False,
        travel_minutes=0,
    ),
    _LESSON,
    ApplicationIn(
        rotation_id=_HAPPY_FAMILY,
        valid_from=_FIRST,
        valid_to=_LAST,
        latest_end=time(17),
        evidence="孩子的幼儿园证明已交人事部",
    ),
    DecisionIn(version=1, decision="approve", text="同意"),
    WithdrawalIn(version=1),
    MembershipOut(
        id=_MEMBERSHIP,
        tenant_id=SHIBEI,
        version=2,
        rotation_id=_HAPPY_FAMILY,
        rotation_name=_NAME,
        agent_id=AGENT,
        agent_name="王芳",
        state="approved",
        applied_at=at(1),
        valid_from=_FIRST,
        valid_to=_LAST,
        latest_end=time(17),
        earliest_start=None,
        lessons=[],
        has_evidence=True,
        decided_at=at(2),
    ),
    ReasonsOut(evidence="孩子的幼儿园证明已交人事部", decision_text="同意"),
    *PLANNING_RUN_EXAMPLES,
    *WORK_RULE_EXAMPLES,
    *FORECAST_EXAMPLES,
    *STAFFING_EXAMPLES,
    *request_examples.EXAMPLES,
    *DAY_EXAMPLES,
    *ROSTER_EXAMPLES,
)
