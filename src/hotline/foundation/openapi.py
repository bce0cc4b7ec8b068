"""The OpenAPI description with its examples, which live beside each room's schemas in `examples.py`.

They are instances of the schemas, so that types and validation keep them true; only describing the API loads them."""

from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.conf import settings
from ninja import NinjaAPI, Schema

PREFIX = "/api/v1/"
_VERSION = 3  # of the record that an example of a change was read with
Example = dict[str, Any]


def description(api: NinjaAPI) -> dict[str, Any]:
    """What the API takes and answers, with examples by schema."""
    described: dict[str, Any] = api.get_openapi_schema(path_prefix=PREFIX)
    given = _by_schema()
    for name, schema in described["components"]["schemas"].items():
        if examples := _examples_of(name, schema, given):
            schema["examples"] = examples
    return described


def _by_schema() -> dict[str, list[Example]]:
    found: dict[str, list[Example]] = {}
    for example in _all():
        body = example.model_dump(mode="json", exclude_unset=True, by_alias=True)
        found.setdefault(type(example).__name__, []).append(body)
    return found


def _all() -> Iterator[Schema]:
    apps = [app for app in settings.INSTALLED_APPS if app.startswith("hotline.domains.")]
    for room in ("hotline.foundation", *apps, "hotline.desk"):
        if find_spec(f"{room}.examples") is not None:
            yield from import_module(f"{room}.examples").EXAMPLES


def _examples_of(name: str, schema: Example, given: dict[str, list[Example]]) -> list[Example]:
    """Its own; or those of the schema from which a create, a change or a page is made."""
    if name in given:
        return given[name]
    if name.startswith("Page_"):
        items = given.get(name.removeprefix("Page_").removesuffix("_"), [])
        return [{"items": items, "next_cursor": None}] if items else []
    if name.endswith("Create"):
        return given.get(name.removesuffix("Create"), [])
    if name.endswith("Change"):
        return [_change(example, schema) for example in given.get(name.removesuffix("Change"), [])]
    return []


def _change(example: Example, schema: Example) -> Example:
    return {"version": _VERSION, **{name: value for name, value in example.items() if name in schema["properties"]}}
