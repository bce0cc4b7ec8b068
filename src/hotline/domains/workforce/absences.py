"""Who is away: reported on the day, and taken back when it was a mistake."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from hotline.domains.people import queries as people
from hotline.domains.workforce import day_errors, day_schemas
from hotline.domains.workforce.models import Absence
from hotline.domains.workforce.team_day import KEEPING
from hotline.foundation import audit
from hotline.foundation.actors import Actor
from hotline.foundation.errors import NotFoundError, StaleVersionError
from hotline.foundation.tenancy import scope_of

_LONGEST: Final = timedelta(days=400)


def report(actor: Actor, asked: day_schemas.AbsenceIn) -> UUID:
    """The id of a new absence; the words about it go nowhere but into its sealed field.

    Raises TimesBackwardsError, AbsenceTooLongError, AlreadyAbsentError, NotFoundError for an agent of elsewhere."""
    keeper = actor.narrowed(KEEPING)
    _check(asked.begins_at, asked.ends_at)
    with scope_of(keeper), transaction.atomic():
        tenant_id = people.homes_of_agents([asked.agent_id]).get(asked.agent_id)
        if tenant_id is None:
            raise NotFoundError(object_type="agent", object_id=str(asked.agent_id))
        _refuse_second(asked)
        absence = Absence(
            tenant_id=tenant_id,
            agent_id=asked.agent_id,
            kind=asked.kind,
            starts_at=asked.begins_at,
            ends_at=asked.ends_at,
            words=asked.words.strip(),
            reported_by=keeper.name,
        )
        absence.save(force_insert=True)
        _audit(keeper, absence, "reported")
    return absence.pk


def cancel(actor: Actor, absence_id: UUID, version: int) -> None:
    """Take an absence back: it counts nowhere from now on. Raises NotFoundError, StaleVersionError."""
    keeper = actor.narrowed(KEEPING)
    with scope_of(keeper), transaction.atomic():
        absence = Absence.objects.select_for_update().filter(pk=absence_id).first()
        if absence is None:
            raise NotFoundError(object_type="absence", object_id=str(absence_id))
        if absence.version != version:
            raise StaleVersionError(version=absence.version)
        if absence.cancelled_at is not None:
            return
        absence.cancelled_at = timezone.now()
        absence.version += 1
        absence.save(update_fields=["cancelled_at", "version", "updated_at"])
        _audit(keeper, absence, "cancelled")


def _check(begins_at: datetime, ends_at: datetime) -> None:
    if ends_at <= begins_at:
        raise day_errors.TimesBackwardsError
    if ends_at - begins_at > _LONGEST:
        raise day_errors.AbsenceTooLongError(days=_LONGEST.days)


def _refuse_second(asked: day_schemas.AbsenceIn) -> None:
    rows = Absence.objects.filter(agent_id=asked.agent_id, cancelled_at=None)
    if rows.filter(starts_at__lt=asked.ends_at, ends_at__gt=asked.begins_at).exists():
        raise day_errors.AlreadyAbsentError(name=people.agent_names([asked.agent_id])[asked.agent_id])


def _audit(actor: Actor, absence: Absence, what: str) -> None:
    details = {
        "agent_id": str(absence.agent_id),
        "kind": absence.kind,
        "starts_at": absence.starts_at.isoformat(),
        "ends_at": absence.ends_at.isoformat(),
    }
    audit.record(actor, f"absence.{what}", absence.object_type, absence.pk, absence.tenant_id, details)
