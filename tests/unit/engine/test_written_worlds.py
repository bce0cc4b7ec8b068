"""Random centres in which most work is in writing: calls, chats, messages and forms by the same agents, whose browsers
come and go."""

import os
from typing import Any

from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from hotline.messages import routing as m
from tests.unit.engine.centre import Centre, agent, queue
from tests.unit.engine.promises import Promises
from tests.unit.engine.test_random_worlds import AGENTS, RandomCentre

MIXED = {"voice": 1, "chat": 3, "sms": 3, "form": 2}
QUEUES = (
    queue("q0", wrap_up_s=5, reclaim_s=30, relationship_s=12),
    queue("q1", ("s1", 1), is_wrap_up_automatic=True, wrap_up_s=0, max_waiting=2, max_wait_s=20),
    queue("q2", is_background=True, reserve=1, background_s=25, is_wrap_up_automatic=True, wrap_up_s=3),
    queue("q3", tenant_id="t2", choice="least_occupied", is_wrap_up_automatic=True, wrap_up_s=0),
)
PEOPLE = (
    agent("a0", ("s1", 2), capacity=MIXED),
    agent("a1", ("s1", 9), capacity={"voice": 1, "chat": 2, "sms": 2}, tenant_ids=("t1", "t2")),
    agent("a2", capacity={"chat": 3, "sms": 3, "form": 1}, tenant_ids=("t1", "t2")),
    agent("a3", ("s1", 5), capacity={"voice": 1, "form": 1}),
)


class WrittenCentre(RandomCentre):
    """The commands of a random centre, mostly in writing; what is offered is taken on the desk."""

    channels = ("voice", "chat", "chat", "sms", "form")

    def __init__(self) -> None:
        super().__init__()
        self.centre = Centre(QUEUES, PEOPLE, interruptible=("form",), fair_after_s=10, resume_grace_s=5)
        self.promises = Promises(self.centre.router)
        self.centre.enter(*AGENTS)
        self.promises.follow(tuple(self.centre.log))

    @rule(q=st.sampled_from(("q0", "q0", "q1", "q2", "q3")), data=st.data())
    def ask_and_accept(self, q: str, data: st.DataObject) -> None:
        k = f"k{len(self.promises.ever)}"
        self.enqueue(k, q, 0, data)
        found = self.centre.router.contact(k)
        offer = self.centre.router.offer(found.offer_id) if found is not None and found.offer_id else None
        if offer is not None:
            self.do(m.AcceptOffer, agent_id=offer.agent_id, offer_id=offer.offer_id)
            if self.centre.router.offer(offer.offer_id) is not None:
                self.do(m.AnswerOffer, offer_id=offer.offer_id)  # a call: its leg is up

    @rule(a=st.sampled_from(AGENTS), is_back=st.booleans(), ms=st.sampled_from((200, 4_000, 6_000)))
    def browser(self, a: str, is_back: bool, ms: int) -> None:
        """It is gone for a while, now and then for good; or another window takes its place."""
        found = self.centre.router.agent(a)
        if found is None or found.session_id is None:
            return
        self.do(m.LoseAgentConnection, agent_id=a, session_id=found.session_id)
        self.promises.check_state()
        self.wait(ms)
        if is_back and (found := self.centre.router.agent(a)) is not None and found.session_id is not None:
            self.do(m.RestoreAgentConnection, agent_id=a, session_id=found.session_id)

    @precondition(lambda self: self.talks())
    @rule(data=st.data())
    def have_another_talk_too(self, data: st.DataObject) -> None:
        """Whoever is at work gets a call, under which what can wait does."""
        self.enqueue_call(f"k{len(self.promises.ever)}")
        for offer_id in self.offers():
            self.do(m.AnswerOffer, offer_id=offer_id)

    def enqueue_call(self, k: str) -> None:
        asked: dict[str, Any] = {"asked_at_ms": self.centre.now_ms, "arrived_at_ms": self.centre.now_ms}
        self.do(m.EnqueueContact, contact_id=k, tenant_id="t1", queue_id="q0", node_id="n1", **asked)

    @rule(node=st.sampled_from(("n1", "n2")), data=st.data())
    def upheaval(self, node: str, data: st.DataObject) -> None:
        """Now and then a node goes away or comes back with less than it had; the rules stay, and so does capacity."""
        what = data.draw(st.integers(0, 5))
        if what == 0:
            self.reconcile(node, data)
        elif what == 1:
            self.lose_node(node, data)


TestWrittenCentre = WrittenCentre.TestCase
TestWrittenCentre.settings = settings(
    max_examples=int(os.environ.get("HOTLINE_ENGINE_EXAMPLES", "40")),
    stateful_step_count=50,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)
