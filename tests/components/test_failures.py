"""A document that a component cannot process is handed to the error handler, alone."""

import pytest

from spacy_xproj.errors import XProjError

BAD = 1  # the second of the four texts makes its component raise


def break_component(nlp, name):
    """Make the backend of a component raise for any batch with the second pair in it."""
    backend = nlp.get_pipe(name).backend
    method = {
        "xproj_translate": "translate",
        "xproj_source_ner": "tag",
        "xproj_aligner": "align",
        "xproj_projector": "project",
    }[name]
    works = getattr(backend, method)

    def fails(first, *args, **kwargs):
        texts = [getattr(one, "text", one) for one in first]
        if any("Kijani" in text for text in texts):
            raise RuntimeError(f"{method} does not like banks")
        return works(first, *args, **kwargs)

    setattr(backend, method, fails)


COMPONENTS = ["xproj_translate", "xproj_source_ner", "xproj_aligner", "xproj_projector"]


@pytest.mark.parametrize("name", COMPONENTS)
@pytest.mark.parametrize("batch_size", [1, 2, 100])
def test_the_others_of_its_batch_come_through(
    make_nlp, texts, expected, found, name, batch_size, caplog
):
    nlp = make_nlp()
    break_component(nlp, name)
    caught = []
    nlp.set_error_handler(
        lambda where, proc, docs, error: caught.append((where, [d.text for d in docs], str(error)))
    )
    docs = list(nlp.pipe(texts, batch_size=batch_size))
    good = [i for i in range(4) if i != BAD]
    assert [doc.text for doc in docs] == [texts[i] for i in good]
    assert [found(doc) for doc in docs] == [expected[i] for i in good]
    ((where, failed, message),) = caught
    assert (where, failed) == (name, [texts[BAD]])
    assert message.endswith("does not like banks")
    said = [r.getMessage() for r in caplog.records if r.name.startswith("spacy_xproj.")]
    assert len(said) == (batch_size > 1)
    assert all(f"{name}: a batch of " in line and "not like banks" in line for line in said)


@pytest.mark.parametrize("name", COMPONENTS)
def test_without_a_handler_it_is_raised(make_nlp, texts, name):
    nlp = make_nlp()
    break_component(nlp, name)
    with pytest.raises(RuntimeError, match="does not like banks"):
        list(nlp.pipe(texts))
    with pytest.raises(RuntimeError, match="does not like banks"):
        nlp(texts[BAD])


@pytest.mark.parametrize("name", COMPONENTS)
def test_a_failing_component_leaves_the_document_as_it_was(make_nlp, texts, everything, name):
    nlp = make_nlp()
    before = nlp.make_doc(texts[BAD])
    for earlier in COMPONENTS[: COMPONENTS.index(name)]:
        before = nlp.get_pipe(earlier)(before)
    wanted = everything(before)
    break_component(nlp, name)
    with pytest.raises(RuntimeError):
        nlp.get_pipe(name)(before)
    assert everything(before) == wanted


def test_a_link_out_of_range_fails_that_document_only(make_nlp, texts, expected, found, files):
    path = files / "links.pharaoh"
    lines = path.read_text(encoding="utf-8").split("\n")
    lines[0] = "0-0 9-1"
    path.write_text("\n".join(lines), encoding="utf-8")
    nlp = make_nlp()
    caught = []
    nlp.set_error_handler(lambda where, proc, docs, error: caught.append((docs[0].text, error)))
    assert [found(doc) for doc in nlp.pipe(texts)] == expected[1:]
    ((text, error),) = caught
    assert text == texts[0]
    assert isinstance(error, XProjError)
    assert f"{path}:1" in str(error)
    assert "9-1" in str(error)
