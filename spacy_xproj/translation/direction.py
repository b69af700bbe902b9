"""Telling a translation model its languages; each family of models is told in its own way."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, NamedTuple

from ..errors import Errors, XProjError
from ..text.codes import is_same_language, model_code, near_codes

# NLLB's "swh_Latn" and mBART's "sw_KE" among a tokenizer's special tokens.
_LANGUAGE_TOKEN = re.compile(r"[a-z]{2,3}_[A-Za-z]{2,4}")


class Start(NamedTuple):
    """How an output begins: the id that the decoder starts from, where it is not the model's own,
    and the id that must come next, where one must."""

    decoder: int | None = None
    forced: int | None = None


class Direction(NamedTuple):
    """What to put before each text, and how the output begins."""

    prefix: str = ""
    start: Start = Start()


def set_direction(
    tokenizer: Any,
    source_lang: str,
    target_lang: str,
    *,
    model: str,
    source_code: str | None = None,
    target_code: str | None = None,
) -> Direction:
    """Tell the tokenizer the languages, and say what the texts and the output must begin with.

    source_code, target_code: the model's own codes, in place of those that fit the languages.
    Raises XProjError for a language or a code that the model does not have.
    """

    def code(setting: str, lang: str, given: str | None, codes: Sequence[str]) -> str:
        if given is None:
            return model_code(lang, codes)
        if given not in codes:
            near = ", ".join(near_codes(given, codes)) or "none is near"
            raise XProjError(
                Errors.XP206.format(setting=setting, code=given, model=model, near=near)
            )
        return given

    if getattr(tokenizer, "supported_language_codes", None):  # Marian, several targets
        codes = [token[2:-2] for token in tokenizer.supported_language_codes]
        return Direction(f">>{code('target_code', target_lang, target_code, codes)}<< ")
    if not hasattr(tokenizer, "src_lang"):  # one pair of languages
        _check_pair(tokenizer, "source", source_code or source_lang, model)
        _check_pair(tokenizer, "target", target_code or target_lang, model)
        return Direction()
    if hasattr(tokenizer, "get_lang_id"):  # M2M-100: the token of "sw" is "__sw__"
        codes, to_id = list(tokenizer.lang_code_to_token), tokenizer.get_lang_id
    else:  # NLLB, mBART
        special = tokenizer.additional_special_tokens
        codes = [token for token in special if _LANGUAGE_TOKEN.fullmatch(token)]
        to_id = tokenizer.convert_tokens_to_ids
    tokenizer.src_lang = code("source_code", source_lang, source_code, codes)
    tokenizer.tgt_lang = code("target_code", target_lang, target_code, codes)
    first = to_id(tokenizer.tgt_lang)
    # mBART-cc25 starts its output with the language, mBART-50 and the others force it next.
    if type(tokenizer).__name__.startswith("MBartTokenizer"):
        return Direction(start=Start(decoder=first))
    return Direction(start=Start(forced=first))


def _check_pair(tokenizer: Any, side: str, meant: str, model: str) -> None:
    """A model of the other direction gives fluent nonsense, so what Marian's tokenizer says is
    compared; codes of three letters may be those of families ("roa") and are believed."""
    have = getattr(tokenizer, f"{side}_lang", None)
    if have and len(have) == 2 and is_same_language(have, meant) is False:
        what = "from" if side == "source" else "into"
        raise XProjError(
            Errors.XP208.format(
                model=model, what=what, have=have, lang=meant, setting=f"{side}_code"
            )
        )
