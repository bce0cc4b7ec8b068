"""Whatever flow passes the checks, and whatever people do: it ends, or it waits for something."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from hotline.flows import Context, InvalidFlowError, advance, read_flow, start
from hotline.flows.interpreter import STEP_BUDGET
from hotline.flows.state import (
    Answered,
    Ask,
    CallerGone,
    End,
    Input,
    LeftQueue,
    LookedUp,
    LookUp,
    MessageTaken,
    Note,
    Queue,
    Say,
    SpeechFinished,
    TakeMessage,
    TimedOut,
    Transfer,
    TransferFailed,
)

IDS = [f"s{number}" for number in range(8)]
WAITING = (Say, Ask, LookUp, TakeMessage, Transfer)
ids = st.sampled_from(IDS)
speech = st.lists(
    st.sampled_from([{"prompt": "welcome"}, {"zh": "您好", "en": "Hello"}, {"digits": "value:n"}]),
    min_size=1,
    max_size=2,
)
comparison = st.sampled_from(
    [
        {"subject": "value:n", "operator": "more", "value": 5},
        {"subject": "time", "operator": "less", "value": "12:00"},
        {"subject": "segment", "operator": "is_known", "value": True},
    ]
)
steps: st.SearchStrategy[dict[str, Any]] = st.one_of(
    st.builds(lambda says, to: {"kind": "say", "messages": says, "next": to}, speech, ids),
    st.builds(
        lambda a, b, c, d, retries: {
            "kind": "menu",
            "messages": [{"prompt": "menu"}],
            "choices": {"1": a, "2": b},
            "if_invalid": c,
            "if_no_input": d,
            "retries": retries,
        },
        ids,
        ids,
        ids,
        ids,
        st.integers(0, 2),
    ),
    st.builds(
        lambda to, failed, secret: {
            "kind": "collect",
            "name": "n",
            "messages": [{"prompt": "menu"}],
            "max_length": 3,
            "next": to,
            "if_failed": failed,
            "is_secret": secret,
        },
        ids,
        ids,
        st.booleans(),
    ),
    st.builds(
        lambda one, to, other: {"kind": "condition", "rules": [{"all": [one], "next": to}], "otherwise": other},
        comparison,
        ids,
        ids,
    ),
    st.builds(lambda to: {"kind": "look_up", "name": "x", "next": to}, ids),
    st.builds(lambda to: {"kind": "set_language", "language": "en", "next": to}, ids),
    st.builds(lambda to: {"kind": "set_attribute", "name": "product_line", "value": "adsl", "next": to}, ids),
    st.builds(lambda a, b: {"kind": "opening_hours", "calendar_id": "c", "if_open": a, "if_closed": b}, ids, ids),
    st.builds(lambda to: {"kind": "message", "messages": [{"prompt": "leave_message"}], "next": to}, ids),
    st.builds(lambda to: {"kind": "transfer", "number": "021555", "if_failed": to}, ids),
    st.just({"kind": "queue", "queue_id": "q"}),
    st.builds(lambda a, b: {"kind": "queue", "queue_id": "q", "if_full": a, "if_too_long": b}, ids, ids),
    st.just({"kind": "hang_up"}),
)
inputs: st.SearchStrategy[Input] = st.one_of(
    st.just(SpeechFinished()),
    st.text("0123456789*#x", max_size=4).map(Answered),
    st.text("012", max_size=1).map(TimedOut),
    st.one_of(st.none(), st.just({"segment": "gold", "n": "9"})).map(LookedUp),
    st.just(MessageTaken(10)),
    st.just(TransferFailed("busy")),
    st.sampled_from(["full", "too_long", "disaster"]).map(LeftQueue),
    st.just(CallerGone()),
)


def reachable_part(definition: dict[str, Any]) -> dict[str, Any] | None:
    """The definition without its unreachable steps, or None when it is wrong in other ways."""
    while True:
        try:
            read_flow(definition)
        except InvalidFlowError as error:
            wrong = {problem.step_id for problem in error.problems if problem.code == "flow.unreachable_step"}
            if not wrong or len(wrong) < len(error.problems):
                return None
            kept = {step_id: step for step_id, step in definition["steps"].items() if step_id not in wrong}
            definition = {**definition, "steps": kept}
        else:
            return definition


@settings(max_examples=300)
@given(st.lists(steps, min_size=len(IDS), max_size=len(IDS)), st.lists(inputs, max_size=60), st.integers(0, 10**12))
def test_checked_flow_ends_or_waits_after_every_input(
    made: list[dict[str, Any]], given_inputs: list[Input], now_ms: int
) -> None:
    definition = reachable_part({"first_step": "s0", "steps": dict(zip(IDS, made, strict=True))})
    if definition is None:
        return
    flow = read_flow(definition)
    turn = start(flow, Context(called="1", caller=None, language="zh"), now_ms)
    for step_input in [None, *given_inputs]:
        if step_input is not None:
            turn = advance(flow, turn.state, step_input, now_ms)
        said = [action for action in turn.actions if not isinstance(action, Note)]
        assert len(said) <= 1, "at most the last action waits"
        if not turn.state.is_ended:
            assert all(isinstance(action, WAITING) for action in said)
        elif said:
            assert isinstance(said[0], Queue | End)
        assert turn.state.steps_taken <= STEP_BUDGET


@settings(max_examples=50)
@given(st.lists(steps, min_size=len(IDS), max_size=len(IDS)))
def test_patient_person_who_always_answers_comes_to_an_end(made: list[dict[str, Any]]) -> None:
    definition = reachable_part({"first_step": "s0", "steps": dict(zip(IDS, made, strict=True))})
    if definition is None:
        return
    flow = read_flow(definition)
    state, actions = start(flow, Context(called="1", caller=None, language="zh"), 0)
    for _ in range(10 * STEP_BUDGET):
        if state.is_ended:
            break
        state, actions = advance(flow, state, _natural_input(actions[-1]), 0)
    assert state.is_ended


def _natural_input(action: object) -> Input:
    match action:
        case Say():
            return SpeechFinished()
        case Ask():
            return Answered("1")
        case LookUp():
            return LookedUp(None)
        case TakeMessage():
            return MessageTaken(1)
        case _:
            return TransferFailed("busy")
