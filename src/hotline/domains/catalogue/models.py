"""What contacts and tickets are about: reason and outcome tree, ticket types, away reasons."""

from django.db import models

from hotline.domains.setup_records import SetupRecord
from hotline.foundation.text import BilingualField


class DispositionNode(SetupRecord):
    """A node of the tenant's tree. Reasons without a parent are the product lines; only leaves are chosen."""

    object_type = "disposition_node"

    class Kind(models.TextChoices):
        REASON = "reason"
        OUTCOME = "outcome"

    code = models.CharField(max_length=48)
    name = BilingualField()
    kind = models.CharField(max_length=8, choices=Kind.choices)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, related_name="children", null=True, blank=True)
    position = models.PositiveIntegerField(default=0)
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)  # the last day on which it may be chosen

    class Meta:
        ordering = ["position", "code"]
        constraints = [models.UniqueConstraint(fields=["tenant", "code"], name="disposition_code_once")]


class TicketType(SetupRecord):
    """A process that a ticket follows, with the department and the time it starts with."""

    object_type = "ticket_type"

    code = models.CharField(max_length=32)
    name = BilingualField()
    process_number = models.PositiveSmallIntegerField(null=True, blank=True)  # number in the tenant's manual
    department = models.ForeignKey(
        "enterprise.Department", on_delete=models.PROTECT, related_name="ticket_types", null=True, blank=True
    )
    due_hours = models.PositiveIntegerField()
    position = models.PositiveIntegerField(default=0)
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ["position", "code"]
        constraints = [models.UniqueConstraint(fields=["tenant", "code"], name="ticket_type_code_once")]


class AwayReason(SetupRecord):
    """Why an agent is away: meal, training, meeting."""

    object_type = "away_reason"

    code = models.CharField(max_length=32)
    name = BilingualField()
    position = models.PositiveIntegerField(default=0)
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ["position", "code"]
        constraints = [models.UniqueConstraint(fields=["tenant", "code"], name="away_reason_code_once")]
