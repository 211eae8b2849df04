"""The console's and the portal's pages of a draw, over HTTP."""

import zipfile
from datetime import timedelta
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from xiezhi import clock
from xiezhi.inspection import gate
from xiezhi.inspection.forms import ShareField
from xiezhi.inspection.models import READ, Draw, DrawExclusion, DrawnTarget
from xiezhi.inspection.tests import cases, staff
from xiezhi.record import sequencer
from xiezhi.record.models import Event

pytestmark = pytest.mark.django_db
START = cases.START
ORGANISE = (READ, gate.PLAN, gate.DRAW, gate.PUBLISH, gate.OPEN_NAMES)


@pytest.fixture
def organiser():
    return staff.client(staff.account("张组织", *ORGANISE))


@pytest.fixture
def witness():
    return staff.client(staff.account("周见证", READ, gate.WITNESS))


@pytest.fixture
def reader():
    return staff.client(staff.account("赵查阅", READ))


def body(response) -> str:
    return response.content.decode() if not response.streaming else b"".join(response.streaming_content).decode()


def at(hours: float):
    return clock.fixed(START + timedelta(hours=hours))


def local(hours: float) -> str:
    return timezone.localtime(START + timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M")


def rev(draw: Draw) -> int:
    draw.refresh_from_db()
    return draw.rev


def page(name: str, draw: Draw, *more) -> str:
    return reverse(f"inspection:{name}", args=[draw.pk, *more])


PLAN = {
    "title": "三月抽查",
    "window_from": "2026-03-04",
    "window_to": "2026-03-14",
    "label": cases.SOURCE,
    "describes": "示例信标第 1 轮",
    "not_before": local(12),
    "encoding": "hex",
    "profile": "dr/1",
    "share_0": "10%",
    "method_0": "equal",
    "reserves_0": "3",
}


def test_two_people_walk_a_draw_from_its_plan_to_the_opened_names(organiser, witness):
    with at(0):
        roster = cases.roster(40)
        line = str(cases.plan_line(roster.item).pk)
        answer = organiser.post(reverse("inspection:new_draw", args=[roster.pk]), PLAN | {"line": line})
    assert answer.status_code == 302, body(answer)
    draw = Draw.objects.get()
    assert draw.draw_id == "示例监抽〔2026〕1号"
    with at(1):
        shown = body(organiser.get(page("draw", draw)))
        assert "还有 11 小时" in shown
        assert organiser.post(page("commit", draw), {"rev": rev(draw)}).status_code == 302
        sequencer.seal_all()
    with at(12.5):
        answer = organiser.post(
            page("enter", draw),
            {"label": cases.SOURCE, "value": cases.VALUE, "published_at": local(12), "rev": rev(draw)},
        )
        assert answer.status_code == 302, body(answer)
        typed = {"label": cases.SOURCE, "value": cases.VALUE, "rev": rev(draw)}
        refused = organiser.post(page("confirm", draw), typed)
        assert refused.status_code == 409
        assert "录入与复核须为两人" in body(refused)
        assert cases.VALUE in body(refused)
        assert witness.post(page("confirm", draw), typed).status_code == 302
    with at(13):
        assert organiser.post(page("run", draw), {"rev": rev(draw)}).status_code == 302
        early = organiser.post(page("publish", draw), {"rev": rev(draw)})
        assert early.status_code == 409
        assert "尚未封存" in body(early)
        sequencer.seal_all()
        assert organiser.post(page("publish", draw), {"rev": rev(draw)}).status_code == 302
        assert organiser.post(page("open", draw), {"rev": rev(draw)}).status_code == 409
    with at(24 * 14):
        assert organiser.post(page("open", draw), {"rev": rev(draw)}).status_code == 302
        sequencer.seal_all()
        assert organiser.post(page("publish", draw), {"rev": rev(draw)}).status_code == 302
    draw.refresh_from_db()
    assert (draw.state, draw.drawn_count, draw.opened_count) == ("opened", 4, 4)
    shown = body(organiser.get(page("draw", draw)))
    assert "周见证" in shown
    assert "示例建设" in shown


def test_an_exclusion_is_entered_and_taken_back(organiser):
    draw = cases.prepared()
    code = cases.targets(1)[0].code
    given = {"code": code, "reason": "FREQ_CAP", "document": "示监函〔2026〕3号", "rev": rev(draw)}
    assert organiser.post(page("exclude", draw), given).status_code == 302
    made = DrawExclusion.objects.get()
    assert "已达年度检查频次上限" in body(organiser.get(page("draw", draw)))
    assert organiser.post(page("readmit", draw, made.pk), {"rev": rev(draw)}).status_code == 302
    assert not DrawExclusion.objects.exists()


def test_a_form_with_a_mistake_keeps_what_was_typed(organiser):
    with at(0):
        roster = cases.roster(40)
        answer = organiser.post(
            reverse("inspection:new_draw", args=[roster.pk]), PLAN | {"share_0": "很多", "title": "保留我"}
        )
    assert answer.status_code == 422
    assert "保留我" in body(answer)
    assert "请填写数量" in body(answer)
    assert not Draw.objects.exists()


@pytest.mark.parametrize(
    ("typed", "taken"),
    [("5", {"n": 5}), ("2.5％", {"ratio": [1, 40]}), ("100%", {"ratio": [1, 1]}), ("1/9", {"ratio": [1, 9]})],
)
def test_a_share_is_a_number_a_percentage_or_a_fraction(typed, taken):
    assert ShareField().clean(typed) == taken


@pytest.mark.parametrize("typed", ["", "-1", "120%", "3/2", "1/0", "1e-99999999", "半", "1/9/2", "５", "0x5"])
def test_any_other_share_is_refused(typed):
    with pytest.raises(ValidationError):
        ShareField().clean(typed)


@pytest.mark.parametrize("moment", ["0001-01-01T00:00", "9999-12-31T23:59"])
def test_a_time_out_of_range_is_said_beside_its_field(organiser, moment):
    with at(0):
        roster = cases.roster(40)
        address = reverse("inspection:new_draw", args=[roster.pk])
        answer = organiser.post(address, PLAN | {"not_before": moment})
    assert answer.status_code == 422
    assert "年份在 2000 与 2199 之间" in body(answer)


def test_a_removed_object_and_its_reserve_are_both_shown_to_everyone(organiser):
    draw = cases.published()
    out = DrawnTarget.objects.filter(draw=draw, standing="drawn").first()
    with at(30):
        given = {"reason": "CLOSED", "document": "示监函〔2026〕9号", "rev": rev(draw)}
        assert organiser.post(page("replace", draw, out.opaque), given).status_code == 302
    shown = body(Client().get(reverse("portal:draw", args=[draw.pk])))
    assert "抽中后移出" in shown
    assert "由备选递补" in shown
    assert "示监函〔2026〕9号" in shown


def test_a_void_draw_stays_on_the_portal_with_its_reason(organiser):
    draw = cases.published()
    with at(30):
        given = {"reason": "程序有误", "explanation": "示例", "document": "示监函〔2026〕1号", "rev": rev(draw)}
        assert organiser.post(page("void", draw), given).status_code == 302
    shown = body(Client().get(reverse("portal:draw", args=[draw.pk])))
    assert "已作废" in shown
    assert "示监函〔2026〕1号" in shown


def test_sealed_names_need_a_purpose_and_the_reading_is_recorded(reader):
    draw = cases.published()
    assert reader.get(page("names", draw)).status_code == 403
    leader = staff.client(staff.account("钱队长", READ, gate.READ_NAMES))
    assert leader.post(page("names", draw), {"purpose": ""}).status_code == 422
    assert not Event.objects.filter(type="record.sensitive_read").exists()
    answer = leader.post(page("names", draw), {"purpose": "安排车辆"})
    assert answer.status_code == 200
    assert "示例建设" in body(answer)
    assert Event.objects.filter(type="record.sensitive_read").count() == 1


def test_a_firm_is_handed_its_own_entry_as_a_file(organiser):
    draw = cases.published()
    given = {"code": cases.targets(1)[0].code, "document": "2026-03-20 申请", "rev": rev(draw)}
    with at(24 * 14):
        assert organiser.get(page("entry", draw)).status_code == 200
        answer = organiser.post(page("entry", draw), given)
    assert answer.json()["root"] == draw.root
    assert "attachment" in answer["Content-Disposition"]


def test_who_may_only_read_gets_no_buttons_and_no_act(reader):
    draw = cases.prepared()
    shown = body(reader.get(page("draw", draw)))
    assert page("commit", draw) not in shown
    assert reader.post(page("commit", draw), {"rev": rev(draw)}).status_code == 403


def test_an_old_page_is_told_that_someone_else_acted(organiser):
    draw = cases.prepared()
    with at(1):
        answer = organiser.post(page("commit", draw), {"rev": rev(draw) + 1})
    assert answer.status_code == 412
    assert organiser.post(page("commit", draw), {"rev": "x"}).status_code == 422


def test_lists_and_setting_up_pages_open(organiser):
    draw = cases.prepared()
    for address in (
        reverse("inspection:draws"),
        reverse("inspection:draws") + "?q=示例&state=prepared",
        reverse("inspection:items"),
        reverse("inspection:new_item"),
        reverse("inspection:rosters"),
        reverse("inspection:new_roster"),
        reverse("inspection:roster", args=[draw.roster_id]),
        reverse("inspection:new_draw", args=[draw.roster_id]),
        page("void", draw),
        page("exclude", draw),
    ):
        assert organiser.get(address).status_code == 200, address


def test_an_item_is_published_on_its_page(organiser):
    given = {
        "agency": cases.AGENCY,
        "code": "ZJ-009",
        "title": "示例",
        "basis": "《建筑法》第七条",
        "field": "permit",
        "target_kind": "entity",
        "valid_from": "2026-01-01",
    }
    assert organiser.post(reverse("inspection:new_item"), given).status_code == 302
    assert "ZJ-009" in body(organiser.get(reverse("inspection:items")))


def test_a_roster_without_targets_says_so(organiser):
    item = cases.item()
    given = {
        "agency": cases.AGENCY,
        "item": item.pk,
        "title": "空",
        "strata": "all",
        "words": "不存在的",
    }
    answer = organiser.post(reverse("inspection:new_roster"), given)
    assert answer.status_code == 422
    assert "没有符合条件的检查对象" in body(answer)


# --- the portal ------------------------------------------------------------------------------------


def test_the_public_sees_a_draw_from_its_commitment_on_and_no_names_before_they_are_opened():
    draw = cases.prepared()
    address = reverse("portal:draw", args=[draw.pk])
    assert Client().get(address).status_code == 404
    draw = cases.published(START + timedelta(days=30))
    shown = body(Client().get(reverse("portal:draw", args=[draw.pk])))
    assert draw.root in shown
    assert "尚未公开" in shown
    assert not [target.name for target in cases.targets(40) if target.name in shown]


def test_between_draw_and_publication_the_public_sees_no_result():
    draw = cases.drawn()
    shown = body(Client().get(reverse("portal:draw", args=[draw.pk])))
    assert "抽取结果" not in shown


def test_the_bundle_is_downloaded_as_published():
    draw = cases.opened()
    made = draw.bundles.first()
    answer = Client().get(reverse("portal:bundle", args=[made.pk]))
    data = b"".join(answer.streaming_content)
    assert answer["ETag"] == f'"{made.sha256}"'
    with zipfile.ZipFile(BytesIO(data)) as archive:
        assert "verify.py" in archive.namelist()


def test_the_portal_finds_draws_by_number_and_by_opened_name():
    draw = cases.opened()
    name = DrawnTarget.objects.filter(draw=draw).exclude(name="").first().name
    for query in ("2026", name, "施工许可"):
        shown = body(Client().get(reverse("portal:draws"), {"q": query}))
        assert draw.draw_id in shown, query
    assert "没有找到" in body(Client().get(reverse("portal:draws"), {"q": "不存在的企业"}))


def test_the_portal_lists_draws_by_pages():
    with at(0):
        roster = cases.roster(10)
    for n in range(32):
        cases.committed(START + timedelta(days=n), roster=roster, seal=False, plan=[cases.stratum(n=1)])
    first = Client().get(reverse("portal:draws"))
    assert "下一页" in body(first)
    following = Client().get(reverse("portal:draws") + first.context["after"])
    assert len(following.context["rows"]) == 2
    answer = Client().get(reverse("portal:verify_bundle"))
    assert answer.status_code == 200
    bound, _, unbound = answer.content.decode().partition("未绑定：")
    assert "roster.tsv 与 rules.json 由 commitment.json 里的根和摘要绑定" in bound
    assert unbound.startswith("manifest.json 的 unbound 列出的文件（verify.py")
    assert "加 8 小时为北京时间" in bound
