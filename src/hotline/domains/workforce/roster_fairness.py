"""What people had of nights, weekends, holidays and granted wishes this year, so that the next roster evens it out."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Count

from hotline.domains.workforce.judging import Horizon, Person, Work, is_night
from hotline.domains.workforce.models import RosterShift, Wish

_MOST_NIGHTS = 40  # a larger difference weighs no more
_FAIREST, _LEAST, _MOST = 0.1, 0.5, 2.0


@dataclass(slots=True)
class Share:
    """One person's part of the year so far."""

    nights: int = 0
    weekends: int = 0  # Saturdays, Sundays and public holidays worked
    wishes: int = 0  # that were granted


@dataclass(slots=True)
class Year:
    """Everybody's parts, by agent id, of the year in which a roster begins."""

    shares: defaultdict[str, Share] = field(default_factory=lambda: defaultdict(Share))

    def nights_before(self, agent_id: str) -> int:
        """Nights more than the person who had fewest."""
        least = min((share.nights for share in self.shares.values()), default=0)
        return min(_MOST_NIGHTS, self.shares[agent_id].nights - least)

    def weight(self, agent_id: str, weight: int, *, is_rest_day: bool) -> float:
        """A wish's weight: more for those who had fewer wishes granted and, on days others rest, more such days."""
        people = max(1, len(self.shares))
        own = self.shares[agent_id]
        less = sum(share.wishes for share in self.shares.values()) / people - own.wishes
        more = own.weekends - sum(share.weekends for share in self.shares.values()) / people if is_rest_day else 0.0
        return weight * min(_MOST, max(_LEAST, 1 + _FAIREST * (less + more)))


def year_until(tenant_id: UUID, first: date, people: dict[str, Person], holidays: frozenset[date]) -> Year:
    """What published rosters gave from the first of January until the day before `first`; needs a scope.

    Three queries, which answer as many rows as there are people, however long the year is."""
    year = Year()
    for agent_id in people:
        year.shares[agent_id] = Share()
    rows = RosterShift.objects.filter(
        tenant_id=tenant_id, roster__state="published", day__gte=first.replace(month=1, day=1), day__lt=first
    )
    for agent_id, pieces, number in rows.values_list("agent_id", "pieces").annotate(number=Count("pk")).order_by():
        person = people.get(str(agent_id))
        if person is not None and is_night(person.limits, _as_work(first, pieces)):
            year.shares[person.agent_id].nights += number
    rest = rows.filter(day__in=_rest_days(first, holidays)).values_list("agent_id").annotate(number=Count("pk"))
    for agent_id, number in rest.order_by():
        year.shares[str(agent_id)].weekends = number
    granted = Wish.objects.filter(
        tenant_id=tenant_id, is_granted=True, day__gte=first.replace(month=1, day=1), day__lt=first
    )
    for agent_id, number in granted.values_list("agent_id").annotate(number=Count("pk")).order_by():
        year.shares[str(agent_id)].wishes = number
    return year


def days_of(days: Horizon) -> list[date]:
    """The days, both ends included."""
    return [days.first + timedelta(days=n) for n in range((days.last - days.first).days + 1)]


def _rest_days(first: date, holidays: frozenset[date]) -> list[date]:
    begin = first.replace(month=1, day=1)
    days = [begin + timedelta(days=n) for n in range((first - begin).days)]
    return [day for day in days if day.weekday() > 4 or day in holidays]


def _as_work(day: date, pieces: list[list[int]]) -> Work:
    return Work(day=day, pieces=tuple((begin, end) for begin, end in pieces), paid_min=0)
