"""Who writes, as far as their number tells, and what that steers: a hint, as for calls, and never a proof."""

from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils import timezone

from hotline.domains.conversations.models import Message
from hotline.domains.customers import queries as customers
from hotline.foundation.models import Tenant
from hotline.foundation.tenancy import tenant_scope
from hotline.messages.routing import WantedCause


@dataclass(frozen=True, slots=True)
class Known:
    """The customer, the attributes by which queues rank and choose, and the agent who is waited for."""

    customer_id: UUID | None = None
    attributes: dict[str, str] = field(default_factory=dict)
    wanted_agent_id: str | None = None
    wanted_cause: WantedCause = "last_agent"


def known_sender(tenant_id: UUID, time_zone: str, sender: str) -> Known:
    """What is known of a number: up to six queries, none without one.

    The manager of a key account is waited for, else the agent who wrote with the customer last, within the days that
    the tenant says (0: nobody)."""
    if not sender:
        return Known()
    today = timezone.now().astimezone(ZoneInfo(time_zone)).date()
    found = customers.look_up(tenant_id, sender, today)
    if found.customer_id is None:
        return Known(attributes=found.attributes)
    customer_id = UUID(found.customer_id)
    if found.manager_id is not None:
        return Known(customer_id, found.attributes, found.manager_id, "key_account")
    return Known(customer_id, found.attributes, _last_agent(tenant_id, customer_id))


def _last_agent(tenant_id: UUID, customer_id: UUID) -> str | None:
    days = Tenant.objects.values_list("last_agent_days", flat=True).get(pk=tenant_id)
    if not days:
        return None
    since = timezone.now() - timedelta(days=days)
    with tenant_scope(tenant_id):
        written = Message.objects.filter(
            conversation__tenant_id=tenant_id,
            conversation__customer_id=customer_id,
            agent_id__isnull=False,
            at__gte=since,
        )
        found = written.order_by("-conversation_id", "-seq").values_list("agent_id", flat=True).first()
    return str(found) if found else None
