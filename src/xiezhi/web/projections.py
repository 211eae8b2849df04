"""What events of ``web`` set."""

from datetime import datetime

from xiezhi.record.projections import project

from .models import ApiKey

project(
    "web.key_revoked",
    ApiKey,
    key=lambda data: data["key"],
    set=lambda event: {"revoked_at": datetime.fromisoformat(event["recorded_at"])},
)
