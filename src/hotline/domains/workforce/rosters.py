"""Writes to rosters: made empty or as a copy, edited, published, removed. Each is audited and asks for the version.

What is edited is judged outside of any transaction, because judging takes longer than one may last; the version that
was judged must then still be the stored one."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final, TypeVar
from uuid import UUID

import msgspec
from django.db import transaction
from django.utils import timezone

from hotline.domains.people import queries as people
from hotline.domains.workforce import notices, shift_moves
from hotline.domains.workforce import roster_errors as errors
from hotline.domains.workforce.errors import DatesBackwardsError
from hotline.domains.workforce.forecast_errors import StaffingNotReadyError
from hotline.domains.workforce.judging import Breach, Horizon
from hotline.domains.workforce.models import Roster, RosterShift, StaffingPlan
from hotline.domains.workforce.planned_people import horizon, planned_people
from hotline.domains.workforce.planning_runs import packed
from hotline.domains.workforce.roster_cells import Cell, Edit, cells_of
from hotline.domains.workforce.roster_demand import demand_of_plan
from hotline.domains.workforce.roster_judging import breaches_of, judged_edit, require_seats
from hotline.domains.workforce.skill_sets import normal_key, skills_of
from hotline.domains.workforce.wall_time import moments_of
from hotline.domains.workforce.wish_fulfilment import tell_wishes
from hotline.foundation import audit
from hotline.foundation.actors import Actor
from hotline.foundation.errors import NotFoundError, StaleVersionError
from hotline.foundation.ids import as_uuid, new_uuid
from hotline.foundation.tenancy import scope_of

T = TypeVar("T")
PLANNING: Final = "planning.edit"
MOST_DAYS: Final = 400
_BATCH: Final = 500  # rows of one transaction
_UNFINISHED: Final = 0  # the version of a roster that is being copied or removed: nobody sees it


class NewRoster(msgspec.Struct, frozen=True, kw_only=True):
    """What a planner asks for; see `roster_schemas.RosterCreate`."""

    name: str
    first_day: date
    last_day: date
    interval_min: int = 30
    seats: int | None = None
    staffing_plan_id: UUID | None = None
    copy_of: UUID | None = None
    demand: Mapping[UUID | str, Sequence[int]] | None = None  # by skill, or by several joined by +


@dataclass(frozen=True, slots=True)
class Edited:
    """What came of an edit."""

    version: int
    cells: tuple[Cell, ...]
    breaches: dict[str, list[Breach]]  # by agent id


def create(actor: Actor, wanted: NewRoster, tenant_id: UUID | None = None) -> UUID:
    """The id of the new draft. Raises DatesBackwardsError, RosterTooLongError, NotFoundError for what it is made from,
    UnknownReferenceError for a skill of the demand."""
    planner = actor.narrowed(PLANNING)
    _check_days(wanted.first_day, wanted.last_day)
    with scope_of(planner):
        source = _seen(wanted.copy_of) if wanted.copy_of is not None else None
        tenant = source.tenant_id if source is not None else planner.tenant_or_only(tenant_id)
        roster = _new(wanted, tenant, source)
        with transaction.atomic():
            roster.save(force_insert=True)
        copied = _copy(source, roster) if source is not None else 0
        with transaction.atomic():
            Roster.objects.filter(pk=roster.pk).update(version=1)
            _audit(actor, roster, "created", {**_days(roster), "copy_of": str(wanted.copy_of or ""), "shifts": copied})
    return roster.pk


def edit(actor: Actor, roster_id: UUID, version: int, edits: Sequence[Edit]) -> Edited:
    """All of the edits, judged. A draft may break rules meanwhile; a published roster may break none anew.

    Overtime and leaving early that were agreed stay with the new shift. Raises RosterOvertimeError, RosterLeaveError
    and OvertimeTakenOffError where they cannot, the broken rule's error, RosterOverSeatsError, StaleVersionError,
    RosterReplacedError, RosterDayError, ShiftStartError, ShiftBreaksError, and UnknownReferenceError for people and
    kinds that the tenant does not have."""
    planner = actor.narrowed(PLANNING)
    with scope_of(planner):
        roster = _seen(roster_id)
        _require_version(roster, version)
        if roster.state == Roster.State.REPLACED:
            raise errors.RosterReplacedError
        cells = cells_of(roster, edits)
        days = horizon(roster.tenant_id, roster.first_day, roster.last_day)
        layouts = {(cell.agent_id, cell.day): cell.layout for cell in cells}
        around = _around(roster)
        broken = judged_edit(roster, days, layouts)
        with transaction.atomic():
            held = _locked_with(around, roster_id, version)
            if _around(held) != around:
                broken = judged_edit(held, days, layouts)
            _write(held, cells, days)
            held.version += 1
            held.save(update_fields=["version", "updated_at"])
            if held.state == Roster.State.PUBLISHED:
                _tell_changes(held, cells)
            _audit(actor, held, "edited", {"version": held.version, "edits": [_told(cell) for cell in cells]})
    return Edited(held.version, tuple(cells), broken)


def publish(actor: Actor, roster_id: UUID, version: int) -> None:
    """Make it what agents work by; it settles which wishes are granted. Those published before for these days are
    replaced.

    Raises RosterBrokenError, RosterOverSeatsError, RosterOverlapsError, RosterNotDraftError, StaleVersionError."""
    planner = actor.narrowed(PLANNING)
    with scope_of(planner):
        roster = _seen(roster_id)
        _require_version(roster, version)
        _require_draft(roster)
        days = horizon(roster.tenant_id, roster.first_day, roster.last_day)
        around = _around(roster)
        _require_whole(roster, days)
        require_seats(roster)
        people_of = planned_people(roster.tenant_id, days, timezone.now())
        with transaction.atomic():
            held = _locked_with(around, roster_id, version)
            _require_draft(held)
            if _around(held) != around:
                _require_whole(held, days)
            replaced = _replace(held)
            held.state = Roster.State.PUBLISHED
            held.published_at, held.published_by = timezone.now(), actor.name
            held.version += 1
            held.save()
            planned = RosterShift.objects.filter(roster=held).values_list("agent_id", flat=True).distinct()
            notices.published(held.tenant_id, planned.order_by(), held.first_day, held.last_day)
            granted, wishes = tell_wishes(held, people_of)
            told = {"replaced": replaced, "wishes": wishes, "wishes_granted": granted}
            _audit(actor, held, "published", {**_days(held), **told})


def remove(actor: Actor, roster_id: UUID, version: int) -> None:
    """Delete a draft. Raises RosterNotDraftError for what agents were told, StaleVersionError."""
    planner = actor.narrowed(PLANNING)
    with scope_of(planner):
        with transaction.atomic():
            roster = locked(roster_id, version)
            _require_draft(roster)
            roster.version = _UNFINISHED
            roster.save(update_fields=["version", "updated_at"])
            _audit(actor, roster, "removed", _days(roster))
        ids = list(RosterShift.objects.filter(roster=roster).values_list("pk", flat=True))
        for some in _batches(ids):
            with transaction.atomic():
                RosterShift.objects.filter(pk__in=some).delete()
        with transaction.atomic():
            roster.delete()


def _check_days(first: date, last: date) -> None:
    if last < first:
        raise DatesBackwardsError(first=first.isoformat(), last=last.isoformat())
    days = (last - first).days + 1
    if days > MOST_DAYS:
        raise errors.RosterTooLongError(most=MOST_DAYS, days=days)


def _new(wanted: NewRoster, tenant_id: UUID, source: Roster | None) -> Roster:
    plan = _plan(wanted.staffing_plan_id, tenant_id)
    roster = Roster(
        tenant_id=tenant_id,
        name=wanted.name.strip(),
        first_day=wanted.first_day,
        last_day=wanted.last_day,
        interval_min=wanted.interval_min,
        seats=wanted.seats,
        staffing_plan=plan,
        based_on=source,
        version=_UNFINISHED,
    )
    if plan is not None:
        roster.interval_min = plan.interval_min
        roster.demand = packed(demand_of_plan(plan, wanted.first_day, wanted.last_day))
    elif wanted.demand is not None:
        demand = {normal_key(key): list(row) for key, row in wanted.demand.items()}
        people.require_skills(tenant_id, skills_of(demand), "demand")
        roster.demand = packed(demand)
    elif source is not None:
        roster.interval_min, roster.demand = source.interval_min, source.demand
        roster.staffing_plan_id = source.staffing_plan_id
    if source is not None and wanted.seats is None:
        roster.seats = source.seats
    return roster


def _plan(plan_id: UUID | None, tenant_id: UUID) -> StaffingPlan | None:
    if plan_id is None:
        return None
    plan = StaffingPlan.objects.filter(pk=plan_id, tenant_id=tenant_id).first()
    if plan is None:
        raise NotFoundError(object_type="staffing_plan", object_id=str(plan_id))
    if not plan.content:
        raise StaffingNotReadyError
    return plan


def _copy(source: Roster, roster: Roster) -> int:
    """The source's shifts, moved by whole days; how many. In batches, so that others can write meanwhile."""
    moved = roster.first_day - source.first_day
    days = horizon(roster.tenant_id, roster.first_day, roster.last_day)
    rows = list(RosterShift.objects.filter(roster=source, day__lte=roster.last_day - moved).order_by("pk"))
    for some in _batches(rows):
        with transaction.atomic():
            RosterShift.objects.bulk_create(_moved(shift, roster, moved, days) for shift in some)
    return len(rows)


def _batches(rows: Sequence[T]) -> Iterator[Sequence[T]]:
    return (rows[first : first + _BATCH] for first in range(0, len(rows), _BATCH))


def _moved(shift: RosterShift, roster: Roster, moved: timedelta, days: Horizon) -> RosterShift:
    shift.pk, shift.roster, shift.version = new_uuid(), roster, 1
    if moved:
        shift.day += moved
        shift.starts_at, shift.ends_at = moments_of(shift.day, shift.pieces, days.zone)
    shift._state.adding = True
    return shift


def _write(roster: Roster, cells: Sequence[Cell], days: Horizon) -> None:
    rows = RosterShift.objects.filter(roster=roster, agent_id__in={cell.agent_id for cell in cells})
    rows = rows.filter(day__in={cell.day for cell in cells})
    stored = {(str(row.agent_id), row.day): row for row in rows}
    made, changed, gone = [], [], []
    for cell in cells:
        row = stored.get((cell.agent_id, cell.day))
        if cell.layout is None:
            gone += [row.pk] if row is not None else []
        elif row is None:
            made.append(_filled(RosterShift(tenant_id=roster.tenant_id, roster=roster), cell, days))
        else:
            row.version += 1
            changed.append(_filled(row, cell, days))
    if gone:
        RosterShift.objects.filter(pk__in=gone).delete()
    if changed:
        RosterShift.objects.bulk_update(changed, _WRITTEN)
    if made:
        RosterShift.objects.bulk_create(made)


_WRITTEN: Final = (
    "shift_kind", "starts_at", "ends_at", "pieces", "breaks", "skill", "paid_min", "overtime_min", "excused_min",
    "source", "version",
    "updated_at",
)  # fmt: skip


def _tell_changes(roster: Roster, cells: Iterable[Cell]) -> None:
    days: dict[UUID, list[date]] = defaultdict(list)
    for cell in cells:
        days[as_uuid(cell.agent_id)].append(cell.day)
    notices.changed(roster.tenant_id, days)


def _filled(row: RosterShift, cell: Cell, days: Horizon) -> RosterShift:
    assert cell.layout is not None
    kind_id = UUID(cell.layout.kind_id)
    if row.shift_kind_id != kind_id:
        row.skill = None
    row.agent_id, row.day, row.shift_kind_id = UUID(cell.agent_id), cell.day, kind_id
    row.pieces = [list(piece) for piece in cell.layout.pieces]
    row.breaks = [list(piece) for piece in cell.layout.breaks]
    row.starts_at, row.ends_at = moments_of(cell.day, cell.layout.pieces, days.zone)
    row.paid_min, row.overtime_min = cell.layout.paid_min, cell.layout.overtime_min
    row.excused_min = cell.layout.excused_min
    row.source, row.updated_at = RosterShift.Source.HAND, timezone.now()
    return row


def _replace(roster: Roster) -> list[str]:
    """Mark those published for these days as replaced; their ids. Raises RosterOverlapsError where one has more."""
    published = Roster.objects.select_for_update().filter(
        tenant_id=roster.tenant_id,
        state=Roster.State.PUBLISHED,
        first_day__lte=roster.last_day,
        last_day__gte=roster.first_day,
    )
    replaced = list(published)
    for former in replaced:
        if former.first_day < roster.first_day or former.last_day > roster.last_day:
            raise errors.RosterOverlapsError(name=former.name, **_days(former))
    for former in replaced:
        former.state = Roster.State.REPLACED
        former.version += 1
        former.save(update_fields=["state", "version", "updated_at"])
    return [str(former.pk) for former in replaced]


def visible() -> Any:
    """The rosters of the scope that are whole: none that is being copied or removed."""
    return Roster.objects.exclude(version=_UNFINISHED)


def _seen(roster_id: UUID) -> Roster:
    found: Roster | None = visible().filter(pk=roster_id).first()
    if found is None:
        raise NotFoundError(object_type="roster", object_id=str(roster_id))
    return found


def locked(roster_id: UUID, version: int) -> Roster:
    """The roster at that version, held until the transaction ends. Raises NotFoundError, StaleVersionError."""
    found: Roster | None = visible().select_for_update().filter(pk=roster_id).first()
    if found is None:
        raise NotFoundError(object_type="roster", object_id=str(roster_id))
    _require_version(found, version)
    return found


def _around(roster: Roster) -> dict[UUID, int]:
    """The versions of the rosters published around it: their shifts count when its people's work is judged, and may
    have changed by the time it is written."""
    ids = shift_moves.rosters_around([roster.pk])
    return dict(Roster.objects.filter(pk__in=ids).exclude(pk=roster.pk).values_list("pk", "version"))


def _locked_with(around: Mapping[UUID, int], roster_id: UUID, version: int) -> Roster:
    """The roster as `locked` gives it, and those around it held with it, all in the order in which others take them."""
    if around:
        shift_moves.lock_rosters([roster_id])
    return locked(roster_id, version)


def _require_whole(roster: Roster, days: Horizon) -> None:
    if broken := breaches_of(roster, days):
        raise errors.RosterBrokenError(count=len(broken))


def _require_version(roster: Roster, version: int) -> None:
    if roster.version != version:
        raise StaleVersionError(version=roster.version)


def _require_draft(roster: Roster) -> None:
    if roster.state != Roster.State.DRAFT:
        raise errors.RosterNotDraftError(state=roster.state)


def _days(roster: Roster) -> dict[str, str]:
    return {"first": roster.first_day.isoformat(), "last": roster.last_day.isoformat()}


def _told(cell: Cell) -> list[Any]:
    kind_id, start = (cell.layout.kind_id, cell.layout.start) if cell.layout else (None, None)
    dropped = {"overtime_dropped_min": cell.dropped_min, "excused_dropped_min": cell.excused_dropped_min}
    told = {name: minutes for name, minutes in dropped.items() if minutes}
    return [cell.agent_id, cell.day.isoformat(), kind_id, start, *([told] if told else [])]


def _audit(actor: Actor, roster: Roster, what: str, details: dict[str, Any]) -> None:
    audit.record(actor, f"roster.{what}", roster.object_type, roster.pk, roster.tenant_id, details)
