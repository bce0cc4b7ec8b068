"""The day's forecast made anew each quarter of an hour, by the worker; all that were made are kept, to be judged."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import transaction

from hotline.domains.contacts.interval_history import interval_counts
from hotline.domains.people import queries as people
from hotline.domains.routing import queries as routing
from hotline.domains.workforce import expectations
from hotline.domains.workforce.day_plan import PersonDay, Window, plans_of, window_of
from hotline.domains.workforce.intraday import QUARTER, Crew, QueueDay, QueueTargets, count_present, reforecast
from hotline.domains.workforce.models import IntradayForecast
from hotline.domains.workforce.planned_people import settings_of, time_zone
from hotline.foundation.models import Tenant
from hotline.foundation.tenancy import tenant_scope

SETTLING: Final = timedelta(seconds=20)  # after a quarter is over: the projector has counted it by then
KEPT: Final = timedelta(days=100)


def make_due(now: datetime, limit: int) -> int:
    """Make the forecast of every tenant that has none since the last quarter began, at most `limit`; how many."""
    made = 0
    for tenant_id in Tenant.objects.filter(is_active=True).order_by("code").values_list("pk", flat=True):
        if made >= limit:
            break
        with tenant_scope(tenant_id):
            made += _make_if_due(tenant_id, now)
    return made


def forget_old(now: datetime, limit: int) -> int:
    """Delete forecasts of days long gone, at most `limit`; how many."""
    left = limit
    for tenant_id in Tenant.objects.order_by("code").values_list("pk", flat=True):
        with tenant_scope(tenant_id), transaction.atomic():
            old = IntradayForecast.objects.filter(made_at__lt=now - KEPT).values_list("pk", flat=True)
            left -= IntradayForecast.objects.filter(pk__in=list(old[: max(0, left)])).delete()[0]
    return limit - left


def _make_if_due(tenant_id: UUID, now: datetime) -> int:
    day = now.astimezone(time_zone(tenant_id)).date()
    window = window_of(tenant_id, day)
    begun = window.begins + (now - SETTLING - window.begins) // QUARTER * QUARTER
    if IntradayForecast.objects.filter(tenant_id=tenant_id, day=day, made_at__gte=begun + SETTLING).exists():
        return 0
    source, queues = queue_days(window, now)
    if not queues:
        return 0
    for queue in queues:
        reforecast(queue)
    IntradayForecast.objects.create(tenant_id=tenant_id, day=day, made_at=now, content=_content(source, queues))
    return 1


def queue_days(window: Window, now: datetime) -> tuple[expectations.Source, list[QueueDay]]:
    """Each queue of which anything is expected or came, with what was expected before the day; needs a scope."""
    source, expected = expectations.of_day(window)
    moments = expectations.moments_of(window)
    over = sum(moment + QUARTER + SETTLING <= now for moment in moments)
    came: dict[UUID, dict[int, int]] = {}
    for row in interval_counts(window.tenant_id, window.begins, min(now, window.ends)):
        came.setdefault(row.queue_id, {})[round((row.starts_at - window.begins) / QUARTER)] = row.asked
    occupancy = settings_of(window.tenant_id).occupancy_target / 10_000
    found = []
    for rule in routing.planned_queues(window.tenant_id):
        queue_id = UUID(rule.queue_id)
        usual = expected.get(queue_id)
        if usual is None and queue_id not in came:
            continue
        planned = usual or expectations.Expected([0.0] * len(moments), [180.0] * len(moments))
        counts = came.get(queue_id, {})
        found.append(
            QueueDay(
                queue_id=rule.queue_id,
                targets=QueueTargets(rule.service_level_target / 10_000, rule.service_level_s, occupancy),
                planned=planned.calls,
                handle_s=planned.handle_s,
                actual=[counts.get(at, 0) if at < over else None for at in range(len(moments))],
            )
        )
    return source, found


def crews_of(window: Window, plans: dict[UUID, PersonDay], now: datetime) -> list[Crew]:
    """Everybody with a plan, and the queues whose skills they hold; needs a scope."""
    queues = routing.planned_queues(window.tenant_id)
    skills = {
        UUID(agent.agent_id): {
            skill_id: level for skill_id, level, valid_to in agent.skills if valid_to is None or valid_to >= window.day
        }
        for agent in people.planned_agents(now)
    }
    return [
        Crew(
            agent_id=str(agent_id),
            queue_ids=_served(queues, skills.get(agent_id, {})),
            segments=tuple(plan.segments(window)),
        )
        for agent_id, plan in plans.items()
        if plan.shifts
    ]


def stored_days(window: Window, content: dict[str, Any]) -> list[QueueDay]:
    """The queues as a stored forecast holds them, without who is present."""
    return [
        QueueDay(
            queue_id=one["queue_id"],
            targets=QueueTargets(*one["targets"]),
            planned=one["planned"],
            handle_s=one["handle_s"],
            actual=one["actual"],
            calls=one["calls"],
            low=one["low"],
            high=one["high"],
            level=one["level"],
            required=one["required"],
        )
        for one in content["queues"]
        if len(one["planned"]) == len(expectations.moments_of(window))
    ]


def days_now(window: Window, now: datetime) -> tuple[expectations.Source, datetime, list[QueueDay]]:
    """The newest forecast of the day with its source and when it was made; made on the spot, and not kept, where the
    worker has made none yet. Needs a scope."""
    stored = newest(window)
    if stored is not None:
        return stored.content["source"], stored.made_at, stored_days(window, stored.content)
    source, queues = queue_days(window, now)
    for queue in queues:
        reforecast(queue)
    return source, now, queues


def newest(window: Window) -> IntradayForecast | None:
    """The newest forecast of the day; needs a scope."""
    rows = IntradayForecast.objects.filter(tenant_id=window.tenant_id, day=window.day)
    return rows.order_by("-made_at").first()


def staffed(window: Window, queues: list[QueueDay], now: datetime) -> tuple[dict[UUID, PersonDay], list[Crew]]:
    """Count who is present for each queue by plan; the plans and crews that were counted. Needs a scope."""
    plans = plans_of(window)
    crews = crews_of(window, plans, now)
    count_present(queues, crews, window.begins)
    return plans, crews


def _served(queues: Iterable[routing.PlannedQueue], held: dict[str, int]) -> frozenset[str]:
    return frozenset(
        queue.queue_id
        for queue in queues
        if all(held.get(skill_id, 0) >= level for skill_id, level in queue.levels.items())
    )


def _content(source: str, queues: Iterable[QueueDay]) -> dict[str, Any]:
    return {
        "source": source,
        "queues": [
            {
                "queue_id": queue.queue_id,
                "targets": [queue.targets.service_level, queue.targets.threshold_s, queue.targets.occupancy],
                "planned": [round(value, 3) for value in queue.planned],
                "handle_s": queue.handle_s,
                "actual": queue.actual,
                "calls": queue.calls,
                "low": queue.low,
                "high": queue.high,
                "level": round(queue.level, 4),
                "required": queue.required,
            }
            for queue in queues
        ],
    }
