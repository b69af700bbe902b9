"""Splits and samples that follow from hashes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spacy_xproj.corpus.dedup import text_key
from spacy_xproj.corpus.splits import fraction, parse_shares, split_docs, too_many
from spacy_xproj.errors import XProjError

SHARES = {"train": 0.6, "dev": 0.2, "test": 0.2}


def test_shares():
    assert parse_shares("0.8,0.1,0.1") == {"train": 0.8, "dev": 0.1, "test": 0.1}
    assert parse_shares("0.9, 0.1") == {"train": 0.9, "dev": 0.1}
    assert parse_shares("0.9,0,0.1") == {"train": 0.9, "test": 0.1}
    assert parse_shares("1") == {"train": 1.0}


@pytest.mark.parametrize(
    "text", ["", "a", "0.8", "0.8,0.1", "0,1", "1.2,-0.2", "0.4,0.2,0.2,0.2", "nan,0.5"]
)
def test_shares_that_are_none(text):
    with pytest.raises(XProjError, match=r"XP651.*--split 0\.8,0\.1,0\.1"):
        parse_shares(text)


def docs_of(make, texts):
    return [make(text.split()) for text in texts]


def test_sizes_are_close_to_the_shares(make):
    splits = split_docs(docs_of(make, [f"a{chr(97 + i % 26)}{i:x}x" for i in range(2000)]), SHARES)
    sizes = [len(docs) / 2000 for docs in splits.values()]
    assert sizes == pytest.approx([0.6, 0.2, 0.2], abs=0.12)


@given(st.sets(st.text("abcdefgh", min_size=1, max_size=4), min_size=30, max_size=60))
def test_a_document_keeps_its_split_and_takes_its_likes_along(make, words):
    words = sorted(words)
    texts = [f"{w} 1" for w in words] + [f"{w.upper()}  7" for w in words]
    try:
        splits = split_docs(docs_of(make, texts), SHARES)
        fewer = split_docs(docs_of(make, reversed(texts[: len(words)])), SHARES)
    except XProjError:
        return  # a split of so few texts may be empty: the next test
    assert sorted(d.text for own in splits.values() for d in own) == sorted(
        d.text for d in docs_of(make, texts)
    )
    keys = {name: {text_key(d.text) for d in own} for name, own in splits.items()}
    assert not keys["train"] & keys["dev"]
    assert not keys["train"] & keys["test"]
    assert not keys["dev"] & keys["test"]
    assert {name: {text_key(d.text) for d in own} for name, own in fewer.items()} == keys


def test_another_seed_another_split(make):
    docs = docs_of(make, [f"{chr(97 + i)} x" for i in range(26)])
    both = [split_docs(docs, {"train": 0.5, "dev": 0.5}, seed=seed)["dev"] for seed in (0, 1)]
    assert both[0] != both[1]


def test_an_empty_split_is_an_error(make):
    with pytest.raises(XProjError, match=r"XP652.*'dev'.*none of 1 documents.*--seed"):
        split_docs(docs_of(make, ["a"]), {"train": 1 - 1e-9, "dev": 1e-9})


def test_fractions_lie_in_the_unit_interval_and_do_not_change():
    assert fraction(0, "a") == fraction(0, "a")
    values = {fraction(seed, "a", "b") for seed in range(1000)}
    assert len(values) == 1000
    assert min(values) >= 0
    assert max(values) < 1
    assert fraction(0, "ab") != fraction(0, "a", "b")
    assert 0 <= fraction(0, "half a pair \ud83d") < 1


@given(st.lists(st.booleans(), max_size=40), st.sampled_from([0, 0.1, 0.3, 0.5, 0.9, 1]))
def test_at_most_the_share_stays_and_not_one_less_than_may(flags, share):
    gone = too_many(flags, [str(i) for i in range(len(flags))], share, seed=0)
    assert all(flags[i] for i in gone)
    n, kept = len(flags) - len(gone), sum(flags) - len(gone)
    assert kept <= share * n + 1e-9
    assert not gone or kept + 1 > share * (n + 1)


def test_which_of_them_stay_does_not_depend_on_their_order():
    keys = [f"k{i}" for i in range(20)]
    flags = [i % 2 == 0 for i in range(20)]
    gone = {keys[i] for i in too_many(flags, keys, 0.2, seed=3)}
    back = {keys[::-1][i] for i in too_many(flags[::-1], keys[::-1], 0.2, seed=3)}
    assert gone == back
    assert gone != {keys[i] for i in too_many(flags, keys, 0.2, seed=4)}
    with pytest.raises(XProjError, match="XP152"):
        too_many(flags, keys, 1.1, seed=0)
