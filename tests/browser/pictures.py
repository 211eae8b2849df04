"""Pictures of pages for docs/user-guide.zh.md, made where the environment asks for them: ``make screenshots``."""

import os
from pathlib import Path

from playwright.sync_api import Locator, Page

WIDTH, TALLEST = 1280, 1000  # pixels: the guide shows them at this width; a taller page is cut at its foot


def shot(page: Page, name: str, *, top: Locator | None = None, width: int = WIDTH, height: int = TALLEST) -> None:
    """A picture ``<name>.png`` of the page, from ``top`` (default: the page's top) down to at most ``height``."""
    folder = os.environ.get("XIEZHI_SCREENSHOTS")
    if not folder:
        return
    before = page.viewport_size
    page.set_viewport_size({"width": width, "height": 800})
    page.evaluate("scrollTo(0, 0)")
    whole = page.evaluate("document.documentElement.scrollHeight")
    start = max(0, int(top.bounding_box()["y"]) - 16) if top else 0
    clip = {"x": 0, "y": start, "width": width, "height": min(height, whole - start)}
    page.screenshot(path=Path(folder) / f"{name}.png", full_page=True, clip=clip, animations="disabled")
    if before:
        page.set_viewport_size(before)
