"""What every driver does: send one message, and say what became of it.

A driver waits for its far end for a bounded time and never raises for what the far end does or fails to do: that is an
outcome, with a code whose words stand in the catalogue. No outcome carries an address, a text or a secret."""

from typing import Protocol

from hotline.messages.sending import Outcome, Outgoing


class Driver(Protocol):
    """Sends by one account, one message after the other; keeps its connection as long as the far end likes."""

    def send(self, message: Outgoing) -> Outcome: ...

    def close(self) -> None:
        """Let go of the connection; the next `send` opens a new one."""
        ...
