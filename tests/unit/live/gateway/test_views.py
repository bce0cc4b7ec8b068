"""Whatever happens: what was published, changed step by step, equals what a fresh start shows."""

import asyncio
from pathlib import Path
from typing import Any

from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from hotline.live.gateway.streams import Audience, Documents
from hotline.live.gateway.views import Views
from hotline.live.switch.service import Batch
from hotline.messages import routing
from hotline.messages.configuration import LadderConfiguration, SeatConfiguration, SiteConfiguration, TierConfiguration
from hotline.messages.routing import NodeContact
from tests.unit.live.switch.house import CONFIGURATION, OTHER_TENANT, TENANT, House

EASILY_ALARMED = replace(
    CONFIGURATION,
    queues=tuple(
        replace(one, alarm_after_s=0, alarm_min_contacts=1, callback_attempts=2) for one in CONFIGURATION.queues
    ),
    agents=tuple(
        replace(one, site_id="huaian" if one.agent_id == "bob" else "nanjing") for one in CONFIGURATION.agents
    ),
    sites=(
        SiteConfiguration(
            site_id="nanjing",
            tenant_id=TENANT,
            name_zh="南京",
            name_en="Nanjing",
            seats=(SeatConfiguration("s1", "A1"), SeatConfiguration("s2", "A2", None, True)),
        ),
        SiteConfiguration(
            site_id="theirs", tenant_id=OTHER_TENANT, name_zh="", name_en="", seats=(SeatConfiguration("s3", "B1"),)
        ),
    ),
    ladders=(
        LadderConfiguration(
            ladder_id="ladder",
            tenant_id=TENANT,
            queue_ids=("repair",),
            tiers=tuple(
                TierConfiguration(
                    tier_id=f"tier-{call_up_s}",
                    name_zh="后备",
                    name_en="Reserve",
                    agent_ids=("bob", "both"),
                    trigger="length",
                    threshold=1,
                    hold_s=0,
                    stand_down=1,
                    stand_down_s=4,
                    call_up_s=call_up_s,
                    skills=(("leaks", 5),),
                    skill_names=(("漏水", "Leaks"),),
                )
                for call_up_s in (4, 0)
            ),
        ),
    ),
)
SEATS_ELSEWHERE = (
    SiteConfiguration(
        site_id="huaian",
        tenant_id=TENANT,
        name_zh="淮安",
        name_en="Huai'an",
        seats=(SeatConfiguration("s1", "A1"), SeatConfiguration("s2", "A2")),
    ),
)
AGENTS = ("ann", "bob", "both", "eve")
CONTACTS = tuple(f"c-{number}" for number in range(5))
QUEUES = {"repair": TENANT, "billing": TENANT, "foreign": OTHER_TENANT}
BOARDS = ("floor", "wallboard")
EYES = (frozenset({TENANT}), frozenset({OTHER_TENANT}), frozenset({TENANT, OTHER_TENANT}))

agents, contacts, tabs = st.sampled_from(AGENTS), st.sampled_from(CONTACTS), st.sampled_from(("1", "2"))
steps = st.one_of(
    st.tuples(st.just("sign_in"), agents, tabs),
    st.tuples(st.just("sit"), agents, st.sampled_from(("s1", "s2", "s3"))),
    st.tuples(st.just("fault"), st.sampled_from(("s1", "s2", "s3")), st.booleans()),
    st.tuples(st.just("state"), agents, st.sampled_from(("available", "available", "away"))),
    st.tuples(st.just("sign_out"), agents, st.none()),
    st.tuples(st.just("lose"), agents, tabs),
    st.tuples(st.just("restore"), agents, tabs),
    st.tuples(st.just("call"), contacts, st.sampled_from(tuple(QUEUES))),
    st.tuples(st.just("answer"), contacts, st.none()),
    st.tuples(st.just("refuse"), contacts, st.none()),
    st.tuples(st.just("caller_gone"), contacts, st.none()),
    st.tuples(st.just("hold"), contacts, agents),
    st.tuples(st.just("retrieve"), contacts, agents),
    st.tuples(st.just("hang_up"), contacts, agents),
    st.tuples(st.just("finish"), contacts, agents),
    st.tuples(st.just("leg_lost"), contacts, agents),
    st.tuples(st.just("leg_back"), contacts, agents),
    st.tuples(st.just("transfer"), contacts, st.tuples(st.sampled_from(("blind", "consult")), agents)),
    st.tuples(st.just("complete"), contacts, st.none()),
    st.tuples(st.just("cancel"), contacts, st.none()),
    st.tuples(st.just("merge"), contacts, st.none()),
    st.tuples(st.just("monitor"), agents, st.sampled_from(("listen", "barge"))),
    st.tuples(st.just("stop_monitoring"), st.none(), st.none()),
    st.tuples(st.just("alarm"), st.sampled_from(("TakeAlarm", "AcknowledgeAlarm", "SilenceAlarm")), agents),
    st.tuples(st.just("force"), agents, st.sampled_from(("available", "away", "signed_out"))),
    st.tuples(st.just("mark"), st.sampled_from(("nanjing", "huaian", "theirs")), st.booleans()),
    st.tuples(st.just("disaster"), st.sampled_from(tuple(QUEUES)), st.booleans()),
    st.tuples(st.just("promise"), contacts, st.sampled_from((0, 20_000))),
    st.tuples(st.just("cancel_promise"), contacts, st.none()),
    st.tuples(st.just("configure"), st.booleans(), st.booleans()),
    st.tuples(st.just("reconcile"), st.sets(contacts), st.none()),
    st.tuples(st.just("wait"), st.sampled_from((300, 4_000, 16_000, 900_000)), st.none()),
)


class Screens:
    """Every agent's desk and every supervisor's boards, kept up by changes alone."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._views = self._fresh()
        self._desks = {name: Audience(name, self._own(self._views, name)) for name in AGENTS}
        self._boards = {eyes: Audience(eyes, self._board(self._views, eyes)) for eyes in EYES}
        house.switch.listeners.append(self)

    def _fresh(self) -> Views:
        return Views(self._house.switch, dict, dict, "auto")

    def _own(self, views: Views, name: str) -> Documents:
        return views.own(name, name)

    def _board(self, views: Views, eyes: frozenset[str]) -> Documents:
        return views.boards(BOARDS, eyes, self._house.clock.now_ms())

    def committed(self, batch: Batch) -> None:
        for agent_id in self._views.absorb(batch.events):
            self._desks[agent_id].replace(self._own(self._views, agent_id), batch.now_ms)

    def rebuilt(self) -> None:
        raise AssertionError("no command may break the engine")

    def flush(self) -> None:
        now_ms = self._house.clock.now_ms()
        dirty = self._views.take_dirty(now_ms)
        for eyes, audience in self._boards.items():
            audience.update({key: self._views.board_document(key, BOARDS, eyes, now_ms) for key in dirty}, now_ms)

    def check(self) -> None:
        self.flush()
        fresh = self._fresh()
        for name, desk in self._desks.items():
            assert desk.documents == self._own(fresh, name)
        for eyes, audience in self._boards.items():
            assert audience.documents == self._board(fresh, eyes)
            assert_walls(audience.documents, eyes)
            self._check_marks(audience.documents)

    def _check_marks(self, documents: Documents) -> None:
        """What is shown as marked is what the router goes by."""
        router = self._house.switch.state.router
        sites, queues = set(router.sites_down()), {one.queue_id for one in router.queues() if one.is_disaster}
        for key, document in documents.items():
            if key.startswith("site/"):
                assert document["is_down"] == (document["site_id"] in sites)
            elif key.startswith("queue/"):
                assert document["is_disaster"] == (document["queue_id"] in queues)
            elif key.startswith("seat/"):
                assert document["agent_id"] == router.seating.agent_at(document["seat_id"])
            elif key.startswith("tier/"):
                assert (document["step"] is None) == (document["since_ms"] is None)


def assert_walls(documents: Documents, eyes: frozenset[str]) -> None:
    """No board holds anything of a tenant that its viewers do not serve."""
    for document in documents.values():
        assert document.get("tenant_id", next(iter(eyes))) in eyes
        assert set(document.get("tenant_ids", ())) <= eyes
        assert QUEUES.get(document.get("queue_id") or "", next(iter(eyes))) in eyes


class Day:
    """Carries out steps; those that cannot be are refused, which is fine."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._version = 1

    async def take(self, kind: str, subject: Any, detail: Any) -> None:
        router = self._house.switch.state.router
        contact = router.contact(subject) if isinstance(subject, str) else None
        by_agent = {"agent_id": subject}
        by_both = {"agent_id": detail, "contact_id": subject}
        transfer = router.transfer(contact.transfer_id) if contact and contact.transfer_id else None
        sender = {"agent_id": transfer.agent_id, "transfer_id": transfer.transfer_id} if transfer else None
        open_offer = self._open_offer(subject) if contact else None
        if kind == "wait":
            await self._house.later(subject)
        elif kind == "call":
            await self._give(routing.EnqueueContact, **self._asking(subject, detail))
        elif kind == "answer" and open_offer:
            await self._give(routing.AnswerOffer, offer_id=open_offer)
        elif kind == "refuse" and open_offer and (offer := router.offer(open_offer)):
            await self._give(routing.RefuseOffer, agent_id=offer.agent_id, offer_id=open_offer)
        elif kind in _OF_AGENTS:
            await self._give(
                _OF_AGENTS[kind], **by_agent, **({"session_id": f"browser:{subject}-{detail}"} if detail else {})
            )
        elif kind in _OF_BOTH:
            await self._give(_OF_BOTH[kind], **by_both)
        elif kind in _OF_TRANSFERS and sender:
            await self._give(_OF_TRANSFERS[kind], **sender)
        else:
            await self._rarer(kind, subject, detail)

    async def _rarer(self, kind: str, subject: Any, detail: Any) -> None:
        router = self._house.switch.state.router
        reason = None if detail == "available" else "lunch"
        if kind == "state":
            await self._give(routing.SetAgentState, agent_id=subject, state=detail, reason_id=reason)
        elif kind == "force":
            forced = {"agent_id": subject, "state": detail, "reason": "lunch", "supervisor_id": "sue"}
            await self._give(routing.ForceAgentState, **forced)
        elif kind == "caller_gone":
            await self._give(routing.EndContact, contact_id=subject, ended_by="caller", cause="gone")
        elif kind == "transfer" and (contact := router.contact(subject)) and contact.agent_id:
            target = {"target_kind": "agent", "target": detail[1], "kind": detail[0], "transfer_id": f"t-{subject}"}
            await self._give(routing.StartTransfer, agent_id=contact.agent_id, contact_id=subject, **target)
        elif kind == "monitor":
            session = {"monitoring_id": f"m-{subject}-{detail}", "supervisor_id": "sue", "mode": detail}
            await self._give(routing.StartMonitoring, agent_id=subject, **session)
        elif kind == "stop_monitoring":
            for one in router.monitorings():
                await self._give(routing.StopMonitoring, monitoring_id=one.monitoring_id, supervisor_id="sue")
        elif kind == "alarm":
            reason = {"reason": "known_cause"} if subject == "SilenceAlarm" else {}
            for alarm in list(self._house.switch.state.alarms.open()):
                who = {"alarm_id": alarm.alarm_id, "supervisor_id": f"user-{detail}"}
                await self._give(getattr(routing, subject), **who, **reason)
        elif kind == "sit":
            await self._give(routing.SignIn, agent_id=subject, session_id=f"browser:{subject}-1", seat_id=detail)
        elif kind == "fault":
            await self._give(routing.MarkSeat, seat_id=subject, is_broken=detail, supervisor_id="user-ann")
        elif kind == "mark":
            await self._give(routing.MarkSite, site_id=subject, is_down=detail, supervisor_id="user-ann")
        elif kind == "disaster":
            await self._give(routing.SetDisasterMode, queue_id=subject, is_on=detail, supervisor_id="user-ann")
        elif kind == "promise":
            due_ms = self._house.clock.now_ms() + detail
            promise = {"contact_id": subject, "number": "sealed", "not_before_ms": due_ms}
            await self._give(routing.RequestCallback, **promise)
        elif kind == "cancel_promise":
            await self._give(routing.CancelCallback, contact_id=subject, supervisor_id="user-ann")
        elif kind == "configure":
            await self._configure(without_billing=subject, without_bob=detail)
        elif kind == "reconcile":
            await self._give(
                routing.ReconcileNode, node_id="node-1", contacts=tuple(NodeContact(one) for one in sorted(subject))
            )

    def _open_offer(self, contact_id: str) -> str | None:
        router = self._house.switch.state.router
        contact = router.contact(contact_id)
        if contact is None:
            return None
        transfer = router.transfer(contact.transfer_id) if contact.transfer_id else None
        return contact.offer_id or (transfer.offer_id if transfer else None)

    def _asking(self, contact_id: str, queue_id: str) -> dict[str, Any]:
        now_ms = self._house.clock.now_ms()
        at = {"asked_at_ms": now_ms, "arrived_at_ms": now_ms}
        return {
            "contact_id": contact_id,
            "tenant_id": QUEUES[queue_id],
            "queue_id": queue_id,
            "node_id": "node-1",
            "is_simulated": contact_id == "c-0",
            **at,
        }

    async def _configure(self, *, without_billing: bool, without_bob: bool) -> None:
        self._version += 1
        queues = tuple(one for one in EASILY_ALARMED.queues if not (without_billing and one.queue_id == "billing"))
        staff = tuple(one for one in EASILY_ALARMED.agents if not (without_bob and one.agent_id == "bob"))
        sites = SEATS_ELSEWHERE if without_billing else EASILY_ALARMED.sites
        configuration = replace(EASILY_ALARMED, version=self._version, queues=queues, agents=staff, sites=sites)
        await self._give(routing.ApplyConfiguration, configuration=configuration)

    async def _give(self, kind: type[Any], **fields: Any) -> None:
        await self._house.give(kind, **fields)


_OF_AGENTS: dict[str, type[Any]] = {
    "sign_in": routing.SignIn,
    "sign_out": routing.SignOut,
    "lose": routing.LoseAgentConnection,
    "restore": routing.RestoreAgentConnection,
}
_OF_BOTH: dict[str, type[Any]] = {
    "hold": routing.HoldContact,
    "retrieve": routing.RetrieveContact,
    "hang_up": routing.HangUpContact,
    "finish": routing.FinishWrapUp,
    "leg_lost": routing.LoseAgentLeg,
    "leg_back": routing.ResumeAgentLeg,
}

_OF_TRANSFERS: dict[str, type[Any]] = {
    "complete": routing.CompleteTransfer,
    "cancel": routing.CancelTransfer,
    "merge": routing.MergeTransfer,
}


# Each step is a real commit: a failing day is shown as it was found, shrinking it would take minutes.
PHASES = (Phase.explicit, Phase.reuse, Phase.generate)


NOTHING = ("cancel", "c-4", None)
ANSWERED_WHILE_AN_ALARM_IS_OPEN = [  # looked at before the call and after the answer, within one second
    ("call", "c-2", "billing"),
    NOTHING,
    NOTHING,
    ("wait", 900_000, None),
    NOTHING,
    ("call", "c-0", "billing"),
    ("answer", "c-2", None),
]


@settings(max_examples=40, phases=PHASES)
@example(script=ANSWERED_WHILE_AN_ALARM_IS_OPEN)
@given(script=st.lists(steps, min_size=5, max_size=40))
def test_published_documents_equal_a_fresh_view_after_any_day(
    script: list[tuple[str, Any, Any]], tmp_path_factory: Any
) -> None:
    asyncio.run(live(script, tmp_path_factory.mktemp("day")))


async def live(script: list[tuple[str, Any, Any]], directory: Path) -> None:
    house = House(directory)
    await house.configure(EASILY_ALARMED)
    screens, day = Screens(house), Day(house)
    for name in AGENTS[:3]:
        await house.sign_in(name, f"browser:{name}-1")
    for place, step in enumerate(script):
        await day.take(*step)
        if place % 5 == 0:
            screens.check()
    screens.check()
    state = house.switch.state.snapshot()
    house.start()
    assert house.switch.state.snapshot() == state
    house.close()
