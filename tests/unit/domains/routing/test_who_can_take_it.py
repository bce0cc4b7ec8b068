"""Who can take a contact, from the stored set-up to the agent (JS-07, GZ-04, CQ-04): the real compile, the real engine,
the projected log and the reports of it."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
import pytest

from hotline.domains.catalogue.attributes import StandardKind, standard_values
from hotline.domains.contacts import look_ups
from hotline.domains.people.models import Agent
from hotline.domains.routing import queries
from hotline.flows import read_flow
from hotline.flows.interpreter import advance, start
from hotline.flows.state import Answered, Context, Queue
from hotline.foundation.models import Tenant
from hotline.foundation.tenancy import tenant_scope
from hotline.kernel.ids import new_id
from hotline.messages import routing as m
from tests.factories import setup
from tests.factories.contacts import project
from tests.factories.customers import CALLER, make_customer
from tests.factories.foundation import client_of, make_tenant, make_user
from tests.unit.engine.centre import START_MS, Centre

pytestmark = pytest.mark.django_db
FIVE = ("mobile_3g", "adsl", "fixed_line", "phs", "card")
DAY = (datetime.fromtimestamp(START_MS / 1000, UTC) + timedelta(hours=8)).date().isoformat()


class Switch(Centre):
    """A router with the set-up as it is compiled from the database; its ids are what the projector expects."""

    def __init__(self) -> None:
        super().__init__((), ())
        self.log.clear()
        compiled = queries.current_configuration()
        self.do(m.ApplyConfiguration, configuration=msgspec.structs.replace(compiled, version=self.router.version + 1))

    def new_id(self) -> str:
        return new_id()

    def ask(self, tenant: Tenant, queue: UUID, attributes: dict[str, str], **fields: Any) -> str:
        """A caller with these attributes asks for a person; the contact's id."""
        contact_id = new_id()
        self.call(contact_id, str(queue), tenant_id=str(tenant.pk), attributes=attributes, **fields)
        return contact_id


@pytest.fixture
def tenant() -> Tenant:
    return make_tenant()


def make_skills(tenant: Tenant, kind: str, codes: Iterable[str]) -> dict[str, UUID]:
    return {code: setup.make_skill(tenant, kind=kind, values=[code]) for code in codes}


def agent_with(tenant: Tenant, *skills: UUID) -> str:
    return str(setup.make_agent(tenant, skills=dict.fromkeys(skills, 5)))


def specialists(tenant: Tenant, kind: str, codes: Iterable[str]) -> dict[str, str]:
    """For each value a skill, and one agent who has no other."""
    return {code: agent_with(tenant, skill) for code, skill in make_skills(tenant, kind, codes).items()}


def codes_of(kind: StandardKind) -> list[str]:
    return [value.code for value in standard_values(kind)]


def report(tenant: Tenant, name: str, **query: str) -> dict[str, Any]:
    answer = client_of(make_user(tenant=tenant, role="team_leader")).get(
        f"/api/v1/reports/{name}", {"first_day": DAY, **query}
    )
    assert answer.status_code == 200, answer.content
    told: dict[str, Any] = answer.json()
    return told


@pytest.mark.parametrize(
    ("kind", "attribute", "count"),
    [("product_line", "product_line", 8), ("region", "region", 31), ("language", "service_language", 18)],
)
def test_each_contact_reaches_only_the_agent_with_its_skill(
    tenant: Tenant, kind: StandardKind, attribute: str, count: int
) -> None:
    agents = specialists(tenant, kind, codes_of(kind))
    assert len(agents) == count
    queue = setup.make_queue(tenant, attributes={kind: "required"}, wrap_up_s=1, is_wrap_up_automatic=True)
    switch = Switch()
    switch.enter(*agents.values())
    for code, agent in agents.items():
        contact = switch.ask(tenant, queue, {attribute: code})
        assert switch.offered_to(contact) == agent
        switch.answer(contact)
    waiting = {code: switch.ask(tenant, queue, {attribute: code}) for code in agents}
    assert {switch.offered_to(contact) for contact in waiting.values()} == {None}
    last = list(agents)[-1]
    talking = next(one for one in switch.log if isinstance(one, m.ContactConnected) and one.agent_id == agents[last])
    switch.do(m.EndContact, contact_id=talking.contact_id, ended_by="caller", cause="normal")
    switch.wait(2)  # over the wrap-up
    assert [code for code, contact in waiting.items() if switch.offered_to(contact)] == [last]


def test_provinces_and_the_rural_flag_are_reported_as_they_were_routed(tenant: Tenant) -> None:
    agents = specialists(tenant, "region", codes_of("region"))
    queue = setup.make_queue(tenant, attributes={"region": "required"})
    switch = Switch()
    switch.enter(*agents.values())
    for place, code in enumerate(agents):
        rural = {"rural": "yes"} if place % 2 else {}
        switch.answer(switch.ask(tenant, queue, {"region": code, **rural}))
        if code == "50":
            switch.ask(tenant, queue, {"region": code, "rural": "yes"})
    project(switch.log)
    told = report(tenant, "attributes", by="region")
    expected = {code: (1 + (code == "50"), 1, place % 2 + (code == "50")) for place, code in enumerate(agents)}
    assert {row["value"]: (row["asked"], row["answered"], row["rural"]) for row in told["rows"]} == expected
    assert told["rows"][0]["name"] == {"zh": "重庆", "en": "Chongqing"}


def test_five_products_of_one_account_are_routed_by_their_number_coded_and_reported(tenant: Tenant) -> None:
    numbers = {line: f"0216300001{place}" for place, line in enumerate(FIVE)}
    make_customer(
        tenant,
        phones=[{"number": CALLER}],
        subscriptions=[{"product_line": line, "service_number": number} for line, number in numbers.items()],
    )
    agents = specialists(tenant, "product_line", FIVE)
    everything = agent_with(tenant)
    queue = setup.make_queue(tenant, attributes={"product_line": "required"})
    reasons = {
        line: setup.make_disposition(tenant, parent_id=setup.make_disposition(tenant, product_line=line))
        for line in FIVE
    }
    switch = Switch()
    switch.enter(*agents.values(), everything)
    contacts = {}
    for line, number in numbers.items():
        known = look_ups.look_up(tenant.pk, number)
        contacts[line] = switch.ask(tenant, queue, {"product_line": known.product_line})
        assert switch.offered_to(contacts[line]) == agents[line]
        switch.answer(contacts[line])
    # From the number of no product nothing is known: the flow asks, or whoever is free takes it.
    assert look_ups.look_up(tenant.pk, CALLER).product_line == ""
    opened = switch.ask(tenant, queue, {})
    assert switch.offered_to(opened) == everything
    project(switch.log)
    for line, contact in contacts.items():
        with tenant_scope(tenant.pk):
            user = Agent.objects.select_related("user").get(pk=agents[line]).user
        body = {"matters": [{"disposition_id": str(reasons[line])}]}
        url = f"/api/v1/desk/contacts/{contact}/wrap-up"
        assert client_of(user).post(url, body, content_type="application/json").status_code == 204
    told = report(tenant, "product-lines")
    assert {row["line"]: (row["asked"], row["coded"], row["agreed"]) for row in told["rows"]} == dict.fromkeys(
        FIVE, (1, 1, 1)
    )
    assert (told["contacts"], told["unanswered"]) == (6, 1)
    assert report(make_tenant(), "product-lines")["rows"] == []


def test_what_a_menu_sets_decides_who_takes_it_and_the_prompts_stay_in_their_language(tenant: Tenant) -> None:
    languages = make_skills(tenant, "language", ("zh", "yue", "ug"))
    agents = {code: agent_with(tenant, skill) for code, skill in languages.items()}
    expert = agent_with(tenant, languages["zh"], make_skills(tenant, "product_line", ["adsl"])["adsl"])
    queue = setup.make_queue(tenant, attributes={"language": "required", "product_line": "required"})
    make_customer(tenant, service_language="ug")
    known = msgspec.to_builtins(look_ups.look_up(tenant.pk, CALLER))
    switch = Switch()
    switch.enter(*agents.values(), expert)
    cases = [({}, "0", "zh"), ({}, "1", "expert"), (known, "0", "ug"), (known, "2", "yue")]
    for values, key, whose in cases:
        language, attributes = walked(queue, {"service_language": values.get("service_language", "")}, key)
        assert language == "zh"
        contact = switch.ask(tenant, queue, attributes, language=language)
        assert switch.offered_to(contact) == {**agents, "expert": expert}[whose]
        switch.answer(contact)


def walked(queue: UUID, values: dict[str, str], key: str) -> tuple[str, dict[str, str]]:
    """The language and the attributes with which the flow asks for a person after this key."""
    menu = {"kind": "menu", "messages": [{"prompt": "welcome"}], "choices": {"0": "person", "1": "adsl", "2": "yue"}}
    steps = {
        "menu": {**menu, "if_invalid": "person", "if_no_input": "person"},
        "adsl": {"kind": "set_attribute", "name": "product_line", "value": "adsl", "next": "person"},
        "yue": {"kind": "set_attribute", "name": "service_language", "value": "yue", "next": "person"},
        "person": {"kind": "queue", "queue_id": str(queue)},
    }
    flow = read_flow({"first_step": "menu", "steps": steps})
    begun = start(flow, Context(called="962740", caller=None, language="zh", values=values), 0)
    turn = advance(flow, begun.state, Answered(key), 0)
    asked = turn.actions[-1]
    assert isinstance(asked, Queue)
    return turn.state.language, asked.attributes
