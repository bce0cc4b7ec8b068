"""Chance: endless iterators of whole numbers, drawn in blocks. The same seed, replication and purpose give the same
numbers whatever else is drawn, so that two scenarios can be compared under the same chance."""

from collections.abc import Iterator
from itertools import chain
from typing import Final

import numpy as np
import numpy.typing as npt

from hotline.simulation.scenario import (
    Distribution,
    Empirical,
    Exponential,
    Fixed,
    Hyperexponential,
    Lognormal,
    Uniform,
)

Floats = npt.NDArray[np.float64]
_BLOCK: Final = 512  # small: the next numbers of many streams shall lie in the processor's cache
UNITS_PER_S: Final = 1000  # the engine counts milliseconds

# purposes of streams
DAY, ARRIVALS, KINDS, IVR, TALK, WRAP_UP, RING, PATIENCE, RETRY, CALL_BACK, REACH, OWN_AGENT = range(12)


def generator(seed: int, replication: int, purpose: int, queue: int = 0) -> np.random.Generator:
    """The source of chance for one purpose."""
    sequence = np.random.SeedSequence(entropy=seed, spawn_key=(replication, purpose, queue))
    return np.random.Generator(np.random.PCG64(sequence))


def sample(source: np.random.Generator, of: Distribution, size: int) -> Floats:
    """So many lengths, in seconds."""
    match of:
        case Fixed():
            return np.full(size, of.value_s)
        case Exponential():
            return source.standard_exponential(size) * of.mean_s
        case Uniform():
            return source.uniform(of.low_s, of.high_s, size)
        case Lognormal():
            return _lognormal(source, of, size)
        case Hyperexponential():
            which = source.choice(len(of.means_s), size, p=np.asarray(of.probabilities))
            return np.asarray(source.standard_exponential(size) * np.asarray(of.means_s)[which])
        case Empirical():
            return np.asarray(source.choice(np.asarray(of.values_s), size))


def _lognormal(source: np.random.Generator, of: Lognormal, size: int) -> Floats:
    variance = np.log1p(of.cv**2)
    return np.asarray(np.exp(source.standard_normal(size) * np.sqrt(variance) + np.log(of.mean_s) - variance / 2))


def mean_s(of: Distribution) -> float:
    """The mean of a distribution, in seconds."""
    match of:
        case Fixed():
            return of.value_s
        case Exponential() | Lognormal():
            return of.mean_s
        case Uniform():
            return (of.low_s + of.high_s) / 2
        case Hyperexponential():
            return sum(p * mean for p, mean in zip(of.probabilities, of.means_s, strict=True))
        case Empirical():
            return sum(of.values_s) / len(of.values_s)


def lengths(source: np.random.Generator, of: Distribution) -> Iterator[int]:
    """Endless lengths in milliseconds."""
    return chain.from_iterable(_blocks(source, of))


def _blocks(source: np.random.Generator, of: Distribution) -> Iterator[list[int]]:
    while True:
        yield in_units(sample(source, of, _BLOCK))


def in_units(lengths_s: Floats) -> list[int]:
    """Seconds as whole milliseconds."""
    rounded: list[int] = np.rint(lengths_s * UNITS_PER_S).astype(np.int64).tolist()
    return rounded


def sometimes(source: np.random.Generator, probability: float, after: Distribution) -> Iterator[int]:
    """Endless times in milliseconds until somebody does something, -1 for those who do not."""
    return chain.from_iterable(_blocks_of_some(source, probability, after))


def _blocks_of_some(source: np.random.Generator, probability: float, after: Distribution) -> Iterator[list[int]]:
    while True:
        lengths_ms = np.rint(sample(source, after, _BLOCK) * UNITS_PER_S).astype(np.int64)
        yield np.where(source.random(_BLOCK) < probability, lengths_ms, -1).tolist()


def chosen(source: np.random.Generator, probability: float, first: int, many: int) -> Iterator[int]:
    """Endless whole numbers, each with that probability one of `many` from `first` on, and else 0."""
    return chain.from_iterable(_blocks_of_chosen(source, probability, first, many))


def _blocks_of_chosen(source: np.random.Generator, probability: float, first: int, many: int) -> Iterator[list[int]]:
    while True:
        numbers = source.integers(first, first + many, _BLOCK)
        yield np.where(source.random(_BLOCK) < probability, numbers, 0).tolist()


def gamma_level(source: np.random.Generator, cv: float, size: int) -> Floats:
    """Levels with mean 1 and that coefficient of variation; all 1 when it is 0."""
    if not cv:
        return np.ones(size)
    return source.gamma(1 / cv**2, cv**2, size)
