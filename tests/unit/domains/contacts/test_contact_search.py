"""Contacts searched, paged and read: an agent's own, a supervisor's all."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from hotline.domains.contacts.fact_intake import take_facts
from hotline.domains.people.models import Agent
from hotline.foundation.models import AuditEntry, Tenant
from tests.factories.contacts import ARRIVED_MS, Call, make_handled_contact, project
from tests.factories.customers import make_agent, make_queue
from tests.factories.routing_log import Road
from tests.unit.domains.contacts.reading import listed

pytestmark = pytest.mark.django_db
JSON = "application/json"


def test_an_agent_sees_own_contacts_and_a_supervisor_all(
    tenant: Tenant, agent: Agent, desk: Client, supervisor: Client
) -> None:
    own = make_handled_contact(tenant, agent.pk).contact_id
    other = make_handled_contact(tenant, make_agent(tenant).pk).contact_id
    assert listed(desk) == [own]
    assert listed(supervisor) == [other, own]
    assert desk.get(f"/api/v1/contacts/{own}").status_code == 200
    assert desk.get(f"/api/v1/contacts/{other}").json()["code"] == "object.not_found"


def test_contacts_are_found_by_number_agent_queue_time_and_outcome(
    tenant: Tenant, agent: Agent, supervisor: Client
) -> None:
    queue = make_queue(tenant)
    handled = make_handled_contact(tenant, agent.pk, queue.pk)
    call = Call(tenant)
    take_facts([call.arrived(caller="13900000077"), call.left("contained")])
    day = datetime.fromtimestamp(ARRIVED_MS / 1000, UTC)
    assert listed(supervisor, number="139 0000 0077") == [call.contact_id]
    assert listed(supervisor, agent_id=agent.pk) == [handled.contact_id]
    assert listed(supervisor, queue_id=queue.pk) == [handled.contact_id]
    assert listed(supervisor, outcome="contained") == [call.contact_id]
    assert listed(supervisor, outcome="open") == []
    assert listed(supervisor, until=day.replace(year=2025).isoformat()) == []


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"outcome": "wonderful"}, "contact.filter_invalid"),
        ({"since": "2026-03-01T08:00:00"}, "contact.filter_invalid"),
        ({"cursor": "nonsense"}, "page.cursor_invalid"),
        ({"agent_id": "nobody"}, "request.invalid"),
    ],
)
def test_a_wrong_filter_says_what_to_do(supervisor: Client, query: dict[str, str], code: str) -> None:
    answer = supervisor.get("/api/v1/contacts", query)
    assert (answer.status_code, answer.json()["code"]) == (422, code)


def test_pages_go_on_where_the_last_one_ended(tenant: Tenant, agent: Agent, supervisor: Client) -> None:
    made = [make_handled_contact(tenant, agent.pk).contact_id for _ in range(5)]
    seen, cursor = [], None
    while True:
        query = {"limit": 2} | ({"cursor": cursor} if cursor else {})
        page = supervisor.get("/api/v1/contacts", query).json()
        seen += [item["id"] for item in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert seen == made[::-1]


def test_a_list_takes_the_same_number_of_queries_however_long(tenant: Tenant, agent: Agent, supervisor: Client) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            listed(supervisor)
        return len(captured)

    make_handled_contact(tenant, agent.pk)
    few = queries()
    for _ in range(4):
        make_handled_contact(tenant, agent.pk)
    assert queries() == few


def test_the_detail_tells_every_step_and_the_handle_time(tenant: Tenant, agent: Agent, supervisor: Client) -> None:
    call = Call(tenant)
    take_facts([call.arrived(), call.step("menu", "1"), call.left(), call.recording()])
    road = Road(
        contact_id=call.contact_id, tenant_id=str(tenant.pk), agent_id=str(agent.pk), asked_ms=ARRIVED_MS + 9_000
    )
    project(
        [
            road.queued(),
            road.offered(),
            road.connected(),
            road.interaction_ended(180_000, 0),
            *road.wrapped_up(191_000, 60_000),
        ]
    )
    found = supervisor.get(f"/api/v1/contacts/{call.contact_id}").json()
    kinds = [step["kind"] for step in found["timeline"]]
    assert kinds[:4] == ["arrived", "flow_step", "left_flow", "queued"] or kinds[:4] == [
        "arrived",
        "flow_step",
        "queued",
        "left_flow",
    ]
    assert {"offered", "connected", "interaction_ended", "wrapped_up", "recording_stored"} <= set(kinds)
    assert found["interactions"][0]["handle_ms"] == 240_000
    assert found["caller"] == "139****0001"
    assert "13900000001" not in str(found)


def test_the_callers_number_is_shown_to_those_who_may_and_audited(tenant: Tenant, supervisor: Client) -> None:
    call = Call(tenant)
    take_facts([call.arrived()])
    url = f"/api/v1/contacts/{call.contact_id}/caller/reveal"
    assert supervisor.post(url, {"reason": "call back"}, content_type=JSON).json() == {"number": "+8613900000001"}
    assert AuditEntry.objects.filter(action="contact.caller_revealed", is_read=True).count() == 1
