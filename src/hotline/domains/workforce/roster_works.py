"""The shifts of rosters as they are read: in one query, as plain tuples, because a month of a large site has 50,000."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterator
from datetime import date, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db.models import CharField, QuerySet, TextField
from django.db.models.functions import Cast

from hotline.domains.workforce.break_rule import break_minutes
from hotline.domains.workforce.judging import Work
from hotline.domains.workforce.models import Roster, RosterShift, ShiftKind
from hotline.domains.workforce.planned_people import LOOK_BACK_DAYS
from hotline.domains.workforce.shift_layout import Spans


class ShiftRow(NamedTuple):
    """A shift, with ids in the form that `str(UUID)` gives."""

    agent_id: str
    day: date
    kind_id: str
    pieces: Spans
    breaks: Spans
    paid_min: int
    overtime_min: int = 0
    excused_min: int = 0


def shifts_of(
    roster_id: UUID, agent_ids: Collection[UUID | str] | None = None, days: Collection[date] | None = None
) -> Iterator[ShiftRow]:
    """The roster's shifts, or those of these agents or days; needs a scope."""
    rows = RosterShift.objects.filter(roster_id=roster_id)
    if agent_ids is not None:
        rows = rows.filter(agent_id__in=agent_ids)
    return _read(rows if days is None else rows.filter(day__in=days))


def works_of_roster(roster: Roster, agent_ids: Collection[UUID | str] | None = None) -> dict[str, list[Work]]:
    """Works by agent id: the roster's, and those published around it that count for rest and days running.

    Two queries; needs a scope."""
    look = timedelta(days=LOOK_BACK_DAYS)
    around = RosterShift.objects.filter(
        tenant_id=roster.tenant_id,
        roster__state=Roster.State.PUBLISHED,
        day__gte=roster.first_day - look,
        day__lte=roster.last_day + look,
    ).exclude(day__gte=roster.first_day, day__lte=roster.last_day)
    if agent_ids is not None:
        around = around.filter(agent_id__in=agent_ids)
    works: dict[str, list[Work]] = defaultdict(list)
    for rows in (shifts_of(roster.pk, agent_ids), _read(around)):
        for row in rows:
            works[row.agent_id].append(work_of_row(row))
    return works


def work_of_row(row: ShiftRow) -> Work:
    """The shift as the judge sees it."""
    return Work(
        day=row.day,
        pieces=row.pieces,
        paid_min=row.paid_min,
        shift_kind_id=row.kind_id,
        overtime_min=row.overtime_min,
        excused_min=row.excused_min,
        break_min=break_minutes(row.pieces, row.breaks),
    )


def kinds_of(tenant_id: UUID) -> dict[str, ShiftKind]:
    """Every shift kind of the tenant by id, by code; needs a scope."""
    return {str(kind.pk): kind for kind in ShiftKind.objects.filter(tenant_id=tenant_id).order_by("code", "pk")}


class _Memo(dict[str, Spans]):
    """JSON of spans, parsed once: a roster has few different ones."""

    def __missing__(self, text: str) -> Spans:
        spans = tuple((begin, end) for begin, end in json.loads(text))
        self[text] = spans
        return spans


class _Ids(dict[str, str]):
    """Ids as the database writes them (SQLite without hyphens) to those of `str(UUID)`."""

    def __missing__(self, text: str) -> str:
        self[text] = found = str(UUID(text))
        return found


class _Days(dict[str, date]):
    def __missing__(self, text: str) -> date:
        self[text] = found = date.fromisoformat(text)
        return found


def _read(rows: QuerySet[RosterShift]) -> Iterator[ShiftRow]:
    """As texts, which are looked up: the field's own conversions would take four times as long."""
    spans, ids, days = _Memo(), _Ids(), _Days()
    texts = rows.order_by().values_list(
        Cast("agent_id", CharField()),
        Cast("day", CharField()),
        Cast("shift_kind_id", CharField()),
        Cast("pieces", TextField()),
        Cast("breaks", TextField()),
        "paid_min",
        "overtime_min",
        "excused_min",
    )
    for agent, day, kind, pieces, breaks, *minutes in texts:
        yield ShiftRow(ids[agent], days[day], ids[kind], spans[pieces], spans[breaks], *minutes)
