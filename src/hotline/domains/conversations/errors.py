"""What can be wrong with a conversation in writing, and what to do about it."""

from hotline.kernel.errors import HotlineError


class PageNotInUseError(HotlineError):
    code = "conversations.page_not_in_use"
    status = 404
    sentence = "This address is not in use any more. Look for the way to reach us on our home page."


class UnknownConversationError(HotlineError):
    """Also for a wrong secret: both look the same from outside."""

    code = "conversations.unknown"
    status = 404
    sentence = "This conversation is not known here. Begin a new one."


class ChatClosedError(HotlineError):
    code = "conversations.chat_closed"
    status = 409
    sentence = "We are closed at the moment and open again at {opens_at}. Come back then."


class ChatShutError(HotlineError):
    code = "conversations.chat_shut"
    status = 409
    sentence = "We take no chats at the moment. Reach us in another way."


class ConversationEndedError(HotlineError):
    code = "conversations.ended"
    status = 409
    sentence = "This conversation has ended, and your message was not taken. Begin a new one."


class ConversationFullError(HotlineError):
    code = "conversations.full"
    status = 409
    sentence = "This conversation has {most} messages and takes no more. Begin a new one."


class AnswerAddressNeededError(HotlineError):
    code = "conversations.answer_address_needed"
    status = 422
    sentence = "Give a telephone number or an e-mail address, so that we can answer you."


class GatewayUnknownError(HotlineError):
    code = "conversations.gateway_unknown"
    status = 401
    sentence = "The secret of this number is missing or wrong. Send the present one as Authorization: Bearer."


class NotInHandError(HotlineError):
    code = "conversations.not_in_hand"
    status = 409
    sentence = "This conversation is not in your hands. Look for it among the contacts."


class CustomerGoneError(HotlineError):
    code = "conversations.customer_gone"
    status = 409
    sentence = "The conversation is over, and your message was not sent. Finish the wrap-up."


class NoWayToAnswerError(HotlineError):
    code = "conversations.no_way_to_answer"
    status = 409
    sentence = "This customer left no e-mail address: answer by telephone, or open a ticket."
