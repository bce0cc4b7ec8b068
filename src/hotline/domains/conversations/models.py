"""What is kept of conversations in writing: who writes with whom, and the texts, sealed."""

from django.db import models

from hotline.foundation.fields import BlindIndexField, EncryptedTextField
from hotline.foundation.tenancy import TenantModel


class Conversation(TenantModel):
    """The written exchange of one contact, under the same id. Its row is the lock of its messages' numbers.

    `state` follows the routing log, but is ended at once when the customer leaves. `holder_id` is the agent who has the
    contact in hand, from the connection to the end of the wrap-up."""

    object_type = "conversation"

    class State(models.TextChoices):
        WAITING = "waiting"
        TALKING = "talking"
        ENDED = "ended"

    entry_point_id = models.UUIDField()
    channel = models.CharField(max_length=8)
    called_address = models.CharField(max_length=128)  # of the entry point when it began
    language = models.CharField(max_length=8)
    sender_name = EncryptedTextField(purpose="conversation-sender-name", blank=True, default="")
    sender = EncryptedTextField(purpose="conversation-sender", blank=True, default="")  # a number, in its one form
    sender_index = BlindIndexField(blank=True, default="")
    email = EncryptedTextField(purpose="conversation-email", blank=True, default="")
    customer_id = models.UUIDField(null=True)  # found by the number: a hint, never a proof
    is_simulated = models.BooleanField(default=False)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    holder_id = models.UUIDField(null=True)
    ended_by = models.CharField(max_length=8, blank=True, default="")  # customer, agent, house
    ended_at = models.DateTimeField(null=True)
    last_seq = models.PositiveIntegerField(default=0)
    seen_at = models.DateTimeField(null=True)  # when the visitor of a chat has asked last, give or take some seconds

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "entry_point_id", "sender_index"],
                condition=models.Q(channel="sms", state__in=["waiting", "talking"], sender_index__gt=""),
                name="conversation_open_once_a_sender",
            ),
        ]
        indexes = [
            models.Index(
                fields=["seen_at"], condition=models.Q(channel="chat", state="waiting"), name="conversation_awaited"
            ),
            models.Index(fields=["tenant", "customer_id", "-id"], name="conversation_by_customer"),
        ]


class Message(TenantModel):
    """One text of a conversation. `seq` counts from 1 without gaps; a text of the house has a `code` instead.

    `origin_id` is where its sender's own `client_id` is told only once: the entry point for what begins a conversation
    and for every short message, else the conversation."""

    object_type = "message"

    class Side(models.TextChoices):
        CUSTOMER = "customer"
        AGENT = "agent"
        HOUSE = "house"

    class Delivery(models.TextChoices):
        NONE = ""
        PENDING = "pending"
        SENT = "sent"
        FAILED = "failed"

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="messages", db_index=False)
    seq = models.PositiveIntegerField()
    side = models.CharField(max_length=8, choices=Side.choices)
    agent_id = models.UUIDField(null=True)
    text = EncryptedTextField(purpose="conversation-text", blank=True, default="")
    code = models.CharField(max_length=32, blank=True, default="")
    at = models.DateTimeField()
    origin_id = models.UUIDField()
    client_id = models.CharField(max_length=64, blank=True, default="")
    # Of what leaves by the tenant's account. Whoever sends it moves `due_at` beyond the time that it may take.
    delivery = models.CharField(max_length=8, choices=Delivery.choices, blank=True, default=Delivery.NONE)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    error_code = models.CharField(max_length=40, blank=True, default="")
    error_status = models.CharField(max_length=20, blank=True, default="")
    reference = models.CharField(max_length=200, blank=True, default="")

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["conversation", "seq"], name="message_seq_once"),
            models.UniqueConstraint(
                fields=["tenant", "origin_id", "side", "client_id"],
                condition=models.Q(client_id__gt=""),
                name="message_client_id_once",
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=models.Q(delivery="pending"), name="message_to_send"),
        ]
