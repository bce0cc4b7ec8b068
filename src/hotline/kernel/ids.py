"""Identifiers: UUIDv7 as text outside, integers inside the engine."""

from uuid import UUID

from uuid6 import uuid7


def new_id() -> str:
    """A new UUIDv7 in its 36-character form; ids made later sort later."""
    return str(uuid7())


def is_id(text: str) -> bool:
    """Whether the text is a UUID in its 36-character form."""
    try:
        return str(UUID(text)) == text.lower()
    except ValueError:
        return False
