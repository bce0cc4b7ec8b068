"""`hotline what-if`: a recorded day from the routing log under a changed configuration. It only reads."""

import argparse
import json
import sys
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec

from hotline.domains.routing.findings import SkillName, worse
from hotline.domains.routing.rules import check_settings
from hotline.engine.configuration import check
from hotline.engine.errors import ConfigurationInvalidError
from hotline.engine.tally import INTERVAL_MS
from hotline.kernel.clock import Clock, SystemClock, to_datetime
from hotline.kernel.settings import Settings
from hotline.live.switch.history import History, NoHistoryError, open_history
from hotline.messages.configuration import QueueConfiguration, RoutingConfiguration
from hotline.simulation import what_if
from hotline.simulation.errors import RecordingEmptyError, WhatIfInvalidError

_BAD_INPUT_EXIT = 2
_LONGEST_MS = 25 * 3_600_000  # a day, also the one on which clocks go back
_LOOK_BACK_MS = 24 * 3_600_000  # for who has been signed in since before
_ZONE = "Asia/Shanghai"
_BAD_INPUT = (WhatIfInvalidError, RecordingEmptyError, ConfigurationInvalidError, NoHistoryError)


def run(settings: Settings, options: argparse.Namespace, clock: Clock | None = None) -> int:
    """Exit code 0; 2 when the question cannot be answered, with a sentence on standard error."""
    try:
        answer = _answer(settings, options, clock or SystemClock())
    except _BAD_INPUT as error:
        sys.stderr.write(f"hotline: {error}\n")
        return _BAD_INPUT_EXIT
    sys.stdout.write(answer + "\n")
    return 0


def _answer(settings: Settings, options: argparse.Namespace, clock: Clock) -> str:
    _check_options(options)
    changed = None if options.show else _read(Path(options.configuration))
    history = open_history(settings, options.pool or settings.pool)
    try:
        return _ask(history, changed, options, clock)
    finally:
        history.close()


def _check_options(options: argparse.Namespace) -> None:
    if not options.show and options.configuration is None:
        raise WhatIfInvalidError(
            problem="name the changed set-up with --configuration, or print the present with --show"
        )
    if not 1 <= options.replays <= 100:
        raise WhatIfInvalidError(problem="--replays must be 1 to 100")
    if (options.begin is None) != (options.end is None):
        raise WhatIfInvalidError(problem="--from and --to go together")
    if options.begin is not None and options.day is not None:
        raise WhatIfInvalidError(problem="give either --day or --from and --to")


def _ask(history: History, changed: RoutingConfiguration | None, options: argparse.Namespace, clock: Clock) -> str:
    first_ms, last_ms = history.span()
    zone = _zone(history.configuration_before(last_ms + 1) or changed)
    begin_ms, end_ms = _window(options, zone, clock)
    if end_ms <= first_ms or begin_ms > last_ms:
        kept = f"{_local(first_ms, zone)} to {_local(last_ms, zone)}"
        raise WhatIfInvalidError(problem=f"there is no log for that time; it is kept from {kept}")
    look_from_ms = begin_ms - _LOOK_BACK_MS
    stretch = what_if.Stretch(begin_ms, end_ms, history.configuration_before(look_from_ms))
    stretch.read(history.between(look_from_ms, end_ms + what_if.MARGIN_MS))
    recorded = stretch.configuration()
    if changed is None:
        return _shown(recorded)
    _check(recorded, changed)
    comparison = stretch.compare(changed, range(options.seed, options.seed + options.replays))
    if options.json:
        return json.dumps(what_if.document(comparison), ensure_ascii=False)
    heading = f"{_local(begin_ms, zone)} to {_local(end_ms, zone)}, {zone.key}"
    names = {queue.queue_id: queue.name_en or queue.name_zh for queue in (*_queues(recorded), *changed.queues)}
    return f"{heading}\n{what_if.table(comparison, names)}"


# --- the set-up ------------------------------------------------------------------------------------------------------


def _read(path: Path) -> RoutingConfiguration:
    try:
        return msgspec.json.decode(path.read_bytes(), type=RoutingConfiguration)
    except OSError as error:
        raise WhatIfInvalidError(problem=f"{path} cannot be read ({error.strerror})") from error
    except msgspec.DecodeError as error:
        raise WhatIfInvalidError(problem=f"{path} is no routing set-up ({error})") from error


def _shown(recorded: RoutingConfiguration | None) -> str:
    if recorded is None:
        raise WhatIfInvalidError(problem="the log of that time names no set-up; choose a later time")
    return msgspec.json.format(msgspec.json.encode(recorded), indent=1).decode()


def _check(recorded: RoutingConfiguration | None, changed: RoutingConfiguration) -> None:
    """The engine's check of the whole, and the house's own rules for what the change brings in."""
    check(changed)
    skills = _skills(recorded, changed)
    before = check_settings(recorded, skills) if recorded else []
    wrong = worse(before, check_settings(changed, skills))
    if wrong:
        raise WhatIfInvalidError(problem=" ".join(finding.sentence["en"] for finding in wrong).rstrip("."))


def _skills(recorded: RoutingConfiguration | None, changed: RoutingConfiguration) -> dict[str, SkillName]:
    """Skills that exist, as far as the set-ups tell: those that stand for something or that somebody holds, and those
    that the recorded queues ask for."""
    found: dict[str, SkillName] = {}
    for configuration in (recorded, changed):
        if configuration is None:
            continue
        held = {skill for agent in configuration.agents for skill, _ in agent.skills}
        for queue in configuration.queues:
            for skill, _ in (*queue.skills, *queue.preferred):
                if skill in held or configuration is recorded:
                    found.setdefault(skill, SkillName(tenant_id=queue.tenant_id, zh=skill, en=skill))
        for standing in configuration.skills:
            skill = standing.skill_id
            found.setdefault(skill, SkillName(tenant_id=standing.tenant_id, zh=skill, en=skill))
    return found


def _queues(configuration: RoutingConfiguration | None) -> tuple[QueueConfiguration, ...]:
    return configuration.queues if configuration else ()


# --- the time --------------------------------------------------------------------------------------------------------


def _zone(configuration: RoutingConfiguration | None) -> ZoneInfo:
    queues = configuration.queues if configuration else ()
    return ZoneInfo(queues[0].time_zone if queues else _ZONE)


def _window(options: argparse.Namespace, zone: ZoneInfo, clock: Clock) -> tuple[int, int]:
    if options.begin is not None:
        begin, end = _moment(options.begin, "--from", zone), _moment(options.end, "--to", zone)
    else:
        begin = _day(options.day, zone, clock)
        end = (begin + timedelta(days=1)).replace(tzinfo=zone)
    begin_ms, end_ms = (round(moment.timestamp() * 1000) for moment in (begin, end))
    if begin_ms % INTERVAL_MS or end_ms % INTERVAL_MS:
        raise WhatIfInvalidError(problem="the time must begin and end at a quarter of an hour, as 09:15")
    if not begin_ms < end_ms <= begin_ms + _LONGEST_MS:
        raise WhatIfInvalidError(problem="--to must be after --from, by 25 hours at the most")
    return begin_ms, end_ms


def _day(day: str | None, zone: ZoneInfo, clock: Clock) -> datetime:
    if day is None:
        yesterday = to_datetime(clock.now_ms()).astimezone(zone) - timedelta(days=1)
        return yesterday.replace(hour=0, minute=0, second=0, microsecond=0)
    try:
        return datetime.strptime(day, "%Y-%m-%d").replace(tzinfo=zone)
    except ValueError as error:
        raise WhatIfInvalidError(problem=f"--day {day} is no day; write it as 2026-03-02") from error


def _moment(text: str, option: str, zone: ZoneInfo) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise WhatIfInvalidError(problem=f"{option} {text} is no time; write it as 2026-03-02T09:00") from error
    return found if found.tzinfo else found.replace(tzinfo=zone)


def _local(at_ms: int, zone: ZoneInfo) -> str:
    return to_datetime(at_ms).astimezone(zone).strftime("%Y-%m-%d %H:%M")
