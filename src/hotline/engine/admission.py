"""What an arriving contact is worth and needs: attributes become needed or preferred skills, rules give points, who was
cut off has the old place in that queue, who knows the customer is waited for. In texts; the core gets the outcome."""

import msgspec

from hotline.engine.callers import Callers
from hotline.engine.missed import Missed
from hotline.messages import routing as m
from hotline.messages.configuration import QueueConfiguration, RoutingConfiguration

_NONE: tuple[m.SkillNeed, ...] = ()
_FLAGS = ("vip",)  # what one is or is not: whatever value a rule names for it, there is only one

Rule = tuple[str, str, str]  # tenant, kind, value


class Admission:
    """The rules of the configuration, by what they are asked for, and who was not served to the end lately."""

    __slots__ = ("_keep_ms", "_points", "_repeats", "_skills", "callers")

    def __init__(self) -> None:
        self._skills: dict[Rule, str] = {}
        self._points: dict[Rule, int] = {}
        self._repeats: dict[str, list[tuple[int, int]]] = {}  # tenant -> (within_ms, points)
        self._keep_ms = 0  # for how long some rule looks back
        self.callers = Callers()

    def configure(self, configuration: RoutingConfiguration) -> None:
        """Take over the rules."""
        self._skills = {
            (skill.tenant_id, skill.kind, value): skill.skill_id
            for skill in configuration.skills
            for value in skill.values
        }
        self._points = {}
        self._repeats = {}
        for rule in configuration.priorities:
            if rule.kind == "repeat":
                self._repeats.setdefault(rule.tenant_id, []).append((rule.within_s * 1000, rule.points))
            else:
                key = (rule.tenant_id, rule.kind, "" if rule.kind in _FLAGS else rule.value)
                self._points[key] = self._points.get(key, 0) + rule.points
        windows_ms = [queue.reclaim_s * 1000 for queue in configuration.queues]
        windows_ms += [within_ms for repeats in self._repeats.values() for within_ms, _ in repeats]
        self._keep_ms = max(windows_ms, default=0)
        if not self._keep_ms:
            self.callers.forget_all()

    def admit(self, command: m.EnqueueContact, queue: QueueConfiguration, at: int) -> m.ContactQueued:
        """The event of the contact's asking, with everything that the rules give it."""
        needs, preferred = command.needs, _NONE
        if queue.attributes:
            needs, preferred = self._wanted_skills(command, needs, queue)
        cut_off = self._cut_off(command, queue, at) if queue.reclaim_s else None
        points = self._points_of(command, at) if self._points or self._repeats else {}
        asked = m.ContactQueued(
            command.contact_id,
            command.tenant_id,
            command.queue_id,
            command.node_id,
            command.asked_at_ms,
            command.arrived_at_ms,
            command.channel,
            command.entry_point_id,
            command.language,
            command.priority + sum(points.values()) if points else command.priority,
            command.customer_id,
            command.menu_path,
            needs,
            command.is_simulated,
            at_ms=at,
            command_id=command.command_id,
            attributes=command.attributes,
            preferred=preferred,
            place_ms=min(cut_off.place_ms, command.asked_at_ms) if cut_off is not None else None,
            caller_ref=command.caller_ref,
            points=points,
            pending_callback=command.pending_callback,
            by_attributes=len(needs) - len(command.needs),
        )
        wanted, cause = command.wanted_agent_id, command.wanted_cause
        if cut_off is not None and cut_off.agent_id is not None and (wanted is None or cause != "key_account"):
            wanted, cause = cut_off.agent_id, "last_agent"
        return asked if wanted is None else _waiting_for(asked, wanted, cause, queue)

    def _points_of(self, command: m.EnqueueContact, at: int) -> dict[str, int]:
        """By kind of rule, those that give any."""
        points: dict[str, int] = {}
        if self._points:
            for kind, value in (*command.attributes.items(), ("language", command.language)):
                given = self._points.get((command.tenant_id, kind, "" if kind in _FLAGS else value), 0)
                if given:
                    points[kind] = given
        repeats = self._repeats.get(command.tenant_id)
        missed = self._missed(command) if repeats else None
        if repeats and missed is not None and not self.callers.is_of(_key_of(command), command.contact_id):
            given = max((points for within_ms, points in repeats if at - missed.over_ms <= within_ms), default=0)
            if given:
                points["repeat"] = given
        return points

    def wishes_in(
        self, asked: m.ContactQueued, queue: QueueConfiguration
    ) -> tuple[tuple[m.SkillNeed, ...], tuple[m.SkillNeed, ...]]:
        """What a contact that asked elsewhere needs and prefers in this queue: its own needs, and what the queue makes
        of its attributes. One of an older log, which does not tell them apart, keeps all that it needed."""
        return self._wanted_skills(asked, asked.needs[: len(asked.needs) - asked.by_attributes], queue)

    def _wanted_skills(
        self, asked: m.EnqueueContact | m.ContactQueued, needs: tuple[m.SkillNeed, ...], queue: QueueConfiguration
    ) -> tuple[tuple[m.SkillNeed, ...], tuple[m.SkillNeed, ...]]:
        """What must be held, and what is preferred. An attribute for which there is no skill asks for none."""
        preferred: tuple[m.SkillNeed, ...] = ()
        for kind, insistence in queue.attributes.items():
            value = asked.language if kind == "language" else asked.attributes.get(kind, "")
            skill_id = self._skills.get((asked.tenant_id, kind, value))
            if skill_id is None:
                continue
            if insistence == "required":
                needs = (*needs, m.SkillNeed(skill_id))
            else:
                preferred = (*preferred, m.SkillNeed(skill_id))
        return needs, preferred

    def _cut_off(self, command: m.EnqueueContact, queue: QueueConfiguration, at: int) -> Missed | None:
        """What the caller goes on with: the same queue, and soon enough."""
        missed = self._missed(command)
        if missed is None or at - missed.over_ms > queue.reclaim_s * 1000:
            return None
        return missed if missed.queue_id in ("", command.queue_id) else None

    def _missed(self, command: m.EnqueueContact) -> Missed | None:
        key = _key_of(command)
        return self.callers.find(key) if key else None

    def note_end(self, details: m.ContactQueued, event: m.ContactEnded) -> None:
        """Remember who was not answered or whose line was lost while they talked, forget who was served."""
        key = _key_of(details)
        if not key or not self._keep_ms:
            return
        if event.cut_off_agent_id is not None or event.outcome in ("abandoned", "platform_failure"):
            self._note(key, details, event.at_ms, event.cut_off_agent_id)
        else:
            self.callers.forget(key)

    def note_exit(self, details: m.ContactQueued, event: m.ContactDiverted) -> None:
        """Remember whom a full queue or too long a wait has sent to the flow. In disaster mode nobody has a place."""
        key = _key_of(details)
        if key and self._keep_ms and event.cause != "disaster":
            self._note(key, details, event.at_ms, None)

    def _note(self, key: str, details: m.ContactQueued, over_ms: int, agent_id: str | None) -> None:
        place_ms = details.asked_at_ms if details.place_ms is None else details.place_ms
        self.callers.forget_before(over_ms - self._keep_ms)
        self.callers.note(key, Missed(place_ms, over_ms, details.queue_id, details.contact_id, agent_id))


def _waiting_for(
    asked: m.ContactQueued, agent_id: str, cause: m.WantedCause, queue: QueueConfiguration
) -> m.ContactQueued:
    """The same with the wanted agent, where the queue waits for one."""
    if queue.relationship_s <= 0:
        return msgspec.structs.replace(asked, wanted_cause=cause)
    return msgspec.structs.replace(
        asked,
        wanted_agent_id=agent_id,
        wanted_cause=cause,
        wanted_until_ms=asked.at_ms + queue.relationship_s * 1000,
    )


def _key_of(asked: m.EnqueueContact | m.ContactQueued) -> str:
    """What the caller is known by; nothing of one who withholds the number and is nobody's customer."""
    caller = asked.caller_ref or asked.customer_id
    return f"{asked.tenant_id} {caller}" if caller else ""
