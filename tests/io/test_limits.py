"""A small file that unpacks to gigabytes is refused before memory is gone."""

import gzip
import zlib

import pytest
import srsly

from spacy_xproj.errors import XProjError
from spacy_xproj.io import limits
from spacy_xproj.io.formats.files import read_docs, write_docs
from spacy_xproj.io.lines import read_lines

MB = 1 << 20


def test_sizes():
    assert limits.parse_size("1000") == 1000
    assert limits.parse_size("2G") == limits.parse_size(" 2gib ") == 2 << 30
    for wrong in ("", "0", "G", "-1", "1.5G", "2X", "9" * 99):
        with pytest.raises(XProjError, match=r"XP692.*--max-unpacked 2G"):
            limits.parse_size(wrong)


@pytest.mark.parametrize("name", ["bomb.txt.gz", "bomb.spacy", "bomb.jsonl.gz", "bomb.spacy.gz"])
def test_what_unpacks_to_too_much_is_refused(write, monkeypatch, name):
    monkeypatch.setattr(limits, "FLOOR", MB)
    content = {"version": "0.1", "attrs": [], "tokens": bytes(64 * MB)}
    data = bytes(64 * MB)
    if ".spacy" in name:
        data = zlib.compress(srsly.msgpack_dumps(content))
    if name.endswith(".gz"):
        data = gzip.compress(data)
    path = write(name, data)
    with pytest.raises(XProjError, match=r"XP693.*--max-unpacked"):
        read_docs(path, lang="en")


def test_the_bound_is_set_by_a_variable(write, monkeypatch):
    path = write("a.txt.gz", gzip.compress(b"word\n" * 1000))
    assert len(read_lines(path)) == 1000
    monkeypatch.setenv(limits.VARIABLE, "1K")
    with pytest.raises(XProjError, match=r"XP693.*1024 bytes"):
        read_lines(path)
    monkeypatch.setenv(limits.VARIABLE, "10K")
    assert len(read_lines(path)) == 1000


def test_real_corpora_are_far_below_the_bound(make, tmp_path, monkeypatch):
    """The same sentence again and again packs best of all."""
    monkeypatch.setattr(limits, "FLOOR", 0)
    docs = [make(["Neema", "left", "Dodoma", str(i)], [(0, 1, "PER")]) for i in range(2000)]
    for name in ("a.spacy", "a.jsonl.gz", "a.conll.gz"):
        write_docs(docs, tmp_path / name)
        assert len(read_docs(tmp_path / name, lang="en")) == 2000
