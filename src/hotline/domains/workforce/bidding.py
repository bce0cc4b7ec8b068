"""Who gets an open shift when more people bid than places are left. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

_LATEST = date.max


@dataclass(frozen=True, slots=True, kw_only=True)
class Bid:
    """Somebody's bid, with what decides between equals."""

    bid_id: str
    agent_id: str
    granted_this_year: int
    employed_from: date | None
    asked_at: datetime


def ranked(bids: Iterable[Bid]) -> list[Bid]:
    """The bids, the one to be granted first at the front.

    Least bids granted this year, then longest employed (unknown: last), then who asked first."""
    return sorted(bids, key=lambda bid: (bid.granted_this_year, bid.employed_from or _LATEST, bid.asked_at, bid.bid_id))
