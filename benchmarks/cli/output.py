"""What commands print about a result."""

from pathlib import Path
from typing import Any, Protocol


class Result(Protocol):
    def to_json(self) -> dict[str, Any]: ...

    def summary(self) -> str: ...

    def table(self) -> str: ...


def write_result(result: Result, json: Path | None) -> None:
    """Print what was run and its table; with ``json``, write everything to that file before."""
    from spacy_xproj.io.records import write_json

    if json is not None:
        write_json(json, result.to_json())
    print(result.summary())
    print(result.table())
