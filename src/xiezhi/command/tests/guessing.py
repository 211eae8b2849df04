"""What someone tries who has everything published and the full list of codes: names in the text, and guessed hashes."""

import base64
import contextlib
import hashlib
import hmac
import html
import re
import zlib
from collections.abc import Iterable, Iterator
from urllib.parse import unquote

HEX = re.compile(r"(?<![0-9a-fA-F])[0-9a-fA-F]{16,}(?![0-9a-fA-F])")
WORDS = re.compile(r"[\w〔〕:.+/=-]{2,80}")
BASE64 = re.compile(r"[A-Za-z0-9+/]{20,}={0,2}|[A-Za-z0-9_-]{20,}")
ALL = ("sha256", "sm3", "sha1", "md5")
Moment = dict


def texts(moment: Moment) -> Iterator[tuple[str, str]]:
    """(address, text) of every page, of every file in a published bundle, and of what is no text as hex."""
    for page in moment["pages"]:
        yield page["path"], page["path"]
        if "body" in page:
            yield page["path"], page["body"]
        for name, text in page.get("files", {}).items():
            yield f"{page['path']}!{name}", text
        if "base64" in page and "files" not in page:
            data = base64.b64decode(page["base64"])
            # Tiles of the log are hashes of 32 bytes, one after another.
            yield page["path"], " ".join(data[at : at + 32].hex() for at in range(0, len(data), 32))


def unwrapped(text: str) -> Iterator[str]:
    """The text, and what is left of it without the usual escapes."""
    yield text
    yield html.unescape(text)
    yield unquote(text)
    yield re.sub(r"\\u([0-9a-fA-F]{4})", lambda one: chr(int(one[1], 16)), text)
    yield " ".join(_decoded(BASE64.findall(text)))


def _decoded(words: Iterable[str]) -> Iterator[str]:
    for word in words:
        data = unbase64(word)
        yield data.decode("utf-8", "replace")
        # Places in lists travel signed and compressed; anyone can read them.
        with contextlib.suppress(zlib.error):
            yield zlib.decompress(data).decode("utf-8", "replace")


def unbase64(word: str) -> bytes:
    """What a word of base64 (of either alphabet) says, as far as whole bytes go."""
    plain = word.rstrip("=").replace("-", "+").replace("_", "/")
    plain = plain[:-1] if len(plain) % 4 == 1 else plain
    return base64.b64decode(plain + "=" * (-len(plain) % 4))


def named(moment: Moment, secrets: Iterable[str]) -> dict[str, str]:
    """Secret → an address at which it stands, in whatever usual escape."""
    wanted, found = set(secrets), {}
    for where, text in texts(moment):
        for plain in unwrapped(text):
            for one in wanted:
                if one in plain:
                    found[one] = where
    return found


def ids(moment: Moment) -> set[str]:
    """Every hexadecimal string that was published, lower case: opaque ids among them."""
    return {one.lower() for _where, text in texts(moment) for one in HEX.findall(text)}


def public_values(moment: Moment, *, without: Iterable[str] = ()) -> set[bytes]:
    """Whatever might have been taken for a salt: hex as bytes and as text, base64, and the words of the draw's files.

    without   opaque ids: each is made from a salt, none is one
    """
    hexes = ids(moment) - set(without)
    found = {b"", *(one.encode() for one in hexes), *(bytes.fromhex(one) for one in hexes if len(one) % 2 == 0)}
    for where, text in texts(moment):
        if where.endswith((".json", "checkpoint.txt", "/log/checkpoint", "/log/keys")) and "!" in where:
            found |= {word.encode() for word in WORDS.findall(text) if not HEX.fullmatch(word)}
            found |= {unbase64(word) for word in BASE64.findall(text)}
    return found


def framed(data: bytes) -> bytes:
    return len(data).to_bytes(4, "big") + data


def opaque(salt: bytes, code: bytes, name: str = "sha256") -> str:
    """The id of docs/dr-1.md §2."""
    return hashlib.new(name, b"dr/1/id" + framed(salt) + framed(code)).hexdigest()


def guesses(salt: bytes, code: bytes) -> Iterator[str]:
    """Ids that a careless house might have made from a code and a value that everyone knows."""
    for name in ("sha256", "sm3"):
        yield opaque(salt, code, name)
        yield hashlib.new(name, salt + code).hexdigest()
    # One secret a draw makes the salts (HMAC of the code): were it a public value, this would find it.
    mac = hmac.digest(salt, code, "sha256")
    yield opaque(mac, code)
    yield mac.hex()
    yield hashlib.sha256(code + salt).hexdigest()


def resolved(published: set[str], salts: Iterable[bytes], codes: Iterable[str]) -> dict[str, str]:
    """Published id → code, for every guess that hits."""
    plain = [code.encode() for code in codes]
    found = {
        hashlib.new(name, code).hexdigest(): code.decode()
        for code in plain
        for name in ALL
        if hashlib.new(name, code).hexdigest() in published
    }
    for salt in salts:
        for code in plain:
            for guess in guesses(salt, code):
                if guess in published:
                    found[guess] = code.decode()
    return found
