#!/usr/bin/env python3
# ruff: noqa: BLE001, UP035
# fmt: off
"""复核一次检查的证据：python3 -I verify.py [文件夹] [--key 日志公钥]... [--complete]

Stand-alone check of an evidence export (docs/ev-1.md): standard library only, no network, Python 3.9+.
Every fault is named with its code. Exit 0: all holds. 1: something is missing or altered. 2: can't be read.
"""

import base64
import hashlib
import json
import re
import sys
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Callable

P = 2**256 - 2**224 + 2**192 + 2**96 - 1  # P-256 (FIPS 186): the field, the order, b and the base point
N = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
B = 0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B
G = (0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
     0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5)
EP, EQ = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493  # Ed25519
ED = -121665 * pow(121666, EP - 2, EP)
TEXTS = {
    "not-a-file": "不是普通文件", "index-malformed": "清单不规范", "index-differs": "清单所列密钥与实际所用不一致",
    "file-missing": "清单所列文件缺失", "file-altered": "文件与清单不符（已被改动）", "file-unlisted": "清单之外的文件",
    "item-incomplete": "缺少采集清单、签名或原件", "item-misplaced": "采集清单不是这一项的",
    "manifest-malformed": "采集清单不规范", "closing-malformed": "封闭声明不规范",
    "original-differs": "原件与采集清单不符（已被改动）", "key-unknown": "设备未列入，或密钥不是该设备的",
    "signature": "设备签名不成立", "wrong-visit": "属于另一次检查", "item-doubled": "同一项重复",
    "parent-missing": "所据原件不在本次检查之内", "key-changed": "同一设备的链条换了密钥", "fork": "同一序号有两项",
    "gap": "缺少这一序号的项", "reordered": "次序被调换", "prev-differs": "与前一项衔接不上",
    "after-closing": "封闭之后另有一项", "head-differs": "最后一项与封闭声明不符", "receipt-malformed": "回执不规范",
    "receipt-signature": "回执签名不成立", "receipt-differs": "回执不是这一项的", "proof-malformed": "存证证明不规范",
    "proof-fails": "存证证明不成立", "proof-differs": "所存事件不是这一项的", "proof-alone": "有存证而无回执",
    "statement-missing": "尚无本机关对全部设备的声明", "statement-signature": "声明的签名不成立",
    "statement-malformed": "声明不规范", "statement-differs": "与声明不符（有设备或项被整个略去，或多出）",
    "key-not-given": "所用日志公钥不是另行给出的公钥", "receipt-missing": "尚无回执", "proof-missing": "尚无存证证明",
    "chain-open": "链条未封闭，其后可能另有项", "several-devices": "多台设备并行，相互次序只能按时间判断",
    "clock-unknown": "设备时钟未曾校对", "clock-off": "设备时钟偏差", "clock-stale": "校对距采集已久",
    "clock-set": "校对在采集之后（其间调过时钟）", "clock-back": "设备时钟比前一项倒退",
    "taken-after-receipt": "校正后的采集时间晚于回执", "fix-old": "定位时间与采集时间相差",
}
LATER = ("receipt-missing", "proof-missing", "chain-open", "statement-missing")  # told; faults with --complete


class Wrong(ValueError):
    """Something does not hold; the text is the code and what was found."""


def expect(holds: object, text: str = "") -> None:
    if not holds:
        raise Wrong(text)


# ---- ECDSA P-256 and Ed25519


def plus(a: Any, b: Any) -> Any:
    if a is None or b is None:
        return b if a is None else a
    (x1, y1), (x2, y2) = a, b
    if x1 == x2 and (y1 + y2) % P == 0:
        return None
    slope = (3 * x1 * x1 - 3) * pow(2 * y1, -1, P) if a == b else (y2 - y1) * pow(x2 - x1, -1, P)
    x = (slope * slope - x1 - x2) % P
    return x, (slope * (x1 - x) - y1) % P


def es256(public: bytes, message: bytes, signature: bytes) -> bool:
    """Is the raw r ‖ s that of the key (04 ‖ x ‖ y)? A high s is as good as a low one."""
    x, y = int.from_bytes(public[1:33], "big"), int.from_bytes(public[33:], "big")
    on_curve = len(public) == 65 and public[0] == 4 and x < P and y < P and (y * y - x**3 + 3 * x - B) % P == 0
    r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
    if not (on_curve and len(signature) == 64 and 0 < r < N and 0 < s < N):
        return False
    w = pow(s, -1, N)
    u, v = int.from_bytes(hashlib.sha256(message).digest(), "big") * w % N, r * w % N
    ways, total = (None, G, (x, y), plus(G, (x, y))), None
    for bit in range(255, -1, -1):
        total = plus(plus(total, total), ways[(u >> bit & 1) + 2 * (v >> bit & 1)])
    return total is not None and total[0] % N == r


def add(a: Any, b: Any) -> Any:
    (x1, y1, z1, t1), (x2, y2, z2, t2) = a, b
    e, f = (y1 - x1) * (y2 - x2) % EP, (y1 + x1) * (y2 + x2) % EP
    g, h = 2 * t1 * t2 * ED % EP, 2 * z1 * z2 % EP
    e, f, g, h = f - e, h - g, h + g, f + e
    return e * f % EP, g * h % EP, f * g % EP, e * h % EP


def times(n: int, p: Any) -> Any:
    total = (0, 1, 1, 0)
    while n:
        total = add(total, p) if n & 1 else total
        p, n = add(p, p), n >> 1
    return total


def point(data: bytes) -> Any:
    y = int.from_bytes(data, "little")
    y, sign = y & (1 << 255) - 1, y >> 255
    square = (y * y - 1) * pow(ED * y * y + 1, EP - 2, EP) % EP
    x = pow(square, (EP + 3) // 8, EP)
    x = x if x * x % EP == square else x * pow(2, (EP - 1) // 4, EP) % EP
    expect(y < EP and x * x % EP == square and (x or not sign), "公钥不在曲线上")
    x = EP - x if x & 1 != sign else x
    return x, y, 1, x * y % EP


def ed25519(key: bytes, message: bytes, signature: bytes) -> bool:
    s = int.from_bytes(signature[32:], "little")
    if len(signature) != 64 or s >= EQ:
        return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % EQ
    x, y, z, t = point(key)
    x, y, z, t = add(times(s, point((4 * pow(5, EP - 2, EP) % EP).to_bytes(32, "little"))),
                     times(h, (-x % EP, y, z, -t % EP)))
    x, y = x * pow(z, EP - 2, EP) % EP, y * pow(z, EP - 2, EP) % EP
    return bool((y | (x & 1) << 255).to_bytes(32, "little") == signature[:32])


# ---- strict reading


def canon(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


def parsed(data: bytes) -> Any:
    value = json.loads(data.decode(), parse_float=lambda text: expect(False, text))
    expect(canon(value) == data, "不是规范 JSON（RFC 8785）")
    return value


def b64(text: str) -> bytes:
    data = base64.b64decode(text.encode(), validate=True)
    expect(base64.b64encode(data).decode() == text, "base64 不规范")
    return data


def b64url(text: str) -> bytes:
    data = base64.b64decode(text + "=" * (-len(text) % 4), b"-_", validate=True)
    expect(base64.urlsafe_b64encode(data).rstrip(b"=").decode() == text, "base64url 不规范")
    return data


def whole(least: int, most: int) -> Callable[[Any], bool]:
    return lambda value: type(value) is int and least <= value <= most


def text(pattern: str) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, str) and re.fullmatch(pattern, value) is not None


def maybe(check: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return lambda value: value is None or check(value)


def shape(**checks: Callable[[Any], Any]) -> Callable[[Any], bool]:
    def check(value: Any) -> bool:
        expect(type(value) is dict and set(value) == set(checks), f"字段应为 {'、'.join(sorted(checks))}")
        for name, holds in checks.items():
            expect(holds(value[name]), name)
        return True
    return check


def moment(value: Any) -> bool:
    return bool(text(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z")(value) and at(value))


def at(value: str) -> datetime:
    return datetime.fromisoformat(value[:-1] + "+00:00")


ID, SHA = text(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"), text(r"[0-9a-f]{64}")
FIX = shape(lat_e7=whole(-900000000, 900000000), lon_e7=whole(-1800000000, 1800000000), fixed_at=moment,
    accuracy_cm=whole(0, 10**10), datum=text("WGS84|GCJ-02|BD-09"), source=text("device|file|map"))
NO_FIX = shape(none=text("denied|off|timeout|unavailable|unsupported"))
MANIFEST = shape(
    format=text("ev-1/manifest"), item=ID, visit=ID, device=ID, key=SHA, seq=whole(1, 10000), prev=maybe(SHA),
    kind=text("documentary|physical|audiovisual|electronic|testimony|statement|opinion|record"),
    media_type=text(r"(?=.{3,127}$)[a-z0-9][a-z0-9.+_-]*/[a-z0-9][a-z0-9.+_-]*"), size=whole(0, 2**53 - 1),
    sha256=SHA, taken_at=moment, app=text(r"[\x21-\x7e]{1,64}"),
    clock=maybe(shape(offset_ms=whole(-36600 * 86400000, 36600 * 86400000), known_at=moment)),
    position=lambda value: (NO_FIX if "none" in value else FIX)(value),
    officers=lambda ids: type(ids) is list and 2 <= len(ids) <= 8 and all(map(ID, ids)) and ids == sorted(set(ids)),
    derived_from=maybe(shape(item=ID, manifest=SHA, method=text("watermark|redaction|transcript|extract|conversion"))))
CLOSING = shape(format=text("ev-1/closing"), visit=ID, device=ID, key=SHA, count=whole(0, 10000), head=maybe(SHA),
    closed_at=moment)
RECEIPT = shape(item=ID, manifest=SHA, signature=text("[A-Za-z0-9_-]{86}"), size=whole(0, 2**53 - 1), sha256=SHA,
    received_at=moment)
LINK = shape(device=ID, count=whole(0, 10000), head=maybe(SHA))
STATEMENT = shape(visit=ID, stated_at=moment, chains=lambda value: type(value) is list and all(map(LINK, value)) and
    all((one["count"] == 0) == (one["head"] is None) for one in value) and
    [one["device"] for one in value] == sorted({one["device"] for one in value}))
INDEX = shape(format=text("ev-1/export"), visit=ID, files=lambda value: type(value) is list,
    devices=lambda value: type(value) is list, log_keys=lambda value: type(value) is list)
FILE = shape(name=text("[^\x00-\x1f\x7f]+"), sha256=SHA, size=whole(0, 2**53 - 1))
DEVICE = shape(device=ID, key=SHA, public=text("[A-Za-z0-9_-]{87}"))


# ---- signed notes and inclusion


def opened(note: str, keys: "list[str]") -> "tuple[str, str]":
    """(text, vkey) of a C2SP signed note, by the one of ``keys`` that signed it first."""
    body, gap, tail = note.rpartition("\n\n")
    expect(gap and tail.endswith("\n"), "没有签名")
    for line in tail[:-1].split("\n"):
        dash, signer, value = line.split(" ")
        data = b64(value)
        for vkey in keys:
            name, number, encoded = vkey.split("+", 2)
            key = b64(encoded)
            expect(len(key) == 33 and key[0] == 1, "日志公钥不规范")
            expect(hashlib.sha256(name.encode() + b"\n" + key).hexdigest()[:8] == number, "日志公钥的编号不符")
            if dash == "—" and signer == name and data[:4].hex() == number:
                expect(ed25519(key[1:], (body + "\n").encode(), data[4:]), "签名不成立")
                return body + "\n", vkey
    raise Wrong("没有已知公钥的签名")


def included(node: bytes, index: int, size: int, hashes: "list[bytes]") -> bytes:
    expect(0 <= index < size, "位置超出日志")
    f, s = index, size - 1
    for other in hashes:
        expect(s, "路径过长")
        if f & 1 or f == s:
            node = hashlib.sha256(b"\1" + other + node).digest()
            while not f & 1 and f:
                f, s = f >> 1, s >> 1
        else:
            node = hashlib.sha256(b"\1" + node + other).digest()
        f, s = f >> 1, s >> 1
    expect(s == 0, "路径过短")
    return node


# ---- the steps


class Folder:
    """What the steps have read so far, and what they found."""

    def __init__(self, path: Path, keys: "list[str]") -> None:
        self.path, self.keys = path, keys
        self.small: dict[str, bytes] = {}
        self.known: dict[str, tuple[int, str]] = {}
        self.items: dict[str, Any] = {}  # id → (manifest, its hash, signature)
        self.closings: list[Any] = []
        self.received: dict[str, str] = {}
        self.used: set[str] = set()
        self.signers: set[str] = set()
        self.found: list[tuple[int, str, str, str]] = []
        self.index: Any = {}

    def note(self, step: int, code: str, where: str, more: str = "") -> None:
        if (step, code, where, more) not in self.found:
            self.found.append((step, code, where, more))

    def attempt(self, step: int, code: str, where: str, act: Callable[..., Any], *given: Any) -> Any:
        """What ``act`` answers to ``given``; whatever malformed data provokes is the fault ``code``, no traceback."""
        try:
            return act(*given)
        except Exception as error:
            self.note(step, code, where, str(error) if isinstance(error, Wrong) else type(error).__name__)
            return None


def listed(f: Folder) -> None:
    """1. Every file of visit.json is there as listed, and no other."""
    for one in sorted(f.path.rglob("*")):
        name = one.relative_to(f.path).as_posix()
        if one.is_symlink() or not (one.is_file() or one.is_dir()):
            f.note(1, "not-a-file", name)
        elif one.is_file():
            running, size, head = hashlib.sha256(), 0, b""
            with one.open("rb") as stream:
                for chunk in iter(lambda: stream.read(1 << 20), b""):
                    running.update(chunk)
                    size, head = size + len(chunk), head or chunk
            f.known[name] = (size, running.hexdigest())
            if name == "visit.json":
                head = one.read_bytes()
            if not name.endswith("/original"):
                f.small[name] = head

    def read() -> Any:
        index = parsed(f.small["visit.json"])
        INDEX(index)
        names = [one["name"] for one in index["files"] if FILE(one)]
        devices = [one["device"] for one in index["devices"] if DEVICE(one)]
        for order in (names, devices, index["log_keys"]):
            expect(order == sorted(set(order)), "未排序或重复")
        return index

    f.index = f.attempt(1, "index-malformed", "visit.json", read)
    if f.index is None:
        f.index = {"files": [], "devices": [], "log_keys": [], "visit": ""}
        return
    for one in f.index["files"]:
        there = f.known.get(one["name"])
        if there != (one["size"], one["sha256"]):
            f.note(1, "file-altered" if there else "file-missing", one["name"])
    for name in sorted(set(f.known) - {one["name"] for one in f.index["files"]} - {"visit.json"}):
        f.note(1, "file-unlisted", name)


def items(f: Folder) -> None:
    """2–4. Manifests, originals, the devices' signatures."""
    publics = {one["device"]: one for one in f.index["devices"]}
    there = {name.split("/")[1] for name in [*f.known, *(one["name"] for one in f.index["files"])]
             if name.startswith("items/") and name.count("/") > 1}

    def signed(where: str, document: Any, data: bytes) -> None:
        def check() -> None:
            key = publics.get(document["device"])
            public = b64url(key["public"]) if key else b""
            if not key or key["key"] != document["key"] or hashlib.sha256(public).hexdigest() != key["key"]:
                f.note(4, "key-unknown", where)
                return
            f.signers.add(document["device"])
            signature = b64url(f.small[f"{where}/signature.txt"].decode())
            expect(es256(public, document["format"].encode() + b"\n" + data, signature))
        f.attempt(4, "signature", where, check)

    for item in sorted(there):
        where = f"items/{item}"
        names = [f"{where}/{name}" for name in ("manifest.json", "signature.txt", "original")]
        for name in names:
            if name not in f.known:
                f.note(2, "item-incomplete", where, name.rpartition("/")[2])
        if names[0] not in f.known:
            continue
        data = f.small[names[0]]
        one = f.attempt(2, "manifest-malformed", where, _manifest, data)
        if one is None:
            continue
        if one["item"] != item:
            f.note(2, "item-misplaced", where, one["item"])
        if names[2] in f.known and f.known[names[2]] != (one["size"], one["sha256"]):
            f.note(3, "original-differs", where)
        if names[1] in f.known:
            signed(where, one, data)
        f.items[item] = (one, hashlib.sha256(data).hexdigest(), f.small.get(names[1], b"").decode("ascii", "replace"))
    for name in sorted(f.small):
        if re.fullmatch("closings/[^/]+/closing.json", name):
            where, data = name.rpartition("/")[0], f.small[name]
            one = f.attempt(2, "closing-malformed", where, _closing, data, name)
            if one is not None:
                f.closings.append(one)
                signed(where, one, data)


def _manifest(data: bytes) -> Any:
    one = parsed(data)
    MANIFEST(one)
    expect((one["seq"] == 1) == (one["prev"] is None), "prev")
    expect(one["derived_from"] is None or one["derived_from"]["item"] != one["item"], "derived_from.item")
    return one


def _closing(data: bytes, name: str) -> Any:
    one = parsed(data)
    CLOSING(one)
    expect((one["count"] == 0) == (one["head"] is None), "head")
    expect(one["device"] == name.split("/")[1], "device")
    return one


def chains(f: Folder) -> None:
    """5. Each device's chain, from 1 to its closing."""
    by_item = {one["item"]: digest for one, digest, _ in f.items.values()}
    doubled = Counter(one["item"] for one, _, _ in f.items.values())
    closings = {one["device"]: one for one in f.closings}
    devices: dict[str, list[Any]] = {one: [] for one in closings}
    for one, digest, _ in f.items.values():
        where, origin = f"items/{one['item']}", one["derived_from"]
        devices.setdefault(one["device"], []).append((one, digest, where))
        for code, holds in (("wrong-visit", one["visit"] == f.index["visit"]),
                            ("item-doubled", doubled[one["item"]] == 1),
                            ("parent-missing", not origin or by_item.get(origin["item"]) == origin["manifest"])):
            if not holds:
                f.note(5, code, where)
    for device, chain in sorted(devices.items()):
        closing, counts = closings.get(device), Counter(one["seq"] for one, _, _ in chain)
        mine, last = f"closings/{device}", closings[device]["count"] if device in closings else 0
        for seq in range(1, max([*counts, last]) + 1):
            if seq not in counts:
                f.note(5, "gap", f"设备 {device}", f"第 {seq} 项")
        at_hash = {digest for _, digest, _ in chain}
        hashes = {one["seq"]: digest for one, digest, _ in chain if counts[one["seq"]] == 1}
        for one, _, where in chain:
            before, prev = hashes.get(one["seq"] - 1), one["prev"]
            if one["key"] != (closing or chain[0][0])["key"]:
                f.note(5, "key-changed", where)
            if counts[one["seq"]] > 1:
                f.note(5, "fork", where, f"第 {one['seq']} 项")
            if prev and before and prev != before:
                f.note(5, "reordered" if prev in at_hash else "prev-differs", where)
            if closing and one["seq"] > last:
                f.note(5, "after-closing", where)
        if closing is None:
            f.note(5, "chain-open", f"设备 {device}")
        elif closing["visit"] != f.index["visit"]:
            f.note(5, "wrong-visit", mine)
        heads = {digest for one, digest, _ in chain if one["seq"] == last}
        if closing and heads and closing["head"] not in heads:
            f.note(5, "head-differs", mine)
        if len(devices) > 1:
            f.note(5, "several-devices", f"设备 {device}")


def receipts(f: Folder) -> None:
    """6, 7. The house's receipts, and the events in the sealed record."""
    for item, (one, digest, signature) in f.items.items():
        where = f"items/{item}"
        note, proof = f.small.get(f"{where}/receipt.txt"), f.small.get(f"{where}/proof.json")
        if note is None:
            f.note(6, "receipt-missing", where)
        else:
            body = f.attempt(6, "receipt-signature", where, _note_text, f, note)
            given = body and f.attempt(6, "receipt-malformed", where, _note_json, body, "ev-1/receipt", RECEIPT)
            wanted = {"item": one["item"], "manifest": digest, "signature": signature,
                      "size": one["size"], "sha256": one["sha256"]}
            if given and {**given, **wanted} != given:
                f.note(6, "receipt-differs", where)
            elif given:
                f.received[item] = given["received_at"]
        if proof is None:
            f.note(7, "proof-missing", where)
        elif note is None:
            f.note(7, "proof-alone", where)
        else:
            given = f.attempt(7, "proof-malformed", where, _proof, proof)
            event = given and f.attempt(7, "proof-fails", where, _sealed, f, given)
            named = {"manifest": digest, "receipt": hashlib.sha256(note).hexdigest()}
            if event and (event.get("type") != "evidence.received"
                          or {key: event["data"].get(key) for key in named} != named):
                f.note(7, "proof-differs", where)


def _note_text(f: Folder, note: bytes) -> str:
    expect(note.decode().rpartition("\n\n")[2].count("\n") == 1, "应有且只有一个签名")
    body, vkey = opened(note.decode(), f.index["log_keys"])
    f.used.add(vkey)
    return body


def _note_json(body: str, header: str, form: Callable[[Any], bool]) -> Any:
    head, line, end = body.split("\n")
    expect(head == header and end == "", f"不是 {header}")
    one = parsed(line.encode())
    form(one)
    return one


def statement(f: Folder) -> None:
    """6. The house's statement names the devices of the visit and how far each chain goes."""
    note, where = f.small.get("statement.txt"), "statement.txt"
    if note is None:
        f.note(6, "statement-missing", where)
        return
    body = f.attempt(6, "statement-signature", where, _note_text, f, note)
    given = body and f.attempt(6, "statement-malformed", where, _note_json, body, "ev-1/statement", STATEMENT)
    if not given:
        return
    here: dict[str, Any] = {one["device"]: (0, None) for one in f.closings}
    for one, digest, _ in sorted(f.items.values(), key=lambda each: each[0]["seq"]):
        here[one["device"]] = (one["seq"], digest)
    stated = {one["device"]: (one["count"], one["head"]) for one in given["chains"]}
    if given["visit"] != f.index["visit"]:
        f.note(6, "statement-differs", where)
    for device in sorted({*here, *stated}):
        if here.get(device) != stated.get(device):
            f.note(6, "statement-differs", f"设备 {device}")


def _proof(data: bytes) -> Any:
    given = parsed(data)
    shape(format=text("xiezhi-event-proof/1"), event=text("(?s).+"), salt=text("([0-9a-f]{2})*"),
          proof=text("(?s).+"), vkey=text(".+"))(given)
    return given


def _sealed(f: Folder, given: Any) -> Any:
    head, _, note = given["proof"].partition("\n\n")
    lines = head.split("\n")
    expect(lines[0] == "c2sp.org/tlog-proof@v1" and re.fullmatch("index (0|[1-9][0-9]*)", lines[1]), "不是 tlog-proof")
    expect(given["vkey"] in f.index["log_keys"], "公钥未列入")
    body, vkey = opened(note, [given["vkey"]])
    f.used.add(vkey)
    _, size, root = body.split("\n")[:3]
    leaf = hashlib.sha256(b"\0" + bytes.fromhex(given["salt"]) + given["event"].encode()).digest()
    expect(re.fullmatch("0|[1-9][0-9]*", size), "检查点的大小不规范")
    expect(included(leaf, int(lines[1][6:]), int(size), [b64(one) for one in lines[2:]]) == b64(root),
           "事件不在检查点之下")
    event = json.loads(given["event"])
    expect(type(event) is dict and type(event.get("data")) is dict, "事件不规范")
    return event


def clocks(f: Folder) -> None:
    """8. What the clocks tell; never a fault."""
    before: dict[tuple[str, int], datetime] = {
        (one["device"], one["seq"]): at(one["taken_at"]) for one, _, _ in f.items.values()}
    for item, (one, _, _) in f.items.items():
        taken, clock = at(one["taken_at"]), one["clock"]
        notes: dict[str, Any] = {}
        earlier, fixed = before.get((one["device"], one["seq"] - 1)), one["position"].get("fixed_at")
        if clock is None:
            notes["clock-unknown"] = timedelta()
        else:
            offset, age = timedelta(milliseconds=clock["offset_ms"]), taken - at(clock["known_at"])
            notes["clock-off"] = offset if abs(offset) > timedelta(minutes=2) else None
            notes["clock-stale"] = age if age > timedelta(days=1) else None
            notes["clock-set"] = -age if age < timedelta() else None
            received = f.received.get(item)
            late = taken - at(received) + offset if received else timedelta()
            notes["taken-after-receipt"] = late if late > timedelta(minutes=5) else None
        notes["clock-back"] = earlier - taken if earlier and taken < earlier else None
        notes["fix-old"] = taken - at(fixed) if fixed and abs(taken - at(fixed)) > timedelta(minutes=2) else None
        for code, span in notes.items():
            if span is not None:
                f.note(8, code, f"items/{item}", f"{span.total_seconds():.0f} 秒" if span else "")


def agreed(f: Folder, keys: "list[str]") -> None:
    """9. visit.json lists the keys that signed something here, no other; they are those known from elsewhere."""
    if any(step in (1, 2, 4, 6, 7) and code not in LATER for step, code, _, _ in f.found):
        return  # what could not be read used no key; that is named already
    if f.used != set(f.index["log_keys"]) or f.signers != {one["device"] for one in f.index["devices"]}:
        f.note(9, "index-differs", "visit.json")
    for one in sorted(f.used - set(keys)) if keys else ():
        f.note(9, "key-not-given", one)


STEPS = (listed, items, chains, receipts, statement, clocks)


def check(path: Path, keys: "list[str]", complete: bool) -> "tuple[Folder, list[tuple[int, str, str, str]]]":
    """The folder as read, and its faults; the rest of ``found`` is only told."""
    f = Folder(path, keys)
    for step in STEPS:
        step(f)
    agreed(f, keys)
    mild = {"several-devices", *([] if complete else LATER)}
    return f, [one for one in f.found if one[0] != 8 and one[1] not in mild]


def main(argv: "list[str]") -> int:
    args, keys = list(argv), []
    while "--key" in args[:-1]:
        keys.append(args.pop(args.index("--key") + 1))
        args.remove("--key")
    complete = "--complete" in args
    args = [one for one in args if one != "--complete"]
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")
    path = Path(args[0]) if args else Path(__file__).resolve().parent
    try:
        if len(args) > 1 or not path.is_dir():
            raise OSError("不是文件夹" if len(args) < 2 else __doc__)
        f, faults = check(path, keys, complete)
    except (OSError, ValueError) as error:
        sys.stdout.write(f"✗ 读取：{error}\n")
        return 2
    for one in f.found:
        step, code, where, more = one
        sys.stdout.write(f"{'✗' if one in faults else '！'} {step} {code} {where}：{TEXTS[code]}"
                         f"{'（' + more + '）' if more else ''}\n")
    count = f"{len(f.items)} 项，{len(f.received)} 份回执"
    key = "" if keys else "；日志公钥未另行核对（--key）"
    sys.stdout.write(f"不成立：{len(faults)} 处\n" if faults else f"全部成立：{count}{key}\n")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
