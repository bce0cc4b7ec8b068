"""What is kept of contacts. Two writers share a contact's row: facts of the node fill one set of columns, the projector
of the routing log another; neither touches the other's, so that they may arrive in any order."""

from django.db import models

from hotline.foundation.fields import BlindIndexField, EncryptedTextField
from hotline.foundation.partitions import MonthPartitioned
from hotline.foundation.tenancy import TenantModel


class Contact(MonthPartitioned):
    """One request on one channel, arrival to end. The id is the node's, a UUIDv7 made at arrival: rows sort by it."""

    class Stage(models.TextChoices):
        IN_FLOW = "in_flow"
        WAITING = "waiting"
        OFFERED = "offered"
        TALKING = "talking"
        CONFERENCE = "conference"
        HELD = "held"
        ENDED = "ended"

    class Outcome(models.TextChoices):
        OPEN = ""
        HANDLED = "handled"
        ABANDONED = "abandoned"
        TRANSFERRED_OUT = "transferred_out"
        PLATFORM_FAILURE = "platform_failure"
        CONTAINED = "contained"
        FAILED = "failed"
        CALLBACK_FAILED = "callback_failed"
        OWN_CALL = "own_call"  # a promised call-back that the customer's own call has made needless
        BLOCKED = "blocked"  # out of a queue without an agent, and gone

    # Both writers know these from their first word about the contact.
    channel = models.CharField(max_length=16, default="voice")
    node_id = models.CharField(max_length=64, blank=True, default="")
    entry_point_id = models.UUIDField(null=True)
    language = models.CharField(max_length=8, blank=True, default="")
    is_simulated = models.BooleanField(default=False)
    arrived_at = models.DateTimeField()
    # Facts of the node.
    called_address = models.CharField(max_length=128, blank=True, default="")
    caller = EncryptedTextField(purpose="contact-caller", blank=True, default="")
    caller_index = BlindIndexField(db_index=False, blank=True, default="")
    flow_id = models.UUIDField(null=True)
    flow_version = models.IntegerField(null=True)
    # The routing log. `queue_id` is where the contact is or was last, `asked_queue_id` where it asked first.
    stage = models.CharField(max_length=10, choices=Stage.choices, default=Stage.IN_FLOW)
    asked_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    asked_queue_id = models.UUIDField(null=True)
    queue_id = models.UUIDField(null=True)
    last_agent_id = models.UUIDField(null=True)
    interaction_count = models.SmallIntegerField(default=0)
    priority = models.IntegerField(default=0)
    menu_path = models.JSONField(default=list)
    attributes = models.JSONField(default=dict)  # region, rural, product_line, brand, value_grade, vip: codes
    wait_ms = models.BigIntegerField(null=True)
    talk_ms = models.BigIntegerField(default=0)
    hold_ms = models.BigIntegerField(default=0)
    wrap_up_ms = models.BigIntegerField(default=0)
    outcome = models.CharField(max_length=20, choices=Outcome.choices, blank=True, default=Outcome.OPEN)
    ended_by = models.CharField(max_length=12, blank=True, default="")
    cause = models.CharField(max_length=64, blank=True, default="")
    # Whom it is from, as far as known: the flow's look-up, then the agent's choice.
    customer_id = models.UUIDField(null=True)
    # Retention. While it is preserved nothing of it is erased; once anonymised it tells of nobody any more.
    preserved_at = models.DateTimeField(null=True)
    preserved_reason = EncryptedTextField(purpose="preservation-reason", blank=True, default="")
    anonymised_at = models.DateTimeField(null=True)
    anonymised_after = models.PositiveIntegerField(null=True)  # months: the rule by which it happened

    class Meta(TenantModel.Meta):
        indexes = [
            models.Index(
                fields=["tenant", "id"], condition=models.Q(anonymised_at=None), name="contact_not_anonymised"
            ),
            models.Index(fields=["tenant", "-id"], name="contact_by_arrival"),
            models.Index(fields=["tenant", "caller_index", "-id"], name="contact_by_caller"),
            models.Index(fields=["tenant", "customer_id", "-id"], name="contact_by_customer"),
            models.Index(fields=["tenant", "queue_id", "-id"], name="contact_by_queue"),
        ]


class Interaction(TenantModel):
    """One agent's part of a contact; a transfer adds one. `talk_ms` excludes `hold_ms`."""

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="interactions")
    agent_id = models.UUIDField()
    queue_id = models.UUIDField(null=True)
    offer_id = models.UUIDField()
    pool_id = models.UUIDField(null=True)  # the shared pool by which an agent of another tenant served it
    position = models.PositiveSmallIntegerField()
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    talk_ms = models.PositiveBigIntegerField(default=0)
    hold_ms = models.PositiveBigIntegerField(default=0)
    wrap_up_ms = models.PositiveBigIntegerField(default=0)
    wrap_up_started_at = models.DateTimeField(null=True)
    wrapped_up_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=12, blank=True, default="")

    class Meta(TenantModel.Meta):
        indexes = [
            models.Index(fields=["tenant", "agent_id", "-started_at"], name="interaction_by_agent"),
            models.Index(fields=["tenant", "started_at"], name="interaction_by_time"),
        ]


class TimelineEvent(TenantModel):
    """One step of a contact: of the flow, of routing, or of an agent afterwards. The id follows from where it was told,
    so that telling it twice keeps one row."""

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="timeline", db_index=False)
    at = models.DateTimeField()
    source = models.CharField(max_length=8)  # flow, routing, desk
    kind = models.CharField(max_length=32)
    agent_id = models.UUIDField(null=True)
    queue_id = models.UUIDField(null=True)
    detail = models.JSONField(default=dict)

    class Meta(TenantModel.Meta):
        indexes = [models.Index(fields=["contact", "at", "id"], name="timeline_in_order")]


class Matter(TenantModel):
    """What a contact was about; several per contact, chosen by the agent at wrap-up."""

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="matters")
    agent_id = models.UUIDField()
    position = models.PositiveSmallIntegerField()
    disposition = models.ForeignKey("catalogue.DispositionNode", on_delete=models.PROTECT, related_name="+")
    outcome = models.ForeignKey("catalogue.DispositionNode", on_delete=models.PROTECT, related_name="+", null=True)
    note = EncryptedTextField(purpose="matter-note", blank=True, default="")
    module = models.ForeignKey("catalogue.BusinessModule", on_delete=models.PROTECT, related_name="+", null=True)
    is_solved = models.BooleanField(default=True)
    solved_level = models.PositiveSmallIntegerField(null=True)  # of the funnel; none: outside it, or not solved

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["contact", "agent_id", "position"], name="matter_position_once")]


class WrapUp(TenantModel):
    """An agent's filed wrap-up of a contact: the note that covers all its matters."""

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="wrap_ups")
    agent_id = models.UUIDField()
    note = EncryptedTextField(purpose="wrap-up-note", blank=True, default="")
    filed_at = models.DateTimeField()
    # Whose agent filed it, where that is another tenant's by a shared pool.
    lender = models.ForeignKey("foundation.Tenant", on_delete=models.PROTECT, related_name="+", null=True)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["contact", "agent_id"], name="wrap_up_once")]


class Recording(TenantModel):
    """A sealed stereo file in the recording store: left channel customer, right channel agent."""

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="recordings")
    path = models.CharField(max_length=240)  # relative to the recording store
    started_at = models.DateTimeField()
    duration_ms = models.PositiveBigIntegerField()
    size_bytes = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    key_id = models.CharField(max_length=32)
    incomplete = models.CharField(max_length=32, blank=True, default="")  # why something is missing: disk_full, short
    # Erased by which rule: "days" or "months", and how many of them. The file goes after that is written down, so that
    # no recording is ever offered without its file, and a file left behind by a crash is found again.
    erased_at = models.DateTimeField(null=True)
    erased_unit = models.CharField(max_length=8, blank=True, default="")
    erased_after = models.PositiveIntegerField(null=True)
    file_removed_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        indexes = [
            models.Index(
                fields=["tenant", "started_at"], condition=models.Q(erased_at=None), name="recording_not_erased"
            ),
            models.Index(
                fields=["tenant", "id"],
                condition=models.Q(erased_at__isnull=False, file_removed_at=None),
                name="recording_file_left",
            ),
        ]


class CallBackNeeded(TenantModel):
    """A customer whom the platform failed. `asked_at` keeps the wait clock of the first asking."""

    contact = models.OneToOneField(Contact, on_delete=models.CASCADE, related_name="call_back")
    cause = models.CharField(max_length=64)
    failed_at = models.DateTimeField()
    asked_at = models.DateTimeField(null=True)
    queue_id = models.UUIDField(null=True)
    done_at = models.DateTimeField(null=True)
    done_by_id = models.UUIDField(null=True)
    done_note = models.CharField(max_length=500, blank=True, default="")

    class Meta(TenantModel.Meta):
        indexes = [models.Index(fields=["tenant", "done_at", "failed_at"], name="call_back_open")]


class AbandonedSettlement(TenantModel):
    """What was decided about a caller who gave up waiting. `failure` is the code with which the switch refused the
    call-back."""

    contact = models.OneToOneField(Contact, on_delete=models.CASCADE, related_name="abandoned_settlement")
    decision = models.CharField(max_length=12)  # done, ignored, called_back
    reason = models.CharField(max_length=500, blank=True, default="")
    settled_at = models.DateTimeField()
    settled_by_id = models.UUIDField(null=True)
    call_back_contact_id = models.UUIDField(null=True)
    failure = models.CharField(max_length=64, blank=True, default="")


class QueueInterval(TenantModel):
    """Figures of one queue for the contacts that asked within 15 minutes. Sums only: ratios are derived last."""

    queue_id = models.UUIDField()
    starts_at = models.DateTimeField()
    is_simulated = models.BooleanField(default=False)
    asked = models.PositiveIntegerField(default=0)
    answered = models.PositiveIntegerField(default=0)
    answered_in_time = models.PositiveIntegerField(default=0)
    abandoned = models.PositiveIntegerField(default=0)
    interactions = models.PositiveIntegerField(default=0)
    wait_ms = models.PositiveBigIntegerField(default=0)
    talk_ms = models.PositiveBigIntegerField(default=0)
    hold_ms = models.PositiveBigIntegerField(default=0)
    wrap_up_ms = models.PositiveBigIntegerField(default=0)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "queue_id", "starts_at"], name="queue_interval_once"),
        ]
        indexes = [models.Index(fields=["tenant", "starts_at"], name="queue_interval_by_time")]


class PoolDay(TenantModel):
    """What a shared pool did for one client on a local day of the tenant whose row it is: lender and client have a row
    each. Sums only. A contact counts once, on the day on which it was first offered to the pool or first served by it;
    times count on the day on which the conversation began."""

    pool_id = models.UUIDField()
    partner = models.ForeignKey("foundation.Tenant", on_delete=models.PROTECT, related_name="+")
    is_lent = models.BooleanField()  # this tenant lends, the partner is served
    day = models.DateField()
    is_simulated = models.BooleanField(default=False)
    offered = models.PositiveIntegerField(default=0)
    served = models.PositiveIntegerField(default=0)
    talk_ms = models.PositiveBigIntegerField(default=0)
    hold_ms = models.PositiveBigIntegerField(default=0)
    wrap_up_ms = models.PositiveBigIntegerField(default=0)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "pool_id", "partner", "is_lent", "day"], name="pool_day_once"),
        ]
        indexes = [models.Index(fields=["tenant", "day"], name="pool_day_by_day")]


class QueueAlarm(TenantModel):
    """A queue that was below its target. The id is the switch's; counts are those of the 15 minutes before it was
    raised, `target` in hundredths of a per cent."""

    queue_id = models.UUIDField()
    kind = models.CharField(max_length=20)
    is_simulated = models.BooleanField(default=False)
    below_since_at = models.DateTimeField()
    raised_at = models.DateTimeField()
    answered_in_time = models.PositiveIntegerField()
    counted = models.PositiveIntegerField()
    target = models.PositiveSmallIntegerField()
    threshold_s = models.PositiveIntegerField()
    owner_id = models.UUIDField(null=True)
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by_id = models.UUIDField(null=True)
    silence_reason = models.CharField(max_length=20, blank=True, default="")
    cleared_at = models.DateTimeField(null=True)
    cleared_cause = models.CharField(max_length=20, blank=True, default="")
    folded = models.BigIntegerField()  # the newest event of the log that is in this row, by its order

    class Meta(TenantModel.Meta):
        indexes = [models.Index(fields=["tenant", "raised_at"], name="queue_alarm_by_time")]


class ReserveActivation(TenantModel):
    """A reserve team that was called: when, from when it worked and until when, and the figures of its ladder's queues
    before and after. Waits in seconds, length in contacts, shares of the last 15 minutes in hundredths of a per cent
    (-1: nobody asked)."""

    ladder_id = models.UUIDField()
    tier_id = models.UUIDField()
    called_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    stood_down_at = models.DateTimeField(null=True)
    called_by = models.UUIDField(null=True)  # the user who did it by hand; none: the ladder
    stood_down_by = models.UUIDField(null=True)
    wait_s_before = models.IntegerField()
    length_before = models.IntegerField()
    service_level_before = models.IntegerField()
    abandoned_before = models.IntegerField()
    wait_s_after = models.IntegerField(null=True)
    length_after = models.IntegerField(null=True)
    service_level_after = models.IntegerField(null=True)
    abandoned_after = models.IntegerField(null=True)
    began = models.BigIntegerField()  # the event of the log that called it, by its order
    folded = models.BigIntegerField()  # and the newest one that is in this row

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["tenant", "tier_id", "began"], name="activation_once")]
        indexes = [models.Index(fields=["tenant", "called_at"], name="activation_by_time")]


class Draft(TenantModel):
    """What somebody has typed and not sent, by person, contact and field. The last writer wins."""

    user_id = models.UUIDField()
    contact_id = models.UUIDField()
    field = models.CharField(max_length=64)
    text = EncryptedTextField(purpose="draft")
    saved_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["user_id", "contact_id", "field"], name="draft_once")]


class RefusedCall(models.Model):
    """A call to a number that nobody owns, or one that broke a rule. Without a tenant: nobody owns it."""

    id = models.UUIDField(primary_key=True)  # the fact's
    at = models.DateTimeField(db_index=True)
    node_id = models.CharField(max_length=64)
    tenant_id = models.UUIDField(null=True)
    called_address = models.CharField(max_length=128)
    caller = EncryptedTextField(purpose="contact-caller", blank=True, default="")
    caller_index = BlindIndexField(blank=True, default="")
    cause = models.CharField(max_length=64)

    objects: models.Manager["RefusedCall"] = models.Manager()


class ProjectorCursor(models.Model):
    """How far the routing log of a pool has been read: all of batch `seq`, and `offset` events of the next one.

    The running tally is kept less often, with the place in the log to which it belongs."""

    pool = models.CharField(max_length=64, primary_key=True)
    seq = models.PositiveBigIntegerField(default=0)
    offset = models.PositiveIntegerField(default=0)
    tally = models.BinaryField(default=b"")
    tally_seq = models.PositiveBigIntegerField(default=0)
    tally_offset = models.PositiveIntegerField(default=0)

    objects: models.Manager["ProjectorCursor"] = models.Manager()
