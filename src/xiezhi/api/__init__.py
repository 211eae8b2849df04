"""The root of /api/v1. Operations of apps below ``web`` live here; the others bring their own ``api.py``."""
