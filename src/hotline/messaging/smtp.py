"""E-mail over SMTP, with the standard library's client.

4xx answers are tried again, 5xx to the recipient or the text are for good; a refused log-in or sender is the account's
fault, which holds all its messages until it is mended."""

import smtplib
import socket
import ssl
import time
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, localtime, parseaddr

from hotline.messages.sending import Accepted, AccountSettings, Outcome, Outgoing, Refused, TryLater, down
from hotline.messaging.reach import Reach, UnreachableError

KEPT_OPEN_S = 20.0  # an idle connection; most servers close theirs after some minutes
_PORTS = {"none": 25, "starttls": 587, "tls": 465}


class _Client(smtplib.SMTP):
    """smtplib's client over a connection that was allowed."""

    def __init__(self, reach: Reach, host: str, port: int, local_name: str, *, is_encrypted: bool) -> None:
        self._reach = reach
        self._is_encrypted = is_encrypted
        super().__init__(local_hostname=local_name, timeout=reach.timeout_s)
        self._host = host  # whose certificate STARTTLS wants to see
        code, _ = self.connect(host, port)
        if code != 220:
            self.close()
            raise smtplib.SMTPConnectError(code, b"")

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        connection = self._reach.connect(host, port)
        return self._reach.encrypted(connection, host) if self._is_encrypted else connection


class SmtpDriver:
    """One mail account. Message-ID is made of the message's key: the same message sent twice can be told as one."""

    def __init__(self, account: AccountSettings, reach: Reach) -> None:
        self._account = account
        self._reach = reach
        self._client: smtplib.SMTP | None = None
        self._used_s = 0.0

    def send(self, message: Outgoing) -> Outcome:
        try:
            mail = _mail(message, self._account.sender)
        except (MessageError, ValueError, IndexError):
            return Refused(code="address_invalid")
        try:
            client = self._open_client()
            client.send_message(mail, parseaddr(self._account.sender)[1], [message.to])
        except Exception as error:
            self.close()
            return _outcome_of(error)
        self._used_s = time.monotonic()
        return Accepted(reference=str(mail["Message-ID"]))

    def close(self) -> None:
        if self._client is not None:
            self._client.close()
            self._client = None

    def _open_client(self) -> smtplib.SMTP:
        """The connection in use, when it still answers; else a new one."""
        if self._client is not None and time.monotonic() - self._used_s < KEPT_OPEN_S and _is_alive(self._client):
            return self._client
        self.close()
        self._client = self._new_client()
        return self._client

    def _new_client(self) -> smtplib.SMTP:
        account = self._account
        host, port = host_and_port(account.address, _PORTS[account.encryption])
        name = parseaddr(account.sender)[1].rpartition("@")[2] or "localhost"
        client = _Client(self._reach, host, port, name, is_encrypted=account.encryption == "tls")
        try:
            if account.encryption == "starttls":
                client.ehlo()
                if not client.has_extn("starttls"):
                    raise UnreachableError(down("not_encrypted"))
                _encrypt(client, self._reach)
            if account.username:
                client.login(account.username, account.secret)
        except BaseException:
            client.close()
            raise
        return client


def host_and_port(address: str, usual: int) -> tuple[str, int]:
    """`mail.example.org:587` taken apart; without a port the usual one."""
    host, separator, port = address.rpartition(":")
    if separator and port.isdigit() and (":" not in host or host.startswith("[")):
        return host.strip("[]"), int(port)
    return address.strip("[]"), usual


def _is_alive(client: smtplib.SMTP) -> bool:
    try:
        return client.noop()[0] == 250
    except (smtplib.SMTPException, OSError):
        return False


def _encrypt(client: smtplib.SMTP, reach: Reach) -> None:
    try:
        client.starttls(context=reach.tls())
    except ssl.SSLError as error:
        raise UnreachableError(down("tls_failed")) from error


def _mail(message: Outgoing, sender: str) -> EmailMessage:
    name, address = parseaddr(sender)
    mail = EmailMessage()
    mail["From"] = Address(display_name=name, addr_spec=address)
    mail["To"] = Address(addr_spec=message.to)
    mail["Subject"] = " ".join(message.subject.split())
    mail["Message-ID"] = f"<{message.key}@{address.rpartition('@')[2]}>"
    mail["Date"] = format_datetime(localtime())
    mail["Auto-Submitted"] = "auto-generated"  # so that no absence notice answers it
    mail.set_content(message.text)
    return mail


def _outcome_of(error: Exception) -> Outcome:
    """What a failure of the conversation means. Raises what is no failure of the far end's."""
    match error:
        case UnreachableError():
            return error.outcome
        case smtplib.SMTPRecipientsRefused():
            ((status, _),) = error.recipients.values()
            return _by_status(status, "recipient_refused")
        case smtplib.SMTPDataError():
            return _by_status(error.smtp_code, "content_refused")
        case smtplib.SMTPSenderRefused():
            return down("busy" if _is_passing(error.smtp_code) else "sender_refused", str(error.smtp_code))
        case smtplib.SMTPAuthenticationError():
            return down("busy" if _is_passing(error.smtp_code) else "login_refused", str(error.smtp_code))
        case smtplib.SMTPNotSupportedError():
            return down("not_supported")
        case smtplib.SMTPConnectError() | smtplib.SMTPHeloError():
            return down("busy", str(error.smtp_code))
        case TimeoutError():
            return down("timeout")
        case smtplib.SMTPException() | OSError():
            # smtplib hides a time-out behind "disconnected".
            return down("timeout" if isinstance(error.__context__, TimeoutError) else "broken_off")
    raise error


def _by_status(status: int, refusal: str) -> Outcome:
    if _is_passing(status):
        return TryLater(code="busy", status=str(status))
    return Refused(code=refusal, status=str(status))


def _is_passing(status: int) -> bool:
    """4xx: the server asks to be tried again. 421 says good-bye for now."""
    return 400 <= status < 500
