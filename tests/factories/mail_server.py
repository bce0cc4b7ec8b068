"""A real mail server in the test's own process, which takes mail and remembers it, or refuses it as the test says."""

import asyncio
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any, cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword, Session

from tests.ports import free_ports

PASSWORD = "correct-horse"
USER = "hotline"


class Mailbox:
    """What arrived, and what the server answers to each step (`answers`, by step; what is not there is taken)."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.answers: dict[str, str] = {}
        self.connections = 0
        self.is_holding = False  # mails are kept in hand, neither taken nor refused
        self.has_in_hand = threading.Event()
        self.controller: Controller | None = None

    @property
    def port(self) -> int:
        assert self.controller is not None
        return int(self.controller.port)

    @property
    def texts(self) -> list[str]:
        return [mail.get_content() for mail in self.mails]

    async def handle_EHLO(  # noqa: N802  # aiosmtpd's name
        self, server: Any, session: Session, envelope: Any, hostname: str, responses: list[str]
    ) -> list[str]:
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_MAIL(  # noqa: N802
        self, server: Any, session: Session, envelope: Any, address: str, options: list[str]
    ) -> str:
        envelope.mail_from = address
        return self.answers.get("mail", "250 OK")

    async def handle_RCPT(  # noqa: N802
        self, server: Any, session: Session, envelope: Any, address: str, options: list[str]
    ) -> str:
        envelope.rcpt_tos.append(address)
        return self.answers.get("rcpt", "250 OK")

    async def handle_DATA(self, server: Any, session: Session, envelope: Any) -> str:  # noqa: N802
        self.has_in_hand.set()
        while self.is_holding:
            await asyncio.sleep(0.02)
        answer = self.answers.get("data", "250 OK")
        if answer.startswith("250"):
            self.mails.append(cast(EmailMessage, message_from_bytes(envelope.content, policy=policy.default)))
        return answer


def _authenticated(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
    is_right = isinstance(data, LoginPassword) and (data.login, data.password) == (USER.encode(), PASSWORD.encode())
    return AuthResult(success=is_right, handled=False)


class _Server(Controller):
    """aiosmtpd's server in a thread, which closes its connections when it stops."""

    def __init__(self, handler: Mailbox, **options: Any) -> None:
        super().__init__(handler, **options)
        self.protocols: list[SMTP] = []

    def factory(self) -> SMTP:
        protocol: SMTP = super().factory()
        self.protocols.append(protocol)
        return protocol

    def stop(self, no_assert: bool = False) -> None:
        are_closed = threading.Event()
        self.loop.call_soon_threadsafe(self._close_connections, are_closed)
        are_closed.wait(5)
        super().stop(no_assert)

    def _close_connections(self, are_closed: threading.Event) -> None:
        for protocol in self.protocols:
            if protocol.transport is not None:
                protocol.transport.abort()
        # Aborting closes the socket at the loop's next turn.
        self.loop.call_soon(self.loop.call_soon, are_closed.set)


@contextmanager
def mail_server(
    *, starttls: ssl.SSLContext | None = None, tls: ssl.SSLContext | None = None, needs_log_in: bool = False
) -> Iterator[Mailbox]:
    """A server on a free port of this machine."""
    mailbox = Mailbox()
    controller = _Server(
        mailbox,
        hostname="127.0.0.1",
        port=free_ports(1)[0],
        ssl_context=tls,
        tls_context=starttls,
        authenticator=_authenticated if needs_log_in else None,
        auth_required=needs_log_in,
        auth_require_tls=tls is None,  # it does not count the TLS around the whole conversation
    )
    mailbox.controller = controller
    controller.start()
    try:
        yield mailbox
    finally:
        controller.stop()
