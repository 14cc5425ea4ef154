#!/usr/bin/env python3
"""The second verifier of Weiting's record: receipts, bundles, and whether they contradict each other.

Written from docs/record-format.md alone, with nothing but Python's standard library. Usage:

    verify.py [--key KEY] [--apart] [--json] FILE...

FILE is a bundle (.zip), a receipt or a checkpoint. --key is the court's public key as it published it; --apart does not hold one file against
the other. Exits 1 when anything is wrong.
"""

import base64
import hashlib
import json
import re
import struct
import sys
import zlib

# ---- Ed25519 (RFC 8032), verification only

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT = pow(2, (P - 1) // 4, P)


def recover_x(y, sign):
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT % P
    if (x * x - square) % P or (x == 0 and sign):
        return None
    return P - x if x & 1 != sign else x


def point(data):
    y = int.from_bytes(data, "little")
    x = recover_x(y & (2**255 - 1), y >> 255)
    y &= 2**255 - 1
    return None if x is None else (x, y, 1, x * y % P)


def add(p, q):
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % P, (p[1] + p[0]) * (q[1] + q[0]) % P
    c, d = 2 * p[3] * q[3] * D % P, 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(number, p):
    q = (0, 1, 1, 0)
    while number:
        if number & 1:
            q = add(q, p)
        p, number = add(p, p), number >> 1
    return q


BASE_Y = 4 * pow(5, P - 2, P) % P
BASE = (recover_x(BASE_Y, 0), BASE_Y, 1, recover_x(BASE_Y, 0) * BASE_Y % P)


def signed_by(key, text, signature):
    if len(signature) != 64:
        return False
    a, r, s = point(key), point(signature[:32]), int.from_bytes(signature[32:], "little")
    if a is None or r is None or s >= L:
        return False
    k = int.from_bytes(hashlib.sha512(signature[:32] + key + text).digest(), "little") % L
    left, right = times(s, BASE), add(r, times(k, a))
    return (left[0] * right[2] - right[0] * left[2]) % P == 0 and (left[1] * right[2] - right[1] * left[2]) % P == 0


# ---- texts


def sha(data):
    return hashlib.sha256(data).digest()


def hexadecimal(text):
    return bytes.fromhex(text) if re.fullmatch("[0-9a-f]{64}", text) else None


def decimal(text):
    return int(text) if re.fullmatch("0|[1-9][0-9]{0,19}", text) and int(text) < 2**64 else None


def base(text):
    try:
        data = base64.b64decode(text.encode("ascii"), validate=True)
    except ValueError:
        return None
    return data if base64.b64encode(data).decode() == text else None


def fit(name):
    return bool(name) and not any(c.isspace() or c == "+" or is_control(c) for c in name)


def is_control(char):
    return ord(char) < 32 or 127 <= ord(char) < 160


class Key:
    def __init__(self, text):
        name, ident, key = text.split("+", 2)
        data = base(key)
        if not fit(name) or data is None or len(data) != 33 or data[0] not in (1, 4):
            raise ValueError("not a key")
        self.name, self.kind, self.key, self.text = name, data[0], data[1:], text
        self.id = sha(name.encode() + b"\n" + data)[:4]
        if self.id.hex() != ident:
            raise ValueError("not the key's id")


def read_key(text):
    try:
        return Key(text)
    except ValueError:
        return None


def read_note(text):
    """The signed text, and the signature lines as (name, bytes); None when it is no note."""
    cut = text.rfind("\n\n")
    if cut < 0 or not text.endswith("\n") or any(is_control(c) and c != "\n" for c in text[: cut + 1]):
        return None
    lines = []
    for line in text[cut + 2 : -1].split("\n"):
        name, found, signature = line.removeprefix("— ").partition(" ")
        data = base(signature)
        if not line.startswith("— ") or not found or not fit(name) or data is None or len(data) < 5:
            return None
        lines.append((name, data))
    return text[: cut + 1], lines


def holds(key, note):
    own = [data[4:] for name, data in note[1] if name == key.name and data[:4] == key.id]
    return len(own) == 1 and key.kind == 1 and signed_by(key.key, note[0].encode(), own[0])


def open_checkpoint(text, key):
    """((origin, size, root), None), or (None, what is wrong)."""
    note = read_note(text) if text is not None else None
    lines = note[0][:-1].split("\n") if note else []
    size = decimal(lines[1]) if len(lines) > 2 else None
    root = base(lines[2]) if len(lines) > 2 else None
    if size is None or root is None or len(root) != 32 or not lines[0]:
        return None, "malformed"
    if lines[0] != key.name or not holds(key, note):
        return None, "signature"
    return (lines[0], size, root), None


# ---- the tree (RFC 9162, 2.1.3.2 and 2.1.4.2)


def inner(left, right):
    return sha(b"\1" + left + right)


def included(leaf, index, checkpoint, path):
    size, root = checkpoint[1:]
    if index >= size:
        return False
    at, last, node = index, size - 1, sha(b"\0" + leaf)
    for beside in path:
        if last == 0:
            return False
        if at & 1 or at == last:
            node = inner(beside, node)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            node = inner(node, beside)
        at, last = at >> 1, last >> 1
    return last == 0 and node == root


def continues(old, new, path):
    if old[0] != new[0] or old[1] > new[1]:
        return False
    if old[1] == new[1]:
        return not path and old[2] == new[2]
    if old[1] == 0:
        return not path and old[2] == sha(b"")
    at, last = old[1] - 1, new[1] - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    path = ([old[2]] if at == 0 else []) + path
    if not path:
        return False
    before = after = path[0]
    for beside in path[1:]:
        if last == 0:
            return False
        if at & 1 or at == last:
            before, after = inner(beside, before), inner(beside, after)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            after = inner(after, beside)
        at, last = at >> 1, last >> 1
    return last == 0 and before == old[2] and after == new[2]


# ---- an act


class Block:
    """An act as it is written; raises when the lines are anything else."""

    def __init__(self, lines):
        def value(line, name):
            if not line.startswith(name + " "):
                raise ValueError(name)
            return line[len(name) + 1 :]

        def need(found):
            if found is None:
                raise ValueError("value")
            return found

        if len(lines) < 11 or lines[1] != "weiting act v1":
            raise ValueError("leaf")
        self.leaf = need(hexadecimal(value(lines[0], "leaf")))
        self.text = "".join(line + "\n" for line in lines[1:11]).encode()
        names = ["court", "record", "seq", "kind", "time", "actor", "prev", "body", "audience"]
        values = dict(zip(names, [value(line, name) for line, name in zip(lines[2:11], names)]))
        self.court, self.record, self.time = values["court"], values["record"], values["time"]
        self.seq = need(decimal(values["seq"]))
        self.prev = need(hexadecimal(values["prev"]))
        self.commitments = {name: need(hexadecimal(values[name])) for name in ("body", "audience")}
        rest, self.documents = lines[11:], {}
        for name in ("body", "audience"):
            if rest and rest[0].startswith(f"{name}-salt "):
                salt = need(hexadecimal(value(rest[0], f"{name}-salt")))
                self.documents[name] = salt, value(rest[1] if len(rest) > 1 else "", f"{name}-document")
                rest = rest[2:]
        self.proof = None
        if rest:
            path = [need(hexadecimal(value(line, "path"))) for line in rest[1:]]
            self.proof = need(decimal(value(rest[0], "index"))), path

    def faults(self):
        if sha(self.text) != self.leaf:
            yield ""
        for name, (salt, document) in self.documents.items():
            if sha(salt + document.encode()) != self.commitments[name]:
                yield f" {name}"


def read_block(lines):
    try:
        return Block(lines)
    except ValueError:
        return None


# ---- receipts


def receipt(text, pinned, seen):
    """What is wrong with a receipt."""
    head, cut, note = text.partition("\n\n")
    lines = head.split("\n")
    if not cut or len(lines) < 2 or lines[0] != "weiting receipt v1":
        return ["malformed receipt"]
    key = read_key(lines[1][4:]) if lines[1].startswith("key ") else None
    if key is None:
        return ["malformed key"]
    act = read_block(lines[2:])
    if act is None:
        return ["malformed act"]
    place = f"act {act.seq}"
    findings = [f"altered {place}{part}" for part in act.faults()]
    if pinned and pinned.text != key.text:
        findings.append("signature key")
    checkpoint, fault = open_checkpoint(note, key)
    if fault:
        findings.append(f"{fault} checkpoint")
    elif not act.proof or not included(act.leaf, act.proof[0], checkpoint, act.proof[1]):
        findings.append(f"proof {place}")
    seen.update(record=act.record, seq=act.seq, leaf=act.leaf, checkpoint=checkpoint, key=key)
    return findings


# ---- the container


def local_header(wide, name, crc, size):
    field = 0xFFFFFFFF if wide else size & 0xFFFFFFFF
    extra = struct.pack("<HHQQ", 1, 16, size, size) if wide else b""
    fixed = struct.pack("<HHHHHIIIHH", 45 if wide else 20, 0x0800, 0, 0, 0x21, crc, field, field, len(name), len(extra))
    return b"PK\3\4" + fixed + name + extra


def directory(wide, entries, offset):
    out = b""
    for name, crc, size, at in entries:
        field = 0xFFFFFFFF if wide else size & 0xFFFFFFFF
        extra = struct.pack("<HHQQQ", 1, 24, size, size, at) if wide else b""
        version = 45 if wide else 20
        out += b"PK\1\2" + struct.pack("<HHHHHHIIIHH", version, version, 0x0800, 0, 0, 0x21, crc, field, field, len(name), len(extra))
        out += bytes(10) + struct.pack("<I", 0xFFFFFFFF if wide else at & 0xFFFFFFFF) + name + extra
    count, size = len(entries), len(out)
    if wide:
        end = offset + size
        out += b"PK\6\6" + struct.pack("<QHHIIQQQQ", 44, 45, 45, 0, 0, count, count, size, offset)
        out += b"PK\6\7" + struct.pack("<IQI", 0, end, 1)
    short = 0xFFFF if wide else count & 0xFFFF
    sizes = (0xFFFFFFFF, 0xFFFFFFFF) if wide else (size & 0xFFFFFFFF, offset & 0xFFFFFFFF)
    return out + b"PK\5\6" + struct.pack("<HHHHIIH", 0, 0, short, short, *sizes, 0)


def unzip(source):
    """The texts and hashes of the files, and what is wrong with the container."""
    texts, hashes, findings, entries, names, wide, offset = {}, {}, [], [], set(), False, 0
    sound = False
    while True:
        head = source.read(4)
        if head != b"PK\3\4":
            sound = head + source.read() == directory(wide, entries, offset)
            break
        head += source.read(26)
        if len(head) != 30:
            break
        long_name, long_extra = struct.unpack("<HH", head[26:30])
        rest = source.read(long_name + long_extra)
        if len(rest) != long_name + long_extra:
            break
        name, extra = rest[:long_name], rest[long_name:]
        try:
            title = name.decode()
        except UnicodeDecodeError:
            break
        if not entries and long_extra == 20:
            wide = True
        if wide and len(extra) < 12:
            break
        size = struct.unpack("<Q", extra[4:12])[0] if wide else struct.unpack("<I", head[18:22])[0]
        crc, left, digest, text = 0, size, hashlib.sha256(), []
        while left:
            part = source.read(min(left, 1 << 20))
            if not part:
                break
            crc, left = zlib.crc32(part, crc), left - len(part)
            digest.update(part)
            if not title.startswith("files/"):
                text.append(part)
        texts[title], hashes[title] = b"".join(text), digest.digest()
        if left:
            break
        if title in names or local_header(wide, name, crc, size) != head + rest:
            findings.append(f"container zip {title}")
        names.add(title)
        entries.append((name, crc, size, offset))
        offset += len(head) + len(rest) + size
    if not sound:
        findings.append("container zip")
    return texts, hashes, findings


# ---- bundles


def files_in(value):
    if isinstance(value, dict):
        if isinstance(value.get("sha256"), str) and "size" in value:
            yield value["sha256"]
        for inside in value.values():
            yield from files_in(inside)
    elif isinstance(value, list):
        for inside in value:
            yield from files_in(inside)


def in_order(names):
    return sorted(names, key=str.encode)


def bundle(source, pinned, seen):
    """What is wrong with a bundle."""
    texts, hashes, findings = unzip(source)

    def text(name):
        try:
            return texts[name].decode()
        except (KeyError, UnicodeDecodeError):
            return None

    if "MANIFEST" not in texts:
        return findings + ["missing MANIFEST"]
    note = read_note(text("MANIFEST")) if text("MANIFEST") is not None else None
    lines = note[0][:-1].split("\n") if note else []
    form = ["weiting bundle v1", "court ", "case ", "scope ", "made "]
    listed = [re.fullmatch("file ([0-9a-f]{64}) (.*)", line) for line in lines[5:]]
    fits = len(lines) >= 5 and lines[0] == form[0] and all(map(str.startswith, lines[1:5], form[1:]))
    if not fits or None in listed or lines[3] not in ("scope whole", "scope member"):
        return findings + ["malformed MANIFEST"]
    court, whole = lines[1][6:], lines[3] == "scope whole"
    for line in listed:
        name, found = line[2], hashes.get(line[2])
        if found is None:
            findings.append(f"missing {name}")
        elif found.hex() != line[1] or (name.startswith("files/") and name[6:] != found.hex()):
            findings.append(f"altered {name}")
    names = {line[2] for line in listed} | {"MANIFEST"}
    findings += [f"unlisted {name}" for name in in_order(hashes) if name not in names]
    key_text = text("key.txt")
    key = read_key(key_text[:-1]) if key_text and key_text.endswith("\n") else None
    if key is None:
        return findings + ["malformed key.txt"]
    if pinned and pinned.text != key.text:
        findings.append("signature key.txt")
    if not holds(key, note):
        findings.append("signature MANIFEST")
    checkpoint, fault = open_checkpoint(text("checkpoint.txt"), key)
    if fault:
        findings.append(f"{fault} checkpoint.txt")
    roots, records = {}, {}
    for name in in_order(name for name in texts if name.startswith("history/")):
        head, cut, earlier = (text(name) or "").partition("\n\n")
        first, *path = head.split("\n")
        path = [hexadecimal(line[5:]) if line.startswith("path ") else None for line in path if line]
        if not cut or first != "weiting history v1" or None in path:
            findings.append(f"malformed {name}")
            continue
        old, fault = open_checkpoint(earlier, key)
        if fault:
            findings.append(f"{fault} {name}")
            continue
        if checkpoint and not continues(old, checkpoint, path):
            findings.append(f"fork {name}")
        roots[old[1]] = old[2]
    for name in in_order(name for name in texts if name.startswith("records/")):
        ident = re.sub("^(records/)*|(\\.txt)*$", "", name)
        findings += record(name, ident, text(name), court, whole, checkpoint, hashes, records.setdefault(ident, {}))
    seen.update(records=records, whole=whole, checkpoint=checkpoint, roots=roots, key=key)
    return findings


def record(name, ident, text, court, whole, checkpoint, hashes, leaves):
    """What is wrong with the acts of one record; their leaves are put into `leaves`."""
    head, *blocks = text[:-2].split("\n\n") if text and text.endswith("\n\n") else [""]
    if head != f"weiting record v1\nrecord {ident}":
        return [f"malformed {name}"]
    findings, before = [], None
    for count, lines in enumerate(blocks, 1):
        act = read_block(lines.split("\n"))
        if act is None:
            return findings + [f"malformed {name} block {count}"]
        place = f"{name} act {act.seq}"
        findings += [f"altered {place}{part}" for part in act.faults()]
        following = act.seq == (before.seq if before else 0) + 1
        if following:
            follows = act.prev == (before.leaf if before else bytes(32))
        else:
            follows = not whole and (before is None or before.seq < act.seq)
        if act.record != ident or act.court != court or not follows:
            findings.append(f"order {place}")
        if before and act.time.encode() < before.time.encode():
            findings.append(f"time {place}")
        if before and not following and before.proof is None:
            findings.append(f"proof {name} act {before.seq}")
        if act.proof and checkpoint and not included(act.leaf, act.proof[0], checkpoint, act.proof[1]):
            findings.append(f"proof {place}")
        if "body" in act.documents:
            try:
                shown = sorted(files_in(json.loads(act.documents["body"][1])))
            except (ValueError, RecursionError):
                shown = []
                findings.append(f"malformed {place} body")
            findings += [f"missing {place} files/{file}" for file in shown if f"files/{file}" not in hashes]
        leaves[act.seq] = act.leaf
        before = act
    if before is None:
        findings.append(f"malformed {name}")
    elif before.proof is None:
        findings.append(f"proof {name} act {before.seq}")
    return findings


# ---- one against the other


def compare(seen, other):
    """What of a receipt or checkpoint contradicts a bundle."""
    if "seq" in seen and seen["record"] in other["records"]:
        leaf = other["records"][seen["record"]].get(seen["seq"])
        if leaf is None and other["whole"]:
            return [f"cut receipt act {seen['seq']}"]
        if leaf is not None and leaf != seen["leaf"]:
            return [f"fork receipt act {seen['seq']}"]
    mine, theirs = seen.get("checkpoint"), other.get("checkpoint")
    if mine and theirs and mine[0] == theirs[0]:
        root = theirs[2] if theirs[1] == mine[1] else other["roots"].get(mine[1])
        if root is not None and root != mine[2]:
            return [f"fork {'receipt' if 'seq' in seen else 'checkpoint'} checkpoint"]
    return []


def look(file, pinned, keys, seen):
    with open(file, "rb") as source:
        if source.read(2) == b"PK":
            source.seek(0)
            return bundle(source, pinned, seen)
        source.seek(0)
        try:
            text = source.read().decode()
        except UnicodeDecodeError:
            return ["malformed receipt"]
    if not text.startswith("weiting/"):
        return receipt(text, pinned, seen)
    key = keys.get(text.split("\n")[0])
    checkpoint, fault = open_checkpoint(text, key) if key else (None, "signature")
    seen.update(checkpoint=checkpoint)
    return [f"{fault} checkpoint"] if fault else []


def main(arguments):
    pinned = Key(arguments[arguments.index("--key") + 1]) if "--key" in arguments else None
    files = [one for at, one in enumerate(arguments) if one not in ("--json", "--apart") and "--key" not in arguments[max(at - 1, 0) : at + 1]]
    keys, seen, findings = {pinned.name: pinned} if pinned else {}, {}, {}

    def is_note(file):
        with open(file, "rb") as source:
            return source.read(8) == b"weiting/"

    for file in sorted(files, key=is_note):
        seen[file] = {}
        findings[file] = look(file, pinned, keys, seen[file])
        if "key" in seen[file]:
            keys.setdefault(seen[file]["key"].name, seen[file]["key"])
    for file in [] if "--apart" in arguments else files:
        if "records" not in seen[file]:
            for other in files:
                if "records" in seen[other]:
                    findings[file] += compare(seen[file], seen[other])
    if "--json" in arguments:
        print(json.dumps(findings, ensure_ascii=False))
    else:
        for file in files:
            print(f"{file}: {'ok' if not findings[file] else 'wrong'}")
            for finding in findings[file]:
                print(f"    {finding}")
    return 1 if any(findings.values()) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
