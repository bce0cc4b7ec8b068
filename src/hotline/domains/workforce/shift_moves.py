"""Moves of stored shifts: loads who is judged, refuses what is unlawful by its sentence, and writes what is not.

Callers hold the locks and the transaction."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import F, Q
from django.utils import timezone

from hotline.domains.people import queries as people
from hotline.domains.workforce import planned_people, swaps
from hotline.domains.workforce.judging import Breach, Person, Work
from hotline.domains.workforce.models import Roster, RosterShift, SkillBorrowing
from hotline.domains.workforce.request_errors import ColleagueCannotError, LacksSkillError, SecondShiftError
from hotline.domains.workforce.roster_demand import skills_wanted
from hotline.domains.workforce.rule_errors import rule_error
from hotline.domains.workforce.wall_time import moments_of
from hotline.foundation import audit
from hotline.foundation.actors import Actor
from hotline.kernel.errors import HotlineError


def lock_rosters(ids: Iterable[UUID]) -> None:
    """Hold these rosters, and those published around them, until the transaction ends, in the order of their ids.

    Somebody's work is judged by all of their shifts: two writes at once, in one roster or on both sides of a border,
    could each be lawful and both together not."""
    list(Roster.objects.select_for_update(of=("self",)).filter(pk__in=rosters_around(ids)).order_by("pk").only("pk"))


def lock_published(tenant_id: UUID, first: date, last: date) -> None:
    """The same with the rosters that are published for any of these days, whoever works then."""
    rosters = Roster.objects.filter(
        tenant_id=tenant_id, state=Roster.State.PUBLISHED, first_day__lte=last, last_day__gte=first
    )
    lock_rosters(rosters.values_list("pk", flat=True))


def rosters_around(ids: Iterable[UUID]) -> list[UUID]:
    """These rosters and those published so near to them that work in one counts in the other."""
    look = timedelta(days=planned_people.LOOK_BACK_DAYS)
    spans = Roster.objects.filter(pk__in=set(ids)).values_list("pk", "tenant_id", "first_day", "last_day")
    wanted = Q(pk__in=())
    for pk, tenant_id, first, last in spans:
        around = Q(tenant_id=tenant_id, first_day__lte=last + look, last_day__gte=first - look)
        wanted |= Q(pk=pk) | (around & Q(state=Roster.State.PUBLISHED))
    return list(Roster.objects.filter(wanted).order_by("pk").values_list("pk", flat=True))


def team_of(roster: Roster, agent_ids: Iterable[UUID | str] | None = None) -> swaps.Team:
    """These agents (none: everybody who can be planned) with their works in and around the roster."""
    return teams_of([roster], agent_ids)[0]


def teams_of(rosters: Iterable[Roster], agent_ids: Iterable[UUID | str] | None = None) -> list[swaps.Team]:
    """The same of each of these rosters of one tenant; everybody's works in and around all of them are in each."""
    each = list({roster.pk: roster for roster in rosters}.values())
    wanted = None if agent_ids is None else sorted(map(str, agent_ids))
    works = _works(each, wanted)
    return [_team(roster, works, wanted) for roster in each]


def _works(rosters: Sequence[Roster], wanted: Sequence[str] | None) -> dict[str, list[Work]]:
    shifts = RosterShift.objects.filter(roster__in=rosters)
    shifts = shifts if wanted is None else shifts.filter(agent_id__in=wanted)
    works = planned_people.works_of(shifts.order_by("day"))
    first, last = min(roster.first_day for roster in rosters), max(roster.last_day for roster in rosters)
    around = planned_people.works_around(rosters[0].tenant_id, first, last, wanted)
    return {agent: [*works.get(agent, ()), *around.get(agent, ())] for agent in {*works, *around}}


def _team(roster: Roster, works: Mapping[str, Sequence[Work]], wanted: Sequence[str] | None) -> swaps.Team:
    horizon = planned_people.horizon(roster.tenant_id, roster.first_day, roster.last_day)
    everybody = planned_people.planned_people(roster.tenant_id, horizon, timezone.now(), wanted, skills_wanted(roster))
    return swaps.Team(people=_with_borrowing(roster.tenant_id, everybody), works=works, horizon=horizon)


def _with_borrowing(tenant_id: UUID, everybody: Mapping[str, Person]) -> dict[str, Person]:
    """The same people, who also serve what the skills they have may lend to."""
    lent: dict[str, set[str]] = {}
    for lender, borrower in SkillBorrowing.objects.filter(tenant_id=tenant_id).values_list("lender_id", "borrower_id"):
        lent.setdefault(str(lender), set()).add(str(borrower))
    if not lent:
        return dict(everybody)
    return {
        agent_id: replace(
            person, skill_ids=person.skill_ids.union(*(lent.get(skill, ()) for skill in person.skill_ids))
        )
        for agent_id, person in everybody.items()
    }


def move_of(shift: RosterShift, taker: UUID | str | None = None) -> swaps.Move:
    """The stored shift as it would go from its owner to the taker."""
    return swaps.Move(
        work=planned_people.work_of(shift),
        giver=str(shift.agent_id),
        taker=None if taker is None else str(taker),
        skill_id=str(shift.skill_id) if shift.skill_id else None,
    )


def require_lawful(moves: Sequence[swaps.Move], teams: Sequence[swaps.Team], asking: UUID | str | None = None) -> None:
    """Pass moves that may be done. Raises the error of the first rule that one of them would break.

    With `asking`, the agent who reads the error: what protects a colleague's life (a rotation, an absence) is then not
    told, only that something does."""
    for found, error in zip(swaps.objections(moves, teams), errors_of(moves, teams), strict=True):
        if asking is not None and found.agent_id != str(asking) and found.breach.rule.startswith(_PRIVATE):
            raise ColleagueCannotError(name=error.data["name"], day=error.data["day"])
        raise error


_PRIVATE = (
    "rotation_", "rest_block", "hours", "absent", "held", "inactive", "not_employed", "skill_ended",
    "shift_kind_not_allowed",
)  # fmt: skip


def errors_of(moves: Sequence[swaps.Move], teams: Sequence[swaps.Team]) -> list[HotlineError]:
    """Every rule that the moves would break, as an error that names person, day and rule."""
    found = swaps.objections(moves, teams)
    if not found:
        return []
    names = people.agent_names(UUID(one.agent_id) for one in found)
    skills = people.skill_names(move.skill_id for move in moves if move.skill_id is not None)
    return [
        _error(one.breach, names.get(UUID(one.agent_id), ""), one.first, _skill_of(one, moves, skills)) for one in found
    ]


def _error(breach: Breach, name: str, first: date, skill: Mapping[str, str]) -> HotlineError:
    day = (breach.day or first).isoformat()
    if breach.rule == "second_shift":
        return SecondShiftError(name=name, day=day)
    if breach.rule == "skill":
        return LacksSkillError(name=name, day=day, skill=dict(skill))
    return rule_error(breach, name, first)


def _skill_of(
    one: swaps.Objection, moves: Iterable[swaps.Move], names: Mapping[str, dict[str, str]]
) -> Mapping[str, str]:
    """The name of the skill that was in question."""
    for move in moves:
        if move.taker == one.agent_id and move.work.day == one.breach.day and move.skill_id is not None:
            return names.get(move.skill_id, {})
    return {}


_CONTENT = (
    "roster_id",
    "day",
    "shift_kind_id",
    "starts_at",
    "ends_at",
    "pieces",
    "breaks",
    "skill_id",
    "paid_min",
    "overtime_min",
    "excused_min",
)


def exchange(actor: Actor, one: RosterShift, other: RosterShift) -> None:
    """Each agent gets what the other was to work.

    The rows keep their agents and change what is in them: a roster has one row of an agent on a day, also between the
    two writes. Of two rosters each row goes into the other's."""
    before = terms_of(one), terms_of(other)
    rosters = one.roster_id, other.roster_id
    contents = [{name: getattr(shift, name) for name in _CONTENT} for shift in (one, other)]
    for shift, content in ((one, contents[1]), (other, contents[0])):
        for name, value in content.items():
            setattr(shift, name, value)
        shift.source = RosterShift.Source.SWAP
        shift.version += 1
        shift.save()
    for shift, terms, roster_id in zip((one, other), before, rosters, strict=True):
        details = {"before": terms, "roster_before": str(roster_id), "after": terms_of(shift)}
        _audit(actor, shift, "swapped", details)
    for roster_id in sorted(set(rosters)):
        touch(roster_id)


def hand_over(actor: Actor, shift: RosterShift, taker_id: UUID) -> None:
    """The taker works the shift instead of its owner."""
    before = terms_of(shift)
    shift.agent_id = taker_id
    shift.source = RosterShift.Source.GIVE_AWAY
    shift.version += 1
    shift.save()
    _audit(actor, shift, "given_away", {"before": before, "after": terms_of(shift)})
    touch(shift.roster_id)


def add(actor: Actor, shift: RosterShift) -> None:
    """A new shift of a roster."""
    shift.save(force_insert=True)
    _audit(actor, shift, shift.source, {"after": terms_of(shift)})
    touch(shift.roster_id)


def lengthen(actor: Actor, shift: RosterShift, work: Work, breaks: Iterable[tuple[int, int]]) -> None:
    """The day's work becomes this one, with these breaks."""
    before = terms_of(shift)
    shift.pieces, shift.breaks = [list(piece) for piece in work.pieces], [list(one) for one in breaks]
    shift.paid_min, shift.overtime_min = work.paid_min, work.overtime_min
    shift.starts_at, shift.ends_at = moments_of(shift.day, work.pieces, planned_people.time_zone(shift.tenant_id))
    shift.source = RosterShift.Source.OVERTIME
    shift.version += 1
    shift.save()
    _audit(actor, shift, "lengthened", {"before": before, "after": terms_of(shift), "overtime_min": work.overtime_min})
    touch(shift.roster_id)


def drop(actor: Actor, shift: RosterShift, why: str) -> None:
    """The shift leaves its roster."""
    before, shift_id, roster_id = terms_of(shift), shift.pk, shift.roster_id
    shift.delete()
    shift.pk = shift_id  # Django forgets it, and the audit names it
    _audit(actor, shift, why, {"before": before})
    touch(roster_id)


def terms_of(shift: RosterShift) -> dict[str, Any]:
    """Who works when, to be kept as JSON and read when the shift has long changed."""
    return {
        "agent_id": str(shift.agent_id),
        "day": shift.day.isoformat(),
        "shift_kind_id": str(shift.shift_kind_id),
        "starts_at": shift.starts_at.astimezone(UTC).isoformat(),
        "ends_at": shift.ends_at.astimezone(UTC).isoformat(),
    }


def touch(roster_id: UUID) -> None:
    """The roster has changed: who read it before is told so when they write."""
    Roster.objects.filter(pk=roster_id).update(version=F("version") + 1, updated_at=timezone.now())


def _audit(actor: Actor, shift: RosterShift, what: str, details: dict[str, Any]) -> None:
    kind = shift.object_type
    audit.record(actor, f"{kind}.{what}", kind, shift.pk, shift.tenant_id, {"roster": str(shift.roster_id), **details})
