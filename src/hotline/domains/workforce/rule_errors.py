"""The rules of work, each with its sentence: what the judge's breaches say to people.

A breach becomes an error where work is refused, and a line of text where a planner looks at a roster."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from hotline.domains.workforce.judging import Breach
from hotline.kernel.errors import HotlineError


class InactiveRuleError(HotlineError):
    code = "workforce.rule_inactive"
    status = 422
    sentence = "{name} is not active and cannot work on {day}; choose somebody else, or make the agent active first."


class HeldRuleError(HotlineError):
    code = "workforce.rule_held"
    status = 422
    sentence = "{name} is kept from work on {day}: {reason}. Choose somebody else, or let the hold be lifted first."


class SkillEndedRuleError(HotlineError):
    code = "workforce.rule_skill_ended"
    status = 422
    sentence = (
        "{name} has no skill of this roster after {until} and cannot work on {day}; choose somebody else, or let the "
        "skill be renewed first."
    )


class DayHoursRuleError(HotlineError):
    code = "workforce.rule_day_hours"
    status = 422
    sentence = "{name} would work {hours} hours on {day}, and {most} are the most on one day; make it shorter."


class BreaksRuleError(HotlineError):
    code = "workforce.rule_breaks"
    status = 422
    sentence = (
        "{name} would have {minutes} minutes of break on {day}, and {least} are the least after {after} hours of work; "
        "choose a shift with more break, or a shorter one."
    )


class NotEmployedRuleError(HotlineError):
    code = "workforce.rule_not_employed"
    status = 422
    sentence = "{name} is not employed on {day}; choose somebody else."


class ShiftKindNotAllowedRuleError(HotlineError):
    code = "workforce.rule_shift_kind_not_allowed"
    status = 422
    sentence = "{name}'s contract does not have this kind of shift ({day}); choose another kind."


class AbsentRuleError(HotlineError):
    code = "workforce.rule_absent"
    status = 422
    sentence = "{name} is absent on {day}; choose another time or somebody else."


class OverlapRuleError(HotlineError):
    code = "workforce.rule_overlap"
    status = 422
    sentence = "{name} would work at two places at once on {day}; choose another time."


class RestRuleError(HotlineError):
    code = "workforce.rule_rest"
    status = 422
    sentence = (
        "{name} would have {rest} hours of rest before {day}, and {least} are the least; choose a later "
        "start or somebody else."
    )


class DaysRunningRuleError(HotlineError):
    code = "workforce.rule_days_running"
    status = 422
    sentence = "{name} would work {run} days in a row from {day}, and {most} are the most; give a day off between."


class NightsRunningRuleError(HotlineError):
    code = "workforce.rule_nights_running"
    status = 422
    sentence = (
        "{name} would work {run} nights in a row from {day}, and {most} are the most; choose another kind of shift."
    )


class DaysWeekRuleError(HotlineError):
    code = "workforce.rule_days_week"
    status = 422
    sentence = "{name} would work {days} days in the week from {day}, and {most} are the most; take one away."


class WeekHoursRuleError(HotlineError):
    code = "workforce.rule_week_hours"
    status = 422
    sentence = (
        "{name} would work {hours} hours in the week from {day}, and {most} are the most; shorten or take away a shift."
    )


class HoursRuleError(HotlineError):
    code = "workforce.rule_hours"
    status = 422
    sentence = "{name} would work {hours} hours in this roster instead of {least} to {most}; add or take away shifts."


class NightsRuleError(HotlineError):
    code = "workforce.rule_nights"
    status = 422
    sentence = "{name} would work {number} nights in this roster, and {most} are the most; choose other kinds of shift."


class WeekendsRuleError(HotlineError):
    code = "workforce.rule_weekends"
    status = 422
    sentence = "{name} would work on {number} weekends in this roster, and {most} are the most; keep one free."


class HolidaysRuleError(HotlineError):
    code = "workforce.rule_holidays"
    status = 422
    sentence = "{name} would work on {number} public holidays in this roster, and {most} are the most; keep one free."


class RestBlockRuleError(HotlineError):
    code = "workforce.rule_rest_block"
    status = 422
    sentence = (
        "{name} is in {rotation}, which gives {least} whole days off together each week; in the week from "
        "{day} there are {days}. Move a shift."
    )


class HomeTimeRuleError(HotlineError):
    code = "workforce.rule_rotation_after_latest_end"
    status = 422
    sentence = (
        "{name} is in {rotation} and has to be home earlier than this shift ends ({day}); choose an earlier "
        "shift or somebody else."
    )


class EarliestStartRuleError(HotlineError):
    code = "workforce.rule_rotation_before_earliest_start"
    status = 422
    sentence = (
        "{name} is in {rotation} and cannot begin as early as this shift ({day}); choose a later shift or "
        "somebody else."
    )


class SplitShiftRuleError(HotlineError):
    code = "workforce.rule_rotation_split_shift"
    status = 422
    sentence = "{name} is in {rotation}, which allows no split shift ({day}); choose an unbroken one or somebody else."


class ClosedHoursRuleError(HotlineError):
    code = "workforce.rule_rotation_closed_hours"
    status = 422
    sentence = (
        "{name} is in {rotation}, which allows no work at these times of day ({day}); choose another shift "
        "or somebody else."
    )


class LessonRuleError(HotlineError):
    code = "workforce.rule_rotation_lesson"
    status = 422
    sentence = (
        "{name} is in {rotation} and has lessons, or is on the way to them, during this shift ({day}); "
        "choose another time or somebody else."
    )


_ERRORS: Final[dict[str, type[HotlineError]]] = {
    "inactive": InactiveRuleError,
    "held": HeldRuleError,
    "not_employed": NotEmployedRuleError,
    "skill_ended": SkillEndedRuleError,
    "day_hours": DayHoursRuleError,
    "breaks": BreaksRuleError,
    "shift_kind_not_allowed": ShiftKindNotAllowedRuleError,
    "absent": AbsentRuleError,
    "overlap": OverlapRuleError,
    "rest": RestRuleError,
    "days_running": DaysRunningRuleError,
    "nights_running": NightsRunningRuleError,
    "days_week": DaysWeekRuleError,
    "week_hours": WeekHoursRuleError,
    "hours": HoursRuleError,
    "nights": NightsRuleError,
    "weekends": WeekendsRuleError,
    "holidays": HolidaysRuleError,
    "rest_block": RestBlockRuleError,
    "rotation_after_latest_end": HomeTimeRuleError,
    "rotation_before_earliest_start": EarliestStartRuleError,
    "rotation_split_shift": SplitShiftRuleError,
    "rotation_closed_hours": ClosedHoursRuleError,
    "rotation_lesson": LessonRuleError,
}
_MINUTES: Final[dict[str, dict[str, str]]] = {
    "rest": {"minutes": "rest", "least": "least"},
    "day_hours": {"minutes": "hours", "most": "most"},
    "breaks": {"after_min": "after"},
    "week_hours": {"minutes": "hours", "most": "most"},
    "hours": {"minutes": "hours", "least": "least", "most": "most"},
}


def rule_error(breach: Breach, name: str, first: date) -> HotlineError:
    """The breach as an error that names the person, the day (of a whole roster: its first) and the rule."""
    data: dict[str, Any] = {"name": name, "day": (breach.day or first).isoformat(), **breach.data}
    for minutes, blank in _MINUTES.get(breach.rule, {}).items():
        data[blank] = _hours(data[minutes])
    return _ERRORS[breach.rule](**data)


def rules_named() -> Mapping[str, type[HotlineError]]:
    """The errors by the judge's rule."""
    return _ERRORS


def _hours(minutes: int) -> str:
    return f"{minutes // 60}:{minutes % 60:02}" if minutes % 60 else str(minutes // 60)
