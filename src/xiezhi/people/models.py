"""Agencies and the accounts of those who sign in."""

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models

from xiezhi import clock


class Agency(models.Model):
    """An enforcement body (执法机构) or a division (科室) inside it; ``path`` is its place in the tree."""

    id = models.UUIDField(primary_key=True, default=clock.new_id, editable=False)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    path = models.CharField(max_length=200, unique=True)
    name = models.CharField(max_length=100)
    short = models.CharField(max_length=30)
    kind = models.CharField(max_length=20)
    district = models.CharField(max_length=6)


class AccountManager(BaseUserManager["Account"]):
    def create_user(self, username: str, password: str | None = None, **fields: object) -> "Account":
        account = self.model(username=username, **fields)
        account.set_password(password)
        account.save(using=self._db)
        return account


class Account(AbstractBaseUser):
    """One who signs in."""

    id = models.UUIDField(primary_key=True, default=clock.new_id, editable=False)
    username = models.CharField(max_length=60, unique=True)
    email = models.EmailField(blank=True)
    is_active = models.BooleanField(default=True)

    objects = AccountManager()
    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: list[str] = []


class Grant(models.Model):
    """``actor`` takes part in ``stream`` (a case, a visit) in a role, from–until: visible though outside his subtree."""

    id = models.UUIDField(primary_key=True, default=clock.new_id, editable=False)
    stream = models.CharField(max_length=120)
    actor = models.CharField(max_length=80)
    role = models.CharField(max_length=40)
    begins = models.DateTimeField()
    ends = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["stream", "actor", "role"], name="grant_once")]
        indexes = [models.Index(fields=["actor", "stream"])]
