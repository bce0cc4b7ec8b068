"""A scenario made ready: the live engine under its configuration, the callers' kinds, chance, and who is on duty."""

from collections.abc import Callable, Iterator
from functools import partial
from itertools import count
from typing import Any

import msgspec

from hotline.engine import codes as c
from hotline.engine.configuration import check, compile_settings
from hotline.engine.configuring import configure
from hotline.engine.core import Engine
from hotline.engine.names import Names
from hotline.messages.configuration import AgentConfiguration, LadderConfiguration, RoutingConfiguration
from hotline.simulation import draws, duty
from hotline.simulation.admitting import Admitting
from hotline.simulation.agenda import shift_for
from hotline.simulation.callers import expected_asks
from hotline.simulation.chance import Brings, Chance, Kind
from hotline.simulation.counters import Counters
from hotline.simulation.scenario import Distribution, Fixed, Group, Scenario, Traffic
from hotline.simulation.world import World

_NO_TIME = Fixed(value_s=0.0)


def in_ms(seconds: float) -> int:
    """Whole milliseconds."""
    return round(seconds * draws.UNITS_PER_S)


def routing_of(scenario: Scenario) -> RoutingConfiguration:
    """The configuration with the agents of all groups. Raises ConfigurationInvalidError as the switch would."""
    tenants = tuple(dict.fromkeys(queue.tenant_id for queue in scenario.routing.queues))
    agents = [agent for group in scenario.groups for agent in _agents(group, tenants)]
    members = {group.id: [agent.agent_id for agent in agents if agent.team_id == group.id] for group in scenario.groups}
    ladders = tuple(_with_members(ladder, members) for ladder in scenario.routing.ladders)
    routing = msgspec.structs.replace(scenario.routing, agents=tuple(agents), ladders=ladders)
    check(routing)
    return routing


def _with_members(ladder: LadderConfiguration, members: dict[str, list[str]]) -> LadderConfiguration:
    """The ladder with the agents of a group where a tier names the group."""
    tiers = []
    for tier in ladder.tiers:
        ids = tuple(id for named in tier.agent_ids for id in members.get(named, [named]))
        tiers.append(msgspec.structs.replace(tier, agent_ids=ids))
    return msgspec.structs.replace(ladder, tiers=tuple(tiers))


def _agents(group: Group, tenants: tuple[str, ...]) -> Iterator[AgentConfiguration]:
    common: dict[str, Any] = {
        "tenant_ids": group.tenant_ids or tenants,
        "name": "",
        "team_id": group.id,
        "skills": group.skills,
        "capacity": group.capacity,
        "device": "simulated",
        "site_id": group.site or None,
        **group.settings,
    }
    for number in range(group.count):
        id = f"{group.id}-{number + 1}"
        yield msgspec.convert({"agent_id": id, "user_id": id, **common}, AgentConfiguration)


class Prepared:
    """What all replications of a scenario share, so that it is checked and compiled once."""

    def __init__(self, scenario: Scenario, thresholds: list[int] | None = None) -> None:
        """`thresholds` in milliseconds, by traffic, in place of the queues' own."""
        self.scenario = scenario
        self.names = Names()
        routing = routing_of(scenario)
        self.settings = compile_settings(routing, self.names)
        self.admitting = Admitting(routing, scenario.traffic, self.names)
        self.agents = (c.FIRST_INTERNED, len(self.settings.agents))
        self.kinds = self._kinds()
        self.elsewhere = [self.admitting.elsewhere(kind) for kind in range(len(self.kinds))]
        self.interval = in_ms(scenario.interval_s)
        self.intervals = -(-in_ms(scenario.horizon_s) // self.interval)
        self.plan = duty_plan(scenario)
        self.expected_asks = expected_asks(scenario)
        levels = {queue.queue_id: queue.service_level_s for queue in scenario.routing.queues}
        self.thresholds = thresholds or [in_ms(levels[traffic.queue]) for traffic in scenario.traffic]

    def _kinds(self) -> list[Kind]:
        kinds: list[Kind] = []
        for number, traffic in enumerate(self.scenario.traffic):
            queue = self.names.queues.id(traffic.queue)
            channel = c.CHANNELS.index(traffic.channel)
            for _ in range(max(1, len(traffic.kinds))):
                priority, needs, _ = self.admitting.first(len(kinds))
                kinds.append((number, queue, channel, priority, needs))
        return kinds

    def counters(self) -> Counters:
        """Empty sums for one replication, by kind too where the scenario names kinds."""
        found = Counters(self.interval, self.intervals, [kind[0] for kind in self.kinds], self.thresholds)
        if kind_names(self.scenario):
            thresholds = [self.thresholds[kind[0]] for kind in self.kinds]
            found.kinds = Counters(self.interval, self.intervals, list(range(len(self.kinds))), thresholds)
        return found

    def world(self, seed: int, replication: int) -> World:
        """A fresh world; nothing has happened in it yet."""
        engine = Engine(_numbers())
        # Queues are the engine's own records, which it changes: each world compiles its own.
        configure(engine, compile_settings(routing_of(self.scenario), self.names))
        chance = _chance(self.scenario.traffic, seed, replication)
        shift = shift_for(4 * self.expected_asks, in_ms(self.scenario.horizon_s))
        world = World(engine, self.kinds, chance, self.agents, shift)
        places = self.scenario.waiting_places
        world.limit_lines(self.scenario.lines, -1 if places is None else places)
        world.plan_duty(self.plan, in_ms(self.scenario.back_after_s))
        if any(self.elsewhere):
            world.ask_elsewhere(self.elsewhere)
        world.bring(self._brings(seed, replication), self.admitting.again if self.admitting.gives_again else None)
        return world

    def _brings(self, seed: int, replication: int) -> list[Brings | None]:
        """What each kind brings beside priority and needs, None where it is nothing."""
        found: list[Brings | None] = []
        firsts = _first_agents(self.scenario)
        for kind in (kind for traffic in self.scenario.traffic for kind in traffic.kinds or (None,)):
            number = len(found)
            preferred = self.admitting.first(number)[2]
            own = kind.own_agent if kind is not None else None
            chosen = None
            if own is not None:
                source = draws.generator(seed, replication, draws.OWN_AGENT, number)
                chosen = draws.chosen(source, own.share, *firsts[own.group])
            brings = Brings(preferred, chosen, self.admitting.keep_ms(number))
            found.append(brings if preferred or own is not None else None)
        return found


def kind_names(scenario: Scenario) -> dict[int, tuple[str, str]]:
    """Queue and name of the kinds of callers that have a name, by the kind's number."""
    kinds = [
        (traffic.queue, kind.name if kind else "") for traffic in scenario.traffic for kind in traffic.kinds or (None,)
    ]
    return {number: kind for number, kind in enumerate(kinds) if kind[1]}


def _first_agents(scenario: Scenario) -> dict[str, tuple[int, int]]:
    """The engine's id of each group's first agent, and how many there are."""
    found: dict[str, tuple[int, int]] = {}
    agent = c.FIRST_INTERNED
    for group in scenario.groups:
        found[group.id] = (agent, group.count)
        agent += group.count
    return found


def _numbers() -> Callable[[int], int]:
    """Numbers for the engine's offers and interactions, whatever the family.

    `next` takes the family for the default at the end, which never comes: so no function of ours is called for it."""
    return partial(next, count(1))


def _chance(traffic: tuple[Traffic, ...], seed: int, replication: int) -> Chance:
    """The streams of chance. Queues with equal distributions share one: few streams stay in the processor's cache."""
    streams: dict[tuple[int, Distribution], Iterator[int]] = {}

    def lengths(purpose: int, number: int, of: Distribution) -> Iterator[int]:
        key = (purpose, of)
        if key not in streams:
            streams[key] = draws.lengths(draws.generator(seed, replication, purpose, number), of)
        return streams[key]

    numbered = list(enumerate(traffic))
    rings = [lengths(draws.RING, n, t.ring or _NO_TIME) for n, t in numbered]
    return Chance(
        [lengths(draws.TALK, n, t.talk) for n, t in numbered],
        [lengths(draws.WRAP_UP, n, t.wrap_up or _NO_TIME) for n, t in numbered],
        rings if any(t.ring for t in traffic) else None,
        [lengths(draws.PATIENCE, n, t.patience) if t.patience else None for n, t in numbered],
        [
            _sometimes(draws.RETRY, n, t.retry.probability, t.retry.after, seed, replication) if t.retry else None
            for n, t in numbered
        ],
        [
            _sometimes(draws.CALL_BACK, n, t.call_back.acceptance, t.call_back.after, seed, replication)
            if t.call_back
            else None
            for n, t in numbered
        ],
        [
            _sometimes(draws.REACH, n, t.call_back.reach if t.call_back else 1.0, _NO_TIME, seed, replication)
            for n, t in numbered
        ],
    )


def _sometimes(
    purpose: int, number: int, probability: float, after: Distribution, seed: int, replication: int
) -> Iterator[int]:
    return draws.sometimes(draws.generator(seed, replication, purpose, number), probability, after)


def duty_plan(scenario: Scenario) -> list[tuple[int, int, int]]:
    """(time, step, agent) in order of time: shifts, pauses, and sites that fail and come back."""
    plan: list[tuple[int, int, int]] = []
    agent = c.FIRST_INTERNED
    for group in scenario.groups:
        failures = [failure for failure in scenario.failures if failure.site == group.site]
        for number in range(group.count):
            for from_s, to_s in group.shifts or ((0.0, None),):
                plan.append((in_ms(from_s), duty.ARRIVE, agent))
                if to_s is not None:
                    plan.append((in_ms(to_s), duty.GO_HOME, agent))
            for pause in group.pauses:
                begin = pause.at_s + pause.spread_s * number / group.count
                plan += [(in_ms(begin), duty.PAUSE, agent), (in_ms(begin + pause.length_s), duty.RESUME, agent)]
            for failure in failures:
                plan += [(in_ms(failure.from_s), duty.LOSE, agent), (in_ms(failure.to_s), duty.RESTORE, agent)]
            agent += 1
    return sorted(plan)
