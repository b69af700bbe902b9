"""Benchmarks as corpora: found in their folders, read, and described."""

import dataclasses

import pytest
from spacy import registry

from benchmarks.datasets.catalogue import BENCHMARKS, load_benchmark
from benchmarks.datasets.counting import count_rows
from benchmarks.datasets.language_table import MASAKHANER2, XTREME
from benchmarks.xquad.build import GROUP, build_xquad_ner, write_xquad_ner
from spacy_xproj.data.access import Views
from spacy_xproj.errors import XProjError
from spacy_xproj.io.formats.docbin import write_docbin
from spacy_xproj.translation.sentences import split_sentences

ROWS = "Asha B-PER\nleft O\nDodoma B-LOC\n\nin O\n2026 B-DATE\n"
FOUND = [[("Asha", "PER"), ("Dodoma", "LOC")], [("2026", "DATE")]]


def resolve(name, **settings):
    block = {"@xproj_corpora": f"spacy-xproj.{name}.v1", **settings}
    return registry.resolve({"corpus": block})["corpus"]


def entities(docs):
    return [[(ent.text, ent.label_) for ent in doc.ents] for doc in docs]


@pytest.fixture
def place(tmp_path):
    """Write a file of a benchmark's folder; give the folder."""

    def place_file(name, text=ROWS):
        path = tmp_path / "data" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return str(tmp_path / "data")

    return place_file


@pytest.mark.parametrize(
    ("name", "file", "lang", "split"),
    [
        ("MasakhaNER2", "swa/test.txt", "swa", "test"),
        ("MasakhaNER2", "swa/dev.txt", "sw", "dev"),
        ("MasakhaNER2", "bbj/train.txt", "bbj", "train"),
        ("WikiANN", "sw/test.txt", "sw", "test"),
        ("WikiANN", "swa/test.txt", "sw", "test"),
        ("WikiANN", "sw/test.conllu", "swa", "test"),
        ("WikiANN", "ceb/dev.tsv", "ceb", "dev"),
        ("WikiANN", "sw/train", "sw", "train"),
        ("WikiANN", "test-sw.tsv", "sw", "test"),
        ("EuroparlNER", "de-europarl.test.conll02", "de", "test"),
        ("CoNLL2002", "esp.testb", "es", "test"),
        ("CoNLL2002", "nl/train.txt", "nl", "train"),
        ("CoNLL2003", "eng.testa", "en", "dev"),
        ("CoNLL2003", "valid.txt", "en", "dev"),
        ("CoNLL2003", "deu.train", "de", "train"),
    ],
)
def test_files_are_found_and_read(place, name, file, lang, split):
    folder = place(file)
    corpus = resolve(name, folder=folder, lang=lang, split=split)
    assert entities(corpus()) == FOUND
    plain = corpus.describe()
    assert (plain["name"], plain["split"]) == (name, split)
    assert plain["path"].endswith(file)


def test_docs_have_the_language_that_spacy_knows(place):
    folder = place("yor/test.txt")
    for name in ("MasakhaNER2", "WikiANN"):
        assert resolve(name, folder=folder, lang="yor")()[0].lang_ == "yo"


def test_labels_can_be_left_out_and_sentences_limited(place):
    folder = place("swa/test.txt")
    settings = {"folder": folder, "lang": "sw"}
    assert entities(resolve("MasakhaNER2", ignore_labels=["DATE", "PER"], **settings)()) == [
        [("Dodoma", "LOC")],
        [],
    ]
    assert len(resolve("MasakhaNER2", limit=1, **settings)()) == 1
    with pytest.raises(XProjError, match=r"XP151.*limit"):
        resolve("MasakhaNER2", limit=0, **settings)


def test_wikiann_loses_the_language_before_each_word(place):
    folder = place("sw/test", "sw:Dodoma\tB-LOC\nsw::\tO\n\nsw:na\tO\nsw:Asha\tB-PER\n")
    docs = resolve("WikiANN", folder=folder, lang="sw")()
    assert [doc.text for doc in docs] == ["Dodoma :", "na Asha"]
    assert entities(docs) == [[("Dodoma", "LOC")], [("Asha", "PER")]]
    folder = place("yo/test", "yo:Dodoma\tB-LOC\nni\tO\n")
    assert resolve("WikiANN", folder=folder, lang="yo")()[0].text == "yo:Dodoma ni"


def test_text_without_blanks_is_joined_without(place):
    """So that a translator gets what readers see."""
    rows = "東 B-LOC\n京 I-LOC\nで O\nWindows B-ORG\n10 I-ORG\nを O\n"
    folder = place("ja/test.txt", rows)
    [doc] = resolve("WikiANN", folder=folder, lang="ja")()
    assert doc.text == "東京でWindows 10を"
    assert entities([doc]) == [[("東京", "LOC"), ("Windows 10", "ORG")]]
    folder = place("th/test.txt", "ก B-LOC\nรุ I-LOC\nง I-LOC\n, O\n")
    assert resolve("WikiANN", folder=folder, lang="th")()[0].text == "กรุง,"


def test_a_broken_line_is_named(place):
    folder = place("swa/test.txt", ROWS + "Dodoma\n")
    with pytest.raises(XProjError, match=r"XP604.*swa/test\.txt:7"):
        resolve("MasakhaNER2", folder=folder, lang="swa")()


def test_an_empty_file_is_named(place):
    with pytest.raises(XProjError, match=r"XP613.*swa/test\.txt"):
        resolve("MasakhaNER2", folder=place("swa/test.txt", ""), lang="swa")()


def test_another_checksum_is_named(place):
    folder = place("swa/test.txt")
    right = "c1bb1f8ab4a3a3a9dcd1ac1e0e6a8d9c"
    with pytest.raises(XProjError, match=rf"XP684.*swa/test\.txt.*not {right}"):
        resolve("MasakhaNER2", folder=folder, lang="swa", checksum=right)()


@pytest.mark.parametrize("name", ["MasakhaNER2", "WikiANN", "EuroparlNER", "CoNLL2003", "XQuADNER"])
def test_a_missing_file_is_named_with_what_was_looked_for(tmp_path, name):
    lang = "swa" if name == "MasakhaNER2" else "de"
    with pytest.raises(XProjError, match=rf"XP688.*{name} has no file for ") as error:
        resolve(name, folder=str(tmp_path), lang=lang)
    assert str(tmp_path) in str(error.value)
    assert "spacy project assets" in str(error.value)


def test_a_language_that_the_benchmark_has_not(tmp_path):
    with pytest.raises(XProjError, match=r"XP689.*'fr'; known: bam, "):
        resolve("MasakhaNER2", folder=str(tmp_path), lang="fr")


# parallel


@pytest.fixture
def pud(place):
    place("en.iob2", "1\tAsha\tB-PER\t-\n2\tleft\tO\t-\n3\tDodoma\tB-LOC\t-\n\n1\tRain\tO\t-\n")
    return place("sw.iob2", "1\tAsha\tB-PER\n2\taliondoka\tO\n3\tDodoma\tB-LOC\n\n1\tMvua\tO\n")


def test_parallel_files_give_targets_with_the_gold_source_view(pud):
    corpus = resolve(
        "ParallelNER",
        source=f"{pud}/en.iob2",
        target=f"{pud}/sw.iob2",
        target_lang="sw",
        ignore_labels=["PER"],
    )
    docs = corpus()
    assert [doc.text for doc in docs] == ["Asha aliondoka Dodoma", "Mvua"]
    assert entities(docs) == [[("Dodoma", "LOC")], []]
    view = Views(docs[0])["en"]
    assert (view.words, view.row) == (("Asha", "left", "Dodoma"), 0)
    assert [(view.entity_text(e), e.label) for e in view.entities] == [("Dodoma", "LOC")]
    assert corpus.describe()["source"].endswith("en.iob2")
    assert len(dataclasses.replace(corpus, limit=1)()) == 1


def test_parallel_files_of_other_length_are_named(pud, place):
    place("sw.iob2", "1\tMvua\tO\n")
    with pytest.raises(XProjError, match=r"XP802.*en\.iob2 has 2 sentences, .*sw\.iob2 has 1"):
        resolve("ParallelNER", source=f"{pud}/en.iob2", target=f"{pud}/sw.iob2", target_lang="sw")()


# XQuAD-NER


def test_xquad_ner_is_read_back(mini_xquad, tmp_path):
    corpus = build_xquad_ner(
        mini_xquad.folder,
        recognise=mini_xquad.recognise,
        recogniser={},
        split_sentences=split_sentences,
        langs=["zh"],
    )
    write_xquad_ner(corpus, tmp_path / "out")
    docs = resolve("XQuADNER", folder=str(tmp_path / "out"), lang="zh", ignore_labels=["PER"])()
    found = [span.text for doc in docs for span in doc.spans[GROUP]]
    assert found == ["多多马", "基贾尼银行", "鲁菲吉河"]
    columns, rows = count_rows({"zh": docs})
    assert columns[3:] == ["LOC", "ORG", "entities"]
    assert rows[0][3:] == [2, 1, 3]


def test_a_docbin_without_mentions_is_named(make, tmp_path):
    write_docbin([make(["a"])], tmp_path / "de.spacy")
    with pytest.raises(XProjError, match=r"XP691.*Document 1 of .*de\.spacy.*it has: none"):
        resolve("XQuADNER", folder=str(tmp_path), lang="de")()


# by name


def test_the_languages_of_a_folder(place):
    for lang in ("yor", "swa"):
        folder = place(f"{lang}/test.txt")
    assert list(load_benchmark("masakhaner2", folder=folder)) == ["swa", "yor"]
    assert list(load_benchmark("masakhaner2", folder=folder, langs=["yor"])) == ["yor"]
    assert list(load_benchmark("wikiann", folder=folder)) == ["sw", "yo"]


@pytest.mark.parametrize(
    ("name", "langs", "n"), [("masakhaner2", tuple(MASAKHANER2), 20), ("wikiann", XTREME, 39)]
)
def test_every_language_whose_file_is_there_is_read(tmp_path, name, langs, n):
    for lang in langs:
        path = tmp_path / lang / "test.txt"
        path.parent.mkdir()
        path.write_text("Asha B-PER\nhere O\n", encoding="utf-8")
    corpora = load_benchmark(name, folder=tmp_path)
    found = [doc.ents[0].text for corpus in corpora.values() for doc in corpus()]
    assert (set(corpora), found) == (set(langs), ["Asha"] * n)


def test_names_and_folders_that_are_not_there(tmp_path):
    with pytest.raises(XProjError, match=r"XP150.*'ontonotes'; known: conll2002, "):
        load_benchmark("ontonotes")
    with pytest.raises(XProjError, match=r"XP688.*any language.*assets/downloads/wikiann"):
        load_benchmark("wikiann", split="nowhere")
    assert all(benchmark.langs for benchmark in BENCHMARKS.values())


@pytest.mark.shared
@pytest.mark.parametrize(
    ("benchmark", "langs", "sentences", "entities"),
    [
        ("masakhaner2", "swa", 1883, 4330),
        ("masakhaner2", "kin", 2235, 3781),
        ("wikiann", "yo", 100, 111),
        ("wikiann", "sw", 1000, 1194),
        ("europarl-ner", "it", 799, 693),
    ],
)
def test_the_real_files(shared_data, benchmark, langs, sentences, entities):
    corpora = load_benchmark(benchmark, folder=shared_data / benchmark, langs=[langs])
    _, [row] = count_rows({lang: corpus() for lang, corpus in corpora.items()})
    assert (row[1], row[-1]) == (sentences, entities)
