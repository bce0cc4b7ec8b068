"""Where the tenant works: sites and seats, departments that answer tickets, opening calendars."""

from django.db import models

from hotline.domains.setup_records import SetupRecord
from hotline.foundation.tenancy import TenantModel
from hotline.foundation.text import BilingualField


class Site(SetupRecord):
    """A building with seats."""

    object_type = "site"

    code = models.CharField(max_length=32)
    name = BilingualField()
    address = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "code"], name="site_code_once")]


class Seat(SetupRecord):
    """A place where an agent can sit."""

    object_type = "seat"
    unique_field = "label"

    class State(models.TextChoices):
        USABLE = "usable"
        RESERVE = "reserve"
        OUT_OF_ORDER = "out_of_order"

    class Fault(models.TextChoices):
        """Why a seat is out of order; the same codes as `messages.routing.SeatFaultReason`."""

        COMPUTER = "computer"
        HEADSET = "headset"
        NETWORK = "network"
        POWER = "power"
        FURNITURE = "furniture"
        OTHER = "other"

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="seats")
    label = models.CharField(max_length=32)
    state = models.CharField(max_length=16, choices=State.choices, default=State.USABLE)
    fault = models.CharField(max_length=16, choices=Fault.choices, blank=True, default="")  # only when out of order
    state_when_whole = models.CharField(max_length=16, choices=State.choices, default=State.USABLE)

    @property
    def standing_fault(self) -> str | None:
        """Why it is out of order now, None when it is not."""
        return (self.fault or str(self.Fault.OTHER)) if self.state == self.State.OUT_OF_ORDER else None

    def settle(self) -> None:
        """A seat that is out of order has a fault, others none; what it is when repaired is what it was last."""
        if self.state == self.State.OUT_OF_ORDER:
            self.fault = self.fault or self.Fault.OTHER
        else:
            self.fault, self.state_when_whole = "", self.state

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "site", "label"], name="seat_label_once")]


class SeatUse(TenantModel):
    """An agent at a seat, from when until when (null: still there). Kept by the projector from the routing log; ids
    only, so that a seat that is removed from the registry keeps its history."""

    site_id = models.UUIDField()
    seat_id = models.UUIDField()
    agent_id = models.UUIDField()
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        indexes = [
            models.Index(fields=["tenant", "began_at"], name="seat_use_by_time"),
            models.Index(fields=["agent_id"], condition=models.Q(ended_at=None), name="seat_use_open"),
        ]


class OpeningCalendar(SetupRecord):
    """Opening hours by name; what they are stands in its versions."""

    object_type = "calendar"

    code = models.CharField(max_length=32)
    name = BilingualField()
    time_zone = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "code"], name="calendar_code_once")]


class OpeningCalendarVersion(TenantModel):
    """Weekly hours and dated exceptions from one local day on. Never changed once another follows it."""

    calendar = models.ForeignKey(OpeningCalendar, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    valid_from = models.DateField()
    weekly = models.JSONField()  # seven lists of [opening, closing] as HH:MM, Monday first
    exceptions = models.JSONField(default=list)  # [{day, kind, name: {zh, en}, hours}]
    is_provisional = models.BooleanField(default=False)  # the year's public holidays are not announced yet

    class Meta:
        ordering = ["valid_from", "number"]
        constraints = [models.UniqueConstraint(fields=["tenant", "calendar", "number"], name="calendar_version_once")]


class Department(SetupRecord):
    """A part of the enterprise that answers tickets; its mailbox gets what handlers must see."""

    object_type = "department"

    code = models.CharField(max_length=32)
    name = BilingualField()
    mailbox = models.EmailField(blank=True, default="")
    calendar = models.ForeignKey(
        OpeningCalendar, on_delete=models.PROTECT, related_name="departments", null=True, blank=True
    )
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "code"], name="department_code_once")]


class ConfigurationVersion(models.Model):
    """How often the set-up that switch or nodes read has changed. One row per reader, shared by all tenants,
    because each reader gets the set-up of all tenants as one whole."""

    topic = models.CharField(max_length=64, primary_key=True)
    version = models.PositiveBigIntegerField(default=0)
    digest = models.CharField(max_length=64, blank=True, default="")  # of the set-up at `digested_version`
    digested_version = models.PositiveBigIntegerField(default=0)
