"""Text to terms, the same for what is indexed and what is asked.

Text is folded (NFKC, case) and cut into *runs*: letters and digits of ASCII, or other letters, which are mostly
Chinese. A question finds what holds each of its runs:

- two or more Chinese characters: anywhere, as they stand (terms: overlapping pairs);
- one Chinese character: anywhere (term: the character);
- four or more letters or digits: anywhere, e.g. a part of a credit code (terms: overlapping fours);
- fewer: at the beginning of a word or number (terms: its first one, two, three characters).
"""

import re
import unicodedata
from dataclasses import dataclass

MAX_QUERY = 200
MAX_RUNS = 16

# Letters and digits; private-use characters too, since rare names in old files are written with them.
_RUN = re.compile("[a-z0-9]+|(?:[^\x00-\x7f\\W]|[\ue000-\uf8ff\U000f0000-\U0010fffd])+")
_FOUR = 4


@dataclass(frozen=True, slots=True)
class Terms:
    """``row``: terms in the order of the text, neighbours side by side; ``marks``: terms without a place."""

    row: list[str]
    marks: list[str]


def runs(text: str) -> list[str]:
    """The runs of ``text``, folded, in order."""
    return _RUN.findall(unicodedata.normalize("NFKC", text).casefold())


def terms(found: list[str]) -> Terms:
    """The terms of a text whose runs are ``found``."""
    row: list[str] = []
    marks: dict[str, None] = {}
    for run in found:
        if run.isascii():
            row += [run[at : at + _FOUR] for at in range(len(run) - _FOUR + 1)]
            marks.update(dict.fromkeys((run[:1], run[:2], run[:3])))
        else:
            row += [run[at : at + 2] for at in range(len(run) - 1)]
            marks.update(dict.fromkeys(run))
    return Terms(row, list(marks))


def asked(query: str) -> list[str]:
    """The runs of a question, each once, at most :data:`MAX_RUNS`; an overlong question is cut."""
    return list(dict.fromkeys(runs(query[:MAX_QUERY])))[:MAX_RUNS]


def is_mark(run: str) -> bool:
    """Is this run of a question looked up as a mark, not as neighbours in the row?"""
    return len(run) < (_FOUR if run.isascii() else 2)


def phrase(run: str) -> list[str]:
    """The terms of the row that stand side by side where this run (no mark) is found."""
    return terms([run]).row
