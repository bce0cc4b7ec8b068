"""Floor and wallboard: counts kept as agents and contacts change, documents made when somebody watches.

A change is only noted when it is told of, and counted when figures are next wanted: boards leave in a rhythm, so there
all that has changed since is counted in one go, and a commit need not wait for it.

Every figure is derived from the engine's state, never from the events themselves: events only say whom to look at
again. So what is shown after any history equals what a fresh start would show (tested)."""

from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple

from hotline.engine.admission import language_of
from hotline.engine.alarm_levels import target
from hotline.engine.views import AgentView, ContactView
from hotline.live.gateway.levels import Levels
from hotline.live.gateway.steering import SHOWN_STATES, Steering
from hotline.live.gateway.streams import Document, Documents
from hotline.live.switch.state import RoutingState
from hotline.messages.configuration import QueueConfiguration

_NOT_ANSWERED = ("waiting", "proposed")
_KINDS = {
    "wallboard": ("queue", "total", "alarm"),
    "floor": ("queue", "total", "alarm", "agent", "waiting", "site", "seat", "tier", "callback"),
    "alarms": ("alarm",),
}
_SECOND_MS = 1_000
_INTERVAL_MS = 15 * 60 * _SECOND_MS


class Boards:
    """The board documents of one switch. `agents` are the present views, kept by who calls `agent_changed`; `names`
    those of users."""

    def __init__(
        self, state: RoutingState, agents: Mapping[str, AgentView], names: Mapping[str, str], now_ms: int
    ) -> None:
        self._router, self._levels, self._agents = state.router, Levels(state.tally), agents
        self._alarms, self._waits, self._names = state.alarms, state.waits, names
        self._steering = Steering(state.router, state.marks, names)
        self._counted: dict[str, _Counted] = {}
        self._by_queues: dict[tuple[str, ...], Counter[str]] = {}  # agents of equal queues, by state
        self._by_tenants: dict[tuple[str, ...], Counter[str]] = {}  # and of equal tenants
        self._groups_of: dict[str, list[Counter[str]]] = {}  # queue or tenant -> groups that serve it
        self._dirty_groups: dict[tuple[str, tuple[str, ...]], None] = {}
        self._waiting: dict[str, dict[str, ContactView]] = {}  # by queue
        self._queue_of: dict[str, str] = {}  # of each who waits
        self._seat_of: dict[str, str] = {}  # of each agent who has one
        self._dirty: dict[str, None] = {}
        self._uncounted_agents: dict[str, None] = dict.fromkeys(agents)
        self._uncounted_contacts: dict[str, ContactView | None] = {}
        self._looked_ms = now_ms
        for contact in self._router.contacts():
            self.contact_changed(contact.contact_id, contact)

    # --- what changed ---

    def configured(self) -> None:
        """Look at every queue and alarm again; agents are told of one by one."""
        self.alarms_changed()
        self._dirty |= dict.fromkeys(self._steering.keys())
        self._steering.configured()
        self._dirty |= dict.fromkeys(self._steering.keys())
        shown = [queue_id for queue_ids in self._by_queues for queue_id in queue_ids]
        for queue_id in {**self._router.queue_configurations(), **dict.fromkeys(shown)}:
            self._queue_changed(queue_id)

    def agent_changed(self, agent_id: str) -> None:
        self._uncounted_agents[agent_id] = None

    def contact_changed(self, contact_id: str, contact: ContactView | None) -> None:
        self._uncounted_contacts[contact_id] = contact
        if contact is not None:
            self._queue_changed(contact.queue_id)  # it may have left it again when it is counted

    def _count_changed(self) -> None:
        """Count what has changed since the last time."""
        contacts, self._uncounted_contacts = self._uncounted_contacts, {}
        for contact_id, contact in contacts.items():
            self._count_contact(contact_id, contact)
        agent_ids, self._uncounted_agents = self._uncounted_agents, {}
        for agent_id in agent_ids:
            self._count_agent(agent_id)

    def _count_agent(self, agent_id: str) -> None:
        """Count the agent as they are now."""
        former, agent = self._counted.get(agent_id), self._agents.get(agent_id)
        configured = self._router.agent_configurations().get(agent_id)
        self._dirty[f"agent/{agent_id}"] = None
        seat_id, former_seat = self._router.seating.seat_of(agent_id), self._seat_of.get(agent_id)
        if seat_id != former_seat:
            self._seat_changed(agent_id, former_seat, seat_id)
        present = None
        if agent is not None and configured is not None:
            present = _Counted(agent.state, agent.queue_ids, configured.tenant_ids, self._router.site_of(agent_id))
        if present == former:
            return
        if former is not None:
            self._count(former, -1)
            del self._counted[agent_id]
        if present is not None:
            self._count(present, +1)
            self._counted[agent_id] = present

    def _seat_changed(self, agent_id: str, former: str | None, seat_id: str | None) -> None:
        self._dirty |= dict.fromkeys(self._steering.seat_keys(former, seat_id))
        if seat_id is None:
            del self._seat_of[agent_id]
        else:
            self._seat_of[agent_id] = seat_id

    def _count(self, counted: "_Counted", by: int) -> None:
        """In the group of those who serve the same: how many queues that are costs nothing here."""
        for kind, groups, served in (
            ("queue", self._by_queues, counted.queue_ids),
            ("total", self._by_tenants, counted.tenant_ids),
        ):
            group = groups.get(served)
            if group is None:
                group = groups[served] = Counter()
                for id_ in served:
                    self._groups_of.setdefault(f"{kind}/{id_}", []).append(group)
            group[counted.state] += by
            self._dirty_groups[kind, served] = None
        if site := self._steering.count(counted.site_id, counted.tenant_ids, counted.state, by):
            self._dirty[site] = None

    def _count_contact(self, contact_id: str, contact: ContactView | None) -> None:
        if callback := self._steering.contact_changed(contact_id, contact):
            self._dirty[callback] = None
        former = self._queue_of.pop(contact_id, None)
        if former is not None:
            del self._waiting[former][contact_id]
            self._queue_changed(former)
        self._dirty[f"waiting/{contact_id}"] = None
        if contact is not None and contact.stage in _NOT_ANSWERED:
            self._queue_of[contact_id] = contact.queue_id
            self._waiting.setdefault(contact.queue_id, {})[contact_id] = contact

    def asked(self, queue_id: str) -> None:
        """Somebody has asked: counted also when they were turned away at once and so never waited."""
        self._queue_changed(queue_id)

    def steered(self, key: str) -> None:
        """A site or a queue was marked."""
        self._dirty[key] = None

    def seat_marked(self, seat_id: str) -> None:
        """A seat is out of order, or usable again."""
        self._dirty |= dict.fromkeys(self._steering.seat_keys(seat_id))

    def names_changed(self) -> None:
        """Somebody may be named who was not before."""
        self.alarms_changed()
        self._dirty |= dict.fromkeys(self._steering.marked_keys())

    def tier_moved(self, tier_id: str) -> tuple[str, ...]:
        """A reserve team was called, works or stands down; its agents."""
        self._dirty[f"tier/{tier_id}"] = None
        self._steering.tiers_moved()
        return self._steering.members_of(tier_id)

    def reserves_of(self, agent_id: str) -> list[Document]:
        """The called reserve teams to which the agent belongs."""
        return self._steering.reserves_of(agent_id)

    def alarm_changed(self, alarm_id: str) -> None:
        self._dirty[f"alarm/{alarm_id}"] = None

    def alarms_changed(self) -> None:
        """All may read otherwise: somebody is named, time has passed, a queue was changed."""
        for alarm in self._alarms.open():
            self.alarm_changed(alarm.alarm_id)

    def _queue_changed(self, queue_id: str) -> None:
        self._dirty[f"queue/{queue_id}"] = None
        queue = self._router.queue_configurations().get(queue_id)
        if queue is not None:
            self._dirty[f"total/{queue.tenant_id}"] = None

    def take_dirty(self, now_ms: int) -> list[str]:
        """Keys whose documents may have changed since the last call, also because time has passed."""
        self._count_changed()
        if now_ms // _INTERVAL_MS != self._looked_ms // _INTERVAL_MS:
            self.configured()  # another interval, perhaps another day
        elif now_ms // _SECOND_MS != self._looked_ms // _SECOND_MS:
            for queue_id, contacts in self._waiting.items():
                if contacts:
                    self._queue_changed(queue_id)  # somebody may have waited past the threshold
            self.alarms_changed()  # their 15 minutes have moved on
        self._looked_ms = now_ms
        for alarm in self._alarms.open():
            if f"queue/{alarm.queue_id}" in self._dirty:
                self.alarm_changed(alarm.alarm_id)  # who asks or is answered changes the figure within the second
        for kind, served in self._dirty_groups:
            self._dirty |= dict.fromkeys(f"{kind}/{id_}" for id_ in served)
        self._dirty_groups.clear()
        dirty, self._dirty = list(self._dirty), {}
        return dirty

    # --- documents ---

    def documents(self, boards: tuple[str, ...], tenant_ids: frozenset[str], now_ms: int) -> Documents:
        """All documents of these boards that somebody of these tenants may see."""
        self._count_changed()
        keys = (
            *(f"queue/{queue_id}" for queue_id in self._router.queue_configurations()),
            *(f"total/{tenant_id}" for tenant_id in tenant_ids),
            *(f"agent/{agent_id}" for agent_id in self._agents),
            *(f"waiting/{contact_id}" for contact_id in self._queue_of),
            *(f"alarm/{alarm.alarm_id}" for alarm in self._alarms.open()),
            *self._steering.keys(),
        )
        found = ((key, self.document(key, boards, tenant_ids, now_ms)) for key in keys)
        return {key: document for key, document in found if document is not None}

    def document(self, key: str, boards: tuple[str, ...], tenant_ids: frozenset[str], now_ms: int) -> Document | None:
        """One document, None when there is none or it is not for these eyes."""
        kind, _, id_ = key.partition("/")
        if not any(kind in _KINDS[board] for board in boards):
            return None
        if kind == "queue":
            return self._queue(id_, tenant_ids, now_ms)
        if kind == "total":
            return self._total(id_, now_ms) if id_ in tenant_ids else None
        if kind == "agent":
            return self._agent(id_, tenant_ids)
        if kind == "alarm":
            return self._alarm(id_, tenant_ids, now_ms)
        if kind == "waiting":
            return self._waiting_contact(id_, tenant_ids)
        return self._steering.document(kind, id_, tenant_ids)

    def _queue(self, queue_id: str, tenant_ids: frozenset[str], now_ms: int) -> Document | None:
        queue = self._router.queue_configurations().get(queue_id)
        if queue is None or queue.tenant_id not in tenant_ids:
            return None
        return {
            "queue_id": queue_id,
            "tenant_id": queue.tenant_id,
            "name": {"zh": queue.name_zh, "en": queue.name_en},
            "target": queue.service_level_target,
            "threshold_s": queue.service_level_s,
            "agents": self._shown(f"queue/{queue_id}"),
            "expected_wait_s": self._waits.expected_s(queue_id, len(self._waiting.get(queue_id, {})) + 1),
            "expected_wait_error_s": self._waits.error_s(queue_id),
            **self._steering.disaster_of(queue_id),
            **self._figures([queue], now_ms),
        }

    def _total(self, tenant_id: str, now_ms: int) -> Document | None:
        queues = [one for one in self._router.queue_configurations().values() if one.tenant_id == tenant_id]
        if not queues:
            return None
        return {
            "tenant_id": tenant_id,
            "target": _common([queue.service_level_target for queue in queues]),
            "threshold_s": _common([queue.service_level_s for queue in queues]),
            "agents": self._shown(f"total/{tenant_id}"),
            **self._figures(queues, now_ms),
        }

    def _shown(self, key: str) -> dict[str, int]:
        groups = self._groups_of.get(key, ())
        return {state: sum(group[state] for group in groups) for state in SHOWN_STATES}

    def _figures(self, queues: list[QueueConfiguration], now_ms: int) -> Document:
        waiting = [one for queue in queues for one in self._waiting.get(queue.queue_id, {}).values()]
        interval, today = self._levels.of(queues, now_ms)
        return {
            "waiting": len(waiting),
            "longest_asked_ms": min((one.asked_at_ms for one in waiting), default=None),
            "service_level_interval": {"answered_in_time": interval.answered_in_time, "asked": interval.asked},
            "service_level_today": {"answered_in_time": today.answered_in_time, "asked": today.asked},
            "asked_today": today.everybody,
            "abandoned_today": today.abandoned,
            "blocked_lately": sum(self._alarms.blocked(queue.queue_id, now_ms).answered_in_time for queue in queues),
            "is_simulated": any(one.details.is_simulated for one in waiting),
        }

    def _agent(self, agent_id: str, tenant_ids: frozenset[str]) -> Document | None:
        """What a viewer of these tenants sees; work for other tenants shows as a state only."""
        configured, agent = self._router.agent_configurations().get(agent_id), self._agents.get(agent_id)
        if configured is None or agent is None or tenant_ids.isdisjoint(configured.tenant_ids):
            return None
        contact = self._work_of(agent, tenant_ids)
        watched = [one for one in self._router.monitorings() if contact and one.contact_id == contact.contact_id]
        return {
            "agent_id": agent_id,
            "name": configured.name,
            "team_id": configured.team_id,
            "site_id": self._router.site_of(agent_id),
            "seat_id": self._router.seating.seat_of(agent_id),
            "tenant_ids": sorted(tenant_ids.intersection(configured.tenant_ids)),
            "state": agent.state,
            "reason": agent.reason,
            "since_ms": agent.since_ms,
            "contact_id": contact.contact_id if contact else None,
            "queue_id": contact.queue_id if contact else None,
            "is_simulated": configured.device == "simulated" or bool(contact and contact.details.is_simulated),
            "monitoring": [
                {"monitoring_id": one.monitoring_id, "supervisor_id": one.supervisor_id, "mode": one.mode}
                for one in watched
            ],
        }

    def _work_of(self, agent: AgentView, tenant_ids: frozenset[str]) -> ContactView | None:
        """Of the contacts in hand, else of the one offered, the call, else the first; another tenant's do not count."""
        contact_ids = agent.contact_ids
        if not contact_ids and agent.offer_ids:
            offer = self._router.offer(agent.offer_ids[0])
            contact_ids = (offer.contact_id,) if offer is not None else ()
        found = [contact for contact in map(self._router.contact, contact_ids) if contact is not None]
        own = [contact for contact in found if contact.details.tenant_id in tenant_ids]
        return next((contact for contact in own if contact.details.channel == "voice"), own[0] if own else None)

    def _waiting_contact(self, contact_id: str, tenant_ids: frozenset[str]) -> Document | None:
        contact = self._waiting.get(self._queue_of.get(contact_id, ""), {}).get(contact_id)
        if contact is None or contact.details.tenant_id not in tenant_ids:
            return None
        return {
            "contact_id": contact_id,
            "channel": contact.details.channel,
            "tenant_id": contact.details.tenant_id,
            "queue_id": contact.queue_id,
            "asked_ms": contact.asked_at_ms,
            "priority": contact.details.priority,
            "language": language_of(contact.details),
            "customer_id": contact.details.customer_id,
            "is_offered": contact.stage == "proposed",
            "is_simulated": contact.details.is_simulated,
        }

    def _alarm(self, alarm_id: str, tenant_ids: frozenset[str], now_ms: int) -> Document | None:
        alarm = self._alarms.alarm(alarm_id)
        if alarm is None or alarm.tenant_id not in tenant_ids:
            return None
        queue = self._router.queue_configurations().get(alarm.queue_id)
        if queue is None:
            return None
        level = self._alarms.figure(alarm.kind, alarm.queue_id, now_ms)
        return {
            "alarm_id": alarm_id,
            "tenant_id": alarm.tenant_id,
            "queue_id": alarm.queue_id,
            "queue_name": {"zh": queue.name_zh, "en": queue.name_en},
            "kind": alarm.kind,
            "since_ms": alarm.below_since_ms,
            "raised_ms": alarm.raised_ms,
            "level": {"answered_in_time": level.answered_in_time, "asked": level.counted},
            "target": target(alarm.kind, queue),
            "threshold_s": queue.service_level_s,
            "owner_id": alarm.owner_id,
            "owner_name": self._names.get(alarm.owner_id) if alarm.owner_id else None,
            "acknowledged_ms": alarm.acknowledged_ms,
            "silence_reason": alarm.silence_reason,
            "is_simulated": alarm.is_simulated,
        }


class _Counted(NamedTuple):
    """How an agent is counted at present."""

    state: str
    queue_ids: tuple[str, ...]
    tenant_ids: tuple[str, ...]
    site_id: str | None


def _common(values: list[int]) -> int | None:
    return values[0] if len(set(values)) == 1 else None
