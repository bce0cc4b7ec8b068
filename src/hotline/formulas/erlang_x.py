"""Erlang X: Erlang A whose abandoned customers call again with a probability.

The whole stream, repeated calls included, is treated as Poisson; its rate is a fixed point."""

from dataclasses import dataclass

from hotline.formulas import erlang_a
from hotline.formulas.errors import InvalidParameterError, require_count, require_positive
from hotline.formulas.outcome import Outcome
from hotline.formulas.roots import increasing_root


@dataclass(frozen=True, slots=True)
class RedialOutcome:
    """All calls per hour, repeated ones included; the outcome of one call; and the share of customers never served."""

    total_arrivals_per_h: float
    lost_ratio_of_first_calls: float
    each_call: Outcome


def outcome(
    first_arrivals_per_h: float, agents: int, handle_time_s: float, patience_mean_s: float, redial_probability: float
) -> RedialOutcome:
    """The fixed point: total = first + redial · abandon(total) · total.

    Raises InvalidParameterError, also for a redial probability of 1 or more."""
    require_positive("first_arrivals_per_h", first_arrivals_per_h)
    require_positive("handle_time_s", handle_time_s)
    require_count("agents", agents)
    if not 0.0 <= redial_probability < 1.0:
        raise InvalidParameterError(
            name="redial_probability", value=redial_probability, rule="a share from 0 to below 1"
        )

    def each(total_per_h: float) -> Outcome:
        return erlang_a.outcome(total_per_h * handle_time_s / 3600.0, agents, handle_time_s, patience_mean_s)

    def missing(total_per_h: float) -> float:
        return total_per_h * (1.0 - redial_probability * each(total_per_h).abandon_probability) - first_arrivals_per_h

    total = increasing_root(missing, first_arrivals_per_h, first_arrivals_per_h / (1.0 - redial_probability))
    one = each(total)
    lost = total * one.abandon_probability * (1.0 - redial_probability) / first_arrivals_per_h
    return RedialOutcome(total, lost, one)
