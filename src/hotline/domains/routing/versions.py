"""Versions of the set-up: each one that the switch was given, what changed, and the way back."""

import zlib
from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

import msgspec
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from ninja import Schema

from hotline.domains.enterprise.announcements import NODE, ROUTING, announce, current_version
from hotline.domains.people.actions import restore_skills
from hotline.domains.people.queries import skill_settings
from hotline.domains.routing import actions, funnel, queries, schemas
from hotline.domains.routing.beside import names_for, parts_beside
from hotline.domains.routing.models import FunnelLevel, Ladder, PriorityRule, Queue, RoutingVersion
from hotline.domains.routing.version_rules import Change, Objects, changes_between, part_of, with_stays, without_names
from hotline.domains.setup_records import add, referenced, remove, revise
from hotline.foundation import audit
from hotline.foundation.actors import Actor
from hotline.foundation.errors import NotFoundError
from hotline.foundation.http import cursor_page
from hotline.foundation.models import Tenant
from hotline.foundation.tenancy import scope_of, tenant_scope
from hotline.messages.configuration import RoutingConfiguration

# Whose audit lines say who changed the set-up.
_WRITERS = (
    *("queue", "ladder", "priority_rule", "skill", "team", "agent", "routing_version", "user", "funnel_level"),
    *("business_module", "shared_pool", "pool_use", "away_reason", "site", "seat", "calendar"),
)
FORMAT = 2
# What versions told of that an earlier release kept; what they did not know of is not compared with.
_KINDS_AT_FIRST = frozenset({"queue", "ladder", "agent", "priority_rule"})

# What queues did before there was a setting for it, where a new one begins with something else.
_BEFORE: dict[str, Any] = {"return_after_s": 0}


class _Content(msgspec.Struct, frozen=True):
    """What is kept of a version: the tenant's part as the switch was told it, and the settings to go back to."""

    part: Objects
    settings: dict[str, list[dict[str, Any]]]
    format: int = 1


def keep_versions(configuration: RoutingConfiguration) -> int:
    """Keep, for each tenant whose part has changed, the set-up that the switch was just given; answers how many.

    One that was replaced while it was on its way is not kept: its successor comes at once."""
    kept = 0
    for tenant_id in Tenant.objects.filter(is_active=True).order_by("pk").values_list("pk", flat=True):
        with tenant_scope(tenant_id):
            kept += _keep(configuration, tenant_id)
    return kept


def versions_page(
    actor: Actor, tenant_id: UUID | None, cursor: str | None, limit: int
) -> tuple[list[schemas.RoutingVersionOut], str | None]:
    """The versions of the tenant, newest first, each with what had changed."""
    admin = actor.narrowed("admin.configure")
    with scope_of(admin):
        rows = RoutingVersion.objects.filter(tenant_id=admin.tenant_or_only(tenant_id)).defer("content")
        found, following = cursor_page(rows, order=("-number", "id"), cursor=cursor, limit=limit)
        return [schemas.RoutingVersionOut.from_orm(row) for row in found], following


def difference(actor: Actor, tenant_id: UUID | None, number: int) -> list[Change]:
    """What going back to that version would change, seen from the newest one, and what is other but would stay as it
    is. Raises NotFoundError."""
    admin = actor.narrowed("admin.configure")
    with scope_of(admin):
        tenant = admin.tenant_or_only(tenant_id)
        wanted = _content(_version(tenant, number))
        newest = _newest(tenant)
        now = _content(newest) if newest is not None else _Content({}, {}, FORMAT)
        names = names_for(wanted.part, now.part)
    return [with_stays(one) for one in changes_between(*_comparable(now, wanted), names)]


def go_back(actor: Actor, tenant_id: UUID | None, number: int) -> None:
    """Set queues, priorities, ladders, the funnel and what skills stand for as they were in that version; what is newer
    is switched off, not removed, but for levels of the funnel. `version_rules.STAYS` says what is left alone.

    Raises NotFoundError; SetupWorseError or UnknownReferenceError, and nothing is changed, when that cannot be any
    more: a skill, a team or an agent that it named is gone."""
    with actions.routing_write(actor) as admin:
        tenant = admin.tenant_or_only(tenant_id)
        settings = _content(_version(tenant, number)).settings
        # Nothing leads to a queue that is off at any step: what is off at the end is switched off when nothing does.
        restore_skills(admin, tenant, settings.get("skills", []))
        _go_back_queues(admin, tenant, settings["queues"])
        _go_back_ladders(admin, tenant, settings["ladders"])
        _go_back_priorities(admin, tenant, settings["priorities"])
        if "funnel_levels" in settings:
            _go_back_levels(admin, tenant, settings["funnel_levels"])
        _switch_off(admin, Queue.objects.filter(tenant_id=tenant), settings["queues"])
        audit.record(admin, "routing_version.restored", "routing_version", str(number), tenant, {"number": number})
        announce(tenant, ROUTING, NODE)


def _keep(configuration: RoutingConfiguration, tenant_id: UUID) -> int:
    part = part_of(configuration, str(tenant_id), parts_beside(tenant_id))
    content = _Content(part, _settings(tenant_id), FORMAT)
    before = _newest(tenant_id)
    former = _content(before) if before is not None else _Content({}, {}, FORMAT)
    is_same = (part, FORMAT) == (former.part, former.format)
    # What was read beside the configuration belongs to it only while nobody has announced another one.
    if is_same or current_version(ROUTING) != configuration.version:
        return 0
    changes = changes_between(*_comparable(former, content), names_for(former.part, part)) if before is not None else []
    with transaction.atomic():
        _, is_new = RoutingVersion.objects.get_or_create(
            tenant_id=tenant_id,
            number=configuration.version,
            defaults={
                "made_at": timezone.now(),
                "made_by": audit.writers_since(tenant_id, before.made_at if before else None, _WRITERS),
                "changes": msgspec.to_builtins(changes),
                "content": zlib.compress(msgspec.json.encode(content)),
            },
        )
    return int(is_new)


def _comparable(one: _Content, other: _Content) -> tuple[Objects, Objects]:
    """Both parts without what one of them, kept by an earlier release, could not tell of."""
    if one.format == other.format:
        return one.part, other.part
    return _as_at_first(one.part), _as_at_first(other.part)


def _as_at_first(part: Objects) -> Objects:
    kept = {kind: rows for kind, rows in part.items() if kind in _KINDS_AT_FIRST}
    ladders = {
        key: {**row, "tiers": [without_names(tier) for tier in row["tiers"]]}
        for key, row in kept.get("ladder", {}).items()
    }
    return {**kept, "ladder": ladders}


def _settings(tenant_id: UUID) -> dict[str, list[dict[str, Any]]]:
    def dumped(rows: Iterable[Any], shown: Callable[[Any], Schema]) -> list[dict[str, Any]]:
        return [shown(row).model_dump(mode="json") for row in rows]

    queues = Queue.objects.filter(tenant_id=tenant_id).prefetch_related(*queries.queue_records.related)
    ladders = Ladder.objects.filter(tenant_id=tenant_id).prefetch_related(*queries.ladder_records.related)
    return {
        "queues": dumped(queues, queries.queue_out),
        "ladders": dumped(ladders, queries.ladder_out),
        "priorities": dumped(PriorityRule.objects.filter(tenant_id=tenant_id), queries.priority_rule_records.shown),
        "funnel_levels": dumped(FunnelLevel.objects.filter(tenant_id=tenant_id), funnel.funnel_level_records.shown),
        "skills": [row.model_dump(mode="json") for row in skill_settings(tenant_id)],
    }


def _go_back_queues(admin: Actor, tenant: UUID, rows: list[dict[str, Any]]) -> None:
    present = set(Queue.objects.filter(tenant_id=tenant).values_list("pk", flat=True))
    for row in rows:
        if UUID(row["id"]) not in present:
            # First by itself: queues name each other.
            bare = {"code": row["code"], "name": row["name"]}
            actions.queues.add_within(admin, tenant, bare, record_id=UUID(row["id"]))
    for row in rows:
        values = schemas.QueueIn.model_validate(_BEFORE | _own(schemas.QueueIn, row)).dict()
        if not values["is_active"]:
            del values["is_active"]
        actions.queues.set_within(admin, UUID(row["id"]), actions.with_parts(values))


def _go_back_ladders(admin: Actor, tenant: UUID, rows: list[dict[str, Any]]) -> None:
    present = set(Ladder.objects.filter(tenant_id=tenant).values_list("pk", flat=True))
    for row in rows:
        values = actions.with_parts(schemas.LadderIn.model_validate(_own(schemas.LadderIn, row)).dict())
        if UUID(row["id"]) in present:
            actions.ladders.set_within(admin, UUID(row["id"]), values)
        else:
            actions.ladders.add_within(admin, tenant, values, record_id=UUID(row["id"]))
    _switch_off(admin, Ladder.objects.filter(tenant_id=tenant), rows)


def _go_back_priorities(admin: Actor, tenant: UUID, rows: list[dict[str, Any]]) -> None:
    stored = {(rule.kind, rule.value): rule for rule in PriorityRule.objects.filter(tenant_id=tenant)}
    for row in rows:
        values = schemas.PriorityRuleIn.model_validate(_own(schemas.PriorityRuleIn, row)).dict()
        rule = stored.pop((row["kind"], row["value"]), None)
        if rule is None:
            actions.priority_rules.create(admin, values, tenant)
        elif any(getattr(rule, name) != value for name, value in values.items()):
            revise(admin, rule, values)
    for rule in stored.values():
        if rule.is_active:
            revise(admin, rule, {"is_active": False})


def _go_back_levels(admin: Actor, tenant: UUID, rows: list[dict[str, Any]]) -> None:
    wanted = {row["number"]: row for row in rows}
    stored = {level.number: level for level in FunnelLevel.objects.select_for_update().filter(tenant_id=tenant)}
    for number, level in stored.items():
        if number not in wanted:
            remove(admin, level)
        elif level.queue_id is not None and str(level.queue_id) != wanted[number]["queue_id"]:
            revise(admin, level, {"queue": None})  # first: another level may get it, and a queue has one level
    for number, row in wanted.items():
        queue = referenced(Queue, row["queue_id"], tenant, "queue_id")
        if number not in stored:
            add(admin, FunnelLevel(tenant_id=tenant, number=number, name=row["name"], queue=queue))
        elif (stored[number].name, stored[number].queue_id) != (row["name"], queue and queue.pk):
            revise(admin, stored[number], {"name": row["name"], "queue": queue})


def _switch_off(admin: Actor, stored: QuerySet[Queue] | QuerySet[Ladder], rows: list[dict[str, Any]]) -> None:
    """Those that were off in that version, or not there."""
    on = [row["id"] for row in rows if row["is_active"]]
    for record in stored.select_for_update(no_key=True).filter(is_active=True).exclude(pk__in=on):
        revise(admin, record, {"is_active": False})


def _own(schema: Any, row: dict[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in schema.model_fields if name in row}


def _version(tenant: UUID, number: int) -> RoutingVersion:
    found = RoutingVersion.objects.filter(tenant_id=tenant, number=number).first()
    if found is None:
        raise NotFoundError(object_type="routing_version", object_id=str(number))
    return found


def _newest(tenant: UUID) -> RoutingVersion | None:
    return RoutingVersion.objects.filter(tenant_id=tenant).order_by("-number").first()


def _content(version: RoutingVersion) -> _Content:
    return msgspec.json.decode(zlib.decompress(bytes(version.content)), type=_Content)
