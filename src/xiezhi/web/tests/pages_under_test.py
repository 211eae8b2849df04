"""Pages that only the tests of ``web`` mount: a list, a form with a version, and one view an error."""

from django import forms as django_forms
from django.http import HttpResponse
from django.urls import include, path

from xiezhi.command.urls import handler400, handler403, handler404, handler500  # noqa: F401
from xiezhi.command.urls import urlpatterns as site
from xiezhi.core.errors import Denied, Invalid, NotFound, Refusal, Refused, Stale
from xiezhi.people.models import Agency
from xiezhi.web import forms
from xiezhi.web.lists import Choice, Column, DateRange, Flag, ListPage, Search
from xiezhi.web.pages import FormPage

REFUSAL = Refusal(
    rule_id="xz-test-1",
    article="《行政处罚法》第六十二条",
    message="尚未告知 %(party)s，不能作出决定。",
    remedy="请先向 %(party)s 送达告知书。",
    params={"party": "示例建设〇一有限公司"},
)
ERRORS = {
    "refused": Refused(REFUSAL),
    "denied": Denied("registry.read"),
    "missing": NotFound(),
    "invalid": Invalid({"name": ["名称过长。"]}),
    "stale": Stale(1, 2),
}


class Agencies(ListPage):
    ability = "people.read"
    title = "机构"
    columns = (
        Column("name", "名称", sort="name"),
        Column("short", "简称", sort="short", link=lambda row: f"/console/test/{row.pk}/"),
        Column("dissolved_on", "撤销日期", sort="dissolved_on"),
        Column("demands_totp", "要求动态口令"),
    )
    filters = (
        Search(fields=("name", "short")),
        Choice("kind", "类别", choices=(("agency", "机构"), ("division", "科室"))),
        DateRange("dissolved_on", "撤销日期"),
        Flag("demands_totp", "要求动态口令"),
    )
    order = ("path",)
    page_size = 3

    @classmethod
    def rows(cls, actor, kwargs):
        allowed = actor.paths("people.read")
        return Agency.objects.filter(path__startswith=allowed[0]) if allowed else Agency.objects.none()


class RenameForm(forms.RevForm):
    name = django_forms.CharField(label="名称", max_length=10)


class Rename(FormPage):
    ability = "people.read"
    title = "更名"
    form_class = RenameForm
    calls: list[str] = []

    def row(self):
        return Agency.objects.get(code="tz")

    def initial(self):
        return {"name": self.row().name, "rev": self.row().rev}

    def stored(self):
        return {"name": self.row().name}

    def act(self, data):
        if data["name"] == "拒绝":
            raise Refused(REFUSAL)
        if data["name"] == "重名":
            raise Invalid({"name": ["已有同名机构。"]})
        row = self.row()
        if row.rev != data["rev"]:
            raise Stale(data["rev"], row.rev)
        row.name, row.rev = data["name"], row.rev + 1
        row.save()
        self.calls.append(row.name)
        return row

    def done_url(self, result):
        return "/console/"


def fail(request, kind):
    if kind in ERRORS:
        raise ERRORS[kind]
    raise ZeroDivisionError


urlpatterns = [
    path("console/test/agencies/", Agencies.as_view(), name="test-agencies"),
    path("console/test/rename/", Rename.as_view(), name="test-rename"),
    path("console/test/fail/<kind>/", fail),
    path("api/test/fail/<kind>/", fail),
    path("fail/<kind>/", fail),
    path("ok/", lambda request: HttpResponse("ok")),
    path("", include(site)),
]
