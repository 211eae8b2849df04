"""Messages inside the house."""

import pytest

from xiezhi.core.actor import Actor
from xiezhi.notify import inbox, queries

LI = Actor("li", "officer", "/city/a/", "321200")
WANG = Actor("wang", "officer", "/city/b/", "321200")
NEWS = {"kind": "registry.import_done", "title": "导入完成", "link": "/console/jobs/"}


@pytest.mark.django_db
def test_each_account_is_told_once_a_key():
    assert inbox.tell(["li", "wang", "li"], key="import:1", **NEWS) == 2
    assert inbox.tell(["li"], key="import:1", **NEWS) == 0
    assert inbox.tell(["li"], key="import:2", **NEWS) == 1
    assert [queries.unread(a) for a in (LI, WANG)] == [2, 1]


@pytest.mark.django_db
def test_one_reads_ones_own_messages_only():
    inbox.tell(["li", "wang"], key="import:1", **NEWS)
    his = queries.inbox(WANG).get()
    assert inbox.mark_read(LI, [his.pk]) == 0
    assert inbox.mark_read(LI) == 1
    assert [queries.unread(a) for a in (LI, WANG)] == [0, 1]
    assert inbox.mark_read(LI) == 0


@pytest.mark.django_db
def test_the_newest_message_comes_first():
    for n in range(3):
        inbox.tell(["li"], key=f"import:{n}", **NEWS)
    assert [n.key for n in queries.inbox(LI)] == ["import:2", "import:1", "import:0"]
