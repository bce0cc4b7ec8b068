"""Rosters before the judge: what is broken in a whole one, and what an edit would break."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from uuid import UUID

from django.utils import timezone

from hotline.domains.people import queries as people
from hotline.domains.workforce import roster_errors as errors
from hotline.domains.workforce.break_rule import break_minutes
from hotline.domains.workforce.judging import Breach, Horizon, Person, Work, judge
from hotline.domains.workforce.models import Roster
from hotline.domains.workforce.planned_people import planned_people
from hotline.domains.workforce.roster_coverage import Gap, Presence, seats_overrun, shifted
from hotline.domains.workforce.roster_demand import skills_wanted
from hotline.domains.workforce.roster_works import ShiftRow, kinds_of, shifts_of, works_of_roster
from hotline.domains.workforce.rule_errors import rule_error
from hotline.domains.workforce.shift_layout import DAY_MIN, Layout

Changes = Mapping[tuple[str, date], Layout | None]  # by agent and day; none: off


def breaches_of(roster: Roster, days: Horizon) -> list[tuple[str, Breach]]:
    """Every hard rule that the roster breaks, with whose work it is; needs a scope."""
    known = planned_people(roster.tenant_id, days, timezone.now(), wanted=skills_wanted(roster))
    works = works_of_roster(roster)
    return [
        (agent_id, breach)
        for agent_id, person in known.items()
        for breach in person_breaches(person, works.get(agent_id, []), days)
    ]


def person_breaches(
    person: Person, works: Iterable[Work], days: Horizon, touched: frozenset[date] | None = None
) -> list[Breach]:
    """What the judge says, without "too few hours" of somebody who is not active and is given none."""
    found = judge(person, works, days, touched)
    return found if person.is_active else [breach for breach in found if not is_too_few_hours(breach)]


def is_too_few_hours(breach: Breach) -> bool:
    """Whether it is a roster's hours that are below the least ones."""
    minutes, least = breach.data.get("minutes"), breach.data.get("least")
    return breach.rule == "hours" and isinstance(minutes, int) and isinstance(least, int) and minutes < least


def judged_edit(roster: Roster, days: Horizon, changes: Changes) -> dict[str, list[Breach]]:
    """What is broken for the people of the changes once these are made, by agent id; needs a scope.

    Raises the rule's own error, or RosterOverSeatsError, where the roster is published and this would break what it
    keeps. Taking work away is never refused for too few hours: somebody fell ill, and the roster has to say so."""
    agent_ids = sorted({agent_id for agent_id, _ in changes})
    known = planned_people(roster.tenant_id, days, timezone.now(), agent_ids, skills_wanted(roster))
    before = works_of_roster(roster, agent_ids)
    after = {agent_id: _changed(agent_id, before.get(agent_id, []), changes) for agent_id in agent_ids}
    found = {agent_id: person_breaches(known[agent_id], after[agent_id], days) for agent_id in agent_ids}
    if roster.state == Roster.State.PUBLISHED:
        for agent_id, breaches in found.items():
            kept = person_breaches(known[agent_id], before.get(agent_id, []), days)
            _require_nothing_new(roster, agent_id, kept, breaches)
        _require_no_seat_more(roster, changes)
    return found


def _changed(agent_id: str, works: Iterable[Work], changes: Changes) -> list[Work]:
    kept = [work for work in works if (agent_id, work.day) not in changes]
    made = [
        Work(
            day=day,
            pieces=shift.pieces,
            paid_min=shift.paid_min,
            shift_kind_id=shift.kind_id,
            overtime_min=shift.overtime_min,
            excused_min=shift.excused_min,
            break_min=break_minutes(shift.pieces, shift.breaks),
        )
        for (whose, day), shift in changes.items()
        if whose == agent_id and shift is not None
    ]
    return kept + made


def _require_nothing_new(roster: Roster, agent_id: str, kept: list[Breach], breaches: list[Breach]) -> None:
    for breach in breaches:
        if breach not in kept and not is_too_few_hours(breach):
            name = people.agent_names([UUID(agent_id)])[UUID(agent_id)]
            raise rule_error(breach, name, roster.first_day)


def require_seats(roster: Roster) -> None:
    """Pass a roster that never has more people on shift than seats; needs a scope.

    Raises RosterOverSeatsError that names the first such interval."""
    if roster.seats is not None:
        _refuse_over(roster, roster.seats, _over_seats(roster, roster.seats, shifts_of(roster.pk)))


def _require_no_seat_more(roster: Roster, changes: Changes) -> None:
    """Pass changes after which no interval lacks seats that it did not lack before."""
    if roster.seats is None or not any(changes.values()):
        return
    days = {day + timedelta(days=n) for _, day in changes for n in (-2, -1, 0, 1, 2)}
    rows = list(shifts_of(roster.pk, days=days))
    before = set(_over_seats(roster, roster.seats, rows))
    after = _over_seats(roster, roster.seats, _after(rows, changes))
    _refuse_over(roster, roster.seats, [gap for gap in after if gap not in before])


def _over_seats(roster: Roster, seats: int, rows: Iterable[ShiftRow]) -> list[Gap]:
    return seats_overrun(seated(roster, rows), seats, roster.interval_min, slots_of(roster))


def _refuse_over(roster: Roster, seats: int, over: Sequence[Gap]) -> None:
    if not over:
        return
    day, minute = divmod(over[0].from_min, DAY_MIN)
    raise errors.RosterOverSeatsError(
        day=(roster.first_day + timedelta(days=day)).isoformat(),
        time=f"{minute // 60:02}:{minute % 60:02}",
        people=over[0].missing + seats,
        seats=seats,
        over=over[0].missing,
    )


def slots_of(roster: Roster) -> int:
    """The intervals of the roster's days."""
    return ((roster.last_day - roster.first_day).days + 1) * (DAY_MIN // roster.interval_min)


def _after(rows: Iterable[ShiftRow], changes: Changes) -> list[ShiftRow]:
    kept = [row for row in rows if (row.agent_id, row.day) not in changes]
    return kept + [
        ShiftRow(agent_id, day, shift.kind_id, shift.pieces, shift.breaks, shift.paid_min, shift.overtime_min)
        for (agent_id, day), shift in changes.items()
        if shift is not None
    ]


def seated(roster: Roster, rows: Iterable[ShiftRow]) -> list[Presence]:
    """The shifts that take a seat, on the roster's time line; those on call wait at home."""
    on_call = {kind_id for kind_id, kind in kinds_of(roster.tenant_id).items() if kind.is_on_call}
    first = roster.first_day.toordinal()
    return [
        Presence(mask=0, pieces=shifted(row.pieces, row.day.toordinal() - first))
        for row in rows
        if row.kind_id not in on_call
    ]
