"""How a customer steers routing, and how a search text is read. Pure: no Django, no clock."""

from typing import Final, Literal, get_args

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
PROVINCES: Final[dict[str, dict[str, str]]] = {
    code: {"zh": zh, "en": en}
    for code, zh, en in (
        ("11", "北京", "Beijing"),
        ("12", "天津", "Tianjin"),
        ("13", "河北", "Hebei"),
        ("14", "山西", "Shanxi"),
        ("15", "内蒙古", "Inner Mongolia"),
        ("21", "辽宁", "Liaoning"),
        ("22", "吉林", "Jilin"),
        ("23", "黑龙江", "Heilongjiang"),
        ("31", "上海", "Shanghai"),
        ("32", "江苏", "Jiangsu"),
        ("33", "浙江", "Zhejiang"),
        ("34", "安徽", "Anhui"),
        ("35", "福建", "Fujian"),
        ("36", "江西", "Jiangxi"),
        ("37", "山东", "Shandong"),
        ("41", "河南", "Henan"),
        ("42", "湖北", "Hubei"),
        ("43", "湖南", "Hunan"),
        ("44", "广东", "Guangdong"),
        ("45", "广西", "Guangxi"),
        ("46", "海南", "Hainan"),
        ("50", "重庆", "Chongqing"),
        ("51", "四川", "Sichuan"),
        ("52", "贵州", "Guizhou"),
        ("53", "云南", "Yunnan"),
        ("54", "西藏", "Tibet"),
        ("61", "陕西", "Shaanxi"),
        ("62", "甘肃", "Gansu"),
        ("63", "青海", "Qinghai"),
        ("64", "宁夏", "Ningxia"),
        ("65", "新疆", "Xinjiang"),
    )
}
YES: Final = "yes"  # how an attribute that is or is not so is written; what is not so is left out

_PRIORITY: Final[dict[str, int]] = {"standard": 0, "silver": 1, "gold": 2, "platinum": 3}


def priority_of(value_grade: str) -> int:
    """The routing priority that the grade gives; an unknown grade gives none."""
    return _PRIORITY.get(value_grade, 0)


def segment_of(kind: str, value_grade: str) -> str:
    """The caller segment that flows may ask for, for example `person.gold`."""
    return f"{kind}.{value_grade}"


def attributes_of(
    *, brand: str, product_line: str, province: str, value_grade: str, is_vip: bool, is_rural: bool
) -> dict[str, str]:
    """What steers whom the customer comes to, by the names that routing knows; what is unknown is left out."""
    known = {
        "brand": brand,
        "product_line": product_line,
        "region": province,
        "value_grade": value_grade,
        "vip": YES if is_vip else "",
        "rural": YES if is_rural else "",
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
