"""Key accounts for tests."""

from datetime import date
from typing import Any
from uuid import UUID

from hotline.domains.customers.models import KeyAccount
from hotline.domains.people.models import Agent
from hotline.foundation.models import Tenant
from hotline.foundation.tenancy import tenant_scope


def make_key_account(tenant: Tenant, customer_id: UUID, manager: Agent, **values: Any) -> KeyAccount:
    """A saved key account, valid since long ago unless said otherwise."""
    row = {"valid_from": date(2020, 1, 1), "review_due_on": date(2026, 12, 1)} | values
    with tenant_scope(tenant.pk):
        return KeyAccount.objects.create(tenant=tenant, customer_id=customer_id, manager=manager, **row)
