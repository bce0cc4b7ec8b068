"""The example's dialogue flow: its queues, calendars and skills are codes in the scenario, ids in the tenant."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID


def bound_definition(definition: Mapping[str, Any], ids: Mapping[str, Mapping[str, UUID]]) -> dict[str, Any]:
    """The flow with the codes of its queues, calendars and skills replaced by this installation's ids."""
    steps = {step_id: _bound_step(step, ids) for step_id, step in definition["steps"].items()}
    return {**definition, "steps": steps}


def _bound_step(step: Mapping[str, Any], ids: Mapping[str, Mapping[str, UUID]]) -> dict[str, Any]:
    bound = dict(step)
    if "queue_id" in bound:
        bound["queue_id"] = str(ids["queues"][bound["queue_id"]])
    if "calendar_id" in bound:
        bound["calendar_id"] = str(ids["calendars"][bound["calendar_id"]])
    if "needs" in bound:
        bound["needs"] = [{**need, "skill_id": str(ids["skills"][need["skill_id"]])} for need in bound["needs"]]
    return bound
