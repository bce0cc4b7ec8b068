"""What the operator's commands do to our Asterisk, which is a unit of its own."""

import asyncio

from hotline.entrypoints.certificate import certificate_files
from hotline.kernel.settings import Settings
from hotline.telephony.asterisk_process import AsteriskProcess
from hotline.telephony.opening import asterisk_options, find_installation


def stop_idle_asterisk(settings: Settings) -> bool | None:
    """Whether our Asterisk was stopped; False when it carries calls and was left alone, None when it does not run."""
    if settings.ari_url or settings.voice != "auto" or not (settings.data_dir / "voice").exists():
        return None
    options = asterisk_options(settings, certificate_files(settings))
    unit = AsteriskProcess(options, find_installation(settings))
    return asyncio.run(unit.stop_when_idle()) if unit.pid is not None else None
