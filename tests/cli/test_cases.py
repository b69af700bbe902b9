"""Small inputs that stand for kinds of trouble: each gives what its ``run.txt`` calls right."""

import shutil
import subprocess
import sys

import pytest

from spacy_xproj.data.labels import is_labelled, open_words
from spacy_xproj.io.formats.files import read_docs

LANGS = ("--source-lang", "en", "--target-lang", "nb", "--alignments")


@pytest.fixture
def case(cases, tmp_path, monkeypatch):
    """Work in a copy of a folder of cases."""

    def enter(name):
        shutil.copytree(cases / name, tmp_path / name)
        monkeypatch.chdir(tmp_path / name)

    return enter


def entities(path, lang="en"):
    return [(ent.text, ent.label_) for doc in read_docs(path, lang=lang) for ent in doc.ents]


@pytest.mark.shared
def test_jsonl_other_label_key(case, done, refused):
    case("jsonl-other-label-key")
    names = ("doccano_label", "doccano_labels", "argilla", "argilla2", "spacy_ner", "tokens_labels")
    for name in names:
        done("convert", f"{name}.jsonl", f"{name}.iob2", "--lang", "en")
        assert entities(f"{name}.iob2"), name
    message = refused("convert", "doccano_annot.jsonl", "o.iob2", "--lang", "en")
    assert "doccano_annot.jsonl:1" in message
    message = refused("convert", "typo.jsonl", "o.iob2", "--lang", "en")
    assert "typo.jsonl:1" in message
    done("project", "mixedkeys.jsonl", "target.txt", "m.iob2", *LANGS, "links.pharaoh")
    assert all(doc.ents for doc in read_docs("m.iob2", lang="nb"))


@pytest.mark.shared
def test_labelstudio_other_region_types(case, done):
    case("labelstudio-other-region-types")
    for name in ("hyper", "paragraph"):
        done("convert", f"{name}.json", f"{name}.iob2", "--lang", "en")
        assert entities(f"{name}.iob2")


@pytest.mark.shared
@pytest.mark.parametrize(
    ("code", "near"),
    [
        *[("zh-Hans", "zh"), ("pt-BR", "pt"), ("swh", "sw"), ("no", "nb"), ("ji", "yi")],
        *[("yue", "zh"), ("zho_Hans", "zh"), ("EN", "en")],
    ],
)
def test_lang_code_no_fix(case, refused, code, near):
    case("lang-code-no-fix")
    langs = ("--source-lang", "en", "--target-lang", code, "--alignments", "ok.pharaoh")
    message = refused("project", "src.jsonl", "target.txt", "o.jsonl", *langs)
    assert f"'{near}'" in message
    assert "'xx'" in message


@pytest.mark.shared
@pytest.mark.parametrize("code", ["fil", "cmn", "jpn", "zho"])
def test_codes_that_stand_for_a_language_of_spacy(case, done, code):
    case("lang-code-no-fix")
    langs = ("--source-lang", "en", "--target-lang", code, "--alignments", "ok.pharaoh")
    done("project", "src.jsonl", "target.txt", "o.jsonl", *langs)


@pytest.mark.shared
def test_missing_becomes_outside(case, done, refused):
    case("missing-becomes-outside")
    for suffix in ("iob2", "jsonl", "json"):
        assert "XP666" in refused("convert", "partial.spacy", f"o.{suffix}")
    output = done("score", "partial.spacy", "pred.spacy")
    assert "all        1.000   1.000  1.000" in output
    done("project", "partial.spacy", "target.txt", "o.spacy", *LANGS, "links.pharaoh")
    (source,), (target,) = read_docs("partial.spacy", lang="en"), read_docs("o.spacy", lang="nb")
    assert len(open_words(target)) == len(open_words(source)) == 4


@pytest.mark.shared
def test_nbsp_row_lost(case, done):
    case("nbsp-row-lost")
    done("convert", "in.conll", "o.conll")
    with open("in.conll", encoding="utf-8") as given, open("o.conll", encoding="utf-8") as made:
        assert len(list(given)) == len(list(made))


@pytest.mark.shared
def test_numbered_tag_last(case, done):
    case("numbered-tag-last")
    done("convert", "ner_last.conllu", "o.iob2")
    assert entities("o.iob2") == [("Ana Bok", "PER"), ("Oslo", "LOC")]
    done("convert", "idx_pos_tag.conll", "p.iob2")
    assert entities("p.iob2") == [("Ana", "PER"), ("Oslo", "LOC"), ("Oslo", "LOC")]


@pytest.mark.shared
def test_prodigy_answer(case, done):
    case("prodigy-answer")
    output = done("convert", "prodigy_reject.jsonl", "o.iob2", "--lang", "en")
    assert entities("o.iob2") == [("Ana Bok", "PER")]
    assert "answer 'reject'" in output
    assert "answer 'ignore'" in output


@pytest.mark.shared
@pytest.mark.workflow
def test_repeated_names(case, cases, shared_models, root, tmp_path):
    case("repeated-names")
    script = (tmp_path / "repeated-names" / "rep.py").read_text(encoding="utf-8")
    script = script.replace("../../models", shared_models.as_posix())
    script = script.replace("spacy_xproj.views", "spacy_xproj.data.views")
    output = subprocess.run(
        [sys.executable, "-c", script], cwd=root, capture_output=True, text=True, check=True
    ).stdout
    counts = [line.split() for line in output.splitlines() if " gold " in line]
    assert [(gold, right) for _, _, gold, _, _, _, right in counts] == [
        (str(2 * k), str(2 * k)) for k in (6, 8, 12)
    ]


@pytest.mark.shared
@pytest.mark.parametrize("name", ["ws_trail.jsonl", "trail.json"])
def test_span_edge_blank(case, done, name):
    case("span-edge-blank")
    output = done("convert", name, "o.spacy", "--lang", "en")
    assert "blanks at the edge of a span left out" in output
    assert [text for text, _ in entities("o.spacy")] == [t.strip() for t, _ in entities("o.spacy")]
    (doc,) = read_docs("o.spacy", lang="en")
    assert is_labelled(doc)
    assert not any(token.is_space for token in doc)


@pytest.mark.shared
def test_span_text_mismatch(case, refused):
    case("span-text-mismatch")
    message = refused("convert", "utf16.jsonl", "o.jsonl", "--lang", "en")
    assert "utf16.jsonl:1" in message
    assert "UTF-16" in message


@pytest.mark.shared
@pytest.mark.parametrize("name", ["bmes", "underscore"])
def test_txt_other_scheme_read_as_text(case, done, name):
    case("txt-other-scheme-read-as-text")
    output = done("convert", f"{name}.txt", "o.jsonl", "--lang", "zh")
    assert "wrote 4 sentences with 8 entities" in output
