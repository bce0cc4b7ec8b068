"""Reading a flow from JSON and checking it: whatever is wrong is found at publishing, not by a caller."""

from collections.abc import Callable, Iterator
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
    OpeningHoursStep,
    QueueStep,
    SayStep,
    Speech,
    Step,
)
from hotline.flows.errors import InvalidFlowError, Problem
from hotline.flows.graph import circle_without_person, exits, finishing, reachable

MOST_STEPS = 300
_ARGUMENT_SUBJECTS = ("called", "caller", "language", "segment", "customer_id")


class References(msgspec.Struct, frozen=True, kw_only=True):
    """What the tenant has, to check a flow's references; None leaves that kind unchecked."""

    queue_ids: frozenset[str] | None = None
    skill_ids: frozenset[str] | None = None
    calendar_ids: frozenset[str] | None = None
    prompt_ids: frozenset[str] | None = None


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
        return None, [_problem("flow.no_steps", None, "A flow is an object with 'first_step' and an object 'steps'.")]
    problems: list[Problem] = []
    for step_id, step in definition["steps"].items():
        if fault := _fault_of(step, Step):
            sentence = f"Step '{step_id}' has a wrong form: {fault}. Correct that field."
            problems.append(_problem("flow.step_form", str(step_id), sentence, fault=fault))
    if problems:
        return None, problems
    if fault := _fault_of(definition, Flow):
        return None, [_problem("flow.form", None, f"The flow has a wrong form: {fault}. Correct that.", fault=fault)]
    return msgspec.convert(definition, Flow), []


def _fault_of(value: Any, wanted: Any) -> str | None:
    try:
        msgspec.convert(value, wanted)
    except msgspec.ValidationError as error:
        return str(error)
    return None


def _check_whole(flow: Flow) -> Iterator[Problem]:
    if flow.first_step not in flow.steps:
        sentence = f"The first step '{flow.first_step}' does not exist: add it, or name another as 'first_step'."
        yield _problem("flow.unknown_first_step", None, sentence, target=flow.first_step)
    if len(flow.steps) > MOST_STEPS:
        sentence = f"The flow has {len(flow.steps)} steps; at most {MOST_STEPS} are allowed: split it."
        yield _problem("flow.too_many_steps", None, sentence, count=len(flow.steps), most=MOST_STEPS)
    try:
        ZoneInfo(flow.time_zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        sentence = f"The time zone '{flow.time_zone}' is unknown: use a name such as Asia/Shanghai."
        yield _problem("flow.unknown_time_zone", None, sentence, time_zone=flow.time_zone)


def _check_targets(flow: Flow) -> Iterator[Problem]:
    for step_id, step in flow.steps.items():
        for field, target in exits(step):
            if target not in flow.steps:
                sentence = (
                    f"Step '{step_id}' goes to '{target}' ({field}), which does not exist: add it or change {field}."
                )
                yield _problem("flow.unknown_step", step_id, sentence, field=field, target=target)


def _check_graph(flow: Flow) -> Iterator[Problem]:
    found, ending = reachable(flow), finishing(flow)
    for step_id in flow.steps:
        if step_id not in found:
            sentence = f"Step '{step_id}' can never be reached: lead to it or remove it."
            yield _problem("flow.unreachable_step", step_id, sentence)
        elif step_id not in ending:
            sentence = f"From step '{step_id}' no end can be reached: lead it to a queue, transfer or hang_up step."
            yield _problem("flow.unfinished_step", step_id, sentence)
    if circle := circle_without_person(flow):
        sentence = f"Steps {', '.join(circle)} can run in a circle for ever: put a menu or collect step into it."
        yield _problem("flow.endless_circle", circle[0], sentence, steps=list(circle))


def _check_step(step_id: str, step: Step) -> Iterator[Problem]:
    for speech in speeches_of(step):
        if fault := _speech_fault(speech):
            yield _problem("flow.speech", step_id, f"Step '{step_id}' says something unclear: {fault}.", fault=fault)
    match step:
        case SayStep() if not step.messages:
            yield _problem(
                "flow.says_nothing", step_id, f"Step '{step_id}' says nothing: give it 'messages' or remove it."
            )
        case MenuStep() if not step.choices:
            yield _problem("flow.no_choices", step_id, f"Menu '{step_id}' has no choices: add at least one key.")
        case CollectStep() if step.min_length > step.max_length:
            sentence = (
                f"Step '{step_id}' wants at least {step.min_length} and at most {step.max_length} digits: swap them."
            )
            yield _problem("flow.lengths", step_id, sentence)
        case ConditionStep():
            yield from _check_comparisons(step_id, step)
        case LookUpStep():
            yield from _check_arguments(step_id, step)


def _speech_fault(speech: Speech) -> str | None:
    has_text = speech.zh is not None or speech.en is not None
    if speech.digits is not None:
        return "'digits' stand alone, without prompt or text" if has_text or speech.prompt else None
    if has_text and (speech.zh is None or speech.en is None):
        return "a text needs both languages, 'zh' and 'en'"
    return None if has_text or speech.prompt else "a message needs 'prompt', 'zh' and 'en', or 'digits'"


def _check_comparisons(step_id: str, step: ConditionStep) -> Iterator[Problem]:
    for index, rule in enumerate(step.rules):
        for comparison in rule.all:
            if fault := comparison_fault(comparison):
                sentence = f"Rule {index + 1} of step '{step_id}' cannot be compared: {fault}."
                yield _problem("flow.comparison", step_id, sentence, rule=index + 1, fault=fault)


def _check_arguments(step_id: str, step: LookUpStep) -> Iterator[Problem]:
    for name, subject in step.arguments.items():
        if not subject.startswith("value:") and subject not in _ARGUMENT_SUBJECTS:
            sentence = f"Look-up '{step_id}' takes '{name}' from the unknown '{subject}': use value:<name> or caller."
            yield _problem("flow.unknown_subject", step_id, sentence, subject=subject)


def _check_references(step_id: str, step: Step, known: References) -> Iterator[Problem]:
    unknown = _unknown_checker(step_id)
    match step:
        case QueueStep():
            yield from unknown("queue", step.queue_id, known.queue_ids)
            for need in step.needs:
                yield from unknown("skill", need.skill_id, known.skill_ids)
        case OpeningHoursStep():
            yield from unknown("calendar", step.calendar_id, known.calendar_ids)
    for speech in speeches_of(step):
        if speech.prompt is not None and speech.zh is None:
            yield from unknown("prompt", speech.prompt, known.prompt_ids)


def _unknown_checker(step_id: str) -> Callable[[str, str, frozenset[str] | None], Iterator[Problem]]:
    def check(kind: str, wanted: str, known: frozenset[str] | None) -> Iterator[Problem]:
        if known is not None and wanted not in known:
            sentence = (
                f"Step '{step_id}' uses the {kind} '{wanted}', which does not exist: choose another or create it."
            )
            yield _problem(f"flow.unknown_{kind}", step_id, sentence, wanted=wanted)

    return check


def _problem(code: str, step_id: str | None, sentence: str, **data: object) -> Problem:
    return Problem(code, step_id, sentence, data)
