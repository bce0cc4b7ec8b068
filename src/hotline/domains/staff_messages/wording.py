"""The words of messages, made when they are sent, in the language of whoever gets them."""

from collections.abc import Mapping
from typing import Any, Final

import msgspec
from django.conf import settings

from hotline.foundation.text import LANGUAGES, catalogue, in_language, sentence_by_code

HIDDEN_CODE: Final = "••••••"


class Words(msgspec.Struct, frozen=True, kw_only=True):
    """What a message says."""

    subject: str
    text: str


def words(
    text_code: str,
    data: Mapping[str, Any],
    language: str,
    *,
    centre: Mapping[str, str],
    code: str = "",
    calendar_path: str = "",
    has_link: bool = True,
) -> Words:
    """Subject and text of that code; `centre` is the tenant's name.

    Links lead to the person's roster and, when a path is given, to their own calendar."""
    filled = _filled(data, language) | {"code": code, "centre": in_language(dict(centre), language)}
    texts = catalogue(language)
    lines = [texts[f"message.{text_code}.text"].format(**filled)]
    if has_link:
        lines.append(texts["message.link.roster"].format(address=f"{site()}/my-roster"))
    if calendar_path:
        lines.append(texts["message.link.calendar"].format(address=f"{site()}{calendar_path}"))
    return Words(subject=texts[f"message.{text_code}.subject"].format(**filled), text="\n".join(lines))


def subject(text_code: str, data: Mapping[str, Any], language: str, centre: Mapping[str, str]) -> str:
    """The subject alone, for lists."""
    return words(text_code, data, language, centre=centre, code=HIDDEN_CODE).subject


def reason(code: str, status: str, language: str) -> str:
    """Why it was not sent, in words; empty without a code."""
    if not code:
        return ""
    said = sentence_by_code(f"message.outcome.{code}", {}, language, otherwise=code)
    return f"{said} ({status})" if status else said


def site() -> str:
    """Where people reach the centre with their browsers, without a slash at the end."""
    host, port = settings.HOTLINE.public_host or "localhost", settings.HOTLINE.front_port
    return f"https://{host}" if port == 443 else f"https://{host}:{port}"


def _filled(data: Mapping[str, Any], language: str) -> dict[str, Any]:
    found = {
        name: in_language(value, language) if isinstance(value, dict) and set(value) == set(LANGUAGES) else value
        for name, value in data.items()
    }
    if "first" in found and "last" in found:
        first, last = found["first"], found["last"]
        found["days"] = first if first == last else f"{first} – {last}"
    return found
