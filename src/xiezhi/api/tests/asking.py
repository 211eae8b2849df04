"""Asking the API in tests: JSON in, ``If-Match`` and operation id where given."""

import json

from django.test import Client

from xiezhi.web.tests import signing_in

API = "/api/v1"


class Asker:
    """A signed-in program or person; ``get`` and ``post`` answer (status, body)."""

    def __init__(self, account=None, *, secret=""):
        self.client = signing_in.browser_of(account) if account else Client()
        self.headers = {"Authorization": f"Bearer {secret}"} if secret else {}
        self.last = None

    def get(self, path, **query):
        return self._told(self.client.get(f"{API}{path}", query, headers=self.headers))

    def post(self, path, payload=None, *, rev=None, operation="", method="POST"):
        headers = dict(self.headers)
        if rev is not None:
            headers["If-Match"] = f'"{rev}"'
        if operation:
            headers["Idempotency-Key"] = operation
        body = json.dumps(payload or {}, default=str)
        return self._told(self.client.generic(method, f"{API}{path}", body, "application/json", headers=headers))

    def _told(self, response):
        self.last = response
        if response.status_code >= 400:
            assert response["Content-Type"] == "application/problem+json"
        return response.status_code, response.json() if "json" in response["Content-Type"] else response
