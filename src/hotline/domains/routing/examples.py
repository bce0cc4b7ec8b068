"""Examples of queues for the API's description."""

from typing import Final

from ninja import Schema

from hotline.domains.routing.schemas import (
    AgentChoice,
    FindingOut,
    QueueChoice,
    QueueIn,
    QueueOut,
    QueueSkillIn,
    TransferTargets,
)
from hotline.domains.setup_routes import Names
from hotline.foundation.examples import AGENT, REPAIR_QUEUE, SHIBEI, SKILL, TEAM, at

_REPAIR: Final = Names(zh="报修", en="Repair")

EXAMPLES: Final[tuple[Schema, ...]] = (
    QueueIn(
        code="repair",
        name=_REPAIR,
        rank=10,
        offer_timeout_s=15,
        wrap_up_s=60,
        service_level_s=15,
        service_level_target=8500,
        alarm_after_s=60,
        alarm_min_contacts=5,
        skills=[QueueSkillIn(skill_id=SKILL, level=3)],
    ),
    QueueOut(
        id=REPAIR_QUEUE,
        tenant_id=SHIBEI,
        version=2,
        updated_at=at(0),
        code="repair",
        name=_REPAIR,
        rank=10,
        offer_timeout_s=15,
        wrap_up_s=60,
        is_wrap_up_automatic=False,
        service_level_s=15,
        service_level_target=8500,
        alarm_after_s=60,
        alarm_min_contacts=5,
        is_active=True,
        skills=[QueueSkillIn(skill_id=SKILL, level=3)],
    ),
    FindingOut(
        code="routing.nobody_can_take",
        severity="error",
        object_type="queue",
        object_id=REPAIR_QUEUE,
        tenant_id=SHIBEI,
        sentence={"zh": "队列“报修”没有坐席能够受理。", "en": "No agent can take contacts of the queue Repair."},
    ),
    TransferTargets(
        queues=[QueueChoice(queue_id=REPAIR_QUEUE, tenant_id=SHIBEI, name=_REPAIR)],
        agents=[AgentChoice(agent_id=AGENT, name="王芳", number="8001", team_id=TEAM)],
    ),
)
