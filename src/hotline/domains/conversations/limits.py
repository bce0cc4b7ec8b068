"""How much visitors and gateways may do: by address, behind which a whole company may sit, and by conversation."""

from typing import Final

from django.conf import settings

from hotline.foundation.rate_limits import Limit, count_try, line_of

_MINUTE_S: Final = 60
_TEN_MINUTES_S: Final = 600


def count_begin(address: str) -> None:
    """Count a chat or form that begins. Raises RateLimitedError for one too many."""
    count_try(Limit("public-begin", settings.HOTLINE.public_begins_per_address, _TEN_MINUTES_S), line_of(address))


def count_message(conversation: str, address: str | None = None) -> None:
    """Count a message of one conversation, or of one sender; and of an address, unless it is a gateway's. Raises
    RateLimitedError for one too many."""
    chosen = settings.HOTLINE
    count_try(Limit("public-message", chosen.public_messages_per_conversation, _MINUTE_S), conversation)
    if address is not None:
        count_try(Limit("public-address", chosen.public_messages_per_address, _MINUTE_S), line_of(address))


def count_refusal(address: str) -> None:
    """Count a wrong key or secret. Raises RateLimitedError for one too many."""
    count_try(Limit("public-refusal", settings.HOTLINE.public_refusals_per_address, _TEN_MINUTES_S), line_of(address))
