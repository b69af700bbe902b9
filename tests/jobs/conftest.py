"""An encoder with the layers that the configs name, and labelled pairs to project."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import spacy
from spacy.tokens import Doc

from spacy_xproj.corpus.pairing import pair
from spacy_xproj.jobs.job import RunOptions, annotate_corpus
from tests.fixtures.configs import GOLD, PROJECTION, head


@pytest.fixture(scope="session")
def encoder(tiny_encoder, tmp_path_factory):
    """The folder of an untrained encoder of 8 layers."""
    import torch
    import transformers

    folder = tmp_path_factory.mktemp("encoder")
    for file in tiny_encoder.iterdir():
        if "token" in file.name or file.name == "vocab.txt":
            shutil.copy(file, folder)
    config = transformers.AutoConfig.from_pretrained(tiny_encoder)
    config.num_hidden_layers = 8
    torch.manual_seed(0)
    transformers.BertModel(config).save_pretrained(folder, safe_serialization=True)
    return str(folder)


@pytest.fixture
def docs():
    """Three Swahili documents, each with the view of its labelled English sentence."""
    source, target = spacy.blank("en").vocab, spacy.blank("sw").vocab
    sources = [
        Doc(source, ["Asha", "left", "Dodoma"], ents=["B-PER", "O", "B-LOC"]),
        Doc(source, ["Kijani", "Bank", "opened"], ents=["B-ORG", "I-ORG", "O"]),
        Doc(source, ["It", "rained"], ents=["O", "O"]),
    ]
    targets = [
        Doc(target, ["Asha", "aliondoka", "Dodoma"]),
        Doc(target, ["Benki", "ya", "Kijani", "ilifunguliwa"]),
        Doc(target, ["Mvua", "ilinyesha"]),
    ]
    return pair(sources, targets, source_lang="en", names=("en", "sw"))


TOY = '''"""A component that can be slow, kill its process, or fail, as environment and text say."""

import os
import signal
import time
from pathlib import Path

from spacy.language import Language


@Language.component("toy")
def toy(doc):
    time.sleep(float(os.environ.get("TOY_SLEEP", 0)))
    if "muuaji" in doc.text and "TOY_KILL" in os.environ:
        marker = Path(os.environ["TOY_KILL"])
        times = int(marker.read_text()) if marker.exists() else 0
        if times < int(os.environ.get("TOY_KILLS", 1)):
            marker.write_text(str(times + 1))
            os.kill(os.getpid(), signal.SIGKILL)
    if "kosa" in doc.text:
        raise RuntimeError("this word is not to my taste")
    return doc
'''

CONFIG = (
    head("toy", "xproj_source_ner", "xproj_aligner", "xproj_projector")
    + '[components.toy]\nfactory = "toy"\n'
    + GOLD
    + PROJECTION
)


def make_line(number: int, word: str = "alifika") -> str:
    name = f"Asha{number}"
    source = {
        "lang": "en",
        "text": f"{name} arrived in Dodoma",
        "spans": [
            {"start": 0, "end": len(name), "label": "PERSON"},
            {"start": len(name) + 12, "end": len(name) + 18, "label": "LOC"},
        ],
    }
    return json.dumps({"words": [name, word, "Dodoma"], "source": source})


@pytest.fixture
def line():
    """A Swahili sentence with its labelled English source, as JSON."""
    return make_line


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """The working directory: a corpus of 40 sentences with their links, a config, a component."""
    monkeypatch.chdir(tmp_path)
    # Each row has links of its own: an odd one leaves the town out.
    links = ["0-0 1-1 3-2" if row % 2 == 0 else "0-0 1-1" for row in range(40)]
    (tmp_path / "links.pharaoh").write_text("\n".join(links) + "\n", encoding="utf-8")
    (tmp_path / "in.jsonl").write_text(
        "\n".join(map(make_line, range(40))) + "\n", encoding="utf-8"
    )
    (tmp_path / "run.cfg").write_text(CONFIG, encoding="utf-8")
    (tmp_path / "toy.py").write_text(TOY, encoding="utf-8")
    return tmp_path


@pytest.fixture
def run(folder):
    """Annotate the corpus into a folder, in shards of 10; give the summary."""

    def annotate(out="out", source="in.jsonl", overrides=None, **options):
        settings = {"shard_size": 10, "code": "toy.py", "progress": False, **options}
        return annotate_corpus(
            source,
            out,
            config="run.cfg",
            overrides=overrides,
            options=RunOptions(**settings),
        )

    return annotate


@pytest.fixture
def started(folder):
    """Start the command in another process, which is slow; it is killed after the test."""
    processes = []

    def start(*arguments, sleep):
        command = [sys.executable, "-m", "spacy_xproj", "annotate", "in.jsonl", "out"]
        settings = ["--config", "run.cfg", "--code", "toy.py", "--shard-size", "10", *arguments]
        process = subprocess.Popen(
            [*command, *settings],
            env={**os.environ, "TOY_SLEEP": str(sleep)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            # Tests that run in the background of a shell inherit that Ctrl-C is ignored.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )
        processes.append(process)
        return process

    yield start
    for process in processes:
        process.kill()
        process.communicate()


@pytest.fixture
def content():
    """The bytes of all files of a folder that a run wrote, by name; but for how long it took."""

    def read(out):
        files = sorted(
            file for file in Path(out).rglob("*") if file.is_file() and file.name != "cost.json"
        )
        return {file.relative_to(out).as_posix(): file.read_bytes() for file in files}

    return read


@pytest.fixture
def wait_for():
    """Wait until a file is there; fail where the process ends before."""

    def wait(path, process):
        deadline = time.monotonic() + 240
        while not Path(path).exists():
            assert process.poll() is None, process.communicate()
            assert time.monotonic() < deadline, f"{path} did not come"
            time.sleep(0.005)

    return wait
