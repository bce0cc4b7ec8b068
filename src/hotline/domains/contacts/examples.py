"""Examples of contacts and the day's report for the API's description."""

from datetime import date, timedelta
from typing import Final

from ninja import Schema

from hotline.domains.contacts.pool_schemas import PoolFiguresOut, PoolPartOut, PoolReportOut
from hotline.domains.contacts.schemas import (
    AlarmListOut,
    AlarmOut,
    AttributeReportOut,
    AttributeRowOut,
    CallBackDoneIn,
    CallBackOut,
    CodedElsewhereOut,
    ContactBriefOut,
    ContactOut,
    DayReportOut,
    DeskReasonOut,
    DeskReasonsOut,
    DraftIn,
    DraftListOut,
    DraftOut,
    FunnelBusinessOut,
    FunnelReportOut,
    FunnelRowOut,
    HandleTimeOut,
    HandleTimeReportOut,
    InteractionOut,
    IntervalOut,
    LinkIn,
    MatterIn,
    MatterOut,
    PeriodFiguresOut,
    PeriodReportOut,
    PreserveIn,
    ProductLineReportOut,
    ProductLineRowOut,
    QueueChoiceOut,
    QueueDayOut,
    QueuePeriodOut,
    RecordingOut,
    RefusedCallOut,
    ReserveActivationOut,
    ReserveFiguresOut,
    ReserveReportOut,
    RevealedCaller,
    RevealIn,
    TimelineStepOut,
    WrapUpIn,
    WrapUpOut,
)
from hotline.domains.contacts.seat_schemas import SeatPeakOut, SeatReportOut, SiteSeatsOut
from hotline.domains.contacts.waiting_schemas import AccessReportOut, AccessRowOut, CallBackIn, LookUpIn, SettlementIn
from hotline.foundation.examples import (
    AGENT,
    CHEN_YU,
    CONTACT,
    ENTRY_POINT,
    NO_WATER,
    REPAIR_QUEUE,
    SETTLED,
    SHIBEI,
    SITE,
    WANG_FANG,
    at,
    example_id,
)

_NOTE: Final = "整幢楼无水,已告知抢修进度"

BRIEF: Final = ContactBriefOut(
    id=CONTACT,
    tenant_id=SHIBEI,
    channel="voice",
    stage="ended",
    outcome="handled",
    arrived_at=at(1, 20),
    asked_at=at(1, 20, 9),
    answered_at=at(1, 20, 20),
    ended_at=at(1, 23, 20),
    queue_id=REPAIR_QUEUE,
    last_agent_id=AGENT,
    interaction_count=1,
    caller="139****0001",
    customer_id=CHEN_YU,
    wait_ms=11_000,
    talk_ms=180_000,
    hold_ms=0,
    wrap_up_ms=24_000,
    is_simulated=False,
    has_recording=True,
    matters=[{"zh": "无水", "en": "No water"}],
)
_QUARTER: Final = IntervalOut(
    starts_at=at(1, 15),
    asked=12,
    counted=12,
    answered=11,
    answered_in_time=10,
    abandoned=1,
    blocked=0,
    interactions=11,
    wait_ms=96_000,
    talk_ms=1_980_000,
    hold_ms=60_000,
    wrap_up_ms=264_000,
    service_level="83.33",
    is_target_met=False,
    average_handle_s=209,
)
_MONTH_DAY: Final = PeriodFiguresOut(
    starts_on=date(2026, 3, 2),
    begins_at=at(0) - timedelta(hours=8),
    ends_at=at(16),
    **_QUARTER.model_dump(exclude={"starts_at"}),
)
_HANDLED: Final = HandleTimeOut(
    subject_id=AGENT,
    name={"zh": "王芳", "en": "Wang Fang"},
    is_simulated=False,
    interactions=2,
    talk_ms=300_000,
    hold_ms=60_000,
    wrap_up_ms=120_000,
    average_talk_s=180,
    average_hold_s=30,
    average_wrap_up_s=60,
    average_handle_s=240,
    longest_s=251,
)

_ALARM: Final = AlarmOut(
    id=example_id(78),
    tenant_id=SHIBEI,
    queue_id=REPAIR_QUEUE,
    kind="service_level",
    is_simulated=False,
    below_since_at=at(0),
    raised_at=at(1),
    answered_in_time=8,
    counted=13,
    service_level="61.53",
    target=8500,
    threshold_s=15,
    owner_name="吴敏",
    acknowledged_at=at(2),
    acknowledged_by_name="吴敏",
    silence_reason="",
    cleared_at=None,
    cleared_cause="",
)
_REACHABLE = AccessRowOut(
    day=date(2026, 3, 2),
    starts_at=None,
    wanted=4002,
    asked=4000,
    answered=3895,
    abandoned=103,
    turned_away=2,
    refused=0,
    closed=2,
    blocked=4,
    blocked_share="0.10",
    abandoned_share="2.58",
    is_blocked_within=True,
    is_abandoned_within=True,
)

_NIGHT = PoolFiguresOut(
    first_day=date(2026, 3, 1),
    offered=14,
    served=12,
    talk_ms=2_160_000,
    hold_ms=60_000,
    wrap_up_ms=360_000,
    handle_ms=2_580_000,
)

EXAMPLES: Final[tuple[Schema, ...]] = (
    PoolReportOut(
        grain="day",
        as_of=at(0),
        parts=[
            PoolPartOut(
                tenant_id=SHIBEI,
                pool_id=example_id(147),
                pool_name={"zh": "夜班支援组", "en": "Night team"},
                partner_id=example_id(149),
                partner_name={"zh": "城南燃气", "en": "Chengnan Gas"},
                is_lent=True,
                is_simulated=False,
                rows=[_NIGHT],
                total=_NIGHT,
            )
        ],
    ),
    WrapUpIn(matters=[MatterIn(disposition_id=NO_WATER, outcome_id=SETTLED, note=_NOTE)], note="客户满意"),
    WrapUpIn(matters=[MatterIn(disposition_id=NO_WATER, note="")], note="Asked for a call when the water is back"),
    LinkIn(customer_id=CHEN_YU, takes_number=True),
    DraftIn(text="整幢楼无水,"),
    CallBackDoneIn(note="已回电,问题解决"),
    SettlementIn(decision="ignored", reason="骚扰电话"),
    CallBackIn(not_before=at(14)),
    LookUpIn(tenant_id=SHIBEI, caller_address="13900000001", called_address="962740"),
    PreserveIn(reason="投诉 2026-0042 核查"),
    RevealIn(reason="线路中断后回电"),
    RevealedCaller(number="13900000001"),
    BRIEF,
    ContactOut(
        id=CONTACT,
        tenant_id=SHIBEI,
        channel="voice",
        stage="ended",
        outcome="handled",
        ended_by="caller",
        cause="normal",
        arrived_at=at(1, 20),
        asked_at=at(1, 20, 9),
        answered_at=at(1, 20, 20),
        ended_at=at(1, 23, 20),
        entry_point_id=ENTRY_POINT,
        called_address="962740",
        caller="139****0001",
        is_caller_known=True,
        language="zh",
        service_language="",
        product_line="tap_water",
        priority=0,
        menu_path=["1"],
        asked_queue_id=REPAIR_QUEUE,
        queue_id=REPAIR_QUEUE,
        last_agent_id=AGENT,
        customer_id=CHEN_YU,
        wait_ms=11_000,
        talk_ms=180_000,
        hold_ms=0,
        wrap_up_ms=24_000,
        is_simulated=False,
        preserved_at=at(2, 30),
        preserved_reason="投诉 2026-0042 核查",
        anonymised_at=None,
        anonymised_after=None,
        interactions=[
            InteractionOut(
                id=example_id(72),
                position=1,
                agent_id=AGENT,
                queue_id=REPAIR_QUEUE,
                started_at=at(1, 20, 20),
                ended_at=at(1, 23, 20),
                talk_ms=180_000,
                hold_ms=0,
                wrap_up_ms=24_000,
                handle_ms=204_000,
                ended_by="caller",
                pool_id=None,
                pool_name=None,
            )
        ],
        timeline=[
            TimelineStepOut(
                id=example_id(73),
                at=at(1, 20, 9),
                source="routing",
                kind="queued",
                agent_id=None,
                queue_id=REPAIR_QUEUE,
                detail={},
                explanation={
                    "zh": "按先来后到排队，没有加分。",
                    "en": "It waits in the order of asking, without extra points.",
                },
            )
        ],
        matters=[
            MatterOut(
                id=example_id(74),
                agent_id=AGENT,
                position=1,
                disposition_id=NO_WATER,
                disposition_name={"zh": "无水", "en": "No water"},
                outcome_id=SETTLED,
                outcome_name={"zh": "已解决", "en": "Settled"},
                note=_NOTE,
                lender_name=None,
            )
        ],
        wrap_ups=[WrapUpOut(agent_id=AGENT, note="客户满意", filed_at=at(1, 23, 44), lender_name=None)],
        recordings=[
            RecordingOut(
                id=example_id(75),
                started_at=at(1, 20, 20),
                duration_ms=180_000,
                size_bytes=5_760_044,
                incomplete="",
                erased_at=None,
                erased_unit="",
                erased_after=None,
            )
        ],
    ),
    DeskReasonsOut(
        offered_at=at(1, 20, 20),
        waited_ms=11_000,
        steps=[
            DeskReasonOut(
                id=example_id(73),
                at=at(1, 20, 20),
                explanation={
                    "zh": "5 名空闲且能接的坐席中，王芳 空闲最久：自 09:19:32 起没有接待（48 秒）。",
                    "en": "王芳 had been idle longest of the 5 idle agents who could take it: no contact since 09:19:32"
                    " (48 s).",
                },
            )
        ],
    ),
    DraftListOut(items=[DraftOut(field="note", text="整幢楼无水,", saved_at=at(1, 22))]),
    CallBackOut(
        id=example_id(76),
        contact_id=CONTACT,
        tenant_id=SHIBEI,
        cause="platform_lost",
        failed_at=at(2),
        asked_at=at(1, 59),
        queue_id=REPAIR_QUEUE,
        caller="139****0001",
        customer_id=CHEN_YU,
        is_simulated=False,
        done_at=at(2, 10),
        done_by_id=WANG_FANG,
        done_note="已回电,问题解决",
    ),
    AlarmListOut(items=[_ALARM]),
    RefusedCallOut(
        id=example_id(77),
        at=at(3),
        tenant_id=None,
        node_id="node-1",
        called_address="962999",
        caller="139****0001",
        cause="unknown_number",
    ),
    DayReportOut(
        day=date(2026, 3, 2),
        as_of=at(16, 30),
        queues=[
            QueueDayOut(
                tenant_id=SHIBEI,
                queue_id=REPAIR_QUEUE,
                queue_name={"zh": "报修", "en": "Repair"},
                threshold_s=15,
                target=8500,
                is_simulated=False,
                begins_at=_MONTH_DAY.begins_at,
                ends_at=_MONTH_DAY.ends_at,
                intervals=[_QUARTER],
                total=_QUARTER.model_copy(update={"starts_at": None}),
            )
        ],
    ),
    PeriodReportOut(
        starts_on=date(2026, 3, 1),
        as_of=at(16, 30),
        queues=[
            QueuePeriodOut(
                tenant_id=SHIBEI,
                queue_id=REPAIR_QUEUE,
                queue_name={"zh": "报修", "en": "Repair"},
                threshold_s=15,
                target=8500,
                is_simulated=False,
                rows=[_MONTH_DAY],
                total=_MONTH_DAY.model_copy(
                    update={
                        "starts_on": date(2026, 3, 1),
                        "begins_at": _MONTH_DAY.begins_at - timedelta(days=1),
                        "ends_at": _MONTH_DAY.begins_at + timedelta(days=30),
                    }
                ),
            )
        ],
    ),
    HandleTimeReportOut(
        first_day=date(2026, 3, 2),
        last_day=date(2026, 3, 2),
        as_of=at(16, 30),
        rows=[_HANDLED],
        total=_HANDLED.model_copy(update={"subject_id": None, "name": None}),
        queues=[QueueChoiceOut(queue_id=REPAIR_QUEUE, queue_name={"zh": "报修", "en": "Repair"})],
    ),
    FunnelReportOut(
        first_day=date(2026, 3, 2),
        last_day=date(2026, 3, 2),
        as_of=at(16, 30),
        rows=[
            FunnelRowOut(
                tenant_id=SHIBEI, level=1, name={"zh": "自助服务", "en": "Self-service"}, solved=620, share=6200
            ),
            FunnelRowOut(
                tenant_id=SHIBEI, level=2, name={"zh": "普通坐席", "en": "Generalists"}, solved=380, share=3800
            ),
        ],
        businesses=[
            FunnelBusinessOut(
                tenant_id=SHIBEI,
                module_id=example_id(63),
                name={"zh": "水表", "en": "Meters"},
                rows=[
                    FunnelRowOut(
                        tenant_id=SHIBEI, level=1, name={"zh": "自助服务", "en": "Self-service"}, solved=0, share=0
                    ),
                    FunnelRowOut(
                        tenant_id=SHIBEI,
                        level=2,
                        name={"zh": "普通坐席", "en": "Generalists"},
                        solved=380,
                        share=10_000,
                    ),
                ],
                unsolved=9,
            )
        ],
        unsolved=9,
        outside=5,
        is_simulated=False,
    ),
    ReserveReportOut(
        first_day=date(2026, 3, 2),
        last_day=date(2026, 3, 2),
        as_of=at(16, 30),
        rows=[
            ReserveActivationOut(
                id=example_id(79),
                tenant_id=SHIBEI,
                ladder_id=example_id(80),
                ladder_name={"zh": "高峰保障", "en": "Peak reserve"},
                tier_id=example_id(81),
                tier_name={"zh": "第一梯队", "en": "First team"},
                called_at=at(0),
                started_at=at(2),
                stood_down_at=at(20),
                called_by="吴敏",
                stood_down_by=None,
                before=ReserveFiguresOut(wait_s=95, length=12, service_level=6_150, abandoned=800),
                after=ReserveFiguresOut(wait_s=0, length=0, service_level=9_100, abandoned=None),
                is_simulated=False,
            )
        ],
        is_simulated=False,
    ),
    AccessReportOut(
        by="day",
        first_day=date(2026, 3, 2),
        last_day=date(2026, 3, 2),
        as_of=at(16, 30),
        blocked_limit=10,
        abandoned_limit=500,
        rows=[_REACHABLE],
        total=_REACHABLE,
        is_simulated=False,
    ),
    SeatReportOut(
        first_day=date(2026, 3, 2),
        last_day=date(2026, 3, 2),
        as_of=at(16, 30),
        sites=[
            SiteSeatsOut(
                site_id=SITE,
                tenant_id=SHIBEI,
                site_name={"zh": "市北大楼", "en": "Shibei Building"},
                seats=16,
                free=3,
                in_use=12,
                broken=1,
                reserve=1,
                peaks=[SeatPeakOut(day=date(2026, 3, 2), in_use=14, at=at(2))],
            )
        ],
    ),
    ProductLineReportOut(
        first_day=date(2026, 3, 2),
        last_day=date(2026, 3, 2),
        as_of=at(16, 30),
        rows=[
            ProductLineRowOut(
                line="adsl",
                name={"zh": "ADSL宽带", "en": "ADSL"},
                asked=40,
                coded=38,
                compared=36,
                agreed=34,
                agreement=9444,
            )
        ],
        elsewhere=[
            CodedElsewhereOut(
                asked={"zh": "ADSL宽带", "en": "ADSL"}, coded={"zh": "固定电话", "en": "Fixed line"}, contacts=2
            )
        ],
        contacts=120,
        without_line=4,
        uncoded=3,
        unanswered=8,
        is_simulated=False,
    ),
    AttributeReportOut(
        by="region",
        first_day=date(2026, 3, 2),
        last_day=date(2026, 3, 2),
        as_of=at(16, 30),
        rows=[
            AttributeRowOut(
                value="50",
                name={"zh": "重庆", "en": "Chongqing"},
                asked=120,
                answered=112,
                abandoned=8,
                rural=44,
                average_wait_s=9,
                share=10_000,
            )
        ],
        is_simulated=False,
    ),
)
