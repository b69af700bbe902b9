"""What the output of a run depends on, and how two runs differ."""

from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from spacy.language import Language

from ..about import __version__
from ..components.identity import pipeline_identity
from ..io.hashing import file_hash
from .source import identity

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


def fingerprint(
    nlp: Language,
    source: str | Path,
    *,
    code: str | Path | None,
    limit: int | None,
    shard_size: int,
) -> dict[str, Any]:
    """Plain data that is the same for two runs if and only if they write the same output: what the
    parts of the pipeline say of themselves, the content of the input, options, versions.

    The number of workers and the engine are not in it, as the output does not depend on them; nor
    are devices, batch sizes, threads, and where translations are kept.
    """
    return {
        "config": pipeline_identity(nlp),
        "input": identity(source),
        "options": {
            "code": None if code is None else file_hash(code),
            "limit": limit,
            "shard_size": shard_size,
        },
        "versions": dict(_versions()),
    }


def _versions() -> Iterator[tuple[str, str]]:
    yield "spacy-xproj", __version__
    for package in PACKAGES:
        try:
            yield package, version(package)
        except PackageNotFoundError:
            continue


def differences(old: dict[str, Any], new: dict[str, Any]) -> list[str]:
    """A line for each value that differs: ``name: old value -> new value``."""
    before, now = flatten(old), flatten(new)
    lines = [
        f"  {name}: {_shown(before, name)} -> {_shown(now, name)}"
        for name in sorted({**before, **now})
        if before.get(name, ...) != now.get(name, ...)
    ]
    more = len(lines) - _SHOWN
    return lines if more <= 0 else [*lines[:_SHOWN], f"  and {more} more"]


def _shown(values: dict[str, Any], name: str) -> str:
    if name not in values:
        return "(none)"
    value = values[name]
    is_hash = isinstance(value, str) and len(value) == 64 and set(value) <= set("0123456789abcdef")
    return f"content {value[:12]}..." if is_hash else repr(value)
