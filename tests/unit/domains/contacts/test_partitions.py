"""On PostgreSQL contacts lie in the partition of their month, and a search by time reads only the months it needs."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from django.db import connection

from hotline.domains.contacts import queries
from hotline.domains.contacts.models import Contact
from hotline.foundation.tenancy import tenant_scope
from tests.factories.contacts import make_handled_contact
from tests.factories.customers import make_agent
from tests.factories.foundation import make_actor, make_tenant

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


def test_a_contact_of_now_lies_in_this_months_partition() -> None:
    tenant = make_tenant()
    road = make_handled_contact(tenant, make_agent(tenant).pk)
    arrived = datetime.fromtimestamp((UUID(road.contact_id).int >> 80) / 1000, UTC)
    with tenant_scope(tenant.pk), connection.cursor() as cursor:
        cursor.execute("SELECT tableoid::regclass::text FROM contacts_contact WHERE id = %s", [road.contact_id])
        assert cursor.fetchall() == [(f"contacts_contact_{arrived:%Y_%m}",)]


def test_a_search_of_one_week_leaves_other_months_alone() -> None:
    tenant = make_tenant()
    now = datetime.now(UTC)
    wanted = queries.ContactFilter(since=now - timedelta(days=7), until=now)
    in_two_months = f"contacts_contact_{(now.replace(day=1) + timedelta(days=62)).replace(day=1):%Y_%m}"
    with tenant_scope(tenant.pk):
        plan, whole = queries.filtered(make_actor(tenant), wanted).explain(), Contact.objects.all().explain()
    assert f"contacts_contact_{now:%Y_%m}" in plan
    assert in_two_months in whole
    assert in_two_months not in plan
