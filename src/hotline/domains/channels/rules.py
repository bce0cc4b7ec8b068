"""Numbers, what may be dialled, and how two versions of a flow differ. Pure: no Django, no clock."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from hotline.domains.channels import errors
from hotline.flows import Flow
from hotline.flows.definition import LANGUAGES, OpeningHoursStep, QueueStep
from hotline.flows.validation import speeches_of

# Police, fire, ambulance, traffic accidents, and the number that mobile networks know everywhere. They pass whatever a
# tenant lists, and a tenant's own list only adds to them.
ALWAYS_EMERGENCY = ("110", "112", "119", "120", "122")
MOST_DEFINITION_BYTES = 256 * 1024
WRITTEN = frozenset({"chat", "form", "sms"})  # web holds these conversations; no node and no flow

Layout = dict[str, dict[str, int]]

_PUBLIC_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{2,63}\Z")
_SEPARATORS = str.maketrans("", "", " -.()/")
_LONGEST_NUMBER = 20
_LONGEST_PREFIX = 15


class Needs(msgspec.Struct, frozen=True):
    """The ids of everything that a flow uses."""

    queue_ids: frozenset[str]
    skill_ids: frozenset[str]
    calendar_ids: frozenset[str]
    prompt_ids: frozenset[str]


class StepChange(msgspec.Struct, frozen=True):
    """A step that both versions have, with each field that differs as [before, after]."""

    step_id: str
    fields: dict[str, tuple[Any, Any]]


class FlowDifference(msgspec.Struct, frozen=True):
    """What changed between two versions of a flow; `whole` holds fields outside the steps."""

    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: tuple[StepChange, ...]
    whole: dict[str, tuple[Any, Any]]


def checked_address(channel: str, address: str) -> str:
    """The address as it is kept: numbers without separators and without a leading +, so that one number is one row; of
    chats and web forms the key that stands in the address of their page.

    Raises AddressError, PublicKeyError."""
    if channel in {"chat", "form"}:
        if not _PUBLIC_KEY.match(address.strip()):
            raise errors.PublicKeyError(key=address[:64])
        return address.strip()
    if channel not in {"voice", "sms"}:
        return address.strip()
    bare = bare_number(address)
    if not (bare.isascii() and bare.isdigit() and 2 <= len(bare) <= _LONGEST_NUMBER):
        raise errors.AddressError(address=address[:40])
    return bare


def bare_number(number: str) -> str:
    """The number without separators and without a leading +, as entry points are kept and compared."""
    return number.translate(_SEPARATORS).removeprefix("+")


def secret_mark(secret: str) -> str:
    """By what a gateway's secret is known again; a long random text needs no slow hash."""
    return hashlib.sha256(secret.encode()).hexdigest()


def check_language(language: str) -> None:
    """Raise LanguageError for a language without prompts."""
    if language not in LANGUAGES:
        raise errors.LanguageError(language=language, languages=", ".join(LANGUAGES))


def check_parts(channel: str, *, has_flow: bool, has_queue: bool, has_calendar: bool) -> None:
    """Accept an entry point that has what its channel reads, and nothing else. Raises FlowNeededError, FlowUnusedError,
    QueueNeededError or CalendarUnusedError."""
    if channel not in WRITTEN:
        if not has_flow:
            raise errors.FlowNeededError
        if has_calendar:
            raise errors.CalendarUnusedError
        return
    if has_flow:
        raise errors.FlowUnusedError
    if not has_queue:
        raise errors.QueueNeededError


def checked_prefix(prefix: str) -> str:
    """The prefix without separators. Raises PrefixError for an empty one, which would allow everything."""
    bare = prefix.translate(_SEPARATORS)
    digits = bare.removeprefix("+")
    if not (digits.isascii() and digits.isdigit() and 1 <= len(digits) <= _LONGEST_PREFIX):
        raise errors.PrefixError(prefix=prefix[:40])
    return bare


def dialable_number(number: str, allow: Sequence[str], emergency: Sequence[str]) -> str:
    """The number without separators, when it may be dialled: an emergency number, or one under an allowed prefix.

    Raises NumberNotAllowedError. The node checks again with the same rule before it dials."""
    bare = number.translate(_SEPARATORS)
    is_number = bare.isascii() and bare.removeprefix("+").isdigit() and len(bare) <= _LONGEST_NUMBER
    is_allowed = bare in (*ALWAYS_EMERGENCY, *emergency) or any(prefix and bare.startswith(prefix) for prefix in allow)
    if not is_number or not is_allowed:
        raise errors.NumberNotAllowedError(number=number[:40])
    return bare


def check_definition_form(definition: object) -> None:
    """Accept what an editor may keep as a draft: any dialogue-shaped object of bearable size, finished or not."""
    if not isinstance(definition, dict) or not isinstance(definition.get("steps"), dict):
        raise errors.DraftNotDialogueError
    if len(msgspec.json.encode(definition)) > MOST_DEFINITION_BYTES:
        raise errors.DefinitionTooLargeError(limit_kb=MOST_DEFINITION_BYTES // 1024)


def kept_layout(definition: Mapping[str, Any], layout: Mapping[str, dict[str, int]]) -> Layout:
    """The positions of steps that the definition has."""
    return {step_id: position for step_id, position in layout.items() if step_id in _steps(definition)}


def needs_of(flow: Flow) -> Needs:
    """Everything outside itself that a flow uses."""
    queues = [step for step in flow.steps.values() if isinstance(step, QueueStep)]
    speeches = [speech for step in flow.steps.values() for speech in speeches_of(step)]
    return Needs(
        queue_ids=frozenset(step.queue_id for step in queues),
        skill_ids=frozenset(need.skill_id for step in queues for need in step.needs),
        calendar_ids=frozenset(step.calendar_id for step in flow.steps.values() if isinstance(step, OpeningHoursStep)),
        prompt_ids=frozenset(speech.prompt for speech in speeches if speech.prompt is not None),
    )


def asked_levels(definition: Mapping[str, Any]) -> dict[str, int]:
    """The greatest level of each skill that a step asks for beyond its queue; nothing of what is no flow yet."""
    try:
        flow = msgspec.convert(definition, Flow)
    except msgspec.ValidationError:
        return {}
    asked: dict[str, int] = {}
    for step in flow.steps.values():
        for need in step.needs if isinstance(step, QueueStep) else ():
            asked[need.skill_id] = max(need.level, asked.get(need.skill_id, 0))
    return asked


def flow_difference(before: Mapping[str, Any], after: Mapping[str, Any]) -> FlowDifference:
    """What changed from one definition to another."""
    old, new = _steps(before), _steps(after)
    both = [step_id for step_id in new if step_id in old and old[step_id] != new[step_id]]
    return FlowDifference(
        added=tuple(step_id for step_id in new if step_id not in old),
        removed=tuple(step_id for step_id in old if step_id not in new),
        changed=tuple(StepChange(step_id, _fields(old[step_id], new[step_id])) for step_id in both),
        whole=_fields(_without_steps(before), _without_steps(after)),
    )


def _steps(definition: Mapping[str, Any]) -> Mapping[str, Any]:
    steps = definition.get("steps")
    return steps if isinstance(steps, dict) else {}


def _without_steps(definition: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in definition.items() if name != "steps"}


def _fields(before: Any, after: Any) -> dict[str, tuple[Any, Any]]:
    if not isinstance(before, dict) or not isinstance(after, dict):
        return {} if before == after else {"step": (before, after)}
    names = sorted({*before, *after})
    return {name: (before.get(name), after.get(name)) for name in names if before.get(name) != after.get(name)}
