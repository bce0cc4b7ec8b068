"""The agent behind whoever asks, and the one way into their own writes: scope and transaction."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone

from hotline.domains.people import queries as people
from hotline.domains.workforce import planned_people
from hotline.domains.workforce.models import WorkforceSettings
from hotline.domains.workforce.request_errors import NoRosterOfYoursError
from hotline.foundation.actors import Actor
from hotline.foundation.tenancy import tenant_scope

ASKING = "desk.use"


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnAgent:
    """An agent, the tenant they are at home with, and how that tenant plans."""

    agent_id: UUID
    tenant_id: UUID
    zone: ZoneInfo
    now: datetime
    settings: WorkforceSettings

    @property
    def today(self) -> date:
        """The day it is where the tenant is."""
        return self.now.astimezone(self.zone).date()

    @property
    def earliest_start(self) -> datetime:
        """Shifts that begin before this can no longer be asked about."""
        return self.now + timedelta(hours=self.settings.request_hours)


@contextmanager
def own_reading(actor: Actor) -> Iterator[OwnAgent]:
    """The scope of the agent's home tenant. Raises NoRosterOfYoursError for those who are no agent there."""
    asking = actor.narrowed(ASKING)
    profile = people.own_profile(asking.person_id)
    if profile is None or UUID(profile.tenant_id) not in asking.tenant_ids:
        raise NoRosterOfYoursError
    tenant_id = UUID(profile.tenant_id)
    with tenant_scope(tenant_id):
        yield OwnAgent(
            agent_id=UUID(profile.agent_id),
            tenant_id=tenant_id,
            zone=planned_people.time_zone(tenant_id),
            now=timezone.now(),
            settings=planned_people.settings_of(tenant_id),
        )


@contextmanager
def own_write(actor: Actor) -> Iterator[OwnAgent]:
    """The same, in one transaction."""
    with own_reading(actor) as me, transaction.atomic():
        yield me
