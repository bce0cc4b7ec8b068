"""One matter through the four levels with which every tenant begins (CQ-55): self-service, general agents,
specialists, experts. With the engine that serves calls, the projection, the desk's endpoints and the report."""

from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

import pytest
from django.test import Client

from hotline.domains.channels.queries import current_node_configuration
from hotline.domains.contacts.fact_intake import take_facts
from hotline.domains.people.models import Agent
from hotline.domains.routing.queries import current_configuration
from hotline.flows import Context, read_flow, start
from hotline.flows.state import Queue
from hotline.foundation.models import AuditEntry, Tenant
from hotline.foundation.tenancy import tenant_scope
from hotline.kernel.ids import new_id
from hotline.live.node.configuration import LocalConfiguration
from hotline.messages import routing as m
from tests.factories import setup
from tests.factories.contacts import Call, project
from tests.factories.customers import make_disposition
from tests.factories.foundation import client_of, make_tenant, make_user
from tests.unit.domains.contacts.test_funnel_and_attributes import FUNNEL, report
from tests.unit.engine.centre import START_MS, Centre

pytestmark = pytest.mark.django_db
# Offers ring until they are answered, and nobody has to end the wrap-up.
QUEUE: Final[dict[str, Any]] = {"offer_timeout_s": 120, "wrap_up_s": 5, "is_wrap_up_automatic": True}
LEVELS: Final = "/api/v1/admin/funnel-levels"
NAMES: Final = [
    {"zh": "自助服务", "en": "Self-service"},
    {"zh": "普通坐席", "en": "General agents"},
    {"zh": "业务专员", "en": "Specialists"},
    {"zh": "专家", "en": "Experts"},
]


@pytest.fixture
def chief() -> Client:
    return client_of(make_user(is_installation_administrator=True))


@pytest.fixture
def tenant(chief: Client) -> Tenant:
    """As an installation administrator makes it: nothing is set up in it yet."""
    body = {"code": "gas", "name": {"zh": "燃气", "en": "Gas"}}
    made = chief.post("/api/v1/tenants", body, content_type="application/json")
    return Tenant.objects.get(pk=made.json()["tenant_id"])


class RealCentre(Centre):
    def new_id(self) -> str:
        return new_id()


@dataclass
class House:
    """The tenant with a queue and an agent for each level that people serve, and its engine."""

    tenant: Tenant
    queues: dict[int, UUID] = field(default_factory=dict)
    agents: dict[int, Agent] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for level in (2, 3, 4):
            skill = setup.make_skill(self.tenant)
            agent = setup.make_agent(self.tenant, skills={skill: 5})
            self.queues[level] = setup.make_queue(self.tenant, skills={skill: 1}, **QUEUE)
            with tenant_scope(self.tenant.pk):
                self.agents[level] = Agent.objects.select_related("user").get(pk=agent)
        self.reason = make_disposition(self.tenant)

    def open(self) -> None:
        told = current_configuration()
        self.centre = RealCentre(told.queues, told.agents, ())
        self.centre.enter(*(str(agent.pk) for agent in self.agents.values()))
        self.centre.log.clear()

    def ask(self, module: UUID) -> str:
        """A caller whom the flow could not serve asks for a person by the business."""
        flow = read_flow({"first_step": "ask", "steps": {"ask": _queue_step(self.queues[2], module)}})
        told = LocalConfiguration(current_node_configuration())
        queues = told.business_queues(str(self.tenant.pk))
        asked = start(flow, Context(called="1", caller=None, language="zh", business_queues=queues), START_MS)
        queue = next(action for action in asked.actions if isinstance(action, Queue))
        contact_id = new_id()
        self.centre.call(contact_id, queue.queue_id, tenant_id=str(self.tenant.pk))
        return contact_id

    def pass_on(self, contact_id: str, level: int) -> None:
        """The agent of that level takes it, and hands it to the queue that the desk names."""
        self.centre.answer(contact_id)
        self.centre.wait(20)
        given = {"transfer_id": new_id(), "agent_id": str(self.agents[level].pk), "contact_id": contact_id}
        target = str(self.next_queue(level))
        self.centre.do(m.StartTransfer, **given, kind="blind", target_kind="queue", target=target)

    def solve(self, contact_id: str) -> None:
        self.centre.answer(contact_id)
        self.centre.wait(20)
        self.centre.do(m.EndContact, contact_id=contact_id, ended_by="caller", cause="normal")

    def next_queue(self, level: int) -> UUID | None:
        found = self._funnel()["levels"]
        queue = next(one["next_queue_id"] for one in found if one["number"] == level)
        return UUID(queue) if queue else None

    def starts_in(self, module: UUID) -> UUID:
        found = self._funnel()["modules"]
        return UUID(next(one["starts_in_queue_id"] for one in found if one["module_id"] == str(module)))

    def file(self, contact_id: str, level: int, module: UUID, *, is_solved: bool) -> None:
        matter = {"disposition_id": str(self.reason.pk), "module_id": str(module), "is_solved": is_solved}
        url = f"/api/v1/desk/contacts/{contact_id}/wrap-up"
        client = client_of(self.agents[level].user)
        assert client.post(url, {"matters": [matter]}, content_type="application/json").status_code == 204

    def _funnel(self) -> dict[str, Any]:
        return dict(client_of(self.agents[2].user).get("/api/v1/desk/funnel").json())


def serve_alone(tenant: Tenant) -> None:
    """A caller whom the flow could serve."""
    call = Call(tenant, arrived_ms=START_MS)
    take_facts([call.arrived(), call.step("say", ""), call.left("contained")])


def _queue_step(queue: UUID, module: UUID) -> dict[str, Any]:
    return {"kind": "queue", "queue_id": str(queue), "business": str(module)}


def give_queues(admin: Client, house: House) -> None:
    for row in levels_of(admin):
        if row["number"] in house.queues:
            body = {"version": row["version"], "queue_id": str(house.queues[row["number"]])}
            answer = admin.patch(f"{LEVELS}/{row['id']}", body, content_type="application/json")
            assert answer.status_code == 200, answer.content


def levels_of(admin: Client) -> list[dict[str, Any]]:
    return list(admin.get(LEVELS).json()["items"])


def test_a_new_tenant_begins_with_four_levels_that_its_administrators_can_change(chief: Client, tenant: Tenant) -> None:
    assert [(one["number"], one["name"], one["queue_id"]) for one in levels_of(chief)] == [
        (number, name, None) for number, name in enumerate(NAMES, start=1)
    ]
    assert AuditEntry.objects.filter(tenant_id=tenant.pk, action="funnel_level.created").count() == 4
    stranger = client_of(make_user(tenant=make_tenant()))
    assert levels_of(stranger) == []
    last = levels_of(chief)[-1]
    changed = {"version": 1, "name": {"zh": "总工", "en": "Chief engineers"}}
    assert chief.patch(f"{LEVELS}/{last['id']}", changed, content_type="application/json").status_code == 200
    assert stranger.patch(f"{LEVELS}/{last['id']}", changed, content_type="application/json").status_code == 404


def test_one_matter_falls_through_all_levels_and_the_shares_add_up(chief: Client, tenant: Tenant) -> None:
    leader = client_of(make_user(tenant=tenant, role="team_leader"))
    told = report(leader, FUNNEL)
    assert [(row["level"], row["solved"], row["share"]) for row in told["rows"]] == [(n, 0, 0) for n in (1, 2, 3, 4)]
    assert told["businesses"] == []

    house = House(tenant)
    give_queues(chief, house)
    modules = {grade: setup.make_module(tenant, grade) for grade in (1, 2, 3, 4)}
    house.open()
    # Self-service and general agents' matters begin with people at the lowest level that has any.
    assert {grade: house.starts_in(module) for grade, module in modules.items()} == {
        1: house.queues[2],
        2: house.queues[2],
        3: house.queues[3],
        4: house.queues[4],
    }
    assert [house.next_queue(level) for level in (1, 2, 3, 4)] == [None, house.queues[3], house.queues[4], None]

    hard, leak, dispute = (house.ask(modules[grade]) for grade in (1, 2, 3))
    house.pass_on(dispute, 3)
    house.pass_on(hard, 2)
    house.pass_on(hard, 3)
    house.solve(leak)
    house.solve(dispute)
    house.centre.wait(20)
    house.solve(hard)
    house.centre.wait(20)
    project(house.centre.log)
    level_of = {str(queue): level for level, queue in house.queues.items()}
    walked = [e for e in house.centre.log if isinstance(e, m.ContactQueued | m.ContactRequeued)]
    assert {
        one: [level_of[event.queue_id] for event in walked if event.contact_id == one] for one in (hard, leak, dispute)
    } == {hard: [2, 3, 4], leak: [2], dispute: [3, 4]}
    house.file(hard, 2, modules[1], is_solved=False)
    house.file(hard, 3, modules[1], is_solved=False)
    house.file(hard, 4, modules[1], is_solved=True)
    house.file(leak, 2, modules[2], is_solved=True)
    house.file(dispute, 3, modules[3], is_solved=False)
    serve_alone(tenant)

    told = report(leader, FUNNEL)
    assert [(row["level"], row["name"], row["solved"], row["share"]) for row in told["rows"]] == [
        (1, NAMES[0], 1, 3334),
        (2, NAMES[1], 1, 3333),
        (3, NAMES[2], 0, 0),
        (4, NAMES[3], 1, 3333),
    ]
    by_business = {UUID(one["module_id"]): one for one in told["businesses"]}
    assert list(by_business) == [modules[1], modules[2], modules[3]]
    shares = {key: [row["share"] for row in one["rows"]] for key, one in by_business.items()}
    assert shares == {modules[1]: [0, 0, 0, 10_000], modules[2]: [0, 10_000, 0, 0], modules[3]: [0, 0, 0, 0]}
    assert [one["unsolved"] for one in by_business.values()] == [2, 0, 1]
    stranger = client_of(make_user(tenant=make_tenant(), role="team_leader"))
    assert (report(stranger, FUNNEL)["rows"], report(stranger, FUNNEL)["businesses"]) == ([], [])


@pytest.mark.parametrize(
    ("queues", "solved"),
    [
        ({1: False, 2: True, 3: False}, {1: 1, 2: 0, 3: 0}),
        ({1: True, 2: False}, {1: 0, 2: 0}),  # the second has no queue yet, and takes no share from nobody
        ({2: False, 3: True}, {2: 1, 3: 0}),
    ],
)
def test_the_lowest_level_alone_can_be_self_service(queues: dict[int, bool], solved: dict[int, int]) -> None:
    tenant = make_tenant()
    for number, has_queue in queues.items():
        setup.make_funnel_level(tenant, number, setup.make_queue(tenant) if has_queue else None)
    serve_alone(tenant)
    told = report(client_of(make_user(tenant=tenant, role="team_leader")), FUNNEL)
    assert {row["level"]: row["solved"] for row in told["rows"]} == solved
