"""The one time zone of every legal day: China keeps a fixed offset since 1991, before any instant that we hold."""

from datetime import timedelta, timezone

SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")
