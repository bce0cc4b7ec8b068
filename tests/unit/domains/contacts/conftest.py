"""People of a tenant at their browsers, and a stranger of another tenant."""

import pytest
from django.test import Client

from hotline.domains.people.models import Agent
from hotline.foundation.models import Tenant
from tests.factories.customers import make_agent
from tests.factories.foundation import client_of, make_tenant, make_user


@pytest.fixture
def tenant() -> Tenant:
    return make_tenant()


@pytest.fixture
def agent(tenant: Tenant) -> Agent:
    return make_agent(tenant)


@pytest.fixture
def desk(agent: Agent) -> Client:
    return client_of(agent.user)


@pytest.fixture
def supervisor(tenant: Tenant) -> Client:
    return client_of(make_user(tenant=tenant, role="supervisor"))


@pytest.fixture
def stranger() -> Client:
    return client_of(make_agent(make_tenant(), role="supervisor").user)
