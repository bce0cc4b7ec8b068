"""Routes of dispositions, ticket types, away reasons, attributes and modules. Translates only."""

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


mount(
    router,
    Resource(
        "attribute-values",
        queries.attribute_value_records,
        actions.attribute_values,
        schemas.AttributeValueIn,
        schemas.AttributeValueOut,
        schemas.AttributeValueFilter,
        # Past contacts carry the code: it keeps its meaning.
        fixed=frozenset({"kind", "code"}),
    ),
)
mount(
    router,
    Resource(
        "business-modules",
        queries.business_module_records,
        actions.business_modules,
        schemas.BusinessModuleIn,
        schemas.BusinessModuleOut,
        schemas.BusinessModuleFilter,
    ),
)


@router.get("/attribute-choices", permission="admin.configure", response=list[schemas.AttributeChoiceOut])
def list_attribute_choices(request: ActorRequest) -> list[schemas.AttributeChoiceOut]:
    """What skills, priorities and reports can name: brands, product lines, value grades, provinces, languages, classes
    of key accounts."""
    return queries.attribute_choices(request.actor)


@router.get("/grade-suggestion", permission="admin.configure", response=schemas.GradeSuggestionOut)
def read_grade_suggestion(
    request: ActorRequest, difficulty: schemas.OneToFive, frequency: schemas.OneToFive, risk: schemas.OneToFive
) -> schemas.GradeSuggestionOut:
    """The grade that these three suggest, before they are kept with a module."""
    return queries.grade_suggestion(difficulty, frequency, risk)


@desk_router.get("/away-reasons", permission="desk.use", response=list[schemas.AwayReasonChoiceOut])
def list_desk_away_reasons(request: ActorRequest) -> list[queries.AwayReasonChoice]:
    """The reasons for being away that an agent can choose."""
    return queries.away_reasons(request.actor)


routers = [("/admin", router), ("/desk", desk_router)]
