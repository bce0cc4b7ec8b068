"""The worker's parts wired together over one installation's settings.

Each part is a thread. Durable jobs have one of their own, because DBOS takes seconds to start, and neither the switch's
set-up nor the contacts on the agents' desks may wait for it."""

import threading
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from random import SystemRandom
from typing import TYPE_CHECKING

import structlog
from django.utils import timezone

from hotline.domains.channels import actions as channels
from hotline.domains.contacts import retention, written
from hotline.domains.contacts.projecting import cursor_of
from hotline.domains.conversations import sending as replies
from hotline.domains.conversations import visitors
from hotline.domains.enterprise import seat_log
from hotline.domains.routing import actions as routing
from hotline.domains.staff_messages import sending
from hotline.domains.workforce import actions as workforce
from hotline.domains.workforce import (
    bids,
    example_roster,
    forecast_effects,
    intraday_work,
    notices,
    planning_runs,
    requests,
    state_spans,
)
from hotline.foundation import expiry, idempotency, jobs, outbox, rate_limits
from hotline.foundation.audit import seal_audit
from hotline.foundation.partitions import ensure_partitions
from hotline.kernel.clock import SystemClock
from hotline.kernel.settings import Settings
from hotline.live.message_sender import IDLE_S, MessageSender
from hotline.live.planning.job import PlanningJob
from hotline.live.projector import CursorBeyondLogError, Projector
from hotline.live.relay import POLL_S, CallBackRelay, ConfigurationRelay, ConversationRelay, WakeSocket, carry_jobs
from hotline.live.switch.log import open_reader
from hotline.live.switch_address import switch_addresses
from hotline.live.switch_post import SwitchAwayError, SwitchPost
from hotline.live.what_if.job import WhatIfJob
from hotline.live.worker import PORTION, Chore, Housekeeping, Part, Step, Worker, waiting
from hotline.live.worker_metrics import WorkerMetrics
from hotline.messages.effects import LogProjected
from hotline.messaging.reach import Reach

if TYPE_CHECKING:
    from hotline.foundation.job_runner import JobRunner

PROJECTOR_POLL_S = 0.1  # between two looks at an idle log; what a desk asks for is there before anybody has read a line
_HOUSEKEEPING_POLL_S = 0.5
_OUTBOX_KEPT = timedelta(days=7)
_FEW = 100  # of what is deleted one by one: 500 would take more than the 50 ms of a transaction
_FEWER = 50  # of what is looked for among the many steps of contacts

log = structlog.get_logger()


def build(settings: Settings) -> Worker:
    """The worker of this installation. Raises CursorBeyondLogError."""
    open_projector(settings).close()
    wake = WakeSocket(settings.relay_wake_socket)
    metrics = WorkerMetrics()
    jobs = JobsPart(settings, metrics)
    keeping = Housekeeping(chores(settings), metrics)  # one for good: a chore that failed waits for its next turn
    parts = [
        _relay_part(settings, wake, jobs),
        Part("projector", lambda: _projector_step(settings), waiting(PROJECTOR_POLL_S), fatal=(CursorBeyondLogError,)),
        Part("jobs", jobs.make, jobs.idle_wait, close=jobs.close),
        _message_part(settings),
        Part("housekeeping", lambda: keeping.step, waiting(_HOUSEKEEPING_POLL_S)),
    ]
    return Worker(parts, settings.run_dir / "worker.health.json", metrics)


def open_projector(settings: Settings) -> Projector:
    """A projector on the settings' log. Raises CursorBeyondLogError."""
    return Projector(open_reader(settings), settings.pool)


def chores(settings: Settings) -> list[Chore]:
    """What has to be done now and then, with how often; each does at most one portion in a transaction."""
    started_at = timezone.now()
    return [
        Chore("seal the audit", 1.0, seal_audit, is_told=False),
        Chore("silent changes of the routing set-up", 60.0, lambda: int(routing.announce_silent_changes())),
        Chore("silent changes of the nodes' set-up", 60.0, lambda: int(channels.announce_silent_changes())),
        Chore("tell the switch what is projected", 600.0, lambda: _tell_what_is_projected(settings), is_told=False),
        Chore("forget idempotency keys", 600.0, lambda: idempotency.forget_old(PORTION)),
        Chore("forget carried messages", 600.0, _forget_carried),
        Chore("forget expired sessions", 600.0, lambda: expiry.forget_expired_sessions(PORTION)),
        Chore("forget failed log-ins", 3600.0, lambda: expiry.forget_failed_log_ins(_FEW), portion=_FEW),
        Chore("forget who sat where", 3600.0, lambda: seat_log.forget_old_uses(timezone.now(), PORTION)),
        Chore("forget old agent states", 3600.0, lambda: state_spans.forget_old(timezone.now(), PORTION)),
        Chore("expect the rest of the day", 20.0, lambda: intraday_work.make_due(timezone.now(), _FEW), portion=_FEW),
        Chore("forget old days' forecasts", 3600.0, lambda: intraday_work.forget_old(timezone.now(), PORTION)),
        Chore("forget old drafts", 3600.0, lambda: retention.forget_old_drafts(PORTION)),
        Chore(
            "erase old recordings",
            3600.0,
            lambda: retention.erase_old_recordings(settings.recordings_dir, _FEW),
            portion=_FEW,
        ),
        Chore("anonymise old contacts", 3600.0, lambda: retention.anonymise_old_contacts(_FEWER), portion=_FEWER),
        Chore("grant bids", 60.0, lambda: bids.close_what_is_due(timezone.now(), _FEW), portion=_FEW),
        Chore("end old shift requests", 60.0, lambda: requests.expire(timezone.now(), _FEW), portion=_FEW),
        Chore("end rotations", 600.0, lambda: workforce.end_what_is_over(timezone.now(), _FEW), portion=_FEW),
        Chore(
            "judge changes of forecasts",
            3600.0,
            lambda: forecast_effects.judge_changes(timezone.now(), _FEWER),
            portion=_FEWER,
        ),
        Chore(
            "forget old planning runs",
            6 * 3600.0,
            lambda: planning_runs.forget_old(timezone.now(), _FEWER),
            portion=_FEWER,
        ),
        Chore("forget old notices", 6 * 3600.0, lambda: notices.forget_old(timezone.now(), _FEW), portion=_FEW),
        Chore("give up late messages", 60.0, lambda: sending.give_up_expired(timezone.now(), _FEW), portion=_FEW),
        Chore("forget old messages", 3600.0, lambda: sending.forget_old(timezone.now(), PORTION)),
        Chore(
            "give up silent visitors",
            60.0,
            lambda: visitors.give_up_silent(timezone.now(), _FEW, since=started_at),
            portion=_FEW,
        ),
        Chore("forget rate windows", 600.0, lambda: rate_limits.forget_old(PORTION)),
        Chore("make partitions", 6 * 3600.0, lambda: len(ensure_partitions())),
    ]


def _forget_carried() -> int:
    return outbox.forget_done(timezone.now() - _OUTBOX_KEPT, PORTION)


def _tell_what_is_projected(settings: Settings) -> int:
    """So that the switch may prune its log; one that is away hears it at the next time."""
    cursor = cursor_of(settings.pool)
    seq = min(cursor.position.seq, cursor.tally_position.seq)
    with suppress(SwitchAwayError):
        SwitchPost(switch_addresses(settings)).tell(LogProjected(pool=settings.pool, seq=seq))
    return 0


def _relay_part(settings: Settings, wake: WakeSocket, jobs: "JobsPart") -> Part:
    def make() -> Step:
        switch = SwitchPost(switch_addresses(settings))
        relay, call_backs = ConfigurationRelay(switch, SystemClock()), CallBackRelay(switch)
        conversations = ConversationRelay(switch, written.refused)
        return lambda: relay.step() + call_backs.step() + conversations.step() > 0

    def idle_wait(stopping: threading.Event) -> None:
        if wake.wait(POLL_S):
            jobs.is_wanted.set()

    return Part("relay", make, idle_wait, close=wake.close)


def _message_part(settings: Settings) -> Part:
    reach = Reach(settings.message_private_networks, settings.message_tls_ca)
    sender = MessageSender((replies, sending), reach, timezone.now, SystemRandom())
    return Part("messages", lambda: sender.step, waiting(IDLE_S), close=sender.close)


def _projector_step(settings: Settings) -> Step:
    projector = open_projector(settings)
    is_behind = True

    def step() -> bool:
        nonlocal is_behind
        if projector.step() > 0:
            return True
        if is_behind:
            log.info("projected what the log held", seq=projector.position.seq)
            is_behind = False
        return False

    return step


@dataclass
class JobsPart:
    """Durable jobs: what the outbox asks for, and what a schedule makes due."""

    settings: Settings
    metrics: WorkerMetrics
    is_wanted: threading.Event = field(default_factory=threading.Event)  # the relay was woken
    _runner: "JobRunner | None" = None
    _keeping: Housekeeping | None = None
    _played: tuple[WhatIfJob | PlanningJob, ...] = ()

    def make(self) -> Step:
        # Imported in this thread: DBOS takes seconds to load, during which the other parts are at work already.
        from hotline.foundation.job_runner import JobRunner  # noqa: PLC0415

        if self._runner is None:
            self._played = (WhatIfJob(self.settings), PlanningJob())
            for played in self._played:
                played.provide()
            jobs.provide(example_roster.JOB, example_roster.make)
            runner = JobRunner(self.settings)
            try:
                runner.start()
            except BaseException:
                with suppress(Exception):  # what failed to start is told; that it also fails to stop tells nothing more
                    runner.stop()
                raise
            self._runner = runner
            forget = Chore("forget ended jobs", 600.0, lambda: runner.forget_ended(timezone.now(), _FEW), portion=_FEW)
            self._keeping = Housekeeping([forget], self.metrics)
        return self._step

    def _step(self) -> bool:
        assert self._runner is not None
        assert self._keeping is not None
        self.is_wanted.clear()
        self._runner.launch_scheduled(timezone.now())
        has_carried = carry_jobs(self._runner.launch) > 0
        return self._keeping.step() or has_carried

    def idle_wait(self, stopping: threading.Event) -> None:
        self.is_wanted.wait(POLL_S)

    def close(self) -> None:
        for played in self._played:
            played.stopping.set()  # what is being played is put back, and goes on after the next start
        if self._runner is not None:
            self._runner.stop()
