"""Examples of dispositions, ticket types, away reasons, attributes and modules for the API's description."""

from datetime import date
from typing import Final

from ninja import Schema

from hotline.domains.catalogue.schemas import (
    AttributeChoiceOut,
    AttributeValueIn,
    AwayReasonIn,
    BusinessModuleIn,
    DispositionNodeIn,
    DispositionNodeOut,
    GradeSuggestionOut,
    TicketTypeIn,
)
from hotline.domains.setup_routes import Names
from hotline.foundation.examples import NO_WATER, REPAIR_DEPARTMENT, SHIBEI, at, example_id

EXAMPLES: Final[tuple[Schema, ...]] = (
    DispositionNodeIn(
        code="supply.no_water",
        name=Names(zh="无水", en="No water"),
        kind="reason",
        parent_id=example_id(60),
        position=10,
        valid_from=date(2026, 1, 1),
    ),
    DispositionNodeOut(
        id=NO_WATER,
        tenant_id=SHIBEI,
        version=1,
        updated_at=at(0),
        code="supply.no_water",
        name=Names(zh="无水", en="No water"),
        kind="reason",
        parent_id=example_id(60),
        product_line="",
        position=10,
        valid_from=date(2026, 1, 1),
        valid_to=None,
    ),
    TicketTypeIn(
        code="leak",
        name=Names(zh="管道漏水", en="Leaking pipe"),
        process_number=1,
        department_id=REPAIR_DEPARTMENT,
        due_hours=24,
        position=10,
    ),
    AwayReasonIn(code="lunch", name=Names(zh="午餐", en="Lunch"), position=10),
    AttributeValueIn(kind="value_grade", code="gold", name=Names(zh="金卡", en="Gold"), position=10),
    AttributeChoiceOut(kind="region", code="50", name=Names(zh="重庆", en="Chongqing"), is_standard=True),
    GradeSuggestionOut(
        grade=2,
        reason=Names(
            zh="难度 3 + 风险 2 + 少见程度 2 = 7 分（3–15 分）",
            en="difficulty 3 + risk 2 + rarity 2 = 7 points of 3–15",
        ),
    ),
    BusinessModuleIn(
        code="meter", name=Names(zh="水表", en="Meters"), grade=2, difficulty=3, frequency=4, risk=2, position=10
    ),
)
