"""Changes that nobody has saved, for what-ifs: each is made as its own form would make it."""

from collections.abc import Callable, Mapping
from typing import Any, Final, Literal
from uuid import UUID

import msgspec

from hotline.domains.catalogue import actions as catalogue
from hotline.domains.enterprise.announcements import announce
from hotline.domains.people import actions as people
from hotline.domains.people.changing_together import JointChange, change_together
from hotline.domains.routing import actions, queries
from hotline.foundation.actors import Actor

# Records with a form of their own, several agents at once, the whole staff pool, and a pool of another tenant taken
# into use by a queue.
RecordType = Literal[
    "queue", "ladder", "priority_rule", "funnel_level", "business_module", "skill", "agent", "shared_pool"
]
DraftType = Literal[RecordType, "agents", "routing_pool", "pool_use"]
Values = Mapping[str, Any]


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """A change that nobody has saved: the values as its form would send them; a new record has no id and version."""

    object_type: DraftType
    record_id: str | None
    version: int | None
    values: dict[str, Any]


def save(admin: Actor, tenant: UUID, draft: Draft) -> set[str]:
    """Make the change; answers the ids of the agents whom it touches. Raises what its form raises, such as
    StaleVersionError."""
    return _SAVES.get(draft.object_type, _save_record)(admin, tenant, draft)


def touched(draft: Draft) -> set[str]:
    """The ids of the agents there are whom the change is about."""
    if draft.object_type == "agent" and draft.record_id is not None:
        return {draft.record_id}
    return {one["id"] for one in draft.values["agents"]} if draft.object_type == "agents" else set()


def _save_record(admin: Actor, tenant: UUID, draft: Draft) -> set[str]:
    writes: Any = _WRITES[draft.object_type]
    values = _READ.get(draft.object_type, _as_they_are)(draft.values)
    if draft.record_id is not None:
        writes.change(admin, draft.record_id, draft.version, values)
        return touched(draft)
    made = writes.create(admin, values, tenant)
    return {str(made)} if draft.object_type == "agent" else set()


def _save_agents(admin: Actor, _tenant: UUID, draft: Draft) -> set[str]:
    change_together(admin, msgspec.convert(draft.values, JointChange))
    return touched(draft)


def _save_pool(admin: Actor, _tenant: UUID, draft: Draft) -> set[str]:
    assert draft.version is not None  # its form always sends one
    actions.change_pool(admin, draft.version, draft.values)
    return set()


def _save_pool_use(admin: Actor, tenant: UUID, draft: Draft) -> set[str]:
    """Accept the pool where it is not accepted, and let the queue overflow to it."""
    wanted = draft.values
    pool_id, queue_id = UUID(wanted["pool_id"]), UUID(wanted["queue_id"])
    with actions.routing_write(admin) as writer:
        use_id = queries.pool_use_of(tenant, pool_id) or actions.pool_uses.create(writer, {"pool_id": pool_id}, tenant)
        others = [one for one in queries.overflows_of(queue_id) if one["pool_use_id"] != str(use_id)]
        own = {"after_s": wanted["after_s"], "pool_use_id": str(use_id)}
        overflows = sorted([*others, own], key=lambda one: one["after_s"])
        values = actions.with_parts({"overflows": overflows})
        actions.queues.set_within(writer, queue_id, values, wanted["queue_version"])
        announce(tenant, *actions.queues.topics)
    return set()


def _as_they_are(values: Values) -> Values:
    return values


_SAVES: Final[Mapping[str, Callable[[Actor, UUID, Draft], set[str]]]] = {
    "agents": _save_agents,
    "routing_pool": _save_pool,
    "pool_use": _save_pool_use,
}
_WRITES: Final[Mapping[str, object]] = {
    "queue": actions.queues,
    "ladder": actions.ladders,
    "priority_rule": actions.priority_rules,
    "funnel_level": actions.funnel_levels,
    "business_module": catalogue.business_modules,
    "skill": people.skills,
    "agent": people.agents,
    "shared_pool": actions.shared_pools,
}
_READ: Final[Mapping[str, Callable[[Values], Values]]] = {
    "queue": actions.with_parts,
    "ladder": actions.with_parts,
    "agent": people.agent_values,
}
