"""The root of /api/v1: sign-in, errors, schema. Operations of apps below ``web`` live here; others bring ``api.py``."""
