"""Every address and every operation, walked by everyone, against the table that people have read."""

import re

import pytest
from tests.walk import addresses, table
from tests.walk.addresses import API, Stop
from tests.walk.going import Walk

STOPS = addresses.stops()
EXPECTED = table.read() if table.PATH.exists() else {}
TURNED_AWAY = {"302 sign-in", "401", "403", "404", "405"}
OUR_CSP = re.compile(r"unsafe-|\*")
STRANGERS = ("anonymous", "no_role", "neighbour", "neighbour_all")
# The tree of bodies, published letters, roles, the law, lists of items and the national forms are reference here.
PUBLISHED = {"agency", "letter", "role", "law item", "confirmation", "notice", "template national", "item"}
ON_THE_PORTAL = {
    "draw committed",
    "draw with source",
    "draw with confirmed source",
    "draw drawn",
    "draw published",
    "object drawn",
    "bundle",
    # What the proof of a signature names: opaque ids.
    "document sealed",
    "publication signed",
}
HEADERS = (
    "Content-Security-Policy",
    "X-Content-Type-Options",
    "Referrer-Policy",
    "Permissions-Policy",
    "X-Frame-Options",
    "X-Request-ID",
)


PUBLIC_API = {f"{API}/", f"{API}/openapi.json", f"{API}/people/agencies"}


def public(stop: Stop) -> bool:
    """Is this an operation of the API that needs no sign-in?"""
    return stop.address in PUBLIC_API or stop.address.startswith(
        (f"{API}/draws/public", f"{API}/disclosure/public")
    )


def named(stop: Stop) -> str:
    return f"{stop.method} {stop.address} {stop.things}".strip()


def test_the_table_has_a_row_for_every_address_and_no_other_row():
    missing = sorted(set(STOPS) - set(EXPECTED))
    stale = sorted(set(EXPECTED) - set(STOPS))
    remedy = "run `python -m tests.walk.write`, then read the difference row by row"
    assert not missing, f"{[named(s) for s in missing]} have no row: {remedy}"
    assert not stale, f"{[named(s) for s in stale]} are no longer there: {remedy}"


def test_every_address_of_the_api_is_an_operation_of_the_schema():
    described = {re.sub(r"\{\w+\}", "{}", s.address) for s in STOPS if s.address.startswith(f"{API}/")}
    served = {re.sub(r"<[^>]+>", "{}", address) for address, _ in addresses.routes() if address.startswith(API)}
    assert served == described


def test_every_parameter_names_an_object():
    assert [named(stop) for stop in STOPS if "unknown " in stop.things] == []


@pytest.mark.django_db
@pytest.mark.parametrize("stop", STOPS, ids=named)
def test_everyone_gets_what_the_table_says(walk: Walk, stop: Stop):
    found = walk.at(stop)
    assert {column: answer.word for column, answer in found.items()} == EXPECTED.get(stop)
    for column, answer in found.items():
        assert answer.response.status_code < 500, column
        if answer.word in TURNED_AWAY or stop.method == "GET":
            assert answer.events == 0, f"{column} was turned away, and yet something was written"
        check_headers(answer.response)
    for column in STRANGERS:
        seen = [name for name in secrets(walk, stop) if walk.house.things[name] in found[column].text]
        assert not seen, f"{column} reads of {seen}"


def secrets(walk: Walk, stop: Stop) -> list[str]:
    """What strangers must not find on a page: all that is ours, but for what the law or the portal shows."""
    inside = stop.address.startswith(("/console/", API)) and not public(stop)
    known = PUBLISHED if inside else PUBLISHED | ON_THE_PORTAL
    # An address that names an object may be repeated in the answer.
    asked = set(stop.things.split(" / "))
    return sorted(set(walk.house.things) - known - asked)


def check_headers(response) -> None:
    assert [name for name in HEADERS if name not in response] == []
    assert not OUR_CSP.search(response["Content-Security-Policy"])
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"
    if response.status_code >= 400 and response.wsgi_request.path.startswith(API):
        assert response["Content-Type"] == "application/problem+json"


def test_the_table_turns_away_whoever_is_not_signed_in():
    """Only public pages answer the public; the API says 401, the console shows the way to the sign-in."""
    for stop, row in EXPECTED.items():
        if stop.address.startswith("/console/"):
            assert row["anonymous"] == "302 sign-in", named(stop)
        elif stop.address.startswith(f"{API}/") and not public(stop):
            assert row["anonymous"] == "401", named(stop)


def test_the_table_keeps_the_neighbours_out_of_what_is_ours():
    """Whatever roles one holds next door: our objects are not there for him, or not his to touch."""
    for stop, row in EXPECTED.items():
        ours = {name for name in stop.things.split(" / ") if name and not name.startswith("text:")} - PUBLISHED
        touched = stop.method != "GET" and stop.things in {"agency", "letter", "role"}
        inside = stop.address.startswith(("/console/", f"{API}/")) and not public(stop)
        if inside and (ours or touched):
            got = {row["neighbour"], row["neighbour_all"], row["no_role"]}
            assert got <= {"403", "404", "405"}, named(stop)
