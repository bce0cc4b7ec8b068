"""What the house asks of the drivers that carry messages to people, and what they answer.

Never kept and never logged: an outgoing message holds an address and a text, an account its secret."""

from typing import Literal

import msgspec

DriverName = Literal["smtp", "webhook", "smpp", "simulated"]
Encryption = Literal["none", "starttls", "tls"]


class AccountSettings(msgspec.Struct, frozen=True, kw_only=True):
    """How one tenant's messages leave by one way. `address` is host:port, or the web-hook's URL."""

    driver: DriverName
    address: str = ""
    encryption: Encryption = "tls"
    username: str = ""
    secret: str = ""
    sender: str = ""


class Outgoing(msgspec.Struct, frozen=True, kw_only=True):
    """One message. The same `key` is the same message, however often it is sent."""

    key: str
    to: str
    subject: str
    text: str


class Accepted(msgspec.Struct, frozen=True, kw_only=True):
    """The far end has taken it. `reference` is its own mark, if it gave one."""

    reference: str = ""
    is_simulated: bool = False


class Refused(msgspec.Struct, frozen=True, kw_only=True):
    """For good: sending the same again would end the same."""

    code: str
    status: str = ""  # what the far end answered, as a number


class TryLater(msgspec.Struct, frozen=True, kw_only=True):
    """Not now. `is_account_down` when no other message would go by this account either: its far end cannot be reached,
    or does not take us."""

    code: str
    status: str = ""
    is_account_down: bool = False


Outcome = Accepted | Refused | TryLater


def down(code: str, status: str = "") -> TryLater:
    """The account as a whole cannot send at present."""
    return TryLater(code=code, status=status, is_account_down=True)
