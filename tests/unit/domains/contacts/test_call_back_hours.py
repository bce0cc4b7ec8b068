"""The contact's page says in words from when a call-back is due, in the tenant's time."""

from typing import Any

import pytest

from hotline.messages.base import Event
from hotline.messages.routing import CallbackHeld, CallbackPostponed, CallbackPromised, CallbackResumed
from tests.factories.contacts import project
from tests.factories.foundation import client_of, make_tenant, make_user
from tests.factories.routing_log import ASKED_MS, Road

pytestmark = pytest.mark.django_db
DUE_MS = 1_790_643_600_000  # 2026-09-29 09:00 in Shanghai


def step(kind: type[Event], **fields: Any) -> dict[str, Any]:
    """The timeline's step that this event makes."""
    tenant = make_tenant()
    road = Road(tenant_id=str(tenant.pk))
    event: Any = kind(at_ms=ASKED_MS + 1, **{"contact_id": road.contact_id, **fields})
    project([road.queued(), event])
    page = client_of(make_user(tenant=tenant, role="supervisor")).get(f"/api/v1/contacts/{road.contact_id}").json()
    found: dict[str, Any] = page["timeline"][-1]
    stranger = client_of(make_user(tenant=make_tenant(), role="supervisor"))
    assert stranger.get(f"/api/v1/contacts/{road.contact_id}").status_code == 404
    return found


@pytest.mark.parametrize(
    ("kind", "fields", "zh", "en"),
    [
        (
            CallbackPromised,
            {"number": "sealed", "not_before_ms": DUE_MS},
            "回呼定于 2026-09-29 09:00 起（队列的回呼时间内），保留排队位置：先接通坐席，再呼叫客户。",
            "The call-back is due from 2026-09-29 09:00 on, within the queue's call-back hours, and keeps the place: "
            "an agent answers first, then the customer is called.",
        ),
        (
            CallbackPromised,
            {"number": "sealed", "not_before_ms": DUE_MS, "window": (540, 720)},
            "客户选择在 09:00–12:00 之间接到回呼，最早 2026-09-29 09:00，并保留排队位置。",
            "The customer chose to be called back between 09:00 and 12:00, from 2026-09-29 09:00 on, and keeps the "
            "place.",
        ),
        (
            CallbackPostponed,
            {"offer_id": "o", "attempt": 1, "due_ms": DUE_MS, "cause": "busy"},
            "第 1 次回呼占线，2026-09-29 09:00 起按原位置再拨。",
            "Call-back 1 was not answered (busy); it is tried again from 2026-09-29 09:00 on at the old place.",
        ),
        (
            CallbackHeld,
            {"due_ms": DUE_MS},
            "已过回呼时间，不再呼叫客户；位置保留，2026-09-29 09:00 起继续。",
            "The hours for calling this customer back are over; the place is kept, and it goes on from "
            "2026-09-29 09:00 on.",
        ),
        (
            CallbackResumed,
            {"due_ms": DUE_MS},
            "客户自己的来电已结束，下一次回呼定于 2026-09-29 09:00 起。",
            "The customer's own call is over; the next attempt is due from 2026-09-29 09:00 on.",
        ),
    ],
)
def test_when_a_call_back_is_due_is_told(kind: type[Event], fields: dict[str, Any], zh: str, en: str) -> None:
    assert step(kind, **fields)["explanation"] == {"zh": zh, "en": en}
