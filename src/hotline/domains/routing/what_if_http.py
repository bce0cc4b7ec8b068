"""Routes of what-ifs. Translates only."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

import msgspec
import pydantic
from ninja import Schema, Status
from ninja.errors import ValidationError

from hotline.domains.catalogue.schemas import BusinessModuleIn
from hotline.domains.people.schemas import AgentIn, AgentsChange, SkillIn
from hotline.domains.routing import schemas, what_ifs
from hotline.domains.routing.drafts import Draft
from hotline.domains.routing.what_if_schemas import WhatIfDraft, WhatIfIn, WhatIfOut, WhatIfPoolUse, WhatIfRunOut
from hotline.domains.setup_routes import change_schema, create_schema
from hotline.foundation.http import ActorRequest, Page, Router
from hotline.foundation.language import language_of
from hotline.foundation.text import sentence_by_code

router = Router(tags=["routing"])
_PERMISSION: Final = "admin.configure"
_RECORDS: Final[Mapping[str, type[Schema]]] = {
    "queue": schemas.QueueIn,
    "ladder": schemas.LadderIn,
    "priority_rule": schemas.PriorityRuleIn,
    "funnel_level": schemas.FunnelLevelIn,
    "business_module": BusinessModuleIn,
    "skill": SkillIn,
    "agent": AgentIn,
    "shared_pool": schemas.SharedPoolIn,
}
_FIXED: Final = {"agent": frozenset({"user_id"})}
# What is sent as a whole, and is no record with an id.
_WHOLE: Final[Mapping[str, type[Schema]]] = {
    "agents": AgentsChange,
    "routing_pool": schemas.PoolChange,
    "pool_use": WhatIfPoolUse,
}
_CHANGE: Final = {name: change_schema(body, _FIXED.get(name, frozenset())) for name, body in _RECORDS.items()}
_CREATE: Final = {name: create_schema(body) for name, body in _RECORDS.items()} | dict(_WHOLE)


@router.post("/routing/what-ifs", permission=_PERMISSION, response={202: WhatIfRunOut})
def ask_what_if(request: ActorRequest, payload: WhatIfIn) -> Status[dict[str, Any]]:
    """Replay a recorded day under a changed set-up. The worker plays it; read the run to see how far it is. A set-up
    that could not be saved is refused here, with the same sentence, and nothing is changed either way."""
    draft = _draft(payload.change) if payload.change is not None else None
    question = what_ifs.Question(day=payload.day, replays=payload.replays, number=payload.number, draft=draft)
    run_id = what_ifs.ask(request.actor, payload.tenant_id, question)
    return Status(202, _shown(request, what_ifs.one(request.actor, run_id)))


@router.get("/routing/what-ifs", permission=_PERMISSION, response=Page[WhatIfRunOut])
def list_what_ifs(
    request: ActorRequest, tenant_id: UUID | None = None, cursor: str | None = None, limit: int = 20
) -> dict[str, Any]:
    """The tenant's runs, newest first; the newest hundred are kept."""
    runs, following = what_ifs.page(request.actor, tenant_id, cursor, limit)
    return {"items": [_shown(request, run) for run in runs], "next_cursor": following}


@router.get("/routing/what-ifs/{run_id}", permission=_PERMISSION, response=WhatIfOut)
def read_what_if(request: ActorRequest, run_id: UUID) -> dict[str, Any]:
    """A run with its result, once it is done."""
    run = what_ifs.one(request.actor, run_id)
    recorded = (run.result or {}).get("recorded_version")
    return _shown(request, run) | {"is_basis_recorded": recorded in (None, run.basis)}


@router.post("/routing/what-ifs/{run_id}/cancel", permission=_PERMISSION, response={204: None})
def cancel_what_if(request: ActorRequest, run_id: UUID) -> Status[None]:
    """Stop it; one that has ended stays as it is."""
    what_ifs.cancel(request.actor, run_id)
    return Status(204, None)


@router.post("/routing/what-ifs/{run_id}/apply", permission=_PERMISSION, response={204: None})
def apply_what_if(request: ActorRequest, run_id: UUID) -> Status[None]:
    """Make for good what was asked about: go back to the version, or save the change. Refused when somebody has changed
    the record since."""
    what_ifs.apply(request.actor, run_id)
    return Status(204, None)


def _draft(change: WhatIfDraft) -> Draft:
    """The change as its own route would take it, with the same refusals."""
    if change.record_id is not None and change.object_type in _WHOLE:
        raise ValidationError([{"loc": ("body", "payload", "record_id"), "msg": "no record_id", "type": "extra"}])
    kind = (_CREATE if change.record_id is None else _CHANGE)[change.object_type]
    try:
        values = kind.model_validate(change.values).model_dump(mode="json", exclude_unset=change.record_id is not None)
    except pydantic.ValidationError as error:
        raise ValidationError(
            [{**one, "loc": ("body", "payload", *one["loc"])} for one in error.errors(include_context=False)]
        ) from error
    values.pop("tenant_id", None)
    return Draft(
        object_type=change.object_type,
        record_id=str(change.record_id) if change.record_id else None,
        version=values.pop("version", None),
        values=values,
    )


def _shown(request: ActorRequest, run: what_ifs.Run) -> dict[str, Any]:
    failure = run.failure
    code, sentence = (failure["code"], _sentence(failure, language_of(request))) if failure else (None, None)
    return msgspec.structs.asdict(run) | {"failure_code": code, "sentence": sentence}


def _sentence(failure: Mapping[str, Any], language: str) -> str:
    return sentence_by_code(failure["code"], failure["data"], language, otherwise=failure["sentence"])
