"""Queues: which contacts wait together, who may take them, and how they are measured."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from hotline.domains.setup_records import SetupRecord
from hotline.foundation.tenancy import TenantModel
from hotline.foundation.text import BilingualField


class Queue(SetupRecord):
    """Waiting contacts under one policy."""

    object_type = "queue"

    code = models.CharField(max_length=32)
    name = BilingualField()
    rank = models.SmallIntegerField(default=0)  # higher first among the queues that one agent serves
    offer_timeout_s = models.PositiveSmallIntegerField(default=15)
    wrap_up_s = models.PositiveSmallIntegerField(default=30)
    is_wrap_up_automatic = models.BooleanField(default=False)
    service_level_s = models.PositiveSmallIntegerField(default=15)
    service_level_target = models.PositiveSmallIntegerField(default=8500)  # hundredths of a per cent
    alarm_after_s = models.PositiveSmallIntegerField(default=60)  # so long below the target
    alarm_min_contacts = models.PositiveSmallIntegerField(default=5)  # of the last 15 minutes
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ["code"]
        constraints = [models.UniqueConstraint(fields=["tenant", "code"], name="queue_code_once")]


class QueueSkill(TenantModel):
    """A skill that the queue asks for, with the least level."""

    queue = models.ForeignKey(Queue, on_delete=models.CASCADE, related_name="skills")
    skill = models.ForeignKey("people.Skill", on_delete=models.PROTECT, related_name="queues")
    level = models.PositiveSmallIntegerField(validators=[MinValueValidator(1), MaxValueValidator(9)])

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "queue", "skill"], name="queue_skill_once"),
            models.CheckConstraint(condition=models.Q(level__gte=1, level__lte=9), name="queue_skill_level_1_9"),
        ]

    @property
    def owner(self) -> Queue:
        """The record of which this row is a part."""
        return self.queue
