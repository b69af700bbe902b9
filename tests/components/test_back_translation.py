"""The back-translating aligner as a part of the pipeline: in a config, saved, and in workers."""

import pytest
import spacy


@pytest.fixture(params=["compose", "tgt2tgt"])
def nlp(request, blocks, files):
    """Source NER runs before the aligner, which translates the views by the bitext, backwards."""
    own = {
        "@xproj_aligners": "spacy-xproj.BackTranslation.v1",
        "aligner": blocks("encoder")["xproj_aligner"]["aligner"],
        "translator": {
            "@xproj_translators": "spacy-xproj.Bitext.v1",
            "path": str(files / "bitext.jsonl"),
            "source_field": "en",
            "target_field": "sw",
        },
        "target_lang": "sw",
        "mode": request.param,
    }
    nlp = spacy.blank("sw")
    for name, settings in {**blocks(), "xproj_aligner": {"aligner": own}}.items():
        nlp.add_pipe(name, config=settings)
    return nlp


def test_links_and_statuses(nlp, texts):
    """The bitext has no marked sentences, so that "tgt2tgt" finds nothing, and says so."""
    mode = nlp.get_pipe("xproj_aligner").backend.mode
    docs = list(nlp.pipe(texts))
    counts = [len(doc._.xproj["en"].links) for doc in docs]
    assert all(counts) if mode == "compose" else not any(counts)
    statuses = {status for doc in docs for status in doc._.xproj.statuses()}
    # The links of an encoder without training are weak, so that not all are.
    assert "projected" in statuses if mode == "compose" else statuses == {"unaligned"}
    assert docs[0]._.xproj["en"].provenance["aligner"]["mode"] == mode


def test_saved_without_its_files_and_in_workers(nlp, texts, everything, files, tmp_path):
    wanted = [everything(doc) for doc in nlp.pipe(texts)]
    nlp.to_disk(tmp_path / "saved")
    (files / "bitext.jsonl").unlink()
    again = spacy.load(tmp_path / "saved")
    assert [everything(doc) for doc in again.pipe(texts)] == wanted
    assert [everything(d) for d in again.pipe(texts, n_process=2, batch_size=2)] == wanted
