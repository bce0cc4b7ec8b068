"""Protected columns: encrypted text, blind indexes, and the phone numbers they are mostly used for."""

import re
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.db import models

from hotline.kernel.errors import HotlineError
from hotline.kernel.sealing import Keyring


class PhoneNumberError(HotlineError):
    code = "phone.invalid"
    status = 422
    sentence = "{text} is not a phone number. Write digits, with + and the country code for numbers abroad."


@lru_cache(maxsize=4)
def _keyring_of(secret: bytes) -> Keyring:
    return Keyring({"k1": secret})


def keyring() -> Keyring:
    """The installation's keyring for fields, recordings and sealed numbers."""
    return _keyring_of(settings.HOTLINE.secret("keyring"))


def blind_index(value: str, purpose: str) -> str:
    """64 hexadecimal digits that are equal for equal values and tell nothing else; for look-ups of encrypted text."""
    return keyring().blind_index(value, purpose).hex()


class EncryptedTextField(models.TextField):  # type: ignore[type-arg]  # not subscriptable at run time
    """Text that is sealed on its way into the database. It cannot be searched: keep a `blind_index` beside it."""

    def __init__(self, *args: Any, purpose: str, **kwargs: Any) -> None:
        self.purpose = purpose
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "purpose": self.purpose}

    def get_prep_value(self, value: Any) -> Any:
        # The empty text stays empty, so that "unknown" needs no key.
        return keyring().seal_text(str(value), self.purpose) if value else value

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        return keyring().open_text(value, self.purpose) if value else value

    def get_lookup(self, lookup_name: str) -> Any:
        # Each sealing differs, so that an equality test would silently find nothing.
        return super().get_lookup(lookup_name) if lookup_name == "isnull" else None


class BlindIndexField(models.CharField):  # type: ignore[type-arg]
    """Column for a `blind_index`."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"max_length": 64, "db_index": True, **kwargs})


_SEPARATORS = re.compile(r"[\s().\-/\u00a0\u2010-\u2015\uff08\uff09\uff0d]+")
_FULL_WIDTH = {ord("\uff0b"): "+"} | {0xFF10 + digit: str(digit) for digit in range(10)}
_COUNTRY_CODES = {"CN": "86", "HK": "852", "MO": "853", "TW": "886", "GB": "44", "DE": "49", "FR": "33", "US": "1"}
_SHORT_CODE_DIGITS = 7
_E164_DIGITS = 15


def normalise_phone(text: str, default_region: str = "CN") -> str:
    """The number in E.164 (`+8613900005521`); short codes and service numbers without area code stay as dialled.

    Raises PhoneNumberError for what is not a number. Makes no guess about the operator: numbers are ported."""
    dialled = _SEPARATORS.sub("", text.strip().translate(_FULL_WIDTH))
    country = _COUNTRY_CODES[default_region]
    for prefix in ("00", "+"):
        if dialled.startswith(prefix):
            return _checked(dialled[len(prefix) :], text, least=8, sign="+")
    if not dialled.isascii() or not dialled.isdigit() or not 2 <= len(dialled) <= _E164_DIGITS:
        raise PhoneNumberError(text=text[:40])
    if len(dialled) <= _SHORT_CODE_DIGITS or _is_service_number(dialled, default_region):
        return dialled
    if dialled.startswith(country) and len(dialled) > 11:
        return "+" + dialled
    return f"+{country}{dialled.removeprefix('0')}"


def _is_service_number(dialled: str, region: str) -> bool:
    """Numbers that have no area code and cannot be dialled from abroad: 8-digit local ones, 95xxx, 400 and 800."""
    return len(dialled) == 8 or (region == "CN" and len(dialled) == 10 and dialled[:3] in {"400", "800"})


def _checked(digits: str, text: str, *, least: int, sign: str) -> str:
    if not digits.isascii() or not digits.isdigit() or not least <= len(digits) <= _E164_DIGITS:
        raise PhoneNumberError(text=text[:40])
    return sign + digits


def mask_phone(number: str) -> str:
    """What may be shown without the right to reveal: `139****5521`; of short numbers only the last two digits."""
    local = number.removeprefix("+86") if number.startswith("+86") else number
    if len(local) >= 10:
        return f"{local[:3]}****{local[-4:]}"
    return "*" * max(len(local) - 2, 0) + local[-2:] if len(local) > 2 else "**"
