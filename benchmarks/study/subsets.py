"""Which sets of source languages to try."""

import random
from collections.abc import Sequence
from itertools import combinations

Subset = tuple[str, ...]


def choose_subsets(langs: Sequence[str], *, cap: int, seed: int = 0) -> list[Subset]:
    """Sets of source languages, smallest first, each in the order of ``langs``.

    All of them where these are at most ``cap``. Else single languages, all languages together, and
    the steps from one to the other along random orders of the languages, as many as fit: then each
    set but the first has one that lacks just one of its languages, so that what a language adds can
    be told. The same arguments give the same sets.
    """
    if 2 ** len(langs) - 1 <= cap:
        return [s for k in range(1, len(langs) + 1) for s in combinations(langs, k)]
    chosen = {(lang,) for lang in langs} | {tuple(langs)}
    rng = random.Random(seed)
    order = list(langs)
    for _ in range(cap):
        rng.shuffle(order)
        chain = {
            tuple(lang for lang in langs if lang in order[:k]) for k in range(1, len(order) + 1)
        }
        if len(chosen | chain) > cap:
            break
        chosen |= chain
    place = {lang: i for i, lang in enumerate(langs)}
    return sorted(chosen, key=lambda s: (len(s), [place[lang] for lang in s]))
