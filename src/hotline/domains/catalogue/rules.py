"""How the disposition tree may look, what of it can be chosen on a day, how hard a module is. Pure: no Django."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Literal

import msgspec

from hotline.domains.catalogue import errors

MOST_LEVELS = 4
FUNNEL_LEVELS = 4
NodeKind = Literal["reason", "outcome"]


class Node(msgspec.Struct, frozen=True, kw_only=True):
    """What the rules need to know of a node."""

    node_id: str
    kind: NodeKind
    parent_id: str | None
    product_line: str = ""
    valid_from: date | None = None
    valid_to: date | None = None


def check_place(node: Node, nodes: Mapping[str, Node]) -> None:
    """Raise the error that says why the node cannot stand below its parent; `nodes` are the tenant's by id."""
    check_validity(node.valid_from, node.valid_to)
    ancestors = _ancestors(node, nodes)
    if node.node_id in ancestors:
        raise errors.TreeCircleError
    if node.parent_id is not None and nodes[node.parent_id].kind != node.kind:
        raise errors.TreeKindError(kind=node.kind)
    if node.product_line and (node.parent_id is not None or node.kind != "reason"):
        raise errors.LineNotAtRootError
    if len(ancestors) + 1 + _height(node.node_id, nodes) > MOST_LEVELS:
        raise errors.TreeTooDeepError(limit=MOST_LEVELS)


def check_validity(valid_from: date | None, valid_to: date | None) -> None:
    """Raise ValidityBackwardsError when the end lies before the beginning."""
    if valid_from is not None and valid_to is not None and valid_to < valid_from:
        raise errors.ValidityBackwardsError(valid_from=valid_from.isoformat(), valid_to=valid_to.isoformat())


def is_valid_on(node: Node, day: date) -> bool:
    """Whether the node itself is valid on that day."""
    return (node.valid_from is None or node.valid_from <= day) and (node.valid_to is None or day <= node.valid_to)


def choosable_ids(nodes: Iterable[Node], day: date) -> frozenset[str]:
    """The leaves that may be chosen on that day: valid themselves and below valid nodes only."""
    by_id = {node.node_id: node for node in nodes}
    shown = {
        node_id
        for node_id, node in by_id.items()
        if is_valid_on(node, day) and all(is_valid_on(by_id[up], day) for up in _ancestors(node, by_id))
    }
    parents = {by_id[node_id].parent_id for node_id in shown}
    return frozenset(shown - parents)


def lines_of(nodes: Iterable[Node]) -> dict[str, str]:
    """By node the product line to which what is filed under it is coded: the one that its root names, empty for none.
    The only place that says so."""
    by_id = {node.node_id: node for node in nodes}
    return {node_id: by_id[([node_id, *_ancestors(node, by_id)])[-1]].product_line for node_id, node in by_id.items()}


class Suggestion(msgspec.Struct, frozen=True, kw_only=True):
    """A funnel level for a module, with the points, 3-15, that it follows from."""

    grade: int
    points: int
    is_raised_by_risk: bool


def suggestion(difficulty: int, frequency: int, risk: int, levels: int = FUNNEL_LEVELS) -> Suggestion:
    """The funnel level, 1 to `levels`, at which a module of this difficulty, frequency and risk (1-5 each) begins.

    What is hard and risky stands high, what is asked often stands low, in equal bands; the greatest risk never stands
    below the last level but one, however often it is asked."""
    points = difficulty + risk + (6 - frequency)
    by_points = 1 + (points - 3) * levels // 13
    grade = max(by_points, levels - 1, 1) if risk == 5 else by_points
    return Suggestion(grade=grade, points=points, is_raised_by_risk=grade > by_points)


def suggestion_reason(difficulty: int, frequency: int, risk: int) -> dict[str, str]:
    """Why that grade, in both languages: the points that each of the three brings."""
    found = suggestion(difficulty, frequency, risk)
    raised = {
        "zh": f"；风险为 5，不低于第 {found.grade} 级" if found.is_raised_by_risk else "",
        "en": f"; with risk 5 never below level {found.grade}" if found.is_raised_by_risk else "",
    }
    asked = 6 - frequency
    return {
        "zh": f"难度 {difficulty} + 风险 {risk} + 少见程度 {asked} = {found.points} 分（3–15 分）{raised['zh']}",
        "en": f"difficulty {difficulty} + risk {risk} + rarity {asked} = {found.points} points of 3–15{raised['en']}",
    }


def _ancestors(node: Node, nodes: Mapping[str, Node]) -> list[str]:
    """Parent ids upwards; ends at the top or where a circle closes."""
    found: list[str] = []
    parent_id = node.parent_id
    while parent_id is not None and parent_id not in found:
        found.append(parent_id)
        # The node itself may be moved: its own new parent counts, not the stored one.
        parent_id = None if parent_id == node.node_id else nodes[parent_id].parent_id
    return found


def _height(node_id: str, nodes: Mapping[str, Node]) -> int:
    """Levels below the node."""
    children = [child.node_id for child in nodes.values() if child.parent_id == node_id]
    return max((1 + _height(child, nodes) for child in children), default=0)
