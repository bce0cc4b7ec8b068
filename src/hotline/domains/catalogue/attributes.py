"""Standard codes of what contacts carry: provinces, languages, product lines and value grades to begin with, classes of
key accounts. Pure: no Django."""

from functools import cache
from pathlib import Path
from typing import Literal

import msgspec

StandardKind = Literal["region", "language", "product_line", "value_grade", "key_account"]
_FILE = Path(__file__).parent / "choices" / "attributes.json"


class StandardValue(msgspec.Struct, frozen=True):
    """A code with its name in both languages."""

    code: str
    name: dict[str, str]


class _File(msgspec.Struct, frozen=True):
    about: str
    region: tuple[StandardValue, ...]
    language: tuple[StandardValue, ...]
    product_line: tuple[StandardValue, ...]
    value_grade: tuple[StandardValue, ...]
    key_account: tuple[StandardValue, ...]


def standard_values(kind: StandardKind) -> tuple[StandardValue, ...]:
    """The codes of that kind in their order: 31 regions by GB/T 2260, languages by ISO 639, product lines, value
    grades, classes of key accounts."""
    found: tuple[StandardValue, ...] = getattr(_file(), kind)
    return found


def standard_codes(kind: StandardKind) -> frozenset[str]:
    """The codes alone, to check one."""
    return frozenset(value.code for value in standard_values(kind))


@cache
def _file() -> _File:
    return msgspec.json.decode(_FILE.read_bytes(), type=_File)
