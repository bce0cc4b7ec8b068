"""Trying a flow out: the pure walk of `hotline.flows`, with what the flow's tenant has. Reads only."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils import timezone

from hotline.domains.channels import errors, flow_queries, queries, rules, schemas
from hotline.domains.channels.models import Prompt, PromptRecording
from hotline.domains.enterprise.queries import calendar_configurations
from hotline.domains.routing.funnel import businesses
from hotline.flows import Context, TrialCall, read_flow, try_call
from hotline.flows.state import Utterance
from hotline.flows.trial import Surroundings, TrialLine, digits_ms, spoken_ms
from hotline.formulas.opening_hours import Calendar
from hotline.foundation.actors import Actor
from hotline.foundation.tenancy import scope_of


class _Sounds(NamedTuple):
    """The words of the built-in prompts, the names of the tenant's own, and how long their recordings are."""

    words: Mapping[str, Mapping[str, str]]
    lengths_ms: Mapping[tuple[str, str], int]

    def text_of(self, utterance: Utterance) -> str:
        return utterance.text or self.words.get(utterance.prompt_id or "", {}).get(utterance.language, "")

    def length_ms(self, utterance: Utterance) -> int:
        if utterance.digits is not None:
            return digits_ms(utterance.digits)
        recorded = self.lengths_ms.get((utterance.prompt_id or "", utterance.language))
        return spoken_ms(self.text_of(utterance), utterance.language) if recorded is None else recorded


def _business_queues(tenant_id: UUID) -> dict[str, tuple[str, ...]]:
    own = [one for one in businesses() if one.tenant_id == str(tenant_id)]
    return {key: one.queue_ids for one in own for key in (one.module_id, one.code)}


def tried(actor: Actor, flow_id: UUID, asked: schemas.TrialCallIn) -> schemas.TrialCallOut:
    """The call that the definition would give in place of that flow. Raises NotFoundError, InvalidFlowError."""
    admin = actor.narrowed("admin.configure")
    with scope_of(admin):
        tenant_id = flow_queries.tenant_of(flow_id)
        flow = read_flow(asked.definition, queries.flow_references(tenant_id))
        sounds = _sounds(tenant_id)
        calendars: dict[str, Calendar] = {calendar.calendar_id: calendar for calendar in calendar_configurations()}
        business_queues = _business_queues(tenant_id)
    outbound = queries.outbound_rules(admin, tenant_id)
    began_at = _began_at(asked.local_moment, ZoneInfo(flow.time_zone))
    context = Context(
        called=asked.called,
        caller=asked.caller or None,
        language=asked.language,
        segment=asked.segment or None,
        calendars=calendars,
        business_queues=business_queues,
    )
    around = Surroundings(
        began_at_ms=int(began_at.timestamp() * 1000),
        length_ms=sounds.length_ms,
        can_dial=lambda number: _is_allowed(number, outbound),
    )
    return _shown(try_call(flow, context, asked.answers, around), began_at, flow.time_zone, sounds)


def _began_at(local_moment: datetime | None, zone: ZoneInfo) -> datetime:
    return timezone.now() if local_moment is None else local_moment.replace(tzinfo=zone).astimezone(UTC)


def _is_allowed(number: str, outbound: queries.OutboundRules) -> bool:
    try:
        rules.dialable_number(number, outbound.prefixes, outbound.emergency_numbers)
    except errors.NumberNotAllowedError:
        return False
    return True


def _sounds(tenant_id: UUID) -> _Sounds:
    own = {str(key): dict(name) for key, name in Prompt.objects.filter(tenant_id=tenant_id).values_list("pk", "name")}
    recordings = PromptRecording.objects.filter(tenant_id=tenant_id)
    lengths = recordings.values_list("prompt_id", "language", "duration_ms")
    return _Sounds(
        words={**queries.built_in_prompts(), **own},
        lengths_ms={(str(prompt_id), language): duration_ms for prompt_id, language, duration_ms in lengths},
    )


def _shown(call: TrialCall, began_at: datetime, time_zone: str, sounds: _Sounds) -> schemas.TrialCallOut:
    question, queue = call.question, call.queue
    return schemas.TrialCallOut(
        began_at=began_at,
        time_zone=time_zone,
        lines=[_line(line, sounds) for line in call.lines],
        outcome=call.outcome,
        step_id=call.step_id,
        end_reason=call.end_reason,
        question=schemas.QuestionOut.from_orm(question) if question else None,
        queue_id=queue.queue_id if queue else None,
        priority=queue.priority if queue else None,
    )


def _line(line: TrialLine, sounds: _Sounds) -> schemas.TrialLineOut:
    said = [
        schemas.SaidOut(
            language=utterance.language,
            text=sounds.text_of(utterance),
            prompt_id=utterance.prompt_id,
            digits=utterance.digits,
        )
        for utterance in line.utterances
    ]
    return schemas.TrialLineOut(at_ms=line.at_ms, step_id=line.step_id, kind=line.kind, detail=line.detail, said=said)
