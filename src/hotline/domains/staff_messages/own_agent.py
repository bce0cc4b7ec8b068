"""The agent behind whoever asks, with the scope of their home tenant."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from hotline.domains.people import queries as people
from hotline.domains.staff_messages.errors import NotAnAgentError
from hotline.foundation.actors import Actor
from hotline.foundation.errors import ConflictError
from hotline.foundation.tenancy import tenant_scope

_PERMISSION = "desk.use"


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnAgent:
    """An agent and the tenant they are at home with."""

    agent_id: UUID
    tenant_id: UUID
    now: datetime


@contextmanager
def own_reading(actor: Actor) -> Iterator[OwnAgent]:
    """The scope of the agent's home tenant. Raises NotAnAgentError for those who are no agent there."""
    asking = actor.narrowed(_PERMISSION)
    profile = people.own_profile(asking.person_id)
    if profile is None or UUID(profile.tenant_id) not in asking.tenant_ids:
        raise NotAnAgentError
    tenant_id = UUID(profile.tenant_id)
    with tenant_scope(tenant_id):
        yield OwnAgent(agent_id=UUID(profile.agent_id), tenant_id=tenant_id, now=timezone.now())


@contextmanager
def own_write(actor: Actor) -> Iterator[OwnAgent]:
    """The same, in one transaction. Raises ConflictError when the same was written at the same moment."""
    try:
        with own_reading(actor) as me, transaction.atomic():
            yield me
    except IntegrityError as error:
        raise ConflictError from error
