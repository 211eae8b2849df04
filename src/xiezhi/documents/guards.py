"""What may not be done with a document, and why: each guard answers :class:`Allowed` or a :class:`Refusal`."""

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext_noop as _

from xiezhi.core.errors import Allowed, Refusal, Refused, Verdict

from .codes import NumberState, Sealing, State
from .models import Document, DocumentNumber, Template

ALLOWED = Allowed()


def demand(*verdicts: Verdict) -> None:
    """Raise :class:`Refused` with the first refusal."""
    for verdict in verdicts:
        if isinstance(verdict, Refusal):
            raise Refused(verdict)


def in_state(document: Document, states: Iterable[State], what: str) -> Verdict:
    """The document stands where ``what`` may be done."""
    if document.state in tuple(states):
        return ALLOWED
    return _refusal(
        "xz-document-order",
        _("文书“%(title)s”当前为“%(state)s”，不能%(what)s。"),
        _("请刷新页面，按页面列出的步骤办理。"),
        {"title": document.title, "state": State(document.state).label, "what": what},
    )


def his_own(document: Document, mine: bool) -> Verdict:
    """A signed paper is carried on by those whose paper it is, not by every colleague."""
    if mine:
        return ALLOWED
    return _refusal(
        "xz-document-own",
        _("文书“%(title)s”不是您起草、签发的，也不属于您承办的任务，不能制发、更正或作废。"),
        _("请联系起草人、签发人、任务的检查人员或其负责人办理，或由文号登记簿管理人作废。"),
        {"title": document.title},
    )


def complete(document: Document, missing: Iterable[str]) -> Verdict:
    """Every required field has a value."""
    names = "、".join(missing)
    if not names:
        return ALLOWED
    return _refusal(
        "xz-document-complete",
        _("文书“%(title)s”还缺必填内容：%(missing)s，不能签发。"),
        _("请先补齐所列内容并保存，再签发。"),
        {"title": document.title, "missing": names},
    )


def approved(document: Document, wanted: bool, asked_at: datetime | None) -> Verdict:
    """Where the matrix names this type, it was approved as it stands: ``asked_at`` is after its last change."""
    if not wanted:
        return ALLOWED
    late = asked_at is not None and document.saved_at is not None and asked_at < document.saved_at
    if asked_at is not None and not late:
        return ALLOWED
    return _refusal(
        "xz-document-approved",
        _("文书“%(title)s”在批准之后又有修改，须重新审批。")
        if late
        else _("文书“%(title)s”须经审批才能签发，现在还没有批准。"),
        _("请在文书页面提交审批，批准后再签发。"),
        {"title": document.title},
    )


def not_in_approval(document: Document, open_: bool) -> Verdict:
    """What others are asked to approve stands still."""
    if not open_:
        return ALLOWED
    return _refusal(
        "xz-document-in-approval",
        _("文书“%(title)s”正在审批，内容不能修改。"),
        _("请先在审批中撤回，改完后重新提交。"),
        {"title": document.title},
    )


def template_in_force(template: Template, current: Template | None) -> Verdict:
    """New documents begin with the version in force today."""
    if current is not None and current.pk == template.pk:
        return ALLOWED
    return _refusal(
        "xz-template-in-force",
        _("模板“%(title)s”第 %(version)s 版今天没有施行，不能据以起草。"),
        _("请从文书列表重新选择文书种类，系统会用现行版本。"),
        {"title": template.title, "version": template.version},
    )


def contract_kept(template: Template, breaks: list[str]) -> Verdict:
    """A new version keeps what those who fill it rely on."""
    if not breaks:
        return ALLOWED
    return _refusal(
        "xz-template-contract",
        _("模板“%(title)s”改动了已有的数据约定：%(breaks)s。按原约定填写文书的环节会出错，不能发布。"),
        _("请恢复所列字段；确需另一套字段时，请以新的文书种类编码另立模板。"),
        {"title": template.title, "breaks": "；".join(breaks)},
    )


def another_publishes(template: Template, actor: str) -> Verdict:
    """Who wrote a template does not publish it."""
    if template.drafted_by != actor:
        return ALLOWED
    return _refusal(
        "xz-template-two-people",
        _("模板“%(title)s”由你本人编辑，不能由你发布。"),
        _("请另一位有发布权限的人核对后发布。"),
        {"title": template.title},
    )


def number_in(number: DocumentNumber, states: Iterable[NumberState], what: str) -> Verdict:
    """The number stands where ``what`` may be done."""
    if number.state in tuple(states):
        return ALLOWED
    return _refusal(
        "xz-number-state",
        _("文号 %(number)s 当前为“%(state)s”，不能%(what)s。"),
        _("文号一经使用或作废即不再改变；请在登记簿中核对。"),
        {"number": number.text, "state": NumberState(number.state).label, "what": what},
    )


def number_of_year(number: DocumentNumber, year: int) -> Verdict:
    """A number says the year in which its document was signed."""
    if number.year == year:
        return ALLOWED
    return _refusal(
        "xz-number-year",
        _("文号 %(number)s 属于 %(of)s 年，不能用于 %(year)s 年签发的文书。"),
        _("请按顺序编下一个文号；预留的旧文号请在登记簿中注明事由作废。"),
        {"number": number.text, "of": number.year, "year": year},
    )


def sealing_in(document: Document, states: Iterable[Sealing], what: str) -> Verdict:
    """The use of the seal stands where ``what`` may be done."""
    if document.sealing in tuple(states):
        return ALLOWED
    return _refusal(
        "xz-document-sealing",
        _("文书“%(title)s”的用印状态为“%(state)s”，不能%(what)s。"),
        _("用印依次为：申请、登记、打印盖章后扫描回传；完成后才能制发。"),
        {"title": document.number or document.title, "state": Sealing(document.sealing).label, "what": what},
    )


def electronic_seal_ready(ready: bool, title: str) -> Verdict:
    """An electronic seal is there to be used."""
    if ready:
        return ALLOWED
    return _refusal(
        "xz-seal-electronic",
        _("%(title)s，不能电子用印。"),
        _("请选择“打印、盖章、扫描回传”，或由管理员配置电子印章服务。"),
        {"title": title},
    )


def _refusal(rule: str, message: str, remedy: str, params: dict[str, object]) -> Refusal:
    return Refusal(rule, "", message, remedy, params)
