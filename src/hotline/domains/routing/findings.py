"""What can be found wrong with a routing set-up, in words that say what to do. Pure: no Django, no clock."""

from collections.abc import Iterable, Mapping
from typing import Literal

import msgspec

from hotline.messages.configuration import LadderConfiguration, QueueConfiguration, TierConfiguration

Severity = Literal["error", "warning"]
ObjectType = Literal["queue", "agent", "ladder"]


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """Something wrong with the set-up: errors keep it from the switch, warnings are shown.

    A warning that `is_refused` may come of itself (people leave) but not by a change of the set-up. `about` tells it
    from others of its code at the same object, whatever that is called."""

    code: str
    severity: Severity
    object_type: ObjectType
    object_id: str
    tenant_id: str
    sentence: dict[str, str]
    about: str = ""
    is_refused: bool = False


class SkillName(msgspec.Struct, frozen=True, kw_only=True):
    """A skill by its names, and whose it is."""

    tenant_id: str
    zh: str
    en: str


Skills = Mapping[str, SkillName]


def of_queue(
    queue: QueueConfiguration,
    code: str,
    zh: str,
    en: str,
    severity: Severity = "error",
    *,
    about: str | None = None,
    is_refused: bool = False,
) -> Finding:
    """A finding about a queue, whose name goes before the sentences."""
    return Finding(
        code=f"routing.{code}",
        severity=severity,
        object_type="queue",
        object_id=queue.queue_id,
        tenant_id=queue.tenant_id,
        sentence={"zh": f"队列“{queue.name_zh}”{zh}", "en": f"Queue “{queue.name_en}” {en}"},
        about=en if about is None else about,
        is_refused=is_refused,
    )


def of_ladder(
    ladder: LadderConfiguration,
    tier: TierConfiguration | None,
    code: str,
    zh: str,
    en: str,
    severity: Severity = "error",
) -> Finding:
    """A finding about a ladder, or about one tier of it, which it names."""
    named = {
        "zh": f"梯队“{tier.name_zh}”" if tier else "梯队组",
        "en": f"Tier “{tier.name_en}”" if tier else "The ladder",
    }
    return Finding(
        code=f"routing.{code}",
        severity=severity,
        object_type="ladder",
        object_id=ladder.ladder_id,
        tenant_id=ladder.tenant_id,
        sentence={"zh": named["zh"] + zh, "en": f"{named['en']} {en}"},
        about=f"{tier.tier_id if tier else ''} {en}",
    )


def skill_name(skills: Skills, skill_id: str, language: Literal["zh", "en"]) -> str:
    """What to call the skill; its id when nobody knows it."""
    found = skills.get(skill_id)
    return getattr(found, language) if found is not None else skill_id


def errors_of(findings: Iterable[Finding]) -> list[Finding]:
    """Those that keep the set-up from the switch."""
    return [finding for finding in findings if finding.severity == "error"]


def worse(before: Iterable[Finding], after: Iterable[Finding]) -> list[Finding]:
    """What a change brings in that it may not: errors, and warnings that are refused. What was wrong already does not
    keep anybody from mending something else."""
    known = {_key(finding) for finding in before}
    return [one for one in after if (one.severity == "error" or one.is_refused) and _key(one) not in known]


def _key(finding: Finding) -> tuple[str, str, str]:
    return finding.code, finding.object_id, finding.about
