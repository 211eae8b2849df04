"""A valid call of every act of ``web``."""

from datetime import timedelta

from xiezhi import clock
from xiezhi.core.actor import system
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


SCENARIOS = {
    "xiezhi.web.services.issue_key": lambda: (services.issue_key, (system("test"),), _key()),
    "xiezhi.web.services.revoke_key": _revoke,
}
