"""Random centres: whatever is commanded in whatever order, the engine's promises hold."""

import os
from fractions import Fraction
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from hotline.engine.boundary import Router
from hotline.engine.effects import effects_for_node, effects_of
from hotline.engine.tally import Tally
from hotline.engine.views import AgentView, ContactView
from hotline.kernel.errors import HotlineError
from hotline.messages import routing as m
from hotline.messages.configuration import AgentConfiguration, QueueConfiguration
from tests.unit.engine.centre import Centre, agent, queue

AGENTS = ("a0", "a1", "a2", "a3")
CONTACTS = tuple(f"k{number}" for number in range(8))
QUEUES = ("q0", "q1", "q2", "q3", "nowhere")
NODES = ("n1", "n2")
QUEUE_SETS = (
    (
        queue("q0", wrap_up_s=5),
        queue("q1", ("s1", 2), rank=2, is_wrap_up_automatic=True, wrap_up_s=3),
        queue("q2", ("s1", 1), ("s2", 3), is_wrap_up_automatic=True, wrap_up_s=0),
        queue("q3", tenant_id="t2", offer_timeout_s=8),
    ),
    (queue("q0", ("s2", 1), rank=5, offer_timeout_s=5), queue("q3", tenant_id="t2")),
)
AGENT_SETS = (
    (
        agent("a0", ("s1", 2)),
        agent("a1", ("s1", 9), ("s2", 3), capacity={"voice": 1, "chat": 3}),
        agent("a2", tenant_ids=("t1", "t2"), capacity={"voice": 2, "chat": 2}),
        agent("a3", ("s2", 9), ("s1", 1), tenant_ids=("t2", "t1")),
    ),
    (
        agent("a0", ("s2", 1), capacity={"chat": 1}),
        agent("a1", ("s1", 1), is_active=False),
        agent("a3", ("s2", 9), ("s1", 2), tenant_ids=("t2", "t1"), capacity={"voice": 1, "chat": 2}),
    ),
)

agents = st.sampled_from(AGENTS)
contacts = st.sampled_from(CONTACTS)


class RandomCentre(RuleBasedStateMachine):
    """A router under random commands, a replica that follows the log event by event, and a model of who is served."""

    def __init__(self) -> None:
        super().__init__()
        self.centre = Centre(QUEUE_SETS[0], AGENT_SETS[0])
        self.replica = Router()
        self.restored: Router | None = None
        self.tally = Tally()
        self.open: dict[str, None] = {}
        self.ever: dict[str, int] = {}
        self.follow(tuple(self.centre.log))

    # --- acting ------------------------------------------------------------------------------------------------------

    def do(self, command: type[Any], **fields: Any) -> None:
        before = self.centre.router.snapshot()
        refusal = ""
        events: tuple[m.RoutingEvent, ...] = ()
        try:
            events = self.centre.do(command, **fields)
        except HotlineError as error:
            refusal = str(error)
        assert "{" not in refusal
        if not events:
            assert self.centre.router.snapshot() == before, f"{command.__name__} changed something in silence"
        self.follow(events)

    def follow(self, events: tuple[m.RoutingEvent, ...]) -> None:
        for event in events:
            effects_of(event, self.centre.router)
            if isinstance(event, m.ContactOffered) and event.kind == "queue":
                self.check_choice(event)
            if isinstance(event, m.ContactQueued):
                assert event.contact_id not in self.ever
                self.ever[event.contact_id] = 0
                self.open[event.contact_id] = None
            if isinstance(event, m.ContactEnded):
                del self.open[event.contact_id]
            self.replica.apply(event)
            self.tally.apply(event)
            if self.restored is not None:
                self.restored.apply(event)

    def check_choice(self, event: m.ContactOffered) -> None:
        """The replica is just before the offer: it was the best contact for this agent and the best agent for it."""
        router = self.replica
        mine = router.contact(event.contact_id)
        taker = router.agent(event.agent_id)
        assert mine is not None
        assert taker is not None
        assert can_take(router, taker, mine)
        for other in router.contacts():
            if other.stage == "waiting" and can_take(router, taker, other):
                assert place(router, mine) <= place(router, other)
        for idle in router.agents():
            if can_take(router, idle, mine):
                assert turn(router, taker) <= turn(router, idle)

    @rule(k=contacts, q=st.sampled_from(QUEUES), p=st.sampled_from((0, 0, 5)), data=st.data())
    def call(self, k: str, q: str, p: int, data: st.DataObject) -> None:
        if k in self.ever and k not in self.open and data.draw(st.booleans()):
            k = f"{k}-{len(self.ever)}"
        needs = data.draw(st.sampled_from(((), (), (m.SkillNeed("s2", 2),), (m.SkillNeed("s3", 1),))))
        asked = self.centre.now_ms - data.draw(st.sampled_from((0, 0, 2_000)))
        self.do(
            m.EnqueueContact,
            contact_id=k,
            tenant_id="t2" if q == "q3" else "t1",
            queue_id=q,
            node_id=data.draw(st.sampled_from(NODES)),
            asked_at_ms=asked,
            arrived_at_ms=asked,
            channel=data.draw(st.sampled_from(("voice", "voice", "chat"))),
            priority=p,
            needs=needs,
        )

    @rule(a=agents)
    def enter(self, a: str) -> None:
        self.do(m.SignIn, agent_id=a, session_id=f"s-{a}")
        self.do(m.SetAgentState, agent_id=a, state="available")

    @rule(a=agents, s=st.sampled_from(("s-other", "s-third")))
    def sign_in_elsewhere(self, a: str, s: str) -> None:
        self.do(m.SignIn, agent_id=a, session_id=f"{s}-{a}")

    @rule(a=agents)
    def sign_out(self, a: str) -> None:
        self.do(m.SignOut, agent_id=a)

    @rule(a=agents, choice=st.sampled_from((("available", None), ("away", "lunch"), ("away", None), ("away", "nap"))))
    def set_state(self, a: str, choice: tuple[str, str | None]) -> None:
        self.do(m.SetAgentState, agent_id=a, state=choice[0], reason_id=choice[1])

    @rule(a=agents, state=st.sampled_from(("available", "away", "signed_out")), reason=st.sampled_from(("", "drill")))
    def force(self, a: str, state: str, reason: str) -> None:
        self.do(m.ForceAgentState, supervisor_id=f"u-{a}", agent_id=a, state=state, reason=reason)

    @rule(a=agents, is_lost=st.booleans())
    def connection(self, a: str, is_lost: bool) -> None:
        found = self.centre.router.agent(a)
        session = (found and found.session_id) or "s-nobody"
        command = m.LoseAgentConnection if is_lost else m.RestoreAgentConnection
        self.do(command, agent_id=a, session_id=session)

    def offers(self) -> list[str]:
        return [offer for one in self.centre.router.agents() for offer in one.offer_ids]

    @precondition(lambda self: self.offers())
    @rule(data=st.data())
    def answer(self, data: st.DataObject) -> None:
        self.do(m.AnswerOffer, offer_id=data.draw(st.sampled_from(self.offers())))

    @precondition(lambda self: self.offers())
    @rule(data=st.data(), what=st.sampled_from(("accept", "refuse", "fail", "answer")))
    def decide_offer(self, data: st.DataObject, what: str) -> None:
        offer_id = data.draw(st.sampled_from(self.offers()))
        offer = self.centre.router.offer(offer_id)
        assert offer is not None
        if what == "accept":
            self.do(m.AcceptOffer, agent_id=offer.agent_id, offer_id=offer_id)
        elif what == "refuse":
            self.do(m.RefuseOffer, agent_id=offer.agent_id, offer_id=offer_id)
        elif what == "fail":
            self.do(m.FailOffer, offer_id=offer_id, cause="busy")
        else:
            self.do(m.AnswerOffer, offer_id=offer_id)

    @rule(a=agents, offer=st.sampled_from(("id-1", "id-3", "id-5", "never")))
    def stale_offer(self, a: str, offer: str) -> None:
        self.do(m.AnswerOffer, offer_id=offer)
        self.do(m.AcceptOffer, agent_id=a, offer_id=offer)
        self.do(m.FailOffer, offer_id=offer, cause="no_answer")

    def talks(self) -> list[tuple[str, str]]:
        return [(one.agent_id, k) for one in self.centre.router.agents() for k in one.contact_ids]

    @precondition(lambda self: self.talks())
    @rule(
        data=st.data(),
        command=st.sampled_from(
            (
                m.HoldContact,
                m.RetrieveContact,
                m.HangUpContact,
                m.FinishWrapUp,
                m.FinishWrapUp,
                m.ExtendWrapUp,
                m.LoseAgentLeg,
                m.ResumeAgentLeg,
            )
        ),
    )
    def work(self, data: st.DataObject, command: type[Any]) -> None:
        a, k = data.draw(st.sampled_from(self.talks()))
        self.do(command, agent_id=a, contact_id=k)

    @rule(a=agents, k=contacts, command=st.sampled_from((m.HoldContact, m.HangUpContact, m.FinishWrapUp)))
    def meddle(self, a: str, k: str, command: type[Any]) -> None:
        self.do(command, agent_id=a, contact_id=k)

    @precondition(lambda self: self.open)
    @rule(data=st.data(), ended_by=st.sampled_from(("caller", "agent", "platform", "flow")))
    def end(self, data: st.DataObject, ended_by: str) -> None:
        self.do(m.EndContact, contact_id=data.draw(st.sampled_from(list(self.open))), ended_by=ended_by, cause="gone")

    @precondition(lambda self: self.talks())
    @rule(
        data=st.data(),
        kind=st.sampled_from(("blind", "consult")),
        to=st.sampled_from(
            [("queue", q) for q in QUEUES] + [("agent", a) for a in AGENTS] + [("number", "sealed"), ("number", "")]
        ),
    )
    def transfer(self, data: st.DataObject, kind: str, to: tuple[str, str]) -> None:
        a, k = data.draw(st.sampled_from(self.talks()))
        self.do(
            m.StartTransfer,
            transfer_id=f"x-{self.centre.new_id()}",
            agent_id=a,
            contact_id=k,
            kind=kind,
            target_kind=to[0],
            target=to[1],
        )

    def transfers(self) -> list[str]:
        return [one.transfer_id for one in self.centre.router.contacts() if one.transfer_id]

    @precondition(lambda self: self.transfers())
    @rule(data=st.data(), what=st.sampled_from(("complete", "cancel", "answered", "failed", "ended")))
    def pursue_transfer(self, data: st.DataObject, what: str) -> None:
        x = data.draw(st.sampled_from(self.transfers()))
        transfer = self.centre.router.transfer(x)
        assert transfer is not None
        if what in ("complete", "cancel"):
            command = m.CompleteTransfer if what == "complete" else m.CancelTransfer
            self.do(command, agent_id=transfer.agent_id, transfer_id=x)
        else:
            self.do(m.ReportTransferLeg, transfer_id=x, outcome=what)

    @rule(a=agents, supervisor=st.sampled_from(("u1", "u2")), mode=st.sampled_from(("listen", "barge")))
    def monitor(self, a: str, supervisor: str, mode: str) -> None:
        running = [one for one in self.centre.router.monitorings() if one.supervisor_id == supervisor]
        if running:
            id = running[0].monitoring_id
            self.do(m.ChangeMonitoring, monitoring_id=id, supervisor_id=supervisor, mode=mode)
            self.do(m.StopMonitoring, monitoring_id=id, supervisor_id="u1")
        else:
            id = f"m-{self.centre.new_id()}"
            self.do(m.StartMonitoring, monitoring_id=id, supervisor_id=supervisor, agent_id=a, mode=mode)

    @rule(node=st.sampled_from(NODES), data=st.data())
    def reconcile(self, node: str, data: st.DataObject) -> None:
        held = []
        for k in self.centre.router.contact_ids_of_node(node):
            if data.draw(st.booleans()) or data.draw(st.booleans()):
                found = self.centre.router.contact(k)
                has_leg = found is not None and found.agent_id is not None and data.draw(st.booleans())
                held.append(m.NodeContact(k, (found.agent_id,) if has_leg and found and found.agent_id else ()))
        self.do(m.ReconcileNode, node_id=node, contacts=tuple(held))
        effects_for_node(node, self.centre.router, held)

    @rule(queues=st.sampled_from(QUEUE_SETS), people=st.sampled_from(AGENT_SETS))
    def configure(self, queues: tuple[QueueConfiguration, ...], people: tuple[AgentConfiguration, ...]) -> None:
        self.follow(self.centre.configure(queues, people))

    @precondition(lambda self: self.centre.effective)
    @rule(data=st.data())
    def resend(self, data: st.DataObject) -> None:
        """What had an effect has none when it comes again, however much later."""
        command = data.draw(st.sampled_from(self.centre.effective))
        before = self.centre.router.snapshot()
        assert self.centre.give(command) == ()
        assert self.centre.router.snapshot() == before

    @rule(ms=st.sampled_from((1, 700, 3_000, 9_000, 16_000)))
    def wait(self, ms: int) -> None:
        self.follow(self.centre.wait(ms / 1000))

    @rule()
    def take_snapshot(self) -> None:
        self.restored = Router.restore(self.centre.router.snapshot())

    # --- promises ----------------------------------------------------------------------------------------------------

    @invariant()
    def replay_gives_the_same_bytes(self) -> None:
        live = self.centre.router.snapshot()
        assert self.replica.snapshot() == live
        assert Router.restore(live).snapshot() == live
        if self.restored is not None:
            assert self.restored.snapshot() == live
            assert self.restored.next_due_ms() == self.centre.router.next_due_ms()

    @invariant()
    def nobody_is_lost_or_doubled(self) -> None:
        router = self.centre.router
        for k in self.open:
            found = router.contact(k)
            assert found is not None
            holders = [
                one
                for one in router.agents()
                if any(t.contact_id == k and t.ended_ms is None for t in router.interactions_of(one.agent_id))
            ]
            assert len(holders) == (1 if found.agent_id else 0)
            ringing = [o for one in router.agents() for o in one.offer_ids if self.is_plain_offer_of(o, k)]
            is_placed = (found.stage == "waiting", bool(ringing), bool(holders), found.stage == "outside")
            if found.stage == "waiting" and found.transfer_id:
                assert is_placed == (True, False, False, False)
            assert sum(is_placed) == 1, (k, found, is_placed)

    def is_plain_offer_of(self, offer_id: str, k: str) -> bool:
        offer = self.centre.router.offer(offer_id)
        return offer is not None and offer.contact_id == k and offer.kind != "consult"

    @invariant()
    def nobody_is_above_capacity(self) -> None:
        router = self.centre.router
        for one in router.agents():
            capacity = router.agent_configurations()[one.agent_id].capacity
            work = list(one.contact_ids)
            work += [offer.contact_id for id in one.offer_ids if (offer := router.offer(id))]
            channels = [found.details.channel for k in work if (found := router.contact(k))]
            if any(channel not in capacity for channel in channels) or self.was_reconfigured(router):
                continue
            assert sum(Fraction(1, capacity[channel]) for channel in channels) <= 1

    def was_reconfigured(self, router: Router) -> bool:
        """After a smaller capacity was configured, running work may exceed it; new work must not be added."""
        return router.version > 0

    @invariant()
    def no_able_agent_idles_while_somebody_waits(self) -> None:
        router = self.centre.router
        waiting = [one for one in router.contacts() if one.stage == "waiting"]
        for one in router.agents():
            for contact in waiting:
                assert not can_take(router, one, contact), (one, contact)

    @invariant()
    def states_say_what_is_so(self) -> None:
        router = self.centre.router
        for one in router.agents():
            talks = [t for t in router.interactions_of(one.agent_id) if t.ended_ms is None]
            assert not (talks and one.state != "busy")
            if one.state == "available":
                assert one.session_id is not None
                assert one.is_connected
                assert not one.contact_ids
                assert not one.offer_ids
            if one.state == "signed_out":
                assert one.session_id is None
                assert not one.contact_ids

    @invariant()
    def figures_add_up(self) -> None:
        for q in QUEUES[:4]:
            total = self.tally.between(q, 0, 2**62)
            assert total.answered_in_time <= total.answered
            assert total.answered + total.abandoned <= total.asked


def can_take(router: Router, one: AgentView, contact: ContactView) -> bool:
    """Said again without the engine's structures: presence, tenant, skills, and room for one more of the channel."""
    if contact.stage != "waiting" or one.state in ("signed_out", "away") or not one.is_connected:
        return False
    if one.requested_state is not None:
        return False
    given = router.agent_configurations()[one.agent_id]
    wanted = router.queue_configurations()[contact.queue_id]
    details = contact.details
    levels = dict(given.skills)
    needs = list(wanted.skills) + [(need.skill_id, need.level) for need in details.needs]
    if wanted.tenant_id not in given.tenant_ids or any(levels.get(skill, 0) < level for skill, level in needs):
        return False
    if details.channel not in given.capacity:
        return False
    return load(router, one) + Fraction(1, given.capacity[details.channel]) <= 1


def load(router: Router, one: AgentView) -> Fraction:
    capacity = router.agent_configurations()[one.agent_id].capacity
    work = list(one.contact_ids) + [offer.contact_id for id in one.offer_ids if (offer := router.offer(id))]
    channels = [found.details.channel for k in work if (found := router.contact(k))]
    return sum((Fraction(1, capacity.get(channel, 1)) for channel in channels), Fraction(0))


def place(router: Router, contact: ContactView) -> tuple[int, int, int, int]:
    rank = router.queue_configurations()[contact.queue_id].rank
    return (0 if contact.is_front else 1, -contact.details.priority, -rank, contact.asked_at_ms)


def turn(router: Router, one: AgentView) -> tuple[Fraction, int]:
    return (load(router, one), one.idle_since_ms)


TestRandomCentre = RandomCentre.TestCase
TestRandomCentre.settings = settings(
    max_examples=int(os.environ.get("HOTLINE_ENGINE_EXAMPLES", "60")),
    stateful_step_count=40,
    deadline=None,
)
