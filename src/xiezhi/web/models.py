"""Keys of programs, stored answers of repeated requests, and what a reader set for himself."""

from django.conf import settings
from django.db import models

from xiezhi import clock


class ApiKey(models.Model):
    """A program's way in. The secret is shown once; only its SHA-256 is kept.

    agency   path that the key's abilities are bound to
    scopes   names of abilities, e.g. ``["registry.read"]``
    """

    id = models.UUIDField(primary_key=True, default=clock.new_id, editable=False)
    name = models.CharField(max_length=100)
    prefix = models.CharField(max_length=20, unique=True)
    digest = models.CharField(max_length=64)
    agency = models.CharField(max_length=200)
    district = models.CharField(max_length=6)
    scopes = models.JSONField(default=list)
    issued_by = models.CharField(max_length=80)
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["agency", "issued_at"])]


class IdempotencyRecord(models.Model):
    """The answer to an operation id, written in the transaction of the act that it answers."""

    actor = models.CharField(max_length=80)
    key = models.UUIDField()
    request_hash = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    headers = models.JSONField(default=dict)
    body = models.BinaryField(default=bytes)
    recorded_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["actor", "key"], name="idempotency_once")]


class ListExport(models.Model):
    """What an export was asked for. A job carries only its id: a filter may hold a name, and others see jobs."""

    id = models.UUIDField(primary_key=True, default=clock.new_id, editable=False)
    page = models.CharField(max_length=200)
    arguments = models.JSONField(default=dict)
    params = models.JSONField(default=dict)
    format = models.CharField(max_length=10)
    file_name = models.CharField(max_length=200)
    asked_at = models.DateTimeField(db_index=True)
    blob = models.CharField(max_length=64, blank=True)


class SavedView(models.Model):
    """A list's filters under a name, for one account."""

    id = models.UUIDField(primary_key=True, default=clock.new_id, editable=False)
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    page = models.CharField(max_length=80)
    name = models.CharField(max_length=40)
    query = models.CharField(max_length=2000)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "page", "name"], name="saved_view_name")]


class Preference(models.Model):
    """How an account wants its pages."""

    account = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    care = models.BooleanField(default=False)


class CacheEntry(models.Model):
    """What web processes count together where no Redis is set (``shared_cache``); cleared once expired."""

    key = models.CharField(max_length=255, primary_key=True)
    value = models.JSONField()
    expires = models.DateTimeField(db_index=True)
