"""What if the day came as expected, or more: a roster's day played with the live routing rules."""

from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

import msgspec
import numpy as np
from django.db import transaction
from django.utils import timezone

from hotline.domains.workforce import forecast_errors as errors
from hotline.domains.workforce import forecast_queries, planning_runs, staffing_plans
from hotline.domains.workforce.models import Roster
from hotline.domains.workforce.planned_people import horizon, planned_people, settings_of, time_zone
from hotline.domains.workforce.planning_kinds import Done, Kind
from hotline.domains.workforce.planning_runs import PERMISSION
from hotline.domains.workforce.roster_coverage import Presence, mask_of, on_duty
from hotline.domains.workforce.shift_layout import DAY_MIN, spans
from hotline.domains.workforce.staffing_making import QueueDemand, demand_of, targets_of
from hotline.foundation import audit
from hotline.foundation.actors import Actor
from hotline.foundation.errors import NotFoundError
from hotline.foundation.tenancy import scope_of

KIND: Final = "roster_day"
_INTERVAL_MIN: Final = 30
_WHOLE: Final = 10_000  # hundredths of a per cent


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """Which day of which roster; `growth` of contacts in hundredths of a per cent, mean patience in seconds."""

    roster_id: UUID
    day: date
    growth: int = 0
    patience_s: int | None = None
    replications: int = 20


def ask(actor: Actor, asked: Asked) -> UUID:
    """The id of the run that plays the day.

    Raises NotFoundError for another tenant's roster or a day outside it, NoAcceptedForecastError,
    PlanningRunOpenError."""
    planner = actor.narrowed(PERMISSION)
    with scope_of(planner), transaction.atomic():
        roster = Roster.objects.filter(pk=asked.roster_id).first()
        if roster is None or not roster.first_day <= asked.day <= roster.last_day:
            raise NotFoundError(object_type=Roster.object_type, object_id=str(asked.roster_id))
        if forecast_queries.accepted(roster.tenant_id, asked.day) is None:
            raise errors.NoAcceptedForecastError(day=asked.day)
        told = msgspec.to_builtins(asked)
        run_id = planning_runs.ask(planner, roster.tenant_id, KIND, told)
        audit.record(planner, "roster.what_if_asked", Roster.object_type, roster.pk, roster.tenant_id, told)
    return run_id


def prepare(tenant_id: UUID, question: dict[str, Any]) -> dict[str, Any]:
    """The day's contacts by the accepted forecast, and who is at work by the roster."""
    asked = msgspec.convert(question, Asked)
    people = _at_work(Roster.objects.get(pk=asked.roster_id), asked.day)
    held = {skill for group in people for skill in group["skills"]}
    queues = [_queue(tenant_id, one, asked) for one in _contacts(tenant_id, asked) if one.skill in held]
    wanted = {queue["skill"] for queue in queues}
    groups = [group | {"skills": sorted(wanted & set(group["skills"]))} for group in people]
    if not queues:
        raise errors.QueueWithoutStaffError(day=asked.day)
    return {
        "day": asked.day,
        "zone": str(time_zone(tenant_id)),
        "interval_min": _INTERVAL_MIN,
        "queues": queues,
        "groups": [group for group in groups if group["skills"]],
        "replications": asked.replications,
    }


def _contacts(tenant_id: UUID, asked: Asked) -> list[QueueDemand]:
    accepted = forecast_queries.accepted(tenant_id, asked.day)
    if accepted is None:
        raise errors.NoAcceptedForecastError(day=asked.day)
    wanted = staffing_plans.Asked(
        name="", forecast_id=accepted.forecast_id, first_day=asked.day, last_day=asked.day, interval_min=_INTERVAL_MIN
    )
    return demand_of(tenant_id, wanted)


def _queue(tenant_id: UUID, one: QueueDemand, asked: Asked) -> dict[str, Any]:
    settings = settings_of(tenant_id)
    growth = 1 + asked.growth / _WHOLE
    return {
        "id": one.id,
        "skill": one.skill,
        "calls": np.round(one.calls * growth, 4).ravel().tolist(),
        "aht_s": np.clip(np.round(one.handle_s, 2), 10.0, 21_600.0).ravel().tolist(),
        "patience_s": asked.patience_s,
        "targets": targets_of(
            one.queue, abandoned=one.queue.abandoned_limit or settings.abandoned_target, occupancy=None
        ),
    }


def _at_work(roster: Roster, day: date) -> list[dict[str, Any]]:
    """People by the skills that they can serve, so many in each interval: shifts of the evening before go on."""
    before = day - timedelta(days=1)
    rows = list(roster.shifts.filter(day__in=(before, day), shift_kind__is_on_call=False).select_related("shift_kind"))
    days = horizon(roster.tenant_id, before, day)
    people = planned_people(roster.tenant_id, days, timezone.now(), {row.agent_id for row in rows})
    skills = sorted({skill for person in people.values() for skill in person.skill_ids})
    places = {skill: place for place, skill in enumerate(skills)}
    present = []
    for row in rows:
        offset = (row.day - before).days * DAY_MIN
        person = people.get(str(row.agent_id))
        present.append(
            Presence(
                mask=mask_of(person.skill_ids if person else (), frozenset(row.shift_kind.skill_ids), places),
                pieces=spans([[begin + offset, end + offset] for begin, end in row.pieces]),
                breaks=spans([[begin + offset, end + offset] for begin, end in row.breaks]),
            )
        )
    a_day = DAY_MIN // _INTERVAL_MIN
    here = on_duty(present, _INTERVAL_MIN, 2 * a_day)[a_day:]
    masks = sorted({mask for counts in here for mask in counts})
    return [
        {
            "id": f"group {number}",
            "skills": [skill for skill, place in places.items() if mask >> place & 1],
            "at_work": [counts[mask] for counts in here],
        }
        for number, mask in enumerate(masks, 1)
    ]


def store(done: Done) -> dict[str, Any]:
    """What the run tells: figures by queue, beside the target that was asked of it."""
    asked = msgspec.convert(done.question, Asked)
    known = {one.id: one for one in _contacts(done.tenant_id, asked)}
    queues = [
        {
            "queue_id": id.rpartition("/")[0],
            "skill_id": id.rpartition("/")[2],
            "target": known[id].queue.service_level_target if id in known else None,
            "total": total,
            "intervals": done.answer["intervals"][id],
        }
        for id, total in done.answer["totals"].items()
    ]
    return {
        "roster_id": str(asked.roster_id),
        "day": asked.day.isoformat(),
        "growth": asked.growth,
        "interval_min": _INTERVAL_MIN,
        "replications": done.answer["replications"],
        "queues": queues,
        "without_people": sorted(set(known) - set(done.answer["totals"])),
        "occupancy": done.answer["occupancy"],
    }


ROSTER_WHAT_IF: Final = Kind(prepare=prepare, store=store)
