"""Dialogues as data: what a caller (later: a chat or SMS partner) hears and chooses before a person answers.

`read_flow` makes a checked flow from JSON; `start` and `advance` run it. Pure: neither clock nor channel."""

from hotline.flows.definition import Flow
from hotline.flows.errors import InvalidFlowError, Problem
from hotline.flows.interpreter import advance, start
from hotline.flows.schema import flow_schema
from hotline.flows.state import Context, FlowState, Turn
from hotline.flows.trial import TrialCall, try_call
from hotline.flows.validation import References, find_problems, read_flow

__all__ = [
    "Context",
    "Flow",
    "FlowState",
    "InvalidFlowError",
    "Problem",
    "References",
    "TrialCall",
    "Turn",
    "advance",
    "find_problems",
    "flow_schema",
    "read_flow",
    "start",
    "try_call",
]
