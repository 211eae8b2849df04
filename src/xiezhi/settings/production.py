"""A real office. Refuses to start with debugging, default secrets or cookies that travel in the clear."""

from django.core.exceptions import ImproperlyConfigured

from . import env
from .base import *  # noqa: F403
from .base import ALLOWED_HOSTS, DEBUG, SECRET_KEY
from .sign_in import OIDC_ISSUER

SESSION_COOKIE_SECURE = env.flag("XIEZHI_SECURE_COOKIES", True, "Send cookies over HTTPS only.")
CSRF_COOKIE_SECURE = SESSION_COOKIE_SECURE
SECURE_SSL_REDIRECT = env.flag("XIEZHI_SSL_REDIRECT", True, "Redirect HTTP to HTTPS.")
SECURE_HSTS_SECONDS = env.number("XIEZHI_HSTS_SECONDS", 31_536_000, "Strict-Transport-Security, in seconds.")
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
DEMO = False

_refusals = {
    "DEBUG must be off": DEBUG,
    "XIEZHI_SECRET_KEY must be set, 50 characters or more": len(SECRET_KEY) < 50,
    "XIEZHI_HOSTS must name the site's hosts, never *": "*" in ALLOWED_HOSTS or not ALLOWED_HOSTS,
    "XIEZHI_OIDC_ISSUER must be an https:// address": bool(OIDC_ISSUER) and not OIDC_ISSUER.startswith("https://"),
    "cookies must be secure (XIEZHI_SECURE_COOKIES=1)": not SESSION_COOKIE_SECURE,
}
for _text, _broken in _refusals.items():
    if _broken:
        raise ImproperlyConfigured(f"The production profile refuses to start: {_text}.")
