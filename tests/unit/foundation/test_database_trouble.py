"""A database that is locked, away or full: the reader is told to try again, and nothing is half-written.

On a file of SQLite and on PostgreSQL, each with a second connection that stands in the way."""

import errno
import logging
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import Error, connection
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.test.utils import override_settings
from django.urls import path

from hotline.foundation.database_trouble import mark_of, trouble_of
from hotline.foundation.errors import DatabaseFullError
from hotline.foundation.models import AuditEntry, IdempotencyRecord, Membership, User
from tests.factories.foundation import client_of, make_tenant, make_user
from tests.factories.same_moment import shared_database
from tests.ports import free_ports

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def database(transactional_db: None, tmp_path: Path) -> Iterator[None]:
    with shared_database(tmp_path):
        yield


@pytest.fixture
def boss() -> Client:
    client = client_of(make_user("boss", tenant=make_tenant(), language="en"))
    client.raise_request_exception = False
    return client


@contextmanager
def _somebody_else_writes() -> Iterator[None]:
    """Another connection holds the users' table, and ours is not patient."""
    if connection.vendor == "sqlite":
        with _statement("PRAGMA busy_timeout = 20"):
            other = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)
            other.execute("BEGIN IMMEDIATE")
            yield
            other.close()
    else:
        with _statement("SET lock_timeout = '20ms'"), psycopg.connect(**_address()) as server:
            server.execute("LOCK TABLE main.foundation_user IN EXCLUSIVE MODE")
            yield
            server.rollback()


@contextmanager
def _statement(sql: str) -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
    yield
    connection.close()  # the next one has its own settings again


def _address() -> dict[str, Any]:
    parts = connection.settings_dict
    return {"host": parts["HOST"], "port": parts["PORT"], "user": parts["USER"], "dbname": parts["NAME"]}


@contextmanager
def _disk_full() -> Iterator[None]:
    """SQLite's file may not grow; PostgreSQL is made to say what it says then."""
    if connection.vendor == "sqlite":
        with _statement("PRAGMA max_page_count = 1"):
            yield
    else:
        with connection.execute_wrapper(_no_room_for_updates):
            yield


def _no_room_for_updates(execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any) -> Any:
    if str(sql).startswith("UPDATE"):
        sql, params = _raising("53100"), None
    return execute(sql, params, many, context)


@contextmanager
def _away(tmp_path: Path) -> Iterator[None]:
    """Nobody is where the database was."""
    name, place = ("NAME", str(tmp_path / "gone" / "main.sqlite3"))
    if connection.vendor == "postgresql":
        name, place = "PORT", str(free_ports(1)[0])
    before = connection.settings_dict[name]
    connection.close()
    connection.settings_dict[name] = place
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict[name] = before


def _prefers_zh(client: Client) -> Any:
    return client.patch("/api/v1/me/preferences", {"language": "zh"}, content_type="application/json")


def _creates(client: Client) -> Any:
    roles = [{"tenant_id": str(Membership.objects.get(user__username="boss").tenant_id), "role": "agent"}]
    body = {"username": "wang.fang", "name": "Wang Fang", "password": "quiet-river-lantern", "roles": roles}
    headers = {"Idempotency-Key": "key-12345"}
    return client.post("/api/v1/users", body, content_type="application/json", headers=headers)


def test_a_lock_that_lasts_is_a_503_that_says_to_try_again(boss: Client) -> None:
    with _somebody_else_writes():
        answer = _prefers_zh(boss)
    assert (answer.status_code, answer.json()["code"]) == (503, "database.busy")
    assert answer.json()["sentence"].startswith("Somebody else is changing this at the moment; nothing was changed.")
    assert answer.headers["Retry-After"] == "2"
    assert User.objects.get(username="boss").language == "en"
    assert not AuditEntry.objects.filter(action="preferences.changed").exists()
    assert _prefers_zh(boss).status_code == 200


def test_a_lock_before_a_thing_done_once_leaves_its_key_to_be_used_again(boss: Client) -> None:
    with _somebody_else_writes():
        answer = _creates(boss)
    assert (answer.status_code, answer.json()["code"]) == (503, "database.busy")
    assert not IdempotencyRecord.objects.exists()
    assert not User.objects.filter(username="wang.fang").exists()


def test_what_is_logged_names_the_code_and_nobody(boss: Client, caplog: pytest.LogCaptureFixture) -> None:
    with _somebody_else_writes(), caplog.at_level(logging.WARNING, "hotline"):
        _creates(boss)
    (line,) = [record for record in caplog.records if record.name.startswith("hotline.")]
    assert line.getMessage().startswith("the database did not do what a request asked: database.busy (")
    assert line.exc_info is None
    assert "wang" not in caplog.text.lower()


@pytest.mark.parametrize("address", ["/api/v1/me", "/_allauth/browser/v1/auth/session"])
@pytest.mark.parametrize(("language", "part"), [("en", "The database does not answer"), ("zh", "数据库目前没有应答")])
def test_a_database_that_is_away_is_a_503(boss: Client, tmp_path: Path, address: str, language: str, part: str) -> None:
    with _away(tmp_path):
        answer = boss.get(address, headers={"accept-language": language})
    assert (answer.status_code, answer.json()["code"]) == (503, "database.no_answer")
    assert answer.json()["sentence"].startswith(part)
    assert answer.headers["Retry-After"] == "5"
    assert boss.get("/api/v1/me").status_code == 200


def test_a_full_disk_is_a_503_of_its_own(boss: Client) -> None:
    with _disk_full():
        answers = [_prefers_zh(boss) for _ in range(100)]
    assert {(answer.status_code, answer.json().get("code")) for answer in answers if answer.status_code != 200} == {
        (503, "database.full")
    }
    assert answers[-1].headers["Retry-After"] == "60"
    kept = sum(answer.status_code == 200 for answer in answers)
    assert AuditEntry.objects.filter(action="preferences.changed").count() == kept


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_a_file_for_which_there_is_no_room_is_the_same(number: int) -> None:
    trouble = trouble_of(OSError(number, "no room", "/somewhere/recording.wav"))
    assert isinstance(trouble, DatabaseFullError)
    assert trouble_of(OSError(errno.ENOENT, "no such file")) is None


@pytest.mark.postgres
@pytest.mark.parametrize(
    ("state", "code"),
    [
        ("55P03", "database.busy"),
        ("40P01", "database.busy"),
        ("40001", "database.busy"),
        ("53100", "database.full"),
        ("53300", "database.no_answer"),
        ("57P01", "database.no_answer"),
        ("08006", "database.no_answer"),
        ("22012", None),
        ("23505", None),
    ],
)
def test_what_postgresql_says_is_told_by_its_code(state: str, code: str | None) -> None:
    error = _raised(state).value
    trouble = trouble_of(error)
    assert (trouble and trouble.code) == code
    assert mark_of(error) == state


@pytest.mark.postgres
def test_nobody_waits_for_a_lock_for_longer_than_on_sqlite() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SHOW lock_timeout")
        assert cursor.fetchone() == ("5s",)


def test_anything_else_stays_an_error_of_ours_whose_mark_is_in_the_log(
    boss: Client, caplog: pytest.LogCaptureFixture
) -> None:
    with override_settings(ROOT_URLCONF=__name__):
        answer = Client(raise_request_exception=False).get("/_allauth/broken")
    assert (answer.status_code, answer.json()["code"]) == (500, "internal.error")
    assert f"mark {answer.json()['data']['mark']}" in caplog.text


def _broken(request: HttpRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM nowhere")
    return HttpResponse()


urlpatterns = [path("_allauth/broken", _broken)]
handler500 = "hotline.foundation.api.failed"


def _raised(state: str) -> pytest.ExceptionInfo[Error]:
    with pytest.raises(Error) as caught, connection.cursor() as cursor:
        cursor.execute(_raising(state))
    return caught


def _raising(state: str) -> str:
    return f"DO $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '{state}'; END $$"
