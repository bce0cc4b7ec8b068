"""The people that a roster is made for: per skill a number for each interval, kept as compressed JSON."""

import zlib
from collections.abc import Mapping, Sequence
from datetime import date

import msgspec

from hotline.domains.workforce.models import StaffingPlan

Demand = dict[str, list[int]]  # skill id -> people wanted per interval of the roster's days


def packed(demand: Mapping[str, Sequence[int]]) -> bytes:
    """As it is stored."""
    return zlib.compress(msgspec.json.encode(demand))


def unpacked(stored: bytes | memoryview) -> Demand:
    """From how it is stored; nothing stored is no demand."""
    return msgspec.json.decode(zlib.decompress(bytes(stored)), type=Demand) if stored else {}


def demand_of_plan(plan: StaffingPlan, first: date, last: date) -> Demand:
    """The plan's requirement on these days; nobody on days that the plan does not have."""
    whole = unpacked(plan.content)
    a_day = 1440 // plan.interval_min
    skipped = (first - plan.first_day).days * a_day
    wanted = ((last - first).days + 1) * a_day
    return {
        skill: [row[slot] if 0 <= slot < len(row) else 0 for slot in range(skipped, skipped + wanted)]
        for skill, row in whole.items()
    }
