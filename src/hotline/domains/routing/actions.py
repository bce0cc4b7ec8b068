"""Writes to queues, priorities, ladders and the pool. Each is one transaction with its audit line and news for switch
and nodes; one that would make the set-up worse is refused as a whole."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar
from uuid import UUID

import msgspec
from django.db import transaction
from django.utils import timezone

from hotline.domains.enterprise.announcements import NODE, ROUTING, announce, announce_if_changed, hold
from hotline.domains.routing import errors, pools, queries
from hotline.domains.routing.findings import worse
from hotline.domains.routing.models import FunnelLevel, Ladder, PoolUse, PriorityRule, Queue, RoutingPool, SharedPool
from hotline.domains.routing.parts import (
    LADDER_PARTS,
    POOL_PARTS,
    QUEUE_PARTS,
    Overflow,
    Ring,
    SkillLevel,
    Tier,
    replace_ladder_parts,
    replace_pool_parts,
    replace_queue_parts,
)
from hotline.domains.routing.priority_rules import check_priority
from hotline.domains.setup_records import (
    PERMISSION,
    SetupRecord,
    Writes,
    add,
    difference,
    locked,
    remove,
    resolved,
    revise,
    setup_write,
)
from hotline.domains.setup_routes import RecordOut
from hotline.foundation import audit
from hotline.foundation.actors import Actor
from hotline.foundation.errors import StaleVersionError

__all__ = ["Overflow", "Ring", "SkillLevel", "Tier", "ladders", "priority_rules", "queues", "with_parts"]
Values = Mapping[str, Any]
Record = TypeVar("Record", bound=SetupRecord)


@contextmanager
def routing_write(actor: Actor) -> Iterator[Actor]:
    """Scope and transaction of one write to the routing set-up.

    Raises SetupWorseError, and nothing is written, when afterwards something is wrong that was right before."""
    actor.narrowed(PERMISSION)
    staff = queries.whole_staff()  # there may be thousands: no transaction waits for them, and none changes them
    with setup_write(actor) as admin:
        hold(ROUTING)
        before = queries.findings_of_change(admin, staff)
        yield admin
        found = worse(before, queries.findings_of_change(admin, staff))
        if found:
            told = [msgspec.to_builtins(finding) for finding in found]
            raise errors.SetupWorseError(count=len(found), first=found[0].sentence, findings=told)


@dataclass(frozen=True)
class PartedWrites(Generic[Record]):
    """Create, change and remove for records with parts: rows of their own that are replaced as a whole.

    Values are the columns, and by the names of `parts` lists of the structs that `replace` takes."""

    model: type[Record]
    parts: tuple[str, ...]
    replace: Callable[[Any, Values], None]
    shown: Callable[[Any], RecordOut]
    topics: tuple[str, ...]

    def create(self, actor: Actor, values: Values, tenant_id: UUID | None = None) -> UUID:
        """The id of the new record."""
        with routing_write(actor) as admin:
            tenant = admin.tenant_or_only(tenant_id)
            record = self.add_within(admin, tenant, values)
            announce(tenant, *self.topics)
            key: UUID = record.pk
            return key

    def change(self, actor: Actor, record_id: UUID | str, version: int, values: Values) -> None:
        """Set the given values. A queue switched off serves those who wait in it, and takes no others."""
        with routing_write(actor) as admin:
            record = self.set_within(admin, record_id, values, version)
            announce(record.tenant_id, *self.topics)

    def add_within(self, admin: Actor, tenant: UUID, values: Values, record_id: UUID | None = None) -> Record:
        """The new record, within a write that checks the whole; `record_id` brings one back that was removed."""
        known = {"pk": record_id} if record_id else {}
        record = self.model(tenant_id=tenant, **known, **resolved(self.model, self._columns(values), tenant))
        add(admin, record, **{name: msgspec.to_builtins(values[name]) for name in self.parts if name in values})
        self.replace(record, values)
        return record

    def set_within(self, admin: Actor, record_id: UUID | str, values: Values, version: int | None = None) -> Record:
        """The record with the values, within a write that checks the whole. Nothing is written when nothing differs
        and no version was given."""
        record = locked(self.model, record_id, version)
        shown = self.shown(record).model_dump(mode="json")
        before = {name: shown[name] for name in self.parts}
        self.replace(record, values)
        after = self._shown_parts(record_id)
        details: dict[str, Any] = {
            name: {"before": one, "after": two} for name, (one, two) in difference(before, after).items()
        }
        columns = resolved(self.model, self._columns(values), record.tenant_id)
        is_other = details or any(getattr(record, name) != value for name, value in columns.items())
        if is_other or version is not None:
            revise(admin, record, columns, **details)
        return record

    def remove(self, actor: Actor, record_id: UUID | str, version: int) -> None:
        """Delete it. Raises InUseError, which names what still uses it."""
        with routing_write(actor) as admin:
            record = locked(self.model, record_id, version)
            remove(admin, record)
            announce(record.tenant_id, *self.topics)

    def _columns(self, values: Values) -> dict[str, Any]:
        return {name: value for name, value in values.items() if name not in self.parts}

    def _shown_parts(self, record_id: UUID | str) -> dict[str, Any]:
        return self.shown(self.model.objects.get(pk=record_id)).model_dump(mode="json", include=set(self.parts))


# The parts of a body as the actions take them.
_PARTS: Final[dict[str, Any]] = {
    "skills": list[SkillLevel],
    "preferred": list[SkillLevel],
    "rings": list[Ring],
    "overflows": list[Overflow],
    "tiers": list[Tier],
}


def with_parts(values: Values) -> Values:
    """The values with their plain lists of parts as the actions take them."""
    plain = {name: msgspec.to_builtins(values[name]) for name in _PARTS if name in values}
    return {**values, **{name: msgspec.convert(value, _PARTS[name]) for name, value in plain.items()}}


queues = PartedWrites(Queue, QUEUE_PARTS, replace_queue_parts, queries.queue_out, (ROUTING, NODE))
ladders = PartedWrites(Ladder, LADDER_PARTS, replace_ladder_parts, queries.ladder_out, (ROUTING,))
shared_pools = PartedWrites(SharedPool, POOL_PARTS, replace_pool_parts, pools.shared_pool_out, (ROUTING,))


def _check_priority(rule: PriorityRule) -> None:
    check_priority(rule.kind, rule.value, rule.within_s)


def _announce_routing(tenant_id: UUID) -> None:
    announce(tenant_id, ROUTING)


priority_rules = Writes(PriorityRule, check=_check_priority, announce=_announce_routing)


def _announce_node(tenant_id: UUID) -> None:
    announce(tenant_id, NODE)  # flows may ask for a person by the business


funnel_levels = Writes(FunnelLevel, announce=_announce_node)


class PoolUses(Writes[PoolUse]):
    """A tenant accepts a pool that another one offers to it, or leaves it again."""

    def create(self, actor: Actor, values: Values, tenant_id: UUID | None = None) -> UUID:
        """The id of the acceptance. Raises PoolNotOfferedError when nobody offers that pool to the tenant."""
        tenant = actor.narrowed(PERMISSION).tenant_or_only(tenant_id)
        offered = pools.offered_pool(tenant, values["pool_id"])
        accepted = {"pool_id": offered.pool_id, "lender_id": offered.lender_id, "name": offered.name}
        return super().create(actor, {**values, **accepted}, tenant)


pool_uses = PoolUses(PoolUse, announce=_announce_routing)


def change_pool(actor: Actor, version: int, values: Values) -> None:
    """Set what holds for the whole pool. Raises ForbiddenError for all but installation administrators, and
    StaleVersionError."""
    actor.require("admin.tenants")
    with transaction.atomic():
        RoutingPool.objects.get_or_create(pk=1)
        pool = RoutingPool.objects.select_for_update().get(pk=1)
        if pool.version != version:
            raise StaleVersionError(version=pool.version)
        before = {name: getattr(pool, name) for name in values}
        for name, value in values.items():
            setattr(pool, name, value)
        pool.version += 1
        pool.save()
        details = {"difference": difference(before, values)}
        audit.record(actor, "routing_pool.changed", "routing_pool", "1", None, details)
        announce(None, ROUTING)


def announce_silent_changes() -> bool:
    """Announce a routing set-up that changed without a write here: a skill that ran out, a hold that ended, a user
    who was renamed or switched off. The worker calls it each minute. Answers whether there was one."""
    configuration = queries.compiled_configuration(timezone.now(), version=0)
    return announce_if_changed(ROUTING, msgspec.msgpack.encode(configuration))
