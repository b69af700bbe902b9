"""Text of any length through a model of limited length: nothing is lost, nothing is repeated."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spacy_xproj.hf.pieces import Pieces, split_pieces
from spacy_xproj.hf.windows import (
    Window,
    make_batches,
    make_windows,
    pad_batch,
    room_for_pieces,
    run_windows,
    special_ids,
)

NO_SPECIALS = {"prefix": [], "suffix": [], "batch_tokens": 1000}


@given(st.integers(0, 300), st.integers(1, 80))
def test_windows_cover_every_position_and_fit(n, room):
    windows = make_windows(7, n, room)
    assert all(w.sentence == 7 and 0 <= w.end - w.start <= room for w in windows)
    assert {i for w in windows for i in range(w.start, w.end)} == set(range(n))


def test_windows_overlap_by_half():
    assert make_windows(0, 10, 4) == [Window(0, s, s + 4) for s in (0, 2, 4, 6)]
    assert make_windows(0, 4, 4) == [Window(0, 0, 4)]
    assert make_windows(0, 0, 4) == [Window(0, 0, 0)]


@given(st.lists(st.integers(1, 30), max_size=20), st.integers(1, 6), st.integers(1, 80))
def test_batches_hold_each_text_once_and_keep_both_limits(lengths, batch_size, batch_tokens):
    batches = list(make_batches(lengths, batch_size=batch_size, batch_tokens=batch_tokens))
    in_order = [lengths[i] for batch in batches for i in batch]
    assert sorted(i for batch in batches for i in batch) == list(range(len(lengths)))
    assert in_order == sorted(lengths, reverse=True)
    for i, batch in enumerate(batches):
        padded = len(batch) * lengths[batch[0]]
        assert len(batch) <= batch_size
        assert len(batch) == 1 or padded <= batch_tokens
        if i + 1 < len(batches):  # and none is smaller than it must be
            assert len(batch) == batch_size or padded + lengths[batch[0]] > batch_tokens


def test_a_batch_has_few_long_texts_or_many_short_ones():
    lengths = [10, 10, 2, 3, 2, 12]
    batches = list(make_batches(lengths, batch_size=3, batch_tokens=20))
    assert batches == [[5], [0, 1], [3, 2, 4]]


@given(
    lengths=st.lists(st.integers(0, 60), max_size=8),
    room=st.integers(1, 20),
    batch_size=st.integers(1, 5),
    batch_tokens=st.integers(1, 50),
    prefix=st.lists(st.just(-1), max_size=2),
    suffix=st.lists(st.just(-2), max_size=2),
)
def test_every_subword_comes_back_once_and_in_order(
    lengths, room, batch_size, batch_tokens, prefix, suffix
):
    """A model that gives back its input, so that each output row says where it comes from."""
    ids = iter(range(10_000))
    pieces = [Pieces([next(ids) for _ in range(n)], list(range(n))) for n in lengths]

    def forward(batch):
        assert 0 < len(batch) <= batch_size
        for row in batch:
            assert row[: len(prefix)] == prefix
            assert row[len(row) - len(suffix) :] == suffix
            assert 0 < len(row) - len(prefix) - len(suffix) <= room
        return [np.array(row, dtype=np.float32)[:, None] for row in batch]

    outputs = run_windows(
        forward,
        pieces,
        prefix=prefix,
        suffix=suffix,
        room=room,
        batch_size=batch_size,
        batch_tokens=batch_tokens,
    )
    # An empty sentence has no rows; a special token (-1, -2) never comes back.
    assert [rows[:, 0].tolist() if len(rows) else [] for rows in outputs] == [p.ids for p in pieces]


def test_each_subword_keeps_the_window_where_it_stands_deepest():
    def forward(batch):
        # Each row says how far it stands from the nearer border of its window.
        return [np.array([[min(i, len(row) - 1 - i)] for i in range(len(row))]) for row in batch]

    pieces = [Pieces(list(range(40)), list(range(40)))]
    depths = run_windows(forward, pieces, **NO_SPECIALS, room=8, batch_size=4)[0][:, 0]
    assert depths[8:-8].min() >= 1  # with windows side by side it would be 0 at each border


def test_sentences_of_like_length_share_a_batch():
    seen = []

    def forward(batch):
        seen.append([len(row) for row in batch])
        return [np.zeros((len(row), 3)) for row in batch]

    pieces = [Pieces([1] * n, [0] * n) for n in (2, 9, 3, 8)]
    specials = {"prefix": [0], "suffix": [0]}
    run_windows(forward, pieces, **specials, room=20, batch_size=2, batch_tokens=99)
    assert seen == [[11, 10], [5, 4]]


def test_only_empty_sentences_need_no_model():
    def forward(batch):
        raise AssertionError("the model was run")

    (rows,) = run_windows(forward, [Pieces([], [])], **NO_SPECIALS, room=4, batch_size=2)
    assert rows.shape == (0, 0)


def test_pad_batch():
    ids, mask = pad_batch([[5, 6, 7], [8]], 0)
    assert ids.tolist() == [[5, 6, 7], [8, 0, 0]]
    assert mask.tolist() == [[1, 1, 1], [1, 0, 0]]
    assert ids.dtype == mask.dtype == np.int64


# Asha and Dodoma are in the vocabulary; other words fall into characters, control characters away.
SENTENCES = [
    (["Asha", "Dodoma"], [0, 1]),
    (["Asha", "abc", "Dodoma"], [0, 1, 1, 1, 2]),
    (["\x07", "Asha", "\u200b", "", "Dodoma", " "], [1, 4]),
    (["\x07"], []),
    ([""], []),
    ([], []),
]


@pytest.mark.parametrize("kind", ["fast", "slow"])
def test_subwords_know_their_word(kind, tiny_encoder):
    import transformers

    class_ = {"fast": transformers.BertTokenizerFast, "slow": transformers.BertTokenizer}[kind]
    tokenizer = class_.from_pretrained(tiny_encoder)
    pieces = split_pieces(tokenizer, [words for words, _ in SENTENCES])
    assert [p.words for p in pieces] == [wanted for _, wanted in SENTENCES]
    assert all(len(p.ids) == len(p.words) for p in pieces)
    assert tokenizer.convert_ids_to_tokens(pieces[1].ids) == ["Asha", "a", "##b", "##c", "Dodoma"]
    assert split_pieces(tokenizer, []) == []


def test_special_tokens_and_room(tiny_encoder):
    from transformers import AutoConfig, AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(tiny_encoder)
    config = AutoConfig.from_pretrained(tiny_encoder)
    assert special_ids(tokenizer) == ([tokenizer.cls_token_id], [tokenizer.sep_token_id])
    assert room_for_pieces(tokenizer, config) == 62

    tokenizer.model_max_length = 32  # the stricter of the two holds
    assert room_for_pieces(tokenizer, config) == 30
    tokenizer.model_max_length = int(1e30)  # what transformers puts where nothing is known
    assert room_for_pieces(tokenizer, config) == 62
    config.model_type, config.pad_token_id = "xlm-roberta", 1  # its first two positions are taken
    assert room_for_pieces(tokenizer, config) == 60
