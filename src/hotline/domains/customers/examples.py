"""Examples of customers for the API's description."""

from datetime import date
from typing import Final

from ninja import Schema

from hotline.domains.customers.schemas import (
    AddressOut,
    ConsentIn,
    ConsentOut,
    Created,
    CustomerBriefOut,
    CustomerChange,
    CustomerListOut,
    CustomerOut,
    KeyAccountIn,
    MeterOut,
    NewAddress,
    NewCustomerIn,
    NewPhone,
    NewSubscription,
    PhoneOut,
    RevealedPhone,
    RevealPhoneIn,
    SteeringChoiceOut,
    SubscriptionChange,
    SubscriptionOut,
)
from hotline.foundation.examples import CHEN_YU, SHIBEI, WANG_FANG, at, example_id

_ADDRESS: Final = "共和新路 1200 弄 8 号 502 室"

CHEN: Final = CustomerOut(
    id=CHEN_YU,
    tenant_id=SHIBEI,
    number="SB-100234",
    name="陈玉",
    kind="person",
    value_grade="gold",
    since=date(2009, 5, 4),
    language="zh",
    needs=["听力不便,请慢些说"],
    service_language="",
    brand="",
    province="31",
    is_rural=False,
    is_vip=False,
    version=3,
    phones=[PhoneOut(id=example_id(22), masked="139****0001", label="手机")],
    addresses=[
        AddressOut(
            id=example_id(23),
            text=_ADDRESS,
            district="静安",
            meters=[MeterOut(id=example_id(24), number="DN15-0098231")],
        )
    ],
    subscriptions=[
        SubscriptionOut(
            id=example_id(25),
            product_line="tap_water",
            label="家庭用水",
            service_number="",
            brand="",
            valid_from=date(2009, 5, 4),
            valid_to=None,
            version=1,
        )
    ],
    consents=[ConsentOut(kind="recording", is_given=True, decided_at=at(1))],
)
CHEN_BRIEF: Final = CustomerBriefOut(
    id=CHEN_YU, tenant_id=SHIBEI, number="SB-100234", name="陈玉", kind="person", value_grade="gold", address=_ADDRESS
)

EXAMPLES: Final[tuple[Schema, ...]] = (
    NewCustomerIn(
        name="陈玉",
        kind="person",
        value_grade="gold",
        since=date(2009, 5, 4),
        language="zh",
        needs=["听力不便,请慢些说"],
        phones=[NewPhone(number="13900000001", label="手机")],
        addresses=[NewAddress(text=_ADDRESS, district="静安", meters=["DN15-0098231"])],
        subscriptions=[NewSubscription(product_line="tap_water", label="家庭用水", valid_from=date(2009, 5, 4))],
        consents={"recording": True, "sms": False},
    ),
    NewCustomerIn(
        name="Harbour Hotel",
        number="SB-200017",
        kind="organisation",
        language="en",
        service_language="ja",
        needs=[],
        addresses=[],
        subscriptions=[],
        phones=[NewPhone(number="02163000017", label="reception")],
    ),
    SteeringChoiceOut(field="province", code="50", name={"zh": "重庆", "en": "Chongqing"}),
    CustomerChange(version=3, value_grade="platinum", needs=["Speaks English only"]),
    NewPhone(number="13900000002", label="家里"),
    NewSubscription(product_line="adsl", label="家里宽带", service_number="02163000018", valid_from=date(2026, 3, 2)),
    SubscriptionChange(version=1, valid_to=date(2026, 3, 31)),
    ConsentIn(kind="sms", is_given=True),
    KeyAccountIn(
        customer_number="SB-200017",
        manager_id=WANG_FANG,
        tier="a",
        valid_from=date(2026, 1, 1),
        review_due_on=date(2026, 12, 1),
    ),
    RevealPhoneIn(reason="客户要求核对登记号码"),
    RevealedPhone(number="13900000001"),
    Created(id=CHEN_YU),
    CHEN,
    CustomerListOut(items=[CHEN_BRIEF]),
)
