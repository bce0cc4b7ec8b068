"""The command `hotline`. It parses, wires and prints; the work is done elsewhere."""

import argparse
import importlib
import json
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from http import HTTPStatus
from importlib.metadata import version

from pydantic import ValidationError

from hotline.entrypoints import (
    calc_options,
    forecast_options,
    preparation,
    roster_options,
    staffing_options,
    supervisor,
    what_if_options,
)
from hotline.entrypoints.logs import configure_logs
from hotline.entrypoints.output import OutputLostError, written_whole
from hotline.entrypoints.supervisor import News
from hotline.kernel.errors import HotlineError
from hotline.kernel.settings import Settings, SettingsFileError, load_settings

_TRY_AGAIN_EXIT = 1
_BAD_INPUT_EXIT = 2
_READER_GONE_EXIT = 128 + 13  # as of a program that SIGPIPE ended: whoever read had enough
_HOLDS_A_PASSWORD = "HOTLINE_DATABASE_URL"  # noqa: S105  # the setting's name, not a password
_MODULE_OF_ROLE = {
    "web": "hotline.entrypoints.web",
    "switch": "hotline.entrypoints.switch",
    "node": "hotline.entrypoints.node",
    "worker": "hotline.entrypoints.worker",
}


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command; the process ends with its exit code."""
    options = _parser().parse_args(arguments)
    try:
        settings = load_settings()
    except ValidationError as error:
        _complain_of_settings(error)
        sys.exit(_BAD_INPUT_EXIT)
    except SettingsFileError as error:
        print(f"hotline: {error}", file=sys.stderr)
        sys.exit(_BAD_INPUT_EXIT)
    action: Callable[[Settings, argparse.Namespace], int] = options.action
    is_answer = action in (_doctor, _calc, _simulate, _what_if, _forecast, _roster, _staffing)
    try:
        if not is_answer:
            supervisor.make_data_dir(settings)
        with written_whole() if is_answer or action in (_openapi, _audit_verify) else nullcontext():
            code = action(settings, options)
    except HotlineError as error:
        print(f"hotline: {error}", file=sys.stderr)
        code = _exit_code(error)
    except OutputLostError as error:
        code = _READER_GONE_EXIT if error.has_reader_gone else supervisor.CONFIGURATION_EXIT
        if not error.has_reader_gone:
            print(f"hotline: {error}", file=sys.stderr)
    except KeyboardInterrupt:
        code = 130
    sys.exit(code)


def _exit_code(error: HotlineError) -> int:
    """What the supervisor does next: stop the centre for what nobody but the operator can mend, else start again."""
    may_pass = error.status < 500 or error.status == HTTPStatus.SERVICE_UNAVAILABLE
    return _TRY_AGAIN_EXIT if may_pass else supervisor.CONFIGURATION_EXIT


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="hotline", description="Runs a customer-service hotline, end to end.")
    parser.add_argument("--version", action="version", version=f"hotline {version('hotline-centre')}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    run = commands.add_parser("run", help="start the centre on this machine and keep it alive")
    run.add_argument("--roles", default=",".join(supervisor.ROLES), help="comma-separated; default: %(default)s")
    run.add_argument("--example", action="store_true", help="load the example tenant first (Shibei Water)")
    run.add_argument("--example-roster", action="store_true", help="and have its first roster solved and published")
    run.set_defaults(action=_run)

    role = commands.add_parser("role", help="run one role in the foreground (what `run` starts)")
    role.add_argument("name", choices=sorted(_MODULE_OF_ROLE))
    role.set_defaults(action=_role)

    migrate = commands.add_parser("migrate", help="bring the database to this version")
    migrate.add_argument("--example", action="store_true", help="and load the example tenant")
    migrate.add_argument("--example-roster", action="store_true", help="and have its first roster solved")
    migrate.set_defaults(action=_migrate)

    demo = commands.add_parser("demo", help="simulated callers and agents through the real switch")
    demo.add_argument("--calls-per-minute", type=float, default=12.0)
    demo.add_argument("--seconds", type=float, default=None, help="stop after this time; default: until Ctrl-C")
    demo.set_defaults(action=_demo)

    backup = commands.add_parser("backup", help="write a consistent copy of the databases")
    backup.add_argument("directory")
    backup.add_argument("--with-secrets", action="store_true", help="include keys; keep such a copy locked away")
    backup.set_defaults(action=_backup)

    restore = commands.add_parser("restore", help="put a backup in place of the present data (centre stopped)")
    restore.add_argument("directory")
    restore.set_defaults(action=_restore)

    administrator = commands.add_parser("administrator", help="let somebody administer the whole installation")
    administrator.add_argument("username", help="an existing user, or a new one, who gets a password by chance")
    administrator.add_argument("--name", default="", help="how the person is called on screens")
    administrator.add_argument("--new-password", action="store_true", help="make one for a user who lost theirs")
    administrator.set_defaults(action=_administrator)

    audit = commands.add_parser("audit", help="the audit log")
    audit_commands = audit.add_subparsers(required=True, metavar="COMMAND")
    verify = audit_commands.add_parser("verify", help="check the hash chain and name the first changed line")
    verify.set_defaults(action=_audit_verify)

    openapi = commands.add_parser("openapi", help="print the OpenAPI description")
    openapi.set_defaults(action=_openapi)

    simulate = commands.add_parser("simulate", help="a scenario through the live routing rules, faster than time")
    simulate.add_argument("scenario", nargs="?", help="its JSON file; docs/simulation.md explains it")
    simulate.add_argument(
        "--check", metavar="CASES.jsonl", help="compare known queueing systems with the rules instead"
    )
    simulate.add_argument("--schema", action="store_true", help="print the JSON Schema of scenarios")
    simulate.add_argument("--replications", type=int, metavar="N", help="default: the scenario's; of a check, 1")
    simulate.add_argument("--seed", type=int, metavar="S", help="default: the scenario's; of a check, 1")
    simulate.add_argument("--jobs", type=int, default=1, metavar="J", help="processes; the result is the same with any")
    simulate.add_argument("--json", action="store_true", help="print the result as JSON")
    simulate.add_argument("--page", metavar="OUT.html", help="write the result as a page with curves, too")
    simulate.set_defaults(action=_simulate)

    what_if = commands.add_parser("what-if", help="a recorded day under a changed routing set-up, before it goes live")
    what_if_options.add_options(what_if)
    what_if.set_defaults(action=_what_if)

    forecast = commands.add_parser("forecast", help="arrivals and handle time ahead, from a history in CSV")
    forecast_options.add_options(forecast)
    forecast.set_defaults(action=_forecast)

    roster = commands.add_parser("roster", help="who works when: solves rosters, and checks them independently")
    roster_options.add_options(roster)
    roster.set_defaults(action=_roster)

    staffing = commands.add_parser("staffing", help="how many people each interval needs, for all targets together")
    staffing_options.add_options(staffing)
    staffing.set_defaults(action=_staffing)

    doctor = commands.add_parser("doctor", help="what works on this machine, and what is missing")
    doctor.set_defaults(action=_doctor)

    calc_parser = commands.add_parser("calc", help="queueing formulas: agents, lines, waits, what-if")
    calc_options.add_options(calc_parser)
    calc_parser.set_defaults(action=_calc)
    return parser


def _complain_of_settings(error: ValidationError) -> None:
    for problem in error.errors():
        name = "HOTLINE_" + "_".join(str(part) for part in problem["loc"][:1]).upper()
        given = "" if name == _HOLDS_A_PASSWORD else f" (given: {problem['input']!r})"
        print(f"hotline: {name}: {problem['msg'].removeprefix('Value error, ')}{given}", file=sys.stderr)


def _run(settings: Settings, options: argparse.Namespace) -> int:
    started_at = time.monotonic()
    configure_logs(settings, "supervisor")
    roles = [name for name in options.roles.split(",") if name]
    unknown = sorted(set(roles) - set(supervisor.ROLES))
    if unknown:
        print(f"hotline: there is no role {', '.join(unknown)}; choose from {', '.join(supervisor.ROLES)}")
        return _BAD_INPUT_EXIT
    with supervisor.claim(settings):
        supervisor.check_ports(settings, roles)
        if "web" in roles or "worker" in roles:
            _prepare(settings, with_example=options.example, with_roster=options.example_roster)
        centre = supervisor.Supervisor(settings.run_dir, supervisor.role_commands(settings, roles))
        # Stopping is by signal; what follows here runs after the last role has ended.
        code = centre.run(*_news(settings, roles, started_at))
        voice_unit = importlib.import_module("hotline.entrypoints.voice_unit")
        if "node" in roles and voice_unit.stop_idle_asterisk(settings) is False:
            print("Calls are up: Asterisk goes on with them, and the next start takes it over.", flush=True)
    return code


def _news(settings: Settings, roles: Sequence[str], started_at: float) -> list[News]:
    """When people may log in, and then, where it takes a moment longer, when calls are taken."""
    told = [News(lambda: _is_ready(settings, roles), lambda: _announce(settings, roles, started_at))]
    if settings.voice == "auto" and {"node", "switch"} <= set(roles):
        told.append(News(lambda: _has_voice(settings), lambda: _announce_voice(settings)))
    return told


def _prepare(settings: Settings, *, with_example: bool, with_roster: bool) -> None:
    """Bring the database to this version, in a process of its own, unless it is there already."""
    lines = preparation.lines_when_ready(settings, with_example=with_example)
    if lines is not None:
        print(*lines, sep="\n", flush=True)
        return
    wanted = [("--example", with_example), ("--example-roster", with_example and with_roster)]
    command = [sys.executable, "-m", "hotline.entrypoints", "migrate", *(option for option, is_on in wanted if is_on)]
    code = subprocess.run(command, check=False).returncode
    if code:
        sys.exit(code)


def _is_ready(settings: Settings, roles: Sequence[str]) -> bool:
    """Whether somebody could log in now: web and the switch say so, and the front door lets people in."""
    ports = {"web": settings.web_port, "switch": settings.switch_port}
    if not all(_answers(f"http://127.0.0.1:{port}/ready") for role, port in ports.items() if role in roles):
        return False
    return "front" not in roles or _accepts(settings.front_host, settings.front_port)


def _has_voice(settings: Settings) -> bool:
    """Whether a node with a working Asterisk has come to the switch."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{settings.switch_port}/ready", timeout=1) as answer:
            return bool(json.load(answer).get("has_voice"))
    except (OSError, ValueError):
        return False


def _accepts(host: str, port: int) -> bool:
    try:
        socket.create_connection((host if host != "0.0.0.0" else "127.0.0.1", port), timeout=1).close()  # noqa: S104
    except OSError:
        return False
    return True


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=1) as answer:  # noqa: S310  (our own port on this machine)
            return bool(answer.status == 200)
    except OSError:
        return False


def _announce(settings: Settings, roles: Sequence[str], started_at: float) -> None:
    print(f"\nHotline is running ({time.monotonic() - started_at:.1f} s).", flush=True)
    if "front" in roles:
        print(f"  Log in at   https://{_host(settings)}:{settings.front_port}/   (local certificate: accept it once)")
    print("  Stop with Ctrl-C; calls that are up stay up in Asterisk.\n", flush=True)


def _announce_voice(settings: Settings) -> None:
    where = f"{_host(settings)}:{settings.sip_port} (UDP and TCP), TLS on {settings.sip_tls_port}"
    print(f"Calls are taken: SIP at {where}\n", flush=True)


def _host(settings: Settings) -> str:
    return settings.public_host or "localhost"


def _role(settings: Settings, options: argparse.Namespace) -> int:
    configure_logs(settings, options.name)
    module = importlib.import_module(_MODULE_OF_ROLE[options.name])
    return int(module.run(settings) or 0)


def _migrate(settings: Settings, options: argparse.Namespace) -> int:
    configure_logs(settings, "migrate")
    manage = importlib.import_module("hotline.entrypoints.manage")
    manage.migrate(settings)
    if options.example:
        lines = importlib.import_module("hotline.entrypoints.example").load_example(
            settings, with_roster=options.example_roster
        )
        manage.note_preparation("example")
        print("\n".join(lines), flush=True)
    elif manage.nobody_can_log_in():
        print("Nobody can log in yet. In another terminal: hotline administrator NAME", flush=True)
    return 0


def _administrator(settings: Settings, options: argparse.Namespace) -> int:
    manage = importlib.import_module("hotline.entrypoints.manage")
    lines = manage.appoint_administrator(
        settings, options.username, options.name, has_lost_password=options.new_password
    )
    print(*lines, sep="\n", flush=True)
    return 0


def _demo(settings: Settings, options: argparse.Namespace) -> int:
    configure_logs(settings, "demo")
    module = importlib.import_module("hotline.entrypoints.demo")
    return int(module.run(settings, calls_per_minute=options.calls_per_minute, seconds=options.seconds))


def _backup(settings: Settings, options: argparse.Namespace) -> int:
    module = importlib.import_module("hotline.entrypoints.backup")
    print(module.backup(settings, options.directory, with_secrets=options.with_secrets))
    return 0


def _restore(settings: Settings, options: argparse.Namespace) -> int:
    with supervisor.claim(settings):
        print(importlib.import_module("hotline.entrypoints.backup").restore(settings, options.directory))
    return 0


def _audit_verify(settings: Settings, options: argparse.Namespace) -> int:
    problems = importlib.import_module("hotline.entrypoints.manage").verify_audit(settings)
    for problem in problems:
        print(problem)
    print("audit: the chain is whole" if not problems else f"audit: {len(problems)} problem(s)")
    return 1 if problems else 0


def _openapi(settings: Settings, options: argparse.Namespace) -> int:
    print(importlib.import_module("hotline.entrypoints.manage").openapi_json(settings))
    return 0


def _simulate(settings: Settings, options: argparse.Namespace) -> int:
    return int(importlib.import_module("hotline.entrypoints.simulate").run(options))


def _what_if(settings: Settings, options: argparse.Namespace) -> int:
    return int(importlib.import_module("hotline.entrypoints.what_if").run(settings, options))


def _forecast(settings: Settings, options: argparse.Namespace) -> int:
    return int(importlib.import_module("hotline.entrypoints.forecast").run(options))


def _roster(settings: Settings, options: argparse.Namespace) -> int:
    return int(importlib.import_module("hotline.entrypoints.roster").run(options))


def _staffing(settings: Settings, options: argparse.Namespace) -> int:
    return int(importlib.import_module("hotline.entrypoints.staffing").run(options))


def _doctor(settings: Settings, options: argparse.Namespace) -> int:
    findings = importlib.import_module("hotline.entrypoints.doctor").examine(settings)
    for finding in findings:
        print(f"{'ok     ' if finding.is_ok else 'MISSING'}  {finding.name}: {finding.sentence}")
    return 0 if all(finding.is_ok for finding in findings) else 1


def _calc(settings: Settings, options: argparse.Namespace) -> int:
    try:
        found = importlib.import_module("hotline.entrypoints.calc").answer(options)
    except HotlineError as error:
        print(f"hotline: {error}", file=sys.stderr)
        return _BAD_INPUT_EXIT
    print(*found.lines, sep="\n")
    return 0 if found.is_well else 1
