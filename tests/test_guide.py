"""The user guide and its pictures belong together: none is missing, none is left over, none is heavy."""

import re
from pathlib import Path

import pytest

DOCS = Path(__file__).resolve().parents[1] / "docs"
GUIDE = (DOCS / "user-guide.zh.md").read_text(encoding="utf-8")
SHOWN = re.findall(r"images/([\w-]+\.png)", GUIDE)
HEADINGS = re.findall(r"^#+ (.+)$", GUIDE, re.MULTILINE)


def test_every_picture_is_shown_once_and_every_shown_picture_is_there():
    assert sorted(SHOWN) == sorted(path.name for path in (DOCS / "images").glob("*.png"))


@pytest.mark.parametrize("name", sorted(set(SHOWN)))
def test_a_picture_is_light_and_has_words_for_those_who_do_not_see_it(name):
    assert (DOCS / "images" / name).stat().st_size <= 150 * 1024
    assert re.search(rf'!\[[^\]]{{4,}}\]\(images/{name}\)|images/{name}" alt="[^"]{{4,}}"', GUIDE)


@pytest.mark.parametrize("name", sorted(set(SHOWN)))
def test_a_picture_is_made_by_a_browser_test(name):
    tests = "".join(path.read_text(encoding="utf-8") for path in (DOCS.parent / "tests/browser").glob("test_*.py"))
    assert f'"{name.removesuffix(".png")}"' in tests


def test_links_within_the_guide_and_to_its_neighbours_lead_somewhere():
    anchors = {re.sub(r"[^\w-]", "", heading.replace(" ", "-")) for heading in HEADINGS}
    for target in re.findall(r"\]\(([^)]+)\)", GUIDE):
        assert target.removeprefix("#") in anchors if target.startswith("#") else (DOCS / target).is_file(), target
