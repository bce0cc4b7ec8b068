"""An independent checker of our own rosters: it shares no code with the solver.

It reads problem and answer as plain JSON, walks through each person's shifts, and counts coverage by the least cut over
sets of skills (which equals the maximum flow from people on duty to demand). Shifts stand in local time; rest, breaks
and paid time are real time: they differ where clocks change."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Report:
    """Sentences for every hard rule broken; share of demand covered; wishes broken; most nights of one person."""

    breaches: tuple[str, ...]
    coverage_ratio: float
    wishes_broken: int
    most_nights: int


@dataclass(frozen=True, slots=True)
class Duty:
    """One shift as it stands in the answer. `pieces` are worked, apart from `breaks`."""

    person: str
    start: datetime
    end: datetime
    kind: dict[str, Any]
    pieces: tuple[tuple[datetime, datetime], ...]
    breaks: tuple[tuple[datetime, datetime], ...]
    zone: ZoneInfo

    @property
    def paid_min(self) -> float:
        """Paid minutes: as the kind says, else worked minutes without unpaid breaks."""
        if self.kind.get("paid_min") is not None:
            return float(self.kind["paid_min"])
        unpaid = sum(b["length_min"] for b in self.kind.get("breaks", []) if not b.get("is_paid", False))
        return sum(_elapsed(self.zone, a, b) / _MINUTE for a, b in self.pieces) - float(unpaid)


def _elapsed(zone: ZoneInfo, begin: datetime, end: datetime) -> timedelta:
    """Real time between two local moments; one that comes twice means the first time."""
    return end.replace(tzinfo=zone).astimezone(UTC) - begin.replace(tzinfo=zone).astimezone(UTC)


def _exists(zone: ZoneInfo, moment: datetime) -> bool:
    """Whether the clocks of the zone ever show a moment."""
    return moment.replace(tzinfo=zone).astimezone(UTC).astimezone(zone).replace(tzinfo=None) == moment


def check(problem: dict[str, Any], answer: dict[str, Any]) -> Report:
    """The report on an answer; an assignment that cannot be read is itself a breach."""
    breaches: list[str] = []
    duties = _duties(problem, answer, breaches)
    people = {person["id"]: person for person in problem["people"]}
    for name, person in people.items():
        breaches += [f"{name}: {text}" for text in _person_breaches(problem, person, duties.get(name, []))]
    breaches += _seat_breaches(problem, duties)
    nights = {name: sum(_is_night(problem, d) for d in own) for name, own in duties.items()}
    wishes = sum(_broken_wishes(problem, person, duties.get(name, [])) for name, person in people.items())
    return Report(tuple(breaches), _coverage(problem, people, duties), wishes, max(nights.values(), default=0))


def _duties(problem: dict[str, Any], answer: dict[str, Any], breaches: list[str]) -> dict[str, list[Duty]]:
    zone, kinds = ZoneInfo(problem["zone"]), {kind["id"]: kind for kind in problem["shifts"]}
    names = {person["id"] for person in problem["people"]}
    found: dict[str, list[Duty]] = defaultdict(list)
    for number, given in enumerate(answer["assignments"]):
        if given["person"] not in names or given["shift"] not in kinds:
            breaches.append(f"assignments[{number}]: unknown person or shift")
            continue
        kind = kinds[given["shift"]]
        start, end = datetime.fromisoformat(given["start"]), datetime.fromisoformat(given["end"])
        pieces = tuple((start + a * _MINUTE, start + (a + n) * _MINUTE) for a, n in kind["pieces"])
        breaks = tuple(
            (datetime.fromisoformat(b["start"]), datetime.fromisoformat(b["end"])) for b in given.get("breaks", [])
        )
        found[given["person"]].append(Duty(given["person"], start, end, kind, pieces, breaks, zone))
    for own in found.values():
        own.sort(key=lambda duty: duty.start)
    return found


def _person_breaches(problem: dict[str, Any], person: dict[str, Any], own: list[Duty]) -> list[str]:
    rules = next(r for r in problem["rules"] if r["id"] == person["rules"])
    none: dict[str, Any] = {}
    rotation = next((r for r in problem.get("rotations", []) if r["id"] == person.get("rotation")), none)
    return [
        *(text for duty in own for text in _duty_breaches(problem, person, rotation, duty)),
        *_rest_breaches(rules, own),
        *_run_breaches(problem, rules, own),
        *_hour_breaches(problem, person, rules, rotation, own),
        *_count_breaches(problem, rules, own),
        *_block_breaches(problem, rotation, own),
    ]


def _duty_breaches(problem: dict[str, Any], person: dict[str, Any], rotation: dict[str, Any], duty: Duty) -> list[str]:
    at = duty.start.isoformat(timespec="minutes")
    found = []
    if duty.end != duty.pieces[-1][1] or not _may_start(problem, duty):
        found.append(f"{at}: the kind {duty.kind['id']} neither starts nor ends so")
    edges = [moment for piece in duty.pieces for moment in piece]
    if not all(_exists(duty.zone, edge) or _exists(duty.zone, edge - _MINUTE) for edge in edges):
        found.append(f"{at}: starts or ends at a time that the clocks leap over")
    if person.get("shifts") is not None and duty.kind["id"] not in person["shifts"]:
        found.append(f"{at}: the kind {duty.kind['id']} is not hers or his")
    if rotation.get("forbids_split") and len(duty.pieces) > 1:
        found.append(f"{at}: a split shift against the rotation")
    midnight = datetime.combine(duty.start.date(), datetime.min.time())
    if person.get("latest_end") and duty.end > midnight + _clock(person["latest_end"]):
        found.append(f"{at}: ends after {person['latest_end']}")
    if person.get("earliest_start") and duty.start < midnight + _clock(person["earliest_start"]):
        found.append(f"{at}: starts before {person['earliest_start']}")
    for begin, end in rotation.get("forbidden", []):
        if any(_touches_daily(piece, begin, end) for piece in duty.pieces):
            found.append(f"{at}: works between {begin} and {end} against the rotation")
    margin = timedelta(minutes=person.get("travel_min", 0))
    absences = [(span, timedelta()) for span in person.get("unavailable", [])] + [
        (s, margin) for s in person.get("lessons", [])
    ]
    for span, extra in absences:
        first, last = datetime.fromisoformat(span["start"]) - extra, datetime.fromisoformat(span["end"]) + extra
        if any(a < last and first < b for a, b in duty.pieces):
            found.append(f"{at}: unavailable from {span['start']} to {span['end']}")
    return found + _break_breaches(duty, at)


def _may_start(problem: dict[str, Any], duty: Duty) -> bool:
    minute = duty.start.hour * 60 + duty.start.minute
    step = duty.kind.get("starts_every_min", 0)
    if step:
        return bool(minute % step == 0)
    return any(_clock(clock) == minute * _MINUTE for clock in duty.kind.get("starts", []))


def _break_breaches(duty: Duty, at: str) -> list[str]:
    wanted = duty.kind.get("breaks", [])
    if len(wanted) != len(duty.breaks):
        return [f"{at}: {len(duty.breaks)} breaks instead of {len(wanted)}"]
    found = []
    for rule, (begin, end) in zip(wanted, duty.breaks, strict=True):
        offset, length = (begin - duty.start) / _MINUTE, _elapsed(duty.zone, begin, end) / _MINUTE
        if length != rule["length_min"] or not rule["earliest_min"] <= offset <= rule["latest_min"]:
            found.append(
                f"{at}: a break at {begin.isoformat(timespec='minutes')} is too early, too late or of a wrong length"
            )
        if not any(first <= begin and end <= last for first, last in duty.pieces):
            found.append(f"{at}: a break at {begin.isoformat(timespec='minutes')} is outside the working time")
    if any(after[0] < before[1] for before, after in pairwise(duty.breaks)):
        found.append(f"{at}: breaks overlap")
    return found


def _touches_daily(piece: tuple[datetime, datetime], begin: str, end: str) -> bool:
    day = datetime.combine(piece[0].date(), datetime.min.time()) - timedelta(days=1)
    while day <= piece[1]:
        first, last = day + _clock(begin), day + _clock(end)
        last += timedelta(days=1) if last <= first else timedelta()
        if piece[0] < last and first < piece[1]:
            return True
        day += timedelta(days=1)
    return False


def _rest_breaches(rules: dict[str, Any], own: list[Duty]) -> list[str]:
    rest = timedelta(minutes=rules.get("rest_min", 660))
    gaps = [(before, after, _elapsed(after.zone, before.end, after.start)) for before, after in pairwise(own)]
    return [
        f"{after.start.isoformat(timespec='minutes')}: only {gap / _MINUTE:g} minutes of rest"
        for before, after, gap in gaps
        if gap < rest or after.start.date() == before.start.date()
    ]


def _run_breaches(problem: dict[str, Any], rules: dict[str, Any], own: list[Duty]) -> list[str]:
    nights = {duty.start.date(): _is_night(problem, duty) for duty in own}
    found = []
    for wanted, name in ((rules.get("most_days_running", 6), "days"), (rules.get("most_nights_running"), "nights")):
        run, before = 0, None
        for day in sorted(nights):
            if name == "nights" and not nights[day]:
                run, before = 0, day
                continue
            run = run + 1 if before is not None and day - before == timedelta(days=1) else 1
            before = day
            if wanted is not None and run == wanted + 1:
                found.append(f"{day}: more than {wanted} {name} running")
    return found


def _hour_breaches(
    problem: dict[str, Any], person: dict[str, Any], rules: dict[str, Any], rotation: dict[str, Any], own: list[Duty]
) -> list[str]:
    least, most = person.get("hours") or rules["hours"]
    if rotation.get("hours_ratio") is not None:
        middle, ratio = (least + most) / 2, rotation["hours_ratio"]
        least, most = max(least, middle * (1 - ratio)), min(most, middle * (1 + ratio))
    hours = sum(duty.paid_min for duty in own) / 60
    found = [] if least - 1e-9 <= hours <= most + 1e-9 else [f"{hours:g} hours, wanted {least:g} to {most:g}"]
    weeks: dict[tuple[int, int], list[Duty]] = defaultdict(list)
    for duty in own:
        weeks[duty.start.isocalendar()[:2]].append(duty)
    for (_, week), duties in weeks.items():
        if len(duties) > rules.get("most_days_week", 6):
            found.append(f"{len(duties)} days in week {week}")
        week_hours = sum(duty.paid_min for duty in duties) / 60
        if rules.get("most_week_hours") is not None and week_hours > rules["most_week_hours"] + 1e-9:
            found.append(f"{week_hours:g} hours in week {week}")
    return found


def _count_breaches(problem: dict[str, Any], rules: dict[str, Any], own: list[Duty]) -> list[str]:
    holidays = set(problem.get("holidays", []))
    counts = (
        ("most_nights", sum(_is_night(problem, duty) for duty in own)),
        ("most_weekends", len({duty.start.isocalendar()[:2] for duty in own if duty.start.weekday() >= 5})),
        ("most_holidays", sum(duty.start.date().isoformat() in holidays for duty in own)),
    )
    return [
        f"{n} against {name} {rules[name]}" for name, n in counts if rules.get(name) is not None and n > rules[name]
    ]


def _block_breaches(problem: dict[str, Any], rotation: dict[str, Any], own: list[Duty]) -> list[str]:
    """A block of whole days off in every ISO week that lies wholly inside the horizon."""
    wanted = rotation.get("rest_block_days", 0)
    if not wanted:
        return []
    start = date.fromisoformat(problem["start"])
    worked = {duty.start.date() for duty in own}
    found = []
    for offset in range((7 - start.weekday()) % 7, problem["days"] - 6, 7):
        longest = run = 0
        for day in range(offset, offset + 7):
            run = 0 if start + timedelta(days=day) in worked else run + 1
            longest = max(longest, run)
        if longest < wanted:
            found.append(f"no {wanted} whole days off together in the week from {start + timedelta(days=offset)}")
    return found


def _is_night(problem: dict[str, Any], duty: Duty) -> bool:
    begin, end = problem.get("night", ["22:00", "06:00"])
    total = timedelta()
    for first, last in duty.pieces:
        day = datetime.combine(first.date(), datetime.min.time()) - timedelta(days=1)
        while day <= last:
            a, b = day + _clock(begin), day + _clock(end)
            b += timedelta(days=1) if b <= a else timedelta()
            total += max(timedelta(), min(last, b) - max(first, a))
            day += timedelta(days=1)
    return bool(total / _MINUTE >= problem.get("night_min", 180))


def _broken_wishes(problem: dict[str, Any], person: dict[str, Any], own: list[Duty]) -> int:
    by_day = {duty.start.date().isoformat(): duty for duty in own}
    broken = 0
    for wish in person.get("wishes", []):
        duty = by_day.get(wish["day"])
        if duty is not None:
            kind = wish.get("kind", "off")
            against = {"off": True, "no_night": _is_night(problem, duty)}
            broken += against.get(kind, duty.kind["id"] != kind)
    return broken


def _seat_breaches(problem: dict[str, Any], duties: dict[str, list[Duty]]) -> list[str]:
    if problem.get("seats") is None:
        return []
    on_shift = np.zeros(_slots(problem), np.int64)
    for own in duties.values():
        for duty in own:
            for first, last in duty.pieces:
                on_shift[_slot(problem, first) : max(0, _slot(problem, last))] += 1
    over = np.flatnonzero(on_shift > problem["seats"])
    return [f"more people than {problem['seats']} seats in {len(over)} intervals"] if len(over) else []


def _coverage(problem: dict[str, Any], people: dict[str, Any], duties: dict[str, list[Duty]]) -> float:
    """Covered demand over all intervals / demand: per interval the least cut over all sets of skills."""
    skills, slots = problem["skills"], _slots(problem)
    wanted = np.zeros((slots, len(skills)), np.int64)
    for demand in problem["demand"]:
        wanted[:, skills.index(demand["skill"])] += np.resize(np.array(demand["wanted"], np.int64), slots)
    wanted[_leapt(problem)] = 0
    here: dict[frozenset[str], np.ndarray[Any, Any]] = defaultdict(lambda: np.zeros(slots, np.int64))
    for name, own in duties.items():
        able = set(people[name]["skills"])
        able |= {b["borrower"] for b in problem.get("borrowing", []) if b["lender"] in able}
        for duty in own:
            serves = duty.kind.get("serves")
            served = frozenset(able if serves is None else able & set(serves))
            for first, last in duty.pieces:
                here[served][_slot(problem, first) : max(0, _slot(problem, last))] += 1
            for first, last in duty.breaks:
                here[served][_slot(problem, first) : max(0, _slot(problem, last))] -= 1
    least = np.full(slots, np.iinfo(np.int64).max)
    for bits in range(1 << len(skills)):
        chosen = {skill for n, skill in enumerate(skills) if bits >> n & 1}
        cut = wanted[:, [n for n in range(len(skills)) if bits >> n & 1]].sum(axis=1)
        cut = cut + sum((number for able, number in here.items() if not able <= chosen), np.zeros(slots, np.int64))
        least = np.minimum(least, cut)
    return float(least.sum()) / float(wanted.sum()) if wanted.sum() else 1.0


def _leapt(problem: dict[str, Any]) -> list[int]:
    """Intervals that do not exist because the clocks leap over them."""
    zone, start = ZoneInfo(problem["zone"]), datetime.combine(date.fromisoformat(problem["start"]), datetime.min.time())
    unit = timedelta(minutes=problem.get("interval_min", 30))
    found: list[int] = []
    for day in range(problem["days"]):
        midnight = start + timedelta(days=day)
        if _elapsed(zone, midnight, midnight + timedelta(days=1)) < timedelta(days=1):
            moments = [midnight + n * unit for n in range(timedelta(days=1) // unit)]
            found += [
                _slot(problem, m) for m in moments if not _exists(zone, m) and not _exists(zone, m + unit - _MINUTE)
            ]
    return found


def _slots(problem: dict[str, Any]) -> int:
    return int(problem["days"] * 1440 // problem.get("interval_min", 30))


def _slot(problem: dict[str, Any], moment: datetime) -> int:
    start = datetime.combine(date.fromisoformat(problem["start"]), datetime.min.time())
    return max(0, int((moment - start) / _MINUTE) // int(problem.get("interval_min", 30)))


def _clock(text: str) -> timedelta:
    return timedelta(hours=int(text[:2]), minutes=int(text[3:]))
