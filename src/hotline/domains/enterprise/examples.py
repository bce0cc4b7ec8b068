"""Examples of sites, seats, departments and calendars for the API's description."""

from datetime import date
from typing import Final

from ninja import Schema

from hotline.domains.enterprise.schemas import (
    CalendarDay,
    CalendarIn,
    CalendarOut,
    CalendarVersionOut,
    DepartmentIn,
    DepartmentOut,
    SeatIn,
    SeatOut,
    SeatRowIn,
    SeatRowOut,
    SiteIn,
    SiteOut,
)
from hotline.domains.setup_routes import Names
from hotline.foundation.examples import CALENDAR, REPAIR_DEPARTMENT, SHIBEI, SITE, at, example_id

_OFFICE: Final = [[["08:30", "17:30"]]] * 5 + [[], []]
_NEW_YEAR: Final = CalendarDay(day=date(2026, 1, 1), kind="holiday", name=Names(zh="元旦", en="New Year"), hours=[])
_MAKE_UP: Final = CalendarDay(
    day=date(2026, 1, 4), kind="workday", name=Names(zh="调休工作日", en="Make-up workday"), hours=[["08:30", "17:30"]]
)

EXAMPLES: Final[tuple[Schema, ...]] = (
    SiteIn(code="main", name=Names(zh="市北大楼", en="Shibei Building"), address="上海市静安区共和新路 1 号"),
    SiteOut(
        id=SITE,
        tenant_id=SHIBEI,
        version=1,
        updated_at=at(0),
        code="main",
        name=Names(zh="市北大楼", en="Shibei Building"),
        address="上海市静安区共和新路 1 号",
    ),
    SeatIn(site_id=SITE, label="A-07", state="usable"),
    SeatRowIn(site_id=SITE, first="A001", last="A040"),
    SeatRowOut(created=38, existing=2),
    SeatOut(
        id=example_id(97),
        tenant_id=SHIBEI,
        version=1,
        updated_at=at(0),
        site_id=SITE,
        label="A-07",
        state="usable",
        fault="",
    ),
    DepartmentIn(
        code="repair",
        name=Names(zh="抢修队", en="Emergency repair"),
        mailbox="repair@water.example",
        calendar_id=CALENDAR,
    ),
    DepartmentOut(
        id=REPAIR_DEPARTMENT,
        tenant_id=SHIBEI,
        version=2,
        updated_at=at(0),
        code="repair",
        name=Names(zh="抢修队", en="Emergency repair"),
        mailbox="repair@water.example",
        calendar_id=CALENDAR,
        is_active=True,
    ),
    CalendarIn(
        code="office",
        name=Names(zh="办公时间", en="Office hours"),
        time_zone="Asia/Shanghai",
        valid_from=date(2026, 1, 1),
        weekly=_OFFICE,
        exceptions=[_NEW_YEAR, _MAKE_UP],
    ),
    CalendarOut(
        id=CALENDAR,
        tenant_id=SHIBEI,
        version=1,
        updated_at=at(0),
        code="office",
        name=Names(zh="办公时间", en="Office hours"),
        time_zone="Asia/Shanghai",
        versions=[
            CalendarVersionOut(
                number=1,
                valid_from=date(2026, 1, 1),
                weekly=_OFFICE,
                exceptions=[_NEW_YEAR, _MAKE_UP],
                is_provisional=False,
            )
        ],
        is_open_now=True,
    ),
)
