"""Documents a second: one page set by one press process, by two, and whole signatures with number, blob and event.

Quick: 40 pages; in full: 400. The pages are notices of inspection with sample data, each with another number and QR.
"""

import os
import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

FULL, QUICK = 400, 40
MOMENT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


def run(quick: bool) -> list[dict[str, object]]:
    """Rows of name, value and unit."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xiezhi.settings.test")
    import django

    django.setup()
    from django.test.utils import setup_databases, teardown_databases

    count = QUICK if quick else FULL
    databases = setup_databases(verbosity=0, interactive=False)
    try:
        return [*_pages(count), *_signatures(count)]
    finally:
        teardown_databases(databases, verbosity=0)


def _pages(count: int) -> list[dict[str, object]]:
    from xiezhi.documents import builtin, pages, press, previews
    from xiezhi.documents.models import Template

    shipped = next(one for one in builtin.shipped() if one["code"] == "inspection_notice")
    template = Template(agency="/", version=1, **shipped)
    values = template.contract.sample()

    def one(number: int) -> float:
        begin = time.perf_counter()
        system = {"number": f"示例监检通〔2026〕{number}号", "agency": "示例支队", "signed_on": "2026-03-02"}
        press.pdf(pages.filled(template, values, system, code=f"ABCDEFGH{number:08d}"), MOMENT)
        return time.perf_counter() - begin

    begin = time.perf_counter()
    previews.sample(template)
    first = time.perf_counter() - begin
    begin = time.perf_counter()
    each = [one(number) for number in range(count)]
    alone = count / (time.perf_counter() - begin)
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(one, range(2)))
        begin = time.perf_counter()
        list(pool.map(one, range(count, 2 * count)))
        both = count / (time.perf_counter() - begin)
    return [
        {"name": "first page of a process, start included", "value": round(first * 1000), "unit": "ms"},
        {
            "name": "a page of notice, p95",
            "value": round(statistics.quantiles(each, n=20)[-1] * 1000, 1),
            "unit": "ms",
        },
        {"name": "pages, one press", "value": round(alone), "unit": "documents/s"},
        {"name": "pages, two presses (bound: 20)", "value": round(both), "unit": "documents/s"},
    ]


def _signatures(count: int) -> list[dict[str, object]]:
    from xiezhi import clock
    from xiezhi.documents import services
    from xiezhi.documents.tests import desk
    from xiezhi.people.tests import house

    with clock.fixed(house.NOW):
        desk.build()
        actor = desk.actor("lin")
        rows = [desk.drafted() for _ in range(count)]
        begin, used = time.perf_counter(), time.process_time()
        for row in rows:
            services.sign_document(actor, row.id, rev=row.rev)
        spent, used = time.perf_counter() - begin, time.process_time() - used
    return [
        {
            "name": "signed: number, PDF, file, event; one at a time",
            "value": round(count / spent, 1),
            "unit": "documents/s",
        },
        {
            "name": "of it CPU outside of the press",
            "value": round(used / count * 1000, 1),
            "unit": "ms a document",
        },
    ]
