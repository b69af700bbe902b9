"""Subwords know their words, also where a subword is longer than a word."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spacy_xproj.hf.pieces import Pieces, split_pieces


@pytest.fixture(scope="module")
def tokenizer():
    """Subwords of one to three letters."""
    from tokenizers import Tokenizer, models, pre_tokenizers
    from transformers import PreTrainedTokenizerFast

    scores = {"東京": -1, "タワー": -1, "กร": -1, "ุง": -1, "▁Asha": -1, "sha": -2}
    letters = dict.fromkeys("東京都タワーกรุงเทพAshab▁", -9)
    vocab = [("<unk>", 0.0), *letters.items(), *scores.items()]
    tokenizer = Tokenizer(models.Unigram(vocab, unk_id=0))
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    return PreTrainedTokenizerFast(tokenizer_object=tokenizer, unk_token="<unk>")


def split(tokenizer, words):
    """The words of each subword, joined."""
    (pieces,) = split_pieces(tokenizer, [words])
    ends = [w + 1 for w in pieces.words] if pieces.ends is None else pieces.ends
    tokens = tokenizer.convert_ids_to_tokens(pieces.ids)
    return [
        (token, "".join(words[start:end]))
        for token, start, end in zip(tokens, pieces.words, ends, strict=True)
    ]


def test_letters_without_blanks_are_read_in_one(tokenizer):
    assert split(tokenizer, ["Asha", "東", "京", "都", "タ", "ワ", "ー", "b"]) == [
        ("▁Asha", "Asha"),
        ("▁", "東京"),  # a blank before the run, which shares a word with the subword behind it
        ("東京", "東京"),
        ("都", "都"),
        ("タワー", "タワー"),
        ("▁", "b"),
        ("b", "b"),
    ]


def test_subwords_that_share_a_word_share_all_words(tokenizer):
    """The second letter is of two characters, and each lies in a subword of its own."""
    words = ["ก", "รุ", "ง", "東"]
    assert split(tokenizer, words) == [
        ("▁", "กรุง"),
        ("กร", "กรุง"),
        ("ุง", "กรุง"),
        ("東", "東"),
    ]


def test_other_sentences_of_the_batch_are_as_they_were(tokenizer):
    sentences = [["Asha", "b"], ["東", "京"], [], ["東京", "都"]]
    pieces = split_pieces(tokenizer, sentences)
    assert [p.ends is None for p in pieces] == [True, False, True, True]
    assert pieces[2] == Pieces([], [])
    assert pieces[:1] + pieces[3:] == [split_pieces(tokenizer, [sentences[i]])[0] for i in (0, 3)]


LETTERS = st.sampled_from([*"東京都タワーร", "รุ", "ง", "Asha", "b", "ก\u0e33", "\u200b"])


@given(words=st.lists(LETTERS, max_size=12))
def test_subwords_have_the_same_words_or_none_in_common(tokenizer, words):
    (pieces,) = split_pieces(tokenizer, [words])
    if pieces.ends is None:
        assert pieces.words == sorted(pieces.words)
        return
    ranges = list(zip(pieces.words, pieces.ends, strict=True))
    assert len(ranges) == len(pieces.ids)
    assert all(0 <= start < end <= len(words) for start, end in ranges)
    for (a, b), (c, d) in pairwise(ranges):
        assert (a, b) == (c, d) or b <= c
    # Whatever has a subword is somebody's.
    assert {i for start, end in ranges for i in range(start, end)} >= {
        i for i, word in enumerate(words) if word.strip("\u200b")
    }
