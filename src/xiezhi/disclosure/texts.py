"""What people add in words: plain text, and of what is published nothing that the scan bars."""

import unicodedata

from django.utils.translation import gettext as _

from xiezhi.core import masking
from xiezhi.core.errors import Invalid
from xiezhi.core.unseen import unseen

MOST = 300
_LINE_ENDS = "\n\r\t"


def demand(**given: str) -> None:
    """:class:`Invalid` by field where one is empty, too long, or holds what is not seen."""
    demand_long(MOST, **given)


def demand_long(most: int, **given: str) -> None:
    """The same up to ``most`` characters."""
    empty = {name: [_("请填写。")] for name, text in given.items() if not text.strip()}
    if empty:
        raise Invalid(empty)
    demand_plain(most, **given)


def demand_plain(most: int = MOST, /, **given: str) -> None:
    """The same, but they may be empty."""
    wrong = {}
    for name, text in given.items():
        if len(text) > most:
            wrong[name] = [_("最多 %(most)s 个字。") % {"most": most}]
        elif any(ord(c) < ord(" ") and c not in _LINE_ENDS for c in text) or unseen(text):
            wrong[name] = [_("不能含控制字符或看不见的字符。")]
    if wrong:
        raise Invalid(wrong)


def demand_publishable(names: list[str], **given: str) -> None:
    """Not empty, plain, and without anything that bars a publication: these words are read by everyone."""
    demand(**given)
    wrong = {}
    for name, text in given.items():
        barred = masking.bars(masking.look(text, names))
        if barred:
            wrong[name] = [f"{_(one.rule.says)}：{_(one.rule.remedy)}" for one in barred]
    if wrong:
        raise Invalid(wrong)


def demand_without(subjects: list[str], **given: str) -> None:
    """Without a name or code of the publication's target, however it is spaced or in full width."""
    named = {_plain(one) for one in subjects} - {""}
    wrong = {
        name: [_("不能写出检查对象的名称或代码：撤下之后这段文字仍对外公示。请只写事由。")]
        for name, text in given.items()
        if any(one in _plain(text) for one in named)
    }
    if wrong:
        raise Invalid(wrong)


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split()).casefold()
