"""The secret address under which an agent's own calendar reads their shifts.

Whoever knows it reads them without a log-in: it holds 256 bits of chance, only its hash is kept, and the agent renews
or revokes it at any time."""

import hashlib
import secrets
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from django.utils import timezone

from hotline.domains.staff_messages import choices
from hotline.domains.workforce import planned_people
from hotline.domains.workforce import request_schemas as shown
from hotline.domains.workforce.calendar_text import CalendarDay, calendar_text
from hotline.domains.workforce.models import CalendarFeed, RosterShift, ShiftRequest
from hotline.domains.workforce.own_agent import own_reading, own_write
from hotline.domains.workforce.own_roster import DAYS_AHEAD, published_shifts
from hotline.foundation import audit
from hotline.foundation.actors import Actor
from hotline.foundation.errors import NotFoundError
from hotline.foundation.models import User
from hotline.foundation.tenancy import register_escape, tenant_scope, without_scope
from hotline.foundation.text import in_language

BY_TOKEN = register_escape(
    "workforce.calendar_by_token",
    "A calendar program sends nothing but its secret address: whose it is says to which tenant it belongs.",
)
_DAYS_BACK: Final = 30
_NAMES: Final = {"zh": "我的班表", "en": "My roster"}


def feed(actor: Actor) -> shown.FeedOut:
    """Whether the agent has an address, and since when."""
    with own_reading(actor) as me:
        found = CalendarFeed.objects.filter(agent_id=me.agent_id).first()
        return shown.FeedOut(is_on=found is not None, since=found.updated_at if found else None)


def renew(actor: Actor, *, in_messages: bool = False) -> shown.NewFeedOut:
    """A new address, told this once; an earlier one no longer works. `in_messages` puts it into the agent's mails, too,
    for which it is kept sealed."""
    token = secrets.token_urlsafe(32)
    path = f"/api/v1/calendar/{token}.ics"
    with own_write(actor) as me:
        found = CalendarFeed.objects.select_for_update(of=("self",)).filter(agent_id=me.agent_id).first()
        what = "renewed" if found else "made"
        found = found or CalendarFeed(tenant_id=me.tenant_id, agent_id=me.agent_id)
        found.token_hash = _hash(token)
        found.save()
        choices.keep_calendar(me.tenant_id, me.agent_id, path if in_messages else "")
        details = {"in_messages": in_messages}
        audit.record(actor, f"{found.object_type}.{what}", found.object_type, found.pk, found.tenant_id, details)
    return shown.NewFeedOut(path=path)


def revoke(actor: Actor) -> None:
    """The address no longer works. Nothing happens when there is none."""
    with own_write(actor) as me:
        found = CalendarFeed.objects.select_for_update(of=("self",)).filter(agent_id=me.agent_id).first()
        if found is not None:
            choices.keep_calendar(me.tenant_id, me.agent_id, "")
            audit.record(actor, f"{found.object_type}.revoked", found.object_type, found.pk, found.tenant_id)
            found.delete()


def calendar(token: str) -> bytes:
    """The shifts behind an address, from 30 days ago to 60 ahead. Raises NotFoundError for an unknown one.

    Of somebody who may no longer log in it is unknown too."""
    with without_scope(BY_TOKEN):
        rows = CalendarFeed.objects.filter(token_hash=_hash(token), tenant__is_active=True, agent__is_active=True)
        found = rows.select_related("agent__user").filter(agent__user__is_active=True).first()
    if found is None:
        raise NotFoundError(object_type="calendar", object_id="")
    with tenant_scope(found.tenant_id):
        zone = planned_people.time_zone(found.tenant_id)
        today = timezone.now().astimezone(zone).date()
        first, last = today - timedelta(days=_DAYS_BACK), today + timedelta(days=DAYS_AHEAD)
        reader: User = found.agent.user
        days = _days(found.agent_id, first, last, reader.language)
        return calendar_text(_NAMES[reader.language], days, zone)


def _days(agent_id: UUID, first: date, last: date, language: str) -> list[CalendarDay]:
    shifts = list(published_shifts(agent_id, first, last))
    kept = {shift.day for shift in shifts}
    gone = {day: one for day, one in _gone(agent_id, first, last, language) if day not in kept}
    return [*(_day(shift, language) for shift in shifts), *(gone[day] for day in sorted(gone))]


def _day(shift: RosterShift, language: str) -> CalendarDay:
    return CalendarDay(
        key=_key(shift.agent_id, shift.day),
        title=in_language(shift.shift_kind.name, language),
        starts_at=shift.starts_at,
        ends_at=shift.ends_at,
        changed_at=shift.updated_at,
    )


def _gone(agent_id: UUID, first: date, last: date, language: str) -> Iterable[tuple[date, CalendarDay]]:
    """Days on which the agent once had a shift: in a roster that was replaced, or before a request was done. Of a day
    the latest counts."""
    replaced = RosterShift.objects.filter(
        agent_id=agent_id, roster__state="replaced", day__gte=first, day__lte=last
    ).select_related("shift_kind", "roster")
    for shift in replaced.order_by("updated_at"):
        yield (
            shift.day,
            _cancelled(shift.day, agent_id, shift.starts_at, shift.ends_at, shift.roster.updated_at, language),
        )
    done = ShiftRequest.objects.filter(
        state=ShiftRequest.State.DONE, first_day__lte=last, last_day__gte=first
    ).order_by("decided_at")
    for request in done.filter(agent_id=agent_id) | done.filter(other_agent_id=agent_id):
        for terms in (request.terms.get("shift"), request.terms.get("other_shift"), *request.terms.get("shifts", ())):
            if terms and terms["agent_id"] == str(agent_id):
                day = date.fromisoformat(terms["day"])
                starts_at, ends_at = (datetime.fromisoformat(terms[name]) for name in ("starts_at", "ends_at"))
                yield day, _cancelled(day, agent_id, starts_at, ends_at, request.updated_at, language)


def _cancelled(
    day: date, agent_id: UUID, starts_at: datetime, ends_at: datetime, changed_at: datetime, language: str
) -> CalendarDay:
    return CalendarDay(
        key=_key(agent_id, day),
        title={"zh": "已取消", "en": "Cancelled"}[language],
        starts_at=starts_at,
        ends_at=ends_at,
        changed_at=changed_at,
        is_cancelled=True,
    )


def _key(agent_id: UUID, day: date) -> str:
    return f"{agent_id}-{day.isoformat()}"


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
