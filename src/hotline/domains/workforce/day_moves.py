"""Breaks and trainings moved within the day: to a time that somebody chose, or to the quietest allowed one.

The rules of the kind of shift say when a break may begin; a training stays within the shift. What has begun stays."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from hotline.domains.people import queries as people
from hotline.domains.workforce import day_errors, day_schemas, intraday_work, shift_moves
from hotline.domains.workforce.day_plan import PersonDay, Window, plans_of, window_of
from hotline.domains.workforce.intraday import QUARTER, count_present
from hotline.domains.workforce.models import Activity, Roster, RosterShift
from hotline.domains.workforce.planned_people import time_zone
from hotline.domains.workforce.quiet_times import Place, Pressure, mean_pressure, quietest
from hotline.domains.workforce.request_completion import locked_shifts
from hotline.domains.workforce.rules import clock_text
from hotline.domains.workforce.team_day import KEEPING
from hotline.domains.workforce.wall_time import minute_at, moment_at
from hotline.foundation import audit
from hotline.foundation.actors import Actor
from hotline.foundation.errors import NotFoundError, StaleVersionError
from hotline.foundation.tenancy import scope_of

Span = tuple[int, int]
_DAY_MIN = 24 * 60


def move_break(actor: Actor, shift_id: UUID, asked: day_schemas.BreakMoveIn, now: datetime) -> day_schemas.MovedOut:
    """Where the break is now. Raises NotFoundError, StaleVersionError, ShiftNotPublishedError, BreakUnknownError,
    BreakBegunError, BreakOutsideWindowError, BreakOverlapError, NoQuieterTimeError."""
    keeper = actor.narrowed(KEEPING)
    with scope_of(keeper), transaction.atomic():
        shift = _locked_shift(shift_id, asked.version)
        window = window_of(shift.tenant_id, shift.day)
        plan = plans_of(window, [shift.agent_id]).get(shift.agent_id) or PersonDay(shift.agent_id)
        begin, end = _break_to_come(shift, asked.index, minute_at(shift.day, now, window.zone))
        place = break_place(shift, asked.index, plan, window, now)
        if asked.begins_at is None:
            moved = quietest(place, begin, pressure_for(window, shift.agent_id, now))
            if moved is None:
                raise day_errors.NoQuieterTimeError
        else:
            moved = minute_at(shift.day, asked.begins_at, window.zone)
            _require_place(place, moved)
        shift.breaks = [
            [moved, moved + end - begin] if at == asked.index else list(one) for at, one in enumerate(shift.breaks)
        ]
        shift.version += 1
        shift.save(update_fields=["breaks", "version", "updated_at"])
        shift_moves.touch(shift.roster_id)
        details = {"agent_id": str(shift.agent_id), "from_min": begin, "to_min": moved, "day": shift.day.isoformat()}
        audit.record(keeper, "roster_shift.break_moved", shift.object_type, shift.pk, shift.tenant_id, details)
        return _moved(shift.day, moved, end - begin, window)


def move_activity(
    actor: Actor, activity_id: UUID, asked: day_schemas.ActivityMoveIn, now: datetime
) -> day_schemas.MovedOut:
    """Where it is now. Raises NotFoundError, StaleVersionError, ActivityFixedError, ActivityBegunError,
    ActivityOutsideShiftError, BreakOverlapError, NoQuieterTimeError."""
    keeper = actor.narrowed(KEEPING)
    with scope_of(keeper), transaction.atomic():
        row = Activity.objects.select_for_update().filter(pk=activity_id).first()
        if row is None:
            raise NotFoundError(object_type="activity", object_id=str(activity_id))
        if row.version != asked.version:
            raise StaleVersionError(version=row.version)
        if not row.is_movable:
            raise day_errors.ActivityFixedError(name=row.name)
        if row.starts_at <= now:
            raise day_errors.ActivityBegunError(name=row.name)
        window = window_of(row.tenant_id, row.starts_at.astimezone(time_zone(row.tenant_id)).date())
        begin, length = minute_at(window.day, row.starts_at, window.zone), _minutes(row)
        place = activity_place(row, plans_of(window, [row.agent_id]).get(row.agent_id), window, now)
        if asked.begins_at is None:
            moved = quietest(place, begin, pressure_for(window, row.agent_id, now))
            if moved is None:
                raise day_errors.NoQuieterTimeError
        else:
            moved = minute_at(window.day, asked.begins_at, window.zone)
            _require_within(place, moved)
        row.starts_at = moment_at(window.day, moved, window.zone)
        row.ends_at = moment_at(window.day, moved + length, window.zone)
        row.version += 1
        row.save(update_fields=["starts_at", "ends_at", "version", "updated_at"])
        _audit_activity(keeper, row, "moved")
        return _moved(window.day, moved, length, window)


def plan_activity(actor: Actor, asked: day_schemas.ActivityIn) -> UUID:
    """The id of a training, meeting or coaching within somebody's shift.

    Raises NotFoundError, TimesBackwardsError, ActivityOutsideShiftError, BreakOverlapError."""
    keeper = actor.narrowed(KEEPING)
    if asked.ends_at <= asked.begins_at:
        raise day_errors.TimesBackwardsError
    with scope_of(keeper), transaction.atomic():
        tenant_id = people.homes_of_agents([asked.agent_id]).get(asked.agent_id)
        if tenant_id is None:
            raise NotFoundError(object_type="agent", object_id=str(asked.agent_id))
        row = Activity(
            tenant_id=tenant_id,
            agent_id=asked.agent_id,
            kind=asked.kind,
            name=asked.name.strip(),
            starts_at=asked.begins_at,
            ends_at=asked.ends_at,
            is_movable=asked.is_movable,
            made_by=keeper.name,
        )
        window = window_of(tenant_id, row.starts_at.astimezone(time_zone(tenant_id)).date())
        place = activity_place(row, plans_of(window, [row.agent_id]).get(row.agent_id), window, window.begins)
        _require_within(place, minute_at(window.day, row.starts_at, window.zone))
        row.save(force_insert=True)
        _audit_activity(keeper, row, "planned")
    return row.pk


def break_place(shift: RosterShift, index: int, plan: PersonDay, window: Window, now: datetime) -> Place:
    """Where the kind of shift lets this break begin, from the next five minutes on."""
    begin, end = shift.breaks[index]
    first = min(piece[0] for piece in shift.pieces)
    rules = shift.shift_kind.breaks
    earliest, latest = (
        (first + rules[index]["earliest_min"], first + rules[index]["latest_min"])
        if len(rules) == len(shift.breaks)
        else (first, shift.pieces[-1][1])
    )
    others = [(a, b) for at, (a, b) in enumerate(shift.breaks) if at != index]
    return Place(
        length_min=end - begin,
        earliest=max(earliest, minute_at(shift.day, now, window.zone) + 1),
        latest=latest,
        pieces=tuple((a, b) for a, b in shift.pieces),
        taken=(*others, *_activities(plan, window), *_absences(plan, window)),
    )


def activity_place(row: Activity, plan: PersonDay | None, window: Window, now: datetime) -> Place:
    """Anywhere within the person's shifts of that day that is still to come, beside breaks and everything else."""
    found = plan or PersonDay(row.agent_id)
    shifts = [shift for shift in found.shifts if shift.day == window.day]
    breaks = [(a, b) for shift in shifts for a, b in shift.breaks]
    return Place(
        length_min=_minutes(row),
        earliest=minute_at(window.day, now, window.zone) + (1 if now > window.begins else 0),
        latest=max((shift.pieces[-1][1] for shift in shifts), default=0),
        pieces=tuple((a, b) for shift in shifts for a, b in shift.pieces),
        taken=(*breaks, *_activities(found, window, but=row.pk), *_absences(found, window)),
    )


def pressure_for(window: Window, agent_id: UUID, now: datetime) -> Pressure:
    """How many people are short in the queues that this person serves; needs a scope. Where nothing is expected, no
    time is quieter than another."""
    stored = intraday_work.newest(window)
    queues = intraday_work.stored_days(window, stored.content) if stored is not None else []
    crews = intraday_work.crews_of(window, plans_of(window), now)
    # Without the person: where their break is now must not look busier for it.
    count_present(queues, [crew for crew in crews if crew.agent_id != str(agent_id)], window.begins)
    served = next((crew.queue_ids for crew in crews if crew.agent_id == str(agent_id)), frozenset())
    short = [
        sum(queue.required[at] - queue.present[at] for queue in queues if queue.queue_id in served)
        for at in range(len(queues[0].planned) if queues else 0)
    ]

    def pressure(begin: int, end: int) -> float:
        places = [(moment_at(window.day, minute, window.zone) - window.begins) / QUARTER for minute in (begin, end)]
        return mean_pressure(short, *places)

    return pressure


def _break_to_come(shift: RosterShift, index: int, minute: int) -> Span:
    if index >= len(shift.breaks):
        raise day_errors.BreakUnknownError
    begin, end = shift.breaks[index]
    if begin <= minute:
        raise day_errors.BreakBegunError
    return begin, end


def _require_place(place: Place, begin: int) -> None:
    if not place.earliest <= begin <= place.latest:
        earliest, latest = (clock_text(minute % _DAY_MIN) for minute in (place.earliest, place.latest))
        raise day_errors.BreakOutsideWindowError(earliest=earliest, latest=latest)
    if not place.is_free(begin):
        raise day_errors.BreakOverlapError


def _require_within(place: Place, begin: int) -> None:
    end = begin + place.length_min
    is_within = any(first <= begin and end <= last for first, last in place.pieces)
    if begin < place.earliest or not is_within:
        raise day_errors.ActivityOutsideShiftError
    if not place.is_free(begin):
        raise day_errors.BreakOverlapError


def _locked_shift(shift_id: UUID, version: int) -> RosterShift:
    shift = locked_shifts([shift_id]).get(shift_id)
    if shift is None:
        raise NotFoundError(object_type="roster_shift", object_id=str(shift_id))
    if shift.version != version:
        raise StaleVersionError(version=shift.version)
    if shift.roster.state != Roster.State.PUBLISHED:
        raise day_errors.ShiftNotPublishedError
    return shift


def _activities(plan: PersonDay, window: Window, but: UUID | None = None) -> Iterable[Span]:
    return [_span(row, window) for row in plan.activities if row.pk != but]


def _absences(plan: PersonDay, window: Window) -> Iterable[Span]:
    return [_span(row, window) for row in plan.absences]


def _span(row: Any, window: Window) -> Span:
    return minute_at(window.day, row.starts_at, window.zone), minute_at(window.day, row.ends_at, window.zone)


def _minutes(row: Activity) -> int:
    return int((row.ends_at - row.starts_at).total_seconds() // 60)


def _moved(day: Any, begin: int, length: int, window: Window) -> day_schemas.MovedOut:
    return day_schemas.MovedOut(
        begins_at=moment_at(day, begin, window.zone), ends_at=moment_at(day, begin + length, window.zone)
    )


def _audit_activity(actor: Actor, row: Activity, what: str) -> None:
    details = {
        "agent_id": str(row.agent_id),
        "kind": row.kind,
        "starts_at": row.starts_at.isoformat(),
        "ends_at": row.ends_at.isoformat(),
    }
    audit.record(actor, f"activity.{what}", row.object_type, row.pk, row.tenant_id, details)
