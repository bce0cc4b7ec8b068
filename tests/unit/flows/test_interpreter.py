"""What a flow says, asks and decides, step by step."""

from typing import Any

import pytest

from hotline.flows import Context, Flow, FlowState, Turn, advance, read_flow, start
from hotline.flows.state import (
    Action,
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
    Secret,
    SpeechFinished,
    TakeMessage,
    TimedOut,
    Transfer,
    TransferFailed,
)
from hotline.messages.configuration import CalendarConfiguration, CalendarVersion

END = {"kind": "hang_up"}
NOW_MS = 1_795_309_200_000  # 2026-11-22 (a Sunday) 09:00 in Shanghai, 01:00 UTC


def flow(first: str, **steps: dict[str, Any]) -> Flow:
    """A checked flow; the step "end" is added where a step leads to it."""
    return read_flow({"first_step": first, "steps": {**steps, **({"end": END} if "'end'" in str(steps) else {})}})


def begin(made: Flow, **context: Any) -> Turn:
    return start(made, Context(**{"called": "962740", "caller": "13800000001", "language": "zh", **context}), NOW_MS)


def play(made: Flow, *inputs: Input, **context: Any) -> tuple[FlowState, list[Action]]:
    """Everything that happened: the last state and all actions."""
    state, actions = begin(made, **context)
    happened = list(actions)
    for given in inputs:
        state, actions = advance(made, state, given, NOW_MS)
        happened += actions
    return state, happened


MENU = {
    "kind": "menu",
    "messages": [{"prompt": "menu"}],
    "choices": {"1": "water", "2": "bill", "12": "end"},
    "if_invalid": "lost",
    "if_no_input": "end",
    "retries": 1,
}
QUEUES = {
    "water": {"kind": "queue", "queue_id": "q-water", "priority": 5, "needs": [{"skill_id": "s", "level": 3}]},
    "bill": {"kind": "queue", "queue_id": "q-bill"},
    "lost": {"kind": "queue", "queue_id": "q-lost"},
}
MENU_FLOW = flow("menu", menu=MENU, **QUEUES)


def test_greeting_menu_queue() -> None:
    made = flow(
        "hello", hello={"kind": "say", "messages": [{"prompt": "welcome"}], "next": "menu"}, menu=MENU, **QUEUES
    )
    state, actions = play(made, SpeechFinished(), Answered("1"), priority=2)
    said, asked, queued = (last_of(kind, actions) for kind in (Say, Ask, Queue))
    assert said.utterances[0].prompt_id == "welcome"
    assert (asked.options, asked.max_length, asked.timeout_s) == (("1", "2", "12"), 2, 6)
    assert (queued.queue_id, queued.priority, queued.needs) == ("q-water", 7, (("s", 3),))
    assert state.is_ended
    assert state.menu_path == ("1",)


@pytest.mark.parametrize(
    ("inputs", "queue_id"),
    [
        ((Answered("2"),), "q-bill"),
        ((TimedOut("1"),), "q-water"),  # one key, and nothing more came
        ((Answered("7"), Answered("2")), "q-bill"),
        ((Answered("7"), Answered("8")), "q-lost"),
        ((TimedOut(), Answered("5")), "q-lost"),
    ],
)
def test_menu_takes_a_choice_within_its_tries(inputs: tuple[Input, ...], queue_id: str) -> None:
    _, actions = play(MENU_FLOW, *inputs)
    assert last_of(Queue, actions).queue_id == queue_id


def test_menu_without_input_goes_its_own_way() -> None:
    state, actions = play(MENU_FLOW, TimedOut(), TimedOut())
    assert last_of(End, actions).reason == "finished"
    assert state.is_ended


def test_invalid_key_is_said_before_the_menu_again() -> None:
    _, actions = play(MENU_FLOW, Answered("7"))
    assert [utterance.prompt_id for utterance in last_of(Ask, actions).utterances] == ["invalid_key", "menu"]


COLLECT = {
    "kind": "collect",
    "name": "meter",
    "messages": [{"zh": "请输入水表号", "en": "Enter your meter number"}],
    "min_length": 4,
    "max_length": 8,
    "next": "read",
    "if_failed": "end",
    "retries": 1,
}
READ = {"kind": "say", "messages": [{"prompt": "position_before"}, {"digits": "value:meter"}], "next": "end"}


def test_collected_digits_are_kept_and_read_back() -> None:
    _, actions = play(flow("ask", ask=COLLECT, read=READ), Answered("004217"))
    assert last_of(Say, actions).utterances[1].digits == "004217"
    assert [note.detail for note in notes(actions)] == ["length 6", ""]


@pytest.mark.parametrize("wrong", ["123", "123456789", "12a4", "", "１２３４"])
def test_collect_asks_again_for_what_does_not_fit(wrong: str) -> None:
    made = flow("ask", ask=COLLECT, read=READ)
    _, actions = play(made, Answered(wrong), Answered("1234"))
    assert last_of(Say, actions).utterances[1].digits == "1234"
    state, _ = play(made, Answered(wrong), Answered(wrong))
    assert state.is_ended


def test_secret_is_neither_shown_nor_read_aloud_nor_noted() -> None:
    look_up = {"kind": "look_up", "name": "verify", "arguments": {"pin": "value:meter"}, "next": "say"}
    made = flow("ask", ask={**COLLECT, "is_secret": True, "next": "check"}, check=look_up, say={**READ})
    state, actions = play(made, Answered("73915"), LookedUp({}))
    assert "73915" not in repr(state)
    assert "73915" not in repr(actions)
    assert "73915" not in f"{state.values['meter']} {state.values['meter']!s}"
    sent = last_of(LookUp, actions).arguments["pin"]
    assert isinstance(sent, Secret)
    assert sent.reveal() == "73915"
    assert [utterance.prompt_id for utterance in last_of(Say, actions).utterances] == ["position_before"]


def condition(*comparisons: dict[str, Any]) -> Flow:
    step = {"kind": "condition", "rules": [{"all": list(comparisons), "next": "yes"}], "otherwise": "no"}
    return flow("if", **{"if": step, "yes": {"kind": "queue", "queue_id": "yes"}, "no": {"kind": "hang_up"}})


@pytest.mark.parametrize(
    ("subject", "operator", "value", "is_true"),
    [
        ("called", "equals", "962740", True),
        ("called", "starts_with", "9627", True),
        ("called", "starts_with", "9628", False),
        ("caller", "in", ["13800000001", "x"], True),
        ("caller", "not_in", ["x"], True),
        ("caller", "is_known", True, True),
        ("segment", "is_known", True, False),
        ("segment", "is_known", False, True),
        ("segment", "equals", "gold", False),
        ("segment", "differs", "gold", True),
        ("language", "equals", "zh", True),
        ("priority", "at_least", 3, True),
        ("priority", "more", 3, False),
        ("weekday", "equals", 7, True),
        ("weekday", "less", 6, False),
        ("time", "equals", "09:00", True),
        ("time", "at_least", "08:30", True),
        ("time", "less", "09:00", False),
        ("time", "at_most", "09:00", True),
        ("date", "equals", "2026-11-22", True),
        ("date", "more", "2026-11-21", True),
        ("value:missing", "more", 1, False),
    ],
)
def test_comparison(subject: str, operator: str, value: Any, is_true: bool) -> None:
    made = condition({"subject": subject, "operator": operator, "value": value})
    _, actions = play(made, priority=3)
    assert bool([action for action in actions if isinstance(action, Queue)]) == is_true


def test_all_comparisons_of_a_rule_have_to_hold() -> None:
    true = {"subject": "language", "operator": "equals", "value": "zh"}
    false = {"subject": "language", "operator": "equals", "value": "en"}
    assert not [action for action in play(condition(true, false))[1] if isinstance(action, Queue)]


def test_collected_number_is_compared_as_a_number() -> None:
    step = {
        "kind": "condition",
        "rules": [{"all": [{"subject": "value:meter", "operator": "less", "value": 100}], "next": "low"}],
        "otherwise": "end",
    }
    made = flow("ask", ask={**COLLECT, "next": "if"}, **{"if": step, "low": {"kind": "queue", "queue_id": "low"}})
    assert last_of(Queue, play(made, Answered("00099"))[1]).queue_id == "low"
    assert play(made, Answered("00100"))[0].end_reason == "finished"


def test_look_up_replaces_what_is_known_of_the_caller() -> None:
    look_up = {"kind": "look_up", "name": "customer", "arguments": {"phone": "caller"}, "next": "queue"}
    made = flow("look", look=look_up, queue={"kind": "queue", "queue_id": "q", "priority": 1})
    values = {"customer_id": "c-1", "segment": "gold", "priority": 20, "language": "en", "junk": [1]}
    state, actions = play(made, LookedUp(values))
    assert last_of(LookUp, actions).arguments == {"phone": "13800000001"}
    assert (state.customer_id, state.segment, state.language) == ("c-1", "gold", "en")
    assert last_of(Queue, actions).priority == 21
    assert "junk" not in state.values


def test_look_up_without_answer_takes_the_default() -> None:
    look_up = {"kind": "look_up", "name": "bill", "default": {"segment": "unknown"}, "next": "end"}
    state, actions = play(flow("look", look=look_up), LookedUp(None))
    assert state.segment == "unknown"
    assert "default" in [note.detail for note in notes(actions)]


def test_language_changes_what_is_said() -> None:
    made = flow(
        "set",
        set={"kind": "set_language", "language": "en", "next": "say"},
        say={"kind": "say", "messages": [{"zh": "您好", "en": "Hello"}], "next": "end"},
    )
    assert last_of(Say, play(made)[1]).utterances[0].text == "Hello"


@pytest.mark.parametrize(("found", "queue_id"), [({"product_line": "adsl"}, "known"), ({"product_line": ""}, "asked")])
def test_what_a_look_up_leaves_empty_is_not_known(found: dict[str, str], queue_id: str) -> None:
    is_known = {"subject": "value:product_line", "operator": "is_known", "value": True}
    made = flow(
        "look",
        look={"kind": "look_up", "name": "customer", "next": "line"},
        line={"kind": "condition", "rules": [{"all": [is_known], "next": "known"}], "otherwise": "asked"},
        known={"kind": "queue", "queue_id": "known"},
        asked={"kind": "queue", "queue_id": "asked"},
    )
    assert last_of(Queue, play(made, LookedUp(found))[1]).queue_id == queue_id


def test_what_a_step_sets_replaces_what_was_known_and_goes_with_the_asking() -> None:
    made = flow(
        "line",
        line={"kind": "set_attribute", "name": "product_line", "value": "adsl", "next": "language"},
        language={"kind": "set_attribute", "name": "service_language", "value": "yue", "next": "say"},
        say={"kind": "say", "messages": [{"zh": "您好", "en": "Hello"}], "next": "person"},
        person={"kind": "queue", "queue_id": "q"},
    )
    known = Context(called="1", caller=None, language="zh", values={"product_line": "mobile", "vip": "yes"})
    begun = start(made, known, 0)
    assert last_of(Say, list(begun.actions)).utterances[0].text == "您好"
    assert [note.detail for note in notes(list(begun.actions)) if note.kind == "set_attribute"] == [
        "product_line adsl",
        "service_language yue",
    ]
    (queued,) = [one for one in advance(made, begun.state, SpeechFinished(), 0).actions if isinstance(one, Queue)]
    assert queued.attributes == {"product_line": "adsl", "vip": "yes", "service_language": "yue"}


def calendar(*spans: tuple[int, int]) -> CalendarConfiguration:
    version = CalendarVersion(valid_from="2026-01-01", weekly=(spans,) * 7)
    return CalendarConfiguration(calendar_id="c", time_zone="Asia/Shanghai", versions=(version,))


@pytest.mark.parametrize(
    ("calendars", "queue_id", "detail"),
    [
        ({"c": calendar((8 * 60, 17 * 60))}, "open", "open"),
        ({"c": calendar((10 * 60, 17 * 60))}, "closed", "closed"),
        ({}, "open", "calendar_missing"),
    ],
)
def test_opening_hours(calendars: dict[str, Any], queue_id: str, detail: str) -> None:
    queues = {name: {"kind": "queue", "queue_id": name} for name in ("open", "closed")}
    hours = {"kind": "opening_hours", "calendar_id": "c", "if_open": "open", "if_closed": "closed"}
    made = read_flow({"first_step": "hours", "steps": {"hours": hours, **queues}})
    _, actions = play(made, calendars=calendars)
    assert last_of(Queue, actions).queue_id == queue_id
    assert notes(actions)[0].detail == detail


def test_message_is_taken_and_its_length_noted() -> None:
    made = flow("leave", leave={"kind": "message", "messages": [{"prompt": "leave_message"}], "next": "end"})
    state, actions = play(made, MessageTaken(4200))
    assert last_of(TakeMessage, actions).longest_s == 120
    assert state.is_ended
    assert [note.detail for note in notes(actions)] == ["4200", "finished"]


def test_transfer_that_fails_goes_on_elsewhere() -> None:
    made = flow("out", out={"kind": "transfer", "number": "+8621555", "if_failed": "end"})
    state, actions = play(made)
    assert last_of(Transfer, actions).number == "+8621555"
    assert not state.is_ended
    state, _ = play(made, TransferFailed("busy"))
    assert state.is_ended


def test_caller_gone_ends_at_any_step_and_nothing_follows() -> None:
    state, _ = play(MENU_FLOW, CallerGone(), Answered("1"))
    assert (state.is_ended, state.end_reason) == (True, "caller_gone")


@pytest.mark.parametrize("stray", [SpeechFinished(), LookedUp({}), MessageTaken(1), TransferFailed("busy")])
def test_input_that_nobody_waits_for_changes_nothing(stray: Input) -> None:
    state, actions = begin(MENU_FLOW)
    assert advance(MENU_FLOW, state, stray, NOW_MS) == (state, ())
    assert actions


def test_who_goes_round_and_round_is_sent_off_politely() -> None:
    again = {**MENU, "choices": {"1": "menu", "2": "end"}, "if_invalid": "end"}
    made = flow("menu", menu=again)
    state, actions = play(made, *[Answered("1")] * 300)
    assert last_of(Say, actions).utterances[0].prompt_id == "goodbye"
    state, actions = advance(made, state, SpeechFinished(), NOW_MS)
    assert (state.is_ended, actions) == (True, (End(reason="step_budget"),))


def last_of(kind: Any, actions: list[Action]) -> Any:
    return [action for action in actions if isinstance(action, kind)][-1]


def notes(actions: list[Action]) -> list[Note]:
    return [action for action in actions if isinstance(action, Note)]


# --- out of the queue without an agent --------------------------------------------------------------------------------

QUEUE = {"kind": "queue", "queue_id": "q", "if_full": "ask", "if_too_long": "other"}
ASK = {
    "kind": "menu",
    "messages": [{"prompt": "menu"}],
    "choices": {"1": "other"},
    "if_invalid": "end",
    "if_no_input": "end",
}
OTHER = {"kind": "queue", "queue_id": "other"}


def test_flow_goes_on_at_the_exit_of_its_queue_step() -> None:
    made = flow("queue", queue=QUEUE, ask=ASK, other=OTHER)
    state, happened = play(made, LeftQueue("full"), Answered("1"))
    assert [action.queue_id for action in happened if isinstance(action, Queue)] == ["q", "other"]
    assert state.menu_path == ("1",)


def test_queue_without_that_exit_says_so_and_ends_for_that_reason() -> None:
    made = flow("queue", queue=QUEUE, ask=ASK, other=OTHER)
    state, happened = play(made, LeftQueue("disaster"), SpeechFinished())
    said = [one.prompt_id for action in happened if isinstance(action, Say) for one in action.utterances]
    assert said == ["nobody_reached", "goodbye"]
    assert (state.is_ended, happened[-1]) == (True, End(reason="disaster"))


def test_who_is_not_in_a_queue_cannot_leave_it() -> None:
    made = flow("a", a={"kind": "say", "messages": [{"prompt": "welcome"}], "next": "end"})
    state, _ = begin(made)
    assert advance(made, state, LeftQueue("full"), NOW_MS) == Turn(state, ())


def test_what_is_known_under_the_names_that_steer_goes_with_the_asking() -> None:
    made = flow("look", look={"kind": "look_up", "name": "x", "next": "other"}, other=OTHER)
    _, happened = play(made, LookedUp({"brand": "m-zone", "vip": "", "balance": "3"}), values={"region": "32"})
    (asked,) = [action for action in happened if isinstance(action, Queue)]
    assert asked.attributes == {"brand": "m-zone", "region": "32"}


def test_secret_value_never_steers() -> None:
    collect = {"kind": "collect", "name": "vip", "messages": [{"prompt": "menu"}], "max_length": 4, "is_secret": True}
    made = flow("ask", ask={**collect, "next": "other", "if_failed": "other"}, other=OTHER)
    _, happened = play(made, Answered("1234"))
    (asked,) = [action for action in happened if isinstance(action, Queue)]
    assert asked.attributes == {}


_BY_BUSINESS = {"kind": "queue", "queue_id": "q-general", "business": "m-1"}
BY_BUSINESS = flow(
    "lowest",
    lowest={**_BY_BUSINESS, "if_full": "higher"},
    higher={**_BY_BUSINESS, "if_full": "last"},
    last=_BY_BUSINESS,
)
LEVELS = {"m-1": ("q-wide", "q-expert"), "meter": ("q-expert",), "m-none": ()}


def queues_asked(made: Flow, *inputs: Input, **context: Any) -> list[str]:
    _, happened = play(made, *inputs, business_queues=LEVELS, **context)
    return [action.queue_id for action in happened if isinstance(action, Queue)]


def test_a_contact_begins_at_the_lowest_level_of_its_business_and_goes_up_one_at_a_time() -> None:
    assert queues_asked(BY_BUSINESS) == ["q-wide"]
    assert queues_asked(BY_BUSINESS, LeftQueue("full"), LeftQueue("full")) == ["q-wide", "q-expert", "q-general"]


def test_the_business_goes_along_with_the_asking_where_there_is_one() -> None:
    made = flow("person", person={"kind": "queue", "queue_id": "q-general", "business": "value:business"})
    for given, told in (({"business": "meter"}, {"business": "meter"}), ({"business": "sewers"}, {}), ({}, {})):
        _, happened = play(made, business_queues=LEVELS, values={**given, "vip": "yes"})
        (asked,) = (action for action in happened if isinstance(action, Queue))
        assert asked.attributes == {"vip": "yes", **told}


def test_a_value_may_name_the_business_by_its_code() -> None:
    made = flow("person", person={"kind": "queue", "queue_id": "q-general", "business": "value:business"})
    assert queues_asked(made, values={"business": "meter"}) == ["q-expert"]
    for unknown in ({}, {"business": "m-none"}, {"business": "sewers"}, {"business": Secret("meter")}):
        assert queues_asked(made, values=unknown) == ["q-general"]
