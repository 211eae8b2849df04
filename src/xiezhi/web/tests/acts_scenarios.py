"""A valid call of every act of ``web``."""

from datetime import timedelta

from xiezhi import clock
from xiezhi.core.actor import system
from xiezhi.people.queries import actor_of
from xiezhi.web import services
from xiezhi.web.tests import signing_in


def _key():
    signing_in.agency()
    return {
        "name": "示例系统",
        "agency": "/tz/",
        "scopes": ["registry.read"],
        "expires_at": clock.now() + timedelta(days=30),
    }


def _revoke():
    key, _secret = services.issue_key(system("test"), **_key())
    return services.revoke_key, (system("test"),), {"key_id": key.id}


def _reader():
    return actor_of(signing_in.account_with("people.read"))


VIEW = {"page": "console:officers", "name": "示例视图"}


def _delete():
    reader = _reader()
    services.save_view(reader, **VIEW, query="q=示例")
    return services.delete_view, (reader,), VIEW


SCENARIOS = {
    "xiezhi.web.services.save_view": lambda: (services.save_view, (_reader(),), VIEW | {"query": "q=示例"}),
    "xiezhi.web.services.delete_view": _delete,
    "xiezhi.web.services.issue_key": lambda: (services.issue_key, (system("test"),), _key()),
    "xiezhi.web.services.revoke_key": _revoke,
}
