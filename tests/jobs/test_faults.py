"""A run that is killed, stopped, disturbed or starved: nothing is lost, nothing doubled."""

import multiprocessing
import os
import pickle
import re
import signal
import subprocess
import sys
import threading
from pathlib import Path
from types import SimpleNamespace

import pytest

from spacy_xproj.errors import XProjError
from spacy_xproj.io.formats.files import read_docs
from spacy_xproj.jobs.local import THREADS, _serve, _threads, may_fork, shares_of_cores
from spacy_xproj.jobs.outdir import OutDir
from spacy_xproj.jobs.worker import Job, Worker


def test_killed_twice_in_the_middle_of_a_shard(run, started, content, wait_for):
    run("whole")
    for number in (0, 2):
        process = started(sleep=0.1)
        wait_for(f"out/parts/shard-0000{number}.json", process)
        process.send_signal(signal.SIGKILL)
        process.wait()
        # What a kill in the middle of writing leaves behind.
        left = Path(f"out/.shard-0000{number + 1}.spacy.abc")
        left.mkdir()
        (left / "shard.spacy").write_bytes(b"half")
    assert not Path("out/summary.json").exists()
    run()
    assert content("out") == content("whole")
    assert len(read_docs("out", lang="sw")) == 40


def test_control_c_says_how_to_go_on(run, started, content, wait_for):
    run("whole")
    process = started(sleep=0.1)
    wait_for("out/parts/shard-00001.json", process)
    process.send_signal(signal.SIGINT)
    _, message = process.communicate(timeout=30)
    assert process.returncode == 130
    assert "Traceback" not in message
    assert re.search(r"Stopped\. [23] of 4 shards are complete in out\.", message)
    assert "run the same command again" in message
    run()
    assert content("out") == content("whole")


def test_two_runs_on_one_folder(run):
    with (
        OutDir("out").locked(),
        pytest.raises(XProjError, match=rf"XP851.*process {os.getpid()} on \S+\."),
    ):
        run()
    run()
    assert not Path("out/.holder.json").exists()


def test_the_name_of_a_holder_that_is_gone_does_not_matter(run):
    Path("out").mkdir()
    Path("out/.holder.json").write_text('{"pid": 1, "host": "elsewhere"}')
    Path("out/.lock").write_text("")
    assert run()["documents"] == 40


def test_workers_and_one_that_dies_give_the_same_bytes(run, content, line, monkeypatch):
    """The shard of a worker that dies is computed by a new one."""
    lines = Path("in.jsonl").read_text(encoding="utf-8").splitlines()
    lines[25], lines[33] = line(25, "muuaji"), "{broken"
    Path("in.jsonl").write_text("\n".join(lines), encoding="utf-8")
    run("one")
    monkeypatch.setenv("TOY_KILL", "killed")
    run("two", workers=2)
    assert Path("killed").read_text() == "1"
    assert content("one") == content("two")


def test_a_worker_that_dies_twice(run, content, line, monkeypatch):
    lines = Path("in.jsonl").read_text(encoding="utf-8").splitlines()
    lines[25] = line(25, "muuaji")
    Path("in.jsonl").write_text("\n".join(lines), encoding="utf-8")
    run("whole")
    run()
    Path("out/shard-00002.spacy").unlink()
    monkeypatch.setenv("TOY_KILL", "killed")
    monkeypatch.setenv("TOY_KILLS", "9")
    with pytest.raises(XProjError, match=r"XP856.*shard 2 \(sentences 21 to 30") as caught:
        run(workers=2)
    assert "killed by SIGKILL" in str(caught.value)
    assert "The 3 shards that are complete are kept" in str(caught.value)
    monkeypatch.delenv("TOY_KILL")
    run()
    assert content("out") == content("whole")


@pytest.mark.parametrize(("config", "expected"), [("[x", "no section headers"), (None, "XP910")])
def test_what_stops_a_worker_reaches_the_user(folder, monkeypatch, config, expected):
    """The main function of a worker process, in this process: it is asked for shard 3."""
    monkeypatch.setattr(signal, "signal", lambda *arguments: None)
    ours, theirs = multiprocessing.Pipe()
    ours.send(3)
    job = Job(config, "run.cfg", "sw", ["in.jsonl"], None, shard_size=10, total=40)
    # The second question is none: the pipe ends.
    threading.Timer(0.5, ours.close).start()
    answers = []
    monkeypatch.setattr(type(theirs), "send", lambda self, answer: answers.append(answer))
    _serve(theirs, job, SimpleNamespace(value=0))
    (answer,) = answers
    assert isinstance(answer, XProjError)
    assert expected in str(answer)
    assert isinstance(pickle.loads(pickle.dumps(answer)), type(answer))


NO_TOY = {"nlp.pipeline": ["xproj_source_ner", "xproj_aligner", "xproj_projector"]}


def test_forked_workers_have_what_this_process_has(run, content, monkeypatch):
    """They load no pipeline of their own, and give the same bytes."""
    run("one", code=None, overrides=NO_TOY)
    monkeypatch.setattr("spacy_xproj.jobs.job.may_fork", lambda: True)
    monkeypatch.setattr("spacy_xproj.jobs.worker.build_pipeline", None)
    run("two", code=None, overrides=NO_TOY, workers=2, fork=True)
    assert content("one") == content("two")


def test_a_forked_worker_that_dies_is_replaced_by_one_that_starts_anew(run, content, monkeypatch):
    run("one", code=None, overrides=NO_TOY)
    monkeypatch.setattr("spacy_xproj.jobs.job.may_fork", lambda: True)
    compute = Worker.compute

    def die_on_shard_1(self, number, report):
        return os._exit(1) if number == 1 else compute(self, number, report)

    monkeypatch.setattr(Worker, "compute", die_on_shard_1)
    run("two", code=None, overrides=NO_TOY, workers=2, fork=True)
    assert content("one") == content("two")


def test_a_command_with_forked_workers_is_killed_and_started_again_at_once(
    run, folder, line, content, wait_for
):
    """Its workers may still hold the folder for a moment."""
    n, shard_size = 6000, 200
    (folder / "long.jsonl").write_text("\n".join(map(line, range(n))) + "\n", encoding="utf-8")
    (folder / "links.pharaoh").write_text("0-0 1-1 3-2\n" * n, encoding="utf-8")
    config = (folder / "run.cfg").read_text(encoding="utf-8").replace('"toy", ', "")
    (folder / "run.cfg").write_text(config.replace('[components.toy]\nfactory = "toy"\n', ""))
    settings = ["--config", "run.cfg", "--workers", "2", "--shard-size", str(shard_size)]
    command = [sys.executable, "-m", "spacy_xproj", "annotate", "long.jsonl", "out", *settings]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    wait_for("out/parts/shard-00001.json", process)
    process.kill()
    process.wait()
    assert not Path("out/summary.json").exists()
    run(source="long.jsonl", code=None, shard_size=shard_size)
    run("whole", source="long.jsonl", code=None, shard_size=shard_size)
    assert content("out") == content("whole")


def test_a_process_with_threads_is_not_forked(monkeypatch):
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(threading, "active_count", lambda: 1)
    assert may_fork()
    monkeypatch.setattr(threading, "active_count", lambda: 2)
    assert not may_fork()
    monkeypatch.setattr(threading, "active_count", lambda: 1)
    monkeypatch.setattr(sys, "platform", "darwin")
    assert not may_fork()


def test_workers_share_the_cores_unless_the_user_says_how(monkeypatch):
    monkeypatch.setattr(os, "cpu_count", lambda: 16)
    assert shares_of_cores(2) == [8, 8]
    assert shares_of_cores(3) == [6, 5, 5]
    assert shares_of_cores(20) == [1] * 20
    monkeypatch.delenv(THREADS, raising=False)
    with _threads(6):
        assert os.environ[THREADS] == "6"
    assert THREADS not in os.environ
    monkeypatch.setenv(THREADS, "5")
    with _threads(6):
        assert os.environ[THREADS] == "5"
    assert os.environ[THREADS] == "5"


def test_a_forked_worker_uses_its_share_of_the_cores(run, folder, monkeypatch):
    """Two workers of a machine with 16 cores: torch uses eight threads in each. In a new process,
    since torch must not have computed anything in the one that is forked."""
    code = (
        "import os\n"
        "os.cpu_count = lambda: 16\n"
        "os.environ.pop('OMP_NUM_THREADS', None)\n"
        "import torch\n"
        "from spacy_xproj.jobs import local, worker\n"
        "def compute(self, number, report):\n"
        "    from spacy_xproj.hf.loading import keep_to_one_thread_after_a_fork\n"
        "    keep_to_one_thread_after_a_fork()\n"
        "    torch.ones(64, 64) @ torch.ones(64, 64)\n"
        "    print('threads', torch.get_num_threads(), flush=True)\n"
        "    return worker.ShardResult(number, b'', b'', {}, [], {})\n"
        "worker.Worker.compute = compute\n"
        "worker.Worker.__init__ = lambda self, job, nlp: None\n"
        "job = worker.Job('', '', 'sw', [], None, shard_size=1, total=2)\n"
        "list(local.compute_in_processes(job, [0, 1], 2, lambda n: None, forked=object()))\n"
    )
    command = [sys.executable, "-c", code]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=300, check=True)
    assert ended.stdout.split() == ["threads", "8"] * 2


@pytest.fixture
def small_disk(folder):
    """A file system of 400 kB."""
    disk = folder / "disk"
    disk.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=400k", "tmpfs", str(disk)]
    mounted = subprocess.run(command, capture_output=True, text=True, check=False)
    if mounted.returncode:
        pytest.skip(f"no file system can be mounted here: {mounted.stderr.strip()}")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


def test_a_disk_that_is_full(run, small_disk, content):
    run("whole")
    filler = small_disk / "filler"
    filler.write_bytes(b"x" * 370_000)
    with pytest.raises(XProjError, match=r"XP855.*No space left on device"):
        run(small_disk / "out")
    assert not [p for p in (small_disk / "out").rglob("*") if p.is_dir() and p.name.startswith(".")]
    filler.unlink()
    run(small_disk / "out")
    assert content(small_disk / "out") == content("whole")
