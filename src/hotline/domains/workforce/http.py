"""Routes of rotations: set up, applied to, decided on. Translates only."""

from typing import Annotated, Any
from uuid import UUID

from ninja import Query, Status

from hotline.domains.setup_routes import Resource, mount
from hotline.domains.workforce import (
    actions,
    coverage_http,
    day_http,
    effect_http,
    forecast_http,
    planning_run_http,
    queries,
    requests_http,
    roster_solving_http,
    rosters_http,
    rules,
    schemas,
    staffing_http,
    timetables,
    work_rule_http,
)
from hotline.foundation.http import ActorRequest, Page, Router

setup_router = Router(tags=["workforce"])
router = Router(tags=["workforce"])

mount(
    setup_router,
    Resource("rotations", queries.rotation_records, actions.rotations, schemas.RotationIn, schemas.RotationOut),
)


@router.get("/open-rotations", permission="desk.use", response=list[schemas.OpenRotationOut])
def list_open_rotations(request: ActorRequest) -> list[schemas.OpenRotationOut]:
    """The rotations that I may apply to."""
    return queries.open_rotations(request.actor)


@router.get("/my-rotations", permission="desk.use", response=list[schemas.MembershipOut])
def list_my_rotations(request: ActorRequest) -> list[schemas.MembershipOut]:
    """My applications and terms, the latest first."""
    return queries.own_memberships(request.actor)


@router.post("/my-rotations", permission="desk.use", response={201: schemas.MembershipOut})
def apply_to_rotation(request: ActorRequest, payload: schemas.ApplicationIn) -> Status[schemas.MembershipOut]:
    """Apply. Send an Idempotency-Key: the same key makes one application only."""
    lessons = [rules.LessonTime(**lesson.dict()) for lesson in payload.lessons]
    application = rules.Application(
        valid_from=payload.valid_from,
        valid_to=payload.valid_to,
        latest_end=payload.latest_end,
        earliest_start=payload.earliest_start,
        evidence=payload.evidence,
        lessons=(*lessons, *timetables.lessons_of(payload.timetable)),
    )
    return Status(201, queries.membership(actions.apply(request.actor, payload.rotation_id, application)))


@router.post("/my-rotations/{uuid:membership_id}/withdraw", permission="desk.use", response=schemas.MembershipOut)
def withdraw_application(
    request: ActorRequest, membership_id: UUID, payload: schemas.WithdrawalIn
) -> schemas.MembershipOut:
    """Take back an application that nobody has decided on."""
    actions.withdraw(request.actor, membership_id, payload.version)
    return queries.membership(membership_id)


@router.get("/my-rotations/{uuid:membership_id}/reasons", permission="desk.use", response=schemas.ReasonsOut)
def read_my_reasons(request: ActorRequest, membership_id: UUID) -> schemas.ReasonsOut:
    """What I gave as evidence, and the answer."""
    return queries.own_reasons(request.actor, membership_id)


@router.get("/rotation-memberships", permission="planning.edit", response=Page[schemas.MembershipOut])
def list_memberships(
    request: ActorRequest,
    wanted: Annotated[schemas.MembershipFilter, Query()],
    cursor: str | None = None,
    limit: int = 50,
) -> dict[str, Any]:
    """Everybody's applications and terms, the latest first."""
    items, following = queries.memberships(request.actor, wanted, cursor, limit)
    return {"items": items, "next_cursor": following}


@router.post(
    "/rotation-memberships/{uuid:membership_id}/decisions", permission="planning.edit", response=schemas.MembershipOut
)
def decide_on_membership(
    request: ActorRequest, membership_id: UUID, payload: schemas.DecisionIn
) -> schemas.MembershipOut:
    """Approve or refuse an application, or end a term early."""
    actions.decide(request.actor, membership_id, payload.version, payload.decision, payload.text)
    return queries.membership(membership_id)


@router.get(
    "/rotation-memberships/{uuid:membership_id}/reasons", permission="planning.edit", response=schemas.ReasonsOut
)
def read_reasons(request: ActorRequest, membership_id: UUID) -> schemas.ReasonsOut:
    """What the applicant gave as evidence. Each reading is written into the audit."""
    return queries.reasons(request.actor, membership_id)


routers = [
    ("/admin", setup_router),
    ("/workforce", router),
    ("/workforce", day_http.router),
    ("/workforce", planning_run_http.router),
    ("/workforce", rosters_http.router),
    *work_rule_http.routers,
    ("/workforce", roster_solving_http.router),
    ("/workforce", forecast_http.router),
    ("/workforce", staffing_http.router),
    *requests_http.routers,
    ("/workforce", coverage_http.router),
    ("/workforce", effect_http.router),
]
