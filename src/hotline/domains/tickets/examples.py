"""Examples of tickets for the API's description."""

from datetime import UTC, datetime
from typing import Final

from ninja import Schema

from hotline.domains.tickets.schemas import (
    AssignIn,
    CommentIn,
    DueIn,
    LentTicketOut,
    NewLentTicketIn,
    NewTicketIn,
    OpenedTicketOut,
    StepIn,
    TicketBriefOut,
    TicketCountsOut,
    TicketOut,
    TicketStepOut,
)
from hotline.foundation.examples import (
    CHEN_YU,
    CONTACT,
    LEAK,
    REPAIR_DEPARTMENT,
    SHIBEI,
    TICKET,
    WANG_FANG,
    at,
    example_id,
)

_TOLD: Final = "水表前漏水,邻居已关阀"
_DUE: Final = datetime(2026, 3, 3, 1, 30, tzinfo=UTC)

LEAKING: Final = TicketBriefOut(
    id=TICKET,
    tenant_id=SHIBEI,
    number="T-8812",
    ticket_type_id=LEAK,
    type_name={"zh": "管道漏水", "en": "Leaking pipe"},
    state="in_progress",
    clock="in_time",
    opened_at=at(1, 30),
    due_at=_DUE,
    text=_TOLD,
    department_id=REPAIR_DEPARTMENT,
    department_name={"zh": "抢修队", "en": "Emergency repair"},
    handler_id=None,
    handler_name="",
    customer_id=CHEN_YU,
    customer_name="陈玉",
    contact_id=CONTACT,
    is_simulated=False,
)

EXAMPLES: Final[tuple[Schema, ...]] = (
    NewLentTicketIn(ticket_type_id=LEAK, text=_TOLD),
    OpenedTicketOut(id=TICKET, number="T-8812"),
    LentTicketOut(
        number="T-8812",
        type_name={"zh": "管道漏水", "en": "Leaking pipe"},
        state="in_progress",
        clock="in_time",
        due_at=_DUE,
    ),
    NewTicketIn(ticket_type_id=LEAK, text=_TOLD, contact_id=CONTACT, customer_id=CHEN_YU),
    NewTicketIn(
        ticket_type_id=LEAK,
        text="Water in the cellar, meter reads 00234",
        department_id=REPAIR_DEPARTMENT,
        due_at=_DUE,
    ),
    CommentIn(text="已联系物业,下午两点开门"),
    AssignIn(department_id=REPAIR_DEPARTMENT, text="请今天处理"),
    StepIn(step="confirm", text="现场已修复", confirmed_by="2026-03-03 来电,陈玉"),
    DueIn(due_at=_DUE, reason="Spare part arrives tomorrow"),
    LEAKING,
    TicketOut(
        ticket=LEAKING,
        opened_by_id=WANG_FANG,
        opened_by_name="王芳",
        acknowledged_at=at(1, 40),
        answered_at=None,
        closed_at=None,
        confirmed_by="",
        possible_steps=["answer"],
        timeline=[
            TicketStepOut(
                id=example_id(83),
                at=at(1, 30),
                kind="opened",
                person_id=WANG_FANG,
                person_name="王芳",
                text=_TOLD,
                detail={},
            )
        ],
    ),
    TicketCountsOut(open=14, late=1, mine=3),
)
