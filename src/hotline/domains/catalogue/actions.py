"""Writes to the tree, ticket types, away reasons, attributes and modules. Each is one transaction, audited."""

from typing import Any
from uuid import UUID

from hotline.domains.catalogue import errors, rules
from hotline.domains.catalogue.attributes import standard_codes
from hotline.domains.catalogue.models import (
    AttributeValue,
    AwayReason,
    BusinessModule,
    DispositionNode,
    TicketType,
)
from hotline.domains.enterprise.announcements import NODE, ROUTING, announce
from hotline.domains.setup_records import Writes


def _check_place(node: DispositionNode) -> None:
    """Refuse a place that would break the tree. All nodes are read: a tree has hundreds, not thousands."""
    stored = {str(found.pk): rule_node(found) for found in DispositionNode.objects.filter(tenant_id=node.tenant_id)}
    candidate = rule_node(node)
    rules.check_place(candidate, stored | {candidate.node_id: candidate})
    former = stored.get(candidate.node_id)
    if node.product_line and (former is None or former.product_line != node.product_line):
        _check_line(node)


def _check_line(node: DispositionNode) -> None:
    """A line that is named already stays, also when it has left the list."""
    own = AttributeValue.objects.filter(tenant_id=node.tenant_id, kind=AttributeValue.Kind.PRODUCT_LINE, is_active=True)
    is_own = own.filter(code=node.product_line).exists()
    if not is_own and node.product_line not in standard_codes("product_line"):
        raise errors.LineUnknownError(value=node.product_line)


def rule_node(node: DispositionNode) -> rules.Node:
    """The node as the rules read it."""
    kind: Any = node.kind
    return rules.Node(
        node_id=str(node.pk),
        kind=kind,
        parent_id=str(node.parent_id) if node.parent_id else None,
        product_line=node.product_line,
        valid_from=node.valid_from,
        valid_to=node.valid_to,
    )


def _announce(tenant_id: UUID) -> None:
    announce(tenant_id, ROUTING)


def _announce_business(tenant_id: UUID) -> None:
    announce(tenant_id, NODE, ROUTING)  # flows may ask for a person by it, and versions tell of it


disposition_nodes = Writes(DispositionNode, check=_check_place)
ticket_types = Writes(TicketType)
away_reasons = Writes(AwayReason, announce=_announce)
attribute_values = Writes(AttributeValue)
business_modules = Writes(BusinessModule, announce=_announce_business)
