#!/usr/bin/env python3
"""A second implementation of the bundle's proofs, sharing nothing with the first: standard library and the openssl command.

usage: verify.py BUNDLE_DIRECTORY
Prints one line a check and ends with 0, or names what is wrong on stderr and ends with 1.
"""
import base64
import hashlib
import json
import pathlib
import re
import subprocess
import sys
import tempfile


def sha256(data):
    return hashlib.sha256(data).digest()


def leaf_hash(data):
    return sha256(b"\x00" + data)


def tree_root(hashes):
    """MTH of RFC 6962, section 2.1, by its recursive definition."""
    if not hashes:
        return sha256(b"")
    if len(hashes) == 1:
        return hashes[0]
    k = 1 << ((len(hashes) - 1).bit_length() - 1)
    return sha256(b"\x01" + tree_root(hashes[:k]) + tree_root(hashes[k:]))


def root_from_path(index, size, leaf, path):
    """The root that an inclusion path leads to, top down: the mirror image of PATH in RFC 6962, section 2.1.1."""
    if size == 1:
        assert index == 0 and not path, "the path is too long"
        return leaf
    assert path, "the path is too short"
    k = 1 << ((size - 1).bit_length() - 1)
    if index < k:
        return sha256(b"\x01" + root_from_path(index, k, leaf, path[:-1]) + path[-1])
    return sha256(b"\x01" + path[-1] + root_from_path(index - k, size - k, leaf, path[:-1]))


def ed25519_verifies(public_key, message, signature):
    der = bytes.fromhex("302a300506032b6570032100") + public_key
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        (folder / "key").write_bytes(der)
        (folder / "message").write_bytes(message)
        (folder / "signature").write_bytes(signature)
        command = ["openssl", "pkeyutl", "-verify", "-pubin", "-keyform", "DER", "-inkey", folder / "key", "-rawin"]
        command += ["-in", folder / "message", "-sigfile", folder / "signature"]
        return subprocess.run(command, capture_output=True).returncode == 0


def open_checkpoint(note, vkey):
    """(size, root) of a C2SP checkpoint that the key `NAME+ID+KEY` signed."""
    name, key_id, key = vkey.split("+", 2)
    key = base64.b64decode(key, validate=True)
    assert key[0] == 1 and len(key) == 33, "not an Ed25519 key"
    assert sha256(name.encode() + b"\n" + key)[:4].hex() == key_id, "the key id is not that of the key"
    text, signatures = note[: note.rindex("\n\n") + 1], note[note.rindex("\n\n") + 2 :]
    blobs = [line.split(" ")[2] for line in signatures.splitlines() if line.split(" ")[1] == name]
    blobs = [base64.b64decode(blob, validate=True) for blob in blobs]
    blobs = [blob[4:] for blob in blobs if blob[:4].hex() == key_id]
    assert blobs and all(ed25519_verifies(key[1:], text.encode(), blob) for blob in blobs), "the log key did not sign the head"
    origin, size, root = text.splitlines()
    assert origin == name, "the head of another log"
    return int(size), base64.b64decode(root, validate=True)


def check_logged(entry, proof, vkey):
    head, checkpoint = proof.split("\n\n", 1)
    version, index, *hashes = head.split("\n")
    assert version == "c2sp.org/tlog-proof@v1"
    index = int(re.fullmatch(r"index (\d+)", index).group(1))
    assert index == json.loads(entry)["seq"] - 1, "the proof is for another entry"
    size, root = open_checkpoint(checkpoint, vkey)
    path = [base64.b64decode(h, validate=True) for h in hashes]
    assert index < size and root_from_path(index, size, leaf_hash(entry), path) == root, "the path does not lead to the head"
    return index, size


def main(folder):
    def read(name):
        return (folder / name).read_bytes()

    seal = dict(line.split(": ", 1) for line in read("seal.txt").decode().splitlines()[1:])
    lines = read("data/evidence.jsonl").split(b"\n")
    assert lines.pop() == b"", "the last entry has no line end"
    assert len(lines) == int(seal["Entries"]), "the number of entries is not the sealed one"
    assert base64.b64encode(tree_root([leaf_hash(line) for line in lines])).decode() == seal["Shift root"], "another shift root"
    print(f"ok shift root over {len(lines)} entries")

    assert hashlib.sha256(read("data/report.md")).hexdigest() == seal["Report SHA-256"], "another report"
    assert hashlib.sha256(read("manifest-sha256.txt")).hexdigest() == seal["Manifest SHA-256"], "another manifest"
    sealed = json.loads(read("proofs/sealed-leaf.json"))["body"]
    assert sealed["sealSha256"] == hashlib.sha256(read("seal.txt")).hexdigest(), "the log recorded another seal"
    assert sealed["shiftRoot"] == seal["Shift root"], "the log recorded another shift root"
    print("ok seal, report and manifest are the ones that the log recorded")

    vkey = read("trust/log.vkey").decode().strip()
    assert f"Log key: {vkey}\n" in read("trust/trust.txt").decode(), "another log key"
    index, size = check_logged(read("proofs/sealed-leaf.json"), read("proofs/seal.tlog-proof").decode(), vkey)
    print(f"ok inclusion of entry {index + 1} in a log of {size}")
    if (folder / "proofs/addenda.jsonl").exists():
        for place, entry in enumerate(read("proofs/addenda.jsonl").splitlines()):
            index, size = check_logged(entry, read(f"proofs/addenda/{place + 1:03}.tlog-proof").decode(), vkey)
            print(f"ok inclusion of addendum {index + 1} in a log of {size}")

    entries = {json.loads(line)["seq"]: json.loads(line) for line in lines}
    disclosures = json.loads(read("disclosures.json"))
    for item in (d for d in disclosures if d["seq"] in entries and isinstance(d["value"], str)):
        value = json.dumps(item["value"], ensure_ascii=False).encode()
        digest = hashlib.sha256(b"operary/commit/v1\0" + bytes.fromhex(item["salt"]) + value).hexdigest()
        target = entries[item["seq"]]["body"]
        for key in item["path"].split("/")[1:]:
            target = target[key.replace("~1", "/").replace("~0", "~")]
        assert target == {"$commit": digest}, f"the disclosure of entry {item['seq']} does not match"
    print("ok disclosures")


if __name__ == "__main__":
    try:
        main(pathlib.Path(sys.argv[1]))
    except (AssertionError, ValueError, KeyError, IndexError, AttributeError, OSError) as error:
        print(f"wrong: {error}", file=sys.stderr)
        sys.exit(1)
