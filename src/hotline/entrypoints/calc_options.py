"""The options of `hotline calc`: one subcommand for each question, options named as people say them.

Where an option is a model's parameter, its destination is the parameter's name in `formulas.queueing_models`."""

import argparse
from collections.abc import Callable, Mapping

# Subcommand, the model behind it, what it tells, and its options; a ? marks those that may be left out.
_MODELS: tuple[tuple[str, str, str, str], ...] = (
    ("erlang-b", "erlang_b", "share of calls that find all lines busy", "load lines"),
    ("line-load", "erlang_b_load", "largest load for lines and a blocking", "lines blocking"),
    ("erlang-c", "erlang_c", "agents and endlessly patient customers", "load agents threshold?"),
    ("erlang-a", "erlang_a", "agents and customers who give up", "load agents patience threshold?"),
    ("fixed-patience", "mmn_fixed_patience", "all wait equally long", "load agents patience-fixed threshold?"),
    ("mixed-patience", "mmn_hyperexponential_patience", "two kinds of customers", "load agents mixture threshold?"),
    ("erlang-x", "erlang_x", "those who gave up call again", "first-calls agents patience redial"),
    ("finite-queue", "mmc_finite_queue", "limited waiting places", "load agents places threshold?"),
    ("n-design", "n_design", "two pools, the second helps the first", "pools"),
    ("x-design", "x_design", "two pools that help each other", "pools"),
    ("balanced-skills", "balanced_skills", "equal queues, one skill or all", "balanced places threshold?"),
)
MODEL_OF_COMMAND: Mapping[str, str] = {command: model for command, model, _, _ in _MODELS}

_OPTION_OF_PARAMETER = {
    "agent_hours": "--agent-hours",
    "agents": "--agents",
    "arrivals_per_h": "--calls-per-hour",
    "arrivals_per_h_each": "--calls-per-hour-each",
    "average_wait_s": "--average-wait",
    "abandon_probability": "--abandon",
    "blocking_probability": "--blocking",
    "calls": "--calls",
    "calls_per_h": "--calls-per-hour",
    "ended_in_ivr": "--ended-in-ivr",
    "entered_ivr": "--entered",
    "first_arrivals_per_h": "--calls-per-hour",
    "handle_time_s": "--handle-time",
    "line_blocking": "--line-blocking",
    "lines": "--lines",
    "load_erlangs": "--load",
    "occupancy": "--max-occupancy",
    "patience_first_probability": "--first-share",
    "patience_mean_s": "--patience",
    "patience_means_s": "--patience-means",
    "patience_s": "--patience",
    "pool_agents": "--pool-agents",
    "queues": "--queues",
    "redial_probability": "--redial",
    "retry_probability": "--retry",
    "seats": "--seats",
    "service_level": "--service-level",
    "skills_per_agent": "--skills-per-agent",
    "threshold_s": "--threshold",
    "waiting_places": "--waiting-places",
    "wrap_up_s": "--wrap-up",
}


def option_of(parameter: str) -> str:
    """The option by which people give a parameter; the parameter itself where none does."""
    return _OPTION_OF_PARAMETER.get(parameter, parameter)


def add_options(parser: argparse.ArgumentParser) -> None:
    """Give the parser of `hotline calc` its options and subcommands."""
    parser.add_argument(
        "--check", metavar="CASES.jsonl", help="compare a file of cases with the formulas, as JSON lines"
    )
    commands = parser.add_subparsers(dest="question", metavar="QUESTION")
    for command, _, tells, options in _MODELS:
        _add(commands, command, tells, options)
    _add(commands, "lines", "fewest lines for a blocking", "load blocking retry?")
    agents = _add(commands, "agents", "fewest agents for one or more targets", "load patience? targets")
    agents.set_defaults(threshold_s=20.0)
    what_if = _add(commands, "what-if", "seats, lines, and what changes do", "calls patience? targets seats? wrap-up")
    what_if.add_argument(
        "--line-blocking", type=float, default=0.001, help="share of calls without a line; %(default)s"
    )
    what_if.set_defaults(threshold_s=20.0)
    _add_containment(commands)


def _add_containment(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = _add(
        commands, "containment", "what menus contain, or must contain", "handle-time? seats? patience? targets"
    )
    parser.add_argument("--calls-per-hour", dest="calls_per_h", type=float, help="calls entering, with --seats")
    parser.add_argument("--calls", type=float, help="calls entering over a time, with --agent-hours over the same time")
    parser.add_argument("--agent-hours", type=float, help="hours of agents at their posts")
    parser.add_argument("--entered", dest="entered_ivr", type=int, help="calls that entered the menu")
    parser.add_argument("--ended-in-ivr", dest="ended_in_ivr", type=int, help="of them, ended there without an agent")
    parser.set_defaults(threshold_s=20.0)


def _add(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, tells: str, options: str
) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = commands.add_parser(name, help=tells, description=tells)
    parser.add_argument("--json", dest="is_json", action="store_true", help="print JSON only")
    for word in options.split():
        _GROUPS[word.rstrip("?")](parser, not word.endswith("?"))
    return parser


def _load(parser: argparse.ArgumentParser, is_needed: bool) -> None:
    parser.add_argument("--load", dest="load_erlangs", type=float, metavar="ERLANGS", help="or the next two")
    parser.add_argument("--calls-per-hour", dest="arrivals_per_h", type=float)
    _handle_time(parser, False)


def _calls(parser: argparse.ArgumentParser, is_needed: bool) -> None:
    parser.add_argument("--calls-per-hour", dest="calls_per_h", type=float, required=is_needed)
    _handle_time(parser, is_needed)


def _first_calls(parser: argparse.ArgumentParser, is_needed: bool) -> None:
    parser.add_argument(
        "--calls-per-hour", dest="first_arrivals_per_h", type=float, required=is_needed, help="first calls only"
    )
    _handle_time(parser, is_needed)


def _handle_time(parser: argparse.ArgumentParser, is_needed: bool) -> None:
    parser.add_argument("--handle-time", dest="handle_time_s", type=float, metavar="SECONDS", required=is_needed)


def _mixture(parser: argparse.ArgumentParser, is_needed: bool) -> None:
    parser.add_argument("--first-share", dest="patience_first_probability", type=float, required=is_needed)
    _patience_means(parser, is_needed)


def _patience_means(parser: argparse.ArgumentParser, is_needed: bool) -> None:
    parser.add_argument("--patience-means", dest="patience_means_s", type=float, nargs=2, required=is_needed)


def _pools(parser: argparse.ArgumentParser, is_needed: bool) -> None:
    parser.add_argument("--pool-agents", type=int, nargs=2, required=is_needed)
    parser.add_argument("--calls-per-hour", dest="arrivals_per_h", type=float, nargs=2, required=is_needed)
    _handle_time(parser, is_needed)
    _patience_means(parser, is_needed)


def _balanced(parser: argparse.ArgumentParser, is_needed: bool) -> None:
    parser.add_argument("--queues", type=int, required=is_needed)
    parser.add_argument("--calls-per-hour-each", dest="arrivals_per_h_each", type=float, required=is_needed)
    parser.add_argument("--agents", type=int, required=is_needed, help="of all queues together")
    parser.add_argument("--skills-per-agent", type=int, required=is_needed)
    _handle_time(parser, is_needed)


def _targets(parser: argparse.ArgumentParser, is_needed: bool) -> None:
    parser.add_argument("--service-level", type=float, help="least share, such as 0.8, answered within --threshold")
    parser.add_argument("--threshold", dest="threshold_s", type=float, metavar="SECONDS", help="default: 20")
    parser.add_argument("--abandon", dest="abandon_probability", type=float, help="greatest share that gives up")
    parser.add_argument("--average-wait", dest="average_wait_s", type=float, metavar="SECONDS")
    parser.add_argument("--max-occupancy", dest="occupancy", type=float, help="greatest share of time with customers")


def _wrap_up(parser: argparse.ArgumentParser, is_needed: bool) -> None:
    tells = "seconds of the handle time that keep the agent but not the line"
    parser.add_argument("--wrap-up", dest="wrap_up_s", type=float, default=0.0, help=tells)


def _one(option: str, kind: Callable[[str], float], dest: str, tells: str) -> Callable[..., None]:
    def add(parser: argparse.ArgumentParser, is_needed: bool) -> None:
        parser.add_argument(option, dest=dest, type=kind, required=is_needed, help=tells)

    return add


_GROUPS: Mapping[str, Callable[[argparse.ArgumentParser, bool], None]] = {
    "load": _load,
    "calls": _calls,
    "first-calls": _first_calls,
    "handle-time": _handle_time,
    "mixture": _mixture,
    "pools": _pools,
    "balanced": _balanced,
    "targets": _targets,
    "lines": _one("--lines", int, "lines", "lines"),
    "agents": _one("--agents", int, "agents", "agents at their posts"),
    "seats": _one("--seats", int, "seats", "manned seats; left out: the fewest that reach the targets"),
    "places": _one("--waiting-places", int, "waiting_places", "waiting places"),
    "blocking": _one("--blocking", float, "blocking_probability", "share, such as 0.001, that finds no line"),
    "retry": _one("--retry", float, "retry_probability", "share of the blocked who try again at once"),
    "redial": _one("--redial", float, "redial_probability", "share of the abandoned who call again"),
    "threshold": _one("--threshold", float, "threshold_s", "seconds within which an answer counts as in time"),
    "patience": _one("--patience", float, "patience_mean_s", "mean patience in seconds"),
    "patience-fixed": _one("--patience", float, "patience_s", "patience in seconds, the same for all"),
    "wrap-up": _wrap_up,
}
