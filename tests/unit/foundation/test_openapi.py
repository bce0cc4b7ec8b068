"""The OpenAPI description, from which the front end's types are made: one name, one shape."""

from collections.abc import Iterator
from typing import Any

import ninja
import pydantic
from django.http import HttpRequest

from hotline.foundation.checks import operations_of
from hotline.foundation.http import Router
from hotline.foundation.urls import browser_api, internal_api


def _schemas_of(api: ninja.NinjaAPI) -> set[type[pydantic.BaseModel]]:
    """Every schema that a route of the API takes or answers, however deep it lies."""
    found: set[type[pydantic.BaseModel]] = set()
    waiting = list(_annotations_of(api))
    while waiting:
        for schema in set(_models_in(waiting.pop())) - found:
            found.add(schema)
            waiting += [field.annotation for field in schema.model_fields.values()]
    return found


def _annotations_of(api: ninja.NinjaAPI) -> Iterator[Any]:
    """What routes declare, without the models that ninja wraps around it: these never appear by name."""
    for _path, operation in operations_of(api):
        for wrapper in (*operation.models, *operation.response_models.values()):
            for field in getattr(wrapper, "model_fields", {}).values():
                yield field.annotation


def _models_in(annotation: Any) -> Iterator[type[pydantic.BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, pydantic.BaseModel):
        yield annotation
    for part in getattr(annotation, "__args__", ()):
        yield from _models_in(part)


def _given_twice(api: ninja.NinjaAPI) -> dict[str, list[str]]:
    """The modules of the schemas by each name that several have: in the description the last one would win."""
    modules: dict[str, list[str]] = {}
    for schema in _schemas_of(api):
        modules.setdefault(schema.__name__, []).append(schema.__module__)
    return {name: sorted(places) for name, places in modules.items() if len(places) > 1}


def test_no_two_schemas_share_a_name() -> None:
    assert len(_schemas_of(browser_api)) > 100
    assert _given_twice(browser_api) == {}
    assert _given_twice(internal_api) == {}


def test_the_walk_finds_every_schema_of_the_description() -> None:
    described = browser_api.get_openapi_schema(path_prefix="")["components"]["schemas"]
    objects = {name for name, schema in described.items() if schema["type"] == "object"}
    assert objects <= {schema.__name__.replace("[", "_").replace("]", "_") for schema in _schemas_of(browser_api)}


def _holder_of_things() -> type[ninja.Schema]:
    class Thing(ninja.Schema):
        number: int

    class Holder(ninja.Schema):
        things: list[Thing] | None = None

    return Holder


def test_a_name_given_to_two_schemas_is_found_however_deep() -> None:
    class Thing(ninja.Schema):
        name: str

    router, api = Router(), ninja.NinjaAPI(urls_namespace="planted-schemas")

    @router.get("/planted", public="a test", response={200: _holder_of_things(), 202: Thing})
    def planted(request: HttpRequest) -> None:
        """Answers that the description could not tell apart."""

    api.add_router("", router)
    assert _given_twice(api) == {"Thing": [__name__, __name__]}
