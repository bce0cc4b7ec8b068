"""What is planned of a local day, by person: published shifts, their breaks, activities and absences, as moments."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q

from hotline.domains.contacts.rules import day_bounds
from hotline.domains.workforce.adherence import Planned, Segment, Stretch, layered
from hotline.domains.workforce.models import Absence, Activity, AgentStateSpan, RosterShift
from hotline.domains.workforce.wall_time import moment_at
from hotline.foundation.models import Tenant

_DAY = timedelta(days=1)
_LONGEST_SPAN = timedelta(days=7)  # a span that began before is not looked for


@dataclass(frozen=True, slots=True)
class Window:
    """A local day of a tenant as moments: [begins, ends); 23 to 25 hours where the clocks change."""

    tenant_id: UUID
    day: date
    zone: ZoneInfo
    begins: datetime
    ends: datetime


@dataclass(slots=True)
class PersonDay:
    """What is planned for one person on the day. `shifts` are those that reach into it, the earlier first."""

    agent_id: UUID
    shifts: list[RosterShift] = field(default_factory=list)
    activities: list[Activity] = field(default_factory=list)
    absences: list[Absence] = field(default_factory=list)

    def segments(self, window: Window) -> list[Segment]:
        """The plan within the day: an absence covers an activity, which covers a break, which covers work."""
        layers = layered(
            [
                [piece for shift in self.shifts for piece in _pieces(shift, "work", shift.pieces, window.zone)],
                [piece for shift in self.shifts for piece in _pieces(shift, "break", shift.breaks, window.zone)],
                [Segment(_kind(row), row.starts_at, row.ends_at) for row in self.activities],
                [Segment("absence", row.starts_at, row.ends_at) for row in self.absences],
            ]
        )
        return [
            Segment(one.kind, max(one.begins, window.begins), min(one.ends, window.ends))
            for one in layers
            if one.begins < window.ends and window.begins < one.ends
        ]


def window_of(tenant_id: UUID, day: date) -> Window:
    """The tenant's local day."""
    zone_name = Tenant.objects.values_list("time_zone", flat=True).get(pk=tenant_id)
    begins, ends = day_bounds(day, zone_name)
    return Window(tenant_id, day, ZoneInfo(zone_name), begins, ends)


def plans_of(window: Window, agent_ids: Iterable[UUID] | None = None) -> dict[UUID, PersonDay]:
    """Who is planned to do what within the day, by agent; three queries, however many people. Needs a scope."""
    found: dict[UUID, PersonDay] = {}
    shifts = RosterShift.objects.filter(
        tenant_id=window.tenant_id,
        roster__state="published",
        day__gte=window.day - _DAY,
        day__lte=window.day,
        starts_at__lt=window.ends,
        ends_at__gt=window.begins,
    )
    touching = {"tenant_id": window.tenant_id, "starts_at__lt": window.ends, "ends_at__gt": window.begins}
    activities = Activity.objects.filter(**touching)
    absences = Absence.objects.filter(cancelled_at=None, **touching)
    if agent_ids is not None:
        wanted = list(agent_ids)
        shifts, activities, absences = (
            shifts.filter(agent_id__in=wanted),
            activities.filter(agent_id__in=wanted),
            absences.filter(agent_id__in=wanted),
        )
    for shift in shifts.select_related("shift_kind").order_by("starts_at"):
        found.setdefault(shift.agent_id, PersonDay(shift.agent_id)).shifts.append(shift)
    for activity in activities.order_by("starts_at"):
        found.setdefault(activity.agent_id, PersonDay(activity.agent_id)).activities.append(activity)
    for absence in absences.order_by("starts_at"):
        found.setdefault(absence.agent_id, PersonDay(absence.agent_id)).absences.append(absence)
    return found


@dataclass(frozen=True, slots=True)
class Told:
    """A stretch of work or of being away within the day, with the away reason."""

    stretch: Stretch
    reason_id: UUID | None


def done_of(window: Window) -> dict[UUID, list[Told]]:
    """What the tenant's agents did within the day, by agent and in order; one query. Needs a scope."""
    rows = AgentStateSpan.objects.filter(
        tenant_id=window.tenant_id, began_at__gte=window.begins - _LONGEST_SPAN, began_at__lt=window.ends
    ).filter(Q(ended_at=None) | Q(ended_at__gt=window.begins))
    found: dict[UUID, list[Told]] = defaultdict(list)
    names = ("agent_id", "state", "away_reason_id", "began_at", "ended_at")
    for agent_id, state, reason_id, began_at, ended_at in rows.order_by("began_at", "pk").values_list(*names):
        ends = None if ended_at is None else min(ended_at, window.ends)
        found[agent_id].append(Told(Stretch(state, max(began_at, window.begins), ends), reason_id))
    return dict(found)


def _pieces(shift: RosterShift, kind: Planned, minutes: Iterable[tuple[int, int]], zone: ZoneInfo) -> list[Segment]:
    found = [
        Segment(kind, moment_at(shift.day, begin, zone), moment_at(shift.day, end, zone)) for begin, end in minutes
    ]
    return [one for one in found if one.begins < one.ends]


def _kind(row: Activity) -> Planned:
    kind: Planned = row.kind  # type: ignore[assignment]  # the model's choices are the planned ones
    return kind
