import pytest
from hypothesis import given
from hypothesis import strategies as st

from spacy_xproj.translation.sentences import split_sentences


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("Juma came. Did Asha?  She did!", ["Juma came.", "Did Asha?", "She did!"]),
        ("他来了。她走了！好吗？", ["他来了。", "她走了！", "好吗？"]),
        ("እሱ መጣ።እሷ ሄደች።", ["እሱ መጣ።", "እሷ ሄደች።"]),
        ("वह आया। वह गई।", ["वह आया।", "वह गई।"]),
        ("من هذا؟ هذا صديقي.", ["من هذا؟", "هذا صديقي."]),
        ('He said "No." Then he left.', ['He said "No."', "Then he left."]),
        ("A title\n\nA text", ["A title", "A text"]),
        # these are one sentence each
        ("Dr. Juma met J. K. Nyerere in Dodoma.", None),
        ("It costs 3.5 shillings at example.org today.", None),
        ("Am 3. Mai kam er.", None),
        ("“Stop!” she cried.", None),
        ("Wait... what?", None),
        ("价格是３．５元", None),
        ("One line\nand its end", None),
        ("no end", None),
    ],
)
def test_split(text, sentences):
    assert [sentence for sentence, _ in split_sentences(text)] == (sentences or [text])


def test_white_space_between_is_kept():
    assert split_sentences(" Yes.  No.\n\nSo. ") == [("Yes.", "  "), ("No.", "\n\n"), ("So.", "")]
    assert split_sentences(" \n ") == []


@given(st.text(st.sampled_from("aB1.!? \n\n。۔\"'\u200d🙂"), max_size=40))
def test_nothing_is_lost(text):
    assert "".join(a + b for a, b in split_sentences(text)) == text.strip()


def test_long_runs_take_linear_time():
    for run in ("." * 50_000, " " * 50_000, "\n" * 50_000, "a. " * 50_000):
        split_sentences(f"a{run}b")
