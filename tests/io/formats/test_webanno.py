"""WebAnno TSV 3, as WebAnno and INCEpTION export it, and as other tools write it."""

import pytest

from spacy_xproj.data.labels import is_labelled
from spacy_xproj.errors import XProjError
from spacy_xproj.io.formats.char_spans import char_shapes
from spacy_xproj.io.formats.files import CorpusFile, read_corpus, read_docs, write_docs
from spacy_xproj.io.notes import collected

NER = "#T_SP=de.tudarmstadt.ukp.dkpro.core.api.ner.type.NamedEntity|identifier|value\n"
POS = "#T_SP=de.tudarmstadt.ukp.dkpro.core.api.lexmorph.type.pos.POS|PosValue\n"
HEAD = "#FORMAT=WebAnno TSV 3.3\n"
BANK = """

#Text=Bank of Upper Dodoma's opened.
1-1\t0-4\tBank\t*[1]\tORG[1]\t
1-2\t5-7\tof\t*[1]\tORG[1]\t
1-3\t8-13\tUpper\t*[1]|*[2]\tORG[1]|LOC[2]\t
1-4\t14-22\tDodoma's\t_\t_\t
1-4.1\t14-20\tDodoma\t*[1]|*[2]\tORG[1]|LOC[2]\t
1-5\t23-29\topened\t_\t_\t
1-6\t29-30\t.\t_\t_\t

#Text=👩 Asha left
2-1\t31-33\t👩\t_\t_\t
2-2\t34-38\tAsha\t*\tPER\t
2-3\t39-43\tleft\t*\t*\t
"""


@pytest.fixture
def read(write):
    def read_text(text, spans_key="sc", **settings):
        return read_docs(write("a.tsv", text), lang="en", spans_key=spans_key, **settings)

    return read_text


def said(doc):
    return [("|".join(doc.text[a:b] for a, b in s.parts), s.label) for s in char_shapes(doc, "sc")]


def test_stacked_annotations_subtokens_and_utf_16(read):
    with collected() as notes:
        bank, asha = read(HEAD + NER + BANK)
    assert (bank.text, asha.text) == ("Bank of Upper Dodoma's opened.", "👩 Asha left")
    assert said(bank) == [("Bank of Upper Dodoma", "ORG"), ("Upper Dodoma", "LOC")]
    assert [token.text for token in bank][3:5] == ["Dodoma", "'s"]
    assert said(asha) == [("Asha", "PER")]
    assert "1 x an annotation without a value left out" in notes.lines()[-1]


def test_files_that_count_characters_and_have_no_text(read):
    (doc,) = read(HEAD + NER + "\n1-1\t0-1\t👩\t*\tX\n1-2\t2-6\tAsha\t*\tPER\n1-3\t6-7\t.\t_\t_\n")
    assert doc.text == "👩 Asha."
    assert said(doc) == [("👩", "X"), ("Asha", "PER")]


def test_the_layer_of_entities_is_read_and_the_others_are_named(read):
    text = HEAD + POS + NER + "#T_RL=webanno.custom.Rel|kind|BT_webanno.custom.Thing\n\n\n"
    row = "#Text=Asha\n1-1\t0-4\tAsha\tPROPN\t*\tPER\t_\t_\t\n"
    with collected() as notes:
        (doc,) = read(text + row)
    assert said(doc) == [("Asha", "PER")]
    (line,) = notes.lines()  # the others have no value
    assert line.startswith("1 x a token with POS.PosValue, which was not read, but NamedEntity.val")
    assert said(read(text + row, layer="POS.PosValue")[0]) == [("Asha", "PROPN")]
    with pytest.raises(XProjError, match=r"XP638.*POS\.PosValue"):
        read(text + row, layer="Other.value")


def test_which_of_several_layers_is_not_guessed(read):
    layers = "#T_SP=webanno.custom.Claim|kind|ROLE_webanno.custom.Claim:x_Link|uima.Thing\n"
    layers += "#T_SP=webanno.custom.Mark|\n"
    row = "\n\n#Text=Asha\n1-1\t0-4\tAsha\tMajor\t_\t_\t*\t\n"
    with pytest.raises(XProjError, match=r"XP638.*Claim\.kind, Mark\..*--layer Claim\.kind"):
        read(HEAD + layers + row)
    (doc,) = read(HEAD + layers + row, spans_key=None, ignore_labels=True)
    assert not is_labelled(doc)
    assert said(read(HEAD + layers + row, layer="Claim.kind")[0]) == [("Asha", "Major")]
    assert said(read(HEAD + layers + row, layer="Mark")[0]) == [("Asha", "Mark")]


def test_a_file_without_layers_is_not_labelled(read, tmp_path):
    docs = read(HEAD + "\n\n#Text=Asha left\n1-1\t0-4\tAsha\t\n1-2\t5-9\tleft\t\n\n#Text=\n")
    assert [is_labelled(doc, "sc") for doc in docs] == [False, True]
    assert [len(doc) for doc in docs] == [2, 0]
    assert "no layer of spans" in read_corpus(tmp_path / "a.tsv", lang="en").notice()


def test_escapes(read):
    row = "#Text=a\\\\b c\n1-1\t0-3\ta\\\\b\t*\tX\\_\\|\\->\\[1\\]\\*\n1-2\t4-5\tc\t_\t_\n"
    (doc,) = read(HEAD + NER + "\n\n" + row)
    assert doc.text == "a\\b c"
    assert said(doc) == [("a\\b", "X_|->[1]*")]
    (doc,) = read(HEAD + NER + "\n\n#Text=C:\\new\n1-1\t0-6\tC:\\new\t*\tX\n")
    assert said(doc) == [("C:\\new", "X")]


def test_an_annotation_over_tokens_apart_is_in_pieces(read):
    rows = "1-1\t0-1\ta\t*[1]\tX[1]\n1-2\t2-3\tb\t_\t_\n1-3\t4-5\tc\t*[1]\tX[1]\n"
    (doc,) = read(HEAD + NER + "\n\n#Text=a b c\n" + rows)
    assert said(doc) == [("a|c", "X")]


def test_an_annotation_over_sentences_is_noted(read):
    one = "#Text=a\n1-1\t0-1\ta\t*[1]\tX[1]\n\n"
    with collected() as notes:
        docs = read(HEAD + NER + "\n\n" + one + one)
    assert [said(doc) for doc in docs] == [[("a", "X")], [("a", "X")]]
    assert "1 x an annotation across sentences, read as one in each" in notes.lines()[-1]


def test_what_relations_slots_and_other_features_say_is_counted(read):
    layers = "#T_SP=x.Claim|kind|ROLE_x.Claim:part_Link|uima.Thing\n#T_RL=x.Rel|how|BT_x.Claim\n"
    rows = "#Text=a b\n1-1\t0-1\ta\tMajor[1]\t*[1]\t1-2\tso\t1-2\n"
    with collected() as notes:
        read(HEAD + layers + "\n\n" + rows + "1-2\t2-3\tb\t_\t_\t_\t_\t_\n")
    assert [line.partition(",")[0] for line in notes.lines()] == [
        "1 x a token with Claim.slot",
        "1 x a token with Rel",
    ]


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ("1-1\t0-4\tAsha\t*\n", "2 columns"),
        ("1-1\t0-9\tAsha\t*\tPER\n", "offsets 0-9 are not those of a word of 4 characters"),
        ("x\t0-4\tAsha\t*\tPER\n", "numbers and offsets"),
        ("1-1\t0-4\tAsha\t*\tA]B\n", "brackets and bars"),
        ("1-1.1\t0-4\tAsha\t*\tPER\n", "not before it"),
        ("1-1\t0-4\tAsha\t*[1]\tA[1]|B[1]\n", "'A' and 'B'"),
        ("1-1\t0-4\tAsha\t_\t_\n1-1.1\t0-3\tAxx\t*\tPER\n", "not the part 0-3"),
    ],
)
def test_what_is_not_a_row_is_named(read, rows, reason):
    with pytest.raises(XProjError, match=rf"XP639.*a\.tsv:\d+: .*{reason}"):
        read(HEAD + NER + "\n\n#Text=Asha\n" + rows)


@pytest.mark.parametrize(
    ("second", "first"),
    [("5-9", "0-4"), ("4-8", "0-4"), ("2-6", "0-4"), ("907-911", "900-904"), ("0-4", "10-14")],
)
def test_offsets_that_are_not_where_the_text_has_the_word_are_named(read, second, first):
    text = HEAD + NER + "\n\n#Text=Asha  left\n1-1\t{}\tAsha\t*\tPER\n1-2\t{}\tleft\t_\t_\n"
    with pytest.raises(XProjError, match=r"XP639.*a\.tsv:7: '1-2.*come 2 blanks") as error:
        read(text.format(first, second))
    assert f"its offsets are {second}" in str(error.value)
    start = int(first.partition("-")[0])
    (doc,) = read(text.format(first, f"{start + 6}-{start + 10}"))
    assert doc.text == "Asha  left"


def test_it_is_told_from_column_files(write):
    assert CorpusFile(write("a.tsv", HEAD + NER + BANK), lang="en").format.name == "WebAnno TSV 3"
    assert CorpusFile(write("b.tsv", "Asha\tB-PER\n"), lang="en").format.name == "a column file"
    word = write("e.tsv", "#FORMAT=WebAnno TSV 3.3\tO\nAsha\tB-PER\n")
    assert [doc.text for doc in read_docs(word, lang="en")] == ["#FORMAT=WebAnno TSV 3.3 Asha"]
    assert CorpusFile(write("c.webanno.tsv", HEAD + NER + BANK), lang="en").count() == 2
    with pytest.raises(XProjError, match="XP639"):
        read_docs(write("d.webanno.tsv", "Asha\tB-PER\n"), lang="en")


def test_what_is_written_is_as_webanno_writes_it(make, tmp_path):
    docs = [
        make(["👩", "Bank", "of", "Dodoma"], [(1, 4, "A_B")], [True, True, True, False]),
        make([]),
        make(["Asha"], [(0, 1, "PER")], [False]),
    ]
    write_docs(docs, tmp_path / "a.webanno.tsv")
    with collected() as notes:
        read_docs(tmp_path / "a.webanno.tsv", lang="en")
    assert notes.lines() == []
    assert (tmp_path / "a.webanno.tsv").read_text(encoding="utf-8") == (
        "#FORMAT=WebAnno TSV 3.3\n" + NER + "\n\n"
        "#Text=👩 Bank of Dodoma\n"
        "1-1\t0-2\t👩\t_\t_\t\n"
        "1-2\t3-7\tBank\t*[1]\tA\\_B[1]\t\n"
        "1-3\t8-10\tof\t*[1]\tA\\_B[1]\t\n"
        "1-4\t11-17\tDodoma\t*[1]\tA\\_B[1]\t\n"
        "\n#Text=\n"
        "\n#Text=Asha\n"
        "3-1\t19-23\tAsha\t*\tPER\t\n"
    )
