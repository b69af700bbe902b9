"""Text sentence by sentence: NLLB leaves out sentences when it is given several at once, and a
program that reads lines takes one a line."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import NamedTuple

from ..data.char_links import CharLinks
from ..data.status import ViewStatus
from ..text.codes import is_same_language
from .base import Translation, blank_translation, is_blank

# spaCy's sentencizer decides token by token and its tokenizer does not cut within "来了。她", so
# only its list of characters is used. These of them are commas.
_COMMAS = "၊꧈᭞"
# These end a sentence only before white space ("3.5", "example.org"); the others anywhere.
_SPACED = ".!?։؟۔‼‽⁇⁈⁉⸮⸼"
_CLOSING = "\"'”’»›)]}）】」』》〉"
_TITLES = "Mr Mrs Ms Dr Prof St Sr Jr Rev Hon Gen Col Capt Sgt Lt Sen Rep Gov Bw Mhe vs etc Nr Inc"
_ABBREVIATION = re.compile(rf"(?:^|[^\w])(?:[^\W\d_]|\d{{1,2}}|{_TITLES.replace(' ', '|')})$")

# Written without spaces between sentences.
_UNSPACED = ("zh", "yue", "ja")


NOTHING = "translated to nothing"


class Rendering(NamedTuple):
    """A sentence's translation, what is missing from it or "", and the links between the characters
    of both, where they are known."""

    text: str
    lack: str = ""
    links: CharLinks | None = None


_NOTHING = Rendering("")


def answered(text: str) -> Rendering:
    """A translation as ``by_sentences`` takes it."""
    return Rendering("", NOTHING) if is_blank(text) else Rendering(text)


def by_sentences(
    texts: Sequence[str],
    run: Callable[[list[str]], Mapping[str, Rendering]],
    *,
    target_lang: str,
    split: bool = True,
) -> list[Translation]:
    """Translate texts sentence by sentence, joined with the white space of the original.

    run: each of some distinct sentences with what became of it.
    split: whether to cut at all. TRUNCATED, with what there is and a reason, where something is
    missing; EMPTY_TRANSLATION where there is nothing.
    """
    cut = split_sentences if split else lambda text: [(text.strip(), "")]
    pieces = [[] if is_blank(text) else cut(text) for text in texts]
    pool = dict.fromkeys(s for row in pieces for s, _ in row if not is_blank(s))
    if not pool:
        return [blank_translation() for _ in texts]
    done = run(list(pool))
    spaced = not any(is_same_language(target_lang, code) for code in _UNSPACED)
    return [
        _join(row, len(text) - len(text.lstrip()), done, spaced) if row else blank_translation()
        for text, row in zip(texts, pieces, strict=True)
    ]


def _join(
    row: Sequence[tuple[str, str]], at: int, done: Mapping[str, Rendering], spaced: bool
) -> Translation:
    """at: where the first sentence begins in its text."""
    parts: list[str] = []
    missing: list[str] = []
    links: list[tuple[int, int, int, int]] | None = None
    gap, length = "", 0
    for sentence, after in row:
        text, lack, own = done.get(sentence, _NOTHING)
        if lack:
            missing.append(lack)
        if text:
            parts += [gap, text] if parts else [text]
            length += len("".join(parts[-2:]))
        if own is not None:
            begin = length - len(text)
            links = links or []
            links += [(a + at, b + at, c + begin, d + begin) for a, b, c, d in own]
        at += len(sentence) + len(after)
        gap = after or (" " if spaced else "")
    text = "".join(parts)
    found = None if links is None else tuple(links)
    if not text:
        return Translation("", ViewStatus.EMPTY_TRANSLATION, "; ".join(dict.fromkeys(missing)))
    if missing:
        what = "; ".join(dict.fromkeys(missing))
        reason = f"{len(missing)} of {len(row)} sentences incomplete: {what}"
        return Translation(text, ViewStatus.TRUNCATED, reason, links=found)
    return Translation(text, ViewStatus.OK, links=found)


def split_sentences(text: str) -> list[tuple[str, str]]:
    """Cut a text into (sentence, white space after it); outer white space is left out.

    A sentence ends at its punctuation (that of many scripts) or at an empty line. It does not end
    before a lower-case letter, nor after an initial, a common title or a number below 100
    ("J. Nyerere", "Dr. Juma", "3. Mai"): too long a sentence does less harm than half of one.
    """
    text = text.strip()
    sentences = []
    start = 0
    for match in _borders().finditer(text):
        group = "gap" if match["mark"] else "space"
        if match.end() < len(text) and _is_end(text, match, match[group]):
            sentences.append((text[start : match.start(group)], match[group]))
            start = match.end()
    if start < len(text):
        sentences.append((text[start:], ""))
    return sentences


def _is_end(text: str, match: re.Match[str], gap: str) -> bool:
    mark, start, after = match["mark"], match.start(), text[match.end()]
    if gap.count("\n") > 1:
        return True
    if not mark or after.islower():
        return False
    if not gap:
        before = text[max(start - 1, 0) : start]
        return mark[-1] not in _SPACED and not (before.isdigit() and after.isdigit())
    return mark != "." or not _ABBREVIATION.search(text[max(start - 12, 0) : start])


@cache
def _borders() -> re.Pattern[str]:
    from spacy.pipeline import Sentencizer

    marks = re.escape("".join(c for c in Sentencizer.default_punct_chars if c not in _COMMAS))
    closing = re.escape(_CLOSING)
    return re.compile(rf"(?P<mark>[{marks}]+)[{closing}]*(?P<gap>\s*)|(?<!\s)(?P<space>\s+)")
