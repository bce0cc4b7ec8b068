"""Words in Chinese and English: tenant data that people read, and the sentences of errors."""

import json
from collections.abc import Mapping
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import models

import hotline
from hotline.foundation.permissions import PERMISSIONS
from hotline.kernel.errors import HotlineError

LANGUAGES: Final = ("zh", "en")


def check_bilingual(value: Any) -> None:
    """Pass a {"zh": ..., "en": ...} of non-empty texts; raise Django's ValidationError otherwise."""
    is_pair = isinstance(value, dict) and set(value) == set(LANGUAGES)
    if not is_pair or not all(isinstance(value[language], str) and value[language].strip() for language in LANGUAGES):
        raise ValidationError("Both languages are needed: {'zh': ..., 'en': ...}.", code="bilingual")


class BilingualField(models.JSONField):
    """A text in both languages, checked when it is saved."""

    default_validators = [check_bilingual]

    def get_prep_value(self, value: Any) -> Any:
        if isinstance(value, dict):
            check_bilingual(value)
        return super().get_prep_value(value)


def in_language(text: dict[str, str], language: str) -> str:
    """The text in that language (`zh-hans` counts as `zh`), else in the other one."""
    return text.get(language[:2]) or next((text[other] for other in LANGUAGES if text.get(other)), "")


@cache
def catalogue(language: str) -> dict[str, str]:
    """Sentences by error code: `foundation/catalogue` for the rooms below, `domains/<x>/catalogue` for each domain."""
    root = resources.files(hotline)
    found: dict[str, str] = {}
    for path in sorted(Path(str(root)).glob(f"**/catalogue/{language}.json")):
        found |= json.loads(path.read_text("utf-8"))
    return found


def sentence_of(error: HotlineError, language: str) -> str:
    """The error's sentence in the reader's language, filled with its data; a permission by its name, and a text that
    is there in both languages in the reader's."""
    data, english = data_in(error.data, language), str(error)
    if (name := PERMISSIONS.get(str(data.get("permission")))) is not None:
        data = {**data, "permission": in_language(name, language)}
        english = error.sentence.format(**data)
    return sentence_by_code(error.code, data, language, otherwise=english)


def data_in(data: Mapping[str, Any], language: str) -> dict[str, Any]:
    """The data of a sentence with each text that is there in both languages in the reader's."""
    return {name: in_language(value, language) if _is_bilingual(value) else value for name, value in data.items()}


def _is_bilingual(value: object) -> bool:
    return isinstance(value, dict) and set(value) == set(LANGUAGES)


def sentence_by_code(code: str, data: Mapping[str, Any], language: str, otherwise: str) -> str:
    """The sentence of that code in the reader's language, filled with the data; `otherwise` where it has none."""
    template = catalogue(language[:2]).get(code)
    if template is None:
        return otherwise
    try:
        return template.format(**data)
    except (KeyError, IndexError):
        return otherwise
