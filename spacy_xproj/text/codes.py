"""Language codes: which of those that spaCy or a translation model knows means a language."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from ..errors import Errors, XProjError

# ISO 639-3 languages that count as their macrolanguage, where langcodes keeps them apart ("ns" is
# M2M-100's own code for Northern Sotho, "tw" in langcodes is "ak").
_SAME = {"nb": "no", "quy": "qu", "fuv": "ff", "pbt": "ps", "zlm": "ms", "ns": "nso"}
# Which of several codes for one language is meant where neither the code nor the script decides.
_PREFERRED = {"ak": "twi", "fa": "pes"}
# Languages that spaCy has by another code than the standard one.
_OF_SPACY = {"cmn": "zh", "fil": "tl"}


class _Tag(NamedTuple):
    first: str  # the language as written, e.g. "swh"
    language: str  # the language that it is, e.g. "sw"
    script: str | None
    likely_script: str | None
    territory: str | None


@lru_cache(maxsize=4096)
def _parse(code: str) -> _Tag | None:
    """None where the code is none of ISO 639, BCP 47 or FLORES-200."""
    import langcodes

    try:
        written = langcodes.Language.get(code.replace("_", "-"), normalize=False)
        tag = langcodes.Language.get(langcodes.standardize_tag(written.to_tag(), macro=True))
    except langcodes.LanguageTagError:
        return None
    if not tag.language or not written.language:
        return None
    language = _SAME.get(tag.language, tag.language)
    # "XX" stands for no territory in mBART's codes; langcodes makes "prs" into fa-AF.
    territory = written.territory if written.territory != "XX" else None
    # Standardizing leaves out the usual script ("swh-Latn" becomes "sw").
    script = written.script or tag.script
    return _Tag(written.language, language, script, script or tag.maximize().script, territory)


def standard_code(code: str) -> str:
    """The code of two letters for the language of one of three in ISO 639-2 or -3 (``tha``: th,
    ``bur``: my), zh for Mandarin and tl for Filipino, as spaCy has them; else the code as it is."""
    import langcodes

    if code in _OF_SPACY:
        return _OF_SPACY[code]
    try:
        return str(langcodes.standardize_tag(code))
    except langcodes.LanguageTagError:
        return code


def is_same_language(a: str, b: str) -> bool | None:
    """Whether two codes mean the same language; None where one of them is no language code."""
    first, second = _parse(a), _parse(b)
    return None if first is None or second is None else first.language == second.language


def model_code(lang: str, available: Sequence[str]) -> str:
    """The code among ``available`` for a language given in ISO 639-1 or -3, FLORES-200 or BCP 47.

    An equal code is taken at once. Else those of the same language are compared, where a
    macrolanguage and its main member are the same (sw = swh, ar = arb, but not ary or arz: Moroccan
    and Egyptian Arabic are languages of their own). A code in another script than the one that
    ``lang`` names is left out. Of several, in this order: the same language subtag as written, the
    script that is named or usual there by Unicode's likely subtags (zh: Hans, zh-TW: Hant, ks:
    Arab), the main member (ak: twi, fa: pes), the same territory, no territory, the first.

    Raises XProjError that lists near codes where there is none.
    """
    if lang in available:
        return lang
    wanted = _parse(lang)
    best: tuple[tuple[bool, ...], str] | None = None
    for code in available if wanted else ():
        tag = _parse(code)
        if wanted is None or tag is None or tag.language != wanted.language:
            continue
        if wanted.script and tag.script and wanted.script != tag.script:
            continue
        rank = (
            tag.first != wanted.first,
            tag.likely_script != wanted.likely_script,
            tag.first != _PREFERRED.get(tag.language, tag.first),
            tag.territory != wanted.territory,
            tag.territory is not None,
        )
        if best is None or rank < best[0]:
            best = (rank, code)
    if best is None:
        near = ", ".join(near_codes(lang, available)) or "none is near"
        raise XProjError(Errors.XP205.format(lang=lang, near=near, n=len(available)))
    return best[1]


def near_codes(lang: str, available: Sequence[str], n: int = 6) -> list[str]:
    """Up to ``n`` codes of related languages (CLDR's language matching), then of like spelling."""
    import langcodes

    related = []
    tag = _parse(lang)
    if tag is not None:
        for code in available:
            other = _parse(code)
            if other is not None:
                # Cantonese and Chinese, say, are near only where both are in one script.
                spellings = (other.language, f"{other.language}-{tag.likely_script}")
                distance = min(langcodes.tag_distance(tag.language, s) for s in spellings)
                if distance <= 30:
                    related.append((distance, code))
    # Codes of two or three letters say nothing by being alike.
    alike = difflib.get_close_matches(lang, available, n=n, cutoff=0.6) if len(lang) > 3 else []
    return list(dict.fromkeys([*(code for _, code in sorted(related)), *alike]))[:n]
