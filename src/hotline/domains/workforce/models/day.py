"""The day itself: who was away, what else people did, what state they were in, and what the day's forecast became."""

from django.core.validators import MinValueValidator
from django.db import models

from hotline.domains.workforce.models.rotations import REASONS
from hotline.foundation.fields import EncryptedTextField
from hotline.foundation.tenancy import TenantModel


class Absence(TenantModel):
    """A time in which somebody cannot work: the roster leaves it out, adherence does not count it."""

    object_type = "absence"

    class Kind(models.TextChoices):
        SICK = "sick"
        LEAVE = "leave"
        UNEXCUSED = "unexcused"
        OTHER = "other"

    agent = models.ForeignKey("people.Agent", on_delete=models.PROTECT, related_name="absences")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    words = EncryptedTextField(purpose=REASONS, blank=True, default="")
    reported_by = models.CharField(max_length=150)
    cancelled_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta(TenantModel.Meta):
        indexes = [
            models.Index(fields=["tenant", "starts_at"], name="absence_by_time"),
            models.Index(fields=["tenant", "agent", "starts_at"], name="absence_by_agent"),
        ]


class Activity(TenantModel):
    """Something within a shift that is not contacts: training, a meeting, coaching. Movable ones go to quiet times."""

    object_type = "activity"

    class Kind(models.TextChoices):
        TRAINING = "training"
        MEETING = "meeting"
        COACHING = "coaching"

    agent = models.ForeignKey("people.Agent", on_delete=models.CASCADE, related_name="activities")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    name = models.CharField(max_length=120)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    is_movable = models.BooleanField(default=True)
    made_by = models.CharField(max_length=150)
    version = models.PositiveIntegerField(default=1)

    class Meta(TenantModel.Meta):
        indexes = [models.Index(fields=["tenant", "starts_at"], name="activity_by_time")]


class LeaveOffer(TenantModel):
    """An offer to go home earlier today, because a queue has more people than it needs: so many may, the first who say
    yes. What it was put to whom is their requests."""

    object_type = "leave_offer"

    queue = models.ForeignKey("routing.Queue", on_delete=models.CASCADE, related_name="+")
    day = models.DateField()
    leaves_at = models.DateTimeField()
    people = models.PositiveSmallIntegerField(validators=[MinValueValidator(1)])
    is_paid = models.BooleanField()  # the rest of the shift, by the tenant's rule when it was offered
    expires_at = models.DateTimeField()  # answers until then
    closed_at = models.DateTimeField(null=True)  # taken back, or all places are taken
    made_by = models.CharField(max_length=150)
    version = models.PositiveIntegerField(default=1)

    class Meta(TenantModel.Meta):
        indexes = [models.Index(fields=["tenant", "day", "-id"], name="leave_offer_by_day")]


class AgentStateSpan(TenantModel):
    """A stretch that an agent spent at work or away, from the routing log; open while `ended_at` is empty."""

    agent_id = models.UUIDField()
    state = models.CharField(max_length=16)  # work (available to wrap-up) or away; signed out: no span
    away_reason_id = models.UUIDField(null=True)
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    folded = models.BigIntegerField(default=0)  # the newest event of the log that is in this row, by its order

    class Meta(TenantModel.Meta):
        indexes = [
            models.Index(fields=["tenant", "agent_id", "began_at"], name="state_span_by_agent"),
            models.Index(fields=["tenant", "began_at"], name="state_span_by_time"),
            models.Index(fields=["agent_id", "ended_at"], name="state_span_by_end"),
        ]


class IntradayForecast(TenantModel):
    """What was expected of the rest of a day, made every quarter of an hour; all are kept, to be judged later."""

    day = models.DateField()
    made_at = models.DateTimeField()
    content = models.JSONField()  # per queue: calls expected per interval, the level it was changed by, required people

    class Meta(TenantModel.Meta):
        indexes = [models.Index(fields=["tenant", "day", "-made_at"], name="intraday_newest")]
