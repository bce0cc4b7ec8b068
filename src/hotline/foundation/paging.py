"""Pages by cursor: stable while rows are added, and as fast at the end as at the start."""

import base64
import binascii
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Generic, TypeVar

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db import models
from django.db.models import Q
from ninja import Schema

from hotline.foundation.errors import CursorError

DEFAULT_LIMIT = 50
MAXIMUM_LIMIT = 200
Item = TypeVar("Item")
Row = TypeVar("Row", bound=models.Model)


class Page(Schema, Generic[Item]):
    """`next_cursor` is null on the last page."""

    items: list[Item]
    next_cursor: str | None = None


def cursor_page(
    rows: models.QuerySet[Row], *, order: Sequence[str], cursor: str | None = None, limit: int = DEFAULT_LIMIT
) -> tuple[list[Row], str | None]:
    """One page of the rows in that order, and the cursor of the next page or None.

    `order` are field names that are never null, `-` for descending; the last must be unique. Raises CursorError."""
    size = max(1, min(limit, MAXIMUM_LIMIT))
    wanted = rows.order_by(*order)
    if cursor:
        wanted = wanted.filter(_after(order, _values_of(rows.model, order, cursor)))
    found = list(wanted[: size + 1])
    has_more = len(found) > size
    return found[:size], _cursor_of(found[size - 1], order) if has_more else None


def _after(order: Sequence[str], values: Sequence[Any]) -> Q:
    """Rows that come later: (a, b) > (x, y) spelt out, because directions may differ."""
    later = Q()
    same = Q()
    for name, value in zip(order, values, strict=True):
        field = name.lstrip("-")
        later |= same & Q(**{f"{field}__{'lt' if name.startswith('-') else 'gt'}": value})
        same &= Q(**{field: value})
    return later


def _cursor_of(row: models.Model, order: Sequence[str]) -> str:
    values = [getattr(row, name.lstrip("-")) for name in order]
    texts = [value.isoformat() if isinstance(value, datetime) else str(value) for value in values]
    return base64.urlsafe_b64encode(json.dumps(texts).encode()).decode().rstrip("=")


def _values_of(model: type[models.Model], order: Sequence[str], cursor: str) -> list[Any]:
    try:
        texts = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if not isinstance(texts, list) or len(texts) != len(order):
            raise CursorError
        fields: list[Any] = [model._meta.get_field(name.lstrip("-")) for name in order]
        return [field.to_python(text) for field, text in zip(fields, texts, strict=True)]
    except (ValueError, TypeError, binascii.Error, ValidationError, FieldDoesNotExist) as error:
        raise CursorError from error
