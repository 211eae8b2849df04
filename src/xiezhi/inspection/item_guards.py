"""清单之外无检查: what an item must be on the day that something rests on it."""

from datetime import date

from django.utils.translation import gettext_noop as _

from xiezhi.core.errors import Refusal, Verdict

from .guards import ALLOWED
from .models import InspectionItem

LISTED = _("国办发〔2024〕54号（关于严格规范涉企行政检查的意见）")


def item_in_force(item: InspectionItem, agency: str, on: date) -> Verdict:
    """The item stands in the list on the day (Asia/Shanghai), and the list is ``agency``'s or that of a body above.

    ``models.InspectionItem.objects.in_force`` finds the same items.
    """
    shown = {"item": str(item), "version": item.version, "on": on.isoformat()}
    if not agency.startswith(item.agency):
        return Refusal(
            "xz-item-agency",
            LISTED,
            _("事项“%(item)s”不在本机构或上级机构的清单中，清单之外不得检查。"),
            _("请选用本机构或上级机构发布的事项；清单中没有的，先发布事项。"),
            shown,
        )
    if on < item.valid_from:
        return _refusal(
            _("事项“%(item)s”（第 %(version)s 版）自 %(day)s 起生效，%(on)s 还不能据以检查。"),
            shown | {"day": item.valid_from.isoformat()},
        )
    if newer := item.successor(on):
        return _refusal(
            _("事项“%(item)s”（第 %(version)s 版）自 %(day)s 起已由第 %(newer)s 版取代，%(on)s 不能再据以检查。"),
            shown | {"day": newer.valid_from.isoformat(), "newer": newer.version},
        )
    if item.valid_to is not None and item.valid_to <= on:
        return _refusal(
            _("事项“%(item)s”（第 %(version)s 版）自 %(day)s 起失效，%(on)s 不能再据以检查。"),
            shown | {"day": item.valid_to.isoformat()},
        )
    return ALLOWED


def _refusal(message: str, params: dict[str, object]) -> Refusal:
    remedy = _(
        "请改用现行有效的版本（没有的，先发布新版本）；已固定名录或拟定而未承诺的抽取，请作废后以新名录另行拟定。"
    )
    return Refusal("xz-item-in-force", LISTED, message, remedy, params)
