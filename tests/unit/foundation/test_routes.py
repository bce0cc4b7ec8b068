"""What every route gets from foundation: a declared permission, a scope, clear errors, and keys that do things once."""

import re
from typing import Any
from uuid import UUID

import ninja
import pytest
from django.conf import settings
from django.core.checks import Error
from django.http import HttpRequest
from django.test import Client

from hotline.foundation.checks import check_routes, operations_of, undeclared_routes
from hotline.foundation.http import InternalRouter, Router
from hotline.foundation.models import AuditEntry, IdempotencyRecord, Membership, User
from hotline.foundation.tenancy import tenant_scope
from hotline.foundation.urls import browser_api, internal_api
from tests.factories.foundation import client_of, make_tenant, make_user
from tests.walls.models import Book

KINDS = frozenset({"permission", "public"})


def _view(request: HttpRequest) -> str:
    return "ok"


def _api(router: ninja.Router, name: str) -> ninja.NinjaAPI:
    api = ninja.NinjaAPI(urls_namespace=name)
    api.add_router("", router)
    return api


# --- declarations ---------------------------------------------------------------------------------------------------


def test_every_route_of_the_product_is_declared() -> None:
    assert check_routes() == []
    assert len(list(operations_of(browser_api))) > 10


def test_a_route_on_a_plain_router_stops_the_start() -> None:
    router = ninja.Router()
    router.get("/planted")(_view)
    (problem,) = undeclared_routes(_api(router, "planted"), KINDS)
    assert isinstance(problem, Error)
    assert "GET /planted" in problem.msg


def test_an_internal_route_on_the_browsers_api_stops_the_start() -> None:
    router = InternalRouter()

    @router.get("/planted")
    def planted(request: HttpRequest) -> str:
        return "ok"

    assert len(undeclared_routes(_api(router, "planted-internal"), KINDS)) == 1


@pytest.mark.parametrize(
    "declaration",
    [{}, {"permission": "tickets.veiw"}, {"public": ""}, {"public": True}, {"permission": "desk.use", "public": "why"}],
)
def test_a_route_without_a_proper_declaration_cannot_be_written(declaration: dict[str, Any]) -> None:
    with pytest.raises(TypeError):
        Router().get("/x", **declaration)


def test_every_internal_route_refuses_a_stranger() -> None:
    for path, operation in operations_of(internal_api):
        url = "/internal" + _with_ids_that_nobody_has(path)
        for method in operation.methods:
            answer = getattr(Client(), method.lower())(url)
            assert (answer.status_code, answer.json()["code"]) == (403, "internal.refused"), url


@pytest.mark.django_db
def test_every_route_refuses_a_stranger_and_a_person_without_the_permission() -> None:
    nobody = client_of(make_user(tenant=None))
    for path, operation in operations_of(browser_api):
        access = operation.view_func.access  # type: ignore[attr-defined]
        if access.kind == "public":
            continue
        url = "/api/v1" + _with_ids_that_nobody_has(path)
        for method in operation.methods:
            assert getattr(Client(), method.lower())(url).status_code == 401, url
            if access.permission != "signed-in":
                assert getattr(nobody, method.lower())(url).status_code == 403, url


def _with_ids_that_nobody_has(path: str) -> str:
    return re.sub(r"\{[^}]*\}", str(UUID(int=0)), path)


# --- scope ----------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_route_reaches_only_the_tenants_in_which_its_permission_is_held() -> None:
    administered, served = make_tenant("a-tenant"), make_tenant("b-tenant")
    user = make_user(tenant=administered, role="administrator")
    Membership.objects.create(user=user, tenant=served, role="agent")
    make_user("only-b", tenant=served, role="agent")
    names = {found["username"] for found in client_of(user).get("/api/v1/users").json()["items"]}
    assert "only-b" not in names


# --- errors ---------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_errors_speak_the_readers_language() -> None:
    user = make_user(language="zh")
    assert client_of(user).get("/api/v1/users").json()["sentence"].startswith("您不能这样做")
    user.language = "en"
    user.save()
    assert client_of(user).get("/api/v1/users").json()["sentence"].startswith("You may not do this")
    assert (
        Client(headers={"accept-language": "zh-CN"}).get("/api/v1/me").json()["sentence"]
        == "您还没有登录，请登录后重试。"
    )


@pytest.mark.django_db
def test_a_wrong_body_never_comes_back_with_what_was_typed() -> None:
    user = make_user(tenant=make_tenant())
    body = {"password": ["hunter2-secret"]}
    answer = client_of(user).post(f"/api/v1/users/{user.pk}/password", body, content_type="application/json")
    assert answer.status_code == 422
    assert b"hunter2" not in answer.content


@pytest.mark.django_db
@pytest.mark.parametrize("body", ["{", '"x"', "7", "\x00", '{"text_size": 1e999}'])
def test_a_body_that_is_no_json_object_is_a_clear_422(body: str) -> None:
    answer = client_of(make_user()).patch("/api/v1/me/preferences", body, content_type="application/json")
    assert answer.status_code == 422, answer.content
    assert answer.json()["code"] == "request.invalid"


# --- idempotency ----------------------------------------------------------------------------------------------------


def _create(client: Client, key: str, username: str = "wang.fang") -> Any:
    tenant = str(Membership.objects.get(user__username="boss").tenant_id)
    body = {
        "username": username,
        "name": "W",
        "password": "quiet-river-lantern",
        "roles": [{"tenant_id": tenant, "role": "agent"}],
    }
    headers = {"Idempotency-Key": key}
    return client.post("/api/v1/users", body, content_type="application/json", headers=headers)


@pytest.fixture
def boss() -> Client:
    return client_of(make_user("boss", tenant=make_tenant()))


@pytest.mark.django_db
def test_the_same_key_does_it_once_and_answers_twice(boss: Client) -> None:
    first, second = _create(boss, "key-12345"), _create(boss, "key-12345")
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.content == second.content
    assert second.headers["Idempotency-Replayed"] == "true"
    assert AuditEntry.objects.filter(action="user.created").count() == 1


@pytest.mark.django_db
def test_the_same_key_for_another_request_is_refused(boss: Client) -> None:
    _create(boss, "key-12345")
    answer = _create(boss, "key-12345", username="zhao")
    assert (answer.status_code, answer.json()["code"]) == (409, "idempotency.conflict")
    assert not User.objects.filter(username="zhao").exists()


@pytest.mark.django_db
def test_a_refused_request_keeps_nothing_and_its_key_may_be_used_again(boss: Client) -> None:
    make_user("taken")
    assert _create(boss, "key-12345", username="taken").status_code == 409
    assert not IdempotencyRecord.objects.exists()
    assert _create(boss, "key-12345").status_code == 201


@pytest.mark.django_db
def test_keys_of_two_people_are_strangers(boss: Client) -> None:
    other = make_user(tenant=Membership.objects.get(user__username="boss").tenant)
    _create(boss, "key-12345")
    answer = _create(client_of(other), "key-12345")
    assert answer.json()["code"] == "user.taken"


@pytest.mark.django_db
def test_a_malformed_key_is_refused(boss: Client) -> None:
    assert _create(boss, "short").json()["code"] == "idempotency.key_invalid"


# --- the internal door ----------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_internal_secret_opens_the_internal_door_only() -> None:
    headers = {"X-Hotline-Internal": settings.HOTLINE.secret("internal").hex()}
    assert Client(headers=headers).get("/api/v1/me").status_code == 401


@pytest.mark.django_db
def test_the_scope_ends_with_the_request() -> None:
    tenant = make_tenant()
    with tenant_scope(tenant.pk):
        Book.objects.create(title="a")
    client_of(make_user(tenant=tenant)).get("/api/v1/me")
    with pytest.raises(Exception, match="without saying for which tenant"):
        Book.objects.count()
