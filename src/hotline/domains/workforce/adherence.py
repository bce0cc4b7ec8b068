"""What somebody did against what was planned: adherence, conformance, and who is late, away too long or not there.

Pure: moments in, figures out. Adherence asks whether the right thing was done at the right time, conformance only
whether enough was done. Source: docs/workforce-day.md#adherence."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Final, Literal

Planned = Literal["work", "break", "training", "meeting", "coaching", "absence"]
Doing = Literal["work", "away", "out"]
_WORKING: Final = frozenset({"available", "offered", "busy", "wrap_up"})
_NONE: Final = timedelta()


@dataclass(frozen=True, slots=True)
class Segment:
    """What is planned from `begins` until just before `ends`."""

    kind: Planned
    begins: datetime
    ends: datetime


@dataclass(frozen=True, slots=True)
class Stretch:
    """What was done from `begins` until just before `ends`; None: it goes on."""

    doing: Doing
    begins: datetime
    ends: datetime | None


@dataclass(frozen=True, slots=True)
class Figures:
    """One person's day up to a moment. Times in whole seconds; `out_of_plan_at`: since when something else is done
    than what is planned, None while the plan is kept."""

    planned_s: int
    kept_s: int
    planned_work_s: int
    worked_s: int
    late_s: int
    early_leave_s: int
    long_break_s: int
    is_absent: bool
    out_of_plan_at: datetime | None


def doing(state: str | None) -> Doing:
    """What an agent's state comes to; None, like signed_out, is not being there."""
    if state in _WORKING:
        return "work"
    return "away" if state == "away" else "out"


def fits(planned: Planned, done: Doing) -> bool:
    """Whether that is what was planned: contacts are taken in work, and at no other time."""
    return done == "work" if planned == "work" else done != "work"


def layered(layers: Iterable[Iterable[Segment]]) -> list[Segment]:
    """The plan of a day from its layers, each of which covers the ones before it; only the first one makes time: a
    break outside of the shift is none. In order, without gaps within the shift."""
    base, *upper = [sorted(layer, key=lambda one: one.begins) for layer in layers]
    found = base
    for layer in upper:
        for cover in layer:
            found = [piece for segment in found for piece in _covered(segment, cover)]
    return _joined(sorted(found, key=lambda one: one.begins))


def figures(plan: Sequence[Segment], done: Sequence[Stretch], now: datetime, tolerance_min: int) -> Figures:
    """The figures up to `now`. A deviation of at most `tolerance_min` minutes beside a planned change is none."""
    tolerance = timedelta(minutes=tolerance_min)
    counted = [segment for segment in plan if segment.kind != "absence"]
    past = [_until(segment, now) for segment in counted if segment.begins < now]
    planned = sum(((one.ends - one.begins) for one in past), _NONE)
    kept = planned - sum((_missed(one, done, now, tolerance) for one in past), _NONE)
    work = sum(((one.ends - one.begins) for one in past if one.kind == "work"), _NONE)
    worked = sum(((_end(one, now) - one.begins) for one in done if one.doing == "work"), _NONE)
    blocks = [_Block(block, done, now, tolerance) for block in _blocks(counted)]
    return Figures(
        planned_s=_s(planned),
        kept_s=_s(kept),
        planned_work_s=_s(work),
        worked_s=_s(worked),
        late_s=max((_s(block.late) for block in blocks), default=0),
        early_leave_s=max((_s(block.early_leave) for block in blocks), default=0),
        long_break_s=_s(_long_break(plan, done, now, tolerance)),
        is_absent=any(block.is_absent for block in blocks),
        out_of_plan_at=_out_of_plan_at(counted, done, now),
    )


def _covered(segment: Segment, cover: Segment) -> Iterator[Segment]:
    """The segment with the part that the cover lies over replaced."""
    begins, ends = max(segment.begins, cover.begins), min(segment.ends, cover.ends)
    if begins >= ends:
        yield segment
        return
    if segment.begins < begins:
        yield Segment(segment.kind, segment.begins, begins)
    yield Segment(cover.kind, begins, ends)
    if ends < segment.ends:
        yield Segment(segment.kind, ends, segment.ends)


def _joined(segments: Sequence[Segment]) -> list[Segment]:
    found: list[Segment] = []
    for segment in segments:
        last = found[-1] if found else None
        if last is not None and last.kind == segment.kind and last.ends == segment.begins:
            found[-1] = Segment(last.kind, last.begins, segment.ends)
        else:
            found.append(segment)
    return found


def _until(segment: Segment, now: datetime) -> Segment:
    return Segment(segment.kind, segment.begins, min(segment.ends, now))


def _end(stretch: Stretch, now: datetime) -> datetime:
    """When it ended, or now; never before it began."""
    return max(stretch.begins, now if stretch.ends is None else min(stretch.ends, now))


def _whole(done: Sequence[Stretch], begins: datetime, ends: datetime, now: datetime) -> list[Stretch]:
    """Everything between two moments without gaps: where nothing is told, nobody is there."""
    found: list[Stretch] = []
    at = begins
    for one in sorted(done, key=lambda one: one.begins):
        since, until = max(one.begins, at), min(_end(one, now), ends)
        if since >= until:
            continue
        if at < since:
            found.append(Stretch("out", at, since))
        found.append(Stretch(one.doing, since, until))
        at = until
    if at < ends:
        found.append(Stretch("out", at, ends))
    return found


def _deviations(segment: Segment, done: Sequence[Stretch], now: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Stretches within the segment in which something else was done, those that touch taken together."""
    since: datetime | None = None
    for one in _whole(done, segment.begins, segment.ends, now):
        if fits(segment.kind, one.doing):
            if since is not None:
                yield since, one.begins
            since = None
        elif since is None:
            since = one.begins
    if since is not None:
        yield since, segment.ends


def _missed(segment: Segment, done: Sequence[Stretch], now: datetime, tolerance: timedelta) -> timedelta:
    missed = _NONE
    for begins, ends in _deviations(segment, done, now):
        is_at_edge = begins == segment.begins or ends == segment.ends
        if not (is_at_edge and ends - begins <= tolerance):
            missed += ends - begins
    return missed


def _blocks(plan: Sequence[Segment]) -> list[list[Segment]]:
    """The plan in pieces without gaps: a split shift has two, to each of which one comes and from which one goes."""
    found: list[list[Segment]] = []
    for segment in plan:
        if found and found[-1][-1].ends == segment.begins:
            found[-1].append(segment)
        else:
            found.append([segment])
    return found


class _Block:
    """How somebody came to a piece of their shift, and how they went."""

    def __init__(self, plan: Sequence[Segment], done: Sequence[Stretch], now: datetime, tolerance: timedelta) -> None:
        begins, ends = plan[0].begins, min(now, plan[-1].ends)
        self.late = self.early_leave = _NONE
        self.is_absent = False
        if ends - begins <= tolerance:
            return
        there = [one for one in _whole(done, begins, ends, now) if one.doing != "out"]
        self.is_absent = not there
        if not there:
            return
        late = there[0].begins - begins
        self.late = late if late > tolerance else _NONE
        early = plan[-1].ends - _end(there[-1], now)
        self.early_leave = early if now >= plan[-1].ends and early > tolerance else _NONE


def _long_break(plan: Sequence[Segment], done: Sequence[Stretch], now: datetime, tolerance: timedelta) -> timedelta:
    """By how much the longest of the breaks was longer than planned; being late or leaving is something else."""
    longest = _NONE
    for begins, ends in _rests(plan, done, now):
        free = [one for one in plan if one.kind != "work" and one.begins < ends and begins < one.ends]
        if any(one.kind == "break" for one in free):
            longest = max(longest, ends - begins - sum((one.ends - one.begins for one in free), _NONE))
    return longest if longest > tolerance else _NONE


def _rests(plan: Sequence[Segment], done: Sequence[Stretch], now: datetime) -> Iterator[tuple[datetime, datetime]]:
    """The stretches without contacts between two of work, and the one that still lasts."""
    if not plan or now <= plan[0].begins:
        return
    is_over = now >= plan[-1].ends
    whole = _whole(done, plan[0].begins, min(now, plan[-1].ends), now)
    works = [(one.begins, _end(one, now)) for one in whole if one.doing == "work"]
    for (_, ends), (begins, _) in pairwise(works):
        yield ends, begins
    if works and not is_over and works[-1][1] < now:
        yield works[-1][1], now


def _out_of_plan_at(plan: Sequence[Segment], done: Sequence[Stretch], now: datetime) -> datetime | None:
    """Since when the plan of this very moment is not kept: the last deviation that lasts until now."""
    segment = next((one for one in plan if one.begins <= now < one.ends), None)
    if segment is None or segment.begins == now:
        return None
    deviations = list(_deviations(_until(segment, now), done, now))
    if not deviations or deviations[-1][1] != now:
        return None
    return deviations[-1][0]


def _s(length: timedelta) -> int:
    return int(length.total_seconds())
