"""Digests as other tools give them."""

import hashlib

from spacy_xproj.io.hashing import file_hash, hash_parts, sha256


def test_digests_are_those_of_other_tools(write):
    data = b"abc" * 3_000_000
    path = write("a", data)
    assert file_hash(path) == sha256(data) == hashlib.sha256(data).hexdigest()
    assert file_hash(path, "md5") == hashlib.md5(data).hexdigest()
    assert sha256("é") == sha256("é".encode())


def test_parts_do_not_run_together():
    assert hash_parts(b"a", b"bc") != hash_parts(b"ab", b"c")
    assert hash_parts(b"a") != hash_parts(b"a", b"")
