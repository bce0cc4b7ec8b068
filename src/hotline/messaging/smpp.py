"""SMS over SMPP 3.4, what short-message centres speak, with smpplib's client as transmitter.

A text that the basic GSM alphabet has goes in it, every other one in UCS-2; long ones in parts that telephones join. A
message has no key in SMPP: one whose answer was lost is sent again, and may arrive twice."""

import logging
import re
import time
from contextlib import suppress
from typing import Any, Final

import smpplib.client
import smpplib.consts
import smpplib.exceptions
import smpplib.gsm

from hotline.messages.sending import Accepted, AccountSettings, Outcome, Outgoing, Refused, TryLater, down
from hotline.messaging.reach import Reach, UnreachableError
from hotline.messaging.smtp import host_and_port

USUAL_PORT: Final = 2775
KEPT_OPEN_S: Final = 20.0
_BASIC = re.compile(r"[A-Za-z0-9 \n\r.,:;!?'\"()/+\-=&%#*<>@$_]*\Z")
_LOGGER: Final = "hotline.smpp"
# Status words of SMPP 3.4, section 5.1.3.
_PASSING: Final = frozenset({0x08, 0x14, 0x58, 0xFE})  # system error, queue full, throttled
_ACCOUNT: Final = frozenset({0x02, 0x03, 0x04, 0x05, 0x0A, 0x0D, 0x0E, 0x0F, 0x48, 0x49})  # bind, password, sender
_INTERNATIONAL, _NATIONAL, _ALPHANUMERIC = 1, 0, 5

# Its debug lines hold whole messages.
logging.getLogger(_LOGGER).setLevel(logging.ERROR)


class _StatusError(Exception):
    """The far end answered with an error."""

    def __init__(self, status: int) -> None:
        self.status = status
        super().__init__(f"0x{status:02x}")


class _Client(smpplib.client.Client):  # type: ignore[misc]  # the library has no types
    """smpplib's client over a connection that was allowed."""

    def __init__(self, reach: Reach, host: str, port: int, *, is_encrypted: bool) -> None:
        super().__init__(host, port, timeout=reach.timeout_s, logger_name=_LOGGER, allow_unknown_opt_params=True)
        connection = reach.connect(host, port)
        self._socket = reach.encrypted(connection, host) if is_encrypted else connection
        self.state = smpplib.consts.SMPP_CLIENT_STATE_OPEN

    def answer_to(self, sequence: int, deadline_s: float) -> Any:
        """The answer to what was sent under this number; what else the far end says meanwhile is answered."""
        while time.monotonic() < deadline_s:
            answer = self.read_pdu()
            if answer.command == "enquire_link":
                self._enquire_link_received(answer)
            elif answer.sequence == sequence:
                return answer
        raise TimeoutError


class SmppDriver:
    """One account at a short-message centre."""

    def __init__(self, account: AccountSettings, reach: Reach) -> None:
        self._account = account
        self._reach = reach
        self._client: _Client | None = None
        self._used_s = 0.0

    def send(self, message: Outgoing) -> Outcome:
        try:
            client = self._bound_client()
            references = self._submitted(client, message)
        except Exception as error:
            self._drop()
            return _outcome_of(error)
        self._used_s = time.monotonic()
        return Accepted(reference=",".join(references)[:100])

    def close(self) -> None:
        # A centre that counts connections must hear that this one ends, or the next may be one too many.
        if self._client is not None and self._client.state == smpplib.consts.SMPP_CLIENT_STATE_BOUND_TX:
            with suppress(smpplib.exceptions.ConnectionError, smpplib.exceptions.PDUError, OSError):
                self._client.unbind()
        self._drop()

    def _drop(self) -> None:
        if self._client is not None:
            self._client.disconnect()
            self._client = None

    def _bound_client(self) -> _Client:
        if self._client is not None and time.monotonic() - self._used_s < KEPT_OPEN_S:
            return self._client
        self.close()
        host, port = host_and_port(self._account.address, USUAL_PORT)
        self._client = _Client(self._reach, host, port, is_encrypted=self._account.encryption == "tls")
        self._client.bind_transmitter(system_id=self._account.username, password=self._account.secret)
        return self._client

    def _submitted(self, client: _Client, message: Outgoing) -> list[str]:
        """The marks of all parts. Raises _StatusError at the first that is refused."""
        wanted = smpplib.consts.SMPP_ENCODING_DEFAULT
        if not _BASIC.match(message.text):
            wanted = smpplib.consts.SMPP_ENCODING_ISO10646
        parts, coding, esm_class = smpplib.gsm.make_parts(message.text, wanted)
        return [self._part(client, message.to, part, coding, esm_class) for part in parts]

    def _part(self, client: _Client, to: str, part: bytes, coding: int, esm_class: int) -> str:
        sender, sender_kind = _number(self._account.sender)
        receiver, receiver_kind = _number(to)
        sent = client.send_message(
            source_addr_ton=sender_kind,
            source_addr_npi=0 if sender_kind == _ALPHANUMERIC else 1,
            source_addr=sender,
            dest_addr_ton=receiver_kind,
            dest_addr_npi=1,
            destination_addr=receiver,
            short_message=part,
            data_coding=coding,
            esm_class=esm_class,
            registered_delivery=False,
        )
        answer = client.answer_to(sent.sequence, time.monotonic() + self._reach.timeout_s)
        if answer.is_error():
            raise _StatusError(int(answer.status))
        mark = getattr(answer, "message_id", b"") or b""
        return str(mark.decode("ascii", "replace") if isinstance(mark, bytes) else mark)


def _number(text: str) -> tuple[str, int]:
    """A number without its + and what kind it is, as SMPP tells it."""
    if text.startswith("+"):
        return text[1:], _INTERNATIONAL
    return text, _NATIONAL if text.isdigit() else _ALPHANUMERIC


def _outcome_of(error: Exception) -> Outcome:
    match error:
        case UnreachableError():
            return error.outcome
        case _StatusError():
            return _by_status(error.status)
        case smpplib.exceptions.MessageTooLong():
            return Refused(code="content_refused")
        case smpplib.exceptions.PDUError():
            # What the library raises while it binds, with the status as its second argument.
            status = error.args[1] if len(error.args) > 1 else 0
            return down("busy" if status in _PASSING else "login_refused", str(status))
        case TimeoutError():
            return down("timeout")
        case smpplib.exceptions.ConnectionError() | OSError():
            return down("broken_off")
    raise error


def _by_status(status: int) -> Outcome:
    if status in _PASSING:
        return TryLater(code="busy", status=str(status))
    if status in _ACCOUNT:
        return down("sender_refused", str(status))
    return Refused(code="recipient_refused" if status == 0x0B else "content_refused", status=str(status))
