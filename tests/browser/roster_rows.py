"""A published roster in a running centre, written as rows: how one is made is tested elsewhere."""

import json
import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from hotline.kernel.ids import new_id
from tests.floor import Floor

ZONE = ZoneInfo("Asia/Shanghai")
EARLY, LATE = (480, 990), (840, 1350)  # from 08:00 and from 14:00, half an hour of it a break

# By user and number of the day: the first two exchange, the others are looked at.
SHIFTS = {
    "agent12": {0: EARLY, 1: EARLY},
    "agent13": {2: LATE, 3: LATE},
    "agent16": {0: EARLY, 1: EARLY, 8: LATE},
    "agent19": {3: LATE, 4: LATE, 9: EARLY},
}


def coming_monday() -> date:
    """The Monday after the next one: wishes, swaps and bids are still possible for it."""
    today = datetime.now(ZONE).date()
    return today + timedelta(days=14 - today.weekday())


def publish(floor: Floor) -> None:
    """The roster of two weeks from the coming Monday; nothing when the centre has it already."""
    first = coming_monday()
    tenant = UUID(floor.administrator.get("/api/v1/me")["tenants"][0]["tenant_id"]).hex
    agents = {name: UUID(one["id"]).hex for name, one in floor.agents().items()}
    with closing(sqlite3.connect(floor.centre.data_dir / "main.sqlite3", timeout=10)) as database, database:
        if database.execute("SELECT 1 FROM workforce_roster WHERE name = 'rows'").fetchone():
            return
        kinds = dict(database.execute("SELECT code, id FROM workforce_shiftkind WHERE tenant_id = ?", (tenant,)))
        roster = UUID(new_id()).hex
        last = first + timedelta(days=13)
        _insert(
            database,
            "workforce_roster",
            id=roster,
            tenant_id=tenant,
            name="rows",
            first_day=first.isoformat(),
            last_day=last.isoformat(),
            interval_min=30,
            state="published",
            demand=b"",
            figures="{}",
            published_by="tests",
            version=1,
        )
        for username, days in SHIFTS.items():
            for number, (begin, end) in days.items():
                day = first + timedelta(days=number)
                _insert(
                    database,
                    "workforce_rostershift",
                    id=UUID(new_id()).hex,
                    tenant_id=tenant,
                    roster_id=roster,
                    agent_id=agents[username],
                    day=day.isoformat(),
                    shift_kind_id=kinds["day" if begin == EARLY[0] else "late"],
                    starts_at=_moment(day, begin),
                    ends_at=_moment(day, end),
                    pieces=json.dumps([[begin, end]]),
                    breaks=json.dumps([[begin + 240, begin + 270]]),
                    paid_min=480,
                    overtime_min=0,
                    excused_min=0,
                    source="solver",
                    version=1,
                )


def _moment(day: date, minute: int) -> str:
    local = datetime.combine(day, datetime.min.time(), ZONE) + timedelta(minutes=minute)
    return local.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")


def _insert(database: sqlite3.Connection, table: str, **values: object) -> None:
    now = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S")
    row = {"created_at": now, "updated_at": now, **values}
    marks = ", ".join("?" for _ in row)
    database.execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks})", tuple(row.values()))
