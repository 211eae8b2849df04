"""Small worlds for the registry's tests: actors, files, entities."""

import csv
import io
import zipfile
from datetime import date
from pathlib import Path

from openpyxl import Workbook

from xiezhi.core.actor import Ability, Actor
from xiezhi.core.ids.resident import resident_check
from xiezhi.registry import imports, services, synthetic

AGENCY = "/c/d/"
DISTRICT = "321202"
RESIDENT = "32120219900101001" + resident_check("32120219900101001")
ABILITIES = ("registry.read", "registry.edit", "registry.import", "registry.read_personal")


def officer(*abilities: str, agency: str = AGENCY, id: str = "officer-1") -> Actor:
    """An officer of ``agency`` with these abilities there (default: all of the registry's)."""
    return Actor(
        id=id,
        kind="officer",
        agency=agency,
        district=DISTRICT,
        abilities=frozenset(Ability(name, agency) for name in abilities or ABILITIES),
    )


def entity(actor: Actor | None = None, *, number: int = 1, **texts: str):
    """A registered entity."""
    actor = actor or officer()
    return services.register_entity(
        actor,
        agency=actor.agency,
        district=DISTRICT,
        code=synthetic.synthetic_code(number),
        name=texts.pop("name", synthetic.synthetic_name(number)),
        **texts,
    )


def project(actor: Actor | None = None, *, number: str = "2026-000001"):
    """A registered project."""
    actor = actor or officer()
    return services.register_project(
        actor, agency=actor.agency, district=DISTRICT, number=number, name="示例家园一期", kind="building"
    )


def permit(actor: Actor | None = None, *, number: str = "009999202601010101", **given):
    """A safety permit that is valid until the end of 2027."""
    actor = actor or officer()
    facts = {
        "kind": "safety",
        "number": number,
        "issuer": "示例市住房和城乡建设局",
        "issued_on": date(2026, 1, 1),
        "valid_until": date(2027, 12, 31),
    } | given
    if "entity_id" not in facts:
        facts["entity_id"] = entity(actor, number=77).id
    return services.register_permit(actor, agency=actor.agency, district=DISTRICT, **facts)


HEADER = ["企业名称", "统一社会信用代码", "成立日期", "住所"]


def rows(count: int = 3, start: int = 1) -> list[list[str]]:
    """Rows under :data:`HEADER`."""
    return [
        [r["企业名称"], r["统一社会信用代码"], r["成立日期"], r["住所"]]
        for r in synthetic.synthetic_rows(count, start=start)
    ]


def csv_bytes(table: list[list[str]], encoding: str = "utf-8", delimiter: str = ",") -> bytes:
    """A CSV file."""
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows(table)
    return text.getvalue().encode(encoding)


def xlsx_bytes(table: list[list[object]], change=lambda sheet: None) -> bytes:
    """A workbook; ``change`` gets the sheet before it is saved."""
    book = Workbook()
    for row in table:
        book.active.append(row)
    change(book.active)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def with_part(workbook: bytes, name: str, content: bytes) -> bytes:
    """The workbook with one part replaced."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for item in old.namelist():
            new.writestr(item, content if item == name else old.read(item))
    return out.getvalue()


def stage(table: list[list[str]], *, actor: Actor | None = None, source: str = "市场监管登记", **options):
    """A staged batch of a table whose first row is the header."""
    actor = actor or officer()
    return imports.stage_file(
        actor,
        stream=io.BytesIO(csv_bytes(table)),
        filename="名录.csv",
        source=source,
        agency=actor.agency,
        district=DISTRICT,
        **options,
    )


def imported(table: list[list[str]], *, actor: Actor | None = None, **options):
    """An applied batch."""
    actor = actor or officer()
    return imports.apply_batch(actor, stage(table, actor=actor, **options).id)


def written(folder: Path, content: bytes) -> Path:
    """``content`` as a file in ``folder``."""
    path = folder / "file"
    path.write_bytes(content)
    return path
