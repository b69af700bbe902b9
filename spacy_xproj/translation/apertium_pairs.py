"""The pairs of Apertium: what its modes are called, and the Debian package that brings each."""

from __future__ import annotations

from ..text.codes import is_same_language

# Of Debian 12, without those that only point to another; each translates in one direction or both.
PACKAGES = (
    *("afr-nld", "arg-cat", "bel-rus", "br-fr", "cat-ita", "cat-srd", "dan-nor"),
    *("en-gl", "eng-cat", "eng-spa", "eo-ca", "eo-en", "eo-es", "eo-fr"),
    *("es-gl", "es-pt", "es-ro", "eu-en", "eu-es", "fr-es", "fra-cat"),
    *("fra-frp", "hbs-eng", "hbs-mkd", "hbs-slv", "ind-zlm", "isl-eng", "isl-swe"),
    *("mkd-bul", "mkd-eng", "nno-nob", "oc-ca", "oc-es", "oci-fra", "pol-szl"),
    *("por-cat", "pt-gl", "rus-ukr", "spa-arg", "spa-ast", "spa-cat", "spa-ita"),
    *("srd-ita", "swe-dan", "swe-nor", "urd-hin"),
)
# One code for several languages.
_SHARED = {"hbs": ("hr", "bs", "sr", "sh", "cnr", "hrv", "bos", "srp")}


def is_meant(code: str, lang: str) -> bool:
    """Whether a code of Apertium's ("hbs", "eng") stands for a language ("hr", "en")."""
    return lang in _SHARED.get(code, ()) or bool(is_same_language(code, lang))


def mode_languages(mode: str) -> tuple[str, str] | None:
    """The codes of both languages of a mode, "eng-hbs_HR" being eng and hbs; None for what does not
    translate ("Cyrl-Latn") or is a variant with a name of its own ("gl-pt-latin1")."""
    sides = mode.split("-")
    if len(sides) != 2 or not all(side.split("_")[0].islower() for side in sides):
        return None
    return sides[0].split("_")[0], sides[1].split("_")[0]


def package_of(lang: str, other: str) -> str | None:
    """The Debian package for a pair of languages in either direction; None where there is none."""
    for pair in PACKAGES:
        first, second = pair.split("-")
        for a, b in ((lang, other), (other, lang)):
            if is_meant(first, a) and is_meant(second, b):
                return f"apertium-{pair}"
    return None
