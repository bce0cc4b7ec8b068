"""The language of an answer: the signed-in person's own, else what the browser asks for."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import translation

_DJANGO_LANGUAGES = {"zh": "zh-hans", "en": "en"}


def language_of(request: HttpRequest) -> str:
    """`zh` or `en`."""
    user = getattr(request, "user", None)
    if user is not None and user.is_authenticated:
        return str(user.language)
    return language_asked(request)


def language_asked(request: HttpRequest) -> str:
    """`zh` or `en`, as the browser asks."""
    return "en" if translation.get_language_from_request(request).startswith("en") else "zh"


class LanguageMiddleware:
    """Answers of Django and allauth in the reader's language."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = language_of(request)
        request.reader_language = language  # type: ignore[attr-defined]  # for `api.failed`
        with translation.override(_DJANGO_LANGUAGES[language]):
            return self.get_response(request)
