"""Figures of fairness: on the desk's page and on the portal's, counts that name nobody."""

import re
from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from xiezhi import clock
from xiezhi.inspection import fairness, services
from xiezhi.inspection.models import READ, Draw
from xiezhi.inspection.tests import cases, sending, staff
from xiezhi.people import services as people
from xiezhi.people.models import Officer

ONE = 1_000_000


@pytest.mark.parametrize(
    ("expected", "able", "widest"),
    [
        ({"甲": ONE, "乙": ONE}, {"t": ["甲", "乙"]}, (ONE, ONE)),
        ({"甲": 3, "乙": 5, "丙": 9}, {"t": ["甲", "乙"], "u": ["甲", "乙", "丙"]}, (3, 5)),
        ({"甲": 3, "丙": 9}, {"t": ["甲"], "u": ["丙"]}, (9, 9)),
        ({"甲": 4}, {"t": ["甲", "乙"]}, (0, 4)),
        ({}, {}, (0, 0)),
    ],
)
def test_chances_are_compared_among_those_who_may_go_to_the_same_objects(expected, able, widest):
    assert fairness.widest(expected, able) == widest


def test_the_table_counts_forced_pairs_and_objects_without_officers():
    table = [("t", "甲", ONE), ("t", "乙", ONE), ("u", "甲", ONE // 2)]
    found = fairness.of_table(table, {"t": ["甲", "乙"], "u": ["甲"], "v": []}, {"related": 3})
    assert found == {
        "objects": 3, "nobody": 1, "forced": 2, "officers": 2, "least": ONE * 3 // 2, "most": ONE * 3 // 2,
        "barred related": 3, "barred last time": 0,
    }  # fmt: skip


def page(draw: Draw, client: Client, name: str) -> str:
    return client.get(reverse(name, args=[draw.pk])).content.decode()


def figure(text: str, name: str) -> str:
    found = re.search(rf'<th scope="row">{name}</th><td>([^<]*)</td>', text)
    assert found, name
    return found[1]


@pytest.mark.django_db
def test_both_pages_of_an_officers_draw_show_the_figures_and_no_name():
    rows = sending.officers(5)
    parent = cases.published(plan=[cases.stratum(n=10)])
    with clock.fixed(sending.START):
        for target in cases.targets(40):
            people.declare_relation(
                sending.SETUP, officer=rows[0].id, kind="relative", entity=target.code, valid_from=date(2025, 1, 1)
            )
    row = sending.dispatched(parent)
    with clock.fixed(sending.LATER + sending.HOURS + timedelta(hours=1)):
        services.publish_bundle(cases.LI, row.id, rev=Draw.objects.get(pk=row.id).rev)
    desk = page(row, staff.client(staff.account("赵查阅", READ)), "inspection:draw")
    portal = page(row, Client(), "portal:draw")
    for text in (desk, portal):
        assert figure(text, "任务量之差") == "0（最少 5 个，最多 5 个）"
        assert figure(text, "机会的差距") == "每人预期 5.00 至 5.00 个对象"
        assert figure(text, "无可选择的派遣") == "0 人次"
        assert figure(text, "无可随机") == "0 个对象，共 10 个"
        assert figure(text, "未列入：与对象有关联关系，应当回避") == "10 人次"
    assert not any(officer.name in portal for officer in Officer.objects.all())


@pytest.mark.django_db
def test_with_too_few_officers_the_pages_say_how_many_objects_nobody_goes_to():
    sending.officers(1)
    row = sending.dispatched(cases.published())
    desk = page(row, staff.client(staff.account("赵查阅", READ)), "inspection:draw")
    assert figure(desk, "无可随机") == "5 个对象，共 5 个"
    assert "任务量之差" not in desk


@pytest.mark.django_db
def test_a_draw_of_objects_has_no_such_figures():
    assert fairness.figures(cases.published()) == []
