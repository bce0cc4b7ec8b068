"""The two APIs, /api/v1 for browsers and /internal for the centre's other roles, and how errors become answers."""

import json
import logging
import sys
from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from typing import Any, NoReturn

from django.conf import settings
from django.core.exceptions import ValidationError as DjangoValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.datastructures import MultiValueDict
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.parser import Parser

from hotline.foundation.database_trouble import mark_of, trouble_of
from hotline.foundation.errors import (
    ConflictError,
    InternalError,
    NotFoundError,
    NotSignedInError,
    RequestInvalidError,
)
from hotline.foundation.ids import new_uuid
from hotline.foundation.language import language_asked, language_of
from hotline.foundation.text import sentence_of
from hotline.kernel.errors import HotlineError

_log = logging.getLogger(__name__)


def error_answer(api: NinjaAPI, request: HttpRequest, error: HotlineError) -> HttpResponse:
    """{code, sentence, data} with the error's status, in the reader's language: the one place that does so."""
    body = {"code": error.code, "sentence": sentence_of(error, language_of(request)), "data": error.data}
    response = api.create_response(request, body, status=error.status)
    return with_wait(response, error)


def with_wait(response: HttpResponse, error: HotlineError) -> HttpResponse:
    """The answer, which says when to come back where the error does."""
    wait_s = error.data.get("wait_s")
    if wait_s is not None:
        response["Retry-After"] = str(wait_s)
    return response


def failed(request: HttpRequest) -> HttpResponse:
    """Django's handler of what an address outside the APIs raised, or a middleware: the same answer."""
    error = as_hotline_error(sys.exception() or RuntimeError("nothing was raised"))
    # Who asks is not looked up: where the database is away, that is what failed.
    language = getattr(request, "reader_language", None) or language_asked(request)
    body = {"code": error.code, "sentence": sentence_of(error, language), "data": error.data}
    return with_wait(JsonResponse(body, status=error.status), error)


def _fields_of(errors: list[dict[str, Any]]) -> list[dict[str, str]]:
    """Where and what, without the input itself, which may be secret."""
    return [
        {
            "field": ".".join(str(part) for part in error.get("loc", ())[1:] if part != "payload") or "body",
            "problem": str(error.get("msg", "")),
        }
        for error in errors
    ]


def _model_fields_of(error: DjangoValidationError) -> list[dict[str, str]]:
    by_field = error.message_dict if hasattr(error, "error_dict") else {"body": error.messages}
    return [{"field": name, "problem": " ".join(messages)} for name, messages in by_field.items()]


def _request_invalid(fields: list[dict[str, str]]) -> RequestInvalidError:
    summary = "; ".join(f"{field['field']}: {field['problem']}" for field in fields[:5])
    return RequestInvalidError(summary=summary, fields=fields)


def as_hotline_error(error: BaseException) -> HotlineError:
    """The error of ours that says the same; anything unknown is an InternalError, logged with its mark."""
    if isinstance(error, HotlineError):
        return error
    if isinstance(error, ValidationError):
        return _request_invalid(_fields_of(error.errors))
    if isinstance(error, DjangoValidationError):
        return _request_invalid(_model_fields_of(error))
    if isinstance(error, Http404):
        return NotFoundError(object_type="page", object_id="")
    if isinstance(error, AuthenticationError):
        return NotSignedInError()
    if isinstance(error, HttpError) and error.status_code < 500:
        return (
            ConflictError()
            if error.status_code == 409
            else _request_invalid([{"field": "body", "problem": str(error)}])
        )
    if (trouble := trouble_of(error)) is not None:
        _log.warning("the database did not do what a request asked: %s (%s)", trouble.code, mark_of(error))
        return trouble
    mark = str(new_uuid())[-12:]
    _log.exception("a request failed (mark %s)", mark, exc_info=error)
    return InternalError(mark=mark)


class _RequestParser(Parser):
    """JSON objects and lists only: ninja would read the fields of a bare text or number as all left out.

    What no database keeps is refused here, for all fields alike: SQLite takes a NUL, on which PostgreSQL fails."""

    def parse_body(self, request: HttpRequest) -> Any:
        body = json.loads(request.body, parse_constant=_no_number)
        if not isinstance(body, dict | list):
            raise ValueError("the body must be a JSON object or list")
        for text in _texts(body):
            _check_text(text)
        return body

    def parse_querydict(self, data: MultiValueDict[str, Any], list_fields: list[str], request: HttpRequest) -> Any:
        for name, values in data.lists():
            for value in values:
                if isinstance(value, str) and "\x00" in value:
                    raise _request_invalid([{"field": name, "problem": "a text must not hold the character NUL"}])
        return super().parse_querydict(data, list_fields, request)


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number of JSON")


def _check_text(text: str) -> None:
    """Pass a text that can be kept and sent. Raises ValueError."""
    if "\x00" in text:
        raise ValueError("a text must not hold the character NUL")
    text.encode()  # half of a character alone cannot be written


def _texts(body: Any) -> Iterator[str]:
    """Every text of a JSON value, the names of its fields included."""
    left = [body]
    while left:
        match left.pop():
            case str(text):
                yield text
            case dict() as fields:
                left += [*fields.keys(), *fields.values()]
            case list() as items:
                left += items


def _new_api(title: str, namespace: str) -> NinjaAPI:
    api = NinjaAPI(
        title=title,
        version="1",
        urls_namespace=namespace,
        docs_url=None,
        openapi_url=None,
        parser=_RequestParser(),
    )

    def answer(request: HttpRequest, error: Exception | type[Exception]) -> HttpResponse:
        raised = error() if isinstance(error, type) else error
        return error_answer(api, request, as_hotline_error(raised))

    for kind in (
        HotlineError,
        ValidationError,
        DjangoValidationError,
        Http404,
        AuthenticationError,
        HttpError,
        Exception,
    ):
        api.add_exception_handler(kind, answer)
    return api


def _modules() -> list[Any]:
    """The `http` module of foundation, of every installed domain and of the desk's read models."""
    names = ["hotline.foundation.routes", "hotline.foundation.administration"]
    names += [f"{app}.http" for app in settings.INSTALLED_APPS if app.startswith("hotline.domains.")]
    names.append("hotline.desk.http")
    return [import_module(name) for name in names if find_spec(name) is not None]


def build() -> tuple[NinjaAPI, NinjaAPI]:
    """The browser's API and the internal one, with the routers of every module mounted."""
    browser = _new_api("Hotline", "api")
    internal = _new_api("Hotline internal", "internal")
    for module in _modules():
        for prefix, router in getattr(module, "routers", ()):
            browser.add_router(prefix, router)
        for prefix, router in getattr(module, "internal_routers", ()):
            internal.add_router(prefix, router)
    return browser, internal
