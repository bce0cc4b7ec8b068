"""A change of the rest of today, played by the simulator: more people, more calls, a longer handle time.

The tenant's queues are played as they are set up, without what leads out of them (overflow, pools, rings, reserve
teams): what is asked is whether the people suffice. Callers come as the rest of the day is expected now; the people
are those of the published roster, with their breaks."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import msgspec
from django.db import transaction
from django.utils import timezone

from hotline.domains.people import queries as people
from hotline.domains.routing import queries as routing
from hotline.domains.workforce import day_errors, intraday_work, planning_runs
from hotline.domains.workforce.adherence import Segment
from hotline.domains.workforce.day_plan import Window, plans_of, window_of
from hotline.domains.workforce.intraday import PATIENCE_S, QUARTER, QUARTER_S, QueueDay, reforecast
from hotline.domains.workforce.intraday_schemas import DayWhatIfIn
from hotline.domains.workforce.models import PlanningRun
from hotline.domains.workforce.planned_people import time_zone
from hotline.domains.workforce.planning_kinds import Done, Kind
from hotline.foundation.actors import Actor
from hotline.foundation.tenancy import scope_of
from hotline.messages.configuration import QueueConfiguration, RoutingConfiguration
from hotline.simulation.scenario import Arrivals, Exponential, Fixed, Group, Pause, Scenario, Traffic

_LEAST_TALK_S: Final = 5.0
_GROUP: Final = "g"
_MOST_CALLS: Final = 100_000  # on either side: about two seconds of a processor
Spans = tuple[tuple[float, float], ...]
Alike = tuple[tuple[tuple[str, int], ...], Spans, Spans]  # skills, shifts, pauses


def ask(actor: Actor, asked: DayWhatIfIn) -> UUID:
    """The id of the run that will play it.

    Raises NoExpectationError where nothing is expected of the rest of today, PlanningRunOpenError while another is
    played, NotYourTenantError, TenantNeededError."""
    planner = actor.narrowed(planning_runs.PERMISSION)
    tenant_id = planner.tenant_or_only(asked.tenant_id)
    with scope_of(planner):
        _, at, queues = _rest(tenant_id, timezone.now())
        if not any(sum(queue.calls[at:]) > 0 for queue in queues):
            raise day_errors.NoExpectationError
        with transaction.atomic():
            question = asked.model_dump(mode="json", exclude={"tenant_id"})
            return planning_runs.ask(planner, tenant_id, PlanningRun.Kind.WHAT_IF, question)


def prepare(tenant_id: UUID, asked: dict[str, Any]) -> dict[str, Any]:
    """The player's question: the rest of the day as it is and as changed.

    Raises NoExpectationError, NobodyRosteredError."""
    now = timezone.now()
    window, at, queues = _rest(tenant_id, now)
    change = DayWhatIfIn(**asked)
    crews = _groups(window, window.begins + at * QUARTER, now)
    if not crews:
        raise day_errors.NobodyRosteredError
    rules = {rule.queue_id: _plain(rule) for rule in routing.waiting_rules() if rule.tenant_id == str(tenant_id)}
    played = [queue for queue in queues if queue.queue_id in rules and sum(queue.calls[at:]) > 0]
    if not played:
        raise day_errors.NoExpectationError
    changed = [_changed(queue, change) for queue in played]
    span = at, _until(changed, at)
    before = _scenario(rules, played, span, crews)
    after = _scenario(rules, changed, span, _with_people(crews, rules, change))
    return {
        "before": msgspec.to_builtins(before),
        "after": msgspec.to_builtins(after),
        "begins_at": (window.begins + at * QUARTER).isoformat(),
        "ends_at": (window.begins + span[1] * QUARTER).isoformat(),
    }


def store(done: Done) -> dict[str, Any]:
    """What the run tells: the change and the figures on both sides."""
    return {"change": done.question, **done.answer}


DAY_WHAT_IF: Final = Kind(prepare=prepare, store=store)


def _rest(tenant_id: UUID, now: datetime) -> tuple[Window, int, list[QueueDay]]:
    """Today, the next quarter that begins, and what is expected now."""
    window = window_of(tenant_id, now.astimezone(time_zone(tenant_id)).date())
    stored = intraday_work.newest(window)
    if stored is not None:
        queues = intraday_work.stored_days(window, stored.content)
    else:
        _, queues = intraday_work.queue_days(window, now)
        for queue in queues:
            reforecast(queue)
    return window, int((now - window.begins) // QUARTER), queues


def _until(queues: Iterable[QueueDay], at: int) -> int:
    """The quarter before which the playing ends: the day's last, or sooner where so many call that it would take
    long."""
    totals = [sum(counts) for counts in zip(*(queue.calls for queue in queues), strict=True)]
    upto, calls = at + 1, totals[at]
    while upto < len(totals) and calls + totals[upto] <= _MOST_CALLS:
        calls += totals[upto]
        upto += 1
    return upto


def _plain(rule: QueueConfiguration) -> QueueConfiguration:
    """The queue without what leads out of it."""
    return msgspec.structs.replace(
        rule,
        rings=(),
        overflows=(),
        full_queue_id=None,
        full_pool_id=None,
        late_queue_id=None,
        max_waiting=None,
        max_wait_s=None,
        attributes={},
        preferred=(),
        callback_attempts=0,
        callback_calendar=None,
        callback_windows=(),
        relationship_s=0,
    )


def _groups(window: Window, begins: datetime, now: datetime) -> Counter[Alike]:
    """How many people have the same skills, shifts and breaks from then on."""
    skills = {
        UUID(agent.agent_id): tuple(
            sorted(
                (skill_id, level)
                for skill_id, level, valid_to in agent.skills
                if valid_to is None or valid_to >= window.day
            )
        )
        for agent in people.planned_agents(now)
    }
    found: Counter[Alike] = Counter()
    for agent_id, plan in plans_of(window).items():
        segments = plan.segments(window)
        shifts, pauses = _shifts(segments, begins), _spans(segments, begins, is_work=False)
        if plan.shifts and shifts and skills.get(agent_id):
            found[skills[agent_id], shifts, pauses] += 1
    return found


def _spans(segments: Iterable[Segment], begins: datetime, *, is_work: bool) -> Spans:
    """Seconds from `begins`; what is over is left out."""
    chosen = [one for one in segments if (one.kind == "work") is is_work and one.ends > begins]
    return tuple(
        (max(0.0, (one.begins - begins).total_seconds()), (one.ends - begins).total_seconds()) for one in chosen
    )


def _shifts(segments: list[Segment], begins: datetime) -> Spans:
    """Shifts with their breaks inside; a break at an edge is no time of work."""
    joined: list[tuple[float, float]] = []
    for since, until in _spans(segments, begins, is_work=True):
        pauses = _spans(segments, begins, is_work=False)
        if joined and any(a == joined[-1][1] and b == since for a, b in pauses):
            joined[-1] = (joined[-1][0], until)
        else:
            joined.append((since, until))
    return tuple(joined)


def _with_people(crews: Counter[Alike], rules: dict[str, QueueConfiguration], change: DayWhatIfIn) -> Counter[Alike]:
    """So many more who serve the queue for the rest of the day; fewer are taken from those who can."""
    wanted = _skills_for(rules, change.queue_id)
    found = Counter(crews)
    if change.people > 0:
        found[wanted, (), ()] += change.people
    left = -change.people
    for alike in sorted(crews):
        held = dict(alike[0])
        if left > 0 and all(held.get(skill_id, 0) >= level for skill_id, level in wanted):
            taken = min(left, found[alike])
            found[alike] -= taken
            left -= taken
    return +found


def _skills_for(rules: dict[str, QueueConfiguration], queue_id: UUID | None) -> tuple[tuple[str, int], ...]:
    wanted: dict[str, int] = {}
    for rule in rules.values():
        if queue_id is None or rule.queue_id == str(queue_id):
            for skill_id, level in rule.skills:
                wanted[skill_id] = max(level, wanted.get(skill_id, 0))
    return tuple(sorted(wanted.items()))


def _changed(queue: QueueDay, change: DayWhatIfIn) -> QueueDay:
    if change.queue_id is not None and queue.queue_id != str(change.queue_id):
        return queue
    more, longer = 1 + change.calls_percent / 100, 1 + change.handle_percent / 100
    return QueueDay(
        queue_id=queue.queue_id,
        targets=queue.targets,
        planned=queue.planned,
        handle_s=[value * longer for value in queue.handle_s],
        actual=queue.actual,
        calls=[value * more for value in queue.calls],
    )


def _scenario(
    rules: dict[str, QueueConfiguration], queues: Iterable[QueueDay], span: tuple[int, int], crews: Counter[Alike]
) -> Scenario:
    played = list(queues)
    return Scenario(
        routing=RoutingConfiguration(version=0, queues=tuple(rules[queue.queue_id] for queue in played), agents=()),
        traffic=tuple(_traffic(rules[queue.queue_id], queue, span) for queue in played),
        groups=tuple(_group(f"{_GROUP}-{n}", *alike, count) for n, (alike, count) in enumerate(sorted(crews.items()))),
        horizon_s=float(QUARTER_S * (span[1] - span[0])),
    )


def _traffic(rule: QueueConfiguration, queue: QueueDay, span: tuple[int, int]) -> Traffic:
    rest = list(zip(queue.calls, queue.handle_s, strict=True))[slice(*span)]
    calls = sum(count for count, _ in rest)
    handle_s = sum(count * took for count, took in rest) / calls if calls else queue.handle_s[span[0]]
    wrap_s = min(float(rule.wrap_up_s), handle_s / 2)
    return Traffic(
        queue=rule.queue_id,
        arrivals=Arrivals(counts=tuple(count for count, _ in rest), interval_s=QUARTER_S),
        talk=Exponential(mean_s=max(_LEAST_TALK_S, handle_s - wrap_s)),
        wrap_up=None if rule.is_wrap_up_automatic else Fixed(value_s=wrap_s),
        patience=Exponential(mean_s=PATIENCE_S),
    )


def _group(name: str, skills: tuple[tuple[str, int], ...], shifts: Spans, pauses: Spans, count: int) -> Group:
    inside = [(a, b) for a, b in pauses if any(since <= a and b <= until for since, until in shifts)]
    return Group(
        id=name,
        count=count,
        skills=skills,
        shifts=shifts,
        pauses=tuple(Pause(at_s=a, length_s=b - a) for a, b in inside),
    )
