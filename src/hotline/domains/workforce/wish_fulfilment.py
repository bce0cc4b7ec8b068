"""Whether the wishes of a roster's days were granted, told once the roster is published."""

from collections.abc import Mapping
from datetime import date
from typing import Final

from hotline.domains.workforce.judging import Person, Work, is_night
from hotline.domains.workforce.models import Roster, Wish
from hotline.domains.workforce.planned_people import works_of

_BATCH: Final = 500


def is_granted(kind: str, shift_kind_id: str | None, work: Work | None, person: Person | None) -> bool:
    """Whether what somebody works on the day is as wished. A day off is no night, but not the wished shift either."""
    if kind == Wish.Kind.OFF:
        return work is None
    if kind == Wish.Kind.NO_NIGHT:
        return work is None or person is None or not is_night(person.limits, work)
    return work is not None and work.shift_kind_id == shift_kind_id


def tell_wishes(roster: Roster, people: dict[str, Person]) -> tuple[int, int]:
    """How many wishes of the roster's days are granted, and of how many; kept with each wish. Needs a scope and a
    transaction."""
    rows = Wish.objects.filter(tenant_id=roster.tenant_id, day__gte=roster.first_day, day__lte=roster.last_day)
    wishes = list(rows)
    shifts = roster.shifts.filter(day__in={wish.day for wish in wishes})
    works = {(agent, work.day): work for agent, own in works_of(shifts).items() for work in own}
    granted = [wish.pk for wish in wishes if _is_granted(wish, works, people)]
    rows.update(is_granted=False)
    for first in range(0, len(granted), _BATCH):
        Wish.objects.filter(pk__in=granted[first : first + _BATCH]).update(is_granted=True)
    return len(granted), len(wishes)


def _is_granted(wish: Wish, works: Mapping[tuple[str, date], Work], people: Mapping[str, Person]) -> bool:
    agent_id = str(wish.agent_id)
    kind_id = str(wish.shift_kind_id) if wish.shift_kind_id else None
    return is_granted(wish.kind, kind_id, works.get((agent_id, wish.day)), people.get(agent_id))
