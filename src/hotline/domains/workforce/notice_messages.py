"""Notices as messages to those who want them so: which topic each belongs to, and which text tells it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from hotline.domains.staff_messages import outbox
from hotline.domains.workforce.models import RosterNotice, ShiftRequest
from hotline.foundation.text import LANGUAGES, catalogue

_KIND, _REQUEST = RosterNotice.Kind, ShiftRequest.Kind
_ROSTER: Final = frozenset({_KIND.PUBLISHED, _KIND.CHANGED})
# Somebody is wanted soon: these may break quiet hours, for those who have said so.
_URGENT: Final = frozenset({_REQUEST.OVERTIME, _REQUEST.CALL_IN})


def tell(tenant_id: UUID, notices: Iterable[RosterNotice], until: datetime | None = None) -> None:
    """Put these notices into the outbox of messages, in their transaction. `until`: when asking is over."""
    outbox.tell(tenant_id, [_message(notice, until) for notice in notices])


def _message(notice: RosterNotice, until: datetime | None) -> outbox.Notice:
    data: dict[str, Any] = {"first": notice.first_day.isoformat(), "last": notice.last_day.isoformat()}
    if notice.request_kind:
        data["request"] = _name(notice.request_kind)
    if notice.further_breaks:
        data["breaks"] = _breaks(notice)
    return outbox.Notice(
        agent_id=notice.agent_id,
        topic=_topic(notice),
        text_code=_text_code(notice),
        data=data,
        until=until,
    )


def _topic(notice: RosterNotice) -> outbox.Topic:
    if notice.kind in _ROSTER:
        return "roster"
    return "urgent" if notice.kind == _KIND.ASKED and notice.request_kind in _URGENT else "requests"


def _text_code(notice: RosterNotice) -> str:
    """`roster.published`, `roster.asked_swap`, `roster.done` and so on: what is asked has a text for each kind."""
    if notice.kind == _KIND.ASKED:
        return f"roster.asked_{notice.request_kind}" + ("_breaks" if notice.further_breaks else "")
    return f"roster.{notice.kind}"


def _name(request_kind: str) -> dict[str, str]:
    return {language: catalogue(language)[f"message.roster.request.{request_kind}"] for language in LANGUAGES}


def _breaks(notice: RosterNotice) -> dict[str, str]:
    """The breaks that offered hours bring, in both languages."""
    zone = outbox.time_zone(notice.tenant_id)
    parts: dict[str, list[str]] = {language: [] for language in LANGUAGES}
    for one in notice.further_breaks:
        begin, end = (datetime.fromisoformat(one[name]) for name in ("starts_at", "ends_at"))
        minutes, at = int((end - begin).total_seconds()) // 60, f"{begin.astimezone(zone):%H:%M}"
        code = "message.roster.break_paid" if one["is_paid"] else "message.roster.break_unpaid"
        for language, found in parts.items():
            found.append(catalogue(language)[code].format(minutes=minutes, at=at))
    return {"zh": "、".join(parts["zh"]), "en": ", ".join(parts["en"])}
