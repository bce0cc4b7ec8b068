"""What nodes are told, and what others may know of channels: frozen structs, never models."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib import resources
from typing import Any, Literal
from uuid import UUID

import msgspec
from django.conf import settings
from django.db.models import Prefetch, QuerySet
from django.utils import timezone

import hotline
from hotline.domains.channels import rules, schemas, softphone
from hotline.domains.channels.models import (
    DepartmentLine,
    EmergencyNumber,
    EntryPoint,
    Flow,
    FlowReference,
    FlowVersion,
    OutboundPrefix,
    Prompt,
    PromptRecording,
    QueueMessage,
)
from hotline.domains.enterprise.announcements import NODE, current_version
from hotline.domains.enterprise.queries import (
    DepartmentHours,
    calendar_configurations,
    calendar_ids,
    department_hours,
)
from hotline.domains.people.queries import Phone, phones, skill_ids, skill_names
from hotline.domains.routing.funnel import business_ids, businesses
from hotline.domains.routing.queries import held_levels, queue_ids, spoken_names, waiting_rules
from hotline.domains.setup_records import SetupRecord
from hotline.domains.setup_routes import Names, Out, Reads
from hotline.flows import References
from hotline.foundation.actors import Actor
from hotline.foundation.errors import NotFoundError
from hotline.foundation.tenancy import register_escape, scope_of, without_scope
from hotline.messages.configuration import (
    AgentDevice,
    EntryPointConfiguration,
    FlowConfiguration,
    NodeConfiguration,
    PromptFile,
    QueueConfiguration,
    QueueSpeech,
)
from hotline.messages.configuration import QueueMessage as Spoken

WHOLE_SETUP = register_escape(
    "channels.node_configuration",
    "A node answers the numbers of all tenants: it is told the entry points, flows and telephones of all of them.",
)
PUBLIC_KEY = register_escape(
    "channels.public_entry_point",
    "A page or a gateway without a log-in names an entry point by its public key: whose it is is found by that, and all"
    " that follows is done in that tenant's scope.",
)
PROMPT_FETCH = register_escape(
    "channels.prompt_fetch",
    "A node fetches uploaded prompts by id with the internal secret, whichever tenant they belong to.",
)


class OutboundRules(msgspec.Struct, frozen=True, kw_only=True):
    """What a tenant may dial: beginnings of numbers, and emergency numbers beyond those built in."""

    prefixes: tuple[str, ...]
    emergency_numbers: tuple[str, ...]


def current_node_version() -> int:
    """The version of the nodes' set-up; grows with each change."""
    return current_version(NODE)


def current_node_configuration() -> NodeConfiguration:
    """The whole set-up of the nodes as of now."""
    # The version is read first: a change that slips in between is fetched again under its own, higher version.
    version = current_node_version()
    return compiled_node_configuration(timezone.now(), version)


def compiled_node_configuration(moment: datetime, version: int) -> NodeConfiguration:
    """The whole set-up of the nodes under that version. Equal set-ups give equal messages."""
    with without_scope(WHOLE_SETUP):
        points = EntryPoint.objects.filter(is_active=True, tenant__is_active=True, flow__isnull=False).order_by("pk")
        published = FlowVersion.objects.filter(state=FlowVersion.State.PUBLISHED).order_by("flow_id")
        recordings = PromptRecording.objects.defer("audio").order_by("prompt_id", "language")
        prefixes = OutboundPrefix.objects.values_list("prefix", flat=True).order_by("prefix")
        numbers = EmergencyNumber.objects.values_list("number", flat=True).order_by("number")
        return NodeConfiguration(
            version=version,
            entry_points=tuple(map(_entry_point, points)),
            flows=tuple(map(_flow, published)),
            devices=tuple(map(_device, phones(moment))),
            prompts=tuple(map(_prompt_file, recordings)),
            queue_names=spoken_names(),
            outbound_allow=tuple(dict.fromkeys(prefixes)),
            emergency_numbers=tuple(dict.fromkeys([*rules.ALWAYS_EMERGENCY, *numbers])),
            calendars=calendar_configurations(),
            queue_speech=_queue_speech(),
            businesses=businesses(),
        )


def prompt_wav(prompt_id: UUID, language: str) -> bytes:
    """The recording for a node. Raises NotFoundError."""
    with without_scope(PROMPT_FETCH):
        return _audio(prompt_id, language)


def own_prompt_wav(actor: Actor, prompt_id: UUID, language: str) -> bytes:
    """The recording for those who configure its tenant. Raises NotFoundError."""
    with scope_of(actor.narrowed("admin.configure")):
        return _audio(prompt_id, language)


def outbound_rules(actor: Actor, tenant_id: UUID) -> OutboundRules:
    """What the tenant may dial."""
    with scope_of(actor):
        return dialling_rules(tenant_id)


def dialling_rules(tenant_id: UUID) -> OutboundRules:
    """What the tenant may dial; needs a scope."""
    prefixes = OutboundPrefix.objects.filter(tenant_id=tenant_id).values_list("prefix", flat=True)
    numbers = EmergencyNumber.objects.filter(tenant_id=tenant_id).values_list("number", flat=True)
    return OutboundRules(prefixes=tuple(prefixes), emergency_numbers=tuple(numbers))


class DepartmentTarget(msgspec.Struct, frozen=True, kw_only=True):
    """A department that calls can be handed on to; `opens_at` is when a closed one opens next, None for never."""

    department_id: str
    tenant_id: str
    name: dict[str, str]
    target_kind: Literal["queue", "number"]
    is_open: bool
    opens_at: datetime | None


def department_targets(actor: Actor, moment: datetime) -> list[DepartmentTarget]:
    """The departments in use that have a queue or a telephone, of the actor's tenants, by code."""
    hours = department_hours(actor, moment)
    with scope_of(actor):
        lines = {
            str(one): queue_id for one, queue_id in DepartmentLine.objects.values_list("department_id", "queue_id")
        }
    return [
        DepartmentTarget(
            department_id=one.department_id,
            tenant_id=one.tenant_id,
            name=one.name,
            target_kind="number" if lines[one.department_id] is None else "queue",
            is_open=one.is_open,
            opens_at=one.opens_at,
        )
        for one in hours
        if one.department_id in lines
    ]


def department_line(actor: Actor, department_id: UUID, moment: datetime) -> tuple[DepartmentLine, DepartmentHours]:
    """Where its calls go and whether it is open, for this domain's own use. Raises NotFoundError."""
    hours = [one for one in department_hours(actor, moment) if one.department_id == str(department_id)]
    with scope_of(actor):
        line = DepartmentLine.objects.filter(department_id=department_id).first()
    if line is None or not hours:
        raise NotFoundError(object_type="department", object_id=str(department_id))
    return line, hours[0]


def entry_point_names(actor: Actor) -> dict[str, dict[str, str]]:
    """The names of the entry points of the actor's tenants, by id."""
    with scope_of(actor):
        return {str(key): dict(name) for key, name in EntryPoint.objects.values_list("pk", "name")}


def entry_point_name(entry_point_id: UUID) -> dict[str, str] | None:
    """Its name, None when it is gone; needs a scope."""
    name = EntryPoint.objects.filter(pk=entry_point_id).values_list("name", flat=True).first()
    return dict(name) if name is not None else None


class PublicEntryPoint(msgspec.Struct, frozen=True, kw_only=True):
    """An entry point in use for what comes in writing, and whose it is."""

    entry_point_id: UUID
    tenant_id: UUID
    tenant_name: dict[str, str]
    time_zone: str
    name: dict[str, str]
    channel: str
    address: str
    language: str
    queue_id: UUID
    calendar_id: UUID | None
    is_simulated: bool
    secret_sha256: str  # empty without one


def public_entry_point(channel: str, address: str) -> PublicEntryPoint | None:
    """The entry point in use with this address, None when there is none; needs no scope. One query."""
    with without_scope(PUBLIC_KEY):
        points = EntryPoint.objects.filter(is_active=True, tenant__is_active=True, flow__isnull=True)
        points = points.select_related("tenant", "secret")
        point = points.filter(channel=channel, address=address, fallback_queue__is_active=True).first()
        return _public(point) if point is not None else None


def _public(point: EntryPoint) -> PublicEntryPoint:
    assert point.fallback_queue_id is not None
    return PublicEntryPoint(
        entry_point_id=point.pk,
        tenant_id=point.tenant_id,
        tenant_name=dict(point.tenant.name),
        time_zone=point.tenant.time_zone,
        name=dict(point.name),
        channel=point.channel,
        address=point.address,
        language=point.language,
        queue_id=point.fallback_queue_id,
        calendar_id=point.calendar_id,
        is_simulated=point.is_simulated or point.tenant.is_simulated,
        secret_sha256=point.secret.sha256 if point.has_secret else "",
    )


def channels_of_queues(tenant_id: UUID) -> dict[str, str]:
    """The channel of the entry points that lead to each queue, by their flows or when these fail; voice where several
    do and one of them is. Needs a scope. Two queries."""
    referred: dict[UUID | None, list[UUID]] = {}
    references = FlowReference.objects.filter(tenant_id=tenant_id, queue__isnull=False)
    for flow_id, queue_id in references.order_by("pk").values_list("flow_id", "queue_id"):
        referred.setdefault(flow_id, []).append(queue_id)
    points = EntryPoint.objects.filter(tenant_id=tenant_id, is_active=True).order_by("pk")
    found: dict[str, str] = {}
    for channel, flow_id, fallback_id in points.values_list("channel", "flow_id", "fallback_queue_id"):
        for queue_id in (*referred.get(flow_id, ()), fallback_id):
            is_first = str(queue_id) not in found
            if queue_id is not None and (is_first or channel == EntryPoint.Channel.VOICE):
                found[str(queue_id)] = channel
    return found


def owners_of_numbers(called: Collection[str]) -> dict[str, UUID]:
    """The tenant of each of these called numbers that is an entry point in use, however it is written; needs a scope.

    One query, none without numbers."""
    if not called:
        return {}
    points = EntryPoint.objects.filter(channel=EntryPoint.Channel.VOICE, is_active=True)
    bare = {number: rules.bare_number(number) for number in called}
    owners = dict(points.filter(address__in=bare.values()).values_list("address", "tenant_id"))
    return {number: owners[address] for number, address in bare.items() if address in owners}


def built_in_prompts() -> dict[str, dict[str, str]]:
    """The words of the prompts that every installation has, by id: data that the build speaks, read here as data."""
    text = (resources.files(hotline) / "telephony" / "prompts" / "catalogue.json").read_bytes()
    return {prompt["id"]: {"zh": prompt["zh"], "en": prompt["en"]} for prompt in msgspec.json.decode(text)}


def own_prompt_ids(tenant_id: UUID) -> frozenset[str]:
    """The ids of a tenant's own prompts; needs a scope."""
    return frozenset(map(str, Prompt.objects.filter(tenant_id=tenant_id).values_list("pk", flat=True)))


def flow_references(tenant_id: UUID) -> References:
    """What a flow of the tenant may use; needs a scope."""
    return References(
        queue_ids=queue_ids(tenant_id),
        skill_ids=skill_ids(tenant_id),
        calendar_ids=calendar_ids(tenant_id),
        prompt_ids=own_prompt_ids(tenant_id) | built_in_prompts().keys(),
        business_ids=business_ids(tenant_id),
    )


def references_to_publish(flow_id: UUID, tenant_id: UUID, definition: dict[str, Any]) -> References:
    """The same for a definition that is to take the place of what the flow has published: somebody in work must have
    each skill that its steps ask for beyond their queues, unless what is published asks for it already; needs a scope.
    """
    known = flow_references(tenant_id)
    asked = rules.asked_levels(definition)
    if not asked:
        return known
    best = held_levels(tenant_id)
    published = FlowVersion.objects.filter(flow_id=flow_id, state=FlowVersion.State.PUBLISHED).first()
    for skill_id, level in rules.asked_levels(published.definition if published else {}).items():
        best[skill_id] = max(level, best.get(skill_id, 0))
    return msgspec.structs.replace(known, best_levels=best, skill_names=skill_names(asked))


def _audio(prompt_id: UUID, language: str) -> bytes:
    found = PromptRecording.objects.filter(prompt_id=prompt_id, language=language).first()
    if found is None:
        raise NotFoundError(object_type="prompt_recording", object_id=f"{prompt_id}/{language}")
    return bytes(found.audio)


def _entry_point(point: EntryPoint) -> EntryPointConfiguration:
    channel: Any = point.channel
    recording: Any = point.recording
    return EntryPointConfiguration(
        entry_point_id=str(point.pk),
        tenant_id=str(point.tenant_id),
        address=point.address,
        channel=channel,
        flow_id=str(point.flow_id),
        language=point.language,
        recording=recording,
        fallback_queue_id=str(point.fallback_queue_id) if point.fallback_queue_id else None,
        is_simulated=point.is_simulated,
    )


def _flow(version: FlowVersion) -> FlowConfiguration:
    return FlowConfiguration(flow_id=str(version.flow_id), version=version.number, definition=version.definition)


def _queue_speech() -> tuple[QueueSpeech, ...]:
    """What those who wait are told, of the queues that tell anything of their own."""
    messages: dict[str, list[QueueMessage]] = {}
    for message in QueueMessage.objects.filter(is_active=True).order_by("position", "code"):
        messages.setdefault(str(message.queue_id), []).append(message)
    told = [_speech_of(queue, messages.get(queue.queue_id, [])) for queue in waiting_rules()]
    return tuple(speech for speech in told if speech != QueueSpeech(queue_id=speech.queue_id))


def _speech_of(queue: QueueConfiguration, messages: Sequence[QueueMessage]) -> QueueSpeech:
    return QueueSpeech(
        queue_id=queue.queue_id,
        announce_each_s=queue.announce_each_s,
        message_each_s=min((message.every_s for message in messages), default=0),
        messages=tuple(
            Spoken(
                prompt_id=str(message.prompt_id) if message.prompt_id else None,
                zh=message.text["zh"],
                en=message.text["en"],
            )
            for message in messages
        ),
        takes_callbacks=queue.callback_attempts > 0,
        callback_windows=queue.callback_windows if queue.callback_attempts else (),
    )


def _device(phone: Phone) -> AgentDevice:
    return AgentDevice(
        user_id=phone.user_id,
        agent_id=phone.agent_id,
        sip_user=softphone.sip_user(phone.user_id),
        sip_password=softphone.sip_password(phone.user_id, settings.HOTLINE.secret("sip")),
        kind=phone.device,
    )


def _prompt_file(recording: PromptRecording) -> PromptFile:
    return PromptFile(prompt_id=str(recording.prompt_id), language=recording.language, sha256=recording.sha256)


def _flow_out(flow: Flow) -> schemas.FlowOut:
    versions = [schemas.FlowVersionLine.from_orm(version) for version in flow.versions.all()]
    numbers = {version.state: version.number for version in versions}
    return schemas.FlowOut(
        id=flow.pk,
        tenant_id=flow.tenant_id,
        version=flow.version,
        updated_at=flow.updated_at,
        code=flow.code,
        name=Names(**flow.name),
        versions=versions,
        published_number=numbers.get("published"),
        draft_number=numbers.get("draft"),
    )


@dataclass(frozen=True)
class _Listed(Reads[Out]):
    """Reads of records with parts of which only the small columns are shown: the large ones stay in the database."""

    parts: str = ""
    unread: Sequence[str] = ()

    def _rows(self) -> QuerySet[SetupRecord]:
        part: Any = self.model._meta.get_field(self.parts).related_model
        return super()._rows().prefetch_related(Prefetch(self.parts, part.objects.defer(*self.unread)))


def _prompt_out(prompt: Prompt) -> schemas.PromptOut:
    return schemas.PromptOut(
        id=prompt.pk,
        tenant_id=prompt.tenant_id,
        version=prompt.version,
        updated_at=prompt.updated_at,
        code=prompt.code,
        name=Names(**prompt.name),
        recordings=[schemas.PromptRecordingOut.from_orm(recording) for recording in prompt.recordings.all()],
    )


entry_point_records = Reads(
    EntryPoint,
    schemas.EntryPointOut.from_orm,
    search=("address", "name__zh", "name__en"),
    order=("address", "id"),
    related=("secret",),
)
flow_records = _Listed(Flow, _flow_out, parts="versions", unread=("definition", "layout"))
prompt_records = _Listed(Prompt, _prompt_out, parts="recordings", unread=("audio",))
queue_message_records = Reads(
    QueueMessage,
    schemas.QueueMessageOut.from_orm,
    search=("code", "text__zh", "text__en"),
    order=("position", "code", "id"),
)
prefix_records = Reads(
    OutboundPrefix, schemas.OutboundPrefixOut.from_orm, search=("prefix", "note"), order=("prefix", "id")
)
department_line_records = Reads(
    DepartmentLine,
    schemas.DepartmentLineOut.from_orm,
    search=("department__code", "department__name__zh", "department__name__en"),
    order=("department_id", "id"),
)
emergency_records = Reads(
    EmergencyNumber,
    schemas.EmergencyNumberOut.from_orm,
    search=("number", "name__zh", "name__en"),
    order=("number", "id"),
)
