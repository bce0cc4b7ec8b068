"""Contacts as CSV: read page by page while it is sent, safe to open in a spreadsheet, and noted in the audit."""

import csv
from collections.abc import Iterator
from datetime import datetime
from io import StringIO
from uuid import UUID

from django.db import transaction

from hotline.domains.contacts import queries, rules
from hotline.domains.contacts.queries import ContactFilter
from hotline.domains.contacts.views import ContactBrief
from hotline.domains.customers import queries as customers
from hotline.foundation import audit
from hotline.foundation.actors import Actor
from hotline.foundation.tenancy import scope_of
from hotline.foundation.text import in_language

PAGE = 200
BYTE_ORDER_MARK = "\ufeff"  # without it a Chinese spreadsheet program reads the file in its own code page

HEADERS = {
    "en": (
        "contact",
        "channel",
        "arrived",
        "asked for agent",
        "answered",
        "ended",
        "queue",
        "agent",
        "caller",
        "customer",
        "wait s",
        "talk s",
        "hold s",
        "wrap-up s",
        "outcome",
        "reasons",
        "simulated",
    ),
    "zh": (
        "联络",
        "渠道",
        "到达时间",
        "请求人工时间",
        "应答时间",
        "结束时间",
        "队列",
        "坐席",
        "主叫",
        "客户",
        "等待秒",
        "通话秒",
        "保持秒",
        "话后整理秒",
        "结果",
        "原因",
        "模拟数据",
    ),
}
_YES_NO = {"en": ("yes", "no"), "zh": ("是", "否")}


def csv_lines(actor: Actor, wanted: ContactFilter, language: str, names: dict[UUID, str]) -> Iterator[str]:
    """The lines of the file, newest contact first. The audit line is written before this returns.

    `names` are those of queues and agents by id."""
    exporting = actor.narrowed("contacts.export")
    with scope_of(exporting), transaction.atomic():
        for tenant_id in sorted(exporting.tenant_ids):
            details = {"filter": {key: str(value) for key, value in _given(wanted).items()}}
            audit.record_read(actor, "contact.exported", "tenant", tenant_id, tenant_id, details)
    return _lines(exporting, wanted, language, names)


def _given(wanted: ContactFilter) -> dict[str, object]:
    """The filter as it may be written down: that a number was searched for, not which."""
    given: dict[str, object] = {
        name: getattr(wanted, name) for name in ("agent_id", "queue_id", "customer_id", "outcome", "since", "until")
    }
    given = {name: value for name, value in given.items() if value is not None}
    return given | {"number": "given"} if wanted.number else given


def _lines(actor: Actor, wanted: ContactFilter, language: str, names: dict[UUID, str]) -> Iterator[str]:
    yield BYTE_ORDER_MARK + csv_line(HEADERS[language])
    below: UUID | None = None
    while True:
        # The scope is entered for each page: between two pages other work may run in this thread.
        with scope_of(actor):
            page, customer_names = _page(actor, wanted, below)
        for contact in page:
            yield csv_line(_cells(contact, language, names, customer_names))
        if len(page) < PAGE:
            return
        below = page[-1].id


def _page(actor: Actor, wanted: ContactFilter, below: UUID | None) -> tuple[list[ContactBrief], dict[UUID, str]]:
    rows = queries.filtered(actor, wanted).order_by("-id")
    if below is not None:
        rows = rows.filter(id__lt=below)
    page = [queries.brief_of(row) for row in rows[:PAGE]]
    return page, customers.names_of(contact.customer_id for contact in page if contact.customer_id)


def _cells(
    contact: ContactBrief, language: str, names: dict[UUID, str], customer_names: dict[UUID, str]
) -> tuple[str, ...]:
    return (
        str(contact.id),
        contact.channel,
        _moment(contact.arrived_at),
        _moment(contact.asked_at),
        _moment(contact.answered_at),
        _moment(contact.ended_at),
        _name(contact.queue_id, names),
        _name(contact.last_agent_id, names),
        contact.caller,
        _name(contact.customer_id, customer_names),
        rules.seconds_text(contact.wait_ms),
        rules.seconds_text(contact.talk_ms),
        rules.seconds_text(contact.hold_ms),
        rules.seconds_text(contact.wrap_up_ms),
        contact.outcome or "open",
        "; ".join(in_language(matter, language) for matter in contact.matters),
        _YES_NO[language][0 if contact.is_simulated else 1],
    )


def _name(found: UUID | None, names: dict[UUID, str]) -> str:
    return names.get(found, str(found)) if found is not None else ""


def _moment(moment: datetime | None) -> str:
    return moment.isoformat(timespec="milliseconds") if moment is not None else ""


def csv_line(cells: tuple[str, ...]) -> str:
    """One line of a CSV file; no cell is taken for a formula."""
    buffer = StringIO()
    csv.writer(buffer).writerow(map(rules.safe_cell, cells))
    return buffer.getvalue()
