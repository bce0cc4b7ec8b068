"""One day of a busy little centre, the same in every run: prints what the engine made of it.

    python -m tests.unit.engine.seeded_day [seed]

Two interpreters with different hash seeds, or the interpreted and the compiled engine, must print the same."""

import hashlib
import random
import sys
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import msgspec

from hotline.engine import boundary, core, tally
from hotline.engine.alarms import Alarms
from hotline.engine.boundary import Router
from hotline.engine.effects import effects_of
from hotline.engine.tally import Tally
from hotline.kernel.errors import HotlineError
from hotline.messages import routing as m
from hotline.messages.configuration import (
    CalendarConfiguration,
    CalendarVersion,
    LadderConfiguration,
    OverflowConfiguration,
    PriorityConfiguration,
    RingConfiguration,
    SeatConfiguration,
    SiteConfiguration,
    SkillConfiguration,
    TierConfiguration,
)
from tests.unit.engine.centre import START_MS, Centre, agent, queue

STEPS = 6_000
_WATER: dict[str, Any] = {
    "rings": (RingConfiguration(after_s=0, group_ids=("north",)), RingConfiguration(after_s=20, relax=1)),
    "overflows": (OverflowConfiguration(after_s=40, queue_id="leaks"),),
    "relationship_s": 15,
    "reclaim_s": 300,
}
# Closed for one minute of three.
_CALL_BACKS: dict[str, Any] = {
    "callback_attempts": 2,
    "callback_windows": ((0, 720), (720, 1440)),
    "callback_calendar": CalendarConfiguration(
        calendar_id="c1",
        time_zone="Asia/Shanghai",
        versions=(
            CalendarVersion(valid_from="2026-01-01", weekly=(tuple((at, at + 2) for at in range(0, 1440, 3)),) * 7),
        ),
    ),
}
_LEAKS: dict[str, Any] = {
    "attributes": {"language": "preferred", "brand": "preferred"},
    "prefer_s": 10,
    "max_wait_s": 90,
    "overflows": (OverflowConfiguration(after_s=150, queue_id="bills"),),  # of those who may not leave at 90 s
    "order": "service_level",
    "weight": 20,
    "return_after_s": 60,
}
_LADDER = LadderConfiguration(
    ladder_id="reserve",
    tenant_id="t1",
    queue_ids=("water", "leaks"),
    tiers=tuple(
        TierConfiguration(
            tier_id=f"tier-{number}",
            name_zh="",
            name_en="",
            agent_ids=(f"a{number}", f"a{number + 1}"),
            trigger=trigger,
            threshold=threshold,
            hold_s=5,
            stand_down=stand_down,
            stand_down_s=20,
            call_up_s=10 * number,
            skills=(("leaks", 9),),
        )
        for number, (trigger, threshold, stand_down) in enumerate(
            (("length", 3, 1), ("wait", 30, 10), ("service_level", 5_000, 7_000))
        )
    ),
)


class Day:
    """Draws commands that mostly make sense, and some that do not."""

    def __init__(self, seed: int, steps: int = STEPS) -> None:
        self.steps = steps
        self.draw = random.Random(seed)
        self.draw_seat = random.Random(seed)
        self.draw_node = random.Random(seed)
        self.draw_window = random.Random(seed)
        self.away: list[str] = []
        self.refused = 0
        self.asked = 0
        skills = ("leaks", "bills", "english")
        self.queues = [
            queue("water", is_wrap_up_automatic=True, wrap_up_s=6, max_waiting=6, **_CALL_BACKS, **_WATER),
            queue("leaks", ("leaks", 2), rank=3, choice="best_level", **_LEAKS),
            queue("bills", ("bills", 1), ("english", 1), is_wrap_up_automatic=True, wrap_up_s=0, choice="weighted"),
            queue("letters", is_background=True, reserve=1, background_s=60, choice="round_robin"),
        ]
        self.people = [
            agent(
                f"a{number}",
                *[(skill, self.draw.randint(1, 9)) for skill in skills if self.draw.random() < 0.6],
                capacity=self.draw.choice(({"voice": 1}, {"voice": 1, "chat": 3, "email": 2}, {"chat": 2})),
                team_id=self.draw.choice(("north", "south")),
                site_id=self.draw.choice(("nanjing", "huaian")),
                takes=self.draw.choice(("most_urgent", "most_urgent", "strongest_skill")),
                weight=self.draw.randint(5, 20),
                skill_ends=(("leaks", START_MS + self.draw.randint(1, 40_000) * 1000),),
            )
            for number in range(12)
        ]
        self.rules = {
            "interruptible": ("email",),
            "skills": (
                SkillConfiguration(skill_id="english", tenant_id="t1", kind="language", values=("en",)),
                SkillConfiguration(skill_id="bills", tenant_id="t1", kind="brand", values=("gold",)),
            ),
            "priorities": (
                PriorityConfiguration(tenant_id="t1", kind="value_grade", value="gold", points=3),
                PriorityConfiguration(tenant_id="t1", kind="repeat", points=2, within_s=600),
            ),
            "ladders": (_LADDER,),
        }
        self.centre = Centre(self.queues, self.people, sites=self.sites(), **self.rules)

    def sites(self) -> tuple[SiteConfiguration, ...]:
        """Fourteen seats at two sites; some are now here, now there."""
        numbers = range(14)
        here = [number for number in numbers if number % 2 and (number < 8 or self.draw_seat.random() < 0.5)]
        return tuple(
            SiteConfiguration(
                site_id=site_id,
                tenant_id="t1",
                name_zh=site_id,
                name_en=site_id,
                seats=tuple(SeatConfiguration(f"seat-{number}", f"A{number}") for number in seats),
            )
            for site_id, seats in (("nanjing", [n for n in numbers if n not in here]), ("huaian", here))
        )

    def run(self) -> None:
        for _ in self:
            pass

    def __iter__(self) -> Iterator[None]:
        """A pause after each command or stretch of time."""
        for one in self.people:
            self.give(m.SignIn, agent_id=one.agent_id, session_id=f"s-{one.agent_id}")
            self.give(m.SetAgentState, agent_id=one.agent_id, state="available")
        for _ in range(self.steps):
            self.step()
            yield
            self.centre.wait(self.draw.choice((0, 0.2, 0.5, 2)))
            yield

    def give(self, command: type[Any], **fields: Any) -> None:
        if command is m.SignIn and self.draw_seat.random() < 0.7:
            with suppress(HotlineError):  # then without a seat
                self.centre.do(command, seat_id=self.seat(), **fields)
        try:
            self.centre.do(command, **fields)
        except HotlineError:
            self.refused += 1

    def step(self) -> None:
        router, draw = self.centre.router, self.draw
        if self.away:
            self.wait_for_nodes()
        one = router.agent(draw.choice(self.people).agent_id)
        if one is None:  # Left out of the present configuration.
            self.configure()
            return
        who = {"agent_id": one.agent_id}
        chance = draw.random()
        if chance < 0.12:
            self.call()
            if draw.random() < 0.4:
                self.call_back()
        elif one.offer_ids and chance < 0.9:
            self.take_offer(one.offer_ids[0], one.agent_id)
        elif one.contact_ids:
            self.work(one.agent_id, draw.choice(one.contact_ids))
        elif one.state == "signed_out" and chance < 0.8:
            self.give(m.SignIn, session_id=f"s-{draw.randint(0, 3)}-{one.agent_id}", **who)
        elif one.state == "away" and chance < 0.6:
            self.give(m.SetAgentState, state="available", **who)
        elif chance < 0.92:
            self.give(m.SetAgentState, state=draw.choice(("available", "available", "away")), reason_id="lunch", **who)
        elif chance < 0.94:
            self.give(m.SignIn, session_id=f"s-{draw.randint(0, 3)}-{one.agent_id}", **who)
        elif chance < 0.96:
            kind = draw.choice((m.LoseAgentConnection, m.RestoreAgentConnection))
            self.give(kind, session_id=one.session_id or "", **who)
        elif chance < 0.98:
            fields = {"supervisor_id": "u-sue", "state": draw.choice(("available", "signed_out"))}
            self.give(m.ForceAgentState, reason=f"reason {draw.randint(1, 5)}", **fields, **who)
        elif chance < 0.985:
            self.configure()
        elif chance < 0.99:
            self.rule()
        else:
            self.node(draw.choice(("n1", "n2")))

    def node(self, node_id: str) -> None:
        """One comes back, or goes away; the other makes the call-backs of one that stays away."""
        if node_id in self.away or self.draw_node.random() < 0.5:
            self.reconcile(node_id)
            return
        times = {"hold_after_ms": 2_000, "give_up_after_ms": 15_000, "clear_after_ms": 25_000}
        self.give(m.LoseNodeConnection, node_id=node_id, is_judged_anew=self.draw_node.random() < 0.2, **times)
        self.away.append(node_id)

    def wait_for_nodes(self) -> None:
        for node_id in self.centre.router.nodes_given_up():
            other = "n2" if node_id == "n1" else "n1"
            self.give(m.MoveCallbacks, node_id=node_id, to_node_id=other)
        if self.draw_node.random() < 0.05:
            self.reconcile(self.away[0])

    def configure(self) -> None:
        queues = self.queues[: self.draw.randint(3, 4)]
        self.centre.configure(queues, self.draw.sample(self.people, 11), sites=self.sites(), **self.rules)

    def seat(self) -> str:
        return f"seat-{self.draw_seat.randint(0, 14)}"

    def rule(self) -> None:
        """What supervisors decide."""
        draw = self.draw
        is_broken = self.draw_seat.random() < 0.5
        self.give(m.MarkSeat, seat_id=self.seat(), is_broken=is_broken, supervisor_id="u-sue")
        if draw.random() < 0.5:
            site = draw.choice(("nanjing", "huaian"))
            self.give(m.MarkSite, site_id=site, is_down=draw.random() < 0.4, supervisor_id="u-sue")
        else:
            is_on = draw.random() < 0.2
            self.give(m.SetDisasterMode, queue_id="water", is_on=is_on, supervisor_id="u-sue")

    def call_back(self) -> None:
        waiting = [one for one in self.centre.router.contacts() if one.stage == "waiting" and one.queue_id == "water"]
        if waiting:
            due = self.draw.choice((0, self.centre.now_ms + 30_000))
            one = self.draw.choice(waiting)
            window = self.draw_window.choice(((0, 0), (720, 1440)))
            self.give(m.RequestCallback, contact_id=one.contact_id, number="sealed", not_before_ms=due, window=window)

    def call(self) -> None:
        self.asked += 1
        draw = self.draw
        asked: dict[str, Any] = {
            "contact_id": f"k{self.asked}",
            "tenant_id": "t1",
            "queue_id": draw.choice(self.queues).queue_id,
            "node_id": draw.choice(("n1", "n2")),
            "asked_at_ms": self.centre.now_ms - draw.randint(0, 3_000),
            "arrived_at_ms": self.centre.now_ms - 9_000,
            "channel": draw.choice(("voice", "voice", "chat", "email")),
            "priority": draw.choice((0, 0, 0, 4)),
            "needs": (m.SkillNeed("english", 3),) if draw.random() < 0.2 else (),
            "language": draw.choice(("zh", "zh", "en")),
            "attributes": {"value_grade": "gold", "brand": "gold"} if draw.random() < 0.2 else {},
            "wanted_agent_id": draw.choice(self.people).agent_id if draw.random() < 0.3 else None,
            "caller_ref": f"caller-{draw.randint(1, 40)}",
        }
        if asked["channel"] != "voice":
            asked["node_id"] = m.HOUSE_NODE
        self.give(m.EnqueueContact, **asked)

    def take_offer(self, offer_id: str, agent_id: str) -> None:
        kind = self.draw.choice(
            (*[m.AnswerOffer] * 4, m.AcceptOffer, m.RefuseOffer, m.FailOffer, m.FailCallback, m.FailCallback)
        )
        fields: dict[str, Any] = {"offer_id": offer_id}
        if kind in (m.AcceptOffer, m.RefuseOffer):
            fields["agent_id"] = agent_id
        if kind in (m.FailOffer, m.FailCallback):
            fields["cause"] = "busy"
        self.give(kind, **fields)

    def work(self, agent_id: str, contact_id: str) -> None:
        draw = self.draw
        for met in self.centre.router.met_in(contact_id):
            if draw.random() < 0.3:
                self.give(m.SettleCallback, agent_id=agent_id, contact_id=met.contact_id, is_done=draw.random() < 0.5)
        contact = self.centre.router.contact(contact_id)
        if contact is not None and contact.transfer_id is not None and draw.random() < 0.6:
            self.pursue(contact.transfer_id, agent_id)
            return
        both = {"agent_id": agent_id, "contact_id": contact_id}
        kind = draw.choice(
            (
                m.EndContact,
                m.HangUpContact,
                m.FinishWrapUp,
                m.FinishWrapUp,
                m.HoldContact,
                m.RetrieveContact,
                m.ExtendWrapUp,
                m.LoseAgentLeg,
                m.ResumeAgentLeg,
                m.StartTransfer,
                m.StartMonitoring,
            )
        )
        if kind is m.EndContact:
            cause = "lost" if self.draw_seat.random() < 0.5 else "gone"
            self.give(kind, contact_id=contact_id, ended_by=draw.choice(("caller", "platform")), cause=cause)
        elif kind is m.StartTransfer:
            target = draw.choice(
                (("queue", "leaks"), ("agent", draw.choice(self.people).agent_id), ("number", "sealed"))
            )
            to = {"kind": draw.choice(("blind", "consult")), "target_kind": target[0], "target": target[1]}
            self.give(kind, transfer_id=self.centre.new_id(), **to, **both)
        elif kind is m.StartMonitoring:
            who = {"supervisor_id": f"u{draw.randint(1, 3)}", "agent_id": agent_id}
            self.give(kind, monitoring_id=self.centre.new_id(), mode="listen", **who)
        else:
            self.give(kind, **both)

    def pursue(self, transfer_id: str, agent_id: str) -> None:
        if self.draw.random() < 0.5:
            outcome = self.draw.choice(("answered", "answered", "failed", "ended"))
            self.give(m.ReportTransferLeg, transfer_id=transfer_id, outcome=outcome)
        else:
            kind = self.draw.choice((m.CompleteTransfer, m.CancelTransfer, *[m.MergeTransfer] * 4))
            self.give(kind, agent_id=agent_id, transfer_id=transfer_id)

    def reconcile(self, node_id: str) -> None:
        router = self.centre.router
        held = []
        for contact_id in router.contact_ids_of_node(node_id):
            contact = router.contact(contact_id)
            if contact is not None and self.draw.random() < 0.9:
                held.append(m.NodeContact(contact_id, (contact.agent_id,) if contact.agent_id else ()))
        self.give(m.ReconcileNode, node_id=node_id, contacts=tuple(held))
        self.away = [other for other in self.away if other != node_id]


def read_back(log: list[m.RoutingEvent], snapshot: bytes) -> Iterator[bytes]:
    """What is made of the day by whoever reads its log, and of what is kept by whoever reads that."""
    router, figures, alarms = Router(), Tally(), Alarms()
    asked = []
    for event in log:
        router.apply(event)
        figures.apply(event)
        alarms.apply(event)
        asked.append(effects_of(event, router))
    yield msgspec.msgpack.encode(asked)
    yield from (router.snapshot(), figures.snapshot(), alarms.snapshot())
    yield Router.restore(snapshot).snapshot()
    yield Tally.restore(figures.snapshot()).snapshot()
    configured = router.configuration
    yield Alarms.restore(alarms.snapshot(), configured.queues if configured else ()).snapshot()


def main() -> None:
    day = Day(int(sys.argv[1]) if len(sys.argv) > 1 else 1)
    day.run()
    log = msgspec.msgpack.encode(day.centre.log)
    snapshot = day.centre.router.snapshot()
    print(f"{len(day.centre.log)} events, {day.asked} contacts, {day.refused} refused")
    print(hashlib.sha256(log).hexdigest(), hashlib.sha256(snapshot).hexdigest())
    for kept in read_back(day.centre.log, snapshot):
        print(hashlib.sha256(kept).hexdigest())
    kinds = {
        "interpreted" if str(module.__file__).endswith(".py") else "compiled" for module in (core, boundary, tally)
    }
    print(*sorted(kinds), file=sys.stderr)


if __name__ == "__main__":
    main()
