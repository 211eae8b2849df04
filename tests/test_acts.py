"""Every service is one act: its event and its state commit together or not at all."""

import importlib
import importlib.util
import inspect
import itertools
import pkgutil
import re

import pytest
from django.apps import apps
from django.db import connection

import xiezhi
from xiezhi.record.models import Event

MACHINERY = {"blobs", "jobs", "search"}
WRITES = ("INSERT", "UPDATE", "DELETE")


def service_modules():
    for app in apps.get_app_configs():
        if not app.name.startswith("xiezhi.") or app.label in MACHINERY:
            continue
        try:
            module = importlib.import_module(f"{app.name}.services")
        except ModuleNotFoundError as error:
            if error.name != f"{app.name}.services":
                raise
            continue
        yield module
        for found in pkgutil.walk_packages(getattr(module, "__path__", []), f"{module.__name__}."):
            yield importlib.import_module(found.name)


def public_functions():
    for module in service_modules():
        for name, value in vars(module).items():
            if inspect.isfunction(value) and not name.startswith("_") and value.__module__ == module.__name__:
                yield f"{module.__name__}.{name}", value


def scenarios():
    found = {}
    for app in apps.get_app_configs():
        if app.name.startswith("xiezhi.") and app.label not in MACHINERY:
            name = f"{app.name}.tests.acts_scenarios"
            if importlib.util.find_spec(f"{app.name}.tests") and importlib.util.find_spec(name):
                found |= importlib.import_module(name).SCENARIOS
    return found


SERVICES = dict(public_functions())


def test_every_public_function_of_services_is_an_act():
    unmarked = sorted(name for name, function in SERVICES.items() if not hasattr(function, "act_types"))
    assert not unmarked, f"not marked @act: {unmarked}"


def test_every_act_has_a_scenario_and_every_scenario_an_act():
    assert sorted(SERVICES) == sorted(scenarios())


OURS = {model._meta.db_table: model for model in apps.get_models() if model.__module__.startswith("xiezhi.")}


def tables(of=OURS):
    """A fingerprint of every row of these tables: of all of ours if none are named."""
    return {name: sorted(str(row) for row in OURS[name]._base_manager.values_list()) for name in of}


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(SERVICES))
def test_an_act_writes_its_event_and_its_state_together(name):
    service, args, kwargs = scenarios()[name]()
    before = set(Event.objects.values_list("pk", flat=True))
    service(*args, **kwargs)
    written = Event.objects.exclude(pk__in=before)
    assert len(written) >= 1
    assert set(SERVICES[name].act_types) & {event.type for event in written}


class Fault(Exception):
    pass


class FaultAfterWrite:
    """Wraps every statement; breaks right after the ``last``-th that writes. ``touched``: our tables it wrote to."""

    def __init__(self, last):
        self.last = last
        self.written = 0
        self.touched = set()

    def __call__(self, execute, sql, params, many, context):
        result = execute(sql, params, many, context)
        if sql.startswith(WRITES):
            self.written += 1
            self.touched |= OURS.keys() & set(re.findall(r"\w+", sql[:200]))
            if self.written == self.last:
                raise Fault
        return result


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(SERVICES))
def test_a_fault_after_any_write_of_an_act_leaves_neither_event_nor_state(name):
    """The act itself rolls back: here is no ``atomic`` but the test's own, which would let its writes be seen."""
    service, args, kwargs = scenarios()[name]()
    before = tables()
    for last in itertools.count(1):
        fault = FaultAfterWrite(last)
        with connection.execute_wrapper(fault):
            try:
                service(*args, **kwargs)
            except Fault:
                pass
            else:
                break
        # All that a statement has named: what none has written to can't have changed. The whole is compared below.
        was = {name: before[name] for name in fault.touched}
        assert tables(fault.touched) == was, f"what the act had written up to its write {last} stays"
    assert last > 1
    after = tables()
    assert {name for name in OURS if after[name] != before[name]} - fault.touched == set()
    assert after != before


def test_the_walk_saw_the_house():
    assert xiezhi.__version__
    assert any(name.startswith("xiezhi.record.services.") for name in SERVICES)
