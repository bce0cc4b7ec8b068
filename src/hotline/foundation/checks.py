"""Django system checks that stop a start: what is not declared must not be served."""

from collections.abc import Iterator
from typing import Any

from django.core.checks import CheckMessage, Error, register
from ninja import NinjaAPI
from ninja.operation import Operation

from hotline.foundation.access import Access


def operations_of(api: NinjaAPI) -> Iterator[tuple[str, Operation]]:
    """Every operation of an API with its path."""
    for bound in api._get_bound_routers():
        for path, view in bound.path_operations.items():
            for operation in view.operations:
                yield f"{bound.prefix}{path}", operation


def undeclared_routes(api: NinjaAPI, kinds: frozenset[str]) -> list[CheckMessage]:
    """An error for each route that does not say who may use it, in one of the ways that this API takes."""
    found: list[CheckMessage] = []
    for path, operation in operations_of(api):
        access = getattr(operation.view_func, "access", None)
        is_guarded = hasattr(operation.run, "__wrapped__")
        if not isinstance(access, Access) or access.kind not in kinds or not is_guarded:
            methods = "/".join(operation.methods)
            sentence = f"{methods} {path} ({operation.view_func.__module__}) does not declare who may use it."
            found.append(Error(sentence, hint="Use foundation.http.Router with permission=...", id="hotline.E001"))
    return found


@register
def check_routes(**_options: Any) -> list[CheckMessage]:
    """No route without a declared permission."""
    from hotline.foundation.urls import browser_api, internal_api  # noqa: PLC0415  # routes need the models loaded

    problems = undeclared_routes(browser_api, frozenset({"permission", "public"}))
    return problems + undeclared_routes(internal_api, frozenset({"internal"}))
