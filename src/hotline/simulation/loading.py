"""Scenarios from files: read, checked, and refused with one sentence that names the place and says what to do."""

import csv
import json
import math
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from hotline.engine.errors import ConfigurationInvalidError
from hotline.messages.configuration import AgentConfiguration, QueueConfiguration, RoutingConfiguration
from hotline.simulation import scenario as s
from hotline.simulation.errors import ScenarioInvalidError
from hotline.simulation.preparing import in_ms, routing_of

_PLACE = re.compile(r"^(?P<what>.*?)(?: - at `\$\.?(?P<place>.*)`)?$", re.DOTALL)
_FROM_GROUPS = {"agent_id", "user_id", "name", "team_id", "tenant_ids", "skills", "capacity", "site_id"}
_MOST_AGENTS = 100_000
_LONGEST_NUMBER = 30  # digits
_LONGEST_S = 1e9
_ATTRIBUTES = ("brand", "key_account", "product_line", "region", "rural", "service_language", "value_grade", "vip")


def load(path: Path) -> s.Scenario:
    """The scenario in the file. Raises ScenarioInvalidError."""
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ScenarioInvalidError(problem=f"{path} cannot be read ({error}); give an existing UTF-8 file") from error
    return parse(text, path.parent)


def parse(text: str, beside: Path) -> s.Scenario:
    """The scenario in the text; files that it names lie beside that directory. Raises ScenarioInvalidError."""
    try:
        raw = json.loads(text, parse_constant=_refuse_number, parse_float=_finite, parse_int=_whole)
        _complete_routing(raw)
        scenario = msgspec.convert(raw, s.Scenario)
    except msgspec.ValidationError as error:
        raise ScenarioInvalidError(problem=_in_words(error)) from error
    except ValueError as error:
        raise ScenarioInvalidError(problem=f"it is not JSON ({error}); correct it there") from error
    except RecursionError as error:
        raise ScenarioInvalidError(problem="it is nested too deeply; correct it") from error
    scenario = msgspec.structs.replace(
        scenario, traffic=tuple(_with_file(t, beside, f"traffic[{n}]") for n, t in enumerate(scenario.traffic))
    )
    check(scenario)
    return scenario


def _refuse_number(text: str) -> float:
    raise ScenarioInvalidError(problem=f"it holds the number {text[:40]}; write a finite one in its place")


def _finite(text: str) -> float:
    number = float(text)
    return number if math.isfinite(number) else _refuse_number(text)


def _whole(text: str) -> int:
    # What is longer fits in no field, and Python does not read thousands of digits.
    if len(text) > _LONGEST_NUMBER:
        raise ScenarioInvalidError(problem=f"it holds a number of {len(text)} digits; write a smaller one in its place")
    return int(text)


def _complete_routing(raw: Any) -> None:
    """What the message needs and a scenario need not say; and fields that nothing would read are refused."""
    routing = raw.get("routing") if isinstance(raw, dict) else None
    if not isinstance(routing, dict):
        return
    routing.setdefault("type", "RoutingConfiguration")
    routing.setdefault("version", 1)
    routing.setdefault("agents", [])
    _refuse_unknown(routing, RoutingConfiguration, "routing", {"type"})
    queues = routing.get("queues")
    for number, queue in enumerate(queues if isinstance(queues, list) else ()):
        if isinstance(queue, dict):
            _refuse_unknown(queue, QueueConfiguration, f"routing.queues[{number}]", set())
            for language in ("zh", "en"):
                queue.setdefault(f"name_{language}", queue.get("queue_id", ""))


def _refuse_unknown(given: dict[str, Any], of: type[msgspec.Struct], place: str, besides: set[str]) -> None:
    unknown = sorted(set(given) - set(of.__struct_fields__) - besides)
    if unknown:
        raise ScenarioInvalidError(problem=f"{place} has no field {unknown[0]!r}; correct or remove it")


def _in_words(error: msgspec.ValidationError) -> str:
    found = _PLACE.match(str(error))
    what, place = (found["what"], found["place"]) if found else (str(error), None)
    what = what[:1].lower() + what[1:].replace("`", "'")
    return f"{place or 'the file'}: {what}; correct it there (hotline simulate --schema lists the fields)"


def _with_file(traffic: s.Traffic, beside: Path, place: str) -> s.Traffic:
    """The traffic with the stamps of its CSV file in it."""
    arrivals = traffic.arrivals
    if arrivals.file is None:
        return traffic
    is_alone = arrivals.per_hour is None and not (arrivals.counts or arrivals.stamps or arrivals.talks_s)
    _need(is_alone, f"{place}.arrivals", "gives a file and other arrivals beside it; keep one")
    path = beside / arrivals.file
    try:
        with path.open(newline="", encoding="utf-8-sig") as lines:
            rows = sorted(_rows(csv.DictReader(lines), traffic.queue), key=lambda row: row[0])
    except (OSError, KeyError, ValueError, TypeError, csv.Error) as error:
        problem = f"{path} cannot be read as arrivals ({error}); it needs the columns at_s and, if given, talk_s, queue"
        raise ScenarioInvalidError(problem=problem) from error
    _need(
        bool(rows), str(path), f"has no arrivals for the queue {traffic.queue!r}; write per_hour 0 where nobody calls"
    )
    stamps = tuple(stamp for stamp, _ in rows)
    talks = tuple(talk for _, talk in rows if talk is not None)
    same = len(talks) in (0, len(stamps))
    _need(
        same, str(path), f"has a talk_s in some rows of the queue {traffic.queue!r} only; write it in all, or in none"
    )
    arrivals = msgspec.structs.replace(arrivals, stamps=stamps, talks_s=talks, file=None)
    return msgspec.structs.replace(traffic, arrivals=arrivals)


def _rows(reader: "csv.DictReader[str]", queue: str) -> Iterator[tuple[float, float | None]]:
    """When somebody asked for the queue, and how long they talked where that is given."""
    for row in reader:
        if row.get("queue", queue) == queue:
            talk = row.get("talk_s")
            yield _seconds(row["at_s"], reader.line_num), _seconds(talk, reader.line_num) if talk else None


def _seconds(text: str, line: int) -> float:
    seconds = float(text)
    if not 0 <= seconds < _LONGEST_S:
        raise ValueError(f"line {line}: {text[:40]} is not 0 to 1e9 seconds")
    return seconds


# --- checks ---------------------------------------------------------------------------------------------------------


def check(scenario: s.Scenario) -> None:
    """Raises ScenarioInvalidError for the first thing that cannot be."""
    _check_whole(scenario)
    queues = {queue.queue_id: queue for queue in scenario.routing.queues}
    seen: set[str] = set()
    for queue in scenario.routing.queues:
        is_dated = queue.callback_calendar is not None
        _need(
            not is_dated, f"the queue {queue.queue_id!r}", "has a call-back calendar, and scenarios no dates: remove it"
        )
    for number, traffic in enumerate(scenario.traffic):
        place = f"traffic[{number}]"
        _need(traffic.queue in queues, place, f"names the queue {traffic.queue!r}; name one of routing.queues")
        _need(traffic.queue not in seen, place, f"is the second for the queue {traffic.queue!r}; join the two")
        seen.add(traffic.queue)
        _check_traffic(traffic, place)
        can_call_back = traffic.call_back is None or queues[traffic.queue].callback_attempts > 0
        _need(can_call_back, f"{place}.call_back", "needs callback_attempts above 0 in its queue")
    for number, group in enumerate(scenario.groups):
        _check_group(group, f"groups[{number}]")
    _check_events(scenario, set(queues))
    _check_given(scenario)
    _check_own_agents(scenario)
    _check_pools(scenario)
    try:
        routing_of(scenario)
    except (ConfigurationInvalidError, msgspec.ValidationError, TypeError) as error:
        raise ScenarioInvalidError(problem=f"{str(error).rstrip('.')}; correct routing or groups") from error


def _need(holds: bool, place: str, otherwise: str) -> None:
    if not holds:
        raise ScenarioInvalidError(problem=f"{place} {otherwise}")


def _check_whole(scenario: s.Scenario) -> None:
    _need(0 < scenario.horizon_s <= 366 * 86_400, "horizon_s", "must be above 0 and at most a year")
    _need(1 <= scenario.interval_s <= scenario.horizon_s, "interval_s", "must be at least 1 and at most horizon_s")
    many = scenario.horizon_s / scenario.interval_s
    _need(many <= 40_000, "interval_s", "makes more than 40000 intervals; choose a longer one")
    _need(0 <= scenario.warm_up_s < scenario.horizon_s, "warm_up_s", "must be at least 0 and below horizon_s")
    left_out = -(-in_ms(scenario.warm_up_s) // in_ms(scenario.interval_s))
    has_rest = left_out * scenario.interval_s < scenario.horizon_s
    _need(has_rest, "warm_up_s", "leaves no whole interval for the totals; choose a shorter one, or shorter intervals")
    _need(0 <= scenario.day_cv <= 2, "day_cv", "must be 0 to 2")
    _need(scenario.lines >= 0, "lines", "must be 0 (no limit) or more")
    places = scenario.waiting_places
    _need(places is None or places >= 0, "waiting_places", "must be null (no limit), 0 or more")
    _need(0 < scenario.back_after_s < _LONGEST_S, "back_after_s", "must be above 0 and below 1e9")
    _need(1 <= scenario.replications <= 10_000, "replications", "must be 1 to 10000")
    _need(0 <= scenario.seed < 1 << 64, "seed", "must be 0 or more and below 2**64")
    _need(bool(scenario.traffic), "traffic", "is empty; write who calls")
    _need(bool(scenario.groups), "groups", "is empty; write who works")
    _need(not scenario.routing.agents, "routing.agents", "must be empty; write agents as groups")
    _need(sum(g.count for g in scenario.groups) <= _MOST_AGENTS, "groups", f"has more than {_MOST_AGENTS} agents")
    _need(len({g.id for g in scenario.groups}) == len(scenario.groups), "groups", "names an id twice; choose another")


def _check_traffic(traffic: s.Traffic, place: str) -> None:
    arrivals = traffic.arrivals
    ways = [arrivals.per_hour is not None, bool(arrivals.counts), bool(arrivals.stamps)]
    _need(sum(ways) <= 1, f"{place}.arrivals", "gives more than one of per_hour, counts and stamps; keep one")
    _need(sum(ways) == 1, f"{place}.arrivals", "says of nobody when they come; give per_hour, counts, stamps or a file")
    _need(arrivals.per_hour is None or 0 <= arrivals.per_hour < 1e8, f"{place}.arrivals.per_hour", "must be 0 to 1e8")
    _need(all(0 <= n < 1e8 for n in arrivals.counts), f"{place}.arrivals.counts", "must be 0 to 1e8 each")
    _need(arrivals.interval_s >= 1, f"{place}.arrivals.interval_s", "must be at least 1")
    _need(0 <= arrivals.interval_cv <= 5, f"{place}.arrivals.interval_cv", "must be 0 to 5")
    is_drawn = not arrivals.stamps or not arrivals.interval_cv
    _need(is_drawn, f"{place}.arrivals.interval_cv", "changes nothing where the arrivals are given; leave it out")
    _need(all(0 <= t < _LONGEST_S for t in arrivals.stamps), f"{place}.arrivals.stamps", "must be 0 to 1e9 each")
    _need(list(arrivals.stamps) == sorted(arrivals.stamps), f"{place}.arrivals.stamps", "must ascend; sort them")
    same = len(arrivals.talks_s) in (0, len(arrivals.stamps))
    _need(same, f"{place}.arrivals.talks_s", "must be as many as stamps, or none")
    _need(all(0 <= t < _LONGEST_S for t in arrivals.talks_s), f"{place}.arrivals.talks_s", "must be 0 to 1e9 each")
    for name in ("talk", "wrap_up", "ring", "patience"):
        _check_distribution(getattr(traffic, name), f"{place}.{name}")
    for n, kind in enumerate(traffic.kinds):
        _check_kind(kind, f"{place}.kinds[{n}]")
    names = [kind.name for kind in traffic.kinds if kind.name]
    _need(len(set(names)) == len(names), f"{place}.kinds", "names two of them alike; give each a name of its own")
    if traffic.ivr:
        _check_distribution(traffic.ivr.stay, f"{place}.ivr.stay")
        _need(0 <= traffic.ivr.containment <= 1, f"{place}.ivr.containment", "must be 0 to 1")
    if traffic.call_back:
        _check_distribution(traffic.call_back.after, f"{place}.call_back.after")
        for name in ("acceptance", "reach"):
            _need(0 <= getattr(traffic.call_back, name) <= 1, f"{place}.call_back.{name}", "must be 0 to 1")
    if traffic.retry:
        _check_distribution(traffic.retry.after, f"{place}.retry.after")
        _need(0 <= traffic.retry.probability <= 1, f"{place}.retry.probability", "must be 0 to 1")


def _check_kind(kind: s.CallerKind, place: str) -> None:
    _need(0 < kind.share < 1e9, f"{place}.share", "must be above 0 and below 1e9")
    unknown = sorted(set(kind.attributes) - set(_ATTRIBUTES))
    _need(not unknown, f"{place}.attributes", f"names {unknown[:1]}; use {', '.join(_ATTRIBUTES)}")
    brands = (kind.brand, kind.attributes.get("brand", ""))
    _need("" in brands, f"{place}.brand", "is given twice; keep it here or among the attributes")
    for flag in ("vip", "rural"):
        is_flag = kind.attributes.get(flag, "yes") == "yes"
        _need(is_flag, f"{place}.attributes.{flag}", "must be 'yes'; leave it out for those who are not")
    if kind.own_agent is not None:
        _need(0 <= kind.own_agent.share <= 1, f"{place}.own_agent.share", "must be 0 to 1")


def _check_given(scenario: s.Scenario) -> None:
    """Arrivals that are given are replayed as they are: what would change their number is refused."""
    for number, traffic in enumerate(scenario.traffic):
        stamps = traffic.arrivals.stamps
        if not stamps:
            continue
        place = f"traffic[{number}].arrivals.stamps"
        _need(stamps[0] < scenario.horizon_s, place, "all lie after horizon_s; choose a later one")
        _need(not scenario.day_cv, "day_cv", f"cannot change the arrivals that {place} gives; leave it out")
        for n, surge in enumerate(scenario.surges):
            is_apart = bool(surge.queues) and traffic.queue not in surge.queues
            _need(is_apart, f"surges[{n}]", f"cannot change the arrivals that {place} gives; name other queues")


def _check_own_agents(scenario: s.Scenario) -> None:
    groups = {group.id for group in scenario.groups}
    for number, traffic in enumerate(scenario.traffic):
        for n, kind in enumerate(traffic.kinds):
            place = f"traffic[{number}].kinds[{n}].own_agent.group"
            known = kind.own_agent is None or kind.own_agent.group in groups
            _need(known, place, "names no group; name the id of one of groups")


def _check_pools(scenario: s.Scenario) -> None:
    """A pool that is not shared opens to nobody, which a day in the life may mean and a scenario cannot."""
    shared = {(pool.pool_id, tenant) for pool in scenario.routing.pools for tenant in pool.client_tenant_ids}
    for number, queue in enumerate(scenario.routing.queues):
        named = [step.pool_id for step in queue.overflows if step.pool_id is not None]
        for pool_id in [*named, *([queue.full_pool_id] if queue.full_pool_id else [])]:
            is_shared = (pool_id, queue.tenant_id) in shared
            place = f"routing.queues[{number}]"
            _need(is_shared, place, f"names the pool {pool_id!r}, not shared with its tenant; correct routing.pools")


def _check_distribution(of: s.Distribution | None, place: str) -> None:
    match of:
        case s.Fixed():
            _need(0 <= of.value_s < 1e9, f"{place}.value_s", "must be 0 to 1e9")
        case s.Exponential() | s.Lognormal():
            _need(0 < of.mean_s < 1e9, f"{place}.mean_s", "must be above 0 and below 1e9")
            _need(not isinstance(of, s.Lognormal) or 0 <= of.cv <= 20, f"{place}.cv", "must be 0 to 20")
        case s.Uniform():
            _need(0 <= of.low_s <= of.high_s < 1e9, place, "needs 0 <= low_s <= high_s")
        case s.Hyperexponential():
            same = 0 < len(of.probabilities) == len(of.means_s)
            _need(same, place, "needs as many probabilities as means_s, and one at least")
            _need(all(p >= 0 for p in of.probabilities), f"{place}.probabilities", "must be 0 or more each")
            _need(abs(sum(of.probabilities) - 1) < 1e-9, f"{place}.probabilities", "must add up to 1")
            _need(all(0 < m < 1e9 for m in of.means_s), f"{place}.means_s", "must be above 0 and below 1e9 each")
        case s.Empirical():
            _need(bool(of.values_s), f"{place}.values_s", "is empty; give observed values")
            _need(all(0 <= v < 1e9 for v in of.values_s), f"{place}.values_s", "must be 0 to 1e9 each")


def _check_group(group: s.Group, place: str) -> None:
    _need(group.count >= 1, f"{place}.count", "must be at least 1")
    unknown = sorted(set(group.settings) - set(AgentConfiguration.__struct_fields__))
    _need(not unknown, f"{place}.settings", f"has {unknown[:1]}, which is no field of an agent; correct or remove it")
    own = sorted(set(group.settings) & _FROM_GROUPS)
    _need(not own, f"{place}.settings", f"has {own[:1]}; write it as the group's own field, or leave it out")
    last = 0.0
    for from_s, to_s in group.shifts:
        _need(last <= from_s < to_s, f"{place}.shifts", "must follow one another, each from less than to")
        _need(to_s < _LONGEST_S, f"{place}.shifts", "must be below 1e9 each")
        last = to_s
    for n, pause in enumerate(group.pauses):
        _need(
            pause.at_s >= 0 < pause.length_s, f"{place}.pauses[{n}]", "needs at_s of 0 or more and a length_s above 0"
        )
        _need(pause.spread_s >= 0, f"{place}.pauses[{n}].spread_s", "must be 0 or more")
        is_short = max(pause.at_s, pause.length_s, pause.spread_s) < _LONGEST_S
        _need(is_short, f"{place}.pauses[{n}]", "must have times below 1e9")


def _check_events(scenario: s.Scenario, queues: set[str]) -> None:
    sites = {group.site for group in scenario.groups}
    for n, failure in enumerate(scenario.failures):
        _need(failure.site in sites, f"failures[{n}].site", f"{failure.site!r} has no agents; name a group's site")
        is_time = 0 <= failure.from_s < failure.to_s < _LONGEST_S
        _need(is_time, f"failures[{n}]", "needs 0 <= from_s < to_s < 1e9")
    for n, surge in enumerate(scenario.surges):
        _need(0 <= surge.factor <= 1000, f"surges[{n}].factor", "must be 0 to 1000")
        _need(0 <= surge.from_s < surge.to_s, f"surges[{n}]", "needs 0 <= from_s < to_s")
        missing = sorted(set(surge.queues) - queues)
        _need(not missing, f"surges[{n}].queues", f"names {missing[:1]}; name queues of routing.queues")


def schema() -> dict[str, Any]:
    """The JSON Schema of scenarios; `routing` is the message that the switch gets."""
    found = msgspec.json.schema(s.Scenario)
    routing = found["$defs"]["RoutingConfiguration"]
    routing["required"] = ["queues"]  # the rest is completed on loading
    found["$defs"]["QueueConfiguration"]["required"] = ["queue_id", "tenant_id", "skills"]
    return found
