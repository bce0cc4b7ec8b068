"""What may be done with a ticket, and when it is late. Pure: no Django, no clock.

A ticket is answered by the centre but closed only by the customer's word: `confirm` is the one road to `closed`."""

from datetime import datetime, timedelta
from typing import Final, Literal, get_args

from hotline.domains.tickets.errors import StepNotAllowedError

State = Literal["new", "acknowledged", "in_progress", "answered", "closed"]
Step = Literal["acknowledge", "start", "answer", "confirm", "reopen"]
Clock = Literal["late", "soon", "in_time", "stopped"]

STATES: Final[tuple[State, ...]] = get_args(State)
OPEN_STATES: Final[tuple[State, ...]] = ("new", "acknowledged", "in_progress", "answered")

_ROADS: Final[dict[tuple[State, Step], State]] = {
    ("new", "acknowledge"): "acknowledged",
    ("new", "start"): "in_progress",
    ("new", "answer"): "answered",
    ("acknowledged", "start"): "in_progress",
    ("acknowledged", "answer"): "answered",
    ("in_progress", "answer"): "answered",
    ("answered", "confirm"): "closed",
    ("answered", "reopen"): "in_progress",
    ("closed", "reopen"): "in_progress",
}
# Repeating a step that has just been taken is a double click, not an error.
_ARRIVED: Final[dict[Step, State]] = {
    "acknowledge": "acknowledged",
    "start": "in_progress",
    "answer": "answered",
    "confirm": "closed",
    "reopen": "in_progress",
}


def state_after(state: State, step: Step) -> State:
    """The state that the step leads to. Raises StepNotAllowedError, which names what is possible."""
    if _ARRIVED[step] == state:
        return state
    try:
        return _ROADS[state, step]
    except KeyError as error:
        raise StepNotAllowedError(state=state, step=step, possible=", ".join(steps_from(state))) from error


def steps_from(state: State) -> tuple[Step, ...]:
    """The steps that are possible now, in the order in which screens offer them."""
    return tuple(step for step in get_args(Step) if (state, step) in _ROADS)


def clock_of(state: State, opened_at: datetime, due_at: datetime, now: datetime) -> Clock:
    """How the due clock stands: late, soon (under a quarter of the time left), in time, or stopped once answered."""
    if state in ("answered", "closed"):
        return "stopped"
    left = due_at - now
    if left < timedelta(0):
        return "late"
    return "soon" if left * 4 < due_at - opened_at else "in_time"


def number_text(number: int) -> str:
    """The ticket's number as people say it: T-8812."""
    return f"T-{number}"


def number_of(text: str) -> int | None:
    """The number in `T-8812`, `t8812` or `8812`; None when the text is none."""
    digits = text.strip().upper().removeprefix("T").removeprefix("-")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= 15 else None
