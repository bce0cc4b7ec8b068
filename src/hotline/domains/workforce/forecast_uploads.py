"""A history in a CSV file: its series by queue and brand, and their parts where it tells channels or sites apart."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final, get_args
from uuid import UUID

import numpy as np

from hotline.domains.enterprise import queries as enterprise
from hotline.domains.workforce import forecast_errors as errors
from hotline.domains.workforce.forecast_history import queues_by_word
from hotline.domains.workforce.forecast_parts import DAYS, Cut
from hotline.messages.routing import Channel
from hotline.planning.forecast.history import Floats, Series
from hotline.planning.forecast.reading import parse_history

MOST_BYTES: Final = 20_000_000
_CHANNELS: Final = get_args(Channel)


def uploaded(raw: bytes, interval_s: int, tenant_id: UUID) -> list[dict[str, Any]]:
    """The series of a CSV file as the question of a run keeps them; its queues and sites are the tenant's by code, name
    or id. Several channels or sites of a queue are added up and told as its parts.

    Needs a scope. Raises HistoryTooLargeError, HistoryQueueError, HistoryChannelError, HistorySiteError,
    HistoryTwiceError, HistoryInvalidError, ForecastInvalidError."""
    if len(raw) > MOST_BYTES:
        raise errors.HistoryTooLargeError(most_mb=MOST_BYTES // 1_000_000)
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise errors.HistoryNotTextError from error
    words = _Words(tenant_id)
    found: dict[tuple[str, str], dict[tuple[str, str], Series]] = {}
    for one in parse_history(text.splitlines(), interval_s):
        parts = found.setdefault((words.queue(one.key.queue), one.key.brand), {})
        part = words.channel(one.key.channel), words.site(one.key.site)
        if part in parts:
            raise errors.HistoryTwiceError
        parts[part] = one
    return [_kept(key, parts) for key, parts in found.items()]


def parts_of(series: Sequence[Mapping[str, Any]], last: date) -> list[dict[str, Any]]:
    """The parts that the file's series tell of, as the player is told of them; without what came after `last`."""
    found: dict[tuple[str, str, str], dict[str, Any]] = {}
    for one in series:
        for part in one.get("parts", ()):
            key = one["queue"], part["cut"], part["name"]
            found[key] = _added_part(found.get(key), part | {"queue": one["queue"]})
    for part in found.values():
        after = max(0, DAYS - 1 - (last - date.fromisoformat(part["first_day"])).days)
        part["counts"] = [*part["counts"][: DAYS - after], *[[0.0] * 24] * min(after, DAYS)]
    return [part for _key, part in sorted(found.items())]


def _added_part(known: dict[str, Any] | None, part: dict[str, Any]) -> dict[str, Any]:
    """The part of all brands; all series of a file end on the same day."""
    if known is None:
        return part
    counts = np.array(known["counts"]) + np.array(part["counts"])
    sums = {name: known[name] + part[name] for name in ("handled", "handle_s")}
    return known | sums | {"counts": counts.tolist()}


class _Words:
    """What the file calls the tenant's queues, channels and sites."""

    def __init__(self, tenant_id: UUID) -> None:
        self._queues = queues_by_word(tenant_id)
        self._sites = {
            word.strip().lower(): str(site.site_id)
            for site in enterprise.site_names()
            if site.tenant_id == tenant_id
            for word in (*site.name.values(), site.code, str(site.site_id))
        }

    def queue(self, word: str) -> str:
        found = self._queues.get(word.strip().lower())
        if found is None:
            raise errors.HistoryQueueError(queue=word or "–")
        return found

    def channel(self, word: str) -> str:
        found = word.strip().lower()
        if found and found not in _CHANNELS:
            raise errors.HistoryChannelError(channel=word)
        return found

    def site(self, word: str) -> str:
        if not word.strip():
            return ""
        found = self._sites.get(word.strip().lower())
        if found is None:
            raise errors.HistorySiteError(site=word)
        return found


def _kept(key: tuple[str, str], parts: Mapping[tuple[str, str], Series]) -> dict[str, Any]:
    first = min(one.dates[0] for one in parts.values())
    last = max(one.dates[-1] for one in parts.values())
    tables = {part: _on_all_days(one, first, last) for part, one in parts.items()}
    counts, handled, work_s = (_added([table[at] for table in tables.values()]) for at in range(3))
    has_handle = any(one.handle_s is not None for one in parts.values())
    handle_s = np.divide(work_s, handled, out=np.full_like(work_s, np.nan), where=handled > 0)
    cuts: list[tuple[Cut, int]] = [("channel", 0), ("site", 1)]
    return {
        "queue": key[0],
        "brand": key[1],
        "first_day": first.isoformat(),
        "counts": _rows(counts),
        "handle_s": _rows(handle_s) if has_handle else None,
        "parts": [part for cut, at in cuts for part in _parts(cut, at, tables, last)],
    }


Tables = tuple[Floats, Floats, Floats]


def _on_all_days(one: Series, first: date, last: date) -> Tables:
    """Contacts, those whose handle time is told, and the seconds that these took: days × intervals from `first` on."""
    shape = ((last - first).days + 1, one.intervals_a_day)
    counts, handled, work_s = np.full(shape, np.nan), np.zeros(shape), np.zeros(shape)
    rows = slice((one.dates[0] - first).days, (one.dates[-1] - first).days + 1)
    counts[rows] = one.counts
    if one.handle_s is not None:
        is_told = ~np.isnan(one.handle_s) & ~np.isnan(one.counts)
        handled[rows] = np.where(is_told, one.counts, 0.0)
        work_s[rows] = np.where(is_told, one.counts * one.handle_s, 0.0)
    return counts, handled, work_s


def _added(tables: Sequence[Floats]) -> Floats:
    """Their sum; unknown where none of them is known."""
    whole = np.stack(tables)
    return np.where(np.isnan(whole).all(axis=0), np.nan, np.nansum(whole, axis=0))


def _parts(cut: Cut, at: int, tables: Mapping[tuple[str, str], Tables], last: date) -> list[dict[str, Any]]:
    """The last eight weeks of the file by channel or by site, by day and hour; none where it tells none."""
    names = sorted({part[at] for part in tables})
    if not any(names):
        return []
    first = last - timedelta(days=DAYS - 1)
    found = []
    for name in names:
        counts, handled, work_s = (
            _added([own[n] for part, own in tables.items() if part[at] == name]) for n in range(3)
        )
        found.append(
            {
                "cut": cut,
                "name": name,
                "first_day": first.isoformat(),
                "counts": _by_hour(counts).tolist(),
                "handled": float(handled[-DAYS:].sum()),
                "handle_s": float(work_s[-DAYS:].sum()),
            }
        )
    return found


def _by_hour(counts: Floats) -> Floats:
    known = np.nan_to_num(counts[-DAYS:])
    found = np.zeros((DAYS, 24))
    found[DAYS - len(known) :] = known.reshape(len(known), 24, -1).sum(axis=2)
    return found


def _rows(values: Floats) -> list[list[float | None]]:
    return [[None if np.isnan(value) else float(value) for value in day] for day in values]
