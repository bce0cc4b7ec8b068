"""Writes to entry points, prompts and outbound lists. Flows have `flow_actions`. Each write is one transaction."""

from secrets import token_urlsafe
from typing import Final, Literal
from uuid import UUID

import msgspec
from django.utils import timezone

from hotline.domains.channels import errors, queries, rules
from hotline.domains.channels.models import (
    DepartmentLine,
    EmergencyNumber,
    EntryPoint,
    EntryPointSecret,
    Flow,
    FlowVersion,
    OutboundPrefix,
    Prompt,
    PromptRecording,
    QueueMessage,
)
from hotline.domains.channels.sound import telephone_sound
from hotline.domains.enterprise.announcements import NODE, announce, announce_if_changed
from hotline.domains.setup_records import Writes, locked, setup_write
from hotline.foundation import audit
from hotline.foundation.actors import Actor
from hotline.foundation.errors import NotFoundError
from hotline.foundation.fields import keyring

TRANSFER_PURPOSE = "transfer-number"
_SECRET_BYTES: Final = 32


class TransferTarget(msgspec.Struct, frozen=True, kw_only=True):
    """`target` is a queue id or a sealed number, as in StartTransfer."""

    target_kind: Literal["queue", "number"]
    target: str


def _announce(tenant_id: UUID) -> None:
    announce(tenant_id, NODE)


def _check_entry_point(point: EntryPoint) -> None:
    point.address = rules.checked_address(point.channel, point.address)
    rules.check_language(point.language)
    rules.check_parts(
        point.channel,
        has_flow=point.flow_id is not None,
        has_queue=point.fallback_queue_id is not None,
        has_calendar=point.calendar_id is not None,
    )
    if point.is_active and point.flow is not None:
        _check_published(point.flow)


def _check_published(flow: Flow) -> None:
    if not FlowVersion.objects.filter(flow=flow, state=FlowVersion.State.PUBLISHED).exists():
        raise errors.FlowNotPublishedError(flow=flow.code)


def _check_prefix(prefix: OutboundPrefix) -> None:
    prefix.prefix = rules.checked_prefix(prefix.prefix)


def _check_emergency(number: EmergencyNumber) -> None:
    number.number = rules.checked_address("voice", number.number)


def _check_department_line(line: DepartmentLine) -> None:
    if (line.queue is None) == (not line.phone):
        raise errors.DepartmentLineError
    if line.phone:
        allowed = queries.dialling_rules(line.tenant_id)
        line.phone = rules.dialable_number(line.phone, allowed.prefixes, allowed.emergency_numbers)


entry_points = Writes(EntryPoint, check=_check_entry_point, announce=_announce)
prompts = Writes(Prompt, announce=_announce)
queue_messages = Writes(QueueMessage, announce=_announce)
outbound_prefixes = Writes(OutboundPrefix, check=_check_prefix, announce=_announce)
department_lines = Writes(DepartmentLine, check=_check_department_line)
emergency_numbers = Writes(EmergencyNumber, check=_check_emergency, announce=_announce)


def make_secret(actor: Actor, entry_point_id: UUID) -> str:
    """A new secret for the gateway that hands in this number's short messages; a former one ends with that.

    It is told once and kept as its SHA-256. Raises NotFoundError, and SecretUnusedError for other channels."""
    secret = token_urlsafe(_SECRET_BYTES)
    with setup_write(actor) as admin:
        point = locked(EntryPoint, entry_point_id)
        if point.channel != EntryPoint.Channel.SMS:
            raise errors.SecretUnusedError
        EntryPointSecret.objects.filter(entry_point=point).delete()
        EntryPointSecret.objects.create(tenant_id=point.tenant_id, entry_point=point, sha256=rules.secret_mark(secret))
        audit.record(admin, "entry_point.secret_made", "entry_point", point.pk, point.tenant_id)
    return secret


def store_recording(actor: Actor, prompt_id: UUID, language: str, uploaded: bytes, original_name: str) -> None:
    """Keep the voice of a prompt in one language, replacing the former one."""
    rules.check_language(language)
    # Converting takes longer than a transaction may: it is done before one begins.
    sound = telephone_sound(uploaded)
    with setup_write(actor) as admin:
        prompt = locked(Prompt, prompt_id)
        PromptRecording.objects.filter(prompt=prompt, language=language).delete()
        PromptRecording(
            tenant_id=prompt.tenant_id,
            prompt=prompt,
            language=language,
            audio=sound.wav,
            sha256=sound.sha256,
            duration_ms=sound.duration_ms,
            original_name=original_name[:120],
        ).save()
        details = {"language": language, "sha256": sound.sha256, "duration_ms": sound.duration_ms}
        audit.record(admin, "prompt.recorded", "prompt", prompt.pk, prompt.tenant_id, details)
        announce(prompt.tenant_id, NODE)


def remove_recording(actor: Actor, prompt_id: UUID, language: str) -> None:
    """Drop the voice of a prompt in one language. Raises NotFoundError when there is none."""
    with setup_write(actor) as admin:
        prompt = locked(Prompt, prompt_id)
        removed, _ = PromptRecording.objects.filter(prompt=prompt, language=language).delete()
        if not removed:
            raise NotFoundError(object_type="prompt_recording", object_id=f"{prompt_id}/{language}")
        audit.record(admin, "prompt.recording_removed", "prompt", prompt.pk, prompt.tenant_id, {"language": language})
        announce(prompt.tenant_id, NODE)


def seal_number(actor: Actor, number: str, tenant_id: UUID | None = None) -> str:
    """An outside number in the sealed form in which a transfer names it. Raises NumberNotAllowedError."""
    dialling = actor.narrowed("desk.use")
    allowed = queries.outbound_rules(dialling, dialling.tenant_or_only(tenant_id))
    bare = rules.dialable_number(number, allowed.prefixes, allowed.emergency_numbers)
    return keyring().seal_text(bare, TRANSFER_PURPOSE)


def department_target(actor: Actor, department_id: UUID) -> TransferTarget:
    """What a transfer to this department names: its queue, or its telephone number, sealed.

    Raises NotFoundError, DepartmentClosedError, DepartmentShutError, and NumberNotAllowedError when the number has been
    taken off the outbound list."""
    dialling = actor.narrowed("desk.use")
    line, hours = queries.department_line(dialling, department_id, timezone.now())
    if hours.opens_at is not None:
        raise errors.DepartmentClosedError(opens_at=f"{hours.opens_at:%Y-%m-%d %H:%M}")
    if not hours.is_open:
        raise errors.DepartmentShutError
    if line.queue_id is not None:
        return TransferTarget(target_kind="queue", target=str(line.queue_id))
    return TransferTarget(target_kind="number", target=seal_number(dialling, line.phone, line.tenant_id))


def announce_silent_changes() -> bool:
    """Announce a set-up of the nodes that changed without a write here: a user who came, left or changed role.

    The worker calls it each minute. Answers whether there was one."""
    configuration = queries.compiled_node_configuration(timezone.now(), version=0)
    return announce_if_changed(NODE, msgspec.msgpack.encode(configuration))
