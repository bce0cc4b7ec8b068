"""The solver's answer as shifts of a roster, and what is told of how good it is."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from hotline.domains.workforce.models import Roster, RosterShift, ShiftKind
from hotline.domains.workforce.skill_sets import skills_in
from hotline.domains.workforce.wall_time import moments_of
from hotline.foundation.ids import as_uuid

_MOST_GAPS: Final = 500  # told one by one; their number is told in any case
_WHOLE: Final = 10_000
_DAY_MIN: Final = 24 * 60


def shifts_of(roster: Roster, answer: Mapping[str, Any], zone: ZoneInfo) -> list[RosterShift]:
    """The answer's assignments as rows that are not saved yet."""
    kinds = {str(kind.pk): kind for kind in ShiftKind.objects.filter(tenant_id=roster.tenant_id)}
    rows = [_shift(roster, given, kinds[given["shift"]], zone) for given in answer["assignments"]]
    _take_turns([row for row in rows if row.day == roster.last_day])
    return rows


def _take_turns(rows: Iterable[RosterShift]) -> None:
    """Breaks after the roster's last midnight are taken one after the other: the solver, which sees no demand there,
    gives them to everybody at once."""
    taken: Counter[tuple[Any, ...]] = Counter()
    for row in rows:
        start = row.pieces[0][0]
        for place, (rule, given) in enumerate(zip(row.shift_kind.breaks, row.breaks, strict=False)):
            since = max(start + rule["earliest_min"], _DAY_MIN)
            turns = range(since, start + rule["latest_min"] + 1, rule["length_min"])
            if given[0] >= _DAY_MIN and turns:
                key = row.skill_id, row.shift_kind_id, start, place
                begin = turns[taken[key] % len(turns)]
                taken[key] += 1
                row.breaks[place] = [begin, begin + rule["length_min"]]


def _shift(roster: Roster, given: Mapping[str, Any], kind: ShiftKind, zone: ZoneInfo) -> RosterShift:
    start = datetime.fromisoformat(given["start"])
    day, begin = start.date(), start.hour * 60 + start.minute
    pieces = [[begin + first, begin + first + length] for first, length in kind.pieces]
    starts_at, ends_at = moments_of(day, pieces, zone)
    return RosterShift(
        tenant_id=roster.tenant_id,
        roster=roster,
        agent_id=as_uuid(given["person"]),
        day=day,
        shift_kind=kind,
        starts_at=starts_at,
        ends_at=ends_at,
        pieces=pieces,
        breaks=[[_minute(rest["start"], day), _minute(rest["end"], day)] for rest in given["breaks"]],
        skill_id=as_uuid(skills_in(given["skill"])[0]) if given["skill"] else None,
        paid_min=_paid(kind),
        source=RosterShift.Source.SOLVER,
    )


def _minute(moment: str, day: date) -> int:
    return int((datetime.fromisoformat(moment) - datetime.combine(day, time())).total_seconds() // 60)


def _paid(kind: ShiftKind) -> int:
    if kind.paid_min is not None:
        return kind.paid_min
    unpaid: int = sum(rest["length_min"] for rest in kind.breaks if not rest.get("is_paid"))
    worked: int = sum(length for _, length in kind.pieces)
    return worked - unpaid


def figures_of(answer: Mapping[str, Any], names: Mapping[str, str], rows: Sequence[RosterShift]) -> dict[str, Any]:
    """What is kept of a solve. `coverage` in hundredths of a per cent of the demand; `gaps` are intervals with people
    missing, joined where nothing changes; `left_out` says who was not planned and why."""
    unplanned = [
        {"agent_id": one["person"], "name": names.get(one["person"], ""), "code": "no_legal_line", "why": one["why"]}
        for one in answer["left_out"]
    ]
    gaps = joined_gaps(answer["unfilled"], int(answer["interval_min"]))
    return {
        "coverage": int(answer["coverage_ratio"] * _WHOLE),
        "people": len({row.agent_id for row in rows}),
        "shifts": len(rows),
        "paid_min": sum(row.paid_min for row in rows),
        "wishes_broken": answer["wishes_broken"],
        "breaches": len(answer["breaches"]),
        "missing_min": sum(gap["missing"] * gap["minutes"] for gap in gaps),
        "gap_count": len(gaps),
        "gaps": gaps[:_MOST_GAPS],
        "left_out": [*answer["not_planned"], *unplanned],
        "cpu_s": round(answer["cpu_s"], 1),
    }


def joined_gaps(unfilled: Iterable[Mapping[str, Any]], interval_min: int) -> list[dict[str, Any]]:
    """Unfilled intervals of a skill that follow each other with as many people missing, as one; by time, then skill.

    `where` says where those are who could serve, at its beginning."""
    found: list[dict[str, Any]] = []
    last: dict[str, dict[str, Any]] = {}
    for one in unfilled:
        begin, before = datetime.fromisoformat(one["start"]), last.get(one["skill"])
        if before is not None and before["missing"] == one["missing"] and _end_of(before) == begin:
            before["minutes"] += interval_min
            continue
        gap = {"start": one["start"], "minutes": interval_min, "skill_id": one["skill"]}
        last[one["skill"]] = gap | {"missing": one["missing"], "where": one["where"]}
        found.append(last[one["skill"]])
    return found


def _end_of(gap: Mapping[str, Any]) -> datetime:
    return datetime.fromisoformat(gap["start"]) + timedelta(minutes=gap["minutes"])


def person_ids(answer: Mapping[str, Any]) -> set[UUID]:
    """Everybody whom the answer speaks of."""
    return {as_uuid(one["person"]) for part in ("assignments", "left_out") for one in answer[part]}
