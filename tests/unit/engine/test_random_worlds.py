"""Random centres: whatever is commanded in whatever order, the engine's promises hold."""

import os
from typing import Any

import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from hotline.engine.effects import effects_for_node
from hotline.kernel.errors import HotlineError
from hotline.messages import routing as m
from hotline.messages.configuration import (
    CalendarConfiguration,
    CalendarVersion,
    Insistence,
    OverflowConfiguration,
    SeatConfiguration,
    SiteConfiguration,
    SkillConfiguration,
)
from tests.unit.engine.centre import START_MS, Centre, agent, queue
from tests.unit.engine.promises import Promises
from tests.unit.engine.seeded_day import Day

AGENTS = ("a0", "a1", "a2", "a3")
QUEUES = ("q0", "q1", "q2", "q3")
NODES = ("n1", "n2")
# Open every other minute, so that call-backs are held and due again within a story.
EVERY_OTHER_MINUTE = CalendarConfiguration(
    calendar_id="c1",
    time_zone="Asia/Shanghai",
    versions=(
        CalendarVersion(valid_from="2026-01-01", weekly=(tuple((at, at + 1) for at in range(852, 880, 2)),) * 7),
    ),
)
CALLS_BACK: dict[str, Any] = {"callback_attempts": 2, "callback_retry_s": 5}
# The second configuration removes the queue with the first of these, and the queue that this leads to.
WAYS = (OverflowConfiguration(after_s=6, queue_id="q1"), OverflowConfiguration(after_s=14, queue_id="q0"))
OVERFLOW: dict[str, Any] = {"relationship_s": 12, "overflows": WAYS}
STUCK = (OverflowConfiguration(after_s=15, queue_id="q0"),)  # of those who may not leave for the flow before
BOTH: dict[str, Insistence] = {"language": "required", "brand": "preferred"}
PREFERRING: dict[str, Any] = {"attributes": BOTH, "prefer_s": 4, "relationship_s": 30}
RULES: dict[str, Any] = {
    "skills": (
        SkillConfiguration(skill_id="s2", tenant_id="t1", kind="language", values=("en",)),
        SkillConfiguration(skill_id="s1", tenant_id="t1", kind="brand", values=("gold",)),
    ),
    "fair_after_s": 10,
}
QUEUE_SETS = (
    (
        queue(
            "q0",
            wrap_up_s=5,
            attributes={"brand": "required"},
            reclaim_s=30,
            relationship_s=12,
            callback_calendar=EVERY_OTHER_MINUTE,
            callback_windows=((840, 856),),
            **CALLS_BACK,
        ),
        queue(
            "q1",
            ("s1", 2),
            rank=2,
            is_wrap_up_automatic=True,
            wrap_up_s=3,
            attributes=BOTH,
            prefer_s=4,
            relationship_s=30,
            max_wait_s=9,
            overflows=STUCK,
            reclaim_s=20,
        ),
        queue("q2", ("s1", 1), ("s2", 3), is_wrap_up_automatic=True, wrap_up_s=0, is_emergency=True, **OVERFLOW),
        queue("q3", tenant_id="t2", offer_timeout_s=8, relationship_s=8),
    ),
    (queue("q0", ("s2", 1), rank=5, offer_timeout_s=5, attributes=BOTH, **CALLS_BACK), queue("q3", tenant_id="t2")),
)
AGENT_SETS = (
    (
        agent("a0", ("s1", 2), site_id="nanjing"),
        agent(
            "a1",
            ("s1", 9),
            ("s2", 3),
            capacity={"voice": 1, "chat": 3},
            site_id="huaian",
            skill_ends=(("s1", START_MS + 40_000),),
        ),
        agent("a2", tenant_ids=("t1", "t2"), capacity={"voice": 2, "chat": 2}),
        agent("a3", ("s2", 9), ("s1", 1), tenant_ids=("t2", "t1")),
    ),
    (
        agent("a0", ("s2", 1), capacity={"chat": 1}, site_id="huaian"),
        agent("a1", ("s1", 1), is_active=False),
        agent("a3", ("s2", 9), ("s1", 2), tenant_ids=("t2", "t1"), capacity={"voice": 1, "chat": 2}),
    ),
)


def site(site_id: str, *seat_ids: str) -> SiteConfiguration:
    seats = tuple(SeatConfiguration(seat_id, seat_id) for seat_id in seat_ids)
    return SiteConfiguration(site_id=site_id, tenant_id="t1", name_zh=site_id, name_en=site_id, seats=seats)


SITE_SETS = (  # no team belongs to Yancheng
    (site("nanjing", "d0", "d1"), site("huaian", "d2"), site("yancheng", "d3")),
    (site("nanjing", "d2"), site("huaian", "d0"), site("yancheng", "d1", "d3")),
    (site("huaian", "d0", "d1", "d2"), site("yancheng", "d3")),
    (site("yancheng", "d1"),),
)

agents = st.sampled_from(AGENTS)
queues = st.sampled_from(("q0", "q0", "q1", "q2", "q3", "nowhere"))
PRESENCE = ("state", "state", "out", "elsewhere", "force", "lose", "lose", "restore")
priorities = st.sampled_from((0, 0, 5))


class RandomCentre(RuleBasedStateMachine):
    """A router under random commands, a replica that follows the log event by event, and a model of who is served."""

    channels: tuple[str, ...] = ("voice", "voice", "voice", "chat")

    def __init__(self) -> None:
        super().__init__()
        self.centre = Centre(QUEUE_SETS[0], AGENT_SETS[0], sites=SITE_SETS[0], **RULES)
        self.promises = Promises(self.centre.router)
        self.centre.enter(*AGENTS)
        self.promises.follow(tuple(self.centre.log))

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
        self.promises.follow(events)

    @rule(q=queues, p=priorities, data=st.data())
    def call(self, q: str, p: int, data: st.DataObject) -> None:
        k = f"k{len(self.promises.ever)}"
        if self.promises.ever and data.draw(st.integers(0, 9)) == 0:
            k = data.draw(st.sampled_from(list(self.promises.ever)))
        self.enqueue(k, q, p, data)

    @rule(q=queues, data=st.data())
    def call_and_answer(self, q: str, data: st.DataObject) -> None:
        k = f"k{len(self.promises.ever)}"
        self.enqueue(k, q, 0, data)
        found = self.centre.router.contact(k)
        if found is not None and found.offer_id is not None:
            self.do(m.AnswerOffer, offer_id=found.offer_id)

    def enqueue(self, k: str, q: str, p: int, data: st.DataObject) -> None:
        needs = data.draw(st.sampled_from(((), (), (), (m.SkillNeed("s2", 2),), (m.SkillNeed("s3", 1),))))
        asked = self.centre.now_ms - data.draw(st.sampled_from((0, 0, 2_000)))
        channel = data.draw(st.sampled_from(self.channels))
        self.do(
            m.EnqueueContact,
            contact_id=k,
            tenant_id="t2" if q == "q3" else "t1",
            queue_id=q,
            node_id=data.draw(st.sampled_from(NODES)) if channel == "voice" else m.HOUSE_NODE,
            asked_at_ms=asked,
            arrived_at_ms=asked,
            channel=channel,
            priority=p,
            needs=needs,
            language=data.draw(st.sampled_from(("zh", "zh", "en"))),
            wanted_agent_id=data.draw(st.sampled_from((None, None, *AGENTS))),
            attributes=data.draw(st.sampled_from(({}, {}, {"brand": "gold"}))),
            caller_ref=data.draw(st.sampled_from((None, "c1", "c2", "c3"))),
        )

    @rule(a=agents)
    def enter(self, a: str) -> None:
        self.do(m.SignIn, agent_id=a, session_id=f"s-{a}")
        self.do(m.SetAgentState, agent_id=a, state="available")

    @rule(a=agents, seat_id=st.sampled_from(("d0", "d1", "d2", "d3", "gone")), data=st.data())
    def sit(self, a: str, seat_id: str, data: st.DataObject) -> None:
        """Sign in at a seat, or move there, in the session that there is or in another."""
        found = self.centre.router.agent(a)
        session = found.session_id if found is not None and data.draw(st.booleans()) else None
        self.do(m.SignIn, agent_id=a, session_id=session or f"s-{a}", seat_id=seat_id)
        if data.draw(st.booleans()):
            self.do(m.SetAgentState, agent_id=a, state="available")

    @rule(site_id=st.sampled_from(("nanjing", "huaian", "yancheng", "gone")), is_down=st.booleans())
    def mark_site(self, site_id: str, is_down: bool) -> None:
        self.do(m.MarkSite, site_id=site_id, is_down=is_down, supervisor_id="u-sue")

    @rule(
        a=agents,
        what=st.sampled_from(PRESENCE),
        data=st.data(),
    )
    def presence(self, a: str, what: str, data: st.DataObject) -> None:
        found = self.centre.router.agent(a)
        session = (found and found.session_id) or "s-nobody"
        if what == "state":
            choices = (("available", None), ("away", "lunch"), ("away", None), ("away", "nap"))
            state, reason_id = data.draw(st.sampled_from(choices))
            self.do(m.SetAgentState, agent_id=a, state=state, reason_id=reason_id)
        elif what == "out":
            self.do(m.SignOut, agent_id=a)
        elif what == "elsewhere":
            self.do(m.SignIn, agent_id=a, session_id=f"s-{data.draw(st.integers(1, 2))}-{a}")
        elif what == "force":
            state = data.draw(st.sampled_from(("available", "away", "signed_out")))
            reason = data.draw(st.sampled_from(("", "drill")))
            self.do(m.ForceAgentState, supervisor_id=f"u-{a}", agent_id=a, state=state, reason=reason)
        elif what == "lose":
            self.do(m.LoseAgentConnection, agent_id=a, session_id=session)
        else:
            self.do(m.RestoreAgentConnection, agent_id=a, session_id=session)

    def waiting(self) -> list[str]:
        return [one.contact_id for one in self.centre.router.contacts() if one.stage == "waiting"]

    @precondition(lambda self: self.waiting())
    @rule(data=st.data(), window=st.sampled_from(((0, 0), (0, 0), (840, 856), (853, 854))))
    def call_back(self, data: st.DataObject, window: tuple[int, int]) -> None:
        k = data.draw(st.sampled_from(self.waiting()))
        later = self.centre.now_ms + data.draw(st.sampled_from((0, 0, 20_000)))
        self.do(m.RequestCallback, contact_id=k, number="sealed", not_before_ms=later, window=window)

    @precondition(lambda self: self.offers())
    @rule(data=st.data())
    def miss_call_back(self, data: st.DataObject) -> None:
        self.do(m.FailCallback, offer_id=data.draw(st.sampled_from(self.offers())), cause="no_answer")

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

    @rule(a=agents, data=st.data())
    def meddle(self, a: str, data: st.DataObject) -> None:
        """With contacts and offers of others, of the past, or of nobody."""
        k = data.draw(st.sampled_from([*self.promises.ever, "never"]))
        for command in (m.HoldContact, m.HangUpContact, m.FinishWrapUp, m.ResumeAgentLeg):
            if not self.has_part(a, k):
                self.do(command, agent_id=a, contact_id=k)
        offer_id = f"id-{data.draw(st.integers(1, 20))}"
        if self.centre.router.offer(offer_id) is None:
            self.do(m.AnswerOffer, offer_id=offer_id)
            self.do(m.AcceptOffer, agent_id=a, offer_id=offer_id)
            self.do(m.FailOffer, offer_id=offer_id, cause="no_answer")

    def has_part(self, a: str, k: str) -> bool:
        found = self.centre.router.agent(a)
        return found is not None and k in found.contact_ids

    @precondition(lambda self: self.promises.open)
    @rule(data=st.data(), ended_by=st.sampled_from(("caller", "agent", "platform", "flow")))
    def end(self, data: st.DataObject, ended_by: str) -> None:
        self.do(
            m.EndContact,
            contact_id=data.draw(st.sampled_from(list(self.promises.open))),
            ended_by=ended_by,
            cause=data.draw(st.sampled_from(("gone", "lost"))),
        )

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
        found = self.centre.router.contact(k)
        transfer = self.centre.router.transfer(found.transfer_id) if found and found.transfer_id else None
        if transfer is not None and data.draw(st.booleans()):
            if transfer.offer_id is not None:
                self.do(m.AnswerOffer, offer_id=transfer.offer_id)
            else:
                self.do(m.ReportTransferLeg, transfer_id=transfer.transfer_id, outcome="answered")

    def transfers(self) -> list[str]:
        return [one.transfer_id for one in self.centre.router.contacts() if one.transfer_id]

    @precondition(lambda self: self.transfers())
    @rule(data=st.data(), what=st.sampled_from(("complete", "cancel", "merge", "merge", "answered", "failed", "ended")))
    def pursue_transfer(self, data: st.DataObject, what: str) -> None:
        x = data.draw(st.sampled_from(self.transfers()))
        transfer = self.centre.router.transfer(x)
        assert transfer is not None
        commands = {"complete": m.CompleteTransfer, "cancel": m.CancelTransfer, "merge": m.MergeTransfer}
        if command := commands.get(what):
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
    def upheaval(self, node: str, data: st.DataObject) -> None:
        """Now and then a node goes away, or comes back with less than it had, or there is a new configuration."""
        what = data.draw(st.integers(0, 7))
        if what == 0:
            queues, people = data.draw(st.sampled_from(QUEUE_SETS)), data.draw(st.sampled_from(AGENT_SETS))
            sites = data.draw(st.sampled_from(SITE_SETS))
            rules = {**RULES, "fair_after_s": data.draw(st.sampled_from((0, 10, 300)))}
            self.promises.follow(self.centre.configure(queues, people, sites=sites, **rules))
        elif what == 1:
            self.reconcile(node, data)
        elif what <= 3:
            self.lose_node(node, data)

    def lose_node(self, node: str, data: st.DataObject) -> None:
        times = {"hold_after_ms": 5_000, "give_up_after_ms": 20_000, "clear_after_ms": 60_000}
        self.do(m.LoseNodeConnection, node_id=node, is_judged_anew=data.draw(st.booleans()), **times)
        others = [other for other in NODES if other != node]
        self.do(m.MoveCallbacks, node_id=node, to_node_id=others[0])

    def reconcile(self, node: str, data: st.DataObject) -> None:
        held = []
        for k in self.centre.router.contact_ids_of_node(node):
            if data.draw(st.integers(0, 3)):
                found = self.centre.router.contact(k)
                has_leg = found is not None and found.agent_id is not None and data.draw(st.booleans())
                held.append(m.NodeContact(k, (found.agent_id,) if has_leg and found and found.agent_id else ()))
        self.do(m.ReconcileNode, node_id=node, contacts=tuple(held))
        effects_for_node(node, self.centre.router, held)

    @precondition(lambda self: self.centre.effective)
    @rule(data=st.data())
    def resend(self, data: st.DataObject) -> None:
        """What had an effect has none when it comes again, however much later."""
        command = data.draw(st.sampled_from(self.centre.effective))
        before = self.centre.router.snapshot()
        assert self.centre.give(command) == ()
        assert self.centre.router.snapshot() == before

    @rule(ms=st.sampled_from((1, 700, 3_000, 9_000, 16_000, 45_000)))
    def wait(self, ms: int) -> None:
        self.promises.follow(self.centre.wait(ms / 1000))

    @rule()
    def take_snapshot(self) -> None:
        self.promises.take_snapshot()

    @invariant()
    def promises_hold(self) -> None:
        self.promises.check()


@pytest.mark.parametrize("seed", range(2))
def test_promises_hold_through_a_long_day(seed: int) -> None:
    """Hypothesis finds short stories; this one is long, in a centre that is busy all the time."""
    day = Day(seed, steps=200)
    promises = Promises(day.centre.router)
    promises.follow(tuple(day.centre.log))
    followed = len(day.centre.log)
    for number, _ in enumerate(day):
        promises.follow(tuple(day.centre.log[followed:]))
        followed = len(day.centre.log)
        promises.check_state()
        if number % 50 == 25:
            promises.check()
            promises.take_snapshot()
    promises.check()


TestRandomCentre = RandomCentre.TestCase
TestRandomCentre.settings = settings(
    max_examples=int(os.environ.get("HOTLINE_ENGINE_EXAMPLES", "60")),
    stateful_step_count=50,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # A failing story is printed as found: shrinking takes long.
)
