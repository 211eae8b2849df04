"""Every page of console and portal, as someone who may open it: clean in axe, usable by keys, readable on a phone.

The pages are those that ``tests/walk.csv`` answers with 200, so a new page is here as soon as it is in the table.
"""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page
from tests.browser import keyboard
from tests.walk import house, table
from tests.walk.addresses import Stop

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.slow]

# Part of the site → (beginnings of its addresses, a number of pages it surely has).
PARTS = {
    "law": (("/console/law/",), 10),
    "people": (("/console/people/",), 30),
    "registry": (("/console/registry/",), 10),
    "draws": (("/console/draws/",), 15),
    "console": (("/console/jobs/", "/console/keys/", "/console/messages/", "/console/notifications/"), 8),
    "portal": (("/draws/", "/about/", "/accounts/"), 15),
}
WIDE, PHONE = {"width": 1280, "height": 768}, {"width": 390, "height": 844}
VISITORS = ("anonymous", "administrator", "jurist", "data_steward", "draw_organiser", "officer", "detachment_head")


def visits(beginnings: tuple[str, ...]) -> Iterator[tuple[str, Stop]]:
    """(who, where): of those whom the table lets in, the first of our list, else the first of the table."""
    for stop, answers in table.read().items():
        if stop.method != "GET" or not stop.address.startswith(beginnings):
            continue
        let_in = [who for who, answer in answers.items() if answer == "200"]
        if let_in:
            yield next((who for who in VISITORS if who in let_in), let_in[0]), stop


def is_page(page: Page, url: str) -> bool:
    """A whole page, not a file and not a part that a script fetches."""
    answer = page.context.request.get(url)
    return answer.headers["content-type"].startswith("text/html") and "<main" in answer.text()


def broken(page: Page) -> list[str]:
    """Dates, credit codes and document numbers in tables that are broken over lines."""
    return page.evaluate("""() => {
      const whole = /^(\\d{4}-\\d\\d-\\d\\d( \\d\\d:\\d\\d)?|[0-9A-Z]{13,18}|[^\\s，。]{0,12}〔\\d{4}〕\\d+号)$/;
      const found = [];
      for (const cell of document.querySelectorAll(".xz-table td, .xz-table th")) {
        const texts = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
        while (texts.nextNode()) {
          const text = texts.currentNode.textContent.trim();
          const range = document.createRange();
          range.selectNodeContents(texts.currentNode);
          const lines = new Set([...range.getClientRects()].map((box) => Math.round(box.top)));
          if (whole.test(text) && lines.size > 1) found.push(text);
        }
      }
      return found;
    }""")


def overflow(page: Page) -> int:
    """Pixels by which the page is wider than its window."""
    return page.evaluate("document.documentElement.scrollWidth - window.innerWidth")


@pytest.mark.parametrize("part", PARTS)
def test_every_page_is_clean_in_axe_reached_by_keys_and_fits_a_phone_in_care_mode(
    page, sign_in, axe, live_server, part
):
    beginnings, at_least = PARTS[part]
    house_of_all = house.build()
    opened, found, now = 0, [], ""
    for who, stop in sorted(visits(beginnings)):
        if who != now:
            page.context.clear_cookies()
            now = who
            if account := house_of_all.accounts[who]:
                sign_in(account)
        url = stop.url(house_of_all.things)
        if not is_page(page, url):
            continue
        opened += 1
        for care, size in ((False, WIDE), (True, PHONE)):
            page.set_viewport_size(size)
            page.context.add_cookies([{"name": "care", "value": "1" if care else "0", "url": live_server.url}])
            page.goto(url)
            where = f"{stop.address} as {who}{' in care mode' if care else ''}"
            assert bool(page.locator("html[data-care]").count()) is care, where
            found += [f"{where}: {fault}" for fault in axe(page)]
            found += [f"{where}: {px} px too wide" for px in [overflow(page)] if px > 0]
            found += [f"{where}: {text} is broken over lines" for text in broken(page)]
            if not care:
                found += [f"{where}: {fault}" for fault in keyboard.faults(page)]
    assert found == []
    assert opened >= at_least
