"""Which sets of sources are tried."""

from itertools import combinations

import pytest

from benchmarks.study.subsets import choose_subsets

LANGS = ["en", "de", "es", "fr", "ru", "tr", "vi", "zh"]


def test_all_of_them_where_they_are_few():
    sets = choose_subsets(LANGS[:6], cap=63)
    assert sets == [s for k in range(1, 7) for s in combinations(LANGS[:6], k)]


@pytest.mark.parametrize("cap", [40, 60, 100])
def test_else_a_sample_in_which_each_set_has_one_that_is_smaller_by_one(cap):
    sets = choose_subsets(LANGS, cap=cap)
    assert cap - len(LANGS) < len(sets) <= cap
    assert len(sets) == len(set(sets))
    assert {len(s) for s in sets} == set(range(1, 9))
    assert [s for s in sets if len(s) == 1] == [(lang,) for lang in LANGS]
    for one in sets:
        assert list(one) == [lang for lang in LANGS if lang in one]
        if len(one) > 1:
            assert any(tuple(x for x in one if x != lang) in sets for lang in one)


def test_a_seed_gives_the_same_sample():
    assert choose_subsets(LANGS, cap=60) == choose_subsets(LANGS, cap=60)
    assert choose_subsets(LANGS, cap=60) != choose_subsets(LANGS, cap=60, seed=1)
