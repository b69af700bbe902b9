"""The languages of the benchmarks: all of them are known to spaCy or to this package."""

import pytest

from benchmarks.datasets.language_table import MASAKHANER2, XQUAD, XTREME
from spacy_xproj.text.segmentation import NO_SENTENCE_MARKS, UNSPACED
from spacy_xproj.text.tokenizers import blank_vocab


def test_as_many_as_the_benchmarks_have():
    assert (len(MASAKHANER2), len(XTREME), len(XQUAD)) == (20, 39, 12)
    assert len(set(XTREME)) == 39
    assert NO_SENTENCE_MARKS <= UNSPACED


@pytest.mark.parametrize("lang", sorted({*MASAKHANER2.values(), *XTREME, *XQUAD}))
def test_each_language_is_known(lang):
    assert blank_vocab(lang).lang == lang
