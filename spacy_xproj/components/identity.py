"""What the output of a pipeline depends on, as each of its parts says it.

A part may have ``identity()``: plain data that is equal for two of them only where their results
are, beside those of the parts they are made of, which are asked themselves. A device, a batch size,
a number of threads, where answers are kept do not count; a model counts by what its files hold. It
may raise ModelNotFoundError, and gives None as long as it cannot know. A part that has none counts
by all settings of its block in the config, and the content of the files and folders these name.
"""

from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from spacy.language import Language

from ..abilities import StandIn
from ..hf.identity import file_digest, folder_digest, settled_version
from .base import XProjPipe

# Settings that may name a file or folder on this machine, whose content then counts.
PATH_KEYS = ("path", "model", "name")
# Of [nlp]: how many documents go through together.
_NOT_OUTPUT = ("batch_size",)


class PipelineIdentity:
    """What a pipeline is, asked as often as one likes."""

    def __init__(self, nlp: Language) -> None:
        config = nlp.config.interpolate()
        self._nlp = {key: value for key, value in config["nlp"].items() if key not in _NOT_OUTPUT}
        self._components = [
            (name, config["components"].get(name, {}), component)
            for name, component in nlp.components
        ]

    def now(self) -> dict[str, Any]:
        """Plain data that is the same for two pipelines only where they label alike: the settings
        of ``[nlp]`` and, by name, what each component is. Loads no model. Raises ModelNotFoundError
        for one that is not on this machine and not to be had, as far as that is known without
        loading it."""
        components = {name: _component(block, part) for name, block, part in self._components}
        return {"nlp": self._nlp, "components": components}

    def counted_whole(self) -> list[str]:
        """The dotted names, in what ``now`` gives, of the user's own parts without ``identity()``:
        all their settings count."""
        return [
            f"components.{name}{path}"
            for name, block, pipe in self._components
            if isinstance(pipe, XProjPipe)
            for path in _counted_whole(pipe.parts(), block)
        ]


def pipeline_identity(nlp: Language) -> dict[str, Any]:
    """What a pipeline is now."""
    return PipelineIdentity(nlp).now()


def part_identity(part: Any, settings: Mapping[str, Any] | None = None) -> Any:
    """What the results of a part depend on. settings: its block in the config, where it has one."""
    settings = settings or {}
    if isinstance(part, StandIn):
        return part_identity(_child(part, part.stands_for), settings.get(part.stands_for))
    own = {key: value for key, value in settings.items() if not isinstance(value, dict)}
    if hasattr(part, "identity"):
        said = part.identity()
        if said is None:  # a model that is still on the hub
            settled_version(*_model(part))
            said = part.identity()
        known = {
            **{key: own[key] for key in own if key.startswith("@")},
            **(own if said is None else said),
        }
    else:
        known = {key: _content(key, value) for key, value in own.items()}
        if not settings and hasattr(part, "describe"):
            known = part.describe()
    inner = {
        key: part_identity(_child(part, key), value)
        for key, value in settings.items()
        if isinstance(value, dict)
    }
    return {**known, **inner}


def _counted_whole(part: Any, settings: Mapping[str, Any]) -> Iterator[str]:
    if isinstance(part, StandIn):
        inner = settings.get(part.stands_for) or {}
        yield from _counted_whole(_child(part, part.stands_for), inner)
        return
    registered = next((value for key, value in settings.items() if key.startswith("@")), "")
    if registered and not registered.startswith("spacy") and not hasattr(part, "identity"):
        yield ""
    for key, value in settings.items():
        if isinstance(value, dict):
            for path in _counted_whole(_child(part, key), value):
                yield f".{key}{path}"


def _component(settings: Mapping[str, Any], component: Any) -> Any:
    if not isinstance(component, XProjPipe):
        return part_identity(None, settings)
    return part_identity(component.parts(), settings)


def _model(part: Any) -> tuple[str, str | None]:
    """Name and revision of the model of a translator."""
    owner = getattr(part, "generator", part)
    return owner.model, owner.revision


def _child(part: Any, key: str) -> Any:
    """The part that a block within a part's block became; None where that cannot be told."""
    if isinstance(part, Mapping):
        return part.get(key)
    if isinstance(part, partial):
        return part.keywords.get(key)
    return getattr(part, key, None)


def _content(key: str, value: Any) -> Any:
    """A setting; of one that names a file or folder, also what is in that."""
    if key not in PATH_KEYS or not isinstance(value, str):
        return value
    path = Path(value)
    if path.is_file():
        return {"named": value, "content": file_digest(path)}
    if path.is_dir():
        return {"named": value, "content": folder_digest(path)}
    return value
