"""What one tenant sees of a set-up, and what changed between two, in words. Pure: no Django, no clock."""

from collections.abc import Iterable, Mapping
from typing import Any, Literal

import msgspec

from hotline.domains.routing.findings import Skills
from hotline.domains.routing.queue_rules import window_text
from hotline.messages.configuration import RoutingConfiguration

What = Literal["added", "changed", "removed"]
Text = dict[str, str]
Objects = dict[str, dict[str, dict[str, Any]]]
_EMPTY: Mapping[str, Text] = {}
_YES, _NO, _NONE = {"zh": "是", "en": "yes"}, {"zh": "否", "en": "no"}, {"zh": "–", "en": "–"}
# Names are shown above the fields, and whose it is goes without saying.
_NOT_SHOWN = frozenset({"tenant_id", "tenant_ids", "queue_id", "agent_id", "user_id", "skill_id", "ladder_id"})


class FieldChange(msgspec.Struct, frozen=True, kw_only=True):
    """A field as it was and as it is, in words."""

    field: str
    before: Text
    after: Text


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """A queue, skill, priority, ladder or agent that is new, other or gone."""

    object_type: str
    object_id: str
    name: Text
    what: What
    fields: list[FieldChange] = []


def part_of(configuration: RoutingConfiguration, tenant_id: str, skills: Skills) -> Objects:
    """What concerns that tenant, by kind and id: of agents who serve others too, only what they are here."""
    own = {skill_id for skill_id, skill in skills.items() if skill.tenant_id == tenant_id}
    agents = [_seen(msgspec.to_builtins(one), own) for one in configuration.agents if tenant_id in one.tenant_ids]
    named: dict[str, Iterable[dict[str, Any]]] = {
        "queue": map(_with_times, _of(configuration.queues, tenant_id)),
        "skill": _of(configuration.skills, tenant_id),
        "ladder": map(_untagged, _of(configuration.ladders, tenant_id)),
        "agent": agents,
    }
    found: Objects = {kind: {row[f"{kind}_id"]: row for row in rows} for kind, rows in named.items()}
    priorities = _of(configuration.priorities, tenant_id)
    found["priority_rule"] = {" ".join(filter(None, (row["kind"], row["value"]))): row for row in priorities}
    return {kind: rows for kind, rows in found.items() if rows}


def changes_between(before: Objects, after: Objects, names: Mapping[str, Text]) -> list[Change]:
    """What is new, other or gone, in a fixed order. `names` says what to call ids."""
    found = []
    for kind in sorted({*before, *after}):
        old, new = before.get(kind, {}), after.get(kind, {})
        for object_id in sorted({*old, *new}):
            change = _change(kind, object_id, old.get(object_id), new.get(object_id), names)
            if change is not None:
                found.append(change)
    return found


def names_in(*parts: Objects) -> dict[str, Text]:
    """What queues and agents are called in these parts; the later part wins."""
    found: dict[str, Text] = {}
    for part in parts:
        for kind in ("queue", "agent"):
            found |= {object_id: _name(kind, object_id, row, _EMPTY) for object_id, row in part.get(kind, {}).items()}
    return found


def _of(rows: Iterable[Any], tenant_id: str) -> list[dict[str, Any]]:
    return [msgspec.to_builtins(row) for row in rows if row.tenant_id == tenant_id]


def _untagged(ladder: dict[str, Any]) -> dict[str, Any]:
    """Without the ids of tiers: one that was removed and came back is the same to people."""
    tiers = [{name: value for name, value in tier.items() if name != "tier_id"} for tier in ladder["tiers"]]
    return {**ladder, "tiers": tiers}


def _with_times(queue: dict[str, Any]) -> dict[str, Any]:
    """With windows as people write them."""
    return {**queue, "callback_windows": [window_text(window) for window in queue["callback_windows"]]}


def _seen(agent: dict[str, Any], own: set[str]) -> dict[str, Any]:
    kept = {name: value for name, value in agent.items() if name != "tenant_ids"}
    return kept | {name: [row for row in agent[name] if row[0] in own] for name in ("skills", "skill_ends")}


def _change(
    kind: str, object_id: str, old: dict[str, Any] | None, new: dict[str, Any] | None, names: Mapping[str, Text]
) -> Change | None:
    if old == new:
        return None
    name = _name(kind, object_id, new or old or {}, names)
    what: What = "added" if old is None else "removed" if new is None else "changed"
    fields = _fields(old, new, names) if old is not None and new is not None else []
    return Change(object_type=kind, object_id=object_id, name=name, what=what, fields=fields)


def _fields(old: Mapping[str, Any], new: Mapping[str, Any], names: Mapping[str, Text]) -> list[FieldChange]:
    differing = [name for name in sorted({*old, *new}) if old.get(name) != new.get(name) and name not in _NOT_SHOWN]
    return [
        FieldChange(field=name, before=_said(old.get(name), names), after=_said(new.get(name), names))
        for name in differing
    ]


def _name(kind: str, object_id: str, row: Mapping[str, Any], names: Mapping[str, Text]) -> Text:
    if "name_zh" in row:
        return {"zh": row["name_zh"], "en": row["name_en"]}
    if kind == "agent":
        return {"zh": row["name"], "en": row["name"]}
    return names.get(object_id, {"zh": object_id, "en": object_id})


def _said(value: Any, names: Mapping[str, Text]) -> Text:
    """The value in words: ids by their names, lists and parts one after the other."""
    if value is None or value in ([], {}, ""):
        return _NONE
    if isinstance(value, bool):
        return _YES if value else _NO
    if isinstance(value, list):
        each = [_said(one, names) for one in value]
        return {"zh": "、".join(one["zh"] for one in each), "en": ", ".join(one["en"] for one in each)}
    if isinstance(value, dict) and "calendar_id" in value:
        number = len(value["versions"])
        return {"zh": f"{value['name_zh']}（第 {number} 版）", "en": f"{value['name_en']} (version {number})"}
    if isinstance(value, dict):
        told = {name: _said(one, names) for name, one in value.items()}
        return {
            language: "; ".join(f"{name} {one[language]}" for name, one in told.items()) for language in ("zh", "en")
        }
    return names.get(str(value), {"zh": str(value), "en": str(value)})
