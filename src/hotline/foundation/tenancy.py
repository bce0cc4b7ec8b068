"""The first wall between tenants: managers that refuse a query or a row outside the active scope.

The second wall (`guards.py`) stands in the database: row-level security on PostgreSQL, and references that cannot cross
tenants on both. A scope is a set of tenants, because staff may serve several."""

from collections.abc import Iterable, Iterator
from typing import Any, ClassVar, Self, TypeVar
from uuid import UUID

from django.apps import apps
from django.db import models

from hotline.foundation.ids import as_uuid, new_uuid
from hotline.foundation.scope import (
    Escape,
    Scope,
    current_scope,
    escapes,
    register_escape,
    scope_of,
    scoped_iterator,
    tenant_scope,
    without_scope,
)
from hotline.kernel.errors import HotlineError

__all__ = [
    "MIGRATION",
    "Escape",
    "ForeignTenantError",
    "Scope",
    "TenantManager",
    "TenantModel",
    "TenantQuerySet",
    "UnscopedQueryError",
    "current_scope",
    "escapes",
    "register_escape",
    "required_scope",
    "scope_of",
    "scoped_iterator",
    "tenant_models",
    "tenant_scope",
    "without_scope",
]


MIGRATION = register_escape(
    "foundation.migration", "A migration that moves rows into other tables moves every tenant's."
)


class UnscopedQueryError(HotlineError):
    code = "tenancy.unscoped"
    status = 500
    sentence = "{model} was used without saying for which tenant. Wrap the call in tenant_scope(...)."


class ForeignTenantError(HotlineError):
    code = "tenancy.foreign"
    status = 403
    sentence = "This {model} belongs to a tenant outside your reach. Nothing was saved."


Row = TypeVar("Row", bound="TenantModel")


def required_scope(model: type[models.Model]) -> Scope:
    """The active scope. Raises UnscopedQueryError, which names the model, when there is none."""
    scope = current_scope()
    if scope is None:
        raise UnscopedQueryError(model=model.__name__)
    return scope


class TenantQuerySet(models.QuerySet[Row]):
    """Rows of the scope's tenants; what is written through it stays there."""

    def bulk_create(self, objs: Iterable[Any], *args: Any, **kwargs: Any) -> list[Any]:
        rows = list(objs)
        for row in rows:
            row.settle_tenant()
        return super().bulk_create(rows, *args, **kwargs)

    def update(self, **kwargs: Any) -> int:
        if "tenant" in kwargs or "tenant_id" in kwargs:
            raise ForeignTenantError(model=self.model.__name__)
        required_scope(self.model)
        return super().update(**kwargs)

    def delete(self) -> tuple[int, dict[str, int]]:
        required_scope(self.model)
        return super().delete()

    def _fetch_all(self) -> None:
        # A query made inside a scope but read after it would pass SQLite and find nothing on PostgreSQL.
        if self._result_cache is None:
            required_scope(self.model)
        super()._fetch_all()


class TenantManager(models.Manager[Row]):
    """Hands out rows of the active scope only. Raises UnscopedQueryError when there is none."""

    _queryset_class = TenantQuerySet

    def get_queryset(self) -> models.QuerySet[Row]:
        scope = required_scope(self.model)
        rows = super().get_queryset()
        if scope.tenant_ids is None:
            return rows
        return rows.filter(tenant_id__in=scope.tenant_ids)


class TenantModel(models.Model):
    """A row that belongs to a tenant. Its key is a UUIDv7 made here, so that it is known before the row is saved."""

    id = models.UUIDField(primary_key=True, default=new_uuid, editable=False)
    tenant = models.ForeignKey("foundation.Tenant", on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects: ClassVar[TenantManager[Self]] = TenantManager()

    class Meta:
        abstract = True
        # Foreign keys are followed through the base manager: it must be scoped too.
        base_manager_name = "objects"
        default_manager_name = "objects"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.settle_tenant()
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        self.settle_tenant()
        return super().delete(*args, **kwargs)

    def settle_tenant(self) -> None:
        """Fill in the scope's only tenant where none was given, and refuse foreign rows and foreign references.

        Raises ForeignTenantError, or UnscopedQueryError without a scope."""
        scope = required_scope(type(self))
        given: UUID | str | None = self.tenant_id
        if given is None and scope.tenant_ids is not None and len(scope.tenant_ids) == 1:
            given = self.tenant_id = next(iter(scope.tenant_ids))
        if given is None or not scope.covers(as_uuid(given)):
            raise ForeignTenantError(model=type(self).__name__)
        for related in self._loaded_relations():
            if as_uuid(related.tenant_id) != as_uuid(given):
                raise ForeignTenantError(model=type(related).__name__)

    def _loaded_relations(self) -> Iterator["TenantModel"]:
        """Related rows that are already in memory; `guards` lets the database check the others."""
        cached: dict[str, object] = dict(self._state.fields_cache)
        for related in cached.values():
            if isinstance(related, TenantModel):
                yield related


def tenant_models() -> tuple[type[TenantModel], ...]:
    """Every concrete model of the installation that belongs to a tenant."""
    return tuple(model for model in apps.get_models() if issubclass(model, TenantModel))
