"""Tickets through HTTP: opened from the desk, worked on, closed by the customer; a second tenant sees nothing."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from hotline.domains.people.models import Agent
from hotline.foundation.models import AuditEntry, Tenant
from tests.factories.contacts import make_handled_contact
from tests.factories.customers import make_agent, make_customer, make_department, make_ticket_type
from tests.factories.foundation import client_of, make_tenant, make_user

pytestmark = pytest.mark.django_db
JSON = "application/json"
URL = "/api/v1/tickets"


@pytest.fixture
def tenant() -> Tenant:
    return make_tenant()


@pytest.fixture
def agent(tenant: Tenant) -> Agent:
    return make_agent(tenant)


@pytest.fixture
def desk(agent: Agent) -> Client:
    return client_of(agent.user)


@pytest.fixture
def supervisor(tenant: Tenant) -> Client:
    return client_of(make_user(tenant=tenant, role="supervisor"))


def opened(client: Client, type_id: UUID, key: str = "", **values: Any) -> Any:
    payload = {"ticket_type_id": str(type_id), "text": "水表前漏水"} | values
    headers = {"Idempotency-Key": key} if key else {}
    return client.post(URL, payload, content_type=JSON, headers=headers)


def step(client: Client, ticket_id: str, name: str, **values: Any) -> Any:
    return client.post(f"{URL}/{ticket_id}/steps", {"step": name} | values, content_type=JSON)


def ids(client: Client, **query: Any) -> list[str]:
    answer = client.get(URL, query)
    assert answer.status_code == 200, answer.content
    return [item["id"] for item in answer.json()["items"]]


def test_a_quick_ticket_takes_over_customer_department_and_due_time(tenant: Tenant, agent: Agent, desk: Client) -> None:
    customer_id, department = make_customer(tenant), make_department(tenant)
    kind = make_ticket_type(tenant, department, due_hours=4)
    road = make_handled_contact(tenant, agent.pk, customer_id=str(customer_id), is_simulated=True)
    answer = opened(desk, kind.pk, contact_id=road.contact_id)
    assert answer.status_code == 201, answer.content
    ticket = answer.json()["ticket"]
    assert (ticket["number"], ticket["state"], ticket["clock"]) == ("T-1", "new", "in_time")
    assert (ticket["customer_id"], ticket["department_id"]) == (str(customer_id), str(department.pk))
    assert ticket["is_simulated"] is True
    due_in = datetime.fromisoformat(ticket["due_at"]) - datetime.now(UTC)
    assert timedelta(hours=3, minutes=59) < due_in <= timedelta(hours=4)
    timeline = desk.get(f"/api/v1/contacts/{road.contact_id}").json()["timeline"]
    assert timeline[-1]["kind"] == "ticket_opened"
    assert timeline[-1]["detail"]["number"] == "T-1"


def test_the_same_key_opens_one_ticket(tenant: Tenant, desk: Client) -> None:
    kind = make_ticket_type(tenant)
    first, second = (opened(desk, kind.pk, key="desk-0001-0001") for _ in range(2))
    assert first.json() == second.json()
    assert len(ids(desk)) == 1


def test_numbers_go_up_in_each_tenant_by_itself(tenant: Tenant, desk: Client) -> None:
    other = make_tenant()
    stranger = client_of(make_user(tenant=other, role="agent"))
    kind, foreign_kind = make_ticket_type(tenant), make_ticket_type(other)
    numbers = [opened(desk, kind.pk).json()["ticket"]["number"] for _ in range(2)]
    assert numbers == ["T-1", "T-2"]
    assert opened(stranger, foreign_kind.pk).json()["ticket"]["number"] == "T-1"


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"text": "  "}, "ticket.text_missing"),
        ({"ticket_type_id": "019c0000-0000-7000-8000-000000000000"}, "ticket.type_unknown"),
        ({"department_id": "019c0000-0000-7000-8000-000000000000"}, "ticket.department_unknown"),
        ({"due_at": "2020-01-01T00:00:00Z"}, "ticket.due_in_past"),
        ({"customer_id": "019c0000-0000-7000-8000-000000000000"}, "object.not_found"),
    ],
)
def test_a_wrong_ticket_says_what_to_do_and_takes_no_number(
    tenant: Tenant, desk: Client, values: dict[str, str], code: str
) -> None:
    kind = make_ticket_type(tenant)
    assert opened(desk, kind.pk, **values).json()["code"] == code
    assert opened(desk, kind.pk).json()["ticket"]["number"] == "T-1"


def test_only_the_customers_word_closes_a_ticket(tenant: Tenant, desk: Client) -> None:
    ticket_id = opened(desk, make_ticket_type(tenant).pk).json()["ticket"]["id"]
    assert step(desk, ticket_id, "confirm").json()["code"] == "ticket.step_not_allowed"
    assert step(desk, ticket_id, "answer", text="已修好").json()["ticket"]["state"] == "answered"
    assert step(desk, ticket_id, "confirm").json()["code"] == "ticket.confirmation_needed"
    closed = step(desk, ticket_id, "confirm", confirmed_by="来电确认").json()
    assert (closed["ticket"]["state"], closed["confirmed_by"]) == ("closed", "来电确认")
    assert closed["possible_steps"] == ["reopen"]
    assert [line["kind"] for line in closed["timeline"]] == ["opened", "answered", "confirmed"]
    again = step(desk, ticket_id, "reopen", text="又漏了").json()
    assert (again["ticket"]["state"], again["closed_at"], again["confirmed_by"]) == ("in_progress", None, "")


def test_a_double_click_is_one_step(tenant: Tenant, desk: Client) -> None:
    ticket_id = opened(desk, make_ticket_type(tenant).pk).json()["ticket"]["id"]
    for _ in range(2):
        answer = step(desk, ticket_id, "acknowledge")
    assert [line["kind"] for line in answer.json()["timeline"]] == ["opened", "acknowledged"]
    assert AuditEntry.objects.filter(action="ticket.acknowledged").count() == 1


def test_handing_on_needs_a_right_that_taking_does_not(
    tenant: Tenant, agent: Agent, desk: Client, supervisor: Client
) -> None:
    ticket_id = opened(desk, make_ticket_type(tenant).pk).json()["ticket"]["id"]
    url = f"{URL}/{ticket_id}/assign"
    department = make_department(tenant)
    taken = desk.post(url, {"handler_id": str(agent.user_id)}, content_type=JSON)
    assert taken.json()["ticket"]["handler_name"] == agent.user.name
    on = {"department_id": str(department.pk), "handler_id": None}
    assert desk.post(url, on, content_type=JSON).status_code == 403
    assert supervisor.post(url, on, content_type=JSON).json()["ticket"]["department_id"] == str(department.pk)


def test_only_people_of_the_tenant_who_may_work_on_tickets_get_them(
    tenant: Tenant, desk: Client, supervisor: Client
) -> None:
    ticket_id = opened(desk, make_ticket_type(tenant).pk).json()["ticket"]["id"]
    for user in (make_user(tenant=make_tenant(), role="agent"), make_user(tenant=tenant, role="planner")):
        answer = supervisor.post(f"{URL}/{ticket_id}/assign", {"handler_id": str(user.pk)}, content_type=JSON)
        assert answer.json()["code"] == "ticket.handler_unknown"


def test_comments_and_a_new_promise_stand_on_the_timeline(tenant: Tenant, desk: Client) -> None:
    ticket_id = opened(desk, make_ticket_type(tenant).pk).json()["ticket"]["id"]
    desk.post(f"{URL}/{ticket_id}/comments", {"text": "邻居已关阀"}, content_type=JSON)
    later = (datetime.now(UTC) + timedelta(days=3)).isoformat()
    answer = desk.put(f"{URL}/{ticket_id}/due", {"due_at": later, "reason": "缺件"}, content_type=JSON)
    assert [(line["kind"], line["text"]) for line in answer.json()["timeline"]][1:] == [
        ("commented", "邻居已关阀"),
        ("due_changed", "缺件"),
    ]
    past = {"due_at": "2020-01-01T00:00:00Z", "reason": "x"}
    assert desk.put(f"{URL}/{ticket_id}/due", past, content_type=JSON).json()["code"] == "ticket.due_in_past"


def test_lists_are_filtered_and_the_next_clock_comes_first(tenant: Tenant, agent: Agent, desk: Client) -> None:
    slow, fast = make_ticket_type(tenant, due_hours=48), make_ticket_type(tenant, due_hours=2)
    customer_id = make_customer(tenant, name="赵磊")
    one = opened(desk, slow.pk, customer_id=str(customer_id)).json()["ticket"]["id"]
    two = opened(desk, fast.pk, text="水质").json()["ticket"]["id"]
    other = client_of(make_user(tenant=tenant, role="agent"))
    assert ids(desk) == [two, one]
    assert (ids(desk, mine=True), ids(other, mine=True)) == ([two, one], [])
    assert ids(desk, ticket_type_id=slow.pk) == [one]
    assert ids(desk, customer_id=customer_id) == [one]
    assert (ids(desk, search="T-2"), ids(desk, search="赵磊"), ids(desk, search="水质")) == ([two], [one], [two])
    step(desk, two, "answer")
    step(desk, two, "confirm", confirmed_by="x")
    assert (ids(desk, is_open=True), ids(desk, state="closed")) == ([one], [two])
    assert desk.get(f"{URL}/counts").json() == {"open": 1, "late": 0, "mine": 0}


def test_a_list_takes_the_same_number_of_queries_however_long(tenant: Tenant, desk: Client) -> None:
    kind = make_ticket_type(tenant)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            ids(desk)
        return len(captured)

    opened(desk, kind.pk)
    few = queries()
    for _ in range(4):
        opened(desk, kind.pk)
    assert queries() == few


FOREIGN_ROUTES = [
    ("get", "", None),
    ("post", "/comments", {"text": "x"}),
    ("post", "/assign", {}),
    ("post", "/steps", {"step": "answer"}),
    ("put", "/due", {"due_at": "2099-01-01T00:00:00Z", "reason": "x"}),
]


@pytest.mark.parametrize(("method", "path", "payload"), FOREIGN_ROUTES)
def test_a_second_tenant_is_refused(tenant: Tenant, desk: Client, method: str, path: str, payload: Any) -> None:
    url = f"{URL}/{opened(desk, make_ticket_type(tenant).pk).json()['ticket']['id']}"
    before = desk.get(url).json()
    stranger = client_of(make_user(tenant=make_tenant(), role="supervisor"))
    send = getattr(stranger, method)
    answer = send(url + path) if payload is None else send(url + path, payload, content_type=JSON)
    assert (answer.status_code, answer.json()["code"]) == (404, "object.not_found")
    assert desk.get(url).json() == before
    assert ids(stranger) == []
    assert stranger.get(f"{URL}/counts").json()["open"] == 0


def test_a_ticket_cannot_be_opened_with_a_foreign_type_contact_or_customer(tenant: Tenant, desk: Client) -> None:
    other = make_tenant()
    assert opened(desk, make_ticket_type(other).pk).json()["code"] == "ticket.type_unknown"
    foreign = opened(desk, make_ticket_type(tenant).pk, customer_id=str(make_customer(other)))
    assert foreign.json()["code"] == "object.not_found"
