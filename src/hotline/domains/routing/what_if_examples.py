"""Examples of what-ifs for the API's description."""

from datetime import date
from typing import Any, Final

from ninja import Schema

from hotline.domains.routing.schemas import RoutingChangeOut, RoutingFieldChange
from hotline.domains.routing.what_if_schemas import (
    WhatIfCurve,
    WhatIfDraft,
    WhatIfEstimate,
    WhatIfFigure,
    WhatIfIn,
    WhatIfOut,
    WhatIfQueue,
    WhatIfResult,
    WhatIfRunOut,
)
from hotline.foundation.examples import REPAIR_QUEUE, SHIBEI, at, example_id

_CHANGE: Final = WhatIfDraft(object_type="queue", record_id=REPAIR_QUEUE, values={"version": 3, "max_waiting": 40})
_CHANGED: Final = RoutingChangeOut(
    object_type="queue",
    object_id=str(REPAIR_QUEUE),
    name={"zh": "报修", "en": "Repair"},
    what="changed",
    fields=[RoutingFieldChange(field="max_waiting", before={"zh": "–", "en": "–"}, after={"zh": "40", "en": "40"})],
)
_RUN: Final[dict[str, Any]] = {
    "id": example_id(46),
    "tenant_id": SHIBEI,
    "day": date(2026, 3, 1),
    "begins_at": at(0),
    "ends_at": at(23, 45),
    "replays": 5,
    "number": None,
    "object_type": "queue",
    "changes": [_CHANGED],
    "steps": 11,
    "asked_by": "王芳",
    "asked_at": at(8),
    "applied_at": None,
    "failure_code": None,
    "sentence": None,
}
_FIGURE: Final = WhatIfFigure(
    queue_id=REPAIR_QUEUE,
    metric="service_level",
    recorded=0.81,
    before=WhatIfEstimate(value=0.805, low=0.79, high=0.82),
    after=WhatIfEstimate(value=0.88, low=0.868, high=0.892),
    difference=WhatIfEstimate(value=0.075, low=0.06, high=0.09),
)
_CURVE: Final = WhatIfCurve(
    queue_id=None, metric="average_wait_s", recorded=[12.5, None], before=[12.4, None], after=[8.1, None]
)
_RESULT: Final = WhatIfResult(
    queues=[WhatIfQueue(queue_id=REPAIR_QUEUE, name={"zh": "报修", "en": "Repair"})],
    figures=[_FIGURE],
    curves=[_CURVE],
    recorded_version=17,
    recorded_versions=1,
    left_out={"attended_transfers_to_agent": 3},
    refused={},
)

WHAT_IF_EXAMPLES: Final[tuple[Schema, ...]] = (
    _CHANGE,
    WhatIfIn(day=date(2026, 3, 1), change=_CHANGE),
    WhatIfRunOut(**_RUN, state="running", steps_done=4, ended_at=None),
    WhatIfOut(
        **_RUN,
        state="done",
        steps_done=11,
        ended_at=at(8, 1),
        result=_RESULT,
        basis=17,
        is_basis_recorded=True,
    ),
    _RESULT.queues[0],
    _FIGURE,
    _FIGURE.before,
    _CURVE,
    _RESULT,
)
