"""Queueing systems of the literature as scenarios, so that the live rules can be held against exact results."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from hotline.formulas.errors import (
    require_count,
    require_inner_ratio,
    require_load,
    require_not_negative,
    require_positive,
    require_stable,
)
from hotline.formulas.queueing_models import Parameters
from hotline.messages.configuration import QueueConfiguration, RoutingConfiguration
from hotline.simulation import scenario as s
from hotline.simulation.draws import UNITS_PER_S
from hotline.simulation.errors import CasesInvalidError
from hotline.simulation.pooled import Pool

BATCHES = 30
_RELAXATIONS = 500  # so many times the system forgets where it was, in the whole run
_LEAST_CALLS = 150_000
_MOST_CALLS = 900_000
_UNITS_BETWEEN_CALLS = 100_000  # mean, so that whole milliseconds bias nothing
_MOST_AGENTS = 20_000  # each is one of the engine's agents
_MOST_SKILLS = 9  # of an agent, each at a level of its own
_MOST_PLACES = 1_000_000
_MOST_WARM_UP = 1000  # batches
_FOR_EVER_S = 10**9
_UNSPECIFIED_HANDLE_S = 60.0  # where a case gives the load alone


@dataclass(frozen=True, slots=True)
class System:
    """A scenario of one run, cut into batches; the first ones are warm-up. `stretch`: its seconds for one of the
    case's. `threshold_s` is the case's."""

    scenario: s.Scenario
    warm_up_batches: int
    stretch: float
    handle_s: float
    threshold_s: float
    pool: Pool | None = None  # to be played beside it


@dataclass(frozen=True, slots=True)
class _Plan:
    """What a model says of its system, in the case's seconds."""

    rates: tuple[float, ...]  # calls per second of each class
    handle_s: float
    patience: tuple[s.Distribution | None, ...]
    groups: tuple[tuple[int, tuple[tuple[str, int], ...]], ...]  # count, skills with levels
    relaxation_s: float
    waiting_places: int | None = None
    is_skilled: bool = False
    is_nearly_one_pool: bool = False


def is_system(model: str) -> bool:
    """Whether the model is a queueing system, and no inverse, staffing or fixed point."""
    return model in _MODELS


def system_of(model: str, params: Mapping[str, object], effort: float = 1.0) -> System | None:
    """The system that a case is about; None for what is none (inverses, staffing, fixed points). Its run has `effort`
    times as many calls as usual.

    Raises MissingParameterError and InvalidParameterError as the formulas do, CasesInvalidError for systems that the
    simulation does not manage."""
    maker = _MODELS.get(model)
    if maker is None:
        return None
    given = Parameters(model, params)
    threshold_s = given.number("threshold_s") if "threshold_s" in given else 0.0
    require_not_negative("threshold_s", threshold_s)
    plan = maker(given)
    if sum(count for count, _ in plan.groups) > _MOST_AGENTS:
        raise CasesInvalidError(problem=f"more than {_MOST_AGENTS:,} agents are not simulated")
    if plan.waiting_places is not None:
        require_count("waiting_places", plan.waiting_places, 0, _MOST_PLACES)
    return _scenario_of(plan, min(threshold_s, _FOR_EVER_S * plan.handle_s), effort)


def _scenario_of(plan: _Plan, threshold_s: float, effort: float) -> System:
    rate = sum(plan.rates)
    calls = effort * min(max(_RELAXATIONS * plan.relaxation_s * rate, _LEAST_CALLS), _MOST_CALLS)
    batch_s = calls / rate / BATCHES
    forgets = 5 * plan.relaxation_s / batch_s
    if not forgets < _MOST_WARM_UP:
        raise CasesInvalidError(problem="the system forgets its beginning too slowly to be simulated: lower its load")
    warm_up = max(1, math.ceil(forgets))
    stretch = _UNITS_BETWEEN_CALLS / 1000 * rate
    if not math.isfinite(batch_s * stretch * (BATCHES + warm_up)):
        raise CasesInvalidError(problem="its numbers are too large or too small to be simulated")
    names = [f"class {number}" for number in range(len(plan.rates))]
    is_shared = len(names) > 1  # a queue knows its own places; those for all queues are the lines' matter
    traffic = [
        s.Traffic(
            queue=name,
            arrivals=s.Arrivals(per_hour=each * 3600 / stretch),
            talk=s.Exponential(mean_s=plan.handle_s * stretch),
            patience=_stretched(patience, stretch),
        )
        for name, each, patience in zip(names, plan.rates, plan.patience, strict=True)
    ]
    takes = {"takes": "strongest_skill"} if plan.is_skilled else {}
    scenario = s.Scenario(
        # In the models nobody is ever preferred for having waited long.
        routing=RoutingConfiguration(
            version=1,
            queues=tuple(_queue(name, plan.is_skilled, None if is_shared else plan.waiting_places) for name in names),
            agents=(),
            fair_after_s=_FOR_EVER_S,
        ),
        traffic=tuple(traffic),
        groups=tuple(
            s.Group(id=f"pool {n}", count=count, skills=skills, settings=takes)
            for n, (count, skills) in enumerate(plan.groups)
        ),
        horizon_s=batch_s * stretch * (BATCHES + warm_up),
        interval_s=batch_s * stretch,
        waiting_places=plan.waiting_places if is_shared else None,
    )
    pool = _pool_of(plan, threshold_s, stretch) if plan.is_nearly_one_pool else None
    return System(scenario, warm_up, stretch, plan.handle_s, threshold_s, pool)


def _pool_of(plan: _Plan, threshold_s: float, stretch: float) -> Pool:
    agents = sum(count for count, _ in plan.groups)
    to_ms = stretch * UNITS_PER_S
    load = sum(plan.rates) * plan.handle_s
    return Pool(agents, plan.waiting_places or 0, load, plan.handle_s * to_ms, threshold_s * to_ms)


def _queue(name: str, is_skilled: bool, places: int | None) -> QueueConfiguration:
    """A queue without ringing and wrap-up."""
    return QueueConfiguration(
        queue_id=name,
        tenant_id="t",
        name_zh=name,
        name_en=name,
        skills=((name, 1),),
        wrap_up_s=0,
        is_wrap_up_automatic=True,
        choice="best_level" if is_skilled else "longest_idle",
        max_waiting=places,
    )


def _stretched(of: s.Distribution | None, by: float) -> s.Distribution | None:
    match of:
        case s.Fixed():
            return s.Fixed(value_s=of.value_s * by)
        case s.Exponential():
            return s.Exponential(mean_s=of.mean_s * by)
        case s.Hyperexponential():
            return s.Hyperexponential(probabilities=of.probabilities, means_s=tuple(m * by for m in of.means_s))
        case _:
            return of


# --- models ---------------------------------------------------------------------------------------------------------


def _rate_and_handle(given: Parameters, calls: str = "arrivals_per_h") -> tuple[float, float]:
    load = given.load_erlangs(calls)
    require_load("load_erlangs", load)
    # Where the load alone is given, no figure in seconds is asked for, and any handle time gives the same shares.
    handle_s = _positive(given, "handle_time_s") if "handle_time_s" in given else _UNSPECIFIED_HANDLE_S
    return (load / handle_s if "load_erlangs" in given else given.number(calls) / 3600), handle_s


def _positive(given: Parameters, name: str) -> float:
    value = given.number(name)
    require_positive(name, value)
    return value


def _agents(given: Parameters, name: str = "agents") -> int:
    value = given.count(name)
    require_count(name, value)
    return value


def _both(name: str, values: tuple[float, float]) -> tuple[float, float]:
    for value in values:
        require_positive(name, value)
    return values


def _relaxation_s(agents: int, rate: float, handle_s: float) -> float:
    """How long an M/M/n queue needs to forget, 1/(√(nμ) − √λ)², or one handle time where that is longer."""
    gap: float = (agents / handle_s) ** 0.5 - rate**0.5
    return max(handle_s, 1 / gap**2) if gap else math.inf


def _plain(
    given: Parameters, agents: int, patience: s.Distribution | None, forgets_s: float, places: int | None = None
) -> _Plan:
    rate, handle_s = _rate_and_handle(given)
    skills = (("class 0", 9),)
    return _Plan((rate,), handle_s, (patience,), ((agents, skills),), handle_s + forgets_s, places)


def _erlang_b(given: Parameters) -> _Plan:
    return _plain(given, _agents(given, "lines"), None, 0.0, 0)


def _erlang_c(given: Parameters) -> _Plan:
    agents = _agents(given)
    rate, handle_s = _rate_and_handle(given)
    require_stable(rate * handle_s, agents)
    return _plain(given, agents, None, _relaxation_s(agents, rate, handle_s))


def _erlang_a(given: Parameters) -> _Plan:
    mean_s = _positive(given, "patience_mean_s")
    return _plain(given, _agents(given), s.Exponential(mean_s=mean_s), mean_s)


def _fixed_patience(given: Parameters) -> _Plan:
    patience_s = _positive(given, "patience_s")
    return _plain(given, _agents(given), s.Fixed(value_s=patience_s), patience_s)


def _hyperexponential_patience(given: Parameters) -> _Plan:
    first = given.number("patience_first_probability")
    require_inner_ratio("patience_first_probability", first)
    means = _both("patience_means_s", given.numbers("patience_means_s"))
    patience = s.Hyperexponential(probabilities=(first, 1 - first), means_s=means)
    return _plain(given, _agents(given), patience, max(means))


def _finite_queue(given: Parameters) -> _Plan:
    agents, places = _agents(given), given.count("waiting_places")
    rate, handle_s = _rate_and_handle(given)
    forgets_s = handle_s * places**2 / agents  # a random walk across the waiting places
    if rate * handle_s < agents:
        forgets_s = min(forgets_s, _relaxation_s(agents, rate, handle_s))
    return _plain(given, agents, None, forgets_s, places)


def _two_pools(given: Parameters, pools: tuple[tuple[tuple[str, int], ...], ...]) -> _Plan:
    counts = given.counts("pool_agents")
    _both("pool_agents", counts)
    means = _both("patience_means_s", given.numbers("patience_means_s"))
    one, other = _both("arrivals_per_h", given.numbers("arrivals_per_h"))
    handle_s = _positive(given, "handle_time_s")
    patience = tuple(s.Exponential(mean_s=mean) for mean in means)
    groups = tuple(zip(counts, pools, strict=True))
    return _Plan((one / 3600, other / 3600), handle_s, patience, groups, handle_s + max(means), is_skilled=True)


def _n_design(given: Parameters) -> _Plan:
    return _two_pools(given, ((("class 0", 9),), (("class 1", 9), ("class 0", 8))))


def _x_design(given: Parameters) -> _Plan:
    return _two_pools(given, ((("class 0", 9), ("class 1", 8)), (("class 1", 9), ("class 0", 8))))


def _balanced_skills(given: Parameters) -> _Plan:
    """Wallace and Whitt's layout: everybody has a primary skill and further ones, spread evenly."""
    queues, agents = _agents(given, "queues"), _agents(given)
    rate, handle_s = _rate_and_handle(given, "arrivals_per_h_each")
    each, many = agents // queues, given.count("skills_per_agent")
    if agents > _MOST_AGENTS:
        raise CasesInvalidError(problem=f"more than {_MOST_AGENTS:,} agents are not simulated")
    require_count("skills_per_agent", many, 1, min(queues, _MOST_SKILLS))
    groups = []
    for primary in range(queues):
        for number in range(each):
            others = [(primary + 1 + (number + k) % (queues - 1)) % queues for k in range(many - 1)]
            held = tuple((f"class {skill}", 9 - place) for place, skill in enumerate((primary, *others)))
            groups.append((1, held))
    # One skill: small systems; more: nearly one large one, and the pool beside it explains most of chance.
    whole_s = _relaxation_s(agents, rate * queues, handle_s)
    relaxation_s = _relaxation_s(each, rate, handle_s) / 3 if many == 1 else whole_s
    places = given.count("waiting_places")
    return _Plan((rate,) * queues, handle_s, (None,) * queues, tuple(groups), relaxation_s, places, True, many > 1)


_MODELS: Mapping[str, Callable[[Parameters], _Plan]] = {
    "erlang_b": _erlang_b,
    "erlang_c": _erlang_c,
    "erlang_a": _erlang_a,
    "mmn_fixed_patience": _fixed_patience,
    "mmn_hyperexponential_patience": _hyperexponential_patience,
    "mmc_finite_queue": _finite_queue,
    "n_design": _n_design,
    "x_design": _x_design,
    "balanced_skills": _balanced_skills,
}
