"""The two bases of every message. A message's tag is its class name."""

import msgspec


class Message(msgspec.Struct, frozen=True, kw_only=True, tag=True, tag_field="type", gc=False):
    """Immutable record with a tag."""


class Command(Message, frozen=True, kw_only=True):
    """A request to change state. Sending the same `command_id` again changes nothing and is acknowledged again."""

    command_id: str
    at_ms: int


class Event(Message, frozen=True, kw_only=True, omit_defaults=True):
    """Something that happened. The first event that a command causes carries its `command_id`, so that a log that is
    replayed still knows which commands were done. What has its default is not written: a default never changes."""

    at_ms: int
    command_id: str | None = None
