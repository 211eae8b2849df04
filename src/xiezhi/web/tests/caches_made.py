"""A cache as a web process makes it from the settings."""

from django.utils.module_loading import import_string


def cache_of(parameters):
    """One process's cache; of two that are made alike, neither sees the other's memory."""
    given = dict(parameters)
    return import_string(given.pop("BACKEND"))(given.pop("LOCATION", ""), given)
