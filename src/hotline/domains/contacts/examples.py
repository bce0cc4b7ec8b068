"""Examples of contacts and the day's report for the API's description."""

from datetime import date
from typing import Final

from ninja import Schema

from hotline.domains.contacts.schemas import (
    CallBackDoneIn,
    CallBackOut,
    ContactBriefOut,
    ContactOut,
    DayReportOut,
    DraftIn,
    DraftListOut,
    DraftOut,
    InteractionOut,
    IntervalOut,
    LinkIn,
    MatterIn,
    MatterOut,
    QueueDayOut,
    RecordingOut,
    RefusedCallOut,
    RevealedCaller,
    RevealIn,
    TimelineStepOut,
    WrapUpIn,
    WrapUpOut,
)
from hotline.foundation.examples import (
    AGENT,
    CHEN_YU,
    CONTACT,
    ENTRY_POINT,
    NO_WATER,
    REPAIR_QUEUE,
    SETTLED,
    SHIBEI,
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
    interactions=11,
    wait_ms=96_000,
    talk_ms=1_980_000,
    hold_ms=60_000,
    wrap_up_ms=264_000,
    service_level="83.33",
    is_target_met=False,
    average_handle_s=209,
)

EXAMPLES: Final[tuple[Schema, ...]] = (
    WrapUpIn(matters=[MatterIn(disposition_id=NO_WATER, outcome_id=SETTLED, note=_NOTE)], note="客户满意"),
    WrapUpIn(matters=[MatterIn(disposition_id=NO_WATER, note="")], note="Asked for a call when the water is back"),
    LinkIn(customer_id=CHEN_YU, takes_number=True),
    DraftIn(text="整幢楼无水,"),
    CallBackDoneIn(note="已回电,问题解决"),
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
            )
        ],
        wrap_ups=[WrapUpOut(agent_id=AGENT, note="客户满意", filed_at=at(1, 23, 44))],
        recordings=[
            RecordingOut(
                id=example_id(75), started_at=at(1, 20, 20), duration_ms=180_000, size_bytes=5_760_044, incomplete=""
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
        queues=[
            QueueDayOut(
                tenant_id=SHIBEI,
                queue_id=REPAIR_QUEUE,
                queue_name={"zh": "报修", "en": "Repair"},
                threshold_s=15,
                target=8500,
                is_simulated=False,
                intervals=[_QUARTER],
                total=_QUARTER.model_copy(update={"starts_at": None}),
            )
        ],
    ),
)
