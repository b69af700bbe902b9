"""Several source languages in one set of components: shared parts, or own ones by language."""

import json

import pytest
import spacy

from spacy_xproj.data.status import ViewStatus
from spacy_xproj.errors import XProjError

LANGS = ["en", "de"]
GERMAN = ["Asha traf Baraka in Dodoma.", None, "Das neue Jahr begann gut.", "Asha hat Arbeit."]


@pytest.fixture
def german_teacher(tmp_path):
    """The folder of a German pipeline, with labels of its own."""
    nlp = spacy.blank("de")
    nlp.add_pipe("entity_ruler").add_patterns(
        [{"label": "Mensch", "pattern": name} for name in ("Asha", "Baraka")]
    )
    nlp.to_disk(tmp_path / "de")
    return str(tmp_path / "de")


@pytest.fixture
def settings(blocks, files, texts, german_teacher):
    """One bitext and one encoder for both languages; each has its own teacher."""
    lines = [json.loads(line) for line in (files / "bitext.jsonl").read_text().splitlines()]
    for line, german in zip(lines, GERMAN, strict=True):
        line["de"] = german
    text = "\n".join(json.dumps(line) for line in lines)
    (files / "bitext.jsonl").write_text(text, encoding="utf-8")
    own = blocks("encoder")
    own["xproj_translate"]["source_langs"] = LANGS
    own["xproj_translate"]["translator"] |= {"target_field": None}
    own["xproj_source_ner"] |= {
        "taggers": {
            "de": {"@xproj_taggers": "spacy-xproj.SpacyTagger.v1", "model": german_teacher}
        },
        "label_maps": {"de": {"Mensch": "PER"}},
    }
    return own


@pytest.fixture
def make(settings):
    def make(**more):
        nlp = spacy.blank("sw")
        for name, own in settings.items():
            nlp.add_pipe(name, config={**own, **more.get(name, {})})
        return nlp

    return make


def test_each_language_has_its_view(make, texts):
    docs = list(make().pipe(texts))
    assert [list(doc._.xproj) for doc in docs] == [LANGS] * 4
    view = docs[0]._.xproj["de"]
    assert view.text == GERMAN[0]
    assert [(view.entity_text(e), e.label) for e in view.entities] == [
        ("Asha", "PER"),
        ("Baraka", "PER"),
    ]
    english = docs[0]._.xproj["en"]
    assert [e.label for e in english.entities] == ["PER", "PER", "LOC"]
    assert view.provenance["tagger"] != english.provenance["tagger"]
    assert set(docs[0].spans) == {"xproj_en", "xproj_de"}


def test_a_translation_that_is_missing_is_a_status(make, texts):
    doc = make()(texts[1])
    assert doc._.xproj["en"].status is ViewStatus.OK
    missing = doc._.xproj["de"]
    assert missing.status is ViewStatus.NO_TRANSLATION
    assert missing.reason == "pair 1 of the bitext has no translation into this language"
    assert (missing.entities, missing.projections, missing.row) == ((), (), 1)


def test_each_sentence_is_encoded_once_for_all_views(make, texts):
    nlp = make()
    encoder = nlp.get_pipe("xproj_aligner").backend.encoder
    calls = []
    encode = encoder.encode

    def spy(sentences):
        calls.append([" ".join(words) for words in sentences])
        return encode(sentences)

    encoder.encode = spy
    list(nlp.pipe(texts))
    (sentences,) = calls
    assert len(sentences) == len(set(sentences)) == 4 + 4 + 3  # sw, en, de


def test_views_are_what_one_language_at_a_time_gives(make, settings, texts, everything):
    both = list(make().pipe(texts))
    for lang in LANGS:
        only = {name: {"source_langs": [lang]} for name in settings}
        if lang == "en":
            only["xproj_source_ner"] |= {"taggers": {}, "label_maps": {}}
        for doc, one in zip(both, make(**only).pipe(texts), strict=True):
            assert everything(one)[3] == {lang: everything(doc)[3][lang]}


def test_own_translators_and_aligners(make, files, texts):
    (files / "de.tsv").write_text(f"{texts[0]}\tBaraka traf Asha.\n", encoding="utf-8")
    (files / "de.pharaoh").write_text("0-3 2-0\n", encoding="utf-8")
    bitext = {"@xproj_translators": "spacy-xproj.Bitext.v1", "path": str(files / "de.tsv")}
    links = {"@xproj_aligners": "spacy-xproj.Pharaoh.v1", "path": str(files / "de.pharaoh")}
    nlp = make(
        xproj_translate={"translators": {"de": bitext}}, xproj_aligner={"aligners": {"de": links}}
    )
    doc = nlp(texts[0])
    assert [s.text for s in doc.spans["xproj_de"]] == ["Baraka", "Asha"]
    assert doc._.xproj["en"].text == "Asha met Baraka in Dodoma."
    assert [view.provenance["aligner"]["aligner"] for view in doc._.xproj.values()] == [
        "soft",
        "pharaoh",
    ]


def test_own_parts_are_saved_with_the_pipeline(make, files, texts, everything, tmp_path):
    bitext = {"@xproj_translators": "spacy-xproj.Bitext.v1", "path": str(files / "de.tsv")}
    (files / "de.tsv").write_text(f"{texts[0]}\tBaraka traf Asha.\n", encoding="utf-8")
    nlp = make(xproj_translate={"translators": {"de": bitext}})
    wanted = [everything(doc) for doc in nlp.pipe(texts)]
    nlp.to_disk(tmp_path / "saved")
    data = nlp.to_bytes()
    (files / "de.tsv").unlink()
    (files / "bitext.jsonl").unlink()
    again = spacy.load(tmp_path / "saved")
    assert [everything(doc) for doc in again.pipe(texts)] == wanted
    assert again.to_bytes() == data
    other = spacy.blank("sw").from_config(nlp.config).from_bytes(data)
    assert [everything(doc) for doc in other.pipe(texts)] == wanted


@pytest.mark.parametrize(
    "name", ["xproj_translate", "xproj_source_ner", "xproj_aligner", "xproj_projector"]
)
def test_a_language_twice_is_an_error(make, name):
    with pytest.raises(XProjError, match=rf"XP570.*'{name}' names 'en' twice.*\[\"en\",\"de\"\]"):
        make(**{name: {"source_langs": ["en", "de", "en"]}})
    with pytest.raises(XProjError, match=r"XP570.*no language"):
        make(**{name: {"source_langs": []}})


def test_a_part_for_a_language_that_is_none_of_them_is_an_error(make):
    with pytest.raises(XProjError, match=r"XP571.*taggers.*'de'.*source languages \('en'\)"):
        make(xproj_source_ner={"source_langs": ["en"]})


def test_without_a_shared_part_each_language_needs_its_own(make, texts):
    nlp = make(xproj_source_ner={"tagger": None})
    with pytest.raises(
        XProjError, match=r"XP572.*lacks a tagger.*'en'.*are for 'de'.*taggers = {'en'"
    ):
        nlp(texts[0])


def test_a_key_that_no_line_has_is_an_error(make, texts):
    with pytest.raises(XProjError, match=r"XP202.*bitext\.jsonl.*no line has the key 'fr'"):
        make(xproj_translate={"source_langs": ["en", "fr"]})(texts[0])
