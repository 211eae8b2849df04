"""How a form takes a draw's level, its public source and its outside witnesses."""

from typing import Any

from django import forms as django_forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from xiezhi.core.draw.levels import NOTARY, WITNESS
from xiezhi.web.forms import Form

from .codes import Level
from .fixed_words import KINDS, WITNESS_LINE

DESCRIBES = {NOTARY: _("公证人，其承诺在抽取公告前交出"), WITNESS: _("外部见证人，其承诺在抽取公告前交出")}
BY_LEVEL = ("level", "label", "describes", "not_before", "encoding", "witnesses", "reveal_from")
FIELDS = ("label", "describes", "not_before", "encoding")
ENCODINGS = [("utf8", _("文字或数字，照公布原样")), ("hex", _("十六进制数"))]


class MomentInput(django_forms.DateTimeInput):
    """The browser's own field for day and time, in Shanghai time."""

    input_type = "datetime-local"

    def __init__(self, **kwargs: Any):
        super().__init__(format="%Y-%m-%dT%H:%M", **kwargs)


class SourcesForm(Form):
    """Fields of level and sources; cleaned ``sources`` are as ``prepare_draw`` takes them."""

    level = django_forms.ChoiceField(
        label=_("抽取级别"),
        choices=Level.choices,
        initial=Level.ROUTINE,
        required=False,
        help_text=_(
            "常规：一个公开随机源，两人录入、复核。联合、年度：另有一名外部见证人（派驻纪检、司法局等），共三人。"
            "争议：另有公证人和其他见证人，共四人以上。紧急：采用系统自身随机数，不填随机源，只用于专项检查，两人。"
        ),
    )
    label = django_forms.CharField(
        label=_("随机源名称"),
        max_length=60,
        required=False,
        help_text=_("写明期号，如“福彩双色球第2026032期”。一期只能用于一次抽取。紧急抽取不填随机源。"),
    )
    describes = django_forms.CharField(
        label=_("随机源说明"),
        max_length=200,
        required=False,
        help_text=_("哪一期、在哪里公布、取哪些数字，写到任何人都能自己查。"),
    )
    not_before = django_forms.DateTimeField(
        label=_("随机源公布时间"),
        widget=MomentInput,
        required=False,
        help_text=_("必须晚于作出承诺的时间，建议在次日。"),
    )
    encoding = django_forms.ChoiceField(label=_("随机源形式"), choices=ENCODINGS, required=False)
    witnesses = django_forms.CharField(
        label=_("外部见证人"),
        widget=django_forms.Textarea(attrs={"rows": 3}),
        required=False,
        help_text=_(
            "联合、年度和争议抽取填写，每行一名：类别（见证或公证）、名称、承诺（64 位），用空格隔开。"
            "见证人在自己的电脑上用 verify.py --witness 名称 生成承诺，抽取公告前交来。"
        ),
    )
    reveal_from = django_forms.DateTimeField(
        label=_("见证人揭示时间"),
        widget=MomentInput,
        required=False,
        help_text=_("有外部见证人时填写：从何时起揭示；须晚于作出承诺、早于随机源公布。"),
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for name in BY_LEVEL:  # the level decides which of them must be filled in: none is simply optional
            self.fields[name].unmarked = True  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        data["level"] = data.get("level") or Level.ROUTINE
        if data["level"] == Level.QUICK:
            data["sources"] = []
            return data
        for name in FIELDS[:3]:
            if not data.get(name) and name not in self.errors:
                self.add_error(name, _("请填写。"))
        public = {name: data.get(name) for name in FIELDS}
        data["sources"] = [*self._witnesses(data), public]
        return data

    def _witnesses(self, data: dict[str, Any]) -> list[dict[str, Any]]:
        if data["level"] == Level.ROUTINE:
            if data.get("witnesses"):
                self.add_error("witnesses", _("常规抽取没有外部见证人；有见证人的，请选择联合、年度或争议抽取。"))
            return []
        if not data.get("reveal_from"):
            self.add_error("reveal_from", _("请填写见证人从何时起揭示。"))
        found = []
        for number, line in enumerate(filter(None, map(str.strip, data.get("witnesses", "").splitlines())), 1):
            match = WITNESS_LINE.fullmatch(line)
            if match is None:
                fault = _("第 %(number)s 行应为：见证或公证、名称、64 位承诺。") % {"number": number}
                self.add_error("witnesses", ValidationError(fault))
                continue
            kind, label, commitment = match.groups()
            found.append(
                {
                    "label": label,
                    "describes": str(DESCRIBES[KINDS[kind]]),
                    "not_before": data.get("reveal_from"),
                    "encoding": KINDS[kind],
                    "commitment": commitment,
                }
            )
        return found
