"""``xiezhi demo --stage inspection --out DIR``: what an outsider makes of what it leaves, before the window and after."""

import base64
import fcntl
import hashlib
import json
import secrets
from pathlib import Path

import pytest

from xiezhi.command import demo as program
from xiezhi.command.demo import Failed, Steps, Unusable, bureau, inspection_stage, proving, strangers
from xiezhi.command.demo.walk import Walk
from xiezhi.command.tests import guessing
from xiezhi.command.tests.test_demo_draw import demo, last_line
from xiezhi.documents import press
from xiezhi.registry.synthetic import synthetic_rows

pytestmark = pytest.mark.slow
COMMITTED, DRAWN, OVER = range(3)
OFFICERS = [*bureau.OFFICERS.values(), *(f"示例{number:06d}" for number in range(1, len(bureau.OFFICERS) + 1))]


class Left:
    """The three files, read."""

    def __init__(self, folder, summary):
        self.folder, self.summary = folder, summary
        self.bundle = (folder / "bundle.zip").read_bytes()
        self.moments = json.loads((folder / "published.json").read_bytes())["moments"]
        self.codes = (folder / "codes.txt").read_text().splitlines()

    def bundles(self, moment: int) -> list[dict[str, str]]:
        """The text files of each bundle that was public."""
        return [page["files"] for page in self.moments[moment]["pages"] if "files" in page]

    def page(self, moment: int, path: str) -> str:
        return next(page["body"] for page in self.moments[moment]["pages"] if page["path"] == path)

    def roster(self, moment: int) -> set[str]:
        """Opaque ids of all objects of all draws."""
        return {line.split("\t")[0] for files in self.bundles(moment) for line in files["roster.tsv"].splitlines()}


@pytest.fixture(scope="module")
def left(tmp_path_factory, worker_id):
    """Run once for all workers of a run: who is first makes it, the others wait and read. A failed run is made again."""
    base = tmp_path_factory.getbasetemp()
    shared = base if worker_id == "master" else base.parent
    made = shared / "inspection-demo.json"
    with (shared / "inspection-demo.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            made.write_text(json.dumps(walked(tmp_path_factory.mktemp("inspection"))))
    folder, summary = json.loads(made.read_text())
    return Left(Path(folder), summary)


def walked(folder):
    home = folder / "tmp"
    home.mkdir()
    done = demo("--stage", "inspection", "--out", str(folder / "out"), home=home, seconds=900)
    assert done.returncode == 0, done.stdout + done.stderr
    assert list(home.iterdir()) == []
    return str(folder / "out"), last_line(done)


def test_it_leaves_exactly_three_files_and_says_what_was_done(left):
    assert sorted(path.name for path in left.folder.iterdir()) == ["bundle.zip", "codes.txt", "published.json"]
    told = left.summary
    assert told["ok"]
    assert told["plan"] == {"signed_by": 3, "published": True}
    assert told["draw"]["objects"] == told["roster"] == len(left.codes)
    assert told["opened"] == told["draw"]["drawn"] + 1
    assert sum(told["outcomes"].values()) == told["draw"]["drawn"] == told["published_results"]
    assert len(told["outcomes"]) >= 5
    assert told["reviewed"] == {"returned": 1, "released": told["draw"]["drawn"]}
    assert told["bundle"]["sha256"] == hashlib.sha256(left.bundle).hexdigest()


def test_the_codes_are_those_of_all_targets_sorted(left):
    rows = list(synthetic_rows(len(left.codes)))
    assert left.codes == sorted(row["统一社会信用代码"] for row in rows)


def test_three_moments_in_order_each_walked_from_the_home_page(left):
    assert [moment["moment"] for moment in left.moments] == [
        "after the commitment",
        "after the draw",
        "after the window",
    ]
    assert sorted(moment["at"] for moment in left.moments) == [moment["at"] for moment in left.moments]
    for moment in left.moments:
        paths = [page["path"] for page in moment["pages"]]
        assert paths == sorted(set(paths))
        assert {"/", "/draws/", "/published/", "/log/checkpoint", "/log/keys", "/api/v1/draws/public"} <= set(
            paths
        )
        assert all(page["status"] == 200 for page in moment["pages"]), [
            page["path"] for page in moment["pages"] if page["status"] != 200
        ]
    drawn = [page["path"] for page in left.moments[DRAWN]["pages"]]
    assert any(path.endswith("/objects") for path in drawn)
    assert sum(path.endswith("bundle.zip") for path in drawn) == 4
    assert any(page["path"].startswith("/d/") for page in left.moments[OVER]["pages"])


@pytest.mark.parametrize("moment", [COMMITTED, DRAWN])
def test_before_the_window_no_code_and_no_name_stands_anywhere(left, moment):
    names = [row["企业名称"] for row in synthetic_rows(len(left.codes))]
    assert guessing.named(left.moments[moment], [*left.codes, *names, *OFFICERS]) == {}
    searches = left.moments[moment]["searches"]
    assert searches == {"asked": 2 * len(left.codes), "found": {}}


@pytest.mark.parametrize("moment", [COMMITTED, DRAWN])
def test_before_the_window_no_guess_resolves_an_opaque_id(left, moment):
    seen = left.moments[moment]
    roster = left.roster(moment)
    salts = guessing.public_values(seen, without=roster)
    assert len(roster) >= len(left.codes)
    assert len(salts) > 500
    assert guessing.resolved(guessing.ids(seen), salts, [*left.codes, *OFFICERS]) == {}
    # The officers' draw names its objects by their ids in the first draw, which everyone has.
    drawn = json.loads(left.bundles(moment)[0]["selection.json"] or "null")
    first = [one for stratum in (drawn or {"strata": []})["strata"] for one in stratum["drawn"]]
    assert guessing.resolved(guessing.ids(seen), salts, first) == {}


def test_the_same_guesses_resolve_what_a_careless_house_would_publish():
    """The attack can succeed: a salt that is public, or a secret behind the salts that is."""
    codes, seed = ["91009999000000018X", "91009999000000026X"], secrets.token_bytes(32)
    mac = hashlib.sha256
    careless = [
        guessing.opaque(seed, codes[0].encode()),
        mac(codes[0].encode()).hexdigest(),
        next(reversed(list(guessing.guesses(seed, codes[1].encode())))),
        guessing.opaque(guessing.hmac.digest(seed, codes[1].encode(), "sha256"), codes[1].encode()),
    ]
    for one in careless:
        pages = [{"path": "/draws/", "body": f'{{"seed": "{seed.hex()}", "id": "{one}"}}'}]
        seen = {"pages": pages}
        assert set(guessing.resolved(guessing.ids(seen), guessing.public_values(seen), codes)) == {one}


@pytest.mark.parametrize("written", ["{0}", "&#{1};{2}", "\\u{3:04x}{2}"])
def test_the_search_for_names_sees_through_escapes(written):
    name = "示例建设〇一有限公司"
    text = written.format(name, ord(name[0]), name[1:], ord(name[0]))
    assert guessing.named({"pages": [{"path": "/x/", "body": text}]}, [name]) == {name: "/x/"}
    hidden = base64.b64encode(name.encode()).decode()
    assert guessing.named({"pages": [{"path": "/x/", "body": hidden}]}, [name]) == {name: "/x/"}


def test_lists_stand_in_the_order_of_ids_or_tickets_and_every_line_looks_alike(left):
    for files in left.bundles(DRAWN):
        lines = files["roster.tsv"].splitlines()
        assert lines == sorted(lines)
        assert len({line.partition("\t")[2] for line in lines}) == 1
        for name in ("exclusions.tsv", "coverage.tsv", "officers.tsv"):
            assert files[name].splitlines() == sorted(files[name].splitlines())
        drawn = json.loads(files["selection.json"]) or {"strata": []}
        for stratum in drawn["strata"]:
            assert stratum["drawn"] == sorted(stratum["drawn"])
            for stream in stratum["streams"]:
                for listed in (stream["drawn"], stream["reserves"]):
                    assert [ticket for _one, ticket in listed] == sorted(ticket for _one, ticket in listed)
        teams = json.loads(files["assignment.json"]) or []
        assert [team["target"] for team in teams] == sorted(team["target"] for team in teams)
        assert all(team["officers"] == sorted(team["officers"]) for team in teams)


def test_the_api_gives_objects_without_code_name_or_salt(left):
    pages = [page for page in left.moments[DRAWN]["pages"] if page["path"].endswith("/objects")]
    rows = [row for page in pages for row in json.loads(page["body"])["items"]]
    assert len(rows) == 2 * left.summary["draw"]["drawn"] + 5
    assert {(row["code"], row["name"], row["salt"]) for row in rows} == {("", "", "")}


def test_ids_of_one_draw_tell_nothing_of_another(left):
    """Neither an object nor an officer can be followed from one draw to the next."""
    by_draw = {}
    for files in left.bundles(OVER):
        number = json.loads(files["rules.json"])["draw_id"]
        officers = {one for line in files["officers.tsv"].splitlines() for one in line.split("\t")[:2]}
        roster = {line.split("\t")[0] for line in files["roster.tsv"].splitlines()}
        by_draw.setdefault(number, set()).update(officers | roster)
    assert len(by_draw) == 3
    every = [one for found in by_draw.values() for one in found]
    assert len(every) == len(set(every))


def test_after_the_window_every_opened_salt_resolves_its_id_and_nobody_else_is_named(left):
    files = {name: data.decode() for name, data in strangers.members(left.bundle).items()}
    opened = [line.split("\t") for line in files["opened.tsv"].splitlines()]
    stood = set(strangers.drawn_of(strangers.members(left.bundle)))
    stood |= {change["in"] for change in json.loads(files["changes.json"])}
    assert {one for one, _code, _salt in opened} == stood
    for one, code, salt in opened:
        assert code in left.codes
        assert guessing.opaque(bytes.fromhex(salt), code.encode()) == one
    named = guessing.named(left.moments[OVER], left.codes)
    assert set(named) == {code for _one, code, _salt in opened}
    assert set(left.moments[OVER]["searches"]["found"]) == set(named)


def test_everything_verifies_against_the_commitment_of_the_day_before(left, tmp_path):
    key = left.page(COMMITTED, "/log/keys").split()[-1]
    [before] = left.bundles(COMMITTED)
    last = {name: data.decode() for name, data in strangers.members(left.bundle).items()}
    assert all(before[name] == last[name] for name in ("commitment.json", "rules.json", "roster.tsv"))
    assert json.loads(before["selection.json"]) is None
    promised = json.loads(before["commitment.json"])
    assert promised["root"] == left.summary["draw"]["root"]
    assert promised["committed_at"][:10] < json.loads(last["sources.json"])[0]["published_at"][:10]
    zips = [base64.b64decode(page["base64"]) for page in left.moments[OVER]["pages"] if "files" in page]
    assert left.bundle in zips
    for number, data in enumerate(zips):
        code, text = strangers.checked(tmp_path, data, str(number), key)
        assert code == 0, text


@pytest.mark.parametrize("forgery", strangers.FORGERIES, ids=lambda one: one.title)
def test_one_object_swapped_fails_at_the_named_step(left, forgery, tmp_path):
    code, text = strangers.checked(tmp_path, forgery.forged(left.bundle), "forged")
    assert (code, strangers.failed_step(text)) == (1, forgery.step)


def test_a_forger_without_proofs_is_caught_by_who_knows_the_key(left, tmp_path):
    key = left.page(COMMITTED, "/log/keys").split()[-1]
    forgery = next(one for one in strangers.FORGERIES if one.step == "名称")
    code, text = strangers.checked(tmp_path, forgery.forged(left.bundle), "forged", key)
    assert (code, strangers.failed_step(text)) == (1, "存证")


def test_without_a_chinese_font_it_says_so_before_any_work(tmp_path, monkeypatch):
    def none():
        raise press.NoFonts

    monkeypatch.setattr(press, "engine", none)
    with pytest.raises(Unusable, match="fonts-noto-cjk"):
        inspection_stage.run(tmp_path, lambda files: None)
    assert list(tmp_path.iterdir()) == []


def test_what_nobody_foresaw_still_ends_with_a_summary(tmp_path, monkeypatch, capfd):
    def broken(*_given):
        raise KeyError("示例")

    monkeypatch.setattr(program, "_run", broken)
    assert program.main(["--stage", "inspection", "--out", str(tmp_path / "out")]) == 1
    out, err = capfd.readouterr()
    told = json.loads(out.splitlines()[-1])
    assert (told["ok"], told["stage"]) == (False, "inspection")
    assert "KeyError" in told["error"]
    assert "Traceback" in err
    assert not (tmp_path / "out").exists()


LEAKS = [
    {"pages": [{"path": "/draws/", "body": "示例执法甲"}], "searches": {"asked": 2, "found": {}}},
    {"pages": [], "searches": {"asked": 2, "found": {"91009999000000018X": ["/draws/x/"]}}},
]


@pytest.mark.django_db
@pytest.mark.parametrize("place", range(3))
@pytest.mark.parametrize("leak", LEAKS, ids=["named", "found"])
def test_the_stage_itself_fails_where_something_was_seen_too_early(leak, place, tmp_path):
    quiet = {"moment": "示例", "pages": [], "searches": {"asked": 2, "found": {}}}
    looks = [quiet, quiet, quiet]
    walk = Walk(tmp_path, Steps(1), moments=looks[:2], eve=looks[2])
    proving.leak_free(walk)
    looks[place] = quiet | leak
    walk = Walk(tmp_path, Steps(1), moments=looks[:2], eve=looks[2])
    with pytest.raises(Failed, match="公开内容"):
        proving.leak_free(walk)


def test_a_roster_of_ones_own_is_for_the_draw_alone(tmp_path):
    roster = tmp_path / "a.csv"
    roster.write_text("企业名称\n")
    done = demo("--stage", "inspection", "--roster", str(roster), home=tmp_path)
    assert done.returncode == 2
    assert last_line(done) == {"ok": False, "stage": "inspection", "error": last_line(done)["error"]}
    assert "--roster" in done.stderr


def test_a_folder_with_other_things_is_refused_before_any_work(tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine.txt").write_text("x")
    done = demo("--stage", "inspection", "--out", str(tmp_path / "out"), home=tmp_path)
    assert done.returncode == 2
    assert "published.json" in done.stderr
