"""Hugging Face models in the format of CTranslate2: converted once, and kept."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import Any

import srsly

from ..errors import Errors, XProjError
from ..hf.identity import model_folder, model_version
from ..hf.loading import load_model, load_tokenizer
from ..io.files import user_cache, write_aside

# What a conversion must not be shared between: changes of this module, and of the format.
_LAYOUT = "1"
NOTES = "xproj.json"  # in a converted folder: what CTranslate2 does not keep
# Of the model's own generation settings, those that CTranslate2 knows under the same name.
_SETTINGS = ("length_penalty", "no_repeat_ngram_size", "repetition_penalty")


def converted_folder(model: str, revision: str | None = None, cache: str | None = None) -> Path:
    """The folder of the converted model, which is made where there is none.

    cache: folder to keep converted models in, by default ``ct2`` in ~/.cache/spacy-xproj. The
    weights are kept in the precision of the original or better (float32), so that one folder
    serves every ``compute_type``. Processes that need the same model wait for the one that
    converts it. Raises ModelNotFoundError where the model cannot be had, XProjError where it
    cannot be converted.
    """
    from filelock import FileLock

    version = model_version(model, revision)
    loaded = None
    if version is None:  # to be fetched first
        loaded = _load(model, revision)
        version = model_version(model, revision)
    root = Path(cache).expanduser() if cache else user_cache() / "ct2"
    short = re.sub(r"[^\w.-]+", "-", Path(model).name)[:60].strip(".-")
    digest = hashlib.sha256(f"{_LAYOUT} {version}".encode()).hexdigest()[:16]
    folder = root / f"{short}-{digest}"
    if not folder.is_dir():
        root.mkdir(parents=True, exist_ok=True)
        with FileLock(root / f"{folder.name}.lock"):
            if not folder.is_dir():
                _convert(model, revision, loaded or _load(model, revision), folder)
    return folder


def read_notes(folder: Path) -> dict[str, Any]:
    """``positions``: most tokens that the model takes, or None; ``generation``: its own settings
    of the search."""
    notes: dict[str, Any] = srsly.read_json(folder / NOTES)
    return notes


def _load(model: str, revision: str | None) -> Any:
    return load_model("AutoModelForSeq2SeqLM", model, revision=revision, device="cpu")


def _convert(model: str, revision: str | None, loaded: Any, folder: Path) -> None:
    from ctranslate2.converters import TransformersConverter

    tokenizer = load_tokenizer(model, revision=revision)
    _tell_converter(loaded.config, tokenizer)

    class Converter(TransformersConverter):
        """Takes what this package has loaded and checked, in place of loading it again."""

        def load_model(self, *args: Any, **kwargs: Any) -> Any:
            return loaded

        def load_tokenizer(self, *args: Any, **kwargs: Any) -> Any:
            return tokenizer

    own = loaded.generation_config.to_dict()
    notes = {
        "model": model,
        "positions": getattr(loaded.config, "max_position_embeddings", None),
        "generation": {name: own[name] for name in _SETTINGS if own.get(name) is not None},
    }
    with write_aside(folder) as aside:
        try:
            Converter(str(model_folder(model, revision))).convert(str(aside))
        except (ValueError, NotImplementedError, KeyError, AttributeError, IndexError) as err:
            reason = str(err).splitlines()[0] if str(err) else type(err).__name__
            raise XProjError(Errors.XP251.format(model=model, reason=reason.rstrip("."))) from err
        srsly.write_json(aside / NOTES, notes)


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
