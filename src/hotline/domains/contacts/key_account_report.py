"""What key accounts asked for, how long they waited, and whether their own manager answered (SB-60)."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from functools import reduce
from operator import or_
from typing import Any
from uuid import UUID

import msgspec
from django.db import transaction
from django.db.models import Count, OuterRef, Q, Subquery, Sum
from django.utils import timezone

from hotline.domains.contacts import rules
from hotline.domains.contacts.models import Contact, Interaction
from hotline.domains.contacts.periods import days_of
from hotline.domains.contacts.reports import tenants_in_scope
from hotline.domains.customers import key_accounts
from hotline.domains.people import queries as people
from hotline.formulas.handle_time import average_s
from hotline.foundation import audit
from hotline.foundation.actors import Actor


class AgentShare(msgspec.Struct, frozen=True, kw_only=True):
    """How many of the account's contacts this agent answered first."""

    agent_id: UUID
    name: str
    answered: int


class AccountRow(msgspec.Struct, frozen=True, kw_only=True):
    """One key account. `own_share` is answered by the manager ÷ answered, 0-1; None when none was answered."""

    customer_id: UUID
    customer_number: str
    customer_name: str
    tier: str
    review_due_on: date
    manager_id: UUID
    manager_name: str
    asked: int
    answered: int
    abandoned: int
    answered_by_manager: int
    own_share: float | None
    average_wait_s: float | None
    answered_by: tuple[AgentShare, ...]


class AccountReport(msgspec.Struct, frozen=True, kw_only=True):
    first_day: date
    last_day: date
    rows: tuple[AccountRow, ...]


def report(actor: Actor, first_day: date | None, last_day: date | None) -> AccountReport:
    """A row for each account that is valid on the last day, by number. Contacts count on the local day of asking.

    Who looked is in the audit first. Three queries. Raises what `periods.days_of` raises."""
    now = timezone.now()
    within, ends_on = [], now.date()
    days = {
        tenant: days_of(first_day, last_day, rules.local_day(now, tenant.time_zone)) for tenant in tenants_in_scope()
    }
    with transaction.atomic():
        for tenant, asked in days.items():
            begins, ends = asked.bounds(tenant.time_zone)
            within.append(Q(tenant_id=tenant.pk, asked_at__gte=begins, asked_at__lt=ends))
            details = {"first_day": str(asked.first), "last_day": str(asked.last)}
            audit.record_read(actor, "report.key_accounts_read", "tenant", tenant.pk, tenant.pk, details)
            ends_on = asked.last
    accounts = key_accounts.accounts_on(ends_on)
    sums = _sums(reduce(or_, within, Q(pk__in=())), [account.customer_id for account in accounts])
    agent_ids = {row["agent_id"] for rows in sums.values() for row in rows if row["agent_id"]}
    names = people.agent_names(agent_ids | {account.manager_id for account in accounts})
    return AccountReport(
        first_day=min((asked.first for asked in days.values()), default=ends_on),
        last_day=ends_on,
        rows=tuple(_row(account, sums[account.customer_id], names) for account in accounts),
    )


def _sums(within: Q, customer_ids: Iterable[UUID]) -> dict[UUID, list[dict[str, Any]]]:
    """By customer, a line for each agent who answered first (None: nobody did)."""
    first = Interaction.objects.filter(contact_id=OuterRef("pk")).order_by("position").values("agent_id")[:1]
    rows: Iterable[Any] = (
        Contact.objects.filter(within, customer_id__in=list(customer_ids))
        .annotate(agent_id=Subquery(first))
        .values("customer_id", "agent_id")
        .annotate(asked=Count("pk"), abandoned=Count("pk", filter=Q(outcome="abandoned")), waited_ms=Sum("wait_ms"))
        .order_by()
    )
    found: dict[UUID, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        found[row["customer_id"]].append(row)
    return found


def _row(account: key_accounts.Account, sums: list[dict[str, Any]], names: dict[UUID, str]) -> AccountRow:
    served = [row for row in sums if row["agent_id"]]
    answered = sum(row["asked"] for row in served)
    own = sum(row["asked"] for row in served if row["agent_id"] == account.manager_id)
    shares = [
        AgentShare(agent_id=row["agent_id"], name=names.get(row["agent_id"], ""), answered=row["asked"])
        for row in served
    ]
    return AccountRow(
        customer_id=account.customer_id,
        customer_number=account.customer_number,
        customer_name=account.customer_name,
        tier=account.tier,
        review_due_on=account.review_due_on,
        manager_id=account.manager_id,
        manager_name=names.get(account.manager_id, ""),
        asked=sum(row["asked"] for row in sums),
        answered=answered,
        abandoned=sum(row["abandoned"] for row in sums),
        answered_by_manager=own,
        own_share=own / answered if answered else None,
        average_wait_s=average_s(sum(row["waited_ms"] or 0 for row in served), answered),
        answered_by=tuple(sorted(shares, key=lambda share: (-share.answered, share.name))),
    )
