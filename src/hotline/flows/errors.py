"""What can be wrong with a flow: every problem names its step and says what to do.

SENTENCES holds the English; `catalogue/zh.json` beside this file says the same in Chinese (a test compares them)."""

from typing import Any

import msgspec

from hotline.kernel.errors import HotlineError

SENTENCES = {
    "flow.no_steps": "A flow is an object with 'first_step' and an object 'steps'.",
    "flow.form": "The flow has a wrong form: {fault}. Correct that.",
    "flow.step_form": "Step '{step_id}' has a wrong form: {fault}. Correct that field.",
    "flow.missing_field": "Step '{step_id}' lacks '{field}': fill it in.",
    "flow.unusable_field": "Step '{step_id}': what '{field}' holds cannot be used: choose or correct it.",
    "flow.unknown_first_step": "The first step '{target}' does not exist: add it, or name another as 'first_step'.",
    "flow.too_many_steps": "The flow has {count} steps; at most {most} are allowed: split it.",
    "flow.unknown_time_zone": "The time zone '{time_zone}' is unknown: use a name such as Asia/Shanghai.",
    "flow.unknown_step": "Step '{step_id}' goes to '{target}' ({field}), which is missing: add it or change {field}.",
    "flow.unreachable_step": "Step '{step_id}' can never be reached: lead to it or remove it.",
    "flow.unfinished_step": "From step '{step_id}' no end can be reached: lead it to queue, transfer or hang_up.",
    "flow.endless_circle": "Steps {steps} can run in a circle for ever: put a menu or collect step into it.",
    "flow.speech_digits": "Step '{step_id}' mixes 'digits' with a prompt or text: give 'digits' a message of its own.",
    "flow.speech_language": "Step '{step_id}' has a text in one language only: give both, 'zh' and 'en'.",
    "flow.speech_empty": "Step '{step_id}' has an empty message: give it 'prompt', 'zh' and 'en', or 'digits'.",
    "flow.says_nothing": "Step '{step_id}' says nothing: give it 'messages' or remove it.",
    "flow.no_choices": "Menu '{step_id}' has no choices: add at least one key.",
    "flow.lengths": "Step '{step_id}' wants at least {min_length} and at most {max_length} digits: swap them.",
    "flow.unknown_subject": "Look-up '{step_id}' takes the unknown '{subject}': use value:<name> or caller.",
    "flow.unknown_queue": "Step '{step_id}' uses the queue '{wanted}', which is gone or switched off: choose another.",
    "flow.unknown_business": "Step '{step_id}' uses the business '{wanted}', which does not exist: choose another.",
    "flow.unknown_skill": "Step '{step_id}' uses the skill '{wanted}', which does not exist: choose another.",
    "flow.unheld_skill": "Step '{step_id}' needs the skill '{skill}' at level {level}, which no agent in work has:"
    " grant it to somebody first, or ask for less.",
    "flow.unknown_calendar": "Step '{step_id}' uses the calendar '{wanted}', which does not exist: choose another.",
    "flow.unknown_value": "Step '{step_id}' sets {name} to '{wanted}', which is in no list: choose another.",
    "flow.unknown_prompt": "Step '{step_id}' uses the prompt '{wanted}', which is missing: record it or add a text.",
    "flow.compare_known": "Rule {rule} of step '{step_id}': only 'is_known' is compared with true or false.",
    "flow.compare_list": "Rule {rule} of step '{step_id}': 'in' and 'not_in' take a list, the others one value.",
    "flow.compare_order": "Rule {rule} of step '{step_id}': '{subject}' has no order; use equals, differs or in.",
    "flow.compare_number": "Rule {rule} of step '{step_id}': '{subject}' is compared with a whole number here.",
    "flow.compare_text": "Rule {rule} of step '{step_id}': 'starts_with' takes a text.",
    "flow.compare_weekday": "Rule {rule} of step '{step_id}': 'weekday' is 1 (Monday) to 7 (Sunday).",
    "flow.compare_time": "Rule {rule} of step '{step_id}': 'time' is compared with \"HH:MM\".",
    "flow.compare_date": "Rule {rule} of step '{step_id}': 'date' is compared with \"YYYY-MM-DD\".",
}


class Problem(msgspec.Struct, frozen=True):
    """One thing to mend. `code` is a key of the message catalogue, `data` fills its sentence; a name that tenants give
    is there in both languages, as {"zh": ..., "en": ...}."""

    code: str
    step_id: str | None
    data: dict[str, Any] = {}

    @property
    def sentence(self) -> str:
        """In English; in Chinese by the message catalogue."""
        named = {name: value["en"] if isinstance(value, dict) else value for name, value in self.data.items()}
        return SENTENCES[self.code].format(**named)


def problem(code: str, step_id: str | None, **data: object) -> Problem:
    """A problem whose data can fill its sentence."""
    return Problem(code, step_id, {"step_id": step_id, **data})


class InvalidFlowError(HotlineError):
    """A definition that cannot be run. `problems` holds all of them, not only the first."""

    code = "flow.invalid"
    status = 422
    sentence = "The flow cannot be used; mend {count} problem(s). The first: {first}"

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        self.problems = problems
        told = [{**msgspec.to_builtins(found), "sentence": found.sentence} for found in problems]
        super().__init__(count=len(problems), first=problems[0].sentence, problems=told)
