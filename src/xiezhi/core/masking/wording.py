"""What else must not stand in a published text: words of a penalty, marks of secrecy, names of persons.

``scanner`` finds personal numbers by form and checksum; this table adds words, and says of every kind of finding
whether it bars publication or asks for a reason, on which article, and what to do. A finding never carries what it
found, only where.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from xiezhi.core.masking.scanner import FindingKind, scan


class Weight(StrEnum):
    """Whether a finding stops the publication, or a person may let it pass with a reason."""

    BAR = "bar"
    WARN = "warn"


@dataclass(frozen=True, slots=True)
class Rule:
    """One kind of finding. ``pattern`` is looked for in the text without blanks; None: found otherwise."""

    code: str
    weight: Weight
    article: str
    says: str
    remedy: str
    pattern: re.Pattern[str] | None = None


def gettext_noop(message: str) -> str:
    """Mark ``message`` for the catalogue of texts; core translates nothing itself."""
    return message


PRIVACY = "《政府信息公开条例》第十五条"
SECRECY = "《政府信息公开条例》第十四条"
PENALTY = "《行政处罚法》第九条"
INTERNAL = "《政府信息公开条例》第十六条"
_LEAVE_OUT = gettext_noop("请在来源处更正后重新拟定；确需保留的内容，请改用不含该信息的表述。")

RULES: Mapping[str, Rule] = {
    rule.code: rule
    for rule in (
        Rule(FindingKind.RESIDENT, Weight.BAR, PRIVACY, gettext_noop("含有公民身份号码"), _LEAVE_OUT),
        Rule(FindingKind.PHONE, Weight.BAR, PRIVACY, gettext_noop("含有电话号码"), _LEAVE_OUT),
        Rule(FindingKind.BANK_CARD, Weight.BAR, PRIVACY, gettext_noop("含有银行卡号"), _LEAVE_OUT),
        Rule(FindingKind.EMAIL, Weight.BAR, PRIVACY, gettext_noop("含有电子邮箱"), _LEAVE_OUT),
        Rule(
            FindingKind.HOME,
            Weight.WARN,
            PRIVACY,
            gettext_noop("疑似含有住址"),
            gettext_noop("是单位登记的住所或工地地址的，请写明理由；是个人住址的，请更正来源后重新拟定。"),
        ),
        Rule(
            FindingKind.PLATE,
            Weight.WARN,
            PRIVACY,
            gettext_noop("疑似含有机动车号牌"),
            gettext_noop("请核对是否必须公开；须保留的，请写明理由。"),
        ),
        Rule("person", Weight.BAR, PRIVACY, gettext_noop("含有检查人员或者相关自然人的姓名"), _LEAVE_OUT),
        Rule(
            "short-name",
            Weight.WARN,
            PRIVACY,
            gettext_noop("疑似含有检查人员或者相关自然人的姓名"),
            gettext_noop("是单位名称或其他词语中恰好相同的字的，请写明理由；是姓名的，请更正来源后重新拟定。"),
        ),
        Rule(
            "penalty",
            Weight.BAR,
            PENALTY,
            gettext_noop("含有通报批评一类的措辞；通报批评是行政处罚，结果公示不是"),
            gettext_noop("请只写检查结果本身；要给予通报批评的，须按行政处罚程序另行立案、告知、决定。"),
            re.compile(r"通报批评|通报曝光|予以曝光|曝光台?|黑名单|红黑榜|失信名单|点名批评|公开批评|示众"),
        ),
        Rule(
            "secret",
            Weight.BAR,
            SECRECY,
            gettext_noop("含有密级标志"),
            gettext_noop("请先核实是否涉密：涉密的不得公示；未定密的，请更正来源后重新拟定。"),
            re.compile(r"绝密|机密|(?<!商业)(?<!国家)(?<!保守)秘密"),
        ),
        Rule(
            "internal",
            Weight.BAR,
            INTERNAL,
            gettext_noop("含有“内部”一类的标注"),
            gettext_noop("请核实该内容能否公开；能公开的，请在来源处去掉标注后重新拟定。"),
            re.compile(r"内部(?:资料|文件|使用|传阅|掌握|参考|材料)|不予公开|注意保管|请勿外传|不得外传"),
        ),
        Rule(
            "inside",
            Weight.WARN,
            INTERNAL,
            gettext_noop("出现“内部”二字"),
            gettext_noop("是“单位内部管理”一类表述的，请写明理由；是内部事务的，请更正来源后重新拟定。"),
            re.compile(r"内部(?!资料|文件|使用|传阅|掌握|参考|材料)"),
        ),
        Rule(
            "trade-secret",
            Weight.WARN,
            PRIVACY,
            gettext_noop("出现“商业秘密”"),
            gettext_noop("请核对没有写出商业秘密的内容；确认没有的，请写明理由。"),
            re.compile(r"商业秘密"),
        ),
    )
}
SHORT = 2
_BLANK = re.compile(r"[\s\u200b\u3000·•*_\-]")


@dataclass(frozen=True, slots=True, order=True)
class Found:
    """Characters ``start`` up to but not including ``end`` of the text; ``code`` is a key of :data:`RULES`."""

    start: int
    end: int
    code: str

    @property
    def rule(self) -> Rule:
        """What it means."""
        return RULES[self.code]


def look(text: str, names: Iterable[str] = ()) -> tuple[Found, ...]:
    """All that bars or hinders the publication of ``text``, in its order.

    names   of persons that must not be named. One of two characters is only a hint: they also stand inside of
            other words. Blanks and dots between characters hide nothing, nor does full width.
    """
    found = {Found(one.start, one.end, str(one.kind)) for one in scan(text)}
    squeezed, places = _squeezed(text)
    for code, rule in RULES.items():
        if rule.pattern is not None:
            found |= {_at(places, m.start(), m.end(), code) for m in rule.pattern.finditer(squeezed)}
    for name in {_squeezed(name)[0] for name in names}:
        if len(name) >= SHORT:
            code = "short-name" if len(name) == SHORT else "person"
            found |= {_at(places, place, place + len(name), code) for place in _places(squeezed, name)}
    return tuple(sorted(found))


def bars(found: Sequence[Found]) -> list[Found]:
    """Those of ``found`` that nobody may let pass."""
    return [one for one in found if one.rule.weight is Weight.BAR]


def _squeezed(text: str) -> tuple[str, list[int]]:
    """The text in one form, without blanks, and the place of each of its characters."""
    kept, places = [], []
    for place, character in enumerate(text):
        for plain in unicodedata.normalize("NFKC", character):
            if not _BLANK.match(plain):
                kept.append(plain)
                places.append(place)
    return "".join(kept), places


def _places(text: str, word: str) -> Iterator[int]:
    place = text.find(word)
    while place >= 0:
        yield place
        place = text.find(word, place + 1)


def _at(places: Sequence[int], start: int, end: int, code: str) -> Found:
    return Found(places[start], places[end - 1] + 1, code)
