"""A queue's call-back calendar, asked in milliseconds."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hotline.engine.call_hours import ANY_TIME, CallHours, Window
from hotline.formulas.opening_hours import Calendar, next_closing, next_opening

_SEARCH_DAYS = 400


class CalendarHours(CallHours):
    """Opens and closes as the calendar says, in its own time zone; windows are times of the tenant's day. Asked for
    each promise and attempt, so the span that was open last is remembered."""

    __slots__ = ("_calendar", "_from_ms", "_to_ms", "_zone")

    def __init__(self, calendar: Calendar, time_zone: str, is_limited: bool = True, has_windows: bool = False) -> None:
        super().__init__(is_limited, has_windows)
        self._calendar = calendar
        self._zone = ZoneInfo(time_zone)
        self._from_ms = 0
        self._to_ms = 0

    def opening_ms(self, at: int, window: Window = ANY_TIME) -> int:
        if not window[1] and self._from_ms <= at < self._to_ms:
            return at
        moment = _moment(at)
        for _ in range(_SEARCH_DAYS):
            opening = next_opening(self._calendar, moment)
            if opening is None:
                return -1
            local = opening.astimezone(self._zone)
            minute = local.hour * 60 + local.minute
            if not window[1] or window[0] <= minute < window[1]:
                return _ms(opening)
            day = local.replace(hour=0, minute=0, second=0, microsecond=0)
            moment = day + timedelta(days=0 if minute < window[0] else 1, minutes=window[0])
        return -1

    def closing_ms(self, at: int, window: Window = ANY_TIME) -> int:
        if not self._from_ms <= at < self._to_ms:
            self._to_ms = max(at, _ms(next_closing(self._calendar, _moment(at))))
            self._from_ms = at
        if not window[1]:
            return self._to_ms
        local = _moment(at).astimezone(self._zone)
        end = local.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(minutes=window[1])
        is_within = window[0] <= local.hour * 60 + local.minute < window[1]
        return min(self._to_ms, _ms(end)) if is_within else at


def _moment(at: int) -> datetime:
    return datetime.fromtimestamp(at // 1000, UTC).replace(microsecond=at % 1000 * 1000)


def _ms(moment: datetime) -> int:
    return int(moment.timestamp()) * 1000 + moment.microsecond // 1000
