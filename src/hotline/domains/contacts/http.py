"""The contacts' addresses: translates only."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from ninja import Query, Schema, Status

from hotline.domains.contacts import (
    abandoned,
    access_csv,
    access_report,
    actions,
    alarms,
    attribute_report,
    funnel_report,
    handle_times,
    key_account_report,
    lent,
    look_ups,
    names,
    periods,
    pool_report,
    pool_schemas,
    queries,
    reasons,
    recordings,
    reports,
    reserve_log,
    rules,
    schemas,
    seat_report,
    seat_schemas,
    views,
    waiting_schemas,
)
from hotline.domains.contacts.errors import FactsInvalidError
from hotline.domains.contacts.export import csv_lines
from hotline.domains.contacts.fact_intake import take_facts
from hotline.domains.contacts.models import Contact
from hotline.domains.conversations.schemas import ThreadOut
from hotline.domains.conversations.views import ThreadView
from hotline.foundation.http import ActorRequest, InternalRouter, Page, Router
from hotline.foundation.language import language_of
from hotline.messages.facts import AnyFact

contacts_router = Router(tags=["contacts"])
desk_router = Router(tags=["desk"])
internal_router = InternalRouter(tags=["facts"])
routers = [("", contacts_router), ("/desk", desk_router)]
internal_routers = [("", internal_router)]

_facts = msgspec.json.Decoder(list[AnyFact])


class FilterIn(Schema):
    """What to look for. `number` is found by its blind index only as a whole."""

    number: str | None = None
    agent_id: UUID | None = None
    queue_id: UUID | None = None
    customer_id: UUID | None = None
    outcome: str | None = None
    since: datetime | None = None
    until: datetime | None = None

    def wanted(self) -> queries.ContactFilter:
        rules.check_outcome(self.outcome, Contact.Outcome.values)
        return queries.ContactFilter(
            number=self.number,
            agent_id=self.agent_id,
            queue_id=self.queue_id,
            customer_id=self.customer_id,
            outcome=self.outcome,
            since=rules.aware("since", self.since),
            until=rules.aware("until", self.until),
        )


@contacts_router.get("/contacts", permission="contacts.view", response=Page[schemas.ContactBriefOut])
def list_contacts(
    request: ActorRequest, wanted: Annotated[FilterIn, Query()], cursor: str | None = None, limit: int = 50
) -> dict[str, Any]:
    """Contacts, newest first: one's own, or everybody's with contacts.view_all."""
    items, following = queries.contacts_page(request.actor, wanted.wanted(), cursor, limit)
    return {"items": items, "next_cursor": following}


@contacts_router.get("/contacts.csv", permission="contacts.export", response={200: str})
def export_contacts(request: ActorRequest, wanted: Annotated[FilterIn, Query()]) -> StreamingHttpResponse:
    """The same search as a file; the column `simulated` says what was not real."""
    language = language_of(request)
    lines = csv_lines(request.actor, wanted.wanted(), language, names.of_queues_and_agents(language))
    headers = {"Content-Disposition": 'attachment; filename="contacts.csv"', "Cache-Control": "no-store"}
    return StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8", headers=headers)


@contacts_router.get("/contacts/{uuid:contact_id}", permission="contacts.view", response=schemas.ContactOut)
def read_contact(request: ActorRequest, contact_id: UUID) -> views.ContactDetail:
    return queries.contact(request.actor, contact_id)


@contacts_router.get("/contacts/{uuid:contact_id}/conversation", permission="contacts.view", response=ThreadOut)
def read_contact_conversation(request: ActorRequest, contact_id: UUID) -> ThreadView:
    """What was written in the contact. Who read it is in the audit."""
    return queries.conversation(request.actor, contact_id, language_of(request))


@contacts_router.post(
    "/contacts/{uuid:contact_id}/caller/reveal",
    permission="customers.reveal_phone",
    response=schemas.RevealedCaller,
)
def reveal_caller(request: ActorRequest, contact_id: UUID, payload: schemas.RevealIn) -> dict[str, str]:
    """The whole calling number; who saw it and why is in the audit."""
    return {"number": actions.reveal_caller(request.actor, contact_id, payload.reason)}


@contacts_router.put("/contacts/{uuid:contact_id}/preservation", permission="contacts.preserve", response={204: None})
def preserve(request: ActorRequest, contact_id: UUID, payload: schemas.PreserveIn) -> Status[None]:
    """Keep the contact and its recordings past their time, for a stated reason."""
    actions.preserve(request.actor, contact_id, payload.reason)
    return Status(204, None)


@contacts_router.delete(
    "/contacts/{uuid:contact_id}/preservation", permission="contacts.preserve", response={204: None}
)
def lift_preservation(request: ActorRequest, contact_id: UUID) -> Status[None]:
    """Let the tenant's rules apply to the contact again; what is past its time goes within the hour."""
    actions.lift_preservation(request.actor, contact_id)
    return Status(204, None)


@contacts_router.get(
    "/contacts/{uuid:contact_id}/recordings/{uuid:recording_id}/audio",
    permission="recordings.listen",
    response={200: bytes, 206: bytes},
)
def recording_audio(
    request: ActorRequest, contact_id: UUID, recording_id: UUID, reason: str = ""
) -> StreamingHttpResponse:
    """The recording as WAV, left customer, right agent; parts by Range. `reason` goes into the audit."""
    header = request.headers.get("Range")
    audio = recordings.open_audio(request.actor, contact_id, recording_id, reason, header)
    response = StreamingHttpResponse(audio, content_type="audio/wav", status=200 if audio.part is None else 206)
    response["Content-Length"] = str(audio.length)
    response["Accept-Ranges"] = "bytes"
    response["Cache-Control"] = "no-store"
    if audio.part is not None:
        response["Content-Range"] = f"bytes {audio.part[0]}-{audio.part[1]}/{audio.size}"
    return response


@contacts_router.get("/reports/intervals", permission="reports.view", response=schemas.DayReportOut)
def report_intervals(request: ActorRequest, date: date | None = None) -> views.DayReport:
    """The 15-minute figures of a local day by queue; without a date, today."""
    return reports.day_report(date)


@contacts_router.get("/reports/service-levels", permission="reports.view", response=schemas.PeriodReportOut)
def report_service_levels(
    request: ActorRequest, month: str | None = None, year: str | None = None
) -> views.PeriodReport:
    """The figures by queue of one month such as 2026-11 by local days, or of one year such as 2026 by months."""
    return reports.period_report(periods.period_of(month, year))


class DaysIn(Schema):
    """Local days, both included and at most 31; one alone stands for itself, none for today. One queue, or all."""

    first_day: date | None = None
    last_day: date | None = None
    queue_id: UUID | None = None

    def question(self) -> handle_times.Question:
        return handle_times.Question(self.first_day, self.last_day, self.queue_id)


@contacts_router.get(
    "/reports/handle-times/agents", permission="contacts.view_all", response=schemas.HandleTimeReportOut
)
def report_handle_times_of_agents(request: ActorRequest, asked: Annotated[DaysIn, Query()]) -> views.HandleTimeReport:
    """Handle time by agent. Who looked is in the audit."""
    return handle_times.by_agent(request.actor, asked.question())


@contacts_router.get("/reports/handle-times/reasons", permission="reports.view", response=schemas.HandleTimeReportOut)
def report_handle_times_of_reasons(request: ActorRequest, asked: Annotated[DaysIn, Query()]) -> views.HandleTimeReport:
    """Handle time by the first reason that the agent filed."""
    return handle_times.by_reason(asked.question())


class AccessIn(Schema):
    """Local days, both included and at most 31; one alone stands for itself, none for today."""

    by: access_report.Grain = "interval"
    first_day: date | None = None
    last_day: date | None = None


@contacts_router.get("/reports/key-accounts", permission="reports.view", response=waiting_schemas.AccountReportOut)
def report_key_accounts(
    request: ActorRequest, first_day: date | None = None, last_day: date | None = None
) -> key_account_report.AccountReport:
    """Key accounts: contacts, waits, who answered, and the share that came to the own manager. The look is audited."""
    return key_account_report.report(request.actor, first_day, last_day)


@contacts_router.get("/reports/access", permission="reports.view", response=waiting_schemas.AccessReportOut)
def report_access(request: ActorRequest, asked: Annotated[AccessIn, Query()]) -> views.AccessReport:
    """Blocked, abandoned and answered against the limits, by quarter of an hour or by day."""
    return access_report.access_report(asked.by, asked.first_day, asked.last_day)


@contacts_router.get("/reports/access.csv", permission="reports.view", response={200: str})
def export_access(request: ActorRequest, asked: Annotated[AccessIn, Query()]) -> HttpResponse:
    """The same report as a file; the column `simulated` says what was not real."""
    report = access_report.access_report(asked.by, asked.first_day, asked.last_day)
    headers = {"Content-Disposition": 'attachment; filename="reachability.csv"', "Cache-Control": "no-store"}
    lines = "".join(access_csv.csv_lines(report, language_of(request)))
    return HttpResponse(lines, content_type="text/csv; charset=utf-8", headers=headers)


@contacts_router.get("/reports/funnel", permission="reports.view", response=schemas.FunnelReportOut)
def report_funnel(
    request: ActorRequest, first_day: date | None = None, last_day: date | None = None
) -> views.FunnelReport:
    """The share of matters that each level of the funnel solved; the shares of a tenant add up to 100 %."""
    return funnel_report.funnel_report(first_day, last_day)


@contacts_router.get("/reports/attributes", permission="reports.view", response=schemas.AttributeReportOut)
def report_attributes(
    request: ActorRequest,
    by: schemas.AttributeKind = "region",
    first_day: date | None = None,
    last_day: date | None = None,
) -> views.AttributeReport:
    """Contacts that asked for an agent by an attribute: province, product line, brand, value grade."""
    return attribute_report.attribute_report(by, first_day, last_day)


@contacts_router.get("/reports/reserve-teams", permission="reports.view", response=schemas.ReserveReportOut)
def report_reserve_teams(
    request: ActorRequest, first_day: date | None = None, last_day: date | None = None
) -> views.ReserveReport:
    """Reserve teams that were called, with the figures of their queues before and after; without days, today's."""
    return reserve_log.reserve_report(first_day, last_day)


@contacts_router.get("/reports/seats", permission="reports.view", response=seat_schemas.SeatReportOut)
def report_seats(
    request: ActorRequest, first_day: date | None = None, last_day: date | None = None
) -> seat_report.SeatReport:
    """Seats free, in use and broken now by site, and the most in use at once on each day; without days, today's."""
    return seat_report.seat_report(first_day, last_day)


@contacts_router.get("/reports/seats.csv", permission="reports.view", response={200: str})
def export_seats(
    request: ActorRequest, first_day: date | None = None, last_day: date | None = None
) -> StreamingHttpResponse:
    """The same as a file: a line for each site and day."""
    lines = list(seat_report.seat_lines(seat_report.seat_report(first_day, last_day), language_of(request)))
    headers = {"Content-Disposition": 'attachment; filename="seats.csv"', "Cache-Control": "no-store"}
    return StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8", headers=headers)


@contacts_router.get("/reports/pools", permission="reports.view", response=pool_schemas.PoolReportOut)
def report_pools(request: ActorRequest, month: str | None = None, year: str | None = None) -> pool_report.PoolReport:
    """Shared pools: what own agents did for others and others' for us, of one month such as 2026-11 by local days or of
    one year such as 2026 by months."""
    return pool_report.pool_report(month, year)


@contacts_router.get("/reports/pools.csv", permission="reports.view", response={200: str})
def export_pools(request: ActorRequest, month: str | None = None, year: str | None = None) -> HttpResponse:
    """The same as a file: a line for each pool, partner and day or month."""
    lines = "".join(pool_report.pool_lines(pool_report.pool_report(month, year), language_of(request)))
    headers = {"Content-Disposition": 'attachment; filename="shared-pools.csv"', "Cache-Control": "no-store"}
    return HttpResponse(lines, content_type="text/csv; charset=utf-8", headers=headers)


@contacts_router.get("/alarms", permission="floor.view", response=schemas.AlarmListOut)
def list_alarms(request: ActorRequest, date: date | None = None) -> dict[str, Any]:
    """Alarms of queues that held on a local day, newest first; without a date, today."""
    return {"items": alarms.alarms_of_day(date)}


@contacts_router.get("/call-backs", permission="contacts.view_all", response=Page[schemas.CallBackOut])
def list_call_backs(
    request: ActorRequest, is_done: bool = False, cursor: str | None = None, limit: int = 50
) -> dict[str, Any]:
    """Customers whom the platform failed, with the wait clock of their first asking."""
    items, following = queries.call_backs(is_done=is_done, cursor=cursor, limit=limit)
    return {"items": items, "next_cursor": following}


@contacts_router.post(
    "/call-backs/{uuid:call_back_id}/done", permission="contacts.view_all", response=schemas.CallBackOut
)
def finish_call_back(request: ActorRequest, call_back_id: UUID, payload: schemas.CallBackDoneIn) -> views.CallBackView:
    return actions.finish_call_back(request.actor, call_back_id, payload.note)


@contacts_router.get("/abandoned", permission="contacts.view_all", response=Page[waiting_schemas.AbandonedOut])
def list_abandoned(
    request: ActorRequest, is_settled: bool = False, cursor: str | None = None, limit: int = 50
) -> dict[str, Any]:
    """Callers of the last 31 days who gave up waiting, newest first. The look is in the audit."""
    items, following = abandoned.page(request.actor, is_settled=is_settled, cursor=cursor, limit=limit)
    return {"items": items, "next_cursor": following}


@contacts_router.post("/abandoned/{uuid:contact_id}/settlement", permission="contacts.view_all", response={204: None})
def settle_abandoned(request: ActorRequest, contact_id: UUID, payload: waiting_schemas.SettlementIn) -> Status[None]:
    """Take a caller off the list as done or ignored."""
    abandoned.settle(request.actor, contact_id, payload.decision, payload.reason)
    return Status(204, None)


@contacts_router.post(
    "/abandoned/{uuid:contact_id}/call-back",
    permission="contacts.view_all",
    response={202: waiting_schemas.CallBackOrdered},
)
def call_back_abandoned(
    request: ActorRequest, contact_id: UUID, payload: waiting_schemas.CallBackIn | None = None
) -> Status[dict[str, UUID]]:
    """Put a call-back into the queue that the caller gave up in: an agent answers, then the customer is called; not
    before the moment that is given, and only while the queue's call-back calendar is open."""
    not_before = payload.not_before if payload is not None else None
    return Status(202, {"contact_id": abandoned.call_back(request.actor, contact_id, not_before)})


@contacts_router.get("/refused-calls", permission="contacts.view_all", response=Page[schemas.RefusedCallOut])
def list_refused_calls(request: ActorRequest, cursor: str | None = None, limit: int = 50) -> dict[str, Any]:
    """Calls that were not taken, such as those to unknown numbers; newest first."""
    items, following = queries.refused_calls(request.actor, cursor=cursor, limit=limit)
    return {"items": items, "next_cursor": following}


@desk_router.post("/contacts/{uuid:contact_id}/wrap-up", permission="desk.use", response={204: None})
def file_wrap_up(request: ActorRequest, contact_id: UUID, payload: schemas.WrapUpIn) -> Status[None]:
    """What one's own contact was about; sending it again replaces it."""
    actions.file_wrap_up(request.actor, contact_id, _matters(payload), payload.note)
    return Status(204, None)


def _matters(payload: schemas.WrapUpIn) -> list[actions.NewMatter]:
    return [
        actions.NewMatter(m.disposition_id, m.outcome_id, m.note, m.module_id, m.is_solved) for m in payload.matters
    ]


@desk_router.post("/lent-contacts/{uuid:contact_id}/wrap-up", permission="desk.use", response={204: None})
def file_lent_wrap_up(request: ActorRequest, contact_id: UUID, payload: schemas.WrapUpIn) -> Status[None]:
    """What another company's contact was about, from its tree, while it is in hand; sending it again replaces it."""
    actions.file_lent_wrap_up(request.actor, contact_id, _matters(payload), payload.note)
    return Status(204, None)


@desk_router.get("/contacts/{uuid:contact_id}/reasons", permission="desk.use", response=schemas.DeskReasonsOut)
def read_reasons(request: ActorRequest, contact_id: UUID) -> views.DeskReasons:
    """Why this contact came to this agent, of one's own contact only. Not known yet: 404 with Retry-After."""
    return reasons.reasons_of(request.actor, contact_id)


@desk_router.put("/contacts/{uuid:contact_id}/customer", permission="desk.use", response={204: None})
def link_customer(request: ActorRequest, contact_id: UUID, payload: schemas.LinkIn) -> Status[None]:
    """Say which customer called; a new one may get the calling number."""
    actions.link_customer(request.actor, contact_id, payload.customer_id, takes_number=payload.takes_number)
    return Status(204, None)


@desk_router.put("/contacts/{uuid:contact_id}/verification", permission="desk.use", response={204: None})
def verify_customer(request: ActorRequest, contact_id: UUID) -> Status[None]:
    """Say that the caller's identity was verified; the next agent of the contact sees it."""
    actions.verify_customer(request.actor, contact_id)
    return Status(204, None)


@desk_router.get("/contacts/{uuid:contact_id}/drafts", permission="desk.use", response=schemas.DraftListOut)
def list_drafts(request: ActorRequest, contact_id: UUID) -> dict[str, Any]:
    """One's own unsent texts for the contact."""
    user_id = request.actor.user_id
    return {"items": queries.drafts(user_id, contact_id) if user_id is not None else []}


@desk_router.put(
    "/contacts/{uuid:contact_id}/drafts/{field}", permission="desk.use", response={200: schemas.DraftOut, 204: None}
)
def save_draft(
    request: ActorRequest, contact_id: UUID, field: str, payload: schemas.DraftIn
) -> Status[views.DraftView | None]:
    """Keep a text of at most 64 kB, the last writer wins; an empty text removes it."""
    draft = actions.save_draft(request.actor, contact_id, field, payload.text)
    return Status(204, None) if draft is None else Status(200, draft)


@desk_router.get("/lent-contacts/{uuid:contact_id}/drafts", permission="desk.use", response=schemas.DraftListOut)
def list_lent_drafts(request: ActorRequest, contact_id: UUID) -> dict[str, Any]:
    """One's own unsent texts for another company's contact, while it is in hand."""
    return {"items": lent.lent_drafts(request.actor, contact_id)}


@desk_router.put(
    "/lent-contacts/{uuid:contact_id}/drafts/{field}",
    permission="desk.use",
    response={200: schemas.DraftOut, 204: None},
)
def save_lent_draft(
    request: ActorRequest, contact_id: UUID, field: str, payload: schemas.DraftIn
) -> Status[views.DraftView | None]:
    """Keep a text that the other company lets this agent write: `wrap_up` or `ticket`."""
    draft = actions.save_lent_draft(request.actor, contact_id, field, payload.text)
    return Status(204, None) if draft is None else Status(200, draft)


@internal_router.post("/lookup", response=waiting_schemas.LookUpOut)
def look_up(request: HttpRequest, payload: waiting_schemas.LookUpIn) -> look_ups.CallerLookUp:
    """What a flow may know of the calling number."""
    return look_ups.look_up(payload.tenant_id, payload.caller_address or "")


@internal_router.post("/facts", response=schemas.AcceptedFacts)
def accept_facts(request: HttpRequest) -> dict[str, list[str]]:
    """A node's facts; what is named in the answer need not be sent again."""
    try:
        batch = _facts.decode(request.body)
    except (msgspec.ValidationError, msgspec.DecodeError) as error:
        raise FactsInvalidError(problem=str(error)) from error
    return {"accepted": take_facts(batch)}
