"""The five routes of a set-up record: list, read, create, change, remove. All of them behave alike.

    router = Router(tags=["sites"])
    mount(router, Resource("sites", "site", queries.sites, actions.sites, schemas.SiteIn, schemas.SiteOut))

A list is paged by cursor and filtered by the fields of its filter schema; `q` searches code and names. Creating answers
201, removing 204. Changing sends only what changes and the `version` it was read with: a stale one is refused (409)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Generic, Protocol, TypeVar
from uuid import UUID

import ninja
from django.db import models
from django.db.models import Q
from ninja import Schema
from pydantic import ConfigDict, Field, create_model

from hotline.domains.setup_records import PERMISSION, SetupRecord
from hotline.foundation.actors import Actor
from hotline.foundation.errors import NotFoundError
from hotline.foundation.http import ActorRequest, Page, Router, cursor_page
from hotline.foundation.ids import as_uuid
from hotline.foundation.tenancy import scope_of

Code = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]*$", max_length=32, examples=["repair"])]
Text = Annotated[str, Field(min_length=1, max_length=120, pattern=r"\S")]


class Names(Schema):
    """A text that people read, in both languages."""

    zh: Text = Field(examples=["报修"])
    en: Text = Field(examples=["Repair"])


class RecordOut(Schema):
    """What every set-up record shows. Send `version` back when you change or remove it."""

    model_config = ConfigDict(frozen=True)

    id: UUID
    tenant_id: UUID
    version: int
    updated_at: datetime


class ListFilter(Schema):
    """`q` searches codes and names. Further fields of a list's own filter must be equal."""

    q: Annotated[str, Field(max_length=100)] = ""
    tenant_id: UUID | None = None
    cursor: Annotated[str | None, Field(max_length=400)] = None
    limit: Annotated[int, Field(ge=1, le=200)] = 50


Out = TypeVar("Out", bound=Schema)


@dataclass(frozen=True)
class Reads(Generic[Out]):
    """List and read of one kind of record, as frozen structs; `related` is what each needs fetched beside it."""

    model: type[SetupRecord]
    shown: Callable[[Any], Out]
    search: Sequence[str] = ("code", "name__zh", "name__en")
    order: Sequence[str] = ("code", "id")
    related: Sequence[str] = ()

    def page(self, actor: Actor, filters: ListFilter) -> tuple[list[Out], str | None]:
        """One page of the records that the actor may configure, and the next page's cursor."""
        with scope_of(actor.narrowed(PERMISSION)):
            rows = self._filtered(filters)
            found, following = cursor_page(rows, order=self.order, cursor=filters.cursor, limit=filters.limit)
            return [self.shown(record) for record in found], following

    def one(self, actor: Actor, record_id: UUID | str) -> Out:
        """The record. Raises NotFoundError, also for another tenant's."""
        with scope_of(actor.narrowed(PERMISSION)):
            record = self._rows().filter(pk=as_uuid(record_id)).first()
            if record is None:
                raise NotFoundError(object_type=self.model.object_type, object_id=str(record_id))
            return self.shown(record)

    def _rows(self) -> models.QuerySet[SetupRecord]:
        rows: models.QuerySet[SetupRecord] = self.model.objects.all()
        return rows.prefetch_related(*self.related)

    def _filtered(self, filters: ListFilter) -> models.QuerySet[SetupRecord]:
        rows = self._rows()
        equal = filters.dict(exclude={"q", "cursor", "limit"}, exclude_none=True)
        if filters.q:
            rows = rows.filter(_any_contains(self.search, filters.q))
        return rows.filter(**equal)


class Writing(Protocol):
    """What `actions` offer for one kind of record."""

    def create(self, actor: Actor, values: Any, tenant_id: UUID | None = None) -> UUID: ...
    def change(self, actor: Actor, record_id: UUID, version: int, values: Any, /) -> None: ...
    def remove(self, actor: Actor, record_id: UUID, version: int, /) -> None: ...


@dataclass(frozen=True)
class Resource(Generic[Out]):
    """One kind of record at one path. `fixed` are the fields that cannot be changed once it exists."""

    path: str
    reads: Reads[Out]
    writes: Writing
    create_schema: type[Schema]
    out_schema: type[Out]
    filter_schema: type[ListFilter] = ListFilter
    fixed: frozenset[str] = frozenset()
    values: Callable[[Mapping[str, Any]], Mapping[str, Any]] = dict  # from the body to what the action takes


def mount(router: Router, resource: Resource[Any]) -> None:
    """Put the five routes on the router, all under the permission to configure."""
    path, name = f"/{resource.path}", resource.path.replace("-", "_")
    # ninja reads the signature to make the schema, and each resource has schemas of its own: they are set here.
    routes = [
        (router.get, path, _list(resource), Page[resource.out_schema], f"list_{name}"),  # type: ignore[name-defined]
        (router.post, path, _create(resource), {201: resource.out_schema}, f"create_{name}"),
        (router.get, path + "/{record_id}", _read(resource), resource.out_schema, f"read_{name}"),
        (router.patch, path + "/{record_id}", _change(resource), resource.out_schema, f"change_{name}"),
        (router.delete, path + "/{record_id}", _remove(resource), {204: None}, f"remove_{name}"),
    ]
    for register, route, view, response, operation_id in routes:
        view.__name__ = operation_id
        register(route, permission=PERMISSION, response=response, operation_id=operation_id)(view)


def _list(resource: Resource[Any]) -> Callable[..., Any]:
    def view(request: ActorRequest, filters: Any) -> Any:
        items, following = resource.reads.page(request.actor, filters)
        return {"items": items, "next_cursor": following}

    return _typed(view, filters=Annotated[resource.filter_schema, ninja.Query()])  # type: ignore[type-arg]


def _read(resource: Resource[Any]) -> Callable[..., Any]:
    def view(request: ActorRequest, record_id: UUID) -> Any:
        return resource.reads.one(request.actor, record_id)

    return view


def _create(resource: Resource[Any]) -> Callable[..., Any]:
    def view(request: ActorRequest, payload: Any) -> Any:
        values = payload.dict()
        tenant_id = values.pop("tenant_id")
        record_id = resource.writes.create(request.actor, resource.values(values), tenant_id)
        return resource.reads.one(request.actor, record_id)

    return _typed(view, payload=create_schema(resource.create_schema))


def _change(resource: Resource[Any]) -> Callable[..., Any]:
    def view(request: ActorRequest, record_id: UUID, payload: Any) -> Any:
        values = payload.dict(exclude_unset=True)
        version = values.pop("version")
        resource.writes.change(request.actor, record_id, version, resource.values(values))
        return resource.reads.one(request.actor, record_id)

    return _typed(view, payload=change_schema(resource.create_schema, resource.fixed))


def _remove(resource: Resource[Any]) -> Callable[..., Any]:
    def view(request: ActorRequest, record_id: UUID, version: int) -> None:
        resource.writes.remove(request.actor, record_id, version)

    return view


class _Body(Schema):
    """Unknown fields are refused, so that a misspelt one is not silently without effect."""

    model_config = ConfigDict(extra="forbid")


def create_schema(schema: type[Schema]) -> type[Schema]:
    """The schema with `tenant_id`, for those who serve several tenants."""
    fields: dict[str, Any] = {name: (field.annotation, field) for name, field in schema.model_fields.items()}
    return create_model(f"{schema.__name__}Create", __base__=_Body, tenant_id=(UUID | None, None), **fields)


def change_schema(schema: type[Schema], fixed: frozenset[str] = frozenset()) -> type[Schema]:
    """The same fields, none needed, and `version`. What is not sent stays as it is."""
    fields: dict[str, Any] = {
        name: (Annotated[field.annotation, *field.metadata] if field.metadata else field.annotation, None)
        for name, field in schema.model_fields.items()
        if name not in fixed
    }
    return create_model(f"{schema.__name__}Change", __base__=_Body, version=(int, Field(ge=1)), **fields)


def _typed(view: Callable[..., Any], **annotations: Any) -> Callable[..., Any]:
    view.__annotations__ |= annotations
    return view


def _any_contains(lookups: Sequence[str], text: str) -> Q:
    found = Q()
    for lookup in lookups:
        found |= Q(**{f"{lookup}__icontains": text})
    return found
