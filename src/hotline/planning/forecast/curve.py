"""A curve: what is expected in each interval of some days, with its bounds."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from hotline.planning.forecast.history import Floats


@dataclass(frozen=True, slots=True)
class Curve:
    """Calls expected in each interval of each open day ahead; days without calls are left out.

    `calls`, `low`, `high` (and `handle_s`, seconds, where the history has it) are days × intervals of the day."""

    interval_s: int
    dates: Sequence[date]
    calls: Floats
    low: Floats
    high: Floats
    handle_s: Floats | None

    def start(self, row: int, interval: int) -> datetime:
        """The local time at which an interval begins."""
        begin = datetime.combine(self.dates[row], datetime.min.time())
        return begin + timedelta(seconds=interval * self.interval_s)
