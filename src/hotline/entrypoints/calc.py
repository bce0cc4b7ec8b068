"""`hotline calc`: the queueing formulas on the command line. Gives lines; the command line prints them."""

import argparse
import json
import math
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from typing import ClassVar

from hotline.entrypoints.calc_check import check
from hotline.entrypoints.calc_options import MODEL_OF_COMMAND, option_of
from hotline.formulas import containment, erlang_b, queueing_models, staffing, what_if
from hotline.formulas.errors import InvalidParameterError
from hotline.formulas.queueing_models import MissingParameterError, Parameters
from hotline.formulas.staffing import Targets
from hotline.kernel.errors import HotlineError

_COUNTS = ("agents", "lines", "seats", "seats_needed")
_NOT_SHARES = ("mean_queue", "carried_calls")
_COLUMNS = (
    ("change", "{}"),
    ("calls_per_h", "{:.1f}"),
    ("handle_time_s", "{:.0f}"),
    ("seats", "{}"),
    ("service_level", "{:.2%}"),
    ("average_wait_s", "{:.1f}"),
    ("abandon_probability", "{:.2%}"),
    ("occupancy", "{:.1%}"),
    ("is_met", "{}"),
    ("seats_needed", "{}"),
    ("lines", "{}"),
)


class NoQuestionError(HotlineError):
    code: ClassVar[str] = "calc.no_question"
    status: ClassVar[int] = 422
    sentence: ClassVar[str] = (
        "Nothing was asked: name a question (see hotline calc --help), or give --check and a file."
    )


class UnsuitableNumbersError(HotlineError):
    """Data: `problem`."""

    code: ClassVar[str] = "calc.unsuitable_numbers"
    status: ClassVar[int] = 422
    sentence: ClassVar[str] = "These numbers are too large or too small to compute with ({problem}): give others."


@dataclass(frozen=True, slots=True)
class Answer:
    """What to print, and whether all is well (false: a check failed)."""

    lines: list[str]
    is_well: bool = True


@dataclass(frozen=True, slots=True)
class _Found:
    """Figures by name, and a table where there is one."""

    figures: Mapping[str, float | None]
    table: list[what_if.Row] = field(default_factory=list)


def answer(options: argparse.Namespace) -> Answer:
    """Answer what was asked. Raises HotlineError, whose sentence names the option or the line to mend."""
    if options.check is not None:
        if options.question is not None:
            raise NoQuestionError()
        return Answer(*check(options.check))
    if options.question is None:
        raise NoQuestionError()
    try:
        found = _found(options)
    except InvalidParameterError as error:
        raise InvalidParameterError(**{**error.data, "name": option_of(str(error.data["name"]))}) from error
    except ArithmeticError as error:
        raise UnsuitableNumbersError(problem=error) from error
    return Answer(_json_lines(options.question, found) if options.is_json else _text_lines(found))


def _found(options: argparse.Namespace) -> _Found:
    if options.question in MODEL_OF_COMMAND:
        return _Found(_model_figures(MODEL_OF_COMMAND[options.question], options))
    return _QUESTIONS[options.question](options)


def _given(options: argparse.Namespace) -> dict[str, object]:
    return {name: value for name, value in vars(options).items() if value is not None}


def _model_figures(model: str, options: argparse.Namespace) -> dict[str, float | None]:
    try:
        figures = queueing_models.figures(model, _given(options))
    except MissingParameterError as error:
        raise _in_options(error, options.question) from error
    if not figures:
        raise InvalidParameterError(name="skills_per_agent", value=options.skills_per_agent, rule="1, or all queues")
    found: dict[str, float | None] = {}
    for name, figure in figures.items():
        try:
            found[name] = figure()
        except MissingParameterError:
            continue  # a figure that needs an option which was left out, such as --threshold
    return found


def _in_options(error: MissingParameterError, question: str) -> MissingParameterError:
    words = [
        option_of(word.strip(",")) + ("," if word.endswith(",") else "") for word in str(error.data["names"]).split()
    ]
    return MissingParameterError(model=question, names=" ".join(words))


def _load(options: argparse.Namespace) -> float:
    try:
        return Parameters(options.question, _given(options)).load_erlangs()
    except MissingParameterError as error:
        raise _in_options(error, options.question) from error


def _targets(options: argparse.Namespace) -> Targets:
    if all(
        value is None
        for value in (options.service_level, options.abandon_probability, options.average_wait_s, options.occupancy)
    ):
        names = "--service-level, --abandon, --average-wait or --max-occupancy"
        raise MissingParameterError(model=options.question, names=names)
    return Targets(
        service_level=options.service_level,
        threshold_s=options.threshold_s,
        abandon_probability=options.abandon_probability,
        average_wait_s=options.average_wait_s,
        occupancy=options.occupancy,
    )


def _patience_s(options: argparse.Namespace) -> float:
    return math.inf if options.patience_mean_s is None else float(options.patience_mean_s)


def _needed(options: argparse.Namespace, *names: str) -> None:
    missing = [option_of(name) for name in names if getattr(options, name) is None]
    if missing:
        raise MissingParameterError(model=options.question, names=" and ".join(missing))


def _without(options: argparse.Namespace, asked: str, *names: str) -> None:
    for name in names:
        if (value := getattr(options, name)) is not None:
            rule = f"either it or {asked}: they ask different questions"
            raise InvalidParameterError(name=name, value=value, rule=rule)


def _agents(options: argparse.Namespace) -> _Found:
    load = _load(options)
    _needed(options, "handle_time_s")
    patience_s = _patience_s(options)
    agents = staffing.fewest_agents(load, options.handle_time_s, _targets(options), patience_s)
    return _Found(asdict(staffing.figures(load, agents, options.handle_time_s, options.threshold_s, patience_s)))


def _lines(options: argparse.Namespace) -> _Found:
    load, blocking, retry = _load(options), options.blocking_probability, options.retry_probability
    if retry is None:
        lines = erlang_b.fewest_lines(load, blocking)
        return _Found({"lines": lines, "blocking_probability": erlang_b.blocking_probability(load, lines)})
    lines = erlang_b.fewest_lines_with_retries(load, blocking, retry)
    return _Found(
        {
            "lines": lines,
            "blocking_probability": erlang_b.extended_blocking_probability(load, lines, retry),
            "load_with_retries_erlangs": erlang_b.load_with_retries(load, lines, retry),
        }
    )


def _what_if(options: argparse.Namespace) -> _Found:
    plan = what_if.Plan(
        calls_per_h=options.calls_per_h,
        handle_time_s=options.handle_time_s,
        targets=_targets(options),
        patience_mean_s=_patience_s(options),
        wrap_up_s=options.wrap_up_s,
        line_blocking=options.line_blocking,
    )
    needed = what_if.seats_needed(plan)
    seats = needed if options.seats is None else options.seats
    table = what_if.table(plan, seats)
    figures = {
        "load_erlangs": plan.load_erlangs,
        "seats_needed": needed,
        "seats": seats,
        "carried_calls_per_h": what_if.carried_calls_per_h(plan, seats),
        "lines": table[0].lines,
    }
    return _Found(figures, table)


def _containment(options: argparse.Namespace) -> _Found:
    """What was contained; or what must be, in a busy hour with seats, or over a time with hours of work."""
    if options.entered_ivr is not None or options.ended_in_ivr is not None:
        _needed(options, "entered_ivr", "ended_in_ivr")
        _without(options, "--entered", "calls", "agent_hours", "calls_per_h", "seats")
        return _Found({"containment_ratio": containment.containment_ratio(options.ended_in_ivr, options.entered_ivr)})
    _needed(options, "handle_time_s")
    if options.calls is not None or options.agent_hours is not None:
        _needed(options, "calls", "agent_hours", "occupancy")
        _without(options, "--calls", "calls_per_h", "seats")
        carried = containment.carried_in_hours(options.agent_hours, options.handle_time_s, options.occupancy)
        return _Found(
            {"carried_calls": carried, "needed_containment": containment.needed_containment(options.calls, carried)}
        )
    _needed(options, "calls_per_h", "seats")
    load = staffing.largest_load(options.seats, options.handle_time_s, _targets(options), _patience_s(options))
    carried = load * 3600.0 / options.handle_time_s
    return _Found(
        {
            "carried_calls_per_h": carried,
            "needed_containment": containment.needed_containment(options.calls_per_h, carried),
        }
    )


_QUESTIONS: Mapping[str, Callable[[argparse.Namespace], _Found]] = {
    "agents": _agents,
    "lines": _lines,
    "what-if": _what_if,
    "containment": _containment,
}


def _json_lines(question: str, found: _Found) -> list[str]:
    whole: dict[str, object] = {"question": question, **found.figures}
    if found.table:
        whole["table"] = [asdict(row) for row in found.table]
    return [json.dumps(whole, ensure_ascii=False, allow_nan=False)]


def _text_lines(found: _Found) -> list[str]:
    width = max(len(name) for name in found.figures)
    lines = [f"{_words(name):{width}}  {_shown(name, value)}" for name, value in found.figures.items()]
    return [*lines, "", *_table_lines(found.table)] if found.table else lines


def _words(name: str) -> str:
    return name.replace("_s[", "[").removesuffix("_s").replace("_", " ")


def _shown(name: str, value: float | None) -> str:
    base = name.split("[")[0]
    if value is None:
        return "-"
    if base in _COUNTS:
        return f"{value:.0f}"
    if base.endswith("_s"):
        return f"{value:.2f} s"
    if base in _NOT_SHARES or base.endswith(("_erlangs", "_per_h")):
        return f"{value:,.3f}"
    return _percent(value) if base.startswith("service_level") else f"{value:.4%}"


def _table_lines(table: list[what_if.Row]) -> list[str]:
    cells = [[_words(name) for name, _ in _COLUMNS]]
    for row in table:
        values = asdict(row)
        cells.append([_cell(name, form, values[name]) for name, form in _COLUMNS])
    widths = [max(len(line[column]) for line in cells) for column in range(len(_COLUMNS))]
    return ["  ".join(f"{cell:>{width}}" for cell, width in zip(line, widths, strict=True)) for line in cells]


def _percent(share: float) -> str:
    """Cut off rather than rounded, so that what is shown never reaches a target that is missed."""
    return f"{math.floor(share * 10_000) / 100:.2f}%"


def _cell(name: str, form: str, value: object) -> str:
    if name == "service_level" and isinstance(value, float):
        return _percent(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "-" if value is None else form.format(value)
