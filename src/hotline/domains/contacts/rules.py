"""Rules about contacts that need no database: parts of a recording, safe cells, names of drafts. Pure: no Django."""

import re
from calendar import monthrange
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Final, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from hotline.domains.contacts.errors import (
    DraftFieldError,
    DraftTooLargeError,
    FilterInvalidError,
    RangeNotSatisfiableError,
)
from hotline.kernel.clock import to_ms

DRAFT_LIMIT_BYTES: Final = 64 * 1024
_DRAFT_FIELD = re.compile(r"[A-Za-z0-9_.:-]{1,64}\Z")
_RANGE = re.compile(r"bytes=(\d*)-(\d*)\Z")
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
_ID_SLACK = timedelta(days=1)


def byte_range(header: str | None, size: int) -> tuple[int, int] | None:
    """First and last byte that a Range header asks for; None when the whole is meant (no, odd or several ranges).

    Raises RangeNotSatisfiableError when the part lies outside."""
    match = _RANGE.match(header.strip()) if header else None
    if match is None or match.group(1) == match.group(2) == "":
        return None
    first, last = match.groups()
    if first == "":  # the last n bytes
        start, end = max(size - int(last), 0), size - 1
        is_empty = int(last) == 0
    else:
        start, end = int(first), min(int(last), size - 1) if last else size - 1
        is_empty = start > end
    if is_empty or start >= size:
        raise RangeNotSatisfiableError(size=size)
    return start, end


def safe_cell(text: str) -> str:
    """The text as a spreadsheet shows it: never read as a formula."""
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA_STARTS) else text


def seconds_text(milliseconds: int | None) -> str:
    """Milliseconds as seconds with three decimals, exact; empty when unknown."""
    return "" if milliseconds is None else f"{milliseconds // 1000}.{milliseconds % 1000:03d}"


def check_draft(field: str, text: str) -> None:
    """Pass a draft that can be kept. Raises DraftFieldError, DraftTooLargeError."""
    if not _DRAFT_FIELD.match(field):
        raise DraftFieldError(field=field[:64])
    if len(text.encode()) > DRAFT_LIMIT_BYTES:
        raise DraftTooLargeError(limit_kb=DRAFT_LIMIT_BYTES // 1024)


def day_bounds(day: date, time_zone: str) -> tuple[datetime, datetime]:
    """The UTC moments at which the local day begins and ends; it lasts 23 to 25 hours where clocks are changed."""
    return day_begins(day, time_zone), day_begins(day + timedelta(days=1), time_zone)


def day_begins(day: date, time_zone: str) -> datetime:
    """The UTC moment at which the local day begins; where clocks go forward at midnight, its first moment."""
    return datetime.combine(day, time.min, ZoneInfo(time_zone)).astimezone(UTC)


def local_day(moment: datetime, time_zone: str) -> date:
    """The day of an aware moment in that time zone."""
    return moment.astimezone(ZoneInfo(time_zone)).date()


def aware(field: str, moment: datetime | None) -> datetime | None:
    """The moment, which must say its time zone. Raises FilterInvalidError."""
    if moment is not None and moment.tzinfo is None:
        raise FilterInvalidError(field=field, problem="a time needs its zone, for example 2026-03-01T08:00:00+08:00")
    return moment


def lowest_id(moment: datetime) -> UUID:
    """The least id that a contact arriving then can have, with a day to spare: what narrows a search by time to the
    part of the table that is sorted by id."""
    return UUID(int=max(to_ms(moment - _ID_SLACK), 0) << 80)


def highest_id(moment: datetime) -> UUID:
    """The greatest id that a contact arriving then can have, with a day to spare."""
    return UUID(int=((to_ms(moment + _ID_SLACK) + 1) << 80) - 1)


def check_outcome(outcome: str | None, known: Collection[str]) -> None:
    """Pass an outcome that exists, or `open` for contacts that go on. Raises FilterInvalidError."""
    choices = sorted({"open", *known} - {""})
    if outcome is not None and outcome not in choices:
        raise FilterInvalidError(field="outcome", problem=f"choose one of {', '.join(choices)}")


def place_in_store(store: Path, tenant_id: UUID, path: str) -> Path | None:
    """Where a recording lies; None when the path, which came from a node, leads out of the tenant's directory."""
    place = (store.resolve() / path).resolve()
    return place if place.is_relative_to(store.resolve() / str(tenant_id)) else None


@dataclass(frozen=True, slots=True)
class Term:
    """A rule of retention that is in force: what is older than `before` has been kept for `after` units."""

    unit: Literal["days", "months"]
    after: int
    before: datetime


def recording_term(now: datetime, days: int, months: int) -> Term | None:
    """The rule that ends a recording first: its own, or that of the contact whose voice it holds; None keeps it."""
    terms = [Term("days", days, now - timedelta(days=days))] if days else []
    of_contact = contact_term(now, months)
    return max(terms + ([of_contact] if of_contact else []), key=lambda term: term.before, default=None)


def contact_term(now: datetime, months: int) -> Term | None:
    """The rule that empties a contact of personal data; None keeps it."""
    return Term("months", months, months_before(now, months)) if months else None


def months_before(moment: datetime, months: int) -> datetime:
    """The same day and time so many calendar months earlier, or that month's last day where it has no such day."""
    year, month = divmod(moment.year * 12 + moment.month - 1 - months, 12)
    return moment.replace(year=year, month=month + 1, day=min(moment.day, monthrange(year, month + 1)[1]))
