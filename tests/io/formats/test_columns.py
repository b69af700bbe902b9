"""Column files: which lines are rows, comments and borders, and what they say."""

import subprocess
import time

import pytest

from spacy_xproj.errors import XProjError
from spacy_xproj.io.formats.char_spans import ONLY_BLANKS, TRIMMED
from spacy_xproj.io.formats.columns import looks_like_columns, read_columns, write_columns
from spacy_xproj.io.formats.files import CorpusFile, read_corpus, read_docs
from spacy_xproj.io.notes import collected


@pytest.fixture
def read(write, content):
    def read_content(text, name="file.conll"):
        return [content(doc) for doc in read_columns(write(name, text), lang="en")]

    return read_content


NEEMA = (["Neema", "Mushi", "left", "Dodoma"], [(0, 2, "PER"), (3, 4, "LOC")])


@pytest.mark.parametrize(
    "text",
    [
        "Neema\tB-PER\nMushi\tI-PER\nleft\tO\nDodoma\tB-LOC\n\n",
        "Neema B-PER\nMushi  I-PER\nleft O\nDodoma B-LOC",  # blanks, no blank line at the end
        "Neema I-PER\nMushi I-PER\nleft O\nDodoma I-LOC\n",  # IOB1
        "Neema B-PER\nMushi L-PER\nleft O\nDodoma U-LOC\n",  # BILUO
        "\ufeffNeema\tB-PER\r\nMushi\tI-PER\r\nleft\tO \r\nDodoma\tB-LOC\r\n\r\n",
        "-DOCSTART- -X- O O\n\nNeema NNP B-NP B-PER\nMushi NNP I-NP I-PER\n"
        "left VBD B-VP O\nDodoma NNP B-NP B-LOC\n",
        "-DOCSTART- -DOCSTART- O\nNeema N B-PER\nMushi N I-PER\nleft V O\nDodoma N B-LOC\n",
        "0\tNeema\tB-PER\n1\tMushi\tI-PER\n2\tleft\tO\n3\tDodoma\tB-LOC\n",  # WikiANN
        "# sent_id = 1\n# text = Neema Mushi left Dodoma\n1\tNeema\tB-PER\t-\tann\n"
        "2\tMushi\tI-PER\t-\tann\n3\tleft\tO\n4\tDodoma\tB-LOC\t-\tann\n",  # Universal NER
        "1\tNeema\tN\tB-PER\n2\tMushi\tN\tI-PER\n3\tleft\tV\tO\n4\tDodoma\tN\tB-LOC\n",  # tag last
        "1\tNeema\tN\tB-PER\tx\n2\tMushi\tN\tI-PER\tx\n3\tleft\tV\tO\tx\n4\tDodoma\tN\tB-LOC\tx\n",
        "Neema\tB-PER\t-\nMushi\tI-PER\t-\nleft\tO\t-\nDodoma\tB-LOC\t-\n",  # opinion targets
        "1\tNeema\tN\tNE=B-PER\n2\tMushi\tN\tA=b|NE=I-PER\n3\tleft\tV\t_\n4\tDodoma\tN\tNE=B-LOC\n",
        "Neema B-PER\nMushi E-PER\nleft O\nDodoma W-LOC\n",  # BMEWO
        "Neema B_PER\nMushi I_PER\nleft O\nDodoma B_LOC\n",
        "Neema PER-B\nMushi PER-I\nleft O\nDodoma LOC-B\n",
    ],
)
def test_layouts(read, text):
    assert read(text) == [NEEMA]


def test_the_tag_may_be_a_key_of_misc(write):
    """Words without the key are outside; where others say that they are, they are open."""
    row = "{}\t{}\t_\t_\t_\t_\t_\t_\t_\t{}\n"
    rows = [(1, "Ana", "SpaceAfter=No|NER=B-PER"), (2, "is", "_"), (3, "here", "_")]
    path = write("a.conllu", "".join(row.format(*r) for r in rows))
    [doc] = read_columns(path, lang="en")
    assert (doc.text, [t.ent_iob for t in doc]) == ("Anais here", [3, 2, 2])
    rows[1] = (2, "is", "NER=O")
    path = write("b.conllu", "".join(row.format(*r) for r in rows))
    [doc] = read_columns(path, lang="en")
    assert [t.ent_iob for t in doc] == [3, 2, 0]


def test_tags_in_two_columns_are_not_chosen_from(write):
    path = write("a.conll", "Ana\tB-PER\tB-NP\tx\nleft\tO\tB-VP\ty\n")
    with pytest.raises(XProjError, match=r"XP698.*column 2 and column 3"):
        list(read_columns(path, lang="en"))


@pytest.mark.parametrize(
    ("rows", "columns", "labels"),
    [
        ("Ana\tB-PER\tB-FIRST\nBok\tI-PER\tB-LAST\nleft\tO\tO\n", (3, 2), ("LAST", "PER")),
        ("Ana B-A N B-PER\nleft O V O\n", (4, 2), ("PER", "A")),
        ("Ana B-PER O\nleft O O\n", (3, 2), (None, "PER")),
        ("1\tAna\tB-PER\tx\tO\n2\tBok\tO\tx\tB-PER\n", (3, 5), ("PER", "PER")),
        ("Ana O B-PER y\nBok B-ORG O y\n", (2, 3), ("ORG", "PER")),
        ("1\tAna\tx\tA=B-PER|B=O\n2\tOslo\tx\tA=O|B=B-LOC\n", ("A", "B"), ("PER", "LOC")),
    ],
)
def test_which_tags_to_read_is_said_where_there_are_several(write, rows, columns, labels):
    path = write("a.conll", rows)
    said = " and ".join(f"{'key' if isinstance(c, str) else 'column'} {c!r}" for c in columns)
    for read in (read_docs, lambda path, lang: list(read_columns(path, lang=lang))):
        with pytest.raises(XProjError, match="XP698") as error:
            read(path, lang="en")
        assert str(error.value).startswith(f"[XP698] {path}: tags stand in ")
        message = str(error.value).replace("the key", "key").replace(" of the last column", "")
        assert said in message
        assert f"--layer {columns[1]}" in message
    for column, label in zip(columns, labels, strict=True):
        (doc,) = read_docs(path, lang="en", layer=str(column))
        assert [ent.label_ for ent in doc.ents][-1:] == [label] * (label is not None)
    with pytest.raises(XProjError, match="XP698"):
        read_docs(path, lang="en", layer="9")
    assert len(read_docs(path, lang="en", ignore_labels=True)) == 1


def test_universal_ner_has_its_tags_in_the_third_column(write):
    """Behind it stands what the tag was before, which may differ."""
    rows = "1\tSerbs\tB-OTH\tB-PER\t-\n2\tleft\tO\tO\t-\n3\tOslo\tB-LOC\tB-LOC\t-\n"
    path = write("a.iob2", f"# sent_id = s-1\n# text = Serbs left Oslo\n{rows}\n" * 2)
    with collected() as notes:
        docs = read_docs(path, lang="en")
    assert [ent.label_ for doc in docs for ent in doc.ents] == ["OTH", "LOC"] * 2
    (line,) = notes.lines()
    assert "whose tags in column 4 (--layer 4) were not read, but column 3" in line
    (other, _) = read_docs(path, lang="en", layer="4")
    assert [ent.label_ for ent in other.ents] == ["PER", "LOC"]


def test_tags_of_nested_entities_are_noted(write):
    """As of GermEval: number, word, outer, inner."""
    path = write("a.conll", "1\tBank\tB-ORG\tO\n2\tOslo\tI-ORG\tB-LOC\n\n" * 2)
    with collected() as notes:
        docs = read_docs(path, lang="en")
    assert [ent.label_ for doc in docs for ent in doc.ents] == ["ORG"] * 2
    (line,) = notes.lines()
    assert "whose tags in column 4 (--layer 4) were not read, but column 3" in line
    (inner, _) = read_docs(path, lang="en", layer="4")
    assert [(ent.text, ent.label_) for ent in inner.ents] == [("Oslo", "LOC")]


@pytest.mark.parametrize(
    "rows",
    [
        "Ana NNP B-NP B-PER\nleft VBD B-VP O\n",  # chunks are not entities
        "Ana\tB-PER\tB-PER\nleft\tO\tO\n",
        "Ana O B-PER\nleft O O\n",
        "1\tAna\tB-PER\t-\tann\n2\tleft\tO\t-\tann\n",
        "Ana PER B-PER\nleft O O\nin O O\n",
        "Ana _ _ B-PER\nleft _ _ O\n",  # MultiCoNER
        "Ana NNP B-NP O\nleft VBD B-VP O\n. . O O\n",
        "Ana Ana NNP B-NP B-PER\nleft leave VBD B-VP O\n- - : O O\n",
        "Ana NNP B-NP\nleft VBD B-VP\n. . O\n",  # CoNLL-2000
        "Ana Cap B-PER\nleft - O\nin - O\n",
        "S-Bahn S-Bahn B-MISC\nhalts halt O\n. . O\n",
    ],
)
def test_columns_that_say_the_same_or_nothing_are_not_noted(write, rows):
    with collected() as notes:
        read_docs(write("a.conll", f"{rows}\n" * 2), lang="en")
    assert notes.lines() == []


@pytest.mark.parametrize(
    "rows",
    [
        "1\tAna\tB-PER\n1\tleft\tO\n2\tShe\tO\n",
        "s1 Ana NNP B-PER\ns1 left VBD O\ns2 She PRP O\ns2 left VBD O\n",
        "7 Ana B-PER x\n8 left O x\n9 Oslo B-LOC x\n",
        "7. Ana B-PER x\n7. left O x\n",
    ],
)
def test_numbers_and_names_of_sentences_are_not_words(write, rows):
    with pytest.raises(
        XProjError, match=r"XP697.*column 1 \('(1|s1|7[.]?)' \.\.\.\).*awk .*(p = |[$]3 : )"
    ):
        read_docs(write("a.tsv", rows), lang="en")


@pytest.mark.parametrize(
    "form",
    [
        "{0}.",
        "w{0}",
        "s{1}.t{0}",
        "[{0}]",
        "doc1:{0}",
        "\u0661{0}",
        "t{0}0",
        "({0})",
        "{0}:",
        "{0}.0",
    ],
)
@pytest.mark.parametrize("sep", [" ", "\t"])
def test_nor_are_other_ways_to_count_rows_and_the_remedy_keeps_sentences(write, form, sep):
    rows = [["Ana", "B-PER"], ["left", "O"], ["Oslo", "B-LOC"]], [["She", "O"], ["left", "O"]]
    text = "\n\n".join(
        "\n".join(sep.join([form.format(i, n), *row]) for i, row in enumerate(own, 1))
        for n, own in enumerate(rows, 1)
    )
    path = write("a.conll", text + "\n")
    with pytest.raises(XProjError, match=r"XP697.*awk") as error:
        read_docs(path, lang="en")
    command = str(error.value).partition(": awk ")[2].partition(" > NEW")[0]
    made = subprocess.run(["bash", "-c", f"awk {command}"], check=True, capture_output=True)
    docs = read_docs(write("b.conll", made.stdout.decode("utf-8")), lang="en")
    assert [[t.text for t in doc] for doc in docs] == [[w for w, _ in own] for own in rows]
    assert [e.label_ for doc in docs for e in doc.ents] == ["PER", "LOC"]


@pytest.mark.parametrize("before", ["", "{n}\t"])
def test_nor_is_a_number_in_the_cell_of_a_word(write, before):
    rows = [("Ana", "B-PER"), ("left", "O"), ("Oslo", "B-LOC")]
    lines = [f"{before.format(n=n)}{n}. {w}\t{t}\n" for n, (w, t) in enumerate(rows, 1)]
    path = write("a.conll", ("".join(lines) + "\n") * 2)
    with pytest.raises(XProjError, match=r"XP697.*awk") as error:
        read_docs(path, lang="en")
    command = str(error.value).partition(": awk ")[2].partition(" > NEW")[0]
    made = subprocess.run(["bash", "-c", f"awk {command}"], check=True, capture_output=True)
    docs = read_docs(write("b.conll", made.stdout.decode("utf-8")), lang="en")
    assert [[t.text for t in doc] for doc in docs] == [["Ana", "left", "Oslo"]] * 2


@pytest.mark.parametrize(
    ("head", "row"),
    [
        ("Token\tNER", "Ana\tB-PER"),
        ("\n# a = b\nwords ner_tags", "Ana B-PER"),
        ("Sentence #\tWord\tPOS\tTag", "1\tAna\tX\tB-PER"),
        ("TOKEN\tNE-COARSE-LIT\tNE-FINE-LIT\tNEL-LIT\tMISC", "Ana\tB-pers\tB-pers\tQ1\t_"),
    ],
)
def test_names_of_columns_are_not_a_row(write, head, row):
    path = write("a.tsv", f"{head}\n{row}\n" + row.replace("Ana", "Bo") + "\n")
    line = head.count("\n") + 1
    with pytest.raises(XProjError, match=rf"XP695.*a\.tsv:{line}.* sed {line}d \S+ > NEW"):
        read_docs(path, lang="en")


@pytest.mark.parametrize("row", ["Form\tNE\tO", "text\tO", "Tag\tO"])
def test_words_that_name_columns_elsewhere_are_words(write, row):
    other = "\t".join(["Ana", *["NE"] * row.count("NE"), "B-PER"])
    [doc] = read_docs(write("a.tsv", f"{row}\n{other}\n"), lang="en")
    assert [ent.text for ent in doc.ents] == ["Ana"]


@pytest.mark.parametrize("sep", [" ", "\t"])
@pytest.mark.parametrize("first", [0, 1, 100])
@pytest.mark.parametrize(
    "form", ["{0} {1} {w} {t}", "{n} {0} {1} {w} {t}", "{0}:{1} {w} {t}", "{0}-{1} {w} x {t}"]
)
def test_offsets_of_words_are_not_words(write, sep, first, form):
    rows, start = [], first
    for n, (w, t) in enumerate([("Ana", "B-PER"), ("left", "O"), ("Oslo", "B-LOC")], 1):
        rows.append(form.replace(" ", sep).format(start, start + len(w), n=n, w=w, t=t))
        start += len(w) + 1
    for n in (3, 2, 1):
        path = write("a.conll", "\n".join(rows[:n]) + "\n")
        with pytest.raises(XProjError, match=r"XP697.*awk") as error:
            read_docs(path, lang="en")
    command = str(error.value).partition(": awk ")[2].partition(" > NEW")[0]
    made = subprocess.run(["bash", "-c", f"awk {command}"], check=True, capture_output=True)
    (doc,) = read_docs(write("b.conll", made.stdout.decode("utf-8")), lang="en")
    assert [(ent.text, ent.label_) for ent in doc.ents] == [("Ana", "PER")]


@pytest.mark.parametrize(
    "rows",
    [
        "doc1.txt\t0\t3\tAna\tB-PER\ndoc1.txt\t4\t8\tleft\tO\n",
        "doc1\t0\t3\tAna\tB-PER\ndoc1\t6\t10\tleft\tO\n",
        "a/1.txt Ana B-PER\na/1.txt left O\n",
        "d Ana B-PER\nd left O\nd . O\n",
    ],
)
def test_names_of_documents_are_not_words(write, rows):
    path = write("a.conll", rows)
    with pytest.raises(XProjError, match=r"XP697.*awk") as error:
        read_docs(path, lang="en")
    command = str(error.value).partition(": awk ")[2].partition(" > NEW")[0]
    made = subprocess.run(["bash", "-c", f"awk {command}"], check=True, capture_output=True)
    docs = read_docs(write("b.conll", made.stdout.decode("utf-8")), lang="en")
    assert [(ent.text, ent.label_) for doc in docs for ent in doc.ents] == [("Ana", "PER")]
    assert docs[0][1].text == "left"


@pytest.mark.parametrize(("tag", "n"), [("B-LOC", 1), ("O", 0), ("_", 0)])
def test_a_tag_of_a_row_of_several_words_is_noted(write, tag, n):
    rows = f"1-2\tdel\t_\t{tag}\n1\tde\tADP\tO\n2\tel\tDET\tO\n3\tAna\tPROPN\tB-PER\n"
    with collected() as notes:
        [doc] = read_docs(write("a.conllu", rows), lang="es")
    assert [(e.text, e.label_) for e in doc.ents] == [("Ana", "PER")]
    assert [("a tag of a row that is not a word" in line) for line in notes.lines()] == [True] * n


@pytest.mark.parametrize("words", ["B2 B1 B3", "t3 t10 t1 t4", "A4 A5 A3 A4", "Apollo 11 12"])
def test_words_with_numbers_are_words(write, words):
    text = "\n".join(f"{word} N O" for word in words.split()) + "\nOslo N B-LOC\n"
    [doc] = read_docs(write("a.conll", text), lang="en")
    assert [t.text for t in doc] == [*words.split(), "Oslo"]


def test_labels_in_a_column_beside_their_letters_are_not_lost(write):
    path = write("a.conll", "Ana PER B\nBok PER I\nleft O O\n")
    with pytest.raises(XProjError, match=r"XP698.*column 2 \(labels\) and column 3 \(B, I\)"):
        read_docs(path, lang="en")
    path = write("b.conll", "good ADJ O\nfish NN B\n")
    assert [ent.label_ for doc in read_docs(path, lang="en") for ent in doc.ents] == ["ENTITY"]


@pytest.mark.parametrize(
    "text",
    [
        "Ana\tB\tPER\nBok\tI\tPER\nlives\tO\tO\nOslo\tB\tLOC\n",
        "Ana B PER\nlives O -\nOslo B LOC\n",
        "Ana PROPN B PER\nlives VERB O O\nOslo PROPN B LOC\n",
        "1\tAna\tB\tPER\n2\tlives\tO\tO\n3\tOslo\tB\tLOC\n",
    ],
)
def test_nor_are_labels_behind_their_letters(write, text):
    with pytest.raises(XProjError, match=r"XP698.*\(labels\) and column \d \(B, I\)"):
        list(read_columns(write("a.conll", text), lang="en"))


@pytest.mark.parametrize(
    ("rows", "column"),
    [
        ("Ana NNP B-NP PER\nBok NNP I-NP PER\nlives VBZ B-VP O\n", 4),  # beside chunks
        ("Ana NNP B-NP (PER)\nlives VBZ B-VP -\n", 4),
        ("Ana NNP B-NP PER*\nlives VBZ B-VP *\n", 4),
        ("1\tAna\tPERSON\tB-NP\n2\tlives\t_\tB-VP\n", 3),
        ("Ana O PER\nlives O O\n", 3),  # beside nothing
        ("Ana\tO\tperson\nlives\tO\tO\n", 3),
        ("Ana B-PER POLITICIAN\nlives O O\nin O O\n", 3),  # beside entities
        ("w\tB-PER\tB-PER|I-ORG\nlives\tO\tO\n", 3),
        ("w\tB-PER\tB-ORG/_\nlives\tO\t_\n", 3),
    ],
)
def test_labels_in_a_form_that_is_not_read_are_not_passed_over(write, rows, column):
    path = write("a.conll", rows)
    with pytest.raises(XProjError, match=rf"XP698.* and column {column} \(.*awk") as error:
        read_docs(path, lang="en")
    layer = str(error.value).partition("--layer ")[2][:1]
    assert layer != str(column)
    assert len(read_docs(path, lang="en", layer=layer)) == 1
    command = str(error.value).partition(": awk ")[2].partition(" > NEW")[0]
    made = subprocess.run(["bash", "-c", f"awk {command}"], check=True, capture_output=True)
    assert "lives\tO" in made.stdout.decode("utf-8").splitlines()


@pytest.mark.parametrize("name", ["a.tsv", "a.conll"])
def test_the_tags_of_a_sentence_are_not_a_tag(write, name):
    text = "Ana lives in Oslo .\tB-PER O O B-LOC O\nIvo sings\tB-PER O\n"
    with pytest.raises(XProjError, match=r"XP605.*:1: 'B-PER O O B-LOC O'"):
        list(read_columns(write(name, text), lang="en"))


def test_a_row_of_another_scheme_is_named(write):
    path = write("a.conll", "Ana b-per\nleft o\n\nDodoma b-loc\n" * 30 + "Oslo B_LOC\n")
    with pytest.raises(XProjError, match=r"XP605.*B_LOC.*Oslo") as error:
        list(read_columns(path, lang="en"))
    assert f"{path}:121" in str(error.value)


def test_tags_without_labels(read):
    assert read("good O\nfish B\nsoup I\n") == [(["good", "fish", "soup"], [(1, 3, "ENTITY")])]


@pytest.mark.parametrize("suffix", [".txt", ".conll", ".tsv"])
@pytest.mark.parametrize(
    ("text", "line", "awk"),
    [
        ("lives O\nAna PER\nBok PER\n", 2, """awk 'NF > 1 {$NF = $NF == "O" ? "O" : "I-" $NF}"""),
        ("Ana\tPERSON\n\nshe\t_\nleft\t_\n", 1, """-v OFS='\\t' 'NF > 1 {$NF = $NF == "_" ?"""),
        ("-DOCSTART- -X- O\n\nin IN O\nOslo NP city\n. . O\n", 4, "'I-'"),
        ("a O\n" * 90 + "Oslo LOC\n" * 10, 91, "'I-'"),
        ("1\tin\tO\n2\tOslo\tLOC\n", 2, "{$3 = $3 =="),
        ("in O\nOslo LOC\n", 2, "'I-'"),
        ("in -\nOslo city\nof -\n" * 4, 2, '"-" ? "O"'),
    ],
)
def test_labels_that_do_not_say_where_entities_begin(write, text, line, awk, suffix):
    """Stanford's: whether two words beside each other are one entity is not certain."""
    path = write(f"a{suffix}", text)
    with pytest.raises(XProjError, match="XP648") as error:
        read_docs(path, lang="en")
    assert f"{path}:{line}: " in str(error.value)
    assert awk.replace("'I-'", '"I-"') in str(error.value)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("B-PER Ana\nI-PER Bok\nO lives\n", 1),
        ("word,tag\nlives,O\nAna,B-PER\nBok,I-PER\n", 3),
        ("Ana|B-PER\nlives|O\n", 1),
        ('"in","O"\n"Oslo","B-LOC"\n', 2),
        ("lives/O in/O Oslo/B-LOC ./O\nAna/B-PER left/O\n", 1),
        ("lives/O in/O Oslo/LOCATION ./O\nAna/PERSON left/O\n", 1),
        ("She_O left_O\nAna_B-PER left_O ._O\n", 2),
        ("Ana\tNOUN\nleft\tVERB\n", 1),  # a table, of no entities
        ("1\tAna\tAna\tPROPN\n2\tleft\tleave\tVERB\n", 1),
        ("Ana person\nleft other\nOslo place\nof other\n" * 5, 1),
        ("Ana:B-PER\nlives:O\n", 1),
        ("(Ana, B-PER)\n(lives, O)\n", 1),
        ("[('Ana', 'B-PER'), ('lives', 'O')]\n", 1),
        ("She left\nO O\n\nAna left Oslo\nB-PER O B-LOC\n", 5),
        ("<PER>Ana</PER> left <LOC>Oslo</LOC>.\nShe left.\n", 1),
        ('She left.\n<ENAMEX TYPE="PERSON">Ana</ENAMEX> left.\n', 2),
        ("[Ana Bok](PER) left.\n", 1),
        ("[PER Ana Bok ] left [LOC Oslo ] .\n", 1),
        ('{"text": "Ana left", "spans": []}\n', 1),
        ("T1\tPER 0 3\tAna\nT2\tLOC 8 12\tOslo\n", 1),
    ],
)
def test_labelled_words_in_another_layout_are_not_running_text(write, text, line):
    path = write("a.txt", f"# text = a\n\n{text}")
    with pytest.raises(XProjError, match="XP649") as error:
        read_docs(path, lang="en")
    assert f"{path}:{line + 2}: " in str(error.value)


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("word tag\nAna B-PER\nBok I-PER\nlives O\n", "XP695", 1),  # the head of a table
        ("token\tner_tag\nAna\tB_PER\nBok\tI_PER\nlives\tO\n", "XP695", 1),
        ("Ana B-PER\nBok\nlives\nin O\nOslo B-LOC\n. O\n", "XP604", 2),
        ("-DOCSTART-\n\nlives\nin\n", "XP604", 3),
        ("She left ||| O O\nAna left Oslo ||| B-PER O B-LOC\n", "XP606", 2),
        ("She O left O\nAna B-PER left O Oslo B-LOC\n", "XP606", 2),
    ],
)
def test_rows_that_are_broken_are_not_running_text(write, text, code, line):
    path = write("a.txt", text)
    with pytest.raises(XProjError, match=code) as error:
        read_docs(path, lang="en")
    assert f"{path}:{line}: " in str(error.value)


@pytest.mark.parametrize(
    "text",
    [
        "She left.\nHe stayed.\nThey slept.\nIt rained.\nWe won.\n",
        "Blood group O\n",
        "Vitamin B\nVitamin E\n",
        "Vitamin B\nHepatitis B\nGroup O\n",
        "# a = b O\nShe left Dodoma.\n",
        "1. One B\n2. Two or three\n",
        "Ana Bok\nEva Lie\nOla Nes\n" * 9,
        "1\tShe left Dodoma.\n2\tHe stayed in Oslo.\n",
        "and/or\neither/or\n",
        "E-mail Ana\nE-mail Bok\n",
        "Yes -\nNo thanks\nOh -\n",
        "Type O\nBlood type\n",
        "Wien U-Bahn\nOslo T-bane\nBerlin S-Bahn\n",
        "Wien U-Bahn\nBerlin S-Bahn\n",
        "See [the page](page).\n<p>She left.</p>\n",
        "1999 she left\n2003 she came\n2005 she stayed\n",
    ],
)
def test_running_text_is_raw_text_and_said_to_be(write, text):
    path = write("a.txt", text)
    corpus = read_corpus(path, lang="en")
    assert len(corpus.docs) == text.count("\n")
    assert "It was read as raw text, since " in corpus.notice()


@pytest.mark.parametrize("score", [":0.93", "/0.93", "|.93", " 0.9", "(0.93)", "-1.0", ":93%"])
def test_a_score_is_not_part_of_a_label(write, tmp_path, make, score):
    path = write("a.conll", f"Ana\tB-PER{score}\nBok\tI-PER{score}\nleft\tO\n")
    with pytest.raises(XProjError, match=r"XP605.*a\.conll:1: 'B-PER"):
        read_docs(path, lang="en")
    with pytest.raises(XProjError, match=r"XP\d+.*a\.txt"):
        read_docs(write("a.txt", path.read_text(encoding="utf-8")), lang="en")
    with pytest.raises(XProjError, match=r"XP609.*score"):
        write_columns([make(["a"], [(0, 1, f"PER{score}")])], tmp_path / "b.conll")


def test_blanks_at_the_edges_of_tagged_entities_are_left_out_and_noted(write):
    rows = "\u00a0\tB-PER\nAna\tI-PER\n\u00a0\tI-PER\nBok\tI-PER\n\u2003\tI-PER\n\u00a0\tB-X\n"
    with collected() as notes:
        (doc,) = read_docs(write("a.conll", rows), lang="en")
    assert [(ent.start, ent.end, ent.label_) for ent in doc.ents] == [(1, 4, "PER")]
    assert [line.partition(" (")[0] for line in notes.lines()] == [
        f"1 x {TRIMMED}",
        f"1 x {ONLY_BLANKS}",
    ]


@pytest.mark.parametrize("word", ["\u00a0", "\u3000", "\u2028", "\f", "\v"])
def test_as_many_rows_as_were_read(write, tmp_path, word):
    """Other blanks than the usual one are words, on writing, too; usual ones around a word are not
    part of it."""
    path = write("a.conll", f"10\tO\n{word}\tO\nEUR \tB-ORG\n")
    write_columns(read_columns(path, lang="en"), tmp_path / "b.conll")
    assert (tmp_path / "b.conll").read_text("utf-8") == f"10\tO\n{word}\tO\nEUR\tB-ORG\n\n"


def test_sentences_end_at_blank_lines_however_many(read):
    text = "\n\nOne\tO\n \t\nTwo\tO\n\n\n\nThree\tO"
    assert [words for words, _ in read(text)] == [["One"], ["Two"], ["Three"]]


def test_hash_is_a_word_where_it_has_a_tag(read):
    assert read("# id 1\n# O\n1 O\n") == [(["#", "1"], [])]
    assert read("# id 1\n#\tO\n#tag\tB-ORG\n1\tO\n") == [(["#", "#tag", "1"], [(1, 2, "ORG")])]
    assert read("# text = Take vitamin B\na b c d e O\n") == [(["a"], [])]
    assert read("#  sent_id.1 = B-PER\na X = O\n") == [(["a"], [])]
    assert read("# newdoc id = O\na b c d O\n") == [(["a"], [])]
    assert read("# x = y\tO\na\tO\n")[0][0] == ["# x = y", "a"]
    assert read("# one two O\n#\tX\tX\tO\na\tX\tX\tO\n") == [(["#", "a"], [])]


def test_hash_is_always_a_comment_in_a_numbered_file(read):
    assert read("#\ttext\tO\n1\t#\tO\n# x O\n2\tx\tO\n") == [(["#", "x"], [])]


def test_numbers_are_words_where_they_do_not_count_the_words(read):
    text = "2\tCD\tO\n0\tCD\tO\n\n1\tCD\tO\n\nDodoma\tNNP\tB-LOC\n\nleft\tVBD\tO\n"
    assert [words for words, _ in read(text)] == [["2", "0"], ["1"], ["Dodoma"], ["left"]]


def test_multi_word_tokens_are_skipped_for_their_words(read):
    text = "1-2\tzum\t_\n1\tzu\tO\n2\tdem\tO\n2.1\tx\t_\n3\tAmt\tB-ORG\n"
    assert read(text) == [(["zu", "dem", "Amt"], [(2, 3, "ORG")])]


def test_universal_ner_b_o_is_outside(read):
    assert read("1\tFrom\tB-O\t-\tann\n2\tAP\tB-ORG\t-\tann\n")[0][1] == [(1, 2, "ORG")]


def test_words_with_blanks(read):
    """In a tabbed row the tab decides; a no-break space never separates."""
    assert read("New York\tB-LOC\n10\u00a0000\tO\n")[0][0] == ["New York", "10\u00a0000"]
    assert read("a O\n10\u00a0000 O\n\u200b O\n")[0][0] == ["a", "10\u00a0000", "\u200b"]
    assert read("a O\n10 000 O\nb O\n")[0][0] == ["a", "10 000", "b"]


@pytest.mark.parametrize("language", ["en", "ace", "zh-classical", "be-x-old", "simple"])
@pytest.mark.parametrize("form", ["{}:{}\tO\n", "{}:{} O\n"])
def test_the_language_before_each_word_is_left_out_and_noted(write, language, form):
    """As WikiANN is distributed."""
    words = ["Ana", ":", "10:30", "de:x"]
    path = write("a.tsv", "".join(form.format(language, word) for word in words))
    with collected() as notes:
        [doc] = read_docs(path, lang="xx")
    assert [token.text for token in doc] == words
    [line] = notes.lines()
    assert line.startswith(f"4 x the language '{language}:' before a word, left out (first: ")


@pytest.mark.parametrize(
    "words", ["en:a en:b", "en:a en:b c", "en:a en:b de:c", "http:a http:b http:c"]
)
def test_what_stands_before_some_words_is_part_of_them(write, words):
    path = write("a.tsv", "".join(f"{word}\tO\n" for word in words.split()))
    [doc] = read_docs(path, lang="xx")
    assert [token.text for token in doc] == words.split()


def test_text_has_one_blank_between_words_unless_the_row_says_no(write):
    [doc] = read_columns(write("a.conll", "Hi\tO\n!\tO\n"), lang="en")
    assert doc.text == "Hi !"
    rows = "1\tHi\tO\tx|SpaceAfter=No\n2\t!\tO\t_\n3\tBye\tO\tSpaceAfter=No\n4\t!\tO\t_\n"
    [doc] = read_columns(write("a.conllu", rows), lang="en")
    assert doc.text == "Hi! Bye!"


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("a\tO\nDodoma\n", "XP604", 2),
        ("a O\n#\n", "XP604", 2),
        ("a O\n#Dodoma\n", "XP604", 2),
        ("a\tO\n\tO\n", "XP604", 2),
        ("1\ta\tO\n2\tb\tO\n3\tc\n\n1\td\tO\n\n1\te\tO\n", "XP604", 3),
        ("1\ta\tO\n\n1\td\tO\n\nfoo\te\tO\n", "XP607", 5),
        ("a\tO\n\nDodoma\tLOC\n", "XP648", 3),
        ("a\tO\n\nDodoma\tLOC\n\nOslo\tB-LOC\n", "XP605", 3),
        ("a\tO\n\nDodoma\tB-\n", "XP605", 3),
        ("a\tO\n\nDodoma\tB- LOC\n", "XP605", 3),
        ("a\tO\n\nDodoma\tB-LOC|B-ORG\n", "XP605", 3),
        ("a\tO\n\nDodoma\tB-LOC, I-ORG\n", "XP605", 3),
        ("a X O\nb X O\nc O\n", "XP606", 3),
    ],
)
def test_broken_rows_are_named(write, text, code, line):
    path = write("file.conll", text)
    with pytest.raises(XProjError, match=code) as error:
        list(read_columns(path, lang="en"))
    assert f"{path}:{line}" in str(error.value)


def test_not_utf8_is_named(write):
    path = write("file.conll", "a\tO\n\nStra\u00dfe\tO\n".encode("latin1"))
    with pytest.raises(XProjError, match="XP603") as error:
        list(read_columns(path, lang="en"))
    assert f"{path}:3" in str(error.value)


def test_unknown_language(write):
    with pytest.raises(XProjError, match=r"XP610.*klingon"):
        list(read_columns(write("a.conll", "a\tO\n"), lang="klingon"))


def test_no_tokenizer_package_is_needed_for_tokenised_files(write):
    [doc] = read_columns(write("a.conll", "東京\tB-LOC\n"), lang="ja")
    assert doc.vocab.lang == "ja"


def test_written_rows(make, tmp_path):
    path = tmp_path / "out.conll"
    doc = make(["Neema", "Mushi", "left", "Dodoma"], [(0, 2, "PER"), (3, 4, "LOC")])
    write_columns([doc, make([]), make(["\n", " "]), make(["ok"])], path)
    assert path.read_text("utf-8") == (
        "Neema\tB-PER\nMushi\tI-PER\nleft\tO\nDodoma\tB-LOC\n\n# empty\n\n# empty\n\nok\tO\n\n"
    )
    assert [len(doc) for doc in read_columns(path, lang="en")] == [4, 0, 0, 1]


def test_whitespace_words_get_no_row_and_move_no_tag(make, content, tmp_path):
    path = tmp_path / "out.conll"
    words = [" ", "World", "\n\n", "Bank", " ", "Rome", "\n"]
    write_columns([make(words, [(0, 5, "ORG"), (5, 7, "ORG")])], path)
    [doc] = read_columns(path, lang="en")
    assert content(doc) == (["World", "Bank", "Rome"], [(0, 2, "ORG"), (2, 3, "ORG")])


def test_tab_or_line_break_in_a_word_becomes_a_blank(make, content, tmp_path):
    path = tmp_path / "out.conll"
    write_columns([make(["a\tb", "c\r\nd", "#", "# x", "\u2028e"], [(0, 2, "X")])], path)
    [doc] = read_columns(path, lang="en")
    assert content(doc) == (["a b", "c  d", "#", "# x", "\u2028e"], [(0, 2, "X")])


def test_a_word_that_reads_as_a_border_is_not_written(make, read, tmp_path):
    with pytest.raises(XProjError, match=r"XP677.*'-DOCSTART-' of '-DOCSTART- a '.*out\.conll"):
        write_columns([make(["-DOCSTART-", "a"])], tmp_path / "out.conll")
    write_columns([make(["-DOCSTART-s", "a-DOCSTART-"])], tmp_path / "out.conll")
    assert [words for words, _ in read((tmp_path / "out.conll").read_text())] == [
        ["-DOCSTART-s", "a-DOCSTART-"]
    ]


def test_what_cannot_be_written_is_an_error(make, tmp_path):
    path = tmp_path / "out.conll"
    with pytest.raises(XProjError, match="XP608"):
        write_columns([make(["a", "\n"], [(1, 2, "LOC")])], path)
    for label in ("a\tb", " LOC", "O", "PER|B-ORG"):
        with pytest.raises(XProjError, match="XP609"):
            write_columns([make(["a"], [(0, 1, label)])], path)
    assert not path.exists()


def test_looks_like_columns():
    rows = ["# text", "", *["a O"] * 20]
    assert looks_like_columns(rows) == (True, None)
    assert looks_like_columns(["1\ta\tO\tx", "2\tb\tO\tx"]) == (True, None)
    assert looks_like_columns([*rows, "broken"]) == (True, 23)
    assert looks_like_columns(["a O", "She left Dodoma."]) == (False, 2)
    assert looks_like_columns([]) == (False, None)
    assert looks_like_columns(["a O"] * 50 + ["She left Dodoma."] * 50) == (True, None)


@pytest.mark.parametrize(
    "line", ["B_a" * 100_000 + "!", "[" * 300_000, "<AB" * 100_000, "a:" * 99_999]
)
def test_lines_that_are_made_to_be_slow_to_look_at(write, line):
    path = write("a.txt", f"{line}\n" * 20)
    start = time.process_time()
    assert CorpusFile(path, lang="en").count() == 20
    assert time.process_time() - start < 5


def test_speed(write):
    """100,000 sentences take a few seconds; the bound for a tenth of them is generous."""
    path = write("big.conll", "Neema B-PER\nleft O\nDodoma B-LOC\n. O\n" * 5 + "\n")
    path.write_text(path.read_text() * 10_000)
    start = time.process_time()
    assert sum(len(doc.ents) for doc in read_columns(path, lang="en")) == 100_000
    assert time.process_time() - start < 10


@pytest.mark.shared
@pytest.mark.parametrize(
    ("file", "sentences", "entities"),
    [
        ("europarl-ner/en-europarl.test.conll02", 799, 702),
        ("europarl-ner/de-europarl.test.conll02", 799, 693),
        ("europarl-ner/es-europarl.test.conll02", 799, 697),
        ("europarl-ner/it-europarl.test.conll02", 799, 693),
        ("masakhaner2/swa/dev.txt", 942, 2018),
        ("masakhaner2/hau/dev.txt", 816, 1162),
        ("wikiann/de/test.conllu", 10_000, 13_868),
        ("wikiann/swa/dev.txt", 1000, 1209),
    ],
)
def test_benchmarks_survive_a_round_trip(shared_data, tmp_path, content, file, sentences, entities):
    docs = list(read_columns(shared_data / file, lang="xx"))
    assert len(docs) == sentences
    assert sum(len(doc.ents) for doc in docs) == entities
    docs = docs[:1000]
    write_columns(docs, tmp_path / "copy.conll")
    copy = read_columns(tmp_path / "copy.conll", lang="xx")
    assert list(map(content, copy)) == list(map(content, docs))


def test_a_number_that_is_too_long_to_be_one_is_a_word(read):
    digits = "9" * 5000  # Python refuses to read it as a number
    assert read(f"{digits}\tx\tO\n") == [([digits], [])]
