"""Of which parts a queue's contacts consist: counted by brand, by channel and by the site that answered, by local day
and hour of the last eight weeks."""

from bisect import bisect_left
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Final, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

import numpy as np

from hotline.domains.contacts import interval_history
from hotline.domains.contacts.rules import day_begins
from hotline.domains.enterprise import queries as enterprise
from hotline.domains.workforce.forecast_history import brands_of_queues
from hotline.planning.forecast.history import Floats, Integers

Cut = Literal["brand", "channel", "site"]
DAYS: Final = 56  # so far back parts are counted
_HOUR: Final = timedelta(hours=1)


@dataclass(slots=True)
class _Part:
    """Contacts by day and hour; of those that agents took up, how many and the seconds that they took."""

    counts: Integers = field(default_factory=lambda: np.zeros((DAYS, 24), dtype=np.int64))
    handled: int = 0
    handle_s: float = 0.0


class _Parts:
    """The parts counted so far, by queue, cut and name."""

    def __init__(self, first: date) -> None:
        self.first = first
        self.found: dict[tuple[str, Cut, str], _Part] = {}

    def add(self, key: tuple[str, Cut, str], hour: datetime, number: int, handled: int, handle_ms: int) -> None:
        part = self.found.setdefault(key, _Part())
        part.counts[(hour.date() - self.first).days, hour.hour] += number
        part.handled += handled
        part.handle_s += handle_ms / 1000


def parts(tenant_id: UUID, last: date, zone: str) -> list[dict[str, Any]]:
    """For each queue its parts as the player is told of them, of the eight weeks up to `last`; needs a scope.

    A queue that is for one brand is not cut by brand, one whose contacts told none neither; one whose people sat at no
    known site is not cut by site."""
    first = last - timedelta(days=DAYS - 1)
    counted = _Parts(first)
    begins, ends = day_begins(first, zone), day_begins(last + timedelta(days=1), zone)
    for row in interval_history.hour_counts(tenant_id, begins, ends, ZoneInfo(zone)):
        queue, numbers = str(row.queue_id), (row.asked, row.interactions, row.handle_ms)
        counted.add((queue, "brand", row.brand), row.hour, *numbers)
        counted.add((queue, "channel", row.channel), row.hour, *numbers)
    sites = _Sites(tenant_id, begins, ends)
    for one in interval_history.agent_hours(tenant_id, begins, ends, ZoneInfo(zone)):
        key: tuple[str, Cut, str] = (str(one.queue_id), "site", sites.of(one.agent_id, one.hour))
        counted.add(key, one.hour, one.interactions, one.interactions, one.handle_ms)
    told = {(queue, cut) for queue, cut, name in counted.found if name} - {
        (queue, "brand") for queue in brands_of_queues(tenant_id)
    }
    return [
        _question(key, part, first)
        for key, part in sorted(counted.found.items(), key=lambda item: item[0])
        if key[:2] in told
    ]


def came(tenant_id: UUID, first: date, last: date, zone: str, now: datetime) -> dict[tuple[str, Cut, str], Floats]:
    """Contacts of each queue's channels and sites by local hour (days × 24), as forecasts cut them: those that nobody
    answered are shared among sites as the answered ones of their hour, or else of their day. Needs a scope."""
    shape = ((last - first).days + 1, 24)
    begins, ends = day_begins(first, zone), min(day_begins(last + timedelta(days=1), zone), now)
    asked: dict[str, Floats] = {}
    found: dict[tuple[str, Cut, str], Floats] = {}
    if begins >= ends:
        return found
    for row in interval_history.hour_counts(tenant_id, begins, ends, ZoneInfo(zone)):
        queue, place = str(row.queue_id), ((row.hour.date() - first).days, row.hour.hour)
        for table in (
            found.setdefault((queue, "channel", row.channel), np.zeros(shape)),
            asked.setdefault(queue, np.zeros(shape)),
        ):
            table[place] += row.asked
    sites, answered = _Sites(tenant_id, begins, ends), dict[str, dict[str, Floats]]()
    for one in interval_history.agent_hours(tenant_id, begins, ends, ZoneInfo(zone)):
        own = answered.setdefault(str(one.queue_id), {})
        site = own.setdefault(sites.of(one.agent_id, one.hour), np.zeros(shape))
        site[(one.hour.date() - first).days, one.hour.hour] += one.interactions
    for queue, own in answered.items():
        for name, shares in _shares(own).items():
            whole = asked.get(queue, np.zeros(shape))
            found[queue, "site", name] = np.where(whole > 0, whole * shares, 0.0)
    return found


def _shares(answered: dict[str, Floats]) -> dict[str, Floats]:
    """Each site's share by hour; where nobody answered that of the day, and NaN where nobody did all day."""
    whole = np.sum(list(answered.values()), axis=0)
    of_day = whole.sum(axis=1, keepdims=True)
    found = {}
    for name, own in answered.items():
        own_day = own.sum(axis=1, keepdims=True)
        day = np.divide(own_day, of_day, out=np.full_like(of_day, np.nan), where=of_day > 0)
        found[name] = np.divide(own, whole, out=np.broadcast_to(day, own.shape).copy(), where=whole > 0)
    return found


def _question(key: tuple[str, Cut, str], part: _Part, first: date) -> dict[str, Any]:
    queue, cut, name = key
    return {
        "queue": queue,
        "cut": cut,
        "name": name,
        "first_day": first.isoformat(),
        "counts": part.counts.tolist(),
        "handled": part.handled,
        "handle_s": round(part.handle_s, 1),
    }


class _Sites:
    """At which of the tenant's sites an agent sat within an hour; "" where no seat is known, as of people at home."""

    def __init__(self, tenant_id: UUID, begins: datetime, ends: datetime) -> None:
        self._known = {site.site_id for site in enterprise.site_names() if site.tenant_id == tenant_id}
        self._uses: dict[UUID, list[enterprise.AgentSeat]] = {}
        for use in enterprise.agent_seats(tenant_id, begins, ends):
            self._uses.setdefault(use.agent_id, []).append(use)

    def of(self, agent_id: UUID, hour: datetime) -> str:
        uses = self._uses.get(agent_id, [])
        at = bisect_left([use.began_at for use in uses], hour + _HOUR) - 1
        if at < 0 or uses[at].site_id not in self._known:
            return ""
        return str(uses[at].site_id) if _reaches(uses[at].ended_at, hour) else ""


def _reaches(ended_at: datetime | None, hour: datetime) -> bool:
    return ended_at is None or ended_at > hour
