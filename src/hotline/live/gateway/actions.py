"""From a window's action to a routing command: what may be asked, by whom, with which arguments. Deny by default.

An agent acts only for themselves: `agent_id` comes from the token. Every argument is an id, a code, a number or a
sealed value, so that no free text ever enters the routing log."""

import re
from dataclasses import dataclass
from typing import Any
from uuid import NAMESPACE_OID, uuid5

import msgspec

from hotline.live.gateway.errors import BadArgumentsError, NotAnAgentError, UnknownActionError
from hotline.live.gateway.viewer import Viewer
from hotline.messages import routing
from hotline.messages.base import Command
from hotline.messages.live import Do
from hotline.messages.routing import RoutingCommand

_REQUEST_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_CODE = re.compile(r"[A-Za-z0-9_.:=-]{1,400}")
_LONGEST_EXTENSION_S = 600


@dataclass(frozen=True, slots=True)
class Rule:
    """What an action needs. `made_id` is the field that gets an id derived from the request's."""

    command: type[Command]
    permission: str
    is_own: bool
    arguments: frozenset[str]
    made_id: str | None = None


def _own(command: type[Command], *arguments: str, made_id: str | None = None) -> Rule:
    return Rule(command, "desk.use", True, frozenset(arguments), made_id)


def _supervising(command: type[Command], permission: str, *arguments: str, made_id: str | None = None) -> Rule:
    return Rule(command, permission, False, frozenset(arguments), made_id)


_RULES = (
    _own(routing.SignIn, "seat_id"),
    _own(routing.SignOut),
    _own(routing.SetAgentState, "state", "reason_id"),
    _own(routing.AcceptOffer, "offer_id"),
    _own(routing.RefuseOffer, "offer_id", "reason_id"),
    _own(routing.HoldContact, "contact_id"),
    _own(routing.RetrieveContact, "contact_id"),
    _own(routing.HangUpContact, "contact_id"),
    _own(routing.StartTransfer, "contact_id", "kind", "target_kind", "target", made_id="transfer_id"),
    _own(routing.CompleteTransfer, "transfer_id"),
    _own(routing.CancelTransfer, "transfer_id"),
    _own(routing.MergeTransfer, "transfer_id"),
    _own(routing.ExtendWrapUp, "contact_id", "extend_s"),
    _own(routing.FinishWrapUp, "contact_id"),
    _own(routing.SettleCallback, "contact_id", "is_done"),
    _supervising(routing.ForceAgentState, "floor.force_state", "agent_id", "state", "reason"),
    _supervising(routing.StartMonitoring, "floor.monitor", "agent_id", "mode", made_id="monitoring_id"),
    _supervising(routing.ChangeMonitoring, "floor.monitor", "monitoring_id", "mode"),
    _supervising(routing.StopMonitoring, "floor.monitor", "monitoring_id"),
    _supervising(routing.MarkSite, "floor.steer", "site_id", "is_down"),
    _supervising(routing.MarkSeat, "floor.steer", "seat_id", "is_broken", "reason"),
    _supervising(routing.SetDisasterMode, "floor.steer", "queue_id", "is_on"),
    _supervising(routing.CallTier, "floor.steer", "tier_id", "keep_until_ms"),
    _supervising(routing.StandDownTier, "floor.steer", "tier_id"),
    _supervising(routing.CancelCallback, "floor.steer", "contact_id"),
    _supervising(routing.TakeAlarm, "floor.handle_alarms", "alarm_id"),
    _supervising(routing.AcknowledgeAlarm, "floor.handle_alarms", "alarm_id"),
    _supervising(routing.SilenceAlarm, "floor.handle_alarms", "alarm_id", "reason"),
)
RULES: dict[str, Rule] = {rule.command.__name__: rule for rule in _RULES}


def command_of(action: Do, viewer: Viewer, window_id: str, now_ms: int) -> RoutingCommand:
    """The command that this person may send with this action; the same request gives the same ids again.

    Raises UnknownActionError, ForbiddenActionError, NotAnAgentError or BadArgumentsError."""
    rule = RULES.get(action.name)
    if rule is None:
        raise UnknownActionError(name=action.name[:60])
    viewer.require(rule.permission)
    if not _REQUEST_ID.fullmatch(action.id):
        raise BadArgumentsError(name=action.name, cause="its id must be 1 to 64 letters, digits, - or _")
    fields = _checked_arguments(action, rule, viewer)
    fields |= {"type": action.name, "command_id": f"{viewer.user_id}/{action.id}", "at_ms": now_ms}
    if rule.made_id:
        fields[rule.made_id] = str(uuid5(NAMESPACE_OID, f"{viewer.user_id}/{action.id}"))
    if rule.is_own:
        fields["agent_id"] = viewer.agent_id
    else:
        fields["supervisor_id"] = viewer.user_id
    if rule.command is routing.SignIn:
        fields["session_id"] = window_id
    return _converted(action.name, fields)


def _checked_arguments(action: Do, rule: Rule, viewer: Viewer) -> dict[str, Any]:
    if rule.is_own and viewer.agent_id is None:
        raise NotAnAgentError
    unknown = sorted(set(action.arguments) - rule.arguments)
    if unknown:
        raise BadArgumentsError(name=action.name, cause=f"it takes no {unknown[0][:40]}")
    for name, value in action.arguments.items():
        if isinstance(value, str) and not _CODE.fullmatch(value):
            raise BadArgumentsError(name=action.name, cause=f"{name} must be an id or a code")
    extension = action.arguments.get("extend_s", 1)
    if not (isinstance(extension, int) and 1 <= extension <= _LONGEST_EXTENSION_S):
        raise BadArgumentsError(name=action.name, cause=f"extend_s must be 1 to {_LONGEST_EXTENSION_S} seconds")
    return dict(action.arguments)


def _converted(name: str, fields: dict[str, Any]) -> RoutingCommand:
    try:
        command: RoutingCommand = msgspec.convert(fields, RoutingCommand)
    except msgspec.ValidationError as error:
        raise BadArgumentsError(name=name, cause=str(error)[:200]) from error
    return command
