"""docs/dr-1-vectors.json is what this implementation computes; the browser's is tested on the same file."""

from pathlib import Path

from xiezhi.core.draw.tests import dr1_vectors

REPOSITORY = Path(__file__).parents[5]


def test_the_published_vectors_are_ours() -> None:
    assert (REPOSITORY / "docs" / "dr-1-vectors.json").read_text("utf-8") == dr1_vectors.text()
