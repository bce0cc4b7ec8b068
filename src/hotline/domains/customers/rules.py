"""How a customer steers routing, and how a search text is read. Pure: no Django, no clock."""

from collections.abc import Collection
from datetime import date
from typing import Final, Literal, NamedTuple, get_args

from hotline.domains.catalogue.attributes import standard_values
from hotline.domains.customers.errors import SubscriptionDaysError

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
MOST_SUBSCRIPTIONS: Final = 100  # of one customer, those that have ended included

# The 31 provinces of the national service, by the first two digits of GB/T 2260.
PROVINCES: Final[dict[str, dict[str, str]]] = {value.code: value.name for value in standard_values("region")}
SERVICE_LANGUAGES: Final = tuple(value.code for value in standard_values("language"))
YES: Final = "yes"  # how an attribute that is or is not so is written; what is not so is left out


def segment_of(kind: str, value_grade: str) -> str:
    """The caller segment that flows may ask for, for example `person.gold`."""
    return f"{kind}.{value_grade}"


def attributes_of(
    *,
    brand: str,
    product_line: str,
    service_language: str,
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
        "service_language": service_language,
        "region": province,
        "value_grade": value_grade,
        "vip": YES if is_vip else "",
        "rural": YES if is_rural else "",
        "key_account": key_account,
    }
    return {name: value for name, value in known.items() if value}


class Product(NamedTuple):
    """What a customer has on a day: a line and a brand, and whether the call comes from its own number."""

    product_line: str
    brand: str
    is_calling: bool


def product_of(products: Collection[Product]) -> tuple[str, str]:
    """The product line and the brand that a call is about, as far as that is certain, else empty: those of the product
    from whose number it comes, else those that all products of the customer share."""
    asked = [one for one in products if one.is_calling] or products
    return _shared({one.product_line for one in asked}), _shared({one.brand for one in asked})


def _shared(values: set[str]) -> str:
    return values.pop() if len(values) == 1 else ""


def check_days(valid_from: date | None, valid_to: date | None) -> None:
    """Raise SubscriptionDaysError when the last day lies before the first."""
    if valid_from is not None and valid_to is not None and valid_to < valid_from:
        raise SubscriptionDaysError(valid_from=valid_from, valid_to=valid_to)


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
