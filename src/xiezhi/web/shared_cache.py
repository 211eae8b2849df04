"""What every web process must count together (failed codes, rates), in a table of the database.

Django's own database cache is not it: its ``incr`` reads and writes in two steps and forgets the end of the count, it
counts its rows at every write, throws live counters out at 300, and its table is made by a command beside the
migrations. Values are JSON, here and in Redis: a pickle in a store that others may write to is code.
"""

import json
from datetime import datetime, timedelta
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.db import IntegrityError, transaction

from xiezhi import clock

FOREVER = timedelta(days=36500)


class Json:
    """The serializer for Django's Redis cache; a whole number stays one, so that Redis itself can add to it."""

    def dumps(self, value: Any) -> str:
        return json.dumps(value)

    def loads(self, data: bytes) -> Any:
        return json.loads(data)


class TableCache(BaseCache):
    """Django's cache interface over :class:`~xiezhi.web.models.CacheEntry`; ``add`` and ``incr`` are atomic."""

    def __init__(self, location: str, params: dict[str, Any]):
        super().__init__(params)

    def add(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        name = self._name(key, version)
        self._rows().filter(pk=name, expires__lte=clock.now()).delete()
        try:
            with transaction.atomic():
                self._rows().create(key=name, value=value, expires=self._end(timeout))
        except IntegrityError:
            return False
        return True

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        live = self._rows().filter(pk=self._name(key, version), expires__gt=clock.now())
        found = live.values_list("value", flat=True).first()
        return default if found is None else found

    def set(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        entry = self._rows().model(key=self._name(key, version), value=value, expires=self._end(timeout))
        self._rows().bulk_create(
            [entry], update_conflicts=True, unique_fields=["key"], update_fields=["value", "expires"]
        )

    def incr(self, key: str, delta: int = 1, version: int | None = None) -> int:
        with transaction.atomic():
            row = self._rows().select_for_update().filter(pk=self._name(key, version)).first()
            if row is None or row.expires <= clock.now():
                raise ValueError(f"Key {key!r} not found")
            row.value += delta
            row.save(update_fields=["value"])
        return int(row.value)

    def touch(self, key: str, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        live = self._rows().filter(pk=self._name(key, version), expires__gt=clock.now())
        return bool(live.update(expires=self._end(timeout)))

    def delete(self, key: str, version: int | None = None) -> bool:
        return bool(self._rows().filter(pk=self._name(key, version)).delete()[0])

    def clear(self) -> None:
        self._rows().all().delete()

    def _name(self, key: str, version: int | None) -> str:
        return str(self.make_and_validate_key(key, version=version))

    def _end(self, timeout: Any) -> datetime:
        seconds = self.default_timeout if timeout is DEFAULT_TIMEOUT else timeout
        return clock.now() + (FOREVER if seconds is None else timedelta(seconds=seconds))

    @staticmethod
    def _rows() -> Any:
        from .models import CacheEntry  # the cache is made before the apps are

        return CacheEntry.objects
