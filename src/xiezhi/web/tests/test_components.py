import pytest
from django.template.loader import render_to_string
from django.test import RequestFactory

from xiezhi.web import components

EXAMPLES = [(name, n) for name, contexts in components.examples().items() for n in range(len(contexts))]


@pytest.mark.parametrize(("name", "number"), EXAMPLES)
def test_every_example_renders_without_inline_style_or_script(name, number):
    context = dict(components.examples()[name][number])
    html = render_to_string(f"web/components/{name}.html", context, RequestFactory().get("/"))
    assert "xz-" in html
    for forbidden in ("style=", "<script", "onclick", "hx-on"):
        assert forbidden not in html
