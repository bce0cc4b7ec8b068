"""Customers, agents and what can be chosen, for tests of customers, contacts, tickets and the desk."""

from itertools import count
from typing import Any
from uuid import UUID

from hotline.domains.catalogue.models import DispositionNode, TicketType
from hotline.domains.customers import actions
from hotline.domains.customers.schemas import NewCustomer
from hotline.domains.enterprise.models import Department
from hotline.domains.people.models import Agent
from hotline.domains.routing.models import Queue
from hotline.foundation.actors import Actor
from hotline.foundation.models import Tenant, User
from hotline.foundation.permissions import Role
from hotline.foundation.tenancy import tenant_scope
from tests.factories.foundation import make_user

_numbers = count(1)
CALLER = "13900000001"


def make_customer(tenant: Tenant, **values: Any) -> UUID:
    """A saved customer with one phone, one address and one meter unless said otherwise."""
    number = next(_numbers)
    row: dict[str, Any] = {
        "name": f"陈玉{number}",
        "phones": [{"number": CALLER, "label": "mobile"}],
        "addresses": [{"text": f"江路{number}号3-402", "district": "北区", "meters": [f"8821{number}"]}],
        "consents": {"sms": True},
    } | values
    actor = Actor.system("test", [tenant.pk])
    return actions.create_customer(actor, tenant.pk, NewCustomer.model_validate(row))


def make_agent(tenant: Tenant, user: User | None = None, role: Role = Role.AGENT) -> Agent:
    """A saved agent with a user of that role."""
    user = user or make_user(tenant=tenant, role=role)
    with tenant_scope(tenant.pk):
        return Agent.objects.create(tenant=tenant, user=user, number=f"{next(_numbers):04d}", capacity={"voice": 1})


def make_queue(tenant: Tenant, **values: Any) -> Queue:
    number = next(_numbers)
    name = {"zh": f"报修{number}", "en": f"Repair {number}"}
    with tenant_scope(tenant.pk):
        return Queue.objects.create(tenant=tenant, **{"code": f"queue-{number}", "name": name} | values)


def make_disposition(tenant: Tenant, kind: str = "reason", **values: Any) -> DispositionNode:
    number = next(_numbers)
    name = {"zh": f"漏水{number}", "en": f"Leak {number}"}
    with tenant_scope(tenant.pk):
        return DispositionNode.objects.create(
            tenant=tenant, **{"code": f"node-{number}", "name": name, "kind": kind} | values
        )


def make_department(tenant: Tenant, **values: Any) -> Department:
    number = next(_numbers)
    name = {"zh": f"北区营业所{number}", "en": f"North office {number}"}
    with tenant_scope(tenant.pk):
        return Department.objects.create(tenant=tenant, **{"code": f"dep-{number}", "name": name} | values)


def make_ticket_type(tenant: Tenant, department: Department | None = None, **values: Any) -> TicketType:
    number = next(_numbers)
    name = {"zh": f"报修{number}", "en": f"Repair {number}"}
    row = {"code": f"type-{number}", "name": name, "due_hours": 24, "department": department} | values
    with tenant_scope(tenant.pk):
        return TicketType.objects.create(tenant=tenant, **row)
