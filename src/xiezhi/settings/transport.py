"""How the site is reached in production. A module of its own, so that ``xiezhi settings`` knows it in every profile."""

from . import env
from .sign_in import TRUSTED_PROXIES

SESSION_COOKIE_SECURE = env.flag("XIEZHI_SECURE_COOKIES", True, "Production: send cookies over HTTPS only.")
CSRF_COOKIE_SECURE = SESSION_COOKIE_SECURE
SECURE_SSL_REDIRECT = env.flag("XIEZHI_SSL_REDIRECT", True, "Production: redirect HTTP to HTTPS.")
SECURE_HSTS_SECONDS = env.number(
    "XIEZHI_HSTS_SECONDS", 31_536_000, "Production: Strict-Transport-Security, in seconds."
)
# Without a proxy of ours in front, anyone could send the header and pass plain HTTP for HTTPS.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
