"""Contacts of a queue by brand, channel and site, as the projector leaves them: with the queue's counts."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from hotline.domains.contacts.models import Contact, Interaction, QueueInterval
from hotline.domains.enterprise.models import SeatUse
from hotline.foundation.models import Tenant
from hotline.foundation.tenancy import tenant_scope
from hotline.kernel.clock import to_ms


@dataclass(frozen=True, slots=True)
class Batch:
    """So many contacts that ask on a day at the same local minute; answered by `agent_id`, if by anybody."""

    minute: int
    number: int
    channel: str = "voice"
    brand: str = ""
    agent_id: UUID | None = None
    handle_s: int = 200


def write_contacts(
    tenant: Tenant, queue_id: UUID, days: Iterable[date], batches: Iterable[Batch], zone: ZoneInfo
) -> None:
    """The batches of every day, and the counts of their quarters of an hour."""
    contacts: list[Contact] = []
    interactions: list[Interaction] = []
    intervals: dict[datetime, QueueInterval] = {}
    wanted = list(batches)
    for day in days:
        for batch in wanted:
            local = datetime.combine(day, datetime.min.time()) + timedelta(minutes=batch.minute)
            at = local.replace(tzinfo=zone).astimezone(UTC)
            made = [_contact(tenant, queue_id, at, batch) for _ in range(batch.number)]
            contacts += made
            interactions += [_interaction(one, batch) for one in made if batch.agent_id is not None]
            _count(intervals.setdefault(at, QueueInterval(tenant=tenant, queue_id=queue_id, starts_at=at)), batch)
    with tenant_scope(tenant.pk):
        Contact.objects.bulk_create(contacts, batch_size=1000)
        Interaction.objects.bulk_create(interactions, batch_size=1000)
        QueueInterval.objects.bulk_create(intervals.values(), batch_size=1000)


def seat(tenant: Tenant, site_id: UUID, agent_id: UUID, began_at: datetime, ended_at: datetime | None = None) -> None:
    """The agent at a seat of the site."""
    with tenant_scope(tenant.pk):
        SeatUse.objects.create(
            tenant=tenant, site_id=site_id, seat_id=uuid4(), agent_id=agent_id, began_at=began_at, ended_at=ended_at
        )


def _contact(tenant: Tenant, queue_id: UUID, at: datetime, batch: Batch) -> Contact:
    is_handled = batch.agent_id is not None
    return Contact(
        id=UUID(int=(to_ms(at) << 80) | (7 << 76) | (2 << 62) | (uuid4().int & ((1 << 62) - 1))),
        tenant=tenant,
        channel=batch.channel,
        arrived_at=at,
        asked_at=at,
        asked_queue_id=queue_id,
        queue_id=queue_id,
        ended_at=at,
        stage=Contact.Stage.ENDED,
        attributes={"brand": batch.brand} if batch.brand else {},
        interaction_count=int(is_handled),
        talk_ms=1000 * batch.handle_s * is_handled,
        outcome=Contact.Outcome.HANDLED if is_handled else Contact.Outcome.ABANDONED,
    )


def _interaction(contact: Contact, batch: Batch) -> Interaction:
    assert batch.agent_id is not None
    return Interaction(
        tenant_id=contact.tenant_id,
        contact=contact,
        agent_id=batch.agent_id,
        queue_id=contact.queue_id,
        offer_id=uuid4(),
        position=1,
        started_at=contact.asked_at,
        talk_ms=1000 * batch.handle_s,
    )


def _count(row: QueueInterval, batch: Batch) -> None:
    row.asked += batch.number
    if batch.agent_id is not None:
        row.answered += batch.number
        row.interactions += batch.number
        row.talk_ms += 1000 * batch.handle_s * batch.number
