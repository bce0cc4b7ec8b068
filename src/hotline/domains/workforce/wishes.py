"""What agents say of themselves: wishes for days to come, and how content they are this month."""

from datetime import date
from uuid import UUID

from hotline.domains.workforce.models import MoodAnswer, Roster, ShiftKind, Wish
from hotline.domains.workforce.own_agent import OwnAgent, own_write
from hotline.domains.workforce.request_errors import MoodMonthError, TooManyWishesError, WishKindError, WishTooLateError
from hotline.domains.workforce.rules import months_after
from hotline.foundation import audit
from hotline.foundation.actors import Actor
from hotline.foundation.errors import NotFoundError

MOST_WISHES_A_MONTH = 6


def wish(actor: Actor, day: date, kind: str, shift_kind_id: UUID | None = None, weight: int = 1) -> UUID:
    """The id of the agent's wish for the day; an earlier one for it is replaced.

    Raises WishTooLateError once the day's roster is published, TooManyWishesError, WishKindError."""
    with own_write(actor) as me:
        _require_open(me, day)
        _require_kind(me, kind, shift_kind_id)
        found = Wish.objects.select_for_update(of=("self",)).filter(agent_id=me.agent_id, day=day).first()
        if found is None:
            _require_room(me, day)
            found = Wish(tenant_id=me.tenant_id, agent_id=me.agent_id, day=day)
        found.kind, found.shift_kind_id, found.weight, found.is_granted = kind, shift_kind_id, weight, None
        found.save()
        _audit(actor, found, "made")
        return found.pk


def forget_wish(actor: Actor, wish_id: UUID) -> None:
    """Remove the agent's own wish. Raises WishTooLateError once the day's roster is published."""
    with own_write(actor) as me:
        found = Wish.objects.select_for_update(of=("self",)).filter(pk=wish_id, agent_id=me.agent_id).first()
        if found is None:
            raise NotFoundError(object_type=Wish.object_type, object_id=str(wish_id))
        _require_open(me, found.day)
        _audit(actor, found, "removed")
        found.delete()


def answer_mood(actor: Actor, score: int) -> None:
    """Keep how content the agent is this month, 1 to 10. Raises MoodMonthError when they have answered.

    Neither score nor agent are in the audit's details: it says that an answer was given."""
    with own_write(actor) as me:
        month = me.today.replace(day=1)
        if MoodAnswer.objects.filter(agent_id=me.agent_id, month=month).exists():
            raise MoodMonthError
        found = MoodAnswer(tenant_id=me.tenant_id, agent_id=me.agent_id, month=month, score=score)
        found.save(force_insert=True)
        kind = found.object_type
        audit.record(actor, f"{kind}.given", kind, found.pk, found.tenant_id, {"month": month.isoformat()})


def _require_open(me: OwnAgent, day: date) -> None:
    is_published = Roster.objects.filter(
        tenant_id=me.tenant_id, state=Roster.State.PUBLISHED, first_day__lte=day, last_day__gte=day
    ).exists()
    if day <= me.today or is_published:
        raise WishTooLateError(day=day.isoformat())


def _require_kind(me: OwnAgent, kind: str, shift_kind_id: UUID | None) -> None:
    if (kind == Wish.Kind.SHIFT_KIND) != (shift_kind_id is not None):
        raise WishKindError
    if shift_kind_id is not None:
        kinds = ShiftKind.objects.filter(pk=shift_kind_id, tenant_id=me.tenant_id, is_active=True)
        if not kinds.exists():
            raise WishKindError


def _require_room(me: OwnAgent, day: date) -> None:
    first = day.replace(day=1)
    following = months_after(first, 1)
    if Wish.objects.filter(agent_id=me.agent_id, day__gte=first, day__lt=following).count() >= MOST_WISHES_A_MONTH:
        raise TooManyWishesError(most=str(MOST_WISHES_A_MONTH))


def _audit(actor: Actor, found: Wish, what: str) -> None:
    kind = found.object_type
    details = {"day": found.day.isoformat(), "kind": found.kind}
    audit.record(actor, f"{kind}.{what}", kind, found.pk, found.tenant_id, details)
