"""The law on screen: the jurist's list, confirming and correcting, the calculator, next year's calendar."""

import json
import re
from datetime import date
from functools import partial
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from xiezhi.core.actor import system
from xiezhi.lawbase import queries, services
from xiezhi.lawbase.models import Confirmation, Kind, LawItem
from xiezhi.lawbase.tests.acts_scenarios import CITED, NOTICE

LAW = "/console/law/"
JURIST = ("lawbase.read", "lawbase.confirm")
MANAGER = ("lawbase.read", "lawbase.manage")
FORM = {k: str(v) for k, v in CITED.items()}


@pytest.fixture
def sign_in(sign_in):
    """Whoever writes the law of the whole installation holds his abilities over all of it."""
    return partial(sign_in, over="/")


@pytest.fixture(autouse=True)
def _loaded(db):
    services.load_release(system("test"))


def item(code, kind=Kind.DEADLINE):
    return LawItem.objects.current().get(kind=kind, code=code)


def page(response, status=200):
    assert response.status_code == status, response.content.decode()[-2000:]
    return unescape(response.content.decode())


def upload(row=NOTICE):
    return {"file": SimpleUploadedFile("2027.json", json.dumps(row).encode()), "year": "2027"}


def test_the_jurist_sees_everything_that_is_unverified_and_nothing_else(sign_in):
    jurist = sign_in(*JURIST)
    text = page(jurist.get(f"{LAW}pending/?kind=deadline"))
    assert "违法行为线索核查、决定是否立案" in text
    assert "查封、扣押期限" not in text
    assert "共 9 条" not in text, "nine rules are from memory, and more have parts that are"
    assert f"共 {queries.pending_confirmation(jurist.actor).filter(kind='deadline').count()} 条" in text
    assert str(queries.pending_confirmation(jurist.actor).count()) in page(jurist.get("/console/"))


def test_a_row_says_what_is_unverified_in_it_and_what_may_be_done(sign_in):
    text = page(sign_in(*JURIST).get(f"{LAW}items/{item('decision').pk}/"))
    assert "待核之处" in text
    assert "延长" in text
    assert "与原文一致，核定" in text
    assert "更正</a>" not in text


def test_confirming_shows_who_when_and_on_which_text_and_can_be_taken_back(sign_in):
    jurist, row = sign_in(*JURIST), item("clue_check")
    response = jurist.post(f"{LAW}items/{row.pk}/confirm/", FORM, follow=True)
    text = page(response)
    assert "已核定" in text
    assert CITED["citation"] in text
    assert CITED["source_text"] in text
    assert "与原文一致，核定" not in text
    confirmation = Confirmation.objects.get()
    text = page(jurist.post(f"{LAW}confirmations/{confirmation.pk}/withdraw/", {"reason": "旧文本"}, follow=True))
    assert "撤回：旧文本" in text
    assert "与原文一致，核定" in text


def test_a_confirmation_without_its_text_keeps_what_was_typed(sign_in):
    jurist, row = sign_in(*JURIST), item("clue_check")
    text = page(jurist.post(f"{LAW}items/{row.pk}/confirm/", {**FORM, "source_text": ""}), 422)
    assert CITED["citation"] in text
    text = page(jurist.post(f"{LAW}items/{row.pk}/confirm/", {**FORM, "citation": "www.example.cn"}), 422)
    assert "不写网址" in text
    assert not Confirmation.objects.exists()


def test_a_reader_confirms_and_corrects_nothing(sign_in):
    reader, row = sign_in("lawbase.read"), item("clue_check")
    for part in ("confirm", "correct"):
        assert reader.get(f"{LAW}items/{row.pk}/{part}/").status_code == 403
        assert reader.post(f"{LAW}items/{row.pk}/{part}/", FORM).status_code == 403
    assert reader.get(f"{LAW}calendar/load/").status_code == 403
    assert sign_in(name="other").get(f"{LAW}items/{row.pk}/").status_code == 403


def test_a_correction_is_a_new_version_that_is_unverified(sign_in):
    manager, row = sign_in(*MANAGER), item("clue_check")
    form = page(manager.get(f"{LAW}items/{row.pk}/correct/"))
    rest = re.search(r'<textarea name="rest"[^>]*>(.*?)</textarea>', form, re.DOTALL)[1]
    sent = {
        "length": "20",
        "legal_basis": "住建部令第55号第十七条",
        "consequence": "",
        "note": "",
        "rest": rest,
        "valid_from": "2026-06-01",
        "reason": "与原文核对",
    }
    text = page(manager.post(f"{LAW}items/{row.pk}/correct/", sent, follow=True))
    assert "已保存为新版本" in text
    new = item("clue_check")
    assert (new.version, new.payload["length"], new.doubtful) == (2, 20, True)
    assert page(manager.post(f"{LAW}items/{row.pk}/correct/", sent), 412)
    text = page(manager.post(f"{LAW}items/{new.pk}/correct/", {**sent, "rest": "{"}), 422)
    assert "JSON" in text


def test_a_city_sets_its_own_figure(sign_in):
    manager, row = sign_in(*MANAGER), item("hearing.large_fine_organisation", Kind.FIGURE)
    sent = {"scope": "3212", "value": "50000", "article": "示例市规定第三条", "reason": "本市规定"}
    sent["valid_from"] = "2026-01-01"
    page(manager.post(f"{LAW}items/{row.pk}/own/", sent, follow=True))
    found = queries.figure("hearing.large_fine_organisation", date(2026, 6, 1), queries.Place("321202"))
    assert (found.value, found.mark) == (50000, "待核")


def test_a_subtrees_jurist_writes_no_law_for_others_but_his_own_agencys_figures(sign_in):
    local = sign_in(*JURIST, *MANAGER, over="/a/")
    row, figure = item("clue_check"), item("hearing.large_fine_organisation", Kind.FIGURE)
    for part in ("confirm", "correct"):
        for ask in (local.get, local.post):
            text = page(ask(f"{LAW}items/{row.pk}/{part}/", headers={"Accept": "text/html"}), 409)
            assert "全部机构" in text
            assert "另设数值" in text
    assert page(local.get(f"{LAW}calendar/load/"), 409)
    assert "与原文一致，核定" not in page(local.get(f"{LAW}items/{row.pk}/"))
    sent = {
        "scope": "3212",
        "value": "50000",
        "article": "示例县规定",
        "reason": "本机关",
        "valid_from": "2026-01-01",
    }
    assert "全部机构" in page(local.post(f"{LAW}items/{figure.pk}/own/", sent), 409)
    page(local.post(f"{LAW}items/{figure.pk}/own/", {**sent, "scope": "/a/"}, follow=True))
    own = LawItem.objects.get(scope="/a/")
    assert "由您录入，不能由您自己核定" in page(local.post(f"{LAW}items/{own.pk}/confirm/", FORM), 409)
    another = sign_in(*JURIST, name="another", over="/a/")
    assert "已核定" in page(another.post(f"{LAW}items/{own.pk}/confirm/", FORM, follow=True))


@pytest.mark.parametrize(
    ("query", "status", "said"),
    [
        ("rule=service_decision&start=2026-09-24", 200, "：2026-10-12"),
        ("rule=clue_check&start=2026-03-02", 200, "待核"),
        ("rule=service_decision&start=2027-03-02", 200, "预估"),
        ("rule=decision&start=2026-01-05&exclude=2026-01-10..2026-01-20", 200, "扣除2026-01-10至2026-01-20"),
        ("rule=urgent_measure_report&start=2026-03-02", 422, "请填写起算时刻"),
        ("rule=urgent_measure_report&start=2026-03-02&time=09:30", 200, "2026-03-03 09:30"),
        ("rule=decision&start=2026-01-05&exclude=x", 422, "第 1 行应为"),
        ("rule=decision&start=2026-01-05&extensions=9", 422, "延长次数超过规定"),
        ("rule=decision&start=9999-12-01", 422, "超出可以计算的范围"),
        ("rule=nothing&start=2026-01-05", 422, "有内容需要改正"),
        ("", 200, "计算"),
    ],
)
def test_the_calculator_explains_a_date(sign_in, query, status, said):
    assert said in page(sign_in("lawbase.read").get(f"{LAW}deadlines/calculator/?{query}"), status)


def test_the_table_of_limits_and_all_items_are_lists(sign_in):
    reader = sign_in("lawbase.read")
    assert "查封、扣押期限" in page(reader.get(f"{LAW}deadlines/?q=查封"))
    text = page(reader.get(f"{LAW}?kind=violation&state=doubtful"))
    assert "共 20 条" in text
    assert page(reader.get(f"{LAW}?kind=deadline&state=confirmed"))
    assert reader.get(f"{LAW}?kind=figure&export=csv").status_code == 200


def test_the_year_shows_days_off_and_days_worked_in_words(sign_in):
    reader = sign_in("lawbase.read")
    text = page(reader.get(f"{LAW}calendar/?year=2026"))
    assert "国办发明电〔2025〕7号" in text
    assert re.search(r'xz-day--worked">14<span class="xz-day__word">班', text)
    assert re.search(r'xz-day--off">17<span class="xz-day__word">休', text)
    assert "预估" not in text
    assert "预估" in page(reader.get(f"{LAW}calendar/?year=2031"))
    for odd in ("", "0", "abc", "99999", "２０２６"):
        page(reader.get(f"{LAW}calendar/", {"year": odd}))


def test_a_notice_is_shown_before_it_is_loaded_then_loaded_then_withdrawn(sign_in):
    manager = sign_in(*MANAGER)
    text = page(manager.post(f"{LAW}calendar/load/", upload()))
    assert "将要变化的日期" in text
    assert "2027-02-20" in text
    assert not LawItem.objects.filter(code="2027-1").exists()
    row = re.search(
        r'name="row" value="([^"]*)"', manager.post(f"{LAW}calendar/load/", upload()).content.decode()
    )[1]
    text = page(manager.post(f"{LAW}calendar/load/", {"row": unescape(row)}, follow=True))
    assert "已载入" in text
    assert "2027 年共" in text
    assert item("2027-1", Kind.NOTICE).doubtful
    notice = item("2027-1", Kind.NOTICE)
    text = page(manager.post(f"{LAW}calendar/notices/{notice.pk}/withdraw/", {"reason": "误"}, follow=True))
    assert "已撤销" in text
    assert manager.get(f"{LAW}calendar/notices/{notice.pk}/withdraw/").status_code == 404


@pytest.mark.parametrize(
    "row", ["", "[]", "{", '{"year": 2027}', json.dumps({**NOTICE, "workdays": ["2027-02-23"]})]
)
def test_a_second_step_that_was_tampered_with_loads_nothing(sign_in, row):
    page(sign_in(*MANAGER).post(f"{LAW}calendar/load/", {"row": row}), 422)
    assert not LawItem.objects.filter(code__startswith="2027").exists()


def test_a_file_that_is_no_notice_says_what_to_mend(sign_in):
    sent = {"file": SimpleUploadedFile("x.csv", "2027-13-01,休".encode()), "year": "2027"}
    assert "第 1 行" in page(sign_in(*MANAGER).post(f"{LAW}calendar/load/", sent), 422)
