"""A call tried out: keys, silence and time as a caller would have them."""

from typing import Any

from hotline.flows import Context, Flow, TrialCall, read_flow, try_call
from hotline.flows.state import Utterance
from hotline.flows.trial import KEY_MS, MESSAGE_MS, Surroundings
from hotline.messages.configuration import CalendarConfiguration, CalendarVersion

BEGAN_AT_MS = 1_795_309_200_000  # 2026-11-22 (a Sunday) 09:00 in Shanghai
SPEECH_MS = 2000
HELLO = {"kind": "say", "messages": [{"prompt": "welcome"}], "next": "menu"}
MENU = {
    "kind": "menu",
    "messages": [{"prompt": "menu"}],
    "choices": {"1": "repair", "2": "more"},
    "if_invalid": "bye",
    "if_no_input": "bye",
    "retries": 1,
    "timeout_s": 6,
}
STEPS = {
    "hello": HELLO,
    "menu": MENU,
    "more": {**MENU, "choices": {"3": "repair"}},
    "repair": {"kind": "queue", "queue_id": "q", "priority": 5},
    "bye": {"kind": "hang_up", "reason": "no_choice"},
}


def flow(first: str, **steps: Any) -> Flow:
    return read_flow({"first_step": first, "steps": steps})


MAIN = flow("hello", **STEPS)


def call(made: Flow, *answers: str, can_dial: bool = True, **context: Any) -> TrialCall:
    known = Context(**{"called": "962740", "caller": "13800000001", "language": "zh", **context})
    return try_call(made, known, answers, Surroundings(BEGAN_AT_MS, lambda _: SPEECH_MS, lambda _: can_dial))


def told(made: TrialCall) -> list[tuple[int, str, str, str]]:
    return [(line.at_ms, line.step_id, line.kind, line.detail) for line in made.lines]


def test_without_an_answer_the_call_waits_at_the_first_question() -> None:
    tried = call(MAIN)
    assert told(tried) == [(0, "hello", "said", ""), (SPEECH_MS, "menu", "asked", "")]
    assert (tried.outcome, tried.step_id, tried.question and tried.question.options) == ("waits", "menu", ("1", "2"))
    assert tried.lines[0].utterances == (Utterance(language="zh", prompt_id="welcome"),)


def test_key_leads_to_the_queue_with_its_priority() -> None:
    tried = call(MAIN, "1", priority=2)
    pressed_at = 2 * SPEECH_MS + KEY_MS
    assert told(tried)[2:] == [
        (pressed_at, "menu", "keyed", "1"),
        (pressed_at, "menu", "menu", "1"),
        (pressed_at, "repair", "queue", ""),
    ]
    assert tried.outcome == "queued"
    assert tried.queue is not None
    assert (tried.queue.queue_id, tried.queue.priority) == ("q", 7)


def test_silence_costs_the_time_limit_and_ends_where_the_flow_says() -> None:
    tried = call(MAIN, "", "")
    silences = [line.at_ms for line in tried.lines if line.kind == "silent"]
    assert silences == [2 * SPEECH_MS, 3 * SPEECH_MS + 6000]
    assert (tried.outcome, tried.end_reason) == ("ended", "no_choice")


def test_keys_in_one_go_answer_two_menus_and_the_second_is_cut_short() -> None:
    tried = call(MAIN, "23")
    assert [line.detail for line in tried.lines if line.kind == "keyed"] == ["2", "3"]
    assert tried.outcome == "queued"
    assert tried.lines[-1].at_ms == 2 * SPEECH_MS + 2 * KEY_MS


def test_answers_beyond_the_end_change_nothing() -> None:
    assert call(MAIN, "1", "1", "1") == call(MAIN, "1")


def test_key_during_a_greeting_counts_for_the_question_after_it() -> None:
    again = flow("menu", **{**STEPS, "menu": {**MENU, "choices": {"9": "hello"}}, "hello": {**HELLO, "next": "more"}})
    tried = call(again, "93")
    assert [(line.step_id, line.kind) for line in tried.lines][-3:] == [
        ("more", "keyed"),
        ("more", "menu"),
        ("repair", "queue"),
    ]


def test_secret_digits_are_shown_as_dots_and_short_ones_time_out() -> None:
    collect = {
        "kind": "collect", "messages": [{"prompt": "menu"}], "name": "pin", "min_length": 4, "max_length": 6,
        "next": "bye", "if_failed": "bye", "is_secret": True, "retries": 0, "timeout_s": 10,
    }  # fmt: skip
    made = flow("pin", pin=collect, bye=STEPS["bye"])
    assert "1234" not in str(told(call(made, "1234#")))
    assert ("keyed", "••••") in [(line.kind, line.detail) for line in call(made, "1234#").lines]
    short = call(made, "12")
    assert ("collect", "invalid") in [(line.kind, line.detail) for line in short.lines]
    assert short.lines[-1].at_ms == SPEECH_MS + 2 * KEY_MS + 10_000


def test_opening_hours_follow_the_given_moment() -> None:
    closed = CalendarConfiguration(
        calendar_id="c",
        time_zone="Asia/Shanghai",
        versions=(CalendarVersion(valid_from="2026-01-01", weekly=((("08:30", "17:30"),),) * 5 + ((), ())),),
    )
    hours = {"kind": "opening_hours", "calendar_id": "c", "if_open": "repair", "if_closed": "bye"}
    tried = call(flow("hours", hours=hours, repair=STEPS["repair"], bye=STEPS["bye"]), calendars={"c": closed})
    assert told(tried)[0] == (0, "hours", "opening_hours", "closed")
    assert tried.outcome == "ended"


def test_outside_number_that_may_not_be_dialled_fails_as_it_would() -> None:
    transfer = {"kind": "transfer", "number": "02163000000", "if_failed": "bye"}
    made = flow("out", out=transfer, bye=STEPS["bye"])
    assert call(made).outcome == "transferred"
    refused = call(made, can_dial=False)
    assert ("transfer_failed", "not_allowed") in [(line.kind, line.detail) for line in refused.lines]
    assert refused.outcome == "ended"


def test_look_up_brings_nothing_and_a_message_takes_its_time() -> None:
    look_up = {"kind": "look_up", "name": "account", "next": "leave", "time_limit_ms": 200}
    leave = {"kind": "message", "messages": [{"prompt": "leave_message"}], "next": "bye"}
    tried = call(flow("find", find=look_up, leave=leave, bye=STEPS["bye"]))
    assert (200, "find", "look_up", "default") in told(tried)
    assert tried.lines[-1].at_ms == 200 + SPEECH_MS + MESSAGE_MS


def test_caller_who_goes_round_and_round_is_sent_off() -> None:
    choices = {"1": "hello", "2": "more", "3": "repair"}
    tried = call(flow("menu", **{**STEPS, "menu": {**MENU, "choices": choices}}), *["1"] * 200)
    assert (tried.outcome, tried.end_reason) == ("ended", "step_budget")
