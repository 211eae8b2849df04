"""The built front end (``frontend/``, Vite). Pages work without it, plainly, and say how to build it."""

from django.utils.safestring import SafeString
from django_vite.core.asset_loader import DjangoViteAssetLoader
from django_vite.core.exceptions import DjangoViteAssetNotFoundError, DjangoViteManifestError


def built() -> bool:
    """Is there a manifest that can be read?"""
    return bool(tags("desk/main.ts"))


def tags(entry: str) -> SafeString:
    """``<link>`` and ``<script type=module>`` of an entry, e.g. ``"desk/main.ts"``; empty when not built."""
    try:
        # The loader escapes what it puts into the tags.
        return SafeString(DjangoViteAssetLoader.instance().generate_vite_asset(entry))
    except (DjangoViteAssetNotFoundError, DjangoViteManifestError):
        return SafeString("")
