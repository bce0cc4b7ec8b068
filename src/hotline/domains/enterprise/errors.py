"""What can be wrong with sites, departments and calendars, and what to do about it."""

from hotline.kernel.errors import HotlineError


class CalendarWeekIncompleteError(HotlineError):
    code = "enterprise.calendar_week_incomplete"
    status = 422
    sentence = "The week has {given} days; give all seven, Monday first, with an empty list for a closed day."


class CalendarDateWrongError(HotlineError):
    code = "enterprise.calendar_date_wrong"
    status = 422
    sentence = "{text} is not a date; write it as 2026-10-01."


class CalendarDayTwiceError(HotlineError):
    code = "enterprise.calendar_day_twice"
    status = 422
    sentence = "{day} is listed twice among the exceptions; keep one line."


class CalendarWorkdayClosedError(HotlineError):
    code = "enterprise.calendar_workday_closed"
    status = 422
    sentence = "{day} is a make-up workday but has no opening hours; give its hours or make it a holiday."


class CalendarTimeWrongError(HotlineError):
    code = "enterprise.calendar_time_wrong"
    status = 422
    sentence = "{day}: {text} is not a time; write it as 08:30, at most 24:00."


class CalendarSpanWrongError(HotlineError):
    code = "enterprise.calendar_span_wrong"
    status = 422
    sentence = "{day}: give each span as opening and closing time, the opening first; split a night at 24:00."


class CalendarSpansOverlapError(HotlineError):
    code = "enterprise.calendar_spans_overlap"
    status = 422
    sentence = "{day}: two spans overlap at {time}; join them into one."


class CalendarTooLongError(HotlineError):
    code = "enterprise.calendar_too_long"
    status = 422
    sentence = "A calendar holds at most {limit} exceptions; remove those of past years."


class CalendarVersionOrderError(HotlineError):
    code = "enterprise.calendar_version_order"
    status = 409
    sentence = "The calendar already has a version from {valid_from} on; let the new one begin on or after that day."


class SeatRangeError(HotlineError):
    code = "enterprise.seat_range"
    status = 422
    sentence = (
        "{first} to {last} is no row of seats. Write it like A001 to A040: the same letters, then a number that "
        "grows, at most {limit} seats at once."
    )


class TimeZoneUnknownError(HotlineError):
    code = "enterprise.time_zone_unknown"
    status = 422
    sentence = "The time zone {time_zone} is not known; write it like Asia/Shanghai."
