"""The language of a .spacy file is taken from it; where it does not say, a command that has to know
says what to give."""

import json

import pytest
import spacy
from spacy.tokens import DocBin
from spacy.vocab import Vocab

from spacy_xproj.io.formats.files import said_lang


@pytest.fixture
def source(done, folder):
    done("convert", "en.conll", "en.spacy", "--lang", "en")
    return "en.spacy"


@pytest.fixture
def target(done, folder):
    done("convert", "sw.conll", "sw.spacy", "--lang", "sw")
    return "sw.spacy"


LINKS = ("--alignments", "links.pharaoh")


def test_every_step_from_project_on_knows_the_languages(done, folder, source, target):
    done("project", source, target, "a.spacy", *LINKS)
    done("ensemble", "a.spacy", "b.spacy")
    done("convert", "b.spacy", "c.spacy")
    done("export", "c.spacy", "made")
    made = json.loads((folder / "made/summary.json").read_text(encoding="utf-8"))
    assert made["lang"] == "sw"
    for path in ("a.spacy", "b.spacy", "c.spacy", "made/train.spacy"):
        assert said_lang(path) == "sw"
    (doc, *_) = DocBin().from_disk("a.spacy").get_docs(Vocab())
    assert list(doc.user_data["xproj"]) == ["en"]


def test_what_is_given_goes_before_what_the_file_says(done, source):
    done("convert", source, "de.spacy", "--lang", "de")
    assert said_lang("de.spacy") == "de"


def test_a_file_that_does_not_say_is_answered_with_a_line_to_paste(refused, folder, target):
    DocBin(docs=[spacy.blank("en")("Asha left")]).to_disk("plain.spacy")
    assert "--lang sw" in refused("export", "plain.spacy", "made")
    assert "--source-lang sw" in refused("project", "plain.spacy", target, "a.spacy")
    assert "--target-lang sw" in refused("project", target, "plain.spacy", "a.spacy")
    assert "--target-lang sw" in refused("ensemble", "plain.spacy", "a.spacy")


def test_text_is_cut_by_the_words_of_the_other_side(done, folder, source):
    """The language that gold says is that of the text of the predictions, too."""
    (folder / "pred.jsonl").write_text(
        '{"text": "Asha left Dodoma .", "spans": [[0, 4, "PER"]]}\n'
        '{"text": "Kijani Bank opened", "spans": []}\n{"text": "It rained", "spans": []}\n',
        encoding="utf-8",
    )
    assert "general rules" not in done("score", source, "pred.jsonl")
    assert "general rules; by those of a language" in done("convert", "pred.jsonl", "o.spacy")
    assert "general rules" not in done("convert", "pred.jsonl", "o.spacy", "--lang", "en")
