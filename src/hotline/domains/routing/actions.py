"""Writes to queues. Each is one transaction with its audit line and news for switch and nodes."""

from collections.abc import Iterable
from typing import Any, TypedDict
from uuid import UUID

import msgspec
from django.utils import timezone

from hotline.domains.enterprise.announcements import NODE, ROUTING, announce, announce_if_changed
from hotline.domains.routing import errors, queries
from hotline.domains.routing.models import Queue, QueueSkill
from hotline.domains.setup_records import add, locked, remove, resolved, revise, setup_write
from hotline.foundation.actors import Actor


class SkillLevel(msgspec.Struct, frozen=True, kw_only=True):
    """A skill that a queue asks for, with the least level, 1-9."""

    skill_id: str
    level: int


class QueueValues(TypedDict, total=False):
    """`skills` replaces what the queue asks for."""

    code: str
    name: dict[str, str]
    rank: int
    offer_timeout_s: int
    wrap_up_s: int
    is_wrap_up_automatic: bool
    service_level_s: int
    service_level_target: int
    alarm_after_s: int
    alarm_min_contacts: int
    is_active: bool
    skills: list[SkillLevel]


class QueueWrites:
    """Create, change and remove for queues, with the skills they ask for."""

    def create(self, actor: Actor, values: QueueValues, tenant_id: UUID | None = None) -> UUID:
        """The id of the new queue."""
        with setup_write(actor) as admin:
            queue = Queue(tenant_id=admin.tenant_or_only(tenant_id), **_columns(values))
            rows = _rows(queue, values.get("skills", []))
            add(admin, queue, skills=_audited(rows))
            QueueSkill.objects.bulk_create(rows)
            announce(queue.tenant_id, ROUTING, NODE)
            return queue.pk

    def change(self, actor: Actor, queue_id: UUID | str, version: int, values: QueueValues) -> None:
        """Set the given values. A queue switched off serves those who wait in it, and takes no others."""
        with setup_write(actor) as admin:
            queue = locked(Queue, queue_id, version)
            details: dict[str, Any] = {}
            if "skills" in values:
                details["skills"] = _replace(queue, values["skills"])
            revise(admin, queue, _columns(values), **details)
            announce(queue.tenant_id, ROUTING, NODE)

    def remove(self, actor: Actor, queue_id: UUID | str, version: int) -> None:
        with setup_write(actor) as admin:
            queue = locked(Queue, queue_id, version)
            remove(admin, queue)
            announce(queue.tenant_id, ROUTING, NODE)


queues = QueueWrites()


def announce_silent_changes() -> bool:
    """Announce a routing set-up that changed without a write here: a skill that ran out, a hold that ended, a user
    who was renamed or switched off. The worker calls it each minute. Answers whether there was one."""
    configuration = queries.compiled_configuration(timezone.now(), version=0)
    return announce_if_changed(ROUTING, msgspec.msgpack.encode(configuration))


def _columns(values: QueueValues) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name != "skills"}


def _rows(queue: Queue, skills: Iterable[SkillLevel]) -> list[QueueSkill]:
    """Unsaved rows of what the queue asks for."""
    rows: dict[str, QueueSkill] = {}
    for wanted in skills:
        if wanted.skill_id in rows:
            raise errors.QueueSkillTwiceError(skill=wanted.skill_id)
        columns = resolved(QueueSkill, {"skill_id": wanted.skill_id, "level": wanted.level}, queue.tenant_id)
        rows[wanted.skill_id] = QueueSkill(tenant_id=queue.tenant_id, queue=queue, **columns)
    return list(rows.values())


def _replace(queue: Queue, skills: Iterable[SkillLevel]) -> dict[str, Any]:
    """Replace what the queue asks for; answers the audit's before and after."""
    rows = _rows(queue, skills)
    before = _audited(QueueSkill.objects.filter(queue=queue))
    QueueSkill.objects.filter(queue=queue).delete()
    QueueSkill.objects.bulk_create(rows)
    return {"before": before, "after": _audited(rows)}


def _audited(rows: Iterable[QueueSkill]) -> list[dict[str, Any]]:
    return [{"skill_id": str(row.skill_id), "level": row.level} for row in rows]
