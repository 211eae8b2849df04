#!/usr/bin/env python3
# ruff: noqa: B905, BLE001, DTZ007, RUF007, SIM905, UP035
# fmt: off
"""复核一次双随机抽取：python3 -I verify.py [文件夹或ZIP] [--key 日志公钥]
见证人出具承诺：python3 -I verify.py --witness 见证人名称 [dr/1-sm3]

Stand-alone check of a published draw (profiles dr/1, dr/1-sm3): standard library only, no network, Python 3.8+.
It recomputes everything that follows from the committed lists and the sources, writes it anew and compares bytes.
Exit 0: every step holds. 1: the first step that fails is named. 2: the path can't be read.
"""

from __future__ import annotations

import base64
import gc
import hashlib
import json
import math
import re
import secrets
import sys
import zipfile
from collections import Counter
from datetime import datetime, timedelta
from fractions import Fraction
from functools import lru_cache, partial
from pathlib import Path
from typing import Any, Callable, Iterable, Iterator, Sequence

FILES = (
    "assignment.json chances.tsv changes.json checkpoint.txt commitment.json coverage.tsv exclusions.tsv "
    "officers.tsv opened.tsv proofs.json roster.tsv rules.json selection.json sources.json void.json").split()
UNIT, MILLION, LARGEST = "\x1f", 1000000, 8 << 30
OUTSIDE, KINDS = ("witness", "notary"), ("utf8", "hex", "witness", "notary", "system")
# level: its name, the least number of outside witnesses, of notaries among them, and the most of witnesses
LEVELS = {"routine": ("常规级", 0, 0, 0), "joint": ("联合、年度级", 1, 0, 9), "contested": ("争议级", 2, 1, 9),
    "quick": ("紧急级：本次抽取采用系统自身随机数，仅能证明该数先固定、后使用，不能证明系统事先不知道该数", 0, 0, 0)}


class Wrong(Exception):
    """A step does not hold; the text says where."""


def expect(holds: object, text: str) -> None:
    if not holds:
        raise Wrong(text)


# ---- strict reading: whatever is read is written anew and must give the same bytes


def read(path: Path) -> dict[str, bytes]:
    if path.is_dir():
        found = {}
        for one in sorted(path.rglob("*")):
            expect(one.is_file() and not one.is_symlink(), f"不是普通文件：{one.relative_to(path)}")
            found[one.relative_to(path).as_posix()] = one.read_bytes()
        return found
    with zipfile.ZipFile(path) as archive:
        members = archive.infolist()
        names = [one.orig_filename for one in members]
        expect(len(set(names)) == len(names), "压缩包内有重名文件")
        expect(all(one.filename == one.orig_filename for one in members), "压缩包内文件名不规范")
        expect(
            all(one.compress_type in (0, 8) and not one.flag_bits & 1 for one in members), "压缩方式不支持")
        expect(sum(one.file_size for one in members) <= LARGEST, "压缩包过大")
        return {one.filename: archive.read(one) for one in members}


def canon(value: object) -> bytes:
    return json.dumps(
        value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


def parsed(data: bytes) -> Any:
    value = json.loads(data.decode(), parse_float=_number, parse_constant=_number)
    expect(_plain_json(value) and canon(value) == data, "不是规范 JSON（RFC 8785）")
    return value


def _number(text: str) -> None:
    raise Wrong(f"数字不规范：{text}")


def _plain_json(value: Any) -> bool:
    if isinstance(value, dict):
        return all(key.isascii() and _plain_json(one) for key, one in value.items())
    if isinstance(value, list):
        return all(map(_plain_json, value))
    return not isinstance(value, int) or abs(value) < 1 << 53


def shape(value: Any, /, **kinds: Any) -> Any:
    expect(type(value) is dict and set(value) == set(kinds), f"字段应为 {'、'.join(sorted(kinds))}")
    for name, kind in kinds.items():
        expect(type(value[name]) in (kind if isinstance(kind, tuple) else (kind,)), f"字段 {name} 类型不符")
    return value


def rows(data: bytes, columns: int) -> list[list[str]]:
    text = b"\n" + data
    odd = len(data.translate(None, CONTROL)) < len(data) or text[-1] != 10
    expect(not odd and not any(pair in text for pair in EMPTY), "有空栏、控制字符，或最后一行缺换行")
    table = [line.split("\t") for line in data.decode().split("\n")[:-1]]
    for number, row in enumerate(table, 1):
        if len(row) != columns:
            raise Wrong(f"第 {number} 行应有 {columns} 栏")
    return table


@lru_cache(1 << 16)
def whole(text: str) -> int:
    expect(re.fullmatch("0|[1-9][0-9]{0,3999}", text), f"不是规范的非负整数：{text[:40]}")
    return int(text)


def time(text: str) -> str:
    expect(TIME(text), f"时间不规范：{text[:40]}")
    datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ")
    return text


def beijing(text: str) -> str:
    return f"北京时间 {datetime.strptime(text, '%Y-%m-%dT%H:%M:%SZ') + timedelta(hours=8):%Y-%m-%d %H:%M:%S}"


def rising(values: Sequence[Any], text: str) -> None:
    for before, after in zip(values, values[1:]):
        if before >= after:
            raise Wrong(f"{text}未排序或重复：{after}")


PLAIN = re.compile(r"[^\x00-\x1f\x7f]+\Z").match
CONTROL = bytes({*range(32), 127} - {9, 10})
EMPTY = (b"\n\n", b"\n\t", b"\t\t", b"\t\n")
HEX64 = re.compile(r"[0-9a-f]{64}\Z").match
HEX = re.compile(r"(?:[0-9a-f]{2})*\Z").match
REVEAL = re.compile(r"(?:[0-9a-f]{2}){16,64}:(?:[0-9a-f]{2}){16,64}\Z").match
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ\Z", re.ASCII).match


# ---- notation: L(x), H, Merkle root, tickets, coin


def L(data: bytes | str) -> bytes:
    data = data.encode() if isinstance(data, str) else data
    return len(data).to_bytes(4, "big") + data


framed = lru_cache(1 << 16)(L)


class SM3:
    """GB/T 32905, for a Python whose OpenSSL lacks it; slow."""

    def __init__(self, data: bytes = b"") -> None:
        self.data = data

    def copy(self) -> SM3:
        return SM3(self.data)

    def update(self, data: bytes) -> None:
        self.data += data

    def digest(self) -> bytes:
        def rot(x: int, n: int) -> int:
            return (x << n % 32 | x >> 32 - n % 32) & 0xFFFFFFFF

        v = [int(x, 16)
            for x in "7380166f 4914b2b9 172442d7 da8a0600 a96f30bc 163138aa e38dee4d b0fb0e4e".split()]
        text = (
            self.data + b"\x80" + bytes(-(len(self.data) + 9) % 64) + (8 * len(self.data)).to_bytes(8, "big"))
        for at in range(0, len(text), 64):
            w = [int.from_bytes(text[i : i + 4], "big") for i in range(at, at + 64, 4)]
            for j in range(16, 68):
                x = w[j - 16] ^ w[j - 9] ^ rot(w[j - 3], 15)
                w.append(x ^ rot(x, 15) ^ rot(x, 23) ^ rot(w[j - 13], 7) ^ w[j - 6])
            a, b, c, d, e, f, g, h = v
            for j in range(64):
                s1 = rot(rot(a, 12) + e + rot(0x79CC4519 if j < 16 else 0x7A879D8A, j) & 0xFFFFFFFF, 7)
                ff, gg = (a ^ b ^ c, e ^ f ^ g) if j < 16 else (a & b | a & c | b & c, e & f | ~e & g)
                t1, t2 = ff + d + (s1 ^ rot(a, 12)) + (w[j] ^ w[j + 4]), gg + h + s1 + w[j]
                t2 &= 0xFFFFFFFF
                a, b, c, d, e, f, g, h = (t1 & 0xFFFFFFFF, a, rot(b, 9), c, t2 ^ rot(t2, 9) ^ rot(t2, 17), e,
                    rot(f, 19), g)
            v = [x ^ y for x, y in zip(v, (a, b, c, d, e, f, g, h))]
        return b"".join(x.to_bytes(4, "big") for x in v)


def starter(profile: str) -> Callable[[bytes], Any]:
    expect(profile in ("dr/1", "dr/1-sm3"), f"不认识的规范 {profile}")
    if profile == "dr/1":
        return hashlib.sha256
    try:
        hashlib.new("sm3")
    except ValueError:
        return SM3
    return partial(hashlib.new, "sm3")


def merkle(start: Callable[[bytes], Any], leaves: Iterable[bytes]) -> str:
    level: list[bytes] = []
    base = start(b"\0")
    for leaf in leaves:
        running = base.copy()
        running.update(leaf)
        level.append(running.digest())
    base = start(b"\1")
    while len(level) > 1:
        above = []
        for at in range(0, len(level) - 1, 2):
            running = base.copy()
            running.update(level[at] + level[at + 1])
            above.append(running.digest())
        level = above + level[len(level) & ~1 :]
    return bytes.hex(level[0] if level else start(b"").digest())


class Dice:
    """Tickets and coins of one seed."""

    def __init__(self, start: Callable[[bytes], Any], seed: bytes) -> None:
        self.start, self.seed = start, seed

    def tickets(self, label: str, ids: Sequence[str]) -> list[bytes]:
        base, found = self.start(b"dr/1/ticket" + self.seed + L(label)), []
        for one in ids:
            running, data = base.copy(), one.encode()
            running.update(len(data).to_bytes(4, "big") + data)
            found.append(running.digest())
        return found

    def order(self, label: str, ids: Sequence[str]) -> list[int]:
        keys = [ticket + one.encode() for ticket, one in zip(self.tickets(label, ids), ids)]
        return sorted(range(len(ids)), key=keys.__getitem__)

    def coin(self, label: str) -> Callable[[int, int], bool]:
        base, held, left, block = self.start(b"dr/1/coin" + self.seed + L(label)), 0, 0, 0

        def hits(cut: int, bound: int) -> bool:
            nonlocal held, left, block
            bits = (bound - 1).bit_length()
            while True:
                while left < bits:
                    running = base.copy()
                    running.update(block.to_bytes(8, "big"))
                    held, left, block = (held << 256 | int.from_bytes(running.digest(), "big"), left + 256,
                        block + 1)
                left -= bits
                value, held = held >> left, held & (1 << left) - 1
                if value < bound:
                    return value < cut

        return hits


# ---- the draw


def masses(method: str, weights: Sequence[int], wanted: Fraction) -> tuple[list[int], int]:
    if method == "equal":
        expect(wanted <= len(weights), "要抽的多于可抽的")
        return [wanted.numerator] * len(weights), wanted.denominator * max(1, len(weights))
    expect(wanted <= len(weights) - weights.count(0), "要抽的多于可抽的")
    certain, left, total, counts = math.inf, wanted, sum(weights), Counter(weights)
    for weight in sorted(counts, reverse=True):
        if not weight or left <= 0 or left * weight < total:
            break
        certain, left, total = weight, left - counts[weight], total - weight * counts[weight]
    base = total * left.denominator if total and left else 1
    return [base if weight >= certain else left.numerator * weight for weight in weights], base


def walk(order: Iterable[tuple[Any, int]], base: int, hits: Callable[[int, int], bool]) -> set[Any]:
    chosen, leader, held = set(), None, 0
    for one, mass in order:
        both = held + mass
        if mass == 0:
            continue
        if mass == base:
            chosen.add(one)
        elif held == 0:
            leader, held = one, mass
        elif both < base:
            leader, held = leader if hits(held, both) else one, both
        elif both == base:
            chosen.add(leader if hits(held, base) else one)
            held = 0
        elif hits(base - mass, 2 * base - both):
            chosen.add(leader)
            leader, held = one, both - base
        else:
            chosen.add(one)
            held = both - base
    expect(held == 0, "概率之和不是整数")
    return chosen


def rounded(edges: Sequence[tuple[str, str, int]], hits: Callable[[int, int], bool]) -> set[tuple[str, str]]:
    mass = [edge[2] for edge in edges]
    at: dict[tuple[int, str], list[int]] = {}
    for number, (target, officer, x) in enumerate(edges):
        for node in ((0, target), (1, officer)):
            at.setdefault(node, []).extend([number] if x < MILLION else [])

    def way_out(node: tuple[int, str], arrived: int, walked: dict[Any, int]) -> int:
        ways = [number for number in at[node] if number != arrived]
        closing = (n for n in ways if (1, edges[n][1]) in walked) if node[0] == 0 else iter(())
        return next(closing, ways[0] if ways else -1)

    def shift(path: list[int]) -> None:
        even, odd = [mass[n] for n in path[::2]], [mass[n] for n in path[1::2]]
        up, down = min(MILLION - max(even), min(odd)), min(min(even), MILLION - max(odd))
        change = up if hits(down, up + down) else -down
        for n in path:
            mass[n], change = mass[n] + change, -change
            if mass[n] in (0, MILLION):
                at[(0, edges[n][0])].remove(n)
                at[(1, edges[n][1])].remove(n)

    for first, edge in enumerate(edges):
        while 0 < mass[first] < MILLION:
            nodes: list[Any] = [(0, edge[0])]
            path: list[int] = []
            place, from_dead_end = {nodes[0]: 0}, False
            while True:
                node = nodes[-1]
                out = way_out(node, path[-1] if path else -1, place)
                if out < 0 and from_dead_end:
                    shift(path)
                    break
                if out < 0:
                    nodes, path, place, from_dead_end = [node], [], {node: 0}, True
                    continue
                path.append(out)
                node = (0, edges[out][0]) if node[0] else (1, edges[out][1])
                if node not in place:
                    place[node] = len(path)
                    nodes.append(node)
                    continue
                start = place[node]
                shift(path[start:])
                if start == 0:
                    break
                path, nodes = path[:start], nodes[: start + 1]
                place = {one: number for number, one in enumerate(nodes)}
    return {edge[:2] for edge, x in zip(edges, mass) if x}


# ---- Ed25519 (RFC 8032), signed notes and inclusion proofs (C2SP, RFC 9162)

P, Q, D = (2**255 - 19, 2**252 + 27742317777372353535851937790883648493,
    -121665 * pow(121666, 2**255 - 21, 2**255 - 19))


def add(a: Any, b: Any) -> Any:
    (x1, y1, z1, t1), (x2, y2, z2, t2) = a, b
    e, f = (y1 - x1) * (y2 - x2) % P, (y1 + x1) * (y2 + x2) % P
    g, h = 2 * t1 * t2 * D % P, 2 * z1 * z2 % P
    e, f, g, h = f - e, h - g, h + g, f + e
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(n: int, point: Any) -> Any:
    total = (0, 1, 1, 0)
    while n:
        total = add(total, point) if n & 1 else total
        point, n = add(point, point), n >> 1
    return total


def pressed(point: Any) -> bytes:
    inverse = pow(point[2], P - 2, P)
    return int.to_bytes(point[1] * inverse % P | (point[0] * inverse % P & 1) << 255, 32, "little")


def point(data: bytes) -> Any:
    y = int.from_bytes(data, "little")
    y, sign = y & (1 << 255) - 1, y >> 255
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    x = x if x * x % P == square else x * pow(2, (P - 1) // 4, P) % P
    expect(y < P and x * x % P == square and (x or not sign), "公钥不在曲线上")
    x = P - x if x & 1 != sign else x
    return x, y, 1, x * y % P


BASE = point((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def signed(key: bytes, message: bytes, signature: bytes) -> bool:
    s = int.from_bytes(signature[32:], "little")
    if len(signature) != 64 or s >= Q:
        return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % Q
    x, y, z, t = point(key)
    return pressed(add(times(s, BASE), times(h, (-x % P, y, z, -t % P)))) == signature[:32]


def b64(text: str) -> bytes:
    data = base64.b64decode(text.encode(), validate=True)
    expect(base64.b64encode(data).decode() == text, "base64 不规范")
    return data


def opened_note(note: str, vkey: str) -> tuple[int, bytes]:
    name, number, encoded = vkey.split("+", 2)
    key = b64(encoded)
    expect(len(key) == 33 and key[0] == 1
        and hashlib.sha256(f"{name}\n".encode() + key).hexdigest()[:8] == number, "日志公钥不规范")
    text, _, tail = note.rpartition("\n\n")
    lines, signatures = text.split("\n"), tail.split("\n")
    expect(len(lines) >= 3 and signatures.pop() == "" and signatures, "检查点不规范")
    good = False
    for line in signatures:
        dash, signer, value = line.split(" ")
        data = b64(value)
        expect(dash == "—" and len(data) > 4, "检查点签名行不规范")
        good = good or (
            signer == name and data[:4].hex() == number and signed(key[1:], f"{text}\n".encode(), data[4:]))
    expect(good, "检查点的签名不成立")
    return whole(lines[1]), b64(lines[2])


def included(leaf: bytes, index: int, size: int, proof: Sequence[bytes]) -> bytes:
    expect(0 <= index < size, "证明的位置超出日志")
    node, f, s = leaf, index, size - 1
    for other in proof:
        expect(s, "证明过长")
        if f & 1 or f == s:
            node = hashlib.sha256(b"\1" + other + node).digest()
            while not f & 1 and f:
                f, s = f >> 1, s >> 1
        else:
            node = hashlib.sha256(b"\1" + node + other).digest()
        f, s = f >> 1, s >> 1
    expect(s == 0, "证明过短")
    return node


# ---- the steps, in order


class Check:
    def __init__(self, files: dict[str, bytes], key: str) -> None:
        self.files, self.key = files, key

    def manifest(self) -> str:
        expect("manifest.json" in self.files, "缺少 manifest.json（ZIP 的文件须在最外层）")
        listed = shape(parsed(self.files["manifest.json"]), files=list, format=str, unbound=list)
        expect(listed["format"] == "xiezhi-draw-bundle/1", "清单格式不认识")
        expect([shape(one, name=str, sha256=str, size=int)["name"] for one in listed["files"]] == FILES,
            "清单文件名不符")
        for name in listed["unbound"]:
            expect(type(name) is str and re.fullmatch(r"verify\.py|[^/\\]+\.(md|html)", name),
                f"不得免检：{name}")
        known = [*FILES, "manifest.json", *listed["unbound"]]
        expect(len(set(known)) == len(known), "清单重复")
        for name in sorted(set(known) ^ set(self.files)):
            raise Wrong(f"缺少文件：{name}" if name in known else f"清单外的文件：{name}")
        for one in listed["files"]:
            data = self.files[one["name"]]
            expect(len(data) == one["size"] and hashlib.sha256(data).hexdigest() == one["sha256"],
                f"{one['name']} 被改动")
        return f"{len(FILES)} 个文件的 SHA-256 与清单一致，没有清单外的文件"

    def announced(self) -> str:
        rules = self.rules = shape(parsed(self.files["rules.json"]), caps=list, code_version=str,
            coverage_root=str, cycle=(dict, type(None)), draw_id=str, exclusions_root=str, item=str,
            level=str, officers_root=str, profile=str, sources=list, strata=list, title=str, window=list)
        self.start = starter(rules["profile"])
        expect(rules["level"] in LEVELS, f"不认识的级别 {rules['level']}")
        texts = [rules["draw_id"], rules["title"], rules["item"], rules["code_version"]]
        for cap in rules["caps"]:
            shape(cap, code=str, limit=int, per=str)
            texts += [cap["code"], cap["per"]]
            expect(cap["limit"] >= 0, "上限为负")
        cycle = rules["cycle"]
        if cycle is not None:
            shape(cycle, draws=int, name=str, number=int)
            texts.append(cycle["name"])
            expect(1 <= cycle["number"] <= cycle["draws"], "覆盖周期不符")
        for one in rules["strata"]:
            shape(one, coverage=bool, method=str, n=(int, type(None)), ratio=(list, type(None)), reserves=int,
                stratum=str)
            texts.append(one["stratum"])
            expect(one["method"] in ("equal", "weighted") and (one["n"] is None) != (one["ratio"] is None),
                "方法或数量不符")
            expect(one["reserves"] >= 0 and (one["n"] or 0) >= 0 and not (one["coverage"] and cycle is None),
                "数量不符")
            if one["ratio"] is not None:
                expect([type(x) for x in one["ratio"]] == [int, int] and one["ratio"][1] > 0, "比例不符")
                share = Fraction(*one["ratio"])
                expect(0 <= share <= 1 and [share.numerator, share.denominator] == one["ratio"], "比例不规范")
        for one in rules["sources"]:
            kept = {"commitment": str} if one.get("encoding") in KINDS[2:] else {}
            shape(one, describes=str, encoding=str, label=str, not_before=str, **kept)
            texts += [one["label"], one["describes"]]
            expect(one["encoding"] in KINDS and time(one["not_before"]), "随机源编码不符")
            expect(not kept or HEX64(one["commitment"]), f"「{one['label']}」的承诺不规范")
        for many in ([one["stratum"] for one in rules["strata"]], [one["label"] for one in rules["sources"]]):
            expect(many and len(set(many)) == len(many), "层或随机源为空或重复")
        expect(all(map(PLAIN, texts)), "文字为空或含控制字符")
        expect(len(rules["window"]) == 2 and rules["window"] == sorted(rules["window"]), "检查时间段不符")
        for day in rules["window"]:
            time(day + "T00:00:00Z")
        name, least, notaries, most = LEVELS[rules["level"]]
        kinds = [one["encoding"] for one in rules["sources"]]
        outside = sum(kind in OUTSIDE for kind in kinds)
        expect(least <= outside <= most and kinds.count("notary") >= notaries, "见证人的数量与级别不符")
        expect(kinds == ["system"] if rules["level"] == "quick" else "system" not in kinds and outside < len(kinds),
            "随机源与级别不符")
        self.due = min((one["not_before"] for one in rules["sources"] if one["encoding"] in KINDS[:2]), default="")
        expect(all(one["not_before"] < self.due for one in rules["sources"] if one["encoding"] in OUTSIDE),
            "见证人揭示的时间不早于公开的随机源")
        return f"{rules['draw_id']}「{rules['title']}」，{name}，{len(rules['strata'])} 层，规范 {rules['profile']}"

    def lists(self) -> str:
        roster = rows(self.files["roster.tsv"], 3)
        self.groups: dict[str, tuple[list[str], list[int]]] = {
            one["stratum"]: ([], []) for one in self.rules["strata"]}
        for one, stratum, weight in roster:
            if not HEX64(one) or stratum not in self.groups:
                raise Wrong(f"名册编号或层不符：{one}")
            self.groups[stratum][0].append(one)
            self.groups[stratum][1].append(whole(weight))
        ids = [row[0] for row in roster]
        rising(ids, "名册")
        self.root = merkle(self.start,
            (b"\0\0\0@" + one.encode() + framed(stratum) + framed(weight) for one, stratum, weight in roster))
        self.known = set(ids)
        covered = [row[0] for row in rows(self.files["coverage.tsv"], 1)]
        rising(covered, "覆盖名单")
        expect(self.known.issuperset(covered), "覆盖名单中有不在名册的编号")
        self.covered = set(covered)
        left_out = [tuple(row) for row in rows(self.files["exclusions.tsv"], 3)]
        rising([row[0] for row in left_out], "排除名单")
        self.excluded = {row[0] for row in left_out}
        expect(
            all(map(HEX64, self.excluded)) and not self.excluded & self.known, "排除名单编号不符或仍在名册")
        self.edges = [
            (target, officer, whole(x)) for target, officer, x in rows(self.files["officers.tsv"], 3)]
        rising([edge[:2] for edge in self.edges], "派遣概率表")
        sums: Counter[str] = Counter()
        for target, officer, x in self.edges:
            if target not in self.known or not HEX64(officer) or not 1 <= x <= MILLION:
                raise Wrong(f"派遣概率不符：{target}")
            sums[target] += x
        expect(all(x % MILLION == 0 and x >= 2 * MILLION for x in sums.values()), "派遣概率之和不符")
        for name, leaves in (("coverage", [(one,) for one in covered]), ("exclusions", left_out),
                ("officers", [(target, officer, str(x)) for target, officer, x in self.edges])):
            found = merkle(self.start, (b"".join(map(L, leaf)) for leaf in leaves))
            expect(found == self.rules[name + "_root"], f"{name}.tsv 的根与规则不符")
        return (
            f"名册 {len(ids)} 个对象，待覆盖 {len(covered)} 个，排除 {len(left_out)} 个，各名单的根与规则一致")

    def commitment(self) -> str:
        self.promise = shape(parsed(self.files["commitment.json"]), committed_at=str, draw_id=str,
            objects=int, profile=str, root=str, rules_hash=str)
        self.rules_hash = self.start(self.files["rules.json"]).digest()
        for name, value in (("root", self.root), ("rules_hash", self.rules_hash.hex()),
                ("objects", len(self.known)), ("draw_id", self.rules["draw_id"]),
                ("profile", self.rules["profile"])):
            expect(self.promise[name] == value, f"承诺的 {name} 与名册、规则算出的不符")
        self.promised = time(self.promise["committed_at"])
        expect(all(self.promised < one["not_before"] for one in self.rules["sources"]),
            "公布的随机源时间不晚于承诺")
        return f"根 {self.root[:16]}…，承诺于{beijing(self.promised)}"

    def seal(self) -> str:
        note, proofs = self.files["checkpoint.txt"].decode(), parsed(self.files["proofs.json"])
        self.told: dict[str, Any] | None = None
        if proofs is None:
            expect(not note and not self.key, "缺少收录证明")
            return "本包未附日志的收录证明，承诺的先后请另行查证"
        shape(proofs, events=list, vkey=str)
        expect(self.key in ("", proofs["vkey"]), "日志公钥与 --key 给出的不同")
        size, root = opened_note(note, proofs["vkey"])
        sealed: set[str] = set()
        self.told = {}
        rising([shape(one, event=dict, index=int, proof=list, salt=str)["index"] for one in proofs["events"]], "事件")
        for one in proofs["events"]:
            expect(HEX(one["salt"]) and all(type(x) is str and HEX64(x) for x in one["proof"]), "证明不规范")
            leaf = hashlib.sha256(b"\0" + bytes.fromhex(one["salt"]) + canon(one["event"])).digest()
            expect(included(leaf, one["index"], size, list(map(bytes.fromhex, one["proof"]))) == root,
                f"第 {one['index']} 号事件不在检查点之下")
            told = one["event"]["data"]
            if "value" in told:
                expect("commitment.json" in sealed, "揭示早于承诺")
                self.told[told["label"]] = told["value"], told["published_at"]
            for name, value in told.get("files", {}).items():
                expect(name in FILES and hashlib.sha256(self.files[name]).hexdigest() == value,
                    f"事件所记的 {name} 不符")
                sealed.add(name)
        expect("commitment.json" in sealed, "没有事件记载本次承诺")
        return f"{len(proofs['events'])} 个事件在日志 {size} 条的检查点之下，Ed25519 签名成立；公钥 {proofs['vkey']}"

    def sources(self) -> str:
        values = parsed(self.files["sources.json"])
        self.given = parsed(self.files["selection.json"])
        self.seed = b""
        announced = {one["label"]: one for one in self.rules["sources"]}
        labels = [shape(one, confirmed_by=str, entered_by=str, label=str, published_at=str, value=str)["label"]
            for one in values]
        if self.given is None:
            given = [label for label, rule in announced.items() if rule["encoding"] in KINDS[2:] and label in labels]
            expect(labels == given, "抽取前只能有见证人的揭示")
            self.drawn_at = "9"  # later than any time: not drawn yet
        else:
            expect(labels == list(announced), "随机源与公布的不一致")
            expect(type(self.given) is dict and type(self.given.get("drawn_at")) is str, "抽取时间缺失")
            self.drawn_at = time(self.given["drawn_at"])
        mixed, missing = b"", 0
        for one in values:
            rule = announced[one["label"]]
            if self.given is not None and rule["encoding"] in OUTSIDE and not any(
                    one[name] for name in one if name != "label"):
                missing += 1
                continue
            mixed += L(L(one["label"]) + L(self.value(one, rule)))
        if self.given is None:
            return "尚未抽取" + (f"，{len(values)} 项承诺已揭示" if values else "")
        self.seed = self.start(
            b"dr/1/seed" + L(self.rules["draw_id"]) + L(bytes.fromhex(self.root)) + L(self.rules_hash) + mixed).digest()
        outside = sum(rule["encoding"] in OUTSIDE for rule in announced.values())
        said = f"，见证人 {outside} 名，其中 {missing} 名未揭示（不计入种子）" if outside else ""
        return f"{len(values) - missing} 个随机源晚于承诺，双人录入{said}，种子 {self.seed.hex()[:16]}…"

    def value(self, one: Any, rule: Any) -> bytes:
        """The bytes that enter the seed, of a value that came in time, from two, as announced or committed."""
        label, value, kind, at = one["label"], one["value"], rule["encoding"], time(one["published_at"])
        expect(self.promised < at and rule["not_before"] <= at <= self.drawn_at,
            f"「{label}」的时间不在承诺与抽取之间")
        expect(PLAIN(one["entered_by"]) and PLAIN(one["confirmed_by"])
            and one["entered_by"] != one["confirmed_by"], f"「{label}」须由两人录入、复核")
        if kind in KINDS[:2]:
            expect(PLAIN(value) and (kind == "utf8" or HEX(value)), f"「{label}」的值不合编码")
            return bytes.fromhex(value) if kind == "hex" else value.encode()
        expect(REVEAL(value), f"「{label}」的值不合编码")
        both = b"".join(L(bytes.fromhex(part)) for part in value.split(":"))
        expect(self.start(b"dr/1/witness" + L(label) + both).digest().hex() == rule["commitment"],
            f"「{label}」与事先承诺的摘要不符")
        expect(kind not in OUTSIDE or (at < self.due and one["confirmed_by"] == label),
            f"「{label}」不是在公开的随机源之前揭示")
        expect(self.told is None or self.told.get(label) == (value, one["published_at"]),
            f"没有事件记载「{label}」的揭示")
        return both

    def parts(self) -> Iterator[tuple[Any, list[str], list[int], Fraction, list[int], int]]:
        """(rule, ids, weights, wanted, positions to cover, how many of these) per stratum."""
        for rule in self.rules["strata"]:
            ids, weights = self.groups[rule["stratum"]]
            wanted = Fraction(rule["n"]) if rule["ratio"] is None else Fraction(*rule["ratio"]) * len(ids)
            todo = [at for at, one in enumerate(ids) if one in self.covered] if rule["coverage"] else []
            cycle = self.rules["cycle"]
            yield (rule, ids, weights, wanted, todo,
                -(-len(todo) // (cycle["draws"] - cycle["number"] + 1)) if todo else 0)

    def chances(self) -> str:
        lines = []
        self.masses = []
        for rule, _, weights, wanted, todo, cover in self.parts():
            mass, base = masses(rule["method"], weights, wanted)
            self.masses.append((mass, base))
            marks = bytearray(len(weights))
            for at in todo:
                marks[at] = 1
            kinds = Counter(zip(weights, marks, mass))
            for (weight, mark, part), count in sorted(kinds.items()):
                chance = 1 - (1 - Fraction(part, base)) * (1 - Fraction(cover if mark else 0, len(todo) or 1))
                lines.append(
                    f"{rule['stratum']}\t{weight}\t{mark}\t{count}\t{chance.numerator}/{chance.denominator}\n")
        expect("".join(lines).encode() == self.files["chances.tsv"], "chances.tsv 与规则、名册算出的不符")
        return f"{len(lines)} 类对象的概率逐一算出，与公布的一致"

    def drawing(self) -> str:
        if self.given is None:
            return "尚未抽取"
        dice = self.dice = Dice(self.start, self.seed)
        parts, orders, shared = list(self.parts()), [], []
        chosen: list[set[int]] = []
        for number, (rule, ids, _, wanted, _, _) in enumerate(parts):
            mass, base = self.masses[number]
            orders.append(dice.order(rule["stratum"], ids))
            chosen.append(set())
            if wanted.denominator > 1:
                shared.append(number)
            elif rule["method"] == "equal":
                chosen[-1] = set(orders[-1][: int(wanted)])
            else:
                chosen[-1] = walk(((at, mass[at]) for at in orders[-1]), base, dice.coin(rule["stratum"]))
        base = 1
        for number in shared:
            base = base * self.masses[number][1] // math.gcd(base, self.masses[number][1])
        line = [((number, at), self.masses[number][0][at] * (base // self.masses[number][1]))
            for number in shared for at in orders[number]]
        line.append(((-1, -1), -sum(mass for _, mass in line) % base))
        for number, at in walk(line, base, dice.coin(UNIT + "ratio")):
            if number >= 0:
                chosen[number].add(at)
        strata = []
        for (rule, ids, weights, wanted, todo, cover), order, picked in zip(parts, orders, chosen):
            streams = []
            if todo:
                label = rule["stratum"] + UNIT + "coverage"
                turn = [todo[at] for at in dice.order(label, [ids[at] for at in todo])]
                streams.append(self.stream(
                    "coverage", label, "equal", rule, ids, turn, set(turn[:cover]), Fraction(cover)))
            able = [at for at in order if weights[at] or rule["method"] == "equal"]
            streams.append(
                self.stream("open", rule["stratum"], rule["method"], rule, ids, able, picked, wanted))
            drawn = sorted({one for stream in streams for one, _ in stream["drawn"]})
            strata.append(
                {"drawn": drawn, "objects": len(ids), "streams": streams, "stratum": rule["stratum"]})
        self.strata = strata
        found = {"draw_id": self.rules["draw_id"], "drawn_at": self.drawn_at,
            "profile": self.rules["profile"], "seed": self.seed.hex(), "strata": strata}
        expect(canon(found) == self.files["selection.json"], "selection.json 与重算的抽取不符")
        return f"重算抽中 {sum(len(one['drawn']) for one in strata)} 个对象，逐字节一致"

    def stream(self, name: str, label: str, method: str, rule: Any, ids: list[str], order: list[int],
            picked: set[int], wanted: Fraction) -> dict[str, Any]:
        drawn = [ids[at] for at in order if at in picked]
        spare = [ids[at] for at in order if at not in picked][: rule["reserves"]]
        pairs = [[[one, t.hex()] for one, t in zip(many, self.dice.tickets(label, many))]
            for many in (drawn, spare)]
        bar = pairs[0][-1][1] if pairs[0] and method == "equal" and wanted.denominator == 1 else None
        return {"drawn": pairs[0], "expected": f"{wanted.numerator}/{wanted.denominator}", "label": label,
            "method": method, "reserves": pairs[1], "stream": name, "threshold": bar}

    def assignment(self) -> str:
        found = None
        if self.given is not None and self.edges:
            teams: dict[str, list[str]] = {
                one: [] for one in sorted(x for s in self.strata for x in s["drawn"])}
            edges = [edge for edge in self.edges if edge[0] in teams]
            sent = rounded(edges, self.dice.coin(UNIT + "officers"))
            for target, officer, _ in edges:
                teams[target].append(officer)
            found = []
            for target, able in teams.items():
                rest = [one for one in able if (target, one) not in sent]
                order = self.dice.order(f"{UNIT}officers{UNIT}{target}", rest)
                found.append({"officers": [one for one in able if (target, one) in sent],
                    "reserves": [rest[at] for at in order], "target": target})
        expect(canon(found) == self.files["assignment.json"], "assignment.json 与重算的派遣不符")
        return "本次不派遣执法人员" if found is None else f"重算 {len(found)} 个对象的执法人员，逐字节一致"

    def changes(self) -> str:
        made = parsed(self.files["changes.json"])
        expect(type(made) is list and not (made and self.given is None), "尚未抽取，不得替换")
        streams = {(one["stratum"], stream["stream"]): stream for one in (self.strata if made else [])
            for stream in one["streams"]}
        active = {key: {one for one, _ in stream["drawn"]} for key, stream in streams.items()}
        used, last = set().union(*active.values()) if active else set(), self.drawn_at if made else ""
        for one in made:
            shape(one, at=str, document=str, out=str, reason=str, stratum=str, stream=str,
                **{"in": (str, type(None))})
            key = (one["stratum"], one["stream"])
            expect(last <= time(one["at"]) and PLAIN(one["reason"]) and PLAIN(one["document"]),
                "替换的时间、事由、文号不符")
            expect(one["out"] in active.get(key, ()), f"被替换的对象不在抽中之列：{one['out']}")
            turn = next((spare for spare, _ in streams[key]["reserves"] if spare not in used), None)
            expect(one["in"] == turn, f"递补的不是下一个备选：{one['in']}")
            for ids in active.values():
                ids.discard(one["out"])
            active[key] |= {turn} - {None}
            used, last = used | {turn}, one["at"]
        return f"{len(made)} 次替换，均由下一个备选递补"

    def void(self) -> str:
        value = parsed(self.files["void.json"])
        if value is None:
            return "本次抽取有效"
        shape(value, document=str, explanation=str, reason=str, voided_at=str)
        expect(all(map(PLAIN, value.values())) and time(value["voided_at"]) >= self.promised,
            "作废的说明或时间不符")
        return f"注意：本次抽取{beijing(value['voided_at'])} 作废（{value['reason']}，{value['document']}），不得据以检查"

    def names(self) -> str:
        opened = rows(self.files["opened.tsv"], 3)
        rising([row[0] for row in opened], "公开名单")
        for one, code, salt in opened:
            expect(HEX(salt) and len(salt) >= 32, f"盐值不规范：{code}")
            expect(self.start(b"dr/1/id" + L(bytes.fromhex(salt)) + L(code)).digest().hex() == one,
                f"「{code}」算不出编号 {one}")
            expect(one in self.known or one in self.excluded, f"「{code}」的编号不在已承诺的名单")
        return f"已公开 {len(opened)} 个名称，均为承诺过的编号"


STEPS = {"清单": Check.manifest, "规则": Check.announced, "名单": Check.lists, "承诺": Check.commitment,
    "存证": Check.seal, "随机源": Check.sources, "概率": Check.chances, "抽取": Check.drawing,
    "派遣": Check.assignment, "替换": Check.changes, "作废": Check.void, "名称": Check.names}


def run(files: dict[str, bytes], key: str = "") -> Iterator[tuple[bool, str, str]]:
    """(holds, the step's Chinese name, text) step by step, ending after the first that fails."""
    check = Check(files, key)
    for name, step in STEPS.items():
        try:
            yield True, name, step(check)
        except Wrong as error:
            yield False, name, str(error)
            return
        except Exception as error:  # whatever malformed data provokes is a failed step, never a traceback
            yield False, name, f"数据不规范（{type(error).__name__}: {error}）"
            return


def witnessed(label: str, profile: str = "dr/1") -> tuple[str, str]:
    """A fresh commitment and the value that reveals it, for an outside witness on a machine of his own."""
    secret, nonce = secrets.token_bytes(16), secrets.token_bytes(16)
    commitment = starter(profile)(b"dr/1/witness" + L(label) + L(secret) + L(nonce)).digest().hex()
    return commitment, f"{secret.hex()}:{nonce.hex()}"


def main(argv: Sequence[str]) -> int:
    args = list(argv)
    key = args.pop(args.index("--key") + 1) if "--key" in args[:-1] else ""
    args = [one for one in args if one != "--key"]
    path = Path(args[0]) if args else Path(__file__).resolve().parent

    def say(text: str) -> None:
        sys.stdout.write(text.encode("utf-8", "backslashreplace").decode() + "\n")

    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(encoding="utf-8")
    if args[:1] == ["--witness"] and len(args) > 1:
        commitment, value = witnessed(*args[1:3])
        say(f"见证人：{args[1]}\n承诺（抽取公告前交出）：{commitment}\n揭示（承诺公布之后、公开随机源之前才交出）：{value}")
        return 0
    collects = gc.isenabled()
    gc.disable()  # nothing here makes cycles worth collecting
    try:
        return checked(path, key, say)
    finally:
        if collects:
            gc.enable()


def checked(path: Path, key: str, say: Callable[[str], None]) -> int:
    try:
        files = read(path)
    except (FileNotFoundError, PermissionError) as error:
        say(f"✗ 读取：{error}")
        return 2
    except Wrong as error:
        say(f"✗ 读取：{error}")
        return 1
    except Exception:
        say("✗ 读取：不是完好的 ZIP，也不是文件夹；请重新下载 bundle.zip 再复核")
        return 1
    for number, (holds, name, text) in enumerate(run(files, key), 1):
        say(f"{'✓' if holds else '✗'} {number:2} {name}：{text}")
        if not holds:
            return 1
    say("全部相符。")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
