"""A recording through the live engine under a configuration: its customers, its agents' hours, faster than time.

Whatever a customer brings is their own under every configuration: when they ask, how long they talk, how long it rings,
how long they are willing to wait. What the recording does not know (how long somebody who gave up would have talked) is
drawn from the seed and the customer alone, so that two configurations meet the same customers."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from heapq import heapify, heappop, heappush
from itertools import count
from typing import Any

from hotline.engine.boundary import Router
from hotline.kernel.errors import HotlineError
from hotline.messages import routing as m
from hotline.messages.configuration import RoutingConfiguration
from hotline.simulation.newcomers import duties_with_newcomers
from hotline.simulation.outcome import Measure
from hotline.simulation.patience import Patience
from hotline.simulation.recording import MISSED_REASONS, Caller, Duty, Leg, Order, Recording, Ring

_DRAIN_MS = 7_200_000
_SOONEST_RETURN_MS = 1_000  # else an offer that fails at once would be made for ever
_NEVER = Ring(0, "expired")
Action = Callable[[int], None]


class World:
    """What every replay of a recording has in common: customers in order, and what to draw from. Made once."""

    def __init__(self, recording: Recording) -> None:
        self.recording = recording
        self.callers = sorted(_each(recording), key=lambda caller: caller.asked.at_ms)
        self.legs: dict[str, list[list[Leg]]] = {}
        self.rings: dict[str, list[Ring]] = {}
        waits: dict[str, list[tuple[int, bool]]] = {}
        for caller in self.callers:
            queue_id = caller.asked.queue_id
            if caller.legs:
                self.legs.setdefault(queue_id, []).append(caller.legs)
            known = [ring for ring in caller.rings if ring.outcome != "cut"]
            self.rings.setdefault(queue_id, []).extend(known)
            waits.setdefault(queue_id, []).append((caller.waited_ms or 0, caller.has_left))
        self.patience = {queue_id: Patience(some) for queue_id, some in waits.items()}
        self.all_legs = [legs for some in self.legs.values() for legs in some]
        self.all_rings = [ring for some in self.rings.values() for ring in some]

    @property
    def is_playable(self) -> bool:
        """Whether anybody was served, so that there is something to play."""
        return bool(self.all_legs)


def _each(recording: Recording) -> list[Caller]:
    """Every asking, those that followed being sent away too."""
    found: list[Caller] = []
    for caller in recording.callers:
        one: Caller | None = caller
        while one is not None:
            found.append(one)
            one = one.again
    return found


@dataclass(slots=True)
class _Guest:
    """A customer on their way through this replay."""

    caller: Caller
    chance: random.Random
    legs: list[Leg]
    offers: int = 0
    legs_done: int = 0
    unreached: int = 0
    is_answered: bool = False
    is_promised: bool = False
    writing: dict[str, Leg] = field(default_factory=dict)  # by agent


class Replay:
    """One run. `refused` counts by error code the commands that the rules did not accept."""

    def __init__(
        self, world: World, configurations: list[tuple[int, RoutingConfiguration]], seed: int, measure: Measure
    ) -> None:
        self.refused: dict[str, int] = {}
        self._world, self._seed, self._measure = world, seed, measure
        self._router = Router()
        self._numbers = count(1)
        self._guests: dict[str, _Guest] = {}
        self._duty: dict[str, str] = {}
        self._returns = random.Random(f"{seed} returns")  # noqa: S311  # chance, not a secret
        self._agenda: list[tuple[int, int, Action]] = []
        self._follow_ups = {
            m.ContactOffered: self._offered,
            m.ContactConnected: self._connected,
            m.WrapUpStarted: self._writes,
            m.AgentStateChanged: self._state,
            m.ContactDiverted: self._diverted,
            m.ContactEnded: self._ended,
            m.WrappedUp: self._wrapped_up,
        }
        self._plan(configurations)

    def _plan(self, configurations: list[tuple[int, RoutingConfiguration]]) -> None:
        recording = self._world.recording
        for at, configuration in configurations:
            self._agenda.append((at, next(self._numbers), _with(self._configure, configuration)))
        for at, order in recording.orders:
            self._agenda.append((at, next(self._numbers), _with(self._order, order)))
        for duty in duties_with_newcomers(recording, configurations[-1][1]):
            self._agenda.append((duty.at_ms, next(self._numbers), _with(self._step, duty)))
        for caller in recording.callers:
            self._agenda.append((caller.asked.at_ms, next(self._numbers), _with(self._ask, caller)))
        heapify(self._agenda)

    def run(self) -> None:
        """Play everything, and then on until every customer's fate is known, for two hours at the most."""
        end_ms = self._world.recording.end_ms + _DRAIN_MS
        router, agenda = self._router, self._agenda
        now_ms = self._world.recording.begin_ms
        while True:
            due = router.next_due_ms()
            if due is not None and due <= end_ms and (not agenda or due <= agenda[0][0]):
                now_ms = max(now_ms, due)  # a changed set-up may find that something was due before
                self._follow(router.advance(now_ms, self._new_id), now_ms)
            elif agenda and agenda[0][0] <= end_ms:
                now_ms, _, action = heappop(agenda)
                action(now_ms)
            else:
                return

    def _new_id(self) -> str:
        return str(next(self._numbers))

    def _later(self, at: int, action: Action) -> None:
        heappush(self._agenda, (at, next(self._numbers), action))

    def _do(self, command: m.RoutingCommand, at: int) -> bool:
        """Give the command; whether it was accepted."""
        try:
            events = self._router.decide(command, at, self._new_id)
        except HotlineError as error:
            self.refused[error.code] = self.refused.get(error.code, 0) + 1
            return False
        self._follow(events, at)
        return True

    def _follow(self, events: tuple[m.RoutingEvent, ...], at: int) -> None:
        for event in events:
            self._measure.apply(event)
            follow_up = self._follow_ups.get(type(event))
            if follow_up is not None:
                follow_up(event, at)  # type: ignore[operator]

    # --- the house ---------------------------------------------------------------------------------------------------

    def _configure(self, configuration: RoutingConfiguration, at: int) -> None:
        self._do(m.ApplyConfiguration(command_id=self._new_id(), at_ms=at, configuration=configuration), at)

    def _order(self, order: Order, at: int) -> None:
        given = {"command_id": self._new_id(), "at_ms": at, "supervisor_id": order.actor_id}
        if isinstance(order, m.SiteMarked):
            self._do(m.MarkSite(site_id=order.site_id, is_down=order.is_down, **given), at)  # type: ignore[arg-type]
        elif isinstance(order, m.TierMoved):
            self._move_tier(order, given, at)
        else:
            self._do(m.SetDisasterMode(queue_id=order.queue_id, is_on=order.is_on, **given), at)  # type: ignore[arg-type]

    def _move_tier(self, order: m.TierMoved, given: dict[str, Any], at: int) -> None:
        if order.step == "stood_down":
            self._do(m.StandDownTier(tier_id=order.tier_id, **given), at)
        else:
            self._do(m.CallTier(tier_id=order.tier_id, keep_until_ms=order.keep_until_ms, **given), at)

    def _step(self, duty: Duty, at: int) -> None:
        command_id, agent_id, session_id = self._new_id(), duty.agent_id, f"s-{duty.agent_id}"
        if duty.step not in ("lost", "restored", "move"):
            self._duty[agent_id] = duty.step
        match duty.step:
            case "sign_in" | "move":
                self._sit(duty, session_id, at)
            case "sign_out":
                self._do(m.SignOut(command_id=command_id, at_ms=at, agent_id=agent_id), at)
            case "lost":
                lost = m.LoseAgentConnection(command_id=command_id, at_ms=at, agent_id=agent_id, session_id=session_id)
                self._do(lost, at)
            case "restored":
                back = m.RestoreAgentConnection(
                    command_id=command_id, at_ms=at, agent_id=agent_id, session_id=session_id
                )
                self._do(back, at)
            case "available":
                self._set_state(agent_id, "available", None, at)
            case "away":
                self._set_state(agent_id, "away", self._away_reason(duty.reason), at)

    def _sit(self, duty: Duty, session_id: str, at: int) -> None:
        """At the recorded seat; without one where this set-up has no such seat, or it is taken still."""
        for seat_id in (duty.seat_id, None) if duty.seat_id is not None and duty.step == "sign_in" else (duty.seat_id,):
            command = m.SignIn(
                command_id=self._new_id(), at_ms=at, agent_id=duty.agent_id, session_id=session_id, seat_id=seat_id
            )
            if self._do(command, at):
                return

    def _away_reason(self, reason: str | None) -> str | None:
        configuration = self._router.configuration
        known = configuration.away_reasons if configuration else ()
        if reason in known or not known:
            return reason if known else None
        return known[0]

    def _set_state(self, agent_id: str, state: str, reason: str | None, at: int) -> None:
        self._do(
            m.SetAgentState(command_id=self._new_id(), at_ms=at, agent_id=agent_id, state=state, reason_id=reason),  # type: ignore[arg-type]
            at,
        )

    def _state(self, event: m.AgentStateChanged, at: int) -> None:
        """Who missed an offer comes back as those did who were recorded."""
        if event.state != "away" or event.reason not in MISSED_REASONS:
            return
        returns = self._world.recording.returns_ms
        if returns:
            self._later(
                at + max(_SOONEST_RETURN_MS, self._returns.choice(returns)), _with(self._come_back, event.agent_id)
            )

    def _come_back(self, agent_id: str, at: int) -> None:
        found = self._router.agent(agent_id)
        is_there = found is not None and found.state == "away" and found.reason in MISSED_REASONS
        if is_there and self._duty.get(agent_id) == "available":
            self._set_state(agent_id, "available", None, at)

    # --- customers ---------------------------------------------------------------------------------------------------

    def _ask(self, caller: Caller, at: int) -> None:
        asked = caller.asked
        contact_id = self._new_id()
        chance = random.Random(f"{self._seed} {asked.contact_id} {asked.at_ms}")  # noqa: S311  # chance, not a secret
        patience_ms = self._patience(caller, chance)
        guest = _Guest(caller, chance, caller.legs or self._donor(asked.queue_id, chance))
        self._guests[contact_id] = guest
        is_ordered = (
            caller.promised_after_ms is not None and asked.asked_at_ms + caller.promised_after_ms <= asked.at_ms
        )
        command = m.EnqueueContact(
            command_id=self._new_id(),
            at_ms=at,
            contact_id=contact_id,
            tenant_id=asked.tenant_id,
            queue_id=asked.queue_id,
            node_id=asked.node_id,
            asked_at_ms=asked.asked_at_ms + at - asked.at_ms,
            arrived_at_ms=asked.arrived_at_ms,
            channel=asked.channel,
            language=asked.language,
            priority=caller.priority,
            needs=caller.needs,
            is_simulated=asked.is_simulated,
            attributes=asked.attributes,
            wanted_agent_id=asked.wanted_agent_id,
            wanted_cause=asked.wanted_cause,
            caller_ref=asked.caller_ref or asked.customer_id,
            callback="kept" if is_ordered else None,
        )
        guest.is_promised = is_ordered
        if not self._do(command, at):
            self._guests.pop(contact_id)
            self._measure.refuse(asked)
            return
        asked_at_ms = command.asked_at_ms
        if patience_ms is not None:
            self._later(max(at, asked_at_ms + patience_ms), _with(self._leave, contact_id))
        if caller.promised_after_ms is not None and not is_ordered:
            self._later(max(at, asked_at_ms + caller.promised_after_ms), _with(self._promise, contact_id))

    def _patience(self, caller: Caller, chance: random.Random) -> int | None:
        drawn = chance.random()
        if caller.has_left:
            return caller.waited_ms
        return self._world.patience[caller.asked.queue_id].draw(drawn, caller.waited_ms or 0)

    def _donor(self, queue_id: str, chance: random.Random) -> list[Leg]:
        return chance.choice(self._world.legs.get(queue_id) or self._world.all_legs)

    def _leave(self, contact_id: str, at: int) -> None:
        guest = self._guests.get(contact_id)
        if guest is not None and not guest.is_answered and not guest.is_promised:
            self._end(contact_id, at)

    def _end(self, contact_id: str, at: int) -> None:
        command_id = self._new_id()
        self._do(m.EndContact(command_id=command_id, at_ms=at, contact_id=contact_id, ended_by="caller", cause=""), at)

    def _promise(self, contact_id: str, at: int) -> None:
        guest = self._guests.get(contact_id)
        if guest is not None and not guest.is_answered:
            command = m.RequestCallback(command_id=self._new_id(), at_ms=at, contact_id=contact_id, number="kept")
            guest.is_promised = self._do(command, at)

    def _offered(self, event: m.ContactOffered, at: int) -> None:
        guest = self._guests.get(event.contact_id)
        if guest is None:
            return
        ring = self._ring(guest)
        if guest.is_promised and not guest.is_answered and guest.unreached < guest.caller.unreached:
            guest.unreached += 1
            self._later(at + ring.after_ms, _with(self._miss, event.offer_id))
        elif ring.outcome == "answered":
            self._later(at + ring.after_ms, _with(self._answer, event.offer_id))
        elif ring.outcome == "failed":
            self._later(at + ring.after_ms, _with(self._fail, event.offer_id))

    def _ring(self, guest: _Guest) -> Ring:
        own = guest.caller.rings
        guest.offers += 1
        found = own[guest.offers - 1] if guest.offers <= len(own) else None
        if found is not None and found.outcome != "cut":
            return found
        queue_id = guest.caller.asked.queue_id
        rings = self._world.rings.get(queue_id) or self._world.all_rings
        if found is not None:
            # They left, or the agent did, while it rang: it would have rung longer than that.
            rings = [ring for ring in rings if ring.outcome == "expired" or ring.after_ms > found.after_ms]
        return guest.chance.choice(rings) if rings else _NEVER

    def _answer(self, offer_id: str, at: int) -> None:
        if self._router.offer(offer_id) is not None:
            self._do(m.AnswerOffer(command_id=self._new_id(), at_ms=at, offer_id=offer_id), at)

    def _fail(self, offer_id: str, at: int) -> None:
        if self._router.offer(offer_id) is not None:
            self._do(m.FailOffer(command_id=self._new_id(), at_ms=at, offer_id=offer_id, cause="no_answer"), at)

    def _miss(self, offer_id: str, at: int) -> None:
        if self._router.offer(offer_id) is not None:
            self._do(m.FailCallback(command_id=self._new_id(), at_ms=at, offer_id=offer_id, cause="no_answer"), at)

    def _connected(self, event: m.ContactConnected, at: int) -> None:
        guest = self._guests.get(event.contact_id)
        if guest is None:
            return
        guest.is_answered = True
        if guest.legs_done >= len(guest.legs):
            drawn = self._donor(guest.caller.asked.queue_id, guest.chance)[-1]
            # The recorded conversation was over by now: nobody is passed on for ever.
            guest.legs = [*guest.legs, Leg(drawn.queue_id, drawn.talk_ms, drawn.wrap_up_ms)]
        leg = guest.legs[guest.legs_done]
        guest.legs_done += 1
        guest.writing[event.agent_id] = leg
        self._later(at + leg.talk_ms, _with(self._talked, (event.contact_id, event.agent_id, leg)))

    def _talked(self, talk: tuple[str, str, Leg], at: int) -> None:
        contact_id, agent_id, leg = talk
        if contact_id not in self._guests:
            return
        if leg.then is None or not self._pass_on(contact_id, agent_id, leg.then, at):
            self._end(contact_id, at)

    def _pass_on(self, contact_id: str, agent_id: str, queue_id: str, at: int) -> bool:
        command = m.StartTransfer(
            command_id=self._new_id(),
            at_ms=at,
            transfer_id=self._new_id(),
            agent_id=agent_id,
            contact_id=contact_id,
            kind="blind",
            target_kind="queue",
            target=queue_id,
        )
        return self._do(command, at)

    def _writes(self, event: m.WrapUpStarted, at: int) -> None:
        guest = self._guests.get(event.contact_id)
        leg = guest.writing.get(event.agent_id) if guest else None
        if leg is None:
            return
        # Where the queue used to end it and now does not, the agent takes the time that the queue gives.
        length = leg.wrap_up_ms if leg.wrap_up_ms is not None else event.until_ms - at
        self._later(at + length, _with(self._finish, (event.contact_id, event.agent_id)))

    def _finish(self, both: tuple[str, str], at: int) -> None:
        contact_id, agent_id = both
        contact = self._router.contact(contact_id)
        if contact is not None:
            command = m.FinishWrapUp(command_id=self._new_id(), at_ms=at, agent_id=agent_id, contact_id=contact_id)
            self._do(command, at)

    def _diverted(self, event: m.ContactDiverted, at: int) -> None:
        guest = self._guests.pop(event.contact_id, None)
        if guest is not None and guest.caller.again is not None:
            self._later(at + guest.caller.again_after_ms, _with(self._ask, guest.caller.again))

    def _ended(self, event: m.ContactEnded, at: int) -> None:
        guest = self._guests.get(event.contact_id)
        if guest is not None and not guest.is_answered:
            del self._guests[event.contact_id]

    def _wrapped_up(self, event: m.WrappedUp, at: int) -> None:
        if self._router.contact(event.contact_id) is None:
            self._guests.pop(event.contact_id, None)


def _with(action: Callable[[Any, int], None], what: Any) -> Action:
    return lambda at: action(what, at)
