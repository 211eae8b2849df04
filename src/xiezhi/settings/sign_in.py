"""Sign-in: accounts opened by administrators, throttled, with an authenticator where demanded; OIDC by setting."""

from datetime import timedelta
from typing import Any

from . import env

TRUSTED_PROXIES = env.number(
    "XIEZHI_TRUSTED_PROXIES", 0, "How many proxies of ours stand in front; as many X-Forwarded-For entries count."
)

ACCOUNT_ADAPTER = "xiezhi.console.people.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_REDIRECT_URL = "/accounts/login/"
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
# Above axes' limit, so that its page with the remedy comes first; this one also holds for authenticator codes.
# A whole office signs in from one address; what is tried in vain is counted by "login_failed".
ACCOUNT_RATE_LIMITS = {"login": "300/m/ip", "login_failed": "60/m/ip,10/5m/key"}
_FORMS = "xiezhi.console.people.sign_in_forms"
ACCOUNT_FORMS = {
    "login": f"{_FORMS}.LoginForm",
    "change_password": f"{_FORMS}.ChangePasswordForm",
    "reauthenticate": f"{_FORMS}.ReauthenticateForm",
}

MFA_ADAPTER = "xiezhi.console.people.adapters.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "獬豸"
# One step before and after: phones' clocks drift.
MFA_TOTP_TOLERANCE = 1
MFA_FORMS = {
    "authenticate": f"{_FORMS}.AuthenticateForm",
    "reauthenticate": f"{_FORMS}.MFAReauthenticateForm",
    "activate_totp": f"{_FORMS}.ActivateTOTPForm",
}

AXES_FAILURE_LIMIT = env.number("XIEZHI_SIGN_IN_FAILURES", 5, "Failed sign-ins until the pair is locked out.")
AXES_COOLOFF_TIME = timedelta(
    minutes=env.number("XIEZHI_SIGN_IN_LOCK_MINUTES", 15, "Minutes that a lock-out lasts.")
)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_DISABLE_ACCESS_LOG = True
AXES_SENSITIVE_PARAMETERS = ["login", "username", "password", "code", "next", "csrfmiddlewaretoken"]
AXES_HANDLER = "xiezhi.console.people.attempts.Handler"
AXES_CLIENT_IP_CALLABLE = "xiezhi.console.people.attempts.address_of"
AXES_USERNAME_CALLABLE = "xiezhi.console.people.attempts.name_of"
AXES_LOCKOUT_CALLABLE = "xiezhi.console.people.lockout.locked_out"
AXES_HTTP_RESPONSE_CODE = 429

OIDC_ISSUER = env.text(
    "XIEZHI_OIDC_ISSUER", "", "Address of the OIDC provider (without /.well-known/…); empty: local accounts only."
)
_client = env.text("XIEZHI_OIDC_CLIENT_ID", "", "Our client id there.")
_secret = env.text("XIEZHI_OIDC_CLIENT_SECRET", "", "Our client secret there.", secret=True)
_title = env.text("XIEZHI_OIDC_NAME", "统一身份认证", "What the sign-in button says.")
_subject = env.text("XIEZHI_OIDC_SUBJECT_FIELD", "sub", "Claim that names an identity.")


def oidc(issuer: str, client_id: str, secret: str, title: str, subject: str) -> dict[str, Any]:
    """``SOCIALACCOUNT_PROVIDERS`` for one OIDC provider, known as ``oidc``; with PKCE."""
    app = {
        "provider_id": "oidc",
        "name": title,
        "client_id": client_id,
        "secret": secret,
        "settings": {"server_url": issuer, "uid_field": subject},
    }
    return {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [app]}}


SOCIALACCOUNT_ADAPTER = "xiezhi.console.people.adapters.SocialAccountAdapter"
SOCIALACCOUNT_AUTO_SIGNUP = False
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_PROVIDERS: dict[str, Any] = (
    oidc(OIDC_ISSUER, _client, _secret, _title, _subject) if OIDC_ISSUER else {}
)
