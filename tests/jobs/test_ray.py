"""The engine ``ray``: the same run on a Ray cluster of two workers on this machine."""

import sys

import pytest

from spacy_xproj.errors import XProjError


def test_without_ray_the_message_says_what_to_install(run, monkeypatch):
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(XProjError, match=r"XP859.*pip install 'spacy-xproj\[ray\]'"):
        run(engine="ray")


@pytest.fixture
def cluster():
    """A cluster with two CPUs, for one test."""
    ray = pytest.importorskip("ray", reason="needs the extra [ray]")
    ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False, logging_level="ERROR")
    yield ray
    ray.shutdown()


def test_two_workers_write_the_same_bytes(run, cluster, content, line, folder):
    lines = (folder / "in.jsonl").read_text(encoding="utf-8").splitlines()
    lines[12], lines[33] = line(12, "kosa"), "{broken"
    (folder / "in.jsonl").write_text("\n".join(lines), encoding="utf-8")
    run("one")
    summary = run("two", engine="ray", workers=2)
    assert summary["failed"] == {"read": 1, "toy": 1}
    assert content("two") == content("one")
    # Which of the two comes first is open.
    with pytest.raises(XProjError, match=r"XP854.*in\.jsonl:(13: toy|34: read) failed"):
        run("fast", engine="ray", workers=2, fail_fast=True)
