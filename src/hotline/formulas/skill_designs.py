"""Two pools and two classes of customers: the N-design and the X-design, solved exactly as Markov chains.

In both, class 0 is at home in pool 0 and class 1 in pool 1; patience is exponential; one mean handle time serves all.

N: class 0 asks pool 0, then pool 1; class 1 asks pool 1 only. A freed agent of pool 1 takes class 1 first.
X: each class asks its own pool, then the other; a freed agent takes their own class first, then the other.

Because a class waits only while all who may serve it are busy, two numbers tell the state: the customers counted with
pool 0 (in its service, and class 0 waiting) and with pool 1 (likewise). Each event changes one of them by one. The
number waiting is cut where a bound on its probability falls below 1e-13. Names: O. Garnett and A. Mandelbaum 2000."""

from dataclasses import dataclass

from hotline.formulas.errors import BeyondFormulaError, require_count, require_positive
from hotline.formulas.markov_chain import stationary_distribution

_NEGLIGIBLE = 1e-13
# States × band²; about a minute of CPU time.
_MOST_WORK = 2e9
_LONGEST_QUEUE = 50_000
Pair = tuple[float, float]


@dataclass(frozen=True, slots=True)
class ClassOutcome:
    """Of one class: shares (0–1) that wait and that abandon, mean wait in seconds over all, mean number waiting."""

    wait_probability: float
    abandon_probability: float
    average_wait_s: float
    mean_queue: float


@dataclass(frozen=True, slots=True)
class TwoPools:
    """Agents of both pools, arrivals per hour of both classes, mean handle time and mean patience in seconds.

    Raises InvalidParameterError when made of impossible values."""

    pool_agents: tuple[int, int]
    arrivals_per_h: Pair
    handle_time_s: float
    patience_means_s: Pair

    def __post_init__(self) -> None:
        require_positive("handle_time_s", self.handle_time_s)
        for agents, arrivals, patience in zip(
            self.pool_agents, self.arrivals_per_h, self.patience_means_s, strict=True
        ):
            require_count("pool_agents", agents)
            require_positive("arrivals_per_h", arrivals)
            require_positive("patience_means_s", patience)

    @property
    def loads(self) -> Pair:
        """Arrivals per mean handle time, erlangs."""
        per = self.handle_time_s / 3600.0
        return self.arrivals_per_h[0] * per, self.arrivals_per_h[1] * per

    @property
    def impatience(self) -> Pair:
        """Rates of giving up per mean handle time."""
        return self.handle_time_s / self.patience_means_s[0], self.handle_time_s / self.patience_means_s[1]


def n_design(pools: TwoPools) -> tuple[ClassOutcome, ClassOutcome]:
    """What both classes meet in the long run in the N-design; exact to about 1e-11.

    Some tenths of a CPU second for tens of agents; grows with the fourth power of their number and queue."""
    return _solve(pools, _NDesign(pools))


def x_design(pools: TwoPools) -> tuple[ClassOutcome, ClassOutcome]:
    """What both classes meet in the long run in the X-design; exact and as costly as `n_design`."""
    return _solve(pools, _XDesign(pools))


State = tuple[int, int]


class _NDesign:
    """A state is (with pool 0, with pool 1); class 0 waits only while pool 1 is full too."""

    def __init__(self, pools: TwoPools) -> None:
        self.agents = pools.pool_agents

    def exists(self, state: State) -> bool:
        return state[0] <= self.agents[0] or state[1] >= self.agents[1]

    def must_wait(self, state: State) -> tuple[bool, bool]:
        is_full = state[0] >= self.agents[0], state[1] >= self.agents[1]
        return is_full[0] and is_full[1], is_full[1]

    def joins(self, klass: int, state: State) -> int:
        """The pool with which an arrival is counted."""
        overflows = klass == 0 and state[0] >= self.agents[0] and state[1] < self.agents[1]
        return 1 if overflows else klass

    def loses(self, pool: int, state: State) -> int:
        """The pool that counts one less when an agent of this pool is freed."""
        helps = pool == 1 and state[1] == self.agents[1] and state[0] > self.agents[0]
        return 0 if helps else pool


class _XDesign(_NDesign):
    """Nobody waits unless both pools are full."""

    def exists(self, state: State) -> bool:
        waits = state[0] > self.agents[0], state[1] > self.agents[1]
        is_full = state[0] >= self.agents[0], state[1] >= self.agents[1]
        return not any(waits) or all(is_full)

    def must_wait(self, state: State) -> tuple[bool, bool]:
        waits = state[0] >= self.agents[0] and state[1] >= self.agents[1]
        return waits, waits

    def joins(self, klass: int, state: State) -> int:
        other = 1 - klass
        overflows = state[klass] >= self.agents[klass] and state[other] < self.agents[other]
        return other if overflows else klass

    def loses(self, pool: int, state: State) -> int:
        other = 1 - pool
        helps = state[pool] == self.agents[pool] and state[other] > self.agents[other]
        return other if helps else pool


def _solve(pools: TwoPools, design: _NDesign) -> tuple[ClassOutcome, ClassOutcome]:
    states = _states(pools, design)
    shares = stationary_distribution(_rates(pools, design, states))
    return _class_outcome(0, pools, design, states, shares), _class_outcome(1, pools, design, states, shares)


def _states(pools: TwoPools, design: _NDesign) -> list[State]:
    """The empty house first, then level by level with the narrower side inside, so that neighbours stay close."""
    highest = [pools.pool_agents[klass] + _most_waiting(klass, pools) for klass in (0, 1)]
    if highest[0] * highest[1] * min(highest) ** 2 > _MOST_WORK:
        rule = "smaller pools or fewer calls: an exact chain holds about a hundred agents a pool"
        raise BeyondFormulaError(name="pool_agents", value=list(pools.pool_agents), rule=rule)
    is_first_inside = highest[0] <= highest[1]
    inner, outer = (highest[0], highest[1]) if is_first_inside else (highest[1], highest[0])
    pairs = ((low, high) for high in range(outer + 1) for low in range(inner + 1))
    return [state for state in (pair if is_first_inside else pair[::-1] for pair in pairs) if design.exists(state)]


def _most_waiting(klass: int, pools: TwoPools) -> int:
    """A queue length exceeded less often than 1e-13.

    While a class waits, every freed agent of its own pool takes one of it, in both designs: its queue is no longer than
    that of a pool of its own that is always full (Erlang A's upper states)."""
    load, impatience, agents = pools.loads[klass], pools.impatience[klass], pools.pool_agents[klass]
    weight = likeliest = 1.0
    waiting = 0
    while weight > _NEGLIGIBLE * likeliest and waiting < _LONGEST_QUEUE:
        waiting += 1
        weight *= load / (agents + waiting * impatience)
        likeliest = max(weight, likeliest)
    return waiting


def _rates(pools: TwoPools, design: _NDesign, states: list[State]) -> list[dict[int, float]]:
    numbers = {state: number for number, state in enumerate(states)}
    rates: list[dict[int, float]] = []
    for state in states:
        row: dict[int, float] = {}
        for pool, change, rate in _moves(pools, design, state):
            to = (state[0] + change, state[1]) if pool == 0 else (state[0], state[1] + change)
            number = numbers.get(to)
            if number is not None and rate:
                row[number] = row.get(number, 0.0) + rate
        rates.append(row)
    return rates


def _moves(pools: TwoPools, design: _NDesign, state: State) -> list[tuple[int, int, float]]:
    """What may happen next: which count changes, by how much, and its rate per mean handle time."""
    moves = [(design.joins(klass, state), 1, pools.loads[klass]) for klass in (0, 1)]
    for pool in (0, 1):
        busy = min(state[pool], pools.pool_agents[pool])
        moves.append((design.loses(pool, state), -1, float(busy)))
        moves.append((pool, -1, (state[pool] - busy) * pools.impatience[pool]))
    return moves


def _class_outcome(
    klass: int, pools: TwoPools, design: _NDesign, states: list[State], shares: list[float]
) -> ClassOutcome:
    agents, load = pools.pool_agents[klass], pools.loads[klass]
    queue = sum(max(state[klass] - agents, 0) * share for state, share in zip(states, shares, strict=True))
    return ClassOutcome(
        wait_probability=sum(s for state, s in zip(states, shares, strict=True) if design.must_wait(state)[klass]),
        abandon_probability=queue * pools.impatience[klass] / load,
        average_wait_s=queue * pools.handle_time_s / load,
        mean_queue=queue,
    )
