"""Packages that cut text without blanks into words; all of the extra ``[segment]``."""

from collections.abc import Callable, Iterable
from functools import lru_cache
from itertools import accumulate

from ..errors import Errors, XProjError

Segment = Callable[[str], Iterable[str]]


def _thai() -> Segment:
    from pythainlp.tokenize import word_tokenize

    return lambda text: word_tokenize(text, engine="newmm")


def _chinese() -> Segment:
    import logging

    import jieba

    jieba.setLogLevel(logging.WARNING)
    return jieba.cut


def _japanese() -> Segment:
    from sudachipy import Dictionary, SplitMode

    tokenizer = Dictionary().create(mode=SplitMode.A)
    return lambda text: [word.surface() for word in tokenizer.tokenize(text)]


def _lao() -> Segment:
    from laonlp.tokenize import word_tokenize

    return word_tokenize


# By script, in the order that is looked for: Japanese is written in Chinese characters, too.
_SCRIPTS: dict[str, tuple[tuple[tuple[str, str], ...], Callable[[], Segment], str]] = {
    "th": ((("\u0e00", "\u0e7f"),), _thai, "pythainlp"),
    "lo": ((("\u0e80", "\u0eff"),), _lao, "laonlp"),
    "ja": ((("\u3041", "\u30ff"),), _japanese, "sudachipy sudachidict-core"),
    "zh": ((("\u3400", "\u9fff"), ("\U00020000", "\U0003ffff")), _chinese, "jieba"),
}


def word_borders(text: str) -> set[int] | None:
    """The characters after which a word ends; None where the text has no letters of a script for
    which there is a segmenter (Thai, Lao, Japanese, Chinese).

    Raises XProjError where its package is not installed.
    """
    for lang, (ranges, _, _) in _SCRIPTS.items():
        if any(a <= char <= b for char in text for a, b in ranges):
            words = list(_segmenter(lang)(text))
            # One that loses or changes text says nothing about where words end.
            return set(accumulate(map(len, words))) if "".join(words) == text else None
    return None


@lru_cache(maxsize=8)
def _segmenter(lang: str) -> Segment:
    _, load, packages = _SCRIPTS[lang]
    try:
        return load()
    except ImportError as error:
        raise XProjError(Errors.XP630.format(lang=lang, packages=packages)) from error
