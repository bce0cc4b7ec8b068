"""News for those who keep a copy of the set-up: the switch (through outbox and relay) and the nodes (which poll).

It stands in the lowest domain because every domain above changes something that one of them reads."""

import hashlib
from uuid import UUID

from django.db import transaction
from django.db.models import F

from hotline.domains.enterprise.models import ConfigurationVersion
from hotline.foundation import outbox

ROUTING = "routing.configuration"
NODE = "node.configuration"


def announce(tenant_id: UUID | None, *topics: str) -> None:
    """Raise the version of each topic in the caller's transaction; the relay hears of the routing one.

    Always in the same order: two who tell of both would else wait for each other."""
    for topic in sorted(topics, reverse=True):
        version = _raise(topic)
        if topic == ROUTING:
            outbox.emit(ROUTING, {"version": version}, tenant_id)


def hold(topic: str) -> None:
    """Let nobody else announce the topic until the caller's transaction ends. It comes first in a write that checks the
    whole: what two checked side by side, each without the other's change, could be wrong together."""
    ConfigurationVersion.objects.get_or_create(topic=topic)
    ConfigurationVersion.objects.select_for_update(no_key=True).get(topic=topic)


def current_version(topic: str) -> int:
    """The topic's version; 0 before anything was announced."""
    found = ConfigurationVersion.objects.filter(topic=topic).values_list("version", flat=True).first()
    return found or 0


def announce_if_changed(topic: str, content: bytes) -> bool:
    """Announce what nobody announced: a skill that ran out, a hold that ended, a user who was renamed.

    `content` is the set-up as it reads now, without its version. Answers whether it had changed in silence."""
    digest = hashlib.sha256(content).hexdigest()
    with transaction.atomic():
        row, _ = ConfigurationVersion.objects.select_for_update().get_or_create(topic=topic)
        is_silent = row.digest != digest and row.digested_version == row.version
        if is_silent:
            announce(None, topic)
        ConfigurationVersion.objects.filter(topic=topic).update(digest=digest, digested_version=F("version"))
    return is_silent


def _raise(topic: str) -> int:
    ConfigurationVersion.objects.get_or_create(topic=topic)
    ConfigurationVersion.objects.filter(topic=topic).update(version=F("version") + 1)
    return current_version(topic)
