"""Cost of the routing engine: microseconds per event and matches per second, core and with messages.

    python benchmarks/engine_decide.py [--calls N] [--queues N] [--profiles N] [--load 0.97] [--compiled]

The world: skilled queues, agents in skill profiles, Poisson calls at a share of capacity, ring, talk, wrap-up. It is
played once to write down what it asks of the engine; then only that is timed, garbage collection included. The core is
what the simulator drives; the router adds messages and external ids, which is what the switch pays. With --compiled
mypyc compiles the core into a directory for this run alone; the boundary stays as it is."""

import argparse
import gc
import heapq
import math
import random
import sys
import time
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

from _compiled import run_compiled
from _prototype_matcher import Prototype

from hotline.engine import arrivals, conversations, offers, presence
from hotline.engine import codes as c
from hotline.engine.boundary import Router
from hotline.engine.configuring import configure
from hotline.engine.core import Engine
from hotline.engine.records import Queue
from hotline.engine.settings import AgentSettings, Settings
from hotline.engine.timers import fire_due, next_due_ms
from hotline.messages import routing as m
from hotline.messages.configuration import AgentConfiguration, QueueConfiguration, RoutingConfiguration

RING_MS, TALK_MS, WRAP_MS = 4_000, 180_000, 30_000
QUEUES_PER_PROFILE = 4
GRID_AGENTS = (16, 200, 1_800, 10_000)
GRID_QUEUES = (1, 10, 60, 200)
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7")
TARGET_US = 4.0
TARGET_COMPILED_US = 2.0
PEER = "prototype without ladders, 3.6 µs per event interpreted, 2 µs compiled"
Rule = Callable[..., None]
CALL, ANSWER, END, FINISH = range(4)


class World:
    """Arrivals and durations, drawn before the clock starts."""

    def __init__(self, agents: int, queues: int, profiles: int, load: float, calls: int) -> None:
        draw = random.Random(7)
        self.agents, self.queues = agents, queues
        each = min(QUEUES_PER_PROFILE, queues)
        kinds = [sorted(draw.sample(range(queues), each)) for _ in range(profiles)]
        for index in range(queues):  # every queue is served by somebody
            if index // each < profiles:
                kinds[index // each] = sorted({*kinds[index // each][: each - 1], index})
        self.skills = [kinds[index % profiles] for index in range(agents)]
        served = sorted({queue for kind in self.skills for queue in kind})
        gap_ms = (RING_MS + TALK_MS + WRAP_MS) / (agents * load)
        at = 0.0
        self.calls: list[tuple[int, int]] = []
        for _ in range(calls):
            at += draw.expovariate(1 / gap_ms)
            self.calls.append((round(at) + 1, draw.choice(served)))
        self.ring = [round(draw.uniform(1_000, 2 * RING_MS - 1_000)) for _ in range(calls)]
        self.talk = [round(draw.expovariate(1 / TALK_MS)) for _ in range(calls)]
        self.wrap = [round(draw.uniform(0, 2 * WRAP_MS)) for _ in range(calls)]


def new_core(world: World) -> Engine:
    """An engine whose agents are all available."""
    ids = count(1)
    engine = Engine(lambda family: next(ids))
    queues = [Queue(q + 1, 1, ((q + 1, 1),), 0, 600_000, 3_600_000) for q in range(world.queues)]
    people = [
        AgentSettings(a + 1, (1,), tuple((q + 1, 5) for q in world.skills[a]), ((c.VOICE, 1),))
        for a in range(world.agents)
    ]
    configure(engine, Settings(1, queues, people))
    for a in range(world.agents):
        presence.sign_in(engine, a % 1000, a + 1, a + 1)
        presence.set_state(engine, a % 1000, a + 1, c.AVAILABLE, c.NO_REASON)
    engine.take()
    return engine


def core_script(world: World) -> list[tuple[int, Rule, tuple[Any, ...]]]:
    """The rules that the random world calls, found by playing it once; playing them again gives the same events."""
    engine = new_core(world)
    script: list[tuple[int, Rule, tuple[Any, ...]]] = []
    agenda = Agenda(world)
    holder: dict[int, int] = {}
    for at, what, k in agenda:
        if what == CALL:
            step: tuple[Rule, tuple[Any, ...]] = (
                arrivals.enqueue_contact,
                (k + 1, world.calls[k][1] + 1, c.VOICE, 0, at, ()),
            )
        elif what == ANSWER:
            step = (offers.answer_offer, (holder[k],))
        elif what == END:
            step = (arrivals.end_contact, (k + 1, c.BY_CALLER, c.C_NONE))
        else:
            step = (conversations.finish_wrap_up, (holder[k], k + 1))
        script.append((at, *step))
        engine.now_ms = at
        step[0](engine, at, *step[1])
        for event in engine.take():
            if event[0] == c.CONTACT_OFFERED:
                holder[event[3] - 1] = event[2]
                agenda.add(at + world.ring[event[3] - 1], ANSWER, event[3] - 1)
            elif event[0] == c.CONTACT_CONNECTED:
                holder[k] = event[5]
                agenda.add(at + world.talk[k], END, k)
            elif event[0] == c.WRAP_UP_STARTED:
                agenda.add(at + world.wrap[k], FINISH, k)
    return script


def run_core(world: World) -> tuple[int, int, float]:
    """(events, matches, CPU seconds) of the core alone."""
    script = core_script(world)
    engine = new_core(world)
    events = matches = 0
    _settle_memory()
    started = time.process_time()
    for at, rule, fields in script:
        engine.now_ms = at
        rule(engine, at, *fields)
        out = engine.take()
        events += len(out)
        if rule is not arrivals.end_contact and out[-1][0] == c.AGENT_STATE_CHANGED and out[-1][3] == c.OFFERED:
            matches += 1
        engine.released.clear()
        if next_due_ms(engine) == at:  # as the shell asks after every command
            fire_due(engine)
    return events, matches, time.process_time() - started


def _settle_memory() -> None:
    """What was made before does not concern the garbage collector while the clock runs."""
    gc.collect()
    gc.freeze()


class Agenda:
    """What the random world does next, in order of time."""

    def __init__(self, world: World) -> None:
        self._order = count(len(world.calls))
        self._heap = [(at, k, CALL, k) for k, (at, _) in enumerate(world.calls)]

    def __iter__(self) -> Iterator[tuple[int, int, int]]:
        while self._heap:
            at, _, what, k = heapq.heappop(self._heap)
            yield at, what, k

    def add(self, at: int, what: int, k: int) -> None:
        heapq.heappush(self._heap, (at, next(self._order), what, k))


def new_router(world: World, new_id: Callable[[], str]) -> Router:
    """A router whose agents are all available."""
    router = Router()
    queues = tuple(
        QueueConfiguration(
            queue_id=f"q{q}", tenant_id="t", name_zh="", name_en="", skills=((f"s{q}", 1),), offer_timeout_s=600
        )
        for q in range(world.queues)
    )
    people = tuple(
        AgentConfiguration(
            agent_id=f"a{a}",
            user_id=f"u{a}",
            tenant_ids=("t",),
            name="",
            team_id=None,
            skills=tuple((f"s{q}", 5) for q in world.skills[a]),
        )
        for a in range(world.agents)
    )
    configuration = RoutingConfiguration(version=1, queues=queues, agents=people)
    router.decide(m.ApplyConfiguration(command_id=new_id(), at_ms=0, configuration=configuration), 0, new_id)
    for a in range(world.agents):
        at = a % 1000
        router.decide(m.SignIn(command_id=new_id(), at_ms=at, agent_id=f"a{a}", session_id=f"x{a}"), at, new_id)
        router.decide(m.SetAgentState(command_id=new_id(), at_ms=at, agent_id=f"a{a}", state="available"), at, new_id)
    return router


def numbered_ids() -> Callable[[], str]:
    """Ids as long as real ones, the same in every run."""
    ids = count(1)
    return lambda: f"00000000-0000-7000-8000-{next(ids):012x}"


def router_script(world: World) -> list[m.RoutingCommand]:
    """The commands that the random world gives."""
    new_id = numbered_ids()
    router = new_router(world, new_id)
    script: list[m.RoutingCommand] = []
    agenda = Agenda(world)
    holder: dict[int, str] = {}
    for at, what, k in agenda:
        command = _command(world, at, what, k, holder, f"c{len(script)}")
        script.append(command)
        for event in router.decide(command, at, new_id):
            if isinstance(event, m.ContactOffered):
                offered = int(event.contact_id[1:])
                holder[offered] = event.offer_id
                agenda.add(at + world.ring[offered], ANSWER, offered)
            elif isinstance(event, m.ContactConnected):
                holder[k] = event.agent_id
                agenda.add(at + world.talk[k], END, k)
            elif isinstance(event, m.WrapUpStarted):
                agenda.add(at + world.wrap[k], FINISH, k)
    return script


def run_router(world: World) -> tuple[int, int, int, float]:
    """(commands, events, matches, CPU seconds) through messages."""
    script = router_script(world)
    new_id = numbered_ids()
    router = new_router(world, new_id)
    events = matches = 0
    _settle_memory()
    started = time.process_time()
    for command in script:
        out = router.decide(command, command.at_ms, new_id)
        router.next_due_ms()
        events += len(out)
        matches += len(out) > 1 and isinstance(out[-2], m.ContactOffered)
    return len(script), events, matches, time.process_time() - started


def _command(world: World, at: int, what: int, k: int, holder: dict[int, str], id: str) -> m.RoutingCommand:
    contact_id = f"k{k}"
    if what == CALL:
        return m.EnqueueContact(
            command_id=id,
            at_ms=at,
            contact_id=contact_id,
            tenant_id="t",
            queue_id=f"q{world.calls[k][1]}",
            node_id="n",
            asked_at_ms=at,
            arrived_at_ms=at,
        )
    if what == ANSWER:
        return m.AnswerOffer(command_id=id, at_ms=at, offer_id=holder[k])
    if what == END:
        return m.EndContact(command_id=id, at_ms=at, contact_id=contact_id, ended_by="caller", cause="x")
    return m.FinishWrapUp(command_id=id, at_ms=at, agent_id=holder[k], contact_id=contact_id)


def run_prototype(world: World) -> float:
    """Microseconds per event of the prototype in the same world, the best of three."""
    best = 0.0
    for _ in range(3):
        engine = Prototype(world.skills, world.queues)
        for agent in range(world.agents):
            engine.free(agent, 0)
        agenda = Agenda(world)
        script: list[tuple[int, int, int]] = []  # (at, call or -1, queue or agent)
        for at, what, k in agenda:
            out = engine.call(k, world.calls[k][1], at) if what == CALL else engine.free(k, at)
            script.append((at, k, world.calls[k][1]) if what == CALL else (at, -1, k))
            if len(out) > 1:
                _, call, agent, _ = out[1]
                agenda.add(at + world.ring[call] + world.talk[call] + world.wrap[call], FINISH, agent)
        engine = Prototype(world.skills, world.queues)
        for agent in range(world.agents):
            engine.free(agent, 0)
        events = 0
        _settle_memory()
        started = time.process_time()
        for at, call, other in script:
            events += len(engine.free(other, at) if call < 0 else engine.call(call, other, at))
        cost = (time.process_time() - started) / events * 1e6
        best = min(best or cost, cost)
    return best


def is_compiled() -> bool:
    """Whether the core runs compiled by mypyc."""
    return not sys.modules["hotline.engine.core"].__file__.endswith(".py")  # type: ignore[union-attr]


def core_cost(agents: int, queues: int, profiles: int, load: float, calls: int) -> tuple[float, float]:
    """(microseconds per event, matches per second) of the core: the best of three, since the machine is shared."""
    world = World(agents, queues, profiles, load, calls)
    runs = [run_core(world) for _ in range(3)]
    events, matches, spent = min(runs, key=lambda run: run[2])
    return spent / events * 1e6, matches / spent


def measured_grid(profiles: int, load: float, calls: int) -> dict[int, list[tuple[int, float]]]:
    """By number of queues: (agents, microseconds per event), printed as they come."""
    grid: dict[int, list[tuple[int, float]]] = {}
    for queues in GRID_QUEUES:
        for agents in GRID_AGENTS:
            mixes = 1 if queues == 1 else min(profiles, max(1, agents // 4))
            if queues > mixes * QUEUES_PER_PROFILE:
                continue  # so few agents cannot serve so many queues
            cost, _ = core_cost(agents, queues, mixes, load, max(calls, 2 * agents))
            print(f"{agents:6d} agents  {queues:3d} queues  {cost:5.2f} µs/event", flush=True)
            grid.setdefault(queues, []).append((agents, cost))
    return grid


def plot(grid: dict[int, list[tuple[int, float]]]) -> str:
    """An SVG: agents on a logarithmic axis, one line for each number of queues."""
    highest = max(cost for points in grid.values() for _, cost in points) * 1.15

    def x(agents: int) -> float:
        return 60 + 540 * math.log(agents / GRID_AGENTS[0]) / math.log(GRID_AGENTS[-1] / GRID_AGENTS[0])

    def y(cost: float) -> float:
        return 270 - 240 * cost / highest

    parts = [
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 720 320" font-family="sans-serif" font-size="12">',
        '<rect width="720" height="320" fill="#fff"/>',
        '<text x="60" y="18">routing engine: CPU µs per event, decide and apply, 97 % load</text>',
    ]
    for agents in GRID_AGENTS:
        parts.append(f'<line x1="{x(agents):.0f}" x2="{x(agents):.0f}" y1="30" y2="270" stroke="#ddd"/>')
        parts.append(f'<text x="{x(agents):.0f}" y="290" text-anchor="middle">{agents:,} agents</text>')
    for step in range(int(highest * 2) + 1):
        parts.append(f'<line x1="60" x2="600" y1="{y(step / 2):.0f}" y2="{y(step / 2):.0f}" stroke="#eee"/>')
        parts.append(f'<text x="52" y="{y(step / 2) + 4:.0f}" text-anchor="end">{step / 2:.1f}</text>')
    for row, ((queues, points), colour) in enumerate(zip(grid.items(), COLOURS, strict=False)):
        way = " ".join(f"{x(agents):.1f},{y(cost):.1f}" for agents, cost in points)
        parts.append(f'<polyline points="{way}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts += [f'<circle cx="{x(a):.1f}" cy="{y(cost):.1f}" r="3" fill="{colour}"/>' for a, cost in points]
        label = f"{queues} queue{'s' if queues > 1 else ''}"
        parts.append(f'<text x="630" y="{50 + 20 * row}" fill="{colour}">{label}</text>')
    return "\n".join([*parts, "</svg>"]) + "\n"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--calls", type=int, default=20_000)
    parser.add_argument("--queues", type=int, default=60)
    parser.add_argument("--profiles", type=int, default=150)
    parser.add_argument("--load", type=float, default=0.97)
    parser.add_argument("--plot", help="write cost per event by agents and queues into this SVG, and nothing else")
    parser.add_argument("--compiled", action="store_true", help="with the core compiled by mypyc")
    given = parser.parse_args()
    if given.compiled and not is_compiled():
        return run_compiled([__file__, *sys.argv[1:]]).returncode
    if given.plot:
        Path(given.plot).write_text(plot(measured_grid(given.profiles, given.load, given.calls)))
        return 0
    target = TARGET_COMPILED_US if is_compiled() else TARGET_US
    print(f"routing engine, {'compiled' if is_compiled() else 'interpreted'}; CPU time, {given.load:.0%} load")
    peer = run_prototype(World(1_800, given.queues, given.profiles, given.load, given.calls))
    print(f"peer: {PEER}; now on this machine: {peer:.2f} µs interpreted, matching alone")
    print("agents  queues  profiles  µs/event  matches per CPU second")
    reached = 0.0
    for agents in (16, 200, 1_800, 10_000):
        profiles = min(given.profiles, max(1, agents // 4))
        cost, rate = core_cost(agents, given.queues, profiles, given.load, max(given.calls, 4 * agents))
        reached = cost if agents == 1_800 else reached
        print(f"{agents:6d}  {given.queues:6d}  {profiles:8d}  {cost:8.2f}  {rate:10,.0f}")
    print("queues at 1,800 agents:")
    for queues in (1, 10, 60, 200):
        profiles = 1 if queues == 1 else given.profiles
        cost, rate = core_cost(1_800, queues, profiles, given.load, given.calls)
        print(f"{1_800:6d}  {queues:6d}  {profiles:8d}  {cost:8.2f}  {rate:10,.0f}")
    world = World(1_800, given.queues, given.profiles, given.load, given.calls // 2)
    commands, events, matches, spent = run_router(world)
    print(
        f"with messages (Router): {spent / events * 1e6:.2f} µs/event, {matches / spent:,.0f} matches and "
        f"{commands / spent:,.0f} decisions per CPU second"
    )
    verdict = "met" if reached <= target else "MISSED"
    print(
        f"core at 1,800 agents: {reached:.2f} µs/event, target ≤ {target:.0f}: {verdict}; "
        f"{reached / peer:.2f} times the prototype's, with every rule"
    )
    return 0 if reached <= target else 1


if __name__ == "__main__":
    sys.exit(main())
