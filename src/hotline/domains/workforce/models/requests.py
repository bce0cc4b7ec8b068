"""What agents ask for: wishes, swaps, giving a shift away, bids for open ones, leave, overtime."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from hotline.domains.workforce.models.rotations import REASONS
from hotline.foundation.fields import EncryptedTextField
from hotline.foundation.tenancy import TenantModel


class Wish(TenantModel):
    """A soft wish for one day; the solver grants what it can, fairly over the year."""

    object_type = "wish"

    class Kind(models.TextChoices):
        OFF = "off"
        NO_NIGHT = "no_night"
        SHIFT_KIND = "shift_kind"

    agent = models.ForeignKey("people.Agent", on_delete=models.CASCADE, related_name="wishes")
    day = models.DateField()
    kind = models.CharField(max_length=12, choices=Kind.choices)
    shift_kind = models.ForeignKey("workforce.ShiftKind", on_delete=models.CASCADE, related_name="+", null=True)
    weight = models.PositiveSmallIntegerField(default=1, validators=[MinValueValidator(1), MaxValueValidator(5)])
    is_granted = models.BooleanField(null=True)  # none: the day's roster is not published

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["agent", "day"], name="wish_once_a_day")]


class OpenShift(TenantModel):
    """A shift of a published roster that somebody is still sought for; agents bid for it."""

    object_type = "open_shift"

    roster = models.ForeignKey("workforce.Roster", on_delete=models.CASCADE, related_name="open_shifts")
    day = models.DateField()
    # None: hours before, after or beside the shift that whoever takes them has on that day.
    shift_kind = models.ForeignKey("workforce.ShiftKind", on_delete=models.PROTECT, related_name="+", null=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    pieces = models.JSONField()
    skill = models.ForeignKey("people.Skill", on_delete=models.PROTECT, related_name="+", null=True)
    people = models.PositiveSmallIntegerField(default=1, validators=[MinValueValidator(1)])
    is_overtime = models.BooleanField(default=False)
    closes_at = models.DateTimeField()  # bids until then
    closed_at = models.DateTimeField(null=True)
    made_by = models.CharField(max_length=150)
    version = models.PositiveIntegerField(default=1)

    class Meta(TenantModel.Meta):
        indexes = [models.Index(fields=["tenant", "closed_at", "starts_at"], name="open_shift_by_time")]


class ShiftRequest(TenantModel):
    """What somebody asks of a roster, or is asked. A swap names both shifts, a give-away one shift and who takes it, a
    bid an open shift; leave has days only, an early end the shift and the offer."""

    object_type = "shift_request"

    class Kind(models.TextChoices):
        SWAP = "swap"
        GIVE_AWAY = "give_away"
        BID = "bid"
        LEAVE = "leave"
        OVERTIME = "overtime"
        CALL_IN = "call_in"
        EARLY_END = "early_end"

    class State(models.TextChoices):
        OPEN = "open"  # the other person has not answered
        ACCEPTED = "accepted"  # they have; a planner decides
        DONE = "done"  # it is in the roster
        REFUSED = "refused"
        WITHDRAWN = "withdrawn"
        EXPIRED = "expired"

    kind = models.CharField(max_length=10, choices=Kind.choices)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    agent = models.ForeignKey("people.Agent", on_delete=models.PROTECT, related_name="shift_requests")
    shift = models.ForeignKey("workforce.RosterShift", on_delete=models.SET_NULL, related_name="+", null=True)
    other_agent = models.ForeignKey("people.Agent", on_delete=models.PROTECT, related_name="+", null=True)
    other_shift = models.ForeignKey("workforce.RosterShift", on_delete=models.SET_NULL, related_name="+", null=True)
    open_shift = models.ForeignKey(OpenShift, on_delete=models.CASCADE, related_name="bids", null=True)
    leave_offer = models.ForeignKey(
        "workforce.LeaveOffer", on_delete=models.CASCADE, related_name="requests", null=True
    )
    first_day = models.DateField()
    last_day = models.DateField()
    terms = models.JSONField(default=dict)  # the shifts as they were when it was asked, to be read later
    expires_at = models.DateTimeField(null=True)
    words = EncryptedTextField(purpose=REASONS, blank=True, default="")
    answer_text = EncryptedTextField(purpose=REASONS, blank=True, default="")
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    decided_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta(TenantModel.Meta):
        indexes = [
            models.Index(fields=["tenant", "state", "first_day"], name="shift_request_by_state"),
            models.Index(fields=["tenant", "agent", "-id"], name="shift_request_by_agent"),
        ]


class RosterNotice(TenantModel):
    """What somebody is told of their work: a roster published, a shift changed, a request asked or answered. Not read
    while `read_at` is empty."""

    class Kind(models.TextChoices):
        PUBLISHED = "published"
        CHANGED = "changed"
        ASKED = "asked"
        DONE = "done"
        REFUSED = "refused"
        EXPIRED = "expired"

    agent = models.ForeignKey("people.Agent", on_delete=models.CASCADE, related_name="roster_notices")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    request_kind = models.CharField(max_length=10, blank=True, default="")  # of a request, such as swap
    first_day = models.DateField()
    last_day = models.DateField()
    further_breaks = models.JSONField(
        default=list, blank=True
    )  # that offered hours bring: [{starts_at, ends_at, is_paid}]
    read_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        indexes = [models.Index(fields=["agent", "read_at", "-id"], name="roster_notice_unread")]


class CalendarFeed(TenantModel):
    """The secret address under which an agent's own calendar reads their shifts; only its hash is kept."""

    object_type = "calendar_feed"

    agent = models.OneToOneField("people.Agent", on_delete=models.CASCADE, related_name="calendar_feed")
    token_hash = models.CharField(max_length=64, unique=True)


class MoodAnswer(TenantModel):
    """How content an agent said they were in a month, 1 to 10. Shown in groups of five or more only."""

    object_type = "mood_answer"

    agent = models.ForeignKey("people.Agent", on_delete=models.CASCADE, related_name="mood_answers")
    month = models.DateField()  # its first day
    score = models.PositiveSmallIntegerField(validators=[MinValueValidator(1), MaxValueValidator(10)])

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["agent", "month"], name="mood_answer_once_a_month")]
