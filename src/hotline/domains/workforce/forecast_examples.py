"""Examples of forecasts for the API's description."""

from datetime import date
from typing import Any, Final

from ninja import Schema

from hotline.domains.workforce.forecast_schemas import (
    ForecastAccuracyRow,
    ForecastBrief,
    ForecastChangeIn,
    ForecastChangeOut,
    ForecastCurveOut,
    ForecastEffect,
    ForecastErrors,
    ForecastHorizonErrors,
    ForecastIn,
    ForecastMark,
    ForecastModelErrors,
    ForecastOut,
    ForecastPartOut,
    ForecastReach,
    ForecastSeriesOut,
    LikeIn,
    VersionIn,
)
from hotline.domains.workforce.planning_run_examples import RUN_EXAMPLE
from hotline.domains.workforce.planning_run_schemas import PlanningRunOut
from hotline.foundation.examples import REPAIR_QUEUE, SHIBEI, at, example_id

_FIRST, _LAST = date(2026, 3, 30), date(2026, 4, 26)
_CHOSEN: Final[dict[str, Any]] = {"wape": 0.112, "mase": 0.61, "bias": -0.004, "day_wape": 0.041}
_BASELINE: Final = ForecastModelErrors(
    model="same weekday last week", wape=0.187, mase=1.02, bias=0.006, day_wape=0.093
)
_RUN: Final = PlanningRunOut(
    **RUN_EXAMPLE | {"kind": "forecast", "steps": 3, "steps_done": 3, "figures": {}}, state="done", ended_at=at(8, 1)
)
_BRIEF: Final[dict[str, Any]] = {
    "id": example_id(121),
    "tenant_id": SHIBEI,
    "version": 3,
    "name": "2026-04",
    "first_day": _FIRST,
    "last_day": _LAST,
    "interval_min": 15,
    "history_from": date(2025, 3, 1),
    "history_to": date(2026, 3, 29),
    "is_ready": True,
    "accepted_at": at(9),
    "accepted_by": "赵敏",
    "run": _RUN,
}
_EFFECT: Final = ForecastEffect(intervals=36, actual=402, missed_before=88.5, missed_after=31.2)
_CHANGE: Final = ForecastChangeOut(
    id=example_id(122),
    queue_id=REPAIR_QUEUE,
    begins_at=at(8),
    ends_at=at(17),
    factor=1.3,
    calls=None,
    reason="停水检修",
    made_by="赵敏",
    made_at=at(7),
    effect=_EFFECT,
)
_MARK: Final = ForecastMark(day=date(2026, 3, 3), kind="outage", treatment="repaired", intervals=["10:00"], note="")
_SERIES: Final = ForecastSeriesOut(
    queue_id=REPAIR_QUEUE,
    queue_name={"zh": "报修", "en": "Repair"},
    brand="",
    brand_name={"zh": "", "en": ""},
    model="calendar process by working days",
    borrowed_from=None,
    share=1,
    holidays_of="CN",
    calls=5160.4,
    calls_as_forecast=5074.1,
    handle_s=214.6,
    marks=[_MARK],
)
_PART: Final = ForecastPartOut(
    queue_id=REPAIR_QUEUE,
    queue_name={"zh": "报修", "en": "Repair"},
    by="channel",
    name="chat",
    site_name=None,
    calls=1032.1,
    share=0.2,
    handle_s=310.2,
)
_REACH: Final = ForecastReach(from_day=1, to_day=7, **_CHOSEN)
_ERRORS: Final = ForecastHorizonErrors(
    queue_id=REPAIR_QUEUE,
    brand="",
    horizon="later",
    days=28,
    origins=6,
    model="calendar process by working days",
    **_CHOSEN,
    baseline=_BASELINE,
    by_days_ahead=[_REACH],
)

FORECAST_EXAMPLES: Final[tuple[Schema, ...]] = (
    LikeIn(queue_id=example_id(42), other_id=REPAIR_QUEUE, share=0.3),
    ForecastIn(
        name="2026-04",
        first_day=_FIRST,
        last_day=_LAST,
        calendar="date,kind,name\n2026-04-10,billing,bills",
        likes=[LikeIn(queue_id=example_id(42), other_id=REPAIR_QUEUE, share=0.3)],
    ),
    ForecastErrors(**_CHOSEN),
    _BASELINE,
    _REACH,
    _ERRORS,
    _MARK,
    _SERIES,
    _PART,
    _EFFECT,
    _CHANGE,
    ForecastChangeIn(version=3, queue_id=REPAIR_QUEUE, begins_at=at(8), ends_at=at(17), factor=1.3, reason="停水检修"),
    VersionIn(version=3),
    ForecastBrief(**_BRIEF),
    ForecastOut(
        **_BRIEF,
        coverage=0.9,
        is_simulated=False,
        series=[_SERIES],
        parts=[_PART],
        errors=[_ERRORS],
        changes=[_CHANGE],
        left_out=[],
    ),
    ForecastCurveOut(
        by="day",
        begins=["2026-03-29", "2026-03-30"],
        expected=[None, 184.2],
        low=[None, 160.3],
        high=[None, 210.8],
        as_forecast=[None, 184.2],
        handle_s=[None, 214.6],
        actual=[151, None],
    ),
    ForecastAccuracyRow(
        queue_id=None,
        days=12,
        expected=2210.4,
        actual=2188,
        wape=0.118,
        day_wape=0.039,
        bias=0.010,
        baseline_wape=0.192,
        baseline_day_wape=0.088,
    ),
)
