"""The marked-up text of a template, as anyone in an office can write it, parsed into blocks.

# 标题            ## 小标题          > 右对齐        >< 居中        @ 顶格        （其余：首行缩进的段落）
| 标签 | {{field}} |   一行表格；|4| 开头则至少四行高；行内格数不足时末格占满
{{field}}  {{field:options}}（列出全部选项并勾选）  **加粗**
{{#field}} … {{/field}}   有值才出现；表格字段则逐行重复，行内写 {{field.column}}、{{field.no}}
{{^field}} … {{/field}}   无值才出现
---  横线         ===  换页         ~3  空三行
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, TypeAlias

from .contract import OPINION_COLUMNS, SYSTEM, Contract, Field
from .wording import Fault, gettext_noop

MAX_BODY: Final = 40_000
_TOKEN: Final = re.compile(r"\{\{([^{}]*)\}\}|\*\*")
_SLOT: Final = re.compile(r"([a-z][a-z0-9_]*)(?:\.([a-z][a-z0-9_]*))?(?::([a-z]+))?")
_SECTION: Final = re.compile(r"\{\{([#^/])([a-z][a-z0-9_]*)\}\}")
_ROW: Final = re.compile(r"\|(?:([1-9][0-9]?)\|)?(.*)\|")
_KINDS: Final = (("## ", "heading"), ("# ", "title"), (">< ", "centre"), ("> ", "right"), ("@ ", "flush"))


class BadMarkup(Fault):
    """The text can't be used; says which line and why."""


@dataclass(frozen=True, slots=True)
class Words:
    """Fixed text."""

    text: str
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Slot:
    """A placeholder: field, column of a table field (empty else), form (``options`` or empty)."""

    name: str
    column: str = ""
    form: str = ""
    bold: bool = False


Span: TypeAlias = Words | Slot


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text of a kind: title, heading, centre, right, flush or par."""

    kind: str
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table; ``lines``: at least so many lines high."""

    cells: tuple[tuple[Span, ...], ...]
    lines: int = 1


@dataclass(frozen=True, slots=True)
class Mark:
    """``rule``, ``break`` (of pages) or ``space`` of ``size`` lines."""

    kind: str
    size: int = 1


@dataclass(frozen=True, slots=True)
class Section:
    """Shown where ``name`` has a value (``inverted``: has none); a table field repeats it row by row."""

    name: str
    inverted: bool
    blocks: "tuple[Block, ...]"


Block: TypeAlias = Line | Row | Mark | Section


def parse(body: str, contract: Contract) -> tuple[Block, ...]:
    """The blocks of a template's text, every placeholder of which ``contract`` declares. :class:`BadMarkup`."""
    if len(body) > MAX_BODY:
        raise BadMarkup(gettext_noop("正文超过 %(most)s 字。"), most=MAX_BODY)
    if not body.strip():
        raise BadMarkup(gettext_noop("正文是空的。"))
    lines = [(number, line.rstrip()) for number, line in enumerate(body.replace("\r\n", "\n").split("\n"), 1)]
    blocks, rest = _blocks(lines, contract, ())
    if rest:
        raise BadMarkup(gettext_noop("第 %(number)s 行：没有对应的开头。"), number=rest[0][0])
    return blocks


def names(blocks: tuple[Block, ...]) -> set[str]:
    """Fields that the blocks show or depend on."""
    found: set[str] = set()
    for block in blocks:
        if isinstance(block, Section):
            found |= {block.name} | names(block.blocks)
        else:
            found |= {span.name for span in _spans(block) if isinstance(span, Slot)}
    return found


def _spans(block: Block) -> Iterator[Span]:
    if isinstance(block, Line):
        yield from block.spans
    elif isinstance(block, Row):
        for cell in block.cells:
            yield from cell


_Lines: TypeAlias = list[tuple[int, str]]


def _blocks(lines: _Lines, contract: Contract, inside: tuple[str, ...]) -> tuple[tuple[Block, ...], _Lines]:
    found: list[Block] = []
    while lines:
        number, line = lines[0]
        section = _SECTION.fullmatch(line.strip())
        if section is None:
            lines = lines[1:]
            if line.strip():
                found.append(_block(number, line.strip(), contract, inside))
            continue
        sign, name = section.groups()
        if sign == "/":
            if not inside or inside[-1] != name:
                raise BadMarkup(
                    gettext_noop("第 %(number)s 行：{{/%(name)s}} 没有对应的开头。"), number=number, name=name
                )
            return tuple(found), lines
        _known(number, name, contract)
        if len(inside) == 2:
            raise BadMarkup(gettext_noop("第 %(number)s 行：条件最多套两层。"), number=number)
        blocks, rest = _blocks(lines[1:], contract, (*inside, name))
        if not rest:
            raise BadMarkup(
                gettext_noop("第 %(number)s 行：{{%(sign)s%(name)s}} 没有结尾 {{/%(name)s}}。"),
                number=number,
                sign=sign,
                name=name,
            )
        found.append(Section(name, sign == "^", blocks))
        lines = rest[1:]
    return tuple(found), lines


def _block(number: int, line: str, contract: Contract, inside: tuple[str, ...]) -> Block:
    if line == "---":
        return Mark("rule")
    if line == "===":
        return Mark("break")
    if re.fullmatch(r"~[1-9][0-9]?", line):
        return Mark("space", int(line[1:]))
    if line.startswith("|"):
        row = _ROW.fullmatch(line)
        if row is None:
            raise BadMarkup(gettext_noop("第 %(number)s 行：表格行须以 | 结尾。"), number=number)
        cells = tuple(_parts(number, cell.strip(), contract, inside) for cell in row[2].split("|"))
        if len(cells) > 12:
            raise BadMarkup(gettext_noop("第 %(number)s 行：一行最多 12 格。"), number=number)
        return Row(cells, int(row[1] or 1))
    for sign, kind in _KINDS:
        if line.startswith(sign):
            return Line(kind, _parts(number, line[len(sign) :].strip(), contract, inside))
    return Line("par", _parts(number, line, contract, inside))


def _parts(number: int, text: str, contract: Contract, inside: tuple[str, ...]) -> tuple[Span, ...]:
    found: list[Span] = []
    bold, start = False, 0
    for token in _TOKEN.finditer(text):
        if before := text[start : token.start()]:
            found.append(Words(before, bold))
        start = token.end()
        if token[1] is None:
            bold = not bold
        else:
            found.append(_slot(number, token[1].strip(), contract, inside, bold))
    if rest := text[start:]:
        found.append(Words(rest, bold))
    if bold:
        raise BadMarkup(gettext_noop("第 %(number)s 行：加粗 ** 没有成对。"), number=number)
    stray = next((s.text for s in found if isinstance(s, Words) and ("{{" in s.text or "}}" in s.text)), None)
    if stray is not None:
        raise BadMarkup(gettext_noop("第 %(number)s 行：{{ 与 }} 没有成对。"), number=number)
    return tuple(found)


def _slot(number: int, text: str, contract: Contract, inside: tuple[str, ...], bold: bool) -> Slot:
    match = _SLOT.fullmatch(text)
    if match is None:
        raise BadMarkup(gettext_noop("第 %(number)s 行：“{{%(text)s}}”不是占位符。"), number=number, text=text)
    name, column, form = match[1], match[2] or "", match[3] or ""
    declared = _known(number, name, contract)
    columns = _columns(name, declared)
    if columns and name not in inside:
        raise BadMarkup(
            gettext_noop("第 %(number)s 行：表格字段 %(name)s 须写在 {{#%(name)s}} 与 {{/%(name)s}} 之间。"),
            number=number,
            name=name,
        )
    if bool(columns) != bool(column) or (column and column not in (*columns, "no")):
        raise BadMarkup(gettext_noop("第 %(number)s 行：%(text)s 没有这一列。"), number=number, text=text)
    if form and (form != "options" or declared is None or declared.type not in ("choice", "choices", "flag")):
        raise BadMarkup(
            gettext_noop("第 %(number)s 行：%(text)s 不能这样写；只有单选、多选、是否可加 :options。"),
            number=number,
            text=text,
        )
    return Slot(name, column, form, bold)


def _known(number: int, name: str, contract: Contract) -> Field | None:
    found = contract.get(name)
    if found is None and name not in SYSTEM:
        raise BadMarkup(
            gettext_noop("第 %(number)s 行：字段 %(name)s 没有在字段表中声明。"), number=number, name=name
        )
    return found


def _columns(name: str, declared: Field | None) -> tuple[str, ...]:
    if name == "opinions":
        return OPINION_COLUMNS
    return tuple(column for column, _ in declared.columns) if declared else ()
