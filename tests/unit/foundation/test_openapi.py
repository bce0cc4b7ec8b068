"""The OpenAPI description, from which the front end's types are made: one name, one shape."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import ninja
import pydantic
import pytest
from django.http import HttpRequest

from hotline.flows import read_flow
from hotline.foundation.checks import operations_of
from hotline.foundation.http import Router
from hotline.foundation.openapi import description
from hotline.foundation.urls import browser_api, internal_api

FRONT_END = Path(__file__).resolve().parents[3] / "frontend"
ANSWERS_THAT_SHOW_THEMSELVES = ("ContactOut", "CustomerOut", "TicketOut", "PopOut", "DayReportOut", "Me", "FlowOut")


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


# --- examples, and what the front end was made from ------------------------------------------------------------------


@pytest.fixture(scope="module")
def described() -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(json.dumps(description(browser_api), default=str))
    return answer


def _bodies(described: dict[str, Any]) -> set[str]:
    """The schemas that requests are made of. An upload's parts are a file and a word, and need no example."""
    found: set[str] = set()
    for operations in described["paths"].values():
        for operation in operations.values():
            content = operation.get("requestBody", {}).get("content", {})
            found.update(_references(content.get("application/json", {})))
    return found


def _references(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        if "$ref" in part:
            yield part["$ref"].rpartition("/")[2]
        for value in part.values():
            yield from _references(value)
    elif isinstance(part, list):
        for value in part:
            yield from _references(value)


def _schema_named(name: str) -> type[pydantic.BaseModel]:
    (found,) = [one for one in _schemas_of(browser_api) if one.__name__.replace("[", "_").replace("]", "_") == name]
    return found


def test_every_request_body_has_an_example_that_it_takes(described: dict[str, Any]) -> None:
    bodies = _bodies(described)
    assert len(bodies) > 50
    without = {name for name in bodies if not described["components"]["schemas"][name].get("examples")}
    assert without == set(), "give each an example in its room's examples.py"
    for name in bodies:
        for example in described["components"]["schemas"][name]["examples"]:
            taken = _schema_named(name).model_validate(example)
            aliases = {field.alias for field in type(taken).model_fields.values()}
            assert set(example) <= set(taken.model_fields_set) | aliases, f"{name} does not know all of its example"


def test_answers_have_examples_in_both_languages(described: dict[str, Any]) -> None:
    schemas = described["components"]["schemas"]
    assert [name for name in ANSWERS_THAT_SHOW_THEMSELVES if not schemas[name].get("examples")] == []
    for name, schema in schemas.items():
        for example in schema.get("examples", ()) if name.endswith("Out") else ():
            _schema_named(name).model_validate(example)
    (page,) = schemas["Page_TicketBriefOut_"]["examples"]
    assert page["items"][0]["type_name"] == {"zh": "管道漏水", "en": "Leaking pipe"}


def test_flows_of_the_examples_can_be_published(described: dict[str, Any]) -> None:
    for name in ("FlowInCreate", "CheckIn", "TrialCallIn"):
        for example in described["components"]["schemas"][name]["examples"]:
            assert read_flow(example["definition"]).steps


def test_the_front_end_was_made_from_this_very_description(described: dict[str, Any]) -> None:
    kept = json.loads((FRONT_END / "openapi.json").read_text("utf-8"))
    assert kept == described, "the API has changed: run `make api` and commit what it writes"
