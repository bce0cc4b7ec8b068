"""Shared pools for tests: one tenant lends, another has accepted, and a contact on its road through the pool."""

from typing import Any
from uuid import UUID

import msgspec

from hotline.domains.routing import actions
from hotline.foundation.models import Tenant
from hotline.messages import routing as events
from tests.factories.routing_log import Road
from tests.factories.setup import administrator_of, make_team


def make_pool(lender: Tenant, client: Tenant, code: str = "night", **allowances: bool) -> str:
    """The id of a pool of `lender` that `client` has accepted."""
    pool: dict[str, Any] = {"code": code, "name": {"zh": "夜班组", "en": "Night team"}, "queue_id": None}
    pool |= {"team_ids": [make_team(lender)], "client_tenant_ids": [client.pk], "is_active": True}
    pool_id = actions.shared_pools.create(administrator_of(lender), pool)
    accept_pool(client, pool_id, **allowances)
    return str(pool_id)


def accept_pool(client: Tenant, pool_id: UUID | str, **allowances: bool) -> UUID:
    """The id of the acceptance."""
    return actions.pool_uses.create(administrator_of(client), {"pool_id": UUID(str(pool_id)), **allowances})


def offered_by(road: Road, pool_id: str, after_ms: int = 100) -> events.ContactOffered:
    return msgspec.structs.replace(road.offered(after_ms), pool_id=pool_id)


def connected_by(road: Road, pool_id: str, wait_ms: int = 11_000) -> events.ContactConnected:
    return msgspec.structs.replace(road.connected(wait_ms), pool_id=pool_id)
