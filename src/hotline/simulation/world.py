"""The random world that drives the routing engine: callers, agents and time. It knows no rule of routing.

All decisions are made by the live rules (`hotline.engine`); this module only says who asks when, how long a telephone
rings, a conversation lasts, somebody is patient, and who is on duty. It reads the events that follow and writes down
what `counters` counts. Compiles unchanged with mypyc: integers, lists and slots; chance comes in as iterators."""

from collections.abc import Iterator
from typing import Final

from hotline.engine import codes as c
from hotline.engine.arrivals import Wishes, close_contact, end_contact, enqueue, wishes_of
from hotline.engine.callbacks import fail_callback, promise_callback
from hotline.engine.codes import AVAILABLE, BY_CALLER, C_NONE, CONTACT_QUEUED, KEPT, OFFERED, WAITING, WRAP_UP
from hotline.engine.conversations import close_wrap_up
from hotline.engine.core import Engine
from hotline.engine.eligibility import is_there
from hotline.engine.offers import connect
from hotline.engine.presence import set_state
from hotline.engine.records import Agent, pairs_of
from hotline.engine.timers import fire_due, next_due_ms
from hotline.engine.work import Interaction, Offer
from hotline.engine.world import Event
from hotline.simulation.agenda import CODE_BITS, CODE_MASK, Agenda
from hotline.simulation.chance import Again, Asks, Brings, Chance, Kind
from hotline.simulation.duty import Duty
from hotline.simulation.log import FREE, OFF, WORKING, Log

# What the agenda's entries (a time and id * 8 + what) are about.
ANSWER: Final = 0  # an offer is taken
END: Final = 1  # a conversation is over
FINISH: Final = 2  # the agent ends a wrap-up by hand
LEAVE: Final = 3  # a caller's patience is over
RETRY: Final = 4  # somebody who did not get through calls again
STEP: Final = 5  # the next step of the duty plan
BACK: Final = 6  # an agent who missed an offer is ready again
PROMISE: Final = 7  # a caller who still waits accepts a call-back

# By the engine's agent state, what it comes to.
_AS_BEFORE: Final = -1  # ringing is no change of duty; wrap-up follows a conversation: the agent is at work already
_DUTY: Final = (OFF, FREE, _AS_BEFORE, WORKING, _AS_BEFORE, OFF)

_NEVER: Final = 1 << 60
_LEAVABLE: Final = (WAITING, KEPT, c.PROPOSED)

# How many events come of what nearly every call brings.
_QUEUED: Final = 1
_OFFERED_AT_ONCE: Final = 3  # queued, offered, the agent's state
_CONNECTED_AND_BUSY: Final = 2
_ENDED_AND_WRITES: Final = 4  # interaction ended, contact ended, wrap-up started, the agent's state
_WRAPPED_UP_AND_FREE: Final = 2  # wrapped up, the agent's state
_WRAPPED_UP_AND_OFFERED: Final = 4  # the same, offered, the agent's state

# Which of the engine's events are heeded here.
_STATE: Final = 1
_OFFERED: Final = 2
_CONNECTED: Final = 3
_WRITES: Final = 4
_ENDED: Final = 5
_REQUEUED: Final = 6
_DIVERTED: Final = 7
_TIER: Final = 8
_HEED: list[int] = [0] * c.EVENT_KINDS
_HEED[c.AGENT_STATE_CHANGED] = _STATE
_HEED[c.CONTACT_OFFERED] = _OFFERED
_HEED[c.CONTACT_CONNECTED] = _CONNECTED
_HEED[c.WRAP_UP_STARTED] = _WRITES
_HEED[c.CONTACT_ENDED] = _ENDED
_HEED[c.CONTACT_REQUEUED] = _REQUEUED
_HEED[c.CONTACT_DIVERTED] = _DIVERTED
_HEED[c.TIER_MOVED] = _TIER


class World:
    """One replication: an engine that is configured, and everything that happens to it."""

    __slots__ = (
        "_again",
        "_agenda",
        "_agents",
        "_ask",
        "_ask_at",
        "_asks",
        "_back_after",
        "_brings",
        "_chance",
        "_cut",
        "_deadlines",
        "_duty",
        "_elsewhere",
        "_has_called_back",
        "_in_system",
        "_kind",
        "_kinds",
        "_lines",
        "_many_kinds",
        "_missed",
        "_own",
        "_own_talk",
        "_patience",
        "_places",
        "_places_before",
        "_queue_of",
        "_ring_lengths",
        "_rings",
        "_serial",
        "_states",
        "_talk_lengths",
        "_talks",
        "_tiers",
        "_wrap_up_lengths",
        "calls",
        "engine",
        "log",
    )

    def __init__(self, engine: Engine, kinds: list[Kind], chance: Chance, agents: tuple[int, int], shift: int) -> None:
        """`agents`: the engine's first id and how many; `shift`: the length of the agenda's days."""
        self.engine = engine
        self.log = Log()
        self.calls = 0
        self._kinds = kinds
        self._many_kinds = len(kinds)
        self._queue_of = [kind[0] for kind in kinds]
        self._chance = chance
        self._patience = chance.patience
        self._talk_lengths = [chance.talk[kind[0]] for kind in kinds]
        self._wrap_up_lengths = [chance.wrap_up[kind[0]] for kind in kinds]
        self._ring_lengths = [chance.ring[kind[0]] for kind in kinds] if chance.ring is not None else []
        self._has_called_back = False
        self._rings = chance.ring is not None
        self._agents = agents
        self._duty = Duty(engine, agents, [])
        self._states = [OFF] * (agents[0] + agents[1])  # on duty and at work: by the engine's id
        self._lines = 0
        self._places = -1
        self._back_after = 60_000
        self._agenda = Agenda(shift)
        self._asks: list[int] = []
        self._kind: list[int] = []
        self._talks: list[int] = []
        self._ask = 0
        self._ask_at: int = _NEVER
        self._in_system = 0
        self._serial = 0
        self._deadlines: dict[int, int] = {}  # of those whose end of patience is not on the agenda yet
        self._own_talk: dict[int, int] = {}  # lengths of conversations that are given, not drawn
        self._tiers: dict[int, bool] = {}  # reserve teams that have come and not gone
        self._cut: dict[int, bool] = {}  # those who were answered once and wait again
        self._brings: list[Brings | None] = []
        self._again: Again | None = None
        self._elsewhere: list[dict[int, Event]] = []
        self._own: dict[int, int] = {}  # their own agents, of those who have one and are not answered yet
        self._places_before: dict[int, int] = {}  # of those who asked in vain before: the place that they have again
        self._missed: dict[int, tuple[int, int, int]] = {}  # who will call again: place, when they left, own agent

    def limit_lines(self, lines: int, places: int) -> None:
        """At most so many contacts are here at a time (0: no limit), and so many wait (-1: no limit); whoever comes
        then is blocked. A property of the telephone lines, not a rule of routing."""
        self._lines = lines
        self._places = places

    def bring(self, brings: "list[Brings | None]", again: "Again | None") -> None:
        """What each kind of caller brings, none for a kind that brings nothing; and what the rules give to who asks
        again after giving up, None where they give nothing."""
        self._brings = brings if len(brings) > brings.count(None) else []
        self._again = again

    def ask_elsewhere(self, wishes: list[dict[int, Event]]) -> None:
        """By kind of caller and queue, what those who are sent on need and prefer there."""
        self._elsewhere = wishes
        self.engine.wishes_in = self._wishes_in

    def _wishes_in(self, contact: int, queue: int) -> Event:
        wishes = self._elsewhere[contact % self._many_kinds].get(queue)
        found = self.engine.contacts[contact]
        return () if wishes is None or pairs_of(wishes) == (found.needs, found.preferred) else wishes

    def plan_duty(self, plan: list[tuple[int, int, int]], back_after: int) -> None:
        """Who does what when: (time, step, agent's engine id), ascending. `back_after`: how long an agent who missed an
        offer stays away."""
        self._duty = Duty(self.engine, self._agents, plan)
        self._back_after = back_after
        if plan:
            self._agenda.add(plan[0][0], STEP)

    # --- time --------------------------------------------------------------------------------------------------------

    def run(self, asks: Iterator[Asks], until: int) -> None:
        """Everything before the time `until`, rounded up to the agenda's next day; what is open then is left so."""
        agenda = self._agenda
        self._next_asks(asks)
        while agenda.start < until:
            self._run_day(asks)
            agenda.turn()

    def _run_day(self, asks: Iterator[Asks]) -> None:
        """What is on the agenda's day, who asks and which of the engine's timers are due in it, in order of time."""
        engine = self.engine
        agenda = self._agenda
        timers = engine.timers
        day = agenda.day
        start = agenda.start
        end = agenda.end
        ask_at = self._ask_at
        while True:
            entry = day[agenda.cursor]
            at = start + (entry >> CODE_BITS)
            if ask_at < at:
                if timers and timers[0][0] <= ask_at and self._fire(ask_at, end):
                    continue
                engine.now_ms = ask_at
                ask_at = self._ask_next(ask_at, asks)
            elif timers and timers[0][0] <= at and self._fire(at, end):
                continue
            elif at < end:
                agenda.cursor += 1
                engine.now_ms = at
                what = entry & 7
                id = (entry & CODE_MASK) >> 3
                # Each may be about something that is over by now.
                if what == END:
                    talk = engine.interactions.get(id)
                    if talk is not None and talk.contact.interaction == id:
                        self._hang_up(at, talk)
                elif what == ANSWER:
                    offer = engine.offers.get(id)
                    if offer is not None:
                        self._answer(at, offer)
                elif what == FINISH:
                    wrap_up = engine.interactions.get(id)
                    if wrap_up is not None:
                        self._finish(at, wrap_up)
                else:
                    self._do_seldom(at, what, id)
            else:
                return

    def _ask_next(self, at: int, asks: Iterator[Asks]) -> int:
        """Whoever's turn it is asks; when the next one will."""
        ask = self._ask
        self._ask = ask + 1
        self._ask_for_agent(at, self._kind[ask], self._talks[ask] if self._talks else -1)
        if ask + 1 < len(self._asks):
            self._ask_at = self._asks[ask + 1]
        else:
            self._next_asks(asks)
        return self._ask_at

    def _fire(self, at: int, end: int) -> bool:
        """Let the engine do what is due up to `at`, and before the day's end; whether there was something."""
        engine = self.engine
        due = next_due_ms(engine)
        if due is None or due > at or due >= end:
            return False
        engine.now_ms = due
        fire_due(engine)
        self._follow(due)
        return True

    def _next_asks(self, asks: Iterator[Asks]) -> None:
        for stamps, kinds, talks in asks:
            if stamps:
                self._asks, self._kind, self._talks = stamps, kinds, talks
                self._ask = 0
                self._ask_at = stamps[0]
                return
        self._ask_at = _NEVER

    # --- what happens ------------------------------------------------------------------------------------------------

    def _ask_for_agent(self, at: int, kind: int, talk: int, missed: int = 0) -> None:
        self.calls += 1
        if self._lines:
            if self._in_system >= self._lines:
                self._block(at, kind)
                return
            self._in_system += 1
        self._serial += 1
        contact = self._serial * self._many_kinds + kind
        if talk >= 0:
            self._own_talk[contact] = talk
        queue, queue_id, channel, priority, needs = self._kinds[kind]
        patience = self._patience[queue]
        if patience is not None and self._rings:
            self._deadlines[contact] = at + next(patience)
        engine = self.engine
        wishes: Wishes | None = None
        if self._brings or missed:
            priority, wishes = self._wish(at, contact, kind, priority, missed)
        event: Event = (CONTACT_QUEUED, at, contact, queue_id, channel, priority, at)
        if needs or wishes is not None:
            event += wishes_of(at, needs, wishes)
        enqueue(engine, event)
        found = engine.contacts.get(contact)
        if found is not None and (found.stage == WAITING or found.stage == KEPT):
            self._line_up(at, contact, kind, patience)
        elif found is not None and len(engine.out) == _OFFERED_AT_ONCE:
            engine.out.clear()
            self._begin_offer(at, found.offer, contact)
        else:
            self._follow(at)

    def _line_up(self, at: int, contact: int, kind: int, patience: "Iterator[int] | None") -> None:
        """Nobody is free, or not the one who is waited for: the caller waits if there is a place to wait, as long as
        they are willing to."""
        if self._places >= 0 and self.engine.board.waiting_count > self._places:
            self._turn_away(at, contact, kind)
            return
        self.log.queued_at.append(at)
        self.log.queued_contact.append(contact)
        if patience is not None:
            deadline = self._deadlines.pop(contact) if self._rings else at + next(patience)
            self._agenda.add(deadline, contact << 3 | LEAVE)
        accepts = self._chance.accept_after[self._queue_of[kind]]
        if accepts is not None:
            after = next(accepts)
            if after >= 0:
                self._agenda.add(at + after, contact << 3 | PROMISE)
        if len(self.engine.out) == _QUEUED:
            self.engine.out.clear()
        else:
            self._follow(at)

    # --- what nearly every call brings -------------------------------------------------------------------------------
    # What the rules make of it is nearly always the same few events, which are not read
    # one by one: their number says that nothing else has happened, or the engine's records do.

    def _begin_offer(self, at: int, offer: int, contact: int) -> None:
        if self._rings:
            self._ring(at, offer, contact)
        else:
            self._answer(at, self.engine.offers[offer])

    def _answer(self, at: int, offer: Offer) -> None:
        """An agent takes what rings, unless the customer who is called back does not."""
        engine = self.engine
        contact = offer.contact
        if contact.is_called_back and self._is_missed(contact.id):
            fail_callback(engine, at, offer.id, C_NONE)
            self._follow(at)
            return
        connect(engine, at, offer)
        out = engine.out
        if len(out) != _CONNECTED_AND_BUSY:
            self._follow(at)
            return
        out.clear()
        agent = offer.agent.id
        before = self._states[agent]
        if before != WORKING:
            self.log.duty.append(at << 4 | before << 2 | WORKING)
            self._states[agent] = WORKING
        self._talk(at, contact.id, offer.interaction, contact.wait_ms)

    def _hang_up(self, at: int, talk: Interaction) -> None:
        """The conversation has lasted as long as was drawn; its agent writes, as long as is drawn now."""
        engine = self.engine
        contact = talk.contact
        close_contact(engine, at, contact, BY_CALLER, C_NONE)
        out = engine.out
        if len(out) == _ENDED_AND_WRITES and talk.agent.state == WRAP_UP:
            if self._lines:
                self._in_system -= 1
            out.clear()
            if talk.is_automatic:
                return
            length = next(self._wrap_up_lengths[contact.id % self._many_kinds])
            if length:
                self._agenda.add(at + length, talk.id << 3 | FINISH)
            else:
                self._finish(at, talk)
        elif len(out) > _ENDED_AND_WRITES and out[_ENDED_AND_WRITES - 1][0] == c.WRAPPED_UP:
            # A wrap-up of no length.
            if self._lines:
                self._in_system -= 1
            del out[: _ENDED_AND_WRITES - 1]
            self._go_on(at, talk.agent)
        else:
            self._follow(at)

    def _finish(self, at: int, wrap_up: Interaction) -> None:
        """The agent has written enough."""
        close_wrap_up(self.engine, at, wrap_up)
        self._go_on(at, wrap_up.agent)

    def _go_on(self, at: int, agent: Agent) -> None:
        """A wrap-up is over: the agent is free, or has the next call."""
        engine = self.engine
        out = engine.out
        many = len(out)
        if not (
            (many == _WRAPPED_UP_AND_FREE and agent.state == AVAILABLE)
            or (many == _WRAPPED_UP_AND_OFFERED and agent.state == OFFERED)
        ):
            self._follow(at)
            return
        contact = out[2][3] if many == _WRAPPED_UP_AND_OFFERED else 0
        out.clear()
        engine.released.clear()
        before = self._states[agent.id]
        if before != FREE:
            self.log.duty.append(at << 4 | before << 2 | FREE)
            self._states[agent.id] = FREE
        if contact:
            self._begin_offer(at, agent.offers[0], contact)

    def _wish(self, at: int, contact: int, kind: int, priority: int, missed: int) -> tuple[int, Wishes | None]:
        """What the caller asks with beside needs: an own agent who is there, and what giving up before is worth."""
        own, place = 0, at
        if missed:
            since, left, own = self._missed.pop(missed)
            if self._again is not None:
                priority, place = self._again(kind, since, left, at)
        brings = self._brings[kind] if self._brings else None
        if place < at:
            self._places_before[contact] = place
        if brings is None:
            return priority, Wishes(place) if place < at else None
        if brings.own is not None and not missed:
            own = next(brings.own)
        if own:
            self._own[contact] = own
        _, queue_id, channel, _, needs = self._kinds[kind]
        engine = self.engine
        queue = engine.queues[queue_id]
        is_kept = brings.keep_ms > 0 and own > 0 and is_there(engine, engine.agents.get(own), queue, channel, needs)
        return priority, Wishes(place, brings.preferred, own if is_kept else 0, at + brings.keep_ms if is_kept else 0)

    def _turn_away(self, at: int, contact: int, kind: int) -> None:
        """No waiting place is left: the contact goes at once, as if it had never been."""
        end_contact(self.engine, at, contact, c.BY_PLATFORM, C_NONE)
        self._follow(at)
        self._deadlines.pop(contact, 0)
        self._own_talk.pop(contact, 0)
        self._own.pop(contact, 0)
        self._places_before.pop(contact, 0)
        self._block(at, kind)

    def _block(self, at: int, kind: int) -> None:
        self.log.blocked_at.append(at)
        self.log.blocked_kind.append(kind)
        self._retry(at, kind, -1, 0)

    def _leave(self, at: int, id: int) -> None:
        """A caller's patience is over; they may be in conversation by now, or gone."""
        contact = self.engine.contacts.get(id)
        if contact is None or contact.stage not in _LEAVABLE:
            return
        if contact.is_called_back:
            return
        end_contact(self.engine, at, id, BY_CALLER, C_NONE)
        self._follow(at)

    def _do_seldom(self, at: int, what: int, id: int) -> None:
        if what == LEAVE:
            self._leave(at, id)
        elif what == RETRY:
            kind = id % self._many_kinds
            self.log.retried_at.append(at)
            self.log.retried_kind.append(kind)
            self._ask_for_agent(at, kind, -1, id if id in self._missed else 0)
        elif what == STEP:
            while self._duty.take_step(at):
                self._follow(at)
            if self._duty.next_at() >= 0:
                self._agenda.add(self._duty.next_at(), STEP)
        elif what == PROMISE:
            self._accept_call_back(at, id)
        elif self.engine.agents[id].state == c.AWAY and self._duty.is_expected(id):
            set_state(self.engine, at, id, AVAILABLE, c.NO_REASON)
            self._follow(at)

    def _accept_call_back(self, at: int, contact: int) -> None:
        found = self.engine.contacts.get(contact)
        if found is None or (found.stage != WAITING and found.stage != KEPT) or found.is_called_back:
            return
        self._has_called_back = True
        promise_callback(self.engine, at, contact, at)
        self.log.promised_at.append(at)
        self.log.promised_contact.append(contact)
        self.log.promised_wait.append(at - found.asked_ms)
        self._follow(at)

    def _is_missed(self, contact: int) -> bool:
        """Whether the customer who is called back does not answer this time."""
        return next(self._chance.reach[self._queue_of[contact % self._many_kinds]]) < 0

    def _retry(self, at: int, contact: int, since: int, own: int) -> None:
        """Whether and when they call again. `contact` % kinds is the kind; who left the queue has waited
        `since`; -1 for who never was in it."""
        retry_after = self._chance.retry_after[self._queue_of[contact % self._many_kinds]]
        if retry_after is not None:
            after = next(retry_after)
            if after >= 0:
                if since >= 0 and (self._again is not None or own):
                    self._missed[contact] = (since, at, own)
                self._agenda.add(at + after, contact << 3 | RETRY)

    # --- what follows ------------------------------------------------------------------------------------------------

    def _follow(self, at: int) -> None:
        """Read what the engine has decided, write it down, and draw what comes of it. The list may grow on the way."""
        engine = self.engine
        out = engine.out
        states = self._states
        for event in out:
            heed = _HEED[event[0]]
            if not heed:
                continue
            if heed == _STATE:
                new = _DUTY[event[3]]
                if new >= OFF and new != states[event[2]]:
                    self.log.duty.append(at << 4 | states[event[2]] << 2 | new)
                    states[event[2]] = new
                    if event[4] == c.OFFER_EXPIRED_REASON and event[3] == c.AWAY:
                        self._agenda.add(at + self._back_after, event[2] << 3 | BACK)
            elif heed == _OFFERED:
                if self._rings:
                    self._ring(at, event[2], event[3])
                else:
                    self._answer_at_once(at, engine.offers[event[2]])
            elif heed == _CONNECTED:
                self._talk(at, event[2], event[4], event[6])
            elif heed == _WRITES:
                talk = engine.interactions.get(event[2])
                if talk is not None:
                    self._wrap_up(at, talk)
            elif heed == _ENDED:
                if self._lines:
                    self._in_system -= 1
                if event[3] != c.HANDLED:
                    self._end_badly(at, event[2], event[3], event[6])
            else:
                self._follow_seldom(at, heed, event)
        out.clear()
        engine.released.clear()

    def _follow_seldom(self, at: int, heed: int, event: Event) -> None:
        if heed == _REQUEUED:
            self._wait_again(at, event[2])
        elif heed == _DIVERTED:
            self._divert(at, event[2], event[5])
        else:
            self._note_tier(at, event[3], event[4])

    def _end_badly(self, at: int, contact: int, how: int, wait: int) -> None:
        if how == c.ABANDONED:
            self._abandon(at, contact, wait)
        elif how == c.CALLBACK_FAILED:
            self.log.unreached_at.append(at)
            self.log.unreached_contact.append(contact)
            self.log.unreached_wait.append(wait)

    def _answer_at_once(self, at: int, offer: Offer) -> None:
        """Nobody's telephone rings; what follows is read where the offer was read."""
        if offer.contact.is_called_back and self._is_missed(offer.contact.id):
            fail_callback(self.engine, at, offer.id, C_NONE)
        else:
            connect(self.engine, at, offer)

    def _ring(self, at: int, offer: int, contact: int) -> None:
        answer_at = at + next(self._ring_lengths[contact % self._many_kinds])
        self._agenda.add(answer_at, offer << 3 | ANSWER)
        if self._deadlines and self._deadlines.get(contact, answer_at) < answer_at:
            self._agenda.add(self._deadlines.pop(contact), contact << 3 | LEAVE)

    def _talk(self, at: int, contact: int, interaction: int, wait: int) -> None:
        talk = self._own_talk.pop(contact, -1) if self._own_talk else -1
        if talk < 0:
            talk = next(self._talk_lengths[contact % self._many_kinds])
        self._agenda.add(at + talk, interaction << 3 | END)
        if self._deadlines:
            self._deadlines.pop(contact, 0)
        if self._cut and self._cut.pop(contact, False):
            return
        log = self.log
        if self._own:
            own = self._own.pop(contact, 0)
            if own:
                log.own.extend((at - wait, contact, int(self.engine.interactions[interaction].agent.id == own)))
        if self._places_before:
            self._places_before.pop(contact, 0)
        if self._has_called_back and self.engine.contacts[contact].is_called_back:
            log.late_at.append(at)
            log.late_contact.append(contact)
            log.late_wait.append(wait)
            return
        log.answered.extend((at, wait, contact, talk))

    def _wrap_up(self, at: int, talk: Interaction) -> None:
        """Draw how long the agent writes; where the queue ends wrap-ups by itself, the engine's timer does it."""
        if talk.is_automatic:
            return
        length = next(self._wrap_up_lengths[talk.contact.id % self._many_kinds])
        if length:
            self._agenda.add(at + length, talk.id << 3 | FINISH)
        else:
            close_wrap_up(self.engine, at, talk)

    def _wait_again(self, at: int, contact: int) -> None:
        if self.engine.contacts[contact].wait_ms >= 0:
            self._cut[contact] = True
        deadline = self._deadlines.pop(contact, -1)
        if deadline >= 0:
            self._agenda.add(max(deadline, at), contact << 3 | LEAVE)

    def _abandon(self, at: int, contact: int, wait: int) -> None:
        self._deadlines.pop(contact, 0)
        self._own_talk.pop(contact, 0)
        if self._cut and self._cut.pop(contact, False):
            return
        log = self.log
        log.abandoned_at.append(at)
        log.abandoned_contact.append(contact)
        log.abandoned_wait.append(wait)
        self._retry(at, contact, self._places_before.pop(contact, at - wait), self._own.pop(contact, 0))

    def _divert(self, at: int, contact: int, wait: int) -> None:
        """The rules sent the contact out of its queue without an agent: it was full, or the wait too long."""
        if self._lines:
            self._in_system -= 1
        self._deadlines.pop(contact, 0)
        self._own_talk.pop(contact, 0)
        log = self.log
        log.diverted_at.append(at)
        log.diverted_contact.append(contact)
        log.diverted_wait.append(wait)
        self._retry(at, contact, self._places_before.pop(contact, at - wait), self._own.pop(contact, 0))

    def _note_tier(self, at: int, tier: int, step: int) -> None:
        is_working = step == c.TIER_STARTED
        if self._tiers.pop(tier, False) != is_working:
            self.log.tiers.append(at << 1 | int(is_working))
        if is_working:
            self._tiers[tier] = True
