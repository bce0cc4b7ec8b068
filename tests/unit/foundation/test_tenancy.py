"""No row of one tenant is visible to, or written for, another."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.apps import apps
from django.db import IntegrityError

from hotline.foundation.tenancy import (
    ForeignTenantError,
    TenantModel,
    UnscopedQueryError,
    current_scope,
    register_escape,
    scoped_iterator,
    tenant_models,
    tenant_scope,
    without_scope,
)
from tests.factories.foundation import checked_transaction, make_tenant
from tests.walls.models import Book, Shelf

pytestmark = pytest.mark.django_db
LOOK_EVERYWHERE = register_escape("tests.everywhere", "Tests compare what two tenants have.")


def test_every_tenant_table_is_guarded_by_scoped_managers() -> None:
    assert Book in tenant_models()
    for model in tenant_models():
        for manager in (model._default_manager, model._base_manager):
            with pytest.raises(UnscopedQueryError):
                manager.all()


QUERIES: dict[str, Callable[[], object]] = {
    "read": lambda: list(Book.objects.all()),
    "count": lambda: Book.objects.count(),
    "create": lambda: Book.objects.create(title="a", tenant_id=uuid4()),
    "bulk_create": lambda: Book.objects.bulk_create([Book(title="a", tenant_id=uuid4())]),
    "update": lambda: Book.objects.update(title="b"),
    "save": lambda: Book(title="a", tenant_id=uuid4()).save(),
    "delete": lambda: Book(id=uuid4(), title="a", tenant_id=uuid4()).delete(),
}


@pytest.mark.parametrize("name", QUERIES)
def test_a_query_without_a_scope_is_refused(name: str) -> None:
    with pytest.raises(UnscopedQueryError):
        QUERIES[name]()


def test_a_scope_reaches_its_tenants_and_no_other() -> None:
    ours, theirs, third = make_tenant(), make_tenant(), make_tenant()
    for tenant in (ours, theirs, third):
        with tenant_scope(tenant.pk):
            Book.objects.create(title=tenant.code)
    with tenant_scope(ours.pk):
        assert [book.title for book in Book.objects.all()] == [ours.code]
        assert not Book.objects.filter(title=theirs.code).exists()
        assert Book.objects.filter(title=theirs.code).update(title="taken") == 0
        assert Book.objects.filter(title=theirs.code).delete()[0] == 0
    with tenant_scope(ours.pk, third.pk):
        assert {book.title for book in Book.objects.all()} == {ours.code, third.code}
    with without_scope(LOOK_EVERYWHERE):
        assert {book.title for book in Book.objects.all()} == {ours.code, theirs.code, third.code}


def test_a_row_of_a_tenant_outside_the_scope_is_not_saved_or_deleted() -> None:
    ours, theirs = make_tenant(), make_tenant()
    with tenant_scope(theirs.pk):
        foreign = Book.objects.create(title="a")
    with tenant_scope(ours.pk):
        foreign.title = "b"
        with pytest.raises(ForeignTenantError):
            foreign.save()
        with pytest.raises(ForeignTenantError):
            foreign.delete()
        with pytest.raises(ForeignTenantError):
            Book.objects.bulk_create([Book(title="c", tenant=theirs)])
        own = Book.objects.create(title="d")
        with pytest.raises(ForeignTenantError):
            Book.objects.filter(pk=own.pk).update(tenant=theirs)


def test_a_reference_is_followed_within_the_scope_only() -> None:
    ours, theirs = make_tenant(), make_tenant()
    with tenant_scope(theirs.pk):
        book = Book.objects.create(title="a", shelf=Shelf.objects.create(label="s"))
        book = Book.objects.get(pk=book.pk)
    with tenant_scope(ours.pk), pytest.raises(Shelf.DoesNotExist):
        _ = book.shelf


def test_a_loaded_row_of_another_tenant_is_refused_as_a_reference() -> None:
    ours, theirs = make_tenant(), make_tenant()
    with tenant_scope(ours.pk, theirs.pk):
        shelf = Shelf.objects.create(label="s", tenant=theirs)
        with pytest.raises(ForeignTenantError):
            Book.objects.create(title="a", tenant=ours, shelf=shelf)


def test_the_database_refuses_a_reference_to_another_tenant_by_id() -> None:
    ours, theirs = make_tenant(), make_tenant()
    with tenant_scope(ours.pk, theirs.pk):
        shelf = Shelf.objects.create(label="s", tenant=theirs)
        with pytest.raises(IntegrityError), checked_transaction():
            Book.objects.create(title="a", tenant=ours, shelf_id=shelf.pk)
        book = Book.objects.create(title="a", tenant=ours)
        with pytest.raises(IntegrityError), checked_transaction():
            Book.objects.filter(pk=book.pk).update(shelf_id=shelf.pk)


def test_a_query_prepared_in_a_scope_does_not_run_after_it() -> None:
    tenant = make_tenant()
    with tenant_scope(tenant.pk):
        prepared = Book.objects.all()
    with pytest.raises(UnscopedQueryError):
        list(prepared)


def test_a_streamed_answer_is_read_within_its_scope_and_leaves_none_behind() -> None:
    tenant = make_tenant()
    with tenant_scope(tenant.pk) as scope:
        Book.objects.create(title="a")
        lines = scoped_iterator((book.title for book in Book.objects.all().iterator()), scope)
    assert next(lines) == "a"
    assert current_scope() is None


def test_an_escape_must_be_declared_and_is_declared_once() -> None:
    with pytest.raises(ValueError, match="declared twice"):
        register_escape("tests.everywhere", "again")


def test_only_these_tables_of_ours_belong_to_no_tenant() -> None:
    ours = {m for m in apps.get_models() if m.__module__.startswith("hotline.")}
    without_tenant = {m.__name__ for m in ours if not issubclass(m, TenantModel) and m._meta.app_label == "foundation"}
    assert without_tenant == {
        "Tenant",
        "User",
        "Membership",
        "AuditEntry",
        "AuditSeal",
        "OutboxRow",
        "IdempotencyRecord",
        "Preparation",
        "RateWindow",
    }
