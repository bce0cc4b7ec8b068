"""What kind of work each queue of a staffing plan is, and which groups of people serve which queues.

What is usual comes from the set-up: a queue's channel, the last plan's settings, people's skills. The planner may say
otherwise, and what was said is checked here."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from datetime import date, timedelta
from statistics import median_low
from typing import Any, Final, Literal
from uuid import UUID

import msgspec
from django.utils import timezone

from hotline.domains.channels import queries as channels
from hotline.domains.contacts import queue_channels
from hotline.domains.people import queries as people
from hotline.domains.workforce import staffing_errors as errors
from hotline.domains.workforce.models import StaffingPlan
from hotline.domains.workforce.planned_people import time_zone
from hotline.domains.workforce.staffing_demand import Part
from hotline.planning.staffing.apart import components
from hotline.planning.staffing.checking import MOST_CONCURRENCY, MOST_QUEUES

Kind = Literal["calls", "chats", "letters"]
_KINDS: Final[dict[str, Kind]] = {"chat": "chats", "sms": "chats", "email": "letters", "letter": "letters"}
_VOICE, _CHAT = "voice", "chat"
_LIVE: Final = {"calls": ("voice", "counter"), "chats": ("chat", "sms")}  # channels as the simulation plays them
_AT_ONCE: Final = 3  # chats, where nobody's set-up says
_DEADLINE_H: Final = {"email": 24.0, "letter": 72.0}
_USUAL_DEADLINE_H: Final = 24.0
_CHANNEL_DAYS: Final = 28


class QueueWork(msgspec.Struct, frozen=True, kw_only=True):
    """A queue's kind of work: calls; chats, of which one person holds `concurrency` at once; letters, done within
    `deadline_h`."""

    kind: Kind
    channel: str
    concurrency: int = 1
    deadline_h: float | None = None


class AskedWork(msgspec.Struct, frozen=True, kw_only=True):
    """What the planner says of a queue."""

    queue_id: UUID
    kind: Kind
    concurrency: int | None = None
    deadline_h: float | None = None


class StaffGroup(msgspec.Struct, frozen=True, kw_only=True):
    """People who serve the same parts of the plan, by their ids: how many there are, and at most are planned (none: as
    many as are needed)."""

    parts: list[str]
    people: int = 0
    most: int | None = None


def work_of(tenant_id: UUID, parts: Sequence[Part], asked: Iterable[AskedWork], interval_min: int) -> dict[str, Any]:
    """Each queue's kind of work by its id: as asked, as in the tenant's last plan, or as is usual for its channel.

    Raises StaffingQueueUnknownError, StaffingQueueTwiceError, ChatConcurrencyError, LetterDeadlineError."""
    found = usual_work(tenant_id, parts)
    named: set[str] = set()
    for one in asked:
        id = str(one.queue_id)
        if id not in found:
            raise errors.StaffingQueueUnknownError(queue=id)
        if id in named:
            raise errors.StaffingQueueTwiceError(queue=_name(parts, id))
        named.add(id)
        found[id] = _checked(one, found[id].channel, _name(parts, id), interval_min)
    return found


def usual_work(tenant_id: UUID, parts: Sequence[Part]) -> dict[str, QueueWork]:
    """Each queue's kind of work where nobody says otherwise; needs a scope."""
    now = timezone.now()
    set_up = channels.channels_of_queues(tenant_id)
    seen = queue_channels.usual_channels(tenant_id, now - timedelta(days=_CHANNEL_DAYS), now)
    last = _last_work(tenant_id)
    agents = [agent for agent in people.planned_agents(now) if agent.tenant_id == str(tenant_id) and agent.is_active]
    found = {}
    for part in parts:
        id = part.queue.queue_id
        channel = seen.get(id) or set_up.get(id) or _VOICE
        found[id] = last.get(id) or _usual(channel, [one for one in agents if _serves(one, part, now.date())])
    return found


def usual_groups(tenant_id: UUID, parts: Sequence[Part], day: date) -> list[StaffGroup]:
    """The tenant's people by the parts that they can serve on that day; needs a scope.

    Of those who serve several there are no more than there are; where nobody serves a part, newcomers would."""
    counts: Counter[tuple[str, ...]] = Counter()
    for agent in people.planned_agents(timezone.now()):
        if agent.tenant_id == str(tenant_id) and agent.is_active:
            counts[tuple(part.id for part in parts if _serves(agent, part, day))] += 1
    found = [
        StaffGroup(parts=list(served), people=many, most=many if len(served) > 1 else None)
        for served, many in sorted(counts.items(), key=lambda item: (len(item[0]), item[0]))
        if served
    ]
    known = {id for group in found for id in group.parts}
    return found + [StaffGroup(parts=[part.id]) for part in parts if part.id not in known]


def check_groups(groups: Sequence[StaffGroup], parts: Sequence[Part], work: dict[str, QueueWork]) -> None:
    """Letters are done by whoever holds their skill: groups may name them or not.

    Raises StaffingGroupEmptyError, NobodyServesError, PoolTooLargeError, ChatsDifferError."""
    for number, group in enumerate(groups, 1):
        if not group.parts or not set(group.parts) <= {part.id for part in parts}:
            raise errors.StaffingGroupEmptyError(number=number)
    live = live_parts(parts, work)
    served = {id for group in groups if group.most != 0 for id in group.parts}
    for part in live:
        if part.id not in served:
            raise errors.NobodyServesError(queue=_name(parts, part.queue.queue_id))
    ids = {part.id for part in live}
    for pool in components([frozenset(group.parts) & ids for group in groups]):
        if len(pool) > MOST_QUEUES:
            raise errors.PoolTooLargeError(queues=len(pool), most=MOST_QUEUES)
        _check_chats([part for part in live if part.id in pool], work)


def live_parts(parts: Sequence[Part], work: dict[str, QueueWork]) -> list[Part]:
    """Those whose customers wait: calls and chats."""
    return [part for part in parts if work[part.queue.queue_id].kind != "letters"]


def played_channel(work: QueueWork) -> str:
    """The channel as which the simulation plays it."""
    possible = _LIVE[work.kind]
    return work.channel if work.channel in possible else possible[0]


def kept_work(plan: StaffingPlan) -> dict[str, QueueWork]:
    """What the plan was asked with, by queue; nothing of plans made before there was more than one kind of work."""
    return msgspec.convert(plan.basis.get("queues", {}), dict[str, QueueWork])


def kept_groups(plan: StaffingPlan) -> list[StaffGroup]:
    """The groups that share queues in the plan; none where each queue has a team of its own."""
    return msgspec.convert(plan.basis.get("groups", []), list[StaffGroup])


def zone_of(plan: StaffingPlan) -> str:
    """The zone whose days are the plan's: the tenant's when it was asked for."""
    return plan.basis.get("zone") or str(time_zone(plan.tenant_id))


def _last_work(tenant_id: UUID) -> dict[str, QueueWork]:
    rows = StaffingPlan.objects.filter(tenant_id=tenant_id).exclude(basis={}).order_by("-id")
    last = rows.only("basis").first()
    return {} if last is None else kept_work(last)


def _usual(channel: str, agents: Sequence[people.PlannedAgent]) -> QueueWork:
    kind = _KINDS.get(channel, "calls")
    if kind == "chats":
        held = [agent.capacity[channel] for agent in agents if agent.capacity.get(channel)]
        return QueueWork(kind=kind, channel=channel, concurrency=median_low(held) if held else _AT_ONCE)
    if kind == "letters":
        return QueueWork(kind=kind, channel=channel, deadline_h=_DEADLINE_H.get(channel, _USUAL_DEADLINE_H))
    return QueueWork(kind=kind, channel=channel)


def _serves(agent: people.PlannedAgent, part: Part, day: date) -> bool:
    held = {skill: level for skill, level, until in agent.skills if until is None or until >= day}
    return all(held.get(skill, 0) >= level for skill, level in part.levels.items())


def _checked(one: AskedWork, channel: str, name: str, interval_min: int) -> QueueWork:
    if one.kind == "chats":
        if one.concurrency is None or not 1 <= one.concurrency <= MOST_CONCURRENCY:
            raise errors.ChatConcurrencyError(queue=name, most=MOST_CONCURRENCY)
        return QueueWork(kind=one.kind, channel=channel, concurrency=one.concurrency)
    if one.kind == "letters":
        if one.deadline_h is None or one.deadline_h * 60 < interval_min:
            raise errors.LetterDeadlineError(queue=name)
        return QueueWork(kind=one.kind, channel=channel, deadline_h=one.deadline_h)
    return QueueWork(kind=one.kind, channel=channel)


def _check_chats(parts: Collection[Part], work: dict[str, QueueWork]) -> None:
    """One agent holds one number of contacts of a channel."""
    of_channel: dict[str, int] = {}
    for part in parts:
        one = work[part.queue.queue_id]
        other = of_channel.setdefault(played_channel(one), one.concurrency)
        if other != one.concurrency:
            name = _name(parts, part.queue.queue_id)
            raise errors.ChatsDifferError(queue=name, one=one.concurrency, other=other)


def _name(parts: Collection[Part], queue_id: str) -> str:
    return next((part.queue.code for part in parts if part.queue.queue_id == queue_id), queue_id)
