"""Components: a template each in ``templates/web/components``, used by ``{% include %}``; their examples.

Every example is rendered by ``/console/components/`` and checked by axe in ``tests/browser``.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from django import forms as django_forms
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from . import forms, problems

# Kind → (class, text). 待核: from memory, a jurist must confirm. 预估: beyond the loaded calendar. 样例: made up.
TAGS: dict[str, tuple[str, str | Promise]] = {
    "unverified": ("unverified", _("待核")),
    "estimated": ("estimated", _("预估")),
    "sample": ("sample", _("样例")),
    "good": ("good", _("正常")),
    "bad": ("bad", _("异常")),
    "quiet": ("quiet", _("已停用")),
    "plain": ("plain", ""),
}


def tag(kind: str, text: str | Promise = "") -> SafeString:
    """A tag as HTML, for columns and facts; ``kind`` is a key of :data:`TAGS`."""
    css, default = TAGS[kind]
    return format_html('<span class="xz-tag xz-tag--{}">{}</span>', css, text or default)


class _Example(forms.Form):
    name = django_forms.CharField(label=_("单位名称"), help_text=_("与营业执照一致。"), max_length=20)
    kind = django_forms.ChoiceField(label=_("类型"), choices=[("a", _("建设单位")), ("b", _("施工单位"))])
    day = django_forms.DateField(label=_("检查日期"), widget=forms.DateInput, required=False)
    note = django_forms.CharField(label=_("说明"), widget=django_forms.Textarea, required=False)
    way = django_forms.ChoiceField(
        label=_("方式"), widget=django_forms.RadioSelect, choices=[("x", _("现场")), ("y", _("书面"))]
    )
    agreed = django_forms.BooleanField(label=_("已核对原件"))
    file = django_forms.FileField(label=_("附件"), required=False)


def _filled() -> forms.Form:
    return _Example(
        {"name": "示例建设〇一有限公司（超过二十个字的一个很长的名称）", "kind": "a", "way": "x"},
        auto_id="filled_%s",
    )


def examples() -> dict[str, list[Mapping[str, Any]]]:
    """Component → contexts that show it."""
    moment = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
    refusal = problems.Problem(
        status=409,
        kind="refused",
        title=_("不能进行此操作"),
        detail=_("该抽取方案尚未公布，不能开始抽取。"),
        remedy=_("请先公布方案，再开始抽取。"),
        rule_id="xz-plan-published",
        article=_("《国务院办公厅关于推广随机抽查规范事中事后监管的通知》"),
    )
    return {
        "button": [
            {"text": _("保存")},
            {"text": _("返回"), "href": "#", "kind": "quiet"},
            {"text": _("撤销导入"), "kind": "danger"},
            {"text": _("不可用"), "disabled": True},
        ],
        "form": [{"form": _Example(auto_id="empty_%s")}, {"form": _filled()}],
        "notice": [
            {"text": _("导入已完成，共 271 行。")},
            {"kind": "success", "text": _("已保存。")},
            {"kind": "warning", "text": _("明年的放假安排尚未载入，所示日期为预估。")},
            {"kind": "error", "text": _("邮件未发出：没有配置邮件服务器。")},
        ],
        "table": [
            {
                "caption": _("抽取结果"),
                "head": [_("序号"), _("单位"), _("权重")],
                "body": [["1", "示例建设〇一有限公司", "3"], ["2", "示例建设〇二有限公司", "1"]],
                "numbers": [0, 2],
            }
        ],
        "pager": [
            {"count": 271, "before": "?before=x", "after": "?after=y"},
            {"count": 10000, "more_than": True, "label": _("更多")},
        ],
        "empty": [{"title": _("还没有导入批次"), "text": _("请先上传名录文件。")}],
        "tags": [{"tags": [(kind, str(text) or _("草稿")) for kind, (_css, text) in TAGS.items()]}],
        "progress": [
            {"label": _("正在导入"), "done": 4000, "total": 10000},
            {"label": _("正在准备"), "done": 0, "total": 0},
        ],
        "refusal": [{"problem": refusal}],
        "confirm": [
            {
                "id": "undo",
                "trigger": _("撤销导入"),
                "title": _("撤销这次导入？"),
                "text": _("未被使用的 250 行将恢复原状，其余 21 行会列出来。"),
                "action": "#",
                "submit": _("撤销"),
                "danger": True,
            }
        ],
        "facts": [{"facts": [(_("单位名称"), "示例建设〇一有限公司"), (_("登记时间"), moment)]}],
        "steps": [
            {
                "steps": [
                    {"title": _("公布方案"), "state": "done", "text": _("2026-03-02 已公布")},
                    {"title": _("抽取"), "state": "current", "text": _("等待公开随机源")},
                    {"title": _("公布结果"), "state": "todo"},
                    {"title": _("校验"), "state": "failed", "text": _("第 3 步的摘要不一致")},
                ]
            }
        ],
        "timeline": [{"entries": [{"at": moment, "title": _("登记"), "text": _("甲登记了该企业。")}]}],
    }
