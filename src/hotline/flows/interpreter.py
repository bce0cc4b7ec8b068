"""The dialogue interpreter: `start` and `advance` say what to do next. Pure: no clock, no channel, no I/O.

A dialogue always waits for an input or is ended: steps that decide by themselves cannot form a circle (checked by
`validation`), and a person who goes round and round is stopped by STEP_BUDGET."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, assert_never
from zoneinfo import ZoneInfo

import msgspec

from hotline.flows.comparisons import holds, known_value
from hotline.flows.definition import (
    LANGUAGES,
    CollectStep,
    ConditionStep,
    Flow,
    HangUpStep,
    LookUpStep,
    MenuStep,
    MessageStep,
    OpeningHoursStep,
    QueueStep,
    SayStep,
    SetAttributeStep,
    SetLanguageStep,
    Speech,
    Step,
    TransferStep,
)
from hotline.flows.state import (
    ATTRIBUTES,
    BUSINESS,
    Action,
    Answered,
    Ask,
    CallerGone,
    Context,
    End,
    FlowState,
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
    Turn,
    Utterance,
)
from hotline.formulas.opening_hours import is_open

STEP_BUDGET = 200
WaitingStep = SayStep | MenuStep | CollectStep | LookUpStep | MessageStep | QueueStep | TransferStep | HangUpStep
_TOO_LONG = (Speech(prompt="goodbye"),)
_NOBODY_REACHED = (Speech(prompt="nobody_reached"), Speech(prompt="goodbye"))


def start(flow: Flow, context: Context, now_ms: int) -> Turn:
    """The first turn of a checked flow."""
    state = FlowState(
        context=context,
        step_id=flow.first_step,
        stage="speaking",
        language=context.language,
        segment=context.segment,
        customer_id=context.customer_id,
        priority=context.priority,
        values=dict(context.values),
    )
    return _Walk(flow, state, now_ms).enter(flow.first_step)


def advance(flow: Flow, state: FlowState, given: Input, now_ms: int) -> Turn:
    """The turn after an input. An input that the stage does not wait for changes nothing."""
    walk = _Walk(flow, state, now_ms)
    if state.stage == "queued" and isinstance(given, LeftQueue):
        return walk.leave_queue(flow.steps.get(state.step_id), given)
    if state.is_ended:
        return Turn(state, ())
    if isinstance(given, CallerGone):
        return walk.end(CallerGone.end_reason, is_announced=False)
    return walk.take(flow.steps[state.step_id], given)


class _Walk:
    """One turn: from the input to the next thing that waits for one."""

    def __init__(self, flow: Flow, state: FlowState, now_ms: int) -> None:
        self._flow = flow
        self._state = state
        self._now_ms = now_ms
        self._actions: list[Action] = []

    # --- moving on

    def enter(self, step_id: str) -> Turn:
        """Walk from this step on until something waits or the flow ends."""
        next_id: str | None = step_id
        while next_id is not None:
            if self._state.steps_taken >= STEP_BUDGET:
                return self._close_politely()
            self._change(step_id=next_id, attempts=0, steps_taken=self._state.steps_taken + 1)
            next_id = self._begin(self._flow.steps[next_id])
        return self._turn()

    def end(self, reason: str, *, is_announced: bool = True) -> Turn:
        self._change(stage="ended", end_reason=reason)
        if is_announced:
            self._actions.append(End(reason=reason))
        return self._turn()

    def leave_queue(self, step: Step | None, left: LeftQueue) -> Turn:
        """Go on at the exit; a flow without it, or one that was changed meanwhile, says so and ends."""
        self._note("queue_left", left.exit)
        target = None
        if isinstance(step, QueueStep):
            target = step.exit(left.exit)
            self._change(left_queues=(*self._state.left_queues, self._queue_of(step)))
        if target is not None:
            return self.enter(target)
        return self._close(_NOBODY_REACHED, left.exit)

    def _close_politely(self) -> Turn:
        self._note("step_budget", str(STEP_BUDGET))
        return self._close(_TOO_LONG, "step_budget")

    def _close(self, speeches: Sequence[Speech], reason: str) -> Turn:
        """Say a last word, then end for this reason."""
        self._change(stage="closing", end_reason=reason)
        self._actions.append(Say(utterances=self._utterances(speeches)))
        return self._turn()

    def _turn(self) -> Turn:
        return Turn(self._state, tuple(self._actions))

    def _change(self, **fields: Any) -> None:
        self._state = msgspec.structs.replace(self._state, **fields)

    def _note(self, kind: str, detail: str) -> None:
        self._actions.append(Note(step_id=self._state.step_id, kind=kind, detail=detail))

    # --- beginning a step

    def _begin(self, step: Step) -> str | None:
        """The next step's id, or None when this one waits or ends."""
        match step:
            case OpeningHoursStep():
                return self._open_or_closed(step)
            case ConditionStep():
                return self._decide(step)
            case SetLanguageStep():
                self._change(language=step.language)
                self._note("set_language", step.language)
                return step.next
            case SetAttributeStep():
                self._change(values={**self._state.values, step.name: step.value})
                self._note("set_attribute", f"{step.name} {step.value}")
                return step.next
            case _:
                self._wait_or_end(step)
                return None

    def _wait_or_end(self, step: WaitingStep) -> None:
        match step:
            case SayStep():
                self._say(step)
            case MenuStep():
                self._ask_key(step, ())
            case CollectStep():
                self._ask_digits(step, ())
            case LookUpStep():
                self._look_up(step)
            case MessageStep():
                self._take_message(step)
            case QueueStep():
                self._queue(step)
            case TransferStep():
                self._change(stage="transferring")
                self._note("transfer", "")
                self._actions.append(Transfer(number=step.number))
            case HangUpStep():
                self._note("hang_up", step.reason)
                self.end(step.reason)
            case _:
                assert_never(step)

    def _say(self, step: SayStep) -> None:
        self._change(stage="speaking")
        self._note("say", "")
        self._actions.append(Say(utterances=self._utterances(step.messages), can_skip=step.can_skip))

    def _open_or_closed(self, step: OpeningHoursStep) -> str:
        calendar = self._state.context.calendars.get(step.calendar_id)
        if calendar is None:
            # Callers who reach people are the lesser evil when a calendar has not come with the configuration.
            self._note("opening_hours", "calendar_missing")
            return step.if_open
        is_now_open = is_open(calendar, self._utc_moment())
        self._note("opening_hours", "open" if is_now_open else "closed")
        return step.if_open if is_now_open else step.if_closed

    def _ask_key(self, step: MenuStep, before: Sequence[Speech]) -> None:
        keys = tuple(step.choices)
        self._change(stage="asking")
        self._actions.append(
            Ask(
                utterances=self._utterances((*before, *step.messages)),
                max_length=max(len(key) for key in keys),
                timeout_s=step.timeout_s,
                options=keys,
            )
        )

    def _ask_digits(self, step: CollectStep, before: Sequence[Speech]) -> None:
        self._change(stage="asking")
        self._actions.append(
            Ask(
                utterances=self._utterances((*before, *step.messages)),
                max_length=step.max_length,
                timeout_s=step.timeout_s,
                terminator=step.terminator,
                is_secret=step.is_secret,
            )
        )

    def _decide(self, step: ConditionStep) -> str:
        moment = self._utc_moment().astimezone(ZoneInfo(self._flow.time_zone))
        for index, rule in enumerate(step.rules):
            if all(holds(comparison, self._state, moment) for comparison in rule.all):
                self._note("condition", f"rule {index + 1}")
                return rule.next
        self._note("condition", "otherwise")
        return step.otherwise

    def _look_up(self, step: LookUpStep) -> None:
        found = {name: known_value(of, self._state, self._utc_moment()) for name, of in step.arguments.items()}
        arguments = {name: value for name, value in found.items() if isinstance(value, str)}
        self._change(stage="looking_up")
        self._actions.append(LookUp(name=step.name, arguments=arguments, time_limit_ms=step.time_limit_ms))

    def _take_message(self, step: MessageStep) -> None:
        self._change(stage="taking_message")
        self._actions.append(TakeMessage(utterances=self._utterances(step.messages), longest_s=step.longest_s))

    def _queue(self, step: QueueStep) -> None:
        self._change(stage="queued", end_reason="queued")
        self._note("queue", "")
        self._actions.append(
            Queue(
                queue_id=self._queue_of(step),
                priority=self._state.priority + step.priority,
                needs=tuple((need.skill_id, need.level) for need in step.needs),
                announcement=self._utterances(step.announcement),
                announce_every_s=step.announce_every_s,
                callback_key=step.callback_key,
                attributes=self._attributes(step),
            )
        )

    def _queue_of(self, step: QueueStep) -> str:
        """The lowest level of the business that the person has not come out of, else the step's own queue."""
        levels = self._state.context.business_queues.get(self._business_of(step), ())
        return next((queue for queue in levels if queue not in self._state.left_queues), step.queue_id)

    def _business_of(self, step: QueueStep) -> str:
        """The business by which the step asks, an id or a code; empty where it names none that there is."""
        asked = step.business or ""
        business = self._state.values.get(asked.removeprefix("value:")) if asked.startswith("value:") else asked
        is_known = business in self._state.context.business_queues and not isinstance(business, Secret)
        return business if business and is_known else ""

    def _attributes(self, step: QueueStep) -> dict[str, str]:
        """What is known of the person that steers whom they come to, and the business that they ask by; a secret stays
        one."""
        known = {name: self._state.values.get(name) for name in ATTRIBUTES} | {BUSINESS: self._business_of(step)}
        return {name: value for name, value in known.items() if value and not isinstance(value, Secret)}

    # --- taking an input

    def take(self, step: Step, given: Input) -> Turn:
        """Go on after the input that this stage waits for."""
        match self._state.stage, step, given:
            case "closing", _, SpeechFinished():
                return self.end(self._state.end_reason)
            case "speaking", SayStep(), SpeechFinished():
                return self.enter(step.next)
            case "asking", MenuStep(), Answered(text):
                return self._take_key(step, text)
            case "asking", MenuStep(), TimedOut(partial):
                return self._take_key(step, partial)
            case "asking", CollectStep(), Answered(text):
                return self._take_digits(step, text)
            case "asking", CollectStep(), TimedOut(partial):
                return self._take_digits(step, partial)
            case "looking_up", LookUpStep(), LookedUp(values):
                return self._take_values(step, values)
            case "taking_message", MessageStep(), MessageTaken(duration_ms):
                self._note("message", str(duration_ms))
                return self.enter(step.next)
            case "transferring", TransferStep(), TransferFailed(cause):
                self._note("transfer_failed", cause)
                return self.enter(step.if_failed)
            case _:
                return self._turn()

    def _take_key(self, step: MenuStep, text: str) -> Turn:
        key = text.strip()
        if key in step.choices:
            self._change(menu_path=(*self._state.menu_path, key))
            self._note("menu", key)
            return self.enter(step.choices[key])
        self._note("menu", "invalid" if key else "no_input")
        if self._state.attempts >= step.retries:
            return self.enter(step.if_invalid if key else step.if_no_input)
        self._change(attempts=self._state.attempts + 1)
        self._ask_key(step, step.invalid_messages if key else step.no_input_messages)
        return self._turn()

    def _take_digits(self, step: CollectStep, text: str) -> Turn:
        digits = text.strip()
        if digits.isascii() and digits.isdigit() and step.min_length <= len(digits) <= step.max_length:
            value = Secret(digits) if step.is_secret else digits
            self._change(values={**self._state.values, step.name: value})
            self._note("collect", f"length {len(digits)}")
            return self.enter(step.next)
        self._note("collect", "invalid" if digits else "no_input")
        if self._state.attempts >= step.retries:
            return self.enter(step.if_failed)
        self._change(attempts=self._state.attempts + 1)
        self._ask_digits(step, step.invalid_messages if digits else ())
        return self._turn()

    def _take_values(self, step: LookUpStep, values: dict[str, Any] | None) -> Turn:
        self._note("look_up", "default" if values is None else "found")
        self._keep(step.default if values is None else values)
        return self.enter(step.next)

    def _keep(self, values: dict[str, Any]) -> None:
        """Keep plain values; those that say who the caller is replace what was known."""
        plain = {name: str(value) for name, value in values.items() if isinstance(value, str | int)}
        self._change(values={**self._state.values, **plain})
        for name in ("customer_id", "segment"):
            if isinstance(value := values.get(name), str):
                self._change(**{name: value or None})
        if isinstance(priority := values.get("priority"), int):
            self._change(priority=priority)
        if (language := values.get("language")) in LANGUAGES:
            self._change(language=language)

    # --- saying

    def _utterances(self, speeches: Sequence[Speech]) -> tuple[Utterance, ...]:
        made = (self._utterance(speech) for speech in speeches)
        return tuple(utterance for utterance in made if utterance is not None)

    def _utterance(self, speech: Speech) -> Utterance | None:
        language = self._state.language
        if speech.digits is None:
            return Utterance(language=language, prompt_id=speech.prompt, text=getattr(speech, language))
        digits = speech.digits
        if digits.startswith("value:"):
            digits = self._state.values.get(digits.removeprefix("value:"), "")
        # A secret is not read aloud either: others may hear it.
        is_readable = digits and not isinstance(digits, Secret)
        return Utterance(language=language, digits=digits) if is_readable else None

    def _utc_moment(self) -> datetime:
        return datetime.fromtimestamp(self._now_ms / 1000, tz=UTC)
