"""Seeded choices that do not depend on the order of documents: splits and samples.

A choice follows from a hash of the seed and the text, not from a random generator that runs along
the corpus: a document keeps its split when others are added, and texts that differ only in case,
digits or whitespace are always in the same one.
"""

import math
from collections.abc import Iterable, Sequence
from hashlib import blake2b
from itertools import accumulate

from spacy.tokens import Doc

from ..errors import Errors, XProjError
from .dedup import text_key

SPLITS = ("train", "dev", "test")


def parse_shares(text: str) -> dict[str, float]:
    """Shares per split from a list such as ``0.8,0.1,0.1`` (train, dev, test) or ``0.9,0.1``.

    A share of 0 leaves its split out. Raises XProjError where they are no numbers from 0 to 1 that
    sum to 1, or the training split gets none.
    """
    try:
        shares = [float(part) for part in text.split(",")]
    except ValueError as error:
        raise XProjError(Errors.XP651.format(shares=text)) from error
    if (
        len(shares) > len(SPLITS)
        or not all(0 <= share <= 1 for share in shares)
        or not math.isclose(sum(shares), 1, abs_tol=1e-6)
        or not shares[0]
    ):
        raise XProjError(Errors.XP651.format(shares=text))
    return {name: share for name, share in zip(SPLITS, shares, strict=False) if share}


def fraction(seed: int, *parts: str) -> float:
    """A number in [0, 1) that follows from the seed and the parts, evenly spread."""
    data = "\0".join([str(seed), *parts]).encode("utf-8", "surrogatepass")
    return int.from_bytes(blake2b(data, digest_size=8).digest()[:6], "big") / 2**48


def split_docs(
    docs: Iterable[Doc], shares: dict[str, float], *, seed: int = 0
) -> dict[str, list[Doc]]:
    """The documents of each split, in order; near duplicates (``text_key``) are never apart.

    Sizes are close to the shares in large corpora only. Raises XProjError where a split gets none.
    """
    names = list(shares)
    limits = list(accumulate(shares.values()))
    result: dict[str, list[Doc]] = {name: [] for name in names}
    for doc in docs:
        at = fraction(seed, text_key(doc.text))
        # The last limit may be 0.9999... by rounding.
        name = next((n for n, limit in zip(names, limits, strict=True) if at < limit), names[-1])
        result[name].append(doc)
    for name, own in result.items():
        if not own:
            total = sum(map(len, result.values()))
            raise XProjError(Errors.XP652.format(split=name, share=shares[name], n=total))
    return result


def too_many(
    flags: Sequence[bool], keys: Sequence[str], max_share: float, *, seed: int
) -> set[int]:
    """The places to leave out so that at most ``max_share`` of the rest is flagged.

    Which flagged places stay follows from the seed and their keys. Raises XProjError for a share
    outside [0, 1].
    """
    check_share("max_empty_share", max_share)
    flagged = [place for place, flag in enumerate(flags) if flag]
    if max_share == 1:
        return set()
    others = len(flags) - len(flagged)
    keep = math.floor(max_share * others / (1 - max_share) + 1e-9)
    flagged.sort(key=lambda place: (fraction(seed, keys[place]), place))
    return set(flagged[keep:])


def check_share(name: str, share: float) -> None:
    """Raise XProjError for a share outside [0, 1]."""
    if not 0 <= share <= 1:
        raise XProjError(Errors.XP152.format(name=name, value=share, fix=0.1))
