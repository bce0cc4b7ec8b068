"""Queueing systems of the literature as scenarios, so that the live rules can be held against exact results."""

from dataclasses import dataclass
from typing import Any

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


def system_of(model: str, params: dict[str, Any], effort: float = 1.0) -> System | None:
    """The system that a case is about; None for what is none (inverses, staffing, fixed points). Its run has `effort`
    times as many calls as usual.

    Raises CasesInvalidError when parameters are missing or make no sense."""
    maker = _MODELS.get(model)
    if maker is None:
        return None
    try:
        if max(float(params.get(name, 0)) for name in ("agents", "lines")) > _MOST_AGENTS:
            raise ValueError(f"more than {_MOST_AGENTS:,} agents are not simulated")
        plan = maker(params)
    except (KeyError, TypeError, ValueError, IndexError, ZeroDivisionError) as error:
        problem = f"{model} with {params} lacks or misstates a parameter ({error!r}); correct it"
        raise CasesInvalidError(problem=problem) from error
    return _scenario_of(plan, float(params.get("threshold_s", 0.0)), effort)


def _scenario_of(plan: _Plan, threshold_s: float, effort: float) -> System:
    rate = sum(plan.rates)
    calls = effort * min(max(_RELAXATIONS * plan.relaxation_s * rate, _LEAST_CALLS), _MOST_CALLS)
    batch_s = calls / rate / BATCHES
    warm_up = max(1, -int(-5 * plan.relaxation_s // batch_s))
    stretch = _UNITS_BETWEEN_CALLS / 1000 * rate
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


def _rate_and_handle(params: dict[str, Any]) -> tuple[float, float]:
    if "load_erlangs" in params:
        handle_s = float(params.get("handle_time_s", _UNSPECIFIED_HANDLE_S))
        return _positive(params["load_erlangs"]) / handle_s, handle_s
    return _positive(params["arrivals_per_h"]) / 3600, _positive(params["handle_time_s"])


def _positive(value: float) -> float:
    if not value > 0:
        raise ValueError(f"{value} is not above 0")
    return float(value)


def _relaxation_s(agents: int, rate: float, handle_s: float) -> float:
    """How long an M/M/n queue needs to forget, 1/(√(nμ) − √λ)², or one handle time where that is longer."""
    gap: float = (agents / handle_s) ** 0.5 - rate**0.5
    return max(handle_s, 1 / gap**2)


def _plain(
    params: dict[str, Any], agents: int, patience: s.Distribution | None, forgets_s: float, places: int | None = None
) -> _Plan:
    rate, handle_s = _rate_and_handle(params)
    skills = (("class 0", 9),)
    return _Plan((rate,), handle_s, (patience,), ((agents, skills),), handle_s + forgets_s, places)


def _erlang_b(params: dict[str, Any]) -> _Plan:
    return _plain(params, int(params["lines"]), None, 0.0, 0)


def _erlang_c(params: dict[str, Any]) -> _Plan:
    agents = int(params["agents"])
    rate, handle_s = _rate_and_handle(params)
    if rate * handle_s >= agents:
        raise ValueError("the queue grows for ever: more agents than erlangs are needed")
    return _plain(params, agents, None, _relaxation_s(agents, rate, handle_s))


def _erlang_a(params: dict[str, Any]) -> _Plan:
    mean_s = _positive(params["patience_mean_s"])
    return _plain(params, int(params["agents"]), s.Exponential(mean_s=mean_s), mean_s)


def _fixed_patience(params: dict[str, Any]) -> _Plan:
    patience_s = _positive(params["patience_s"])
    return _plain(params, int(params["agents"]), s.Fixed(value_s=patience_s), patience_s)


def _hyperexponential_patience(params: dict[str, Any]) -> _Plan:
    first = float(params["patience_first_probability"])
    means = tuple(_positive(mean) for mean in params["patience_means_s"])
    patience = s.Hyperexponential(probabilities=(first, 1 - first), means_s=means)
    return _plain(params, int(params["agents"]), patience, max(means))


def _finite_queue(params: dict[str, Any]) -> _Plan:
    agents, places = int(params["agents"]), int(params["waiting_places"])
    rate, handle_s = _rate_and_handle(params)
    forgets_s = handle_s * places**2 / agents  # a random walk across the waiting places
    if rate * handle_s < agents:
        forgets_s = min(forgets_s, _relaxation_s(agents, rate, handle_s))
    return _plain(params, agents, None, forgets_s, places)


def _two_pools(params: dict[str, Any], pools: tuple[tuple[tuple[str, int], ...], ...]) -> _Plan:
    counts = [int(count) for count in params["pool_agents"]]
    means = [_positive(mean) for mean in params["patience_means_s"]]
    rates = tuple(_positive(rate) / 3600 for rate in params["arrivals_per_h"])
    handle_s = _positive(params["handle_time_s"])
    patience = tuple(s.Exponential(mean_s=mean) for mean in means)
    groups = tuple(zip(counts, pools, strict=True))
    return _Plan(rates, handle_s, patience, groups, handle_s + max(means), is_skilled=True)


def _n_design(params: dict[str, Any]) -> _Plan:
    return _two_pools(params, ((("class 0", 9),), (("class 1", 9), ("class 0", 8))))


def _x_design(params: dict[str, Any]) -> _Plan:
    return _two_pools(params, ((("class 0", 9), ("class 1", 8)), (("class 1", 9), ("class 0", 8))))


def _balanced_skills(params: dict[str, Any]) -> _Plan:
    """Wallace and Whitt's layout: everybody has a primary skill and further ones, spread evenly."""
    queues, agents = int(params["queues"]), int(params["agents"])
    rate, handle_s = _positive(params["arrivals_per_h_each"]) / 3600, _positive(params["handle_time_s"])
    each, many = agents // queues, int(params["skills_per_agent"])
    groups = []
    for primary in range(queues):
        for number in range(each):
            others = [(primary + 1 + (number + k) % (queues - 1)) % queues for k in range(many - 1)]
            held = tuple((f"class {skill}", 9 - place) for place, skill in enumerate((primary, *others)))
            groups.append((1, held))
    # One skill: small systems; more: nearly one large one, and the pool beside it explains most of chance.
    whole_s = _relaxation_s(agents, rate * queues, handle_s)
    relaxation_s = _relaxation_s(each, rate, handle_s) / 3 if many == 1 else whole_s
    places = int(params["waiting_places"])
    return _Plan((rate,) * queues, handle_s, (None,) * queues, tuple(groups), relaxation_s, places, True, many > 1)


_MODELS = {
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
