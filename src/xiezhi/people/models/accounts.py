"""Those who sign in."""

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from xiezhi import clock

from .agencies import Agency


class AccountManager(BaseUserManager["Account"]):
    """Makes accounts for tests and machinery; people's accounts are opened by ``services.create_account``."""

    def create_user(self, username: str, password: str | None = None, **fields: object) -> "Account":
        account = self.model(username=username, **fields)
        account.set_password(password)
        account.save(using=self._db)
        return account


class Account(AbstractBaseUser):
    """One who signs in. There is no superuser: abilities come from role assignments alone.

    name          Chinese name shown beside what he does
    kind          ``staff`` (of an agency) or ``party`` (a firm's or person's own account)
    unit          the agency or division he belongs to; none for parties
    officer, assistant   who he is, at most one of them
    demo          exempt from the authenticator where the profile is the demonstration's
    is_active, must_use_totp   projections of the account's events
    """

    STAFF, PARTY = "staff", "party"

    id = models.UUIDField(primary_key=True, default=clock.new_id, editable=False)
    username = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=60, default="", blank=True)
    email = models.EmailField(blank=True)
    kind = models.CharField(max_length=10, default=STAFF)
    unit = models.ForeignKey(Agency, null=True, on_delete=models.PROTECT, related_name="accounts")
    officer = models.OneToOneField("people.Officer", null=True, on_delete=models.PROTECT, related_name="account")
    assistant = models.OneToOneField(
        "people.Assistant", null=True, on_delete=models.PROTECT, related_name="account"
    )
    is_active = models.BooleanField(default=True)
    must_use_totp = models.BooleanField(default=False)
    demo = models.BooleanField(default=False)
    rev = models.PositiveIntegerField(default=1)

    objects = AccountManager()
    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: list[str] = []

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("username"), name="account_username_any_case"),
            models.CheckConstraint(condition=Q(officer=None) | Q(assistant=None), name="account_one_person"),
        ]

    def __str__(self) -> str:
        return self.name or self.username

    def get_full_name(self) -> str:
        """The Chinese name, or the user name where none is known."""
        return str(self)
