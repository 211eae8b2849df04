"""What becomes of each kind of datum when something is published: a table whose rows are data."""

from dataclasses import dataclass
from enum import StrEnum

from xiezhi.core.law.rows import Reader


class Form(StrEnum):
    """The published form of a datum."""

    KEEP = "keep"
    REMOVE = "remove"
    SURNAME = "surname"  # surname + 某
    DISTRICT = "district"  # address cut off after the district or county
    BLUR = "blur"  # pixels are blurred; in text the mark stands instead
    NOTE = "note"  # a fixed note stands instead


@dataclass(frozen=True, slots=True)
class Treatment:
    """One row. ``mark`` is what stands in text instead of the datum; empty: nothing does.

    ``basis`` are the provisions it hangs on; ``verified`` false: the pattern is from memory (待核).
    """

    key: str
    name: str
    form: Form
    mark: str
    basis: str
    verified: bool


def read_treatment(row: object) -> Treatment:
    """A treatment from its row; ``BadRow`` names what is wrong."""
    key = row.get("key") if isinstance(row, dict) else None
    reader = Reader(f"treatment {key}", row)
    treatment = Treatment(
        key=reader.text("key"),
        name=reader.text("name"),
        form=reader.one_of("form", Form),
        mark=reader.optional_text("mark"),
        basis=reader.text("basis"),
        verified=reader.take("verified", bool),
    )
    reader.done()
    if treatment.form in (Form.BLUR, Form.NOTE) and not treatment.mark:
        raise reader.fail("mark", "is needed where something stands instead")
    return treatment
