"""What stands in the sealed `number` of a call-back: everything that a node needs to make the call, known to nodes and
web alone. The routing log carries it unread."""

import msgspec

from hotline.kernel.sealing import Keyring, UnsealError

_PURPOSE = "callback"


class CallbackOrder(msgspec.Struct, frozen=True, kw_only=True):
    """Whom to call, and as which entry point: its number is shown to the customer, its rules hold."""

    number: str
    tenant_id: str
    entry_point_id: str
    queue_id: str
    language: str
    customer_id: str | None = None
    is_simulated: bool = False


def seal_order(order: CallbackOrder, keyring: Keyring) -> str:
    """The order as text that nobody without the keys can read."""
    return keyring.seal_text(msgspec.json.encode(order).decode(), _PURPOSE)


def open_order(sealed: str, keyring: Keyring) -> CallbackOrder:
    """The order that was sealed. Raises UnsealError."""
    try:
        return msgspec.json.decode(keyring.open_text(sealed, _PURPOSE), type=CallbackOrder)
    except msgspec.MsgspecError as error:
        raise UnsealError from error
