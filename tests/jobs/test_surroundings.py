"""Faults of the surroundings are not faults of a sentence: the run stops, nothing is marked as done
that is not, and the same command goes on to the same bytes."""

import errno
import multiprocessing
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from spacy_xproj.errors import XProjError
from spacy_xproj.io.formats.files import read_docs
from spacy_xproj.jobs.faults import Fault, fault
from spacy_xproj.jobs.resumable import Interrupted

FAULTY = '''"""A component that meets a fault, once, at a sentence with the word "kosa"."""

import os
from pathlib import Path

from spacy.language import Language

FAULTS = {
    "memory": MemoryError(),
    "disk": OSError(28, "No space left on device"),
    "file": FileNotFoundError(2, "No such file or directory", "words.txt"),
    "right": PermissionError(13, "Permission denied", "words.txt"),
    "service": ConnectionRefusedError(111, "Connection refused"),
}


@Language.component("toy")
def toy(doc):
    marker = Path("met")
    if "kosa" in doc.text and not marker.exists():
        marker.touch()
        raise FAULTS[os.environ["FAULT"]]
    return doc
'''


@pytest.fixture
def faulty(folder, line):
    """The toy component meets a fault at sentence 26; sentence 5 is broken for good."""
    lines = Path("in.jsonl").read_text(encoding="utf-8").splitlines()
    lines[25], lines[4] = line(25, "kosa"), "{broken"
    Path("in.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    Path("faulty.py").write_text(FAULTY, encoding="utf-8")


@pytest.mark.parametrize(
    ("kind", "reason", "fix"),
    [
        ("memory", "out of memory", "smaller batch_size"),
        ("disk", "No space left", "Free some space"),
        ("file", "words.txt", "Put it back"),
        ("right", "Permission denied", "right to it"),
        ("service", "Connection refused", "Mend that"),
    ],
)
def test_a_fault_in_a_component(run, faulty, content, monkeypatch, kind, reason, fix):
    monkeypatch.setenv("FAULT", kind)
    fork = multiprocessing.get_context("fork")
    monkeypatch.setattr(multiprocessing, "get_context", lambda _: fork)
    with pytest.raises(XProjError) as caught:
        # One kind tells that a fault in a worker reaches the user.
        run(code="faulty.py", workers=2 if kind == "memory" else 1)
    message = str(caught.value)
    assert "XP873" in message
    assert "toy could not go on at in.jsonl:26" in message
    assert reason in message
    assert fix in message
    assert "shards that are complete are kept" in message
    assert not Path("out/summary.json").exists()
    assert not Path("out/parts/shard-00002.json").exists()
    summary = run(code="faulty.py")
    assert summary["failed"] == {"read": 1}  # a broken line is the sentence's own
    run("whole", code="faulty.py")
    assert content("out") == content("whole")


def test_a_fault_behind_another_error_is_found():
    """A cache on a full disk raises its own error from that of SQLite."""

    def raised(cause):
        try:
            raise XProjError("[XP262] cache.sqlite cannot be used") from cause
        except XProjError as error:
            return error

    full = raised(sqlite3.OperationalError("database or disk is full"))
    found = fault(full, component="xproj_translate", place="in.txt:7")
    assert isinstance(found, Fault)
    assert "XP262" in str(found)
    assert "Free some space" in str(found)
    assert fault(raised(ValueError("no")), component="x", place="y") is None
    assert fault(RuntimeError("can't allocate memory"), component="x", place="y") is not None
    assert fault(KeyError("x"), component="x", place="y") is None


def test_a_full_disk_under_the_cache_of_translations(run, folder, content, monkeypatch):
    """No sentence is failed for it, and what was translated before is kept."""
    texts = [doc.text for doc in read_docs("in.jsonl", lang="sw")]
    pairs = "".join(f"{text}\t{text.upper()}\n" for text in texts)
    Path("bitext.tsv").write_text(pairs, encoding="utf-8")
    config = Path("run.cfg").read_text(encoding="utf-8").replace('["toy", ', "[")
    block = (
        '[components.xproj_translate]\nfactory = "xproj_translate"\n'
        "[components.xproj_translate.translator]\n"
        '@xproj_translators = "spacy-xproj.CachedTranslator.v1"\npath = "cache.sqlite"\n'
        "[components.xproj_translate.translator.translator]\n"
        '@xproj_translators = "spacy-xproj.Bitext.v1"\npath = "bitext.tsv"\n'
    )
    config = config.replace("[components]\n", f"[components]\n{block}")
    config = config.replace("GoldTagger.v1", "test-none.v1")
    config = config.replace('[components.toy]\nfactory = "toy"\n', "")
    Path("run.cfg").write_text(config, encoding="utf-8")
    Path("code.py").write_text(
        "from spacy_xproj.registry import registry\n"
        "class NoEntities:\n"
        "    def tag(self, views): return [[] for _ in views]\n"
        "    def describe(self): return {}\n"
        "registry.xproj_taggers.register('spacy-xproj.test-none.v1', func=lambda: NoEntities())\n"
    )
    overrides = {"nlp.pipeline": ["xproj_translate", "xproj_source_ner"]}
    from spacy_xproj.io.store import Store

    put, calls = Store.put, []

    def full(self, *arguments):
        calls.append(1)
        if len(calls) == 3:
            raise XProjError("[XP262] full") from sqlite3.OperationalError("disk is full")
        return put(self, *arguments)

    with monkeypatch.context() as patch:
        patch.setattr(Store, "put", full)
        # the batch that fails is tried once more, one by one
        patch.setattr("spacy_xproj.components.base.XProjPipe._process_alone", _raise_again)
        with pytest.raises(XProjError, match=r"(?s)XP873.*xproj_translate.*XP262.*Free some space"):
            run(code="code.py", overrides=overrides)
    run(code="code.py", overrides=overrides)
    Path("cache.sqlite").unlink()
    run("whole", code="code.py", overrides=overrides)
    assert content("out") == content("whole")


def _raise_again(self, doc):
    error = XProjError("[XP262] full")
    error.__cause__ = sqlite3.OperationalError("disk is full")
    self.get_error_handler()(self.name, self, [doc], error)


# output and input


def test_output_that_cannot_be_written_is_refused_before_the_work(run, folder, monkeypatch):
    monkeypatch.setattr("spacy_xproj.jobs.job.build_pipeline", None)  # not even that is done
    Path("file").write_text("")
    with pytest.raises(XProjError, match=r"XP871.*file is not a folder"):
        run("file/out")
    with pytest.raises(XProjError, match=r"XP852.*a device"):
        run("/dev/null")
    access = os.access
    monkeypatch.setattr(
        os, "access", lambda path, mode: not str(path).endswith("locked") and access(path, mode)
    )
    Path("locked").mkdir()
    with pytest.raises(XProjError, match=r"XP871.*may not write in \S+locked"):
        run("locked/out")
    assert not Path("locked/out").exists()


@pytest.mark.parametrize("inside", [False, True])
def test_a_named_pipe_as_input_is_refused(run, folder, inside):
    Path("many").mkdir()
    Path("many/a.jsonl").write_text(Path("in.jsonl").read_text())
    pipe = Path("many/pipe.jsonl") if inside else Path("pipe.jsonl")
    os.mkfifo(pipe)
    with pytest.raises(XProjError, match=r"XP875.*pipe\.jsonl is a named pipe.*cat"):
        run(source="many" if inside else pipe)
    assert not Path("out").exists()
    with pytest.raises(XProjError, match=r"XP875.*a device"):
        run(source="/dev/null")


@pytest.mark.parametrize("what", ["input", "links", "gone", "more"])
def test_what_changes_while_a_run_reads_it_is_noticed(run, folder, content, monkeypatch, what):
    """No shard of the new input is kept; with the old one back, the run goes on."""
    from spacy_xproj.jobs.worker import Worker

    Path("many").mkdir()
    source, links = Path("many/in.jsonl"), Path("links.pharaoh")
    source.write_text(Path("in.jsonl").read_text())
    run("whole", source="many")
    old, old_links = source.read_text(), links.read_text()
    compute = Worker.compute

    def change(self, number, report=None):
        result = compute(self, number, report)
        if number == 2:
            if what == "input":
                source.write_text(old.replace("Asha30", "Juma30"))
            elif what == "links":
                links.write_text(old_links.replace("3-2", "2-2"))
            elif what == "gone":
                source.unlink()
            else:
                Path("many/new.jsonl").write_text(old)
        return result

    with monkeypatch.context() as patch:
        patch.setattr(Worker, "compute", change)
        with pytest.raises(XProjError, match=r"XP874.*at its start"):
            run(source="many")
    assert not Path("out/summary.json").exists()
    kept = len(list(Path("out").glob("shard-*.spacy")))
    assert kept == (4 if what == "more" else 2)
    source.write_text(old)
    links.write_text(old_links)
    Path("many/new.jsonl").unlink(missing_ok=True)
    run(source="many")
    assert content("out") == content("whole")


def test_a_file_that_is_only_touched_has_not_changed(run, folder, monkeypatch):
    from spacy_xproj.jobs.worker import Worker

    compute = Worker.compute

    def touch(self, number, report=None):
        os.utime("in.jsonl")
        return compute(self, number, report)

    monkeypatch.setattr(Worker, "compute", touch)
    assert run()["documents"] == 40


# damaged files of a run


JUNK = [b"", b"\x00\xff\xfe", b"null", b"[]", b"{}", b'"text"', b"17", b"[" * 100_000]


@pytest.mark.parametrize("name", ["parts/shard-00001.json", "parts/shard-00001.jsonl.gz"])
@pytest.mark.parametrize("junk", JUNK, ids=range(len(JUNK)))
def test_damaged_parts_are_named_and_mended(run, folder, content, caplog, name, junk):
    run()
    before = content("out")
    Path("out", name).write_bytes(junk)
    run()
    assert content("out") == before
    assert Path(name).name in caplog.text
    assert "computed again" in caplog.text


def test_a_manifest_with_other_counts_is_damaged(run, content, caplog):
    run()
    before = content("out")
    path = Path("out/parts/shard-00001.json")
    path.write_text(path.read_text().replace('"documents": 10', '"documents": 99'))
    assert run()["documents"] == 40
    assert content("out") == before


@pytest.mark.parametrize("junk", JUNK, ids=range(len(JUNK)))
def test_a_damaged_run_file_is_refused_and_can_be_mended(run, folder, content, caplog, junk):
    """Without it, the manifests tell of which run the shards are; nothing is deleted."""
    run()
    before = content("out")
    Path("out/run.json").write_bytes(junk)
    with pytest.raises(XProjError, match=r"(?s)XP850.*run\.json is damaged.*delete it"):
        run()
    assert {**content("out"), "run.json": b""} == {**before, "run.json": b""}
    Path("out/run.json").unlink()
    with pytest.raises(XProjError, match=r"(?s)XP850.*run\.json is missing"):
        run(limit=20)
    run()
    assert content("out") == before
    assert "run.json was missing" in caplog.text


@pytest.mark.parametrize("name", [".lock", ".holder.json"])
@pytest.mark.parametrize("junk", JUNK[:4], ids=range(4))
def test_a_lock_of_any_content(run, folder, content, name, junk):
    run()
    before = content("out")
    Path("out", name).write_bytes(junk)
    run()
    assert {**content("out"), ".lock": b""} == {**before, ".lock": b""}


PLACES = [
    *("run.json", ".lock", ".holder.json", "shard-00001.spacy", "statuses.jsonl", "summary.json"),
    *("parts", "parts/shard-00001.json", "parts/shard-00001.jsonl.gz"),
]


@pytest.mark.parametrize("name", PLACES)
@pytest.mark.parametrize("kind", ["folder", "pipe"])
def test_something_else_in_the_place_of_a_file_is_refused(run, folder, name, kind):
    run()
    path = Path("out", name)
    if name == "parts":
        path.rename("out/elsewhere")
    else:
        path.unlink(missing_ok=True)
    if name == "parts" and kind == "folder":
        path.mkdir()
        (path / "mine.txt").write_text("mine")
    elif kind == "folder":
        path.mkdir()
    else:
        os.mkfifo(path)
    expected = "XP874|XP872|XP850" if name == "parts" else r"XP872.*\b(folder|pipe)"
    if name == "parts" and kind == "folder":  # no manifest is there, but a file that is not ours
        run()
        assert (path / "mine.txt").exists()
        return
    with pytest.raises(XProjError, match=expected):
        run()
    assert path.exists()
    assert Path("out/shard-00000.spacy").exists()


def test_nothing_is_deleted_without_overwrite(run, folder):
    run(limit=20)
    Path("out/shard-00000.spacy").unlink()
    Path("out/shard-00001.spacy").unlink()
    with pytest.raises(XProjError, match="XP850"):
        run(limit=10)
    assert Path("out/statuses.jsonl").exists()
    assert run(limit=10, overwrite=True)["documents"] == 10


# signals


def test_sigterm_stops_a_run_as_control_c_does(run, started, content, wait_for):
    run("whole")
    process = started(sleep=0.05)
    wait_for("out/parts/shard-00001.json", process)
    process.send_signal(signal.SIGTERM)
    _, message = process.communicate(timeout=240)
    assert process.returncode == 143
    assert "Traceback" not in message
    assert "of 4 shards are complete in out." in message
    run()
    assert content("out") == content("whole")


def test_control_c_twice_ends_at_once(run, started, content, wait_for):
    run("whole")
    process = started(sleep=0.05)
    wait_for("out/parts/shard-00000.json", process)
    process.send_signal(signal.SIGINT)
    process.send_signal(signal.SIGINT)
    time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    _, message = process.communicate(timeout=240)
    assert process.returncode == 130
    assert "Traceback" not in message
    assert "run the same command again" in message
    run()
    assert content("out") == content("whole")


def test_a_stop_before_the_first_shard(run, monkeypatch):
    def stop(*arguments, **named):
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(1)

    monkeypatch.setattr("spacy_xproj.jobs.job.build_pipeline", stop)
    before = signal.getsignal(signal.SIGTERM)
    with pytest.raises(Interrupted) as caught:
        run()
    assert (caught.value.total, caught.value.number) == (0, signal.SIGTERM)
    assert signal.getsignal(signal.SIGTERM) is before


def test_killed_at_twenty_random_moments(run, folder, content):
    """In processes that are copies of one that has loaded everything, so that all of the time is
    the run's own: 20 runs, each killed at a moment of the time that a whole run takes."""
    begin = time.monotonic()
    run("whole", shard_size=2)
    whole = time.monotonic() - begin
    moments = random.Random(0)
    for _ in range(20):
        process = os.fork()
        if process == 0:
            try:
                run(shard_size=2)
            finally:
                os._exit(0)
        time.sleep(moments.uniform(0.0, whole * 1.2))
        os.kill(process, signal.SIGKILL)
        os.waitpid(process, 0)
    run(shard_size=2)
    assert content("out") == content("whole")


def test_a_worker_that_is_killed_five_times(run, line, content, monkeypatch):
    """Each run gives up after two; what was complete stays, and the last goes through."""
    lines = Path("in.jsonl").read_text(encoding="utf-8").splitlines()
    lines[25] = line(25, "muuaji")
    Path("in.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    run("whole")
    run()
    Path("out/shard-00002.spacy").unlink()
    Path("out/shard-00003.spacy").unlink()
    monkeypatch.setenv("TOY_KILL", "killed")
    monkeypatch.setenv("TOY_KILLS", "5")
    # Copies of this process start sooner than new ones.
    fork = multiprocessing.get_context("fork")
    monkeypatch.setattr(multiprocessing, "get_context", lambda kind: fork)
    for _ in range(2):
        with pytest.raises(XProjError, match=r"XP856.*shard 2"):
            run(workers=2)
    run(workers=2)
    assert Path("killed").read_text() == "5"
    assert content("out") == content("whole")


def test_a_disk_with_a_limit_for_files(run, folder, content):
    """EFBIG, from a limit of the system for this process alone."""
    run("whole")
    code = (
        "import resource, signal\n"
        "from spacy_xproj.errors import XProjError\n"
        "from spacy_xproj.jobs.job import RunOptions, annotate_corpus\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1500, 1500))\n"
        "options = RunOptions(shard_size=10, code='toy.py', progress=False)\n"
        "try:\n"
        "    annotate_corpus('in.jsonl', 'out', config='run.cfg', options=options)\n"
        "except XProjError as error:\n"
        "    print(error)\n"
    )
    command = [sys.executable, "-c", code]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert os.strerror(errno.EFBIG) in ended.stdout, ended
    assert "run the same command again" in ended.stdout
    run()
    assert content("out") == content("whole")
