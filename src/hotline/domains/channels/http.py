"""Routes of entry points, prompts, outbound lists, softphones and the nodes' set-up. Flows have `flow_http`."""

from typing import Annotated
from uuid import UUID

import msgspec
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import File, Form, Status
from ninja.files import UploadedFile

from hotline.domains.channels import actions, queries, schemas, softphone
from hotline.domains.channels.flow_http import router as flow_router
from hotline.domains.channels.sound import MOST_BYTES
from hotline.domains.people.queries import own_profile
from hotline.domains.setup_routes import Resource, mount
from hotline.foundation.http import ActorRequest, InternalRouter, Router

router = Router(tags=["channels"])
desk_router = Router(tags=["desk"])
internal_router = InternalRouter()

# The name after the @ is only a label: a browser's telephone reaches Asterisk through the page's own host.
_SIP_DOMAIN = "hotline.invalid"

mount(
    router,
    Resource(
        "entry-points",
        queries.entry_point_records,
        actions.entry_points,
        schemas.EntryPointIn,
        schemas.EntryPointOut,
        schemas.EntryPointFilter,
    ),
)


@router.post(
    "/entry-points/{entry_point_id}/secret",
    permission="admin.configure",
    response={201: schemas.EntryPointSecretOut},
)
def make_entry_point_secret(request: ActorRequest, entry_point_id: UUID) -> Status[dict[str, str]]:
    """A new secret for the gateway that hands in this number's short messages; the former one ends."""
    return Status(201, {"secret": actions.make_secret(request.actor, entry_point_id)})


mount(router, Resource("prompts", queries.prompt_records, actions.prompts, schemas.PromptIn, schemas.PromptOut))
mount(
    router,
    Resource(
        "queue-messages",
        queries.queue_message_records,
        actions.queue_messages,
        schemas.QueueMessageIn,
        schemas.QueueMessageOut,
        schemas.QueueMessageFilter,
    ),
)
mount(
    router,
    Resource(
        "outbound-prefixes",
        queries.prefix_records,
        actions.outbound_prefixes,
        schemas.OutboundPrefixIn,
        schemas.OutboundPrefixOut,
    ),
)
mount(
    router,
    Resource(
        "emergency-numbers",
        queries.emergency_records,
        actions.emergency_numbers,
        schemas.EmergencyNumberIn,
        schemas.EmergencyNumberOut,
    ),
)


mount(
    router,
    Resource(
        "department-lines",
        queries.department_line_records,
        actions.department_lines,
        schemas.DepartmentLineIn,
        schemas.DepartmentLineOut,
        fixed=frozenset({"department_id"}),
    ),
)


@router.post("/prompts/{prompt_id}/recordings", permission="admin.configure", response={201: schemas.PromptOut})
def store_recording(
    request: ActorRequest,
    prompt_id: UUID,
    language: Annotated[schemas.Language, Form()],
    file: Annotated[UploadedFile, File()],
) -> schemas.PromptOut:
    """Upload the voice of a prompt in one language: PCM WAV, 8-48 kHz, mono or stereo."""
    # One byte beyond the limit is enough to refuse: the rest of a huge upload is not read into memory.
    actions.store_recording(request.actor, prompt_id, language, file.read(MOST_BYTES + 1), file.name or "")
    return queries.prompt_records.one(request.actor, prompt_id)


@router.delete("/prompts/{prompt_id}/recordings/{language}", permission="admin.configure", response=schemas.PromptOut)
def remove_recording(request: ActorRequest, prompt_id: UUID, language: schemas.Language) -> schemas.PromptOut:
    """Drop the voice of a prompt in one language; flows fall back to its text."""
    actions.remove_recording(request.actor, prompt_id, language)
    return queries.prompt_records.one(request.actor, prompt_id)


@router.get("/prompts/{prompt_id}/recordings/{language}/audio", permission="admin.configure")
def play_recording(request: ActorRequest, prompt_id: UUID, language: schemas.Language) -> HttpResponse:
    """The recording as callers hear it, for listening in the page."""
    return HttpResponse(queries.own_prompt_wav(request.actor, prompt_id, language), content_type="audio/wav")


@desk_router.get("/softphone", permission="desk.use", response=schemas.SoftphoneOut)
def read_softphone(request: ActorRequest) -> dict[str, object]:
    """How one's own telephone registers."""
    user_id = str(request.actor.user_id)
    profile = own_profile(UUID(user_id))
    name = softphone.sip_user(user_id)
    return {
        "ws_path": "/sip",
        "sip_uri": f"sip:{name}@{_SIP_DOMAIN}",
        "sip_user": name,
        "sip_password": softphone.sip_password(user_id, settings.HOTLINE.secret("sip")),
        "resume_target": "resume",
        "kind": profile.device if profile else "browser",
        "has_voice": settings.HOTLINE.voice == "auto",
    }


@desk_router.post("/numbers/seal", permission="desk.use", response=schemas.SealedOut)
def seal_number(request: ActorRequest, payload: schemas.SealIn) -> dict[str, str]:
    """An outside number in the form in which a transfer names it, when it may be dialled."""
    return {"sealed": actions.seal_number(request.actor, payload.number, payload.tenant_id)}


@desk_router.get("/departments", permission="desk.use", response=schemas.DepartmentTargets)
def list_departments(request: ActorRequest) -> dict[str, object]:
    """The departments to which an agent can transfer, and whether they are open."""
    return {"departments": queries.department_targets(request.actor, timezone.now())}


@desk_router.post("/departments/{department_id}/target", permission="desk.use", response=schemas.TransferTargetOut)
def find_department_target(request: ActorRequest, department_id: UUID) -> actions.TransferTarget:
    """What a transfer to the department names; refused while it is closed."""
    return actions.department_target(request.actor, department_id)


@internal_router.get("/node-configuration")
def read_node_configuration(request: HttpRequest) -> HttpResponse:
    """The nodes' set-up, or 304 when `If-None-Match` names the version that it still has."""
    etag = f'"{queries.current_node_version()}"'
    if request.headers.get("If-None-Match") == etag:
        return HttpResponse(status=304, headers={"ETag": etag})
    configuration = queries.current_node_configuration()
    body = msgspec.json.encode(configuration)
    return HttpResponse(body, content_type="application/json", headers={"ETag": f'"{configuration.version}"'})


@internal_router.get("/prompts/{prompt_id}")
def read_prompt(request: HttpRequest, prompt_id: UUID, language: schemas.Language) -> HttpResponse:
    """The WAV of an uploaded prompt in one language."""
    return HttpResponse(queries.prompt_wav(prompt_id, language), content_type="audio/wav")


routers = [("/admin", router), ("/admin", flow_router), ("/desk", desk_router)]
internal_routers = [("", internal_router)]
