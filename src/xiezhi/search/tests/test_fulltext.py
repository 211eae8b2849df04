"""What is indexed is found: the same on SQLite and on PostgreSQL, by either plan of the latter."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from xiezhi.core.actor import PUBLIC, Ability, Actor, system
from xiezhi.search import fulltext, gin, grams
from xiezhi.search.fulltext import Document
from xiezhi.search.models import Entry

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)
EVERYWHERE = system("test")


def officer(path: str, ability: str = "draw.read") -> Actor:
    return Actor("o1", "officer", path, "321200", frozenset({Ability(ability, path)}))


def document(text: str, *, minutes: int = 0, kind: str = "draw.object", public: bool = True, title: str = "",
             agency: str = "/a/b/", ref: str = "") -> Document:  # fmt: skip
    at = NOON + timedelta(minutes=minutes)
    return Document(kind, ref or str(uuid.uuid4()), title, text, at, agency, public)


def texts(query: str, *, kinds=None, actor=PUBLIC, **more) -> list[str]:
    hits = fulltext.find(query, kinds=kinds or {"draw.object": "draw.read"}, actor=actor, **more)
    return [hit.text for hit in hits]


@pytest.fixture(
    params=["as estimated", "by GIN", "by scan", "by scan and the rest by GIN", "by scan in stretches"]
)
def plan(request, monkeypatch):
    """On PostgreSQL each plan in turn; on SQLite there is one, so its runs are the same."""
    if request.param != "as estimated":
        monkeypatch.setattr(gin, "by_gin", lambda *_: request.param == "by GIN")
    if request.param == "by scan and the rest by GIN":
        monkeypatch.setattr(gin, "BUDGET", 1)
        monkeypatch.setattr(gin, "ROWS_OF_A_SCAN", 0)
    if request.param == "by scan in stretches":
        monkeypatch.setattr(gin, "STRETCH", 1)
        monkeypatch.setattr(gin, "BUDGET", 3)


ROW = "2026年第12号 示例建设〇一有限公司 91321291MA1XYZ789Q 围挡破损，扬尘 GB50720-2011 ＡＢＣ１２３"


@pytest.mark.parametrize(
    "query",
    ["围挡", "围挡破损", "破", "示例建设〇一有限公司", "公司 围挡", "围挡 公司", "2026", "12", "1", "20", "202",
     "91321291ma1xyz789q", "MA1X", "789Q", "50720", "GB", "gb5", "ＧＢ５０７２０", "abc123", "〇", "2026年第12号",
     '"围挡"', "围挡*", "(围挡", "围挡 -", "围挡\x00破", "标题", "标题里的字"],
)  # fmt: skip
def test_words_characters_and_parts_of_codes_are_found(plan, query):
    fulltext.index_many([document(ROW, title="标题里的字"), document("别的东西 9999")])
    assert texts(query) == [ROW]


@pytest.mark.parametrize(
    "query",
    ["挡围", "损扬", "围损", "号示", "026", "6年 2027", "xyz", "A1X", "50721", "不存在", "围挡 不存在", "！！",
     "¦p", "NOT", "NEAR(围挡", "row:围挡", "' OR 1=1 --", "%", "_", "\\", "\x00", "\ud800", "draw.object",
     "/a/b/"],
)  # fmt: skip
def test_what_is_not_there_is_not_found_whatever_it_is_made_of(plan, query):
    fulltext.index_many([document(ROW), document("又一条 围挡")])
    assert ROW not in texts(query)


def test_the_newest_come_first_and_pages_follow_each_other(plan):
    minutes = [3, 1, 4, 15, 9, 2, 6, 5, 35, 8]
    fulltext.index_many([document(f"围挡 第{minute}分", minutes=minute) for minute in minutes])
    expected = [f"围挡 第{minute}分" for minute in sorted(minutes, reverse=True)]
    assert texts("围挡") == expected
    seen, before = [], None
    while hits := fulltext.find("围挡", kinds={"draw.object": ""}, actor=PUBLIC, before=before, limit=3):
        seen += [hit.text for hit in hits]
        before = hits[-1].cursor
    assert seen == expected
    assert texts("", limit=3) == expected[:3]
    assert texts("围挡 35") == expected[:1]


def test_what_comes_in_late_stands_at_its_time(plan):
    fulltext.index_many([document("围挡 新", minutes=10), document("围挡 旧", minutes=5)])
    fulltext.index_many([document("围挡 中", minutes=7)])
    assert texts("围挡") == ["围挡 新", "围挡 中", "围挡 旧"]


def test_a_hit_says_all_that_was_indexed(plan):
    given_ = document("正文\x00带零", title="标题" * 300, minutes=1)
    fulltext.index(given_.kind, given_.ref, given_.title, given_.text, given_.at, given_.agency, given_.public)
    (hit,) = fulltext.find("正文带零", kinds={"draw.object": ""}, actor=PUBLIC)
    assert (hit.kind, hit.ref, hit.text, hit.at) == (given_.kind, given_.ref, "正文带零", given_.at)
    assert (hit.agency, hit.public, hit.title) == ("/a/b/", True, "标题" * 200)


def test_indexed_anew_it_is_found_by_the_new_text_only(plan):
    ref = str(uuid.uuid4())
    fulltext.index_many([document("旧文字", ref=ref), document("陪衬文字")])
    fulltext.index_many([document("新内容", ref=ref, minutes=5)])
    assert texts("旧文字") == []
    assert texts("新内容") == ["新内容"]
    assert texts("") == ["新内容", "陪衬文字"]


def test_indexed_anew_it_keeps_its_place_or_goes_to_its_new_time(plan):
    first, second = document("围挡 甲", minutes=1), document("围挡 乙", minutes=2)
    fulltext.index_many([first, second])
    fulltext.index_many([document("围挡 甲二", minutes=1, ref=first.ref)])
    assert texts("围挡") == ["围挡 乙", "围挡 甲二"]
    fulltext.index_many([document("围挡 甲三", minutes=3, ref=first.ref)])
    assert texts("围挡") == ["围挡 甲三", "围挡 乙"]


def test_the_same_again_writes_nothing(django_assert_num_queries):
    given_ = document("围挡")
    fulltext.index_many([given_])
    before = texts("围挡")
    with django_assert_num_queries(5):  # two savepoints, one look
        fulltext.index_many([given_])
    assert texts("围挡") == before


def test_given_twice_in_one_batch_the_later_stays():
    ref = str(uuid.uuid4())
    fulltext.index_many([document("先", ref=ref), document("后", ref=ref)])
    assert texts("") == ["后"]


def test_removed_it_is_not_found(plan):
    ref = str(uuid.uuid4())
    fulltext.index_many([document("围挡 一", ref=ref), document("围挡 二")])
    fulltext.remove("draw.object", ref)
    fulltext.remove("draw.object", ref)
    assert texts("围挡") == ["围挡 二"]
    fulltext.index_many([document("围挡 三", ref=ref, minutes=1)])
    assert texts("围挡") == ["围挡 三", "围挡 二"]


def test_only_the_kinds_asked_for_are_found(plan):
    fulltext.index_many([document("围挡 甲", kind="draw.object"), document("围挡 乙", kind="notice", minutes=1)])
    assert texts("围挡", kinds={"notice": ""}) == ["围挡 乙"]
    assert texts("围挡", kinds={"notice": "", "draw.object": ""}) == ["围挡 乙", "围挡 甲"]
    assert texts("围挡", kinds={"other": ""}) == []
    assert fulltext.find("围挡", kinds={}, actor=EVERYWHERE) == []


@pytest.mark.parametrize(
    ("actor", "expected"),
    [
        (PUBLIC, ["公开"]),
        (officer("/a/b/"), ["支队的", "公开"]),
        (officer("/a/"), ["邻队的", "支队的", "公开"]),
        (officer("/a/b/c/"), ["公开"]),
        (officer("/x/"), ["公开"]),
        (officer("/a/", ability="case.read"), ["公开"]),
        (EVERYWHERE, ["外市的", "邻队的", "支队的", "公开"]),
    ],
    ids=["public", "own agency", "above it", "below it", "another", "another ability", "system"],
)
def test_what_is_not_public_is_found_only_within_the_actors_subtrees(plan, actor, expected):
    fulltext.index_many(
        [
            document("公开", minutes=0, agency="/z/"),
            document("支队的", minutes=1, agency="/a/b/", public=False),
            document("邻队的", minutes=2, agency="/a/bb/", public=False),
            document("外市的", minutes=3, agency="/aa/", public=False),
        ]
    )
    assert texts("", actor=actor) == expected
    assert texts("的", actor=actor) == [text for text in expected if text != "公开"]


def test_a_kind_without_an_ability_shows_only_what_is_public(plan):
    fulltext.index_many([document("公开"), document("内部", public=False, minutes=1)])
    assert texts("", kinds={"draw.object": ""}, actor=EVERYWHERE) == ["公开"]


def test_many_of_the_same_time_all_have_their_place():
    fulltext.index_many(document(f"第{number}件", ref=str(number)) for number in range(2600))
    assert Entry.objects.count() == 2600
    assert len(texts("件", limit=1000)) == 1000
    ids = Entry.objects.order_by("id").values_list("id", flat=True)
    # 2,600 in 1,024 places a millisecond: each turn looks twice as far as the last.
    assert (ids.last() - ids.first()) / fulltext.SLOTS < 200


def test_a_rolled_back_act_leaves_nothing_to_find(plan):
    with transaction.atomic():
        fulltext.index_many([document("围挡")])
        transaction.set_rollback(True)
    assert texts("围挡") == []


def test_rebuilt_it_answers_as_before(plan):
    fulltext.index_many([document(ROW), document("围挡", minutes=1, public=False)])
    before = [texts(query, actor=EVERYWHERE) for query in ("围挡", "挡", "789q", "")]
    assert fulltext.rebuild() == 2
    assert [texts(query, actor=EVERYWHERE) for query in ("围挡", "挡", "789q", "")] == before


def test_an_emptied_table_leaves_no_rows_in_the_engine():
    fulltext.index_many([document("围挡"), document("围挡")])
    Entry.objects.all().delete()
    table = "search_term" if connection.vendor == "postgresql" else "search_fts"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        assert cursor.fetchone() == (0,)


@pytest.mark.parametrize("limit", [0, -1, 1001])
def test_a_limit_out_of_bounds_is_a_mistake_of_the_caller(limit):
    with pytest.raises(ValueError, match="limit"):
        texts("围挡", limit=limit)


def holds(query: str, text: str) -> bool:
    """The meaning of a question, said once more without any terms."""
    runs = grams.runs(text)
    return all(
        any(run.startswith(part) if part.isascii() and len(part) < 4 else part in run for run in runs)
        for part in grams.asked(query)
    )


WORDS = st.text(alphabet="围挡破损建12ab ，", max_size=9)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(corpus=st.lists(WORDS, max_size=12), query=WORDS)
def test_what_is_found_is_what_the_meaning_says(plan, corpus, query):
    with transaction.atomic():
        fulltext.index_many([document(text, minutes=minute) for minute, text in enumerate(corpus)])
        blank = query.strip() and not grams.asked(query)
        expected = [] if blank else [text for text in reversed(corpus) if holds(query, text)]
        found = texts(query)
        transaction.set_rollback(True)
    assert found == expected


def test_twenty_thousand_documents_of_one_moment_find_their_places_near_it():
    moment = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
    for batch in range(20):
        entries = [
            Entry(kind="draw", ref=f"{batch}-{nth}", at=moment, agency="/a/", public=True) for nth in range(1000)
        ]
        ids = fulltext._free_ids(entries)
        for entry, id_ in zip(entries, ids, strict=True):
            entry.pk = id_
        Entry.objects.bulk_create(entries)
    span = Entry.objects.order_by("pk").values_list("pk", flat=True)
    assert span.count() == 20_000
    assert (span.last() - span.first()) / fulltext.SLOTS < 500


@pytest.mark.django_db(transaction=True)
def test_writers_at_the_same_millisecond_do_not_fail_each_other():
    def work(number: int) -> None:
        try:
            for nth in range(5):
                fulltext.index_many(
                    [document(f"围挡{number}次{nth}", ref="same"), document(f"围挡{number}另{nth}")]
                )
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(work, range(4))) == [None] * 4
    assert Entry.objects.count() == 21
    assert len(texts("围挡")) == 21


def test_the_cheaper_plan_is_chosen_by_how_rare_the_rarest_term_is():
    million = gin.Statistics(1_000_000, {1: 0.6, 2: 0.01, 3: 0.0001}, 0.00005)

    def chosen(*terms: int) -> bool:
        return gin.by_gin(million.rarest(terms), million.rows, 50)

    assert not chosen(1)
    assert not chosen(1, 2)
    assert chosen(1, 3)
    assert chosen(9)
    assert million.any_of([1, 2]) == pytest.approx(0.61)
    assert million.any_of([1, 1]) == 1.0
    assert not gin.by_gin(1.0, 0, 50)  # nothing is known yet
