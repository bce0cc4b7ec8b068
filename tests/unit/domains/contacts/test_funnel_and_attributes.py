"""Which level of the funnel solved what (CQ-55), and contacts by province, product line and brand (CQ-04, JS-07)."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hotline.domains.contacts.models import Contact, Matter
from hotline.domains.people.models import Agent
from hotline.foundation.models import Tenant
from hotline.foundation.tenancy import tenant_scope
from tests.factories import setup
from tests.factories.contacts import project
from tests.factories.customers import make_agent, make_disposition
from tests.factories.foundation import client_of, make_tenant, make_user
from tests.factories.routing_log import ASKED_MS, Road, answered_call

pytestmark = pytest.mark.django_db
FUNNEL, ATTRIBUTES = "/api/v1/reports/funnel", "/api/v1/reports/attributes"
DAY = (datetime.fromtimestamp(ASKED_MS / 1000, UTC) + timedelta(hours=8)).date().isoformat()


@pytest.fixture
def tenant() -> Tenant:
    return make_tenant()


@pytest.fixture
def agent(tenant: Tenant) -> Agent:
    return make_agent(tenant)


@pytest.fixture
def leader(tenant: Tenant) -> Client:
    return client_of(make_user(tenant=tenant, role="team_leader"))


@pytest.fixture
def stranger() -> Client:
    return client_of(make_user(tenant=make_tenant(), role="team_leader"))


def handled(agent: Agent, queue: UUID, **attributes: str) -> Road:
    road = Road(tenant_id=str(agent.tenant_id), agent_id=str(agent.pk), queue_id=str(queue))
    queued, *rest = answered_call(road)
    project([msgspec.structs.replace(queued, attributes=attributes), *rest])
    return road


def file(agent: Agent, road: Road, **matter: Any) -> Any:
    reason = make_disposition(agent.tenant)
    body = {"matters": [{"disposition_id": str(reason.pk), **matter}]}
    url = f"/api/v1/desk/contacts/{road.contact_id}/wrap-up"
    return client_of(agent.user).post(url, body, content_type="application/json")


def report(client: Client, url: str, **query: str) -> dict[str, Any]:
    answer = client.get(url, {"first_day": DAY, **query})
    assert answer.status_code == 200, answer.content
    told: dict[str, Any] = answer.json()
    return told


def test_a_matter_keeps_its_module_and_the_level_that_solved_it(tenant: Tenant, agent: Agent) -> None:
    wide, outside = setup.make_queue(tenant), setup.make_queue(tenant)
    setup.make_funnel_level(tenant, 2, wide)
    module = setup.make_module(tenant, 2)
    cases = [(wide, {}, 2), (wide, {"is_solved": False}, None), (outside, {}, None)]
    for queue, matter, level in cases:
        road = handled(agent, queue)
        assert file(agent, road, module_id=str(module), **matter).status_code == 204
        with tenant_scope(tenant.pk):
            kept = Matter.objects.get(contact_id=road.contact_id)
        assert (kept.module_id, kept.solved_level) == (module, level)


def test_a_matter_that_was_passed_to_the_next_level_was_not_solved_here(tenant: Tenant, agent: Agent) -> None:
    wide, expert = setup.make_queue(tenant), setup.make_queue(tenant)
    setup.make_funnel_level(tenant, 1, wide)
    setup.make_funnel_level(tenant, 2, expert)
    road = handled(agent, wide)
    with tenant_scope(tenant.pk):
        Contact.objects.filter(pk=road.contact_id).update(queue_id=expert)
    assert file(agent, road).status_code == 204
    with tenant_scope(tenant.pk):
        assert Matter.objects.get(contact_id=road.contact_id).solved_level is None


def test_another_tenants_module_cannot_be_filed(tenant: Tenant, agent: Agent) -> None:
    road = handled(agent, setup.make_queue(tenant))
    answer = file(agent, road, module_id=str(setup.make_module(make_tenant())))
    assert (answer.status_code, answer.json()["code"]) == (422, "contact.module_unknown")
    with tenant_scope(tenant.pk):
        assert not Matter.objects.filter(contact_id=road.contact_id).exists()


def test_the_funnel_counts_each_level_and_self_service_and_nobody_elses(
    tenant: Tenant, agent: Agent, leader: Client, stranger: Client
) -> None:
    wide = setup.make_queue(tenant)
    setup.make_funnel_level(tenant, 1)
    setup.make_funnel_level(tenant, 2, wide)
    for _ in range(2):
        file(agent, handled(agent, wide))
    file(agent, handled(agent, wide), is_solved=False)
    for _ in range(3):
        file(agent, handled(agent, setup.make_queue(tenant)))
    contained = handled(agent, wide)
    with tenant_scope(tenant.pk):
        Contact.objects.filter(pk=contained.contact_id).update(outcome="contained")
    told = report(leader, FUNNEL)
    assert [(row["level"], row["solved"], row["share"]) for row in told["rows"]] == [(1, 1, 3333), (2, 2, 6667)]
    assert (told["unsolved"], told["outside"]) == (1, 3)
    assert report(leader, FUNNEL, first_day="2026-01-01")["rows"][0]["solved"] == 0
    assert report(stranger, FUNNEL)["rows"] == []
    assert client_of(agent.user).get(FUNNEL).status_code == 403


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.integers(1, 4), min_size=1, max_size=12))
def test_shares_of_the_levels_always_add_up_to_the_whole(
    tenant: Tenant, agent: Agent, leader: Client, levels: list[int]
) -> None:
    reason = make_disposition(tenant)
    road = handled(agent, setup.make_queue(tenant))
    with tenant_scope(tenant.pk):
        for position, level in enumerate(levels):
            Matter.objects.create(
                tenant=tenant,
                contact_id=road.contact_id,
                agent_id=agent.pk,
                position=position,
                disposition=reason,
                solved_level=level,
            )
    assert sum(row["share"] for row in report(leader, FUNNEL)["rows"]) == 10_000


def test_contacts_are_counted_by_province_product_line_and_brand(
    tenant: Tenant, agent: Agent, leader: Client, stranger: Client
) -> None:
    queue = setup.make_queue(tenant)
    handled(agent, queue, region="50", rural="yes", product_line="mobile")
    handled(agent, queue, region="50", product_line="adsl", brand="gotone")
    handled(agent, queue, region="51", rural="yes")
    handled(agent, queue)
    told = report(leader, ATTRIBUTES, by="region")
    rows = [(row["value"], row["asked"], row["answered"], row["rural"], row["share"]) for row in told["rows"]]
    assert rows == [("50", 2, 2, 1, 5000), ("51", 1, 1, 1, 2500), (None, 1, 1, 0, 2500)]
    assert [row["name"] and row["name"]["zh"] for row in told["rows"]] == ["重庆", "四川", None]
    assert told["rows"][0]["average_wait_s"] == 11
    lines = report(leader, ATTRIBUTES, by="product_line")["rows"]
    assert {row["value"]: row["asked"] for row in lines} == {"mobile": 1, "adsl": 1, None: 2}
    brands = report(leader, ATTRIBUTES, by="brand")["rows"]
    assert [(row["value"], row["name"]) for row in brands][-2:] == [
        ("gotone", {"zh": "gotone", "en": "gotone"}),
        (None, None),
    ]
    assert report(stranger, ATTRIBUTES)["rows"] == []
    assert client_of(agent.user).get(ATTRIBUTES).status_code == 403
    assert leader.get(ATTRIBUTES, {"by": "caller"}).status_code == 422
