"""Languages that spaCy has no class for, and what a pipeline in one of them can do."""

import importlib
import pickle
import re
import subprocess
import sys
from importlib.metadata import distribution

import pytest
import spacy
from spacy.cli.init_config import init_config
from spacy.language import Language
from spacy.tokens import DocBin, Span
from spacy.training.initialize import init_nlp
from spacy.training.loop import train
from spacy.util import get_lang_class

from spacy_xproj.text import languages
from spacy_xproj.text.languages import NAMES, RIGHT_TO_LEFT, language_code

BENCHMARKS = """
    MasakhaNER2: bm bbj ee fon ha ig rw lg luo mos ny pcm sn sw tn tw wo xh yo zu
    XTREME: af ar bg bn de el en es et eu fa fi fr he hi hu id it jv ka kk ml mr ms my nl pt ru
            sw ta te tl tr ur yo th ja ko vi zh
"""


@pytest.mark.parametrize("lang", sorted(NAMES))
def test_each_language_has_a_class_of_its_own(lang):
    cls = get_lang_class(lang)
    assert issubclass(cls, Language)
    nlp = spacy.blank(lang)
    assert (type(nlp), nlp.lang, nlp("a b.").text) == (cls, lang, "a b.")
    assert nlp.meta["lang"] == lang


@pytest.mark.parametrize("lang", sorted(set(re.findall(r"\b[a-z]{2,3}\b", BENCHMARKS))))
def test_all_languages_of_the_benchmarks_have_a_class(lang):
    assert get_lang_class(lang).lang == lang


@pytest.mark.parametrize(
    ("code", "spacys"), [("tha", "th"), ("cmn", "zh"), ("fil", "tl"), ("tl", "tl")]
)
def test_other_codes_of_a_language_mean_the_one_that_spacy_has(code, spacys):
    assert language_code(code) == spacys


def test_the_names_are_the_entry_points():
    entries = [e for e in distribution("spacy-xproj").entry_points if e.group == "spacy_languages"]
    assert {e.name for e in entries} == set(NAMES)
    assert len(entries) == len(NAMES)
    assert all(e.value == f"spacy_xproj.text.languages:{e.name}" for e in entries)


def test_class_names_are_identifiers_and_unique():
    assert all(name.isidentifier() for name in NAMES.values())
    assert len({*NAMES, *NAMES.values()}) == 2 * len(NAMES)
    assert languages.Swahili is get_lang_class("sw")


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'Klingon'"):
        _ = languages.Klingon
    with pytest.raises(ImportError, match="tlh"):
        spacy.blank("tlh")


@pytest.mark.parametrize("lang", RIGHT_TO_LEFT)
def test_right_to_left_languages_say_so(lang):
    writing_system = spacy.blank(lang).vocab.writing_system
    assert (writing_system["direction"], writing_system["has_case"]) == ("rtl", False)
    assert spacy.blank("sw").vocab.writing_system["direction"] == "ltr"


@pytest.fixture
def shipped_luo(tmp_path, monkeypatch):
    """A spaCy that has a class for Luo, as a later version may."""
    package = tmp_path / "luo"
    package.mkdir()
    (package / "__init__.py").write_text(
        "from spacy.language import Language\n\n\n"
        "class Dholuo(Language):\n    lang = 'luo'\n\n\n__all__ = ['Dholuo']\n"
    )
    own = languages.luo
    assert own.__module__ == "spacy_xproj.text.languages"
    spacy_lang = importlib.import_module("spacy.lang")
    monkeypatch.setattr(spacy_lang, "__path__", [*spacy_lang.__path__, str(tmp_path)])
    monkeypatch.delattr(languages, "luo")
    monkeypatch.setattr(languages, "Luo", own)  # so that it is put back
    yield
    sys.modules.pop("spacy.lang.luo", None)
    spacy_lang.__dict__.pop("luo", None)


@pytest.mark.usefixtures("shipped_luo")
def test_the_class_that_spacy_ships_wins():
    shipped = get_lang_class("luo")
    assert (shipped.__name__, shipped.__module__) == ("Dholuo", "spacy.lang.luo")
    assert type(spacy.blank("luo")) is shipped


@pytest.mark.parametrize(
    ("lang", "text", "words"),
    [
        ("sw", "Ng'ombe wa Juma, ng'ombe.", ["Ng'ombe", "wa", "Juma", ",", "ng'ombe", "."]),
        ("ig", "Ọ bịara Enugwu!", ["Ọ", "bịara", "Enugwu", "!"]),
        ("bbj", "Mɔ̀ gɔ́ \u201cDouala\u201d", ["Mɔ̀", "gɔ́", "\u201c", "Douala", "\u201d"]),
        ("mi", "Kei Ōtautahi ia (2024).", ["Kei", "Ōtautahi", "ia", "(", "2024", ")", "."]),
    ],
)
def test_words(lang, text, words):
    assert [token.text for token in spacy.blank(lang)(text)] == words


def test_a_pipeline_is_saved_and_loaded(tmp_path):
    nlp = spacy.blank("sw")
    nlp.add_pipe("sentencizer")
    nlp.to_disk(tmp_path)
    again = spacy.load(tmp_path)
    assert type(again) is type(nlp)
    assert again.pipe_names == ["sentencizer"]
    assert len(list(again("Samia alifika. Aliondoka.").sents)) == 2
    assert spacy.blank("sw").from_bytes(spacy.blank("sw").to_bytes()).lang == "sw"


def test_a_class_and_a_pipeline_are_pickled():
    nlp = spacy.blank("zu")
    assert pickle.loads(pickle.dumps(type(nlp))) is type(nlp)
    again = pickle.loads(pickle.dumps(nlp))
    assert (type(again), again.lang) == (type(nlp), "zu")
    assert [t.text for t in again("Sawubona, mhlaba")] == ["Sawubona", ",", "mhlaba"]


def test_a_pickled_class_is_found_by_a_fresh_process(tmp_path):
    path = tmp_path / "class.pickle"
    path.write_bytes(pickle.dumps(get_lang_class("rw")))
    code = f"import pickle; print(pickle.load(open({str(path)!r}, 'rb')).lang)"
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert result.stdout.strip() == "rw"


def test_a_training_config_names_the_language(tmp_path):
    nlp = spacy.blank("sw")
    docs = []
    for text, word, label in [("Samia alifika.", 0, "PER"), ("Aliondoka Dodoma.", 1, "LOC")]:
        doc = nlp(text)
        doc.set_ents([Span(doc, word, word + 1, label)])
        docs.append(doc)
    DocBin(docs=docs).to_disk(tmp_path / "train.spacy")
    config = init_config(lang="sw", pipeline=["ner"], optimize="efficiency", silent=True)
    assert config["nlp"]["lang"] == "sw"
    config["paths"].update(train=str(tmp_path / "train.spacy"), dev=str(tmp_path / "train.spacy"))
    config["training"].update(max_steps=2, eval_frequency=1)
    student, _ = train(init_nlp(config))
    assert (student.lang, type(student)) == ("sw", type(nlp))
    assert student.pipe_labels["ner"] == ["LOC", "PER"]
    student.to_disk(tmp_path / "student")
    assert spacy.load(tmp_path / "student").config["nlp"]["lang"] == "sw"
