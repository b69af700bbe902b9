"""What the output of a run depends on, and how two runs differ."""

import contextlib
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from spacy.language import Language

from ..about import __version__
from ..components.identity import PipelineIdentity
from ..data.provenance import Provenance
from ..errors import Errors, XProjError
from ..io.hashing import file_hash
from .source import file_state, identity, input_files, name_within

# The packages that decide what is computed.
PACKAGES = ("spacy", "thinc", "transformers", "torch", "ctranslate2", "sil-thot")
_SHOWN = 20


def flatten(value: Any, prefix: str = "") -> dict[str, Any]:
    """Nested dicts as one, by dotted name."""
    if not isinstance(value, dict) or not value:
        return {prefix: value}
    return {
        name: inner
        for key, own in value.items()
        for name, inner in flatten(own, f"{prefix}.{key}" if prefix else str(key)).items()
    }


class Watch:
    """What a run reads: the input, and the models and files that its pipeline names.

    Made before any of them is read, so that what changes afterwards is noticed.
    """

    def __init__(self, nlp: Language, source: str | Path, *, code: str | Path | None) -> None:
        self._source = Path(source)
        self.paths = input_files(source)
        self._states = {path: file_state(path) for path in self.paths}
        self._pipeline = PipelineIdentity(nlp)
        self._code = code
        self.input: dict[str, str] = {}
        self.pipeline: dict[str, Any] = {}

    def read(self) -> None:
        """Read all of it, to know it again."""
        self.input = identity(self._source)
        self.pipeline = self._pipeline.now()

    @property
    def code(self) -> str | None:
        """The content of the file with own code."""
        return None if self._code is None else file_hash(self._code)

    def counted_whole(self) -> list[str]:
        """The dotted names, in the fingerprint, of own parts all of whose settings count."""
        return [f"config.{name}" for name in self._pipeline.counted_whole()]

    def check(self, *, last: bool = False) -> None:
        """Raise XProjError where something is not what it was; ``last`` looks for new files, too.
        A file is read again only where its size or a time of change differs."""
        for path, state in self._states.items():
            now = file_state(path)
            if now != state:
                if now is None or file_hash(path) != self.input[name_within(path, self._source)]:
                    what = "is gone" if now is None else "has changed"
                    raise XProjError(Errors.XP874.format(what=f"  {path} {what}"))
                self._states[path] = now
        if last and input_files(self._source) != self.paths:
            raise XProjError(Errors.XP874.format(what=f"  {self._source} has other files"))
        pipeline = self._pipeline.now()
        if pipeline != self.pipeline:
            lines = "\n".join(differences(self.pipeline, pipeline))
            raise XProjError(Errors.XP874.format(what=lines))


def fingerprint(
    watch: Watch, *, limit: int | None, shard_size: int, consensus: bool
) -> dict[str, Any]:
    """Plain data that is the same for two runs if and only if they write the same output: what the
    parts of the pipeline say of themselves, the content of the input, options, versions.

    The number of workers and the engine are not in it, as the output does not depend on them; nor
    are devices, batch sizes, threads, and where translations are kept.
    """
    return {
        "config": watch.pipeline,
        "input": watch.input,
        "options": {
            "code": watch.code,
            "limit": limit,
            "shard_size": shard_size,
            "consensus": consensus,
        },
        "versions": versions(),
    }


def versions() -> dict[str, str]:
    """The versions of what decides what is computed."""
    found = {"spacy-xproj": __version__}
    for package in PACKAGES:
        with contextlib.suppress(PackageNotFoundError):
            found[package] = version(package)
    return found


def differing(old: dict[str, Any], new: dict[str, Any]) -> list[str]:
    """The dotted names of the values that differ."""
    before, now = flatten(old), flatten(new)
    return [
        name for name in sorted({**before, **now}) if before.get(name, ...) != now.get(name, ...)
    ]


def differences(old: dict[str, Any], new: dict[str, Any]) -> list[str]:
    """A line for each value that differs: ``name: old value -> new value``."""
    before, now = flatten(old), flatten(new)
    lines = [
        f"  {name}: {_shown(before, name)} -> {_shown(now, name)}" for name in differing(old, new)
    ]
    more = len(lines) - _SHOWN
    return lines if more <= 0 else [*lines[:_SHOWN], f"  and {more} more"]


def _shown(values: dict[str, Any], name: str) -> str:
    if name not in values:
        return "(none)"
    value = values[name]
    is_hash = isinstance(value, str) and len(value) == 64 and set(value) <= set("0123456789abcdef")
    return f"content {value[:12]}..." if is_hash else repr(value)


def made_with(provenance: Provenance, now: dict[str, Any]) -> str:
    """The settings of the projector that made a view which are not those of now."""
    if not provenance.known or "projector" not in provenance:
        return "settings that the file does not tell"
    before = {"projector": provenance["projector"]}
    names = differing(before, {"projector": now})
    had, has = flatten(before), flatten({"projector": now})
    changes = [
        f"{name} = {had[name]!r:.60}" if name in had else f"{name} not set (now {has[name]!r:.60})"
        for name in names
    ]
    return ", ".join(changes) or (
        "these settings: its labels were changed afterwards (by --consensus, or by hand)"
    )
