"""What is wrong with a config, found before any model is loaded."""

import difflib
import re
from pathlib import Path
from typing import Any

import spacy
from spacy.language import DEFAULT_CONFIG, Language

from ..errors import Errors, XProjError
from .pipelines import CONFIG_ERRORS

# What spaCy reads of a config, and keys of [nlp]; "vars" is where weasel's examples keep values.
_SECTIONS = {*DEFAULT_CONFIG, "pretraining", "vars"}
_NLP = {*DEFAULT_CONFIG["nlp"], "vocab"}
_VIEW = "doc._.xproj"


def check_config(path: str | Path) -> None:
    """Raise XProjError for a section that nothing reads, and for a key of ``[nlp]`` that spaCy does
    not know, which it would leave without a word.

    A section of any name may hold values that others name: ``${mine.lang}``.
    """
    try:
        config = spacy.util.load_config(path, interpolate=False)
        text = Path(path).read_text(encoding="utf-8")
    except CONFIG_ERRORS as err:
        raise XProjError(Errors.XP910.format(path=path, error=err)) from err
    named = set(re.findall(r"\$\{(\w+)[.:}]", text))
    for section in config:
        if section not in _SECTIONS | named:
            raise _unknown(path, f"the section [{section}]", section, _SECTIONS)
    check_nlp(config.get("nlp", {}), name=str(path))


def check_nlp(section: dict[str, Any], *, name: str) -> None:
    """Raise XProjError for a key of ``[nlp]`` that spaCy does not know."""
    for key in section:
        if key not in _NLP:
            raise _unknown(name, f"{key!r} in [nlp]", key, _NLP)


def _unknown(path: str | Path, what: str, given: str, known: set[str]) -> XProjError:
    near = difflib.get_close_matches(given, known, n=1)
    hint = f"Did you mean {near[0]!r}?" if near else "Remove it."
    listed = ", ".join(sorted(known))
    return XProjError(Errors.XP876.format(path=path, what=what, hint=hint, known=listed))


def check_order(nlp: Language, *, name: str) -> None:
    """Raise XProjError where a component stands before the one whose work it needs, or where that
    is not in the pipeline. What no component gives may come with the input: views do."""
    problems = (nlp.analyze_pipes() or {})["problems"]
    metas = {pipe: nlp.get_pipe_meta(pipe) for pipe in nlp.pipe_names}
    makes_views = any(_VIEW in meta.assigns for meta in metas.values())
    for place, pipe in enumerate(nlp.pipe_names):
        for needed in problems.get(pipe, ()):
            later = [p for p in nlp.pipe_names[place + 1 :] if needed in metas[p].assigns]
            of_a_view = needed.startswith(f"{_VIEW}_") and makes_views
            if later or of_a_view:
                giver = repr(later[0]) if later else "no component"
                where = f", which stands after {pipe!r}" if later else ""
                raise XProjError(
                    Errors.XP877.format(
                        path=name, pipe=pipe, needed=needed, giver=giver, where=where
                    )
                )
