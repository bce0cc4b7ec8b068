"""Conversations on their whole road: public page, outbox, relay, the engine and its log, the projector, the desk."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import mkdtemp
from typing import Any
from uuid import UUID

import pytest

from hotline.domains.contacts import written
from hotline.domains.people.models import Agent
from hotline.domains.routing.queries import current_configuration
from hotline.engine.boundary import Router
from hotline.foundation import outbox
from hotline.foundation.models import Tenant
from hotline.foundation.tenancy import tenant_scope
from hotline.kernel.clock import SystemClock
from hotline.kernel.errors import HotlineError
from hotline.kernel.ids import new_id
from hotline.live.projector import Projector
from hotline.live.relay import ConversationRelay
from hotline.live.switch.log import RoutingLog
from hotline.live.switch.stores import SqliteStore
from hotline.messages import routing
from hotline.messages.conversations import ConversationNews
from hotline.messages.effects import Acknowledged, Refused
from tests.factories.conversations import ASKED, Desk, Visitor, codes, hand_in_sms, make_sms_number, make_written
from tests.factories.foundation import client_of, make_tenant, make_user
from tests.factories.setup import make_agent, make_queue

pytestmark = pytest.mark.django_db
MIXED = {"voice": 1, "chat": 3, "sms": 3, "form": 1}


class House:
    """The engine and its log behind the relay, and the worker's two steps that stand on both sides of them."""

    def __init__(self) -> None:
        self.router = Router()
        self.news: list[ConversationNews] = []
        pool = new_id()
        self._clock = SystemClock()
        self._log = RoutingLog(SqliteStore(Path(mkdtemp(prefix="hotline-log-")) / "routing.sqlite3"), pool)
        self._log.take_lead()
        switch: Any = self
        self._relay = ConversationRelay(switch, written.refused)
        self._projector = Projector(self._log, pool)
        self.do(routing.ApplyConfiguration, configuration=current_configuration())

    def close(self) -> None:
        self._log.close()

    def post(self, command: Any) -> Acknowledged | Refused:
        """What the switch does with a frame of the relay's."""
        if isinstance(command, ConversationNews):
            self.news.append(command)
            return Acknowledged(command_id=command.command_id)
        try:
            events = self.router.decide(command, self._clock.now_ms(), new_id)
        except HotlineError as error:
            return Refused(command_id=command.command_id, code=error.code, sentence=str(error))
        if events:
            self._log.append(events)
        return Acknowledged(command_id=command.command_id)

    def do(self, kind: type[Any], **fields: Any) -> None:
        """A command of the desk's, which is not refused."""
        answer = self.post(kind(command_id=new_id(), at_ms=self._clock.now_ms(), **fields))
        assert isinstance(answer, Acknowledged), answer

    def settle(self) -> None:
        """The relay and the projector, until there is nothing left for either."""
        while self._relay.step() + self._projector.step():
            pass

    def take(self, agent_id: str) -> None:
        """The agent says yes to what is offered."""
        (offer_id,) = next(one.offer_ids for one in self.router.agents() if one.agent_id == agent_id)
        self.do(routing.AcceptOffer, agent_id=agent_id, offer_id=offer_id)


@pytest.fixture
def tenant() -> Tenant:
    return make_tenant()


@pytest.fixture
def desk(tenant: Tenant) -> Desk:
    """An agent with room for one call, or three chats, or one chat and two short messages."""
    user = make_user(tenant=tenant, role="agent")
    agent_id = make_agent(tenant, user_id=user.pk, capacity=MIXED)
    with tenant_scope(tenant.pk):
        return Desk(Agent.objects.get(pk=agent_id), client_of(user))


@pytest.fixture
def queue_id(tenant: Tenant, desk: Desk) -> UUID:
    return make_queue(tenant, wrap_up_s=0)


@pytest.fixture
def house(queue_id: UUID, desk: Desk) -> Iterator[House]:
    house = House()
    agent_id = str(desk.agent.pk)
    house.do(routing.SignIn, agent_id=agent_id, session_id="s")
    house.do(routing.SetAgentState, agent_id=agent_id, state="available")
    yield house
    house.close()


def begin(tenant: Tenant, queue_id: UUID) -> Visitor:
    visitor = Visitor(make_written(tenant, "chat", fallback_queue_id=queue_id))
    assert visitor.begin().status_code == 201
    return visitor


def test_a_chat_from_the_first_message_to_its_end(tenant: Tenant, queue_id: UUID, desk: Desk, house: House) -> None:
    agent_id = str(desk.agent.pk)
    visitor = begin(tenant, queue_id)
    house.settle()
    assert visitor.read().json()["state"] == "waiting"
    house.take(agent_id)
    house.settle()
    assert visitor.read().json()["agent_name"] == desk.agent.user.name
    assert desk.reply(visitor.conversation_id, "您好").status_code == 201
    assert visitor.write("谢谢").status_code == 201
    house.settle()
    assert house.news[-1].messages[-1].seq == 4
    assert codes(desk.read(visitor.conversation_id).json()["messages"]) == [ASKED, "agent_joined", "您好", "谢谢"]
    house.do(routing.HangUpContact, agent_id=agent_id, contact_id=visitor.conversation_id)
    house.settle()
    read = visitor.read().json()
    assert (read["state"], read["ended_by"]) == ("ended", "agent")
    assert desk.read(visitor.conversation_id).json()["can_reply"] is False
    page = desk.browser.get(f"/api/v1/contacts/{visitor.conversation_id}").json()
    assert (page["channel"], page["outcome"], page["called_address"]) == ("chat", "handled", visitor.key)
    house.do(routing.FinishWrapUp, agent_id=agent_id, contact_id=visitor.conversation_id)
    house.settle()
    assert desk.read(visitor.conversation_id).status_code == 409
    assert outbox.pending("conversations.") == []


def test_a_visitor_who_leaves_while_waiting_has_abandoned(
    tenant: Tenant, queue_id: UUID, desk: Desk, house: House
) -> None:
    visitor = begin(tenant, queue_id)
    house.settle()
    visitor.end()
    house.settle()
    supervisor = client_of(make_user(tenant=tenant, role="supervisor"))
    page = supervisor.get(f"/api/v1/contacts/{visitor.conversation_id}").json()
    assert (page["outcome"], page["ended_by"]) == ("abandoned", "caller")
    assert house.router.contact(visitor.conversation_id) is None


def test_nobody_gets_more_than_their_capacity_and_a_place_goes_to_who_waits(
    tenant: Tenant, queue_id: UUID, desk: Desk, house: House
) -> None:
    agent_id = str(desk.agent.pk)
    number, secret = make_sms_number(tenant, fallback_queue_id=queue_id)
    talking = begin(tenant, queue_id)
    house.settle()
    house.take(agent_id)
    for sender in ("13900000001", "13900000002", "13900000003"):
        assert hand_in_sms(number, secret, "没有水", sender=sender).status_code == 202
        house.settle()
        if next(iter(house.router.agents())).offer_ids:
            house.take(agent_id)
    house.settle()
    stages = sorted(one.stage for one in house.router.contacts())
    assert stages == ["talking", "talking", "talking", "waiting"]
    talking.end()
    house.settle()
    house.do(routing.FinishWrapUp, agent_id=agent_id, contact_id=talking.conversation_id)
    house.settle()
    assert sorted(one.stage for one in house.router.contacts()) == ["proposed", "talking", "talking"]


def test_what_the_switch_does_not_take_is_told_to_its_visitor_and_stands_among_the_contacts(
    tenant: Tenant, desk: Desk, house: House
) -> None:
    visitor = begin(tenant, make_queue(tenant))  # made after the switch was told of its queues
    house.settle()
    read = visitor.read().json()
    assert (read["state"], read["messages"][-1]["code"]) == ("ended", "not_taken")
    supervisor = client_of(make_user(tenant=tenant, role="supervisor"))
    (row,) = supervisor.get("/api/v1/contacts").json()["items"]
    assert (row["id"], row["outcome"]) == (visitor.conversation_id, "failed")
    thread = supervisor.get(f"/api/v1/contacts/{row['id']}/conversation").json()
    assert codes(thread["messages"]) == [ASKED, "not_taken"]
    assert outbox.pending("conversations.") == []
