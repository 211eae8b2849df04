"""Which step an import batch may take in which state, and what its owner does instead. No writes here."""

from collections.abc import Collection

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiezhi.core.errors import Refusal, Refused

from .models import ImportBatch

_State = ImportBatch.State
UNWRITTEN = frozenset({_State.RECEIVED, _State.STAGED})
APPLIABLE = frozenset({_State.STAGED, _State.APPLYING, _State.CANCELLED})
UNDOABLE = frozenset({_State.APPLIED, _State.CANCELLED, _State.UNDOING})
# The runs that can be ordered, by the job's name.
ORDERED = {"stage_import": UNWRITTEN, "apply_import": APPLIABLE, "undo_import": UNDOABLE}
_NEXT = {
    _State.RECEIVED: gettext_lazy("请先核对列并完成预演。"),
    _State.STAGED: gettext_lazy("请先确认写入；不需要这批数据时，请放弃导入。"),
    _State.REFUSED: gettext_lazy("请改正文件后重新上传。"),
    _State.DISCARDED: gettext_lazy("如需导入，请重新上传文件。"),
    _State.APPLYING: gettext_lazy("请等写入结束，或先中止写入。"),
    _State.APPLIED: gettext_lazy("数据已经写入；需要收回时，请撤销导入。"),
    _State.CANCELLED: gettext_lazy("请继续写入其余的行，或撤销已写入的部分。"),
    _State.UNDOING: gettext_lazy("请等撤销结束。"),
    _State.UNDONE: gettext_lazy("如需再次导入，请重新上传文件。"),
}


def demand_state(batch: ImportBatch, states: Collection[str]) -> None:
    """``Refused`` unless the batch is in one of ``states``."""
    if batch.state not in states:
        raise Refused(
            Refusal(
                "xz-registry-import-step",
                "",
                _("导入批次现为“%(now)s”，不能作此操作。"),
                str(_NEXT[_State(batch.state)]),
                {"now": batch.get_state_display()},
            )
        )
