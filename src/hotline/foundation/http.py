"""What domains build their HTTP ends with: routers whose every route declares who may use it.

    router = Router(tags=["tickets"])

    @router.get("/tickets/{ticket_id}", permission="tickets.view", response=TicketOut)
    def read_ticket(request: ActorRequest, ticket_id: UUID) -> Ticket:
        return queries.ticket(request.actor, ticket_id)

The request arrives with `request.actor`, narrowed to the tenants where the permission is held, and inside the scope of
those tenants. HotlineErrors become answers in one place (`api.py`)."""

from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any, Final, TypeVar, cast

import ninja
from django.db import Error as DatabaseRefusal
from django.http import HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from ninja.operation import Operation
from ninja.security.apikey import APIKeyCookie, APIKeyHeader

from hotline.foundation.access import INTERNAL_HEADER, SIGNED_IN, Access, ActorRequest, declared
from hotline.foundation.idempotency import answer_once
from hotline.foundation.pages import measured
from hotline.foundation.paging import Page, cursor_page
from hotline.foundation.tenancy import Scope, scope_of, scoped_iterator
from hotline.kernel.errors import HotlineError

__all__ = ["SIGNED_IN", "ActorRequest", "InternalRouter", "Page", "Router", "cursor_page"]

View = TypeVar("View", bound=Callable[..., Any])


class _SessionCookie(APIKeyCookie):
    """For OpenAPI; the guard below has let the request in before ninja asks."""

    param_name = "hotline_session"

    def authenticate(self, request: HttpRequest, key: str | None) -> Any:
        return getattr(request, "actor", None)


class _InternalHeader(APIKeyHeader):
    param_name = INTERNAL_HEADER

    def authenticate(self, request: HttpRequest, key: str | None) -> Any:
        return getattr(request, "actor", None)


_SECURITY: Final[dict[str, Any]] = {
    "permission": _SessionCookie(csrf=False),
    "internal": _InternalHeader(),
    "public": None,
}


class Router(ninja.Router):
    """ninja's router, on which each route declares `permission=` or `public="the reason"`."""

    def get(self, path: str, **options: Any) -> Callable[[View], View]:
        return self._route("GET", path, options)

    def post(self, path: str, **options: Any) -> Callable[[View], View]:
        return self._route("POST", path, options)

    def put(self, path: str, **options: Any) -> Callable[[View], View]:
        return self._route("PUT", path, options)

    def patch(self, path: str, **options: Any) -> Callable[[View], View]:
        return self._route("PATCH", path, options)

    def delete(self, path: str, **options: Any) -> Callable[[View], View]:
        return self._route("DELETE", path, options)

    def _access(self, options: dict[str, Any]) -> Access:
        return declared(options.pop("permission", None), options.pop("public", None))

    def _route(self, method: str, path: str, options: dict[str, Any]) -> Callable[[View], View]:
        access = self._access(options)
        options.setdefault("auth", _SECURITY[access.kind])
        if access.kind == "permission":
            options["openapi_extra"] = {"x-permission": access.permission, **options.get("openapi_extra", {})}

        def register(view: View) -> View:
            if hasattr(view, "access"):
                raise TypeError(f"{view.__name__} is registered on two routes; write one view for each")
            view.access = access  # type: ignore[attr-defined]
            view._ninja_contribute_to_operation = [_guard]  # type: ignore[attr-defined]
            self.add_api_operation(path, [method], view, **options)
            return view

        return register


class InternalRouter(Router):
    """Routes for the centre's other roles, under /internal: let in by a secret header, never by a session.

    Their actor serves no tenant: the action scopes the tenants that the message is about."""

    def _access(self, options: dict[str, Any]) -> Access:
        return Access("internal")


def _guard(operation: Operation) -> None:
    """Put the declaration in front of everything that the operation does."""
    operation.run = _guarded(operation.run)  # type: ignore[method-assign]
    operation._run_decorators = [_guarded]  # type: ignore[attr-defined]


def _guarded(run: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    operation: Operation = run.__self__  # type: ignore[attr-defined]
    access: Access = operation.view_func.access  # type: ignore[attr-defined]

    @wraps(run)
    def guarded(request: HttpRequest, **path_values: Any) -> HttpResponseBase:
        def answer() -> HttpResponseBase:
            try:
                return _admitted(access, request, lambda: run(request, **path_values))
            except (HotlineError, DatabaseRefusal) as error:
                # The database may refuse to look somebody up, to begin what is done once, or to commit it.
                return operation.api.on_exception(request, error)

        return measured(operation.path, request.method or "", answer)

    return guarded


def _admitted(access: Access, request: HttpRequest, run: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    """Let the request in, run the view within its tenants, and keep a streamed answer within them too."""
    actor = access.admit(request)
    if actor is None:
        return run()
    request.actor = actor  # type: ignore[attr-defined]
    if actor.kind == "internal":
        return run()
    with scope_of(actor):
        response = answer_once(request, actor, run)
    if isinstance(response, StreamingHttpResponse) and not response.is_async:
        parts = cast(Iterator[bytes], response.streaming_content)
        response.streaming_content = scoped_iterator(parts, Scope(actor.tenant_ids))
    return response
