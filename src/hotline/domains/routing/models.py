"""How contacts are brought to agents: queues with their rings and overflows, priorities, ladders of reserve teams."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from hotline.domains.setup_records import SetupRecord
from hotline.foundation.tenancy import TenantModel
from hotline.foundation.text import BilingualField

_LEVEL = [MinValueValidator(1), MaxValueValidator(9)]


class Queue(SetupRecord):
    """Waiting contacts under one policy."""

    object_type = "queue"

    class Choice(models.TextChoices):
        LONGEST_IDLE = "longest_idle"
        BEST_LEVEL = "best_level"
        LEAST_OCCUPIED = "least_occupied"
        ROUND_ROBIN = "round_robin"
        WEIGHTED = "weighted"

    class Order(models.TextChoices):
        ARRIVAL = "arrival"
        SERVICE_LEVEL = "service_level"

    class AfterTalk(models.TextChoices):
        """What becomes of a promised call-back whose customer has called meanwhile and talked with an agent."""

        CLOSE = "close"
        KEEP = "keep"

    code = models.CharField(max_length=32)
    name = BilingualField()
    rank = models.SmallIntegerField(default=0)  # points, each worth one minute of waiting
    offer_timeout_s = models.PositiveSmallIntegerField(default=15)
    wrap_up_s = models.PositiveSmallIntegerField(default=30)
    is_wrap_up_automatic = models.BooleanField(default=False)
    service_level_s = models.PositiveSmallIntegerField(default=15)
    service_level_target = models.PositiveSmallIntegerField(default=8500)  # hundredths of a per cent
    alarm_after_s = models.PositiveSmallIntegerField(default=60)  # so long below the target
    alarm_min_contacts = models.PositiveSmallIntegerField(default=5)  # of the last 15 minutes
    abandoned_limit = models.PositiveSmallIntegerField(null=True, blank=True)  # hundredths of a per cent
    is_active = models.BooleanField(default=True)
    # Who takes the next one, and which contact is the next one.
    prefer_s = models.PositiveIntegerField(default=0)  # preferred skills are insisted on so long, without rings
    choice = models.CharField(max_length=16, choices=Choice.choices, default=Choice.LONGEST_IDLE)
    order = models.CharField(max_length=16, choices=Order.choices, default=Order.ARRIVAL)
    weight = models.PositiveSmallIntegerField(default=10, validators=[MinValueValidator(1), MaxValueValidator(100)])
    is_emergency = models.BooleanField(default=False)
    attributes = models.JSONField(default=dict, blank=True)  # {"language": "required"}
    relationship_s = models.PositiveIntegerField(default=0)
    is_background = models.BooleanField(default=False)
    reserve = models.PositiveSmallIntegerField(default=0)
    background_s = models.PositiveIntegerField(default=0)
    # What does not fit in.
    max_waiting = models.PositiveIntegerField(null=True, blank=True)
    full_queue = models.ForeignKey(
        "self", on_delete=models.PROTECT, related_name="takes_full_of", null=True, blank=True
    )
    max_wait_s = models.PositiveIntegerField(null=True, blank=True)
    late_queue = models.ForeignKey(
        "self", on_delete=models.PROTECT, related_name="takes_late_of", null=True, blank=True
    )
    full_pool_use = models.ForeignKey(
        "PoolUse", on_delete=models.PROTECT, related_name="takes_full_of", null=True, blank=True
    )
    return_after_s = models.PositiveIntegerField(default=60)  # who was handed over and waits goes back; 0: never
    # Those who come back, and what they hear.
    reclaim_s = models.PositiveIntegerField(default=0)
    callback_attempts = models.PositiveSmallIntegerField(default=0)
    callback_retry_s = models.PositiveIntegerField(default=600)
    callback_after_talk = models.CharField(max_length=8, choices=AfterTalk.choices, default=AfterTalk.CLOSE)
    # Nobody is called back while this calendar is closed.
    callback_calendar = models.ForeignKey(
        "enterprise.OpeningCalendar", on_delete=models.PROTECT, related_name="call_back_queues", null=True, blank=True
    )
    callback_windows = models.JSONField(default=list, blank=True)  # [["09:00", "12:00"]], by the key that chooses them
    announce_each_s = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["code"]
        constraints = [models.UniqueConstraint(fields=["tenant", "code"], name="queue_code_once")]


class QueueSkill(TenantModel):
    """A skill that the queue asks for, or looks for first, with the least level."""

    queue = models.ForeignKey(Queue, on_delete=models.CASCADE, related_name="skills")
    skill = models.ForeignKey("people.Skill", on_delete=models.PROTECT, related_name="queues")
    level = models.PositiveSmallIntegerField(validators=_LEVEL)
    is_preferred = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "queue", "skill", "is_preferred"], name="queue_skill_once"),
            models.CheckConstraint(condition=models.Q(level__gte=1, level__lte=9), name="queue_skill_level_1_9"),
        ]

    @property
    def owner(self) -> Queue:
        """The record of which this row is a part."""
        return self.queue


class QueueRing(TenantModel):
    """From `after_s` of waiting on, these teams may take the contact too, at these sites; no team stands for all of
    them, no site likewise."""

    queue = models.ForeignKey(Queue, on_delete=models.CASCADE, related_name="rings")
    position = models.PositiveSmallIntegerField()
    after_s = models.PositiveIntegerField()
    relax = models.PositiveSmallIntegerField(default=0, validators=[MaxValueValidator(8)])
    is_preference_kept = models.BooleanField(default=False)

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["tenant", "queue", "position"], name="queue_ring_once")]


class QueueRingTeam(TenantModel):
    """A team of a ring."""

    ring = models.ForeignKey(QueueRing, on_delete=models.CASCADE, related_name="teams")
    team = models.ForeignKey("people.Team", on_delete=models.PROTECT, related_name="rings")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "ring", "team"], name="queue_ring_team_once")]

    @property
    def owner(self) -> Queue:
        """The record of which this row is a part."""
        return self.ring.queue


class QueueRingSite(TenantModel):
    """A site of a ring."""

    ring = models.ForeignKey(QueueRing, on_delete=models.CASCADE, related_name="sites")
    site = models.ForeignKey("enterprise.Site", on_delete=models.PROTECT, related_name="rings")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "ring", "site"], name="queue_ring_site_once")]

    @property
    def owner(self) -> Queue:
        """The record of which this row is a part."""
        return self.ring.queue


class QueueOverflow(TenantModel):
    """Where contacts go that have waited `after_s`: to another queue, or (staying here) to a pool's agents too."""

    queue = models.ForeignKey(Queue, on_delete=models.CASCADE, related_name="overflows")
    position = models.PositiveSmallIntegerField()
    after_s = models.PositiveIntegerField()
    target = models.ForeignKey(Queue, on_delete=models.PROTECT, related_name="takes_overflow_of", null=True)
    pool_use = models.ForeignKey("PoolUse", on_delete=models.PROTECT, related_name="takes_overflow_of", null=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "queue", "position"], name="queue_overflow_once"),
            models.CheckConstraint(
                condition=models.Q(target__isnull=True) ^ models.Q(pool_use__isnull=True), name="queue_overflow_one_way"
            ),
        ]

    @property
    def owner(self) -> Queue:
        """The record of which this row is a part."""
        return self.queue


class PriorityRule(SetupRecord):
    """Points for contacts with that attribute; a point is worth one minute of waiting."""

    object_type = "priority_rule"
    unique_field = "kind"

    class Kind(models.TextChoices):
        VALUE_GRADE = "value_grade"
        BRAND = "brand"
        PRODUCT_LINE = "product_line"
        REGION = "region"
        LANGUAGE = "language"
        VIP = "vip"
        KEY_ACCOUNT = "key_account"
        REPEAT = "repeat"

    kind = models.CharField(max_length=16, choices=Kind.choices)
    value = models.CharField(max_length=32, blank=True, default="")
    points = models.SmallIntegerField()
    within_s = models.PositiveIntegerField(default=0)  # for repeat: since the unanswered asking
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ["kind", "value"]
        constraints = [models.UniqueConstraint(fields=["tenant", "kind", "value"], name="priority_rule_once")]


class Ladder(SetupRecord):
    """Reserve teams behind queues, called in their order."""

    object_type = "ladder"

    code = models.CharField(max_length=32)
    name = BilingualField()
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ["code"]
        constraints = [models.UniqueConstraint(fields=["tenant", "code"], name="ladder_code_once")]


class LadderQueue(TenantModel):
    """A queue that the ladder stands behind."""

    ladder = models.ForeignKey(Ladder, on_delete=models.CASCADE, related_name="queues")
    queue = models.ForeignKey(Queue, on_delete=models.PROTECT, related_name="ladders")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "ladder", "queue"], name="ladder_queue_once")]

    @property
    def owner(self) -> Ladder:
        """The record of which this row is a part."""
        return self.ladder


class LadderTier(TenantModel):
    """A reserve team: whom to call, when, and when they may go. The id stays while the tier does, because the switch
    knows by it who works."""

    class Trigger(models.TextChoices):
        WAIT = "wait"
        LENGTH = "length"
        SERVICE_LEVEL = "service_level"
        ABANDONED = "abandoned"

    ladder = models.ForeignKey(Ladder, on_delete=models.CASCADE, related_name="tiers")
    position = models.PositiveSmallIntegerField()
    name = BilingualField()
    trigger = models.CharField(max_length=16, choices=Trigger.choices)
    threshold = models.PositiveIntegerField()  # seconds, contacts, or hundredths of a per cent
    hold_s = models.PositiveIntegerField()
    stand_down = models.PositiveIntegerField()
    stand_down_s = models.PositiveIntegerField()
    call_up_s = models.PositiveIntegerField(default=120)

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["tenant", "ladder", "position"], name="ladder_tier_once")]

    @property
    def owner(self) -> Ladder:
        """The record of which this row is a part."""
        return self.ladder


class TierAgent(TenantModel):
    """Somebody of a reserve team."""

    tier = models.ForeignKey(LadderTier, on_delete=models.CASCADE, related_name="agents")
    agent = models.ForeignKey("people.Agent", on_delete=models.PROTECT, related_name="tiers")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "tier", "agent"], name="tier_agent_once")]

    @property
    def owner(self) -> Ladder:
        """The record of which this row is a part."""
        return self.tier.ladder


class TierSkill(TenantModel):
    """A skill that the reserve team is trusted with while it works."""

    tier = models.ForeignKey(LadderTier, on_delete=models.CASCADE, related_name="skills")
    skill = models.ForeignKey("people.Skill", on_delete=models.PROTECT, related_name="tiers")
    level = models.PositiveSmallIntegerField(validators=_LEVEL)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "tier", "skill"], name="tier_skill_once")]

    @property
    def owner(self) -> Ladder:
        """The record of which this row is a part."""
        return self.tier.ladder


class RoutingPool(models.Model):
    """What holds for the whole staff pool that tenants share; one row, changed by installation administrators."""

    version = models.PositiveIntegerField(default=1)
    interruptible = models.JSONField(default=list)  # channels whose work waits while something else is taken
    fair_after_s = models.PositiveIntegerField(default=300)
    resume_grace_s = models.PositiveIntegerField(default=10)

    objects: models.Manager["RoutingPool"] = models.Manager()


class SharedPool(SetupRecord):
    """Agents whom the tenant lends to others: those of its teams, and of them who can take its queue's contacts."""

    object_type = "shared_pool"

    code = models.CharField(max_length=32)
    name = BilingualField()
    queue = models.ForeignKey(Queue, on_delete=models.PROTECT, related_name="shared_pools", null=True, blank=True)
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ["code"]
        constraints = [models.UniqueConstraint(fields=["tenant", "code"], name="shared_pool_code_once")]


class SharedPoolTeam(TenantModel):
    """A team of a pool."""

    pool = models.ForeignKey(SharedPool, on_delete=models.CASCADE, related_name="teams")
    team = models.ForeignKey("people.Team", on_delete=models.PROTECT, related_name="shared_pools")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "pool", "team"], name="shared_pool_team_once")]

    @property
    def owner(self) -> SharedPool:
        """The record of which this row is a part."""
        return self.pool


class PoolOffer(TenantModel):
    """The pool's owner lends it to that tenant; nothing comes of it before the tenant accepts."""

    pool = models.ForeignKey(SharedPool, on_delete=models.CASCADE, related_name="offers")
    client = models.ForeignKey("foundation.Tenant", on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "pool", "client"], name="pool_offer_once")]


class PoolUse(SetupRecord):
    """The tenant accepts another's pool. Each side writes rows of its own only: pool and owner are named, not reached,
    and the pool's name is kept as it was when it was accepted."""

    object_type = "pool_use"
    unique_field = "pool_id"

    pool_id = models.UUIDField()
    lender = models.ForeignKey("foundation.Tenant", on_delete=models.CASCADE, related_name="+")
    name = BilingualField()
    # What the pool's agents may do for the tenant besides talking, while its contact is in their hands.
    allows_notes = models.BooleanField(default=True)  # reasons and notes
    allows_tickets = models.BooleanField(default=False)
    shows_tickets = models.BooleanField(default=False)  # the customer's open ones: number, kind and clock

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["tenant", "pool_id"], name="pool_use_once")]


class FunnelLevel(SetupRecord):
    """A level of the funnel: where matters of its grade are solved. The first may be self-service, without a queue."""

    object_type = "funnel_level"
    unique_field = "number"
    keeps_in_use = frozenset({"queue"})

    number = models.PositiveSmallIntegerField(validators=_LEVEL)
    name = BilingualField()
    queue = models.ForeignKey(Queue, on_delete=models.PROTECT, related_name="funnel_levels", null=True, blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "number"], name="funnel_level_once"),
            models.UniqueConstraint(fields=["tenant", "queue"], name="funnel_queue_once"),
        ]


class RoutingVersion(TenantModel):
    """A set-up as the switch was given it: the part of one tenant, and what had changed since the one before.

    `content` is compressed: at 1,800 agents it would be half a megabyte for each change."""

    number = models.PositiveBigIntegerField()
    made_at = models.DateTimeField()
    made_by = models.JSONField(default=list)  # names of those who wrote since the version before
    changes = models.JSONField(default=list)
    content = models.BinaryField()

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["tenant", "number"], name="routing_version_once")]


class WhatIfRun(TenantModel):
    """A recorded day under a changed set-up: the question, how far its replay is, and the answer.

    `number` names the version that was asked about, else `draft` is a change that nobody has saved. `content` is the
    whole set-up that was asked about, compressed, and goes when the run ends."""

    class State(models.TextChoices):
        WAITING = "waiting"
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"
        CANCELLED = "cancelled"

    day = models.DateField()
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    replays = models.PositiveSmallIntegerField()
    number = models.PositiveBigIntegerField(null=True)
    draft = models.JSONField(null=True)
    basis = models.PositiveBigIntegerField()  # version of the set-up in force when it was asked
    changes = models.JSONField(default=list)  # against that one, in words
    content = models.BinaryField(default=b"")
    moves = models.JSONField(default=list)  # where a changed funnel leads who asks by a business
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    steps = models.PositiveSmallIntegerField()
    steps_done = models.PositiveSmallIntegerField(default=0)
    asked_by = models.CharField(max_length=150)
    ended_at = models.DateTimeField(null=True)
    result = models.JSONField(null=True)
    failure = models.JSONField(null=True)  # code and data of the error
    applied_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        ordering = ["-id"]
        indexes = [models.Index(fields=["tenant", "-id"], name="what_if_newest")]
        constraints = [
            models.UniqueConstraint(
                fields=["tenant"], condition=models.Q(state__in=["waiting", "running"]), name="what_if_one_at_a_time"
            )
        ]
