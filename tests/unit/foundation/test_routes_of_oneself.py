"""What a signed-in person learns about themselves."""

import msgspec
import pytest
from django.conf import settings
from django.test import Client

from hotline.foundation.models import Membership
from hotline.kernel.signing import verify
from hotline.messages.live import LiveToken
from tests.factories.foundation import client_of, make_tenant, make_user

pytestmark = pytest.mark.django_db


def test_me_lists_tenants_with_what_may_be_done_in_each() -> None:
    tenant = make_tenant("water")
    other = make_tenant("gas")
    user = make_user("li", tenant=tenant, role="agent")
    Membership.objects.create(user=user, tenant=other, role="planner")
    answer = client_of(user).get("/api/v1/me").json()
    found = {t["code"]: t["permissions"] for t in answer["tenants"]}
    assert "desk.use" in found["water"]
    assert "desk.use" not in found["gas"]
    assert "planning.edit" in found["gas"]


def test_a_stranger_is_told_to_sign_in() -> None:
    answer = Client(headers={"accept-language": "en"}).get("/api/v1/me")
    assert answer.status_code == 401
    assert answer.json()["code"] == "session.missing"


def test_preferences_change_only_what_was_given() -> None:
    user = make_user(tenant=make_tenant())
    answer = client_of(user).patch("/api/v1/me/preferences", {"text_size": 18}, content_type="application/json")
    assert answer.status_code == 200
    assert (answer.json()["text_size"], answer.json()["language"]) == (18, "zh")


def test_a_text_size_that_does_not_exist_is_refused_with_its_field() -> None:
    answer = client_of(make_user()).patch("/api/v1/me/preferences", {"text_size": 99}, content_type="application/json")
    assert answer.status_code == 422
    assert answer.json()["data"]["fields"][0]["field"] == "text_size"


def test_the_live_token_grants_in_each_tenant_what_is_held_there() -> None:
    tenant, other = make_tenant(), make_tenant()
    user = make_user(tenant=tenant, role="supervisor")
    Membership.objects.create(user=user, tenant=other, role="agent")
    token = client_of(user).post("/api/v1/live-token").json()["token"]
    payload = verify(token, settings.HOTLINE.secret("live-token"))
    assert payload is not None
    decoded = msgspec.json.decode(payload, type=LiveToken)
    held = {tenant_id: set(grant.permissions) for grant in decoded.grants for tenant_id in grant.tenant_ids}
    assert {"desk.use", "floor.monitor"} <= held[str(tenant.pk)]
    assert held[str(other.pk)] == {"desk.use"}
