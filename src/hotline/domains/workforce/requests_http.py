"""Routes of one's own roster, requests, open shifts and the calendar. Translates only."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Query, Status

from hotline.domains.workforce import (
    bids,
    calendar_feeds,
    call_in,
    leave_offers,
    notices,
    open_shifts,
    own_roster,
    request_queries,
    requests,
    wishes,
)
from hotline.domains.workforce import request_schemas as shown
from hotline.foundation.http import ActorRequest, Page, Router
from hotline.foundation.language import language_of

router = Router(tags=["workforce"])
calendar_router = Router(tags=["workforce"])


@router.get("/my-roster", permission="desk.use", response=shown.OwnRosterOut)
def read_my_roster(request: ActorRequest, first: date | None = None, last: date | None = None) -> shown.OwnRosterOut:
    """My published shifts, activities, absences and wishes: from a week ago to 60 days ahead."""
    return own_roster.own_roster(request.actor, first, last)


@router.get("/my-notices", permission="desk.use", response=shown.NoticesOut)
def read_my_notices(request: ActorRequest) -> shown.NoticesOut:
    """What I am told of my work: rosters published, shifts changed, requests asked and answered."""
    return notices.own(request.actor)


@router.post("/my-notices/read", permission="desk.use", response={204: None})
def note_notices_read(request: ActorRequest, payload: shown.NoticesReadIn) -> Status[None]:
    """I have read everything up to this notice."""
    notices.read(request.actor, payload.up_to)
    return Status(204, None)


@router.get("/my-roster/{uuid:shift_id}/swap-offers", permission="desk.use", response=shown.SwapOffersOut)
def list_swap_offers(request: ActorRequest, shift_id: UUID, day: date | None = None) -> shown.SwapOffersOut:
    """The colleagues' shifts for which mine may lawfully be exchanged, nearest days first."""
    return own_roster.swap_offers(request.actor, shift_id, day)


@router.get("/my-roster/{uuid:shift_id}/takers", permission="desk.use", response=shown.TakersOut)
def list_takers(request: ActorRequest, shift_id: UUID) -> shown.TakersOut:
    """The colleagues who may lawfully take my shift."""
    return own_roster.takers(request.actor, shift_id)


@router.post("/my-roster/{uuid:shift_id}/swaps", permission="desk.use", response={201: shown.RequestOut})
def ask_for_swap(request: ActorRequest, shift_id: UUID, payload: shown.SwapIn) -> Status[shown.RequestOut]:
    """Ask a colleague to exchange. Send an Idempotency-Key: the same key asks once."""
    asked = requests.ask_swap(request.actor, shift_id, payload.other_shift_id, payload.words)
    return Status(201, request_queries.own_request(request.actor, asked))


@router.post("/my-roster/{uuid:shift_id}/give-aways", permission="desk.use", response={201: shown.RequestOut})
def ask_to_give_away(request: ActorRequest, shift_id: UUID, payload: shown.GiveAwayIn) -> Status[shown.RequestOut]:
    """Ask a colleague to take my shift. Send an Idempotency-Key."""
    asked = requests.ask_give_away(request.actor, shift_id, payload.agent_id, payload.words)
    return Status(201, request_queries.own_request(request.actor, asked))


@router.post("/my-leave", permission="desk.use", response={201: shown.RequestOut})
def ask_for_leave(request: ActorRequest, payload: shown.LeaveIn) -> Status[shown.RequestOut]:
    """Ask a planner for whole days of leave. Send an Idempotency-Key."""
    asked = requests.ask_leave(request.actor, payload.first_day, payload.last_day, payload.words)
    return Status(201, request_queries.own_request(request.actor, asked))


@router.post("/my-wishes", permission="desk.use", response={201: shown.WishOut})
def make_wish(request: ActorRequest, payload: shown.WishIn) -> Status[shown.WishOut]:
    """Wish for a day whose roster is not published; an earlier wish for it is replaced."""
    wish_id = wishes.wish(request.actor, payload.day, payload.kind, payload.shift_kind_id, payload.weight)
    return Status(201, own_roster.own_wish(request.actor, wish_id))


@router.delete("/my-wishes/{uuid:wish_id}", permission="desk.use", response={204: None})
def remove_wish(request: ActorRequest, wish_id: UUID) -> Status[None]:
    """Remove a wish of mine."""
    wishes.forget_wish(request.actor, wish_id)
    return Status(204, None)


@router.get("/my-requests", permission="desk.use", response=list[shown.RequestOut])
def list_my_requests(request: ActorRequest) -> list[shown.RequestOut]:
    """What I have asked and what I am asked, the newest first."""
    return request_queries.own_requests(request.actor)


@router.get("/my-requests/{uuid:request_id}/words", permission="desk.use", response=shown.RequestWordsOut)
def read_my_words(request: ActorRequest, request_id: UUID) -> shown.RequestWordsOut:
    """What was said with a request of mine or to me, and with its answer."""
    return request_queries.own_words(request.actor, request_id)


@router.post("/my-requests/{uuid:request_id}/answers", permission="desk.use", response=shown.RequestOut)
def answer_request(request: ActorRequest, request_id: UUID, payload: shown.AnswerIn) -> shown.RequestOut:
    """Accept or refuse what I am asked, or withdraw what I have asked."""
    seen = request_queries.own_request(request.actor, request_id)
    answer = bids.answer_offer if seen.open_shift_id else requests.answer
    if seen.kind == "call_in":
        answer = call_in.answer
    if seen.kind == "early_end":
        leave_offers.answer(request.actor, request_id, payload.version, payload.answer, payload.words, timezone.now())
    else:
        answer(request.actor, request_id, payload.version, payload.answer, payload.words)
    return request_queries.own_request(request.actor, request_id)


@router.get("/my-open-shifts", permission="desk.use", response=list[shown.OwnOpenShiftOut])
def list_my_open_shifts(request: ActorRequest) -> list[shown.OwnOpenShiftOut]:
    """Shifts that I may bid for, each with what stands against it."""
    return own_roster.own_open_shifts(request.actor, language_of(request))


@router.post("/my-open-shifts/{uuid:open_shift_id}/bids", permission="desk.use", response={201: shown.RequestOut})
def bid_for_shift(request: ActorRequest, open_shift_id: UUID, payload: shown.BidIn) -> Status[shown.RequestOut]:
    """Bid for an open shift. Send an Idempotency-Key."""
    asked = bids.bid(request.actor, open_shift_id, payload.words)
    return Status(201, request_queries.own_request(request.actor, asked))


@router.get("/my-mood", permission="desk.use", response=shown.MoodOut)
def read_my_mood(request: ActorRequest) -> shown.MoodOut:
    """My answer of this month."""
    return own_roster.own_mood(request.actor)


@router.post("/my-mood", permission="desk.use", response={201: shown.MoodOut})
def answer_mood(request: ActorRequest, payload: shown.MoodIn) -> Status[shown.MoodOut]:
    """Say once a month how content I am, 1 to 10; shown to others in groups of five or more only."""
    wishes.answer_mood(request.actor, payload.score)
    return Status(201, own_roster.own_mood(request.actor))


@router.get("/my-calendar", permission="desk.use", response=shown.FeedOut)
def read_my_calendar(request: ActorRequest) -> shown.FeedOut:
    """Whether my calendar address is on."""
    return calendar_feeds.feed(request.actor)


@router.post("/my-calendar", permission="desk.use", response={201: shown.NewFeedOut})
def renew_my_calendar(request: ActorRequest, in_messages: bool = False) -> Status[shown.NewFeedOut]:
    """A new secret address for my own calendar; an earlier one stops working. `in_messages`: my mails tell it, too."""
    return Status(201, calendar_feeds.renew(request.actor, in_messages=in_messages))


@router.delete("/my-calendar", permission="desk.use", response={204: None})
def revoke_my_calendar(request: ActorRequest) -> Status[None]:
    """My calendar address stops working."""
    calendar_feeds.revoke(request.actor)
    return Status(204, None)


@calendar_router.get(
    "/{token}.ics",
    public="calendar programs cannot log in: the address itself is the secret",
    openapi_extra={"responses": {200: {"description": "iCalendar", "content": {"text/calendar": {}}}}},
)
def read_calendar(request: HttpRequest, token: str) -> HttpResponse:
    """The shifts behind a secret address, as iCalendar."""
    answer = HttpResponse(calendar_feeds.calendar(token), content_type="text/calendar; charset=utf-8")
    answer["Cache-Control"] = "private, max-age=300"
    return answer


@router.get("/requests", permission="planning.edit", response=Page[shown.RequestOut])
def list_requests(
    request: ActorRequest,
    wanted: Annotated[shown.RequestFilter, Query()],
    cursor: str | None = None,
    limit: int = 50,
) -> dict[str, Any]:
    """Everybody's requests, the newest first."""
    items, following = request_queries.requests(request.actor, wanted, cursor, limit)
    return {"items": items, "next_cursor": following}


@router.get("/requests/{uuid:request_id}/effect", permission="planning.edit", response=shown.RequestEffectOut)
def read_request_effect(request: ActorRequest, request_id: UUID) -> shown.RequestEffectOut:
    """The rule's answer to an undecided request, and what it does to the cover of its intervals."""
    return request_queries.effect_of(request.actor, request_id, language_of(request))


@router.get("/requests/{uuid:request_id}/words", permission="planning.edit", response=shown.RequestWordsOut)
def read_request_words(request: ActorRequest, request_id: UUID) -> shown.RequestWordsOut:
    """What was said with a request. Each reading is written into the audit."""
    return request_queries.words(request.actor, request_id)


@router.post("/requests/{uuid:request_id}/decisions", permission="planning.edit", response=shown.RequestOut)
def decide_on_request(request: ActorRequest, request_id: UUID, payload: shown.DecisionOnRequestIn) -> shown.RequestOut:
    """Approve or refuse a swap or a shift given away that was accepted, or leave."""
    requests.decide(request.actor, request_id, payload.version, payload.decision, payload.text)
    return request_queries.request(request.actor, request_id)


@router.get("/open-shifts", permission="planning.edit", response=Page[shown.OpenShiftOut])
def list_open_shifts(
    request: ActorRequest, is_open: bool = True, cursor: str | None = None, limit: int = 50
) -> dict[str, Any]:
    """Open shifts, or those that are closed, the latest first."""
    items, following = request_queries.open_shifts_of(request.actor, is_open, cursor, limit)
    return {"items": items, "next_cursor": following}


@router.post("/open-shifts", permission="planning.edit", response={201: shown.OpenShiftOut})
def open_a_shift(request: ActorRequest, payload: shown.OpenShiftIn) -> Status[shown.OpenShiftOut]:
    """Open a shift for bids, or offer it to chosen agents. Send an Idempotency-Key."""
    values = payload.dict()
    opening = open_shifts.Opening(**{**values, "offer_to": tuple(values["offer_to"])})
    return Status(201, request_queries.open_shift(request.actor, open_shifts.open_shift(request.actor, opening)))


@router.get("/able-agents", permission="planning.edit", response=list[shown.TakerOut])
def list_able_agents(request: ActorRequest, wanted: Annotated[shown.AbleQuery, Query()]) -> list[shown.TakerOut]:
    """The agents who may lawfully work such a shift, by name."""
    # Only what is judged counts here: bidding may close at any time before the shift.
    opening = open_shifts.Opening(**wanted.dict(), closes_at=None)
    able = open_shifts.able(request.actor, opening)
    return [shown.TakerOut(agent_id=agent_id, agent_name=name) for agent_id, name in able.items()]


@router.get("/open-shifts/{uuid:open_shift_id}/bids", permission="planning.edit", response=list[shown.BidOut])
def list_bids(request: ActorRequest, open_shift_id: UUID) -> list[shown.BidOut]:
    """The bids and offers of an open shift, in the order in which the rule would grant bids."""
    return request_queries.bids_of(request.actor, open_shift_id, language_of(request))


@router.post("/open-shifts/{uuid:open_shift_id}/awards", permission="planning.edit", response=shown.OpenShiftOut)
def award_open_shift(request: ActorRequest, open_shift_id: UUID, payload: shown.AwardIn) -> shown.OpenShiftOut:
    """Grant the chosen bids, or let the rule choose."""
    bids.award(request.actor, open_shift_id, payload.version, payload.bid_ids)
    return request_queries.open_shift(request.actor, open_shift_id)


@router.post("/open-shifts/{uuid:open_shift_id}/close", permission="planning.edit", response=shown.OpenShiftOut)
def close_open_shift(request: ActorRequest, open_shift_id: UUID, payload: shown.CloseIn) -> shown.OpenShiftOut:
    """Nobody else gets it; undecided bids end."""
    open_shifts.close(request.actor, open_shift_id, payload.version)
    return request_queries.open_shift(request.actor, open_shift_id)


routers = [("/workforce", router), ("/calendar", calendar_router)]
