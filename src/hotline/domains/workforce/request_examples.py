"""Examples of one's own roster, requests and open shifts for the API's description."""

from datetime import UTC, date, datetime
from typing import Final

from ninja import Schema

from hotline.domains.setup_routes import Names
from hotline.domains.workforce import request_schemas as shown
from hotline.foundation.examples import AGENT, SHIBEI, at, example_id

_EARLY: Final = shown.ShiftKindShownOut(id=example_id(110), name=Names(zh="早班", en="Early"), short="D8")
_NIGHT: Final = shown.ShiftKindShownOut(id=example_id(111), name=Names(zh="夜班", en="Night"), short="N8")
_SHIFT, _OTHER_SHIFT, _ROSTER = example_id(112), example_id(113), example_id(114)
_REQUEST, _OPEN_SHIFT, _LI = example_id(115), example_id(116), example_id(32)
_DAY: Final = date(2026, 3, 5)
_STARTS: Final = datetime(2026, 3, 5, 0, tzinfo=UTC)
_ENDS: Final = datetime(2026, 3, 5, 8, tzinfo=UTC)
_CLOSES: Final = datetime(2026, 3, 3, 4, tzinfo=UTC)
_REPAIR: Final = Names(zh="报修", en="Repair")
_OWN_SHIFT: Final = shown.OwnShiftOut(
    id=_SHIFT,
    version=1,
    day=_DAY,
    starts_at=_STARTS,
    ends_at=_ENDS,
    pieces=[[480, 960]],
    breaks=[[720, 750]],
    shift_kind=_EARLY,
    skill_name=_REPAIR,
    paid_min=450,
    overtime_min=0,
    source="solver",
    is_on_call=False,
    may_ask=True,
)
_WISH: Final = shown.WishOut(
    id=example_id(117), day=date(2026, 4, 2), kind="off", shift_kind=None, weight=3, is_granted=None
)
_NOTICE: Final = shown.NoticeOut(
    id=example_id(118),
    kind="asked",
    request_kind="swap",
    first_day=_DAY,
    last_day=_DAY,
    further_breaks=[],
    created_at=at(0),
    read_at=None,
)
_TERMS: Final = shown.RequestShiftOut(day=_DAY, starts_at=_STARTS, ends_at=_ENDS, shift_kind=_EARLY, agent_name="王芳")
_SWAP: Final = shown.RequestOut(
    id=_REQUEST,
    tenant_id=SHIBEI,
    version=2,
    kind="swap",
    state="accepted",
    agent_id=AGENT,
    agent_name="王芳",
    other_agent_id=_LI,
    other_agent_name="李红",
    first_day=_DAY,
    last_day=_DAY,
    shift=_TERMS,
    other_shift=shown.RequestShiftOut(day=_DAY, starts_at=at(14), ends_at=at(22), shift_kind=_NIGHT, agent_name="李红"),
    open_shift_id=None,
    asked_at=at(0),
    expires_at=at(3),
    decided_at=None,
    has_words=True,
    may=[],
)
_RULE: Final = shown.ObjectionOut(
    code="workforce.rule_rotation_closed_hours",
    sentence="王芳 参加了希望工程，该时段不得安排上班（2026-03-05）；请选择其他班次或另选他人。",
)
_OPEN: Final = shown.OpenShiftOut(
    id=_OPEN_SHIFT,
    tenant_id=SHIBEI,
    version=1,
    roster_id=_ROSTER,
    day=_DAY,
    starts_at=_STARTS,
    ends_at=_ENDS,
    shift_kind=_EARLY,
    skill_name=_REPAIR,
    is_overtime=True,
    is_holiday=False,
    people=2,
    places_left=1,
    closes_at=_CLOSES,
    closed_at=None,
)

EXAMPLES: Final[tuple[Schema, ...]] = (
    _EARLY,
    _OWN_SHIFT,
    shown.OwnActivityOut(id=example_id(118), kind="training", name="新水表培训", starts_at=at(1), ends_at=at(2)),
    shown.OwnAbsenceOut(id=example_id(119), kind="leave", starts_at=at(1), ends_at=at(9)),
    _WISH,
    shown.OwnRosterOut(
        first=date(2026, 2, 26),
        last=date(2026, 5, 4),
        today=_DAY,
        time_zone="Asia/Shanghai",
        request_hours=12,
        most_wishes_a_month=6,
        shifts=[_OWN_SHIFT],
        activities=[],
        absences=[],
        wishes=[_WISH],
        published_days=[_DAY],
        shift_kinds=[_EARLY, _NIGHT],
        waiting=1,
    ),
    shown.WishIn(day=date(2026, 4, 2), kind="off", weight=3),
    shown.SwapOfferOut(
        shift_id=_OTHER_SHIFT, agent_name="李红", day=_DAY, starts_at=at(6), ends_at=at(14), shift_kind=_NIGHT
    ),
    shown.SwapOffersOut(
        offers=[
            shown.SwapOfferOut(
                shift_id=_OTHER_SHIFT, agent_name="李红", day=_DAY, starts_at=at(6), ends_at=at(14), shift_kind=_NIGHT
            )
        ],
        has_more=False,
    ),
    shown.TakerOut(agent_id=_LI, agent_name="李红"),
    shown.TakersOut(takers=[shown.TakerOut(agent_id=_LI, agent_name="李红")], has_more=False),
    shown.SwapIn(other_shift_id=_OTHER_SHIFT, words="那天孩子开家长会"),
    shown.GiveAwayIn(agent_id=_LI, words="谢谢"),
    shown.LeaveIn(first_day=date(2026, 4, 6), last_day=date(2026, 4, 8), words="探亲"),
    shown.BidIn(words="我可以"),
    shown.AnswerIn(version=1, answer="accept"),
    _TERMS,
    _SWAP,
    shown.RequestWordsOut(words="那天孩子开家长会", answer_text="同意"),
    _RULE,
    shown.CoverChangeOut(starts_at=_STARTS, wanted=12, before=12, after=11),
    shown.RequestEffectOut(
        objections=[],
        coverage=[shown.CoverChangeOut(starts_at=_STARTS, wanted=12, before=12, after=11)],
        has_demand=True,
    ),
    shown.DecisionOnRequestIn(version=2, decision="approve", text="同意"),
    shown.OpenShiftIn(
        day=_DAY,
        shift_kind_id=_EARLY.id,
        start="08:00",
        closes_at=_CLOSES,
        people=2,
        is_overtime=True,
        offer_to=[AGENT],
    ),
    _OPEN,
    shown.OwnOpenShiftOut(**_OPEN.dict(), has_bid=False, objections=[_RULE]),
    shown.BidOut(request=_SWAP, granted_this_year=1, employed_from=date(2019, 7, 1), objections=[]),
    shown.AwardIn(version=1, bid_ids=[_REQUEST]),
    shown.CloseIn(version=1),
    shown.FeedOut(is_on=True, since=at(0)),
    shown.NewFeedOut(path="/api/v1/calendar/h0tFqQ3.ics"),
    shown.MoodOut(month=date(2026, 3, 1), score=8),
    shown.MoodIn(score=8),
    _NOTICE,
    shown.NoticesOut(unread=1, notices=[_NOTICE]),
    shown.NoticesReadIn(up_to=_NOTICE.id),
)
