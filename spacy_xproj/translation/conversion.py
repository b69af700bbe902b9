"""Hugging Face models in the format of CTranslate2: converted once, and kept.

CTranslate2 multiplies weights of 8 bits (-127 to 127) with unsigned inputs (0 to 255). A CPU
without VNNI does so with instructions that add two such products in 16 bits, where they saturate:
what comes out is garbage there, and right elsewhere. Products of weights from -64 to 64 do not:
2 * 64 * 255 < 2 ** 15. So integers are kept with 7 bits, on a machine with VNNI, too: it then
translates as the others do.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np

from ..errors import Errors, XProjError
from ..hf.identity import model_folder, model_version
from ..hf.loading import load_model, load_tokenizer
from ..io.files import make_private, user_cache, write_aside
from ..io.hashing import sha256
from ..io.records import read_json, write_json

# What a conversion must not be shared between: changes of this module, and of the format.
_LAYOUT = "1"
NOTES = "xproj.json"  # in a converted folder: what CTranslate2 does not keep
INTEGERS = "-int8"  # ends the name of a folder of such weights
# Of the model's own generation settings, those that CTranslate2 knows under the same name.
_SETTINGS = ("length_penalty", "no_repeat_ngram_size", "repetition_penalty")


def converted_folder(
    model: str, revision: str | None = None, cache: str | None = None, *, integers: bool = False
) -> Path:
    """The folder of the converted model, which is made where there is none.

    cache: folder to keep converted models in, by default ``ct2`` in ~/.cache/spacy-xproj. integers:
    with weights as integers (see above), for the CPU; else they are kept in the precision of the
    original or better (float32), so that one folder serves every other ``compute_type``. Processes
    that need the same model wait for the one that converts it. Raises ModelNotFoundError where the
    model cannot be had, XProjError where it cannot be converted.
    """
    from filelock import FileLock

    version = model_version(model, revision)
    loaded = None
    if version is None:  # to be fetched first
        loaded = _load(model, revision)
        version = model_version(model, revision)
    root = Path(cache).expanduser() if cache else default_cache()
    short = re.sub(r"[^\w.-]+", "-", Path(model).name)[:60].strip(".-")
    digest = sha256(f"{_LAYOUT} {version}")[:16]
    folder = root / f"{short}-{digest}{INTEGERS if integers else ''}"
    if not folder.is_dir():
        make_private(root)
        with FileLock(root / f"{folder.name}.lock"):
            if not folder.is_dir():
                _convert(model, revision, loaded or _load(model, revision), folder, integers)
    return folder


def default_cache() -> Path:
    return user_cache() / "ct2"


def read_notes(folder: Path) -> dict[str, Any]:
    """``positions``: most tokens that the model takes, or None; ``generation``: its own settings
    of the search."""
    notes: dict[str, Any] = read_json(folder / NOTES)
    return notes


def read_config(folder: Path) -> dict[str, Any]:
    """What CTranslate2 keeps, ``decoder_start_token`` among it."""
    config: dict[str, Any] = read_json(folder / "config.json")
    return config


def _load(model: str, revision: str | None) -> Any:
    return load_model("AutoModelForSeq2SeqLM", model, revision=revision, device="cpu")


def _convert(model: str, revision: str | None, loaded: Any, folder: Path, integers: bool) -> None:
    from ctranslate2.converters import TransformersConverter

    tokenizer = load_tokenizer(model, revision=revision)
    _tell_converter(loaded.config, tokenizer)

    class Converter(TransformersConverter):
        """Takes what this package has loaded and checked, in place of loading it again."""

        def load_model(self, *args: Any, **kwargs: Any) -> Any:
            return loaded

        def load_tokenizer(self, *args: Any, **kwargs: Any) -> Any:
            return tokenizer

        def convert_to_integers(self, folder: Path) -> None:
            """``convert``, and from its 8 bits to 7."""
            spec = self._load()
            spec.validate()
            spec.optimize("int8")
            _narrow(spec)
            folder.mkdir()
            spec.save(str(folder))

    own = loaded.generation_config.to_dict()
    notes = {
        "model": model,
        "positions": getattr(loaded.config, "max_position_embeddings", None),
        "generation": {name: own[name] for name in _SETTINGS if own.get(name) is not None},
    }
    with write_aside(folder) as aside:
        try:
            converter = Converter(str(model_folder(model, revision)))
            if integers:
                converter.convert_to_integers(aside)
            else:
                converter.convert(str(aside))
        except (ValueError, NotImplementedError, KeyError, AttributeError, IndexError) as err:
            reason = str(err).splitlines()[0] if str(err) else type(err).__name__
            raise XProjError(Errors.XP251.format(model=model, reason=reason.rstrip("."))) from err
        write_json(aside / NOTES, notes)


def _narrow(spec: Any) -> None:
    """Halve the 8-bit weights of a specification, and their scales with them."""
    from ctranslate2.specs.model_spec import NumpyVariable, visit_spec

    def halve(layer: Any, path: str, value: Any) -> None:
        name = path.rpartition("/")[2]
        if getattr(value, "dtype", None) == "int8" and hasattr(layer, f"{name}_scale"):
            scale = getattr(layer, f"{name}_scale").numpy() / np.float32(2)
            setattr(layer, name, NumpyVariable(np.rint(value.numpy() / 2).astype(np.int8)))
            setattr(layer, f"{name}_scale", NumpyVariable(scale))

    visit_spec(spec, halve)


def _tell_converter(config: Any, tokenizer: Any) -> None:
    """Say what the converter looks for, and models that were saved anew do not say."""
    # It tells mBART-50 from mBART-25 by this, and takes a model without for the latter.
    config.tokenizer_class = type(tokenizer).__name__.removesuffix("Fast")
    if not hasattr(config, "normalize_before"):  # transformers goes by the kind of model
        config.normalize_before = config.model_type == "mbart"
    if hasattr(tokenizer, "lang_token_to_id"):  # M2M-100's languages are no part of its vocabulary
        tokenizer.additional_special_tokens = list(tokenizer.lang_token_to_id)
    if tokenizer.bos_token is None:  # it must be told one, and never uses it here
        tokenizer.bos_token = tokenizer.eos_token
