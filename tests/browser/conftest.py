"""Chromium against the live server through Playwright: no network, fixed locale and zone."""

import os
import shutil
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from tests.browser.hands import Hands

from xiezhi import clock

# Playwright's loop runs in this thread; Django would otherwise refuse its synchronous queries there.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def hands(monkeypatch: pytest.MonkeyPatch) -> Hands:
    """The clock at 09:00 of 2 March 2026 in Shanghai, until turned."""
    made = Hands()
    monkeypatch.setattr(clock, "now", made.now)
    return made


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = shutil.which("chromium") or shutil.which("chromium-browser") or "/usr/bin/chromium"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=path,
            args=["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--lang=zh-CN"],
            env={**os.environ, "LANGUAGE": "zh_CN"},
        )
        yield chromium
        chromium.close()


@pytest.fixture(autouse=True)
def _pictures_say_that_they_are_a_demonstration(settings) -> None:
    """The guide's pictures carry the demonstration's mark; no test asks for it otherwise."""
    settings.DEMO = bool(os.environ.get("XIEZHI_SCREENSHOTS"))


@pytest.fixture
def context(browser: Browser, live_server) -> Iterator[BrowserContext]:
    opened = browser.new_context(
        base_url=live_server.url,
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        reduced_motion="reduce",
        viewport={"width": 1366, "height": 768},
        accept_downloads=True,
    )
    opened.set_default_timeout(10_000)
    opened.route(lambda url: not url.startswith(live_server.url), lambda route: route.abort())
    yield opened
    opened.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A page that fails its test on any error of a script and on any breach of the content policy."""
    opened = context.new_page()
    complaints: list[str] = []
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on(
        "console",
        lambda message: complaints.append(message.text) if "Content Security Policy" in message.text else None,
    )
    yield opened
    assert complaints == []


@pytest.fixture
def sign_in(context: BrowserContext, live_server, client) -> Callable[[object], None]:
    """Sign an account in without going through the form."""

    def enter(account: object) -> None:
        client.force_login(account, backend=BACKEND)
        cookie = client.cookies["sessionid"]
        context.add_cookies([{"name": "sessionid", "value": cookie.value, "url": live_server.url}])

    return enter


@pytest.fixture
def axe() -> Callable[[Page], list[str]]:
    """Breaches of WCAG 2.2 AA that axe finds on the page, as text."""
    from axe_playwright_python.sync_playwright import Axe

    checker = Axe()
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

    def run(page: Page) -> list[str]:
        # Words are there before the styles are; sizes and colours only with them.
        page.wait_for_load_state("load")
        # Naming every node that passed would take as long as the checks themselves.
        options = {"runOnly": {"type": "tag", "values": tags}, "resultTypes": ["violations"]}
        found = checker.run(page, options=options)
        return [
            f"{item['id']}: {node['target']} {node['failureSummary']}"
            for item in found.response["violations"]
            for node in item["nodes"]
        ]

    return run
