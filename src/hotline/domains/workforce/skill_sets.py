"""Several skills that one person has to hold, as a line of demand beside those of single skills. Pure.

A plan whose queues share people wants so many who know two skills. Such a set is named by its skills' ids, joined; who
holds all of them can fill its line, or one of a single skill, each once."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Final
from uuid import UUID

from hotline.formulas.shares import shares

JOINT: Final = "+"
PATTERN: Final = r"^[0-9a-fA-F-]{32,36}(\+[0-9a-fA-F-]{32,36}){0,11}$"
MOST_LINES: Final = 10  # of a plan, where single skills are not more: cover is found over all sets of lines


def key_of(skills: Iterable[str]) -> str:
    """The name of the line that wants all these skills; a single skill's own id."""
    return JOINT.join(sorted(set(skills)))


def normal_key(key: object) -> str:
    """The same line's name as it is kept. Raises ValueError where a part is no id."""
    return key_of(str(UUID(part)) for part in str(key).split(JOINT))


def skills_in(key: str) -> list[str]:
    """The skills that somebody needs to fill the line."""
    return key.split(JOINT)


def skills_of(keys: Iterable[str]) -> set[str]:
    """Every skill that some line asks for."""
    return {skill for key in keys for skill in skills_in(key)}


def filled_by(able: Collection[str], keys: Iterable[str]) -> frozenset[str]:
    """The lines that somebody with these skills can fill."""
    return frozenset(key for key in keys if all(skill in able for skill in skills_in(key)))


def name_of(key: str, names: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """The line's name in both languages, made of its skills' names."""
    parts = skills_in(key)
    return {language: " + ".join(names.get(one, {}).get(language, one) for one in parts) for language in ("zh", "en")}


def few_enough(demand: Mapping[str, Sequence[int]], most_sets: int) -> dict[str, list[int]]:
    """The demand with at most so many sets: those that want fewest people are taken apart, their people wanted in turn
    of their skills. As many people are wanted as before."""
    found = {key: list(row) for key, row in demand.items()}
    sets = sorted((key for key in found if JOINT in key), key=lambda key: (sum(found[key]), key))
    for key in sets[: max(0, len(sets) - max(0, most_sets))]:
        row, parts = found.pop(key), skills_in(key)
        for slot, people in enumerate(row):
            for skill, many in zip(parts, shares([1] * len(parts), people), strict=True):
                found.setdefault(skill, [0] * len(row))[slot] += many
    return found
