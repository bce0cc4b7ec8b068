"""What is kept of planning: rotations, shift kinds and labour rules, forecasts, rosters, requests, the day."""

from hotline.domains.workforce.models.day import Absence, Activity, AgentStateSpan, IntradayForecast, LeaveOffer
from hotline.domains.workforce.models.plans import Forecast, ForecastChange, PlanningRun, StaffingPlan
from hotline.domains.workforce.models.requests import (
    CalendarFeed,
    MoodAnswer,
    OpenShift,
    RosterNotice,
    ShiftRequest,
    Wish,
)
from hotline.domains.workforce.models.rosters import Roster, RosterShift
from hotline.domains.workforce.models.rotations import REASONS, Lesson, Rotation, RotationMembership
from hotline.domains.workforce.models.work_rules import (
    Contract,
    LabourRules,
    ShiftKind,
    SkillBorrowing,
    WorkforceSettings,
)

__all__ = [
    "REASONS",
    "Absence",
    "Activity",
    "AgentStateSpan",
    "CalendarFeed",
    "Contract",
    "Forecast",
    "ForecastChange",
    "IntradayForecast",
    "LabourRules",
    "LeaveOffer",
    "Lesson",
    "MoodAnswer",
    "OpenShift",
    "PlanningRun",
    "Roster",
    "RosterNotice",
    "RosterShift",
    "Rotation",
    "RotationMembership",
    "ShiftKind",
    "ShiftRequest",
    "SkillBorrowing",
    "StaffingPlan",
    "Wish",
    "WorkforceSettings",
]
