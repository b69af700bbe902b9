"""Pipelines from config files and command-line settings."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

import spacy
from confection import Config
from spacy.language import Language

from ..components.aligner import usual_aligner
from ..errors import Errors, XProjError
from ..registry import registry
from ..text.factories import factories_for
from ..text.languages import language_code
from ..text.tokenizers import BATCH_SIZE, blank_language, default_tokenizer
from .checking import check_sections, check_values
from .config_errors import CONFIG_ERRORS, making, unusable

SIDES = ("xproj_aligner", "xproj_projector")
# The aligners that take an encoder, and how many layers each uses by default.
ENCODER_LAYERS = {
    "spacy-xproj.HeadAlign": 3,
    "spacy-xproj.SoftAlign": 3,
    "spacy-xproj.SimAlign": 1,
    "spacy-xproj.Awesome": 1,
}
DEFAULT_ENCODER_BLOCK = "spacy-xproj.HFEncoder.v1"

# Values of a config by dotted name, in place of those that it has.
Overrides: TypeAlias = Mapping[str, Any] | None


def load_pipeline(config_path: str | Path, overrides: Overrides = None) -> Language:
    """The pipeline that a spaCy config file describes, e.g. ``configs/translate_test.cfg``.

    overrides: values by dotted name. Raises XProjError where the config does not hold.
    """
    return build_pipeline(read_config(config_path, overrides), name=str(config_path))


def read_config(
    config_path: str | Path, overrides: Overrides = None, *, lang: str | None = None
) -> Config:
    """The content of a config file, with no variables left in it. Raises XProjError where it does
    not hold, as far as that is known before anything is made of it.

    lang: the target language, which ``${nlp.lang}`` is then; such a config may have components
    alone, without a pipeline.
    """
    name = str(config_path)
    try:
        config = spacy.util.load_config(config_path, overrides=dict(overrides or {}))
        if lang is not None:
            config["nlp"] = {**config.get("nlp", {}), "lang": lang}
        # Values that choose from the pipeline of the file leave some of its components out.
        chosen = "nlp.pipeline" in (overrides or {})
        own = spacy.util.load_config(config_path).get("nlp", {}).get("pipeline") if chosen else []
        check_sections(config, name=name, also=own if isinstance(own, list) else ())
        config = config.interpolate()
    except XProjError:
        raise
    except CONFIG_ERRORS as err:
        raise unusable(name, err) from err
    check_values(config, name=name, whole=lang is None)
    return config


def build_pipeline(config: Config, *, name: str) -> Language:
    """The pipeline of a config that is read; ``name`` is for errors, which are XProjErrors."""
    with making(name, config), factories_for(config):
        return spacy.util.load_model_from_config(_with_defaults(config, name), auto_fill=True)


def _with_defaults(config: Config, name: str) -> Config:
    """The config with this package's code, tokenizer and batch size where it does not name others.

    Raises XProjError for an unknown language.
    """
    given = config.get("nlp", {})
    lang = given.get("lang")
    if not isinstance(lang, str):
        return config  # spaCy says what is wrong
    try:
        block = default_tokenizer(lang)
    except XProjError as err:
        raise unusable(name, str(err)) from err
    defaults = {"batch_size": BATCH_SIZE, **({} if block is None else {"tokenizer": block})}
    filled = config.copy()
    filled["nlp"] = {**defaults, **given, "lang": language_code(lang)}
    return filled


class _Blocks(NamedTuple):
    """The settings of the components of a config, by factory, each with its name."""

    path: str | Path
    by_factory: dict[str, list[tuple[str, dict[str, Any]]]]

    def only(self, factory: str) -> dict[str, Any]:
        """Of the component of a factory; none where there is none. Raises XProjError where there
        are several, as of which one would have to be guessed."""
        named = self.by_factory.get(factory, [])
        if len(named) > 1:
            names = [f"[components.{name}]" for name, _ in named]
            all_names = f"{', '.join(names[:-1])} and {names[-1]}"
            what = f"{all_names} are all {factory!r}, and only one can run here. Remove the others."
            raise unusable(self.path, what)
        return {k: v for k, v in named[0][1].items() if k != "factory"} if named else {}

    def has(self, *factories: str) -> bool:
        """Whether there is a component of one of them."""
        return any(factory in self.by_factory for factory in factories)

    @property
    def have(self) -> str:
        return ", ".join(sorted(self.by_factory)) or "none"


def _blocks(config_path: str | Path, lang: str, overrides: Overrides = None) -> _Blocks:
    """All components; those of the pipeline, where the config has one."""
    config = read_config(config_path, overrides, lang=lang)
    chosen = config["nlp"].get("pipeline")
    found: dict[str, list[tuple[str, dict[str, Any]]]] = {}
    for name, block in config.get("components", {}).items():
        if isinstance(block, dict) and (chosen is None or name in chosen):
            found.setdefault(block.get("factory", name), []).append((name, block))
    return _Blocks(config_path, found)


def _blank(lang: str, config_path: str | Path | None, overrides: Overrides = None) -> Language:
    """A pipeline without components, with the tokenizer of a config that names one."""
    if config_path is None:
        return blank_language(lang)
    config = read_config(config_path, overrides, lang=lang)
    with making(config_path, config):
        return blank_language(lang, tokenizer=config["nlp"].get("tokenizer"))


def _add(
    nlp: Language, components: Mapping[str, dict[str, Any]], config_path: str | Path | None
) -> Language:
    """The pipeline with components by factory, of a config or of none."""
    with making(config_path or "of the defaults", {"components": components}):
        for factory, settings in components.items():
            nlp.add_pipe(factory, config=settings)
    return nlp


def _components(
    config_path: str | Path | None, lang: str, overrides: Overrides = None
) -> dict[str, dict[str, Any]]:
    """The settings of aligner and projector."""
    if config_path is None:
        return {}
    blocks = _blocks(config_path, lang, overrides)
    if not blocks.has(*SIDES):
        raise XProjError(Errors.XP911.format(path=config_path, have=blocks.have))
    return {side: blocks.only(side) for side in SIDES}


def ensemble_pipeline(
    target_lang: str, *, config_path: str | Path | None = None, overrides: Overrides = None
) -> Language:
    """The ensemble over documents whose views are projected.

    config_path: a config whose block ``[components.xproj_ensemble]`` is used. overrides: of its
    values, by dotted name. Raises XProjError
    where it has none, or where it does not hold.
    """
    settings: dict[str, Any] = {}
    if config_path is not None:
        blocks = _blocks(config_path, target_lang, overrides)
        if not blocks.has("xproj_ensemble"):
            raise XProjError(Errors.XP581.format(path=config_path, have=blocks.have))
        settings = blocks.only("xproj_ensemble")
    nlp = _blank(target_lang, config_path, overrides)
    return _add(nlp, {"xproj_ensemble": settings}, config_path)


def load_translator(config_path: str | Path, target_lang: str, overrides: Overrides = None) -> Any:
    """The translator of the block ``[components.xproj_translate.translator]`` of a config.

    Raises XProjError where there is none or it does not hold.
    """
    blocks = _blocks(config_path, target_lang, overrides)
    block = blocks.only("xproj_translate").get("translator")
    if not block:
        raise XProjError(Errors.XP841.format(path=config_path, have=blocks.have))
    within = "components.xproj_translate"
    with making(config_path, {within: {"translator": block}}, within=within):
        return registry.resolve({"translator": block})["translator"]


def has_projection(config_path: str | Path, target_lang: str) -> bool:
    """Whether a config says how to align or project."""
    return _blocks(config_path, target_lang).has(*SIDES)


def _with_encoder(block: dict[str, Any]) -> list[dict[str, Any]]:
    """The blocks of aligners that take an encoder: this one, or those that it combines."""
    if block.get("@xproj_aligners", "").rpartition(".")[0] in ENCODER_LAYERS:
        return [block]
    parts = [part for part in block.get("aligners", {}).values() if isinstance(part, dict)]
    return [taker for part in parts for taker in _with_encoder(part)]


def _set_encoder(block: dict[str, Any], name: str) -> None:
    """Name the encoder of an aligner block, or of those that a combined one is made of."""
    takers = _with_encoder(block)
    if not takers:
        raise XProjError(Errors.XP912.format(aligner=block.get("@xproj_aligners", "of the config")))
    for taker in takers:
        n_layers = ENCODER_LAYERS[taker["@xproj_aligners"].rpartition(".")[0]]
        settings = {"@xproj_encoders": DEFAULT_ENCODER_BLOCK, "n_layers": n_layers}
        taker["encoder"] = {**settings, **(taker.get("encoder") or {}), "name": name}


def projection_pipeline(
    target_lang: str,
    *,
    config_path: str | Path | None = None,
    encoder: str | None = None,
    alignments: str | Path | None = None,
    spans_key: str | None = None,
    overrides: Overrides = None,
) -> Language:
    """Aligner and projector over documents that already have their view.

    config_path: a config whose blocks ``[components.xproj_aligner]`` and
    ``[components.xproj_projector]`` are used. encoder: a model by path or name in place of the
    aligner's; without a config another than the default one is used without a head. alignments: a
    Pharaoh file in place of the aligner. spans_key: project into this group of ``doc.spans``; where
    the config does not say otherwise, spans of different labels may overlap. overrides: of the
    config's values, by dotted name.
    """
    components = _components(config_path, target_lang, overrides)
    aligner = dict(components.get("xproj_aligner", {}))
    if alignments is not None:
        if encoder is not None:
            raise XProjError(Errors.XP912.format(aligner="--alignments"))
        if not Path(alignments).is_file():
            raise XProjError(Errors.XP405.format(path=alignments, reason="there is no such file"))
        aligner["aligner"] = {"@xproj_aligners": "spacy-xproj.Pharaoh.v1", "path": str(alignments)}
    if encoder is not None:
        block = dict(aligner.get("aligner") or {"@xproj_aligners": usual_aligner(encoder)})
        _set_encoder(block, encoder)
        aligner["aligner"] = block
    projector = components.get("xproj_projector", {})
    if spans_key is not None:
        projector = {"exclusive": "label", **projector, "group": spans_key}
    nlp = _blank(target_lang, config_path, overrides)
    return _add(nlp, {"xproj_aligner": aligner, "xproj_projector": projector}, config_path)
