"""Routes of message accounts, of the outbox, and of one's own messages. Translates only."""

from typing import Annotated, Any
from uuid import UUID

from ninja import Query, Status

from hotline.domains.staff_messages import accounts, actions, addresses, choices, queries
from hotline.domains.staff_messages import schemas as shown
from hotline.foundation.http import ActorRequest, Page, Router
from hotline.foundation.language import language_of

admin_router = Router(tags=["messages"])
router = Router(tags=["messages"])


@admin_router.get("/message-accounts", permission="admin.configure", response=list[shown.MessageAccountOut])
def list_message_accounts(request: ActorRequest) -> list[shown.MessageAccountOut]:
    """The accounts by which messages to staff leave."""
    return accounts.accounts(request.actor)


@admin_router.put("/message-accounts/{way}", permission="admin.configure", response=shown.MessageAccountOut)
def keep_message_account(
    request: ActorRequest, way: shown.Way, payload: shown.MessageAccountIn, tenant_id: UUID | None = None
) -> shown.MessageAccountOut:
    """Make the account of that way, or change it. Sending the same twice is refused by its version."""
    admin = accounts.for_tenant(request.actor, tenant_id)
    values = payload.dict(exclude={"version", "secret"})
    accounts.keep(admin, way, payload.version, values, payload.secret)
    return next(account for account in accounts.accounts(admin) if account.way == way)


@admin_router.delete("/message-accounts/{way}", permission="admin.configure", response={204: None})
def remove_message_account(
    request: ActorRequest, way: shown.Way, version: int, tenant_id: UUID | None = None
) -> Status[None]:
    """Remove the account of that way."""
    accounts.forget(accounts.for_tenant(request.actor, tenant_id), way, version)
    return Status(204, None)


@admin_router.post(
    "/message-accounts/{way}/trials", permission="admin.configure", response={202: shown.MessageTrialOut}
)
def try_message_account(
    request: ActorRequest, way: shown.Way, payload: shown.MessageTrialIn, tenant_id: UUID | None = None
) -> Status[shown.MessageTrialOut]:
    """Send a trial message by the account as it is kept; ask then what became of it. Send an Idempotency-Key."""
    admin, language = accounts.for_tenant(request.actor, tenant_id), language_of(request)
    asked = accounts.try_out(admin, way, payload.to, language)
    return Status(202, accounts.trial(admin, asked, language))


@admin_router.get("/message-trials/{uuid:trial_id}", permission="admin.configure", response=shown.MessageTrialOut)
def read_message_trial(request: ActorRequest, trial_id: UUID) -> shown.MessageTrialOut:
    """What became of a trial message."""
    return accounts.trial(request.actor, trial_id, language_of(request))


@router.get("/staff-messages", permission="planning.edit", response=Page[shown.StaffMessageOut])
def list_staff_messages(
    request: ActorRequest,
    wanted: Annotated[shown.StaffMessageFilter, Query()],
    cursor: str | None = None,
    limit: int = 50,
) -> dict[str, Any]:
    """Notices to staff, the newest first: sent, waiting, failed with the reason."""
    items, following = queries.messages(request.actor, wanted, cursor, limit, language_of(request))
    return {"items": items, "next_cursor": following}


@router.get("/staff-messages/counts", permission="planning.edit", response=shown.StaffMessageCountsOut)
def count_staff_messages(request: ActorRequest) -> shown.StaffMessageCountsOut:
    """How many notices there are in each state."""
    return queries.counts(request.actor)


@router.get("/staff-messages/{uuid:message_id}/words", permission="planning.edit", response=shown.StaffMessageWordsOut)
def read_staff_message_words(request: ActorRequest, message_id: UUID) -> shown.StaffMessageWordsOut:
    """Where a notice goes and what it says. Each reading is written into the audit."""
    return queries.words(request.actor, message_id)


@router.post("/staff-messages/{uuid:message_id}/again", permission="planning.edit", response=shown.StaffMessageOut)
def send_staff_message_again(request: ActorRequest, message_id: UUID) -> shown.StaffMessageOut:
    """Let a notice that failed go out once more."""
    actions.send_again(request.actor, message_id)
    return queries.message(request.actor, message_id, language_of(request))


@router.get("/my-messages", permission="desk.use", response=shown.OwnMessagesOut)
def read_my_messages(request: ActorRequest) -> shown.OwnMessagesOut:
    """Where and when I get messages about my work."""
    return choices.own(request.actor)


@router.put("/my-messages", permission="desk.use", response=shown.OwnMessagesOut)
def choose_my_messages(request: ActorRequest, payload: shown.OwnChoicesIn) -> shown.OwnMessagesOut:
    """Choose what I am told, by which ways, and when not."""
    choices.keep(
        request.actor,
        payload.version,
        payload.ways.dict(),
        (payload.quiet_from, payload.quiet_to),
        urgent_breaks_quiet=payload.urgent_breaks_quiet,
    )
    return choices.own(request.actor)


@router.put("/my-messages/email", permission="desk.use", response=shown.OwnMessagesOut)
def keep_my_mail(request: ActorRequest, payload: shown.OwnMailIn) -> shown.OwnMessagesOut:
    """Note my mail address; a code is sent to it, and nothing else before I have confirmed it."""
    addresses.keep(request.actor, "email", payload.address)
    return choices.own(request.actor)


@router.put("/my-messages/sms", permission="desk.use", response=shown.OwnMessagesOut)
def keep_my_number(request: ActorRequest, payload: shown.OwnNumberIn) -> shown.OwnMessagesOut:
    """Note my mobile number; a code is sent to it, and nothing else before I have confirmed it."""
    addresses.keep(request.actor, "sms", payload.address)
    return choices.own(request.actor)


@router.post("/my-messages/{way}/confirmation", permission="desk.use", response=shown.OwnConfirmationOut)
def confirm_my_address(request: ActorRequest, way: shown.Way, payload: shown.OwnCodeIn) -> shown.OwnConfirmationOut:
    """Confirm my address by the code that was sent to it. Five wrong ones end the code."""
    return addresses.confirm(request.actor, way, payload.code)


@router.delete("/my-messages/{way}", permission="desk.use", response={204: None})
def remove_my_address(request: ActorRequest, way: shown.Way) -> Status[None]:
    """I get nothing by this way any more."""
    addresses.forget(request.actor, way)
    return Status(204, None)


routers = [("/admin", admin_router), ("", router)]
