"""What a window may ask for, by whom, with which arguments."""

import dataclasses
import inspect
from typing import Any, get_args

import pytest

from hotline.live.gateway.actions import RULES, command_of
from hotline.live.gateway.errors import BadArgumentsError, ForbiddenActionError, NotAnAgentError, UnknownActionError
from hotline.live.gateway.presence import session_of
from hotline.live.gateway.viewer import Viewer
from hotline.messages import routing
from hotline.messages.live import Do

NOW_MS = 1_772_000_000_000
EVERYTHING = frozenset(
    {"desk.use", "floor.view", "floor.monitor", "floor.force_state", "floor.handle_alarms", "floor.steer"}
)
ANN = Viewer("user-ann", "agent-ann", dict.fromkeys(EVERYTHING, frozenset({"shibei"})), "Ann", NOW_MS + 300_000)
SESSION = session_of("window-1")
ARGUMENTS: dict[str, dict[str, Any]] = {
    "SetAgentState": {"state": "away", "reason_id": "lunch"},
    "AcceptOffer": {"offer_id": "o"},
    "RefuseOffer": {"offer_id": "o", "reason_id": None},
    "HoldContact": {"contact_id": "c"},
    "RetrieveContact": {"contact_id": "c"},
    "HangUpContact": {"contact_id": "c"},
    "StartTransfer": {"contact_id": "c", "kind": "blind", "target_kind": "number", "target": "azE6AbC_-=="},
    "CompleteTransfer": {"transfer_id": "t"},
    "CancelTransfer": {"transfer_id": "t"},
    "MergeTransfer": {"transfer_id": "t"},
    "ExtendWrapUp": {"contact_id": "c", "extend_s": 30},
    "FinishWrapUp": {"contact_id": "c"},
    "SettleCallback": {"contact_id": "c", "is_done": True},
    "ForceAgentState": {"agent_id": "agent-bob", "state": "away", "reason": "meeting"},
    "StartMonitoring": {"agent_id": "agent-bob", "mode": "listen"},
    "ChangeMonitoring": {"monitoring_id": "m", "mode": "barge"},
    "StopMonitoring": {"monitoring_id": "m"},
    "SignIn": {"seat_id": "seat-7"},
    "MarkSeat": {"seat_id": "seat-7", "is_broken": True, "reason": "headset"},
    "MarkSite": {"site_id": "nanjing", "is_down": True},
    "SetDisasterMode": {"queue_id": "repair", "is_on": True},
    "CallTier": {"tier_id": "tier-1", "keep_until_ms": NOW_MS + 3_600_000},
    "StandDownTier": {"tier_id": "tier-1"},
    "CancelCallback": {"contact_id": "c"},
    "TakeAlarm": {"alarm_id": "a"},
    "AcknowledgeAlarm": {"alarm_id": "a"},
    "SilenceAlarm": {"alarm_id": "a", "reason": "known_cause"},
}


def do(name: str, viewer: Viewer = ANN, request_id: str = "r-1", **arguments: Any) -> Any:
    return command_of(Do(id=request_id, name=name, arguments=arguments), viewer, SESSION, NOW_MS)


@pytest.mark.parametrize("name", sorted(RULES))
def test_each_action_becomes_its_command_in_the_name_of_who_asks(name: str) -> None:
    command = do(name, **ARGUMENTS.get(name, {}))
    assert type(command).__name__ == name
    assert command.at_ms == NOW_MS
    assert command.command_id == "user-ann/r-1"
    if RULES[name].is_own:
        assert command.agent_id == "agent-ann"
    else:
        assert command.supervisor_id == "user-ann"
    for field, value in ARGUMENTS.get(name, {}).items():
        assert getattr(command, field) == value


def test_only_agents_and_supervisors_commands_can_be_asked_for() -> None:
    every = {command.__name__ for command in get_args(routing.RoutingCommand)}
    assert set(RULES) < every
    for name in every - set(RULES):
        with pytest.raises(UnknownActionError):
            do(name)
    of_the_house = {"EnqueueContact", "EndContact", "ApplyConfiguration", "ReconcileNode", "LoseAgentConnection"}
    assert of_the_house <= every - set(RULES)


@pytest.mark.parametrize("name", sorted(RULES))
def test_without_the_permission_nothing_is_done(name: str) -> None:
    left = {held: where for held, where in ANN.grants.items() if held != RULES[name].permission}
    powerless = dataclasses.replace(ANN, grants=left)
    with pytest.raises(ForbiddenActionError):
        do(name, powerless, **ARGUMENTS.get(name, {}))


@pytest.mark.parametrize("name", sorted(name for name, rule in RULES.items() if rule.is_own))
def test_nobody_acts_for_another_agent(name: str) -> None:
    with pytest.raises(BadArgumentsError):
        do(name, **ARGUMENTS.get(name, {}), agent_id="agent-bob")
    with pytest.raises(NotAnAgentError):
        do(name, dataclasses.replace(ANN, agent_id=None), **ARGUMENTS.get(name, {}))


@pytest.mark.parametrize("field", ["supervisor_id", "command_id", "at_ms", "type", "monitoring_id"])
def test_what_the_gateway_fills_in_cannot_be_given(field: str) -> None:
    with pytest.raises(BadArgumentsError):
        do("StartMonitoring", ANN, "r-1", agent_id="agent-bob", mode="listen", **{field: "forged"})


def test_the_same_request_makes_the_same_ids_and_others_make_others() -> None:
    arguments = ARGUMENTS["StartTransfer"]
    first, again, other = (do("StartTransfer", request_id=name, **arguments) for name in ("r-1", "r-1", "r-2"))
    assert first == again
    assert len({first.transfer_id, other.transfer_id}) == len({first.command_id, other.command_id}) == 2
    bob = do("StartTransfer", dataclasses.replace(ANN, user_id="user-bob"), **arguments)
    assert bob.transfer_id != first.transfer_id
    assert bob.command_id != first.command_id


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("HoldContact", {}),
        ("HoldContact", {"contact_id": 7}),
        ("HoldContact", {"contact_id": ["c"]}),
        ("SetAgentState", {"state": "busy"}),
        ("SetAgentState", {"state": "away", "reason_id": "the dentist at 3"}),
        ("ForceAgentState", {"agent_id": "agent-bob", "state": "away", "reason": "王兰病了"}),
        ("StartTransfer", {"contact_id": "c", "kind": "blind", "target_kind": "number", "target": "+8613900000000"}),
        ("ExtendWrapUp", {"contact_id": "c", "extend_s": 0}),
        ("ExtendWrapUp", {"contact_id": "c", "extend_s": 10**9}),
        ("ExtendWrapUp", {"contact_id": "c", "extend_s": "30"}),
        ("StartMonitoring", {"agent_id": "agent-bob", "mode": "record"}),
        ("MarkSite", {"site_id": "nanjing", "is_down": "yes"}),
        ("SetDisasterMode", {"queue_id": "repair"}),
    ],
)
def test_bad_arguments_are_refused_with_their_name(name: str, arguments: dict[str, Any]) -> None:
    with pytest.raises(BadArgumentsError, match=name):
        do(name, **arguments)


@pytest.mark.parametrize("request_id", ["", "x" * 65, "a b", "a/b"])
def test_a_request_id_that_could_be_taken_for_anothers_is_refused(request_id: str) -> None:
    with pytest.raises(BadArgumentsError):
        do("SignOut", request_id=request_id)


def test_signing_in_names_the_window_that_takes_the_phone() -> None:
    assert do("SignIn").session_id == SESSION


def test_every_rule_lists_fields_that_its_command_has() -> None:
    for rule in RULES.values():
        fields = set(inspect.signature(rule.command).parameters)
        assert rule.arguments | ({rule.made_id} if rule.made_id else set()) <= fields
