"""The funnel with which every tenant begins: four levels, of which self-service needs no queue."""

from typing import Final
from uuid import UUID

from hotline.domains.routing.models import FunnelLevel
from hotline.domains.setup_records import add
from hotline.foundation.actors import Actor

FIRST_LEVELS: Final = (
    {"zh": "自助服务", "en": "Self-service"},
    {"zh": "普通坐席", "en": "General agents"},
    {"zh": "业务专员", "en": "Specialists"},
    {"zh": "专家", "en": "Experts"},
)


def give_first_levels(actor: Actor, tenant_id: UUID) -> None:
    """The levels of a new tenant, from the lowest; their queues are set when there are any. Within the scope and the
    transaction of the tenant's making; nobody is told, because a level without a queue leads nowhere."""
    for number, name in enumerate(FIRST_LEVELS, start=1):
        add(actor, FunnelLevel(tenant_id=tenant_id, number=number, name=name))
