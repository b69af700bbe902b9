"""Which model a name stands for."""

import shutil
from pathlib import Path

import pytest

from spacy_xproj.hf.identity import digests, model_folder, model_version

COMMIT = "0" * 40


@pytest.fixture
def copy(tiny_encoder, tmp_path):
    return shutil.copytree(tiny_encoder, tmp_path / "copy")


def test_a_copy_is_the_same_model(tiny_encoder, copy):
    assert model_version(str(copy)) == model_version(str(tiny_encoder))
    assert model_version(str(copy)).startswith("sha256:")
    assert model_folder(str(copy)) == copy


@pytest.mark.parametrize("file", ["model.safetensors", "config.json", "vocab.txt"])
def test_changed_files_are_another_model(tiny_encoder, copy, file):
    before = model_version(str(copy))
    data = bytearray((copy / file).read_bytes())
    data[-1] ^= 1  # of the same size
    (copy / file).write_bytes(data)
    assert model_version(str(copy)) != before == model_version(str(tiny_encoder))


def test_what_loading_does_not_read_does_not_count(copy):
    before = model_version(str(copy))
    (copy / "optimizer.pt").write_bytes(b"state")
    (copy / "checkpoint-10").mkdir()
    assert model_version(str(copy)) == before


def test_a_file_is_read_again_only_when_it_has_changed(copy, monkeypatch):
    before = model_version(str(copy))
    read = Path.open
    monkeypatch.setattr(Path, "open", lambda *_, **__: pytest.fail("read again"))
    assert model_version(str(copy)) == before
    monkeypatch.setattr(Path, "open", read)
    (copy / "config.json").write_text((copy / "config.json").read_text() + " ")
    assert model_version(str(copy)) != before
    assert sum(path.startswith(str(copy.resolve())) for path, _, _ in digests) > 2


def test_a_model_of_the_hub_is_its_commit(tiny_encoder, empty_cache, no_network):
    assert model_version("someone/tiny") is None  # not here, and a branch moves on
    assert model_version("someone/tiny", "v1") is None
    assert model_version("someone/tiny", COMMIT) == f"commit:{COMMIT}"
    model = empty_cache / "models--someone--tiny"
    shutil.copytree(tiny_encoder, model / "snapshots" / COMMIT)
    (model / "refs").mkdir()
    (model / "refs" / "main").write_text(COMMIT)
    assert model_version("someone/tiny") == f"commit:{COMMIT}"
    assert model_folder("someone/tiny") == model / "snapshots" / COMMIT
    (model / "snapshots" / COMMIT / "model.safetensors").unlink()  # weights from elsewhere
    assert model_version("someone/tiny") == f"commit:{COMMIT}"
    assert model_version("no such name") is None
    assert no_network == []
