"""Containment: the share of calls that end in the voice menu (IVR) without an agent.

What menus do not contain, people must carry; with a ceiling on people this says how much menus must do."""

from hotline.formulas.errors import require_count, require_not_negative, require_positive, require_ratio


def containment_ratio(ended_in_ivr: int, entered_ivr: int) -> float | None:
    """Calls ended in the IVR without an agent ÷ calls that entered it, 0–1; None when none entered.

    Raises InvalidParameterError for impossible counts."""
    require_count("entered_ivr", entered_ivr, 0)
    require_count("ended_in_ivr", ended_in_ivr, 0)
    require_count("entered_ivr", entered_ivr, ended_in_ivr)
    return ended_in_ivr / entered_ivr if entered_ivr else None


def needed_containment(calls: float, carried_by_agents: float) -> float:
    """The least share, 0–1, of calls that must be contained for agents to carry the rest; 0 when they carry all.

    Both over the same time, such as an hour. Raises InvalidParameterError."""
    require_positive("calls", calls)
    require_not_negative("carried_by_agents", carried_by_agents)
    return max(0.0, 1.0 - carried_by_agents / calls)


def carried_in_hours(agent_hours: float, handle_time_s: float, occupancy: float) -> float:
    """Calls that so many hours of agents at their posts carry when this share of the time, 0–1, is with customers.

    Raises InvalidParameterError."""
    require_not_negative("agent_hours", agent_hours)
    require_positive("handle_time_s", handle_time_s)
    require_ratio("occupancy", occupancy)
    return agent_hours * 3600.0 * occupancy / handle_time_s
