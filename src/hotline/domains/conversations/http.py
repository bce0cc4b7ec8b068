"""The conversations' addresses: translates only. Those who write to the house have no log-in, but a key or a secret."""

from typing import Annotated
from uuid import UUID

from django.http import HttpRequest
from ninja import Header, Query, Status

from hotline.domains.conversations import intake, replies, schemas, views, visitors
from hotline.domains.conversations.intake import Letter
from hotline.foundation.client_address import client_address
from hotline.foundation.http import ActorRequest, Router
from hotline.foundation.language import language_of

public_router = Router(tags=["public"])
desk_router = Router(tags=["desk"])
routers = [("/public", public_router), ("/desk", desk_router)]

_VISITORS = "Visitors of a chat or web form have no log-in: the entry point's key says for whom they write."
_OWN_CHAT = "The visitor shows the secret of the one conversation that they have begun."
_GATEWAY = "The gateway shows the secret of the number whose short messages it hands in."
Secret = Annotated[str, Header(alias="X-Conversation-Secret")]
After = Annotated[int, Query(ge=0, description="Messages with greater numbers are answered.")]


@public_router.get("/chat/{key}", public=_VISITORS, response=schemas.PageOut)
def read_chat_page(request: HttpRequest, key: str) -> views.PageView:
    """What a chat's page says before it begins."""
    return intake.page("chat", key, client_address(request))


@public_router.post("/chat/{key}", public=_VISITORS, response={201: schemas.BegunOut})
def begin_chat(request: HttpRequest, key: str, payload: schemas.BeginChatIn) -> Status[views.Begun]:
    """Begin a chat with its first message."""
    letter = Letter(
        client_id=payload.id,
        text=payload.text,
        language=payload.language,
        name=payload.name,
        phone=payload.phone.strip(),
    )
    return Status(201, intake.begin_chat(key, letter, client_address(request)))


@public_router.get("/conversations/{uuid:conversation_id}", public=_OWN_CHAT, response=schemas.ConversationOut)
def read_conversation(
    request: HttpRequest, conversation_id: UUID, secret: Secret = "", after: After = 0
) -> views.VisitorView:
    """What has been written since message `after`. Ask each few seconds: a visitor who waits and has not asked for two
    minutes has given up."""
    return visitors.read(conversation_id, secret, after, client_address(request))


@public_router.post(
    "/conversations/{uuid:conversation_id}/messages",
    public=_OWN_CHAT,
    response={201: schemas.VisitorMessageOut},
)
def write_message(
    request: HttpRequest, conversation_id: UUID, payload: schemas.WriteIn, secret: Secret = ""
) -> Status[views.ReadMessage]:
    """Write to the house."""
    written = visitors.write(conversation_id, secret, payload.id, payload.text, client_address(request))
    return Status(201, written)


@public_router.post(
    "/conversations/{uuid:conversation_id}/end",
    public=_OWN_CHAT,
    response=schemas.ConversationOut,
)
def end_conversation(request: HttpRequest, conversation_id: UUID, secret: Secret = "") -> views.VisitorView:
    """Leave."""
    return visitors.leave(conversation_id, secret, client_address(request))


@public_router.get("/forms/{key}", public=_VISITORS, response=schemas.PageOut)
def read_form_page(request: HttpRequest, key: str) -> views.PageView:
    """What a web form's page says."""
    return intake.page("form", key, client_address(request))


@public_router.post("/forms/{key}", public=_VISITORS, response={201: schemas.FormTakenOut})
def hand_in_form(request: HttpRequest, key: str, payload: schemas.FormIn) -> Status[dict[str, str]]:
    """Hand in a web form; it waits for an agent."""
    letter = Letter(
        client_id=payload.id,
        text=payload.text,
        language=payload.language,
        name=payload.name,
        phone=payload.phone.strip(),
        email=payload.email,
    )
    return Status(201, {"reference": intake.take_form(key, letter, client_address(request))})


@public_router.post("/sms/{key}", public=_GATEWAY, response={202: schemas.SmsTakenOut})
def hand_in_sms(request: HttpRequest, key: str, payload: schemas.SmsIn) -> Status[dict[str, str]]:
    """Hand in a short message to the number `key`, with `Authorization: Bearer` and its secret."""
    secret = request.headers.get("Authorization", "").removeprefix("Bearer ").strip()
    letter = Letter(client_id=payload.id, text=payload.text, phone=payload.sender)
    intake.take_sms(key, secret, letter, client_address(request))
    return Status(202, {"id": payload.id})


@desk_router.get("/conversations/{uuid:contact_id}", permission="desk.use", response=schemas.ThreadOut)
def read_desk_conversation(request: ActorRequest, contact_id: UUID, after: After = 0) -> views.ThreadView:
    """The conversation in the agent's hands, from message `after` on."""
    return replies.in_hand(request.actor, contact_id, after, language_of(request))


@desk_router.post(
    "/conversations/{uuid:contact_id}/messages",
    permission="desk.use",
    response={201: schemas.ThreadMessageOut},
)
def reply_to_customer(request: ActorRequest, contact_id: UUID, payload: schemas.WriteIn) -> Status[views.ThreadMessage]:
    """Answer the customer."""
    return Status(201, replies.reply(request.actor, contact_id, payload.id, payload.text, language_of(request)))
