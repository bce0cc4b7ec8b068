"""What a SIPp party sent and received, with its own stamps: a witness that knows nothing of our program."""

import re
from dataclasses import dataclass
from datetime import datetime

_HEAD = re.compile(r"^-+ (\d{4}-\d\d-\d\d[ \t]\d\d:\d\d:\d\d\.\d+)$", re.MULTILINE)


@dataclass(frozen=True)
class SipMessage:
    """One message of a party's trace."""

    at: datetime
    is_sent: bool
    first_line: str
    text: str


def read_trace(text: str) -> list[SipMessage]:
    """The messages of a SIPp message file, oldest first."""
    parts = _HEAD.split(text)
    return [_message(stamp, body) for stamp, body in zip(parts[1::2], parts[2::2], strict=True)]


def _message(stamp: str, body: str) -> SipMessage:
    direction, _, message = body.strip().partition("\n")
    at = datetime.fromisoformat(stamp.replace("\t", " ")).astimezone()  # SIPp writes this machine's time
    return SipMessage(at, " sent " in direction, message.strip().partition("\n")[0].strip(), message.strip())
