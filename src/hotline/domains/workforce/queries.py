"""What others may know of rotations: frozen structs, never models."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from hotline.domains.catalogue import queries as catalogue
from hotline.domains.people import queries as people
from hotline.domains.setup_routes import Reads
from hotline.domains.workforce import rules, schemas
from hotline.domains.workforce.models import Lesson, Rotation, RotationMembership
from hotline.foundation import audit
from hotline.foundation.actors import Actor
from hotline.foundation.errors import NotFoundError
from hotline.foundation.http import cursor_page
from hotline.foundation.tenancy import scope_of

rotation_records = Reads(Rotation, schemas.RotationOut.from_orm)


def open_rotations(actor: Actor) -> list[schemas.OpenRotationOut]:
    """The rotations that the actor's own agent may apply to now, by code; none for those who are no agent."""
    agent = people.own_profile(actor.person_id)
    if agent is None:
        return []
    with scope_of(actor):
        today = catalogue.local_day(UUID(agent.tenant_id), timezone.now())
        rows = Rotation.objects.filter(tenant_id=agent.tenant_id).order_by("code")
        current = rows.filter(Q(valid_to=None) | Q(valid_to__gte=today))
        return [
            schemas.OpenRotationOut.from_orm(row)
            for row in current
            if not row.team_ids or agent.team_id in row.team_ids
        ]


def own_memberships(actor: Actor) -> list[schemas.MembershipOut]:
    """The actor's own applications and terms, the latest first."""
    agent = people.own_profile(actor.person_id)
    if agent is None:
        return []
    with scope_of(actor):
        rows = RotationMembership.objects.filter(agent_id=agent.agent_id)
        return _shown(rows.select_related("rotation").order_by("-created_at", "-pk")[:200])


def memberships(
    actor: Actor, filters: schemas.MembershipFilter, cursor: str | None, limit: int
) -> tuple[list[schemas.MembershipOut], str | None]:
    """One page of applications and terms, the latest first, and the next page's cursor."""
    with scope_of(actor):
        equal = filters.dict(exclude={"on"}, exclude_none=True)
        rows = RotationMembership.objects.filter(**equal).select_related("rotation")
        if filters.on is not None:
            rows = rows.filter(valid_from__lte=filters.on, valid_to__gte=filters.on)
        found, following = cursor_page(rows, order=("-created_at", "-id"), cursor=cursor, limit=limit)
        return _shown(found), following


def membership(membership_id: UUID) -> schemas.MembershipOut:
    """One application or term; needs a scope. Raises NotFoundError."""
    return _shown([_one(membership_id)])[0]


def own_reasons(actor: Actor, membership_id: UUID) -> schemas.ReasonsOut:
    """What the actor gave as evidence and was answered. Raises NotFoundError for somebody else's."""
    agent = people.own_profile(actor.person_id)
    with scope_of(actor):
        found = _one(membership_id)
        if agent is None or str(found.agent_id) != agent.agent_id:
            raise NotFoundError(object_type="rotation_membership", object_id=str(membership_id))
        return schemas.ReasonsOut.from_orm(found)


def reasons(actor: Actor, membership_id: UUID) -> schemas.ReasonsOut:
    """What an applicant gave as evidence; written into the audit first, because it tells of somebody's life."""
    with scope_of(actor):
        found = _one(membership_id)
        kind = found.object_type
        audit.record_read(actor, f"{kind}.evidence_read", kind, found.pk, found.tenant_id)
        return schemas.ReasonsOut.from_orm(found)


def promises(
    first: date, last: date, agent_ids: Collection[UUID | str] | None = None
) -> dict[str, list[rules.Promise]]:
    """What the approved members of rotations, or these of them, were promised within these days, by agent id; needs a
    scope.

    Two queries, however many members there are. Terms that were ended early count up to their last day."""
    rows = RotationMembership.objects.filter(
        state__in=("approved", "ended"), valid_from__lte=last, valid_to__gte=first
    ).select_related("rotation")
    if agent_ids is not None:
        rows = rows.filter(agent_id__in=agent_ids)
    found = list(rows.order_by("agent_id", "valid_from", "pk"))
    lessons = _lessons(row.pk for row in found)
    promised: dict[str, list[rules.Promise]] = defaultdict(list)
    for row in found:
        promised[str(row.agent_id)].append(_promise(row, lessons[row.pk]))
    return dict(promised)


def _promise(row: RotationMembership, lessons: Iterable[Lesson]) -> rules.Promise:
    rotation = row.rotation
    return rules.Promise(
        rotation=rotation.code,
        name=dict(rotation.name),
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        rest_block_days=rotation.rest_block_days,
        hours_tolerance_percent=rotation.hours_tolerance_percent,
        latest_end=row.latest_end,
        earliest_start=row.earliest_start,
        allows_split=rotation.allows_split,
        closed_hours=tuple((begin, end) for begin, end in rotation.closed_hours),
        travel_minutes=rotation.travel_minutes,
        lessons=tuple(
            rules.LessonTime(
                weekday=lesson.weekday,
                starts=lesson.starts,
                ends=lesson.ends,
                valid_from=lesson.valid_from,
                valid_to=lesson.valid_to,
            )
            for lesson in lessons
        ),
    )


def _one(membership_id: UUID) -> RotationMembership:
    found = RotationMembership.objects.select_related("rotation").filter(pk=membership_id).first()
    if found is None:
        raise NotFoundError(object_type="rotation_membership", object_id=str(membership_id))
    return found


def _lessons(membership_ids: Iterable[UUID]) -> dict[UUID, list[Lesson]]:
    found: dict[UUID, list[Lesson]] = defaultdict(list)
    rows = Lesson.objects.filter(membership_id__in=list(membership_ids))
    for lesson in rows.order_by("weekday", "starts", "pk"):
        found[lesson.membership_id].append(lesson)
    return found


def _shown(rows: Iterable[RotationMembership]) -> list[schemas.MembershipOut]:
    found = list(rows)
    names = people.agent_names({row.agent_id for row in found})
    lessons = _lessons(row.pk for row in found)
    return [_out(row, names[row.agent_id], lessons[row.pk]) for row in found]


def _out(row: RotationMembership, name: str, lessons: list[Lesson]) -> schemas.MembershipOut:
    state: Any = row.state
    return schemas.MembershipOut(
        id=row.pk,
        tenant_id=row.tenant_id,
        version=row.version,
        rotation_id=row.rotation_id,
        rotation_name=row.rotation.name,
        agent_id=row.agent_id,
        agent_name=name,
        state=state,
        applied_at=row.created_at,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        latest_end=row.latest_end,
        earliest_start=row.earliest_start,
        lessons=[schemas.LessonIn.from_orm(lesson) for lesson in lessons],
        has_evidence=bool(row.evidence),
        decided_at=row.decided_at,
    )
