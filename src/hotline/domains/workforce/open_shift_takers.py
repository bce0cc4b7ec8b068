"""How agents would take an open shift, and what stands against it: a shift on a day off, or hours beside a shift."""

from collections.abc import Collection, Sequence
from uuid import UUID

from django.utils import timezone

from hotline.domains.people import queries as people
from hotline.domains.workforce import added_hours, shift_moves, swaps
from hotline.domains.workforce.break_rule import break_minutes
from hotline.domains.workforce.judging import Work
from hotline.domains.workforce.models import OpenShift, RosterShift
from hotline.domains.workforce.offered_breaks import Told, told
from hotline.domains.workforce.request_errors import NoShiftBesideError
from hotline.domains.workforce.shift_times import breaks_at, paid_min_of
from hotline.kernel.errors import HotlineError


class Takers:
    """These agents (none: everybody who can be planned) before one open shift; needs a scope.

    A fixed number of queries for each roster that is touched, however many agents there are."""

    def __init__(self, found: OpenShift, agent_ids: Collection[UUID] | None = None) -> None:
        self._found = found
        if found.shift_kind_id is not None:
            self._beside: dict[str, RosterShift] = {}
            self._teams = {found.roster_id: shift_moves.team_of(found.roster, agent_ids)}
            return
        self._beside = added_hours.shifts_beside(found, agent_ids)
        rosters = {row.roster_id: row.roster for row in self._beside.values()}
        agents = list(self._beside)
        self._teams = dict(zip(rosters, shift_moves.teams_of(rosters.values(), agents), strict=True)) if rosters else {}
        self._split = added_hours.split_kinds(found.tenant_id)
        self._rules = added_hours.break_rules(found.tenant_id, timezone.now())
        self._names = people.agent_names(map(UUID, agents))

    @property
    def everybody(self) -> list[str]:
        """The ids of all who come into question."""
        if self._found.shift_kind_id is None:
            return list(self._beside)
        return list(self._teams[self._found.roster_id].people)

    def errors(self, agent_id: UUID | str) -> list[HotlineError]:
        """Every rule that stands against this agent's taking it; empty: they may."""
        try:
            moves, team = self._taking(str(agent_id))
        except HotlineError as error:
            return [error]
        return shift_moves.errors_of(moves, [team])

    def is_lawful(self, agent_id: UUID | str) -> bool:
        """Whether this agent may take it."""
        try:
            moves, team = self._taking(str(agent_id))
        except HotlineError:
            return False
        return not swaps.objections(moves, [team])

    def require(self, agent_id: UUID | str) -> None:
        """Pass an agent who may take it. Raises the error of the first rule that stands against it."""
        moves, team = self._taking(str(agent_id))
        shift_moves.require_lawful(moves, [team])

    def further_breaks(self, agent_id: UUID | str) -> Told:
        """What the hours bring of breaks to this agent, who may take them."""
        shift = self._beside.get(str(agent_id))
        return [] if shift is None else told(self._found, shift, self._rules)

    def _taking(self, agent_id: str) -> tuple[Sequence[swaps.Move], swaps.Team]:
        if self._found.shift_kind_id is not None:
            return [new_work(self._found, agent_id)], self._teams[self._found.roster_id]
        shift = self._beside.get(agent_id)
        if shift is None:
            name = people.agent_names([UUID(agent_id)]).get(UUID(agent_id), "")
            raise NoShiftBesideError(name=name, day=self._found.day.isoformat())
        team, moves = self._teams[shift.roster_id], added_hours.moves_of(self._found, shift, self._rules)
        person = team.people.get(agent_id)
        if person is not None:
            name = self._names.get(UUID(agent_id), "")
            added_hours.require_split(moves[1].work, len(shift.pieces), person, self._split, name)
        return moves, team


def new_work(found: OpenShift, agent_id: str) -> swaps.Move:
    """The open shift as the agent would get it on a day off."""
    assert found.shift_kind is not None
    paid_min = paid_min_of(found.shift_kind)
    work = Work(
        day=found.day,
        pieces=tuple((first, last) for first, last in found.pieces),
        paid_min=paid_min,
        shift_kind_id=str(found.shift_kind_id),
        overtime_min=paid_min if found.is_overtime else 0,
        break_min=break_minutes(found.pieces, breaks_at(found.shift_kind, found.pieces[0][0])),
    )
    return swaps.Move(work=work, taker=agent_id, skill_id=str(found.skill_id) if found.skill_id else None)
