"""The site's addresses: each surface brings its own."""

from django.urls import include, path

from xiezhi.api import log
from xiezhi.api.root import api

urlpatterns = [
    path("", include("xiezhi.web.urls")),
    path("", include("xiezhi.portal.urls")),
    path("console/", include("xiezhi.console.urls")),
    path("console/registry/", include("xiezhi.registry.urls")),
    path("console/documents/", include("xiezhi.documents.urls")),
    path("d/", include("xiezhi.documents.public_urls")),
    path("console/draws/", include("xiezhi.inspection.urls")),
    path("console/disclosure/", include("xiezhi.disclosure.urls")),
    path("", include("xiezhi.disclosure.public_urls")),
    path("accounts/", include("xiezhi.console.people.sign_in_urls")),
    path("api/v1/", api.urls),
    path("log/checkpoint", log.checkpoint, name="log-checkpoint"),
    path("log/keys", log.keys, name="log-keys"),
    path("log/check_event.py", log.checker, name="log-checker"),
    path("log/tile/<path:path>", log.tile, name="log-tile"),
]

handler400 = "xiezhi.web.errors.bad_request"
handler403 = "xiezhi.web.errors.permission_denied"
handler404 = "xiezhi.web.errors.page_not_found"
handler429 = "xiezhi.console.people.lockout.too_many"
handler500 = "xiezhi.web.errors.server_error"
