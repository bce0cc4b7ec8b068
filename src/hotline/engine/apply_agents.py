"""What events make of agents: presence, state, place among the idle; and of what says who is able."""

from hotline.engine import codes as c
from hotline.engine.codes import AVAILABLE, AWAY, NO_REASON
from hotline.engine.records import Agent, Profile
from hotline.engine.world import Applier, Event, World

_SCALE = 10_000


def _agent_signed_in(world: World, event: Event) -> None:
    _, at, agent_id, session, seat_site = event
    agent = world.agents[agent_id]
    if agent.session:
        world.released.append((c.SESSIONS, agent.session))
    if agent.state == c.SIGNED_OUT:
        start_idle_clock(world, agent, at)
        agent.signed_in_ms = at
        agent.busy_ms = 0
        agent.served = _served_by_others(world, agent)
    agent.session = session
    agent.is_connected = True
    work_at(world, agent, seat_site)
    world.board.place(agent)


def work_at(world: World, agent: Agent, seat_site: int) -> None:
    """The agent works at the site of their seat, without one (0) at their team's."""
    agent.site = seat_site or agent.team_site
    agent.is_site_down = agent.site in world.sites_down
    if agent.profile.site != site_in_rings(world, agent.site):
        profile_anew(world, agent)


def site_in_rings(world: World, site: int) -> int:
    """The site as agents' profiles have it: 0 where no ring names it."""
    return site if site in world.ring_sites else 0


def _agent_moved_seat(world: World, event: Event) -> None:
    agent = world.agents[event[2]]
    work_at(world, agent, event[3])
    world.board.place(agent)


def _served_by_others(world: World, agent: Agent) -> int:
    """With how many conversations behind them the agent begins: where contacts are shared out by weight, as many as
    colleagues of the same queues have had by the mean, or whoever comes late would have every contact."""
    queues = [queue for queue in world.queues.values() if queue.choice == c.WEIGHTED]
    queues = [queue for queue in queues if agent.profile.could_take(queue, ())]
    if not queues:
        return 0
    colleagues: dict[Profile, bool] = {}
    total = many = 0
    for other in world.agents.values():
        if other.state != c.SIGNED_OUT and other is not agent:
            profile = other.profile
            if profile not in colleagues:
                colleagues[profile] = any(profile.could_take(queue, ()) for queue in queues)
            if colleagues[profile]:
                total += other.served * _SCALE // other.weight
                many += 1
    return total * agent.weight // (many * _SCALE) if many else 0


def _agent_signed_out(world: World, event: Event) -> None:
    agent = world.agents[event[2]]
    if agent.session:
        world.released.append((c.SESSIONS, agent.session))
    agent.session = 0
    agent.is_connected = False
    agent.desired = c.SIGNED_OUT
    work_at(world, agent, 0)
    world.board.place(agent)


def _agent_state_changed(world: World, event: Event) -> None:
    agent = world.agents[event[2]]
    state = agent.state = event[3]
    reason = agent.reason = event[4]
    agent.since_ms = event[1]
    if AVAILABLE < state < AWAY:  # offered, busy, wrap-up: the wish stays
        return
    if state == AVAILABLE:
        agent.desired_reason = NO_REASON
        agent.desired_actor = 0
        if agent.desired != AVAILABLE:
            agent.desired = AVAILABLE
            world.board.place(agent)
    elif (state == AWAY and reason != c.CONNECTION_LOST_REASON) or state == c.SIGNED_OUT:
        agent.desired = state
        agent.desired_reason = reason
        agent.desired_actor = 0
        world.board.unplace(agent)


def _agent_state_requested(world: World, event: Event) -> None:
    agent = world.agents[event[2]]
    agent.desired = event[3]
    agent.desired_reason = event[4]
    agent.desired_actor = event[5]
    world.board.place(agent)


def _agent_connection_lost(world: World, event: Event) -> None:
    agent = world.agents[event[2]]
    agent.is_connected = False
    world.board.unplace(agent)


def _agent_connection_restored(world: World, event: Event) -> None:
    agent = world.agents[event[2]]
    agent.is_connected = True
    world.board.place(agent)


def start_idle_clock(world: World, agent: Agent, at: int) -> None:
    """Count the agent's idle time from now on."""
    world.order += 1
    agent.idle_since_ms = at
    agent.idle_order = world.order


def _agent_skill_lapsed(world: World, event: Event) -> None:
    agent = world.agents[event[2]]
    if event[3] not in agent.lapsed:  # older logs say it again after each configuration
        agent.lapsed.append(event[3])
    profile_anew(world, agent)


def profile_anew(world: World, agent: Agent) -> None:
    """Give the agent the profile of the configuration without lapsed skills, with those borrowed for ladders, and of
    the site where they work now."""
    tenants, skills, capacity, groups, takes, _ = agent.standing.key
    levels = dict(skills)
    for skill in agent.lapsed:
        levels.pop(skill, None)
    for ladder in world.ladders.values():
        for tier in ladder.tiers:
            if tier.step == c.TIER_STARTED and agent.id in tier.members:
                for skill, level in tier.skills:
                    if skill not in agent.lapsed:  # nobody is lent what they must no longer do
                        levels[skill] = max(level, levels.get(skill, 0))
    was_idle = bool(agent.ticket)
    world.board.unplace(agent)
    site = site_in_rings(world, agent.site)
    agent.profile = world.board.profile((tenants, tuple(sorted(levels.items())), capacity, groups, takes, site))
    if was_idle:
        world.board.place(agent)


def _site_marked(world: World, event: Event) -> None:
    _, _, site, is_down, _ = event
    if is_down:
        world.sites_down[site] = None
    else:
        world.sites_down.pop(site, None)
    for agent in world.agents.values():
        if agent.site == site:
            agent.is_site_down = bool(is_down)
            if is_down:
                world.board.unplace(agent)
            else:
                world.board.place(agent)


def _disaster_mode_set(world: World, event: Event) -> None:
    _, _, queue, is_on, _ = event
    if is_on:
        world.disasters[queue] = None
    else:
        world.disasters.pop(queue, None)
    world.queues[queue].is_disaster = bool(is_on)


def _tier_moved(world: World, event: Event) -> None:
    ladder = world.ladders.get(event[2])
    if ladder is None:
        return
    for tier in ladder.tiers:
        if tier.id == event[3]:
            step = event[4]
            tier.step = step if step in (c.TIER_CALLED, c.TIER_STARTED) else c.TIER_OFF
            tier.until_ms = event[9] if step == c.TIER_CALLED else 0
            tier.keep_until_ms = event[10] if tier.step != c.TIER_OFF else 0
            tier.since_ms = -1
            if step != c.TIER_CALLED:
                for id in tier.members:
                    member = world.agents.get(id)
                    if member is not None:
                        profile_anew(world, member)


APPLIERS: dict[int, Applier] = {
    c.AGENT_SIGNED_IN: _agent_signed_in,
    c.AGENT_SIGNED_OUT: _agent_signed_out,
    c.AGENT_MOVED_SEAT: _agent_moved_seat,
    c.AGENT_STATE_CHANGED: _agent_state_changed,
    c.AGENT_STATE_REQUESTED: _agent_state_requested,
    c.AGENT_CONNECTION_LOST: _agent_connection_lost,
    c.AGENT_CONNECTION_RESTORED: _agent_connection_restored,
    c.AGENT_SKILL_LAPSED: _agent_skill_lapsed,
    c.SITE_MARKED: _site_marked,
    c.DISASTER_MODE_SET: _disaster_mode_set,
    c.TIER_MOVED: _tier_moved,
}
