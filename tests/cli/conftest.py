"""The commands, run in this process in an empty folder, and small files for them."""

from pathlib import Path

import pytest
import spacy
from typer.testing import CliRunner

ENGLISH = """Asha\tB-PER
left\tO
Dodoma\tB-LOC
.\tO

Kijani\tB-ORG
Bank\tI-ORG
opened\tO

It\tO
rained\tO
"""
SWAHILI = """Asha\tO
aliondoka\tO
Dodoma.\tO

Benki\tO
ya\tO
Kijani\tO
ilifunguliwa\tO

Mvua\tO
ilinyesha\tO
"""
LINKS = "0-0 1-1 2-2\n0-2 1-0 2-3\n1-0\n"


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Path:
    """The working directory: three English sentences with labels, their Swahili translation as
    columns and as text, and word links."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "en.conll").write_text(ENGLISH, encoding="utf-8")
    (tmp_path / "sw.conll").write_text(SWAHILI, encoding="utf-8")
    text = "\n".join(" ".join(rows.split()[::2]) for rows in SWAHILI.split("\n\n"))
    (tmp_path / "sw.txt").write_text(text + "\n", encoding="utf-8")
    (tmp_path / "links.pharaoh").write_text(LINKS, encoding="utf-8")
    return tmp_path


@pytest.fixture
def run(folder):
    """Run a command line; give the result, with what went to stderr in ``result.stderr``."""
    from spacy_xproj.cli import app

    def invoke(*arguments):
        return CliRunner().invoke(app, [str(argument) for argument in arguments])

    return invoke


@pytest.fixture
def done(run):
    """Run a command line that must succeed; give what it printed."""

    def invoke(*arguments):
        result = run(*arguments)
        assert result.exit_code == 0, (result.output, result.exception)
        return result.stdout

    return invoke


@pytest.fixture
def refused(run):
    """Run a command line that must end with a message and exit code 1; give the message."""

    def invoke(*arguments):
        result = run(*arguments)
        assert result.exit_code == 1, (result.output, result.exception)
        assert isinstance(result.exception, SystemExit), result.exception
        assert result.stderr.startswith("Error: ")
        return result.stderr

    return invoke


@pytest.fixture
def one_layer(folder, tiny_encoder) -> Path:
    """A config whose aligner uses layer 1, for the encoder of 4 layers."""
    path = folder / "one_layer.cfg"
    path.write_text(
        f"""[components]
[components.xproj_aligner]
factory = "xproj_aligner"
[components.xproj_aligner.aligner]
@xproj_aligners = "spacy-xproj.SimAlign.v1"
method = "inter"
[components.xproj_aligner.aligner.encoder]
@xproj_encoders = "spacy-xproj.HFEncoder.v1"
name = "{tiny_encoder.as_posix()}"
layers = [1]
""",
        encoding="utf-8",
    )
    return path


@pytest.fixture
def bad_layer(one_layer) -> Path:
    """A config that names a layer the encoder does not have."""
    path = one_layer.with_name("bad_layer.cfg")
    text = one_layer.read_text(encoding="utf-8")
    path.write_text(text.replace("layers = [1]", "layers = [9]"), encoding="utf-8")
    return path


@pytest.fixture
def teacher(folder) -> Path:
    """The folder of an English pipeline with an entity ruler."""
    nlp = spacy.blank("en")
    nlp.add_pipe("entity_ruler").add_patterns(
        [{"label": "PERSON", "pattern": "Asha"}, {"label": "GPE", "pattern": "Dodoma"}]
    )
    nlp.to_disk(folder / "teacher")
    return folder / "teacher"
