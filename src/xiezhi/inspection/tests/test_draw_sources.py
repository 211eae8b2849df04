"""A public source serves one draw of an agency: nobody draws twice and keeps what pleases."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from xiezhi import clock
from xiezhi.core.errors import Refused
from xiezhi.inspection import rivals, services
from xiezhi.inspection.models import Draw, SourceValue
from xiezhi.inspection.tests import cases
from xiezhi.inspection.tests.strangers import refused
from xiezhi.record import sequencer

START, OUT = cases.START, cases.OUT
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
ANNOUNCED, SHOWN = "xz-draw-new-source", "xz-draw-new-value"
GROUND = {"reason": "程序有误", "explanation": "示例", "document": "示监函〔2026〕1号"}


def source(label="双色球第1期", since=OUT, value="", until=None):
    return rivals.Source("抽〔2026〕1号", label, since, until or since, value)


# --- what is the same ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mine", "same"),
    [
        (source(since=OUT + DAY), True),
        (source("双色球 第１期。", OUT + DAY), True),
        (source("双色球-第1期", OUT + DAY), True),
        (source("福彩双色球第001期"), True),
        (source("双色球第2期", OUT + DAY), False),
        (source("双色球第1期1", OUT + MINUTE), False),
    ],
)
def test_a_source_is_announced_twice_by_its_label_or_its_moment(mine, same):
    assert mine.announces(source()) is same
    assert source().announces(mine) is same


@pytest.mark.parametrize(
    ("mine", "same"),
    [
        (source("甲", value="01 02 03"), True),
        (source("甲", value="０１，02、03"), True),
        (source("甲", OUT + 30 * DAY, "010203"), True),
        (source("甲", OUT - 40 * DAY, "010203", until=OUT), True),
        (source("甲", OUT + 31 * DAY, "010203"), False),
        (source("甲", value="010204"), False),
        (source("甲"), False),
    ],
)
def test_a_value_comes_again_within_thirty_days_in_whatever_writing(mine, same):
    assert mine.shows(source(value="01-02-03")) is same
    assert source(value="01-02-03").shows(mine) is same


def test_two_sources_without_a_value_show_nothing():
    assert not source().shows(source())


@given(st.text(), st.text(alphabet=" \t　-—·,，.。()（）“”"), st.integers(0, 50))
def test_width_case_blanks_and_punctuation_make_no_new_label(text, blanks, place):
    assert rivals.squeezed(text[:place] + blanks + text[place:]) == rivals.squeezed(text)
    assert rivals.squeezed("Ａｂ９" + text) == rivals.squeezed("aB9" + text)
    assert rivals.squeezed(rivals.squeezed(text)) == rivals.squeezed(text)


# --- at each step ----------------------------------------------------------------------------------


def later(name: str = "另一信标", *, minutes: int = 1):
    return [cases.source(OUT + minutes * MINUTE, label=name)]


@pytest.mark.django_db
@pytest.mark.parametrize("sources", [later(cases.SOURCE), later(f"（{cases.SOURCE}）"), later(minutes=0)])
def test_a_second_draw_may_not_announce_the_source_of_the_first(sources):
    first = cases.committed()
    with pytest.raises(Refused) as caught:
        cases.prepared(START + 2 * MINUTE, sources=sources)
    refusal = caught.value.refusal
    assert refusal.rule_id == ANNOUNCED
    assert first.draw_id in str(caught.value)
    assert "dr/1" in refusal.article
    assert "另选以后一期" in refusal.remedy


@pytest.mark.django_db
def test_neither_the_next_version_of_the_item_nor_another_code_frees_the_source():
    first = cases.prepared()
    with clock.fixed(START):
        listed = cases.roster(40, item=cases.item(valid_from=date(2026, 2, 1)))
        item = services.publish_item(
            cases.LI, code="ZJ-002", title="示例", basis="《建筑法》第七条", target_kind="entity",
            valid_from=date(2026, 1, 1), agency=cases.AGENCY, district=cases.DISTRICT,
        )  # fmt: skip
        other = cases.roster(40, item=item)
    assert listed.item_id != first.roster.item_id
    assert refused(cases.prepared, roster=listed) == ANNOUNCED
    assert refused(cases.prepared, roster=other) == ANNOUNCED


@pytest.mark.django_db
def test_a_draw_voided_before_its_commitment_gives_its_source_back_and_one_voided_after_does_not():
    draw = cases.prepared()
    services.void_draw(cases.LI, draw.id, rev=draw.rev, **GROUND)
    draw = cases.committed(roster=draw.roster)
    with clock.fixed(START + timedelta(hours=2)):
        services.void_draw(cases.LI, draw.id, rev=draw.rev, **GROUND)
    assert refused(cases.prepared, roster=draw.roster) == ANNOUNCED


def announced_alike(step) -> tuple[Draw, Draw]:
    """A draw at its step whose source a second one announces too, as only data from before the rule can."""
    draw = step()
    second = cases.prepared(START + MINUTE, roster=draw.roster, sources=later())
    Draw.objects.filter(pk=second.pk).update(sources=draw.sources)
    return draw, second


@pytest.mark.django_db
def test_the_commitment_the_value_and_the_draw_ask_again():
    draw, second = announced_alike(cases.prepared)
    with clock.fixed(START + timedelta(hours=1)):
        assert refused(services.commit_draw, cases.LI, draw.id, rev=draw.rev) == ANNOUNCED
        services.void_draw(cases.LI, second.id, rev=second.rev, **GROUND)
        draw = services.commit_draw(cases.LI, draw.id, rev=draw.rev)
        sequencer.seal_all()
    Draw.objects.filter(pk=second.pk).update(state="prepared")
    typed = {"label": cases.SOURCE, "value": cases.VALUE}
    with clock.fixed(START + timedelta(hours=13)):
        given = {**typed, "published_at": OUT, "rev": draw.rev}
        assert refused(services.enter_source, cases.LI, draw.id, **given) == ANNOUNCED
        Draw.objects.filter(pk=second.pk).update(state="void")
        draw = services.enter_source(cases.LI, draw.id, **given)
        draw = services.confirm_source(cases.WITNESS, draw.id, **typed, rev=draw.rev)
        Draw.objects.filter(pk=second.pk).update(state="prepared")
        assert refused(services.run_draw, cases.WANG, draw.id, rev=draw.rev) == ANNOUNCED


@pytest.mark.django_db
def test_one_issue_by_two_names_is_found_by_its_value():
    first = cases.committed()
    second = cases.prepared(START + MINUTE, roster=first.roster, sources=later())
    with clock.fixed(START + timedelta(hours=2)):
        second = services.commit_draw(cases.LI, second.id, rev=second.rev)
        sequencer.seal_all()
    with clock.fixed(START + timedelta(hours=13)):
        given = {"value": cases.VALUE, "published_at": OUT + MINUTE}
        first = services.enter_source(cases.LI, first.id, label=cases.SOURCE, rev=first.rev, **given)
        named = {"label": "另一信标", **given, "rev": second.rev}
        assert refused(services.enter_source, cases.LI, second.id, **named) == SHOWN
        services.enter_source(cases.LI, second.id, **named | {"value": "ff00"})
        first = services.confirm_source(
            cases.WITNESS, first.id, label=cases.SOURCE, value=cases.VALUE, rev=first.rev
        )
        SourceValue.objects.filter(draw=second).update(value=cases.VALUE)
        assert refused(services.run_draw, cases.WANG, first.id, rev=first.rev) == SHOWN


# --- in turn ---------------------------------------------------------------------------------------

LABELS = ("福彩双色球第2026025期", "双色球二〇二六年第二十五期")


def two_of_one_issue() -> list[Draw]:
    """Two committed draws of one issue by two names, a minute apart: no comparison of texts finds that."""
    first = cases.prepared(sources=[cases.source(OUT, label=LABELS[0])])
    second = cases.prepared(START + MINUTE, roster=first.roster, sources=later(LABELS[1]))
    with clock.fixed(START + timedelta(hours=2)):
        draws = [services.commit_draw(cases.LI, draw.id, rev=draw.rev) for draw in (first, second)]
        sequencer.seal_all()
    return draws


def entry(draw: Draw, value: str = cases.VALUE) -> dict:
    return {
        "label": draw.sources[0]["label"], "value": value, "published_at": OUT + 2 * MINUTE, "rev": draw.rev
    }  # fmt: skip


@pytest.mark.django_db
def test_the_draw_that_displeases_is_not_passed_over():
    first, second = two_of_one_issue()
    with clock.fixed(OUT + timedelta(hours=1)):
        with pytest.raises(Refused) as caught:
            services.enter_source(cases.LI, second.id, **entry(second))
        assert caught.value.refusal.rule_id == "xz-draw-in-turn"
        assert first.draw_id in str(caught.value)
        assert refused(services.void_draw, cases.LI, first.id, rev=first.rev, **GROUND) == "xz-draw-void-value"
        services.enter_source(cases.LI, first.id, **entry(first))
        assert refused(services.enter_source, cases.LI, second.id, **entry(second)) == SHOWN


@pytest.mark.django_db
@pytest.mark.parametrize("reason", ["随机源未公布", "随机源不能采用"])
def test_a_source_that_did_not_appear_or_can_t_be_used_ends_its_draw_and_the_next_goes_on(reason):
    first, second = two_of_one_issue()
    with clock.fixed(OUT + timedelta(hours=1)):
        first = services.void_draw(cases.LI, first.id, rev=first.rev, **GROUND | {"reason": reason})
        assert first.void_reason == reason
        assert services.enter_source(cases.LI, second.id, **entry(second)).state == "entered"


@pytest.mark.django_db
def test_a_value_entered_or_a_time_not_come_frees_the_void():
    first, second = two_of_one_issue()
    with clock.fixed(OUT - MINUTE):
        assert services.void_draw(cases.LI, second.id, rev=second.rev, **GROUND).state == "void"
    with clock.fixed(OUT + timedelta(hours=1)):
        first = services.enter_source(cases.LI, first.id, **entry(first))
        assert services.void_draw(cases.LI, first.id, rev=first.rev, **GROUND).state == "void"


@pytest.mark.django_db
def test_no_draw_runs_before_the_value_of_one_announced_before_it():
    first, second = two_of_one_issue()
    with clock.fixed(OUT + timedelta(hours=1)):
        first = services.enter_source(cases.LI, first.id, **entry(first))
        second = services.enter_source(cases.LI, second.id, **entry(second, "ff00"))
        given = {"label": LABELS[1], "value": "ff00", "rev": second.rev}
        second = services.confirm_source(cases.WITNESS, second.id, **given)
        SourceValue.objects.filter(draw=first).update(value="")
        assert refused(services.run_draw, cases.LI, second.id, rev=second.rev) == "xz-draw-in-turn"
        SourceValue.objects.filter(draw=first).update(value=cases.VALUE)
        assert services.run_draw(cases.LI, second.id, rev=second.rev).state == "drawn"


def test_equal_times_go_by_the_number_of_the_draw_read_as_a_number():
    second, tenth = (rivals.Source(f"抽〔2026〕{n}号", "甲", OUT, OUT) for n in (2, 10))
    assert second.turn < tenth.turn


# --- at once ---------------------------------------------------------------------------------------


def at_once(act, *given):
    """``act`` on each of ``given`` from one moment on: answers or ids of the rules that refused."""
    together = threading.Barrier(len(given))

    def run(one):
        try:
            together.wait(10)
            return act(one)
        except Refused as error:
            return error.refusal.rule_id
        finally:
            connection.close()

    with ThreadPoolExecutor(len(given)) as pool:
        return list(pool.map(run, given))


@pytest.mark.django_db(transaction=True)
def test_of_two_draws_prepared_at_once_on_one_source_one_is_refused():
    with clock.fixed(START):
        listed = cases.roster(40)
    said = at_once(lambda _n: cases.prepared(START, roster=listed).draw_id, 1, 2)
    assert sorted(said) == [ANNOUNCED, "抽〔2026〕1号"]


@pytest.mark.django_db(transaction=True)
def test_of_two_draws_that_take_one_value_at_once_one_is_refused():
    first = cases.prepared()
    second = cases.prepared(START + MINUTE, roster=first.roster, sources=later())
    with clock.fixed(START + timedelta(hours=2)):
        draws = [services.commit_draw(cases.LI, draw.id, rev=draw.rev) for draw in (first, second)]
        sequencer.seal_all()

    def enter(draw):
        with clock.fixed(START + timedelta(hours=13)):
            given = {"label": draw.sources[0]["label"], "value": cases.VALUE, "published_at": OUT + MINUTE}
            return services.enter_source(cases.LI, draw.id, **given, rev=draw.rev).state

    # The second's turn comes after the first's; then it shows the same value.
    assert sorted(at_once(enter, *draws)) in (["entered", SHOWN], ["entered", "xz-draw-in-turn"])
