"""Where calls go that are handed on to a department, and that a closed one is not called."""

from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
import pytest
from django.test import Client

from hotline.domains.channels import actions, errors, queries
from hotline.domains.setup_records import UnknownReferenceError
from hotline.foundation.fields import keyring
from hotline.foundation.models import AuditEntry, Tenant
from hotline.foundation.tenancy import scope_of
from tests.factories.foundation import client_of, make_tenant, make_user
from tests.factories.setup import EVERY_DAY, administrator_of, make_calendar, make_department, make_queue

pytestmark = pytest.mark.django_db

ALWAYS = [[["00:00", "24:00"]]] * 7
NEVER: list[Any] = [[]] * 7


@pytest.fixture
def water() -> Tenant:
    return make_tenant("water")


@pytest.fixture
def agent(water: Tenant) -> Client:
    return client_of(make_user(tenant=water, role="agent"))


def make_line(tenant: Tenant, weekly: list[Any] | None = None, **values: Any) -> UUID:
    """A department that can be called; the department's id."""
    calendar_id = None if weekly is None else make_calendar(tenant, weekly=weekly, valid_from=date(2026, 1, 1))
    department_id = make_department(tenant, calendar_id=calendar_id)
    actions.department_lines.create(administrator_of(tenant), {"department_id": department_id, **values})
    return department_id


def target(agent: Client, department_id: UUID) -> tuple[int, dict[str, Any]]:
    answer = agent.post(f"/api/v1/desk/departments/{department_id}/target")
    return answer.status_code, answer.json()


def test_department_with_a_queue_is_called_in_the_queue(water: Tenant, agent: Client) -> None:
    queue_id = make_queue(water)
    status, found = target(agent, make_line(water, queue_id=queue_id))
    assert (status, found) == (200, {"target_kind": "queue", "target": str(queue_id)})


def test_department_with_a_telephone_is_called_there_by_a_sealed_number(water: Tenant, agent: Client) -> None:
    actions.outbound_prefixes.create(administrator_of(water), {"prefix": "021"})
    status, found = target(agent, make_line(water, ALWAYS, phone="021-6300 0000"))
    assert (status, found["target_kind"]) == (200, "number")
    assert "63000000" not in found["target"]
    assert keyring().open_text(found["target"], "transfer-number") == "02163000000"


def test_closed_department_is_refused_with_its_next_opening(water: Tenant, agent: Client) -> None:
    department_id = make_line(water, NEVER, queue_id=make_queue(water))
    status, answer = target(agent, department_id)
    assert (status, answer["code"]) == (409, "channels.department_shut")
    department_id = make_line(water, EVERY_DAY, queue_id=make_queue(water))
    moment = datetime(2026, 3, 2, 6, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
    (closed,) = [
        one
        for one in queries.department_targets(administrator_of(water), moment)
        if one.department_id == str(department_id)
    ]
    assert not closed.is_open
    assert closed.opens_at == moment.replace(hour=8, minute=30)


def test_refusal_says_when_the_department_opens(water: Tenant, agent: Client) -> None:
    calendar_id = make_calendar(water, weekly=ALWAYS, exceptions=_closed_days())
    department_id = make_department(water, calendar_id=calendar_id)
    values = {"department_id": department_id, "queue_id": make_queue(water)}
    actions.department_lines.create(administrator_of(water), values)
    status, answer = target(agent, department_id)
    assert (status, answer["code"]) == (409, "channels.department_closed")
    assert "00:00" in answer["data"]["opens_at"]


def _closed_days() -> list[dict[str, Any]]:
    """Today and tomorrow in China, whichever of them it is when the test runs."""
    today = datetime.now(ZoneInfo("Asia/Shanghai")).date()
    days = [today, today.fromordinal(today.toordinal() + 1)]
    name = {"zh": "放假", "en": "Holiday"}
    return [{"day": day.isoformat(), "kind": "holiday", "name": name, "hours": []} for day in days]


def test_agent_sees_the_departments_of_their_tenant_that_can_be_called(water: Tenant, agent: Client) -> None:
    called = make_line(water, queue_id=make_queue(water))
    make_department(water)
    gas = make_tenant("gas")
    foreign = make_line(gas, queue_id=make_queue(gas))
    found = agent.get("/api/v1/desk/departments").json()["departments"]
    assert [(one["department_id"], one["target_kind"], one["is_open"]) for one in found] == [
        (str(called), "queue", True)
    ]
    assert target(agent, foreign)[0] == 404


def test_number_taken_off_the_outbound_list_is_no_longer_called(water: Tenant, agent: Client) -> None:
    admin = administrator_of(water)
    prefix_id = actions.outbound_prefixes.create(admin, {"prefix": "021"})
    department_id = make_line(water, phone="02163000000")
    actions.outbound_prefixes.remove(admin, prefix_id, 1)
    status, answer = target(agent, department_id)
    assert (status, answer["code"]) == (403, "channels.number_not_allowed")


@pytest.mark.parametrize(
    ("has_queue", "phone", "error"),
    [
        (False, "", errors.DepartmentLineError),
        (True, "02163000000", errors.DepartmentLineError),
        (False, "0044123456", errors.NumberNotAllowedError),
    ],
)
def test_line_that_cannot_be_called_is_refused(
    water: Tenant, has_queue: bool, phone: str, error: type[Exception]
) -> None:
    actions.outbound_prefixes.create(administrator_of(water), {"prefix": "021"})
    with pytest.raises(error):
        make_line(water, queue_id=make_queue(water) if has_queue else None, phone=phone)


def test_queue_of_another_tenant_is_refused(water: Tenant) -> None:
    with pytest.raises(UnknownReferenceError):
        make_line(water, queue_id=make_queue(make_tenant("gas")))


def test_telephone_is_masked_in_the_audit(water: Tenant) -> None:
    actions.outbound_prefixes.create(administrator_of(water), {"prefix": "021"})
    make_line(water, phone="02163000000")
    with scope_of(administrator_of(water)):
        entry = AuditEntry.objects.get(action="department_line.created")
    assert "63000000" not in msgspec.json.encode(entry.details).decode()
    assert entry.details["values"]["phone"] == "021****0000"


def test_administrator_sets_a_line_over_http(water: Tenant) -> None:
    admin = client_of(make_user(tenant=water, role="administrator"))
    body = {"department_id": str(make_department(water)), "queue_id": str(make_queue(water))}
    made = admin.post("/api/v1/admin/department-lines", msgspec.json.encode(body), content_type="application/json")
    assert made.status_code in (200, 201), made.content
    listed = admin.get("/api/v1/admin/department-lines").json()["items"]
    assert [(one["department_id"], one["queue_id"], one["phone"]) for one in listed] == [
        (body["department_id"], body["queue_id"], "")
    ]
