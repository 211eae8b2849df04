"""``rev`` over HTTP."""

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from xiezhi.core.errors import Invalid
from xiezhi.web import concurrency, problems


def request(given=None):
    headers = {} if given is None else {"If-Match": given}
    return RequestFactory().put("/api/v1/x", headers=headers)


def test_the_version_goes_out_and_comes_back():
    response = HttpResponse()
    concurrency.set_etag(response, 7)
    assert concurrency.rev_of(request(response["ETag"])) == 7
    assert concurrency.rev_of(request('W/"7"')) == 7


def test_a_write_without_version_is_asked_for_one():
    with pytest.raises(concurrency.RevRequired) as caught:
        concurrency.rev_of(request())
    assert problems.of(caught.value).status == 428


@pytest.mark.parametrize("given", ["*", "7", '"x"', '"-1"', '"1", "2"', '"' + "9" * 30 + '"'])
def test_what_is_no_version_of_ours_is_refused(given):
    with pytest.raises(Invalid):
        concurrency.rev_of(request(given))
