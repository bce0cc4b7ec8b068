"""How a customer steers routing, and how a search text is read. Pure: no Django, no clock."""

from typing import Final, Literal, get_args

Kind = Literal["person", "organisation"]
ValueGrade = Literal["standard", "silver", "gold", "platinum"]
ConsentKind = Literal["sms", "recommendations", "recording", "survey"]
SearchKind = Literal["number_like", "text"]

KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
VALUE_GRADES: Final[tuple[ValueGrade, ...]] = get_args(ValueGrade)
CONSENT_KINDS: Final[tuple[ConsentKind, ...]] = get_args(ConsentKind)
LEAST_SEARCH_LENGTH: Final = 2

_PRIORITY: Final[dict[str, int]] = {"standard": 0, "silver": 1, "gold": 2, "platinum": 3}


def priority_of(value_grade: str) -> int:
    """The routing priority that the grade gives; an unknown grade gives none."""
    return _PRIORITY.get(value_grade, 0)


def segment_of(kind: str, value_grade: str) -> str:
    """The caller segment that flows may ask for, for example `person.gold`."""
    return f"{kind}.{value_grade}"


def search_kind(text: str) -> SearchKind:
    """Whether the text can be a phone, meter or customer number, or is a name or an address."""
    stripped = text.strip()
    has_digits = any(character.isdigit() for character in stripped)
    is_marked = all(character.isdigit() or character in "+-() " for character in stripped)
    return "number_like" if has_digits and is_marked else "text"


def shared_customer(customer_ids: list[str]) -> str | None:
    """The customer whom a calling number means: only when it is one person's alone. A shared number (a family, an
    office) is left to the agent, who asks."""
    return customer_ids[0] if len(customer_ids) == 1 else None
