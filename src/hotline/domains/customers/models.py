"""What is kept of customers. Phone numbers are sealed; beside each stands a blind index, so that it can be found."""

from django.db import models

from hotline.domains.customers.rules import CONSENT_KINDS, KINDS, PROVINCES, SERVICE_LANGUAGES, TIERS
from hotline.domains.setup_records import SetupRecord
from hotline.foundation.fields import BlindIndexField, EncryptedTextField
from hotline.foundation.tenancy import TenantModel


def _choices(values: tuple[str, ...]) -> list[tuple[str, str]]:
    return [(value, value) for value in values]


class Customer(TenantModel):
    """A person or organisation served. `number` is what stands on the bill."""

    number = models.CharField(max_length=32)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=16, choices=_choices(KINDS), default="person")
    value_grade = models.CharField(max_length=32, default="standard")  # a usual one, or one of the tenant's own
    since = models.DateField(null=True)
    language = models.CharField(max_length=2, choices=[("zh", "zh"), ("en", "en")], default="zh")  # of prompts
    # In which language agents serve the customer; none: in that of the prompts.
    service_language = models.CharField(max_length=3, choices=_choices(SERVICE_LANGUAGES), blank=True, default="")
    needs = models.JSONField(default=list)  # short texts such as "bill in large print"
    # What steers whom the customer comes to, beside the value grade. The province is that of the contract: nothing is
    # read out of a telephone number, which may be ported.
    brand = models.CharField(max_length=32, blank=True, default="")
    province = models.CharField(max_length=2, choices=_choices(tuple(PROVINCES)), blank=True, default="")
    is_rural = models.BooleanField(default=False)
    is_vip = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["tenant", "number"], name="customer_number_once")]
        indexes = [models.Index(fields=["tenant", "name"], name="customer_by_name")]


class Subscription(TenantModel):
    """A product that a customer has: several under one account, each of a product line."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="subscriptions")
    product_line = models.CharField(max_length=32)
    label = models.CharField(max_length=60, blank=True, default="")  # what the customer calls it
    service_number = EncryptedTextField(purpose="subscription-number", blank=True, default="")
    service_number_index = BlindIndexField(blank=True, default="")
    brand = models.CharField(max_length=32, blank=True, default="")
    valid_from = models.DateField(null=True)  # none: nobody knows since when
    valid_to = models.DateField(null=True)  # the last day
    position = models.PositiveSmallIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)


class CustomerPhone(TenantModel):
    """One number of a customer. The same number may be several customers' (a family, an office)."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="phones")
    number = EncryptedTextField(purpose="customer-phone")
    number_index = BlindIndexField(db_index=False)
    label = models.CharField(max_length=40, blank=True, default="")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["customer", "number_index"], name="customer_phone_once")]
        indexes = [models.Index(fields=["tenant", "number_index"], name="customer_by_phone")]


class Address(TenantModel):
    """Where a customer is served; `district` is the regional office in charge."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="addresses")
    text = models.CharField(max_length=240)
    district = models.CharField(max_length=60, blank=True, default="")
    position = models.PositiveSmallIntegerField(default=0)


class Meter(TenantModel):
    """A meter at an address."""

    address = models.ForeignKey(Address, on_delete=models.CASCADE, related_name="meters")
    number = models.CharField(max_length=40)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["tenant", "number"], name="meter_number_once")]


class Consent(TenantModel):
    """What the customer has said yes or no to, and when."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="consents")
    kind = models.CharField(max_length=20, choices=_choices(CONSENT_KINDS))
    is_given = models.BooleanField()
    decided_at = models.DateTimeField()
    source = models.CharField(max_length=20)  # desk, import, contract

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["customer", "kind"], name="consent_once")]


class KeyAccount(SetupRecord):
    """A customer whom one agent looks after: their contacts come to this manager first, while it is valid."""

    object_type = "key_account"
    unique_field = "customer"

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="key_accounts")
    manager = models.ForeignKey("people.Agent", on_delete=models.PROTECT, related_name="key_accounts")
    tier = models.CharField(max_length=1, choices=_choices(TIERS), default="c")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)  # the last day
    review_due_on = models.DateField()
    reviewed_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["customer", "valid_from"], name="key_account_once")]
        indexes = [models.Index(fields=["tenant", "review_due_on"], name="key_account_by_review")]


class CustomerCounter(TenantModel):
    """The next number of a tenant's customers; its row is the lock."""

    next_number = models.PositiveBigIntegerField(default=1)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["tenant"], name="customer_counter_once")]
