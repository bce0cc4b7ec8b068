"""How the steps of a flow hang together."""

from collections.abc import Iterable, Mapping

from hotline.flows.definition import (
    CollectStep,
    ConditionStep,
    Flow,
    HangUpStep,
    MenuStep,
    OpeningHoursStep,
    QueueStep,
    Step,
    TransferStep,
)


def exits(step: Step) -> tuple[tuple[str, str], ...]:
    """Where a step can go, as (field that says so, step id)."""
    match step:
        case OpeningHoursStep():
            return (("if_open", step.if_open), ("if_closed", step.if_closed))
        case MenuStep():
            keys = tuple((f"choices[{key}]", target) for key, target in step.choices.items())
            return (*keys, ("if_invalid", step.if_invalid), ("if_no_input", step.if_no_input))
        case CollectStep():
            return (("next", step.next), ("if_failed", step.if_failed))
        case ConditionStep():
            rules = tuple((f"rules[{index}].next", rule.next) for index, rule in enumerate(step.rules))
            return (*rules, ("otherwise", step.otherwise))
        case TransferStep():
            return (("if_failed", step.if_failed),)
        case QueueStep():
            named = (("if_full", step.if_full), ("if_too_long", step.if_too_long), ("if_disaster", step.if_disaster))
            return tuple((field, target) for field, target in named if target is not None)
        case HangUpStep():
            return ()
        case _:
            return (("next", step.next),)


def is_end(step: Step) -> bool:
    """Whether the flow can be over here."""
    return isinstance(step, QueueStep | TransferStep | HangUpStep)


def waits_for_person(step: Step) -> bool:
    """Whether the person decides when and where this step goes on, so that a circle through it is theirs."""
    return isinstance(step, MenuStep | CollectStep)


def reachable(flow: Flow) -> set[str]:
    """Ids of the steps that can be come to from the first."""
    return _closure([flow.first_step], {step_id: _targets(step) for step_id, step in flow.steps.items()})


def finishing(flow: Flow) -> set[str]:
    """Ids of the steps from which an end can be come to."""
    backwards: dict[str, list[str]] = {}
    for step_id, step in flow.steps.items():
        for target in _targets(step):
            backwards.setdefault(target, []).append(step_id)
    return _closure([step_id for step_id, step in flow.steps.items() if is_end(step)], backwards)


def circle_without_person(flow: Flow) -> tuple[str, ...]:
    """Steps that could follow each other for ever without anybody choosing; empty when there are none."""
    remaining = {
        step_id: {target for target in _targets(step) if not waits_for_person(flow.steps[target])}
        for step_id, step in flow.steps.items()
        if not waits_for_person(step)
    }
    while free := [step_id for step_id, targets in remaining.items() if not targets & remaining.keys()]:
        for step_id in free:
            del remaining[step_id]
    return tuple(remaining)


def _targets(step: Step) -> list[str]:
    return [target for _, target in exits(step)]


def _closure(start: Iterable[str], edges: Mapping[str, Iterable[str]]) -> set[str]:
    found: set[str] = set()
    open_ids = list(start)
    while open_ids:
        step_id = open_ids.pop()
        if step_id not in found:
            found.add(step_id)
            open_ids.extend(edges.get(step_id, ()))
    return found
