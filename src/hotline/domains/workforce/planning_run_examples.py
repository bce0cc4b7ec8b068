"""Examples of planning runs for the API's description."""

from typing import Any, Final

from ninja import Schema

from hotline.domains.workforce.planning_run_schemas import PlanningRunDetail, PlanningRunOut
from hotline.foundation.examples import SHIBEI, at, example_id

RUN_EXAMPLE: Final[dict[str, Any]] = {
    "id": example_id(111),
    "tenant_id": SHIBEI,
    "kind": "roster",
    "steps": 0,
    "steps_done": 0,
    "figures": {"covered": 0.994},
    "stop_asked": False,
    "asked_by": "赵敏",
    "asked_at": at(8),
    "failure_code": None,
    "sentence": None,
}

PLANNING_RUN_EXAMPLES: Final[tuple[Schema, ...]] = (
    PlanningRunOut(**RUN_EXAMPLE, state="running", ended_at=None),
    PlanningRunDetail(**RUN_EXAMPLE, state="done", ended_at=at(8, 4), result={"covered": 0.9971, "breaches": 0}),
)
