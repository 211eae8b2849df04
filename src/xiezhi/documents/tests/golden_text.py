"""The text of the national forms as it stands in their PDFs, filled with sample data.

To write the files anew: ``echo 'from xiezhi.documents.tests import golden_text as g; g.main()' | manage.py shell``;
read the difference before you commit it.
"""

import io
import re
from pathlib import Path

import pypdf

from xiezhi.documents import builtin, previews
from xiezhi.documents.models import Template

FOLDER = Path(__file__).with_name("golden")
CODES = [str(one["code"]) for one in builtin.shipped()]
FOOTER = re.compile(r"^第 ?\d+ ?页.*$", re.MULTILINE)


def text_of(content: bytes) -> str:
    """What a reader of the file can copy, page after page, without footers and watermark."""
    pages = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages]
    lines = [line.strip() for page in pages for line in FOOTER.sub("", page).splitlines()]
    return "\n".join(line for line in lines if line and line != "样例") + "\n"


def plain(text: str) -> str:
    """Without blanks and line ends: where a line breaks is the font's affair."""
    return re.sub(r"\s+", "", text)


def made(code: str) -> str:
    """The text of a form as the press sets it now."""
    shipped = next(one for one in builtin.shipped() if one["code"] == code)
    return text_of(previews.sample(Template(agency="/", version=1, **shipped)))


def main() -> None:
    """Write every file."""
    for code in CODES:
        (FOLDER / f"{code}.txt").write_text(made(code), encoding="utf-8")
