"""Input that cannot be used as it is: a clear message, and nothing lost. Of the page for review,
its browser and its reviewers see ``tests/review``."""

import pytest
import spacy
from spacy.tokens import DocBin

from spacy_xproj.data.access import Views
from spacy_xproj.data.views import SourceView
from spacy_xproj.io.formats.files import read_docs, write_docs


@pytest.mark.parametrize(
    ("now", "then", "named"),
    [
        ("spacy-xproj.Matching.v1", "spacy-xproj.Assignment.v1", "spacy-xproj.Matching.v1"),
        ("threshold = ", "least = ", "has 'least', which"),
        ('factory = "xproj_projector"', 'factory = "xproj_project"', "xproj_projector"),
    ],
)
def test_a_config_of_an_older_version(run, refused, folder, now, then, named):
    run("init", "new", "--demo")
    path = folder / "new" / "annotate.cfg"
    text = path.read_text(encoding="utf-8")
    assert now in text
    path.write_text(text.replace(now, then, 1), encoding="utf-8")
    message = refused("annotate", "new/text.txt", "out", "--config", path)
    assert named in message
    assert "To see one that works: spacy xproj init NEW" in message
    checked = run("check", path)
    assert checked.exit_code == 1
    assert named in checked.stdout
    assert not (folder / "out").exists()


@pytest.fixture
def plain(folder):
    nlp = spacy.blank("sw")
    DocBin(docs=[nlp("Asha aliondoka."), nlp("Mvua")]).to_disk(folder / "plain.spacy")
    return "plain.spacy"


def test_a_corpus_without_views(done, refused, plain):
    assert "XP920" in refused("view", plain, "page.html")
    assert "XP923" in refused("explain", plain)
    assert "wrote 2 sentences" in done("review", plain, "--export", "tasks.jsonl")


@pytest.fixture
def without_target(folder):
    """A source sentence whose target has no words, and one that was not aligned."""
    docs = [spacy.blank("sw")(text) for text in ("", "Asha")]
    for doc in docs:
        view = SourceView("en", ("Asha", "left"), (True, False)).with_entities([(0, 1, "PER")])
        Views(doc)["en"] = view
    write_docs(docs, folder / "open.spacy")
    return "open.spacy"


def test_a_view_without_a_target(done, refused, folder, without_target):
    assert "wrote 2 sentences" in done("view", without_target, "page.html", "--sort", "score")
    assert "wrote 2 sentences" in done("review", without_target, "--export", "tasks.jsonl")
    assert "has no links yet" in refused("explain", without_target)
    done("convert", without_target, "copy.spacy")
    copied = read_docs("copy.spacy", lang=None)
    assert [Views(doc)["en"].text for doc in copied] == ["Asha left"] * 2


def test_a_correction_that_no_longer_fits_is_kept_aside(done, labelled, folder):
    log = folder / "out.spacy.review.jsonl"
    log.write_text(
        '{"row": 0, "text": "Another sentence", "answer": "accept", "spans": []}\n'
        '{"row": 2, "text": "Mvua ilinyesha", "answer": "accept", "spans": []}\n',
        encoding="utf-8",
    )
    before = log.read_bytes()
    output = done("review", "out.spacy", "--merge", "fixed.spacy")
    assert "1 sentences reviewed" in output
    assert "1 decisions no longer fit" in output
    aside = (folder / "fixed.spacy.misfits.jsonl").read_text(encoding="utf-8")
    assert "Another sentence" in aside
    assert log.read_bytes() == before
    assert len(read_docs("fixed.spacy", lang=None)) == 3


@pytest.mark.parametrize("report", ["en.conll", "./en.conll", "pred.conll"])
def test_a_report_does_not_take_the_place_of_what_it_is_about(refused, folder, report):
    gold = (folder / "en.conll").read_bytes()
    (folder / "pred.conll").write_bytes(gold)
    assert "XP926" in refused("score", "en.conll", "pred.conll", "--json", report)
    assert (folder / "en.conll").read_bytes() == (folder / "pred.conll").read_bytes() == gold
