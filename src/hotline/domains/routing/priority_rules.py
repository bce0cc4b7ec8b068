"""What a priority rule may say. Pure: no Django, no clock."""

from typing import Final

from hotline.domains.catalogue.attributes import StandardKind, standard_codes
from hotline.domains.routing import errors

# These are true or not; the others have values.
WITHOUT_VALUE: Final = frozenset({"vip", "repeat"})
# Nobody has values of their own of these; of the others tenants do.
_STANDARD_ONLY: Final[dict[str, StandardKind]] = {
    "region": "region",
    "language": "language",
    "key_account": "key_account",
}


def check_priority(kind: str, value: str, within_s: int) -> None:
    """Raise when the value does not fit the kind, is no such code, or a repeat has no window."""
    if bool(value) == (kind in WITHOUT_VALUE):
        raise errors.PriorityValueError(kind=kind)
    standard = _STANDARD_ONLY.get(kind)
    if standard is not None and value not in standard_codes(standard):
        raise errors.PriorityValueUnknownError(kind=kind, value=value)
    if (within_s > 0) != (kind == "repeat"):
        raise errors.PriorityWindowError
