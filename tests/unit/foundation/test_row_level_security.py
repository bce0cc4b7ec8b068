"""PostgreSQL's own wall: what our managers let through by mistake, the database still refuses."""

import threading
from uuid import UUID

import pytest
from django.db import ProgrammingError, connection, transaction

from hotline.foundation.databases import APP_ROLE
from hotline.foundation.models import AuditEntry
from hotline.foundation.tenancy import tenant_models, tenant_scope
from tests.factories.foundation import make_tenant
from tests.walls.models import Book

pytestmark = [pytest.mark.postgres, pytest.mark.django_db]


def _titles() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT title FROM walls_book")
        return {row[0] for row in cursor.fetchall()}


def test_web_and_worker_speak_as_a_role_that_owns_nothing() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == (APP_ROLE,)
        cursor.execute("SELECT count(*) FROM pg_class WHERE pg_get_userbyid(relowner) = %s", [APP_ROLE])
        assert cursor.fetchone() == (0,)


def test_every_tenant_table_forces_row_level_security() -> None:
    tables = [model._meta.db_table for model in tenant_models()]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relname = ANY(%s) AND relrowsecurity AND relforcerowsecurity", [tables]
        )
        assert {row[0] for row in cursor.fetchall()} == set(tables)


def test_raw_sql_sees_the_scope_only() -> None:
    ours, theirs = make_tenant(), make_tenant()
    for tenant in (ours, theirs):
        with tenant_scope(tenant.pk):
            Book.objects.create(title=tenant.code)
    assert _titles() == set()
    with tenant_scope(ours.pk):
        assert _titles() == {ours.code}
    with tenant_scope(ours.pk, theirs.pk):
        assert _titles() == {ours.code, theirs.code}


def test_raw_sql_cannot_write_for_another_tenant() -> None:
    ours, theirs = make_tenant(), make_tenant()
    statement = (
        "INSERT INTO walls_book (id, tenant_id, title, secret, secret_index, created_at, updated_at) "
        "VALUES (gen_random_uuid(), %s, 'x', '', '', now(), now())"
    )
    with tenant_scope(ours.pk), pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
        connection.cursor().execute(statement, [theirs.pk])


def test_the_scope_follows_savepoints() -> None:
    ours, theirs = make_tenant(), make_tenant()
    with tenant_scope(ours.pk):
        Book.objects.create(title="ours")
        with transaction.atomic(), tenant_scope(theirs.pk):
            Book.objects.create(title="theirs")
            transaction.set_rollback(True)
        assert _titles() == {"ours"}


@pytest.mark.django_db(transaction=True)
def test_a_read_outside_a_transaction_is_scoped_and_leaves_nothing_on_the_connection() -> None:
    ours = make_tenant()
    with tenant_scope(ours.pk):
        Book.objects.create(title="ours")
        assert [book.title for book in Book.objects.all()] == ["ours"]
        assert [book.title for book in Book.objects.iterator()] == ["ours"]
    assert connection.get_autocommit()
    with connection.cursor() as cursor:
        cursor.execute("SELECT COALESCE(current_setting('hotline.tenants', true), '')")
        assert cursor.fetchone() == ("",)


@pytest.mark.django_db(transaction=True)
def test_each_thread_has_its_own_scope() -> None:
    ours, theirs = make_tenant(), make_tenant()
    for tenant in (ours, theirs):
        with tenant_scope(tenant.pk):
            Book.objects.create(title=tenant.code)
    seen: dict[UUID, set[str]] = {}

    def read(tenant_id: UUID) -> None:
        with tenant_scope(tenant_id):
            seen[tenant_id] = _titles()
        connection.close()

    threads = [threading.Thread(target=read, args=(tenant.pk,)) for tenant in (ours, theirs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == {ours.pk: {ours.code}, theirs.pk: {theirs.code}}


@pytest.mark.parametrize(
    "statement", ["DELETE FROM foundation_auditentry", "UPDATE foundation_auditseal SET digest=''"]
)
def test_the_app_has_no_right_to_change_the_audit(statement: str) -> None:
    AuditEntry.objects.create(actor_kind="system", actor_name="t", action="a", object_type="o", object_id="1")
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        connection.cursor().execute(statement)
