"""Supervisors listen, whisper and join."""

import pytest

from hotline.engine.errors import MonitoringUnknownError, NotYourMonitoringError, WrongStateError
from hotline.messages import routing as m
from tests.unit.engine.centre import Centre, names, only


@pytest.fixture
def centre() -> Centre:
    """Ann talks with k1, bob is free."""
    centre = Centre()
    centre.enter("ann", "bob")
    centre.talk("k1")
    return centre


def start(centre: Centre, agent_id: str = "ann", id: str = "m1", by: str = "u-sue") -> tuple[m.RoutingEvent, ...]:
    return centre.do(m.StartMonitoring, monitoring_id=id, supervisor_id=by, agent_id=agent_id, mode="listen")


def test_monitoring_ends_with_the_conversation(centre: Centre) -> None:
    started = only(start(centre), m.MonitoringStarted)
    assert (started.contact_id, started.mode) == ("k1", "listen")
    assert start(centre) == ()
    events = centre.do(m.EndContact, contact_id="k1", ended_by="caller", cause="x")
    stopped = only(events, m.MonitoringStopped)
    assert (stopped.contact_id, stopped.cause) == ("k1", "interaction_ended")
    assert centre.router.monitorings() == ()


def test_monitoring_ends_when_the_agent_hands_the_customer_on(centre: Centre) -> None:
    start(centre)
    to = {"kind": "blind", "target_kind": "agent", "target": "bob"}
    events = centre.do(m.StartTransfer, transfer_id="x1", agent_id="ann", contact_id="k1", **to)
    assert "MonitoringStopped" in names(events)


def test_the_mode_changes_and_the_same_mode_is_nothing(centre: Centre) -> None:
    start(centre)
    change = {"monitoring_id": "m1", "supervisor_id": "u-sue", "mode": "whisper"}
    assert only(centre.do(m.ChangeMonitoring, **change), m.MonitoringChanged).mode == "whisper"
    assert centre.do(m.ChangeMonitoring, **change) == ()


def test_stopping_twice_is_nothing(centre: Centre) -> None:
    start(centre)
    stop = {"monitoring_id": "m1", "supervisor_id": "u-sue"}
    assert names(centre.do(m.StopMonitoring, **stop)) == ["MonitoringStopped"]
    assert centre.do(m.StopMonitoring, **stop) == ()
    assert centre.do(m.ReportMonitoringEnded, monitoring_id="m1") == ()
    with pytest.raises(MonitoringUnknownError):
        centre.do(m.ChangeMonitoring, mode="barge", **stop)


def test_the_supervisors_leg_going_ends_it(centre: Centre) -> None:
    start(centre)
    stopped = only(centre.do(m.ReportMonitoringEnded, monitoring_id="m1"), m.MonitoringStopped)
    assert stopped.cause == "leg_ended"


def test_only_conversations_are_monitored_one_at_a_time_by_their_own_supervisor(centre: Centre) -> None:
    before = centre.router.snapshot()
    with pytest.raises(WrongStateError, match="not in conversation"):
        start(centre, "bob")
    assert centre.router.snapshot() == before
    start(centre)
    with pytest.raises(WrongStateError, match="another conversation"):
        start(centre, id="m2")
    with pytest.raises(NotYourMonitoringError):
        centre.do(m.StopMonitoring, monitoring_id="m1", supervisor_id="u-tom")
    assert names(start(centre, id="m3", by="u-tom")) == ["MonitoringStarted"]
