"""What contacts and tickets are about: reason and outcome tree, ticket types, away reasons, attributes, modules."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from hotline.domains.setup_records import SetupRecord
from hotline.foundation.text import BilingualField


class DispositionNode(SetupRecord):
    """A node of the tenant's tree; only leaves are chosen. A reason without a parent may name the product line of all
    that is filed under it."""

    object_type = "disposition_node"

    class Kind(models.TextChoices):
        REASON = "reason"
        OUTCOME = "outcome"

    code = models.CharField(max_length=48)
    name = BilingualField()
    kind = models.CharField(max_length=8, choices=Kind.choices)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, related_name="children", null=True, blank=True)
    product_line = models.CharField(max_length=32, blank=True, default="")
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


class AttributeValue(SetupRecord):
    """A value of an attribute that contacts carry: a brand, a product line, a value grade of the tenant's own."""

    object_type = "attribute_value"

    class Kind(models.TextChoices):
        BRAND = "brand"
        PRODUCT_LINE = "product_line"
        VALUE_GRADE = "value_grade"

    kind = models.CharField(max_length=16, choices=Kind.choices)
    code = models.CharField(max_length=32)
    name = BilingualField()
    position = models.PositiveIntegerField(default=0)
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ["kind", "position", "code"]
        constraints = [models.UniqueConstraint(fields=["tenant", "kind", "code"], name="attribute_value_once")]


_ONE_TO_FIVE = [MinValueValidator(1), MaxValueValidator(5)]


class BusinessModule(SetupRecord):
    """A group of services that is learnt, certified and routed together. `grade` is the lowest level of the funnel that
    can solve it; difficulty, frequency and risk, 1-5 each, suggest one."""

    object_type = "business_module"

    code = models.CharField(max_length=32)
    name = BilingualField()
    grade = models.PositiveSmallIntegerField(validators=[MinValueValidator(1), MaxValueValidator(9)])
    difficulty = models.PositiveSmallIntegerField(validators=_ONE_TO_FIVE, null=True, blank=True)
    frequency = models.PositiveSmallIntegerField(validators=_ONE_TO_FIVE, null=True, blank=True)
    risk = models.PositiveSmallIntegerField(validators=_ONE_TO_FIVE, null=True, blank=True)
    position = models.PositiveIntegerField(default=0)
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ["position", "code"]
        constraints = [models.UniqueConstraint(fields=["tenant", "code"], name="business_module_code_once")]
