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
from hotline.domains.routing import queries as routing
from hotline.domains.workforce import staffing_errors as errors
from hotline.domains.workforce.models import StaffingPlan
from hotline.domains.workforce.planned_people import time_zone
from hotline.domains.workforce.staffing_demand import Part
from hotline.domains.workforce.staffing_rings import Way, served_after, ways_out
from hotline.messages.configuration import QueueConfiguration
from hotline.planning.staffing.apart import components
from hotline.planning.staffing.checking import MOST_CONCURRENCY, MOST_QUEUES

Kind = Literal["calls", "chats", "letters"]
_KINDS: Final[dict[str, Kind]] = {
    "chat": "chats",
    "sms": "chats",
    "email": "letters",
    "letter": "letters",
    "form": "letters",
}
_VOICE, _CHAT = "voice", "chat"
_LIVE: Final = {"calls": ("voice", "counter"), "chats": ("chat", "sms")}  # channels as the simulation plays them
_AT_ONCE: Final = 3  # chats, where nobody's set-up says
_DEADLINE_H: Final = {"email": 24.0, "letter": 72.0, "form": 24.0}
_USUAL_DEADLINE_H: Final = 24.0
_CHANNEL_DAYS: Final = 28
_MOST_WAIT_S: Final = 86_400


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
    """People who serve the same parts of the plan, by their ids, and others `later`: once a customer has waited so many
    seconds. How many there are, and at most are planned (none: as many as are needed)."""

    parts: list[str]
    later: dict[str, int] = {}
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
    """The tenant's people by the parts that they can serve on that day, and from what wait on by the queues' rings;
    needs a scope.

    Of those who serve several there are no more than there are; where nobody serves a part, newcomers would."""
    rules, teams = _rules(tenant_id), people.further_teams()
    counts: Counter[tuple[tuple[str, int], ...]] = Counter()
    for agent in people.planned_agents(timezone.now()):
        if agent.tenant_id == str(tenant_id) and agent.is_active:
            held, own = _held(agent, day), {*teams.get(agent.agent_id, ()), agent.team_id or ""}
            waits = [
                (one.id, served_after(rules.get(one.queue.queue_id), one.levels, held, own, agent.site_id))
                for one in parts
            ]
            counts[tuple((id, after_s) for id, after_s in waits if after_s is not None)] += 1
    found = [_usual_group(served, many) for served, many in counts.items() if served]
    found.sort(key=lambda group: (len(group.parts) + len(group.later), group.parts, sorted(group.later.items())))
    known = {id for group in found for id in group.parts}
    return found + [StaffGroup(parts=[part.id]) for part in parts if part.id not in known]


def _usual_group(served: Iterable[tuple[str, int]], many: int) -> StaffGroup:
    parts = [id for id, after_s in served if not after_s]
    later = {id: after_s for id, after_s in served if after_s}
    return StaffGroup(parts=parts, later=later, people=many, most=None if len(parts) == 1 and not later else many)


def usual_ways(
    tenant_id: UUID, groups: Sequence[StaffGroup], parts: Sequence[Part], work: dict[str, QueueWork]
) -> list[Way]:
    """Where contacts of the plan's parts go when they have waited too long or the queue is full, as it is set up; needs
    a scope.

    Of brands that a queue tells apart, to the same skill there. What would join more queues than can be played
    together, or chats of which one person holds different numbers, is left out."""
    live = live_parts(parts, work)
    of_queue: dict[str, list[Part]] = {}
    for part in live:
        of_queue.setdefault(part.queue.queue_id, []).append(part)
    rules = _rules(tenant_id)
    found: list[Way] = []
    for part in live:
        rule = rules.get(part.queue.queue_id)
        for queue_id, after_s in ways_out(rule) if rule is not None else ():
            is_apart = (
                after_s is None and len(of_queue[part.queue.queue_id]) > 1
            )  # the line is the queue's, not a brand's
            target = _same_skill(of_queue.get(queue_id, ()), part.skill)
            if target is None or is_apart:
                continue
            way = Way(part=part.id, to=target.id, after_s=after_s)
            if _can_be_played(_pools(groups, [*found, way], live), live, work):
                found.append(way)
    return found


def _same_skill(parts: Sequence[Part], skill: str) -> Part | None:
    """The queue's part with that skill, or its largest."""
    return next((one for one in parts if one.skill == skill), max(parts, key=lambda one: one.calls.sum(), default=None))


def _can_be_played(pools: Iterable[frozenset[str]], live: Sequence[Part], work: dict[str, QueueWork]) -> bool:
    for pool in pools:
        if len(pool) > MOST_QUEUES:
            return False
        at_once = {(played_channel(one), one.concurrency) for one in (work[id.partition("/")[0]] for id in pool)}
        if len({channel for channel, _ in at_once}) < len(at_once):
            return False
    return True


def _pools(groups: Sequence[StaffGroup], ways: Sequence[Way], live: Sequence[Part]) -> list[frozenset[str]]:
    """The parts that are played together: some people serve them, or customers move between them."""
    ids = frozenset(part.id for part in live)
    sets = [ids.intersection([*group.parts, *group.later]) for group in groups]
    return components([*(one for one in sets if one), *(frozenset({way.part, way.to}) for way in ways)])


def check_groups(groups: Sequence[StaffGroup], parts: Sequence[Part], work: dict[str, QueueWork]) -> None:
    """Letters are done by whoever holds their skill: groups may name them or not.

    Raises StaffingGroupEmptyError, StaffingLaterError, NobodyServesError, PoolTooLargeError, ChatsDifferError."""
    known = {part.id for part in parts}
    for number, group in enumerate(groups, 1):
        named = {*group.parts, *group.later}
        if not named or not named <= known:
            raise errors.StaffingGroupEmptyError(number=number)
        if set(group.parts) & set(group.later) or not all(
            0 < after_s <= _MOST_WAIT_S for after_s in group.later.values()
        ):
            raise errors.StaffingLaterError(number=number)
    live = live_parts(parts, work)
    served = {id for group in groups if group.most != 0 for id in (*group.parts, *group.later)}
    for part in live:
        if part.id not in served:
            raise errors.NobodyServesError(queue=_name(parts, part.queue.queue_id))
    for pool in _pools(groups, (), live):
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


def kept_ways(plan: StaffingPlan) -> list[Way]:
    """Where customers who wait too long go in the plan; none of plans made before that was played."""
    return msgspec.convert(plan.basis.get("ways", []), list[Way])


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


def _rules(tenant_id: UUID) -> dict[str, QueueConfiguration]:
    """The queues as the switch knows them, by id."""
    return {rule.queue_id: rule for rule in routing.waiting_rules() if rule.tenant_id == str(tenant_id)}


def _held(agent: people.PlannedAgent, day: date) -> dict[str, int]:
    """The levels of the skills that the person has on that day."""
    return {skill: level for skill, level, until in agent.skills if until is None or until >= day}


def _serves(agent: people.PlannedAgent, part: Part, day: date) -> bool:
    held = _held(agent, day)
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
