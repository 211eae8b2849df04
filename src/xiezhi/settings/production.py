"""A real office. Refuses to start with debugging, default secrets or cookies that travel in the clear."""

from django.core.exceptions import ImproperlyConfigured

from .base import *  # noqa: F403
from .base import ALLOWED_HOSTS, DEBUG, DEFAULT_LOG_ORIGIN, LOG_ORIGIN, METRICS_TOKEN, SECRET_KEY
from .sign_in import OIDC_ISSUER
from .transport import *  # noqa: F403
from .transport import SESSION_COOKIE_SECURE

DEMO = False
# Their password stands in the README.
DEMO_ACCOUNTS_SIGN_IN = False


def _weak(secret: str, length: int) -> bool:
    """Too short, or hardly more than one character again and again."""
    return len(secret) < length or len(set(secret)) < 10


_refusals = {
    "DEBUG must be off": DEBUG,
    "XIEZHI_SECRET_KEY must be set to 50 random characters or more": _weak(SECRET_KEY, 50),
    "XIEZHI_METRICS_TOKEN must be 20 random characters or more": bool(METRICS_TOKEN) and _weak(METRICS_TOKEN, 20),
    "XIEZHI_LOG_ORIGIN must name this house's log, since it is signed with every checkpoint": (
        LOG_ORIGIN == DEFAULT_LOG_ORIGIN
    ),
    "XIEZHI_HOSTS must name the site's hosts, never *": "*" in ALLOWED_HOSTS or not ALLOWED_HOSTS,
    "XIEZHI_OIDC_ISSUER must be an https:// address": bool(OIDC_ISSUER) and not OIDC_ISSUER.startswith("https://"),
    "cookies must be secure (XIEZHI_SECURE_COOKIES=1)": not SESSION_COOKIE_SECURE,
}
for _text, _broken in _refusals.items():
    if _broken:
        raise ImproperlyConfigured(f"The production profile refuses to start: {_text}.")
