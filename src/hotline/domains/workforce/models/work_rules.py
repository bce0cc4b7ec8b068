"""What a shift is and how much of it the law and a contract allow: all data, none of it in code."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from hotline.domains.setup_records import SetupRecord
from hotline.foundation.text import BilingualField

_WEEK_MINUTES = 7 * 24 * 60


class ShiftKind(SetupRecord):
    """A kind of shift. Minutes count from its start; times of day are local ones of the tenant's zone."""

    object_type = "shift_kind"

    code = models.CharField(max_length=32)
    name = BilingualField()
    short = models.CharField(max_length=6)  # in the roster's cells, such as D8
    pieces = models.JSONField()  # [[0, 480]], (start, length); two pieces are a split shift
    starts = models.JSONField(default=list, blank=True)  # ["08:00", "09:00"]
    starts_every_min = models.PositiveSmallIntegerField(default=0)  # instead of `starts`: at every so many minutes
    breaks = models.JSONField(default=list, blank=True)  # [{length_min, earliest_min, latest_min, is_paid}]
    paid_min = models.PositiveSmallIntegerField(null=True, blank=True)  # none: the pieces without unpaid breaks
    skill_ids = models.JSONField(default=list, blank=True)  # serves only these; empty: every skill of the person
    is_on_call = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "code"], name="shift_kind_code_once")]


class LabourRules(SetupRecord):
    """What the law and a contract allow. An empty limit limits nothing. All hard but `fair_nights`."""

    object_type = "labour_rules"

    code = models.CharField(max_length=32)
    name = BilingualField()
    is_default = models.BooleanField(default=False)  # for agents without a contract of their own
    rest_min = models.PositiveSmallIntegerField(default=660)
    most_day_min = models.PositiveSmallIntegerField(null=True, blank=True, validators=[MaxValueValidator(1440)])
    most_days_running = models.PositiveSmallIntegerField(default=6, validators=[MinValueValidator(1)])
    most_days_week = models.PositiveSmallIntegerField(
        default=6, validators=[MinValueValidator(1), MaxValueValidator(7)]
    )
    most_week_min = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=[MaxValueValidator(_WEEK_MINUTES)]
    )
    week_min = models.PositiveSmallIntegerField(default=2400, validators=[MaxValueValidator(_WEEK_MINUTES)])  # usual
    tolerance_percent = models.PositiveSmallIntegerField(
        default=5, validators=[MaxValueValidator(100)]
    )  # over a roster
    most_nights_running = models.PositiveSmallIntegerField(null=True, blank=True)
    most_nights = models.PositiveSmallIntegerField(null=True, blank=True)  # in 28 days
    fair_nights = models.PositiveSmallIntegerField(null=True, blank=True)
    most_weekends = models.PositiveSmallIntegerField(null=True, blank=True)  # in 28 days
    most_holidays = models.PositiveSmallIntegerField(null=True, blank=True)  # in one roster
    break_steps = models.JSONField(default=list, blank=True)  # [{after_min, break_min, is_paid}]; empty: as shift kinds

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "code"], name="labour_rules_code_once"),
            models.UniqueConstraint(
                fields=["tenant"], condition=models.Q(is_default=True), name="labour_rules_one_default"
            ),
        ]


class Contract(SetupRecord):
    """By which rules and for how many hours an agent works; those without one work by the default rules."""

    object_type = "contract"
    unique_field = "agent"

    agent = models.OneToOneField("people.Agent", on_delete=models.CASCADE, related_name="contract")
    labour_rules = models.ForeignKey(LabourRules, on_delete=models.PROTECT, related_name="contracts")
    week_min = models.PositiveSmallIntegerField(null=True, blank=True, validators=[MaxValueValidator(_WEEK_MINUTES)])
    shift_kind_ids = models.JSONField(default=list, blank=True)  # empty: every kind
    employed_from = models.DateField(null=True, blank=True)  # seniority counts from here
    employed_to = models.DateField(null=True, blank=True)  # the last day


class SkillBorrowing(SetupRecord):
    """People with the skill `lender` may also serve `borrower`: between brands, for example."""

    object_type = "skill_borrowing"
    unique_field = "borrower"

    lender = models.ForeignKey("people.Skill", on_delete=models.CASCADE, related_name="lent_to")
    borrower = models.ForeignKey("people.Skill", on_delete=models.CASCADE, related_name="borrowed_from")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "lender", "borrower"], name="skill_borrowing_once"),
            models.CheckConstraint(
                condition=~models.Q(lender=models.F("borrower")), name="skill_borrowing_from_another"
            ),
        ]


class WorkforceSettings(SetupRecord):
    """How a tenant plans and keeps its days; one row."""

    object_type = "workforce_settings"
    unique_field = "tenant"

    class NotRostered(models.TextChoices):
        ALLOW = "allow"
        FLAG = "flag"
        REFUSE = "refuse"

    night_from = models.CharField(max_length=5, default="22:00")
    night_to = models.CharField(max_length=5, default="06:00")
    night_min = models.PositiveSmallIntegerField(default=180)  # a shift with so much of the night is a night shift
    not_rostered = models.CharField(max_length=8, choices=NotRostered.choices, default=NotRostered.ALLOW)
    early_min = models.PositiveSmallIntegerField(default=30)  # signing in so long before a shift is not early
    late_min = models.PositiveSmallIntegerField(default=5)  # and so long after its start not late
    swaps_need_approval = models.BooleanField(default=True)
    request_hours = models.PositiveSmallIntegerField(default=12)  # a swap is asked at least so long before the shift
    early_leave_is_paid = models.BooleanField(default=False)  # the rest of a shift that somebody may leave early
    early_leave_answer_min = models.PositiveSmallIntegerField(default=15)  # such an offer waits so long for an answer
    abandoned_target = models.PositiveSmallIntegerField(default=500)  # hundredths of a per cent
    occupancy_target = models.PositiveSmallIntegerField(default=8500, validators=[MaxValueValidator(10_000)])
    shrinkage = models.JSONField(
        default=dict, blank=True
    )  # share of paid time absent by reason, hundredths of a per cent
    queue_calendars = models.JSONField(default=dict, blank=True)  # {queue id: calendar id}; others are always open

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant"], name="workforce_settings_once")]
