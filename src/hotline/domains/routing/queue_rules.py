"""What can be wrong with queues by themselves. Pure: no Django, no clock."""

from collections.abc import Iterator, Mapping
from itertools import pairwise

from hotline.domains.routing.findings import Finding, Skills, of_queue, skill_name
from hotline.messages.configuration import QueueConfiguration, RoutingConfiguration

Queues = Mapping[str, QueueConfiguration]
LEVELS, WEIGHTS, SHARES = range(1, 10), range(1, 101), range(10_001)


def check_queues(configuration: RoutingConfiguration, skills: Skills) -> Iterator[Finding]:
    """Everything wrong with each queue, then the circles that several make together."""
    queues = {queue.queue_id: queue for queue in configuration.queues}
    standing: set[tuple[str, str]] = {(skill.tenant_id, skill.kind) for skill in configuration.skills}
    for queue in configuration.queues:
        yield from _check_skills(queue, skills)
        yield from _check_numbers(queue)
        yield from _check_call_backs(queue)
        yield from _check_rings(queue)
        yield from _check_ways(queue, queues)
        yield from _check_attributes(queue, standing)
    yield from _check_circles(queues)


def ways_out(queue: QueueConfiguration) -> tuple[str, ...]:
    """The queues to which contacts of this one go by themselves: overflows, then full, then late."""
    named = (*(overflow.queue_id for overflow in queue.overflows), queue.full_queue_id, queue.late_queue_id)
    return tuple(dict.fromkeys(queue_id for queue_id in named if queue_id is not None))


def pools_named(queue: QueueConfiguration) -> tuple[str, ...]:
    """The shared pools whose agents may take the queue's contacts too: by overflows, then when it is full."""
    named = (*(overflow.pool_id for overflow in queue.overflows), queue.full_pool_id)
    return tuple(dict.fromkeys(pool_id for pool_id in named if pool_id is not None))


def _check_skills(queue: QueueConfiguration, skills: Skills) -> Iterator[Finding]:
    for skill_id, level in (*queue.skills, *queue.preferred):
        found = skills.get(skill_id)
        if found is None or found.tenant_id != queue.tenant_id:
            yield of_queue(
                queue,
                "unknown_skill",
                f"要求的技能 {skill_id} 不存在，请换一个技能或先建立它。",
                f"needs the unknown skill {skill_id}. Choose another or create it.",
            )
        elif level not in LEVELS:
            yield of_queue(
                queue,
                "queue_level",
                f"要求技能“{skill_name(skills, skill_id, 'zh')}”的等级 {level}，请改为 1 到 9。",
                f"asks for level {level} of the skill “{skill_name(skills, skill_id, 'en')}”. Use 1 to 9.",
            )


def _check_numbers(queue: QueueConfiguration) -> Iterator[Finding]:
    if queue.weight not in WEIGHTS:
        yield of_queue(
            queue,
            "queue_weight",
            f"的权重是 {queue.weight}，请改为 1 到 100。",
            f"weighs {queue.weight}. Use 1 to 100.",
        )
    for share in (queue.service_level_target, queue.abandoned_limit or 0):
        if share not in SHARES:
            yield of_queue(
                queue,
                "share_range",
                f"的比例 {share} 超出范围，请使用 0 到 10000（万分之一）。",
                f"has the share {share}, which cannot be. Use 0 to 10000 hundredths of a per cent.",
            )
    if queue.is_emergency and queue.is_background:
        yield of_queue(
            queue,
            "emergency_background",
            "不能既是紧急队列又是后台队列，请只保留一项。",
            "cannot be both an emergency and a background queue. Switch one of them off.",
        )


def _check_call_backs(queue: QueueConfiguration) -> Iterator[Finding]:
    for window in queue.callback_windows:
        if window[0] >= window[1]:
            yield of_queue(
                queue,
                "call_back_window",
                f"的回呼时段 {window_text(window)} 的结束须晚于开始，请改正；跨午夜的时段请分成两段。",
                f"has the call-back window {window_text(window)}. Let it end later than it begins, on the same day.",
            )
        elif not _is_ever_open(queue, window):
            yield of_queue(
                queue,
                "call_back_window_closed",
                f"的回呼时段 {window_text(window)} 全在回呼日历的休息时间，客户选了也不会接到回呼；请修改时段或日历。",
                f"offers the call-back window {window_text(window)}, in which its calendar is never open on a weekday. "
                "Change one of them.",
                "warning",
            )


def _is_ever_open(queue: QueueConfiguration, window: tuple[int, int]) -> bool:
    if queue.callback_calendar is None or not queue.callback_calendar.versions:
        return True
    weekly = queue.callback_calendar.versions[-1].weekly
    return any(begin < window[1] and window[0] < end for day in weekly for begin, end in day)


def window_text(window: tuple[int, int]) -> str:
    """A part of the day as people write it."""
    return "–".join(f"{minutes // 60:02}:{minutes % 60:02}" for minutes in window)


def _check_rings(queue: QueueConfiguration) -> Iterator[Finding]:
    for former, ring in pairwise(queue.rings):
        if ring.after_s <= former.after_s:
            yield of_queue(
                queue,
                "ring_order",
                f"的圈层须按等待时间递增：{former.after_s} 秒之后不能是 {ring.after_s} 秒，请调整顺序或时间。",
                f"has a ring at {ring.after_s} s after the one at {former.after_s} s. Let each ring begin later.",
            )
    if queue.rings and queue.rings[0].after_s > 0:
        yield of_queue(
            queue,
            "ring_start",
            f"在前 {queue.rings[0].after_s} 秒没有人能接，请让第一圈从 0 秒开始。",
            f"has nobody for the first {queue.rings[0].after_s} s. Let the first ring begin at 0 s.",
            "warning",
        )


def _check_ways(queue: QueueConfiguration, queues: Queues) -> Iterator[Finding]:
    for former, overflow in pairwise(queue.overflows):
        if overflow.after_s <= former.after_s:
            yield of_queue(
                queue,
                "overflow_order",
                f"的溢出须按等待时间递增：{former.after_s} 秒之后不能是 {overflow.after_s} 秒，请调整。",
                f"overflows at {overflow.after_s} s after overflowing at {former.after_s} s. Let each come later.",
            )
    for queue_id in ways_out(queue):
        yield from _check_target(queue, queue_id, queues.get(queue_id))
    if any(overflow.queue_id is not None and overflow.after_s < 1 for overflow in queue.overflows):
        yield of_queue(
            queue,
            "overflow_at_once",
            "的溢出须至少等候 1 秒；若应立即进入另一队列，请让流程直接选择该队列。",
            "overflows to another queue after less than a second. Use 1 s or more, or let the flow choose that queue.",
        )
    limits = (
        (queue.full_queue_id or queue.full_pool_id, queue.max_waiting),
        (queue.late_queue_id, queue.max_wait_s),
    )
    if any(target is not None and limit is None for target, limit in limits):
        yield of_queue(
            queue,
            "limit_missing",
            "设置了满员或超时后的去向，却没有设置上限；请填写最多等待人数或最长等待时间。",
            "names a queue for what is too much, and no limit. Give the most waiting or the longest wait.",
            "warning",
        )


def _check_target(queue: QueueConfiguration, queue_id: str, target: QueueConfiguration | None) -> Iterator[Finding]:
    if queue_id == queue.queue_id:
        yield of_queue(
            queue, "overflow_self", "不能溢出到自身，请选择另一个队列。", "cannot overflow to itself. Choose another."
        )
    elif target is None:
        yield of_queue(
            queue,
            "overflow_off",
            f"的去向队列 {queue_id} 不存在或已停用，请启用它或选择另一个队列。",
            f"leads to the queue {queue_id}, which is switched off or gone. Switch it on, or choose another.",
        )
    elif target.tenant_id != queue.tenant_id:
        yield of_queue(
            queue,
            "overflow_foreign",
            "不能溢出到其他租户的队列，请选择本租户的队列。",
            "leads to a queue of another tenant. Choose one of the same tenant.",
        )


def _check_attributes(queue: QueueConfiguration, standing: set[tuple[str, str]]) -> Iterator[Finding]:
    for kind in sorted(queue.attributes):
        if (queue.tenant_id, kind) not in standing:
            yield of_queue(
                queue,
                "attribute_without_skill",
                f"按属性 {kind} 分派，但没有代表该属性的技能；请先建立这类技能。",
                f"routes by {kind}, and no skill stands for one. Create such a skill with its values.",
                "warning",
            )


def _check_circles(queues: Queues) -> Iterator[Finding]:
    """One finding for each circle of ways out, at its first queue by id. Each queue is walked from once."""
    seen: set[frozenset[str]] = set()
    for queue_id in sorted(queues):
        circle = _circle_through(queue_id, queues)
        if len(circle) > 1 and frozenset(circle) not in seen:
            seen.add(frozenset(circle))
            yield _circle_found([queues[one] for one in circle])


def _circle_through(start: str, queues: Queues) -> list[str]:
    """The queues on a shortest way from `start` back to it, or none. Ways to queues that are not there end."""
    came_from: dict[str, str] = {}
    frontier = [start]
    while frontier:
        following = []
        for here in frontier:
            for there in ways_out(queues[here]):
                if there == start:
                    return _way_back(start, here, came_from)
                if there in queues and there not in came_from:
                    came_from[there] = here
                    following.append(there)
        frontier = following
    return []


def _way_back(start: str, last: str, came_from: Mapping[str, str]) -> list[str]:
    way = [last]
    while way[-1] != start:
        way.append(came_from[way[-1]])
    return way[::-1]


def _circle_found(circle: list[QueueConfiguration]) -> Finding:
    zh = "→".join(f"“{queue.name_zh}”" for queue in [*circle[1:], circle[0]])
    en = ", ".join(f"“{queue.name_en}”" for queue in [*circle[1:], circle[0]])
    return of_queue(
        circle[0],
        "overflow_loop",
        f"的溢出形成循环：{zh}；请去掉其中一个去向。",
        f"leads back to itself by {en}: contacts would go round. Take one of these ways away.",
    )
