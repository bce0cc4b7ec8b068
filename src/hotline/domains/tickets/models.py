"""What is kept of tickets and of every step they took."""

from django.conf import settings
from django.db import models

from hotline.domains.tickets.rules import STATES
from hotline.foundation.tenancy import TenantModel


class Ticket(TenantModel):
    """A matter followed across contacts until the customer confirms. People know it by its number, T-8812."""

    number = models.PositiveBigIntegerField()
    ticket_type = models.ForeignKey("catalogue.TicketType", on_delete=models.PROTECT, related_name="tickets")
    department = models.ForeignKey(
        "enterprise.Department", on_delete=models.PROTECT, related_name="tickets", null=True, blank=True
    )
    customer = models.ForeignKey("customers.Customer", on_delete=models.PROTECT, related_name="tickets", null=True)
    contact_id = models.UUIDField(null=True)  # the contact in which it was opened; contacts may be deleted before it
    text = models.TextField(max_length=20_000)
    state = models.CharField(max_length=12, choices=[(state, state) for state in STATES], default="new")
    due_at = models.DateTimeField()
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    handler = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    acknowledged_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    confirmed_by = models.CharField(max_length=200, blank=True, default="")
    is_simulated = models.BooleanField(default=False)

    object_type = "ticket"

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["tenant", "number"], name="ticket_number_once")]
        indexes = [
            models.Index(fields=["tenant", "state", "due_at"], name="ticket_by_due"),
            models.Index(fields=["tenant", "handler", "state"], name="ticket_by_handler"),
            models.Index(fields=["tenant", "customer", "state"], name="ticket_by_customer"),
            models.Index(fields=["tenant", "contact_id"], name="ticket_by_contact"),
        ]


class TicketEvent(TenantModel):
    """One line of a ticket's timeline: who did what, and what they wrote."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="events")
    at = models.DateTimeField()
    kind = models.CharField(max_length=20)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    text = models.TextField(max_length=20_000, blank=True, default="")
    detail = models.JSONField(default=dict)

    class Meta(TenantModel.Meta):
        indexes = [models.Index(fields=["ticket", "at", "id"], name="ticket_event_in_order")]


class TicketCounter(TenantModel):
    """The next number of a tenant's tickets; its row is the lock."""

    next_number = models.PositiveBigIntegerField(default=1)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["tenant"], name="ticket_counter_once")]
