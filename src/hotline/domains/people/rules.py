"""Which skills and capacity an agent may have, and when a hold or a skill counts. Pure: no Django, no clock."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Final, get_args
from zoneinfo import ZoneInfo

import msgspec

from hotline.domains.catalogue.attributes import standard_codes
from hotline.domains.people import errors
from hotline.messages.configuration import AttributeKind
from hotline.messages.routing import Channel

CHANNELS: tuple[str, ...] = get_args(Channel)
LOWEST_LEVEL, HIGHEST_LEVEL = 1, 9
# One pair of ears: several voice calls at once are never right. Written channels may be many.
MOST_AT_ONCE = {"voice": 1}
MOST_WRITTEN_AT_ONCE = 10
ATTRIBUTE_KINDS: Final[tuple[str, ...]] = get_args(AttributeKind)


class SkillGrade(msgspec.Struct, frozen=True, kw_only=True):
    """A skill at a level, certified up to and including a day."""

    skill_id: str
    level: int
    valid_to: date | None = None


class HoldSpan(msgspec.Struct, frozen=True, kw_only=True):
    """When a hold counts."""

    until: datetime | None
    lifted_at: datetime | None


def check_grades(grades: Iterable[SkillGrade]) -> None:
    """Raise when a skill is listed twice or a level is not 1-9."""
    seen: set[str] = set()
    for grade in grades:
        if grade.skill_id in seen:
            raise errors.SkillTwiceError(skill=grade.skill_id)
        seen.add(grade.skill_id)
        if not LOWEST_LEVEL <= grade.level <= HIGHEST_LEVEL:
            raise errors.SkillLevelError(skill=grade.skill_id, level=grade.level)


def check_capacity(capacity: Mapping[str, object]) -> dict[str, int]:
    """The capacity by channel. Raises when a channel is unknown or its number cannot be."""
    checked: dict[str, int] = {}
    for channel, count in capacity.items():
        if channel not in CHANNELS:
            raise errors.ChannelUnknownError(channel=channel, channels=", ".join(CHANNELS))
        most = MOST_AT_ONCE.get(channel, MOST_WRITTEN_AT_ONCE)
        # bool is an int to Python, yet `true` is not a number of contacts.
        if not isinstance(count, int) or isinstance(count, bool) or not 0 <= count <= most:
            raise errors.CapacityError(channel=channel, most=most)
        checked[channel] = count
    return checked


def ends_at(grade: SkillGrade, time_zone: str) -> datetime | None:
    """The moment from which the skill is no longer held: the end of its last day there. None: it has no end."""
    if grade.valid_to is None or grade.valid_to == date.max:
        return None
    return datetime.combine(grade.valid_to + timedelta(days=1), time(), ZoneInfo(time_zone))


def check_skill_values(kind: str, values: Iterable[str]) -> None:
    """Raise when the values do not fit the kind of skill, are no such codes, or come twice."""
    listed = list(values)
    if bool(listed) != (kind in ATTRIBUTE_KINDS):
        raise errors.SkillValuesError(kind=kind)
    for value in listed:
        if kind in ("language", "region") and value not in standard_codes(
            "language" if kind == "language" else "region"
        ):
            raise errors.SkillValueUnknownError(value=value, kind=kind)
        if listed.count(value) > 1:
            raise errors.SkillValueTwiceError(value=value)


def is_open_hold(hold: HoldSpan, moment: datetime) -> bool:
    """Whether the hold keeps the agent from signing in at that moment."""
    return hold.lifted_at is None and (hold.until is None or moment < hold.until)
