"""Which language a code means, and minimal classes for languages that spaCy has none for.

Each class is an entry point in the group ``spacy_languages``, so that ``spacy.blank("sw")`` and
training configs work. They use spaCy's general tokenisation rules, and those of ``punctuation``.
Where the installed spaCy has a class for the code, that one is given instead.
"""

import importlib
import importlib.util
import pkgutil
import re
from pathlib import Path
from typing import Any

import spacy.lang
from spacy import registry
from spacy.language import BaseDefaults, Language
from spacy.util import find_matching_language

from ..errors import Errors, XProjError
from .codes import near_codes, standard_code
from .punctuation import SUFFIXES

# ISO 639-1 where there is one, else ISO 639-3, as spaCy names its languages.
NAMES: dict[str, str] = {
    "ak": "Akan",
    "as": "Assamese",
    "ast": "Asturian",
    "ay": "Aymara",
    "ba": "Bashkir",
    "bbj": "Ghomala",
    "be": "Belarusian",
    "bho": "Bhojpuri",
    "bm": "Bambara",
    "br": "Breton",
    "bs": "Bosnian",
    "ceb": "Cebuano",
    "ckb": "CentralKurdish",
    "cy": "Welsh",
    "ee": "Ewe",
    "eo": "Esperanto",
    "ff": "Fula",
    "fon": "Fon",
    "fy": "WesternFrisian",
    "gl": "Galician",
    "gn": "Guarani",
    "ha": "Hausa",
    "ig": "Igbo",
    "jv": "Javanese",
    "ka": "Georgian",
    "kab": "Kabyle",
    "kbp": "Kabiye",
    "kg": "Kongo",
    "ki": "Kikuyu",
    "kk": "Kazakh",
    "km": "Khmer",
    "lo": "Lao",
    "ln": "Lingala",
    "lua": "LubaKasai",
    "luo": "Luo",
    "mai": "Maithili",
    "mg": "Malagasy",
    "mi": "Maori",
    "mn": "Mongolian",
    "mos": "Mossi",
    "mt": "Maltese",
    "my": "Burmese",
    "nso": "NorthernSotho",
    "ny": "Chichewa",
    "om": "Oromo",
    "or": "Odia",
    "pa": "Punjabi",
    "pcm": "NigerianPidgin",
    "ps": "Pashto",
    "qu": "Quechua",
    "rn": "Rundi",
    "rw": "Kinyarwanda",
    "sd": "Sindhi",
    "sg": "Sango",
    "sn": "Shona",
    "so": "Somali",
    "ss": "Swati",
    "st": "SouthernSotho",
    "su": "Sundanese",
    "sw": "Swahili",
    "tg": "Tajik",
    "tk": "Turkmen",
    "ts": "Tsonga",
    "tw": "Twi",
    "tum": "Tumbuka",
    "ug": "Uyghur",
    "uz": "Uzbek",
    "ve": "Venda",
    "wo": "Wolof",
    "xh": "Xhosa",
    "yi": "Yiddish",
    "zu": "Zulu",
}
RIGHT_TO_LEFT = ("ckb", "ps", "sd", "ug", "yi")
# Only such a code names a module to import; "en.stop_words" would, too.
_CODE = re.compile(r"[a-z]{2,3}")


def language_code(lang: str) -> str:
    """The code by which spaCy knows a language: the same, or that of the same language in ISO 639
    (``tha``: th, ``cmn``: zh), or the name of a class that other code has registered.

    Raises XProjError, with the nearest codes, for any other text.
    """
    if lang in NAMES or lang in registry.languages:
        return lang
    if _CODE.fullmatch(lang):
        for code in (lang, find_matching_language(lang)):
            if code is not None and is_shipped(code):
                return code
        code = standard_code(lang) if len(lang) == 3 else ""
        if code in NAMES or (_CODE.fullmatch(code) and is_shipped(code)):
            return code
    known = sorted({*NAMES, *_shipped()} - {ANY})
    near = ", ".join(map(repr, _named(lang) or near_codes(lang, known))) or "none is near"
    raise XProjError(Errors.XP610.format(lang=lang, near=near))


ANY = "xx"  # spaCy's code for any language, with general rules


def is_shipped(code: str) -> bool:
    """Whether spaCy has a class for a code of two or three letters."""
    return importlib.util.find_spec(f"spacy.lang.{code}") is not None


def _shipped() -> list[str]:
    return [one.name for one in pkgutil.iter_modules(spacy.lang.__path__) if one.ispkg]


class _Defaults(BaseDefaults):
    suffixes = SUFFIXES


def _named(name: str) -> list[str]:
    """The codes of the languages whose class has this name (``swahili``, ``Norwegian``). Those of
    spaCy are looked up in its files, as to import them all takes seconds."""
    sought = "".join(name.split()).casefold()
    found = [code for code, own in NAMES.items() if own.casefold() == sought]
    for folder in map(Path, spacy.lang.__path__):
        for file in sorted(folder.glob("*/__init__.py")):
            classes = re.findall(r"^class (\w+)\(Language\)", file.read_text("utf-8"), re.MULTILINE)
            if sought in map(str.casefold, classes) and file.parent.name not in found:
                found.append(file.parent.name)
    return found


class _RightToLeftDefaults(_Defaults):
    writing_system = {  # noqa: RUF012 - the type of spaCy's own attribute
        "direction": "rtl",
        "has_case": False,
        "has_letters": True,
    }


def _language_class(code: str) -> type[Language]:
    if is_shipped(code):
        module = importlib.import_module(f"spacy.lang.{code}")
        shipped: type[Language] = getattr(module, module.__all__[0])
        return shipped
    defaults = _RightToLeftDefaults if code in RIGHT_TO_LEFT else _Defaults
    # The module is named so that a class, and with it a pipeline, can be pickled.
    body = {"lang": code, "Defaults": defaults, "__module__": __name__}
    return type(NAMES[code], (Language,), body)


def __getattr__(name: str) -> Any:
    """``languages.sw``, which the entry point of "sw" names, and ``languages.Swahili`` alike."""
    code = next((c for c, n in NAMES.items() if name in (c, n)), None)
    if code is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    cls = _language_class(code)
    globals()[code] = globals()[NAMES[code]] = cls
    return cls
