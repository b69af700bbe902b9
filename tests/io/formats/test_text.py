"""Raw text: line n is sentence n."""

from spacy_xproj.io.formats.text import read_text


def test_each_line_is_a_sentence_also_an_empty_one(write):
    path = write("a.txt", "\ufeffShe left.\r\n\n  two  blanks \nU+2028\u2028stays\n\n")
    docs = list(read_text(path, lang="en"))
    assert [doc.text for doc in docs] == [
        "She left.",
        "",
        "  two  blanks ",
        "U+2028\u2028stays",
        "",
    ]
    assert [token.text for token in docs[0]] == ["She", "left", "."]
    assert not docs[0].has_annotation("ENT_IOB")
