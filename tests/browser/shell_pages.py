"""Addresses of these tests: the pages under test of ``web``, and a portal page that verifies a bundle."""

import io
import zipfile
from functools import cache

from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path

from xiezhi.core.draw import bundle as bundles
from xiezhi.core.draw.tests import draw_cases
from xiezhi.web.tests.pages_under_test import handler400, handler403, handler404, handler500  # noqa: F401
from xiezhi.web.tests.pages_under_test import urlpatterns as pages

PAGE = """{% extends "web/base_portal.html" %}{% load xz %}
{% block head %}{% front_end "portal/verify.ts" %}{% endblock %}
{% block content %}
<xz-verify data-bundle="/test/{{ kind }}.zip">
<p>下载后运行 verify.py。</p></xz-verify>{% endblock %}"""


@cache
def bundle() -> bytes:
    """A small draw's bundle, not sealed in any log."""
    result = draw_cases.result()
    return bundles.pack(bundles.bundle(result.commitment, result))


def tampered() -> bytes:
    """The same with one byte of the roster changed."""
    source, out = zipfile.ZipFile(io.BytesIO(bundle())), io.BytesIO()
    with zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            data = bytearray(source.read(name))
            if name == "roster.tsv":
                data[0] ^= 1
            target.writestr(name, bytes(data))
    return out.getvalue()


def verify(request: HttpRequest, kind: str) -> HttpResponse:
    html = engines["django"].from_string(PAGE).render({"title": "校验抽取", "kind": kind}, request)
    return HttpResponse(html)


def file(request: HttpRequest, kind: str) -> HttpResponse:
    return HttpResponse(bundle() if kind == "good" else tampered(), content_type="application/zip")


urlpatterns = [path("test/verify/<kind>/", verify), path("test/<kind>.zip", file), *pages]
