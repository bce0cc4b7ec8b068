"""Opens voice as the settings say: an Asterisk of ours, one of yours, or the simulated platform."""

import asyncio
from pathlib import Path
from typing import NamedTuple

import structlog

from hotline.kernel.clock import Clock
from hotline.kernel.settings import Settings
from hotline.telephony.asterisk import AsteriskDriver
from hotline.telephony.asterisk_configuration import AsteriskOptions, ConfigurationError, parse_trunk
from hotline.telephony.asterisk_process import AsteriskProcess
from hotline.telephony.installation import Installation, is_tested, machine_installation, read_installation
from hotline.telephony.network import interface_addresses, is_address, is_loopback, lend_address_to_loopback
from hotline.telephony.prompts.catalogue import DEFAULT_DIR
from hotline.telephony.provision import provide_installation
from hotline.telephony.simulated import SimulatedDriver
from hotline.telephony.simulated_platform import SimulatedPlatform
from hotline.telephony.simulated_recording import SimulatedRecordings
from hotline.telephony.timers import LoopTimers

_log = structlog.get_logger(__name__)
_ANY_ADDRESS = "0.0.0.0"  # noqa: S104 - chosen only when the settings name someone outside this machine
_THIS_MACHINE = "127.0.0.1"


class Voice(NamedTuple):
    """The driver, and the Asterisk of ours that is to be watched (None when it is not ours)."""

    driver: AsteriskDriver
    process: AsteriskProcess | None


class SimulatedVoice(NamedTuple):
    driver: SimulatedDriver
    platform: SimulatedPlatform


async def open_asterisk(settings: Settings, clock: Clock, certificate: tuple[Path, Path] | None = None) -> Voice:
    """The driver of the Asterisk that the settings point at, or of ours, which is running when this returns.

    `certificate` and its key are for SIP over TLS. Raises VoiceUnavailableError or ConfigurationError. Of ours, run
    `process.watch()` as a task: it starts Asterisk again when that has died."""
    work_dir = (settings.data_dir / "voice").absolute()
    password = settings.secret("ari").hex()
    if settings.ari_url:
        driver = AsteriskDriver(
            base_url=settings.ari_url, user=settings.ari_user, password=password, work_dir=work_dir, clock=clock
        )
        return Voice(driver, None)
    installation = await asyncio.to_thread(find_installation, settings)
    options = asterisk_options(settings, certificate)
    process = AsteriskProcess(options, installation)
    was_started = await process.ensure_running()
    _log.info("asterisk_started" if was_started else "asterisk_adopted", version=installation.description)
    driver = AsteriskDriver(
        base_url=options.base_url,
        user=options.user,
        password=password,
        work_dir=work_dir,
        clock=clock,
        etc_dir=options.etc_dir,
    )
    return Voice(driver, process)


def open_simulated(settings: Settings, clock: Clock) -> SimulatedVoice:
    """A simulated platform of this process, and its driver."""
    platform = SimulatedPlatform(clock, LoopTimers())
    recordings = SimulatedRecordings(platform, (settings.data_dir / "voice" / "recording").absolute())
    return SimulatedVoice(SimulatedDriver(platform, recordings), platform)


def find_installation(settings: Settings) -> Installation:
    """The machine's Asterisk when it is a tested one, else the private copy, unpacked now unless `make` has done it."""
    found = machine_installation()
    if found is not None and is_tested(found.version):
        return found
    known = read_installation(settings.asterisk_copy_dir.resolve())
    return known or provide_installation(settings.asterisk_copy_dir, lambda line: _log.info("voice", step=line))


def asterisk_options(
    settings: Settings, certificate: tuple[Path, Path] | None = None, music_dir: Path = DEFAULT_DIR / "music"
) -> AsteriskOptions:
    """How our Asterisk is to run. It listens beyond this machine only when the settings name someone out there."""
    if not any(music_dir.glob("*.wav")):
        raise ConfigurationError(option="music", value=str(music_dir), advice="Run `make`, which makes the hold music.")
    is_local = is_loopback(settings.front_host) and all(_is_local_trunk(one) for one in settings.sip_trunk_addresses)
    media_map, external_address = _offered_addresses(settings.public_host)
    return AsteriskOptions(
        directory=(settings.data_dir / "voice").absolute(),
        http_port=settings.asterisk_http_port,
        sip_port=settings.sip_port,
        sip_tls_port=settings.sip_tls_port,
        rtp_port_low=settings.rtp_port_low,
        rtp_port_high=settings.rtp_port_high,
        user=settings.ari_user,
        password=settings.secret("ari").hex(),
        music_dir=music_dir.absolute(),
        bind_address=_THIS_MACHINE if is_local else _ANY_ADDRESS,
        trunk_addresses=settings.sip_trunk_addresses,
        hung_after_s=settings.asterisk_hung_after_s,
        trunk_media_timeout_s=settings.sip_trunk_media_timeout_s,
        trunk_hold_timeout_s=settings.sip_trunk_hold_timeout_s,
        trunk_session_expires_s=settings.sip_trunk_session_expires_s,
        media_map=media_map,
        external_address=external_address,
        tls_certificate=certificate[0] if certificate else None,
        tls_key=certificate[1] if certificate else None,
    )


def _is_local_trunk(address: str) -> bool:
    return is_loopback(parse_trunk(address).match)


def _offered_addresses(public_host: str) -> tuple[dict[str, str], str]:
    """Which address browsers and carriers are told instead of our interfaces', and the one for SIP (empty: none).

    Asterisk offers no loopback address by itself: on a machine with nothing else, a lent one stands for it."""
    addresses = interface_addresses()
    if not addresses:
        lent = lend_address_to_loopback()
        return ({lent: _THIS_MACHINE} if lent else {}), ""
    if is_address(public_host) and not is_loopback(public_host) and public_host not in addresses:
        return dict.fromkeys(addresses, public_host), public_host
    return {}, ""
