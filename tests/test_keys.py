"""The wrapping key is rotated: what any app keeps wrapped opens without the old one."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.utils import decrypt
from django.apps import apps
from django.core.management import CommandError, call_command

from xiezhi import clock
from xiezhi.core.actor import system
from xiezhi.core.errors import Denied, Refused
from xiezhi.people.tests import house
from xiezhi.record import queries, sequencer, services, verification, wrapping
from xiezhi.record.models import Event
from xiezhi.record.tests.sample import happen
from xiezhi.registry import queries as registry
from xiezhi.registry import services as registering
from xiezhi.registry.tests import builders

pytestmark = pytest.mark.django_db
KEEPER = system("keeper")


@pytest.fixture(autouse=True)
def own_keys(settings, folder):
    """A ring of this test's own: other tests need not open what theirs wrapped with a key destroyed here."""
    settings.KEYS = folder / "keys"


@pytest.fixture
def wrapped_things():
    """One of each kind that the house keeps wrapped; answers a function that opens them all."""
    house.build()
    event = happen(KEEPER, value=7)
    place = registering.place_person(
        builders.officer(), builders.entity().id, role="head", name="示例甲", number=builders.RESIDENT
    )
    account = house.account("lin")
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(account, secret)
    codes = RecoveryCodes.activate(account).generate_codes()

    def opened():
        person = registry.read_person(builders.officer(), place.person_id, purpose="核对")
        device, seeds = (account.authenticator_set.get(type=kind) for kind in ("totp", "recovery_codes"))
        assert wrapping_ids(device.data) == wrapping_ids(seeds.data) == {wrapping.current_wrapping_key()[0]}
        again = RecoveryCodes(seeds).generate_codes() == codes
        return queries.private_part(event.id), person, again, decrypt(device.data["secret"]) == secret

    return opened


def wrapping_ids(data):
    return {text.partition(":")[0] for text in data.values() if isinstance(text, str)}


def ring():
    return json.loads((Path(wrapping._path())).read_text())


def test_after_a_rotation_everything_opens_without_the_old_key(wrapped_things, django_capture_on_commit_callbacks):
    before = wrapped_things()
    assert before[0] == {"value": 7}
    assert before[1]["name"] == "示例甲"
    assert before[2:] == (True, True)
    old = wrapping.current_wrapping_key()[0]
    assert services.rotate_wrapping_key(KEEPER) >= 4
    with clock.fixed(clock.now() + timedelta(hours=2)), django_capture_on_commit_callbacks(execute=True):
        assert services.forget_wrapping_keys(KEEPER) == [old]
    assert old not in ring()["keys"]
    assert wrapped_things() == before
    sequencer.seal_all()
    assert list(verification.verify()) == []


def test_every_table_with_wrapped_keys_is_known_to_the_rotation():
    holding = {
        model._meta.label_lower
        for model in apps.get_models()
        if {"key_id", "wrapped"} <= {field.name for field in model._meta.get_fields()}
    }
    assert {"record.eventkey", "registry.person"} <= holding
    assert holding <= set(wrapping.HOLDERS)


def test_an_old_key_is_kept_for_an_hour_for_acts_that_began_under_it(django_capture_on_commit_callbacks):
    old = wrapping.current_wrapping_key()[0]
    services.rotate_wrapping_key(KEEPER)
    with django_capture_on_commit_callbacks(execute=True), pytest.raises(Refused) as refused:
        services.forget_wrapping_keys(KEEPER)
    assert refused.value.refusal.rule_id == "xz-keys-rest"
    assert old in ring()["keys"]


def test_while_a_rotation_is_under_way_no_key_is_destroyed(django_capture_on_commit_callbacks):
    """Its ring is there before its event: acts under the key that was current so far have not had their hour."""
    first = wrapping.current_wrapping_key()[0]
    wrapping.add_wrapping_key()
    with django_capture_on_commit_callbacks(execute=True), pytest.raises(Refused) as refused:
        services.forget_wrapping_keys(KEEPER)
    assert refused.value.refusal.rule_id == "xz-keys-rest"
    assert first in ring()["keys"]


def test_what_came_late_under_the_old_key_is_rewrapped_before_it_goes(django_capture_on_commit_callbacks):
    event = happen(KEEPER, value=1)
    late = {"key_id": event.key.key_id, "wrapped": bytes(event.key.wrapped)}
    services.rotate_wrapping_key(KEEPER)
    type(event.key).objects.filter(pk=event.pk).update(**late)
    with clock.fixed(clock.now() + timedelta(hours=2)), django_capture_on_commit_callbacks(execute=True):
        services.forget_wrapping_keys(KEEPER)
    assert queries.private_part(event.id) == {"value": 1}


def test_a_rotation_in_another_process_is_seen_at_once(own_keys):
    event = happen(KEEPER, value=3)
    stored = ring()
    services.rotate_wrapping_key(KEEPER)
    rotated = ring()
    assert len(rotated["keys"]) == len(stored["keys"]) + 1
    # Another process writes the file, then this one reads what that one has wrapped.
    wrapping._path().write_text(json.dumps(stored | {"note": "as it was"}))
    with pytest.raises(KeyError):
        queries.private_part(event.id)
    wrapping._path().write_text(json.dumps(rotated))
    assert queries.private_part(event.id) == {"value": 3}


def test_a_key_number_is_never_given_twice():
    for _ in range(3):
        wrapping.add_wrapping_key()
    wrapping.forget_wrapping_keys(wrapping.old_wrapping_keys())
    assert wrapping.add_wrapping_key() == f"w{int(next(iter(ring()['keys'])).removeprefix('w')) + 1}"
    assert len(ring()["keys"]) == 2


def test_who_lacks_the_ability_rotates_nothing():
    for service in (services.rotate_wrapping_key, services.forget_wrapping_keys):
        with pytest.raises(Denied):
            service(builders.officer())


def test_an_operator_rotates_at_the_command_line_and_it_is_an_act(capsys):
    happen(KEEPER)
    call_command("record", "rotate-wrapping-key")
    assert capsys.readouterr().out.startswith("ok\t1 rewrapped")
    assert Event.objects.get(type="record.wrapping_key_rotated").actor == "system:operator"
    with pytest.raises(CommandError, match="一小时"):
        call_command("record", "forget-wrapping-keys")
    call_command("record", "rotate-signing-key")
    assert capsys.readouterr().out.count("\n") == 1
