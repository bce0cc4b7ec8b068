"""The worker process: relay, projector, durable jobs and housekeeping, until it is told to stop."""

import os
import signal
from types import FrameType

import structlog

from hotline.kernel.settings import Settings

log = structlog.get_logger()


def run(settings: Settings) -> int:
    """Work until SIGTERM or SIGINT; the exit code.

    Raises CursorBeyondLogError when main and routing log do not belong together."""
    import django  # noqa: PLC0415  # the switch and the node import this package's neighbours without Django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hotline.foundation.django_settings")
    django.setup()
    from hotline.live.worker_parts import build  # noqa: PLC0415  # Django must be set up first

    settings.run_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    worker = build(settings)

    def stop(number: int, frame: FrameType | None) -> None:
        worker.stop()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    log.info("worker started", pool=settings.pool)
    worker.run()
    log.info("worker stopped")
    return 0
