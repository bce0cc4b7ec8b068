"""The stationary distribution of a finite Markov chain in continuous time, by elimination.

Grassmann, Taksar and Heyman 1985: states are removed one by one and their flow handed to the rest. Nothing is ever
subtracted, so every probability is right to almost full precision, however small. The work grows with the square of the
band (how far apart, in the given order, states lie that lead to each other)."""

from collections.abc import Sequence


def stationary_distribution(rates: Sequence[dict[int, float]]) -> list[float]:
    """The long-run share, 0–1, of time in each state; `rates[i][j]` is the rate from state i to state j.

    Every state must lead to state 0 along positive rates. The given rates are used up."""
    handed = _eliminate(rates)
    weights = [1.0]
    for shares in handed[1:]:
        weights.append(sum(weights[state] * share for state, share in shares.items()))
    whole = sum(weights)
    return [weight / whole for weight in weights]


def _eliminate(rates: Sequence[dict[int, float]]) -> list[dict[int, float]]:
    """For each state, how often it is visited per visit of each earlier state, when no later state is looked at."""
    sources: list[set[int]] = [set() for _ in rates]
    for source, targets in enumerate(rates):
        for target in targets:
            sources[target].add(source)
    handed: list[dict[int, float]] = [{} for _ in rates]
    for state in range(len(rates) - 1, 0, -1):
        onward = rates[state]
        out = sum(onward.values())
        for source in sources[state]:
            if source < state:
                handed[state][source] = share = rates[source].pop(state) / out
                _hand_over(rates[source], source, share, onward, sources)
    return handed


def _hand_over(
    row: dict[int, float], source: int, share: float, onward: dict[int, float], sources: list[set[int]]
) -> None:
    for target, rate in onward.items():
        if target == source:
            continue
        if target in row:
            row[target] += share * rate
        else:
            row[target] = share * rate
            sources[target].add(source)
