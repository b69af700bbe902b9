"""Which characters a token is, and the links that attention gives."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from spacy_xproj.translation.attention import attention_links, token_chars


def test_tokens_are_found_in_their_text():
    tokens = ["", "\u2581Asha", "\u2581a", "na", "ishi", ".", ""]
    assert token_chars(tokens, "Asha anaishi.") == [
        *(None, (0, 4), (5, 6), (6, 8), (8, 12), (12, 13), None),
    ]


def test_what_was_normalised_is_passed_over():
    # The fraction is one character of the text and three of the tokens.
    assert token_chars(["\u25811", "/2", "\u2581lita"], "\u00bd lita") == [None, None, (2, 6)]


@given(
    st.lists(st.sampled_from(["Asha", "a", "na", "ishi", ".", "\u00e9"]), max_size=12), st.data()
)
def test_any_cut_of_a_text_covers_its_letters(pieces, data):
    blanks = [data.draw(st.booleans()) for _ in pieces]
    tokens = [("\u2581" if b else "") + p for p, b in zip(pieces, blanks, strict=True)]
    text = "".join(tokens).replace("\u2581", " ").strip()
    found = token_chars(tokens, text)
    assert [text[a:b] for a, b in found] == pieces
    assert all(x[1] <= y[0] for x, y in pairwise(found))


def test_a_token_that_attends_to_no_text_has_no_link():
    given_chars, made_chars = [(0, 4), (5, 12), None], [(0, 4), (5, 10), None, (10, 11)]
    assert attention_links(given_chars, made_chars, [0, 1, 1, 2]) == ((0, 4, 0, 4), (5, 12, 5, 10))
