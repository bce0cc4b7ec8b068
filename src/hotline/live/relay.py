"""The relay: carries committed outbox rows to the switch and to the durable jobs, until they have arrived.

A datagram on the wake socket says that there is something to do; when it is lost, the one-second poll finds the rows.
Rows of one topic are done in their order, and marked only after the receiver has it for good. Runs in the worker."""

import select
import socket
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import msgspec
import structlog

from hotline.domains.contacts import abandoned
from hotline.domains.routing import queries as routing
from hotline.domains.routing.errors import ConfigurationRefusedError
from hotline.domains.routing.versions import keep_versions
from hotline.foundation import outbox
from hotline.foundation.outbox import OutboxMessage
from hotline.foundation.tenancy import register_escape, without_scope
from hotline.kernel.clock import Clock
from hotline.kernel.ids import new_id
from hotline.live.switch_post import SwitchAwayError, SwitchPost
from hotline.messages.conversations import COMMAND_TOPIC, NEWS_TOPIC, ConversationNews, WrittenMessage
from hotline.messages.effects import Refused
from hotline.messages.routing import ApplyConfiguration, EndContact, EnqueueContact

REFUSED_CALL_BACK = register_escape(
    "contacts.refused_call_back",
    "The relay carries call-backs of all tenants to the switch, and notes at each what the switch answered.",
)
REFUSED_CONVERSATION = register_escape(
    "conversations.refused",
    "The relay carries conversations in writing of all tenants to the switch, and notes at each what it refused.",
)
ROUTING_TOPIC = "routing.configuration"
JOB_TOPIC = "job"
POLL_S = 1.0
_ROWS_AT_ONCE = 200

log = structlog.get_logger()


class WakeSocket:
    """Where datagrams of committed transactions arrive."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.unlink(missing_ok=True)  # what a killed worker left behind
        self._path = path
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.setblocking(False)
        self._socket.bind(str(path))
        path.chmod(0o600)

    def wait(self, timeout_s: float) -> bool:
        """Whether somebody woke us within the time; many datagrams count as one."""
        ready, _, _ = select.select([self._socket], [], [], timeout_s)
        if not ready:
            return False
        try:
            while self._socket.recv(16):
                pass
        except BlockingIOError:
            pass
        return True

    def close(self) -> None:
        self._socket.close()
        self._path.unlink(missing_ok=True)


class ConfigurationRelay:
    """Carries the routing set-up to the switch."""

    def __init__(self, switch: SwitchPost, clock: Clock) -> None:
        self._switch = switch
        self._clock = clock
        self._has_told_switch = False
        self._is_switch_away = False

    def step(self) -> int:
        """Carry what is pending; answers how many rows are done.

        All rows mean the same: the set-up has changed. The switch gets the one that is valid now, once. A relay that
        has just started tells it even without a row: the log may be a new one. A version that the switch has already
        changes nothing."""
        rows = outbox.pending(ROUTING_TOPIC, _ROWS_AT_ONCE)
        if not rows and self._has_told_switch:
            return 0
        try:
            self._post_configuration()
        except ConfigurationRefusedError as error:
            log.error("the routing set-up has errors, the switch keeps the former one", cause=str(error))
        except SwitchAwayError as error:
            if not self._is_switch_away:
                log.warning("the switch cannot be reached, the set-up waits", cause=str(error))
            self._is_switch_away = True
            return 0
        self._has_told_switch, self._is_switch_away = True, False
        return outbox.mark_done(row.id for row in rows)

    def _post_configuration(self) -> None:
        configuration = routing.current_configuration()
        command = ApplyConfiguration(
            command_id=f"configuration-{configuration.version}",
            at_ms=self._clock.now_ms(),
            configuration=configuration,
        )
        answer = self._switch.post(command)
        if isinstance(answer, Refused):
            log.error("the switch refused the routing set-up", code=answer.code, cause=answer.sentence)
        else:
            log.info("the switch has the routing set-up", version=configuration.version)
            keep_versions(configuration)


class CallBackRelay:
    """Carries call-backs that people have asked for to the switch, in their order."""

    def __init__(self, switch: SwitchPost) -> None:
        self._switch = switch

    def step(self) -> int:
        """Carry what is pending; answers how many rows are done. A switch that is away gets them later."""
        done = 0
        for row in outbox.pending(abandoned.CALL_BACK_TOPIC, _ROWS_AT_ONCE):
            command = msgspec.convert(row.payload, EnqueueContact)
            try:
                answer = self._switch.post(command)
            except SwitchAwayError as error:
                log.warning("the switch cannot be reached, call-backs wait", cause=str(error))
                return done
            if isinstance(answer, Refused):
                log.warning("the switch refused a call-back", code=answer.code, contact=command.contact_id)
                with without_scope(REFUSED_CALL_BACK):
                    abandoned.refused(UUID(command.contact_id), answer.code)
            done += outbox.mark_done([row.id])
        return done


class ConversationRelay:
    """Carries to the switch what customers ask for in writing, in its order, and then that there are new messages.

    `refused` is told of each contact that the switch did not take, and by which code."""

    def __init__(self, switch: SwitchPost, refused: Callable[[UUID, str], None]) -> None:
        self._switch, self._refused = switch, refused
        self._is_switch_away = False

    def step(self) -> int:
        """Carry what is pending; answers how many rows are done. A switch that is away gets them later."""
        done = 0
        try:
            for row in outbox.pending(COMMAND_TOPIC, _ROWS_AT_ONCE):
                self._post(msgspec.convert(row.payload, EnqueueContact | EndContact))
                done += outbox.mark_done([row.id])
            done += self._carry_news()
        except SwitchAwayError as error:
            if not self._is_switch_away:
                log.warning("the switch cannot be reached, conversations wait", cause=str(error))
            self._is_switch_away = True
            return done
        self._is_switch_away = False
        return done

    def _post(self, command: EnqueueContact | EndContact) -> None:
        answer = self._switch.post(command)
        if isinstance(answer, Refused):
            log.warning("the switch refused a conversation", code=answer.code, contact=command.contact_id)
            with without_scope(REFUSED_CONVERSATION):
                self._refused(UUID(command.contact_id), answer.code)

    def _carry_news(self) -> int:
        rows = outbox.pending(NEWS_TOPIC, _ROWS_AT_ONCE)
        if not rows:
            return 0
        messages = tuple(msgspec.convert(row.payload, WrittenMessage) for row in rows)
        self._switch.post(ConversationNews(command_id=new_id(), messages=messages))
        return outbox.mark_done(row.id for row in rows)


def carry_jobs(launch: Callable[[OutboxMessage], object]) -> int:
    """Hand the pending rows of durable jobs to `launch`, which must stand being given one twice; answers how many."""
    done = 0
    for row in outbox.pending(JOB_TOPIC, _ROWS_AT_ONCE):
        launch(row)
        done += outbox.mark_done([row.id])
    return done
