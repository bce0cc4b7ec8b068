"""Reading a flow from JSON and checking it: whatever is wrong is found at publishing, not by a caller."""

import re
from collections.abc import Iterator, Mapping
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from hotline.flows.comparisons import comparison_fault
from hotline.flows.definition import (
    CollectStep,
    ConditionStep,
    Flow,
    LookUpStep,
    MenuStep,
    MessageStep,
    Need,
    OpeningHoursStep,
    QueueStep,
    SayStep,
    SetAttributeStep,
    Speech,
    Step,
)
from hotline.flows.errors import InvalidFlowError, Problem, problem
from hotline.flows.graph import circle_without_person, exits, finishing, reachable

MOST_STEPS = 300
_MISSING = re.compile(r"missing required field `(\w+)`(?: - at `\$\.(.+)`)?$")
_UNUSABLE = re.compile(r"matching regex .* - at `\$\.(.+)`$")
_ARGUMENT_SUBJECTS = ("called", "caller", "language", "segment", "customer_id")


class References(msgspec.Struct, frozen=True, kw_only=True):
    """What the tenant has, to check a flow's references; None leaves that kind unchecked."""

    queue_ids: frozenset[str] | None = None
    skill_ids: frozenset[str] | None = None
    calendar_ids: frozenset[str] | None = None
    prompt_ids: frozenset[str] | None = None
    business_ids: frozenset[str] | None = None
    attribute_values: Mapping[str, frozenset[str]] | None = None  # by the attribute that a step may set
    best_levels: Mapping[str, int] | None = None  # by skill: the most that a step may ask for beyond its queue
    skill_names: Mapping[str, dict[str, str]] = {}


def read_flow(definition: object, references: References | None = None) -> Flow:
    """The flow of a plain JSON definition. Raises InvalidFlowError with every problem found."""
    flow, problems = _convert(definition)
    if flow is not None:
        problems = find_problems(flow, references)
    if problems or flow is None:
        raise InvalidFlowError(tuple(problems))
    return flow


def find_problems(flow: Flow, references: References | None = None) -> list[Problem]:
    """Everything that is wrong with a flow of the right shape."""
    problems = [*_check_whole(flow), *_check_targets(flow)]
    for step_id, step in flow.steps.items():
        problems += _check_step(step_id, step)
        problems += _check_references(step_id, step, references or References())
    # Questions about the whole graph make sense only when every target exists.
    return problems if problems else list(_check_graph(flow))


def speeches_of(step: Step) -> tuple[Speech, ...]:
    """Everything that a step may say."""
    match step:
        case SayStep() | MessageStep():
            return step.messages
        case MenuStep():
            return step.messages + step.invalid_messages + step.no_input_messages
        case CollectStep():
            return step.messages + step.invalid_messages
        case QueueStep():
            return step.announcement
        case _:
            return ()


def _convert(definition: object) -> tuple[Flow | None, list[Problem]]:
    """Each step is converted by itself, because only so can a wrong one be named."""
    if not isinstance(definition, dict) or not isinstance(definition.get("steps"), dict):
        return None, [problem("flow.no_steps", None)]
    problems = [
        _form_problem(str(step_id), fault)
        for step_id, step in definition["steps"].items()
        if (fault := _fault_of(step, Step))
    ]
    if not problems and (fault := _fault_of(definition, Flow)):
        problems.append(problem("flow.form", None, fault=fault))
    return (None, problems) if problems else (msgspec.convert(definition, Flow), [])


def _form_problem(step_id: str, fault: str) -> Problem:
    """The usual faults of a step that is being written, in words of our own; msgspec's are English only."""
    if missing := _MISSING.search(fault):
        return problem("flow.missing_field", step_id, field=".".join(filter(None, reversed(missing.groups()))))
    if unusable := _UNUSABLE.search(fault):
        return problem("flow.unusable_field", step_id, field=unusable[1])
    return problem("flow.step_form", step_id, fault=fault)


def _fault_of(value: Any, wanted: Any) -> str | None:
    try:
        msgspec.convert(value, wanted)
    except msgspec.ValidationError as error:
        return str(error)
    return None


def _check_whole(flow: Flow) -> Iterator[Problem]:
    if flow.first_step not in flow.steps:
        yield problem("flow.unknown_first_step", None, target=flow.first_step)
    if len(flow.steps) > MOST_STEPS:
        yield problem("flow.too_many_steps", None, count=len(flow.steps), most=MOST_STEPS)
    try:
        ZoneInfo(flow.time_zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        yield problem("flow.unknown_time_zone", None, time_zone=flow.time_zone)


def _check_targets(flow: Flow) -> Iterator[Problem]:
    for step_id, step in flow.steps.items():
        for field, target in exits(step):
            if target not in flow.steps:
                yield problem("flow.unknown_step", step_id, field=field, target=target)


def _check_graph(flow: Flow) -> Iterator[Problem]:
    found, ending = reachable(flow), finishing(flow)
    for step_id in flow.steps:
        if step_id not in found:
            yield problem("flow.unreachable_step", step_id)
        elif step_id not in ending:
            yield problem("flow.unfinished_step", step_id)
    if circle := circle_without_person(flow):
        yield problem("flow.endless_circle", circle[0], steps=", ".join(circle))


def _check_step(step_id: str, step: Step) -> Iterator[Problem]:
    for speech in speeches_of(step):
        if code := _speech_fault(speech):
            yield problem(code, step_id)
    match step:
        case SayStep() if not step.messages:
            yield problem("flow.says_nothing", step_id)
        case MenuStep() if not step.choices:
            yield problem("flow.no_choices", step_id)
        case CollectStep() if step.min_length > step.max_length:
            yield problem("flow.lengths", step_id, min_length=step.min_length, max_length=step.max_length)
        case ConditionStep():
            yield from _check_comparisons(step_id, step)
        case LookUpStep():
            yield from _check_arguments(step_id, step)


def _speech_fault(speech: Speech) -> str | None:
    has_text = speech.zh is not None or speech.en is not None
    if speech.digits is not None:
        return "flow.speech_digits" if has_text or speech.prompt else None
    if has_text and (speech.zh is None or speech.en is None):
        return "flow.speech_language"
    return None if has_text or speech.prompt else "flow.speech_empty"


def _check_comparisons(step_id: str, step: ConditionStep) -> Iterator[Problem]:
    for index, rule in enumerate(step.rules):
        for comparison in rule.all:
            if code := comparison_fault(comparison):
                yield problem(code, step_id, rule=index + 1, subject=comparison.subject)


def _check_arguments(step_id: str, step: LookUpStep) -> Iterator[Problem]:
    for subject in step.arguments.values():
        if not subject.startswith("value:") and subject not in _ARGUMENT_SUBJECTS:
            yield problem("flow.unknown_subject", step_id, subject=subject)


def _check_references(step_id: str, step: Step, known: References) -> Iterator[Problem]:
    match step:
        case QueueStep():
            yield from _unknown("queue", step_id, step.queue_id, known.queue_ids)
            if step.business is not None and not step.business.startswith("value:"):
                yield from _unknown("business", step_id, step.business, known.business_ids)
            for need in step.needs:
                yield from _unknown("skill", step_id, need.skill_id, known.skill_ids)
                yield from _unheld(step_id, need, known)
        case OpeningHoursStep():
            yield from _unknown("calendar", step_id, step.calendar_id, known.calendar_ids)
        case SetAttributeStep():
            if known.attribute_values is not None and step.value not in known.attribute_values[step.name]:
                yield problem("flow.unknown_value", step_id, wanted=step.value, name=step.name)
    for speech in speeches_of(step):
        if speech.prompt is not None and speech.zh is None:
            yield from _unknown("prompt", step_id, speech.prompt, known.prompt_ids)


def _unheld(step_id: str, need: Need, known: References) -> Iterator[Problem]:
    is_known = known.skill_ids is None or need.skill_id in known.skill_ids
    if is_known and known.best_levels is not None and need.level > known.best_levels.get(need.skill_id, 0):
        name = known.skill_names.get(need.skill_id, {"zh": need.skill_id, "en": need.skill_id})
        yield problem("flow.unheld_skill", step_id, skill=name, level=need.level)


def _unknown(kind: str, step_id: str, wanted: str, known: frozenset[str] | None) -> Iterator[Problem]:
    if known is not None and wanted not in known:
        yield problem(f"flow.unknown_{kind}", step_id, wanted=wanted)
