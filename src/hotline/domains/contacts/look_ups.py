"""What a flow may know of a calling number: the customer, what steers whom they come to, and who serves them first."""

from datetime import timedelta
from typing import Final
from uuid import UUID

import msgspec
from django.utils import timezone

from hotline.domains.contacts import rules
from hotline.domains.contacts.models import Contact
from hotline.domains.customers import queries as customers
from hotline.domains.customers.numbers import number_index, read_number
from hotline.foundation.models import Tenant
from hotline.foundation.tenancy import tenant_scope


class CallerLookUp(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Plain values, because flows compare and keep them by name. A hint, never a proof of who calls.

    `wanted_agent_id`: the manager of the key account, else the agent who served the customer last, within the
    days that the tenant says. `pending_callback`: the contact of a call-back that was promised to the number and has
    not been made."""

    customer_id: str | None
    language: str | None
    segment: str
    brand: str = ""
    product_line: str = ""
    region: str = ""
    value_grade: str = ""
    vip: str = ""
    rural: str = ""
    key_account: str = ""
    wanted_agent_id: str = ""
    wanted_cause: str = ""
    pending_callback: str = ""


_PROMISED_WITHIN: Final = timedelta(days=7)


def look_up(tenant_id: UUID, caller_address: str) -> CallerLookUp:
    """What is known of a calling number: one query for the tenant, up to three for the customer, one for a promise."""
    now = timezone.now()
    tenant = Tenant.objects.filter(pk=tenant_id).only("time_zone", "last_agent_days").first()
    if tenant is None:
        return _told(customers.NOBODY, "", "", "")
    promised = _promised(tenant_id, caller_address)
    found = customers.look_up(tenant_id, caller_address, rules.local_day(now, tenant.time_zone))
    if found.manager_id is not None:
        return _told(found, found.manager_id, "key_account", promised)
    last = _last_agent(tenant, UUID(found.customer_id)) if found.customer_id and tenant.last_agent_days else ""
    return _told(found, last, "last_agent" if last else "", promised)


def _told(found: customers.LookUp, agent_id: str, cause: str, promised: str) -> CallerLookUp:
    return CallerLookUp(
        customer_id=found.customer_id,
        language=found.language,
        segment=found.segment,
        wanted_agent_id=agent_id,
        wanted_cause=cause,
        pending_callback=promised,
        **found.attributes,
    )


def _last_agent(tenant: Tenant, customer_id: UUID) -> str:
    """Who talked with the customer last; empty when that is too long ago."""
    since = timezone.now() - timedelta(days=tenant.last_agent_days)
    with tenant_scope(tenant.pk):
        served = Contact.objects.filter(customer_id=customer_id, last_agent_id__isnull=False, arrived_at__gte=since)
        found = served.order_by("-id").values_list("last_agent_id", flat=True).first()
    return str(found) if found else ""


def _promised(tenant_id: UUID, caller_address: str) -> str:
    """The newest contact of this number that waits to be called back; empty where there is none."""
    index = number_index(read_number(caller_address))
    if not index:
        return ""
    with tenant_scope(tenant_id):
        waiting = Contact.objects.filter(
            tenant_id=tenant_id,
            caller_index=index,
            id__gte=rules.lowest_id(timezone.now() - _PROMISED_WITHIN),
            stage__in=[Contact.Stage.WAITING, Contact.Stage.OFFERED],
            timeline__kind="callback_promised",
        )
        found = waiting.order_by("-id").values_list("id", flat=True).first()
    return str(found) if found else ""
