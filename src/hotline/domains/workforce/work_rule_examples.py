"""Examples of shift kinds, labour rules, contracts, borrowing and settings for the API's description."""

from datetime import date
from typing import Final

from ninja import Schema

from hotline.domains.setup_routes import Names
from hotline.domains.workforce import work_rule_schemas as schemas
from hotline.domains.workforce.coverage_schemas import CoverageGap, CoverageOut, CoverageRun, QueueCoverage
from hotline.domains.workforce.effect_schemas import (
    EffectFigure,
    LeavingFigure,
    RotationEffect,
    RotationEffectsOut,
)
from hotline.domains.workforce.roster_solving_schemas import ShiftCostsOut, SolveIn, SolveOut
from hotline.foundation.examples import AGENT, SHIBEI, at, example_id

SHIFT_KIND: Final = example_id(501)
_RULES: Final = example_id(502)
_DAY: Final = Names(zh="早班", en="Day shift")
_LAW: Final = Names(zh="标准工时", en="Standard hours")
_MEAL: Final = schemas.BreakRule(length_min=30, earliest_min=180, latest_min=300)
_STEP: Final = schemas.BreakStep(after_min=360, break_min=30)
_SHARES: Final = schemas.Shrinkage(leave=600, sick=300, training=200)
_CALENDARS: Final = {example_id(503): example_id(504)}

WORK_RULE_EXAMPLES: Final[tuple[Schema, ...]] = (
    SolveIn(version=3, cpu_limit_s=120.0, is_incremental=False),
    SolveOut(run_id=example_id(510)),
    ShiftCostsOut(share=9800, days=28, fixed_min=412_300, flexible_min=388_400, saving=579, roster_min=399_360),
    RotationEffectsOut(
        months=3,
        until=date(2026, 11, 1),
        rotations=[
            RotationEffect(
                rotation_id=example_id(101),
                name=Names(zh="幸福家庭", en="Happy Family"),
                satisfaction=EffectFigure(people=14, before=612, after=744),
                absence=EffectFigure(people=14, before=412, after=298),
                leaving=LeavingFigure(people=None, share=None),
            )
        ],
        all_satisfaction=EffectFigure(people=31, before=633, after=720),
        all_absence=EffectFigure(people=31, before=405, after=310),
        others_leaving=LeavingFigure(people=160, share=437),
    ),
    CoverageOut(
        tenant_id=SHIBEI,
        first_day=date(2026, 10, 1),
        last_day=date(2026, 10, 2),
        interval_min=15,
        holidays=[date(2026, 10, 1)],
        queues=[
            QueueCoverage(
                queue_id=example_id(503),
                name=Names(zh="报修", en="Repairs"),
                is_always_open=True,
                open_intervals=192,
                covered_intervals=190,
                share=9895,
                days=[9791, 10_000],
                gap_count=1,
                gaps=[CoverageGap(day=date(2026, 10, 1), begins_min=720, ends_min=750, is_holiday=True)],
                run_count=1,
                runs=[
                    CoverageRun(
                        first_day=date(2026, 10, 1),
                        last_day=date(2026, 10, 1),
                        weekdays=[3],
                        begins_min=720,
                        ends_min=750,
                        days=1,
                        holidays=1,
                    )
                ],
                skills=[Names(zh="报修", en="Repair")],
            )
        ],
    ),
    _MEAL,
    _SHARES,
    schemas.ShiftKindIn(
        code="day", name=_DAY, short="D8", pieces=[(0, 510)], starts=["08:00", "09:00"], breaks=[_MEAL]
    ),
    schemas.ShiftKindOut(
        id=SHIFT_KIND,
        tenant_id=SHIBEI,
        version=1,
        updated_at=at(0),
        code="day",
        name=_DAY,
        short="D8",
        pieces=[(0, 510)],
        starts=["08:00", "09:00"],
        starts_every_min=0,
        breaks=[_MEAL],
        paid_min=None,
        skill_ids=[],
        is_on_call=False,
        is_active=True,
    ),
    schemas.LabourRulesIn(
        code="standard",
        name=_LAW,
        is_default=True,
        most_day_min=660,
        most_week_min=2640,
        most_nights_running=3,
        break_steps=[_STEP],
    ),
    schemas.LabourRulesOut(
        id=_RULES,
        tenant_id=SHIBEI,
        version=1,
        updated_at=at(0),
        code="standard",
        name=_LAW,
        is_default=True,
        rest_min=660,
        most_day_min=660,
        most_days_running=6,
        most_days_week=6,
        most_week_min=2640,
        week_min=2400,
        tolerance_percent=5,
        most_nights_running=3,
        most_nights=8,
        fair_nights=6,
        most_weekends=3,
        most_holidays=None,
        break_steps=[_STEP],
    ),
    schemas.ContractIn(agent_id=AGENT, labour_rules_id=_RULES, week_min=1200, employed_from=date(2021, 7, 1)),
    schemas.ContractOut(
        id=example_id(505),
        tenant_id=SHIBEI,
        version=1,
        updated_at=at(0),
        agent_id=AGENT,
        agent_number="8011",
        agent_name="王芳",
        labour_rules_id=_RULES,
        week_min=1200,
        shift_kind_ids=[],
        employed_from=date(2021, 7, 1),
        employed_to=None,
    ),
    schemas.SkillBorrowingIn(lender_id=example_id(506), borrower_id=example_id(507)),
    schemas.SkillBorrowingOut(
        id=example_id(508),
        tenant_id=SHIBEI,
        version=1,
        updated_at=at(0),
        lender_id=example_id(506),
        borrower_id=example_id(507),
    ),
    schemas.WorkforceSettingsIn(not_rostered="flag", shrinkage=_SHARES, queue_calendars=_CALENDARS),
    schemas.WorkforceSettingsOut(
        id=example_id(509),
        tenant_id=SHIBEI,
        version=2,
        updated_at=at(0),
        night_from="22:00",
        night_to="06:00",
        night_min=180,
        not_rostered="flag",
        early_min=30,
        late_min=5,
        swaps_need_approval=True,
        request_hours=12,
        early_leave_is_paid=False,
        early_leave_answer_min=15,
        abandoned_target=500,
        occupancy_target=8500,
        shrinkage=_SHARES,
        queue_calendars=_CALENDARS,
    ),
)
