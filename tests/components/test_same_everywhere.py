"""However a pipeline is run, saved or sent, its documents come out the same."""

import pickle
import signal

import pytest
import spacy
from spacy.tokens import Doc, DocBin


@pytest.fixture(params=["links", "encoder"])
def nlp(request, make_nlp):
    return make_nlp(request.param)


@pytest.fixture
def wanted(nlp, texts, everything):
    return [everything(nlp(text)) for text in texts]


@pytest.fixture
def at_most_a_minute():
    """A worker that hangs is a failure, not a test run without end."""

    def stop(*args):
        raise TimeoutError("the workers did not answer within a minute")

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(60)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


def test_there_is_something_to_compare(wanted):
    assert [len(ents) for _, ents, _, _ in wanted][2] == 0
    assert all(views["en"].links for _, _, _, views in wanted)


def test_one_by_one_and_in_batches(nlp, texts, wanted, everything):
    for size in (1, 2, 128):
        assert [everything(doc) for doc in nlp.pipe(texts, batch_size=size)] == wanted


def test_from_docs(nlp, texts, wanted, everything):
    docs = [nlp.make_doc(text) for text in texts]
    assert [everything(doc) for doc in nlp.pipe(docs)] == wanted


def test_after_to_disk_without_the_files(nlp, texts, wanted, everything, files, tmp_path):
    nlp.to_disk(tmp_path / "saved")
    (files / "bitext.jsonl").unlink()
    (files / "links.pharaoh").unlink()
    again = spacy.load(tmp_path / "saved")
    assert [everything(doc) for doc in again.pipe(texts)] == wanted


def test_after_to_bytes_without_the_files(nlp, texts, wanted, everything, files):
    data, config = nlp.to_bytes(), nlp.config
    (files / "bitext.jsonl").unlink()
    (files / "links.pharaoh").unlink()
    again = spacy.blank("sw").from_config(config).from_bytes(data)
    assert [everything(doc) for doc in again.pipe(texts)] == wanted
    assert again.to_bytes() == data


def test_a_pipeline_can_be_saved_before_its_first_text(make_nlp, texts, expected, found, tmp_path):
    make_nlp().to_disk(tmp_path / "saved")
    assert [found(doc) for doc in spacy.load(tmp_path / "saved").pipe(texts)] == expected


def test_what_is_excluded_is_not_saved(nlp, tmp_path):
    nlp.to_disk(tmp_path / "saved", exclude=["xproj_translate"])
    assert not (tmp_path / "saved" / "xproj_translate").exists()
    assert (tmp_path / "saved" / "xproj_aligner").exists()


def test_a_pipeline_with_defaults_can_be_saved(tmp_path):
    nlp = spacy.blank("sw")
    for name in ("xproj_translate", "xproj_source_ner", "xproj_aligner", "xproj_projector"):
        nlp.add_pipe(name)
    nlp.to_disk(tmp_path / "saved")
    assert spacy.load(tmp_path / "saved").pipe_names == nlp.pipe_names


@pytest.mark.parametrize(
    "aligner",
    [
        {"@xproj_aligners": "spacy-xproj.Pharaoh.v1"},
        {"@xproj_aligners": "spacy-xproj.Statistical.v1"},
    ],
)
def test_so_can_one_whose_aligner_has_not_got_its_data_yet(aligner, tmp_path):
    nlp = spacy.blank("sw")
    nlp.add_pipe("xproj_aligner", config={"aligner": aligner})
    nlp.to_disk(tmp_path / "saved")
    assert spacy.load(tmp_path / "saved").to_bytes() == nlp.to_bytes()


def test_in_workers_that_load_the_models_themselves(
    nlp, texts, make_nlp, everything, at_most_a_minute
):
    """The pipeline has not been used in this process."""
    docs = list(nlp.pipe(texts, n_process=2, batch_size=2))
    assert [everything(doc) for doc in docs] == [everything(nlp(text)) for text in texts]


def test_in_workers_after_use_in_this_process(nlp, texts, wanted, everything, at_most_a_minute):
    docs = nlp.pipe(texts, n_process=2, batch_size=1)
    assert [everything(doc) for doc in docs] == wanted


def test_after_pickling(nlp, texts, wanted, everything):
    again = pickle.loads(pickle.dumps(nlp))
    assert [everything(doc) for doc in again.pipe(texts)] == wanted


def test_documents_in_a_docbin(nlp, texts, wanted, everything):
    data = DocBin(docs=nlp.pipe(texts), store_user_data=True).to_bytes()
    docs = list(DocBin(store_user_data=True).from_bytes(data).get_docs(spacy.blank("sw").vocab))
    assert [everything(doc) for doc in docs] == wanted


def test_documents_as_bytes(nlp, texts, wanted, everything):
    docs = [Doc(nlp.vocab).from_bytes(nlp(text).to_bytes()) for text in texts]
    assert [everything(doc) for doc in docs] == wanted
