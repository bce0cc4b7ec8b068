"""The disposition tree: where nodes may stand and which leaves can be chosen."""

import importlib
from datetime import UTC, date, datetime
from typing import Any

import msgspec
import pytest
from django.apps import apps
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from hotline.domains.catalogue import actions, errors, queries, rules
from hotline.domains.catalogue.models import DispositionNode
from hotline.foundation.tenancy import MIGRATION, without_scope
from tests.factories.foundation import client_of, make_tenant, make_user
from tests.factories.setup import (
    administrator_of,
    make_away_reason,
    make_department,
    make_disposition,
    make_ticket_type,
)

DAY = date(2026, 11, 22)
JSON = "application/json"


def _node(node_id: str, parent: str | None = None, **values: Any) -> rules.Node:
    return rules.Node(node_id=node_id, kind=values.pop("kind", "reason"), parent_id=parent, **values)


def _by_id(*nodes: rules.Node) -> dict[str, rules.Node]:
    return {node.node_id: node for node in nodes}


CHAIN = _by_id(_node("a"), _node("b", "a"), _node("c", "b"), _node("d", "c"))


@pytest.mark.parametrize(
    ("moved", "refused"),
    [
        (_node("e", "d"), errors.TreeTooDeepError),
        (_node("a", "a"), errors.TreeCircleError),
        (_node("a", "d"), errors.TreeCircleError),
        (_node("e", "a", kind="outcome"), errors.TreeKindError),
        (_node("e", None, valid_from=DAY, valid_to=date(2026, 1, 1)), errors.ValidityBackwardsError),
        (_node("e", "a", product_line="adsl"), errors.LineNotAtRootError),
        (_node("e", None, kind="outcome", product_line="adsl"), errors.LineNotAtRootError),
    ],
)
def test_impossible_places_are_refused(moved: rules.Node, refused: type[Exception]) -> None:
    with pytest.raises(refused):
        rules.check_place(moved, CHAIN | {moved.node_id: moved})


def test_moving_a_branch_counts_the_levels_below_it() -> None:
    tree = CHAIN | _by_id(_node("x"), _node("y", "x"))
    moved = _node("b", "y")
    with pytest.raises(errors.TreeTooDeepError):
        rules.check_place(moved, tree | {"b": moved})
    fitting = _node("c", "y")
    rules.check_place(fitting, tree | {"c": fitting})


def test_only_valid_leaves_below_valid_nodes_can_be_chosen() -> None:
    past = date(2026, 1, 1)
    nodes = [
        _node("line"),
        _node("leaf", "line"),
        _node("old_leaf", "line", valid_to=past),
        _node("old_line", valid_to=past),
        _node("orphan", "old_line"),
        _node("branch", "line"),
        _node("gone", "branch", valid_to=past),
        _node("today", "line", valid_from=DAY, valid_to=DAY),
    ]
    assert rules.choosable_ids(nodes, DAY) == {"leaf", "branch", "today"}


@given(parents=st.lists(st.integers(0, 30), max_size=30))
def test_accepted_trees_have_no_circle_and_four_levels_at_most(parents: list[int]) -> None:
    tree: dict[str, rules.Node] = {}
    for index, wanted in enumerate(parents):
        parent = str(wanted) if str(wanted) in tree else None
        node = _node(str(index), parent)
        try:
            rules.check_place(node, tree | {node.node_id: node})
        except errors.TreeTooDeepError:
            continue
        tree[node.node_id] = node
    for node in tree.values():
        depth, parent_id = 1, node.parent_id
        while parent_id is not None:
            depth, parent_id = depth + 1, tree[parent_id].parent_id
        assert depth <= rules.MOST_LEVELS


@pytest.mark.django_db
def test_desk_gets_the_whole_tree_with_what_can_be_chosen() -> None:
    tenant = make_tenant()
    line = make_disposition(tenant, code="supply", position=2)
    leaf = make_disposition(tenant, code="supply.leak", parent_id=line)
    outcome = make_disposition(tenant, code="solved", kind="outcome", position=1)
    admin = administrator_of(tenant)
    found = queries.dispositions(admin, tenant.pk, timezone.now())
    assert {row.disposition_id for row in found if row.is_choosable} == {str(leaf), str(outcome)}
    assert queries.are_choosable(admin, tenant.pk, [str(leaf), str(outcome)], timezone.now())
    assert not queries.are_choosable(admin, tenant.pk, [str(line)], timezone.now())


@pytest.mark.django_db
def test_validity_follows_the_tenants_own_midnight() -> None:
    tenant = make_tenant(time_zone="Asia/Shanghai")
    leaf = make_disposition(tenant, valid_from=date(2026, 12, 1))
    admin = administrator_of(tenant)
    before, after = datetime(2026, 11, 30, 15, 59, tzinfo=UTC), datetime(2026, 11, 30, 16, 0, tzinfo=UTC)
    assert not queries.are_choosable(admin, tenant.pk, [str(leaf)], before)
    assert queries.are_choosable(admin, tenant.pk, [str(leaf)], after)


@pytest.mark.django_db
def test_node_cannot_be_moved_below_itself_over_http() -> None:
    tenant = make_tenant()
    line = make_disposition(tenant)
    leaf = make_disposition(tenant, parent_id=line)
    client = client_of(make_user(tenant=tenant))
    body = msgspec.json.encode({"version": 1, "parent_id": str(leaf)})
    answer = client.patch(f"/api/v1/admin/disposition-nodes/{line}", body, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (422, "catalogue.tree_circle")
    assert client.delete(f"/api/v1/admin/disposition-nodes/{line}?version=1").status_code == 409


@pytest.mark.django_db
def test_ticket_types_in_use_come_with_department_and_hours() -> None:
    tenant = make_tenant()
    department = make_department(tenant)
    made = make_ticket_type(tenant, department_id=department, due_hours=2)
    make_ticket_type(tenant, is_active=False)
    found = queries.ticket_types(administrator_of(tenant), tenant.pk)
    assert [(row.ticket_type_id, row.department_id, row.due_hours) for row in found] == [
        (str(made), str(department), 2)
    ]


@pytest.mark.django_db
def test_agents_choose_among_their_own_tenants_away_reasons() -> None:
    tenant = make_tenant()
    reason = make_away_reason(tenant)
    make_away_reason(tenant, is_active=False)
    make_away_reason(make_tenant())
    answer = client_of(make_user(tenant=tenant, role="agent")).get("/api/v1/desk/away-reasons")
    assert [row["away_reason_id"] for row in answer.json()] == [str(reason)]


@pytest.mark.django_db
def test_away_reason_reaches_the_switch_under_a_new_version() -> None:
    tenant = make_tenant()
    reason = make_away_reason(tenant)
    actions.away_reasons.change(administrator_of(tenant), reason, 1, {"is_active": False})
    assert queries.away_reasons(administrator_of(tenant)) == []


def test_everything_below_a_root_is_coded_to_the_line_that_the_root_names() -> None:
    tree = [_node("a", product_line="adsl"), _node("b", "a"), _node("c", "b"), _node("x"), _node("y", "x")]
    assert rules.lines_of(tree) == {"a": "adsl", "b": "adsl", "c": "adsl", "x": "", "y": ""}


@pytest.mark.django_db
def test_a_root_names_a_line_that_is_in_use_and_keeps_it_when_that_has_left_the_list() -> None:
    tenant = make_tenant()
    client = client_of(make_user(tenant=tenant))
    nodes, values = "/api/v1/admin/disposition-nodes", "/api/v1/admin/attribute-values"
    names = {"zh": "宽带", "en": "Broadband"}
    root = {"code": "fibre", "name": names, "kind": "reason", "product_line": "fibre"}
    assert client.post(nodes, root, content_type=JSON).json()["code"] == "catalogue.line_unknown"
    value = {"kind": "product_line", "code": "fibre", "name": names}
    own = client.post(values, value, content_type=JSON).json()
    made = client.post(nodes, root, content_type=JSON).json()
    assert made["product_line"] == "fibre"
    off = {"version": own["version"], "is_active": False}
    assert client.patch(f"{values}/{own['id']}", off, content_type=JSON).status_code == 200
    renamed = {"version": made["version"], "position": 3, "product_line": "fibre"}
    assert client.patch(f"{nodes}/{made['id']}", renamed, content_type=JSON).status_code == 200
    child = {"code": "slow", "name": names, "kind": "reason", "parent_id": made["id"], "product_line": "adsl"}
    assert client.post(nodes, child, content_type=JSON).json()["code"] == "catalogue.line_not_at_root"


@pytest.mark.django_db
def test_a_root_that_was_called_like_a_line_names_it_after_the_migration() -> None:
    tenant = make_tenant()
    actions.attribute_values.create(
        administrator_of(tenant), {"kind": "product_line", "code": "own", "name": {"zh": "自有", "en": "Own"}}
    )
    roots = {code: make_disposition(tenant, code=code) for code in ("adsl", "own", "supply")}
    make_disposition(tenant, code="mobile", parent_id=roots["adsl"])
    make_disposition(make_tenant(), code="own")
    module = "hotline.domains.catalogue.migrations.0003_product_lines_of_reasons"
    importlib.import_module(module).name_lines(apps, None)
    with without_scope(MIGRATION):
        named = dict(DispositionNode.objects.exclude(product_line="").values_list("pk", "product_line"))
    assert named == {roots["adsl"]: "adsl", roots["own"]: "own"}
