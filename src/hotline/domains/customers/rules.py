"""How a customer steers routing, and how a search text is read. Pure: no Django, no clock."""

from typing import Final, Literal, get_args

from hotline.domains.catalogue.attributes import standard_values

Kind = Literal["person", "organisation"]
ValueGrade = Literal["standard", "silver", "gold", "platinum"]
ConsentKind = Literal["sms", "recommendations", "recording", "survey"]
Tier = Literal["a", "b", "c"]
SearchKind = Literal["number_like", "text"]

TIERS: Final[tuple[Tier, ...]] = get_args(Tier)
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
VALUE_GRADES: Final[tuple[ValueGrade, ...]] = get_args(ValueGrade)
CONSENT_KINDS: Final[tuple[ConsentKind, ...]] = get_args(ConsentKind)
LEAST_SEARCH_LENGTH: Final = 2

# The 31 provinces of the national service, by the first two digits of GB/T 2260.
PROVINCES: Final[dict[str, dict[str, str]]] = {value.code: value.name for value in standard_values("region")}
YES: Final = "yes"  # how an attribute that is or is not so is written; what is not so is left out


def segment_of(kind: str, value_grade: str) -> str:
    """The caller segment that flows may ask for, for example `person.gold`."""
    return f"{kind}.{value_grade}"


def attributes_of(
    *,
    brand: str,
    product_line: str,
    province: str,
    value_grade: str,
    is_vip: bool,
    is_rural: bool,
    key_account: str,
) -> dict[str, str]:
    """What steers whom the customer comes to, by the names that routing knows; what is unknown is left out."""
    known = {
        "brand": brand,
        "product_line": product_line,
        "region": province,
        "value_grade": value_grade,
        "vip": YES if is_vip else "",
        "rural": YES if is_rural else "",
        "key_account": key_account,
    }
    return {name: value for name, value in known.items() if value}


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
