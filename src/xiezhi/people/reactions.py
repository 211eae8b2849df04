"""What the people of the house are told of events below."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from xiezhi.notify import inbox
from xiezhi.record.relay import follow

from .queries.rights import holders

ALARM = "record.alarm"


def on_record_checked(event: Mapping[str, Any]) -> None:
    """A check of the record that found faults is told to all who answer for it; a clean one to nobody."""
    data = event["data"]
    if not data["faults"]:
        return
    inbox.tell(
        holders(ALARM),
        kind="record.faults",
        title=_("全过程记录核对发现 %(count)d 处不符") % {"count": data["faults"]},
        body=_("首处在 %(tile)s。请停止改动数据库，由系统管理员运行 xiezhi record verify 查明，并保全备份。")
        % {"tile": data["tile"]},
        key=f"record.checked:{event['id']}",
    )


follow("people.record_alarm", ["record.checked"], on_record_checked)
