"""Rosters: who works when, in versions of which one is published."""

from django.db import models

from hotline.foundation.tenancy import TenantModel


class Roster(TenantModel):
    """A version of who works when, from `first_day` to `last_day` (local days of the tenant, both included).

    Rosters that are published do not overlap: publishing one replaces those whose days it holds."""

    object_type = "roster"

    class State(models.TextChoices):
        DRAFT = "draft"
        PUBLISHED = "published"
        REPLACED = "replaced"

    name = models.CharField(max_length=120)
    first_day = models.DateField()
    last_day = models.DateField()
    interval_min = models.PositiveSmallIntegerField(default=30)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    staffing_plan = models.ForeignKey(
        "workforce.StaffingPlan", on_delete=models.PROTECT, related_name="rosters", null=True
    )
    based_on = models.ForeignKey("self", on_delete=models.SET_NULL, related_name="successors", null=True)
    run = models.ForeignKey("workforce.PlanningRun", on_delete=models.PROTECT, related_name="rosters", null=True)
    demand = models.BinaryField(default=b"")  # {skill id: people wanted per interval}, JSON compressed by zlib
    seats = models.PositiveIntegerField(null=True)  # never more people on shift than this
    figures = models.JSONField(default=dict)  # coverage, paid hours, wishes, unfilled of the last solve
    published_at = models.DateTimeField(null=True)
    published_by = models.CharField(max_length=150, blank=True, default="")
    version = models.PositiveIntegerField(default=1)  # grows with every edit of a shift too

    class Meta(TenantModel.Meta):
        indexes = [models.Index(fields=["tenant", "state", "first_day"], name="roster_by_state")]
        constraints = [
            models.CheckConstraint(condition=models.Q(last_day__gte=models.F("first_day")), name="roster_days_forwards")
        ]


class RosterShift(TenantModel):
    """One person's work on one day. Minutes of `pieces` and `breaks` count from the local midnight of `day`, by the
    clock on the wall, and may pass 1440; `starts_at` and `ends_at` are the same as moments."""

    object_type = "roster_shift"

    class Source(models.TextChoices):
        SOLVER = "solver"
        HAND = "hand"
        SWAP = "swap"
        GIVE_AWAY = "give_away"
        BID = "bid"
        OVERTIME = "overtime"
        CALL_IN = "call_in"

    roster = models.ForeignKey(Roster, on_delete=models.CASCADE, related_name="shifts")
    agent = models.ForeignKey("people.Agent", on_delete=models.PROTECT, related_name="roster_shifts")
    day = models.DateField()
    shift_kind = models.ForeignKey("workforce.ShiftKind", on_delete=models.PROTECT, related_name="+")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    pieces = models.JSONField()  # [[480, 960]]
    breaks = models.JSONField(default=list)  # [[720, 750]]
    skill = models.ForeignKey("people.Skill", on_delete=models.PROTECT, related_name="+", null=True)  # served most
    paid_min = models.PositiveSmallIntegerField()
    overtime_min = models.PositiveSmallIntegerField(default=0)  # of the paid ones; beyond the hours that are owed
    excused_min = models.PositiveSmallIntegerField(default=0)  # let off without pay: not owed either
    source = models.CharField(max_length=10, choices=Source.choices, default=Source.HAND)
    version = models.PositiveIntegerField(default=1)

    class Meta(TenantModel.Meta):
        indexes = [
            models.Index(fields=["tenant", "starts_at"], name="roster_shift_by_time"),
            models.Index(fields=["tenant", "agent", "day"], name="roster_shift_by_agent"),
        ]
        constraints = [models.UniqueConstraint(fields=["roster", "agent", "day"], name="roster_shift_once_a_day")]
