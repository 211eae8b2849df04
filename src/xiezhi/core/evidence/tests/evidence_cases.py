"""A visit of two devices, sealed by a log of its own; every key is made from a number, nothing is random."""

import hashlib

from cryptography.hazmat.primitives.asymmetric import ec

from xiezhi.core import canonical
from xiezhi.core.evidence import device, export, receipts, statement
from xiezhi.core.evidence.manifest import Clock, Manifest, NoPosition, Origin, Position
from xiezhi.core.tlog import checkpoint, merkle, note, proof

VISIT = "0193a000-0000-7000-8000-000000000001"
PHONES = {
    "0193a000-0000-7000-8000-00000000000a": ec.derive_private_key(11, ec.SECP256R1()),
    "0193a000-0000-7000-8000-00000000000b": ec.derive_private_key(12, ec.SECP256R1()),
}
FIRST, SECOND = PHONES
LOG = note.SignerKey("record.example.org/log", note.ED25519, bytes(range(32)))
VKEY = LOG.verifier.encode()
OFFICERS = ("0193a000-0000-7000-8000-0000000000c1", "0193a000-0000-7000-8000-0000000000c2")
HERE = Position(324_500_000, 1_199_100_000, 850, "WGS84", "device", "2026-11-24T01:59:30.000Z")
SYNCED = Clock(-1200, "2026-11-24T00:30:00.000Z")


def item_id(number):
    return f"0193a000-0000-7000-8000-{number:012x}"


def public(phone):
    return device.public_bytes(PHONES[phone].public_key())


def content(number):
    return b"photo %d" % number


def manifest(number=1, phone=FIRST, seq=1, prev=None, **other):
    data = content(number)
    given = {
        "item": item_id(number), "visit": VISIT, "device": phone, "key": device.key_id(public(phone)), "seq": seq,
        "prev": prev, "kind": "audiovisual", "media_type": "image/jpeg", "size": len(data),
        "sha256": hashlib.sha256(data).hexdigest(), "taken_at": f"2026-11-24T02:00:{seq:02}.000Z", "clock": SYNCED,
        "position": HERE, "officers": OFFICERS, "derived_from": None, "app": "1.0.0+abc",
    }  # fmt: skip
    return Manifest(**{**given, **other})


def chain(numbers, phone=FIRST, **other):
    found = []
    for seq, number in enumerate(numbers, 1):
        found.append(manifest(number, phone, seq, found[-1].digest if found else None, **other))
    return found


def visit():
    """Three items of the first phone, the third a watermarked copy of its second; two of the second phone."""
    first = chain([0x101, 0x102])
    copy = Origin(first[1].item, first[1].digest, "watermark")
    first.append(manifest(0x103, FIRST, 3, first[1].digest, derived_from=copy))
    return first + chain([0x201, 0x202], SECOND, clock=None, position=NoPosition("denied"))


def closing(chain_):
    last = chain_[-1]
    return device.Closing(VISIT, last.device, last.key, last.seq, last.digest, "2026-11-24T03:00:00.000Z")


def closings(manifests):
    by_phone = {phone: [one for one in manifests if one.device == phone] for phone in PHONES}
    return [closing(found) for found in by_phone.values() if found]


def signed(document):
    return device.sign(PHONES[document.device], document.format, document.encode())


def entries(manifests, received_at="2026-11-24T04:00:00.000Z"):
    """Items with receipts, and proofs from a log that holds one event of each."""
    made = []
    for one in manifests:
        signature = signed(one)
        made.append((one, signature, receipts.sign(receipts.receipt(one, signature, received_at), LOG)))
    events = [
        canonical.encode({
            "type": "evidence.received",
            "data": {"manifest": one.digest, "receipt": receipts.digest(receipt)},
        })
        for one, _, receipt in made
    ]  # fmt: skip
    leaves = [merkle.leaf_hash(bytes(16) + event) for event in events]
    root = merkle.root_of(leaves)
    head = checkpoint.sign(checkpoint.Checkpoint(LOG.name, len(leaves), root), [LOG])

    def read(level, index):
        return merkle.root_of(leaves[index << level : (index + 1) << level])

    found = []
    for index, (one, signature, receipt) in enumerate(made):
        path = tuple(merkle.inclusion_proof(index, len(leaves), read))
        given = {
            "format": "xiezhi-event-proof/1", "event": events[index].decode(), "salt": bytes(16).hex(),
            "proof": proof.TlogProof(index, path, head).encode().decode(), "vkey": VKEY,
        }  # fmt: skip
        found.append(export.Entry(one, signature, receipt, given))
    return found


def stated(manifests, closed):
    return statement.sign(statement.statement(VISIT, manifests, closed, "2026-11-24T05:00:00.000Z"), LOG)


def folder(manifests=None, closed=None, made=None, said=None):
    """The export as bytes by name, originals included."""
    manifests = visit() if manifests is None else manifests
    made = entries(manifests) if made is None else made
    closed = closings(manifests) if closed is None else closed
    keys = {phone: public(phone) for phone in PHONES if any(one.device == phone for one in manifests)}
    ends = [export.Closed(one, signed(one)) for one in closed]
    said = stated(manifests, closed) if said is None else said
    files = export.files(VISIT, made, ends, keys=keys, log_keys=[VKEY], statement=said)
    return files | {export.original(one.item): content(int(one.item[-4:], 16)) for one in manifests}


def written(files, path):
    for name, data in files.items():
        target = path / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
    return path


def reindexed(files):
    """visit.json written anew over altered files, as a forger would."""
    index = canonical.decode(files[export.INDEX])
    index["files"] = [
        {"name": name, "sha256": hashlib.sha256(data).hexdigest(), "size": len(data)}
        for name, data in sorted(files.items())
        if name != export.INDEX
    ]
    return files | {export.INDEX: canonical.encode(index)}


def without(files, item):
    return {name: data for name, data in files.items() if not name.startswith(f"items/{item}/")}
