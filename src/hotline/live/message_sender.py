"""Sends what is due: replies to customers, and messages to staff. A part of the worker; may run in several at once.

One message at a time is claimed, sent and settled, and no transaction is open while it is sent. An account whose far
end cannot be reached rests for a while, so that its messages do not keep others waiting behind its time-outs."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Final, Protocol

import structlog

from hotline.domains.staff_messages import rules, sending
from hotline.messages.sending import AccountSettings, Outcome, TryLater
from hotline.messaging.contract import Driver
from hotline.messaging.drivers import driver_of
from hotline.messaging.reach import Reach

IDLE_S: Final = 1.0  # between two looks at an empty outbox
_LONGEST_REST: Final = timedelta(minutes=10)

log = structlog.get_logger()


class Source(Protocol):
    """Where messages wait to be sent: claims the one that is due the longest, and keeps what became of it."""

    def claim(
        self, now: datetime, resting: Collection[sending.Account] = ()
    ) -> sending.Claimed | sending.Ended | None: ...

    def settle(self, claimed: sending.Claimed, outcome: Outcome, now: datetime, chance: float) -> bool: ...


@dataclass
class _Rest:
    """An account that could not send, until when it is left alone."""

    until: datetime
    failures: int


@dataclass
class MessageSender:
    """`step` sends one message of each source. `now` and `random` are handed in."""

    sources: Sequence[Source]
    reach: Reach
    now: Callable[[], datetime]
    random: Random
    _drivers: dict[sending.Account, tuple[AccountSettings, Driver]] = field(default_factory=dict)
    _rests: dict[sending.Account, _Rest] = field(default_factory=dict)

    def step(self) -> bool:
        """Send the message that is due the longest in each source; False when none is, and then connections are
        closed."""
        has_sent = [self._step_of(source) for source in self.sources]
        if not any(has_sent):
            self.close()
        return any(has_sent)

    def close(self) -> None:
        """Close every connection; the next message opens the one it needs."""
        for _, driver in self._drivers.values():
            driver.close()
        self._drivers.clear()

    def _step_of(self, source: Source) -> bool:
        now = self.now()
        resting = [account for account, rest in self._rests.items() if rest.until > now]
        claimed = source.claim(now, resting)
        if claimed is None:
            return False
        if isinstance(claimed, sending.Ended):
            if claimed.is_account_down:
                self._let_rest(claimed.account)
            return True
        outcome = self._sent(claimed)
        has_kept = source.settle(claimed, outcome, self.now(), self.random.random())
        self._note(claimed, outcome, has_kept=has_kept)
        return True

    def _sent(self, claimed: sending.Claimed) -> Outcome:
        driver = self._driver(claimed.account, claimed.settings)
        try:
            return driver.send(claimed.outgoing)
        except Exception as error:  # a driver's own fault must neither end the worker nor lose the message
            driver.close()
            # The error's words may hold what was sent: its kind alone is told.
            log.error("a message driver failed", driver=claimed.settings.driver, error=type(error).__name__)
            return TryLater(code="driver_failed")

    def _driver(self, account: sending.Account, settings: AccountSettings) -> Driver:
        """The account's driver with its open connection, a new one when the account was changed meanwhile."""
        kept = self._drivers.get(account)
        if kept is not None:
            if kept[0] == settings:
                return kept[1]
            kept[1].close()
        driver = driver_of(settings, self.reach)
        self._drivers[account] = settings, driver
        return driver

    def _note(self, claimed: sending.Claimed, outcome: Outcome, *, has_kept: bool) -> None:
        if isinstance(outcome, TryLater) and outcome.is_account_down:
            self._let_rest(claimed.account)
        else:
            self._rests.pop(claimed.account, None)
        if not has_kept:
            log.warning("the lease of a message was over before it was sent", message=str(claimed.message_id))
        elif isinstance(outcome, TryLater):
            log.warning("a message waits", message=str(claimed.message_id), cause=outcome.code, status=outcome.status)

    def _let_rest(self, account: sending.Account) -> None:
        rest = self._rests.setdefault(account, _Rest(self.now(), 0))
        rest.failures += 1
        rest.until = self.now() + rules.pause_after(rest.failures, self.random.random(), _LONGEST_REST)
