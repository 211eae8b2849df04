"""The same operation from two connections at the same moment acts once; both get the one answer."""

import json
import threading
import uuid
from datetime import timedelta

import pytest
from django.db import connection

from xiezhi import clock
from xiezhi.web.models import ApiKey
from xiezhi.web.tests import signing_in


@pytest.mark.django_db(transaction=True)
def test_two_at_once_act_once():
    account = signing_in.account_with("api.manage_keys", "registry.read")
    clients = [signing_in.browser_of(account) for _n in range(2)]
    operation = str(uuid.uuid4())
    body = json.dumps(
        {
            "name": "示例系统",
            "agency": "/tz/",
            "scopes": ["registry.read"],
            "expires_at": (clock.now() + timedelta(days=30)).isoformat(),
        }
    )
    together, answers = threading.Barrier(2), []

    def send(client):
        try:
            together.wait(10)
            answers.append(
                client.post(
                    "/api/v1/keys",
                    body,
                    content_type="application/json",
                    headers={"Idempotency-Key": operation},
                )
            )
        finally:
            connection.close()

    threads = [threading.Thread(target=send, args=(client,)) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    # The second learns that it is done; the secret is shown once.
    assert sorted(answer.status_code for answer in answers) == [201, 409]
    assert ApiKey.objects.count() == 1
