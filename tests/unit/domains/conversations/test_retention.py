"""What was written is sealed, and goes with its contact when the tenant's time for it is over."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from hotline.domains.contacts import written
from hotline.domains.contacts.models import Contact
from hotline.domains.contacts.retention import anonymise_old_contacts
from hotline.domains.conversations.models import Conversation, Message
from hotline.foundation.models import Tenant
from hotline.foundation.tenancy import tenant_scope
from tests.factories.contacts import project
from tests.factories.conversations import Visitor, codes, make_written, ordered, road_of
from tests.factories.foundation import client_of, make_tenant, make_user

pytestmark = pytest.mark.django_db
LATER = timedelta(days=100)


def handled_chat(tenant: Tenant) -> Visitor:
    visitor = Visitor(make_written(tenant, "chat"))
    visitor.begin("住在江路5号", phone="13900005521")
    road = road_of(ordered()[-1])
    project([road.queued(), road.connected(wait_ms=1), road.interaction_ended(1), road.ended("handled", 2, 1)])
    return visitor


def everything_told(tenant: Tenant) -> str:
    with tenant_scope(tenant.pk):
        return str([list(model.objects.values()) for model in (Conversation, Message, Contact)])


def test_what_was_written_stands_in_the_database_sealed() -> None:
    tenant = make_tenant()
    handled_chat(tenant)
    with tenant_scope(tenant.pk), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT text FROM conversations_message")
        texts = str(cursor.fetchall())
        cursor.execute("SELECT sender, sender_name FROM conversations_conversation")
        senders = str(cursor.fetchall())
    assert len(texts) > 40
    for told in ("江路", "5521", "陈瑜"):
        assert told not in texts + senders


def test_a_conversation_past_its_months_tells_of_nobody() -> None:
    tenant = make_tenant(contact_months=2)
    visitor = handled_chat(tenant)
    while anonymise_old_contacts(2, timezone.now() + LATER):
        pass
    for told in ("江路", "5521", "陈瑜"):
        assert told not in everything_told(tenant)
    reader = client_of(make_user(tenant=tenant, role="supervisor"))
    read = reader.get(f"/api/v1/contacts/{visitor.conversation_id}/conversation").json()
    assert codes(read["messages"]) == [None, "agent_joined"]


def test_a_preserved_one_and_another_tenants_stay() -> None:
    kept, other = make_tenant(contact_months=2), make_tenant()
    visitor = handled_chat(kept)
    handled_chat(other)
    with tenant_scope(kept.pk):
        Contact.objects.filter(pk=visitor.contact_id).update(preserved_at=timezone.now())
    assert anonymise_old_contacts(100, timezone.now() + LATER) == 0
    assert "江路" in everything_told(kept)
    assert "江路" in everything_told(other)


def test_one_that_the_switch_never_took_goes_too() -> None:
    tenant = make_tenant(contact_months=2)
    visitor = Visitor(make_written(tenant, "chat"))
    visitor.begin("住在江路5号", phone="13900005521")
    with tenant_scope(tenant.pk):
        written.refused(visitor.contact_id, "routing.queue_unknown")
        written.refused(visitor.contact_id, "routing.queue_unknown")
    read = visitor.read().json()
    assert (read["state"], read["ended_by"], read["messages"][-1]["code"]) == ("ended", "house", "not_taken")
    while anonymise_old_contacts(1, timezone.now() + LATER):
        pass
    for told in ("江路", "5521", "陈瑜"):
        assert told not in everything_told(tenant)
