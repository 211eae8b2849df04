"""What is typed and will be published: plain text, no control characters but line ends."""

from django.utils.translation import gettext as _

from xiezhi.core.draw import rules
from xiezhi.core.errors import Invalid


def demand(**given: str) -> None:
    """:class:`Invalid` by field where one is empty or holds a control character."""
    wrong = {name: [_("不能为空，也不能含控制字符。")] for name, text in given.items() if not is_text(text)}
    if wrong:
        raise Invalid(wrong)


def is_text(text: str) -> bool:
    """Not empty, and plain but for line ends."""
    return rules.is_plain(text.replace("\n", "")) if text else False
