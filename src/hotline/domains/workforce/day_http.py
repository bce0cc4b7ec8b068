"""Routes of the day itself. Translates only."""

from typing import Annotated
from uuid import UUID

from django.utils import timezone
from ninja import Query, Status

from hotline.domains.workforce import (
    absences,
    call_in,
    day_moves,
    day_schemas,
    day_what_if,
    intraday_queries,
    intraday_schemas,
    leave_offer_queries,
    leave_offers,
    leave_schemas,
    team_day,
)
from hotline.foundation.http import ActorRequest, Router

router = Router(tags=["workforce"])


@router.get("/day", permission="planning.day", response=day_schemas.TeamDayOut)
def read_team_day(request: ActorRequest, wanted: Annotated[day_schemas.DayFilter, Query()]) -> day_schemas.TeamDayOut:
    """Everybody's plan of the day beside what they did so far, with adherence and conformance."""
    return team_day.team_day(request.actor, wanted, timezone.now())


@router.post("/absences", permission="planning.day", response={201: day_schemas.DayMadeOut})
def report_absence(request: ActorRequest, payload: day_schemas.AbsenceIn) -> Status[day_schemas.DayMadeOut]:
    """Report somebody sick or absent. Send an Idempotency-Key: the same key makes one absence only."""
    return Status(201, day_schemas.DayMadeOut(id=absences.report(request.actor, payload)))


@router.post("/absences/{uuid:absence_id}/cancel", permission="planning.day", response={204: None})
def cancel_absence(request: ActorRequest, absence_id: UUID, payload: day_schemas.DayVersionIn) -> Status[None]:
    """Take an absence back that was reported by mistake."""
    absences.cancel(request.actor, absence_id, payload.version)
    return Status(204, None)


@router.get(
    "/roster-shifts/{uuid:shift_id}/replacements", permission="planning.day", response=day_schemas.ReplacementsOut
)
def list_replacements(request: ActorRequest, shift_id: UUID) -> day_schemas.ReplacementsOut:
    """Who may lawfully take the rest of a shift, whom to ask first at the top."""
    return call_in.replacements(request.actor, shift_id, timezone.now())


@router.post("/call-ins", permission="planning.day", response={201: day_schemas.CallInAskedOut})
def ask_for_replacement(request: ActorRequest, payload: day_schemas.CallInAskIn) -> Status[day_schemas.CallInAskedOut]:
    """Ask people to take the rest of a shift; the first who says yes has it."""
    found = call_in.ask(request.actor, payload.shift_id, payload.agent_ids, timezone.now())
    return Status(201, day_schemas.CallInAskedOut(request_ids=found))


@router.post("/roster-shifts/{uuid:shift_id}/move-break", permission="planning.day", response=day_schemas.MovedOut)
def move_break(request: ActorRequest, shift_id: UUID, payload: day_schemas.BreakMoveIn) -> day_schemas.MovedOut:
    """Move a break to a time, or to the quietest that the kind of shift allows."""
    return day_moves.move_break(request.actor, shift_id, payload, timezone.now())


@router.post("/activities", permission="planning.day", response={201: day_schemas.DayMadeOut})
def plan_activity(request: ActorRequest, payload: day_schemas.ActivityIn) -> Status[day_schemas.DayMadeOut]:
    """Plan a training, a meeting or coaching within somebody's shift."""
    return Status(201, day_schemas.DayMadeOut(id=day_moves.plan_activity(request.actor, payload)))


@router.post("/activities/{uuid:activity_id}/move", permission="planning.day", response=day_schemas.MovedOut)
def move_activity(
    request: ActorRequest, activity_id: UUID, payload: day_schemas.ActivityMoveIn
) -> day_schemas.MovedOut:
    """Move it to a time, or to the quietest of the shift still to come."""
    return day_moves.move_activity(request.actor, activity_id, payload, timezone.now())


@router.get("/intraday", permission="planning.day", response=intraday_schemas.IntradayOut)
def read_intraday(
    request: ActorRequest, wanted: Annotated[intraday_schemas.IntradayFilter, Query()]
) -> intraday_schemas.IntradayOut:
    """Today by queue: expected before and now, what came, required and present people, and what could be done."""
    return intraday_queries.intraday(request.actor, wanted.tenant_id, timezone.now())


@router.post("/intraday/what-if", permission="planning.edit", response={202: intraday_schemas.DayWhatIfAsked})
def ask_day_what_if(
    request: ActorRequest, payload: intraday_schemas.DayWhatIfIn
) -> Status[intraday_schemas.DayWhatIfAsked]:
    """Play the rest of today with one change; the answer is the result of the planning run."""
    return Status(202, intraday_schemas.DayWhatIfAsked(run_id=day_what_if.ask(request.actor, payload)))


@router.get("/leave-candidates", permission="planning.day", response=leave_schemas.LeaveCandidatesOut)
def list_leave_candidates(
    request: ActorRequest, wanted: Annotated[leave_schemas.LeaveQuery, Query()]
) -> leave_schemas.LeaveCandidatesOut:
    """Who of a queue could go home earlier without leaving one short, whom to ask first at the top."""
    return leave_offer_queries.candidates(request.actor, wanted, timezone.now())


@router.get("/leave-offers", permission="planning.day", response=leave_schemas.LeaveOffersOut)
def list_leave_offers(
    request: ActorRequest, wanted: Annotated[intraday_schemas.IntradayFilter, Query()]
) -> leave_schemas.LeaveOffersOut:
    """Today's offers to leave early, and what came of them."""
    return leave_offer_queries.offers(request.actor, wanted.tenant_id, timezone.now())


@router.post("/leave-offers", permission="planning.day", response={201: leave_schemas.LeaveOfferOut})
def offer_to_leave_early(
    request: ActorRequest, payload: leave_schemas.LeaveOfferIn
) -> Status[leave_schemas.LeaveOfferOut]:
    """Offer people to go home earlier; the first who say yes may. Send an Idempotency-Key."""
    made = leave_offers.offer(request.actor, payload, timezone.now())
    return Status(201, leave_offer_queries.offer(request.actor, made, timezone.now()))


@router.post("/leave-offers/{uuid:offer_id}/close", permission="planning.day", response=leave_schemas.LeaveOfferOut)
def close_leave_offer(
    request: ActorRequest, offer_id: UUID, payload: day_schemas.DayVersionIn
) -> leave_schemas.LeaveOfferOut:
    """Nobody else may go."""
    leave_offers.close(request.actor, offer_id, payload.version, timezone.now())
    return leave_offer_queries.offer(request.actor, offer_id, timezone.now())
