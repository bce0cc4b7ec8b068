"""What is kept of rotations, and of who works by which from when to when."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from hotline.domains.setup_records import SetupRecord
from hotline.domains.workforce.rules import STATES
from hotline.foundation.fields import EncryptedTextField
from hotline.foundation.tenancy import TenantModel
from hotline.foundation.text import BilingualField

REASONS = "workforce.rotation-reason"  # what the evidence and words about somebody's life are sealed for


class Rotation(SetupRecord):
    """A way of working that respects a kind of life: what its members may not be asked for. All of it is hard.

    A rule that is empty asks for nothing. Times of day are those of the tenant's time zone."""

    object_type = "rotation"

    code = models.CharField(max_length=32)
    name = BilingualField()
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)  # the last day
    # who may join, and with what
    team_ids = models.JSONField(default=list, blank=True)  # empty: every team
    most_members = models.PositiveIntegerField(null=True, blank=True)  # at the same time
    longest_months = models.PositiveSmallIntegerField(
        default=12, validators=[MinValueValidator(1), MaxValueValidator(120)]
    )
    needs_evidence = models.BooleanField(default=False)
    # rest comes as whole days
    rest_block_days = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=[MinValueValidator(2), MaxValueValidator(7)]
    )
    hours_tolerance_percent = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=[MaxValueValidator(50)]
    )
    # at home at a fixed time
    asks_latest_end = models.BooleanField(default=False)
    asks_earliest_start = models.BooleanField(default=False)
    allows_split = models.BooleanField(default=True)
    # never at these times of day, [["18:00", "08:00"]]; over midnight where the end is not after the start
    closed_hours = models.JSONField(default=list, blank=True)
    # lessons
    asks_timetable = models.BooleanField(default=False)
    travel_minutes = models.PositiveSmallIntegerField(default=0, validators=[MaxValueValidator(240)])

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "code"], name="rotation_code_once")]


class RotationMembership(TenantModel):
    """An agent's application to a rotation and, once approved, their time in it. It ends by itself after its last day.

    Evidence and words say things of somebody's life (a pregnancy, a sick parent): they are kept sealed."""

    object_type = "rotation_membership"

    rotation = models.ForeignKey(Rotation, on_delete=models.PROTECT, related_name="memberships")
    agent = models.ForeignKey("people.Agent", on_delete=models.PROTECT, related_name="rotations")
    state = models.CharField(max_length=12, choices=[(state, state) for state in STATES], default="applied")
    valid_from = models.DateField()
    valid_to = models.DateField()  # the last day
    latest_end = models.TimeField(null=True)
    earliest_start = models.TimeField(null=True)
    evidence = EncryptedTextField(purpose=REASONS, blank=True, default="")
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    decided_at = models.DateTimeField(null=True)
    decision_text = EncryptedTextField(purpose=REASONS, blank=True, default="")
    version = models.PositiveIntegerField(default=1)

    class Meta(TenantModel.Meta):
        indexes = [
            models.Index(fields=["tenant", "state", "valid_to"], name="rotation_by_state"),
            models.Index(fields=["tenant", "agent", "state"], name="rotation_by_agent"),
        ]


class Lesson(TenantModel):
    """A time at school, week after week: the member cannot work then, nor on the way there and back."""

    membership = models.ForeignKey(RotationMembership, on_delete=models.CASCADE, related_name="lessons")
    weekday = models.PositiveSmallIntegerField(validators=[MaxValueValidator(6)])  # 0 is Monday
    starts = models.TimeField()
    ends = models.TimeField()
    valid_from = models.DateField()
    valid_to = models.DateField()

    class Meta(TenantModel.Meta):
        indexes = [models.Index(fields=["membership", "weekday"], name="lesson_by_day")]
