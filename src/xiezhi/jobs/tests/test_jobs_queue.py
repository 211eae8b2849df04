"""Jobs as their users see them: ordered in a transaction, run, retried, cancelled, taken from a dead worker."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction

from xiezhi import clock
from xiezhi.core.actor import Ability, Actor, system
from xiezhi.core.errors import Denied, Invalid, NotFound
from xiezhi.jobs import actors, queries, queue, registry, worker
from xiezhi.jobs.context import JobFailed
from xiezhi.jobs.models import Job, State
from xiezhi.jobs.registry import Produced, job

NOON = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)
LI = Actor("li", "officer", "/city/a/", "321200")
WANG = Actor("wang", "officer", "/city/b/", "321200")
CHIEF = Actor("chief", "officer", "/city/", "321200", frozenset({Ability("jobs.read", "/city/")}))

ran: list[object] = []


@pytest.fixture(autouse=True)
def _declared(monkeypatch):
    """The jobs of this file, beside nobody else's."""
    monkeypatch.setattr(registry, "JOBS", {})
    for module in (queue, worker):
        monkeypatch.setattr(module, "JOBS", registry.JOBS)
    monkeypatch.setattr(worker, "LOOPS", {})
    ran.clear()


def declare(run, name="t.work", **options):
    job(name, title="测试任务", **options)(run)


@pytest.mark.django_db
def test_a_job_is_run_with_its_arguments_as_the_one_who_ordered_it():
    declare(lambda ctx, *, batch: {"batch": batch, "actor": ctx.actor.id})
    ordered = queue.enqueue(LI, "t.work", batch="b1")
    assert (ordered.state, ordered.agency, ordered.title) == (State.QUEUED, "/city/a/", "测试任务")
    assert worker.run_until_idle() == 1
    ordered.refresh_from_db()
    assert (ordered.state, ordered.result) == (State.DONE, {"batch": "b1", "actor": "li"})
    assert ordered.percent == 100
    assert ordered.ended_at >= ordered.started_at >= ordered.created_at


@pytest.mark.django_db
def test_a_job_may_produce_a_file():
    declare(lambda ctx: Produced("ab" * 32, "导出.xlsx", "application/xlsx", {"rows": 3}))
    ordered = queue.enqueue(LI, "t.work")
    worker.run_until_idle()
    ordered.refresh_from_db()
    assert (ordered.result_blob, ordered.result_name, ordered.result) == ("ab" * 32, "导出.xlsx", {"rows": 3})


@pytest.mark.django_db(transaction=True)
def test_an_order_rolls_back_with_its_transaction():
    declare(lambda ctx: None)
    with transaction.atomic():
        queue.enqueue(LI, "t.work")
        transaction.set_rollback(True)
    assert not Job.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "args", "error"),
    [
        ("t.unknown", {}, LookupError),
        ("t.work", {}, TypeError),
        ("t.work", {"batch": 1, "more": 2}, TypeError),
        ("t.work", {"batch": 0.5}, ValueError),
        ("t.work", {"batch": clock.new_id()}, ValueError),
    ],
)
def test_an_order_that_could_not_run_is_refused_at_once(name, args, error):
    declare(lambda ctx, *, batch: None)
    with pytest.raises(error):
        queue.enqueue(LI, name, **args)
    assert not Job.objects.exists()


@pytest.mark.django_db
def test_a_second_order_with_the_same_key_answers_the_first_until_that_has_ended():
    declare(lambda ctx: None)
    first = queue.enqueue(LI, "t.work", once="import:1")
    assert queue.enqueue(LI, "t.work", once="import:1").pk == first.pk
    worker.run_until_idle()
    assert queue.enqueue(LI, "t.work", once="import:1").pk != first.pk


@pytest.mark.django_db
def test_an_unforeseen_error_is_retried_ever_later_and_then_given_up():
    def fails(ctx):
        ran.append(1)
        raise ZeroDivisionError("张三 321202199001011234")

    declare(fails, retries=2)
    with clock.fixed(NOON):
        ordered = queue.enqueue(LI, "t.work")
        worker.run_until_idle()
        ordered.refresh_from_db()
        assert (ordered.state, ordered.run_after) == (State.QUEUED, NOON + timedelta(seconds=5))
        assert worker.run_until_idle() == 0
    with clock.fixed(NOON + timedelta(seconds=5)):
        worker.run_until_idle()
        ordered.refresh_from_db()
        assert ordered.run_after == NOON + timedelta(seconds=25)
    worker.run_until_idle(delayed=True)
    ordered.refresh_from_db()
    assert (ordered.state, ordered.attempts, len(ran)) == (State.FAILED, 3, 3)
    assert ordered.error_id
    assert ordered.error_id in ordered.error


def test_waiting_grows_fourfold_up_to_an_hour():
    assert [queue.backoff(n).total_seconds() for n in (1, 2, 3, 9, 60)] == [5, 20, 80, 3600, 3600]


@pytest.mark.django_db
def test_the_log_gets_the_error_id_and_place_but_no_message_that_could_name_a_person(caplog):
    def fails(ctx):
        raise ValueError("张三 321202199001011234")

    declare(fails, retries=0)
    ordered = queue.enqueue(LI, "t.work")
    worker.run_until_idle()
    ordered.refresh_from_db()
    assert ordered.error_id in caplog.text
    assert "builtins.ValueError" in caplog.text
    assert "test_jobs_queue.py" in caplog.text
    assert "张三" not in caplog.text


@pytest.mark.django_db
@pytest.mark.parametrize("error", [JobFailed("没有可导出的行"), Invalid({"": ["没有可导出的行"]})])
def test_the_domains_own_no_is_shown_as_it_is_and_not_retried(error):
    def says_no(ctx):
        raise error

    declare(says_no)
    ordered = queue.enqueue(LI, "t.work")
    worker.run_until_idle(delayed=True)
    ordered.refresh_from_db()
    assert (ordered.state, ordered.attempts) == (State.FAILED, 1)
    assert "没有可导出的行" in ordered.error


@pytest.mark.django_db
def test_a_result_that_is_no_json_fails_the_job():
    declare(lambda ctx: {"x": 0.1}, retries=0)
    ordered = queue.enqueue(LI, "t.work")
    worker.run_until_idle()
    ordered.refresh_from_db()
    assert (ordered.state, ordered.result) == (State.FAILED, None)


@pytest.mark.django_db
def test_progress_is_throttled_and_its_last_word_is_kept():
    def counts(ctx):
        for n in range(1, 101):
            ctx.progress(n, 200, "写入")
        ran.append(Job.objects.get(pk=ctx.id).done)

    declare(counts)
    ordered = queue.enqueue(LI, "t.work")
    worker.run_until_idle()
    ordered.refresh_from_db()
    assert ran == [1]
    assert (ordered.done, ordered.total, ordered.text) == (100, 200, "写入")


@pytest.mark.django_db
def test_a_waiting_job_is_cancelled_at_once():
    declare(lambda ctx: ran.append(1))
    ordered = queue.enqueue(LI, "t.work")
    assert queue.cancel(LI, ordered.pk).state == State.CANCELLED
    assert (worker.run_until_idle(), ran) == (0, [])


@pytest.mark.django_db
def test_a_running_job_ends_at_its_next_checkpoint():
    def long(ctx):
        queue.cancel(LI, ctx.id)
        ctx.check_cancelled()
        ran.append("went on")

    declare(long)
    ordered = queue.enqueue(LI, "t.work")
    worker.run_until_idle(delayed=True)
    ordered.refresh_from_db()
    assert (ordered.state, ran) == (State.CANCELLED, [])


@pytest.mark.django_db
def test_an_ended_job_is_not_cancelled():
    declare(lambda ctx: None)
    ordered = queue.enqueue(LI, "t.work")
    worker.run_until_idle()
    assert queue.cancel(LI, ordered.pk).state == State.DONE


@pytest.mark.django_db
def test_jobs_are_seen_by_who_ordered_them_and_by_readers_of_the_agency():
    declare(lambda ctx: None)
    ordered = queue.enqueue(LI, "t.work")
    seen = {a.id: queries.visible_to(a).filter(pk=ordered.pk).exists() for a in (LI, WANG, CHIEF)}
    assert seen == {"li": True, "wang": False, "chief": True}
    with pytest.raises(NotFound):
        queue.cancel(WANG, ordered.pk)
    with pytest.raises(Denied):
        queue.cancel(CHIEF, ordered.pk)
    assert queries.job(LI, ordered.pk).pk == ordered.pk


@pytest.mark.django_db
def test_a_job_of_a_dead_worker_is_retried_and_the_dead_ones_late_answer_is_dropped():
    declare(lambda ctx: {"by": "second"}, retries=1)
    with clock.fixed(NOON):
        queue.enqueue(LI, "t.work")
        queue.beat("w1")
        dead = queue.claim("w1")
        assert queue.take_from_the_dead() == 0
    with clock.fixed(NOON + queue.STALE + timedelta(seconds=1)):
        assert queue.take_from_the_dead() == 1
    worker.run_until_idle(delayed=True)
    assert queue.finish(dead, {"by": "first"}) is False
    assert Job.objects.get(pk=dead.pk).result == {"by": "second"}


@pytest.mark.django_db
def test_a_job_that_must_not_be_repeated_fails_when_its_worker_dies():
    declare(lambda ctx: None, retries=0)
    queue.enqueue(LI, "t.work")
    lost = queue.claim("gone")
    queue.take_from_the_dead()
    lost.refresh_from_db()
    assert (lost.state, lost.error) == (State.FAILED, "执行任务的进程中断。")


@pytest.mark.django_db
def test_a_job_interrupted_at_a_checkpoint_goes_on_from_what_it_put_by():
    stop = threading.Event()

    def long(ctx):
        if not ctx.saved:
            ctx.save(row=500)
            stop.set()
            ctx.check_cancelled()
        return {"from": ctx.saved["row"]}

    declare(long)
    queue.enqueue(LI, "t.work")
    worker.run_job(queue.claim("w"), stop)
    waiting = Job.objects.get()
    assert (waiting.state, waiting.attempts) == (State.QUEUED, 0)
    worker.run_until_idle()
    waiting.refresh_from_db()
    assert (waiting.state, waiting.result) == (State.DONE, {"from": 500})


@pytest.mark.django_db
def test_only_jobs_of_the_queues_asked_for_are_taken():
    declare(lambda ctx: None, name="t.heavy", queue="heavy")
    queue.enqueue(LI, "t.heavy")
    assert queue.claim("w", ["default"]) is None
    assert queue.claim("w", ["default", "heavy"]) is not None


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("now_held", "may"),
    [
        ({"x.y": "/city/", "x.z": "/city/"}, ["x.y /city/"]),
        ({"x.y": "/", "x.z": "/"}, ["x.y /city/"]),
        ({"x.z": "/city/"}, []),
        ({"x.y": "/city/a/"}, ["x.y /city/a/"]),
        ({"x.y": "/town/"}, []),
    ],
)
def test_a_job_may_what_he_might_at_the_order_and_still_may(now_held, may, monkeypatch):
    declare(lambda ctx: {"may": sorted(f"{a.name} {a.path}" for a in ctx.actor.abilities)})
    ordered = queue.enqueue(Actor("li", "officer", "/city/", "", frozenset({Ability("x.y", "/city/")})), "t.work")
    held = frozenset(Ability(name, path) for name, path in now_held.items())
    monkeypatch.setattr(actors, "_sources", {"": lambda who, agency: Actor(who, "officer", agency, "", held)})
    worker.run_until_idle()
    ordered.refresh_from_db()
    assert ordered.result == {"may": may}


@pytest.mark.django_db
def test_whoever_lost_his_account_no_longer_acts_and_who_never_had_one_keeps_his_rights(monkeypatch):
    declare(lambda ctx: {"actor": ctx.actor.id})
    gone, unknown = (queue.enqueue(actor, "t.work") for actor in (LI, WANG))
    monkeypatch.setattr(actors, "_sources", {"": lambda who, agency: {"li": None}[who]})
    worker.run_until_idle()
    gone.refresh_from_db()
    unknown.refresh_from_db()
    assert (gone.state, unknown.result) == (State.FAILED, {"actor": "wang"})
    assert "权限" in gone.error


@pytest.mark.django_db
def test_a_component_acts_as_itself():
    declare(lambda ctx: {"kind": ctx.actor.kind})
    ordered = queue.enqueue(system("schedule"), "t.work")
    worker.run_until_idle()
    ordered.refresh_from_db()
    assert ordered.result == {"kind": "system"}
    assert queries.counts()["done"] == 1


def test_a_job_name_belongs_to_one_function_and_enqueues_own_arguments_are_its_own():
    declare(lambda ctx: None)
    with pytest.raises(ValueError, match="twice"):
        declare(lambda ctx: 1)
    with pytest.raises(ValueError, match="own arguments"):
        declare(lambda ctx, *, once: None, name="t.other")
