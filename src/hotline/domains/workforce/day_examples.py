"""Examples of the day itself for the API's description."""

from typing import Final

from ninja import Schema

from hotline.domains.setup_routes import Names
from hotline.domains.workforce.day_schemas import (
    AbsenceIn,
    AbsenceOut,
    ActivityIn,
    ActivityMoveIn,
    ActivityOut,
    BreakMoveIn,
    BreakOut,
    CallInAskedOut,
    CallInAskIn,
    DayFiguresOut,
    DayMadeOut,
    DayVersionIn,
    MovedOut,
    PersonDayOut,
    ReplacementOut,
    ReplacementsOut,
    SegmentOut,
    ShiftOfDayOut,
    StretchOut,
    TeamDayOut,
)
from hotline.domains.workforce.intraday_schemas import (
    DayWhatIfAsked,
    DayWhatIfIn,
    IntradayOut,
    IntradayQueueOut,
    ProposalOut,
    ProposedMove,
)
from hotline.domains.workforce.leave_schemas import (
    LeaveAskedOut,
    LeaveCandidateOut,
    LeaveCandidatesOut,
    LeaveOfferIn,
    LeaveOfferOut,
    LeaveOffersOut,
)
from hotline.foundation.examples import AGENT, REPAIR_QUEUE, SHIBEI, TEAM, at, example_id

_SHIFT: Final = example_id(161)
_ABSENCE: Final = example_id(162)
_ACTIVITY: Final = example_id(163)
_REQUEST: Final = example_id(164)
_LEAVE_OFFER: Final = LeaveOfferOut(
    id=example_id(165),
    version=1,
    queue_id=REPAIR_QUEUE,
    queue_name=Names(zh="报修", en="Repair"),
    leaves_at=at(6),
    expires_at=at(5, 30),
    closed_at=None,
    is_open=True,
    is_paid=False,
    people=2,
    taken=1,
    made_by="李娜",
    asked=[LeaveAskedOut(agent_name="王芳", state="done"), LeaveAskedOut(agent_name="陈静", state="open")],
)
_FIGURES: Final = DayFiguresOut(
    planned_s=28_800,
    kept_s=27_600,
    adherence=9_583,
    planned_work_s=27_000,
    worked_s=25_800,
    conformance=9_555,
    late_s=1_200,
    early_leave_s=0,
    long_break_s=0,
    is_absent=False,
    out_of_plan_at=None,
)
_SHOWN_ACTIVITY: Final = ActivityOut(
    id=_ACTIVITY,
    version=1,
    kind="training",
    name="新资费",
    begins_at=at(6),
    ends_at=at(7),
    is_movable=True,
)
_PERSON: Final = PersonDayOut(
    agent_id=AGENT,
    agent_name="王芳",
    team_id=TEAM,
    team_name=Names(zh="北区班", en="North"),
    is_rostered=True,
    shifts=[
        ShiftOfDayOut(
            id=_SHIFT,
            version=1,
            name=Names(zh="白班", en="Day"),
            short="D8",
            begins_at=at(0),
            ends_at=at(8),
            source="solver",
        )
    ],
    plan=[
        SegmentOut(kind="work", begins_at=at(0), ends_at=at(4)),
        SegmentOut(kind="break", begins_at=at(4), ends_at=at(4, 30)),
        SegmentOut(kind="work", begins_at=at(4, 30), ends_at=at(8)),
    ],
    done=[
        StretchOut(doing="work", reason_id=None, begins_at=at(0, 20), ends_at=at(4)),
        StretchOut(doing="away", reason_id=example_id(165), begins_at=at(4), ends_at=at(4, 30)),
        StretchOut(doing="work", reason_id=None, begins_at=at(4, 30), ends_at=at(8)),
    ],
    breaks=[BreakOut(shift_id=_SHIFT, shift_version=1, index=0, begins_at=at(4), ends_at=at(4, 30))],
    activities=[],
    absences=[],
    figures=_FIGURES,
)

DAY_EXAMPLES: Final[tuple[Schema, ...]] = (
    TeamDayOut(
        tenant_id=SHIBEI,
        day=at(0).date(),
        time_zone="Asia/Shanghai",
        begins_at=at(0),
        ends_at=at(23, 59),
        as_of=at(8),
        late_min=5,
        is_published=True,
        flags_not_rostered=True,
        people=[_PERSON],
        adherence=9_583,
        conformance=9_555,
    ),
    _PERSON,
    _FIGURES,
    _SHOWN_ACTIVITY,
    AbsenceOut(id=_ABSENCE, version=1, kind="sick", begins_at=at(0), ends_at=at(8)),
    AbsenceIn(agent_id=AGENT, kind="sick", begins_at=at(0), ends_at=at(8), words="发烧，明天复诊"),
    DayVersionIn(version=1),
    DayMadeOut(id=_ABSENCE),
    ReplacementsOut(
        shift_id=_SHIFT,
        begins_at=at(4, 30),
        ends_at=at(8),
        people=[
            ReplacementOut(
                agent_id=AGENT,
                agent_name="李红",
                is_on_call=True,
                is_longer=False,
                week_hours=24.0,
                shared_skills=2,
                asked=None,
            )
        ],
        barred={"rest": 3, "rotation_closed_hours": 1},
    ),
    CallInAskIn(shift_id=_SHIFT, agent_ids=[AGENT]),
    CallInAskedOut(request_ids=[_REQUEST]),
    BreakMoveIn(version=1, index=0, begins_at=at(5)),
    ActivityMoveIn(version=1, begins_at=at(6)),
    ActivityIn(agent_id=AGENT, kind="training", name="新资费", begins_at=at(6), ends_at=at(7)),
    MovedOut(begins_at=at(5), ends_at=at(5, 30)),
    IntradayOut(
        tenant_id=SHIBEI,
        day=at(0).date(),
        time_zone="Asia/Shanghai",
        as_of=at(1, 5),
        made_at=at(1, 0, 30),
        source="forecast",
        interval_min=15,
        begins_at=[at(0, 45), at(1), at(1, 15)],
        queues=[
            IntradayQueueOut(
                queue_id=REPAIR_QUEUE,
                name=Names(zh="报修", en="Repair"),
                target=8_500,
                threshold_s=15,
                level=1.12,
                known=1,
                planned=[18.0, 20.0, 22.0],
                calls=[21.0, 22.4, 24.64],
                low=[21.0, 14.2, 16.0],
                high=[21.0, 30.6, 33.3],
                actual=[21, None, None],
                handle_s=[180.0, 180.0, 180.0],
                required=[8, 8, 9],
                present=[7.5, 7.5, 8.0],
            )
        ],
        proposals=[
            ProposalOut(
                kind="move_breaks",
                queue_id=REPAIR_QUEUE,
                queue_name=Names(zh="报修", en="Repair"),
                begins_at=at(1),
                ends_at=at(1, 30),
                people=1,
                level_before=7_420,
                level_after=8_730,
                hours=0.0,
                agent_names=[],
                tier_id=None,
                tier_name=None,
                moves=[
                    ProposedMove(
                        agent_name="王芳", object_id=_SHIFT, version=1, index=0, begins_at=at(1), ends_at=at(1, 30)
                    )
                ],
            )
        ],
    ),
    DayWhatIfIn(queue_id=REPAIR_QUEUE, people=2, calls_percent=10),
    DayWhatIfAsked(run_id=_REQUEST),
    LeaveCandidatesOut(
        leaves_at=at(6),
        expires_at=at(5, 30),
        is_paid=False,
        most=2,
        needed=5,
        people=[
            LeaveCandidateOut(agent_id=AGENT, agent_name="王芳", shift_ends_at=at(8), granted=0, asked=False),
        ],
    ),
    LeaveOfferIn(queue_id=REPAIR_QUEUE, leaves_at=at(6), people=2, agent_ids=[AGENT]),
    _LEAVE_OFFER,
    LeaveOffersOut(offers=[_LEAVE_OFFER]),
)
