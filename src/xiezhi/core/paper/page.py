"""A filled page as plain JSON: what ``page.typ`` sets. Every value is text here; nothing is ever code.

A block is ``[kind, spans]``, ``["table", columns, rows]``, ``["rule"]``, ``["break"]`` or ``["space", lines]``;
a span ``["t", text, bold]`` or ``["blank", width]`` (a line to write on, width in characters).
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final, TypeAlias

from .contract import Contract, Value
from .markup import Block, Line, Mark, Row, Section, Slot, Span, Words

BLANK: Final = 8
Json: TypeAlias = list[Any]


def fill(blocks: tuple[Block, ...], contract: Contract, values: Mapping[str, Any]) -> Json:
    """The page's blocks with ``values`` (of the contract and of the system) in their places."""
    return _tables(list(_filled(blocks, contract, values, {})))


def empty(blocks: tuple[Block, ...], contract: Contract, system: Mapping[str, Any], rows: int = 6) -> Json:
    """The page as a blank form: lines to write on, tables of ``rows`` empty rows, every optional part shown."""
    values: dict[str, Any] = {**system}
    for field in contract.fields:
        if field.type == "table":
            values[field.name] = [{column: "" for column, _ in field.columns}] * rows
    return _tables(list(_filled(blocks, contract, values, {}, blank=True)))


def day(text: str) -> str:
    """``2026-03-02`` → ``2026年3月2日``."""
    value = date.fromisoformat(text)
    return f"{value.year}年{value.month}月{value.day}日"


_Rows: TypeAlias = Mapping[str, tuple[int, Mapping[str, str]]]


def _filled(
    blocks: tuple[Block, ...], contract: Contract, values: Mapping[str, Any], rows: _Rows, *, blank: bool = False
) -> Iterator[Json]:
    for block in blocks:
        if isinstance(block, Section):
            value = values.get(block.name)
            if block.inverted:
                if not value and not blank:
                    yield from _filled(block.blocks, contract, values, rows, blank=blank)
            elif isinstance(value, list) and value and isinstance(value[0], Mapping):
                for number, row in enumerate(value, 1):
                    more = {**rows, block.name: (number, row)}
                    yield from _filled(block.blocks, contract, values, more, blank=blank)
            elif value or (blank and block.name != "opinions"):
                yield from _filled(block.blocks, contract, values, rows, blank=blank)
        elif isinstance(block, Mark):
            yield [block.kind, block.size] if block.kind == "space" else [block.kind]
        elif isinstance(block, Line):
            yield [block.kind, _spans(block.spans, contract, values, rows)]
        elif isinstance(block, Row):
            cells = [
                [_spans(cell, contract, values, rows, cell_of_table=True), _kind(cell)] for cell in block.cells
            ]
            yield ["row", cells, block.lines]


def _kind(cell: tuple[Span, ...]) -> str:
    """``label`` fixed text, ``no`` a running number, ``value`` what is filled in, or empty to be written in."""
    if not cell:
        return "value"
    slots = [span for span in cell if isinstance(span, Slot)]
    if not slots:
        return "label"
    return "no" if len(cell) == 1 and slots[0].column == "no" else "value"


def _spans(
    spans: tuple[Span, ...],
    contract: Contract,
    values: Mapping[str, Any],
    rows: _Rows,
    *,
    cell_of_table: bool = False,
) -> Json:
    found: Json = []
    for span in spans:
        if isinstance(span, Words):
            found.append(["t", span.text, span.bold])
            continue
        text = _text(span, contract, values, rows)
        if text:
            found.append(["t", text, span.bold])
        elif not cell_of_table:
            found.append(["blank", BLANK])
    return found


def _text(slot: Slot, contract: Contract, values: Mapping[str, Any], rows: _Rows) -> str:
    if slot.column:
        number, row = rows[slot.name]
        return str(number) if slot.column == "no" else str(row.get(slot.column, ""))
    value: Value | None = values.get(slot.name)
    field = contract.get(slot.name)
    kind = field.type if field else ("date" if slot.name == "signed_on" else "text")
    if slot.form == "options" and field is not None:
        options = field.choices if field.type != "flag" else ("是", "否")
        picked = _picked(value, field.type)
        return "　".join(f"{'■' if option in picked else '□'}{option}" for option in options)
    if kind == "flag":
        return "是" if value else ""
    if isinstance(value, list):
        return "、".join(str(item) for item in value)
    return day(str(value)) if kind == "date" and value else str(value or "")


def _picked(value: Any, kind: str) -> set[str]:
    if kind == "flag":
        return set() if value is None else {"是" if value else "否"}
    return set(value) if isinstance(value, list) else {str(value)} if value else set()


def _tables(blocks: list[Json]) -> Json:
    """Rows that follow one another become one table; a short row's last cell spans what is left."""
    found: Json = []
    rows: list[Json] = []
    for block in [*blocks, None]:
        if block is not None and block[0] == "row":
            rows.append(block)
            continue
        if rows:
            found.append(_table(rows))
            rows = []
        if block is not None:
            found.append(block)
    return found


def _table(rows: list[Json]) -> Json:
    width = max(len(cells) for _, cells, _ in rows)
    narrow = [True] * width
    for _, cells, _ in rows:
        for place, (_, kind) in enumerate(cells):
            if kind == "value" and not (place == len(cells) - 1 and len(cells) < width):
                narrow[place] = False
    if all(narrow):
        narrow[-1] = False
    body = []
    for _, cells, lines in rows:
        last = len(cells) - 1
        body.append(
            [
                [spans, kind, width - last if place == last else 1, lines]
                for place, (spans, kind) in enumerate(cells)
            ]
        )
    return ["table", ["auto" if one else "1fr" for one in narrow], body]
