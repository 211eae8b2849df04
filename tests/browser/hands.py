"""What a test does by hand: it turns the clock, types a moment, answers a question."""

from datetime import UTC, datetime, timedelta

from django.utils import timezone
from playwright.sync_api import Page

START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


class Hands:
    """A clock that the test turns; the server's threads read it too."""

    def __init__(self) -> None:
        self.at = START

    def now(self) -> datetime:
        self.at += timedelta(milliseconds=1)
        return self.at

    def turn(self, **span: float) -> None:
        self.at = START + timedelta(**span)


def local(**span: float) -> str:
    """So long after the start, as a field for date and time takes it."""
    return timezone.localtime(START + timedelta(**span)).strftime("%Y-%m-%dT%H:%M")


def confirm(page: Page, text: str) -> None:
    """Press a button that asks back, and answer yes."""
    page.get_by_role("button", name=text, exact=True).first.click()
    page.get_by_role("dialog").get_by_role("button", name=text, exact=True).click()
    page.wait_for_load_state()
