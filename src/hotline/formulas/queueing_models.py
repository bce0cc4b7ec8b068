"""The queueing models by name: what each needs, and every figure it gives.

One table for the command `hotline calc`, for files of cases and for whoever compares a simulation with a formula.
`figures("erlang_c", {"agents": 14, "load_erlangs": 10.0})` gives a mapping from the name of a figure to a function that
computes it, so that nobody pays for what is not asked. Models and words: docs/formulas.md."""

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import ClassVar

from hotline.formulas import balanced_skills, erlang_a, erlang_b, erlang_c, erlang_x, finite_queue, general_patience
from hotline.formulas.errors import InvalidParameterError
from hotline.formulas.outcome import Outcome
from hotline.formulas.skill_designs import ClassOutcome, TwoPools, n_design, x_design
from hotline.kernel.errors import HotlineError

Figures = Mapping[str, Callable[[], float]]
_LONGEST_SHOWN = 60


class MissingParameterError(HotlineError):
    """Data: `model`, `names`."""

    code: ClassVar[str] = "formulas.missing_parameter"
    status: ClassVar[int] = 422
    sentence: ClassVar[str] = "{model} needs more than was given: add {names}."


class UnknownModelError(HotlineError):
    """Data: `model`, `known`."""

    code: ClassVar[str] = "formulas.unknown_model"
    status: ClassVar[int] = 422
    sentence: ClassVar[str] = "There is no model {model}; choose from {known}."


@dataclass(frozen=True, slots=True)
class Parameters:
    """A model's parameters as they were given; each reader checks its kind."""

    model: str
    given: Mapping[str, object]

    def __contains__(self, name: str) -> bool:
        return name in self.given

    def number(self, name: str) -> float:
        """A finite number. Raises MissingParameterError, InvalidParameterError."""
        return _number(name, self._get(name))

    def count(self, name: str) -> int:
        """A whole number, given as 14 or 14.0. Raises MissingParameterError, InvalidParameterError."""
        return _count(name, self._get(name))

    def numbers(self, name: str) -> tuple[float, float]:
        """Two finite numbers. Raises MissingParameterError, InvalidParameterError."""
        one, other = self._pair(name)
        return _number(name, one), _number(name, other)

    def counts(self, name: str) -> tuple[int, int]:
        """Two whole numbers. Raises MissingParameterError, InvalidParameterError."""
        one, other = self._pair(name)
        return _count(name, one), _count(name, other)

    def load_erlangs(self, calls: str = "arrivals_per_h") -> float:
        """The load as given, or arrivals × handle time. Raises MissingParameterError, InvalidParameterError, the latter
        also where both are given and differ."""
        if "load_erlangs" in self.given:
            load = self.number("load_erlangs")
            if calls in self.given and not self._is_load(load, calls):
                rule = "the load alone, or the calls and the handle time alone: they do not agree"
                raise InvalidParameterError(name="load_erlangs", value=load, rule=rule)
            return load
        if calls not in self.given:
            raise MissingParameterError(model=self.model, names=f"load_erlangs, or {calls} and handle_time_s")
        return self.number(calls) * self.number("handle_time_s") / 3600.0

    def _is_load(self, load: float, calls: str) -> bool:
        if "handle_time_s" not in self.given:
            return False
        return math.isclose(load, self.number(calls) * self.number("handle_time_s") / 3600.0, rel_tol=1e-9)

    def _get(self, name: str) -> object:
        if name not in self.given:
            raise MissingParameterError(model=self.model, names=name)
        return self.given[name]

    def _pair(self, name: str) -> tuple[object, object]:
        value = self._get(name)
        if not isinstance(value, list | tuple) or len(value) != 2:
            raise InvalidParameterError(name=name, value=_shown(value), rule="two numbers")
        return value[0], value[1]


def _number(name: str, value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise InvalidParameterError(name=name, value=_shown(value), rule="a number")
    try:
        number = float(value)
    except OverflowError as error:
        raise InvalidParameterError(name=name, value="beyond all bounds", rule="a smaller number") from error
    if not math.isfinite(number):
        raise InvalidParameterError(name=name, value=value, rule="a number")
    return number


def _count(name: str, value: object) -> int:
    number = _number(name, value)
    if number != int(number):
        raise InvalidParameterError(name=name, value=value, rule="a whole number")
    return int(number)


def _shown(value: object) -> str:
    """As it stands in the file."""
    text = json.dumps(value, ensure_ascii=False, default=repr)
    return text if len(text) <= _LONGEST_SHOWN else text[:_LONGEST_SHOWN] + "…"


def figures(model: str, params: Mapping[str, object]) -> Figures:
    """Every figure of a model by name, each computed when it is called.

    Raises UnknownModelError, MissingParameterError, InvalidParameterError; calling a figure raises what its formula
    does, and MissingParameterError where the figure needs more than the model."""
    if model not in MODELS:
        raise UnknownModelError(model=model, known=", ".join(sorted(MODELS)))
    return MODELS[model](Parameters(model, params))


def _erlang_b(given: Parameters) -> Figures:
    lines, load = given.count("lines"), given.load_erlangs()
    return {"blocking_probability": lambda: erlang_b.blocking_probability(load, lines)}


def _erlang_b_lines(given: Parameters) -> Figures:
    load, blocking = given.load_erlangs(), given.number("blocking_probability")
    return {"lines": lambda: erlang_b.fewest_lines(load, blocking)}


def _erlang_b_load(given: Parameters) -> Figures:
    lines, blocking = given.count("lines"), given.number("blocking_probability")
    return {"load_erlangs": lambda: erlang_b.largest_load(lines, blocking)}


def _extended_erlang_b_lines(given: Parameters) -> Figures:
    load, blocking = given.load_erlangs(), given.number("blocking_probability")
    retry = given.number("retry_probability")
    return {"lines": lambda: erlang_b.fewest_lines_with_retries(load, blocking, retry)}


def _erlang_c(given: Parameters) -> Figures:
    agents, load = given.count("agents"), given.load_erlangs()

    def handle_time_s() -> float:
        return given.number("handle_time_s")

    return {
        "wait_probability": lambda: erlang_c.wait_probability(load, agents),
        "average_wait_s": lambda: erlang_c.average_wait_s(load, agents, handle_time_s()),
        "service_level": lambda: erlang_c.service_level(load, agents, handle_time_s(), given.number("threshold_s")),
        "wait_percentile90_s": lambda: erlang_c.wait_percentile_s(load, agents, handle_time_s(), 0.9),
        "mean_queue": lambda: erlang_c.mean_queue(load, agents),
        "occupancy": lambda: erlang_c.occupancy(load, agents),
    }


def _erlang_c_agents(given: Parameters) -> Figures:
    load, handle_time_s = given.load_erlangs(), given.number("handle_time_s")
    threshold_s, level = given.number("threshold_s"), given.number("service_level")
    return {"agents": lambda: erlang_c.fewest_agents(load, handle_time_s, threshold_s, level)}


def _erlang_a(given: Parameters) -> Figures:
    agents, load = given.count("agents"), given.load_erlangs()
    handle_time_s, patience_s = given.number("handle_time_s"), given.number("patience_mean_s")

    def level() -> float:
        return erlang_a.service_level(load, agents, handle_time_s, patience_s, given.number("threshold_s"))

    return {
        **_impatient(lambda: erlang_a.outcome(load, agents, handle_time_s, patience_s)),
        "service_level": level,
    }


def _fixed_patience(given: Parameters) -> Figures:
    return _general_patience(given, general_patience.FixedPatience(given.number("patience_s")))


def _hyperexponential_patience(given: Parameters) -> Figures:
    first, means = given.number("patience_first_probability"), given.numbers("patience_means_s")
    return _general_patience(given, general_patience.HyperexponentialPatience(first, means))


def _general_patience(given: Parameters, patience: general_patience.Patience) -> Figures:
    agents, load, handle_time_s = given.count("agents"), given.load_erlangs(), given.number("handle_time_s")

    def level() -> float:
        return general_patience.service_level(load, agents, handle_time_s, patience, given.number("threshold_s"))

    return {
        **_impatient(lambda: general_patience.outcome(load, agents, handle_time_s, patience)),
        "service_level": level,
    }


def _impatient(solve: Callable[[], Outcome]) -> Figures:
    solved = cache(solve)
    return {
        "wait_probability": lambda: solved().wait_probability,
        "abandon_probability": lambda: solved().abandon_probability,
        "average_wait_s": lambda: solved().average_wait_s,
        "mean_queue": lambda: solved().mean_queue,
        "occupancy": lambda: solved().occupancy,
    }


def _erlang_x(given: Parameters) -> Figures:
    first, agents = given.number("first_arrivals_per_h"), given.count("agents")
    handle_time_s, patience_s = given.number("handle_time_s"), given.number("patience_mean_s")
    redial = given.number("redial_probability")
    solved = cache(lambda: erlang_x.outcome(first, agents, handle_time_s, patience_s, redial))
    return {
        **_impatient(lambda: solved().each_call),
        "total_arrivals_per_h": lambda: solved().total_arrivals_per_h,
        "lost_ratio_of_first_calls": lambda: solved().lost_ratio_of_first_calls,
    }


def _finite_queue(given: Parameters) -> Figures:
    agents, places, load = given.count("agents"), given.count("waiting_places"), given.load_erlangs()
    solved = cache(lambda: finite_queue.outcome(load, agents, places))

    def wait_s() -> float:
        return finite_queue.average_wait_s(load, agents, places, given.number("handle_time_s"))

    def level() -> float:
        handle_time_s, threshold_s = given.number("handle_time_s"), given.number("threshold_s")
        return finite_queue.service_level_of_accepted(load, agents, places, handle_time_s, threshold_s)

    return {
        "blocking_probability": lambda: solved().blocking_probability,
        "wait_probability": lambda: solved().wait_probability,
        "mean_queue": lambda: solved().mean_queue,
        "occupancy": lambda: solved().occupancy,
        "average_wait_s": wait_s,
        "service_level_of_accepted": level,
    }


def _pools(given: Parameters) -> TwoPools:
    return TwoPools(
        given.counts("pool_agents"),
        given.numbers("arrivals_per_h"),
        given.number("handle_time_s"),
        given.numbers("patience_means_s"),
    )


def _n_design(given: Parameters) -> Figures:
    pools = _pools(given)
    return _by_class(cache(lambda: n_design(pools)))


def _x_design(given: Parameters) -> Figures:
    pools = _pools(given)
    solved = cache(lambda: x_design(pools))
    # Nobody waits unless both pools are full, so one probability holds for both classes.
    return {**_by_class(solved), "wait_probability": lambda: solved()[0].wait_probability}


def _by_class(solved: Callable[[], tuple[ClassOutcome, ClassOutcome]]) -> Figures:
    found: dict[str, Callable[[], float]] = {}
    for klass in (0, 1):
        for name in ("wait_probability", "abandon_probability", "average_wait_s", "mean_queue"):
            found[f"{name}[{klass}]"] = _one_of_class(solved, klass, name)
    return found


def _one_of_class(
    solved: Callable[[], tuple[ClassOutcome, ClassOutcome]], klass: int, name: str
) -> Callable[[], float]:
    return lambda: float(getattr(solved()[klass], name))


def _balanced_skills(given: Parameters) -> Figures:
    handle_time_s = given.number("handle_time_s")
    load_each = given.load_erlangs("arrivals_per_h_each")
    layout = balanced_skills.BalancedSkills(
        given.count("queues"), load_each, given.count("agents"), given.count("waiting_places"), handle_time_s
    )
    skills = given.count("skills_per_agent")
    if not 1 <= skills <= layout.queues:
        raise InvalidParameterError(name="skills_per_agent", value=skills, rule=f"1 to {layout.queues}, the queues")
    if skills == 1:
        return {
            **_accepted_or_not(lambda: balanced_skills.with_one_skill(layout)),
            "service_level_of_accepted": lambda: balanced_skills.service_level_with_one_skill(
                layout, given.number("threshold_s")
            ),
        }
    return _accepted_or_not(lambda: balanced_skills.with_all_skills(layout)) if skills == layout.queues else {}


def _accepted_or_not(solve: Callable[[], balanced_skills.BalancedOutcome]) -> Figures:
    solved = cache(solve)
    return {
        "blocking_probability": lambda: solved().blocking_probability,
        "average_wait_s": lambda: solved().average_wait_s,
    }


MODELS: Mapping[str, Callable[[Parameters], Figures]] = {
    "erlang_b": _erlang_b,
    "erlang_b_lines": _erlang_b_lines,
    "erlang_b_load": _erlang_b_load,
    "extended_erlang_b_lines": _extended_erlang_b_lines,
    "erlang_c": _erlang_c,
    "erlang_c_agents": _erlang_c_agents,
    "erlang_a": _erlang_a,
    "mmn_fixed_patience": _fixed_patience,
    "mmn_hyperexponential_patience": _hyperexponential_patience,
    "erlang_x": _erlang_x,
    "mmc_finite_queue": _finite_queue,
    "n_design": _n_design,
    "x_design": _x_design,
    "balanced_skills": _balanced_skills,
}
