"""Invented histories of calls: weekdays, a shape of the day, bills on the tenth, and chance."""

import csv
import io
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import numpy as np

from hotline.domains.contacts.models import QueueInterval
from hotline.foundation.tenancy import tenant_scope

ZONE = ZoneInfo("Asia/Shanghai")
_WEEKDAYS = (1.25, 1.1, 1.0, 1.0, 1.05, 0.6, 0.5)
_OPEN_H, _CLOSED_H = 8, 20


def counts(first: date, days: int, a_day: float, seed: int = 1) -> Iterator[tuple[datetime, int]]:
    """Local starts of quarters of an hour from 8:00 to 20:00 with their calls."""
    chance = np.random.default_rng(seed)
    quarters = np.arange((_CLOSED_H - _OPEN_H) * 4)
    shape = 0.6 + np.sin(np.pi * (quarters + 4) / 52) ** 2 + 0.3 * np.sin(np.pi * quarters / 12) ** 2
    shape /= shape.sum()
    for number in range(days):
        day = first + timedelta(days=number)
        level = a_day * _WEEKDAYS[day.weekday()] * (1.0 + 0.25 * (day.day in (10, 11)))
        calls = chance.poisson(level * chance.gamma(400, 1 / 400) * shape)
        for quarter, found in zip(quarters.tolist(), calls.tolist(), strict=True):
            yield datetime.combine(day, datetime.min.time()) + timedelta(hours=_OPEN_H, minutes=15 * quarter), found


def write_intervals(tenant_id: UUID, queue_id: UUID, first: date, days: int, a_day: float, seed: int = 1) -> None:
    """The history as the projector would have left it, with handle times of 200 seconds."""
    rows = [
        QueueInterval(
            tenant_id=tenant_id,
            queue_id=queue_id,
            starts_at=start.replace(tzinfo=ZONE).astimezone(UTC),
            asked=found,
            answered=found,
            interactions=found,
            talk_ms=150_000 * found,
            hold_ms=10_000 * found,
            wrap_up_ms=40_000 * found,
        )
        for start, found in counts(first, days, a_day, seed)
    ]
    with tenant_scope(tenant_id):
        QueueInterval.objects.bulk_create(rows, batch_size=2000)


def csv_text(queue: str, first: date, days: int, a_day: float, seed: int = 1) -> str:
    """The history as a file."""
    text = io.StringIO()
    rows = csv.writer(text)
    rows.writerow(["start", "calls", "queue", "aht_s"])
    for start, found in counts(first, days, a_day, seed):
        rows.writerow([f"{start:%Y-%m-%dT%H:%M}", found, queue, 200])
    return text.getvalue()


def by_channel(text: str) -> str:
    """A history in CSV with three of four contacts by voice and the others by chat."""
    head, *lines = text.splitlines()
    rows = [f"{head},channel"]
    for line in lines:
        start, calls, queue, handle_s = line.split(",")
        rows += [
            f"{start},{int(calls) * part / 4},{queue},{handle_s},{name}" for name, part in (("voice", 3), ("chat", 1))
        ]
    return "\n".join(rows)


def form_body(details: str, history: str, boundary: str = "history-boundary") -> tuple[bytes, str]:
    """A forecast's question with its file as a browser sends them, and their content type."""
    parts = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="details"\r\n\r\n{details}\r\n'
        f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="history.csv"\r\n'
        f"Content-Type: text/csv\r\n\r\n{history}\r\n--{boundary}--\r\n"
    )
    return parts.encode(), f"multipart/form-data; boundary={boundary}"
