"""Two who enter the same thing at the same moment: one stands, the other is told so."""

import threading

import pytest
from django.db import IntegrityError, connection, connections
from django.db.models.signals import pre_save

from xiezhi.core.errors import Refused
from xiezhi.people.queries import actor_of
from xiezhi.record.acts import act
from xiezhi.registry import services, synthetic
from xiezhi.registry.models import EntityCode, Project
from xiezhi.registry.tests import builders
from xiezhi.registry.tests.builders import officer
from xiezhi.web.tests import signing_in

ENTITY = {"code": synthetic.synthetic_code(1), "name": synthetic.synthetic_name(1)}
NEW = "/console/registry/entities/new/"


@pytest.fixture
def twin():
    """Another writes the code in the moment between the look and the writing."""
    other = builders.entity(number=2)

    def write(sender, instance, **_):
        EntityCode.objects.bulk_create([EntityCode(entity=other, code=instance.code, kind=instance.kind)])

    pre_save.connect(write, sender=EntityCode)
    yield
    pre_save.disconnect(write, sender=EntityCode)


@pytest.mark.django_db
def test_who_comes_second_reads_on_the_page_what_to_do_and_keeps_what_was_typed(twin):
    browser = signing_in.browser_of(signing_in.account_with("registry.read", "registry.edit"))
    answer = browser.post(NEW, ENTITY)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "他人刚刚登记了同样的内容" in page
    assert "请重新打开页面" in page
    assert ENTITY["name"] in page


@pytest.mark.django_db
def test_only_a_row_that_is_there_already_is_a_conflict():
    @act("registry.project_registered")
    def without_name(actor):
        Project.objects.filter(pk=builders.project().pk).update(name=None)

    with pytest.raises(IntegrityError):
        without_name(officer())


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_one_registers_and_the_other_gets_a_conflict():
    actor = actor_of(signing_in.account_with("registry.read", "registry.edit"))
    # SQLite lets one write at a time: there the second looks after the first has written, and is told so by the look.
    second = {"postgresql": "xz-at-once", "sqlite": "xz-registry-code-once"}[connection.vendor]
    begun, outcomes = threading.Barrier(2 if second == "xz-at-once" else 1, timeout=20), []

    def together(sender, **_):
        begun.wait()

    def register():
        try:
            services.register_entity(actor, agency=actor.agency, district="999900", **ENTITY)
            outcomes.append("registered")
        except Refused as told:
            outcomes.append(told.refusal.rule_id)
        finally:
            connections.close_all()

    pre_save.connect(together, sender=EntityCode)
    try:
        both = [threading.Thread(target=register) for _ in range(2)]
        for thread in both:
            thread.start()
        for thread in both:
            thread.join(30)
    finally:
        pre_save.disconnect(together, sender=EntityCode)
    assert sorted(outcomes) == sorted(["registered", second])
    assert EntityCode.objects.count() == 1
