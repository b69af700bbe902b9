"""What is wrong with a config, found before any model is loaded."""

import re
from collections.abc import Collection, Mapping
from typing import Any

import srsly
from confection import Config
from spacy.language import DEFAULT_CONFIG, Language

from ..errors import Errors, XProjError
from ..registry import registry
from ..text.factories import factory_finder
from ..text.tokenizers import BATCH_SIZE
from .config_errors import near, unusable

# What spaCy reads of a config, and keys of [nlp]; "vars" is where weasel's examples keep values.
_SECTIONS = {*DEFAULT_CONFIG, "pretraining", "vars"}
_NLP = {*DEFAULT_CONFIG["nlp"], "vocab"}
_VIEW = "doc._.xproj"


def check_sections(config: Config, *, name: str, also: Collection[str] = ()) -> None:
    """Raise XProjError for a section that nothing reads, a key of ``[nlp]`` that spaCy does not
    know, and a component that is not in the pipeline, where there is one: spaCy would leave them
    without a word. config: not interpolated yet, as what others name may have any name:
    ``${mine.lang}``. name: for errors. also: components that need not be in the pipeline.
    """
    text = config.to_str()
    named = set(re.findall(r"\$\{(\w+)[.:}]", text))
    for section in config:
        if section not in _SECTIONS | named:
            raise _unknown(name, f"the section [{section}]", section, _SECTIONS)
    nlp = config.get("nlp", {})
    for key in nlp:
        if key not in _NLP:
            raise _unknown(name, f"{key!r} in [nlp]", key, _NLP)
    pipeline = config.interpolate().get("nlp", {}).get("pipeline")
    if not isinstance(pipeline, list) or not pipeline:
        return
    used = {str(pipe) for pipe in pipeline}
    used_by_others = set(re.findall(r"\$\{components\.(\w+)[.:}]", text))
    for component in config.get("components", {}):
        if component not in used | used_by_others and component not in also:
            what = f"[components.{component}] beside the components of [nlp] pipeline"
            raise _unknown(name, what, component, used)


def check_values(config: Mapping[str, Any], *, name: str, whole: bool) -> None:
    """Raise XProjError for a batch size that is not at least 1, a pipeline without components,
    which would label nothing, and a component that there is not. config: interpolated. whole: it
    is run as it is, and must have a pipeline; else it may be components alone.
    """
    nlp, components = config.get("nlp", {}), config.get("components", {})
    size = nlp.get("batch_size", BATCH_SIZE)
    if isinstance(size, bool) or not isinstance(size, int) or size < 1:
        raise XProjError(Errors.XP881.format(path=name, value=size, fix=BATCH_SIZE))
    pipeline = nlp.get("pipeline", [] if whole else list(components))
    if not (pipeline and isinstance(pipeline, list)) and ("pipeline" in nlp or whole):
        usual = ["xproj_translate", "xproj_source_ner", "xproj_aligner", "xproj_projector"]
        fix = srsly.json_dumps(list(components) or usual)
        raise XProjError(Errors.XP880.format(path=name, fix=fix))
    chosen = {component: block for component, block in components.items() if component in pipeline}
    _check_factories(chosen, name=name, twice="pipeline" in nlp)


def _check_factories(components: Mapping[str, Any], *, name: str, twice: bool) -> None:
    """twice: whether several components may be of one factory."""
    has_factory = factory_finder()
    seen: dict[str, str] = {}
    for component, block in components.items():
        if not isinstance(block, Mapping) or "source" in block:
            continue
        factory = str(block.get("factory", component))
        if not has_factory(factory):
            known = [one for one in registry.factories.get_all() if one.startswith("xproj_")]
            hint = near(factory, known, "One of your own: give its file with --code.")
            what = f"there is no component {factory!r}. {hint}"
            raise unusable(name, f"[components.{component}] {what}")
        if factory in seen and not twice:
            both = f"[components.{seen[factory]}] and [components.{component}]"
            raise unusable(name, f"{both} are both {factory!r}, and only one can run. Remove one.")
        seen[factory] = component


def _unknown(path: str, what: str, given: str, known: set[str]) -> XProjError:
    hint = near(given, sorted(known), "Remove it.")
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
