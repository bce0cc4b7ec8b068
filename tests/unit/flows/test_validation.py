"""A flow that cannot work is refused at publishing, and every problem names its step."""

import json
import re
from importlib import resources
from typing import Any

import pytest

from hotline import flows
from hotline.flows import InvalidFlowError, References, flow_schema, read_flow
from hotline.flows.errors import SENTENCES

END = {"kind": "hang_up"}
SAY = {"kind": "say", "messages": [{"prompt": "welcome"}], "next": "end"}
MENU = {
    "kind": "menu",
    "messages": [{"prompt": "menu"}],
    "choices": {"1": "end"},
    "if_invalid": "end",
    "if_no_input": "end",
}


def flow(first: str, **steps: dict[str, Any]) -> dict[str, Any]:
    return {"first_step": first, "steps": steps}


def problems_of(definition: object, references: References | None = None) -> list[tuple[str, str | None]]:
    with pytest.raises(InvalidFlowError) as caught:
        read_flow(definition, references)
    assert all(problem.sentence.endswith(".") for problem in caught.value.problems)
    return [(problem.code, problem.step_id) for problem in caught.value.problems]


def test_small_flow_is_read() -> None:
    assert set(read_flow(flow("a", a=SAY, end=END)).steps) == {"a", "end"}


@pytest.mark.parametrize(
    ("definition", "code", "step_id"),
    [
        ("text", "flow.no_steps", None),
        ({"first_step": "a"}, "flow.no_steps", None),
        (flow("a", a={**SAY, "messges": []}, end=END), "flow.step_form", "a"),
        (flow("a", a={"kind": "sing", "next": "end"}, end=END), "flow.step_form", "a"),
        (flow("a", a={"kind": "say", "messages": [{"prompt": "x"}]}, end=END), "flow.missing_field", "a"),
        (flow("a", a={**MENU, "choices": {"1": ""}}, end=END), "flow.unusable_field", "a"),
        (flow("a", a={**MENU, "choices": {"A": "end"}}, end=END), "flow.step_form", "a"),
        (flow("a", a={**MENU, "timeout_s": 0}, end=END), "flow.step_form", "a"),
        ({**flow("end", end=END), "schema_version": 2}, "flow.form", None),
        ({**flow("end", end=END), "time_zone": "Mars/Base"}, "flow.unknown_time_zone", None),
        (flow("b", a=SAY, end=END), "flow.unknown_first_step", None),
        (flow("a", a={**SAY, "next": "nowhere"}), "flow.unknown_step", "a"),
        (flow("a", a={"kind": "queue", "queue_id": "q", "if_full": "nowhere"}), "flow.unknown_step", "a"),
        (flow("a", a={"kind": "queue", "queue_id": "q", "if_full": "a"}), "flow.endless_circle", "a"),
        (flow("a", a={"kind": "queue", "queue_id": "q", "callback_key": "12"}), "flow.unusable_field", "a"),
        (flow("a", a={**MENU, "choices": {"1": "nowhere"}}, end=END), "flow.unknown_step", "a"),
        (flow("a", a=SAY, b=SAY, end=END), "flow.unreachable_step", "b"),
        (flow("a", a={**SAY, "messages": []}, end=END), "flow.says_nothing", "a"),
        (flow("a", a={**SAY, "messages": [{}]}, end=END), "flow.speech_empty", "a"),
        (flow("a", a={**SAY, "messages": [{"zh": "您好"}]}, end=END), "flow.speech_language", "a"),
        (flow("a", a={**SAY, "messages": [{"digits": "12", "prompt": "x"}]}, end=END), "flow.speech_digits", "a"),
        (flow("a", a={**MENU, "choices": {}}, end=END), "flow.no_choices", "a"),
        (
            flow("a", a={**SAY, "next": "m"}, m={**MENU, "choices": {"1": "m"}, "if_invalid": "m", "if_no_input": "m"}),
            "flow.unfinished_step",
            "a",
        ),
    ],
)
def test_each_fault_is_named(definition: object, code: str, step_id: str | None) -> None:
    assert (code, step_id) in problems_of(definition)


def test_steps_that_could_run_in_a_circle_for_ever_are_refused() -> None:
    hours = {"kind": "opening_hours", "calendar_id": "c", "if_open": "end", "if_closed": "say"}
    say = {**SAY, "next": "hours"}
    assert problems_of(flow("hours", hours=hours, say=say, end=END)) == [("flow.endless_circle", "hours")]


def test_circle_through_a_menu_is_the_persons_own() -> None:
    menu = {**MENU, "choices": {"1": "end", "9": "say"}}
    read_flow(flow("say", say={**SAY, "next": "menu"}, menu=menu, end=END))


def test_every_problem_is_told_at_once() -> None:
    found = problems_of(flow("a", a={**SAY, "next": "x"}, b={**MENU, "choices": {}, "if_invalid": "y"}, end=END))
    assert found == [("flow.unknown_step", "a"), ("flow.unknown_step", "b"), ("flow.no_choices", "b")]


@pytest.mark.parametrize(
    ("step", "kind"),
    [
        ({"kind": "queue", "queue_id": "no"}, "queue"),
        ({"kind": "queue", "queue_id": "yes", "needs": [{"skill_id": "no"}]}, "skill"),
        ({"kind": "queue", "queue_id": "yes", "business": "no"}, "business"),
        ({"kind": "opening_hours", "calendar_id": "no", "if_open": "end", "if_closed": "end"}, "calendar"),
        ({"kind": "say", "messages": [{"prompt": "no"}], "next": "end"}, "prompt"),
    ],
)
def test_references_to_what_the_tenant_has_not_are_refused(step: dict[str, Any], kind: str) -> None:
    own = frozenset({"yes", "all_agents_busy"})
    references = References(queue_ids=own, skill_ids=own, calendar_ids=own, prompt_ids=own, business_ids=own)
    assert (f"flow.unknown_{kind}", "a") in problems_of(flow("a", a=step, end=END), references)


@pytest.mark.parametrize(
    ("name", "value", "is_listed"),
    [
        ("product_line", "adsl", True),
        ("service_language", "yue", True),
        ("product_line", "yue", False),
        ("brand", "gotone", False),
    ],
)
def test_a_step_sets_only_what_is_in_the_tenants_lists(name: str, value: str, is_listed: bool) -> None:
    step = {"kind": "set_attribute", "name": name, "value": value, "next": "end"}
    lists = {"product_line": {"adsl"}, "service_language": {"yue"}, "brand": set(), "region": {"50"}}
    known = References(attribute_values={name: frozenset(codes) for name, codes in lists.items()})
    definition = flow("a", a=step, end=END)
    read_flow(definition)  # without lists, as a node reads it
    if is_listed:
        read_flow(definition, known)
    else:
        assert problems_of(definition, known) == [("flow.unknown_value", "a")]


@pytest.mark.parametrize("step", [{"name": "vip", "value": "yes"}, {"name": "brand", "value": ""}, {"name": "brand"}])
def test_a_step_sets_nothing_else(step: dict[str, str]) -> None:
    ((code, step_id),) = problems_of(flow("a", a={"kind": "set_attribute", "next": "end", **step}, end=END))
    assert (code.split(".")[0], step_id) == ("flow", "a")


def test_prompt_with_text_needs_no_recording() -> None:
    step = {"kind": "say", "messages": [{"prompt": "no", "zh": "您好", "en": "Hello"}], "next": "end"}
    read_flow(flow("a", a=step, end=END), References(prompt_ids=frozenset()))


@pytest.mark.parametrize(
    ("subject", "operator", "value", "code"),
    [
        ("weekday", "equals", 8, "weekday"),
        ("weekday", "equals", "Monday", "number"),
        ("time", "less", "9:00", "time"),
        ("date", "equals", "2026-13-01", "date"),
        ("called", "less", "5", "order"),
        ("caller", "in", "138", "list"),
        ("caller", "equals", ["138"], "list"),
        ("caller", "is_known", "yes", "known"),
        ("priority", "equals", True, "known"),
        ("value:meter", "more", "9", "number"),
        ("caller", "starts_with", 138, "text"),
    ],
)
def test_comparisons_of_different_kinds_are_refused(subject: str, operator: str, value: Any, code: str) -> None:
    comparison = {"subject": subject, "operator": operator, "value": value}
    step = {"kind": "condition", "rules": [{"all": [comparison], "next": "end"}], "otherwise": "end"}
    assert problems_of(flow("a", a=step, end=END)) == [(f"flow.compare_{code}", "a")]


def test_every_problem_has_a_chinese_sentence_with_the_same_blanks() -> None:
    chinese = json.loads(resources.files(flows).joinpath("catalogue/zh.json").read_text("utf-8"))
    assert list(chinese) == list(SENTENCES)
    for code, sentence in SENTENCES.items():
        assert set(re.findall(r"{(\w+)}", sentence)) == set(re.findall(r"{(\w+)}", chinese[code])), code


def test_schema_describes_every_kind_of_step() -> None:
    text = str(flow_schema())
    kinds = """say opening_hours menu collect condition look_up set_language set_attribute queue message transfer
        hang_up""".split()  # noqa: SIM905
    assert all(f"'{kind}'" in text for kind in kinds)
