"""Long work of planners and what came of it: forecasts and staffing plans.

What is large (a number per queue and interval) is kept as compressed JSON, written once and read whole."""

from django.db import models

from hotline.foundation.tenancy import TenantModel


class PlanningRun(TenantModel):
    """A durable piece of planning work: its question, how far it is, and its answer or why there is none.

    `question` and `result` are JSON compressed by zlib; the question goes when the run ends. `stop_asked`: end soon
    with the best found so far."""

    class Kind(models.TextChoices):
        FORECAST = "forecast"
        STAFFING = "staffing"
        ROSTER = "roster"
        WHAT_IF = "what_if"  # the rest of today with one change

    class State(models.TextChoices):
        WAITING = "waiting"
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"
        CANCELLED = "cancelled"

    kind = models.CharField(max_length=10, choices=Kind.choices)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    steps = models.PositiveIntegerField(default=0)  # none: not known
    steps_done = models.PositiveIntegerField(default=0)
    figures = models.JSONField(default=dict)  # of the best so far, such as the share of demand covered
    question = models.BinaryField(default=b"")
    result = models.BinaryField(default=b"")
    failure = models.JSONField(null=True)  # code, data and sentence of the error
    stop_asked = models.BooleanField(default=False)
    asked_by = models.CharField(max_length=150)
    ended_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        indexes = [models.Index(fields=["tenant", "kind", "-id"], name="planning_run_newest")]
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "kind"],
                condition=models.Q(state__in=["waiting", "running"]),
                name="planning_run_one_a_kind",
            )
        ]


class Forecast(TenantModel):
    """Contacts and handle time expected per queue and interval. `content` is there once its run is done."""

    object_type = "forecast"

    name = models.CharField(max_length=120)
    first_day = models.DateField()
    last_day = models.DateField()
    interval_min = models.PositiveSmallIntegerField(default=15)
    run = models.OneToOneField(PlanningRun, on_delete=models.PROTECT, related_name="forecast", null=True)
    history_from = models.DateField(null=True)  # learnt from these days
    history_to = models.DateField(null=True)
    errors = models.JSONField(default=list)  # per series and horizon: model, WAPE, MASE, bias, day WAPE, baseline's
    content = models.BinaryField(default=b"")
    accepted_at = models.DateTimeField(null=True)  # the one that staffing is made from
    accepted_by = models.CharField(max_length=150, blank=True, default="")
    version = models.PositiveIntegerField(default=1)

    class Meta(TenantModel.Meta):
        indexes = [models.Index(fields=["tenant", "first_day", "-id"], name="forecast_by_day")]


class ForecastChange(TenantModel):
    """What a planner changed in a forecast, why, and later whether it was for the better."""

    object_type = "forecast_change"

    forecast = models.ForeignKey(Forecast, on_delete=models.CASCADE, related_name="changes")
    queue = models.ForeignKey("routing.Queue", on_delete=models.CASCADE, related_name="+", null=True)  # none: all
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    factor = models.FloatField(null=True)  # times so much, or
    calls = models.FloatField(null=True)  # so many in each interval
    reason = models.CharField(max_length=500)
    made_by = models.CharField(max_length=150)
    effect = models.JSONField(null=True)  # calls by which it was nearer the truth, once that is known


class StaffingPlan(TenantModel):
    """People required per skill (a queue's set of skills) and interval, made from a forecast."""

    object_type = "staffing_plan"

    name = models.CharField(max_length=120)
    forecast = models.ForeignKey(Forecast, on_delete=models.PROTECT, related_name="staffing_plans")
    first_day = models.DateField()
    last_day = models.DateField()
    interval_min = models.PositiveSmallIntegerField(default=30)
    run = models.OneToOneField(PlanningRun, on_delete=models.PROTECT, related_name="staffing_plan", null=True)
    targets = models.JSONField(default=dict)  # service level, abandoned, occupancy, wait; as in the settings when made
    shrinkage = models.JSONField(default=dict)
    # The zone, so that intervals are real moments (none: 24 hours a day), each queue's kind of work, and the groups.
    basis = models.JSONField(default=dict)
    figures = models.JSONField(default=dict)  # peaks and hours
    content = models.BinaryField(default=b"")
    version = models.PositiveIntegerField(default=1)

    class Meta(TenantModel.Meta):
        indexes = [models.Index(fields=["tenant", "first_day", "-id"], name="staffing_plan_by_day")]
