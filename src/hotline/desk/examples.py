"""Examples of what the desk gets when it rings, for the API's description."""

from typing import Final

from ninja import Schema

from hotline.desk.schemas import (
    DepartmentChoiceOut,
    DeskContactOut,
    DispositionOut,
    FreeSeatOut,
    HandedOverOut,
    LentContactOut,
    NotedMatterOut,
    PopOut,
    SeatChoiceOut,
    SiteChoiceOut,
    TicketTypeChoiceOut,
    VerificationOut,
)
from hotline.domains.contacts.examples import BRIEF
from hotline.domains.customers.examples import CHEN
from hotline.domains.tickets.examples import LEAKING
from hotline.foundation.examples import (
    AGENT,
    CHEN_YU,
    CONTACT,
    LEAK,
    NO_WATER,
    REPAIR_DEPARTMENT,
    REPAIR_QUEUE,
    SHIBEI,
    SITE,
    at,
    example_id,
)

_NO_WATER = DispositionOut(
    disposition_id=NO_WATER,
    code="supply.no_water",
    name={"zh": "无水", "en": "No water"},
    kind="reason",
    parent_id=None,
    position=10,
    is_choosable=True,
)
_LEAK = TicketTypeChoiceOut(
    ticket_type_id=LEAK,
    code="leak",
    name={"zh": "管道漏水", "en": "Leaking pipe"},
    process_number=1,
    department_id=REPAIR_DEPARTMENT,
    due_hours=24,
)

EXAMPLES: Final[tuple[Schema, ...]] = (
    LentContactOut(
        contact_id=CONTACT,
        tenant_name={"zh": "市北水务", "en": "Shibei Water"},
        queue_name={"zh": "报修", "en": "Repair"},
        customer_name="陈玉",
        language="zh",
        is_simulated=False,
        is_in_hand=True,
        allows_notes=True,
        allows_tickets=True,
        shows_tickets=False,
        dispositions=[_NO_WATER],
        modules=[],
        ticket_types=[_LEAK],
    ),
    SeatChoiceOut(
        sites=[
            SiteChoiceOut(
                site_id=SITE,
                name={"zh": "市北大楼", "en": "Shibei Building"},
                is_own=True,
                seats=[FreeSeatOut(seat_id=example_id(97), label="A-07", is_reserve=False)],
            )
        ]
    ),
    PopOut(
        contact=DeskContactOut(
            id=CONTACT,
            tenant_id=SHIBEI,
            channel="voice",
            stage="offered",
            arrived_at=at(1, 20),
            asked_at=at(1, 20, 9),
            called_address="962740",
            caller="139****0001",
            language="zh",
            service_language="",
            product_line="tap_water",
            priority=0,
            menu_path=["1"],
            queue_id=REPAIR_QUEUE,
            customer_id=CHEN_YU,
            is_simulated=False,
        ),
        customer=CHEN,
        candidates=[],
        open_tickets=[LEAKING],
        recent_contacts=[BRIEF],
        dispositions=[_NO_WATER],
        ticket_types=[_LEAK],
        departments=[
            DepartmentChoiceOut(
                department_id=REPAIR_DEPARTMENT, code="repair", name={"zh": "抢修队", "en": "Emergency repair"}
            )
        ],
        handed_over=[
            HandedOverOut(
                agent_id=AGENT,
                agent_name="王芳",
                noted_at=at(1, 21),
                matters=[NotedMatterOut(disposition_id=str(NO_WATER), outcome_id=None, note="六楼以上")],
                note="客户要求今天回电",
                ticket=None,
            )
        ],
        verified=VerificationOut(verified_at=at(1, 20, 30), agent_id=AGENT),
    ),
)
