"""A forecast by channel or by site: the queues' own curves, changes included, times the share of each part. So parts
always add up to their queue."""

from collections.abc import Sequence
from datetime import date
from typing import Literal
from uuid import UUID

import msgspec
import numpy as np

from hotline.domains.workforce.forecast_content import Content, QueueCurve, QueueParts, added_up
from hotline.domains.workforce.passing_time import PassingDays
from hotline.planning.forecast.curve import MomentCurve
from hotline.planning.forecast.history import Floats
from hotline.planning.forecast.parts import Shares, part_of

Cut = Literal["channel", "site"]
CUTS: tuple[Cut, ...] = ("channel", "site")
UNKNOWN = ""  # the part of contacts of which a cut knows nothing


class PartCurve(msgspec.Struct, frozen=True, kw_only=True):
    """What is expected of a queue's contacts on one channel, or at one site ("": not known)."""

    queue_id: str
    cut: Cut
    name: str
    curve: MomentCurve
    whole: MomentCurve  # of the queue


class Cuts:
    """The parts of a forecast's queues on its days, of curves with or without planners' changes."""

    def __init__(self, content: Content, curves: Sequence[QueueCurve], days: PassingDays) -> None:
        self._content, self._days = content, days
        by_queue: dict[str, list[MomentCurve]] = {}
        for each in curves:
            by_queue.setdefault(each.queue_id, []).append(each.curve)
        self._whole = {queue_id: added_up(own, days) for queue_id, own in by_queue.items()}
        self._parts = {(one.queue, one.cut): one for one in content.parts}

    def of(self, cut: Cut) -> list[PartCurve]:
        """Each queue's parts; itself as the unknown part where it is not told apart."""
        found = []
        for queue_id, whole in self._whole.items():
            parts = self._parts.get((queue_id, cut))
            curves = {UNKNOWN: whole} if parts is None else self._cut(whole, parts)
            found += [
                PartCurve(queue_id=queue_id, cut=cut, name=name, curve=curve, whole=whole)
                for name, curve in curves.items()
            ]
        return found

    def _cut(self, whole: MomentCurve, parts: QueueParts) -> dict[str, MomentCurve]:
        shares = shares_of(parts)
        factors = shares.handle_factors()
        kinds = np.array(parts.kinds, dtype=np.int64)[self._days.day]
        hours = self._days.place * self._days.interval_s // 3600
        coverage = self._content.coverage
        return {
            name: part_of(whole, shares.values[at][kinds, hours], factors[at][kinds, hours], coverage)
            for at, name in enumerate(shares.names)
        }


def shares_of(parts: QueueParts) -> Shares:
    """The stored shares; one in sum in spite of rounding."""
    values = np.array(parts.shares, dtype=np.float64)
    return Shares(tuple(parts.names), values / values.sum(axis=0), np.array(parts.handle), len(parts.past[0]))


def past_totals(
    content: Content, cut: Cut, name: str, queue_id: UUID | None, first: date, days: int
) -> list[float | None]:
    """Contacts of the part on each of so many days from `first` on, where they were counted."""
    totals: list[float | None] = [None] * days
    for parts in content.parts:
        if parts.cut != cut or name not in parts.names or (queue_id is not None and parts.queue != str(queue_id)):
            continue
        past = parts.past[parts.names.index(name)]
        for number, total in enumerate(past):
            place = (parts.past_from - first).days + number
            if 0 <= place < days:
                totals[place] = (totals[place] or 0.0) + total
    return totals


def sums_of(curve: MomentCurve) -> tuple[float, float | None]:
    """Contacts in all, and their mean handle time in seconds."""
    calls = float(curve.calls.sum())
    if curve.handle_s is None or calls <= 0:
        return calls, None
    work: Floats = curve.calls * curve.handle_s
    return calls, float(work.sum()) / calls
