"""Writes to rotations and to who works by them. Each is one transaction with its audit line.

Evidence and reasons never go into the audit: it says that they were given."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone

from hotline.domains.people import queries as people
from hotline.domains.setup_records import Writes
from hotline.domains.workforce import errors, rules
from hotline.domains.workforce.models import Lesson, Rotation, RotationMembership
from hotline.foundation import audit
from hotline.foundation.actors import Actor
from hotline.foundation.errors import NotFoundError, StaleVersionError
from hotline.foundation.ids import as_uuid
from hotline.foundation.models import Tenant
from hotline.foundation.tenancy import scope_of, tenant_scope

DECIDING = "planning.edit"
APPLYING = "desk.use"


def _check_rotation(rotation: Rotation) -> None:
    people.require_teams(rotation.tenant_id, rotation.team_ids, "team_ids")
    rotation.team_ids = sorted(map(str, rotation.team_ids))
    rotation.closed_hours = [list(span) for span in rotation.closed_hours]
    rules.check_rotation(rules_of(rotation))


rotations = Writes(Rotation, check=_check_rotation)


def rules_of(rotation: Rotation) -> rules.RotationRules:
    """The stored rotation as the rules read it."""
    return rules.RotationRules(
        code=rotation.code,
        valid_from=rotation.valid_from,
        valid_to=rotation.valid_to,
        team_ids=frozenset(map(str, rotation.team_ids)),
        most_members=rotation.most_members,
        longest_months=rotation.longest_months,
        needs_evidence=rotation.needs_evidence,
        rest_block_days=rotation.rest_block_days,
        hours_tolerance_percent=rotation.hours_tolerance_percent,
        asks_latest_end=rotation.asks_latest_end,
        asks_earliest_start=rotation.asks_earliest_start,
        allows_split=rotation.allows_split,
        closed_hours=tuple((first, last) for first, last in rotation.closed_hours),
        asks_timetable=rotation.asks_timetable,
        travel_minutes=rotation.travel_minutes,
    )


def apply(actor: Actor, rotation_id: UUID, application: rules.Application) -> UUID:
    """The id of the actor's own application, which a planner decides on.

    Raises NoAgentError, NotFoundError for a rotation of another tenant, and what `rules.check_application` raises."""
    applying = actor.narrowed(APPLYING)
    agent = people.own_profile(applying.person_id)
    if agent is None:
        raise errors.NoAgentError
    with scope_of(applying), transaction.atomic():
        # The lock keeps two applications sent at once from both being the first.
        rotation = Rotation.objects.select_for_update().filter(pk=rotation_id, tenant_id=agent.tenant_id).first()
        if rotation is None:
            raise NotFoundError(object_type="rotation", object_id=str(rotation_id))
        held = _terms(rotation, ("applied", "approved"), agent_id=agent.agent_id)
        applicant = rules.Applicant(team_id=agent.team_id, held=tuple(held))
        rules.check_application(rules_of(rotation), application, applicant)
        membership = _new_membership(rotation, agent.agent_id, application)
        _audit(actor, membership, "applied", {"rotation": rotation.code, **_term(membership)})
    return membership.pk


def decide(actor: Actor, membership_id: UUID, version: int, decision: rules.Decision, text: str = "") -> None:
    """Approve or refuse an application, or end a term early: it then ends today.

    Raises DecisionTextNeededError, OwnDecisionError, RotationFullError, StaleVersionError, DecisionNotAllowedError."""
    planner = actor.narrowed(DECIDING)
    if decision in ("refuse", "end") and not text.strip():
        raise errors.DecisionTextNeededError
    with scope_of(planner), transaction.atomic():
        membership = _locked(membership_id, version)
        if people.agent_users([membership.agent_id])[membership.agent_id].user_id == planner.user_id:
            raise errors.OwnDecisionError
        if decision == "approve":
            _require_room(membership)
        _move(actor, membership, decision, text)


def withdraw(actor: Actor, membership_id: UUID, version: int) -> None:
    """Take back the actor's own application that nobody has decided on."""
    applying = actor.narrowed(APPLYING)
    agent = people.own_profile(applying.person_id)
    with scope_of(applying), transaction.atomic():
        membership = _locked(membership_id, version)
        if agent is None or membership.agent_id != as_uuid(agent.agent_id):
            raise NotFoundError(object_type="rotation_membership", object_id=str(membership_id))
        _move(actor, membership, "withdraw", "")


def end_what_is_over(now: datetime, limit: int) -> int:
    """End the terms whose last day is over where the tenant is, at most `limit`; answers how many."""
    ended = 0
    for tenant_id, zone in Tenant.objects.filter(is_active=True).values_list("pk", "time_zone"):
        today = now.astimezone(ZoneInfo(zone)).date()
        ended += _end_before(tenant_id, today, limit - ended)
        if ended >= limit:
            break
    return ended


def _end_before(tenant_id: UUID, today: date, limit: int) -> int:
    clock = Actor.system("rotations", [tenant_id])
    with tenant_scope(tenant_id), transaction.atomic():
        over = RotationMembership.objects.select_for_update().filter(state="approved", valid_to__lt=today)
        found = list(over.order_by("valid_to", "pk")[: max(0, limit)])
        for membership in found:
            membership.state = rules.state_after("approved", "end")
            membership.version += 1
            membership.save(update_fields=["state", "version", "updated_at"])
            _audit(clock, membership, "ended", _term(membership))
    return len(found)


def _move(actor: Actor, membership: RotationMembership, decision: rules.Decision, text: str) -> None:
    before: Any = membership.state
    membership.state = rules.state_after(before, decision)
    if membership.state == before:
        return
    now = timezone.now()
    if decision == "end":
        zone = Tenant.objects.values_list("time_zone", flat=True).get(pk=membership.tenant_id)
        today = now.astimezone(ZoneInfo(zone)).date()
        # Of a term that has not begun no day is left: its last one is then before its first.
        membership.valid_to = min(membership.valid_to, today)
    membership.decided_at, membership.decided_by_id = now, actor.user_id
    membership.decision_text = text.strip()
    membership.version += 1
    membership.save()
    _audit(actor, membership, membership.state, {"before": before, "has_text": bool(text.strip()), **_term(membership)})


def _locked(membership_id: UUID, version: int) -> RotationMembership:
    rows = RotationMembership.objects.select_for_update(of=("self",)).select_related("rotation")
    found = rows.filter(pk=membership_id).first()
    if found is None:
        raise NotFoundError(object_type="rotation_membership", object_id=str(membership_id))
    if found.version != version:
        raise StaleVersionError(version=found.version)
    return found


def _require_room(membership: RotationMembership) -> None:
    # Two approvals at once wait for each other here, so that the last place is given once.
    rotation = Rotation.objects.select_for_update().get(pk=membership.rotation_id)
    terms = _terms(rotation, ("approved",), but=membership.pk)
    rules.require_room(rules_of(rotation), membership.valid_from, membership.valid_to, terms)


def _terms(
    rotation: Rotation, states: Iterable[str], *, agent_id: str | None = None, but: UUID | None = None
) -> list[tuple[date, date]]:
    rows = RotationMembership.objects.filter(rotation=rotation, state__in=list(states))
    if but is not None:
        rows = rows.exclude(pk=but)
    if agent_id is not None:
        rows = rows.filter(agent_id=agent_id)
    return list(rows.values_list("valid_from", "valid_to"))


def _new_membership(rotation: Rotation, agent_id: str, application: rules.Application) -> RotationMembership:
    membership = RotationMembership(
        tenant_id=rotation.tenant_id,
        rotation=rotation,
        agent_id=as_uuid(agent_id),
        valid_from=application.valid_from,
        valid_to=application.valid_to,
        latest_end=application.latest_end,
        earliest_start=application.earliest_start,
        evidence=application.evidence.strip(),
    )
    membership.save(force_insert=True)
    Lesson.objects.bulk_create(
        Lesson(
            tenant_id=rotation.tenant_id,
            membership=membership,
            weekday=lesson.weekday,
            starts=lesson.starts,
            ends=lesson.ends,
            valid_from=lesson.valid_from,
            valid_to=lesson.valid_to,
        )
        for lesson in application.lessons
    )
    return membership


def _term(membership: RotationMembership) -> dict[str, str]:
    return {"valid_from": membership.valid_from.isoformat(), "valid_to": membership.valid_to.isoformat()}


def _audit(actor: Actor, membership: RotationMembership, what: str, details: dict[str, Any]) -> None:
    kind = membership.object_type
    audit.record(actor, f"{kind}.{what}", kind, membership.pk, membership.tenant_id, details)
