"""Shared pools as their owner and their clients see them. A client learns the names of pool and owner, nothing else."""

from collections.abc import Collection
from uuid import UUID

import msgspec

from hotline.domains.routing import errors, schemas
from hotline.domains.routing.models import PoolOffer, PoolUse, SharedPool
from hotline.domains.setup_records import PERMISSION
from hotline.domains.setup_routes import Reads
from hotline.foundation.actors import Actor
from hotline.foundation.tenancy import register_escape, scope_of, without_scope

OFFERED_POOLS = register_escape(
    "routing.offered_pools",
    "A tenant sees which pools others offer to it: the names of pool and owner, before it accepts or names one.",
)


class OfferedPool(msgspec.Struct, frozen=True, kw_only=True):
    """A pool that `lender_id` offers to the tenant; `pool_use_id` when the tenant has accepted it."""

    tenant_id: UUID
    pool_id: UUID
    name: dict[str, str]
    lender_id: UUID
    lender_name: dict[str, str]
    pool_use_id: UUID | None = None


class Allowance(msgspec.Struct, frozen=True, kw_only=True):
    """What a pool's agents may do for the tenant that has accepted it, besides talking to its customers."""

    lender_id: UUID
    allows_notes: bool
    allows_tickets: bool
    shows_tickets: bool


def allowance_of(pool_id: UUID) -> Allowance | None:
    """What the scope's tenant allows the agents of that pool; None once it has given the pool up."""
    row = PoolUse.objects.filter(pool_id=pool_id).first()
    if row is None:
        return None
    return Allowance(
        lender_id=row.lender_id,
        allows_notes=row.allows_notes,
        allows_tickets=row.allows_tickets,
        shows_tickets=row.shows_tickets,
    )


def offered_pools(actor: Actor) -> list[OfferedPool]:
    """Everything that is offered to the tenants that the actor configures, accepted or not."""
    admin = actor.narrowed(PERMISSION)
    with scope_of(admin):
        uses = {(use.tenant_id, use.pool_id): use.pk for use in PoolUse.objects.all()}
    return [
        msgspec.structs.replace(one, pool_use_id=uses.get((one.tenant_id, one.pool_id)))
        for one in _offers(admin.tenant_ids)
    ]


def offered_pool(tenant_id: UUID, pool_id: UUID) -> OfferedPool:
    """That pool as it is offered to the tenant now. Raises PoolNotOfferedError."""
    found = next((one for one in _offers([tenant_id]) if one.pool_id == pool_id), None)
    if found is None:
        raise errors.PoolNotOfferedError
    return found


def _offers(tenant_ids: Collection[UUID]) -> list[OfferedPool]:
    with without_scope(OFFERED_POOLS):
        rows = PoolOffer.objects.filter(client_id__in=tenant_ids, pool__is_active=True)
        return [
            OfferedPool(
                tenant_id=row.client_id,
                pool_id=row.pool_id,
                name=dict(row.pool.name),
                lender_id=row.tenant_id,
                lender_name=dict(row.tenant.name),
            )
            for row in rows.select_related("pool", "tenant").order_by("pool__code", "pk")
        ]


def shared_pool_out(pool: SharedPool) -> schemas.SharedPoolOut:
    """The pool with its teams and those to whom it is offered."""
    own = {name: getattr(pool, name) for name in schemas.SharedPoolOut.model_fields if hasattr(pool, name)}
    return schemas.SharedPoolOut(
        **own,
        team_ids=sorted(row.team_id for row in pool.teams.all()),
        client_tenant_ids=sorted(row.client_id for row in pool.offers.all()),
    )


shared_pool_records = Reads(SharedPool, shared_pool_out, related=("teams", "offers"))
pool_use_records = Reads(PoolUse, schemas.PoolUseOut.from_orm, search=("name__zh", "name__en"), order=("id",))
