"""Writes to flows: drafts, publishing, going back. Each is one transaction with its audit line."""

from typing import Any, TypedDict
from uuid import UUID

import msgspec
from django.utils import timezone

from hotline.domains.channels import errors, queries, rules
from hotline.domains.channels.models import Flow, FlowReference, FlowVersion
from hotline.domains.enterprise.announcements import NODE, announce
from hotline.domains.routing.queries import hold_queues
from hotline.domains.setup_records import add, locked, remove, revise, setup_write
from hotline.flows import read_flow
from hotline.foundation import audit
from hotline.foundation.actors import Actor
from hotline.foundation.ids import as_uuid


class FlowValues(TypedDict, total=False):
    """`definition` becomes, or replaces, the draft."""

    code: str
    name: dict[str, str]
    definition: dict[str, Any] | None


class FlowWrites:
    """Create, change and remove for flows. Their steps stand in versions."""

    def create(self, actor: Actor, values: FlowValues, tenant_id: UUID | None = None) -> UUID:
        """The id of the new flow, with its first draft when a definition is given."""
        with setup_write(actor) as admin:
            flow = Flow(tenant_id=admin.tenant_or_only(tenant_id), **_columns(values))
            add(admin, flow)
            if (definition := values.get("definition")) is not None:
                _store_draft(admin, flow, definition, "")
            return flow.pk

    def change(self, actor: Actor, flow_id: UUID | str, version: int, values: FlowValues) -> None:
        with setup_write(actor) as admin:
            flow = locked(Flow, flow_id, version)
            revise(admin, flow, _columns(values))
            if (definition := values.get("definition")) is not None:
                _store_draft(admin, flow, definition, "")

    def remove(self, actor: Actor, flow_id: UUID | str, version: int) -> None:
        """Delete a flow that no entry point uses, with all its versions."""
        with setup_write(actor) as admin:
            flow = locked(Flow, flow_id, version)
            tenant_id = flow.tenant_id
            remove(admin, flow)
            announce(tenant_id, NODE)


flows = FlowWrites()


def save_draft(
    actor: Actor,
    flow_id: UUID,
    version: int,
    definition: dict[str, Any],
    note: str = "",
    layout: rules.Layout | None = None,
) -> int:
    """The number of the draft that now holds the definition. It may be unfinished: publishing asks for more.

    `layout` holds the steps that were moved by hand; None leaves them where they were."""
    with setup_write(actor) as admin:
        flow = locked(Flow, flow_id, version)
        revise(admin, flow, {})
        return _store_draft(admin, flow, definition, note, layout)


def publish(actor: Actor, flow_id: UUID, version: int, number: int) -> None:
    """Make a draft what callers hear. Raises InvalidFlowError with every problem of the definition."""
    with setup_write(actor) as admin:
        flow = locked(Flow, flow_id, version)
        chosen = _version(flow, number)
        if chosen.state != FlowVersion.State.DRAFT:
            raise errors.FlowVersionPublishedError(number=number)
        revise(admin, flow, {})
        _publish(admin, flow, chosen)


def roll_back(actor: Actor, flow_id: UUID, version: int, number: int) -> int:
    """The number of a new published version that says what an earlier one said. History is never rewritten."""
    with setup_write(actor) as admin:
        flow = locked(Flow, flow_id, version)
        earlier = _version(flow, number)
        if earlier.state == FlowVersion.State.PUBLISHED:
            raise errors.FlowVersionPublishedError(number=number)
        revise(admin, flow, {})
        copy = _new_version(flow, earlier.definition, f"= {number}", FlowVersion.State.RETIRED)
        copy.layout = earlier.layout
        _publish(admin, flow, copy)
        return copy.number


def _publish(admin: Actor, flow: Flow, chosen: FlowVersion) -> None:
    known = queries.references_to_publish(flow.pk, flow.tenant_id, chosen.definition)
    needs = rules.needs_of(read_flow(chosen.definition, known))
    hold_queues(needs.queue_ids)
    former = FlowVersion.objects.filter(flow=flow, state=FlowVersion.State.PUBLISHED).first()
    if former is not None:
        former.state = FlowVersion.State.RETIRED
        former.save()
    chosen.state = FlowVersion.State.PUBLISHED
    chosen.published_at = timezone.now()
    chosen.published_by_id = admin.user_id
    chosen.save()
    _refer(flow, needs)
    difference = rules.flow_difference(former.definition if former else {}, chosen.definition)
    details = {"number": chosen.number, "difference": msgspec.to_builtins(difference)}
    audit.record(admin, "flow.published", "flow", flow.pk, flow.tenant_id, details)
    announce(flow.tenant_id, NODE)


def _refer(flow: Flow, needs: rules.Needs) -> None:
    """Hold on to what the published version uses. Built-in prompts are no rows and need no holding."""
    FlowReference.objects.filter(flow=flow).delete()
    own_prompts = needs.prompt_ids & queries.own_prompt_ids(flow.tenant_id)
    kinds = {
        "queue_id": needs.queue_ids,
        "skill_id": needs.skill_ids,
        "calendar_id": needs.calendar_ids,
        "prompt_id": own_prompts,
    }
    FlowReference.objects.bulk_create(
        FlowReference(tenant_id=flow.tenant_id, flow=flow, **{column: as_uuid(wanted)})
        for column, wanted_ids in kinds.items()
        for wanted in sorted(wanted_ids)
    )


def _store_draft(
    admin: Actor, flow: Flow, definition: dict[str, Any], note: str, layout: rules.Layout | None = None
) -> int:
    rules.check_definition_form(definition)
    draft = FlowVersion.objects.filter(flow=flow, state=FlowVersion.State.DRAFT).first()
    if draft is None:
        draft = _new_version(flow, definition, note, FlowVersion.State.DRAFT)
        layout = _newest_layout(flow) if layout is None else layout
    draft.definition, draft.note = definition, note
    draft.layout = rules.kept_layout(definition, draft.layout if layout is None else layout)
    draft.save()
    audit.record(admin, "flow.draft_saved", "flow", flow.pk, flow.tenant_id, {"number": draft.number, "note": note})
    return draft.number


def _newest_layout(flow: Flow) -> rules.Layout:
    published = FlowVersion.objects.filter(flow=flow, state=FlowVersion.State.PUBLISHED).first()
    return published.layout if published else {}


def _new_version(flow: Flow, definition: dict[str, Any], note: str, state: str) -> FlowVersion:
    last = FlowVersion.objects.filter(flow=flow).last()
    version = FlowVersion(
        tenant_id=flow.tenant_id,
        flow=flow,
        number=last.number + 1 if last else 1,
        state=state,
        definition=definition,
        note=note,
    )
    version.save()
    return version


def _version(flow: Flow, number: int) -> FlowVersion:
    found = FlowVersion.objects.filter(flow=flow, number=number).first()
    if found is None:
        raise errors.FlowVersionUnknownError(number=number)
    return found


def _columns(values: FlowValues) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name != "definition"}
