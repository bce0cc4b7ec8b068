"""Small scenarios for the tests: a dictionary as a file would hold it, and what is changed in it."""

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

from hotline.simulation.counters import Counters
from hotline.simulation.loading import parse
from hotline.simulation.preparing import Prepared
from hotline.simulation.running import replicate
from hotline.simulation.scenario import Scenario

ROOT = Path(__file__).parents[3]

PLAIN: dict[str, Any] = {
    "horizon_s": 3600,
    "interval_s": 600,
    "routing": {
        "queues": [
            {
                "queue_id": "water",
                "tenant_id": "t",
                "skills": [["water", 1]],
                "is_wrap_up_automatic": True,
                "wrap_up_s": 0,
                "service_level_s": 20,
            }
        ]
    },
    "groups": [{"id": "all", "count": 10, "skills": [["water", 5]], "site": "east"}],
    "traffic": [
        {
            "queue": "water",
            "arrivals": {"per_hour": 600},
            "talk": {"kind": "exponential", "mean_s": 60},
            "patience": {"kind": "exponential", "mean_s": 120},
        }
    ],
}


def raw(**changes: Any) -> dict[str, Any]:
    """The plain scenario with other top-level fields; `queue`, `group`, `traffic` change the first of each."""
    made = deepcopy(PLAIN)
    made["routing"]["queues"][0].update(changes.pop("queue", {}))
    made["groups"][0].update(changes.pop("group", {}))
    if isinstance(changes.get("traffic"), dict):
        made["traffic"][0].update(changes.pop("traffic"))
    made.update(changes)
    return made


def scenario(**changes: Any) -> Scenario:
    """The same, loaded."""
    return parse(json.dumps(raw(**changes)), ROOT)


def played(**changes: Any) -> Counters:
    """The sums of one replication of it."""
    return replicate(Prepared(scenario(**changes)), 1, 0).counters
