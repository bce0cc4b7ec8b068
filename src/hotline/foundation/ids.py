"""UUIDv7 as database keys."""

from uuid import UUID

from uuid6 import uuid7


def new_uuid() -> UUID:
    """A new UUIDv7 as the standard library's UUID, which every database adapter takes."""
    return UUID(int=uuid7().int)


def as_uuid(value: UUID | str) -> UUID:
    """The UUID of a key in either form. Raises ValueError on anything else."""
    return value if isinstance(value, UUID) else UUID(value)
