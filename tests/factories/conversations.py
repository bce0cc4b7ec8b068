"""Entry points for what comes in writing, and its senders, for tests."""

from dataclasses import dataclass
from itertools import count
from typing import Any, Literal
from uuid import UUID

import msgspec
from django.test import Client

from hotline.domains.channels import actions as channels
from hotline.domains.people.models import Agent
from hotline.foundation import outbox
from hotline.foundation.models import Tenant
from hotline.messages import routing as events
from hotline.messages.conversations import COMMAND_TOPIC, NEWS_TOPIC
from hotline.messages.routing import HOUSE_NODE
from tests.factories.customers import make_agent
from tests.factories.foundation import client_of
from tests.factories.routing_log import Road
from tests.factories.setup import administrator_of, make_entry_point, make_queue

_numbers = count(1)
ASKED = "今天下午什么时候恢复供水？"


def new_client_id() -> str:
    """As a sender makes one for each message."""
    return f"client-message-{next(_numbers):06d}"


def make_written(tenant: Tenant, channel: str, **values: Any) -> str:
    """The public key, or the number, of a new entry point."""
    number = next(_numbers)
    address = str(values.pop("address", f"1069{number:06d}" if channel == "sms" else f"page-{number}"))
    queue_id = values.pop("fallback_queue_id", None) or make_queue(tenant)
    plain: Any = {"channel": channel, "flow_id": None, "fallback_queue_id": queue_id, **values}
    make_entry_point(tenant, address, **plain)
    return address


def make_sms_number(tenant: Tenant, **values: Any) -> tuple[str, str]:
    """A new number for short messages, and its gateway's secret."""
    queue_id = values.pop("fallback_queue_id", None) or make_queue(tenant)
    address = f"1069{next(_numbers):06d}"
    plain: Any = {"channel": "sms", "flow_id": None, "fallback_queue_id": queue_id, **values}
    point_id = make_entry_point(tenant, address, **plain)
    return address, channels.make_secret(administrator_of(tenant), point_id)


class Visitor:
    """Somebody without a log-in at a chat's page."""

    def __init__(self, key: str, **headers: str) -> None:
        self.key = key
        self.page = Client(headers={"accept-language": "en", **headers})
        self.conversation_id = ""
        self.secret = ""

    def begin(self, text: str = ASKED, **values: Any) -> Any:
        """Send the first message; answers the response."""
        body = {"id": new_client_id(), "name": "陈瑜", "language": "zh", "text": text, **values}
        response = self.page.post(f"/api/v1/public/chat/{self.key}", body, content_type="application/json")
        if response.status_code == 201:
            self.conversation_id, self.secret = response.json()["conversation_id"], response.json()["secret"]
        return response

    def read(self, after: int = 0) -> Any:
        return self.page.get(f"{self._path}?after={after}", headers=self._header)

    def write(self, text: str, client_id: str = "") -> Any:
        body = {"id": client_id or new_client_id(), "text": text}
        return self.page.post(f"{self._path}/messages", body, content_type="application/json", headers=self._header)

    def end(self) -> Any:
        return self.page.post(f"{self._path}/end", headers=self._header)

    @property
    def contact_id(self) -> UUID:
        return UUID(self.conversation_id)

    @property
    def _path(self) -> str:
        return f"/api/v1/public/conversations/{self.conversation_id}"

    @property
    def _header(self) -> dict[str, str]:
        return {"X-Conversation-Secret": self.secret}


def hand_in_sms(address: str, secret: str, text: str, sender: str = "13900005521", client_id: str = "") -> Any:
    """What the gateway does with one short message; answers the response."""
    body = {"id": client_id or new_client_id(), "from": sender, "text": text}
    headers = {"Authorization": f"Bearer {secret}", "accept-language": "en"}
    return Client().post(f"/api/v1/public/sms/{address}", body, content_type="application/json", headers=headers)


def hand_in_form(key: str, text: str = ASKED, **values: Any) -> Any:
    """Hand in a web form; answers the response."""
    body = {"id": new_client_id(), "name": "陈瑜", "phone": "13900005521", "language": "zh", "text": text, **values}
    client = Client(headers={"accept-language": "en"})
    return client.post(f"/api/v1/public/forms/{key}", body, content_type="application/json")


@dataclass
class Desk:
    """An agent at the desk."""

    agent: Agent
    browser: Client

    def read(self, contact_id: str, after: int = 0) -> Any:
        return self.browser.get(f"/api/v1/desk/conversations/{contact_id}?after={after}")

    def reply(self, contact_id: str, text: str, client_id: str = "") -> Any:
        body = {"id": client_id or new_client_id(), "text": text}
        path = f"/api/v1/desk/conversations/{contact_id}/messages"
        return self.browser.post(path, body, content_type="application/json")


def sit_down(tenant: Tenant) -> Desk:
    agent = make_agent(tenant)
    return Desk(agent, client_of(agent.user))


def codes(messages: list[dict[str, Any]]) -> list[str]:
    """What each message says: its text, or the code of the house."""
    return [message["code"] or message["text"] for message in messages]


@dataclass
class WrittenRoad(Road):
    """A contact in writing on its road from queue to end."""

    channel: Literal["chat", "sms", "form"] = "chat"

    def queued(self) -> events.ContactQueued:
        return msgspec.structs.replace(
            super().queued(), node_id=HOUSE_NODE, channel=self.channel, arrived_at_ms=self.asked_ms, menu_path=()
        )

    def requeued(self, after_ms: int, cause: str = "transfer") -> events.ContactRequeued:
        return events.ContactRequeued(
            at_ms=self.asked_ms + after_ms, contact_id=self.contact_id, queue_id=self.queue_id, cause=cause
        )

    def diverted(self, cause: events.DivertCause, after_ms: int = 1_000) -> events.ContactDiverted:
        return events.ContactDiverted(
            at_ms=self.asked_ms + after_ms,
            contact_id=self.contact_id,
            queue_id=self.queue_id,
            cause=cause,
            wait_ms=after_ms,
        )


def road_of(command: dict[str, Any], agent_id: Any = None) -> WrittenRoad:
    """The road of the contact that this command orders into its queue."""
    given = {"agent_id": str(agent_id)} if agent_id is not None else {}
    return WrittenRoad(
        contact_id=command["contact_id"],
        tenant_id=command["tenant_id"],
        queue_id=command["queue_id"],
        entry_point_id=command["entry_point_id"],
        customer_id=command.get("customer_id"),
        asked_ms=command["asked_at_ms"],
        channel=command["channel"],
        **given,
    )


def ordered() -> list[dict[str, Any]]:
    """The commands for the switch, in their order."""
    return [row.payload for row in outbox.pending(COMMAND_TOPIC)]


def news() -> list[tuple[str, int]]:
    """What the switch is told of new messages, in its order."""
    return [(row.payload["contact_id"], row.payload["seq"]) for row in outbox.pending(NEWS_TOPIC)]
