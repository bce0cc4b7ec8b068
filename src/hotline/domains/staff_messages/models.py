"""Messages to staff: the accounts by which they leave, where each person gets theirs, and the outbox."""

from typing import Any, ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from hotline.domains.setup_records import SetupRecord
from hotline.foundation.fields import EncryptedTextField
from hotline.foundation.tenancy import TenantModel


class Way(models.TextChoices):
    """How a message reaches a person."""

    EMAIL = "email"
    SMS = "sms"


class MessageAccount(SetupRecord):
    """How a tenant's messages leave by one way. Its secret is kept apart, so that no reading and no audit shows it."""

    object_type = "message_account"
    unique_field = "way"

    class Driver(models.TextChoices):
        SMTP = "smtp"
        WEBHOOK = "webhook"
        SMPP = "smpp"
        SIMULATED = "simulated"

    class Encryption(models.TextChoices):
        TLS = "tls"
        STARTTLS = "starttls"
        NONE = "none"

    way = models.CharField(max_length=8, choices=Way.choices)
    driver = models.CharField(max_length=10, choices=Driver.choices)
    address = models.CharField(max_length=300, blank=True, default="")  # host:port, or the web-hook's URL
    encryption = models.CharField(max_length=8, choices=Encryption.choices, default=Encryption.TLS)
    username = models.CharField(max_length=200, blank=True, default="")
    sender = models.CharField(max_length=200, blank=True, default="")
    # How long what was sent, or given up, can be looked up; then it is forgotten.
    keep_days = models.PositiveSmallIntegerField(default=30, validators=[MinValueValidator(1), MaxValueValidator(366)])
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "way"], name="message_account_once_a_way")]


class AccountSecret(TenantModel):
    """The password of an account, or the secret that signs its web-hook's posts."""

    account = models.OneToOneField(MessageAccount, on_delete=models.CASCADE, related_name="secret")
    text = EncryptedTextField(purpose="message-account-secret")


class StaffAddress(TenantModel):
    """Where a person gets messages of one way. Nothing personal goes there before they have confirmed it by a code."""

    object_type = "staff_address"

    agent = models.ForeignKey("people.Agent", on_delete=models.CASCADE, related_name="message_addresses")
    way = models.CharField(max_length=8, choices=Way.choices)
    address = EncryptedTextField(purpose="staff-address")
    confirmed_at = models.DateTimeField(null=True)
    code_hash = models.CharField(max_length=64, blank=True, default="")
    code_until = models.DateTimeField(null=True)
    code_tries = models.PositiveSmallIntegerField(default=0)  # wrong ones, of the present code

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["agent", "way"], name="staff_address_once_a_way")]


def _every_way() -> dict[str, list[str]]:
    return {topic: [Way.EMAIL.value, Way.SMS.value] for topic in StaffChoices.TOPICS}


class StaffChoices(TenantModel):
    """What a person wants to be told, by which ways, and when not."""

    object_type = "staff_message_choices"
    TOPICS: ClassVar[tuple[str, ...]] = ("roster", "requests", "urgent")

    agent = models.OneToOneField("people.Agent", on_delete=models.CASCADE, related_name="message_choices")
    ways: Any = models.JSONField(default=_every_way)  # {topic: [way]}
    quiet_from = models.CharField(max_length=5, blank=True, default="21:00")  # local; both empty: no quiet hours
    quiet_to = models.CharField(max_length=5, blank=True, default="07:00")
    urgent_breaks_quiet = models.BooleanField(default=False)
    # The person's own secret calendar address, when they want it in their messages.
    calendar_path = EncryptedTextField(purpose="staff-calendar-path", blank=True, default="")
    version = models.PositiveIntegerField(default=1)


class StaffMessage(TenantModel):
    """One message in the outbox. Its words are made when it is sent, of what it tells of; nobody's words are kept here.

    `to` and `secret_text` are filled for a code and for a trial only, and emptied when it is over."""

    object_type = "staff_message"

    class State(models.TextChoices):
        WAITING = "waiting"
        SENDING = "sending"
        SENT = "sent"
        FAILED = "failed"
        DROPPED = "dropped"  # the person no longer wants it, or has no confirmed address

    class Topic(models.TextChoices):
        ROSTER = "roster"
        REQUESTS = "requests"
        URGENT = "urgent"
        CODE = "code"
        TRIAL = "trial"

    agent = models.ForeignKey("people.Agent", on_delete=models.CASCADE, related_name="+", null=True)
    way = models.CharField(max_length=8, choices=Way.choices)
    topic = models.CharField(max_length=10, choices=Topic.choices)
    text_code = models.CharField(max_length=60)  # which text of the catalogue
    data = models.JSONField(default=dict)  # what fills it: days and kinds, no names
    language = models.CharField(max_length=2, blank=True, default="")  # empty: that of the person
    to = EncryptedTextField(purpose="staff-message-to", blank=True, default="")
    secret_text = EncryptedTextField(purpose="staff-message-secret", blank=True, default="")
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    # Not before then. Whoever sends it moves this beyond the time that it may take: that is their lease.
    due_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    error_code = models.CharField(max_length=40, blank=True, default="")
    error_status = models.CharField(max_length=20, blank=True, default="")
    ended_at = models.DateTimeField(null=True)
    reference = models.CharField(max_length=200, blank=True, default="")
    is_simulated = models.BooleanField(default=False)

    class Meta(TenantModel.Meta):
        indexes = [
            models.Index(
                fields=["due_at"], condition=models.Q(state__in=["waiting", "sending"]), name="staff_message_open"
            ),
            models.Index(fields=["tenant", "state", "-id"], name="staff_message_by_state"),
            models.Index(fields=["tenant", "ended_at"], name="staff_message_ended"),
            models.Index(fields=["agent", "-id"], name="staff_message_by_agent"),
        ]
