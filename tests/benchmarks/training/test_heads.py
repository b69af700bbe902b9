"""From parallel text to a head that the aligner loads."""

import numpy as np
import pytest
from typer.testing import CliRunner

from benchmarks.cli import app
from benchmarks.datasets.ntrex import ntrex_files
from benchmarks.training.fit import Fit
from benchmarks.training.heads import HeadSettings, train_head
from benchmarks.training.parallel import read_ntrex
from spacy_xproj.alignment import HFEncoder
from spacy_xproj.alignment.aligners import HeadAlign
from spacy_xproj.alignment.head import load_head
from spacy_xproj.data.sentence import Sentence
from spacy_xproj.data.views import SourceView
from spacy_xproj.errors import XProjError

TEXT = {
    "src.eng": ["Asha met Baraka in Dodoma.", "Kijani Bank opened.", "The new year opened well."],
    "ref.deu": ["Asha Baraka met in Dodoma.", "opened Kijani Bank.", "well opened the new year."],
    "ref.swa": ["in Dodoma Asha met Baraka.", "Bank Kijani opened.", "the year new opened well."],
    "ref.zho-CN": ["亚沙在多多马", "银行", "新年"],
}
SETTINGS = HeadSettings(langs=("de", "sw"), sentences=3, fit=Fit(rank=4, epochs=2))


@pytest.fixture
def ntrex(tmp_path):
    folder = tmp_path / "ntrex"
    folder.mkdir()
    for name, lines in TEXT.items():
        path = folder / f"newstest2019-{name}.txt"
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    (folder / "DOCUMENT_IDS.tsv").write_text("not a text\n", encoding="utf-8")
    return folder


@pytest.fixture
def encoder(tiny_encoder):
    return HFEncoder(name=str(tiny_encoder), n_layers=3, device="cpu")


def test_files_are_found_by_the_language_that_spacy_names(ntrex):
    files = ntrex_files(ntrex, ["en", "sw", "zh", "de"])
    assert list(files) == ["en", "sw", "zh", "de"]
    assert read_ntrex(files["en"], "en", limit=2)[1] == ("Kijani", "Bank", "opened", ".")
    assert read_ntrex(files["zh"], "zh", limit=1) == [tuple("亚沙在多多马")]


def test_a_folder_without_the_files_is_an_error(tmp_path, ntrex, encoder):
    with pytest.raises(XProjError, match=r"XP732.*found: none.*--data FOLDER"):
        ntrex_files(tmp_path, ["en"])
    with pytest.raises(XProjError, match=r"XP733.*'fi'.*de, en, sw, zh"):
        train_head(ntrex, encoder, SETTINGS._replace(langs=("de", "fi")))


def test_of_the_files_of_a_language_the_one_without_a_region_is_read_or_one_must_be_chosen(ntrex):
    for name in ("ref.deu-AT", "ref.zho-TW", "ref.srp-Cyrl", "ref.srp-Latn"):
        (ntrex / f"newstest2019-{name}.txt").write_text("a\n", encoding="utf-8")
    assert ntrex_files(ntrex, ["de"])["de"].name == "newstest2019-ref.deu.txt"
    with pytest.raises(XProjError, match=r"XP736.*'zh'.*zho-CN.*, .*zho-TW.*mv .*zho-TW"):
        ntrex_files(ntrex, ["zh"])
    with pytest.raises(XProjError, match=r"XP736.*'sr'"):
        ntrex_files(ntrex, ["de", "sr"])


def test_a_head_is_the_same_each_time(ntrex, encoder):
    first, again = (train_head(ntrex, encoder, SETTINGS) for _ in range(2))
    assert first.to_bytes() == again.to_bytes()
    assert first.matrix.shape == (48, 4)
    other = train_head(ntrex, encoder, SETTINGS._replace(fit=Fit(rank=4, epochs=2, seed=1)))
    assert not np.array_equal(first.matrix, other.matrix)


def test_sentences_are_encoded_once(ntrex, encoder, monkeypatch):
    seen = []
    encode = HFEncoder.encode
    monkeypatch.setattr(
        HFEncoder, "encode", lambda self, texts: [seen.extend(texts), encode(self, texts)][1]
    )
    train_head(ntrex, encoder, SETTINGS)
    assert len(seen) == 3 * 3 + 1  # and the words by which the encoder is known again


def test_one_other_language_is_enough(ntrex, encoder):
    head = train_head(ntrex, encoder, SETTINGS._replace(langs=("zh",)))
    assert np.isfinite(head.matrix).all()


def test_the_command_writes_a_head_that_the_aligner_takes_and_its_card(
    ntrex, tiny_encoder, encoder, tmp_path
):
    out = tmp_path / "out" / "head"
    arguments = [str(out), "--encoder", str(tiny_encoder), "--data", str(ntrex)]
    result = CliRunner().invoke(
        app, ["train-head", *arguments, "--langs", "de,sw", "--sentences", "3"]
    )
    assert result.exit_code == 0, result.output
    assert load_head(out).encoder["layers"] == [1, 2, 3]
    card = (out / "README.md").read_text(encoding="utf-8")
    command = f"python -m benchmarks train-head {out} --encoder {tiny_encoder}"
    for part in (command, "CC BY-SA 4.0", "48 x 256", "English and de, sw", "--seed 0"):
        assert part in card
    words = ("Asha", "met", "Baraka")
    view, target = SourceView("en", words, (True,) * 3), Sentence(words, (True,) * 3)
    (links,) = HeadAlign(encoder=encoder, head=str(out)).align([view], [target])
    assert {(0, 0), (1, 1), (2, 2)} <= links.pairs
