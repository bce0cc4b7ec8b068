"""What one tenant sees of a set-up, and what changed between two, in words. Pure: no Django, no clock."""

from collections.abc import Iterable, Mapping
from typing import Any, Literal

import msgspec

from hotline.domains.routing.queue_rules import window_text
from hotline.domains.routing.version_words import CODES, PARTS, Text
from hotline.messages.configuration import PoolConfiguration, RoutingConfiguration, SiteConfiguration

What = Literal["added", "changed", "removed"]
Stays = Literal["people", "places", "catalogue", "agreement", "installation"]
Objects = dict[str, dict[str, dict[str, Any]]]
_EMPTY: Mapping[str, Any] = {}
_YES, _NO, _NONE = {"zh": "是", "en": "yes"}, {"zh": "否", "en": "no"}, {"zh": "–", "en": "–"}
# Names are shown above the fields, and whose it is goes without saying.
_NOT_SHOWN = frozenset({"tenant_id", "tenant_ids", "queue_id", "agent_id", "user_id", "skill_id", "ladder_id"})
WHOLE_POOL = "pool"
_WHOLE_POOL_NAME = {"zh": "", "en": ""}
# What going back to a version does not touch, and why.
STAYS: Mapping[str, Stays] = {
    "agent": "people",
    "team": "people",
    "site": "places",
    "seat": "places",
    "away_reason": "catalogue",
    "business": "catalogue",
    "shared_pool": "agreement",
    "pool_use": "agreement",
    "routing_pool": "installation",
}


class FieldChange(msgspec.Struct, frozen=True, kw_only=True):
    """A field as it was and as it is, in words."""

    field: str
    before: Text
    after: Text


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """Something of the set-up that is new, other or gone. `stays`: why going back to a version does not touch it."""

    object_type: str
    object_id: str
    name: Text
    what: What
    fields: list[FieldChange] = []
    stays: Stays | None = None


def part_of(configuration: RoutingConfiguration, tenant_id: str, beside: Objects) -> Objects:
    """What concerns that tenant, by kind and id: of agents who serve others too, only what they are here. `beside` is
    what the switch is not told by itself: names and kinds of skills, teams, the funnel, accepted pools."""
    own = set(beside.get("skill", {}))
    sites = [site for site in configuration.sites if site.tenant_id == tenant_id]
    named: dict[str, Iterable[dict[str, Any]]] = {
        "queue": map(_with_times, _of(configuration.queues, tenant_id)),
        "ladder": map(_untagged, _of(configuration.ladders, tenant_id)),
        "agent": [_seen(msgspec.to_builtins(one), own) for one in configuration.agents if tenant_id in one.tenant_ids],
        "site": map(_site, sites),
    }
    found: Objects = {kind: {row[f"{kind}_id"]: row for row in rows} for kind, rows in named.items()}
    priorities = _of(configuration.priorities, tenant_id)
    found["priority_rule"] = {" ".join(filter(None, (row["kind"], row["value"]))): row for row in priorities}
    found["seat"] = {seat_id: row for site in sites for seat_id, row in _seats(site)}
    found["shared_pool"] = {pool.pool_id: _pool(pool) for pool in configuration.pools if pool.tenant_id == tenant_id}
    part = {kind: rows for kind, rows in (beside | found).items() if rows}
    if part:  # what holds for the whole pool concerns whoever has something set up
        part["routing_pool"] = {WHOLE_POOL: _of_whole_pool(configuration)}
    # As it is read back from where it is kept: tuples and lists are no difference.
    plain: Objects = msgspec.json.decode(msgspec.json.encode(part))
    return plain


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
    """What everything that others refer to by an id is called in these parts; the later part wins."""
    found: dict[str, Text] = {}
    for part in parts:
        # Levels go by numbers, which mean something else everywhere else.
        for kind, rows in ((kind, rows) for kind, rows in part.items() if kind != "funnel_level"):
            named = {object_id: row for object_id, row in rows.items() if "name_zh" in row or kind == "agent"}
            found |= {object_id: _name(kind, object_id, row, _EMPTY) for object_id, row in named.items()}
    return found


def _of_whole_pool(configuration: RoutingConfiguration) -> dict[str, Any]:
    return {
        "interruptible": list(configuration.interruptible),
        "fair_after_s": configuration.fair_after_s,
        "resume_grace_s": configuration.resume_grace_s,
    }


def _site(site: SiteConfiguration) -> dict[str, Any]:
    return {"site_id": site.site_id, "name_zh": site.name_zh, "name_en": site.name_en}


def _seats(site: SiteConfiguration) -> Iterable[tuple[str, dict[str, Any]]]:
    for seat in site.seats:
        told = {"site_id": site.site_id, "fault": seat.fault, "is_reserve": seat.is_reserve}
        yield seat.seat_id, {"name_zh": seat.label, "name_en": seat.label, **told}


def _pool(pool: PoolConfiguration) -> dict[str, Any]:
    """Only what its owner decides: the clients stand in it once they have accepted."""
    told: dict[str, Any] = msgspec.to_builtins(pool)
    return {name: value for name, value in told.items() if name not in ("pool_id", "tenant_id")}


def _of(rows: Iterable[Any], tenant_id: str) -> list[dict[str, Any]]:
    return [msgspec.to_builtins(row) for row in rows if row.tenant_id == tenant_id]


def _untagged(ladder: dict[str, Any]) -> dict[str, Any]:
    """Without the ids of tiers: one that was removed and came back is the same to people. Without the names of borrowed
    skills: a skill that is renamed is no other ladder."""
    return {**ladder, "tiers": [without_names(tier) for tier in ladder["tiers"]]}


def without_names(tier: dict[str, Any]) -> dict[str, Any]:
    """The tier without what it only repeats; earlier releases kept it."""
    return {name: value for name, value in tier.items() if name not in ("tier_id", "skill_names")}


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


def with_stays(change: Change) -> Change:
    """The change as going back to a version would make it, or why it would not. A skill that is gone stays gone, for
    nobody holds it any more, and one that is newer stays: people may hold it."""
    stays = STAYS.get(change.object_type)
    if change.object_type == "skill" and change.what != "changed":
        stays = "people"
    return msgspec.structs.replace(change, stays=stays)


def _fields(old: Mapping[str, Any], new: Mapping[str, Any], names: Mapping[str, Text]) -> list[FieldChange]:
    differing = [name for name in sorted({*old, *new}) if old.get(name) != new.get(name) and name not in _NOT_SHOWN]
    found = []
    for name in differing:
        before, after = _apart(old.get(name), new.get(name))
        found.append(FieldChange(field=name, before=_said(before, names, name), after=_said(after, names, name)))
    return found


def _apart(before: Any, after: Any) -> tuple[Any, Any]:
    """Of lists of skills with levels, rings, overflows or tiers only what the other has not: there may be dozens. All
    of them where only the order is another."""
    if not (isinstance(before, list) and isinstance(after, list)):
        return before, after
    if not all(isinstance(one, list | dict) for one in (*before, *after)):
        return before, after
    gone, come = [one for one in before if one not in after], [one for one in after if one not in before]
    return (gone, come) if gone or come else (before, after)


def _name(kind: str, object_id: str, row: Mapping[str, Any], names: Mapping[str, Text]) -> Text:
    if "name_zh" in row:
        return {"zh": row["name_zh"], "en": row["name_en"]}
    if kind == "agent":
        return {"zh": row["name"], "en": row["name"]}
    if kind == "routing_pool":
        return _WHOLE_POOL_NAME
    return names.get(object_id, {"zh": object_id, "en": object_id})


def _said(value: Any, names: Mapping[str, Text], field: str) -> Text:
    """The value in words: ids by their names, codes by their words, lists and parts one after the other."""
    if value is None or value in ([], {}, ""):
        return _NONE
    if isinstance(value, bool):
        return _YES if value else _NO
    if isinstance(value, list):
        return _listed(value, names, field)
    if isinstance(value, dict) and "calendar_id" in value:
        number = len(value["versions"])
        return {"zh": f"{value['name_zh']}（第 {number} 版）", "en": f"{value['name_en']} (version {number})"}
    if isinstance(value, dict):
        told = [(_word(name, field), _said(one, names, _inner(name, field))) for name, one in value.items()]
        return {lang: "; ".join(f"{name[lang]} {one[lang]}" for name, one in told) for lang in ("zh", "en")}
    text = str(value)
    return CODES.get(field, _EMPTY).get(text) or names.get(text) or {"zh": text, "en": text}


def _listed(values: list[Any], names: Mapping[str, Text], field: str) -> Text:
    each = [_said(one, names, field) for one in values]
    if len(values) == 2 and isinstance(values[0], str) and isinstance(values[1], int):
        return {lang: " ".join(one[lang] for one in each) for lang in ("zh", "en")}  # a skill and its level
    return {"zh": "、".join(one["zh"] for one in each), "en": ", ".join(one["en"] for one in each)}


def _word(name: str, field: str) -> Text:
    """What a part of a setting is called; where settings go by a code, what that is."""
    return CODES.get(field, _EMPTY).get(name) or PARTS.get(name) or {"zh": name, "en": name}


def _inner(name: str, field: str) -> str:
    return field if name in CODES.get(field, _EMPTY) else name
