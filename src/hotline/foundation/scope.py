"""Which tenants are in reach right now. Kept apart from models, because the database backend asks too."""

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Final, TypeVar
from uuid import UUID

from hotline.foundation.actors import Actor
from hotline.foundation.ids import as_uuid


@dataclass(frozen=True, slots=True)
class Escape:
    """A named reason to look across all tenants. `docs/security.md` lists every one, and a test compares."""

    name: str
    reason: str


_ESCAPES: Final[dict[str, Escape]] = {}


def register_escape(name: str, reason: str) -> Escape:
    """A new escape, for use with `without_scope`; declare it once, at the top of the module that needs it."""
    if name in _ESCAPES:
        raise ValueError(f"the escape {name} is declared twice")
    _ESCAPES[name] = Escape(name, reason)
    return _ESCAPES[name]


def escapes() -> tuple[Escape, ...]:
    """Every escape declared so far, by name."""
    return tuple(sorted(_ESCAPES.values(), key=lambda escape: escape.name))


@dataclass(frozen=True, slots=True)
class Scope:
    """The tenants in reach; None means all, by a declared escape."""

    tenant_ids: frozenset[UUID] | None

    def covers(self, tenant_id: UUID) -> bool:
        return self.tenant_ids is None or tenant_id in self.tenant_ids


Item = TypeVar("Item")

_scope: ContextVar[Scope | None] = ContextVar("hotline_tenant_scope", default=None)


def current_scope() -> Scope | None:
    """The active scope, or None when nothing may be read."""
    return _scope.get()


@contextmanager
def _within(scope: Scope) -> Iterator[Scope]:
    token = _scope.set(scope)
    try:
        yield scope
    finally:
        _scope.reset(token)


def tenant_scope(*tenant_ids: UUID | str) -> AbstractContextManager[Scope]:
    """Context in which queries reach exactly these tenants (replacing the scope around it)."""
    return _within(Scope(frozenset(map(as_uuid, tenant_ids))))


def scope_of(actor: Actor) -> AbstractContextManager[Scope]:
    """Context in which queries reach exactly the actor's tenants."""
    return _within(Scope(actor.tenant_ids))


def without_scope(escape: Escape) -> AbstractContextManager[Scope]:
    """Context in which queries reach all tenants, for a declared reason."""
    if _ESCAPES.get(escape.name) is not escape:
        raise ValueError(f"the escape {escape.name} is not declared")
    return _within(Scope(None))


def scoped_iterator(rows: Iterable[Item], scope: Scope) -> Iterator[Item]:
    """The same items, each fetched within the scope: for answers that are streamed after the view has returned."""
    iterator = iter(rows)
    while True:
        with _within(scope):
            try:
                item = next(iterator)
            except StopIteration:
                return
        yield item
