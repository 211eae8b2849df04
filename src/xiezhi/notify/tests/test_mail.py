"""Mail, against a real SMTP server: sent with its act, once a key, again after a failure."""

import socket
from datetime import timedelta

import pytest
from aiosmtpd.controller import Controller
from django.db import transaction

from xiezhi import clock
from xiezhi.core.actor import Ability, Actor
from xiezhi.core.errors import Denied, Invalid, NotFound
from xiezhi.jobs.registry import Budget
from xiezhi.jobs.worker import run_until_idle
from xiezhi.notify import delivery, jobs, services
from xiezhi.notify.models import Channel, Message, State
from xiezhi.record.models import Event
from xiezhi.record.projections import replay
from xiezhi.record.queries import envelope

LI = Actor("li", "officer", "/city/a/", "321200")
CLERK = Actor("clerk", "officer", "/city/", "", frozenset({Ability("notify.read", "/city/")}))
CHIEF = Actor(
    "chief", "officer", "/city/", "", frozenset({Ability(n, "/city/") for n in ("notify.read", "notify.requeue")})
)
MAIL = {"to": "wang@example.cn", "subject": "责令改正通知", "body": "请于期限内改正。"}


class Mailbox:
    """An SMTP server's memory; ``answer`` is what it says to a recipient, ``answers`` first."""

    def __init__(self):
        self.mails, self.answer, self.answers = [], "250 OK", []

    async def handle_RCPT(self, server, session, envelope, address, options):
        said = self.answers.pop(0) if self.answers else self.answer
        if said.startswith("250"):
            envelope.rcpt_tos.append(address)
        return said

    async def handle_DATA(self, server, session, envelope):
        self.mails.append(envelope)
        return "250 OK"


def free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


@pytest.fixture
def mailbox(settings):
    box = Mailbox()
    server = Controller(box, hostname="127.0.0.1", port=free_port())
    server.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
    settings.DEFAULT_FROM_EMAIL = "獬豸 <xiezhi@office.example>"
    yield box
    server.stop()


@pytest.fixture
def no_server_answers(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()


def types_of(message):
    events = Event.objects.filter(subject=f"message:{message.pk}").order_by("recorded_at", "id")
    return [event.type for event in events]


@pytest.mark.django_db
def test_a_mail_is_delivered_with_its_text_and_a_message_id_of_its_own(mailbox):
    message = services.send_mail(LI, key="order:1", about="task:1", **MAIL)
    run_until_idle()
    message.refresh_from_db()
    (sent,) = mailbox.mails
    text = sent.content.decode()
    assert sent.rcpt_tos == ["wang@example.cn"]
    assert f"Message-ID: <{message.pk}@office.example>" in text
    assert (message.state, message.reference) == (State.SENT, f"<{message.pk}@office.example>")
    assert message.status == "已发送"
    assert types_of(message) == ["notify.ordered", "notify.sent"]


@pytest.mark.django_db
def test_the_same_key_is_one_mail(mailbox):
    first = services.send_mail(LI, key="order:1", **MAIL)
    assert services.send_mail(LI, key="order:1", **MAIL).pk == first.pk
    run_until_idle()
    assert services.send_mail(LI, key="order:1", **MAIL).state == State.SENT
    run_until_idle()
    assert len(mailbox.mails) == 1


@pytest.mark.django_db(transaction=True)
def test_a_mail_of_an_act_that_rolled_back_is_never_sent(mailbox):
    with transaction.atomic():
        services.send_mail(LI, key="order:1", **MAIL)
        transaction.set_rollback(True)
    run_until_idle()
    assert not mailbox.mails


@pytest.mark.django_db
def test_a_temporary_refusal_is_tried_again_later_with_the_same_message_id(mailbox):
    mailbox.answers = ["451 busy, ask wang@example.cn"]
    message = services.send_mail(LI, key="order:1", **MAIL)
    run_until_idle()
    message.refresh_from_db()
    assert (message.state, message.attempts, message.error) == (State.QUEUED, 1, "451 busy, ask …")
    with clock.fixed(clock.now() + timedelta(seconds=61)):
        run_until_idle()
    message.refresh_from_db()
    assert (message.state, message.attempts, len(mailbox.mails)) == (State.SENT, 2, 1)


@pytest.mark.django_db
def test_an_address_that_the_server_does_not_know_fails_at_once(mailbox):
    mailbox.answer = "550 <wang@example.cn> unknown"
    message = services.send_mail(LI, key="order:1", **MAIL)
    run_until_idle()
    message.refresh_from_db()
    assert (message.state, message.error) == (State.FAILED, "550 <…> unknown")
    assert types_of(message) == ["notify.ordered", "notify.failed"]


@pytest.mark.django_db
def test_one_bad_address_does_not_hold_up_the_others(mailbox):
    mailbox.answers = ["550 unknown"]
    for n in range(4):
        services.send_mail(LI, key=f"order:{n}", **MAIL)
    run_until_idle()
    assert len(mailbox.mails) == 3
    assert Message.objects.filter(state=State.FAILED).count() == 1


@pytest.mark.django_db
def test_a_server_that_is_down_is_tried_eight_times_ever_later(no_server_answers):
    message = services.send_mail(LI, key="order:1", **MAIL)
    waits, moment = [], clock.now()
    for _ in range(delivery.ATTEMPTS):
        with clock.fixed(moment):
            run_until_idle()
            message.refresh_from_db()
            waits.append(int((message.next_try_at - moment).total_seconds()) // 60)
        moment = message.next_try_at
    assert waits[:7] == [1, 4, 16, 64, 256, 360, 360]
    assert (message.state, message.attempts) == (State.FAILED, 8)


@pytest.mark.django_db
def test_without_a_mail_server_it_stays_unsent_and_says_so(settings):
    settings.EMAIL_HOST = ""
    message = services.send_mail(LI, key="order:1", **MAIL)
    run_until_idle()
    message.refresh_from_db()
    assert (message.state, message.status) == (State.UNSENT, "未发送：未配置邮件服务器")
    with pytest.raises(Invalid, match="尚未配置"):
        services.requeue(CHIEF, message.pk)


@pytest.mark.django_db
def test_an_unsent_mail_goes_out_when_someone_who_may_orders_it_again(mailbox, settings):
    host, settings.EMAIL_HOST = settings.EMAIL_HOST, ""
    message = services.send_mail(LI, key="order:1", **MAIL)
    settings.EMAIL_HOST = host
    run_until_idle()
    assert not mailbox.mails
    with pytest.raises(NotFound):
        services.requeue(LI, message.pk)
    with pytest.raises(Denied):
        services.requeue(CLERK, message.pk)
    services.requeue(CHIEF, message.pk)
    run_until_idle()
    assert len(mailbox.mails) == 1
    assert types_of(message) == ["notify.ordered", "notify.requeued", "notify.sent"]


@pytest.mark.django_db
def test_a_crash_between_sending_and_noting_sends_again_under_the_same_id(mailbox, monkeypatch):
    services.send_mail(LI, key="order:1", **MAIL)
    with monkeypatch.context() as patch:
        patch.setattr(delivery, "note", lambda message, outcome: None)
        delivery.deliver(Budget.of(5))
    assert delivery.deliver(Budget.of(5)) == 0
    with clock.fixed(clock.now() + delivery.RESERVED):
        delivery.deliver(Budget.of(5))
    ids = {line for mail in mailbox.mails for line in mail.content.decode().splitlines() if "Message-ID" in line}
    assert (len(mailbox.mails), len(ids)) == (2, 1)


@pytest.mark.django_db
def test_what_the_budget_leaves_over_is_given_back(mailbox):
    services.send_mail(LI, key="order:1", **MAIL)
    assert delivery.deliver(Budget.of(0)) == 0
    assert len(delivery.reserve(Channel.MAIL)) == 1
    assert delivery.reserve(Channel.MAIL) == []


@pytest.mark.django_db
def test_the_record_holds_no_address_and_no_text_and_leads_to_the_same_state(mailbox):
    mailbox.answers = ["250 OK", "550 <wang@example.cn> unknown"]
    for n in range(2):
        services.send_mail(LI, key=f"order:{n}", **MAIL)
    run_until_idle()
    events = Event.objects.filter(type__startswith="notify.").order_by("recorded_at", "id")
    bodies = [envelope(event.pk) for event in events]
    assert "wang@example.cn" not in str(bodies)
    assert "改正" not in str(bodies)
    assert list(replay(iter(bodies))) == []
    Message.objects.filter(key="order:0").update(state=State.FAILED)
    assert [d.column for d in replay(iter(bodies))] == ["state"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "wrong", [{"to": "wang"}, {"to": "a@b.cn\nBcc: c@d.cn"}, {"subject": " "}, {"subject": "a\nBcc: c@d.cn"}]
)
def test_what_is_no_mail_is_refused(wrong):
    with pytest.raises(Invalid):
        services.send_mail(LI, key="order:1", **{**MAIL, **wrong})
    assert not Message.objects.exists()


@pytest.mark.django_db
def test_addresses_and_texts_are_forgotten_after_half_a_year(mailbox):
    message = services.send_mail(LI, key="order:1", **MAIL)
    run_until_idle()
    assert jobs.forget(None) == {"forgotten": 0, "dropped": 0}
    with clock.fixed(clock.now() + jobs.KEEP + timedelta(days=1)):
        assert jobs.forget(None) == {"forgotten": 1, "dropped": 0}
    message.refresh_from_db()
    assert (message.address, message.body, message.state) == ("", "", State.SENT)
