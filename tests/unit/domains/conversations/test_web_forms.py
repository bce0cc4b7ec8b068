"""Web forms: handed in with a way to answer, taken at any hour, answered by e-mail."""

from uuid import UUID

import pytest

from hotline.domains.conversations.rules import reference_of
from tests.factories.contacts import project
from tests.factories.conversations import hand_in_form, make_written, ordered, road_of, sit_down
from tests.factories.foundation import make_tenant
from tests.factories.mail_server import mail_server
from tests.factories.setup import make_calendar
from tests.factories.staff_messages import make_mail_account, make_sender, send_all

pytestmark = pytest.mark.django_db


def test_a_form_is_taken_also_when_it_is_closed_and_has_a_reference() -> None:
    tenant = make_tenant()
    key = make_written(tenant, "form", calendar_id=make_calendar(tenant, weekly=[[]] * 7))
    first, second = (hand_in_form(key, id="handed-in-once-01") for _ in range(2))
    (command,) = ordered()
    assert (first.status_code, command["channel"]) == (201, "form")
    assert first.json() == second.json() == {"reference": reference_of(UUID(command["contact_id"]))}


def test_a_form_that_nobody_could_answer_is_refused() -> None:
    key = make_written(make_tenant(), "form")
    assert hand_in_form(key, phone="").json()["code"] == "conversations.answer_address_needed"
    assert hand_in_form(key, phone="not a number").status_code == 422
    assert hand_in_form(key, email="nobody").status_code == 422
    assert ordered() == []


def test_an_answer_leaves_by_e_mail_where_the_customer_left_an_address() -> None:
    tenant = make_tenant()
    desk = sit_down(tenant)
    key = make_written(tenant, "form")
    reference = hand_in_form(key, email="chen@example.org").json()["reference"]
    road = road_of(ordered()[-1], desk.agent.pk)
    project([road.queued(), road.connected(wait_ms=1)])
    thread = desk.read(road.contact_id).json()
    assert (thread["can_reply"], thread["email"], thread["reference"]) == (True, "chen@example.org", reference)
    with mail_server() as box:
        make_mail_account(tenant, box.port)
        assert desk.reply(road.contact_id, "已派人").status_code == 201
        send_all(make_sender())
        (mail,) = box.mails
    assert mail["To"] == "chen@example.org"
    assert reference in str(mail["Subject"])
    assert "已派人" in mail.get_content()


def test_without_an_address_there_is_no_answer_in_writing() -> None:
    tenant = make_tenant()
    desk = sit_down(tenant)
    hand_in_form(make_written(tenant, "form"))
    road = road_of(ordered()[-1], desk.agent.pk)
    project([road.queued(), road.connected(wait_ms=1)])
    assert desk.read(road.contact_id).json()["can_reply"] is False
    assert desk.reply(road.contact_id, "您好").json()["code"] == "conversations.no_way_to_answer"
