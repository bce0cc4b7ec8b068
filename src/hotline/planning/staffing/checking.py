"""Refuses problems that cannot be, with one sentence that names the place; and says when each interval begins."""

import math
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from hotline.planning.staffing.errors import StaffingProblemError
from hotline.planning.staffing.problem import Borrowing, Capacity, Headcount, Problem, Queue, Targets

_LEAST_AHT_S, _MOST_AHT_S = 10.0, 6 * 3600.0
_MOST_CALLS = 1e6
_MOST_INTERVALS = 7 * 96 + 4  # a week of quarters of an hour, in which the clocks may go back
MOST_CONCURRENCY = 16  # of the engine, which shares an agent's attention
_CHANNELS = ("voice", "sms", "chat", "email", "letter", "counter", "form")
MOST_QUEUES = 12


def check(problem: Problem) -> None:
    """Raises StaffingProblemError for the first thing that cannot be."""
    _check_time(problem)
    _check_targets(problem.targets, "targets")
    is_something = bool(problem.queues or problem.work or problem.capacity)
    _need(is_something, "queues", "is empty; write who calls, or give work or capacity")
    _need(problem.intervals <= _MOST_INTERVALS, "queues[0].calls", f"has more than {_MOST_INTERVALS} intervals; cut it")
    _need(len(problem.queues) <= MOST_QUEUES, "queues", f"has more than {MOST_QUEUES}; join some, or plan them apart")
    _unique([queue.id for queue in problem.queues], "queues")
    for number, queue in enumerate(problem.queues):
        _check_queue(queue, problem.intervals, f"queues[{number}]")
    _check_overflows(problem)
    _check_concurrency(problem)
    _check_groups(problem)
    _check_work(problem)
    _check_absence(problem)
    if problem.headcount:
        _check_headcount(problem, problem.headcount)
    if problem.capacity:
        _check_capacity(problem.capacity)
    if problem.shifts:
        for name in ("fixed", "flexible"):
            _need(bool(getattr(problem.shifts, name)), f"shifts.{name}", "is empty; give at least one kind of shift")


def starts(problem: Problem) -> list[str]:
    """When each interval begins, local, as 2026-12-07T08:00; the clock's changes are kept. Raises as `check`."""
    begin = _begin(problem).astimezone(UTC)
    zone = ZoneInfo(problem.zone)
    step = timedelta(minutes=problem.interval_min)
    return [(begin + n * step).astimezone(zone).strftime("%Y-%m-%dT%H:%M") for n in range(problem.intervals)]


def _need(holds: bool, where: str, otherwise: str) -> None:
    if not holds:
        raise StaffingProblemError(where=where, problem=f"{otherwise}.")


def _unique(ids: list[str], where: str) -> None:
    for number, id in enumerate(ids):
        _need(id not in ids[:number], f"{where}[{number}].id", f"{id!r} is there already; choose another")


def _check_time(problem: Problem) -> None:
    _need(problem.interval_min in (15, 30), "interval_min", "must be 15 or 30")
    try:
        ZoneInfo(problem.zone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        said = f"{problem.zone!r} is no time zone; say Asia/Shanghai."
        raise StaffingProblemError(where="zone", problem=said) from error
    begin = _begin(problem)
    _need(begin.minute % problem.interval_min == 0 and not begin.second, "start", "must begin an interval of the clock")


def _begin(problem: Problem) -> datetime:
    try:
        begin = datetime.fromisoformat(problem.start)
    except ValueError as error:
        said = f"{problem.start!r} is no local date and time; write it as 2026-12-07T08:00."
        raise StaffingProblemError(where="start", problem=said) from error
    is_local = begin.tzinfo is None
    _need(is_local, "start", f"has an offset of its own beside the zone {problem.zone}; write the local time without")
    return begin.replace(tzinfo=ZoneInfo(problem.zone))


def _share(value: float | None, where: str) -> None:
    is_share = value is None or 0.0 < value < 1.0
    hint = f"; {value:g} looks like per cent, write {value / 100:g}" if value is not None and value > 1 else ""
    _need(is_share, where, f"must be above 0 and below 1{hint}")


def _check_targets(targets: Targets, where: str) -> None:
    for name in ("service_level", "abandoned", "occupancy"):
        _share(getattr(targets, name), f"{where}.{name}")
    _need(0 <= targets.within_s <= 86_400, f"{where}.within_s", "must be 0 to 86400 seconds")
    wait_s = targets.average_wait_s
    _need(wait_s is None or 0 < wait_s <= 86_400, f"{where}.average_wait_s", "must be above 0 and at most 86400 s")
    given = (targets.service_level, targets.abandoned, targets.occupancy, wait_s)
    is_one = any(one is not None for one in given)
    _need(is_one, where, "has no target; give service_level, abandoned, occupancy or average_wait_s")


def _check_queue(queue: Queue, intervals: int, where: str) -> None:
    _need(bool(queue.calls), f"{where}.calls", "is empty; give the calls expected in each interval")
    same = len(queue.calls) == intervals
    _need(
        same,
        f"{where}.calls",
        f"has {len(queue.calls)} intervals where queues[0].calls has {intervals}; make them equal",
    )
    for n, calls in enumerate(queue.calls):
        _need(0 <= calls <= _MOST_CALLS, f"{where}.calls[{n}]", "must be 0 to 1000000")
    if isinstance(queue.aht_s, list):
        same = len(queue.aht_s) == intervals
        _need(same, f"{where}.aht_s", f"has {len(queue.aht_s)} values for {intervals} intervals; make them equal")
    for n, calls in enumerate(queue.calls):
        place = f"{where}.aht_s[{n}]" if isinstance(queue.aht_s, list) else f"{where}.aht_s"
        if calls or not isinstance(queue.aht_s, list):
            _check_aht(queue.aht_s[n] if isinstance(queue.aht_s, list) else queue.aht_s, place)
    _need(queue.channel in _CHANNELS, f"{where}.channel", f"must be one of {', '.join(_CHANNELS)}")
    _need(1 <= queue.concurrency <= MOST_CONCURRENCY, f"{where}.concurrency", f"must be 1 to {MOST_CONCURRENCY}")
    is_one = queue.channel != "voice" or queue.concurrency == 1
    _need(is_one, f"{where}.concurrency", "must be 1 for calls: nobody talks to two callers at once")
    patience_s = queue.patience_s
    _need(patience_s is None or 0 < patience_s <= 1e6, f"{where}.patience_s", "must be above 0 s, or left out")
    if queue.retrial:
        _need(patience_s is not None, f"{where}.retrial", "needs patience_s: nobody who never gives up asks again")
        _need(0 <= queue.retrial.probability <= 1, f"{where}.retrial.probability", "must be 0 to 1")
        _need(0 < queue.retrial.after_s <= 1e6, f"{where}.retrial.after_s", "must be above 0 s")
    if queue.targets:
        _check_targets(queue.targets, f"{where}.targets")
    _check_reasons(queue, where)


def _check_overflows(problem: Problem) -> None:
    ways = {queue.id: queue.leads_to for queue in problem.queues}
    for number, queue in enumerate(problem.queues):
        place, before = f"queues[{number}]", 0
        for n, one in enumerate(queue.overflows):
            _need(before < one.after_s <= 86_400, f"{place}.overflows[{n}].after_s", "must grow, from 1 s to 86400 s")
            before = one.after_s
        _need(queue.most_waiting is None or queue.most_waiting >= 0, f"{place}.most_waiting", "must be 0 or more")
        is_told = queue.full_queue is None or queue.most_waiting is not None
        _need(is_told, f"{place}.full_queue", "needs most_waiting: from how many on the queue is full")
        for target in ways[queue.id]:
            _need(target in ways, place, f"overflows to {target!r}, which is no queue; name the id of one of queues")
            said = f"overflows to {target!r}, which leads back; let one of them keep its customers"
            _need(queue.id not in _reached_from(target, ways), place, said)


def _reached_from(queue: str, ways: Mapping[str, Sequence[str]]) -> set[str]:
    """The queue and all to which its customers may come."""
    found, waiting = set[str](), [queue]
    while waiting:
        one = waiting.pop()
        if one not in found:
            found.add(one)
            waiting += ways.get(one, ())
    return found


def _check_concurrency(problem: Problem) -> None:
    of_channel: dict[str, int] = {}
    for number, queue in enumerate(problem.queues):
        usual = of_channel.setdefault(queue.channel, queue.concurrency)
        said = f"differs from the {usual} of another queue of the channel {queue.channel}; make them equal"
        _need(queue.concurrency == usual, f"queues[{number}].concurrency", said)


def _check_aht(aht_s: float, where: str) -> None:
    _need(aht_s > 0, where, "must be above 0: a call that costs no time needs nobody")
    _need(aht_s >= _LEAST_AHT_S, where, f"{aht_s:g} looks like minutes; give seconds, {_LEAST_AHT_S:g} or more")
    _need(aht_s <= _MOST_AHT_S, where, f"{aht_s:g} looks like milliseconds; give seconds, {_MOST_AHT_S:g} at most")


def _check_reasons(queue: Queue, where: str) -> None:
    for n, reason in enumerate(queue.reasons):
        place = f"{where}.reasons[{n}]"
        _need(0 < reason.share <= 1, f"{place}.share", "must be above 0 and at most 1")
        _need(0 <= reason.self_service_share <= 1, f"{place}.self_service_share", "must be 0 to 1")
        _check_aht(reason.aht_s, f"{place}.aht_s")
    total = sum(reason.share for reason in queue.reasons)
    _need(total <= 1 + 1e-9, f"{where}.reasons", f"have shares that add up to {total:g}; 1 at most")


def _check_groups(problem: Problem) -> None:
    _unique([group.id for group in problem.groups], "groups")
    needed = {queue.needs for queue in problem.queues}
    asked = needed | {work.skill for work in problem.work}
    for number, group in enumerate(problem.groups):
        place = f"groups[{number}]"
        is_able = bool(group.skills) or any(one.group == group.id for one in problem.borrowing)
        _need(is_able, f"{place}.skills", "is empty; name a skill that some queue needs, or let the group borrow one")
        for n, skill in enumerate(group.skills):
            _need(skill in asked, f"{place}.skills[{n}]", f"{skill!r} is needed by no queue; correct or remove it")
        _need(group.most is None or group.most >= 0, f"{place}.most", "must be 0 or more")
        _need(group.people is None or group.people >= 0, f"{place}.people", "must be 0 or more")
        _need(0 < group.cost <= 1e6, f"{place}.cost", "must be above 0")
    for number, one in enumerate(problem.borrowing):
        _check_borrowing(problem, one, needed, f"borrowing[{number}]")
    held = {skill for group in problem.groups for skill in group.skills} | {one.skill for one in problem.borrowing}
    for number, queue in enumerate(problem.queues if problem.groups else ()):
        has_no_demand = not sum(queue.calls)
        said = f"needs the skill {queue.needs!r}, which no group has; give it to a group"
        _need(has_no_demand or queue.needs in held, f"queues[{number}]", said)


def _check_borrowing(problem: Problem, one: Borrowing, needed: set[str], where: str) -> None:
    group = next((group for group in problem.groups if group.id == one.group), None)
    _need(group is not None, f"{where}.group", f"{one.group!r} is no group; name the id of one of groups")
    _need(one.skill in needed, f"{where}.skill", f"{one.skill!r} is needed by no queue; correct or remove it")
    _need(
        group is None or one.skill not in group.skills, f"{where}.skill", "is the group's own; remove it there or here"
    )
    _need(0 <= one.after_s <= 86_400, f"{where}.after_s", "must be 0 to 86400 s")


def _check_work(problem: Problem) -> None:
    _unique([work.id for work in problem.work], "work")
    for number, work in enumerate(problem.work):
        place = f"work[{number}]"
        same = len(work.arrivals) == problem.intervals
        said = f"has {len(work.arrivals)} intervals of {problem.intervals}; make them equal"
        _need(same, f"{place}.arrivals", said)
        _need(all(0 <= n <= _MOST_CALLS for n in work.arrivals), f"{place}.arrivals", "must be 0 to 1000000 each")
        _check_aht(work.handle_s, f"{place}.handle_s")
        least_h = problem.interval_min / 60
        said = f"must be at least one interval ({least_h:g} hours); what must be done sooner is a queue"
        _need(least_h <= work.deadline_h <= 1e4, f"{place}.deadline_h", said)


def _check_absence(problem: Problem) -> None:
    for number, one in enumerate(problem.shrinkage):
        hint = f"; {one.share:g} looks like per cent, write {one.share / 100:g}" if one.share > 1 else ""
        _need(0 <= one.share < 1, f"shrinkage[{number}].share", f"must be 0 or more and below 1{hint}")
    total = math.fsum(one.share for one in problem.shrinkage)
    _need(total < 0.95, "shrinkage", f"adds up to {total:g}: hardly anybody is left; correct the shares")
    _need(problem.seats is None or problem.seats >= 1, "seats", "must be 1 or more, or left out")


def _check_headcount(problem: Problem, headcount: Headcount) -> None:
    _need(bool(problem.queues), "headcount", "needs queues; write who calls")
    _need(0 < headcount.hours <= 24, "headcount.hours", "must be above 0 and at most 24")
    _need(-0.99 <= headcount.growth <= 100, "headcount.growth", "must be -0.99 to 100; 0.2 is 20 %")
    _need(bool(problem.groups), "groups", "is empty; a fixed headcount needs groups with people")
    for number, group in enumerate(problem.groups):
        _need(group.people is not None, f"groups[{number}].people", "is missing; a fixed headcount needs it")
    groups = {group.id: set(group.skills) for group in problem.groups}
    for number, one in enumerate(headcount.specialisations):
        place = f"headcount.specialisations[{number}]"
        _need(one.group in groups, f"{place}.group", f"{one.group!r} is no group; name the id of one of groups")
        is_part = bool(one.skills) and set(one.skills) <= groups[one.group]
        _need(is_part, f"{place}.skills", "must be some of the group's own skills")
        _need(0.1 <= one.aht_ratio <= 10, f"{place}.aht_ratio", "must be 0.1 to 10; 0.9 is a tenth faster")


def _check_capacity(capacity: Capacity) -> None:
    _check_aht(capacity.aht_s, "capacity.aht_s")
    is_asked = capacity.seats is not None or capacity.calls_per_h is not None
    _need(is_asked, "capacity", "asks nothing; give seats, calls_per_h or both")
    _need(capacity.seats is None or 1 <= capacity.seats <= 100_000, "capacity.seats", "must be 1 to 100000")
    calls = capacity.calls_per_h
    _need(calls is None or 0 < calls <= 1e7, "capacity.calls_per_h", "must be above 0 and at most 10000000")
    _need(0 <= capacity.wrap_up_s < capacity.aht_s, "capacity.wrap_up_s", "must be 0 or more and below aht_s")
    patience_s = capacity.patience_s
    _need(patience_s is None or 0 < patience_s <= 1e6, "capacity.patience_s", "must be above 0 s, or left out")
    _share(capacity.line_blocking, "capacity.line_blocking")
