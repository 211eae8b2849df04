"""Checks a proof that one event stands in a sealed record. Needs Python 3.9 or newer and nothing else.

    python3 -I check_event.py PROOF.json [--key VKEY]

PROOF.json: {"format": "xiezhi-event-proof/1", "event": text, "salt": hex, "proof": C2SP tlog-proof, "vkey": key}.
Leaf = SHA-256(0x00, salt, event); RFC 9162 inclusion; a C2SP signed checkpoint (Ed25519). Without --key the
signature only shows who claims to have signed: take the key from where the log's owner published it.
"""

import base64
import hashlib
import json
import sys
from collections.abc import Iterator
from typing import Any

P, Q = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P)


def expect(holds: object, text: str) -> None:
    if not holds:
        raise ValueError(text)


def add(a: Any, b: Any) -> Any:
    (x1, y1, z1, t1), (x2, y2, z2, t2) = a, b
    e, f = (y1 - x1) * (y2 - x2) % P, (y1 + x1) * (y2 + x2) % P
    g, h = 2 * t1 * t2 * D % P, 2 * z1 * z2 % P
    e, f, g, h = f - e, h - g, h + g, f + e
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(n: int, p: Any) -> Any:
    total = (0, 1, 1, 0)
    while n:
        total = add(total, p) if n & 1 else total
        p, n = add(p, p), n >> 1
    return total


def point(data: bytes) -> Any:
    y = int.from_bytes(data, "little")
    y, sign = y & (1 << 255) - 1, y >> 255
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    x = x if x * x % P == square else x * pow(2, (P - 1) // 4, P) % P
    expect(y < P and x * x % P == square and (x or not sign), "公钥不在曲线上")
    x = P - x if x & 1 != sign else x
    return x, y, 1, x * y % P


def signed(key: bytes, message: bytes, signature: bytes) -> bool:
    s = int.from_bytes(signature[32:], "little")
    if len(signature) != 64 or s >= Q:
        return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % Q
    x, y, z, t = point(key)
    base = point((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))
    x, y, z, t = add(times(s, base), times(h, (-x % P, y, z, -t % P)))
    x, y = x * pow(z, P - 2, P) % P, y * pow(z, P - 2, P) % P
    return bool((y | (x & 1) << 255).to_bytes(32, "little") == signature[:32])


def b64(text: str) -> bytes:
    data = base64.b64decode(text.encode(), validate=True)
    expect(base64.b64encode(data).decode() == text, "base64 不规范")
    return data


def opened(note: str, vkey: str) -> tuple[str, int, bytes]:
    """(origin, size, root) of a checkpoint that ``vkey`` signed."""
    name, number, encoded = vkey.split("+", 2)
    key = b64(encoded)
    expect(len(key) == 33 and key[0] == 1, "日志公钥不规范")
    expect(hashlib.sha256(name.encode() + b"\n" + key).hexdigest()[:8] == number, "日志公钥的编号不符")
    text, _, tail = note.rpartition("\n\n")
    good, lines = False, tail.split("\n")
    expect(lines.pop() == "" and lines, "检查点没有签名")
    for line in lines:
        dash, signer, value = line.split(" ")
        data = b64(value)
        ours = dash == "—" and signer == name and data[:4].hex() == number
        good = good or (ours and signed(key[1:], (text + "\n").encode(), data[4:]))
    expect(good, "检查点的签名不成立")
    origin, size, root = text.split("\n")[:3]
    expect(size.isdigit() and str(int(size)) == size, "检查点的大小不规范")
    return origin, int(size), b64(root)


def included(leaf: bytes, index: int, size: int, hashes: list[bytes]) -> bytes:
    expect(0 <= index < size, "位置超出日志")
    node, f, s = leaf, index, size - 1
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


def check(given: Any, key: str = "") -> Iterator[str]:
    """The steps as text, one at a time; ValueError at the first that does not hold."""
    expect(given["format"] == "xiezhi-event-proof/1", "不是本程序认识的证明")
    event = json.loads(given["event"])
    yield f"事件 {event['id']}：{event['type']}，{event['recorded_at']}"
    head, _, note = given["proof"].partition("\n\n")
    lines = head.split("\n")
    expect(lines[0] == "c2sp.org/tlog-proof@v1" and lines[1].startswith("index "), "证明不是 C2SP tlog-proof")
    expect(not key or key == given["vkey"], "证明所附公钥不是已知的公钥")
    origin, size, root = opened(note, given["vkey"])
    yield f"检查点 {origin}，共 {size} 个事件，签名成立" + ("" if key else "（公钥未另行核对）")
    leaf = hashlib.sha256(b"\0" + bytes.fromhex(given["salt"]) + given["event"].encode()).digest()
    index = int(lines[1][6:])
    expect(included(leaf, index, size, [b64(line) for line in lines[2:]]) == root, "事件不在检查点之下")
    yield f"事件是其中第 {index} 个，一字未改"


def main(arguments: list[str]) -> int:
    if len(arguments) not in (1, 3) or (len(arguments) == 3 and arguments[1] != "--key"):
        sys.stdout.write(f"{__doc__}\n")
        return 2
    try:
        with open(arguments[0], encoding="utf-8") as file:
            given = json.load(file)
        for text in check(given, arguments[2] if len(arguments) == 3 else ""):
            sys.stdout.write(f"✓ {text}\n")
    except (OSError, ValueError, KeyError, TypeError, AttributeError, IndexError, OverflowError) as error:
        sys.stdout.write(f"✗ {error}\n")
        return 1
    sys.stdout.write("成立\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
