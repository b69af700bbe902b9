"""Options that several commands have, and reading the values of options."""

from pathlib import Path
from typing import Annotated

from typer import Option

SkipBad = Annotated[
    bool,
    Option("--skip-bad", help="Leave out, count and list sentences that cannot be read"),
]
Layer = Annotated[
    str | None,
    Option(help="Of a file with several layers of labels (WebAnno) the one to read: LAYER.FEATURE"),
]


def names(text: str) -> list[str]:
    """Names with commas between, each once, in order."""
    return list(dict.fromkeys(name.strip() for name in text.split(",") if name.strip()))


def config_file(path: Path | None) -> Path | None:
    """The callback of each ``--config``: a file, or the name of a config of the package."""
    from ..jobs.shipped import find_config

    return None if path is None else find_config(path)
