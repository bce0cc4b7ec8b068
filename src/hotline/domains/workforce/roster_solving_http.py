"""Routes of solving a roster. Translates only."""

from uuid import UUID

from ninja import Status

from hotline.domains.workforce import roster_solving, shift_costs
from hotline.domains.workforce.roster_solving_schemas import ShiftCostsOut, SolveIn, SolveOut
from hotline.foundation.http import ActorRequest, Router

router = Router(tags=["workforce"])


@router.post("/rosters/{uuid:roster_id}/solve", permission="planning.edit", response={202: SolveOut})
def solve_roster(request: ActorRequest, roster_id: UUID, payload: SolveIn) -> Status[SolveOut]:
    """Let the solver fill the draft. It takes a while: follow the run, or stop it with the best found so far."""
    wanted = roster_solving.Wanted(cpu_limit_s=payload.cpu_limit_s, is_incremental=payload.is_incremental)
    return Status(202, SolveOut(run_id=roster_solving.ask(request.actor, roster_id, payload.version, wanted)))


@router.get("/rosters/{uuid:roster_id}/shift-costs", permission="planning.edit", response=ShiftCostsOut)
def read_shift_costs(request: ActorRequest, roster_id: UUID) -> ShiftCostsOut:
    """What the roster's demand costs with the shift kinds that are set up, beside fixed shifts."""
    return shift_costs.shift_costs(request.actor, roster_id)
