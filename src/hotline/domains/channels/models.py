"""Ways in: entry points, the stored flows they run, uploaded prompts, and what may be dialled out."""

from typing import ClassVar

from django.conf import settings
from django.db import models

from hotline.domains.setup_records import SetupRecord
from hotline.foundation.fields import EncryptedTextField
from hotline.foundation.tenancy import TenantModel
from hotline.foundation.text import BilingualField


class Flow(SetupRecord):
    """A dialogue by name; its steps stand in its versions, of which at most one is published."""

    object_type = "flow"

    code = models.CharField(max_length=32)
    name = BilingualField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "code"], name="flow_code_once")]


class FlowVersion(TenantModel):
    """One state of a flow. A draft may be edited; what was once published is kept as it was."""

    class State(models.TextChoices):
        DRAFT = "draft"
        PUBLISHED = "published"
        RETIRED = "retired"

    flow = models.ForeignKey(Flow, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=16, choices=State.choices, default=State.DRAFT)
    definition = models.JSONField()
    # Where steps were put by hand, as {step: {x, y}}: beside the definition, because callers notice nothing of it.
    layout = models.JSONField(default=dict, blank=True)
    note = models.CharField(max_length=200, blank=True, default="")
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "flow", "number"], name="flow_version_once"),
            models.UniqueConstraint(
                fields=["flow"], condition=models.Q(state="published"), name="flow_published_at_most_once"
            ),
            models.UniqueConstraint(fields=["flow"], condition=models.Q(state="draft"), name="flow_draft_at_most_once"),
        ]


class FlowReference(TenantModel):
    """Something that the published version of a flow needs, so that it cannot be removed from under it, nor its queue
    switched off."""

    keeps_in_use: ClassVar[frozenset[str]] = frozenset({"queue"})

    flow = models.ForeignKey(Flow, on_delete=models.CASCADE, related_name="references")
    queue = models.ForeignKey("routing.Queue", on_delete=models.PROTECT, related_name="+", null=True)
    skill = models.ForeignKey("people.Skill", on_delete=models.PROTECT, related_name="+", null=True)
    calendar = models.ForeignKey("enterprise.OpeningCalendar", on_delete=models.PROTECT, related_name="+", null=True)
    prompt = models.ForeignKey("channels.Prompt", on_delete=models.PROTECT, related_name="+", null=True)

    @property
    def owner(self) -> Flow:
        """The record of which this row is a part."""
        return self.flow


class EntryPoint(SetupRecord):
    """A number, short code, web page or mailbox through which contacts arrive. An address belongs to one tenant only.

    What comes in writing (chats, web forms, short messages) runs no flow: it waits in `fallback_queue`, and a
    `calendar` says when chats are taken."""

    object_type = "entry_point"
    unique_field = "address"
    keeps_in_use = frozenset({"fallback_queue"})

    class Channel(models.TextChoices):
        VOICE = "voice"
        SMS = "sms"
        CHAT = "chat"
        EMAIL = "email"
        LETTER = "letter"
        COUNTER = "counter"
        FORM = "form"

    class Recording(models.TextChoices):
        NONE = "none"
        ANNOUNCED = "announced"
        ALWAYS = "always"

    name = BilingualField()
    address = models.CharField(max_length=128)
    channel = models.CharField(max_length=16, choices=Channel.choices, default=Channel.VOICE)
    language = models.CharField(max_length=8, default="zh")
    flow = models.ForeignKey(Flow, on_delete=models.PROTECT, related_name="entry_points", null=True, blank=True)
    recording = models.CharField(max_length=16, choices=Recording.choices, default=Recording.ANNOUNCED)
    fallback_queue = models.ForeignKey(
        "routing.Queue", on_delete=models.PROTECT, related_name="entry_points", null=True, blank=True
    )
    calendar = models.ForeignKey(
        "enterprise.OpeningCalendar", on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    is_simulated = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["channel", "address"], name="entry_point_address_once")]

    @property
    def has_secret(self) -> bool:
        """Whether its gateway has been given a secret."""
        return hasattr(self, "secret")


class EntryPointSecret(TenantModel):
    """What the gateway that hands in an entry point's short messages shows: kept as its SHA-256 alone."""

    entry_point = models.OneToOneField(EntryPoint, on_delete=models.CASCADE, related_name="secret")
    sha256 = models.CharField(max_length=64)


class Prompt(SetupRecord):
    """A text that callers hear, by name; flows refer to it by its id."""

    object_type = "prompt"

    code = models.CharField(max_length=48)
    name = BilingualField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "code"], name="prompt_code_once")]


class PromptRecording(TenantModel):
    """The uploaded voice of a prompt in one language, as 8 kHz mono WAV."""

    prompt = models.ForeignKey(Prompt, on_delete=models.CASCADE, related_name="recordings")
    language = models.CharField(max_length=8)
    audio = models.BinaryField()
    sha256 = models.CharField(max_length=64, db_index=True)
    duration_ms = models.PositiveIntegerField()
    original_name = models.CharField(max_length=120, blank=True, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "prompt", "language"], name="prompt_language_once")]


class QueueMessage(SetupRecord):
    """Something said now and then to those who wait in a queue; several take turns. With a prompt its recording is
    played where there is one, else the text is spoken."""

    object_type = "queue_message"

    code = models.CharField(max_length=32)
    text = BilingualField()
    queue = models.ForeignKey("routing.Queue", on_delete=models.CASCADE, related_name="messages")
    prompt = models.ForeignKey(Prompt, on_delete=models.PROTECT, related_name="queue_messages", null=True, blank=True)
    every_s = models.PositiveSmallIntegerField(default=60)
    position = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "code"], name="queue_message_code_once")]


class OutboundPrefix(SetupRecord):
    """Beginnings of numbers that transfers may dial. What is not listed is not dialled."""

    object_type = "outbound_prefix"
    unique_field = "prefix"

    prefix = models.CharField(max_length=20)
    note = models.CharField(max_length=120, blank=True, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "prefix"], name="outbound_prefix_once")]


class DepartmentLine(SetupRecord):
    """Where a call goes that an agent hands on to a department: to one of our queues, or to its own telephone."""

    object_type = "department_line"
    unique_field = "department_id"
    masked_fields = frozenset({"phone"})
    keeps_in_use = frozenset({"queue"})

    department = models.ForeignKey("enterprise.Department", on_delete=models.CASCADE, related_name="+")
    queue = models.ForeignKey("routing.Queue", on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    phone = EncryptedTextField(purpose="department-phone", blank=True, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "department"], name="department_line_once")]

    @property
    def owner(self) -> SetupRecord:
        """The record under whose name people know it."""
        return self.department


class EmergencyNumber(SetupRecord):
    """A number that always passes, beyond those built in."""

    object_type = "emergency_number"
    unique_field = "number"

    number = models.CharField(max_length=20)
    name = BilingualField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "number"], name="emergency_number_once")]
