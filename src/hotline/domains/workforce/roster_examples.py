"""Examples of rosters for the API's description."""

from datetime import date
from typing import Final

from ninja import Schema

from hotline.domains.setup_routes import Names
from hotline.domains.workforce import roster_schemas as schemas
from hotline.foundation.examples import AGENT, SHIBEI, SKILL, TEAM, example_id

_ROSTER: Final = example_id(111)
_DAY_SHIFT: Final = example_id(112)
_FIRST, _LAST = date(2026, 3, 2), date(2026, 3, 29)
_DAY: Final = Names(zh="白班", en="Day")
_REPAIR: Final = Names(zh="报修", en="Repairs")
_OUT: Final = schemas.RosterOut(
    id=_ROSTER,
    tenant_id=SHIBEI,
    version=3,
    name="三月 B",
    first_day=_FIRST,
    last_day=_LAST,
    interval_min=30,
    state="draft",
    seats=16,
    staffing_plan_id=None,
    based_on_id=None,
    run_id=None,
    figures={},
    published_at=None,
    published_by="",
)
_BREACH: Final = schemas.BreachOut(
    agent_id=AGENT,
    rule="rest",
    day=date(2026, 3, 5),
    data={"minutes": 480, "least": 660},
    sentence="王芳在2026-03-05之前只有8小时休息，至少需要11小时；请选择更晚的开始时间，或换一个人。",
)
_GAP: Final = schemas.UnfilledOut(
    skill_id=str(SKILL),
    day=date(2026, 3, 5),
    from_min=1215,
    to_min=1245,
    missing=2,
    able=9,
    on_duty=3,
    at_break=1,
    absent=1,
    barred=2,
    resting=2,
)
_LAWFUL: Final = schemas.LawfulShift(shift_kind_id=_DAY_SHIFT, start=480)
_FIGURES: Final = schemas.RosterFigures(
    roster=_OUT, shifts=320, people=16, paid_min=153_600, overtime_min=480, wanted_min=120_000, coverage=9861
)

_LINE: Final = schemas.DemandLine(
    skill_id=str(SKILL), first_day=_FIRST, last_day=_LAST, weekdays="workdays", start="09:00", end="10:00", people=12
)

ROSTER_EXAMPLES: Final[tuple[Schema, ...]] = (
    schemas.RosterCreate(name="三月 B", first_day=_FIRST, last_day=_LAST, seats=16),
    _OUT,
    schemas.RosterDocument(
        **_OUT.dict(),
        days=28,
        zone="Asia/Shanghai",
        holidays=[],
        night=(1320, 360),
        night_min=180,
        kinds=[
            schemas.RosterKind(
                id=_DAY_SHIFT,
                code="day-8",
                short="D8",
                name=_DAY,
                pieces=[(0, 480)],
                starts=[480, 540],
                paid_min=450,
                skills=[],
                is_on_call=False,
                is_active=True,
            )
        ],
        teams=[schemas.NamedId(id=TEAM, name=Names(zh="一组", en="Team 1"))],
        rotations=[schemas.NamedRotation(code="happy-family", name=Names(zh="幸福家庭", en="Happy Family"))],
        skills=[schemas.RosterSkill(id=str(SKILL), name=_REPAIR, is_brand=False, serves=[])],
        demand=[schemas.RosterDemand(skill=0, wanted=[0, 0, 1, 2])],
        people=[
            schemas.RosterPerson(
                id=AGENT,
                name="王芳",
                number="8001",
                team=0,
                rotations=[0],
                skills=[0],
                low_min=9120,
                high_min=10_080,
                is_available=True,
            )
        ],
        shifts=[[0, 0, 0, 480, 960, 450, 705, 735]],
    ),
    schemas.RosterEdits(
        version=3, edits=[schemas.RosterEdit(agent_id=AGENT, day=_FIRST, shift_kind_id=_DAY_SHIFT, start=480)]
    ),
    schemas.EditedOut(version=4, cells=[(AGENT, _FIRST, [0, 0, 480, 960, 450, 705, 735])], breaches=[_BREACH]),
    schemas.RosterChecks(
        version=4,
        breaches=[_BREACH],
        seats=[schemas.SeatsOverrunOut(day=date(2026, 3, 5), from_min=600, to_min=660, people=17)],
        unfilled=[_GAP],
        coverage=9861,
        paid_min=153_600,
        overtime_min=480,
        shifts=320,
    ),
    _LAWFUL,
    schemas.Candidate(agent_id=AGENT, name="王芳", paid_min=7200, high_min=10_080),
    schemas.RosterComparison(
        before=_FIGURES,
        after=_FIGURES,
        is_same_demand=True,
        people=1,
        cells=1,
        changed=[schemas.ChangedCell(agent_id=AGENT, name="王芳", day=date(2026, 3, 5), before=None, after=_LAWFUL)],
    ),
    schemas.RosterVersion(version=4),
    _LINE,
    schemas.DemandChange(version=3, lines=[_LINE]),
    schemas.DemandChanged(version=4, before_min=120_000, after_min=121_200),
)
