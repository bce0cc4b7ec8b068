"""Random centres whose rules keep agents from callers: for one agent, for a quiet hour, for the strongest skill. What
keeps them is told, and for how long it may is a number."""

from typing import Any

from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import rule

from hotline.messages import routing as m
from tests.unit.engine.centre import Centre, agent, queue
from tests.unit.engine.promises import Promises
from tests.unit.engine.test_random_worlds import AGENTS, RandomCentre

FAIR_AFTER_S = 10
QUEUES = (
    queue("q0", ("s1", 1), relationship_s=12, wrap_up_s=5),
    queue("q1", ("s2", 1), is_wrap_up_automatic=True, wrap_up_s=0),
    queue("q2", ("s1", 1), is_background=True, reserve=1, background_s=25, is_wrap_up_automatic=True, wrap_up_s=3),
    queue("q3", tenant_id="t2", is_background=True, reserve=2),
)
CAPACITY = {"voice": 1, "chat": 1}
PEOPLE = (
    agent("a0", ("s1", 2), ("s2", 9), takes="strongest_skill", capacity=CAPACITY),
    agent("a1", ("s1", 9), ("s2", 3), takes="strongest_skill", capacity=CAPACITY),
    agent("a2", ("s1", 1), tenant_ids=("t1", "t2"), capacity=CAPACITY),
    agent("a3", ("s1", 5), ("s2", 1), tenant_ids=("t2", "t1"), takes="strongest_skill"),
)


class ReservingCentre(RandomCentre):
    """The commands of a random centre, and callers who ask for an agent of their own."""

    def __init__(self) -> None:
        super().__init__()
        self.centre = Centre(QUEUES, PEOPLE, fair_after_s=FAIR_AFTER_S)
        self.promises = Promises(self.centre.router)
        self.centre.enter(*AGENTS)
        self.promises.follow(tuple(self.centre.log))

    @rule(q=st.sampled_from(("q0", "q2")), a=st.sampled_from(AGENTS))
    def call_own_agent(self, q: str, a: str | None) -> None:
        asked = self.centre.now_ms
        self.do(
            m.EnqueueContact,
            contact_id=f"k{len(self.promises.ever)}",
            tenant_id="t1",
            queue_id=q,
            node_id="n1",
            asked_at_ms=asked,
            arrived_at_ms=asked,
            wanted_agent_id=a,
        )

    @rule(seconds=st.sampled_from((0, 1, 4)))
    def rush(self, seconds: int) -> None:
        """More callers than agents, of the weaker skill first; then somebody is done."""
        for number in range(6):
            self.call_own_agent("q0" if number % 3 == 1 else "q1", None)
            for offer_id in self.offers():
                self.do(m.AnswerOffer, offer_id=offer_id)
        self.wait(seconds * 1000)
        for _, contact_id in self.talks()[:2]:
            self.do(m.EndContact, contact_id=contact_id, ended_by="caller", cause="")

    @rule(node=st.sampled_from(("n1", "n2")), data=st.data())
    def upheaval(self, node: str, data: st.DataObject) -> None:
        """Now and then a node comes back with less than it had; the rules stay."""
        if data.draw(st.integers(0, 7)) == 0:
            self.reconcile(node, data)


TestReservingCentre = ReservingCentre.TestCase
TestReservingCentre.settings = settings(
    max_examples=30,
    stateful_step_count=50,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)


def test_a_weak_skill_is_passed_over_until_it_is_fair_and_no_longer() -> None:
    """A caller of the agent's weaker skill comes first, one of the stronger after each conversation."""
    centre = Centre(QUEUES, PEOPLE[:1], fair_after_s=FAIR_AFTER_S)
    promises = Promises(centre.router)
    centre.enter("a0")
    promises.follow(tuple(centre.log))

    def do(command: type[Any], **fields: Any) -> None:
        promises.follow(centre.do(command, **fields))

    def call(contact_id: str, queue_id: str) -> None:
        promises.follow(centre.call(contact_id, queue_id))

    call("first", "q1")
    promises.follow(centre.answer("first"))
    call("weak", "q0")
    asked_ms, number, talking = centre.now_ms, 0, "first"
    while centre.offered_to("weak") is None:
        assert centre.now_ms - asked_ms <= (FAIR_AFTER_S + 4) * 1000  # and the conversation that was under way
        call(f"strong {number}", "q1")
        promises.follow(centre.wait(4))
        do(m.EndContact, contact_id=talking, ended_by="caller", cause="")
        promises.check()
        if centre.offered_to("weak") is None:
            talking, number = f"strong {number}", number + 1
            promises.follow(centre.answer(talking))
    assert number == 2
    assert promises.passed_over_ms == 8_000
