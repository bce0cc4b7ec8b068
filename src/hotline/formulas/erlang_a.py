"""Erlang A: agents, an endless queue, and customers with exponential patience (M/M/n+M).

Loads are erlangs, times seconds; an infinite patience gives Erlang C. Sources: C. Palm 1946; O. Garnett, A. Mandelbaum,
M. Reiman 2002; docs/formulas.md."""

import math

from hotline.formulas import general_patience
from hotline.formulas.erlang_b import inverse_blocking
from hotline.formulas.errors import (
    MOST_AGENTS,
    InvalidParameterError,
    UnreachableTargetError,
    require_count,
    require_inner_ratio,
    require_load,
    require_not_negative,
    require_positive,
    require_stable,
)
from hotline.formulas.outcome import Outcome
from hotline.formulas.quadrature import UNIT_RULE
from hotline.formulas.roots import fewest

_NEGLIGIBLE = 1e-20
# The exponent may vary so much over a panel of twelve points before the integral loses its fifteenth digit.
_PANEL_VARIATION = 8.0
_MOST_VARIATION = 60.0
# Load × patience ÷ handle time; the series takes some thirteen times its root of steps.
_MOST_PATIENT = 1e13


def wait_probability(load_erlangs: float, agents: int, handle_time_s: float, patience_mean_s: float) -> float:
    """Probability, 0–1, that a customer waits, whether served in the end or not. Raises as `outcome`."""
    return outcome(load_erlangs, agents, handle_time_s, patience_mean_s).wait_probability


def abandon_probability(load_erlangs: float, agents: int, handle_time_s: float, patience_mean_s: float) -> float:
    """Share, 0–1, of all arrivals that give up before they are served. Raises as `outcome`."""
    return outcome(load_erlangs, agents, handle_time_s, patience_mean_s).abandon_probability


def average_wait_s(load_erlangs: float, agents: int, handle_time_s: float, patience_mean_s: float) -> float:
    """Mean wait in seconds over all arrivals, abandoned and unwaiting ones included. Raises as `outcome`."""
    return outcome(load_erlangs, agents, handle_time_s, patience_mean_s).average_wait_s


def outcome(load_erlangs: float, agents: int, handle_time_s: float, patience_mean_s: float) -> Outcome:
    """Waits and losses in the long run. Costs some tens of steps per root of the load.

    Raises InvalidParameterError; UnstableQueueError when patience is infinite and agents <= load_erlangs."""
    _check(load_erlangs, agents, handle_time_s, patience_mean_s)
    impatience = handle_time_s / patience_mean_s
    at_zero, waiting, queued = _weights(load_erlangs, agents, impatience)
    whole = waiting + at_zero * (inverse_blocking(load_erlangs, agents) - 1.0)
    mean_queue = queued / whole
    abandon = mean_queue * impatience / load_erlangs
    return Outcome(
        wait_probability=waiting / whole,
        abandon_probability=abandon,
        average_wait_s=mean_queue * handle_time_s / load_erlangs,
        mean_queue=mean_queue,
        occupancy=min(load_erlangs * (1.0 - abandon) / agents, 1.0),
    )


def service_level(
    load_erlangs: float, agents: int, handle_time_s: float, patience_mean_s: float, threshold_s: float
) -> float:
    """Share, 0–1, served within the threshold ÷ all arrivals, abandoned ones included. Raises as `outcome`."""
    _check(load_erlangs, agents, handle_time_s, patience_mean_s)
    require_not_negative("threshold_s", threshold_s)
    return _service_level(load_erlangs, agents, handle_time_s, patience_mean_s, threshold_s)


def fewest_agents(
    load_erlangs: float, handle_time_s: float, patience_mean_s: float, threshold_s: float, service_level: float
) -> int:
    """The fewest agents who serve this share, 0–1, of all arrivals within the threshold.

    Raises InvalidParameterError, and UnreachableTargetError where even two thousand million are too few."""
    _check(load_erlangs, math.floor(load_erlangs) + 1, handle_time_s, patience_mean_s)
    require_not_negative("threshold_s", threshold_s)
    require_inner_ratio("service_level", service_level)

    def reaches(agents: int) -> bool:
        return _service_level(load_erlangs, agents, handle_time_s, patience_mean_s, threshold_s) >= service_level

    least = 1 if patience_mean_s < math.inf else math.floor(load_erlangs) + 1
    # Few wait and nearly all that do are late where the threshold is short: a start that is right to a few agents.
    guess = round(load_erlangs + 0.25 * math.sqrt(load_erlangs))
    found = fewest(reaches, least, guess, MOST_AGENTS)
    if found is None:
        raise UnreachableTargetError(agents=MOST_AGENTS)
    return found


def _service_level(load: float, agents: int, handle_s: float, patience_s: float, threshold_s: float) -> float:
    impatience, threshold = handle_s / patience_s, threshold_s / handle_s
    at_zero, waiting, _ = _weights(load, agents, impatience)
    end = min(threshold, -math.log(_NEGLIGIBLE) / (agents - load)) if agents > load else threshold
    variation = max(abs(load - agents), abs(load * math.exp(-impatience * end) - agents)) * end
    if not at_zero or variation > _MOST_VARIATION:
        patience = general_patience.ExponentialPatience(patience_s)
        return general_patience.service_level(load, agents, handle_s, patience, threshold_s)
    unwaiting = at_zero * (inverse_blocking(load, agents) - 1.0)
    served = at_zero * agents * _served_after_wait(load, agents, impatience, end, variation)
    whole = waiting + unwaiting
    return (unwaiting + served) / whole if whole < math.inf else 1.0


def _served_after_wait(load: float, agents: int, impatience: float, end: float, variation: float) -> float:
    """∫ exp(-θt + λ(1 - exp(-θt))/θ - nt) dt from 0 to `end`, times in handle times."""
    if not impatience:
        return -math.expm1((load - agents) * end) / (agents - load)
    exp, expm1, per_impatience = math.exp, math.expm1, load / impatience
    panels = 1 + int(variation / _PANEL_VARIATION)
    width = end / panels
    total = 0.0
    for panel in range(panels):
        for point, weight in UNIT_RULE:
            time = (panel + point) * width
            gone = -expm1(-impatience * time)
            total += weight * (1.0 - gone) * exp(per_impatience * gone - agents * time)
    return total * width


def _weights(load: float, agents: int, impatience: float) -> tuple[float, float, float]:
    """Weights of the states with all agents busy, relative to the likeliest: nobody waiting, sum, sum × number waiting.

    The products run outward from the likeliest state, so no term exceeds 1; what is below 1e-20 is left out, and the
    first weight is 0 then."""
    if not impatience:
        ratio = load / agents
        return 1.0, 1.0 / (1.0 - ratio), ratio / (1.0 - ratio) ** 2
    peak = int((load - agents) / impatience) if load > agents else 0
    total, moment = 1.0, float(peak)
    weight, rate = 1.0, agents + peak * impatience
    waiting = peak
    cut = _NEGLIGIBLE * min(1.0, load / (rate + impatience))
    while weight > cut:
        waiting += 1
        rate += impatience
        weight *= load / rate
        total += weight
        moment += waiting * weight
    weight, rate = 1.0, agents + peak * impatience
    for waiting in range(peak - 1, -1, -1):
        weight *= rate / load
        rate -= impatience
        total += weight
        moment += waiting * weight
        if weight < _NEGLIGIBLE:
            return 0.0, total, moment
    return weight, total, moment


def _check(load_erlangs: float, agents: int, handle_time_s: float, patience_mean_s: float) -> None:
    require_load("load_erlangs", load_erlangs)
    require_count("agents", agents)
    require_positive("handle_time_s", handle_time_s)
    if patience_mean_s == math.inf:
        require_stable(load_erlangs, agents)
    else:
        require_positive("patience_mean_s", patience_mean_s)
        if load_erlangs * patience_mean_s > _MOST_PATIENT * handle_time_s:
            rule = "a shorter patience, or none where customers wait for ever"
            raise InvalidParameterError(name="patience_mean_s", value=patience_mean_s, rule=rule)
