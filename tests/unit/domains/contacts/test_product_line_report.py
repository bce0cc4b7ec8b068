"""To which product line contacts are coded at wrap-up, beside the one asked for (JS-07, GZ-04)."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from hotline.domains.contacts.models import Contact, Interaction
from hotline.domains.people.models import Agent
from hotline.foundation.models import Tenant
from hotline.foundation.tenancy import tenant_scope
from hotline.kernel.ids import new_id
from tests.factories import setup
from tests.factories.contacts import project
from tests.factories.customers import make_agent
from tests.factories.foundation import client_of, make_tenant, make_user
from tests.factories.routing_log import ASKED_MS, Road, answered_call

pytestmark = pytest.mark.django_db
REPORT = "/api/v1/reports/product-lines"
DAY = (datetime.fromtimestamp(ASKED_MS / 1000, UTC) + timedelta(hours=8)).date().isoformat()
FIVE = ("mobile_3g", "adsl", "fixed_line", "phs", "card")


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
def reasons(tenant: Tenant) -> dict[str, UUID]:
    """A leaf two levels below a root for each of five products, and one below a root that names no line."""
    return {line: leaf(tenant, line) for line in (*FIVE, "")}


def leaf(tenant: Tenant, line: str) -> UUID:
    root = setup.make_disposition(tenant, product_line=line)
    return setup.make_disposition(tenant, parent_id=setup.make_disposition(tenant, parent_id=root))


def asked(agent: Agent, queue: UUID, line: str) -> Road:
    road = Road(tenant_id=str(agent.tenant_id), agent_id=str(agent.pk), queue_id=str(queue))
    queued, *rest = answered_call(road)
    project([msgspec.structs.replace(queued, attributes={"product_line": line} if line else {}), *rest])
    return road


def file(agent: Agent, road: Road, *reasons: UUID) -> None:
    body = {"matters": [{"disposition_id": str(reason)} for reason in reasons]}
    url = f"/api/v1/desk/contacts/{road.contact_id}/wrap-up"
    assert client_of(agent.user).post(url, body, content_type="application/json").status_code == 204


def report(client: Client, **query: str) -> dict[str, Any]:
    answer = client.get(REPORT, {"first_day": DAY, **query})
    assert answer.status_code == 200, answer.content
    told: dict[str, Any] = answer.json()
    return told


def rows(told: dict[str, Any]) -> dict[str, tuple[int, ...]]:
    names = ("asked", "coded", "compared", "agreed", "agreement")
    return {row["line"]: tuple(row[name] for name in names) for row in told["rows"]}


def test_each_contact_is_coded_to_the_line_of_its_first_matters_root(
    tenant: Tenant, agent: Agent, leader: Client, reasons: dict[str, UUID]
) -> None:
    queue = setup.make_queue(tenant)
    for line in FIVE:
        file(agent, asked(agent, queue, line), reasons[line])
    file(agent, asked(agent, queue, "adsl"), reasons["fixed_line"], reasons["adsl"])  # several matters: the first
    file(agent, asked(agent, queue, "adsl"), reasons[""])
    file(agent, asked(agent, queue, ""), reasons["card"])
    asked(agent, queue, "phs")  # not filed
    left = asked(agent, queue, "phs")
    with tenant_scope(tenant.pk):
        Contact.objects.filter(pk=left.contact_id).update(answered_at=None, outcome="abandoned")
    told = report(leader)
    assert rows(told) == {
        "card": (1, 2, 1, 1, 10_000),
        "fixed_line": (1, 2, 1, 1, 10_000),
        "adsl": (3, 1, 2, 1, 5000),
        "phs": (3, 1, 1, 1, 10_000),
        "mobile_3g": (1, 1, 1, 1, 10_000),
    }
    assert [row["line"] for row in told["rows"]] == ["card", "fixed_line", "adsl", "phs", "mobile_3g"]
    assert [(one["asked"]["en"], one["coded"]["en"], one["contacts"]) for one in told["elsewhere"]] == [
        ("ADSL", "Fixed line", 1)
    ]
    parts = (told["contacts"], told["without_line"], told["uncoded"], told["unanswered"])
    assert parts == (10, 1, 1, 1)
    assert sum(row["coded"] for row in told["rows"]) + sum(parts[1:]) == told["contacts"]


def test_the_wrap_up_filed_first_codes_a_contact_that_several_agents_had(
    tenant: Tenant, agent: Agent, leader: Client, reasons: dict[str, UUID]
) -> None:
    second, road = make_agent(tenant), asked(agent, setup.make_queue(tenant), "adsl")
    with tenant_scope(tenant.pk):
        part = Interaction.objects.get(contact_id=road.contact_id)
        part.pk, part.agent_id, part.offer_id, part.position = None, second.pk, UUID(new_id()), 1
        part.save(force_insert=True)
    file(agent, road, reasons["adsl"], reasons["phs"])
    file(second, road, reasons["card"])
    assert rows(report(leader)) == {"adsl": (1, 1, 1, 1, 10_000)}


def test_another_tenants_contacts_and_readers_without_the_right_are_out(
    tenant: Tenant, agent: Agent, leader: Client, reasons: dict[str, UUID]
) -> None:
    file(agent, asked(agent, setup.make_queue(tenant), "adsl"), reasons["adsl"])
    stranger = client_of(make_user(tenant=make_tenant(), role="team_leader"))
    assert (report(stranger)["rows"], report(stranger)["contacts"]) == ([], 0)
    assert client_of(agent.user).get(REPORT).status_code == 403
    assert report(leader, first_day="2026-01-01")["rows"] == []
    assert leader.get(REPORT, {"first_day": DAY, "last_day": "2026-01-01"}).status_code == 422


def test_the_report_costs_the_same_queries_for_many_contacts(
    tenant: Tenant, agent: Agent, leader: Client, reasons: dict[str, UUID]
) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            report(leader)
        return len(captured)

    queue = setup.make_queue(tenant)
    file(agent, asked(agent, queue, "adsl"), reasons["adsl"])
    before = cost()
    for line in FIVE:
        file(agent, asked(agent, queue, line), reasons[line])
    assert cost() == before
