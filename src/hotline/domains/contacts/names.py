"""Names of queues and agents for files that people read outside; screens have them from the live store."""

from uuid import UUID

from django.utils import timezone

from hotline.domains.people import queries as people
from hotline.domains.routing import queries as routing
from hotline.foundation.text import in_language


def of_queues_and_agents(language: str) -> dict[UUID, str]:
    """Every queue and agent of the scope by id, in that language."""
    queues = {UUID(queue_id): in_language(name, language) for queue_id, name in routing.spoken_names().items()}
    agents = {UUID(agent.agent_id): agent.name for agent in people.staff_agents(timezone.now())}
    return queues | agents
