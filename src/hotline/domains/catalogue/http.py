"""Routes of dispositions, ticket types and away reasons. Translates only."""

from hotline.domains.catalogue import actions, queries, schemas
from hotline.domains.setup_routes import Resource, mount
from hotline.foundation.http import ActorRequest, Router

router = Router(tags=["catalogue"])
desk_router = Router(tags=["desk"])

mount(
    router,
    Resource(
        "disposition-nodes",
        queries.node_records,
        actions.disposition_nodes,
        schemas.DispositionNodeIn,
        schemas.DispositionNodeOut,
        schemas.DispositionNodeFilter,
        # A reason that became an outcome would change what past contacts say.
        fixed=frozenset({"kind"}),
    ),
)
mount(
    router,
    Resource(
        "ticket-types",
        queries.ticket_type_records,
        actions.ticket_types,
        schemas.TicketTypeIn,
        schemas.TicketTypeOut,
        schemas.TicketTypeFilter,
    ),
)
mount(
    router,
    Resource(
        "away-reasons",
        queries.away_reason_records,
        actions.away_reasons,
        schemas.AwayReasonIn,
        schemas.AwayReasonOut,
        schemas.AwayReasonFilter,
    ),
)


@desk_router.get("/away-reasons", permission="desk.use", response=list[schemas.AwayReasonChoiceOut])
def list_desk_away_reasons(request: ActorRequest) -> list[queries.AwayReasonChoice]:
    """The reasons for being away that an agent can choose."""
    return queries.away_reasons(request.actor)


routers = [("/admin", router), ("/desk", desk_router)]
