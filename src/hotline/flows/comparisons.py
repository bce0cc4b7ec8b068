"""The small typed list of comparisons that a condition may use. Nothing is evaluated, nothing can be injected."""

import re
from collections.abc import Callable
from datetime import datetime

from hotline.flows.definition import Comparison
from hotline.flows.state import FlowState

Known = str | int | None
_TIME = re.compile(r"^([01]\d|2[0-3]):[0-5]\d$")
_DATE = re.compile(r"^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$")
_NUMBERS = {"priority", "weekday"}
_ORDERED = {"priority", "weekday", "time", "date"}
_ORDERING = {"less", "at_most", "more", "at_least"}

_ORDERINGS: dict[str, Callable[[int, int], bool]] = {
    "less": lambda known, value: known < value,
    "at_most": lambda known, value: known <= value,
    "more": lambda known, value: known > value,
    "at_least": lambda known, value: known >= value,
}


def comparison_fault(comparison: Comparison) -> str | None:
    """The code of what is wrong with a comparison, or None."""
    subject, operator, value = comparison.subject, comparison.operator, comparison.value
    if (operator == "is_known") != isinstance(value, bool):
        return "flow.compare_known"
    if operator == "is_known":
        return None
    if (operator in ("in", "not_in")) != isinstance(value, tuple):
        return "flow.compare_list"
    if operator in _ORDERING:
        return _order_fault(subject, value)
    if operator == "starts_with" and not isinstance(value, str):
        return "flow.compare_text"
    values = value if isinstance(value, tuple) else (value,)
    return next((fault for one in values if (fault := _value_fault(subject, one))), None)


def _order_fault(subject: str, value: object) -> str | None:
    if subject.startswith("value:"):
        return None if isinstance(value, int) else "flow.compare_number"
    return _value_fault(subject, value) if subject in _ORDERED else "flow.compare_order"


def _value_fault(subject: str, value: object) -> str | None:
    if subject in _NUMBERS and not isinstance(value, int):
        return "flow.compare_number"
    if subject == "weekday" and not (isinstance(value, int) and 1 <= value <= 7):
        return "flow.compare_weekday"
    if subject == "time" and not (isinstance(value, str) and _TIME.match(value)):
        return "flow.compare_time"
    if subject == "date" and not (isinstance(value, str) and _DATE.match(value)):
        return "flow.compare_date"
    return None


def holds(comparison: Comparison, state: FlowState, local_moment: datetime) -> bool:
    """Whether a checked comparison is true now; with an unknown subject only is_known false, differs and not_in are."""
    known, value = known_value(comparison.subject, state, local_moment), comparison.value
    match comparison.operator:
        case "is_known":
            return (known is not None) == value
        case "equals":
            return _same(known, value)
        case "differs":
            return not _same(known, value)
        case "in":
            return isinstance(value, tuple) and any(_same(known, one) for one in value)
        case "not_in":
            return isinstance(value, tuple) and not any(_same(known, one) for one in value)
        case "starts_with":
            return isinstance(known, str) and known[: len(str(value))] == value
        case operator:
            return _ordered(operator, known, value)


def known_value(subject: str, state: FlowState, local_moment: datetime) -> Known:
    """What is known of a subject; None when nothing is. A look-up answers with an empty text where it knows nothing."""
    if subject.startswith("value:"):
        return state.values.get(subject.removeprefix("value:")) or None
    match subject:
        case "called":
            return state.context.called
        case "caller":
            return state.context.caller
        case "channel":
            return state.context.channel
        case "language":
            return state.language
        case "segment":
            return state.segment
        case "customer_id":
            return state.customer_id
        case "priority":
            return state.priority
        case "weekday":
            return local_moment.isoweekday()
        case "time":
            return local_moment.strftime("%H:%M")
        case "date":
            return local_moment.date().isoformat()
    return None


def _same(known: Known, value: object) -> bool:
    """Numbers equal their digits: what is keyed in is text."""
    if known is None:
        return False
    if isinstance(value, int) and isinstance(known, str):
        return _number(known) == value
    return known == value


def _ordered(operator: str, known: Known, value: object) -> bool:
    if isinstance(value, int):
        number = _number(known) if isinstance(known, str) else known
        return number is not None and _ORDERINGS[operator](number, value)
    # Times and dates have a fixed width, so their texts are ordered as they are.
    if not isinstance(known, str) or not isinstance(value, str):
        return False
    return _ORDERINGS[operator]((known > value) - (known < value), 0)


def _number(text: str) -> int | None:
    return int(text[:]) if text.isascii() and text.isdigit() else None
