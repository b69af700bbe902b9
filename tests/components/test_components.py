"""The four components in a pipeline: order, settings, and what they find."""

import pytest
import spacy

from spacy_xproj.components.base import XProjPipe
from spacy_xproj.data.status import Status
from spacy_xproj.errors import XProjError
from spacy_xproj.translation.bitext import Bitext

NAMES = ["xproj_translate", "xproj_source_ner", "xproj_aligner", "xproj_projector"]


@pytest.fixture
def offline(monkeypatch, tmp_path):
    """No network, and an empty Hugging Face cache."""
    import huggingface_hub.constants
    import huggingface_hub.utils._http
    import transformers.utils.hub

    def refuse(*args, **kwargs):
        raise OSError("there is no network here")

    monkeypatch.setattr("socket.getaddrinfo", refuse)
    monkeypatch.setattr("socket.socket.connect", refuse)
    monkeypatch.setattr(huggingface_hub.utils._http.time, "sleep", lambda seconds: None)
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_CACHE", str(tmp_path))
    monkeypatch.setattr(transformers.utils.hub, "TRANSFORMERS_CACHE", str(tmp_path))


def test_entities_statuses_and_layers(make_nlp, texts, expected, found):
    docs = list(make_nlp().pipe(texts))
    assert [found(doc) for doc in docs] == expected
    assert [dict(doc._.xproj.statuses()) for doc in docs] == [
        {"projected": 3},
        {"projected": 3},
        {},
        {"projected": 1, "unaligned": 1},
    ]
    assert [s.text for s in docs[1].spans["xproj_en"]] == ["Benki ya Kijani", "Nairobi", "Jumatatu"]
    view = docs[3]._.xproj["en"]
    assert view.text == "Asha works in Nairobi."
    assert view.row == 3
    assert sorted(view.provenance) == ["aligner", "projector", "tagger", "translator"]
    assert view.projections[1].status is Status.UNALIGNED


def test_each_component_can_be_added_with_its_defaults_and_loads_no_model_then():
    nlp = spacy.blank("sw")
    for name in NAMES:
        assert isinstance(nlp.add_pipe(name), XProjPipe)
    assert nlp.pipe_names == NAMES


def test_a_default_model_that_cannot_be_had_gives_the_fix(offline, make_nlp, texts, monkeypatch):
    monkeypatch.setattr("spacy_xproj.hf.loading.has_bundle", lambda *args: False)
    fixes = {
        "xproj_translate": r"XP901.*nllb-200-distilled-600M.*huggingface-cli download",
        "xproj_source_ner": r"XP302.*en_core_web_sm.*python -m spacy download en_core_web_sm",
        "xproj_aligner": r"XP905.*multilingual-e5-small.*pip install 'spacy-xproj\[offline\]'",
    }
    for name, fix in fixes.items():
        nlp = make_nlp()
        nlp.replace_pipe(name, name)
        with pytest.raises(XProjError, match=fix):
            nlp(texts[0])


def test_analyze_pipes_knows_the_order(make_nlp):
    nlp = make_nlp()
    assert not any(nlp.analyze_pipes()["problems"].values())
    wrong = spacy.blank("sw")
    for name in reversed(NAMES):
        wrong.add_pipe(name)
    problems = wrong.analyze_pipes()["problems"]
    assert problems["xproj_projector"] == ["doc._.xproj_entities", "doc._.xproj_links"]
    assert problems["xproj_aligner"] == problems["xproj_source_ner"] == ["doc._.xproj"]


@pytest.mark.parametrize(
    ("without", "message"),
    [
        ("xproj_source_ner", r"XP106.*no entities yet.*add_pipe\('xproj_source_ner'"),
        ("xproj_aligner", r"XP106.*no links yet.*add_pipe\('xproj_aligner'"),
    ],
)
def test_a_component_that_is_missing_is_named(make_nlp, texts, without, message):
    nlp = make_nlp()
    nlp.remove_pipe(without)
    with pytest.raises(XProjError, match=message):
        nlp(texts[0])


def test_without_a_translator_there_is_nothing_to_project(make_nlp, texts):
    nlp = make_nlp()
    nlp.remove_pipe("xproj_translate")
    doc = nlp(texts[0])
    assert (doc.ents, dict(doc._.xproj), doc._.xproj.report()) == ((), {}, "(no source view)")


def test_label_map_and_ignore_labels(make_nlp, texts, found):
    nlp = make_nlp(
        xproj_source_ner={"label_map": {"PERSON": "HUMAN"}, "ignore_labels": ["DATE", "GPE"]}
    )
    first, second, *_ = nlp.pipe(texts)
    assert found(first) == [("Asha", "HUMAN"), ("Baraka", "HUMAN")]
    assert found(second) == [("Benki ya Kijani", "ORG")]
    # Counted under the name that the default map gives, to which the config only adds.
    assert first._.xproj["en"].ignored == {"LOC": 1}
    assert second._.xproj["en"].ignored == {"DATE": 1, "LOC": 1}


def test_an_empty_label_map_clears_it(make_nlp, texts, found):
    nlp = make_nlp(xproj_source_ner={"label_map": {}})
    assert ("Asha", "PERSON") in found(nlp(texts[0]))
    config = nlp.config.to_str()
    again = spacy.util.load_model_from_config(nlp.config.from_str(config), auto_fill=True)
    assert again.get_pipe("xproj_source_ner").label_map == {}


def test_two_source_languages(blocks, files, texts, tmp_path):
    """Each has its view and its layer; in doc.ents the view that comes first wins."""
    (tmp_path / "de.tsv").write_text(f"{texts[0]}\tBaraka Dodoma traf Asha.\n", encoding="utf-8")
    (tmp_path / "de.pharaoh").write_text("0-3 1-4 1-5 2-1 3-0\n", encoding="utf-8")
    ruler = spacy.blank("de")
    ruler.add_pipe("entity_ruler").add_patterns([{"label": "ORG", "pattern": "Baraka Dodoma"}])
    ruler.to_disk(tmp_path / "de")
    settings = blocks()
    nlp = spacy.blank("sw")
    for name in NAMES[:3]:
        nlp.add_pipe(name, config={**settings[name]})
    nlp.get_pipe("xproj_source_ner").source_langs = ["en"]
    nlp.get_pipe("xproj_aligner").source_langs = ["en"]
    nlp.add_pipe(
        "xproj_translate",
        name="german",
        config={
            "source_lang": "de",
            "translator": {
                "@xproj_translators": "spacy-xproj.Bitext.v1",
                "path": str(tmp_path / "de.tsv"),
            },
        },
    )
    nlp.add_pipe(
        "xproj_source_ner",
        name="german_ner",
        config={
            "source_langs": ["de"],
            "tagger": {
                "@xproj_taggers": "spacy-xproj.SpacyTagger.v1",
                "model": str(tmp_path / "de"),
            },
        },
    )
    nlp.add_pipe(
        "xproj_aligner",
        name="german_aligner",
        config={
            "source_langs": ["de"],
            "aligner": {
                "@xproj_aligners": "spacy-xproj.Pharaoh.v1",
                "path": str(tmp_path / "de.pharaoh"),
            },
        },
    )
    nlp.add_pipe("xproj_projector")
    doc = nlp(texts[0])
    assert list(doc._.xproj) == ["en", "de"]
    assert [(s.text, s.label_) for s in doc.spans["xproj_de"]] == [("Baraka mjini Dodoma", "ORG")]
    assert [s.text for s in doc.spans["xproj_en"]] == ["Asha", "Baraka", "Dodoma"]
    assert [(e.text, e.label_) for e in doc.ents] == [
        ("Asha", "PER"),
        ("Baraka", "PER"),
        ("Dodoma", "LOC"),
    ]
    # What doc.ents leaves out stays in the view, with the status that its own projection had.
    assert doc._.xproj["de"].projections[0].status is Status.PROJECTED

    only_german = nlp.get_pipe("xproj_projector")
    only_german.source_langs, only_german.spans_key = ["de"], None
    doc = nlp(texts[0])
    assert [e.text for e in doc.ents] == ["Baraka mjini Dodoma"]
    assert not doc.spans


def test_the_translator_is_asked_for_the_right_direction(make_nlp, texts):
    nlp = make_nlp()
    calls = []
    bitext = nlp.get_pipe("xproj_translate").backend
    translate = bitext.translate

    def spy(texts, *, source_lang, target_lang):
        calls.append((source_lang, target_lang))
        return translate(texts, source_lang=source_lang, target_lang=target_lang)

    bitext.translate = spy
    nlp(texts[0])
    assert calls == [("sw", "en")]


def test_a_source_language_that_does_not_exist_is_named(make_nlp, texts):
    nlp = make_nlp(xproj_translate={"source_lang": "qqq"})
    with pytest.raises(XProjError, match=r"XP610.*'qqq'"):
        nlp(texts[0])


def test_batches_are_as_long_as_asked_for(make_nlp, texts):
    nlp = make_nlp()
    sizes = []
    for name in NAMES:
        pipe = nlp.get_pipe(name)

        def spy(docs, process=pipe.process, name=name):
            sizes.append((name, len(docs)))
            process(docs)

        pipe.process = spy
    assert len(list(nlp.pipe(texts, batch_size=3))) == 4
    assert sorted(sizes) == sorted((name, size) for name in NAMES for size in (3, 1))


def test_running_again_replaces_what_was_found(make_nlp, texts, everything):
    nlp = make_nlp()
    doc = nlp(texts[1])
    once = everything(doc)
    for _, pipe in nlp.pipeline:
        doc = pipe(doc)
    assert everything(doc) == once


def test_the_tokenizer_of_translations_is_renewed(monkeypatch):
    """A vocabulary that has seen many words is replaced, so that memory stays bounded."""
    nlp = spacy.blank("sw")
    pipe = nlp.add_pipe(
        "xproj_translate", config={"translator": {"@xproj_translators": "spacy-xproj.Bitext.v1"}}
    )
    pipe.backend = Bitext(pairs=[("Mvua", "It rained."), ("Jua", "The sun.")])
    words = [nlp(text)._.xproj["en"].words for text in ("Mvua", "Jua")]
    before = pipe._blanks["en"]
    monkeypatch.setattr("spacy_xproj.text.tokenizers.MAX_WORDS", 0)
    assert [nlp(text)._.xproj["en"].words for text in ("Mvua", "Jua")] == words
    assert pipe._blanks["en"] is not before
