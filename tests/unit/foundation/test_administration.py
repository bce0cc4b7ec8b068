"""Administrators look after their own tenants' users, and after nobody else's."""

from typing import Any

import pytest
from django.test import Client

from hotline.foundation import accounts
from hotline.foundation.actors import Actor
from hotline.foundation.models import AuditEntry, Membership, Tenant, User
from tests.factories.foundation import PASSWORD, client_of, make_tenant, make_user

pytestmark = pytest.mark.django_db
NEW_PASSWORD = "quiet-river-lantern"


@pytest.fixture
def tenant() -> Tenant:
    return make_tenant()


@pytest.fixture
def administrator(tenant: Tenant) -> Client:
    return client_of(make_user(tenant=tenant, role="administrator"))


def _post(client: Client, path: str, body: Any = None) -> Any:
    return client.post(f"/api/v1{path}", body or {}, content_type="application/json")


def _new_user(tenant: Tenant, **fields: Any) -> dict[str, Any]:
    body = {"username": "wang.fang", "name": "王芳", "password": NEW_PASSWORD}
    return {**body, "roles": [{"tenant_id": str(tenant.pk), "role": "agent"}], **fields}


def test_a_new_user_can_do_what_the_role_says(administrator: Client, tenant: Tenant) -> None:
    answer = _post(administrator, "/users", _new_user(tenant))
    assert answer.status_code == 201, answer.content
    user = User.objects.get(username="wang.fang")
    assert user.check_password(NEW_PASSWORD)
    me = client_of(user).get("/api/v1/me").json()
    assert "desk.use" in me["permissions"]
    line = AuditEntry.objects.get(action="user.created")
    assert (line.tenant_id, line.object_id) == (tenant.pk, str(user.pk))
    assert NEW_PASSWORD not in str(line.details)


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"password": "12345678901"}, "user.password_weak"),
        ({"password": "short"}, "user.password_weak"),
        ({"username": "Wang Fang"}, "request.invalid"),
        ({"email": "nowhere"}, "request.invalid"),
        ({"roles": []}, "request.invalid"),
    ],
)
def test_a_bad_user_is_refused_with_what_to_mend(
    administrator: Client, tenant: Tenant, fields: dict[str, Any], code: str
) -> None:
    answer = _post(administrator, "/users", _new_user(tenant, **fields))
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert not User.objects.filter(name="王芳").exists()


def test_a_user_name_is_given_once(administrator: Client, tenant: Tenant) -> None:
    _post(administrator, "/users", _new_user(tenant))
    answer = _post(administrator, "/users", _new_user(tenant))
    assert (answer.status_code, answer.json()["code"]) == (409, "user.taken")


def test_roles_can_be_given_in_ones_own_tenants_only(administrator: Client, tenant: Tenant) -> None:
    foreign = make_tenant()
    answer = _post(administrator, "/users", _new_user(foreign))
    assert (answer.status_code, answer.json()["code"]) == (403, "tenant.not_yours")
    assert not User.objects.filter(username="wang.fang").exists()


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("get", "", None),
        ("patch", "", {"version": 1, "name": "taken"}),
        ("put", "/roles", []),
        ("post", "/password", {"password": NEW_PASSWORD}),
        ("post", "/unlock", {}),
        ("delete", "/second-factor", None),
    ],
)
def test_users_of_another_tenant_do_not_exist(administrator: Client, method: str, path: str, body: Any) -> None:
    stranger = make_user(tenant=make_tenant(), role="agent")
    call = getattr(administrator, method)
    arguments = {} if body is None else {"data": body, "content_type": "application/json"}
    assert call(f"/api/v1/users/{stranger.pk}{path}", **arguments).status_code == 404
    stranger.refresh_from_db()
    assert stranger.check_password(PASSWORD)
    assert Membership.objects.filter(user=stranger).exists()


def test_a_user_shared_with_another_client_keeps_password_and_roles_there(
    administrator: Client, tenant: Tenant
) -> None:
    other = make_tenant()
    shared = make_user(tenant=tenant, role="agent")
    Membership.objects.create(user=shared, tenant=other, role="supervisor")
    answer = _post(administrator, f"/users/{shared.pk}/password", {"password": NEW_PASSWORD})
    assert (answer.status_code, answer.json()["code"]) == (403, "user.serves_elsewhere")
    answer = administrator.put(
        f"/api/v1/users/{shared.pk}/roles",
        [{"tenant_id": str(tenant.pk), "role": "planner"}],
        content_type="application/json",
    )
    assert [role["role"] for role in answer.json()["roles"]] == ["planner"]
    assert set(Membership.objects.filter(user=shared).values_list("tenant", "role")) == {
        (tenant.pk, "planner"),
        (other.pk, "supervisor"),
    }


def test_the_list_shows_users_of_ones_tenants_only(administrator: Client, tenant: Tenant) -> None:
    make_user("zhao", tenant=tenant, role="agent")
    make_user("qian", tenant=make_tenant(), role="agent")
    names = {user["username"] for user in administrator.get("/api/v1/users").json()["items"]}
    assert "zhao" in names
    assert "qian" not in names


def test_a_new_password_ends_the_users_sessions(administrator: Client, tenant: Tenant) -> None:
    user = make_user(tenant=tenant, role="agent")
    browser = client_of(user)
    assert browser.get("/api/v1/me").status_code == 200
    assert _post(administrator, f"/users/{user.pk}/password", {"password": NEW_PASSWORD}).status_code == 204
    assert browser.get("/api/v1/me").status_code == 401


def test_somebody_switched_off_is_out_at_once(administrator: Client, tenant: Tenant) -> None:
    user = make_user(tenant=tenant, role="agent")
    browser = client_of(user)
    body = {"version": 1, "is_active": False}
    assert administrator.patch(f"/api/v1/users/{user.pk}", body, content_type="application/json").status_code == 200
    assert browser.get("/api/v1/me").status_code == 401


def test_a_stale_change_is_refused(administrator: Client, tenant: Tenant) -> None:
    user = make_user(tenant=tenant, role="agent")
    for expected in (200, 409):
        answer = administrator.patch(
            f"/api/v1/users/{user.pk}", {"version": 1, "name": "新"}, content_type="application/json"
        )
        assert answer.status_code == expected
    assert answer.json()["data"] == {"version": 2}


def test_administrators_cannot_lock_themselves_out(tenant: Tenant) -> None:
    user = make_user(tenant=tenant, role="administrator")
    client = client_of(user)
    answer = client.put(f"/api/v1/users/{user.pk}/roles", [], content_type="application/json")
    assert answer.json()["code"] == "user.cannot_end_oneself"
    answer = client.patch(
        f"/api/v1/users/{user.pk}", {"version": 1, "is_active": False}, content_type="application/json"
    )
    assert answer.json()["code"] == "user.cannot_end_oneself"


def test_tenants_are_made_by_installation_administrators_only(administrator: Client) -> None:
    body = {"code": "gas", "name": {"zh": "燃气", "en": "Gas"}}
    assert _post(administrator, "/tenants", body).status_code == 403
    chief = client_of(make_user(is_installation_administrator=True))
    answer = _post(chief, "/tenants", body)
    assert answer.status_code == 201, answer.content
    assert _post(chief, "/tenants", body).json()["code"] == "tenant.taken"
    changed = chief.patch(
        f"/api/v1/tenants/{answer.json()['tenant_id']}",
        {"version": 1, "time_zone": "Mars/Olympus"},
        content_type="application/json",
    )
    assert changed.status_code == 422


def test_whoever_makes_a_tenant_can_let_others_into_it() -> None:
    chief = client_of(make_user(is_installation_administrator=True))
    made = _post(chief, "/tenants", {"code": "gas", "name": {"zh": "燃气", "en": "Gas"}}).json()
    tenant = Tenant.objects.get(pk=made["tenant_id"])
    assert _post(chief, "/users", _new_user(tenant)).status_code == 201
    assert AuditEntry.objects.filter(action="user.roles_added", tenant_id=tenant.pk).count() == 1


COMMAND_LINE = Actor.system("command line", [])


def test_an_installation_begins_with_somebody_whom_the_command_line_appoints() -> None:
    made = accounts.appoint(COMMAND_LINE, "zhou.min", name="周敏")
    assert made.password is not None
    user = User.objects.get(username="zhou.min")
    assert (user.name, user.check_password(made.password)) == ("周敏", True)
    assert _post(client_of(user), "/tenants", {"code": "gas", "name": {"zh": "燃气", "en": "Gas"}}).status_code == 201


def test_an_appointed_user_keeps_password_and_roles_and_administers_every_tenant(tenant: Tenant) -> None:
    user = make_user(tenant=tenant, role="agent", username="wang.fang", is_active=False)
    other = make_tenant()
    made = accounts.appoint(COMMAND_LINE, "wang.fang")
    assert (made.password, made.tenant_count) == (None, 2)
    user.refresh_from_db()
    assert (user.is_active, user.check_password(PASSWORD)) == (True, True)
    roles = set(Membership.objects.filter(user=user).values_list("tenant_id", "role"))
    assert roles == {(tenant.pk, "agent"), (tenant.pk, "administrator"), (other.pk, "administrator")}
    accounts.appoint(COMMAND_LINE, "wang.fang")
    assert Membership.objects.filter(user=user).count() == 3


def test_a_lost_password_is_replaced_and_stands_nowhere_in_the_audit() -> None:
    first = accounts.appoint(COMMAND_LINE, "zhou.min").password
    second = accounts.appoint(COMMAND_LINE, "zhou.min", has_lost_password=True).password
    assert first != second
    assert User.objects.get(username="zhou.min").check_password(second or "")
    assert str(second) not in str(list(AuditEntry.objects.values_list("details", flat=True)))


@pytest.mark.parametrize(("language", "name"), [("zh", "管理租户"), ("en", "Manage tenants")])
def test_a_refusal_names_the_permission_in_the_readers_words(tenant: Tenant, language: str, name: str) -> None:
    reader = client_of(make_user(tenant=tenant, role="administrator", language=language))
    answer = _post(reader, "/tenants", {"code": "gas", "name": {"zh": "燃气", "en": "Gas"}})
    assert answer.status_code == 403
    assert name in answer.json()["sentence"]


def test_the_limits_of_a_tenant_are_shown_and_changed_by_who_may(tenant: Tenant, administrator: Client) -> None:
    chief = client_of(make_user(is_installation_administrator=True))
    usual = {"blocked_limit": 10, "abandoned_limit": 500, "last_agent_days": 30}
    made = _post(chief, "/tenants", {"code": "gas", "name": {"zh": "燃气", "en": "Gas"}}).json()
    assert {name: made[name] for name in usual} == usual
    path, wanted = f"/api/v1/tenants/{tenant.pk}", {"blocked_limit": 5, "abandoned_limit": 300, "last_agent_days": 0}
    assert administrator.patch(path, {"version": 1, **wanted}, content_type="application/json").status_code == 403
    changed = chief.patch(path, {"version": 1, **wanted}, content_type="application/json").json()
    assert {name: changed[name] for name in usual} == wanted
    (line,) = AuditEntry.objects.filter(action="tenant.changed", tenant_id=tenant.pk)
    assert line.details == wanted
    too_much = {"version": 2, "abandoned_limit": 10_001}
    assert chief.patch(path, too_much, content_type="application/json").status_code == 422


def test_how_long_a_tenant_keeps_is_changed_with_a_line_in_the_audit(tenant: Tenant, administrator: Client) -> None:
    chief = client_of(make_user(is_installation_administrator=True))
    (shown,) = (one for one in chief.get("/api/v1/tenants").json() if one["tenant_id"] == str(tenant.pk))
    assert (shown["recording_days"], shown["contact_months"]) == (180, 0)

    def change(client: Client, **fields: int) -> Any:
        return client.patch(f"/api/v1/tenants/{tenant.pk}", fields, content_type="application/json")

    assert change(administrator, version=1, recording_days=1).status_code == 403
    assert change(chief, version=1, recording_days=90, contact_months=24).status_code == 200
    assert change(chief, version=2, recording_days=90, contact_months=24).status_code == 200
    assert change(chief, version=3, recording_days=-1).status_code == 422
    assert change(chief, version=3, contact_months=-1).status_code == 422
    (line,) = AuditEntry.objects.filter(action="tenant.retention_changed")
    assert (line.tenant_id, line.details) == (
        tenant.pk,
        {
            "before": {"recording_days": 180, "contact_months": 0},
            "after": {"recording_days": 90, "contact_months": 24},
        },
    )


def test_a_tenant_switched_off_is_out_of_reach(tenant: Tenant, administrator: Client) -> None:
    chief = client_of(make_user(is_installation_administrator=True))
    chief.patch(f"/api/v1/tenants/{tenant.pk}", {"version": 1, "is_active": False}, content_type="application/json")
    assert administrator.get("/api/v1/users").status_code == 403
    assert administrator.get("/api/v1/me").json()["tenants"] == []


def test_the_audit_shows_ones_own_tenants_and_pages(administrator: Client, tenant: Tenant) -> None:
    for number in range(3):
        _post(administrator, "/users", _new_user(tenant, username=f"user-{number}-x"))
    foreign = make_tenant()
    _post(client_of(make_user(tenant=foreign)), "/users", _new_user(foreign, username="foreign-user"))
    first = administrator.get("/api/v1/audit?action=user.created&limit=2").json()
    second = administrator.get(f"/api/v1/audit?action=user.created&limit=2&cursor={first['next_cursor']}").json()
    names = [line["details"]["username"] for line in first["items"] + second["items"]]
    assert names == ["user-2-x", "user-1-x", "user-0-x"]
    assert second["next_cursor"] is None


def test_the_audit_can_be_verified_by_those_who_may_see_it(administrator: Client, tenant: Tenant) -> None:
    assert _post(administrator, "/audit/verify").json() == {"is_whole": True, "problems": []}
    agent = client_of(make_user(tenant=tenant, role="agent"))
    assert _post(agent, "/audit/verify").status_code == 403


def test_a_foreign_or_broken_cursor_is_refused(administrator: Client) -> None:
    for cursor in ("garbage", "W10", "eyJhIjoxfQ"):
        answer = administrator.get("/api/v1/users", {"cursor": cursor})
        assert (answer.status_code, answer.json()["code"]) == (422, "page.cursor_invalid")
