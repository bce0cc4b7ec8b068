"""What the whole house shares: tenants, users, their memberships, the audit, the outbox and idempotency keys."""

from typing import Any, ClassVar

from django.conf import settings as django_settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.core.validators import MaxValueValidator, RegexValidator
from django.db import models
from django.utils import timezone

from hotline.foundation.ids import new_uuid
from hotline.foundation.permissions import Role
from hotline.foundation.text import BilingualField


def usual_last_agent_days() -> int:
    """What HOTLINE_LAST_AGENT_DAYS gives a tenant that is made, and gave those that were made before they had their
    own."""
    days: int = django_settings.HOTLINE.last_agent_days
    return days


class Tenant(models.Model):
    """A client enterprise whose customers are served."""

    id = models.UUIDField(primary_key=True, default=new_uuid, editable=False)
    code = models.CharField(max_length=32, unique=True, validators=[RegexValidator(r"^[a-z][a-z0-9-]*\Z")])
    name = BilingualField()
    brand_colour = models.CharField(max_length=7, default="#1668dc", validators=[RegexValidator(r"^#[0-9a-fA-F]{6}\Z")])
    time_zone = models.CharField(max_length=64, default="Asia/Shanghai")
    is_simulated = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    # How long is kept what tells of customers; 0 keeps it for ever. The worker's house-keeping acts on it.
    recording_days = models.PositiveIntegerField(default=180, validators=[MaxValueValidator(36_500)])
    contact_months = models.PositiveIntegerField(default=0, validators=[MaxValueValidator(1_200)])
    # Shares of callers in hundredths of a per cent, against which the report of reachability judges.
    blocked_limit = models.PositiveIntegerField(default=10, validators=[MaxValueValidator(10_000)])
    abandoned_limit = models.PositiveIntegerField(default=500, validators=[MaxValueValidator(10_000)])
    # Who served a customer within so long is asked for first; 0: nobody.
    last_agent_days = models.PositiveIntegerField(default=usual_last_agent_days, validators=[MaxValueValidator(3_650)])
    settings = models.JSONField(default=dict, blank=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects: ClassVar[models.Manager["Tenant"]] = models.Manager()

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.code


class UserManager(BaseUserManager["User"]):
    """Makes users with a hashed password."""

    def create_user(self, username: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(username=self.model.normalize_username(username), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """A person who can log in. What they may do comes from their memberships."""

    class Theme(models.TextChoices):
        SYSTEM = "system"
        LIGHT = "light"
        DARK = "dark"

    class Language(models.TextChoices):
        CHINESE = "zh"
        ENGLISH = "en"

    id = models.UUIDField(primary_key=True, default=new_uuid, editable=False)
    username = models.CharField(
        max_length=64,
        unique=True,
        validators=[RegexValidator(r"^[a-z0-9][a-z0-9._-]*\Z")],
    )
    name = models.CharField(max_length=100)
    email = models.EmailField(blank=True, default="")
    language = models.CharField(max_length=2, choices=Language.choices, default=Language.CHINESE)
    text_size = models.PositiveSmallIntegerField(default=14, choices=[(14, "14"), (16, "16"), (18, "18")])
    theme = models.CharField(max_length=6, choices=Theme.choices, default=Theme.SYSTEM)
    is_active = models.BooleanField(default=True)
    is_installation_administrator = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)
    date_joined = models.DateTimeField(default=timezone.now)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        ordering = ["username"]

    def get_full_name(self) -> str:
        return self.name


class Membership(models.Model):
    """A role that a user holds for a tenant."""

    id = models.UUIDField(primary_key=True, default=new_uuid, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=32, choices=Role.choices)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[models.Manager["Membership"]] = models.Manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "tenant", "role"], name="membership_once")]


class RateWindow(models.Model):
    """How often somebody without a log-in has tried something within one stretch of time. `key` is a blind index."""

    key = models.CharField(max_length=64)
    begins_s = models.BigIntegerField()  # Unix time
    ends_s = models.BigIntegerField(db_index=True)
    count = models.PositiveIntegerField(default=0)

    objects: ClassVar[models.Manager["RateWindow"]] = models.Manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "begins_s"], name="rate_window_once")]


class AuditEntry(models.Model):
    """One line of the audit. Triggers on both databases refuse to change or delete it."""

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField(default=timezone.now)
    tenant_id = models.UUIDField(null=True)
    actor_kind = models.CharField(max_length=10)
    actor_id = models.UUIDField(null=True)
    actor_name = models.CharField(max_length=100)
    session_id = models.CharField(max_length=64, default="")
    address = models.CharField(max_length=64, default="")
    action = models.CharField(max_length=64)
    object_type = models.CharField(max_length=64)
    object_id = models.CharField(max_length=64)
    details = models.JSONField(default=dict)
    is_read = models.BooleanField(default=False)

    objects: ClassVar[models.Manager["AuditEntry"]] = models.Manager()

    class Meta:
        indexes = [
            models.Index(fields=["tenant_id", "-id"], name="audit_by_tenant"),
            models.Index(fields=["object_type", "object_id"], name="audit_by_object"),
        ]


class AuditSeal(models.Model):
    """One link of the chain: the keyed digest of a line and of the link before."""

    position = models.BigAutoField(primary_key=True)
    entry_id = models.BigIntegerField(unique=True)
    digest = models.CharField(max_length=64)
    sealed_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[models.Manager["AuditSeal"]] = models.Manager()


class OutboxRow(models.Model):
    """A message on its way out of a committed transaction."""

    id = models.BigAutoField(primary_key=True)
    topic = models.CharField(max_length=100)
    payload = models.JSONField()
    tenant_id = models.UUIDField(null=True)
    created_at = models.DateTimeField(default=timezone.now)
    done_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager["OutboxRow"]] = models.Manager()

    class Meta:
        indexes = [
            models.Index(fields=["id"], condition=models.Q(done_at=None), name="outbox_open"),
            models.Index(fields=["done_at"], name="outbox_done"),
        ]


class IdempotencyRecord(models.Model):
    """The stored answer to a request that carried an Idempotency-Key."""

    id = models.BigAutoField(primary_key=True)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=100)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    content_type = models.CharField(max_length=100)
    body = models.BinaryField()
    created_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[models.Manager["IdempotencyRecord"]] = models.Manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="idempotency_once")]
        indexes = [models.Index(fields=["created_at"], name="idempotency_age")]


class Preparation(models.Model):
    """What this database was made ready for, by step: the fingerprint of the program that did it."""

    step = models.CharField(primary_key=True, max_length=20)
    fingerprint = models.CharField(max_length=64)

    objects: ClassVar[models.Manager["Preparation"]] = models.Manager()
