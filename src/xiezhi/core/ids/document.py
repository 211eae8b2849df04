"""文号: the agency's word and the document's word, the year in 六角括号, the number and 号 (GB/T 9704-2012).

``泰建罚决字〔2026〕12号``: four-digit year in U+3014/U+3015, no leading zero, no 第.
"""

import re
from dataclasses import dataclass

MAX_NUMBER = 999_999
_FORM = re.compile(r"(?P<word>[^〔〕]+)〔(?P<year>[0-9]{4})〕(?P<number>[0-9]{1,6})号")
_WORD = re.compile(r"[㐀-鿿A-Za-z]+(?:[(\uff08][㐀-鿿A-Za-z0-9]+[)\uff09][㐀-鿿A-Za-z]*)?")
# Brackets that typists put round the year instead: ASCII, full-width, 【】, 〈〉 and the small form of 〔〕.
_ODD = r"[\[\](){}<>\uff08\uff09\uff3b\uff3d\u3010\u3011\u3008\u3009\ufe5d\ufe5e]"
_OTHER_BRACKETS = re.compile(rf"{_ODD}\s*[0-9]{{4}}\s*{_ODD}")


class DocumentNumberError(ValueError):
    """The text is no 文号. ``reason``: ``brackets``, ``ordinal``, ``leading-zero``, ``word``, ``form``."""

    def __init__(self, reason: str, text: str):
        super().__init__(f"not a document number ({reason}): {text!r}")
        self.reason = reason


@dataclass(frozen=True, slots=True, order=True)
class DocumentNumber:
    """One number: ``word`` e.g. ``泰建罚决字``; sorts by word, year and number."""

    word: str
    year: int
    number: int

    def __post_init__(self) -> None:
        """Hold each part to its form; :class:`DocumentNumberError` otherwise."""
        if not _WORD.fullmatch(self.word) or self.word.endswith("第"):
            raise DocumentNumberError("word", self.word)
        if not (1000 <= self.year <= 9999 and 1 <= self.number <= MAX_NUMBER):
            raise DocumentNumberError("form", f"{self.year}/{self.number}")

    def __str__(self) -> str:
        return f"{self.word}〔{self.year}〕{self.number}号"

    @classmethod
    def parse(cls, text: str) -> "DocumentNumber":
        """Read ``text`` exactly as an official document prints it; :class:`DocumentNumberError` otherwise."""
        if _OTHER_BRACKETS.search(text):
            raise DocumentNumberError("brackets", text)
        if "〕第" in text:
            raise DocumentNumberError("ordinal", text)
        match = _FORM.fullmatch(text)
        if match is None:
            raise DocumentNumberError("form", text)
        if match["number"].startswith("0"):
            raise DocumentNumberError("leading-zero", text)
        return cls(match["word"], int(match["year"]), int(match["number"]))
