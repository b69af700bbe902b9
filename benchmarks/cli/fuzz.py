from pathlib import Path
from typing import Annotated

from typer import Exit, Option

from .app import command


@command
def fuzz_command(
    n: Annotated[int, Option("--n", min=1, help="Damaged files of each format and suffix")] = 2500,
    seed: Annotated[int, Option(help="Number of the first of them")] = 0,
    json: Annotated[Path | None, Option(help="Also write the figures to this file")] = None,
) -> None:
    """Damaged files for every reader: only the project's own errors may come out."""
    from tempfile import TemporaryDirectory

    from spacy_xproj.io.records import write_json
    from spacy_xproj.io.tables import Cell, format_table

    from ..fuzz.readers import fuzz

    with TemporaryDirectory() as folder:
        outcomes = list(fuzz(Path(folder), n=n, seed=seed))
    if json is not None:
        write_json(json, [one._asdict() for one in outcomes])
    rows: list[list[Cell]] = [
        [one.format, one.read, one.refused, sum(one.foreign.values())] for one in outcomes
    ]
    print(format_table(["format", "read", "refused", "other exceptions"], rows))
    for one in outcomes:
        for kind, count in one.foreign.items():
            print(f"{one.format}: {count} times {kind}, first with --seed {one.seeds[kind]} --n 1")
    if any(one.foreign for one in outcomes):
        raise Exit(1)
