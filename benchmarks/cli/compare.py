from pathlib import Path
from typing import Annotated

from typer import Argument

from .app import command


@command
def compare_command(
    spec: Annotated[Path, Argument(help="YAML file: title, gold, systems, examples")],
    output: Annotated[Path, Argument(help="Output path without suffix: .json and .html are added")],
) -> None:
    """Score several systems against gold: a table here, a JSON file, and an HTML page."""
    from ..pages.compare import compare

    print(compare(spec, output))
    print(f"wrote {output}.json and {output}.html")
