"""Supervisors listen, whisper and join; only where a conversation is, and at most one conversation at a time."""

from hotline.engine import codes as c
from hotline.engine.conversations import agent_of
from hotline.engine.core import Engine
from hotline.engine.errors import CallsOnlyError, MonitoringUnknownError, NotYourMonitoringError, WrongStateError
from hotline.engine.work import Monitoring


def start_monitoring(engine: Engine, at: int, monitoring: int, supervisor: int, agent: int, mode: int) -> None:
    """Monitor the agent's call, whatever they write beside it. The same monitoring again: nothing."""
    if monitoring in engine.monitorings:
        return
    talks = agent_of(engine, agent).talks
    if not talks:
        raise WrongStateError(problem="the agent is not in conversation; wait for the next one")
    if any(one.supervisor == supervisor for one in engine.monitorings.values()):
        raise WrongStateError(problem="you are monitoring another conversation; stop that first")
    contacts = [engine.interactions[id].contact for id in talks]
    call = next((contact for contact in contacts if contact.is_call()), None)
    if call is None:
        raise CallsOnlyError
    engine.emit((c.MONITORING_STARTED, at, monitoring, supervisor, agent, call.id, mode))


def change_monitoring(engine: Engine, at: int, monitoring: int, supervisor: int, mode: int) -> None:
    """Listen, whisper or barge from now on. The same mode again: nothing."""
    found = _own(engine, monitoring, supervisor)
    if found.mode != mode:
        engine.emit((c.MONITORING_CHANGED, at, monitoring, mode, found.contact))


def stop_monitoring(engine: Engine, at: int, monitoring: int, supervisor: int) -> None:
    """Stop listening. Stopped already: nothing."""
    if monitoring in engine.monitorings:
        found = _own(engine, monitoring, supervisor)
        engine.emit((c.MONITORING_STOPPED, at, monitoring, c.C_STOPPED, found.contact))


def end_monitoring(engine: Engine, at: int, monitoring: int) -> None:
    """The supervisor's leg is gone. Stopped already: nothing."""
    found = engine.monitorings.get(monitoring)
    if found is not None:
        engine.emit((c.MONITORING_STOPPED, at, monitoring, c.C_LEG_ENDED, found.contact))


def _own(engine: Engine, monitoring: int, supervisor: int) -> Monitoring:
    found = engine.monitorings.get(monitoring)
    if found is None:
        raise MonitoringUnknownError
    if found.supervisor != supervisor:
        raise NotYourMonitoringError
    return found
