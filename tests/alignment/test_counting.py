"""Links count words between blanks, or those that stand beside them; tokens are found by
characters."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spacy_xproj.alignment import read_pharaoh
from spacy_xproj.alignment.counting import blank_words, in_tokens, read_words, write_words
from spacy_xproj.alignment.pharaoh import Pharaoh
from spacy_xproj.data.links import Links
from spacy_xproj.data.sentence import Sentence
from spacy_xproj.data.views import SourceView
from spacy_xproj.errors import XProjError
from spacy_xproj.text.tokenizers import Blank


def cut(text, lang="en"):
    return Sentence.from_doc(Blank(lang).tokenize(text))


def named(source, target, links):
    return {(source.words[k], target.words[l]) for k, l, _ in links}


def test_punctuation_that_hangs_on_a_word_is_linked_with_its_like_only():
    source, target = cut("She left Dodoma, then."), cut("Aliondoka Dodoma, kisha.")
    counted = blank_words(source), blank_words(target)
    assert counted == (["She", "left", "Dodoma,", "then."], ["Aliondoka", "Dodoma,", "kisha."])
    found = in_tokens(Links([(2, 1), (3, 2)]), counted, source, target, where="x")
    assert named(source, target, found) == {
        *(("Dodoma", "Dodoma"), (",", ","), ("then", "kisha"), (".", "."))
    }


def test_a_word_of_several_tokens_is_linked_with_all_of_them():
    source, target = cut("the plate"), cut("l'assiette", "fr")
    found = in_tokens(
        Links([(1, 0, 0.5)]), (["the", "plate"], ["l'assiette"]), source, target, where=""
    )
    assert named(source, target, found) == {("plate", "l'"), ("plate", "assiette")}
    assert set(found.strengths) == {0.5}


def test_punctuation_with_nothing_of_its_kind_is_not_lost():
    source, target = cut("( a )"), cut("bob!")
    found = in_tokens(Links([(0, 0)]), (["(", "a", ")"], ["bob!"]), source, target, where="")
    assert named(source, target, found) == {("(", "bob"), ("(", "!")}


@pytest.fixture(scope="module")
def tokenizers():
    return [Blank(lang).tokenize for lang in ("en", "zh")]


texts = st.text("ab ,.(東é\u00a0\u3000'-", max_size=20)


@given(texts, texts, st.data())
def test_each_link_stays_a_link_between_the_same_characters(tokenizers, one, other, data):
    source, target = (
        Sentence.from_doc(cut(text)) for cut, text in zip(tokenizers, (one, other), strict=True)
    )
    counted = blank_words(source), blank_words(target)
    pairs = [(k, l) for k in range(len(counted[0])) for l in range(len(counted[1]))]
    links = Links(data.draw(st.lists(st.sampled_from(pairs))) if pairs else [])
    found = in_tokens(links, counted, source, target, where="x")
    assert bool(found) == bool(links)
    for k, l, _ in links:
        assert any(
            source.words[s] in counted[0][k] and target.words[t] in counted[1][l]
            for s, t, _ in found
        )
    reach = found.reach
    assert reach[0] <= len(source)
    assert reach[1] <= len(target)


def test_another_text_is_refused():
    with pytest.raises(XProjError, match=r"XP420.*links:3.*target.*'b'.*'c'"):
        in_tokens(Links(), (["a"], ["b"]), cut("a"), cut("c"), where="links:3")


def test_words_beside_a_file(tmp_path):
    path = tmp_path / "a.pharaoh"
    assert read_words(path) is None
    write_words([(["a"], ["b", "c"])], path)
    assert read_words(path) == [(["a"], ["b", "c"])]
    write_words(None, path)
    assert read_words(path) is None
    (tmp_path / "a.pharaoh.words.jsonl").write_text('{"source": "a"}\n')
    with pytest.raises(XProjError, match=r"XP419.*words\.jsonl:1"):
        read_words(path)


def view(row, words=("a",)):
    return SourceView("en", words, (False,) * len(words), row=row)


def test_a_row_that_is_none_of_the_file():
    aligner, target = Pharaoh.of([Links([(0, 0)])]), cut("b")
    with pytest.raises(XProjError, match="XP409"):
        aligner.align([view(1)], [target])
    assert aligner.align([view(0)], [target]) == [Links([(0, 0)])]


@pytest.mark.parametrize("n", [0, 2])
def test_more_lines_of_links_are_as_wrong_as_fewer(n):
    with pytest.raises(XProjError, match=rf"XP421.*{n} lines of links for 1 sentence pairs"):
        Pharaoh.of([Links()] * n).fit_corpus([(False, False)])


def test_a_setting_says_that_blanks_are_counted(tmp_path):
    (tmp_path / "a").write_text("1-1\n")
    source, target = cut("Oh, Asha!"), cut("Basi, Asha!")
    aligner = Pharaoh(path=str(tmp_path / "a"), by_blanks=True)
    (links,) = aligner.align([SourceView("en", source.words, source.spaces, row=0)], [target])
    assert named(source, target, links) == {("Asha", "Asha"), ("!", "!")}


@pytest.mark.parametrize("tokenizer", ["blanks", "spacy"])
def test_align_and_project_agree_on_what_links_count(done, folder, one_layer, tokenizer):
    (folder / "en.txt").write_text("Asha, left.\nIt rained.\n")
    (folder / "sw2.txt").write_text("Asha, aliondoka.\nMvua.\n")
    (folder / "en.jsonl").write_text(
        '{"text": "Asha, left.", "spans": [{"start": 0, "end": 4, "label": "PER"}]}\n'
        '{"text": "It rained.", "spans": []}\n'
    )
    langs = ("--source-lang", "en", "--target-lang", "sw")
    done(
        *("align", "en.txt", "sw2.txt", "o.pharaoh", *langs, "--config", one_layer),
        *("--tokenizer", tokenizer),
    )
    reach = read_pharaoh(folder / "o.pharaoh")[0].reach
    assert reach <= ((2, 2) if tokenizer == "blanks" else (4, 4))
    assert (folder / "o.pharaoh.words.jsonl").exists() == (tokenizer == "spacy")
    done("project", "en.jsonl", "sw2.txt", "o.jsonl", *langs, "--alignments", "o.pharaoh")


def test_project_with_links_by_blanks_and_too_many_lines(done, refused, folder):
    (folder / "en.jsonl").write_text(
        '{"text": "Oh, Asha!", "spans": [{"start": 4, "end": 8, "label": "PER"}]}\n'
    )
    (folder / "t.txt").write_text("Basi, Asha!\n")
    (folder / "l.pharaoh").write_text("0-0 1-1\n")
    command = ("project", "en.jsonl", "t.txt", "o.iob2", "--source-lang", "en")
    command += ("--target-lang", "sw", "--alignments", "l.pharaoh")
    done(*command)
    assert (folder / "o.iob2").read_text() == "Basi\tO\n,\tO\nAsha\tB-PER\n!\tO\n\n"
    (folder / "l.pharaoh").write_text("0-0 1-1\n\n")
    assert "XP421" in refused(*command)


def test_a_negative_row_is_refused():
    with pytest.raises(XProjError, match=r"XP105.*row.*-1"):
        view(-1)
