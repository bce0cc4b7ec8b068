"""Who called a call-back off: in the audit and on the contact's page, for its own tenant."""

from typing import Any

import pytest

from hotline.foundation.models import AuditEntry, Tenant
from hotline.foundation.tenancy import tenant_scope
from hotline.messages.routing import CallbackPromised, ContactEnded
from tests.factories.contacts import project
from tests.factories.foundation import client_of, make_tenant, make_user
from tests.factories.routing_log import ASKED_MS, Road

pytestmark = pytest.mark.django_db


def call_off(road: Road, **how: Any) -> None:
    promised = CallbackPromised(at_ms=ASKED_MS + 1, contact_id=road.contact_id, number="sealed", not_before_ms=0)
    ended = ContactEnded(at_ms=ASKED_MS + 2, contact_id=road.contact_id, outcome="callback_failed", wait_ms=2, **how)
    project([road.queued(), promised, ended])


def lines(tenant: Tenant) -> list[tuple[str, str, str, str]]:
    found = AuditEntry.objects.filter(action__startswith="call_back.", tenant_id=tenant.pk)
    return [(line.action, line.actor_kind, line.actor_name, line.object_id) for line in found]


@pytest.mark.parametrize(
    ("how", "line", "sentence"),
    [
        ({"ended_by": "caller", "cause": "cancelled"}, ("call_back.cancelled", "system", "caller"), "The customer"),
        (
            {"ended_by": "platform", "cause": "callback_failed"},
            ("call_back.failed", "system", "call-back attempts"),
            "No attempt",
        ),
        ({"ended_by": "supervisor", "cause": "cancelled"}, ("call_back.cancelled", "user", "吴敏"), "吴敏"),
    ],
)
def test_the_audit_and_the_page_name_who_it_was(how: dict[str, str], line: tuple[str, ...], sentence: str) -> None:
    tenant = make_tenant()
    wu = make_user(tenant=tenant, role="supervisor", name="吴敏")
    road = Road(tenant_id=str(tenant.pk))
    call_off(road, **how, actor_id=str(wu.pk) if how["ended_by"] == "supervisor" else None)
    assert lines(tenant) == [(*line, road.contact_id)]
    assert lines(make_tenant()) == []
    page = client_of(wu).get(f"/api/v1/contacts/{road.contact_id}").json()
    (ended,) = [step for step in page["timeline"] if step["kind"] == "ended"]
    assert ended["explanation"]["en"].startswith(sentence)


def test_a_contact_that_ends_otherwise_leaves_no_such_line() -> None:
    tenant = make_tenant()
    road = Road(tenant_id=str(tenant.pk))
    gone = ContactEnded(
        at_ms=ASKED_MS, contact_id=road.contact_id, outcome="abandoned", ended_by="caller", cause="x", wait_ms=2
    )
    project([road.queued(), gone])
    with tenant_scope(tenant.pk):
        assert lines(tenant) == []
