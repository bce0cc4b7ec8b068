"""When a message goes out: quiet hours, pauses between tries, and how long it is worth sending. Pure."""

from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

FIRST_PAUSE: Final = timedelta(seconds=30)
LONGEST_PAUSE: Final = timedelta(hours=1)
MOST_ATTEMPTS: Final = 20
LEASE: Final = timedelta(minutes=3)  # longer than the longest conversation with a far end
_JITTER: Final = 0.2
NOTICES: Final = frozenset({"roster", "requests", "urgent"})
# A notice of two days ago helps nobody; a code and a trial are wanted at once or not at all.
WORTH: Final = {
    "roster": timedelta(days=2),
    "requests": timedelta(days=2),
    "urgent": timedelta(hours=12),
    "code": timedelta(minutes=15),
    "trial": timedelta(minutes=5),
}


def pause_after(attempts: int, chance: float, longest: timedelta = LONGEST_PAUSE) -> timedelta:
    """How long to wait after so many tries in vain: doubling from half a minute to an hour, ± 20 % by `chance` (0–1).

    So those that failed together do not come back together."""
    doubled: timedelta = min(FIRST_PAUSE * 2 ** min(attempts - 1, 20), longest)
    return doubled * (1 + _JITTER * (2 * chance - 1))


def after_quiet(moment: datetime, zone: ZoneInfo, quiet_from: str, quiet_to: str) -> datetime:
    """The moment, or the end of the quiet hours that it lies in. They may go over midnight; equal or empty: none."""
    if not quiet_from or not quiet_to or quiet_from == quiet_to:
        return moment
    local = moment.astimezone(zone)
    begin, end, now = time.fromisoformat(quiet_from), time.fromisoformat(quiet_to), local.time()
    is_quiet = begin <= now < end if begin < end else now >= begin or now < end
    if not is_quiet:
        return moment
    day = local.date() if now < end else local.date() + timedelta(days=1)
    # Where clocks change, the zone says which moment that local time is.
    return datetime.combine(day, end, zone).astimezone(moment.tzinfo)
