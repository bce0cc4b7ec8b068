"""What a formula refuses: parameters outside its range, queues that grow without end, targets nobody can reach."""

import math
from typing import ClassVar

from hotline.kernel.errors import HotlineError

_LARGEST_LOAD = 1e9
MOST_AGENTS = 2_000_000_000


class InvalidParameterError(HotlineError):
    """Data: `name`, `value`, `rule`."""

    code: ClassVar[str] = "formulas.invalid_parameter"
    status: ClassVar[int] = 422
    sentence: ClassVar[str] = "{name} is {value}: give {rule}."


class BeyondFormulaError(InvalidParameterError):
    """The parameters make sense and the formula would take too long: a simulation may still tell."""


class UnstableQueueError(HotlineError):
    """Data: `load_erlangs`, `agents`, `needed`."""

    code: ClassVar[str] = "formulas.unstable_queue"
    status: ClassVar[int] = 422
    sentence: ClassVar[str] = (
        "A load of {load_erlangs:g} erlangs on {agents} agents lets the queue grow without end: take at least {needed} "
        "agents, or say how long customers are patient."
    )


class UnreachableTargetError(HotlineError):
    """Data: `agents`, the most that were tried."""

    code: ClassVar[str] = "formulas.unreachable_target"
    status: ClassVar[int] = 422
    sentence: ClassVar[str] = "The targets are not reached with {agents} agents either: lower a target or the load."


def require_positive(name: str, value: float) -> None:
    """Nothing when 0 < value < infinity; else raises InvalidParameterError."""
    if not 0.0 < value < math.inf:
        raise InvalidParameterError(name=name, value=value, rule="a number above 0")


def require_load(name: str, value: float) -> None:
    """Nothing when 0 < value ≤ 1e9 erlangs, a bound no centre comes near; else raises InvalidParameterError."""
    if not 0.0 < value <= _LARGEST_LOAD:
        raise InvalidParameterError(name=name, value=value, rule="a load above 0 and up to 1e9 erlangs")


def require_not_negative(name: str, value: float) -> None:
    """Nothing when 0 ≤ value < infinity; else raises InvalidParameterError."""
    if not 0.0 <= value < math.inf:
        raise InvalidParameterError(name=name, value=value, rule="a number of 0 or more")


def require_ratio(name: str, value: float) -> None:
    """Nothing when 0 ≤ value ≤ 1; else raises InvalidParameterError."""
    if not 0.0 <= value <= 1.0:
        raise InvalidParameterError(name=name, value=value, rule="a share from 0 to 1")


def require_inner_ratio(name: str, value: float) -> None:
    """Nothing when 0 < value < 1; else raises InvalidParameterError."""
    if not 0.0 < value < 1.0:
        raise InvalidParameterError(name=name, value=value, rule="a share between 0 and 1, both excluded")


def require_count(name: str, value: int, least: int = 1, most: int = MOST_AGENTS) -> None:
    """Nothing when the value is a whole number from `least` to `most`; else raises InvalidParameterError."""
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise InvalidParameterError(name=name, value=value, rule=f"a whole number from {least:,} to {most:,}")


def require_stable(load_erlangs: float, agents: int) -> None:
    """Nothing when fewer erlangs than agents are offered; else raises UnstableQueueError."""
    if load_erlangs >= agents:
        raise UnstableQueueError(load_erlangs=load_erlangs, agents=agents, needed=math.floor(load_erlangs) + 1)
