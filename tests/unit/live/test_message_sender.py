"""The worker sends what is due: once when all goes well, again when it does not, and never what nobody wants."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from hotline.domains.staff_messages import addresses, outbox, sending
from hotline.domains.staff_messages.models import MessageAccount, StaffMessage
from hotline.domains.workforce import notices
from hotline.foundation.actors import Actor
from hotline.foundation.models import Tenant, User
from hotline.foundation.tenancy import tenant_scope
from tests.factories.foundation import checked_transaction, make_tenant
from tests.factories.mail_server import mail_server
from tests.factories.rosters import make_worker, next_monday
from tests.factories.staff_messages import (
    Clock,
    choose,
    confirm,
    make_mail_account,
    make_sender,
    newest_code,
    outbox_of,
    send_all,
)
from tests.ports import free_ports

pytestmark = pytest.mark.django_db
DAY = next_monday()


class Team:
    """A tenant with an account at a mail server, and one agent with a confirmed address and no quiet hours."""

    def __init__(self, port: int, language: str = "zh") -> None:
        self.tenant: Tenant = make_tenant()
        make_mail_account(self.tenant, port)
        self.agent: Actor
        self.agent, self.agent_id = make_worker(self.tenant)
        User.objects.filter(pk=self.agent.user_id).update(language=language)
        confirm(self.tenant, self.agent)
        choose(self.agent)

    def tell(self) -> None:
        """Publish a roster to the agent."""
        with tenant_scope(self.tenant.pk), checked_transaction():
            notices.published(self.tenant.pk, [self.agent_id], DAY, DAY + timedelta(days=27))

    def row(self) -> StaffMessage:
        return outbox_of(self.tenant)[-1]


def state_of(row: StaffMessage) -> tuple[str, str, int]:
    return row.state, row.error_code, row.attempts


@pytest.mark.parametrize(("language", "words"), [("zh", "班表已发布"), ("en", "is published")])
def test_notice_arrives_in_the_persons_language_with_a_link(language: str, words: str) -> None:
    with mail_server() as box:
        team = Team(box.port, language)
        team.tell()
        sender = make_sender()
        assert send_all(sender) == 1
        (mail,) = box.mails
    row = team.row()
    assert (row.state, row.attempts, row.error_code, row.is_simulated) == ("sent", 1, "", False)
    assert mail["To"] == "lin@example.org"
    assert mail["Message-ID"] == f"<{row.pk}@example.org>" == row.reference
    assert words in mail.get_content()
    assert DAY.isoformat() in str(mail["Subject"])
    assert "/my-roster" in mail.get_content()


def test_code_is_sent_and_then_forgotten() -> None:
    with mail_server() as box:
        team = Team(box.port)
        addresses.keep(team.agent, "email", "new@example.org")
        code = newest_code(team.tenant)
        send_all(make_sender())
        (mail,) = box.mails
    assert mail["To"] == "new@example.org"
    assert code in mail.get_content()
    row = team.row()
    assert (row.state, row.to, row.secret_text) == ("sent", "", "")


def test_a_refusal_for_good_is_kept_with_its_reason_and_not_repeated() -> None:
    with mail_server() as box:
        team = Team(box.port)
        team.tell()
        box.answers["rcpt"] = "550 5.1.1 lin@example.org unknown"
        clock = Clock()
        sender = make_sender(clock)
        send_all(sender)
        clock.time += timedelta(days=1)
        assert send_all(sender) == 0
    row = team.row()
    assert (state_of(row), row.error_status) == (("failed", "recipient_refused", 1), "550")
    assert row.ended_at is not None


def test_a_busy_server_is_tried_again_after_growing_pauses() -> None:
    with mail_server() as box:
        team = Team(box.port)
        team.tell()
        box.answers["rcpt"] = "450 later"
        clock = Clock()
        sender = make_sender(clock)
        dues = []
        for _ in range(3):
            send_all(sender)
            dues.append(team.row().due_at - clock.time)
            clock.time = team.row().due_at
        assert state_of(team.row()) == ("waiting", "busy", 3)
        assert dues == sorted(dues)
        assert timedelta(seconds=24) <= dues[0] < dues[2] <= timedelta(seconds=144)
        box.answers.clear()
        send_all(sender)
        assert (state_of(team.row()), len(box.mails)) == (("sent", "", 4), 1)


def test_a_dead_server_does_not_keep_another_tenants_messages_waiting() -> None:
    with mail_server() as box:
        dead, well = Team(free_ports(1)[0]), Team(box.port)
        for _ in range(3):
            dead.tell()
        well.tell()
        clock = Clock()
        sender = make_sender(clock)
        clock.time += timedelta(seconds=1)
        assert send_all(sender) == 2  # one try at the dead one, then it rests
        assert (state_of(well.row())[0], len(box.mails)) == ("sent", 1)
        tries = sorted(row.attempts for row in outbox_of(dead.tenant))
        assert tries == [0, 0, 1]
        clock.time += timedelta(minutes=1)
        assert send_all(sender) == 1


def test_messages_wait_while_the_account_is_off_and_go_when_it_is_on() -> None:
    with mail_server() as box:
        team = Team(box.port)
        team.tell()
        with tenant_scope(team.tenant.pk):
            MessageAccount.objects.update(is_active=False)
        clock = Clock()
        sender = make_sender(clock)
        send_all(sender)
        assert state_of(team.row()) == ("waiting", "no_account", 0)
        with tenant_scope(team.tenant.pk):
            MessageAccount.objects.update(is_active=True)
        clock.time += timedelta(minutes=2)
        send_all(sender)
        assert (state_of(team.row()), len(box.mails)) == (("sent", "", 1), 1)


def test_two_workers_do_not_send_the_same_message() -> None:
    with mail_server() as box:
        team = Team(box.port)
        team.tell()
        first = sending.claim(timezone.now())
        assert isinstance(first, sending.Claimed)
        assert send_all(make_sender()) == 0  # the other worker has it
        assert box.mails == []


def test_what_a_killed_worker_had_in_hand_is_sent_by_the_next_under_the_same_key() -> None:
    with mail_server() as box:
        team = Team(box.port)
        team.tell()
        dead = make_sender()
        claimed = sending.claim(dead.now())
        assert isinstance(claimed, sending.Claimed)
        dead._driver(claimed.account, claimed.settings).send(claimed.outgoing)  # sent, and killed before it was noted
        dead.close()
        clock = Clock()
        clock.time = claimed.lease + timedelta(seconds=1)
        assert send_all(make_sender(clock)) == 1
        assert len({mail["Message-ID"] for mail in box.mails}) == 1
        assert (len(box.mails), team.row().state) == (2, "sent")
        # The dead one comes back to life: what it says no longer counts.
        late = sending.settle(claimed, sending.Refused(code="content_refused"), clock.time, 0.5)
        assert (late, team.row().state) == (False, "sent")


@pytest.mark.parametrize("change", ["address", "choice", "person"])
def test_what_is_no_longer_wanted_is_dropped(change: str) -> None:
    with mail_server() as box:
        team = Team(box.port)
        team.tell()
        if change == "address":
            addresses.forget(team.agent, "email")
        elif change == "choice":
            choose(team.agent, ways={"roster": []})
        else:
            User.objects.filter(pk=team.agent.user_id).update(is_active=False)
        send_all(make_sender())
        assert box.mails == []
    reasons = {"address": "no_address", "choice": "not_wanted", "person": "person_left"}
    assert state_of(team.row()) == ("dropped", reasons[change], 0)


def test_quiet_hours_that_were_chosen_meanwhile_count() -> None:
    with mail_server() as box:
        team = Team(box.port)
        team.tell()
        local = timezone.now().astimezone(outbox.time_zone(team.tenant.pk))
        begin, end = local - timedelta(hours=1), local + timedelta(hours=1)
        choose(team.agent, quiet=(begin.strftime("%H:%M"), end.strftime("%H:%M")))
        send_all(make_sender())
        assert box.mails == []
    assert team.row().state == "waiting"
    assert team.row().due_at > timezone.now() + timedelta(minutes=50)


def test_late_messages_are_given_up_and_old_ones_forgotten() -> None:
    team = Team(free_ports(1)[0])
    team.tell()
    now = timezone.now()
    assert sending.give_up_expired(now, 10) == 0
    late = now + timedelta(days=2, minutes=1)
    assert sending.give_up_expired(late, 10) == 1
    assert state_of(team.row())[:2] == ("failed", "expired")
    assert sending.forget_old(late + timedelta(days=29), 10) == 0
    assert sending.forget_old(late + timedelta(days=31), 10) == 1
    assert outbox_of(team.tenant) == []


def test_a_drivers_own_fault_loses_nothing_and_tells_the_log_nothing(
    capsys: pytest.CaptureFixture[str],
) -> None:
    team = Team(free_ports(1)[0])
    team.tell()
    sender = make_sender()

    class Broken:
        def send(self, message: Any) -> Any:
            raise KeyError(message.to)

        def close(self) -> None: ...

    claimed = sending.claim(timezone.now() - timedelta(days=1))
    assert claimed is None  # nothing was due yesterday
    account = (team.tenant.pk, "email")
    with tenant_scope(team.tenant.pk):
        settings = sending._settings(team.row())
    sender._drivers[account] = settings, Broken()
    assert sender.step()
    assert state_of(team.row()) == ("waiting", "driver_failed", 1)
    assert "lin@example.org" not in capsys.readouterr().out
